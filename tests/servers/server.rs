//! Servers as processes.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A manifest.
pub(crate) const WEB: &str = "apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
";

/// A server that runs until it is dropped.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Server {
    pub(crate) fn start(store: &str) -> Self {
        Self::starting(store).wait()
    }

    /// The server of a command.
    pub(crate) fn of(mut command: Command) -> Self {
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        Starting { child: child.expect("podwire runs") }.wait()
    }

    /// Starts it and waits for nothing, so that several may start at once.
    pub(crate) fn starting(store: &str) -> Starting {
        Self::starting_with(store, &[])
    }

    /// The same with more settings.
    pub(crate) fn starting_with(store: &str, settings: &[&str]) -> Starting {
        let child = command(store).args(settings).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        Starting { child: child.expect("podwire runs") }
    }

    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        ask(self.address, method, path, headers, body).expect("the server answers")
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "", "")
    }

    /// Shares a manifest: its id and what deletes it.
    pub(crate) fn share(&self, query: &str) -> (String, String) {
        let answer = self.ask("POST", &format!("/api/v1/diagrams{query}"), "", WEB);
        assert_eq!(answer.status, 201, "{}", answer.body);
        let made: Value = serde_json::from_str(&answer.body).expect("JSON");
        let text = |key: &str| made[key].as_str().expect("a text").to_owned();
        (text("id"), text("deleteToken"))
    }

    pub(crate) fn delete(&self, id: &str, token: &str) -> u16 {
        let header = format!("Authorization: Bearer {token}\r\n");
        self.ask("DELETE", &format!("/api/v1/diagrams/{id}"), &header, "").status
    }
}

/// Asks whoever is at an address; `None` where no whole answer came.
pub(crate) fn ask(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let (status, head) = (head.get(9..12)?.parse().ok()?, head.to_ascii_lowercase());
    let told = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
    // An answer that was cut off is none.
    told.is_none_or(|told| told == body.len()).then(|| Answer { status, head, body: body.to_owned() })
}

pub(crate) struct Starting {
    pub(crate) child: Child,
}

impl Starting {
    pub(crate) fn wait(mut self) -> Server {
        let mut lines = BufReader::new(self.child.stdout.take().expect("its output")).lines();
        let line = lines.next().expect("it says where it is").expect("a line");
        let address = line.strip_prefix("podwire is at http://").expect("its address");
        Server { address: address.parse().expect("an address"), child: self.child }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program, without the settings of whoever runs the tests, which send more than one client may.
pub(crate) fn command(store: &str) -> Command {
    let mut command = limited(store);
    command.args(["--rate", "0", "--max-at-once", "0"]);
    command
}

/// The program with the limits that it has unless it is told otherwise.
pub(crate) fn limited(store: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_podwire"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PODWIRE_")) {
        command.env_remove(name);
    }
    command.args(["serve", "--listen", "127.0.0.1:0"]).env("PODWIRE_STORE", store);
    command
}

/// Tells it to stop.
pub(crate) fn terminate(child: &Child) {
    let status = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill runs");
    assert!(status.success());
}
