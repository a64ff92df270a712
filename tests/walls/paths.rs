//! The paths in a Rust source, however they are written: enough of the language's grammar to find them, and no more.

/// A path as written, from the crate's root where it begins with `crate`, `self` or `super`.
#[derive(Debug, Clone)]
pub(crate) struct Import {
    /// The line that it begins on.
    pub(crate) line: usize,
    /// Its names, `crate` first where it is one of ours.
    pub(crate) segments: Vec<String>,
    /// It ends in `*`, `self` or `as`: everything below it comes along.
    pub(crate) taken_whole: bool,
}

impl Import {
    /// The path, written out.
    pub(crate) fn text(&self) -> String {
        self.segments.join("::")
    }

    /// Whether it names `forbidden`, something in it, or a module that would bring it in under a shorter name.
    pub(crate) fn reaches(&self, forbidden: &str) -> bool {
        let forbidden: Vec<&str> = forbidden.split("::").collect();
        let shared = self.segments.iter().zip(&forbidden).take_while(|(a, b)| a == b).count();
        shared == forbidden.len()
            || (shared == self.segments.len() && (shared > 1 || (self.taken_whole && shared == 1)))
    }
}

/// All paths in the source of a module, `use` trees unfolded. What `#[cfg(test)]` stands on is left out.
pub(crate) fn in_source(source: &str, module: &[&str]) -> Vec<Import> {
    let tokens = &tokens(source);
    let text = |i: usize| tokens.get(i).map_or("", |token| token.text.as_str());
    let mut found = Vec::new();
    let mut depth = 0;
    let mut inner: Vec<(usize, &str)> = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        match text(i) {
            "#" if (i..i + 7).map(text).eq(["#", "[", "cfg", "(", "test", ")", "]"]) => {
                i = after_item(tokens, i + 7);
                continue;
            }
            "mod" if text(i + 2) == "{" => {
                inner.push((depth, text(i + 1)));
                i += 2;
                continue;
            }
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                if inner.last().is_some_and(|&(outside, _)| outside == depth) {
                    inner.pop();
                }
            }
            name if is_name(name) && text(i.wrapping_sub(1)) != "::" => {
                let mut here: Vec<&str> = module.to_vec();
                here.extend(inner.iter().map(|&(_, name)| name));
                let before = found.len();
                let end = tree(tokens, i, &[], &mut found);
                for import in &mut found[before..] {
                    import.segments = absolute(&import.segments, &here);
                }
                i = end;
                continue;
            }
            _ => {}
        }
        i += 1;
    }
    found
}

/// A word or a sign of the source, and its line.
#[derive(Debug, Clone, PartialEq)]
struct Token {
    line: usize,
    text: String,
}

/// The words that a path may follow without being part of it.
const BEFORE_A_PATH: &[&str] = &[
    "as", "await", "const", "dyn", "else", "for", "if", "impl", "in", "let", "match", "move", "mut",
    "return", "unsafe", "use", "where", "while",
];

/// The words and signs of a Rust source, without comments, strings and characters.
fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let (mut i, mut line) = (0, 1);
    while i < chars.len() {
        let start = i;
        let mut text = None;
        match at(i) {
            '/' if at(i + 1) == '/' => {
                while i < chars.len() && at(i) != '\n' {
                    i += 1;
                }
            }
            '/' if at(i + 1) == '*' => {
                let mut depth = 0;
                loop {
                    match (at(i), at(i + 1)) {
                        ('/', '*') => (depth, i) = (depth + 1, i + 2),
                        ('*', '/') => (depth, i) = (depth - 1, i + 2),
                        _ => i += 1,
                    }
                    if depth == 0 || i >= chars.len() {
                        break;
                    }
                }
            }
            '"' => i = after_string(&chars, i),
            // A character, unless it is a lifetime.
            '\'' if at(i + 1) == '\\' || at(i + 2) == '\'' => {
                i += if at(i + 1) == '\\' { 3 } else { 2 };
                while i < chars.len() && at(i) != '\'' {
                    i += 1;
                }
                i += 1;
            }
            c if word(c) => {
                while word(at(i)) {
                    i += 1;
                }
                let name: String = chars[start..i].iter().collect();
                let hashes = chars[i..].iter().take_while(|&&c| c == '#').count();
                if ["r", "br", "cr"].contains(&name.as_str()) && at(i + hashes) == '"' {
                    i = after_raw_string(&chars, i + hashes, hashes);
                } else if name == "r" && hashes == 1 && word(at(i + 1)) {
                    i += 1; // A raw identifier: its name follows.
                } else {
                    text = Some(name);
                }
            }
            ':' if at(i + 1) == ':' => {
                i += 2;
                // `::std` is `std`: the sign is kept only between two names.
                let before: &str = tokens.last().map_or("", |token: &Token| token.text.as_str());
                let begins = BEFORE_A_PATH.contains(&before) || !(is_name(before) || before == ">");
                text = (!begins).then(|| "::".to_owned());
            }
            c => {
                i += 1;
                text = (!c.is_whitespace()).then(|| c.to_string());
            }
        }
        tokens.extend(text.map(|text| Token { line, text }));
        let end = i.min(chars.len());
        line += chars[start..end].iter().filter(|&&c| c == '\n').count();
    }
    tokens
}

fn after_string(chars: &[char], open: usize) -> usize {
    let mut i = open + 1;
    while i < chars.len() && chars[i] != '"' {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    i + 1
}

fn after_raw_string(chars: &[char], open: usize, hashes: usize) -> usize {
    let closes = |i: usize| {
        chars[i] == '"' && chars[i + 1..].iter().take(hashes).filter(|&&c| c == '#').count() == hashes
    };
    (open + 1..chars.len()).find(|&i| closes(i)).map_or(chars.len(), |i| i + 1 + hashes)
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// One past the item that begins at `i`: its closing brace or its semicolon.
fn after_item(tokens: &[Token], mut i: usize) -> usize {
    let mut depth = 0;
    while let Some(token) = tokens.get(i) {
        i += 1;
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" if depth == 1 => break,
            "}" | ")" | "]" => depth -= 1,
            ";" if depth == 0 => break,
            _ => {}
        }
    }
    i
}

/// Unfolds the path or `use` tree that begins at `i` into its leaves, and returns the token after it.
fn tree(tokens: &[Token], mut i: usize, prefix: &[String], found: &mut Vec<Import>) -> usize {
    let text = |i: usize| tokens.get(i).map_or("", |token| token.text.as_str());
    let line = tokens[i].line;
    let mut segments = prefix.to_vec();
    loop {
        match text(i) {
            "*" => {
                found.push(Import { line, segments, taken_whole: true });
                return i + 1;
            }
            "{" => {
                i += 1;
                while !["}", ""].contains(&text(i)) {
                    i = if text(i) == "," || text(i) == "::" {
                        i + 1
                    } else {
                        tree(tokens, i, &segments, found)
                    };
                }
                return i + 1;
            }
            "self" if !segments.is_empty() => {
                found.push(Import { line, segments, taken_whole: true });
                return i + 1;
            }
            name => segments.push(name.to_owned()),
        }
        let next = text(i + 2);
        if text(i + 1) == "::" && (is_name(next) || next == "{" || next == "*") {
            i += 2;
        } else {
            found.push(Import { line, segments, taken_whole: text(i + 1) == "as" });
            return i + 1;
        }
    }
}

/// The path from the crate's root, where it is written from `here`.
fn absolute(segments: &[String], here: &[&str]) -> Vec<String> {
    let ups = segments.iter().skip_while(|s| *s == "self").take_while(|s| *s == "super").count();
    let selfs = segments.iter().take_while(|s| *s == "self").count();
    // A lone `self` is a method's own.
    if ups + selfs == 0 || segments == ["self"] {
        return segments.to_vec();
    }
    let mut path = vec!["crate".to_owned()];
    path.extend(here.iter().take(here.len().saturating_sub(ups)).map(|&part| part.to_owned()));
    path.extend(segments[ups + selfs..].iter().cloned());
    path
}
