//! Who may import whom, and what the core never touches: the walls of ARCHITECTURE.md, kept by reading the source.

mod paths;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Who may import whom, as ARCHITECTURE.md draws it: a room may import every room to its left, near or far.
///
/// Rooms with a comma between them stand side by side and do not know each other, but for what the last lines add.
const WALLS: &str = "
    names, schema, labels, port, source ◀ reference ◀ kinds ◀ cluster ◀ wiring ◀ rules ◀ analysis
    finding ◀ rules
    wiring, finding, terms ◀ diagram ◀ render
    schema, analysis, diagram, render, store, config ◀ web, cli ◀ main

    names ◀ schema ◀ source ◀ labels, port
    source, reference ◀ finding
    web ◀ cli
    metrics ◀ store, web
";

/// The rooms that do input and output; all others are the core, `lib` (which only lists the rooms) among them.
const SHELL: &[&str] = &["metrics", "store", "web", "cli", "config", "main"];

/// What the core does without: no async, no file, no network, no clock, no environment, no chance, no hash order.
const NOT_IN_THE_CORE: &[(&str, &str)] = &[
    ("std::fs", "the core reads no file"),
    ("std::net", "the core has no network; addresses are in core::net"),
    ("std::env", "the core has no environment"),
    ("std::process", "the core starts nothing and ends nothing"),
    ("std::time::SystemTime", "the core has no clock"),
    ("std::time::Instant", "the core has no clock"),
    (
        "std::collections::HashMap",
        "nothing is iterated in hash order: BTreeMap, or rustc_hash to look up only",
    ),
    (
        "std::collections::HashSet",
        "nothing is iterated in hash order: BTreeSet, or rustc_hash to look up only",
    ),
    ("std::collections::hash_map", "nothing is iterated in hash order"),
    ("std::collections::hash_set", "nothing is iterated in hash order"),
    ("tokio", "the core has no async"),
    ("axum", "the core has no network"),
    ("sqlx", "the core has no store"),
    ("rand", "the core leaves nothing to chance"),
    ("getrandom", "the core leaves nothing to chance"),
    ("async", "the core has no async"),
];

/// Where a type may be `Serialize`: what the API promises is one room; what is kept and the settings have their own forms.
const MAY_SERIALIZE: &[&str] =
    &["src/web/api/types.rs", "src/web/api/types/", "src/web/share.rs", "src/store", "src/config", "src/cli"];

#[test]
fn every_file_keeps_to_its_room() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rooms = Rooms::read(WALLS);
    let mut read = 0;
    let mut found = String::new();
    for path in rust_files(&root.join("src"))? {
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        for violation in violations(&rooms, &name, &fs::read_to_string(&path)?) {
            let _ = writeln!(found, "{violation}");
        }
        read += 1;
    }
    assert!(read > 1, "no source was found in {}", root.display());
    assert!(found.is_empty(), "the walls of ARCHITECTURE.md are broken:\n{found}");
    Ok(())
}

/// All `.rs` files under a folder, in order.
fn rust_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What each room may import.
struct Rooms(BTreeMap<String, BTreeSet<String>>);

impl Rooms {
    /// Reads lines of `a, b ◀ c ◀ d`, and follows them to the far end.
    fn read(walls: &str) -> Self {
        let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for line in walls.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let mut before: Vec<String> = Vec::new();
            for stage in line.split('◀') {
                let stage: Vec<String> = stage.split(',').map(|room| room.trim().to_owned()).collect();
                for room in &stage {
                    rooms.entry(room.clone()).or_default().extend(before.iter().cloned());
                }
                before.extend(stage);
            }
        }
        loop {
            let mut grown = rooms.clone();
            for (room, imports) in &rooms {
                for import in imports {
                    grown.entry(room.clone()).or_default().extend(rooms[import].iter().cloned());
                }
            }
            if grown == rooms {
                return Self(rooms);
            }
            rooms = grown;
        }
    }

    fn allow(&self, from: &str, to: &str) -> bool {
        from == to || from == "lib" || self.0.get(from).is_some_and(|imports| imports.contains(to))
    }
}

/// What is wrong with one file, as `file:line: sentence`. `#[cfg(test)]` items are free to import what they check.
fn violations(rooms: &Rooms, file: &str, source: &str) -> Vec<String> {
    let module: Vec<&str> = file
        .trim_start_matches("src/")
        .trim_end_matches(".rs")
        .split('/')
        .filter(|part| !["lib", "main"].contains(part))
        .collect();
    let room = match file {
        "src/lib.rs" => "lib",
        "src/main.rs" => "main",
        _ => module.first().copied().unwrap_or_default(),
    };
    let mut found = Vec::new();
    if room != "lib" && !rooms.0.contains_key(room) {
        found.push(format!("{file}:1: `{room}` is no room in ARCHITECTURE.md's table"));
    }
    let core = !SHELL.contains(&room);
    let may_serialize = MAY_SERIALIZE.iter().any(|place| file.starts_with(place));

    for path in paths::in_source(source, &module) {
        let (line, text) = (path.line, path.text());
        let mut say = |why: &str| found.push(format!("{file}:{line}: `{text}`: {why}"));
        match path.segments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["crate"] if path.taken_whole => say("the whole crate is in no room"),
            ["crate", to, ..] if !rooms.0.contains_key(*to) => say("what is in no room is imported by none"),
            ["crate", to, ..] if !rooms.allow(room, to) => say(&format!("{room} may not import {to}")),
            _ => {}
        }
        if core {
            for (forbidden, why) in NOT_IN_THE_CORE {
                if path.reaches(forbidden) {
                    say(why);
                    break;
                }
            }
        }
        if !may_serialize && path.segments.iter().any(|segment| segment == "Serialize") {
            say("what the API promises lives in web/api/types.rs alone");
        }
    }
    found
}

/// What is refused in a file, line by line: `line` and what is named.
fn refused(file: &str, source: &str) -> Vec<String> {
    violations(&Rooms::read(WALLS), file, source)
        .into_iter()
        .map(|violation| {
            let rest = violation.trim_start_matches(file).trim_start_matches(':');
            rest.split('`').take(2).collect::<Vec<_>>().join("")
        })
        .collect()
}

#[test]
fn rooms_may_import_what_is_left_of_them_and_nothing_else() {
    let rooms = Rooms::read(WALLS);
    for (from, to) in [
        ("kinds", "source"),
        ("wiring", "kinds"),
        ("analysis", "labels"),
        ("rules", "finding"),
        ("render", "wiring"),
        ("web", "source"),
        ("main", "config"),
        ("cli", "web"),
        ("lib", "analysis"),
        ("labels", "names"),
    ] {
        assert!(rooms.allow(from, to), "{from} may import {to}");
    }
    for (from, to) in [
        ("source", "labels"),
        ("kinds", "cluster"),
        ("wiring", "finding"),
        ("wiring", "rules"),
        ("diagram", "rules"),
        ("render", "analysis"),
        ("analysis", "diagram"),
        ("store", "config"),
        ("web", "cli"),
        ("names", "reference"),
    ] {
        assert!(!rooms.allow(from, to), "{from} may not import {to}");
    }
    for (room, imports) in &rooms.0 {
        assert!(!imports.contains(room), "the table goes round at {room}");
    }
}

#[test]
fn imports_are_found_however_they_are_written() {
    for source in [
        "use crate::wiring;",
        "use crate::wiring::Wiring;",
        "use crate::{source::Span, wiring::{self, Hop}};",
        "pub(crate) use crate::wiring::*;",
        "fn f() -> crate::wiring::Wiring {}",
        "fn f() { let x = Some(crate::wiring::wire::<u8>(1)); }",
        "use super::super::wiring;",
        "use super::{list, super::wiring::Hop};",
        "mod inner { use super::super::super::wiring; }",
        "m! { $crate::wiring::x }",
        "use crate::r#wiring;",
        "/// text 'a' \" {\nuse crate::wiring;",
        "const C: char = '\"'; const D: char = '\\''; use crate::wiring; const E: &str = \"\";",
        "const S: &str = r#\"crate::rules \" \"#; use crate::wiring;",
        "fn f<'a>(x: &'a str) { crate::wiring::f(x) }",
        "#[cfg(test)] mod tests { use crate::rules; } use crate::wiring;",
        "#[cfg(test)] use crate::rules::x; use crate::wiring;",
    ] {
        let found = refused("src/kinds/service.rs", source);
        assert!(
            !found.is_empty() && found.iter().all(|hit| hit.contains("crate::wiring")),
            "{source}: {found:?}"
        );
    }
}

#[test]
fn what_is_no_import_is_let_be() {
    for source in [
        "use crate::source::{Span, split}; use crate::{labels, names::Name};",
        "use super::list; use self::inner::x; mod inner { use super::super::meta; }",
        "pub(crate) fn f() { let y = \"crate::wiring\"; } // crate::wiring",
        "/* crate::wiring /* nested */ crate::rules */",
        "use std::collections::BTreeMap; use std::{borrow::Cow, time::Duration}; use core::net::IpAddr;",
        "use rustc_hash::FxHashMap; fn f(time: u8, fs: u8) -> u8 { time + fs }",
        "#[cfg(test)] mod tests { use crate::analysis; use std::fs; #[test] fn f() {} }",
        "#[derive(Deserialize)] struct S;",
    ] {
        assert_eq!(refused("src/kinds/service.rs", source), Vec::<String>::new(), "{source}");
    }
}

#[test]
fn the_core_touches_nothing_outside_itself() {
    for (source, hit) in [
        ("use std::fs;", "std::fs"),
        ("use std::{fmt, fs::File};", "std::fs::File"),
        ("use std::*;", "std"),
        ("use std::time;", "std::time"),
        ("use std::time::{Duration, Instant};", "std::time::Instant"),
        ("use std::collections::{self, BTreeMap};", "std::collections"),
        ("use std::collections::{BTreeMap, HashMap};", "std::collections::HashMap"),
        ("fn f() { std::env::var(\"HOME\"); }", "std::env::var"),
        ("use std::net::IpAddr;", "std::net::IpAddr"),
        ("fn f() { ::getrandom::fill(&mut []); }", "getrandom::fill"),
        ("use ::std::fs::File;", "std::fs::File"),
        ("use tokio::sync::Mutex;", "tokio::sync::Mutex"),
        ("async fn f() {}", "async"),
        ("fn f() { async move {} }", "async"),
    ] {
        assert_eq!(refused("src/wiring.rs", source), [format!("1: {hit}")], "{source}");
        assert_eq!(refused("src/web/upload.rs", source), Vec::<String>::new(), "{source}");
    }
}

#[test]
fn only_the_api_types_are_serialized() {
    for (file, allowed) in [
        ("src/web/api/types.rs", true),
        ("src/store/sqlite.rs", true),
        ("src/wiring.rs", false),
        ("src/web/pages/home.rs", false),
    ] {
        let found = refused(file, "#[derive(Debug, serde::Serialize)]\nstruct S;");
        assert_eq!(found.is_empty(), allowed, "{file}: {found:?}");
    }
}

#[test]
fn a_room_that_nobody_knows_is_refused() {
    assert_eq!(refused("src/helpers.rs", ""), ["1: helpers"]);
    assert_eq!(refused("src/wiring.rs", "\nuse crate::helpers::x;"), ["2: crate::helpers::x"]);
    assert_eq!(refused("src/wiring.rs", "use crate::*;"), ["1: crate"]);
    assert_eq!(refused("src/wiring.rs", "use super::*;"), ["1: crate"]);
    assert_eq!(refused("src/render/svg.rs", "use super::super::analysis::f;"), ["1: crate::analysis::f"]);
}
