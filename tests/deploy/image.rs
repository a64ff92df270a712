//! The Dockerfile's instructions, carried out as far as that goes without an engine: what is copied, what is run to build, and
//! what the image then has and does.
//!
//! Three things are others than in an image. `cargo build --release` is `cargo check`: the release is built once for all where
//! it is measured, and what a context may lack is missed by `check` as well. The binary is the one that these tests are built
//! with. The base image is a folder with the libraries that the binary asks for, all of which the base image has.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What gcr.io/distroless/cc-debian12 has of what a program may be linked to: glibc and libgcc.
const LIBRARIES: [&str; 6] =
    ["linux-vdso.so.1", "libc.so.6", "libm.so.6", "libgcc_s.so.1", "libdl.so.2", "libpthread.so.0"];

/// The instructions of the Dockerfile, lines joined, comments left out.
pub(crate) fn instructions() -> Vec<(String, String)> {
    let text = fs::read_to_string(Path::new(ROOT).join("Dockerfile")).expect("the Dockerfile");
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let joined = lines.collect::<Vec<_>>().join("\n").replace("\\\n", "");
    let instruction = |line: &str| {
        let (name, rest) = line.split_once(char::is_whitespace)?;
        Some((name.to_owned(), rest.trim().to_owned()))
    };
    joined.lines().filter_map(instruction).collect()
}

/// One stage of a build: what stands between a FROM and the next.
fn stages() -> Vec<Vec<(String, String)>> {
    let mut stages: Vec<Vec<(String, String)>> = Vec::new();
    for (name, rest) in instructions() {
        if name == "FROM" {
            stages.push(Vec::new());
        } else if let Some(stage) = stages.last_mut() {
            stage.push((name, rest));
        }
    }
    stages
}

/// Whether a pattern of .dockerignore is for a path; `*` is for one part of it, `**` for any number.
/// <https://docs.docker.com/build/concepts/context/#dockerignore-files>
fn is_for(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, _) => path.is_empty(),
        (Some((&"**", rest)), _) => (0..=path.len()).any(|skipped| is_for(rest, &path[skipped..])),
        (Some((first, rest)), Some((name, below))) => {
            let is_first = match first.split_once('*') {
                Some((start, end)) => {
                    name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
                }
                None => first == name,
            };
            is_first && is_for(rest, below)
        }
        (Some(_), None) => false,
    }
}

/// Whether a file is left out of the context: the last pattern for it, or for a folder above, says so.
fn is_ignored(patterns: &str, path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    let mut ignored = false;
    for line in patterns.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (taken, pattern) = line.strip_prefix('!').map_or((true, line), |pattern| (false, pattern));
        let pattern: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
        if (1..=parts.len()).any(|length| is_for(&pattern, &parts[..length])) {
            ignored = taken;
        }
    }
    ignored
}

fn patterns() -> String {
    fs::read_to_string(Path::new(ROOT).join(".dockerignore")).expect(".dockerignore")
}

/// The files that a build is sent: those that git knows, without those that .dockerignore leaves out.
fn context() -> Option<Vec<String>> {
    let known = Command::new("git").args(["ls-files", "-z", "--cached"]).current_dir(ROOT).output().ok()?;
    let known = String::from_utf8(known.stdout).ok().filter(|_| known.status.success())?;
    let patterns = patterns();
    let files = known.split('\0').filter(|file| !file.is_empty() && !is_ignored(&patterns, file));
    let files: Vec<String> =
        files.filter(|file| Path::new(ROOT).join(file).is_file()).map(str::to_owned).collect();
    (!files.is_empty()).then_some(files)
}

fn copy(files: impl IntoIterator<Item = impl AsRef<str>>, to: &Path) {
    for file in files {
        let (from, to) = (Path::new(ROOT).join(file.as_ref()), to.join(file.as_ref()));
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder is made");
        fs::copy(from, to).expect("a file is copied");
    }
}

#[test]
fn patterns_leave_out_what_they_are_for() {
    let patterns = ".*\n**/node_modules\n/target\n/tests/*\n!/tests/rules\n";
    for ignored in [
        ".git/config",
        ".gitignore",
        "a/b/node_modules/x",
        "target/debug/podwire",
        "tests/run",
        "tests/e2e/a.mjs",
    ] {
        assert!(is_ignored(patterns, ignored), "{ignored}");
    }
    for kept in
        ["src/main.rs", "src/.hidden", "tests/rules/a/b.yaml", "tests", "src/target.rs", "static/target/x"]
    {
        assert!(!is_ignored(patterns, kept), "{kept}");
    }
}

/// Copies and runs what the first stage says, in a folder of its own.
#[test]
fn what_builds_the_image_has_all_that_it_needs() {
    let Some(files) = context() else {
        crate::skipped::skipped("git does not say which files there are");
        return;
    };
    let stages = stages();
    let (build, image) = (&stages[0], &stages[1]);
    let root = tempfile::tempdir().expect("a folder");
    let work = build.iter().find(|(name, _)| name == "WORKDIR").expect("a WORKDIR").1.clone();
    let folder = root.path().join(work.trim_start_matches('/'));
    fs::create_dir(&folder).expect("a folder is made");
    let mut ran = 0;
    for (name, rest) in build {
        match name.as_str() {
            "WORKDIR" => {}
            "COPY" if rest == ". ." => copy(&files, &folder),
            "COPY" => {
                let (given, to) = rest.rsplit_once(' ').expect("a place");
                assert_eq!(to, "./");
                let given: Vec<&str> = given.split_whitespace().collect();
                assert!(
                    given.iter().all(|file| files.iter().any(|known| known == file)),
                    "{given:?} come along"
                );
                copy(&given, &folder);
            }
            "RUN" => {
                assert!(rest.contains("cargo build --release --locked --bin podwire"), "{rest}");
                let script = rest.replace("cargo build --release", "cargo check --quiet --offline");
                let script = script.replace(" /data", &format!(" {}/data", root.path().display()));
                let mut shell = Command::new("sh");
                // What else is known of this crate is not of that folder; what it depends on is built once.
                shell.args(["-ec", &script]).current_dir(&folder).env("CARGO_TARGET_DIR", target());
                for (variable, _) in std::env::vars()
                    .filter(|(name, _)| name.starts_with("CARGO_PKG") || name.starts_with("CARGO_MANIFEST"))
                {
                    shell.env_remove(variable);
                }
                let output = shell.output().expect("a shell");
                assert!(output.status.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
                ran += 1;
            }
            other => panic!("{other} is not known to this test"),
        }
    }
    assert_eq!(ran, 2, "the dependencies, then all of it");
    // What the image takes from here is made here: the folder, and the program where cargo puts a release.
    for (_, rest) in image.iter().filter(|(name, _)| name == "COPY") {
        let from = rest.split_whitespace().find(|word| word.starts_with('/')).expect("a path");
        let is_program = from == format!("{work}/target/release/podwire");
        assert!(is_program || root.path().join(from.trim_start_matches('/')).is_dir(), "{from}");
    }
}

/// The folder that this test was built in.
fn target() -> PathBuf {
    let binary = Path::new(env!("CARGO_BIN_EXE_podwire"));
    binary.parent().and_then(Path::parent).expect("target/debug/podwire").to_owned()
}

/// What the program is linked to: a name, and where it is on this machine.
fn libraries() -> Vec<(String, Option<PathBuf>)> {
    let output = Command::new("ldd").arg(env!("CARGO_BIN_EXE_podwire")).output().expect("ldd");
    let text = String::from_utf8(output.stdout).expect("text");
    let library = |line: &str| {
        let path = line.split_whitespace().find(|word| word.starts_with('/')).map(PathBuf::from);
        (line.split_whitespace().next().unwrap_or_default().to_owned(), path)
    };
    text.lines().map(library).collect()
}

/// A server that is killed where a test fails.
struct Running(std::process::Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn ask(address: &str, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    let length = body.len();
    write!(stream, "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")
        .expect("the server reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the server answers");
    answer
}

/// The image's own command, by its own user, in a root that has nothing but what the image has.
#[cfg(target_os = "linux")]
#[test]
fn the_image_serves_with_nothing_else_and_writes_to_its_volume_alone() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};

    let mut said = BTreeSet::new();
    let root = tempfile::tempdir().expect("a folder");
    for (name, path) in libraries() {
        let is_loader = name.contains("/ld-linux");
        assert!(is_loader || LIBRARIES.contains(&name.as_str()), "{name} is not in the base image");
        if let Some(path) = path {
            let to = root.path().join(path.strip_prefix("/").expect("an absolute path"));
            fs::create_dir_all(to.parent().expect("a folder")).expect("a folder is made");
            fs::copy(&path, to).expect("a library is copied");
        }
    }
    let (mut variables, mut user, mut command) = (Vec::new(), String::new(), Vec::<String>::new());
    let image = stages().remove(1);
    for (name, rest) in &image {
        said.insert(name.clone());
        match name.as_str() {
            "COPY" => {
                let words: Vec<&str> = rest.split_whitespace().collect();
                let owner = words.iter().find_map(|word| word.strip_prefix("--chown="));
                let to = root.path().join(words.last().expect("a place").trim_start_matches('/'));
                if words.contains(&"/data") {
                    fs::create_dir(&to).expect("a folder is made");
                } else {
                    fs::create_dir_all(to.parent().expect("a folder")).expect("a folder is made");
                    fs::copy(env!("CARGO_BIN_EXE_podwire"), &to).expect("the program is copied");
                }
                if let Some((user, group)) = owner.and_then(|owner| owner.split_once(':')) {
                    // Whoever is not root may give nothing away, and is told so below.
                    let _ = chown(&to, user.parse().ok(), group.parse().ok());
                }
            }
            "ENV" => variables.extend(rest.split_whitespace().filter_map(|pair| {
                pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
            })),
            "USER" => user.clone_from(rest),
            "ENTRYPOINT" | "CMD" => {
                command.extend(serde_json::from_str::<Vec<String>>(rest).expect("an array"));
            }
            "VOLUME" => assert_eq!(rest, "/data"),
            "EXPOSE" => {
                assert!(variables.iter().any(|(_, value)| value.ends_with(&format!(":{rest}"))), "{rest}");
            }
            other => panic!("{other} is not known to this test"),
        }
    }
    let expected = ["CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "USER", "VOLUME"];
    assert_eq!(said.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    let as_root = fs::metadata(root.path().join("data")).expect("/data").uid()
        != fs::metadata(root.path()).expect("a root").uid();
    if !as_root {
        crate::skipped::skipped("only root may change the root and the user");
        return;
    }
    fs::set_permissions(root.path(), fs::Permissions::from_mode(0o755)).expect("all may look into it");
    let mut serve = Command::new("chroot");
    serve.arg(format!("--userspec={user}")).arg(root.path()).args(&command).env_clear().envs(variables);
    // Every port is somebody's on the machine of a test.
    serve.env("PODWIRE_LISTEN", "127.0.0.1:0").env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("chroot runs");
    let output = child.stdout.take().expect("its output");
    let mut running = Running(child);
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).expect("a line");
    let address = line.trim().strip_prefix("podwire is at http://").expect("its address").to_owned();
    for path in ["/healthz", "/readyz", "/"] {
        assert!(ask(&address, "GET", path, "").starts_with("HTTP/1.1 200"), "{path}");
    }
    let manifest = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n";
    assert!(ask(&address, "POST", "/api/v1/diagrams", manifest).starts_with("HTTP/1.1 201"));
    let kept = fs::metadata(root.path().join("data/podwire.db")).expect("the database is in the volume");
    assert_eq!(format!("{}:{}", kept.uid(), kept.gid()), user);
    let told = Command::new("kill").args(["-TERM", &running.0.id().to_string()]).status().expect("kill runs");
    assert!(told.success() && running.0.wait().expect("it ends").success());
}
