//! Stand-ins for names: whoever shares may keep those back, too.
//!
//! Names are replaced in masked text, each by the same stand-in wherever it stands, so that everything that was wired by a
//! name still is. What a name is made of stays: a host's domains, a pod's number at the end.

use std::collections::{BTreeMap, BTreeSet};

use crate::names::ip::parse_ip;
use crate::source::split::{Content, documents};
use crate::source::{Entry, FileId, Map, Node, SourceFile, Span, Value};

/// What a name is of, in the order in which stand-ins are given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Namespace,
    Service,
    Node,
    Host,
    Other,
    Label,
    /// What a `ReplicaSet` of a Deployment and its pods have in their names: made by the cluster, and read again by name.
    Hash,
}

impl Sort {
    fn word(self) -> &'static str {
        match self {
            Self::Namespace => "namespace",
            Self::Service => "service",
            Self::Node => "node",
            Self::Host => "host",
            Self::Other => "name",
            Self::Label | Self::Hash => "label",
        }
    }
}

/// The names of an upload, each with its stand-in.
#[derive(Debug, Default)]
pub struct Standins {
    words: BTreeMap<String, String>,
    hashes: BTreeSet<String>,
}

/// The hosts and namespaces that masked text keeps, each once, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Names of hosts.
    pub hosts: Vec<String>,
    /// Names of namespaces.
    pub namespaces: Vec<String>,
}

/// Words that everybody has, and that Kubernetes gives a meaning.
const COMMON: &[&str] = &[
    "",
    "*",
    "masked",
    "default",
    "kube-system",
    "kube-public",
    "kube-node-lease",
    "kubernetes",
    "svc",
    "cluster",
    "local",
    "pod",
    "com",
    "net",
    "org",
    "io",
    "dev",
    "internal",
    "localhost",
    "true",
    "false",
];

/// Domains that are not somebody's own.
const COMMON_DOMAINS: &[&str] = &["kubernetes.io", "k8s.io", "helm.sh", "istio.io", "argoproj.io"];

/// Maps whose keys are those of labels.
const LABELS: &[&str] = &["labels", "matchLabels", "nodeSelector"];

impl Standins {
    /// Gives every name in masked files a stand-in.
    pub fn new(masked: &[SourceFile]) -> Self {
        let mut standins = Self::default();
        let mut names: Vec<(Sort, String)> = Vec::new();
        for (id, file) in masked.iter().enumerate() {
            visit(id as u32, file, &mut |sort, text, _| {
                if sort == Sort::Hash {
                    standins.hashes.insert(text.to_owned());
                } else {
                    names.push((sort, text.to_owned()));
                }
            });
        }
        let parts = names.iter().flat_map(|(sort, name)| standins.own_parts(name).map(|part| (*sort, part)));
        let mut parts: Vec<(Sort, String)> = parts.map(|(sort, part)| (sort, part.to_owned())).collect();
        // A word that is several things is first what comes first.
        parts.sort_by_key(|(sort, _)| *sort);
        let mut counts: BTreeMap<Sort, usize> = BTreeMap::new();
        let mut words = BTreeMap::new();
        for (sort, part) in parts {
            let count = counts.entry(sort).or_default();
            words.entry(part).or_insert_with(|| {
                *count += 1;
                format!("{}-{}", sort.word(), letters(*count))
            });
        }
        Self { words, ..standins }
    }

    /// What stands in for a name, or for a label's key.
    pub fn word(&self, name: &str) -> String {
        if let Some((prefix, key)) = name.split_once('/') {
            return format!("{}/{key}", self.word(prefix));
        }
        if is_common(name) {
            return name.to_owned();
        }
        let word = |part: &str| {
            let (base, number) = self.base(part);
            let word = self.words.get(base).map_or(base, String::as_str);
            format!("{word}{number}")
        };
        name.split('.').map(word).collect::<Vec<_>>().join(".")
    }

    /// A masked text with its names replaced, line for line; `None` where one cannot be.
    pub fn replace(&self, id: FileId, file: &SourceFile) -> Option<String> {
        let mut edits: Vec<(Span, String)> = Vec::new();
        visit(id, file, &mut |_, text, span| {
            let word = self.word(text);
            if word != text {
                edits.push((span, word));
            }
        });
        edits.sort_by_key(|(span, _)| (span.start, span.end));
        edits.dedup_by_key(|(span, _)| *span);
        let mut text = String::with_capacity(file.text().len());
        let mut end = 0;
        for (span, word) in edits {
            text.push_str(file.text().get(end..span.start as usize)?);
            let written = file.text().get(span.start as usize..span.end as usize)?;
            let is_quoted = written.starts_with(['"', '\'']) || word.starts_with('*');
            text.push_str(&if is_quoted { format!("\"{word}\"") } else { word });
            end = span.end as usize;
        }
        text.push_str(file.text().get(end..)?);
        // Whatever was not replaced as meant would still be there.
        let replaced = SourceFile::new(file.name.clone(), text.clone().into_bytes());
        let mut stays = false;
        visit(id, &replaced, &mut |_, text, _| {
            stays |= self.own_parts(text).any(|part| self.words.contains_key(part) && !self.is_standin(part));
        });
        (!stays).then_some(text)
    }

    /// The parts of a name that are somebody's own.
    fn own_parts<'n>(&self, name: &'n str) -> impl Iterator<Item = &'n str> {
        let name = name.split_once('/').map_or(name, |(prefix, _)| prefix);
        let parts = (!is_common(name)).then(|| name.split('.')).into_iter().flatten();
        parts.map(|part| self.base(part).0).filter(|part| !COMMON.contains(part) && !is_number(part))
    }

    /// A name without what stands at its end: a hash and what follows it, or numbers, the last of which says which of a
    /// `StatefulSet`'s pods it is.
    fn base<'p>(&self, part: &'p str) -> (&'p str, &'p str) {
        if self.hashes.contains(part) {
            return ("", part);
        }
        let mut dashes = part.match_indices('-').map(|(at, _)| at).filter(|at| *at > 0);
        let is_hash = |at: &usize| {
            let hash = part[at + 1..].split('-').next().unwrap_or_default();
            self.hashes.contains(hash)
        };
        if let Some(at) = dashes.find(is_hash) {
            return part.split_at(at);
        }
        let mut base = part;
        while let Some((shorter, number)) = base.rsplit_once('-') {
            if shorter.is_empty() || number.is_empty() || !is_number(number) {
                break;
            }
            base = shorter;
        }
        part.split_at(base.len())
    }

    fn is_standin(&self, word: &str) -> bool {
        self.words.values().any(|known| known == word)
    }
}

/// The hosts and namespaces of masked files.
pub fn places(masked: &[SourceFile]) -> Places {
    let mut places = Places::default();
    for (id, file) in masked.iter().enumerate() {
        visit(id as u32, file, &mut |sort, text, _| match sort {
            Sort::Host if parse_ip(text).is_none() => places.hosts.push(text.to_owned()),
            Sort::Namespace => places.namespaces.push(text.to_owned()),
            _ => {}
        });
    }
    for names in [&mut places.hosts, &mut places.namespaces] {
        names.retain(|name| !name.is_empty() && name != super::MASK);
        names.sort();
        names.dedup();
    }
    places
}

fn is_common(name: &str) -> bool {
    COMMON.contains(&name) || parse_ip(name).is_some() || name.contains(':') || is_kubernetes(name)
}

/// Domains of Kubernetes and its tools, which give labels and controllers their names.
fn is_kubernetes(domain: &str) -> bool {
    COMMON_DOMAINS.iter().any(|common| domain == *common || domain.ends_with(&format!(".{common}")))
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `a` to `z`, `aa` and so on.
fn letters(mut number: usize) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        letters.push(char::from(b'a' + ((number - 1) % 26) as u8));
        number = (number - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Hears of a name: what it is of, the name, and where it is written.
type Hear<'h> = &'h mut dyn FnMut(Sort, &str, Span);

/// Tells of every name in a masked file.
fn visit(id: FileId, file: &SourceFile, hear: Hear<'_>) {
    for document in documents(id, file) {
        if let Content::Tree(root) = &document.content {
            objects(root, hear);
        }
    }
}

fn objects(node: &Node<'_>, hear: Hear<'_>) {
    let Some(map) = node.as_map() else { return };
    if let Some(items) = map.get("items").and_then(Node::as_list) {
        for item in items {
            objects(item, hear);
        }
        return;
    }
    let kind = map.get("kind").and_then(Node::as_str).unwrap_or_default();
    for entry in written(map) {
        if entry.key == "metadata" {
            metadata(kind, &entry.value, hear);
        } else {
            within(&entry.key, "", &entry.value, hear);
        }
    }
}

fn metadata(kind: &str, node: &Node<'_>, hear: Hear<'_>) {
    let Some(map) = node.as_map() else { return };
    for entry in written(map) {
        match (&*entry.key, entry.value.as_str()) {
            ("name", Some(name)) => hear(Sort::of_object(kind), name, entry.value.span),
            ("annotations", _) => annotations(&entry.value, hear),
            _ => within(&entry.key, "metadata", &entry.value, hear),
        }
    }
}

/// Of what may be kept, only the class of an Ingress is a name.
fn annotations(node: &Node<'_>, hear: Hear<'_>) {
    let class = node.as_map().and_then(|map| map.get("kubernetes.io/ingress.class"));
    if let Some((class, name)) = class.and_then(|class| Some((class, class.as_str()?))) {
        hear(Sort::Other, name, class.span);
    }
}

impl Sort {
    fn of_object(kind: &str) -> Self {
        match kind {
            "Namespace" => Self::Namespace,
            "Service" | "Endpoints" => Self::Service,
            "Node" => Self::Node,
            _ => Self::Other,
        }
    }

    /// What a field holds, by its key and the key above it.
    fn of_field(key: &str, above: &str) -> Option<Self> {
        Some(match (key, above) {
            ("namespace", _) => Self::Namespace,
            ("serviceName", _) | ("name", "service") => Self::Service,
            ("nodeName", _) => Self::Node,
            // An address may be a name, too.
            ("host" | "hostname" | "hostnames" | "hosts" | "externalName", _)
            | ("address" | "addresses" | "value", "addresses" | "endpoints") => Self::Host,
            // Names of ports say what they speak; listeners are ports, too.
            ("name", "ports" | "port" | "listeners") => return None,
            ("name" | "generateName" | "subdomain" | "zone" | "ingressClassName" | "gatewayClassName", _) => {
                Self::Other
            }
            ("values", "matchExpressions") => Self::Label,
            _ => return None,
        })
    }
}

fn within(key: &str, above: &str, node: &Node<'_>, hear: Hear<'_>) {
    match &node.value {
        Value::Map(map) if key == "metadata" => {
            for entry in written(map) {
                if entry.key == "annotations" {
                    annotations(&entry.value, hear);
                } else {
                    within(&entry.key, key, &entry.value, hear);
                }
            }
        }
        Value::Map(map) if LABELS.contains(&key) || key == "selector" && is_flat(map) => {
            for entry in written(map) {
                label_key(&entry.key, entry.key_span, hear);
                let sort = if entry.key == "pod-template-hash" { Sort::Hash } else { Sort::Label };
                if let Some(value) = entry.value.as_str() {
                    hear(sort, value, entry.value.span);
                }
            }
        }
        Value::Map(map) => {
            for entry in written(map) {
                within(&entry.key, key, &entry.value, hear);
            }
        }
        Value::List(items) => {
            for item in items {
                match &item.value {
                    Value::Map(map) => {
                        for entry in written(map) {
                            within(&entry.key, key, &entry.value, hear);
                        }
                    }
                    _ => within(key, above, item, hear),
                }
            }
        }
        _ if key == "key" && above == "matchExpressions" => {
            if let Some(text) = node.as_str() {
                label_key(text, node.span, hear);
            }
        }
        _ => {
            if let Some((sort, text)) = Sort::of_field(key, above).zip(node.as_str()) {
                hear(sort, text, node.span);
            }
        }
    }
}

/// The entries of a map where they are written: what is merged stands in the map that it is merged from.
fn written<'m, 'a>(map: &'m Map<'a>) -> Vec<&'m Entry<'a>> {
    let mut all: Vec<&Entry<'_>> = map.entries.iter().filter(|entry| !entry.merged).collect();
    for more in map.written.iter().flat_map(|written| written.overridden.iter().chain(&written.merges)) {
        match &more.value.value {
            Value::Map(merged) if more.key == "<<" => all.extend(written(merged)),
            Value::List(many) if more.key == "<<" => {
                all.extend(many.iter().filter_map(Node::as_map).flat_map(written));
            }
            _ => all.push(more),
        }
    }
    all
}

/// Labels themselves, rather than what selects by them.
fn is_flat(map: &Map<'_>) -> bool {
    map.get("matchLabels").is_none() && map.get("matchExpressions").is_none()
}

/// Of a key, the domain before its slash may be somebody's own.
fn label_key(key: &str, span: Span, hear: Hear<'_>) {
    if key.split_once('/').is_some_and(|(prefix, _)| !is_kubernetes(prefix)) {
        hear(Sort::Label, key, span);
    }
}
