//! Known-good manifests of our own, from one seed each: whole applications as people write them, in every form that
//! Kubernetes reads.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::random::Random;

const APPS: &[&str] = &[
    "web",
    "api",
    "cart",
    "catalog",
    "checkout",
    "frontend",
    "backend",
    "payments",
    "search",
    "users",
    "orders",
    "gateway",
    "redis-cart",
    "inventory",
    "shipping",
    "email",
    "auth",
    "billing",
    "reports",
    "worker-ui",
    "db",
    "mq",
    "recommendations",
    "ad",
    "currency",
    "profile-service",
    "product-page",
    "ratings",
    "details",
    "reviews",
];
const TIERS: &[&str] = &["frontend", "backend", "data", "cache"];
const RELEASES: &[&str] = &["shop", "acme", "blue-shop"];
const NAMESPACES: &[&str] = &["shop", "staging", "production", "team-blue", "team-green"];

/// Name, container port, Service port and protocol.
const PORTS: &[(&str, i64, i64, &str)] = &[
    ("http", 8080, 80, "TCP"),
    ("web", 3000, 80, "TCP"),
    ("https", 8443, 443, "TCP"),
    ("grpc", 50051, 50051, "TCP"),
    ("metrics", 9090, 9090, "TCP"),
    ("admin", 9901, 9901, "TCP"),
    ("dns", 5353, 53, "UDP"),
    ("dns-tcp", 5353, 53, "TCP"),
    ("statsd", 8125, 8125, "UDP"),
    ("client", 6379, 6379, "TCP"),
    ("peer", 7000, 7000, "TCP"),
    ("pg", 5432, 5432, "TCP"),
];

/// The manifest of a seed.
pub(crate) fn manifest(seed: u64) -> String {
    let mut random = Random(seed);
    let namespaces: Vec<Option<&str>> = match random.below(4) {
        0 => vec![None],
        1 => vec![Some(random.pick(NAMESPACES))],
        2 => vec![Some("staging"), Some("production")],
        _ => vec![Some("team-blue"), Some("team-green"), Some("shop")],
    };
    // The same applications in every namespace, or others in each.
    let alike = random.once_in(2);
    let mut node_port = 30_000 + random.below(500) as i64;
    let mut objects = Vec::new();
    let mut names: Vec<&str> = APPS.to_vec();
    let mut apps: Vec<App> = Vec::new();
    for (place, namespace) in namespaces.iter().enumerate() {
        if place == 0 || !alike {
            apps = (0..2 + random.below(5)).map(|_| App::new(&mut random, &mut names)).collect();
        }
        for app in &apps {
            app.objects(&mut random, *namespace, &mut node_port, &mut objects);
        }
        if random.once_in(2) {
            objects.push(ingress(&mut random, *namespace, &apps));
        }
    }
    if random.once_in(3) {
        objects.push(json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "b"}}));
    }
    if random.once_in(2) {
        // The order of a file says nothing.
        for place in (1..objects.len()).rev() {
            objects.swap(place, random.below(place + 1));
        }
    }
    write(&mut random, &objects)
}

/// One application: a workload and the Services in front of it.
struct App {
    name: &'static str,
    kind: &'static str,
    labels: Vec<(&'static str, String)>,
    /// How many of the labels the selectors ask for.
    selected: usize,
    ports: Vec<&'static (&'static str, i64, i64, &'static str)>,
    named: bool,
    second: bool,
}

impl App {
    fn new(random: &mut Random, names: &mut Vec<&'static str>) -> Self {
        let name = names.swap_remove(random.below(names.len()));
        let labels: Vec<(&'static str, String)> = match random.below(4) {
            0 => vec![("app", name.to_owned())],
            1 => vec![("app", name.to_owned()), ("tier", random.pick(TIERS).to_owned())],
            2 => vec![
                ("app.kubernetes.io/name", name.to_owned()),
                ("app.kubernetes.io/instance", random.pick(RELEASES).to_owned()),
                ("app.kubernetes.io/component", random.pick(TIERS).to_owned()),
            ],
            _ => vec![
                ("app", random.pick(RELEASES).to_owned()),
                ("component", name.to_owned()),
                ("track", "stable".to_owned()),
            ],
        };
        // The label that tells applications apart is always among those that are asked for.
        let least = labels.iter().position(|(_, value)| value == name).map_or(1, |at| at + 1);
        let selected = least + random.below(labels.len() + 1 - least);
        let mut ports: Vec<&'static (&'static str, i64, i64, &'static str)> = Vec::new();
        for _ in 0..=random.below(3) {
            let port: &'static (&str, i64, i64, &str) = &PORTS[random.below(PORTS.len())];
            let differs =
                |other: &&(&str, i64, i64, &str)| other.0 != port.0 && (other.1, other.3) != (port.1, port.3);
            if ports.iter().all(|other| differs(other) && (other.2, other.3) != (port.2, port.3)) {
                ports.push(port);
            }
        }
        let kinds =
            ["Deployment", "Deployment", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod"];
        Self {
            name,
            kind: random.pick(&kinds),
            labels,
            selected,
            ports,
            named: !random.once_in(4),
            second: random.once_in(4),
        }
    }

    fn objects(
        &self,
        random: &mut Random,
        namespace: Option<&str>,
        node_port: &mut i64,
        objects: &mut Vec<Value>,
    ) {
        objects.push(self.service(random, namespace, self.name, node_port));
        if self.second {
            let name = format!("{}-headless", self.name);
            let mut service = self.service(random, namespace, &name, node_port);
            if let Some(spec) = service["spec"].as_object_mut() {
                spec.shift_remove("type");
                spec.insert("clusterIP".to_owned(), json!("None"));
                for port in spec["ports"].as_array_mut().into_iter().flatten() {
                    port.as_object_mut().map(|port| port.shift_remove("nodePort"));
                }
            }
            objects.push(service);
        }
        objects.push(self.workload(random, namespace));
    }

    fn service(
        &self,
        random: &mut Random,
        namespace: Option<&str>,
        name: &str,
        node_port: &mut i64,
    ) -> Value {
        let kind = random.pick(&["", "ClusterIP", "NodePort", "LoadBalancer"]);
        let ports = self.ports.iter().map(|(name, container, number, protocol)| {
            let mut port = Map::new();
            if self.ports.len() > 1 || random.once_in(2) {
                port.insert("name".to_owned(), json!(name));
            }
            if *protocol != "TCP" || random.once_in(2) {
                port.insert("protocol".to_owned(), json!(protocol));
            }
            port.insert("port".to_owned(), json!(number));
            if self.named && !random.once_in(3) {
                port.insert("targetPort".to_owned(), json!(name));
            } else if container != number || random.once_in(2) {
                port.insert("targetPort".to_owned(), json!(container));
            }
            if kind == "NodePort" || (kind == "LoadBalancer" && random.once_in(2)) {
                *node_port += 1 + random.below(7) as i64;
                port.insert("nodePort".to_owned(), json!(node_port));
            }
            Value::Object(port)
        });
        let ports: Vec<Value> = ports.collect();
        let mut spec = Map::new();
        if !kind.is_empty() {
            spec.insert("type".to_owned(), json!(kind));
        }
        spec.insert("selector".to_owned(), labels(&self.labels[..self.selected]));
        spec.insert("ports".to_owned(), Value::Array(ports));
        json!({"apiVersion": "v1", "kind": "Service", "metadata": meta(name, namespace), "spec": spec})
    }

    fn workload(&self, random: &mut Random, namespace: Option<&str>) -> Value {
        let ports: Vec<Value> = self
            .ports
            .iter()
            .map(|(name, number, _, protocol)| {
                let mut port = Map::new();
                if self.named {
                    port.insert("name".to_owned(), json!(name));
                }
                port.insert("containerPort".to_owned(), json!(number));
                if *protocol != "TCP" || random.once_in(3) {
                    port.insert("protocol".to_owned(), json!(protocol));
                }
                Value::Object(port)
            })
            .collect();
        let mut containers = vec![
            json!({"name": self.name, "image": format!("registry.example.com/{}:1.4.2", self.name), "ports": ports}),
        ];
        if random.once_in(4) {
            let sidecar = json!({"name": "proxy", "image": "envoy:v1.30", "ports": [{"name": "proxy-admin", "containerPort": 15000}]});
            let at = random.below(2);
            containers.insert(at, sidecar);
        }
        let spec = json!({"containers": containers});
        let mut template = Map::new();
        template.insert("labels".to_owned(), labels(&self.labels));
        if self.kind == "Pod" {
            let mut meta = meta(self.name, namespace);
            meta["labels"] = template["labels"].take();
            return json!({"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec});
        }
        let mut outer = Map::new();
        if !matches!(self.kind, "DaemonSet") && random.once_in(2) {
            outer.insert("replicas".to_owned(), json!(1 + random.below(4)));
        }
        if self.kind == "StatefulSet" {
            outer.insert("serviceName".to_owned(), json!(self.name));
        }
        // Some workloads ask for fewer of their labels than they give.
        let asked = if random.once_in(3) { self.selected } else { self.labels.len() };
        outer.insert("selector".to_owned(), json!({"matchLabels": labels(&self.labels[..asked])}));
        outer.insert("template".to_owned(), json!({"metadata": template, "spec": spec}));
        let mut meta = meta(self.name, namespace);
        if random.once_in(2) {
            meta["labels"] = labels(&self.labels);
        }
        json!({"apiVersion": "apps/v1", "kind": self.kind, "metadata": meta, "spec": outer})
    }
}

fn ingress(random: &mut Random, namespace: Option<&str>, apps: &[App]) -> Value {
    let paths = apps.iter().enumerate().map(|(place, app)| {
        let (name, _, number, _) = random.pick(&app.ports);
        let by_name = app.ports.len() > 1 && !random.once_in(3);
        let port = if by_name { json!({"name": name}) } else { json!({"number": number}) };
        let path = if place == 0 { "/".to_owned() } else { format!("/{}", app.name) };
        json!({"path": path, "pathType": "Prefix", "backend": {"service": {"name": app.name, "port": port}}})
    });
    let paths: Vec<Value> = paths.collect();
    let rules = json!([{"host": "shop.example.com", "http": {"paths": paths}}]);
    json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": meta("shop", namespace), "spec": {"rules": rules}})
}

fn meta(name: &str, namespace: Option<&str>) -> Value {
    match namespace {
        Some(namespace) => json!({"name": name, "namespace": namespace}),
        None => json!({"name": name}),
    }
}

fn labels(pairs: &[(&'static str, String)]) -> Value {
    Value::Object(pairs.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect())
}

/// Writes objects in one of the forms that kubectl reads.
fn write(random: &mut Random, objects: &[Value]) -> String {
    let list = || json!({"apiVersion": "v1", "kind": "List", "items": objects});
    match random.below(8) {
        0 => serde_json::to_string_pretty(&list()).unwrap_or_default(),
        1 => {
            let texts: Vec<_> =
                objects.iter().filter_map(|object| serde_json::to_string_pretty(object).ok()).collect();
            texts.join("\n")
        }
        2 => {
            let mut out = "# everything\n".to_owned();
            block(random, &list(), 0, false, &mut out);
            out
        }
        form => {
            let mut out = String::new();
            for object in objects {
                out.push_str("---\n");
                if random.once_in(3) {
                    out.push_str("# Source: chart/templates/object.yaml\n");
                }
                if form == 3 {
                    out.push_str(&flow(random, object));
                    out.push('\n');
                } else {
                    // Some are indented below their keys, as kustomize does not and people do.
                    block(random, object, 0, form == 4, &mut out);
                }
            }
            if form == 5 { out.replace('\n', "\r\n") } else { out }
        }
    }
}

/// A map or list in lines of its own.
fn block(random: &mut Random, value: &Value, indent: usize, deep: bool, out: &mut String) {
    let space = " ".repeat(indent);
    match value {
        Value::Object(map) if map.is_empty() => _ = writeln!(out, "{space}{{}}"),
        Value::Object(map) => {
            for (key, value) in map {
                let key = text(random, key);
                if is_leaf(value) || (value.to_string().len() < 60 && random.once_in(6)) {
                    let comment = if random.once_in(20) { "  # as before" } else { "" };
                    _ = writeln!(out, "{space}{key}: {}{comment}", flow(random, value));
                } else {
                    _ = writeln!(out, "{space}{key}:");
                    let deeper = if value.is_array() && !deep { indent } else { indent + 2 };
                    block(random, value, deeper, deep, out);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                let mut inner = String::new();
                block(random, item, indent + 2, deep, &mut inner);
                _ = write!(out, "{space}- {}", inner.trim_start());
            }
        }
        leaf => _ = writeln!(out, "{space}{}", flow(random, leaf)),
    }
}

fn is_leaf(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    }
}

/// A value in one line.
fn flow(random: &mut Random, value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let entries: Vec<_> = map
                .iter()
                .map(|(key, value)| format!("{}: {}", text(random, key), flow(random, value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| flow(random, item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::String(string) => text(random, string),
        other => other.to_string(),
    }
}

/// A text, in quotes now and then, and always where it must be.
fn text(random: &mut Random, string: &str) -> String {
    let plain = string.starts_with(|c: char| c.is_ascii_alphabetic())
        && string.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
    match random.below(12) {
        0 => format!("\"{string}\""),
        1 => format!("'{string}'"),
        _ if plain => string.to_owned(),
        _ => format!("\"{string}\""),
    }
}
