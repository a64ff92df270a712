//! What a test cannot do here is said aloud: past the test harness, which keeps what a passing test prints to itself.
//! `tests/run` lists it at its end.

use std::fmt::Display;
use std::io::Write as _;

pub(crate) fn skipped(why: impl Display) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let line = format!("SKIPPED: {test}: {why}\n");
    // In one piece, since other tests write too. Where nobody can be told, the test is no less skipped.
    let _ = std::io::stderr().write_all(line.as_bytes());
}
