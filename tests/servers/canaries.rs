//! A canary in every kind of field, and in every name where names are replaced: shared on both stores, and looked for wherever
//! something of an upload could stay or show.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;
use std::sync::Mutex;

use base64::Engine as _;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use sqlx::{Connection as _, Row as _};

use crate::names::NAMES;
use crate::postgres;
use crate::server::{Answer, Server, Starting, command, terminate};
use crate::values::VALUES;

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec:\n  containers:\n  - name: web\n    ports: [{containerPort: 80}]\n";

/// What is shared, and how: fields with canaries, that all are gone by then.
struct Set {
    fields: &'static [(&'static str, &'static str)],
    query: &'static str,
    /// The folder of its archive.
    folder: &'static str,
}

/// Values are gone from whatever is shared, and names where whoever shares says so.
const SETS: [Set; 2] = [
    Set { fields: VALUES, query: "", folder: "k8s" },
    Set { fields: NAMES, query: "&names=replaced", folder: "kanarievogel980x/kanarievogel981x" },
];

/// The canary of a field: letters that nothing else has, in any spelling of it.
fn canary(number: usize) -> String {
    format!("kanarievogel{number:03}x")
}

fn filled(number: usize, text: &str) -> String {
    let canary = canary(number);
    let encoded = base64::engine::general_purpose::STANDARD.encode(&canary);
    text.replace('@', &canary).replace('^', &encoded)
}

/// What no byte may spell: the canaries, and the start of their base64, whatever number follows.
fn expect_none(place: &str, bytes: &[u8]) {
    let lower = bytes.to_ascii_lowercase();
    let encoded = base64::engine::general_purpose::STANDARD.encode("kanarievogel");
    for (what, word) in [(&lower[..], "kanarievogel"), (bytes, encoded.trim_end_matches('='))] {
        let found = what.windows(word.len()).position(|window| window == word.as_bytes());
        if let Some(at) = found {
            let around = &bytes[at.saturating_sub(300)..(at + 60).min(bytes.len())];
            let shown = String::from_utf8_lossy(around);
            panic!("a canary is in {place}:\n{shown}");
        }
    }
}

/// Every file as itself, among files that are not read and whose names are nobody's business.
fn archive(set: &Set) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let mut add = |name: &str, text: &str| {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, text.as_bytes()).expect("an entry");
    };
    for (number, (_, text)) in set.fields.iter().enumerate() {
        add(&format!("{}/{number}.yaml", set.folder), &filled(number, text));
    }
    add("README.md", &canary(900));
    add(&format!("{}/id_rsa", canary(901)), &canary(902));
    add(&format!("{}.txt", canary(903)), "x");
    add(&format!("._{}.yaml", canary(904)), &canary(905));
    add("chart/values.yaml", &format!("password: {}\n", canary(906)));
    builder.into_inner().and_then(GzEncoder::finish).expect("an archive")
}

/// What deletes some of the diagrams that were shared: hashes of it are kept, and nothing else.
static TOKENS: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());

fn expect_no_token(place: &str, bytes: &[u8]) {
    let tokens = TOKENS.lock().expect("no panic");
    assert!(!tokens.is_empty());
    let found = tokens.iter().any(|token| memchr::memmem::find(bytes, token.as_bytes()).is_some());
    assert!(!found, "a delete token is in {place}");
}

/// Asks with a body of bytes; the answer's bytes, head included.
fn send(server: &Server, method: &str, path: &str, headers: &str, body: &[u8]) -> (u16, Vec<u8>) {
    let mut stream = TcpStream::connect(server.address).expect("the server listens");
    let (host, length) = (server.address, body.len());
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).expect("the server reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the server answers");
    let status = String::from_utf8_lossy(&answer[9..12]).parse().expect("a status");
    (status, answer)
}

fn share(server: &Server, query: &str, body: &[u8], headers: &str) -> String {
    let path = format!("/api/v1/diagrams?expires=1h{query}");
    let (status, answer) = send(server, "POST", &path, headers, body);
    let answer = String::from_utf8_lossy(&answer);
    assert_eq!(status, 201, "{answer}");
    let body = answer.split_once("\r\n\r\n").expect("a body").1;
    let body: Value = serde_json::from_str(body).expect("JSON");
    let text = |key: &str| body[key].as_str().expect("a text").to_owned();
    let mut tokens = TOKENS.lock().expect("no panic");
    tokens.push_back(text("deleteToken"));
    tokens.truncate(20);
    text("id")
}

/// Every face of a shared diagram, and its page with each thing on the board selected.
fn expect_no_face_shows_one(server: &Server, id: &str, field: &str) {
    let mut pages = vec![String::new()];
    for extension in ["svg", "png", "json", "txt", "mmd", "dot", "csv", "yaml"] {
        pages.push(format!(".{extension}"));
    }
    pages.extend(
        ["?embed=1", "/badge.svg", "/preview.png", "?trace=node:30080", "?broken=1"].map(str::to_owned),
    );
    let (_, page) = send(server, "GET", &format!("/d/{id}"), "", b"");
    let page = String::from_utf8_lossy(&page).into_owned();
    let places = page.split("data-at=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut places: Vec<String> = places
        .map(|at| form_urlencoded::byte_serialize(at.replace("&amp;", "&").as_bytes()).collect())
        .collect();
    places.sort();
    places.dedup();
    pages.extend(places.into_iter().take(20).map(|at| format!("?at={at}")));
    for page in pages {
        let (status, answer) = send(server, "GET", &format!("/d/{id}{page}"), "", b"");
        assert_eq!(status, 200, "/d/{id}{page}");
        expect_none(&format!("/d/…{page} of {field}"), &answer);
    }
    for path in ["", "/trace?to=web:80"] {
        let (status, answer) = send(server, "GET", &format!("/api/v1/diagrams/{id}{path}"), "", b"");
        assert!(status == 200, "{}", String::from_utf8_lossy(&answer));
        expect_none(&format!("/api/v1/diagrams/…{path} of {field}"), &answer);
    }
}

/// What is refused is not quoted.
fn expect_no_error_quotes_one(server: &Server) {
    let hush = canary(910);
    let gzip = "Content-Type: application/gzip\r\n";
    let form = "Content-Type: multipart/form-data; boundary=edge\r\n";
    let host = "Accept: text/html\r\n";
    let broken_form = format!("--edg\r\n{hush}");
    let field =
        format!("--edge\r\nContent-Disposition: form-data; name=\"{hush}\"\r\n\r\n{hush}\r\n--edge--\r\n");
    let file = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{hush}.png\"\r\n\r\n{hush}\r\n\
         --edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"web.yaml\"\r\n\r\n{POD}\r\n--edge--\r\n"
    );
    let cut = &archive(&SETS[0])[..200];
    for (method, path, headers, body) in [
        ("POST", "/api/v1/analyze", gzip, hush.as_bytes()),
        ("POST", "/api/v1/diagrams", gzip, cut),
        ("POST", "/api/v1/diagrams", form, broken_form.as_bytes()),
        ("POST", "/api/v1/diagrams", form, field.as_bytes()),
        ("POST", "/share", form, field.as_bytes()),
        ("POST", "/api/v1/diagrams", "Content-Type: image/png\r\n", hush.as_bytes()),
        ("PUT", "/api/v1/diagrams", "", hush.as_bytes()),
        ("GET", &format!("/{hush}?at={hush}"), host, b""),
        ("GET", &format!("/d/{hush}?at={hush}"), "", b""),
        ("DELETE", &format!("/api/v1/diagrams/{hush}"), &format!("Authorization: Bearer {hush}\r\n"), b""),
        (
            "GET",
            "/readyz",
            &format!("Referer: http://{hush}.example/\r\nUser-Agent: {hush}\r\nCookie: a={hush}\r\n"),
            b"",
        ),
    ] {
        let (_, answer) = send(server, method, path, headers, body);
        expect_none(&format!("the answer to {method} {path}"), &answer);
    }
    // The name of a file that is not read is told to whoever sent it, and logged nowhere.
    send(server, "POST", "/api/v1/diagrams", form, file.as_bytes());
}

/// Shares all of it and looks at whatever answers; the log at its most talkative.
fn share_everything(store: &str, set: &Set, kept: impl FnOnce(&Server)) -> Vec<u8> {
    let mut talkative = command(store);
    talkative.args(["--log", "trace"]);
    let child = talkative.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("podwire runs");
    let mut server = Starting { child }.wait();
    let mut log = server.child.stderr.take().expect("its log");
    let log = std::thread::spawn(move || {
        let mut lines = Vec::new();
        log.read_to_end(&mut lines).map(|_| lines)
    });
    let mut all = String::new();
    for (number, (field, text)) in set.fields.iter().enumerate() {
        let text = filled(number, text);
        let retry = format!("Idempotency-Key: {}\r\n", canary(number));
        expect_no_face_shows_one(&server, &share(&server, set.query, text.as_bytes(), &retry), field);
        for path in ["/api/v1/analyze", "/api/v1/trace?to=web:80"] {
            send(&server, "POST", path, "", text.as_bytes());
        }
        write!(all, "{text}\n---\n").expect("a String grows");
    }
    write!(all, "{POD}").expect("a String grows");
    for (what, body) in [("all at once", all.into_bytes()), ("an archive", archive(set))] {
        expect_no_face_shows_one(&server, &share(&server, set.query, &body, ""), what);
    }
    expect_no_error_quotes_one(&server);
    let Answer { status, body, .. } = server.get("/metrics");
    assert_eq!(status, 200);
    expect_none("/metrics", body.as_bytes());
    kept(&server);
    terminate(&server.child);
    assert!(server.child.wait().expect("it ends").success());
    log.join().expect("no panic").expect("its log")
}

fn expect_none_in_files(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let look = |file: std::path::PathBuf| {
        let (name, bytes) = (file.display().to_string(), std::fs::read(&file).expect("a file"));
        expect_none(&name, &bytes);
        expect_no_token(&name, &bytes);
    };
    files.map(look).count()
}

fn expect_none_in_body(body: &[u8]) {
    let text = zstd::decode_all(body).expect("bodies are zstd");
    assert!(text.starts_with(b"{\"version\":"), "{}", String::from_utf8_lossy(&text));
    expect_none("an unpacked row", &text);
}

fn expect_none_in_log(log: &[u8]) {
    let text = String::from_utf8_lossy(log);
    assert!(text.contains("DEBUG") && text.contains("/api/v1/diagrams"), "the log says too little");
    expect_none("the log", log);
    expect_no_token("the log", log);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_canary_stays_in_sqlite_or_shows_anywhere() {
    for set in &SETS {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("podwire.db");
        let log = share_everything(&format!("sqlite:{}", path.display()), set, |_| {
            assert!(expect_none_in_files(folder.path()) >= 2, "the write-ahead log is beside the file");
        });
        expect_none_in_files(folder.path());
        expect_none_in_log(&log);
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("a connection");
        let rows = sqlx::query("SELECT body FROM diagrams").fetch_all(&mut connection).await.expect("rows");
        assert!(rows.len() > set.fields.len(), "{} rows", rows.len());
        for row in &rows {
            expect_none_in_body(row.get(0));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_canary_stays_in_postgresql_or_shows_anywhere() {
    for set in &SETS {
        let Some(database) = postgres::Database::create().await else { return };
        let log = share_everything(&database.url(), set, |_| ());
        expect_none_in_log(&log);
        let mut connection = database.connect().await;
        let bodies = expect_none_in_rows(&mut connection).await;
        assert!(bodies > set.fields.len(), "{bodies} bodies");
        connection.close().await.expect("the connection ends");
        database.remove().await;
    }
}

/// Every column of every table, as text: bytea is written in hex there, so it is read as itself as well.
async fn expect_none_in_rows(connection: &mut sqlx::PgConnection) -> usize {
    let columns = "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns WHERE table_schema = 'public'";
    let columns = sqlx::query(columns).fetch_all(&mut *connection).await.expect("columns");
    let mut bodies = 0;
    for column in &columns {
        let [table, name, kind]: [String; 3] = [0, 1, 2].map(|index| column.get(index));
        let as_bytes = if kind == "bytea" {
            format!("\"{name}\"")
        } else {
            format!("convert_to(\"{name}\"::text, 'UTF8')")
        };
        let rows = format!("SELECT {as_bytes} FROM \"{table}\" WHERE \"{name}\" IS NOT NULL");
        let rows = sqlx::query(sqlx::AssertSqlSafe(rows)).fetch_all(&mut *connection).await.expect("rows");
        for row in &rows {
            let bytes: Vec<u8> = row.get(0);
            expect_none(&format!("{table}.{name}"), &bytes);
            expect_no_token(&format!("{table}.{name}"), &bytes);
            if name == "body" {
                expect_none_in_body(&bytes);
                bodies += 1;
            }
        }
    }
    bodies
}
