//! docs/operations.md: its commands, run as they stand there, and its names of flags, metrics and answers.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::Connection as _;

use crate::docs::{blocks, has};
use crate::postgres;
use crate::server::{Answer, Server, WEB, ask, command, terminate};

const DOCUMENT: &str = include_str!("../../docs/operations.md");

/// The words of the document in quotes of code that begin with this.
fn words(start: &str) -> BTreeSet<&'static str> {
    let quoted = DOCUMENT.split('`').skip(1).step_by(2).filter(|word| word.starts_with(start));
    quoted.filter_map(|word| word.split_whitespace().next()).collect()
}

/// A port that nobody has just now.
fn port() -> u16 {
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    free.expect("a port").port()
}

/// A reader's folder, and the ports in place of those that the document has.
struct Reader {
    folder: tempfile::TempDir,
    ports: [(&'static str, String); 2],
}

impl Reader {
    fn new() -> Self {
        let port = || format!("127.0.0.1:{}", port());
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            ports: [("127.0.0.1:8080", port()), ("127.0.0.1:9090", port())],
        }
    }

    fn shell(&self, block: &str) -> Command {
        let block = self.ports.iter().fold(block.to_owned(), |block, (known, own)| block.replace(known, own));
        let program = Path::new(env!("CARGO_BIN_EXE_podwire")).parent().expect("a folder");
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
        let mut bash = Command::new("bash");
        bash.args(["-euo", "pipefail", "-c", &block]).env("PATH", path).current_dir(self.folder.path());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PODWIRE_")) {
            bash.env_remove(name);
        }
        bash
    }

    fn run(&self, block: &str) -> String {
        let done = self.shell(block).output().expect("bash runs");
        assert!(done.status.success(), "{block}\n{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).expect("text")
    }

    /// The server of the document's first block.
    fn serve(&self, block: &str) -> Server {
        let mut bash = self.shell(&format!("exec {block}"));
        let child: Child = bash.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("bash runs");
        let server = Server { child, address: self.ports[0].1.parse().expect("an address") };
        let start = Instant::now();
        while ask(server.address, "GET", "/healthz", "", "").is_none_or(|answer| answer.status != 200) {
            assert!(start.elapsed() < Duration::from_secs(20), "it does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }
}

fn block_with(part: &str) -> String {
    let blocks = blocks("operations.md", "sh").into_iter().map(|(_, block)| block);
    let [block] =
        <[_; 1]>::try_from(blocks.filter(|block| block.contains(part)).collect::<Vec<_>>()).expect(part);
    block
}

fn end(mut server: Server) {
    terminate(&server.child);
    assert!(server.child.wait().expect("it ends").success());
}

#[test]
fn a_server_is_started_asked_backed_up_and_restored() {
    if !has("curl") || !has("sqlite3") {
        return;
    }
    let reader = Reader::new();
    let start = block_with("podwire serve");
    let server = reader.serve(&start);
    assert_eq!(reader.run(&block_with("/healthz")), "ok\nready\n421\n");
    let (kept, token) = server.share("");
    let made = server.ask("POST", "/api/v1/diagrams", "", WEB).body;
    assert!(made.contains("\"url\":\"https://podwire.example.com/d/"), "{made}");

    let counted = reader.run(&block_with("/metrics"));
    let counted = counted.lines().filter_map(|line| line.strip_prefix("# HELP ")?.split(' ').next());
    assert_eq!(counted.collect::<BTreeSet<_>>(), words("podwire_"));

    reader.run(&block_with("VACUUM INTO"));
    assert_eq!(server.delete(&kept, &token), 204);
    let (late, _) = server.share("");
    end(server);
    reader.run(&block_with("cp podwire-backup.db"));
    let server = reader.serve(&start);
    assert_eq!(server.get(&format!("/d/{kept}")).status, 200, "what was deleted since is back");
    assert_eq!(server.get(&format!("/d/{late}")).status, 404, "and what was made since is not");
    end(server);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_is_dumped_and_restored() {
    let Some(database) = postgres::Database::create().await else { return };
    if !has("pg_dump") {
        return;
    }
    // What only Podwire's own library understands is no part of the URL that somebody writes.
    let url = database.url();
    let store = url.split('?').next().expect("a URL");
    let server = Server::start(store);
    let (kept, token) = server.share("");
    let reader = Reader::new();
    let both = block_with("pg_dump");
    let (dump, restore) = both.split_once('\n').expect("two lines");
    let run = |line: &str| {
        let done = reader.shell(line).env("PODWIRE_STORE", store).output().expect("bash runs");
        assert!(done.status.success(), "{line}\n{}", String::from_utf8_lossy(&done.stderr));
    };
    run(dump);
    assert_eq!(server.delete(&kept, &token), 204);
    end(server);
    run(restore);
    let server = Server::start(store);
    assert_eq!(server.get(&format!("/d/{kept}")).status, 200);
    end(server);
    let mut connection = database.connect().await;
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM diagrams")
        .fetch_one(&mut connection)
        .await
        .expect("a number");
    assert_eq!(rows, 1);
    connection.close().await.expect("the connection ends");
    database.remove().await;
}

#[test]
fn every_flag_is_one_and_every_refusal_is_told() {
    let help = command("memory:").arg("--help").output().expect("podwire runs");
    let help = String::from_utf8(help.stdout).expect("text");
    let flags = words("--");
    assert!(flags.len() > 15, "{flags:?}");
    for flag in flags {
        assert!(help.contains(&format!("{flag} ")), "{flag}");
    }
    // The source has one place where a status is given to a problem.
    let source =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/error.rs")).expect("error.rs");
    let mut told = BTreeSet::new();
    for (name, status) in [
        ("PAYLOAD_TOO_LARGE", 413),
        ("MISDIRECTED_REQUEST", 421),
        ("TOO_MANY_REQUESTS", 429),
        ("SERVICE_UNAVAILABLE", 503),
    ] {
        for problem in
            source.split(&format!("StatusCode::{name}, \"")).skip(1).filter_map(|rest| rest.split('"').next())
        {
            told.insert(format!("| {status} | `{problem}` |"));
        }
    }
    assert!(told.len() > 10, "{told:?}");
    let rows = DOCUMENT.lines().filter(|line| line.starts_with("| 4") || line.starts_with("| 5"));
    let rows: BTreeSet<String> =
        rows.map(|row| row.split(" | ").take(2).collect::<Vec<_>>().join(" | ") + " |").collect();
    assert_eq!(rows, told);
    let Answer { body, .. } = Server::start("memory:").get("/nowhere");
    assert!(body.contains("urn:podwire:problem:not-found"), "{body}");
}
