//! What Kubernetes lets names, label values and their keys look like.
//!
//! <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/>

/// What keeps a text from being a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is empty.
    Empty,
    /// It has more bytes than this.
    TooLong(usize),
    /// It has this character.
    Has(char),
    /// It begins with this character, which may stand elsewhere.
    Begins(char),
    /// It ends with this character, which may stand elsewhere.
    Ends(char),
    /// Between two of its dots, or at an end of it, there is nothing.
    EmptyPart,
    /// A hyphen stands beside a dot.
    HyphenBesideDot,
    /// It has more than one slash.
    Slashes,
    /// There is nothing before its slash.
    NoPrefix,
    /// There is nothing after its slash.
    NoName,
    /// What is before its slash is no DNS name.
    BadPrefix,
}

/// How long a part of a DNS name, a label value and the name in a label key may be.
const LABEL: usize = 63;
/// How long a DNS name may be.
const SUBDOMAIN: usize = 253;

/// Why a text is no label of RFC 1123: a-z, 0-9 and `-`, with a letter or digit at both ends, at most 63.
pub fn dns_label_fault(text: &str) -> Option<Fault> {
    too_long(text, LABEL).or_else(|| fault(text, is_lower_or_digit, |c| c == '-'))
}

/// Why a text is no label of RFC 1035, as Services are named: like RFC 1123, but it begins with a letter.
pub fn dns_1035_label_fault(text: &str) -> Option<Fault> {
    dns_label_fault(text).or_else(|| begins_with_digit(text))
}

/// Why names that begin with this text cannot be valid: `generateName`, to which five letters and digits are added.
///
/// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/staging/src/k8s.io/apimachinery/pkg/api/validation/generic.go>
/// (`NameIsDNS1035Label` with `prefix`, which takes a hyphen at the end, and what is before it, for a letter.)
pub fn generate_name_fault(text: &str) -> Option<Fault> {
    match text.strip_suffix('-') {
        Some(rest) if !rest.is_empty() => match rest.char_indices().next_back() {
            Some((at, last)) if last.is_ascii() => dns_1035_label_fault(&format!("{}a", &rest[..at])),
            Some((_, last)) => Some(Fault::Has(last)),
            None => None,
        },
        _ => dns_1035_label_fault(text),
    }
}

/// Why the name that is generated from this text is not valid: what fits is taken, and five letters and digits added.
///
/// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/staging/src/k8s.io/apiserver/pkg/storage/names/generate.go>
pub fn generated_name_fault(generate_name: &str) -> Option<Fault> {
    const ADDED: usize = 5;
    let room = LABEL - ADDED;
    match generate_name.get(..generate_name.len().min(room)) {
        Some(base) => dns_1035_label_fault(&format!("{base}{}", "x".repeat(ADDED))),
        // Cut within a character: what is left of it is none that a name may have.
        None => generate_name.chars().find(|c| !c.is_ascii()).map(Fault::Has),
    }
}

/// Why a text is no DNS name of RFC 1123: labels with dots between them, at most 253.
pub fn dns_subdomain_fault(text: &str) -> Option<Fault> {
    // Nearly every name is one label, and all names of an upload are asked about.
    dns_label_fault(text)?;
    if let Some(fault) = too_long(text, SUBDOMAIN).or_else(|| text.is_empty().then_some(Fault::Empty)) {
        return Some(fault);
    }
    if let Some(other) = text.chars().find(|&c| !is_lower_or_digit(c) && c != '-' && c != '.') {
        return Some(Fault::Has(other));
    }
    if text.starts_with('-') {
        return Some(Fault::Begins('-'));
    }
    if text.ends_with('-') {
        return Some(Fault::Ends('-'));
    }
    if text.split('.').any(str::is_empty) {
        return Some(Fault::EmptyPart);
    }
    let beside = text.split('.').any(|part| part.starts_with('-') || part.ends_with('-'));
    beside.then_some(Fault::HyphenBesideDot)
}

/// Why a text is no label value: empty, or at most 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends.
///
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set>
pub fn label_value_fault(text: &str) -> Option<Fault> {
    if text.is_empty() { None } else { too_long(text, LABEL).or_else(|| name_part_fault(text)) }
}

/// Why a text is no qualified name, as the keys of labels are: a name of at most 63, and maybe a DNS name and `/` before.
///
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set>
pub fn qualified_name_fault(text: &str) -> Option<Fault> {
    // Most have no slash.
    if text.len() <= LABEL && name_part_fault(text).is_none() {
        return None;
    }
    let name = match text.split_once('/') {
        None => text,
        Some((_, name)) if name.contains('/') => return Some(Fault::Slashes),
        Some(("", _)) => return Some(Fault::NoPrefix),
        Some((_, "")) => return Some(Fault::NoName),
        Some((prefix, _)) if dns_subdomain_fault(prefix).is_some() => return Some(Fault::BadPrefix),
        Some((_, name)) => name,
    };
    too_long(name, LABEL).or_else(|| name_part_fault(name))
}

/// Why a text is no annotation key: like a qualified name, but upper case is fine before the slash too.
///
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/#syntax-and-character-set>
pub fn annotation_key_fault(text: &str) -> Option<Fault> {
    qualified_name_fault(&text.to_lowercase())
}

fn name_part_fault(text: &str) -> Option<Fault> {
    fault(text, |c| c.is_ascii_alphanumeric(), |c| matches!(c, '-' | '_' | '.'))
}

fn too_long(text: &str, most: usize) -> Option<Fault> {
    (text.len() > most).then_some(Fault::TooLong(most))
}

const fn is_lower_or_digit(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

fn begins_with_digit(text: &str) -> Option<Fault> {
    text.chars().next().filter(char::is_ascii_digit).map(Fault::Begins)
}

/// The first fault of a text of certain characters, some of which may stand only between others.
fn fault(text: &str, anywhere: impl Fn(char) -> bool, between: impl Fn(char) -> bool) -> Option<Fault> {
    if let [first, .., last] | [first @ last] = text.as_bytes()
        && anywhere(*first as char)
        && anywhere(*last as char)
        && text.bytes().all(|byte| anywhere(byte as char) || between(byte as char))
    {
        return None;
    }
    if let Some(other) = text.chars().find(|&c| !anywhere(c) && !between(c)) {
        return Some(Fault::Has(other));
    }
    let (first, last) = (text.chars().next(), text.chars().next_back());
    let Some((first, last)) = first.zip(last) else { return Some(Fault::Empty) };
    if between(first) { Some(Fault::Begins(first)) } else { between(last).then_some(Fault::Ends(last)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cases: &[(&str, Option<Fault>)], fault: fn(&str) -> Option<Fault>) {
        for (text, expected) in cases {
            assert_eq!(fault(text), *expected, "{text:?}");
        }
    }

    #[test]
    fn labels_of_dns_names() {
        let long = "a".repeat(64);
        check(
            &[
                ("web", None),
                ("9", None),
                ("a--b", None),
                ("", Some(Fault::Empty)),
                ("Web", Some(Fault::Has('W'))),
                ("web.a", Some(Fault::Has('.'))),
                ("wéb", Some(Fault::Has('é'))),
                ("-a", Some(Fault::Begins('-'))),
                ("a-", Some(Fault::Ends('-'))),
                (&long[..63], None),
                (&long, Some(Fault::TooLong(63))),
            ],
            dns_label_fault,
        );
        check(&[("web-9", None), ("9web", Some(Fault::Begins('9')))], dns_1035_label_fault);
    }

    #[test]
    fn what_names_are_generated_from() {
        let long = "a".repeat(64);
        check(
            &[
                ("web-", None),
                ("web--", None),
                ("web_-", None),
                ("a-", None),
                ("-", Some(Fault::Begins('-'))),
                ("Web-", Some(Fault::Has('W'))),
                ("wé-", Some(Fault::Has('é'))),
                (&long, Some(Fault::TooLong(63))),
            ],
            generate_name_fault,
        );
        check(
            &[
                ("web-", None),
                (&long, None),
                ("web_-", Some(Fault::Has('_'))),
                ("9-", Some(Fault::Begins('9'))),
            ],
            generated_name_fault,
        );
    }

    #[test]
    fn dns_names() {
        check(
            &[
                ("db.example.com", None),
                ("1.2.3.4", None),
                ("", Some(Fault::Empty)),
                ("DB.example.com", Some(Fault::Has('D'))),
                ("db.example.com:80", Some(Fault::Has(':'))),
                ("db..example.com", Some(Fault::EmptyPart)),
                (".com", Some(Fault::EmptyPart)),
                ("-x.com", Some(Fault::Begins('-'))),
                ("x-.com", Some(Fault::HyphenBesideDot)),
                (&"a.".repeat(127), Some(Fault::TooLong(253))),
            ],
            dns_subdomain_fault,
        );
    }

    #[test]
    fn label_values_and_keys() {
        check(
            &[
                ("", None),
                ("v1.2_x", None),
                ("a b", Some(Fault::Has(' '))),
                ("_a", Some(Fault::Begins('_'))),
                ("web.", Some(Fault::Ends('.'))),
            ],
            label_value_fault,
        );
        check(
            &[
                ("app", None),
                ("example.com/x_y.Z", None),
                ("", Some(Fault::Empty)),
                ("a/b/c", Some(Fault::Slashes)),
                ("/app", Some(Fault::NoPrefix)),
                ("example.com/", Some(Fault::NoName)),
                ("Example.com/app", Some(Fault::BadPrefix)),
                ("a b", Some(Fault::Has(' '))),
            ],
            qualified_name_fault,
        );
        check(&[("Example.COM/x", None), ("a b", Some(Fault::Has(' ')))], annotation_key_fault);
    }
}
