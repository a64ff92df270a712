//! Tells the linker to leave out of a release what would be put in order anew at each start.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|is| is == value);
    // A program that may stand anywhere has 29,000 addresses to be written at each start, which takes a fifth of the time
    // in which a small manifest is drawn. Stack, heap and libraries stand elsewhere each time all the same.
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
