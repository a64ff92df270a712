//! What a test cannot do here is said aloud: past the test harness, which keeps what a passing test prints to itself.
//! `tests/run` lists it at its end.

use std::fmt::Display;
use std::io::Write as _;

pub(crate) fn skipped(why: impl Display) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    // Where nobody can be told, the test is no less skipped.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {test}: {why}");
}
