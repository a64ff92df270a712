//! Where names stand in masked text.

use crate::source::split::{Content, in_order};
use crate::source::{Entry, FileId, Map, Node, SourceFile, Span, Value};

/// What a name is of, in the order in which stand-ins are given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    Namespace,
    Service,
    Node,
    Host,
    Other,
    /// The value of a label.
    Label,
    /// The key of a label: only the domain before its slash may be somebody's own.
    Key,
    /// What a `ReplicaSet` of a Deployment and its pods have in their names: made by the cluster, and read again by name.
    Hash,
    /// A number that stands where a name belongs.
    Number,
}

/// Domains that are not somebody's own.
const COMMON_DOMAINS: &[&str] = &["kubernetes.io", "k8s.io", "helm.sh", "istio.io", "argoproj.io"];

/// Maps whose keys are those of labels.
const LABELS: &[&str] = &["labels", "matchLabels", "nodeSelector", "selector"];

/// Labels whose values are hashes.
const HASHES: &[&str] = &["pod-template-hash", "rollouts-pod-template-hash"];

/// Hears of a name: what it is of, the name, and where it is written.
pub(super) type Hear<'h> = &'h mut (dyn FnMut(Sort, &str, Span) + Send);

/// Tells of every name in a masked file.
pub(super) fn visit(id: FileId, file: &SourceFile, hear: Hear<'_>) {
    in_order(id, file, |document| {
        if let Content::Tree(root) = &document.content {
            objects(root, hear);
        }
    });
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
            within(entry.key, "", &entry.value, hear);
        }
    }
}

fn metadata(kind: &str, node: &Node<'_>, hear: Hear<'_>) {
    let Some(map) = node.as_map() else { return };
    for entry in written(map) {
        match (entry.key, entry.value.as_str()) {
            ("name", Some(name)) => hear(Sort::of_object(kind), name, entry.value.span),
            ("annotations", _) => annotations(&entry.value, hear),
            _ => within(entry.key, "metadata", &entry.value, hear),
        }
    }
}

/// Of what may be kept, a class is a name, and where ranges of addresses belong there may be hosts.
fn annotations(node: &Node<'_>, hear: Hear<'_>) {
    let Some(map) = node.as_map() else { return };
    for entry in written(map) {
        match entry.key {
            "kubernetes.io/ingress.class" => say(Sort::Other, &entry.value, hear),
            "service.beta.kubernetes.io/load-balancer-source-ranges" => say(Sort::Host, &entry.value, hear),
            _ => {}
        }
    }
}

impl Sort {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Namespace => "namespace",
            Self::Service => "service",
            Self::Node => "node",
            Self::Host => "host",
            Self::Other => "name",
            Self::Label | Self::Key | Self::Hash | Self::Number => "label",
        }
    }

    /// The beginning of a text that may be somebody's own.
    pub(super) fn own(self, text: &str) -> &str {
        match self {
            Self::Hash | Self::Number => "",
            Self::Key => text.split_once('/').map_or("", |(domain, _)| domain),
            _ => text,
        }
    }

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
            // Where addresses belong there may be names, too.
            (
                "host"
                | "hostname"
                | "hostnames"
                | "hosts"
                | "externalName"
                | "clusterIP"
                | "clusterIPs"
                | "externalIPs"
                | "loadBalancerIP"
                | "loadBalancerSourceRanges"
                | "ip"
                | "podIP"
                | "hostIP",
                _,
            )
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
                    within(entry.key, key, &entry.value, hear);
                }
            }
        }
        Value::Map(map) if LABELS.contains(&key) => {
            for entry in written(map) {
                if matches!(entry.value.value, Value::Map(_) | Value::List(_)) {
                    within(entry.key, key, &entry.value, hear);
                    continue;
                }
                label_key(entry.key, entry.key_span, hear);
                let is_hash = HASHES.contains(&entry.key) && entry.value.as_str().is_some_and(is_hash);
                say(if is_hash { Sort::Hash } else { Sort::Label }, &entry.value, hear);
            }
        }
        Value::Map(map) => {
            for entry in written(map) {
                within(entry.key, key, &entry.value, hear);
            }
        }
        Value::List(items) => {
            for item in *items {
                match &item.value {
                    Value::Map(map) => {
                        for entry in written(map) {
                            within(entry.key, key, &entry.value, hear);
                        }
                    }
                    _ => within(key, above, item, hear),
                }
            }
        }
        // An application's protocol has a domain as the key of a label has.
        _ if key == "appProtocol" || (key == "key" && above == "matchExpressions") => {
            if let Some(text) = node.as_str() {
                label_key(text, node.span, hear);
            }
        }
        _ => {
            if let Some(sort) = Sort::of_field(key, above) {
                say(sort, node, hear);
            }
        }
    }
}

/// The entries of a map where they are written: what is merged stands in the map that it is merged from.
fn written<'m, 'a>(map: &'m Map<'a>) -> Vec<&'m Entry<'a>> {
    let mut all: Vec<&Entry<'_>> = map.entries.iter().filter(|entry| !entry.merged).collect();
    for more in map.overridden().iter().chain(map.merges()) {
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

/// Tells of a scalar.
fn say(sort: Sort, node: &Node<'_>, hear: Hear<'_>) {
    match &node.value {
        Value::String(text) => hear(sort, text, node.span),
        Value::Int(_) | Value::Uint(_) | Value::Float(_) => hear(Sort::Number, "", node.span),
        _ => {}
    }
}

/// Whether a text is such a hash: a number, in digits or in the letters that Kubernetes writes it with.
///
/// <https://github.com/kubernetes/apimachinery/blob/v0.34.1/pkg/util/rand/rand.go> (`SafeEncodeString`)
fn is_hash(text: &str) -> bool {
    (1..=10).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit() || b"bcdf".contains(&c))
}

/// Domains of Kubernetes and its tools, which give labels their names.
fn is_kubernetes(domain: &str) -> bool {
    COMMON_DOMAINS.iter().any(|common| domain == *common || domain.ends_with(&format!(".{common}")))
}

/// Of a key, the domain before its slash may be somebody's own.
fn label_key(key: &str, span: Span, hear: Hear<'_>) {
    if key.split_once('/').is_some_and(|(prefix, _)| !is_kubernetes(prefix)) {
        hear(Sort::Key, key, span);
    }
}
