//! A manifest as this test reads it: what Services, pods and Ingresses say of each other, and where in the text.
//!
//! It follows Kubernetes' documentation in a few lines of its own and asks neither `kinds` nor `wiring`, so that what is
//! expected of the analysis never comes from the analysis.

use std::ops::Range;

use podwire::source::split::{Content, documents};
use podwire::source::{Arena, Map, Node, SourceFile, Style, Value};

/// A scalar that may be written anew where it stands: no alias, no anchor, no lines of its own.
#[derive(Debug, Clone)]
pub(crate) struct Scalar {
    pub(crate) value: String,
    /// The value without its quotes.
    pub(crate) at: Range<usize>,
}

#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) at: Option<Scalar>,
}

#[derive(Debug, Default)]
pub(crate) struct Manifest {
    pub(crate) services: Vec<Service>,
    pub(crate) pods: Vec<Pods>,
    pub(crate) backends: Vec<Backend>,
}

#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) name: Scalar,
    pub(crate) namespace: String,
    pub(crate) namespace_at: Option<Scalar>,
    pub(crate) kind: String,
    pub(crate) selector: Vec<Pair>,
    pub(crate) ports: Vec<ServicePort>,
}

#[derive(Debug)]
pub(crate) struct ServicePort {
    pub(crate) name: String,
    pub(crate) number: String,
    pub(crate) number_at: Option<Scalar>,
    pub(crate) protocol: String,
    pub(crate) protocol_at: Option<Scalar>,
    /// The name or number; the number of `port` where there is none.
    pub(crate) target: String,
    pub(crate) target_is_name: bool,
    pub(crate) target_at: Option<Scalar>,
    pub(crate) node_port_at: Option<Scalar>,
}

/// Pods that are alike.
#[derive(Debug)]
pub(crate) struct Pods {
    pub(crate) name: String,
    pub(crate) namespace: String,
    pub(crate) namespace_at: Option<Scalar>,
    pub(crate) labels: Vec<Pair>,
    /// What the workload's own selector asks of them, where Kubernetes holds it to that.
    pub(crate) match_labels: Vec<Pair>,
    pub(crate) ports: Vec<ContainerPort>,
    /// Whether there are any.
    pub(crate) some: bool,
}

#[derive(Debug)]
pub(crate) struct ContainerPort {
    pub(crate) name: String,
    pub(crate) number: String,
    pub(crate) protocol: String,
    pub(crate) protocol_at: Option<Scalar>,
    /// What to cut out of the text to remove it, and what to put there.
    pub(crate) removal: Option<(Range<usize>, &'static str)>,
}

#[derive(Debug)]
pub(crate) struct Backend {
    pub(crate) namespace: String,
    pub(crate) service: String,
    pub(crate) service_at: Option<Scalar>,
    pub(crate) port_name_at: Option<Scalar>,
}

impl Service {
    pub(crate) fn selects(&self, pods: &Pods) -> bool {
        self.kind != "ExternalName"
            && pods.namespace == self.namespace
            && carries(&pods.labels, &self.selector)
    }
}

/// Whether labels carry every pair of a selector; an empty one selects nothing.
pub(crate) fn carries(labels: &[Pair], selector: &[Pair]) -> bool {
    let has = |pair: &Pair| labels.iter().any(|label| label.key == pair.key && label.value == pair.value);
    !selector.is_empty() && selector.iter().all(has)
}

impl ServicePort {
    /// Whether a container port is what it leads to.
    pub(crate) fn leads_to(&self, port: &ContainerPort) -> bool {
        let to = if self.target_is_name { &port.name } else { &port.number };
        *to == self.target && port.protocol == self.protocol
    }
}

/// Reads a text that is known to be good.
pub(crate) fn read(text: &str) -> Manifest {
    let file = SourceFile::new("-", text.as_bytes().to_vec());
    let mut manifest = Manifest::default();
    let arena = Arena::new();
    for document in documents(0, &file, &arena) {
        if let Content::Tree(root) = &document.content {
            object(text, root, &mut manifest);
        }
    }
    manifest
}

fn object(text: &str, node: &Node<'_>, manifest: &mut Manifest) {
    let Some(map) = node.as_map() else { return };
    if let Some(items) = map.get("items").and_then(Node::as_list) {
        for item in items {
            object(text, item, manifest);
        }
        return;
    }
    let (kind, version) = (string(map, "kind"), string(map, "apiVersion"));
    match (kind.as_str(), version.as_str()) {
        ("Service", "v1") => manifest.services.extend(service(text, map)),
        ("Ingress", "networking.k8s.io/v1") => ingress(text, map, manifest),
        ("Pod", "v1") => manifest.pods.extend(pods(text, map, map, false)),
        (_, "apps/v1") => {
            let template = map.get("spec").and_then(Node::as_map).and_then(|spec| sub(spec, "template"));
            manifest.pods.extend(template.and_then(|template| pods(text, map, template, true)));
        }
        ("Job", "batch/v1") => {
            let template = map.get("spec").and_then(Node::as_map).and_then(|spec| sub(spec, "template"));
            manifest.pods.extend(template.and_then(|template| pods(text, map, template, false)));
        }
        _ => {}
    }
}

fn service(text: &str, map: &Map<'_>) -> Option<Service> {
    let (meta, spec) = (sub(map, "metadata")?, sub(map, "spec")?);
    let port = |node: &Node<'_>| {
        let map = node.as_map()?;
        let number = scalar_text(map.get("port")?);
        let target = map.get("targetPort").filter(|node| !node.is_null());
        Some(ServicePort {
            name: string(map, "name"),
            number_at: scalar(text, map, "port"),
            protocol: protocol(map),
            protocol_at: scalar(text, map, "protocol"),
            target: target.map_or_else(|| number.clone(), scalar_text),
            target_is_name: target.is_some_and(|target| target.as_str().is_some()),
            target_at: scalar(text, map, "targetPort"),
            node_port_at: scalar(text, map, "nodePort"),
            number,
        })
    };
    let ports = spec.get("ports").and_then(Node::as_list).unwrap_or_default();
    Some(Service {
        name: scalar(text, meta, "name")?,
        namespace: namespace(meta),
        namespace_at: scalar(text, meta, "namespace"),
        kind: string(spec, "type"),
        selector: sub(spec, "selector").map_or_else(Vec::new, |map| pairs(text, map)),
        ports: ports.iter().filter_map(port).collect(),
    })
}

fn pods(text: &str, map: &Map<'_>, template: &Map<'_>, held: bool) -> Option<Pods> {
    let (meta, own) = (sub(map, "metadata")?, sub(template, "metadata")?);
    let spec = sub(template, "spec")?;
    let outer = sub(map, "spec")?;
    let mut ports = Vec::new();
    for container in spec.get("containers").and_then(Node::as_list).unwrap_or_default() {
        let list = container.as_map().and_then(|container| container.get("ports"));
        let entries = list.and_then(Node::as_list).unwrap_or_default();
        for (place, entry) in entries.iter().enumerate() {
            let Some(map) = entry.as_map() else { continue };
            ports.push(ContainerPort {
                name: string(map, "name"),
                number: map.get("containerPort").map(scalar_text).unwrap_or_default(),
                protocol: protocol(map),
                protocol_at: scalar(text, map, "protocol"),
                removal: list.and_then(|list| removal(text, list, entries, place)),
            });
        }
    }
    let selector = sub(outer, "selector").and_then(|selector| sub(selector, "matchLabels")).filter(|_| held);
    let none = outer.get("replicas").is_some_and(|replicas| replicas.value == Value::Int(0));
    Some(Pods {
        name: string(meta, "name"),
        namespace: namespace(meta),
        namespace_at: scalar(text, meta, "namespace"),
        labels: sub(own, "labels").map_or_else(Vec::new, |map| pairs(text, map)),
        match_labels: selector.map_or_else(Vec::new, |map| pairs(text, map)),
        ports,
        some: !none,
    })
}

/// An entry goes with what parts it from the next or the one before; of the only one an empty list remains.
fn removal(
    text: &str,
    list: &Node<'_>,
    entries: &[Node<'_>],
    place: usize,
) -> Option<(Range<usize>, &'static str)> {
    if list.style == Style::Alias || entries.iter().any(|entry| entry.style == Style::Alias) {
        return None;
    }
    let range = |node: &Node<'_>| node.span.start as usize..node.span.end as usize;
    let this = range(&entries[place]);
    let (cut, put) = if let Some(next) = entries.get(place + 1) {
        (this.start..range(next).start, "")
    } else if place > 0 {
        (range(&entries[place - 1]).end..this.end, "")
    } else {
        // The brackets stand behind the key: below it they would need another indentation than the entry has.
        (text[..range(list).start].trim_end().len()..range(list).end, " []")
    };
    // A comment between two entries would be cut with them, and may end where the cut does.
    let behind_key = text[..cut.start].ends_with(':') || put.is_empty();
    (behind_key && !text[cut.clone()].contains('#')).then_some((cut, put))
}

fn ingress(text: &str, map: &Map<'_>, manifest: &mut Manifest) {
    let (Some(meta), Some(spec)) = (sub(map, "metadata"), sub(map, "spec")) else { return };
    let mut backends: Vec<&Map<'_>> = sub(spec, "defaultBackend").into_iter().collect();
    for rule in spec.get("rules").and_then(Node::as_list).unwrap_or_default() {
        let http = rule.as_map().and_then(|rule| sub(rule, "http"));
        for path in http.and_then(|http| http.get("paths")).and_then(Node::as_list).unwrap_or_default() {
            backends.extend(path.as_map().and_then(|path| sub(path, "backend")));
        }
    }
    for service in backends.into_iter().filter_map(|backend| sub(backend, "service")) {
        manifest.backends.push(Backend {
            namespace: namespace(meta),
            service: string(service, "name"),
            service_at: scalar(text, service, "name"),
            port_name_at: sub(service, "port").and_then(|port| scalar(text, port, "name")),
        });
    }
}

fn sub<'m, 'a>(map: &'m Map<'a>, key: &str) -> Option<&'m Map<'a>> {
    map.get(key).and_then(Node::as_map)
}

fn string(map: &Map<'_>, key: &str) -> String {
    map.get(key).and_then(Node::as_str).unwrap_or_default().to_owned()
}

fn namespace(meta: &Map<'_>) -> String {
    Some(string(meta, "namespace")).filter(|name| !name.is_empty()).unwrap_or_else(|| "default".to_owned())
}

fn protocol(map: &Map<'_>) -> String {
    Some(string(map, "protocol")).filter(|name| !name.is_empty()).unwrap_or_else(|| "TCP".to_owned())
}

fn scalar_text(node: &Node<'_>) -> String {
    match &node.value {
        Value::String(text) => text.to_string(),
        Value::Int(number) => number.to_string(),
        _ => String::new(),
    }
}

fn pairs(text: &str, map: &Map<'_>) -> Vec<Pair> {
    let pair = |entry: &podwire::source::Entry<'_>| Pair {
        key: entry.key.to_string(),
        value: scalar_text(&entry.value),
        at: standing(text, &entry.value),
    };
    map.entries.iter().map(pair).collect()
}

fn scalar(text: &str, map: &Map<'_>, key: &str) -> Option<Scalar> {
    map.get(key).and_then(|node| standing(text, node))
}

fn standing(text: &str, node: &Node<'_>) -> Option<Scalar> {
    let value = Some(scalar_text(node)).filter(|value| !value.is_empty())?;
    let mut at = node.span.start as usize..node.span.end as usize;
    if matches!(node.style, Style::SingleQuoted | Style::DoubleQuoted) {
        at = at.start + 1..at.end - 1;
    }
    let anchored = text[..at.start].trim_end_matches(['"', '\'', ' ']).split_whitespace().next_back();
    let free = !anchored.is_some_and(|word| word.starts_with(['&', '!']));
    (free && text.get(at.clone()) == Some(value.as_str())).then_some(Scalar { value, at })
}
