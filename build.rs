//! Asks the linker for a smaller program and a shorter start, where it can do it: docs/performance.md says how much.

use std::env;
use std::path::Path;
use std::process::Command;

/// Which addresses a start writes, in 8 kB in place of 700: loaders know how since glibc 2.36.
const SHORT_TABLE: &str = "-Wl,-z,pack-relative-relocs";

/// What unwinds the stack, as a part of the program: otherwise it is a library that each start finds, maps and binds.
const UNWINDING: &str = "static:-bundle=gcc_eh";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if runs(&["-C", &format!("link-arg={SHORT_TABLE}")]) {
        println!("cargo::rustc-link-arg-bins={SHORT_TABLE}");
    }
    if runs(&["-l", UNWINDING]) {
        println!("cargo::rustc-link-lib={UNWINDING}");
    }
}

/// Whether a program that is linked like this runs here; nobody can tell of a program for another machine.
fn runs(how: &[&str]) -> bool {
    let said = |name: &str| env::var(name).unwrap_or_default();
    let folder = said("OUT_DIR");
    let (source, program) = (Path::new(&folder).join("start.rs"), Path::new(&folder).join("start"));
    let flags = said("CARGO_ENCODED_RUSTFLAGS");
    let linker = env::var("RUSTC_LINKER").map(|linker| format!("-Clinker={linker}"));
    let mut rustc = Command::new(said("RUSTC"));
    rustc.args(flags.split('\x1f').filter(|flag| !flag.is_empty())).args(linker).args(how);
    rustc.arg("-o").arg(&program).arg(&source);
    said("TARGET") == said("HOST")
        && std::fs::write(&source, "fn main() {}").is_ok()
        && rustc.output().is_ok_and(|told| told.status.success())
        && Command::new(&program).status().is_ok_and(|ended| ended.success())
}
