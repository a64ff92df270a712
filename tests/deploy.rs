//! What `deploy/` and the Dockerfile say is true of Podwire: its settings, its port, its probes, what it is built of; and
//! Podwire finds nothing in its manifests.
#![expect(clippy::expect_used, reason = "a test stops where it fails")]

#[path = "deploy/compose.rs"]
mod compose;
#[path = "deploy/image.rs"]
mod image;
#[path = "common/skipped.rs"]
mod skipped;

use std::path::Path;
use std::process::Command;

use axum::body::Body;
use axum::http::Request;
use podwire::config::{Config, SETTINGS};
use podwire::store::Store;
use podwire::web::{AppState, router};
use serde::Deserialize as _;
use serde_yaml::Value;
use tower::ServiceExt as _;

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(name);
    std::fs::read_to_string(path).expect("a file of deploy/")
}

/// The object of a kind in `kubernetes.yaml`.
fn object(kind: &str) -> Value {
    let text = read("kubernetes.yaml");
    let objects =
        serde_yaml::Deserializer::from_str(&text).map(|each| Value::deserialize(each).expect("YAML"));
    objects.into_iter().find(|object| object["kind"] == kind).expect("an object of this kind")
}

fn container() -> Value {
    object("Deployment")["spec"]["template"]["spec"]["containers"][0].clone()
}

fn is_a_setting(name: &str) -> bool {
    SETTINGS.iter().any(|setting| setting.variable == name)
}

#[test]
fn podwire_finds_nothing_in_its_own_manifests() {
    let run = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_podwire"));
        command.args(args).current_dir(env!("CARGO_MANIFEST_DIR"));
        let output = command.output().expect("podwire runs");
        (output.status.code(), String::from_utf8(output.stdout).expect("text"))
    };
    let (code, said) = run(&["check", "deploy/kubernetes.yaml", "--fail-on", "hint"]);
    assert_eq!(
        (code, said.as_str()),
        (Some(0), "0 errors, 0 warnings, 0 hints: 1 Service among 3 objects\n")
    );
    let (_, drawn) = run(&["draw", "deploy/kubernetes.yaml", "--format", "txt"]);
    let way = "Service podwire/podwire :80 -> \"http\" -> Deployment podwire/podwire, podwire :8080\n";
    assert_eq!(drawn, format!("node :30008 -> {way}in-cluster  -> {way}"));
}

#[test]
fn settings_that_are_given_are_settings() {
    let environment = container()["env"].as_sequence().expect("env").clone();
    for variable in &environment {
        let name = variable["name"].as_str().expect("a name");
        assert!(is_a_setting(name), "kubernetes.yaml: {name}");
    }
    let compose: Value = serde_yaml::from_str(&read("compose.yaml")).expect("YAML");
    let environment =
        compose["services"]["podwire"]["environment"].as_mapping().expect("environment").clone();
    for name in environment.keys() {
        assert!(name.as_str().is_some_and(is_a_setting), "compose.yaml: {name:?}");
    }
    // Whoever runs it need not be root, and may write to its volumes alone.
    let (pod, container) = (object("Deployment")["spec"]["template"]["spec"].clone(), container());
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true);
    assert_eq!(compose["services"]["podwire"]["read_only"], true);
    for limit in ["cpu", "memory"] {
        assert!(container["resources"]["limits"][limit].is_string(), "{limit}");
    }
}

#[tokio::test]
async fn probes_ask_for_what_is_there() {
    let store = Store::open("memory:").await.expect("a store");
    let router = router(AppState::new(Config::default(), store));
    let container = container();
    for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
        let asked = &container[probe]["httpGet"];
        assert_eq!(asked["port"], container["ports"][0]["name"], "{probe}");
        let path = asked["path"].as_str().expect("a path");
        let request = Request::get(path).header("host", "localhost").body(Body::empty()).expect("a request");
        let answer = router.clone().oneshot(request).await.expect("an answer");
        assert_eq!(answer.status(), 200, "{probe}");
    }
}
