//! The commands of docs/api.md, run as they stand there: against a server of the test's own, with stand-ins for `helm` and
//! `kubectl`, which print what those would.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_yaml::Value;

use crate::server::Server;

/// A document's blocks of a language, each with the line that it begins on.
pub(crate) fn blocks(document: &str, language: &str) -> Vec<(usize, String)> {
    let text = fs::read_to_string(root().join("docs").join(document)).expect("a document");
    let mut blocks = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        if line == format!("```{language}") {
            let block = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
            blocks.push((at + 2, block.collect::<Vec<_>>().join("\n")));
        }
    }
    blocks
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder like a reader's: two manifests, a folder of them, a chart, and programs that are not part of this repository.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    for name in ["k8s", "chart", "bin"] {
        fs::create_dir(at(name)).expect("a folder");
    }
    let manifest = fs::read_to_string(root().join("tests/cases/node-port/input.yaml")).expect("a case");
    for name in ["web.yaml", "cart.yaml", "k8s/web.yaml"] {
        fs::write(at(name), &manifest).expect("a file");
    }
    let dump = root().join("tests/cases/live-dump/input.yaml");
    for (name, words, prints) in [("helm", "template", at("web.yaml")), ("kubectl", "get", dump)] {
        let script = format!("#!/bin/sh\n[ \"$1\" = {words} ] || exit 2\nexec cat '{}'\n", prints.display());
        fs::write(at("bin").join(name), script).expect("a file");
        let made = Command::new("chmod").arg("+x").arg(at("bin").join(name)).status();
        assert!(made.expect("chmod runs").success());
    }
    folder
}

fn run(folder: &Path, script: &str) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_podwire")).parent().expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{}:{path}", folder.join("bin").display(), program.display());
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", script]).env("PATH", path).current_dir(folder);
    bash.output().expect("bash runs")
}

pub(crate) fn has(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        crate::skipped::skipped(format_args!("there is no {program} here"));
    }
    found
}

#[test]
fn every_command_does_what_it_says() {
    if !has("curl") || !has("jq") {
        return;
    }
    let server = Server::start("memory:");
    let folder = folder();
    let blocks = blocks("api.md", "sh");
    assert!(blocks.len() >= 9, "{} blocks", blocks.len());
    let mut before = String::new();
    for (line, block) in blocks {
        let block = block.replace("127.0.0.1:8080", &server.address.to_string());
        if block.starts_with("PODWIRE=") {
            before = block + "\n";
            continue;
        }
        let done = run(folder.path(), &format!("{before}{block}"));
        let [said, errors] =
            [done.stdout, done.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        assert!(done.status.success(), "docs/api.md:{line}: {}\n{block}\n{said}\n{errors}", done.status);
        let expected = match () {
            () if block.contains("kubectl") => "\"state\":\"observed\"",
            () if block.contains("/trace") => "reaches",
            () if block.contains("Idempotency-Key") => "deleteToken",
            () if block.contains("tar -cz") => "k8s/web.yaml",
            () if block.contains("jq -e") => "true",
            () if block.contains("--etag-compare") => "",
            () => "\"summary\"",
        };
        assert!(said.contains(expected), "docs/api.md:{line}: {said}");
    }
    let picture = fs::read_to_string(folder.path().join("wiring.svg")).expect("the picture");
    assert!(picture.starts_with("<svg"));
    let rules = fs::read_to_string(folder.path().join("rules.json")).expect("the rules");
    assert!(rules.starts_with('['), "304 leaves the file as it is");
}

#[test]
fn the_workflow_checks_and_leaves_a_report() {
    let [(line, workflow)] = <[_; 1]>::try_from(blocks("api.md", "yaml")).expect("one workflow");
    let workflow: Value = serde_yaml::from_str(&workflow).expect("YAML");
    let steps = workflow["jobs"]["podwire"]["steps"].as_sequence().expect("steps");
    let upload = steps.last().expect("a step");
    assert!(
        upload["uses"].as_str().is_some_and(|uses| uses.starts_with("github/codeql-action/upload-sarif@"))
    );
    assert_eq!(upload["if"], "always()", "the report is there although the check fails");
    let report = upload["with"]["sarif_file"].as_str().expect("a file");

    let folder = folder();
    let broken = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: wbe}, ports: [{port: 800000}]}\n";
    fs::write(folder.path().join("k8s/broken.yaml"), broken).expect("a file");
    for (name, code) in [("k8s/broken.yaml", 1), ("", 0)] {
        let mut scripts = steps.iter().filter(|step| step["name"] == "check");
        let script =
            scripts.find_map(|step| step["run"].as_str()).unwrap_or_else(|| panic!("line {line}: no check"));
        let done = run(folder.path(), script);
        assert_eq!(done.status.code(), Some(code), "{}", String::from_utf8_lossy(&done.stderr));
        let sarif = fs::read_to_string(folder.path().join(report)).expect("the report");
        let sarif: serde_json::Value = serde_json::from_str(&sarif).expect("JSON");
        let results = sarif["runs"][0]["results"].as_array().expect("results");
        assert_eq!(results.iter().any(|result| result["level"] == "error"), code == 1);
        if !name.is_empty() {
            fs::remove_file(folder.path().join(name)).expect("a file");
        }
    }
}
