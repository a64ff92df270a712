//! A value of another type than Kubernetes wants: a label that reads as a number, a port in quotes.

use crate::finding::{Edit, Finding, Fix, Severity, Stage};
use crate::kinds::ObjectProblem;
use crate::names::is_port_name;
use crate::source::{Expected, Found, Span, What};

use super::words::{self, quoted};
use super::{Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "wrong-type",
    stage: Stage::Read,
    severity: Severity::Error,
    what: "A value has another type than the field wants.",
    why: "YAML reads 1.0 as a number and yes as a boolean, where a label has to be text, and \"80\" as text, where a port \
          has to be a number. Kubernetes cannot decode the object, and refuses it.",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set",
    check,
    fires: fixture!("wrong-type", "fires"),
    silent: fixture!("wrong-type", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for problem in context.problems {
        if let What::WrongType { field, expected, found } = &problem.problem.what {
            findings.push(finding(context, problem, field, *expected, found));
        }
    }
}

fn finding(
    context: Context<'_>,
    problem: &ObjectProblem,
    field: &str,
    expected: Expected,
    found: &Found,
) -> Finding {
    let span = problem.problem.span;
    let subject = subject(field);
    let secret = is_secret(field);
    let written = context.written(span);
    let elsewhere = written.starts_with('*');
    let text = match found {
        Found::Bool(text) | Found::Number(text) => {
            if elsewhere || written.is_empty() {
                text.as_str()
            } else {
                written
            }
        }
        Found::String(text) => text.as_str(),
        Found::List | Found::Map | Found::Null => "",
    };
    let is = match found {
        _ if secret => a(found).to_owned(),
        Found::Bool(value) if text == value => format!("the boolean {value}"),
        Found::Bool(value) => format!("{text}, which YAML reads as the boolean {value}"),
        Found::Number(_) => format!("the number {text}"),
        Found::String(_) => format!("the text {}", quoted(text)),
        Found::List | Found::Map | Found::Null => a(found).to_owned(),
    };
    let meant = meant(expected, found, text);
    let help = match (&meant, expected) {
        (_, Expected::String) if secret => "put the value in quotes".to_owned(),
        (_, Expected::Bytes) => "write the bytes in base64, or the text itself under stringData".to_owned(),
        (Some(meant), Expected::String) => format!("write {meant}"),
        (Some(meant), _) => format!("write {meant} without quotes"),
        (None, _) if is_lifted(field) => {
            "write the labels themselves under selector: matchLabels is how workloads select".to_owned()
        }
        (None, _) if field == "spec.selector[matchExpressions]" => {
            "write labels under selector, each with one value: only workloads select by expressions".to_owned()
        }
        (None, _) if is_name_of_port(field, found) => {
            format!("write name: {} in place of number", super::words::scalar(text))
        }
        (None, expected) => format!("write {} here", wants(expected)),
    };
    let fix = lifted(context, problem, field).or_else(|| named(context, field, span, found));
    let quotes = meant.filter(|_| stands_there(context, span, found)).map(|text| {
        if expected != Expected::String {
            return Fix { title: "take the quotes off".to_owned(), edits: vec![Edit { span, text }] };
        }
        // Around the value, so that the edit does not repeat what may be a secret.
        let quote = |at: u32| Edit { span: Span { start: at, end: at, ..span }, text: "\"".to_owned() };
        Fix { title: "put it in quotes".to_owned(), edits: vec![quote(span.start), quote(span.end)] }
    });
    Finding {
        short: format!("{} is {}", subject.name(), a(found)),
        help,
        field: Some(field.to_owned()),
        fix: fix.or(quotes),
        ..words::about(
            &RULE,
            RULE.severity,
            problem.object.clone().unwrap_or_default(),
            span,
            format!("{} is {is}, where Kubernetes wants {}", subject.words(), wants(expected)),
        )
    }
}

/// Whether it is labels one level too deep: `matchLabels` in the selector of a Service.
fn is_lifted(field: &str) -> bool {
    field == "spec.selector[matchLabels]"
}

/// Puts the labels where `matchLabels` stands, which is all of the selector.
fn lifted(context: Context<'_>, problem: &ObjectProblem, field: &str) -> Option<Fix> {
    let labels = problem.problem.span;
    let key = key_before(context, labels, "matchLabels").filter(|_| is_lifted(field))?;
    let object = problem.object.as_ref()?;
    let service = context.cluster.service(&object.namespace, &object.name)?;
    let selector = context.cluster.services[service].selector_span.filter(|it| it.end >= labels.end)?;
    let written = context.written(labels);
    let before = context.written(Span { end: key.start, ..selector });
    let after = context.written(Span { start: labels.end, ..selector });
    // `selector:`, and the brace of one in braces.
    let opened = before.strip_prefix("selector")?.trim_start().strip_prefix(':')?.trim();
    let text = match (opened, written.strip_prefix('{')) {
        ("{", Some(inside)) if after.trim() == "}" => inside.strip_suffix('}')?.trim().to_owned(),
        // Out of braces each label needs a line of its own.
        ("", Some(inside)) if after.is_empty() => {
            let only = inside.strip_suffix('}')?.trim();
            let is_simple = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | ' ');
            (only.chars().all(is_simple) && only.matches(": ").count() == 1).then(|| only.to_owned())?
        }
        ("", None) if after.is_empty() => {
            // All lines but the first are further in than the key, by as much as the first.
            let deeper = column(context, labels)?.checked_sub(column(context, key)?)?;
            let mut lines = written.split_inclusive('\n');
            let mut text = lines.next()?.to_owned();
            for line in lines {
                let blanks = line.len() - line.trim_start_matches(' ').len();
                text.push_str(&line[blanks.min(deeper)..]);
            }
            text
        }
        _ => return None,
    };
    let span = Span { end: labels.end, ..key };
    let is_sound = !text.is_empty() && !text.contains("<<");
    is_sound.then(|| Fix { title: "select these labels".to_owned(), edits: vec![Edit { span, text }] })
}

/// Whether it is the name of a port where only its number goes.
fn is_name_of_port(field: &str, found: &Found) -> bool {
    field.ends_with(".service.port.number") && matches!(found, Found::String(text) if is_port_name(text))
}

/// Gives the port by its name, where it has none beside its number.
fn named(context: Context<'_>, field: &str, span: Span, found: &Found) -> Option<Fix> {
    let key = key_before(context, span, "number").filter(|_| is_name_of_port(field, found))?;
    let text = context.files.get(span.file as usize)?.text();
    let (before, after) = (text.get(..key.start as usize)?, text.get(span.end as usize..)?);
    let beside = if before.trim_end().ends_with(['{', ',']) {
        [before.rsplit('{').next()?, after.split('}').next()?]
    } else {
        // What stands above on its own line, and below.
        [before.trim_end().rsplit('\n').next()?, after.trim_start().split('\n').next()?]
    };
    let is_alone = beside.iter().all(|text| !text.contains("name"));
    let edits = vec![Edit { span: key, text: "name".to_owned() }];
    is_alone.then(|| Fix { title: "give the port by its name".to_owned(), edits })
}

/// Where the key stands, without quotes, of a value that is written right behind it.
fn key_before(context: Context<'_>, value: Span, key: &str) -> Option<Span> {
    let file = context.files.get(value.file as usize)?.text();
    let before = file.get(..value.start as usize)?.trim_end().strip_suffix(':')?;
    let start = before.strip_suffix(key)?.len();
    let is_whole = before[..start].ends_with([' ', '{', ',', '\n']) || start == 0;
    let line = before[..start].rsplit('\n').next().unwrap_or_default();
    let is_whole = is_whole && !line.contains('#');
    let start = start as u32;
    is_whole.then(|| Span { start, end: start + key.len() as u32, ..value })
}

/// How far in its line something stands.
fn column(context: Context<'_>, span: Span) -> Option<usize> {
    let file = context.files.get(span.file as usize)?.text();
    let line = file.get(..span.start as usize)?.rsplit('\n').next()?;
    line.chars().all(|c| c == ' ').then_some(line.len())
}

/// Whether a field may hold a secret: such a value is never quoted.
fn is_secret(field: &str) -> bool {
    let within = ["metadata.annotations[", ".env[", "data[", "Data["];
    within.iter().any(|name| field.contains(name))
}

/// Whether the value is written at the span itself, and is read as it is for nothing but its looks.
fn stands_there(context: Context<'_>, span: Span, found: &Found) -> bool {
    let written = context.written(span);
    mend::is_free(context, span)
        && match found {
            Found::Bool(text) | Found::Number(text) => written == text,
            Found::String(text) => written.trim_matches(['"', '\'']) == text,
            Found::List | Found::Map | Found::Null => false,
        }
}

/// The text that certainly was meant, where one was.
fn meant(expected: Expected, found: &Found, text: &str) -> Option<String> {
    match (expected, found) {
        (Expected::String, Found::Bool(_) | Found::Number(_)) => Some(quoted(text)),
        (Expected::Int32 | Expected::Int64, Found::String(digits)) => {
            digits.parse::<i32>().ok().map(|number| number.to_string())
        }
        (Expected::Bool, Found::String(word)) if matches!(word.as_str(), "true" | "false") => {
            Some(word.clone())
        }
        _ => None,
    }
}

/// What a sentence calls a field.
#[derive(Clone, Copy)]
enum Subject<'f> {
    Label(&'f str),
    SelectorLabel(&'f str),
    Annotation(&'f str),
    Field(&'f str),
}

fn subject(field: &str) -> Subject<'_> {
    let key = |map: &str| {
        let (_, key) = field.split_once(map)?;
        key.strip_prefix('[')?.strip_suffix(']')
    };
    if let Some(key) = key("metadata.labels") {
        Subject::Label(key)
    } else if let Some(key) = key("metadata.annotations") {
        Subject::Annotation(key)
    } else if let Some(key) = key("matchLabels").or_else(|| key("spec.selector")) {
        Subject::SelectorLabel(key)
    } else {
        Subject::Field(field)
    }
}

impl Subject<'_> {
    fn words(self) -> String {
        match self {
            Self::Label(key) => format!("label {}", quoted(key)),
            Self::SelectorLabel(key) => format!("selector label {}", quoted(key)),
            Self::Annotation(key) => format!("annotation {}", quoted(key)),
            Self::Field(field) => field.to_owned(),
        }
    }

    fn name(self) -> String {
        match self {
            Self::Label(key) | Self::SelectorLabel(key) | Self::Annotation(key) => key.to_owned(),
            Self::Field(field) => field.rsplit('.').next().unwrap_or(field).to_owned(),
        }
    }
}

const fn a(found: &Found) -> &'static str {
    match found {
        Found::Bool(_) => "a boolean",
        Found::Number(_) => "a number",
        Found::String(_) => "text",
        Found::List => "a list",
        Found::Map => "a map",
        Found::Null => "null",
    }
}

const fn wants(expected: Expected) -> &'static str {
    match expected {
        Expected::String => "text",
        Expected::Int32 | Expected::Int64 => "a whole number",
        Expected::IntOrString => "a whole number or a name",
        Expected::Bool => "true or false",
        Expected::List => "a list",
        Expected::Map => "a map",
        Expected::Number => "a number",
        Expected::Time => "a time such as 2006-01-02T15:04:05Z",
        Expected::MicroTime => "a time such as 2006-01-02T15:04:05.000000Z",
        Expected::Quantity => "an amount such as 100m, 1.5 or 1Gi",
        Expected::Bytes => "bytes in base64",
    }
}

#[cfg(test)]
mod tests {
    use super::subject;

    #[test]
    fn fields_are_called_by_what_they_are() {
        for (field, words) in [
            ("metadata.labels[version]", "label \"version\""),
            ("spec.template.metadata.labels[app.kubernetes.io/name]", "label \"app.kubernetes.io/name\""),
            ("spec.selector[app]", "selector label \"app\""),
            ("spec.selector.matchLabels[app]", "selector label \"app\""),
            ("spec.ports[0].port", "spec.ports[0].port"),
        ] {
            assert_eq!(subject(field).words(), words);
        }
    }
}
