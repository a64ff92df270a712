//! Servers as processes: several on one `PostgreSQL` behave as one, and one whose database goes away gets over it.
#![expect(clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

#[path = "servers/canaries.rs"]
mod canaries;
#[cfg(target_os = "linux")]
#[path = "servers/disks.rs"]
mod disks;
#[path = "servers/docs.rs"]
mod docs;
#[path = "servers/kills.rs"]
mod kills;
#[path = "servers/names.rs"]
mod names;
#[cfg(unix)]
#[path = "servers/operations.rs"]
mod operations;
#[path = "common/postgres.rs"]
mod postgres;
#[path = "common/quickest.rs"]
mod quickest;
#[path = "servers/server.rs"]
mod server;
#[path = "common/skipped.rs"]
mod skipped;
#[cfg(unix)]
#[path = "servers/slow.rs"]
mod slow;
#[cfg(unix)]
#[path = "servers/starts.rs"]
mod starts;
#[path = "servers/values.rs"]
mod values;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use podwire::store::Store;
use quickest::quickest;
use serde_json::Value;
use server::{Server, Starting, WEB, command, terminate};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream as AsyncStream};
use tokio::task::JoinSet;

fn start_and_fail(store: &str) -> Output {
    let output = command(store).output().expect("podwire runs");
    assert_eq!(output.status.code(), Some(2));
    output
}

/// Asks until it is so.
fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(20), "{what} is not so after 20 seconds");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// What lets a test see something expire.
const SECONDS: [&str; 2] = ["--expires-min", "1s"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_on_one_database_behave_as_one() {
    let Some(database) = postgres::Database::create().await else { return };
    // Both find a database without tables.
    let starting = [(); 2].map(|()| Server::starting_with(&database.url(), &SECONDS));
    let [one, other] = starting.map(Starting::wait);

    let (id, token) = one.share("");
    let (short, _) = one.share("?expires=2s");
    for path in [format!("/api/v1/diagrams/{id}"), format!("/d/{id}"), format!("/d/{id}.svg")] {
        let (here, there) = (one.get(&path), other.get(&path));
        assert_eq!((here.status, there.status), (200, 200), "{path}");
        assert!(
            here.body.replace(&one.address.to_string(), "")
                == there.body.replace(&other.address.to_string(), "")
        );
    }
    assert_eq!(other.delete(&id, "0000000000000000000000"), 403);
    // What this server keeps of it, and the store's word that it is there.
    assert_eq!(one.get(&format!("/d/{id}")).status, 200);
    assert_eq!(other.delete(&id, &token), 204);
    assert_eq!(other.get(&format!("/d/{id}")).status, 410);
    eventually("it is deleted there too", || one.get(&format!("/d/{id}")).status == 410);
    for server in [&one, &other] {
        assert_eq!(server.get(&format!("/d/{id}.svg")).status, 410);
        assert_eq!(server.delete(&id, &token), 410);
    }
    eventually("its time is over there too", || other.get(&format!("/d/{short}.json")).status == 410);
    assert_eq!(one.get(&format!("/api/v1/diagrams/{short}")).status, 410);

    // What was sent to one may be sent again to another.
    let again = |server: &Server| server.ask("POST", "/api/v1/diagrams", "Idempotency-Key: k\r\n", WEB);
    let [first, second] = [&one, &other].map(again).map(|answer| serde_json::from_str::<Value>(&answer.body));
    let (first, second) = (first.expect("JSON"), second.expect("JSON"));
    assert_eq!(first["id"], second["id"]);
    assert!(first["deleteToken"].is_string() && second["deleteToken"].is_null());

    // What one server had acknowledged outlives it.
    let (id, token) = one.share("?expires=1h");
    drop(one);
    let next = Server::start(&database.url());
    assert_eq!(next.get(&format!("/d/{id}")).status, 200);
    assert_eq!(next.delete(&id, &token), 204);
    drop((other, next));
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_expires_is_wiped_by_a_server_that_nobody_asks() {
    let Some(database) = postgres::Database::create().await else { return };
    let server = Server::starting_with(&database.url(), &SECONDS).wait();
    server.share("?expires=1s");
    drop(server);
    std::thread::sleep(Duration::from_millis(1_500));
    let _server = Server::start(&database.url());
    let mut connection = database.connect().await;
    let start = Instant::now();
    loop {
        let kept = "SELECT count(*) FROM diagrams WHERE body IS NOT NULL";
        let kept: i64 = sqlx::query_scalar(kept).fetch_one(&mut connection).await.expect("a number");
        if kept == 0 {
            break;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "nothing was wiped");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    connection.close().await.expect("the connection ends");
    database.remove().await;
}

/// A way to the database that can be cut.
struct Wire {
    address: SocketAddr,
    open: JoinSet<()>,
    /// Held by every connection that is open.
    alive: Arc<()>,
    to: SocketAddr,
}

impl Wire {
    async fn to(database: &PgConnectOptions) -> Self {
        let to = format!("{}:{}", database.get_host(), database.get_port());
        let to = tokio::net::lookup_host(to).await.expect("the database's host").next().expect("an address");
        let mut wire = Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            open: JoinSet::new(),
            alive: Arc::default(),
            to,
        };
        wire.mend().await;
        wire
    }

    async fn cut(&mut self) {
        // Its tasks end, and with them every connection and the port; until they have, something may still come through.
        self.open.shutdown().await;
        while Arc::strong_count(&self.alive) > 1 {
            tokio::task::yield_now().await;
        }
    }

    async fn mend(&mut self) {
        let listener = TcpListener::bind(self.address).await.expect("a port");
        self.address = listener.local_addr().expect("an address");
        let (to, alive) = (self.to, Arc::clone(&self.alive));
        self.open.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut here, _)) = listener.accept().await {
                let alive = Arc::clone(&alive);
                connections.spawn(async move {
                    if let Ok(mut there) = AsyncStream::connect(to).await {
                        let _ = copy_bidirectional(&mut here, &mut there).await;
                    }
                    drop(alive);
                });
            }
        });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_gets_over_a_database_that_goes_away() {
    let Some(database) = postgres::Database::create().await else { return };
    let options = database.options();
    let mut wire = Wire::to(&options).await;
    let url = options.host("127.0.0.1").port(wire.address.port()).to_url_lossy().to_string();
    let server = Server::start(&url);
    let (id, token) = server.share("");
    let path = format!("/api/v1/diagrams/{id}");
    assert_eq!(server.get("/readyz").status, 200);
    // It is kept, and whether its diagram is there must be asked all the same, once.
    assert_eq!(server.get(&format!("/d/{id}.svg")).status, 200);

    wire.cut().await;
    // Each waits three seconds for it at most once, what is kept too; the first may see its connection end at once.
    let once = Duration::from_secs(6);
    for (method, path, body) in [
        ("GET", path.as_str(), ""),
        ("POST", "/api/v1/diagrams", WEB),
        ("GET", "/readyz", ""),
        ("GET", &format!("/d/{id}.svg"), ""),
    ] {
        let waited = quickest(once, async || {
            let answer = server.ask(method, path, "", body);
            assert_eq!(answer.status, 503, "{method} {path}: {}", answer.body);
            assert!(answer.head.contains("retry-after: "), "{}", answer.head);
            assert!(answer.body.contains("the store of shared diagrams does not answer"), "{}", answer.body);
        });
        let waited = waited.await;
        assert!(waited < once, "{method} {path}: {waited:?}");
    }
    // What needs no store goes on.
    assert_eq!(server.get("/healthz").status, 200);
    assert_eq!(server.ask("POST", "/api/v1/analyze", "", WEB).status, 200);

    wire.mend().await;
    eventually("it is ready again", || server.get("/readyz").status == 200);
    assert_eq!(server.get(&path).status, 200);
    assert_eq!(server.delete(&id, &token), 204);
    drop(server);
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_without_its_database_fails_in_words() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = nobody.local_addr().expect("an address").port();
    drop(nobody);
    let store = format!("postgres://me:hush-hush@127.0.0.1:{port}/shop");
    let limit = Duration::from_secs(3);
    let took = quickest(limit, async || {
        let words = String::from_utf8(start_and_fail(&store).stderr).expect("text");
        let expected =
            format!("podwire: cannot open the database \"shop\" at 127.0.0.1:{port} as user \"me\": ");
        assert!(words.starts_with(&expected) && words.contains("refused"), "{words}");
        assert!(!words.contains("hush-hush"), "{words}");
        assert_eq!(words.lines().count(), 1, "{words}");
    });
    let took = took.await;
    assert!(took < limit, "{took:?}");

    let Some(database) = postgres::Database::create().await else { return };
    let wrong = database.options().password("hush-hush");
    let missing = database.options().database("podwire_test_absent");
    for (options, word) in [(wrong, "password authentication failed"), (missing, "does not exist")] {
        let words = String::from_utf8(start_and_fail(options.to_url_lossy().as_str()).stderr).expect("text");
        assert!(words.contains(word) && !words.contains("hush-hush"), "{words}");
    }
    database.remove().await;
}

#[test]
fn a_password_in_the_environment_is_not_in_the_help() {
    let output = command("postgres://me:hush-hush@db/shop").arg("--help").output().expect("podwire runs");
    let help = String::from_utf8(output.stdout).expect("text");
    assert!(help.contains("PODWIRE_STORE") && !help.contains("hush-hush"), "{help}");
}

#[tokio::test]
async fn a_connection_is_encrypted_where_it_must_be() {
    let Ok(signer) = std::env::var("PODWIRE_TEST_POSTGRES_CA") else {
        return postgres::skip("PODWIRE_TEST_POSTGRES_CA has no certificate");
    };
    let Some(database) = postgres::Database::create().await else { return };
    let verified = format!("{}&sslmode=verify-full", database.url());
    let store = Store::open(&format!("{verified}&sslrootcert={signer}")).await.expect("a store");
    store.ready().await.expect("the store answers");
    store.close().await;
    let error = Store::open(&verified).await.expect_err("nobody knows the signer").to_string();
    assert!(error.contains("certificate"), "{error}");
    database.remove().await;
}

#[cfg(unix)]
#[test]
fn a_stop_finishes_what_is_under_way() {
    let mut server = Server::start("memory:");
    let mut upload = TcpStream::connect(server.address).expect("the server listens");
    let (first, second) = WEB.split_at(20);
    let head = "POST /api/v1/analyze HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length:";
    write!(upload, "{head} {}\r\n\r\n{first}", WEB.len()).expect("the server reads");
    // Once another request was answered, the first is under way.
    assert_eq!(server.get("/healthz").status, 200);
    terminate(&server.child);
    eventually("nobody new is let in", || TcpStream::connect(server.address).is_err());
    upload.write_all(second.as_bytes()).expect("the server still reads");
    let mut answer = String::new();
    upload.read_to_string(&mut answer).expect("the server still answers");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(server.child.wait().expect("it ends").success());
}

#[cfg(unix)]
#[test]
fn who_says_stop_again_does_not_wait() {
    let mut server = Server::start("memory:");
    let mut upload = TcpStream::connect(server.address).expect("the server listens");
    upload
        .write_all(b"POST /api/v1/analyze HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\na")
        .expect("it reads");
    assert_eq!(server.get("/healthz").status, 200);
    let start = Instant::now();
    // One signal at a time: two that wait are one.
    eventually("it ends", || {
        terminate(&server.child);
        TcpStream::connect(server.address).is_err()
    });
    terminate(&server.child);
    assert!(server.child.wait().expect("it ends").success());
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn log_lines_are_json_with_the_request_and_without_ids() {
    logs_neither_ids_nor_tokens("memory:");
    let Some(database) = postgres::Database::create().await else { return };
    let lines = logs_neither_ids_nor_tokens(&database.url());
    let password = std::env::var("PODWIRE_TEST_POSTGRES").ok();
    let password = password.as_deref().and_then(|url| url.split(['/', ':', '@']).nth(4)).unwrap_or_default();
    assert!(!password.is_empty() && lines.iter().all(|line| !line.contains(password)));
    database.remove().await;
}

/// Its lines at the level that says the most.
#[cfg(unix)]
fn logs_neither_ids_nor_tokens(store: &str) -> Vec<String> {
    let mut json = command(store);
    json.args(["--log-format", "json", "--log", "trace", "--metrics-listen", "127.0.0.1:0"]);
    let child = json.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("podwire runs");
    let mut server = Starting { child }.wait();
    let log = server.child.stderr.take().expect("its log");
    let reading = std::thread::spawn(move || BufReader::new(log).lines().collect::<Result<Vec<_>, _>>());
    let (id, token) = server.share("");
    let answer = server.ask("GET", &format!("/d/{id}.svg"), "X-Request-Id: mine-1\r\n", "");
    assert!(answer.head.contains("x-request-id: mine-1"), "{}", answer.head);
    // A picture, under a request's id that is a link.
    let mut picture = TcpStream::connect(server.address).expect("the server listens");
    let head = format!("Host: localhost\r\nConnection: close\r\nX-Request-Id: {id}");
    write!(picture, "GET /d/{id}.png HTTP/1.1\r\n{head}\r\n\r\n").expect("the server reads");
    let mut drawn = Vec::new();
    picture.read_to_end(&mut drawn).expect("the server answers");
    let drawn = String::from_utf8_lossy(&drawn);
    assert!(drawn.starts_with("HTTP/1.1 200 ") && !drawn.contains(&id));
    assert_eq!(server.delete(&id, &token), 204);
    assert_eq!(server.get("/metrics").status, 404);
    terminate(&server.child);
    assert!(server.child.wait().expect("it ends").success());
    let lines = reading.join().expect("no panic").expect("text");
    let parsed: Vec<Value> =
        lines.iter().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect();
    let answered = parsed.iter().find(|line| line["span"]["id"] == "mine-1" && line["status"] == 200);
    let answered = answered.expect("the request in the log");
    assert_eq!((&answered["level"], &answered["span"]["route"]), (&"INFO".into(), &"/d/{id}".into()));
    assert!(answered["timestamp"].is_string());
    // A disk or a database may be slow.
    let is_of_store =
        |line: &Value| ["sqlx::query", "podwire::store::sqlite"].map(Value::from).contains(&line["target"]);
    let warns = |line: &&Value| line["level"] == "WARN" && !is_of_store(line);
    assert_eq!(parsed.iter().find(warns), None, "nothing is the matter");
    for line in &lines {
        assert!(!line.contains(&id) && !line.contains(&token), "{line}");
    }
    let metrics = parsed.iter().find(|line| line["message"] == "metrics have an address of their own");
    let address = metrics.and_then(|line| line["address"].as_str()).expect("their address");
    assert_ne!(address, server.address.to_string());
    lines
}
