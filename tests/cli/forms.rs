//! The forms that findings are written in.

use super::{BAD, GOOD, Value, code, folder, json, out, run};

/// A selector a letter off, which has a fix; and a finding that its object does not want to hear.
const SLIP: &str = "apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: wbe}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: legacy, annotations: {podwire.dev/ignore: 'selectorless-service, no-pod-ready'}}
spec: {ports: [{port: 3306}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]}
";

#[test]
fn pull_requests_are_told_in_commands() {
    let files = folder(&[("k8s/50%,a:b.yaml", BAD), ("k8s/good.yaml", GOOD)]);
    let github = run(files.path(), &["check", "k8s", "--format", "github"], "");
    let first = out(&github).lines().next().expect("a line").to_owned();
    assert_eq!(
        first.split("::").nth(1),
        Some(
            "error file=k8s/50%25%2Ca%3Ab.yaml,line=4,endLine=4,col=63,endColumn=65,title=target-port-name-missing"
        )
    );
    assert!(first.contains("named \"pg\" in Pod \"web\"%0A"), "{first}");
    // GitHub looks for the file by the letters of its path.
    for path in ["./k8s", "k8s//", "./././/k8s/."] {
        let same = run(files.path(), &["check", path, "--format", "github"], "");
        assert_eq!(out(&same), out(&github), "{path}");
    }
}

#[test]
fn sarif_agrees_with_its_schema() {
    let mut schema: Value =
        serde_json::from_str(include_str!("../sarif/sarif-schema-2.1.0.json")).expect("the schema is JSON");
    // The pattern of languages has a bracket too many, which only some engines overlook; nothing here says a language.
    for part in ["run", "toolComponent"] {
        let language = schema["definitions"][part]["properties"]["language"].as_object_mut();
        language.expect("the schema has languages").remove("pattern");
    }
    let options = jsonschema::options().should_validate_formats(true);
    let validator = options.build(&schema).expect("the schema is one");
    let every: Vec<&str> = podwire::rules::RULES.iter().map(|rule| rule.fires).collect();
    let every = every.join("---\n");
    let files =
        folder(&[("k8s/bad,1.yaml", BAD), ("slip.yaml", SLIP), ("every.yaml", &every), ("x.json", "{}")]);
    let files = files.path();
    for args in [&["k8s", "slip.yaml"][..], &["./every.yaml"], &["slip.yaml", "x.json"], &["-"]] {
        let args: Vec<&str> = ["check", "--format", "sarif"].iter().chain(args).copied().collect();
        let said = json(&run(files, &args, SLIP));
        let wrong: Vec<String> = validator
            .iter_errors(&said)
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{args:?}: {wrong:#?}");
    }
}

#[test]
fn sarif_has_places_rules_fixes_and_what_was_suppressed() {
    let files = folder(&[("k8s/bad,1.yaml", BAD), ("k8s/slip é.yaml", SLIP)]);
    let sarif = json(&run(files.path(), &["check", "k8s", "--format", "sarif"], ""));
    let driver = &sarif["runs"][0]["tool"]["driver"];
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let of =
        |rule: &str| results.iter().find(|result| result["ruleId"] == rule).expect("a result of the rule");
    for result in results {
        let rule = &driver["rules"][result["ruleIndex"].as_u64().expect("a number") as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["helpUri"].as_str().is_some_and(|uri| uri.starts_with("https://")), "{rule}");
    }
    let place = &of("target-port-name-missing")["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "k8s/bad%2C1.yaml");
    assert_eq!(place["artifactLocation"]["uriBaseId"], "SRCROOT");
    assert_eq!((&place["region"]["startLine"], &place["region"]["startColumn"]), (&4.into(), &63.into()));
    let change = &of("selector-matches-nothing")["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "k8s/slip%20%C3%A9.yaml");
    let replacement = &change["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "web");
    assert_eq!(
        (&replacement["deletedRegion"]["startColumn"], &replacement["deletedRegion"]["endColumn"]),
        (&24.into(), &27.into())
    );
    let ignored: Vec<&Value> = results.iter().filter(|result| result["suppressions"].is_array()).collect();
    assert_eq!(ignored.len(), 1);
    assert_eq!(ignored[0]["ruleId"], "selectorless-service");
    assert_eq!(ignored[0]["suppressions"][0]["kind"], "inSource");
}

#[test]
fn what_objects_do_not_want_to_hear_is_counted_and_shown_as_such() {
    let files = folder(&[("slip.yaml", SLIP), ("quiet.yaml", &SLIP.replace("wbe", "web"))]);
    let human = run(files.path(), &["check", "slip.yaml"], "");
    assert!(
        out(&human).contains("suppressed: hint[selectorless-service] at slip.yaml:8:"),
        "{}",
        out(&human)
    );
    assert!(!out(&human).contains("hint[selectorless-service]:"), "{}", out(&human));
    let read = json(&run(files.path(), &["check", "slip.yaml", "--format", "json"], ""));
    assert_eq!(read["suppressed"], 1);
    assert_eq!(read["suppressedFindings"][0]["rule"], "selectorless-service");
    let github = run(files.path(), &["check", "slip.yaml", "--format", "github"], "");
    assert!(!out(&github).contains("selectorless-service"), "{}", out(&github));
    assert_eq!(code(&run(files.path(), &["check", "quiet.yaml", "--fail-on", "hint"], "")), 0);
}

#[test]
fn a_very_long_line_is_shown_around_its_place() {
    let pods = "x".repeat(4_000);
    let text = format!(
        "{{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{{\"name\":\"{pods}\"}},\"items\":[{{\"apiVersion\":\"v1\",\
         \"kind\":\"Service\",\"metadata\":{{\"name\":\"web\"}},\"spec\":{{\"type\":\"nodeport\",\"ports\":[{{\"port\":80}}]}}}}]}}"
    );
    let output = run(&std::env::temp_dir(), &["check", "-"], &text);
    let longest = out(&output).lines().map(|line| line.chars().count()).max();
    assert!(longest < Some(200), "{}", out(&output));
    assert!(out(&output).contains("\"type\":\"nodeport\""), "{}", out(&output));
}
