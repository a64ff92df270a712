//! What a document is that is no manifest: a template, the output of kubectl, a body that lost its line ends.

use super::{Map, What};

/// What a text looks like that is not YAML, or is a mere scalar, and the bytes that show it.
///
/// `fault` is where reading failed, if it did.
pub(super) fn recognize(text: &str, fault: Option<usize>) -> Option<(What, usize, usize)> {
    lost_line_ends(text)
        .map(|(start, end)| (What::LostLineEnds, start, end))
        .or_else(|| kubectl_output(text).map(|(start, end)| (What::KubectlOutput, start, end)))
        .or_else(|| template(text, fault).map(|(start, end)| (What::Template, start, end)))
}

/// Whether a map is what `kubectl describe` prints, which happens to be YAML.
pub(super) fn is_description(map: &Map<'_>) -> bool {
    let has = |key: &str| map.entry(key).is_some();
    has("Name")
        && (has("Namespace") || has("Labels") || has("Annotations"))
        && !has("kind")
        && !has("apiVersion")
}

/// One line with all that a manifest has; `curl -d @file` joins lines without a blank.
pub(super) fn lost_line_ends(text: &str) -> Option<(usize, usize)> {
    let is_joined = |line: &str| {
        let unquoted = !line.trim_start().starts_with(['{', '[', '"', '\'']) && !line.contains("\"kind\"");
        unquoted
            && line.contains("apiVersion:")
            && line.contains("kind:")
            && ["metadata:", "spec:"].iter().any(|key| line.contains(key))
    };
    let mut content = lines(text).filter(|(_, line)| !line.trim().is_empty());
    let (start, line) = content.next()?;
    (content.next().is_none() && is_joined(line) || !line.trim_start().starts_with('#') && is_joined(line))
        .then(|| (start, start + line.len()))
}

/// The heading of a table as `kubectl get` prints it, or the first line of what `kubectl describe` does.
fn kubectl_output(text: &str) -> Option<(usize, usize)> {
    lines(text).filter(|(_, line)| !line.trim().is_empty()).take(5).find_map(|(start, line)| {
        let is_output =
            is_heading(line) || is_described_name(line, text) || line.starts_with("No resources found");
        is_output.then(|| (start, start + line.trim_end().len()))
    })
}

fn is_heading(line: &str) -> bool {
    let mut columns = line.split("  ").map(str::trim).filter(|column| !column.is_empty());
    let first = columns.next().unwrap_or_default();
    let is_title = |column: &str| {
        let in_title = |letter: char| {
            letter.is_ascii_uppercase() || letter.is_ascii_digit() || " -_()/".contains(letter)
        };
        column.starts_with(|letter: char| letter.is_ascii_uppercase()) && column.chars().all(in_title)
    };
    let mut others = 0;
    matches!(first, "NAME" | "NAMESPACE" | "LAST SEEN")
        && columns.all(|column| {
            others += 1;
            is_title(column)
        })
        && others > 0
}

fn is_described_name(line: &str, text: &str) -> bool {
    let value = line.strip_prefix("Name:").map(str::trim);
    value.is_some_and(|name| !name.is_empty()) && text.contains("\nNamespace:") && !text.contains("\nkind:")
}

/// The first `{{ … }}` outside of quotes, comments and block text; inside quotes where they are what broke.
fn template(text: &str, fault: Option<usize>) -> Option<(usize, usize)> {
    let mut block: Option<usize> = None;
    for (start, line) in lines(text) {
        let content = line.trim_start();
        let indentation = line.len() - content.len();
        if content.is_empty() {
            continue;
        }
        if block.is_some_and(|outer| indentation > outer) {
            continue;
        }
        block = begins_block_text(content).then_some(indentation);
        let holds_fault = fault.is_some_and(|at| (start..=start + line.len()).contains(&at));
        if let Some(at) = unquoted_braces(line, holds_fault) {
            let end = line[at..].find("}}").map_or(line.trim_end().len(), |end| at + end + 2);
            return Some((start + at, start + end));
        }
    }
    None
}

fn begins_block_text(line: &str) -> bool {
    let last = line.split_whitespace().next_back().unwrap_or_default();
    let mut characters = last.chars();
    matches!(characters.next(), Some('|' | '>'))
        && characters.all(|character| "+-123456789".contains(character))
}

fn unquoted_braces(line: &str, quoted_too: bool) -> Option<usize> {
    if !line.contains("{{") {
        return None;
    }
    let mut quote = None;
    let mut before = ' ';
    for (at, character) in line.char_indices() {
        match character {
            '#' if quote.is_none() && before.is_whitespace() => return None,
            '"' | '\'' if quote == Some(character) => quote = None,
            '"' | '\'' if quote.is_none() && !before.is_alphanumeric() => quote = Some(character),
            '{' if line[at..].starts_with("{{") && (quote.is_none() || quoted_too) => return Some(at),
            _ => {}
        }
        before = character;
    }
    None
}

/// Every line without its end, and where it begins.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive(['\n', '\r']).map(move |line| {
        let at = start;
        start += line.len();
        (at, line.trim_end_matches(['\n', '\r']))
    })
}
