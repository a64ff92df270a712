//! Words that several rules say, and the blank finding that they fill in.

use crate::cluster::{Cluster, PodSet};
use crate::finding::{Finding, Severity};
use crate::kinds::fields::Written;
use crate::kinds::meta::Meta;
use crate::kinds::service::Service;
use crate::names::syntax::Fault;
use crate::names::{ObjectRef, is_unseen};
use crate::source::Span;
use crate::wiring::Who;

use super::Rule;

/// How many things a sentence names one by one.
const NAMED: usize = 3;

/// A finding about an object, at its name where nothing smaller is written; with no help and no field yet.
pub(super) fn found(
    rule: &Rule,
    severity: Severity,
    meta: &Meta,
    span: impl Into<Option<Span>>,
    message: String,
) -> Finding {
    let span = span.into().unwrap_or_else(|| meta.head());
    about(rule, severity, meta.reference(), span, message)
}

/// A finding about an object that may not be known, with no help and no field yet.
pub(super) fn about(
    rule: &Rule,
    severity: Severity,
    object: ObjectRef,
    span: Span,
    message: String,
) -> Finding {
    Finding {
        rule: rule.name,
        stage: rule.stage,
        severity,
        message,
        help: String::new(),
        short: String::new(),
        field: None,
        object,
        span,
        related: Vec::new(),
        fix: None,
    }
}

/// A set of pods by its owner or its own name: `Deployment "web"`.
pub(super) fn describe(cluster: &Cluster, set: &PodSet) -> String {
    match &set.owner {
        Some(owner) => format!("{} \"{}\"", owner.kind, owner.name),
        None => format!("Pod \"{}\"", set.meta(cluster).name.value),
    }
}

/// Sets of pods by their places in [`Cluster::sets`], each owner once: `Deployment "web" and Pod "test"`.
pub(super) fn describe_all(cluster: &Cluster, sets: impl IntoIterator<Item = u32>) -> String {
    let mut names: Vec<String> =
        sets.into_iter().map(|set| describe(cluster, &cluster.sets[set as usize])).collect();
    names.sort();
    names.dedup();
    list(&names)
}

/// Endpoints by who they are, each once: `Deployment "web" and EndpointSlice "db-1"`.
pub(super) fn describe_endpoints(cluster: &Cluster, all: impl IntoIterator<Item = Who>) -> String {
    let name = |who| match who {
        Who::Pods(picked) => describe(cluster, &cluster.sets[picked.set as usize]),
        Who::Address(listed) => object(&listed.slice(cluster).meta),
    };
    let mut names: Vec<String> = all.into_iter().map(name).collect();
    names.sort();
    names.dedup();
    list(&names)
}

/// An object by its kind and name: `EndpointSlice "db-1"`.
pub(super) fn object(meta: &Meta) -> String {
    format!("{} {}", meta.kind, quoted(&meta.name.value))
}

/// `a`, `a and b`, `a, b and c`, `a, b, c and 4 more`.
pub(super) fn list(items: &[String]) -> String {
    list_of(items.iter().cloned(), items.len())
}

/// The same of so many items, of which the first few are asked for.
pub(super) fn list_of(items: impl Iterator<Item = String>, all: usize) -> String {
    let named: Vec<String> = items.take(NAMED).collect();
    match (named.as_slice(), all - named.len()) {
        ([], _) => String::new(),
        ([one], _) => one.clone(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (named, more) => format!("{} and {more} more", named.join(", ")),
    }
}

/// `1 pod`, `2 pods`.
pub(super) fn count(number: u32, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// A text in quotes as a person may be shown it, however long it is and whatever it holds.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 80;
    let mut shown = String::new();
    for c in text.chars().take(MOST) {
        if is_unseen(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    let more = if text.chars().nth(MOST).is_some() { "…" } else { "" };
    format!("\"{shown}{more}\"")
}

/// A text as YAML must write it to be text: in quotes where it would read as a number, a boolean or null.
pub(super) fn scalar(text: &str) -> String {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if plain { text.to_owned() } else { quoted(text) }
}

/// A field of one of a Service's ports, as Kubernetes writes it.
pub(super) fn port_field(port: usize, field: &str) -> String {
    format!("spec.ports[{port}].{field}")
}

/// Why a text cannot name a container port, where it cannot.
///
/// <https://github.com/kubernetes/apimachinery/blob/v0.34.1/pkg/util/validation/validation.go> (`IsValidPortName`)
pub(super) fn port_name_fault(text: &str) -> Option<&'static str> {
    let allowed = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    if crate::names::is_port_name(text) {
        None
    } else if !text.bytes().all(allowed) {
        Some("has other characters than a-z, 0-9 and -")
    } else if !text.bytes().any(|c| c.is_ascii_lowercase()) {
        Some("has no letter")
    } else if text.len() > 15 {
        Some("has more than 15 characters")
    } else if text.contains("--") {
        Some("has two hyphens in a row")
    } else {
        Some("begins or ends with a hyphen")
    }
}

/// What keeps a text from being a name, as the end of a sentence about it.
pub(super) fn fault(fault: Fault) -> String {
    match fault {
        Fault::Empty => "is empty".to_owned(),
        Fault::TooLong(most) => format!("has more than {most} characters"),
        Fault::Has(' ') => "has a space in it".to_owned(),
        Fault::Has(letter) if letter.is_ascii_uppercase() => {
            format!("has the upper-case letter {}", quoted(&letter.to_string()))
        }
        Fault::Has(other) => format!("has the character {}", quoted(&other.escape_debug().to_string())),
        Fault::Begins(first) => format!("begins with {}", quoted(&first.to_string())),
        Fault::Ends(last) => format!("ends with {}", quoted(&last.to_string())),
        Fault::EmptyPart => "has nothing beside one of its dots".to_owned(),
        Fault::HyphenBesideDot => "has a hyphen beside a dot".to_owned(),
        Fault::Slashes => "has more than one slash".to_owned(),
        Fault::NoPrefix => "has nothing before its slash".to_owned(),
        Fault::NoName => "has nothing after its slash".to_owned(),
        Fault::BadPrefix => "has no lower-case DNS name before its slash".to_owned(),
    }
}

/// From the first item of a list to its last.
pub(super) fn list_span<T>(items: &[Written<T>]) -> Option<Span> {
    let (first, last) = (items.first()?.span?, items.last()?.span?);
    Some(first.to(last))
}

/// Where a kind of Kubernetes' own keeps the spec of its pods; other kinds have rules of their own.
pub(super) fn pod_spec_path(meta: &Meta) -> Option<&'static str> {
    match (meta.group_kind().group, meta.kind.as_str()) {
        ("", "Pod") => Some("spec"),
        ("batch", "CronJob") => Some("spec.jobTemplate.spec.template.spec"),
        ("" | "apps" | "batch" | "extensions", _) => Some("spec.template.spec"),
        _ => None,
    }
}

/// Whether a number can be a port at all.
pub(super) fn is_port(number: i32) -> bool {
    (1..=65535).contains(&number)
}

/// Whether the cluster allocates the node ports that a Service asks for: even those of a load balancer that declines
/// to be given any.
///
/// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/registry/core/service/storage/alloc.go> (`initNodePorts`)
pub(super) fn listens_on_nodes(service: &Service) -> bool {
    matches!(service.service_type.value.as_str(), "NodePort" | "LoadBalancer")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_sentences() {
        let items = |number: usize| (1..=number).map(|i| i.to_string()).collect::<Vec<_>>();
        for (number, text) in [(1, "1"), (2, "1 and 2"), (3, "1, 2 and 3"), (5, "1, 2, 3 and 2 more")] {
            assert_eq!(list(&items(number)), text);
        }
    }

    #[test]
    fn scalars_stay_text() {
        for (text, written) in
            [("http", "http"), ("yes", "\"yes\""), ("1.0", "\"1.0\""), ("", "\"\""), ("a: b", "\"a: b\"")]
        {
            assert_eq!(scalar(text), written);
        }
    }

    #[test]
    fn long_and_strange_texts_are_shown_in_one_line() {
        for (text, written) in [("é", "\"é\"".to_owned()), ("a\nb", "\"a\\nb\"".to_owned())] {
            assert_eq!(shown(text), written);
        }
        assert_eq!(shown(&"a".repeat(81)), format!("\"{}…\"", "a".repeat(80)));
    }

    #[test]
    fn faults_end_a_sentence() {
        for (text, sentence) in [
            ("Web", "has the upper-case letter \"W\""),
            ("a b", "has a space in it"),
            ("é", "has the character \"é\""),
        ] {
            let said = crate::names::syntax::dns_label_fault(text).map(fault);
            assert_eq!(said.as_deref(), Some(sentence), "{text}");
        }
    }

    #[test]
    fn port_names_and_what_is_wrong_with_them() {
        for (name, fault) in [
            ("http", None),
            ("HTTP", Some("has other characters than a-z, 0-9 and -")),
            ("8080", Some("has no letter")),
            ("a--b", Some("has two hyphens in a row")),
            ("http-", Some("begins or ends with a hyphen")),
            ("abcdefghijklmnop", Some("has more than 15 characters")),
        ] {
            assert_eq!(port_name_fault(name), fault, "{name}");
        }
    }
}
