//! Servers that are killed while they write: whatever was acknowledged is there, nothing is half there, and the next starts.
//!
//! `PODWIRE_TEST_KILLS` says how often (20 times unless said). Where it is set, processes of `PostgreSQL` are killed as well,
//! which ends the connections of everybody: `PODWIRE_TEST_KILLS=200 tests/with-postgres cargo test --test servers kills`.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::postgres;
use crate::server::{Server, ask, command};

const WRITERS: usize = 4;

/// What a server acknowledged: a diagram by its id and the name of its Service, and whether it was deleted after.
struct Acknowledged {
    id: String,
    name: String,
    is_deleted: bool,
}

fn often() -> Option<usize> {
    std::env::var("PODWIRE_TEST_KILLS")
        .ok()
        .map(|often| often.parse().expect("PODWIRE_TEST_KILLS is a number"))
}

/// A manifest of a few KiB with a name of its own.
fn manifest(name: &str) -> String {
    let port = |port: u16| format!("{{name: p{port}, port: {port}, targetPort: 8080}}, ");
    let ports: String = (1..60).map(port).collect();
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{selector: {{app: {name}}}, ports: [{ports}]}}\n"
    )
}

/// Shares and deletes until the server is gone.
fn write(address: SocketAddr, count: &AtomicUsize) -> Vec<Acknowledged> {
    let mut acknowledged: Vec<Acknowledged> = Vec::new();
    let mut misses = 0;
    while misses < 3 {
        let number = count.fetch_add(1, Ordering::Relaxed);
        let name = format!("web-{number}");
        // Half of them as clients do that would ask again.
        let key =
            if number.is_multiple_of(2) { format!("Idempotency-Key: {name}\r\n") } else { String::new() };
        let made = ask(address, "POST", "/api/v1/diagrams", &key, &manifest(&name));
        let made = made.filter(|answer| answer.status == 201).map(|answer| answer.body);
        let Some(made) = made.and_then(|body| serde_json::from_str::<Value>(&body).ok()) else {
            misses += 1;
            continue;
        };
        let text = |key: &str| made[key].as_str().expect("a text").to_owned();
        let (id, token) = (text("id"), text("deleteToken"));
        let mut is_deleted = false;
        if number.is_multiple_of(5) {
            let header = format!("Authorization: Bearer {token}\r\n");
            match ask(address, "DELETE", &format!("/api/v1/diagrams/{id}"), &header, "") {
                Some(answer) if answer.status == 204 => is_deleted = true,
                // Nobody knows whether it was.
                _ => continue,
            }
        }
        acknowledged.push(Acknowledged { id, name, is_deleted });
    }
    acknowledged
}

fn expect_there(server: &Server, all: &[Acknowledged]) {
    for Acknowledged { id, name, is_deleted } in all {
        let answer = server.get(&format!("/api/v1/diagrams/{id}"));
        if *is_deleted {
            assert_eq!(answer.status, 410, "{name} was deleted");
            continue;
        }
        assert_eq!(answer.status, 200, "{name} was acknowledged: {}", answer.body);
        let shown: Value = serde_json::from_str(&answer.body).expect("JSON");
        let service = &shown["analysis"]["services"][0];
        assert_eq!(service["name"], name.as_str());
        assert_eq!(service["ports"].as_array().map(Vec::len), Some(59), "{name} is half there");
    }
}

/// Kills servers on a store; `disturb` may do more while they write.
fn kill_again_and_again(store: &str, often: usize, mut disturb: impl FnMut(usize)) -> Vec<Acknowledged> {
    let count = AtomicUsize::new(0);
    let mut all: Vec<Acknowledged> = Vec::new();
    let mut last = 0;
    for round in 0..often {
        let mut quiet = command(store);
        quiet.args(["--log", "off"]);
        let server = Server::of(quiet);
        expect_there(&server, &all[last..]);
        last = all.len();
        let address = server.address;
        std::thread::scope(|scope| {
            let writers: Vec<_> = (0..WRITERS).map(|_| scope.spawn(|| write(address, &count))).collect();
            std::thread::sleep(Duration::from_millis(40 + (round as u64 * 37) % 260));
            disturb(round);
            // SIGKILL.
            drop(server);
            for writer in writers {
                all.extend(writer.join().expect("a writer"));
            }
        });
    }
    assert!(all.len() >= often, "{} were acknowledged in {often} rounds", all.len());
    assert!(all.iter().any(|each| each.is_deleted));
    let server = Server::start(store);
    expect_there(&server, &all);
    println!(
        "{often} kills of a server on {}: all of {} diagrams are as acknowledged",
        kind(store),
        all.len()
    );
    all
}

fn kind(store: &str) -> &str {
    store.split(':').next().unwrap_or_default()
}

/// Every row that is there can be opened, acknowledged or not.
fn expect_whole(store: &str, rows: &[(String, bool)], all: &[Acknowledged]) {
    let server = Server::start(store);
    for (id, has_body) in rows {
        let status = server.get(&format!("/api/v1/diagrams/{id}")).status;
        assert_eq!(status, if *has_body { 200 } else { 410 });
    }
    assert!(rows.len() >= all.len());
}

const ROWS: &str = "SELECT id, body IS NOT NULL FROM diagrams";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_keeps_what_was_acknowledged() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("podwire.db");
    let store = format!("sqlite:{}", path.display());
    let all = kill_again_and_again(&store, often().unwrap_or(20), |_| {});
    let mut file =
        sqlx::sqlite::SqliteConnectOptions::new().filename(&path).connect().await.expect("the file");
    let sound: String =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut file).await.expect("a word");
    assert_eq!(sound, "ok");
    let rows = sqlx::query_as(ROWS).fetch_all(&mut file).await.expect("rows");
    file.close().await.expect("it closes");
    expect_whole(&store, &rows, &all);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_keeps_what_was_acknowledged() {
    let Some(database) = postgres::Database::create().await else { return };
    let store = database.url();
    let often = often();
    let runtime = tokio::runtime::Handle::current();
    let all = tokio::task::block_in_place(|| {
        kill_again_and_again(&store, often.unwrap_or(20), |round| {
            if round % 4 == 3 {
                runtime.block_on(end_a_backend(&database, often.is_some()));
            }
        })
    });
    let mut connection = database.connect().await;
    let rows: Vec<(String, bool)> = sqlx::query_as(ROWS).fetch_all(&mut connection).await.expect("rows");
    connection.close().await.expect("it closes");
    expect_whole(&store, &rows, &all);
    database.remove().await;
}

/// Ends one of the processes that a server writes with; with SIGKILL all connections end, and `PostgreSQL` recovers.
async fn end_a_backend(database: &postgres::Database, may_kill: bool) {
    let mut connection = database.connect().await;
    let writing = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() LIMIT 1";
    let backend: Option<i32> =
        sqlx::query_scalar(writing).fetch_optional(&mut connection).await.expect("a number");
    let Some(backend) = backend else { return };
    if may_kill {
        let killed = Command::new("kill").args(["-KILL", &backend.to_string()]).status().expect("kill runs");
        assert!(killed.success(), "PostgreSQL must be on this machine, and its processes ours to kill");
    } else {
        let ended = sqlx::query("SELECT pg_terminate_backend($1)").bind(backend);
        ended.execute(&mut connection).await.expect("it is ended");
    }
    drop(connection);
    // Until the database answers again, and the writers had a moment to go on.
    for _ in 0..200 {
        tokio::time::sleep(Duration::from_millis(25)).await;
        if database.options().connect().await.is_ok() {
            break;
        }
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
}
