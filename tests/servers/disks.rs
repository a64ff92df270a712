//! Disks that are full, and that refuse writes: worded 503, nothing acknowledged lost, and on it goes
//! without a restart once there is room again.

use std::path::Path;
use std::process::Command;

use crate::server::{Server, WEB, command};

/// A file system of a few MiB in memory, where one may be made.
struct Disk(tempfile::TempDir);

impl Disk {
    fn of(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let made = mount(&["-t", "tmpfs", "-o", size, "podwire"], folder.path());
        if !made {
            crate::skipped::skipped("no file system may be mounted here: that takes root");
        }
        made.then_some(Self(folder))
    }

    fn become_like(&self, options: &str) {
        assert!(mount(&["-o", &format!("remount,{options}")], self.0.path()), "{options}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: the server may not have let go yet.
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

fn mount(options: &[&str], folder: &Path) -> bool {
    let mount = Command::new("mount").args(options).arg(folder).output();
    mount.is_ok_and(|output| output.status.success())
}

fn quiet(store: &Path) -> Command {
    let mut quiet = command(&format!("sqlite:{}", store.display()));
    quiet.args(["--log", "off"]);
    quiet
}

/// A manifest of names that do not compress away, unlike any other's.
fn manifest(number: u64) -> String {
    let port = |port: u64| format!("{{name: p{:x}, port: {}}}, ", hash(number * 200 + port), port + 1);
    let ports: String = (0..200).map(port).collect();
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{selector: {{app: web}}, ports: [{ports}]}}\n"
    )
}

/// The same, larger.
fn large(number: u64) -> String {
    let label = |label: u64| {
        format!("k{label}: v{:x}{:x}, ", hash(number * 4_000 + label), hash(label << 32 | number))
    };
    let labels: String = (0..4_000).map(label).collect();
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{selector: {{{labels}}}, ports: [{{port: 80}}]}}\n"
    )
}

/// Shares until that is refused: what was kept, and what deletes it.
fn fill(server: &Server, manifest: impl Fn(u64) -> String) -> Vec<(String, String)> {
    let mut kept = Vec::new();
    for number in 0..2_000 {
        let answer = server.ask("POST", "/api/v1/diagrams", "", &manifest(number));
        if answer.status != 201 {
            expect_refused(&answer);
            return kept;
        }
        let made: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
        let text = |key: &str| made[key].as_str().expect("a text").to_owned();
        kept.push((text("id"), text("deleteToken")));
    }
    panic!("the disk never was full");
}

/// A number that looks like no other's neighbour.
fn hash(number: u64) -> u64 {
    number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 8
}

fn expect_refused(answer: &crate::server::Answer) {
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(answer.head.contains("retry-after: "), "{}", answer.head);
    assert!(answer.body.contains("the store of shared diagrams"), "{}", answer.body);
}

fn expect_there(server: &Server, kept: &[(String, String)]) {
    for (id, _) in kept {
        assert_eq!(server.get(&format!("/api/v1/diagrams/{id}")).status, 200, "{id} was acknowledged");
    }
}

/// What a server without room does, and what it does once there is room again.
fn goes_on_after(server: Server, store: &Path, make_room: impl FnOnce()) {
    let kept = fill(&server, manifest);
    assert!(kept.len() > 3, "{} fit", kept.len());
    // Something smaller might still fit.
    for number in 5_000..5_005 {
        expect_refused(&server.ask("POST", "/api/v1/diagrams", "", &manifest(number)));
    }
    // What only reads goes on.
    expect_there(&server, &kept);
    assert_eq!(server.ask("POST", "/api/v1/analyze", "", WEB).status, 200);
    make_room();
    let (id, token) = server.share("");
    assert_eq!(server.delete(&id, &token), 204);
    expect_there(&server, &kept);
    drop(server);
    expect_there(&Server::of(quiet(store)), &kept);
}

#[test]
fn a_full_disk_is_told_and_outlived() {
    let Some(disk) = Disk::of("size=3m") else { return };
    let store = disk.0.path().join("podwire.db");
    goes_on_after(Server::of(quiet(&store)), &store, || disk.become_like("size=8m"));
}

#[test]
fn on_a_full_disk_everything_can_be_deleted() {
    // How much of the write-ahead log there is when the disk is full depends on its size.
    for size in ["size=9m", "size=12m", "size=14m"] {
        let Some(disk) = Disk::of(size) else { return };
        let (store, log) = (disk.0.path().join("podwire.db"), disk.0.path().join("podwire.db-wal"));
        let server = Server::of(quiet(&store));
        let kept = fill(&server, large);
        let (some, others) = kept.split_at(kept.len() / 2);
        for (id, token) in some {
            assert_eq!(server.delete(id, token), 204, "{size}");
            assert_eq!(server.get(&format!("/d/{id}")).status, 410);
            assert_eq!(std::fs::metadata(&log).expect("its log").len(), 0, "what was wiped is in no file");
        }
        expect_there(&server, &others[..3]);
        drop(server);
        let server = Server::of(quiet(&store));
        for (id, token) in others {
            assert_eq!(server.delete(id, token), 204, "{size}");
        }
    }
}

#[test]
fn a_server_starts_on_a_full_disk() {
    let Some(disk) = Disk::of("size=10m") else { return };
    let store = disk.0.path().join("podwire.db");
    let mut server = Server::of(quiet(&store));
    let (id, token) = server.share("");
    let reserve = disk.0.path().join("podwire.db-reserve");
    crate::eventually("it has a reserve", || {
        std::fs::metadata(&reserve).is_ok_and(|file| file.len() > 8_000_000)
    });
    crate::server::terminate(&server.child);
    assert!(server.child.wait().expect("it ends").success());
    // Somebody else takes all the room, what the log had included.
    let other = std::fs::write(disk.0.path().join("other"), vec![1; 10 << 20]);
    assert!(other.is_err());
    let server = Server::of(quiet(&store));
    expect_there(&server, &[(id.clone(), String::new())]);
    assert_eq!(server.delete(&id, &token), 204);
}

#[test]
fn a_disk_that_refuses_writes_is_told_and_outlived() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = folder.path().join("podwire.db");
    // The signal that comes with the limit would end the program; no disk sends one.
    let program = quiet(&store);
    let mut deaf = Command::new("bash");
    deaf.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => deaf.env(name, value),
            None => deaf.env_remove(name),
        };
    }
    let server = Server::of(deaf);
    let pid = server.child.id().to_string();
    let limit = |bytes: &str| {
        let set = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={bytes}:")]).status();
        assert!(set.is_ok_and(|set| set.success()), "prlimit");
    };
    limit("600000");
    goes_on_after(server, &store, || limit("100000000"));
}
