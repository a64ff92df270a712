//! The command line as a script meets it: the built program, its output and its exit codes.
#![expect(clippy::expect_used, reason = "a test may fail")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

#[path = "cli/fixes.rs"]
mod fixes;
#[path = "cli/forms.rs"]
mod forms;
#[path = "cli/terminal.rs"]
mod terminal;

const GOOD: &str = "apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]}
";

/// A port that no container names: an error. The Service without a selector beside it: a hint.
const BAD: &str = "apiVersion: v1
kind: Service
metadata: {name: db}
spec: {selector: {app: web}, ports: [{port: 5432, targetPort: pg}]}
---
apiVersion: v1
kind: Service
metadata: {name: legacy}
spec: {ports: [{port: 3306}]}
";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn run(folder: &Path, args: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_podwire"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("podwire runs");
    // A program that wants no input may be gone before it is given any.
    let _ = child.stdin.take().expect("its input").write_all(stdin.as_bytes());
    child.wait_with_output().expect("podwire ends")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("text")
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("text")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn exit_codes_say_clean_found_or_unreadable() {
    let files = folder(&[
        ("good.yaml", GOOD),
        ("bad.yaml", BAD),
        ("broken.yaml", "a: b: c\n"),
        ("blank.yaml", " \n"),
        ("empty/README.md", ""),
    ]);
    let large = fs::File::create(files.path().join("large.yaml")).unwrap();
    large.set_len((2 << 30) + 1).unwrap();
    for (args, stdin, expected) in [
        (&["check", "large.yaml"][..], "", 2),
        (&["check", "good.yaml"], "", 0),
        (&["check", "-"], GOOD, 0),
        (&["check"], GOOD, 0),
        (&["check", "good.yaml", "bad.yaml"], "", 1),
        (&["check", "bad.yaml", "--fail-on", "warning"], "", 0),
        (&["check", "bad.yaml", "--fail-on", "hint"], "", 1),
        (&["check", "bad.yaml", "--fail-on", "never"], "", 0),
        (&["check", "bad.yaml", "--dry-run"], "", 2),
        (&["check", "broken.yaml"], "", 1),
        (&["check", "absent.yaml"], "", 2),
        (&["check", "empty"], "", 2),
        (&["check", "-"], "", 2),
        (&["check", "blank.yaml"], "", 2),
        (&["check", "blank.yaml", "good.yaml"], "", 0),
        (&["draw"], "\n", 2),
        (&["check", "good.yaml", "--format", "verse"], "", 2),
        (&["check", "good.yaml", "--state", "live"], "", 2),
        (&["draw", "good.yaml", "-o", "good.doc"], "", 2),
        (&["draw", "good.yaml", "-o", "absent/good.txt"], "", 2),
        (&["sing"], "", 2),
    ] {
        let output = run(files.path(), args, stdin);
        assert_eq!(code(&output), expected, "{args:?}: {}{}", out(&output), err(&output));
        assert_eq!(expected == 2, !err(&output).is_empty(), "{args:?}: {}", err(&output));
    }
    let absent = run(files.path(), &["check", "absent.yaml"], "");
    assert!(err(&absent).starts_with("podwire: cannot read \"absent.yaml\": "), "{}", err(&absent));
    let blank = run(files.path(), &["check"], "");
    assert!(err(&blank).starts_with("podwire: nothing to read: standard input is empty"), "{}", err(&blank));
}

#[test]
fn people_see_the_line_that_it_is_about() {
    let files = folder(&[("k8s/good.yaml", GOOD), ("k8s/bad.yaml", BAD)]);
    let output = run(files.path(), &["check", "k8s"], "");
    let text = out(&output);
    for line in [
        "error[target-port-name-missing]: no container port is named \"pg\" in Pod \"web\"\n",
        " --> k8s/bad.yaml:4:63\n",
        "4 | spec: {selector: {app: web}, ports: [{port: 5432, targetPort: pg}]}\n",
        "  |                                                               ^^\n",
        "  = help: ",
        "1 error, 0 warnings, 1 hint: 3 Services among 4 objects\n",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_is_read_once_by_however_many_names_it_goes() {
    use std::os::unix::fs::symlink;
    // As Kubernetes lays a ConfigMap out.
    let files = folder(&[("cm/..1/web.yaml", GOOD)]);
    symlink("..1", files.path().join("cm/..data")).expect("a link");
    symlink("..data/web.yaml", files.path().join("cm/web.yaml")).expect("a link");
    for given in [&["cm"][..], &["cm", "cm"], &["cm/web.yaml", "cm/..1/web.yaml"]] {
        let args = [&["draw", "--format", "json"], given].concat();
        let read = json(&run(files.path(), &args, ""));
        assert_eq!(read["services"].as_array().expect("Services").len(), 1, "{given:?}");
    }
}

#[test]
fn what_describes_a_chart_is_no_manifest() {
    let chart = "apiVersion: v2\nname: web\nversion: 1.0.0\n";
    let files = folder(&[("chart/Chart.yaml", chart), ("chart/web.yaml", GOOD)]);
    let output = run(files.path(), &["check", "chart"], "");
    assert_eq!(code(&output), 0, "{}", out(&output));
    let read = json(&run(files.path(), &["draw", "chart", "--format", "json"], ""));
    assert_eq!(read["skipped"][0]["file"], "Chart.yaml");
    // Alone it was meant as one.
    assert_eq!(code(&run(files.path(), &["check", "chart/Chart.yaml"], "")), 1);
}

#[test]
fn folders_are_walked_in_order_and_names_are_relative_to_them() {
    let files =
        folder(&[("k8s/b.yml", GOOD), ("k8s/a/c.yaml", BAD), ("k8s/notes.txt", "x"), ("k8s/d.json", "{}")]);
    #[cfg(unix)]
    std::os::unix::fs::symlink(files.path().join("k8s"), files.path().join("k8s/a/round")).expect("a link");
    let read = json(&run(files.path(), &["draw", "k8s/", "--format", "json"], ""));
    let names: Vec<_> =
        read["services"].as_array().expect("Services").iter().map(|s| s["source"]["file"].clone()).collect();
    assert_eq!(names, ["a/c.yaml", "a/c.yaml", "b.yml"]);
    assert_eq!(read["skipped"][0]["file"], "d.json");
    let one = json(&run(files.path(), &["draw", "k8s/b.yml", "--format", "json"], ""));
    assert_eq!(one["services"][0]["source"]["file"], "k8s/b.yml");
    let absolute = files.path().join("k8s/b.yml");
    let one = json(&run(files.path(), &["draw", absolute.to_str().expect("text"), "--format", "json"], ""));
    assert_eq!(one["services"][0]["source"]["file"], "b.yml");
}

#[test]
fn known_findings_are_left_out_though_lines_move() {
    let files = folder(&[("bad.yaml", BAD), ("good.yaml", GOOD)]);
    let before = run(files.path(), &["check", "bad.yaml", "good.yaml", "--format", "json"], "");
    assert_eq!(code(&before), 1);
    fs::write(files.path().join("known.json"), &before.stdout).expect("a baseline");
    fs::write(files.path().join("bad.yaml"), format!("# moved\n{BAD}")).expect("a file");
    let args = ["check", "bad.yaml", "good.yaml", "--baseline", "known.json", "--fail-on", "hint"];
    let after = run(files.path(), &args, "");
    assert_eq!(code(&after), 0, "{}", out(&after));
    fs::write(files.path().join("bad.yaml"), BAD.replace("pg", "sql")).expect("a file");
    assert_eq!(code(&run(files.path(), &args, "")), 1);
    fs::write(files.path().join("known.json"), "[]").expect("a file");
    let output = run(files.path(), &args, "");
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("is not a baseline"), "{}", err(&output));
}

#[test]
fn drawing_goes_where_it_is_told() {
    let files = folder(&[("good.yaml", GOOD)]);
    let line = "in-cluster  -> Service default/web :80 -> 8080 -> Pod default/web, web :8080\n";
    assert_eq!(out(&run(files.path(), &["draw", "good.yaml"], "")), line);
    assert_eq!(out(&run(files.path(), &["draw", "--format", "txt"], GOOD)), line);
    assert_eq!(out(&run(files.path(), &["draw", "good.yaml", "-o", "-"], "")), line);
    assert!(!files.path().join("-").exists());
    for (name, begins) in [
        ("web.txt", line),
        ("web.svg", "<svg"),
        ("web.json", "{\"state\":\"assumed\""),
        ("web.png", "\u{fffd}PNG\r\n"),
        ("web.mmd", "flowchart LR\n"),
        ("web.dot", "// 1 Service"),
    ] {
        let output = run(files.path(), &["draw", "good.yaml", "-o", name], "");
        assert_eq!((code(&output), out(&output)), (0, ""), "{}", err(&output));
        let drawn = fs::read(files.path().join(name)).expect("it was written");
        let drawn = String::from_utf8_lossy(&drawn);
        assert!(drawn.starts_with(begins), "{name}: {drawn}");
    }
    let observed = run(files.path(), &["draw", "good.yaml", "--state", "observed"], "");
    assert!(out(&observed).contains("nothing: no selected pod runs with an address"), "{}", out(&observed));
}

#[test]
fn an_address_is_followed_hop_by_hop() {
    let files = folder(&[("good.yaml", GOOD), ("bad.yaml", BAD)]);
    for (args, expected) in [
        (&["trace", "web.default:80", "good.yaml"][..], 0),
        (&["trace", "web", "good.yaml", "--state", "observed"], 1),
        (&["trace", "db", "bad.yaml", "good.yaml"], 1),
        (&["trace", "wbe", "good.yaml", "--format", "json"], 1),
        (&["trace", "node", "good.yaml"], 2),
        (&["trace", "web", "absent.yaml"], 2),
        (&["trace"], 2),
    ] {
        let output = run(files.path(), args, "");
        assert_eq!(code(&output), expected, "{args:?}: {}{}", out(&output), err(&output));
        assert_eq!(expected == 2, !err(&output).is_empty(), "{args:?}: {}", err(&output));
    }
    let text = "web.default:80\n\
                -> web.default:80  Service web  (good.yaml:4)\n   Port 80 leads to targetPort 8080.\n\
                -> :8080  Pod web  (good.yaml:9)\n   It gets 100 % of the connections; container web declares 8080.\n\
                Reaches 1 pod.\n";
    assert_eq!(out(&run(files.path(), &["trace", "web.default:80", "good.yaml"], "")), text);
    let read = json(&run(files.path(), &["trace", "web", "--format", "json"], GOOD));
    assert_eq!((&read["to"], &read["ends"][0]["share"]), (&"web".into(), &1.0.into()));
}

#[tokio::test]
async fn drawn_json_is_byte_for_byte_what_the_api_answers() {
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    for text in [GOOD, BAD, "a: b: c\n", include_str!("cases/live-dump/input.yaml")] {
        let drawn = run(Path::new("."), &["draw", "--format", "json", "-"], text);
        let store = podwire::store::Store::open("memory:").await.expect("a store");
        let router =
            podwire::web::router(podwire::web::AppState::new(podwire::config::Config::default(), store));
        let request = axum::http::Request::post("/api/v1/analyze")
            .header("host", "localhost")
            .body(axum::body::Body::from(text))
            .expect("a request");
        let answer = router.oneshot(request).await.expect("an answer");
        let answered = answer.into_body().collect().await.expect("a body").to_bytes();
        assert_eq!(out(&drawn).as_bytes(), answered);
    }
}
