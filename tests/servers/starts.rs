//! How a server starts, and in which words it does not.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use crate::server::{Server, Starting, WEB, command, limited, terminate};

fn refused(mut command: Command) -> (Option<i32>, String) {
    let output = command.output().expect("podwire runs");
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    (output.status.code(), String::from_utf8(output.stderr).expect("text"))
}

#[test]
fn a_taken_port_is_told_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    for flag in ["--listen", "--metrics-listen"] {
        let mut podwire = Command::new(env!("CARGO_BIN_EXE_podwire"));
        podwire.args(["serve", "--store", "memory:", "--listen", "127.0.0.1:0", "--log", "off"]);
        if flag == "--listen" {
            podwire = Command::new(env!("CARGO_BIN_EXE_podwire"));
            podwire.args(["serve", "--store", "memory:", "--log", "off"]);
        }
        podwire.args([flag, &address]);
        let (code, words) = refused(podwire);
        let expected = format!(
            "podwire: cannot listen on {address}: the port is taken by another program; choose one with {flag} ADDRESS:PORT\n"
        );
        assert_eq!((code, words), (Some(2), expected));
    }
}

#[test]
fn a_bad_setting_is_told_with_its_name_and_what_it_takes() {
    for (flag, value, words) in [
        ("--max-body", "ten", "a size is a number and a unit"),
        ("--timeout", "soon", "a time is a number and a unit"),
        ("--rate", "-1", "--rate"),
        ("--max-connections", "0", "a count is a whole number from 1"),
        ("--trusted-proxy", "proxy", "a network is like 10.0.0.0/8"),
        ("--public-url", "podwire.example.com", "--public-url: a public URL is a name"),
        ("--public-url", "https://me:canary@podwire.example.com", "--public-url: a public URL is a name"),
        ("--max-files", "0", "a count is a whole number from 1"),
        ("--metrics-listen", "127.0.0.1:8080", "give the metrics a port of their own"),
        ("--log-format", "xml", "text, json"),
        ("--log", "nonsense=nonsense", "is no filter of log lines"),
        ("--log", "warning", "is no filter of log lines"),
        ("--log", "", "off logs nothing"),
        ("--listen", "nowhere", "an address is like 127.0.0.1:8080"),
        ("--store", "redis://cache", "is not a store"),
        ("--store", "sqlite::memory:", "is written `memory:`"),
        ("--nonsense", "1", "unexpected argument"),
    ] {
        let mut podwire = Command::new(env!("CARGO_BIN_EXE_podwire"));
        podwire.args(["serve", &format!("{flag}={value}")]);
        // A server may be at the default address already: the store is looked at last.
        if flag == "--store" {
            podwire.env("PODWIRE_LISTEN", "127.0.0.1:0");
        } else {
            podwire.env("PODWIRE_STORE", "memory:");
        }
        let (code, said) = refused(podwire);
        assert_eq!(code, Some(2), "{flag}: {said}");
        assert!(said.contains(words) && !said.contains("canary"), "{flag}: {said}");
    }
}

#[test]
fn a_bad_variable_is_told_as_a_flag_is() {
    let mut podwire = command("memory:");
    podwire.env("PODWIRE_MAX_BODY", "ten");
    let (code, said) = refused(podwire);
    assert!(code == Some(2) && said.contains("--max-body") && said.contains("a size is a number"), "{said}");
}

/// Compose hands on what is not set so.
#[test]
fn an_empty_variable_is_none() {
    let mut podwire = limited("memory:");
    for setting in podwire::config::SETTINGS.iter().filter(|setting| setting.flag != "store") {
        podwire.env(setting.variable, "");
    }
    let child = podwire.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("podwire runs");
    let mut server = Starting { child }.wait();
    assert_eq!(server.get("/healthz").status, 200);
    terminate(&server.child);
    assert!(server.child.wait().expect("it ends").success());
    let log = std::io::read_to_string(server.child.stderr.take().expect("its log")).expect("text");
    assert!(log.contains("answered"), "{log}");
}

/// Whom permissions bind; root goes where it likes.
fn somebody(command: &mut Command) -> bool {
    use std::os::unix::process::CommandExt as _;
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
    if is_root {
        command.uid(65_534).gid(65_534);
    }
    is_root
}

fn open_to_all(folder: &std::path::Path, mode: u32) {
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(mode)).expect("permissions");
}

#[test]
fn a_store_that_cannot_be_made_or_read_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    open_to_all(folder.path(), 0o755);
    let not_a_database = folder.path().join("notes.db");
    std::fs::write(
        &not_a_database,
        "not a database, and long enough that nobody takes it for an empty one\n".repeat(20),
    )
    .expect("a file");
    open_to_all(&not_a_database, 0o644);
    let below_a_file = not_a_database.join("podwire.db");
    for (path, words) in
        [(&not_a_database, "cannot open the database \""), (&below_a_file, "cannot make the data folder \"")]
    {
        let (code, said) = refused(command(&format!("sqlite:{}", path.display())));
        assert!(code == Some(2) && said.contains(words), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn a_folder_that_may_not_be_written_is_told_and_outlived() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    std::fs::create_dir(&data).expect("a folder");
    open_to_all(folder.path(), 0o755);
    open_to_all(&data, 0o777);
    let store = data.join("podwire.db");
    let mut podwire = command(&format!("sqlite:{}", store.display()));
    podwire.args(["--log", "off"]);
    somebody(&mut podwire);
    let server = Server::of(podwire);
    let (id, _) = server.share("");
    drop(server);

    // A folder that was mounted to be read only: what is there is shown, nothing more is kept.
    let files = || std::fs::read_dir(&data).expect("a folder").map(|entry| entry.expect("an entry").path());
    files().for_each(|file| open_to_all(&file, 0o444));
    open_to_all(&data, 0o555);
    let mut podwire = command(&format!("sqlite:{}", store.display()));
    podwire.args(["--log", "off"]);
    somebody(&mut podwire);
    let server = Server::of(podwire);
    assert_eq!(server.get("/healthz").status, 200);
    let answer = server.ask("POST", "/api/v1/diagrams", "", WEB);
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(
        answer.head.contains("retry-after: ") && answer.body.contains("the store of shared diagrams"),
        "{}",
        answer.body
    );
    assert_eq!(server.ask("POST", "/api/v1/analyze", "", WEB).status, 200);

    open_to_all(&data, 0o777);
    files().for_each(|file| open_to_all(&file, 0o666));
    let start = std::time::Instant::now();
    while server.ask("POST", "/api/v1/diagrams", "", WEB).status != 201 {
        assert!(start.elapsed() < std::time::Duration::from_secs(20), "it does not get over it");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_eq!(server.get(&format!("/d/{id}")).status, 200, "what was kept before");
    assert_eq!(server.get("/readyz").status, 200);
}

#[test]
fn a_database_that_is_moved_away_acknowledges_nothing_until_it_is_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, elsewhere) = (folder.path().join("podwire.db"), folder.path().join("elsewhere.db"));
    let server = Server::start(&format!("sqlite:{}", store.display()));
    let (id, _) = server.share("");
    let (gone, token) = server.share("");
    std::fs::rename(&store, &elsewhere).expect("it is ours");
    assert_eq!(server.delete(&gone, &token), 503);
    for (method, path, body) in [("POST", "/api/v1/diagrams", WEB), ("GET", "/readyz", "")] {
        let answer = server.ask(method, path, "", body);
        assert_eq!(answer.status, 503, "{method} {path}: {}", answer.body);
    }
    std::fs::rename(&elsewhere, &store).expect("it is ours");
    assert_eq!(server.get("/readyz").status, 200);
    let (other, _) = server.share("");
    drop(server);
    let server = Server::start(&format!("sqlite:{}", store.display()));
    for id in [id, other] {
        assert_eq!(server.get(&format!("/d/{id}")).status, 200, "{id} was acknowledged");
    }
}
