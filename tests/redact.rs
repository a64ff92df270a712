//! Masking keeps what wiring needs where it was, and nothing else.

mod common;

use common::{corpus_files, manifests, mutated, soup};
use podwire::source::redact::redact;
use podwire::source::split::{Content, Document, documents};
use podwire::source::{Arena, Map, Node, SourceFile, Value, What};
use proptest::prelude::*;

fn file(text: &str) -> SourceFile {
    SourceFile::new("-", text.as_bytes().to_vec())
}

/// The masked text of bytes, checked: as many lines, masked again the same, and what is kept equal by path, value and line.
fn check(bytes: &[u8]) -> String {
    let original = SourceFile::new("-", bytes.to_vec());
    let text = redact(0, &original);
    let masked = file(&text);
    let shown = || format!("--- original\n{}\n--- masked\n{text}\n---", original.text());
    assert_eq!(masked.line_count(), original.line_count(), "{}", shown());
    assert_eq!(redact(0, &masked), text, "masked twice\n{}", shown());
    let arena = Arena::new();
    let (before, after) = (documents(0, &original, &arena), documents(0, &masked, &arena));
    let after = trees(&after);
    let before = trees(&before);
    assert_eq!(before.len(), after.len(), "{}", shown());
    for ((before, one), (after, other)) in before.into_iter().zip(after) {
        let problem = same(&original, one, &masked, other, "").err();
        assert_eq!(problem, None, "{}", shown());
        assert_eq!(duplicates(&original, before), duplicates(&masked, after), "{}", shown());
    }
    text
}

fn trees<'a, 'd>(documents: &'a [Document<'d>]) -> Vec<(&'a Document<'d>, &'a Node<'d>)> {
    let tree = |document: &'a Document<'d>| match &document.content {
        Content::Tree(node) => Some((document, node)),
        _ => None,
    };
    documents.iter().filter_map(tree).collect()
}

fn duplicates(file: &SourceFile, document: &Document<'_>) -> Vec<u32> {
    let duplicates = document.problems.iter().filter(|problem| matches!(problem.what, What::DuplicateKey(_)));
    duplicates.map(|problem| file.place(problem.span).line).collect()
}

/// Whether a masked tree is its original with nothing moved: every key and scalar is equal or a mask.
fn same(
    from: &SourceFile,
    one: &Node<'_>,
    to: &SourceFile,
    other: &Node<'_>,
    path: &str,
) -> Result<(), String> {
    let lines = (from.place(one.span).line, to.place(other.span).line);
    let is_block_list = matches!(one.value, Value::List(_)) || matches!(one.value, Value::Map(_));
    if lines.0 != lines.1 && !is_block_list {
        return Err(format!("{path}: line {} became {}", lines.0, lines.1));
    }
    match (&one.value, &other.value) {
        (Value::Map(one), Value::Map(other)) if !is_skeleton(one, other) => {
            if one.entries.len() != other.entries.len() {
                return Err(format!("{path}: {} entries became {}", one.entries.len(), other.entries.len()));
            }
            for (one, other) in one.entries.iter().zip(other.entries) {
                let path = format!("{path}.{}", one.key);
                let lines = (from.place(one.key_span).line, to.place(other.key_span).line);
                if one.key != other.key && !is_masked_key(other.key) || lines.0 != lines.1 {
                    return Err(format!("{path}: became {} on line {}", other.key, lines.1));
                }
                same(from, &one.value, to, &other.value, &path)?;
            }
            Ok(())
        }
        (Value::List(one), Value::List(other)) if one.len() == other.len() => one
            .iter()
            .zip(*other)
            .enumerate()
            .try_for_each(|(i, (one, other))| same(from, one, to, other, &format!("{path}[{i}]"))),
        // Of a masked list only items with keys that are written twice are left.
        (Value::List(_), Value::List(items))
            if items.len() < 3 || items.iter().all(|item| item.as_str().is_none()) =>
        {
            Ok(())
        }
        (Value::Map(_), Value::Map(_)) => Ok(()),
        (one, other) if one == other => Ok(()),
        (Value::String(_), Value::String(text)) if *text == "masked" => Ok(()),
        (Value::Bool(_), Value::Bool(false))
        | (Value::Int(_) | Value::Uint(_) | Value::Float(_), Value::Int(0)) => Ok(()),
        (one, other) => Err(format!("{path}: {one:?} became {other:?}")),
    }
}

/// A masked map shows only the keys that are written twice.
fn is_skeleton(one: &Map<'_>, other: &Map<'_>) -> bool {
    one.entries.len() > other.entries.len() && other.entries.iter().all(|entry| is_masked_key(entry.key))
}

fn is_masked_key(key: &str) -> bool {
    key.strip_prefix("masked").is_some_and(|number| number.parse::<usize>().is_ok())
}

#[test]
fn the_golden_manifests_are_masked() {
    for manifest in manifests() {
        check(manifest.as_bytes());
    }
}

#[test]
fn real_manifests_are_masked() {
    let files = corpus_files();
    for (_, bytes, _) in &files {
        check(bytes);
    }
    println!("{} files masked", files.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: common::cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_masked(bytes: Vec<u8>) {
        check(&bytes);
    }

    #[test]
    fn any_text_is_masked(text in soup()) {
        check(text.as_bytes());
    }

    #[test]
    fn any_mutated_manifest_is_masked(bytes in mutated()) {
        check(&bytes);
    }
}

const SECRET: &str = "c4n4ry";

/// Manifests with a secret in every sort of place that must not be kept.
const SECRETS: &[&str] = &[
    "# c4n4ry\napiVersion: v1 # c4n4ry\nkind: Secret\nmetadata: {name: s}\ndata: {c4n4ry: c4n4ry}\nstringData:\n  c4n4ry: |\n    c4n4ry\n    c4n4ry\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: s\n  labels: {c4n4ry: a, b: c4n4ry}\n  annotations:\n    c4n4ry: x\n    y: c4n4ry\ndata: {\"c4n4ry\": 'c4n4ry'}\nbinaryData: {c4n4ry: [c4n4ry]}\n",
    "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: c4n4ry\nstringData: [c4n4ry, {c4n4ry: c4n4ry}]\n",
    "apiVersion: v1\nkind: Secret\nmetadata: {name: s, labels: c4n4ry, annotations: [c4n4ry]}\ndata: {a: 1, a: c4n4ry}\nc4n4ry: c4n4ry\nspec: c4n4ry\n",
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{\"c4n4ry\":\"c4n4ry\"}'\n    kubernetes.io/ingress.class: {c4n4ry: c4n4ry}\n  managedFields: [{c4n4ry: c4n4ry}]\nspec:\n  c4n4ry: c4n4ry\n  volumes: [{name: c4n4ry, secret: {secretName: c4n4ry}}]\n  serviceAccountName: c4n4ry\n  imagePullSecrets: [{name: c4n4ry}]\n  containers:\n  - name: c\n    image: c4n4ry\n    args: [c4n4ry, \"--password=c4n4ry\"]\n    command:\n    - c4n4ry\n    env:\n    - name: c4n4ry\n      value: c4n4ry\n    - {name: c4n4ry, valueFrom: {secretKeyRef: {name: c4n4ry, key: c4n4ry}}}\n    - c4n4ry\n    envFrom: [{secretRef: {name: c4n4ry}}]\n    volumeMounts: [{name: c4n4ry, mountPath: /c4n4ry}]\n    readinessProbe: {httpGet: {path: /c4n4ry, port: 80, host: c4n4ry, httpHeaders: [{name: c4n4ry, value: c4n4ry}]}}\n    livenessProbe: {exec: {command: [c4n4ry]}}\n    lifecycle: {postStart: {exec: {command: [c4n4ry]}}}\n    ports:\n    - containerPort: {c4n4ry: c4n4ry}\n      name: [c4n4ry]\n      c4n4ry: c4n4ry\n      protocol: {a: c4n4ry, a: c4n4ry}\nstatus:\n  message: c4n4ry\n  podIP: [c4n4ry]\n  conditions: [{type: Ready, status: 'False', reason: c4n4ry, message: c4n4ry}]\n  containerStatuses: [{image: c4n4ry}]\n",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, labels: {c4n4ry: c4n4ry}}\nspec:\n  selector: {matchLabels: [c4n4ry], c4n4ry: c4n4ry}\n  template:\n    metadata: {annotations: {c4n4ry: c4n4ry}}\n    spec: c4n4ry\n",
    "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w, c4n4ry: c4n4ry}\nspec: {c4n4ry: c4n4ry, template: c4n4ry}\nc4n4ry: [c4n4ry]\n",
    "apiVersion: example.com/v1\nkind: Rollout\nmetadata: {name: w}\nspec:\n  c4n4ry: c4n4ry\n  selector: {matchLabels: {c4n4ry: c4n4ry}}\n  template: {c4n4ry: c4n4ry, spec: {containers: [{name: c, c4n4ry: c4n4ry}]}}\n",
    "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: s}\nspec:\n  encryptedData: {c4n4ry: c4n4ry}\n  template: {metadata: {name: c4n4ry, labels: {c4n4ry: c4n4ry}}, spec: {hostname: c4n4ry}}\n",
    "apiVersion: v1\nkind: Service\nmetadata: {name: s, labels: {a: c4n4ry}}\nspec:\n  c4n4ry: c4n4ry\n  ports: [{port: 80, c4n4ry: c4n4ry}, c4n4ry]\n  selector: {a: [c4n4ry], b: {c4n4ry: c4n4ry}}\n  type: {c4n4ry: c4n4ry}\n  externalIPs: [[c4n4ry], {c4n4ry: c4n4ry}]\n",
    "apiVersion: v1\nkind: List\nc4n4ry: c4n4ry\nmetadata: {c4n4ry: c4n4ry}\nitems:\n- c4n4ry\n- [c4n4ry]\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: s}\n  data: {c4n4ry: c4n4ry}\n- apiVersion: v1\n  kind: List\n  items: [{apiVersion: v1, kind: Secret, data: {c4n4ry: c4n4ry}}]\n",
    "apiVersion: v1\nkind: SecretList\nitems:\n- metadata: {name: s}\n  data: {c4n4ry: c4n4ry}\n",
    "apiVersion: v1\nkind: Service\nitems: c4n4ry\nspec: {selector: {c4n4ry: c4n4ry}}\n",
    "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"s\"}, \"data\": {\"c4n4ry\": \"c4n4ry\"}}\n{\"c4n4ry\": 1}\n[\"c4n4ry\"]\n\"c4n4ry\"\n",
    "{\"c4n4ry\": \"c4n4ry\",}\n{\"a\": 1}\n",
    "--- # c4n4ry\na: &c4n4ry c4n4ry\nb: *c4n4ry\nc: !c4n4ry x\n<<: {c4n4ry: c4n4ry}\n---!c4n4ry\nc4n4ry: [\n---c4n4ry: c4n4ry\nx: c4n4ry\n",
    "a: b\n...\nc4n4ry: c4n4ry\n",
    "%c4n4ry\na: b\n",
    "c4n4ry\n",
    "- c4n4ry\n- c4n4ry: c4n4ry\n",
    "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: &a\n  c4n4ry: c4n4ry\nstringData: *a\nspec:\n  <<: *a\n  c4n4ry: 1\nstatus: {<<: [*a], conditions: *a}\n",
    "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec:\n  <<: {c4n4ry: c4n4ry, type: [c4n4ry]}\n  ports:\n  - <<: &p {c4n4ry: c4n4ry, port: 80}\n  - *p\n",
    "{{ c4n4ry }}\n",
    "NAME  AGE\nc4n4ry  5d\n",
    "apiVersion: v1 kind: Secret metadata: {name: c4n4ry} data: c4n4ry",
    "Name: c4n4ry\nNamespace: c4n4ry\n",
    "? c4n4ry\n: c4n4ry\n? |\n  c4n4ry\n: - c4n4ry\n",
    "c4n4ry: 1\nc4n4ry: 2\nvalues:\n  c4n4ry: 1\n  c4n4ry: 2\n",
];

#[test]
fn secrets_are_never_kept() {
    for text in SECRETS {
        let masked = check(text.as_bytes());
        assert!(!masked.contains(SECRET), "{text}\n---\n{masked}");
        // And in other line ends, and within a list.
        let masked = check(text.replace('\n', "\r\n").as_bytes());
        assert!(!masked.contains(SECRET), "{text}\n---\n{masked}");
        let masked = check(text.replace('\n', "\r").as_bytes());
        assert!(!masked.contains(SECRET), "{text}\n---\n{masked}");
    }
    let invalid = [
        b"a: \xff c4n4ry\n---\nb: 1\n".to_vec(),
        b"c4n4ry\0\0\0\0\0\0\0\0\0\0\0\n---\nc4n4ry: c4n4ry".to_vec(),
    ];
    for bytes in invalid {
        assert!(!check(&bytes).contains(SECRET));
    }
}

/// What is kept, and how it looks.
#[test]
fn what_wiring_needs_is_kept() {
    for (text, masked) in [
        (
            "# c\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  labels: {a: b}\nspec:\n  selector: &s\n    app: web\n  ports:\n  - port: 0x50 # c\n    targetPort: \"http\"\n    x: y\n  type: |\n    NodePort\n",
            "\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  labels: {masked1: \"masked\"}\nspec:\n  selector:\n    app: web\n  ports:\n  - port: 0x50\n    targetPort: \"http\"\n    masked1: false\n  type: \"NodePort\\n\"\n\n",
        ),
        (
            "---\nkind: Pod\napiVersion: v1\nmetadata: {labels: {a: 'b',\n    c: \"d\"}}\nspec:\n  hostNetwork: yes\n  containers: [{name: c, ports: [{containerPort: 80.0}],\n    image: i}]\n",
            "---\nkind: Pod\napiVersion: v1\nmetadata: {labels: {a: 'b',\n    c: \"d\"}}\nspec:\n  hostNetwork: yes\n  containers: [{name: c, ports: [{containerPort: 80.0}],\n    image: \"masked\"}]\n",
        ),
        (
            "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"Secret\",\n  \"data\": {\"a\": \"b\", \"c\": 1}, \"type\": null\n}\n",
            "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"Secret\",\n  \"data\": {\"masked1\": \"masked\", \"masked2\": 0}, \"type\": null\n}\n",
        ),
        (
            "x: &p {port: 80, b: c}\napiVersion: v1\nkind: Service\nspec:\n  ports:\n  - *p\n  - <<: *p\n    port: 81\n",
            "masked1: {}\napiVersion: v1\nkind: Service\nspec:\n  ports:\n  - {port: 80, masked1: \"masked\"}\n  - <<: {port: 80, masked1: \"masked\"}\n    port: 81\n",
        ),
        (
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: 1\n  b: 2\n  a: 3\nx: {c: 1,\n  c: 2}\n",
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  masked1: 0\n  masked2: 0\n  masked1: 0\nmasked1: {masked1: 0,\n  masked1: 0}\n",
        ),
        (
            "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: c, annotations: {ingressclass.kubernetes.io/is-default-class: \"true\", kubernetes.io/ingress.class: a}}\n",
            "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: c, annotations: {ingressclass.kubernetes.io/is-default-class: \"true\", masked1: \"masked\"}}\n",
        ),
        (
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i, annotations: {kubernetes.io/ingress.class: a, service.kubernetes.io/topology-mode: Auto}}\n",
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i, annotations: {kubernetes.io/ingress.class: a, masked1: \"masked\"}}\n",
        ),
        (
            "apiVersion: v1\nkind: Secret\nmetadata: {name: s, annotations: {service.beta.kubernetes.io/load-balancer-source-ranges: 10.0.0.0/8, podwire.dev/ignore: x}}\n",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: s, annotations: {masked1: \"masked\", podwire.dev/ignore: x}}\n",
        ),
        (
            "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g, annotations: {networking.gke.io/certmap: m}}\n",
            "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g, annotations: {networking.gke.io/certmap: \"masked\"}}\n",
        ),
        ("a: b\n...\nc: d\n", "masked1: \"masked\"\n...\nmasked\n"),
        (
            "apiVersion: v1\nkind: X\n---!\nmetadata: {name: &n a, b: *n, namespace: *n}\nkind: X\n",
            "apiVersion: v1\nkind: X\n---\nmetadata: {name: a, masked1: \"masked\", namespace: a}\nkind: X\n",
        ),
        (
            "# c\n{apiVersion: v1, kind: Pod, metadata: {name: 0x50}, spec: {hostNetwork: yes}}",
            "\n{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": 80}, \"spec\": {\"hostNetwork\": true}}",
        ),
    ] {
        assert_eq!(check(text.as_bytes()), masked, "{text}");
    }
}

/// Fields that wiring needs, each with the kinds it is of.
const NEEDED: &[(&str, &str)] = &[
    ("*", "apiVersion"),
    ("*", "kind"),
    ("*", "metadata.name"),
    ("*", "metadata.namespace"),
    ("Service", "spec.type"),
    ("Service", "spec.clusterIP"),
    ("Service", "spec.selector.*"),
    ("Service", "spec.ports.[].name"),
    ("Service", "spec.ports.[].port"),
    ("Service", "spec.ports.[].targetPort"),
    ("Service", "spec.ports.[].nodePort"),
    ("Service", "spec.ports.[].protocol"),
    ("Pod", "metadata.labels.*"),
    ("Pod", "spec.containers.[].ports.[].containerPort"),
    ("Deployment", "spec.replicas"),
    ("Deployment", "spec.selector.matchLabels.*"),
    ("Deployment", "spec.template.metadata.labels.*"),
    ("Deployment", "spec.template.spec.containers.[].name"),
    ("Deployment", "spec.template.spec.containers.[].ports.[].name"),
    ("Deployment", "spec.template.spec.containers.[].ports.[].containerPort"),
    ("Deployment", "spec.template.spec.containers.[].readinessProbe.httpGet.port"),
    ("StatefulSet", "spec.serviceName"),
    ("StatefulSet", "spec.template.metadata.labels.*"),
    ("DaemonSet", "spec.template.spec.containers.[].ports.[].hostPort"),
    ("ReplicationController", "spec.selector.*"),
    ("Job", "spec.completions"),
    ("CronJob", "spec.jobTemplate.spec.template.metadata.labels.*"),
    ("Ingress", "spec.rules.[].host"),
    ("Ingress", "spec.rules.[].http.paths.[].path"),
    ("Ingress", "spec.rules.[].http.paths.[].backend.service.name"),
    ("Ingress", "spec.rules.[].http.paths.[].backend.service.port.number"),
];

fn find<'n>(node: &'n Node<'n>, path: &[&str], out: &mut Vec<&'n Node<'n>>) {
    match (path, &node.value) {
        ([], Value::List(_) | Value::Map(_)) => {}
        ([], _) => out.push(node),
        (["[]", rest @ ..], Value::List(items)) => items.iter().for_each(|item| find(item, rest, out)),
        (["*", rest @ ..], Value::Map(map)) => {
            map.entries.iter().for_each(|entry| find(&entry.value, rest, out));
        }
        ([key, rest @ ..], Value::Map(map)) => {
            map.get(key).into_iter().for_each(|node| find(node, rest, out));
        }
        _ => {}
    }
}

fn needed(file: &SourceFile) -> Vec<(String, String, u32)> {
    let mut found = Vec::new();
    let arena = Arena::new();
    for document in documents(0, file, &arena) {
        let Content::Tree(root) = document.content else { continue };
        let items = root.as_map().and_then(|map| map.get("items")).and_then(Node::as_list);
        for object in items.unwrap_or(std::slice::from_ref(&root)) {
            let text = |key| object.as_map().and_then(|map| map.get(key)).and_then(Node::as_str);
            // Of a kind that Kubernetes does not know only the name is kept.
            let versions = ["v1", "apps/v1", "batch/v1", "networking.k8s.io/v1"];
            let is_known = text("apiVersion").is_some_and(|version| versions.contains(&version));
            let Some(kind) = text("kind").filter(|_| is_known) else { continue };
            for (_, path) in NEEDED.iter().filter(|(of, _)| kind == *of || *of == "*" && !kind.is_empty()) {
                let mut nodes = Vec::new();
                find(object, &path.split('.').collect::<Vec<_>>(), &mut nodes);
                found.extend(nodes.into_iter().map(|node| {
                    (format!("{kind} {path}"), format!("{:?}", node.value), file.place(node.span).line)
                }));
            }
        }
    }
    found
}

#[test]
fn needed_fields_stay_with_value_and_line() {
    let real = corpus_files();
    let manifests = manifests();
    let all = manifests.iter().map(String::as_bytes).chain(real.iter().map(|(_, bytes, _)| &bytes[..]));
    let mut count = 0;
    for bytes in all {
        let original = SourceFile::new("-", bytes.to_vec());
        let masked = file(&redact(0, &original));
        let before = needed(&original);
        count += before.len();
        let after = needed(&masked);
        let without_null = |found: Vec<(String, String, u32)>| -> Vec<_> {
            found.into_iter().filter(|(_, value, _)| value != "Null").collect()
        };
        assert_eq!(without_null(before), without_null(after), "{}", original.text());
    }
    println!("{count} fields kept");
    assert!(count > 500);
}

/// What Unicode has nobody draw, and what turns its neighbours around, is written as an escape and read as the same.
#[test]
fn what_is_unseen_is_kept_as_an_escape() {
    for unseen in
        ['\u{ad}', '\u{200b}', '\u{202e}', '\u{2066}', '\u{fe0f}', '\u{feff}', '\u{1d173}', '\u{e0041}']
    {
        let name = format!("a{unseen}b");
        for text in [
            format!("apiVersion: v1\nmetadata:\n  namespace: {name}\n  name: web\nkind: Service\n"),
            format!("apiVersion: v1\nmetadata:\n  namespace: '{name}'\n  name: web\nkind: Service\n"),
            format!("apiVersion: v1\nmetadata:\n  namespace: |-\n    {name}\n  name: web\nkind: Service\n"),
            format!(
                "{{\"apiVersion\":\"v1\",\"kind\":\"Service\",\n\"metadata\":{{\"namespace\":\"{name}\",\"name\":\"web\"}}}}\n"
            ),
        ] {
            let masked = check(text.as_bytes());
            assert!(!masked.contains(unseen), "{masked:?}");
            let masked = file(&masked);
            let arena = Arena::new();
            let documents = documents(0, &masked, &arena);
            let mut found = Vec::new();
            find(trees(&documents)[0].1, &["metadata", "namespace"], &mut found);
            assert!(matches!(&found[0].value, Value::String(kept) if *kept == name), "{}", masked.text());
        }
    }
}

#[test]
fn masks_tell_nothing_of_length() {
    let secret = |value: &str, items: &str| {
        let text = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n  - name: c\n    image: {value}\n    args: [{items}]\n    x: {{a: {items}}}\n"
        );
        check(text.as_bytes())
    };
    assert_eq!(secret("a", "[b]"), secret("a-much-longer-one", "[b, c, [d, e], \"f\"]"));
}

#[test]
fn deep_and_large_texts_are_masked_in_proportion() {
    let texts = [
        format!("spec: {}1{}", "[".repeat(490), "]".repeat(490)),
        format!("spec: {}b: 1, b: 2{}", "{a: ".repeat(490) + "{", "}".repeat(491)),
        format!("x: {{items: {}{{b: 1, b: 2}}{}}}", "[".repeat(490), "]".repeat(490)),
        format!("apiVersion: v1\nkind: Service\nspec: {{externalIPs: [{}]}}\n", "a,\n".repeat(100_000)),
        format!("apiVersion: v1\nkind: List\nitems:\n{}", "- a\n".repeat(100_000)),
        (0..245).fold("apiVersion: v1\nkind: List\nitems:\n".to_owned(), |text, i| {
            format!("{text}{}- kind: List\n{0}  items:\n", " ".repeat(i * 2))
        }),
        format!(
            "apiVersion: v1\nkind: ConfigMap\ndata:\n{}",
            (0..100_000).map(|i| " ".to_owned() + &i.to_string() + ": x\n").collect::<String>()
        ),
        format!("apiVersion: v1\nkind: ConfigMap\ndata: {{{}}}", "a: x, ".repeat(100_000)),
        "---\na: b\n".repeat(50_000),
        "{\"a\": 1}\n".repeat(50_000),
    ];
    for text in texts {
        let masked = redact(0, &file(&text));
        assert!(masked.len() < 10 * text.len() + 1_000, "{} {}", text.len(), masked.len());
    }
}
