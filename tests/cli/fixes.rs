//! `podwire check --fix`: what it writes, what it leaves alone, and what it says.

use std::fs;

use super::{GOOD, code, err, folder, out, run};

/// Two faults that one edit each mends, in a file of another system: a byte order mark, other line ends, no last one.
const SLIPS: &str = "\u{feff}# keep me\r
apiVersion: v1\r
kind: Service\r
metadata: {name: web}\r
spec:\r
  type: nodePort  # and me\r
  selector: {\"app\": 'wbe'}\r
  ports: [{port: 80, targetPort: \"8080\"}]\r
---\r
apiVersion: v1\r
kind: Pod\r
metadata: {name: web, labels: {app: web}}\r
spec: {containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]}";

fn mended() -> String {
    SLIPS.replace("nodePort", "NodePort").replace("wbe", "web").replace("\"8080\"", "8080")
}

#[test]
fn files_are_mended_in_their_place() {
    let files = folder(&[("k8s/slips.yaml", SLIPS), ("k8s/good.yml", GOOD)]);
    let path = files.path().join("k8s/slips.yaml");
    let old =
        fs::metadata(files.path().join("k8s/good.yml")).and_then(|file| file.modified()).expect("a time");
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("it is ours");
        symlink(&path, files.path().join("link.yaml")).expect("a link");
    }
    let given = if cfg!(unix) { "link.yaml" } else { "k8s/slips.yaml" };
    let output = run(files.path(), &["check", "--fix", given], "");
    assert_eq!(fs::read_to_string(&path).expect("it is there"), mended());
    assert_eq!(code(&output), 0, "{}{}", out(&output), err(&output));
    assert!(err(&output).ends_with("fixed 3 findings\n"), "{}", err(&output));
    assert!(
        err(&output).contains(&format!("fixed: {given}:6:9: write NodePort [unknown-service-type]\n")),
        "{}",
        err(&output)
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(files.path().join("link.yaml")).expect("it is there").is_symlink());
    }
    let again = run(files.path(), &["check", "--fix", "k8s/good.yml"], "");
    assert!(err(&again).ends_with("fixed 0 findings\n"), "{}", err(&again));
    let new =
        fs::metadata(files.path().join("k8s/good.yml")).and_then(|file| file.modified()).expect("a time");
    assert_eq!(old, new, "a file without a fault is not written");
    let left: Vec<_> = fs::read_dir(files.path().join("k8s")).expect("a folder").collect();
    assert_eq!(left.len(), 2, "nothing is left beside the files: {left:?}");
}

#[test]
fn a_dry_run_shows_a_diff_and_writes_nothing() {
    let files = folder(&[("slips.yaml", SLIPS)]);
    let output = run(files.path(), &["check", "--fix", "--dry-run", "slips.yaml"], "");
    assert_eq!(fs::read_to_string(files.path().join("slips.yaml")).expect("it is there"), SLIPS);
    assert_eq!(code(&output), 1, "what is there is still wrong");
    for line in [
        "--- a/slips.yaml\n+++ b/slips.yaml\n@@ -3,9 +3,9 @@\n",
        "\n-  selector: {\"app\": 'wbe'}\r\n",
        "\n+  selector: {\"app\": 'web'}\r\n",
    ] {
        assert!(out(&output).contains(line), "{line} in\n{}", out(&output));
    }
    assert!(err(&output).ends_with("would fix 3 findings\n"), "{}", err(&output));
}

#[test]
fn standard_input_comes_out_mended() {
    let files = folder(&[]);
    let output = run(files.path(), &["check", "--fix", "-"], SLIPS);
    assert_eq!((code(&output), out(&output)), (0, mended().as_str()), "{}", err(&output));
    assert!(err(&output).contains("0 errors, 0 warnings, 0 hints"), "{}", err(&output));
    let unchanged = run(files.path(), &["check", "--fix"], GOOD);
    assert_eq!(out(&unchanged), GOOD);
}

#[test]
fn what_cannot_be_mended_remains_and_counts() {
    let broken = SLIPS.replace("port: 80,", "port: 0,");
    let files = folder(&[("slips.yaml", broken.as_str())]);
    let output = run(files.path(), &["check", "--fix", "slips.yaml"], "");
    assert_eq!(code(&output), 1);
    assert!(out(&output).contains("error[invalid-port]"), "{}", out(&output));
    assert!(!out(&output).contains("unknown-service-type"), "{}", out(&output));
}

#[test]
fn files_that_are_no_text_are_left_alone() {
    let files = folder(&[]);
    let mut bytes = SLIPS.as_bytes().to_vec();
    bytes.splice(3..3, *b"# \xff\n");
    fs::write(files.path().join("slips.yaml"), &bytes).expect("a file");
    run(files.path(), &["check", "--fix", "slips.yaml"], "");
    assert_eq!(fs::read(files.path().join("slips.yaml")).expect("it is there"), bytes);
}

#[test]
fn a_fix_that_would_make_it_worse_is_not_made() {
    // Written as it should be, the type makes the number of the node port wrong.
    let text = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  type: nodeport\n  selector: {app: web}\n  \
                ports: [{port: 80, nodePort: 80}]\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\n\
                spec: {containers: [{name: web, image: web, ports: [{containerPort: 80}]}]}\n";
    let files = folder(&[("web.yaml", text)]);
    let output = run(files.path(), &["check", "--fix", "web.yaml"], "");
    assert_eq!(fs::read_to_string(files.path().join("web.yaml")).expect("it is there"), text);
    assert!(out(&output).contains("unknown-service-type"), "{}", out(&output));
}

#[test]
fn an_error_that_leaves_a_hint_behind_is_mended() {
    let good = GOOD.replace(", targetPort: 8080", "");
    let files = folder(&[("web.yaml", &good.replacen("app: web", "app: wbe", 1))]);
    let output = run(files.path(), &["check", "--fix", "web.yaml"], "");
    assert!(err(&output).ends_with("fixed 1 finding\n"), "{}", err(&output));
    let text = fs::read_to_string(files.path().join("web.yaml")).expect("it is there");
    assert_eq!(text, good);
    assert!(out(&output).contains("undeclared-container-port"), "{}", out(&output));
}
