//! `compose.yaml` says nothing that the Compose specification does not know, and names nothing that it does not have.

use std::path::Path;

use jsonschema::Validator;
use serde_json::Value;

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(include_str!("compose.schema.json")).expect("JSON");
    jsonschema::meta::validate(&schema).expect("a schema");
    jsonschema::validator_for(&schema).expect("a schema")
}

/// What is wrong with a file, at which place.
fn wrong(text: &str) -> Vec<String> {
    let file: Value = serde_yaml::from_str(text).expect("YAML");
    validator().iter_errors(&file).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn it_is_as_the_specification_says_and_a_slip_is_not() {
    let text = super::read("compose.yaml");
    assert_eq!(wrong(&text), Vec::<String>::new());
    for (right, slip) in [
        ("services:\n", "service:\n"),
        ("\nname:", "\nnmae:"),
        ("read_only: true", "readonly: true"),
        ("read_only: true", "read_only: 'yes'"),
        ("mem_limit: 2g", "mem_limitt: 2g"),
        ("mem_limit: 2g", "mem_limit: 2 gigabytes"),
        ("interval: 2s", "intervall: 2s"),
        ("interval: 2s", "interval: 2 seconds"),
        ("service_healthy", "service_helthy"),
        ("cap_drop: [ALL]", "cap_drop: ALL"),
        ("test: [CMD,", "test: [COMMAND,"),
        ("restart: unless-stopped", "restart: unless_stopped"),
        ("127.0.0.1:8080:8080", "localhost:8080:8080"),
        ("depends_on:", "dependson:"),
    ] {
        assert!(text.contains(right), "{right}");
        assert!(!wrong(&text.replacen(right, slip, 1)).is_empty(), "{slip}");
    }
}

#[test]
fn what_it_names_is_there() {
    let text = super::read("compose.yaml");
    let file: Value = serde_yaml::from_str(&text).expect("YAML");
    for (name, service) in file["services"].as_object().expect("services") {
        for other in service["depends_on"].as_object().into_iter().flat_map(serde_json::Map::keys) {
            assert!(file["services"][other].is_object(), "{name} depends on {other}");
            assert!(file["services"][other]["healthcheck"].is_object(), "{name} waits for {other}");
        }
        for volume in service["volumes"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let volume = volume.split(':').next().expect("a name");
            assert!(file["volumes"].get(volume).is_some(), "{name} has {volume}");
        }
    }
    // The image is built of the Dockerfile in the folder above, which has the port and the command.
    let podwire = &file["services"]["podwire"];
    let context = podwire["build"].as_str().expect("a folder");
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(context).join("Dockerfile").exists());
    let dockerfile = super::image::instructions();
    let of = |name: &str| {
        dockerfile.iter().filter(|(known, _)| known == name).map(|(_, rest)| rest.clone()).collect::<Vec<_>>()
    };
    let port = podwire["ports"][0].as_str().and_then(|port| port.rsplit(':').next()).expect("a port");
    assert_eq!(of("EXPOSE"), [port]);
    assert!(
        podwire["environment"]["PODWIRE_LISTEN"]
            .as_str()
            .is_some_and(|listen| listen.ends_with(&format!(":{port}")))
    );
    let command: Value = serde_json::from_str(&of("CMD")[0]).expect("an array");
    assert_eq!(podwire["command"], command);
}
