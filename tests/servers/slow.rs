//! Clients that are slow or say nothing: a thousand of them do not keep anybody waiting, and none stays for ever.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::server::{Server, Starting, WEB, command, terminate};

/// What a client sends before it falls silent.
const STARTS: [&str; 4] = [
    "",
    "GET / HTTP/1.1\r\nHost: loc",
    "POST /api/v1/analyze HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\napiVersion: ",
    "POST /share HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\napi",
];

#[test]
fn a_thousand_slow_clients_keep_nobody_waiting() {
    // As a stranger has it: with all limits. Whoever asks beside them is another client, as theirs may be used up.
    let mut limited = crate::server::limited("memory:");
    limited.args(["--trusted-proxy", "127.0.0.1"]);
    let server = Server::of(limited);
    let ask = |path: &str| server.ask("GET", path, "X-Forwarded-For: 192.0.2.1\r\n", "");
    let mut slow = Vec::new();
    for number in 0..1_000 {
        let mut stream = TcpStream::connect(server.address).expect("the server listens");
        stream.write_all(STARTS[number % STARTS.len()].as_bytes()).expect("the server reads");
        slow.push(stream);
    }
    let mut longest = Duration::ZERO;
    for _ in 0..10 {
        let start = Instant::now();
        let answer = ask("/");
        longest = longest.max(start.elapsed());
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    println!("the longest of ten answers beside 1,000 slow clients took {longest:?}");
    // Whoever had to wait for slow clients would wait until their time is over, which is 30 s; between the two lies
    // what a build without optimization takes beside other tests.
    assert!(longest < Duration::from_secs(15), "{longest:?}");
    assert_eq!(ask("/healthz").status, 200);
    drop(slow);
}

#[test]
fn a_client_that_says_nothing_is_left_in_the_end() {
    let server = Server::of(crate::server::limited("memory:"));
    let start = Instant::now();
    let mut silent: Vec<TcpStream> = STARTS[..2]
        .iter()
        .map(|said| {
            let mut stream = TcpStream::connect(server.address).expect("the server listens");
            stream.write_all(said.as_bytes()).expect("the server reads");
            stream.set_read_timeout(Some(Duration::from_mins(1))).expect("a time");
            stream
        })
        .collect();
    for stream in &mut silent {
        // The server hangs up; what it says before is for whoever still listens.
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("the end, before the time is over");
        assert!(!answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    }
    assert!(start.elapsed() < Duration::from_secs(45), "{:?}", start.elapsed());
}

#[test]
fn one_client_cannot_have_all_connections() {
    let mut few = crate::server::limited("memory:");
    few.args(["--max-connections", "40"]);
    let server = Server::of(few);
    let mut open: Vec<TcpStream> =
        (0..20).map(|_| TcpStream::connect(server.address).expect("it listens")).collect();
    // The twenty-first is told so, and hung up on where it asks nothing.
    for (asked, told) in [("", ""), ("GET /d/x HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 503 ")] {
        let mut one_more = TcpStream::connect(server.address).expect("it listens");
        one_more.set_read_timeout(Some(Duration::from_secs(20))).expect("a time");
        one_more.write_all(asked.as_bytes()).expect("it reads");
        let mut answer = String::new();
        one_more.read_to_string(&mut answer).expect("text, and its end");
        assert!(answer.starts_with(told) && answer.is_empty() == told.is_empty(), "{answer}");
        for word in ["20 connections of yours", "retry-after: 1", "nosniff", "noindex", "no-referrer"] {
            assert_eq!(answer.contains(word), !told.is_empty(), "{word}: {answer}");
        }
    }
    // Whose connection ends has its place again.
    open.truncate(10);
    let start = Instant::now();
    let is_let_in = || crate::server::ask(server.address, "POST", "/api/v1/analyze", "", WEB).is_some();
    while !is_let_in() {
        assert!(start.elapsed() < Duration::from_secs(20), "nobody is let in");
        std::thread::sleep(Duration::from_millis(20));
    }
    let counted = server.get("/metrics").body;
    let refused = counted.lines().find_map(|line| line.strip_prefix("podwire_connections_refused_total "));
    assert!(
        refused.and_then(|refused| refused.parse::<u32>().ok()).is_some_and(|refused| refused >= 2),
        "{counted}"
    );
}

#[test]
fn a_log_that_nobody_reads_keeps_nobody_waiting_and_is_counted() {
    let child = command("memory:").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut server = Starting { child: child.expect("podwire runs") }.wait();
    let log = server.child.stderr.take().expect("its log");
    let mut stream = TcpStream::connect(server.address).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_mins(1))).expect("a time");
    // More lines than wait for whoever reads, and than a pipe holds besides.
    let many = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(10_000);
    let mut writing = stream.try_clone().expect("the same connection");
    let writing = std::thread::spawn(move || {
        writing.write_all(many.as_bytes())?;
        writing.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    });
    let mut answers = String::new();
    stream.read_to_string(&mut answers).expect("it answers all");
    writing.join().expect("no panic").expect("it reads all");
    assert_eq!(answers.matches("HTTP/1.1 200").count(), 10_001);
    let lost = answers.lines().find_map(|line| line.strip_prefix("podwire_log_lines_lost "));
    let lost: usize = lost.expect("the metric").parse().expect("a number");
    // What waits is written once somebody reads.
    let reading = std::thread::spawn(move || std::io::read_to_string(log));
    terminate(&server.child);
    assert!(server.child.wait().expect("it ends").success());
    let log = reading.join().expect("no panic").expect("text");
    let read = log.lines().filter(|line| line.contains("answered")).count();
    assert!(lost > 0 && read > 8_000 && read <= 10_001, "{lost} were lost, {read} read");
}
