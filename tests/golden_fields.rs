//! Unknown fields and wrong types against the API server's own decoder: the golden YAML cases say what it found.

use std::collections::BTreeSet;

use podwire::analysis::{Analysis, analyze};
use podwire::source::SourceFile;
use serde_json::Value as Json;

fn fields<'a>(analysis: &'a Analysis, rule: &'a str) -> impl Iterator<Item = String> + 'a {
    let of_rule = analysis.findings.iter().filter(move |finding| finding.rule == rule);
    of_rule.filter_map(|finding| finding.field.clone())
}

/// The strict errors of all objects, which are `unknown field "spec.foo"`.
fn unknown(server: &[Json]) -> BTreeSet<String> {
    let errors = server.iter().filter_map(|object| object["strict_errors"].as_array()).flatten();
    let errors =
        errors.filter_map(|error| error.as_str()?.strip_prefix("unknown field \"")?.strip_suffix('"'));
    errors.map(str::to_owned).collect()
}

#[test]
fn the_api_server_finds_the_same() {
    let mut wrong = String::new();
    let (mut unknown_fields, mut wrong_types) = (0, 0);
    for line in include_str!("golden/yaml.jsonl").lines() {
        // One case nests deeper than `serde_json` goes.
        let Ok(case) = serde_json::from_str::<Json>(line) else { continue };
        let Some(server) = case["server"].as_array().filter(|_| case["ok"] == true) else { continue };
        let manifest = case["manifest"].as_str().unwrap_or_default();
        let analysis = analyze(vec![SourceFile::new("-", manifest.as_bytes().to_vec())], None);
        let ours: BTreeSet<String> = fields(&analysis, "unknown-field").collect();
        let refused =
            |object: &Json| object["error"].as_str().is_some_and(|why| why.contains("cannot unmarshal"));
        let (theirs, is_refused) = (unknown(server), server.iter().any(refused));
        let ours_too = fields(&analysis, "wrong-type").next().is_some();
        // What is refused was not looked at for unknown fields.
        if !is_refused && ours != theirs || ours_too != is_refused {
            wrong += &format!(
                "{}: {ours:?}, not {theirs:?}; refused {ours_too}, not {is_refused}\n",
                case["name"]
            );
        }
        unknown_fields += theirs.len();
        wrong_types += usize::from(is_refused);
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(
        unknown_fields > 5 && wrong_types > 20,
        "{unknown_fields} unknown fields, {wrong_types} wrong types"
    );
}

/// What is on one line of an object, and the findings about it: `!` before what has a wrong type, `?` before what is no
/// field.
#[test]
fn every_field_of_every_known_kind_is_checked() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a, WRITTEN}]}\n";
    for (object, written, wanted) in [
        (pod, "command: ls", &["!spec.containers[0].command"][..]),
        (pod, "args: [a, 1, null, true]", &["!spec.containers[0].args[1]", "!spec.containers[0].args[3]"]),
        (pod, "env: [{name: A, value: 1}]", &["!spec.containers[0].env[0].value"]),
        (pod, "env: [{name: A, value: null}]", &[]),
        (pod, "env: null", &[]),
        (pod, "resources: {limits: {cpu: 1, memory: 0.5, x: 1Gi}}", &[]),
        (pod, "resources: {limits: {cpu: 1 Gi}}", &["!spec.containers[0].resources.limits[cpu]"]),
        (pod, "resources: {limits: {cpu: true}}", &["!spec.containers[0].resources.limits[cpu]"]),
        (pod, "livenessProbe: {httpGet: {port: http}}", &[]),
        (pod, "livenessProbe: {httpGet: {port: 80.5}}", &["!spec.containers[0].livenessProbe.httpGet.port"]),
        (pod, "livenessProbe: {periodSeconds: 80.0}", &[]),
        (pod, "livenessProbe: {periodSeconds: 10s}", &["!spec.containers[0].livenessProbe.periodSeconds"]),
        (pod, "securityContext: {runAsUser: 3000000000}", &[]),
        (pod, "securityContext: {privileged: \"no\"}", &["!spec.containers[0].securityContext.privileged"]),
        (pod, "volumeMounts: {a: b}", &["!spec.containers[0].volumeMounts"]),
        (pod, "x-image: b", &["?spec.containers[0].x-image"]),
        (pod, "a b: c", &["?spec.containers[0][a b]"]),
        (pod, "$patch: delete", &[]),
        (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nWRITTEN\n",
            "data: {PORT: 80}",
            &["!data[PORT]"],
        ),
        ("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nWRITTEN\n", "data: {a: YQ==, b: null}", &[]),
        ("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nWRITTEN\n", "data: {a: hunter2}", &["!data[a]"]),
        ("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nWRITTEN\n", "a b: 1", &["?[a b]"]),
        (
            "apiVersion: coordination.k8s.io/v1\nkind: Lease\nspec: {WRITTEN}\n",
            "renewTime: 2024-01-01T00:00:00Z",
            &["!spec.renewTime"],
        ),
        ("apiVersion: example.com/v1\nkind: Widget\nspec: {WRITTEN}\n", "replicas: many", &[]),
        (
            "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Service, spec: {WRITTEN}}]\n",
            "Type: 5",
            &["?spec.Type"],
        ),
    ] {
        let text = object.replace("WRITTEN", written);
        let analysis = analyze(vec![SourceFile::new("-", text.clone().into_bytes())], None);
        let types = fields(&analysis, "wrong-type").map(|field| format!("!{field}"));
        let found: Vec<String> =
            types.chain(fields(&analysis, "unknown-field").map(|field| format!("?{field}"))).collect();
        assert_eq!(found, wanted, "{text}");
    }
}

#[test]
fn an_unknown_field_is_told_where_it_belongs() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nWRITTEN\n";
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nWRITTEN\n";
    for (object, written, wanted) in [
        (
            service,
            "spec: {selectors: {a: b}}",
            "unknown field \"spec.selectors\"; did you mean \"selector\"?",
        ),
        (service, "spec: {Ports: []}", "unknown field \"spec.Ports\"; did you mean \"ports\"?"),
        (
            service,
            "spec: {targetPort: 80}",
            "unknown field \"spec.targetPort\"; it belongs in \"spec.ports[].targetPort\"",
        ),
        (
            service,
            "spec: {nodePort: 80}",
            "unknown field \"spec.nodePort\"; it belongs in \"spec.ports[].nodePort\"",
        ),
        (service, "spec: {labels: {}}", "unknown field \"spec.labels\"; it belongs in \"metadata.labels\""),
        (
            service,
            "spec: {ports: [{type: a}]}",
            "unknown field \"spec.ports[0].type\"; it belongs in \"spec.type\"",
        ),
        (service, "ports: []", "unknown field \"ports\"; it belongs in \"spec.ports\""),
        (service, "spec: {port: 80, hello: 1}", "unknown field \"spec.hello\""),
        (
            deployment,
            "spec: {selector: {app: a}}",
            "unknown field \"spec.selector.app\"; it belongs in \"spec.selector.matchLabels[app]\"",
        ),
        (
            deployment,
            "spec: {containers: []}",
            "unknown field \"spec.containers\"; it belongs in \"spec.template.spec.containers\"",
        ),
        (
            deployment,
            "spec: {template: {spec: {replicas: 2}}}",
            "unknown field \"spec.template.spec.replicas\"; it belongs in \"spec.replicas\"",
        ),
        (
            deployment,
            "spec: {template: {spec: {labels: {a: b}}}}",
            "unknown field \"spec.template.spec.labels\"; it belongs in \"spec.template.metadata.labels\"",
        ),
        (
            deployment,
            "spec: {template: {spec: {containers: [{containerPort: 80}]}}}",
            "unknown field \"spec.template.spec.containers[0].containerPort\"; it belongs in \
             \"spec.template.spec.containers[0].ports[].containerPort\"",
        ),
    ] {
        let text = object.replace("WRITTEN", written);
        let analysis = analyze(vec![SourceFile::new("-", text.clone().into_bytes())], None);
        let said: Vec<&str> = analysis.findings.iter().map(|finding| finding.message.as_str()).collect();
        assert!(said.contains(&wanted), "{text}{said:#?}");
    }
}
