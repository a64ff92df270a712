//! What several tests read.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

#[path = "skipped.rs"]
pub(crate) mod skipped;

use std::path::{Path, PathBuf};

use proptest::prelude::*;

/// How many cases a property is tried on.
pub(crate) fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2_000)
}

/// The manifests of the golden cases.
pub(crate) fn manifests() -> Vec<String> {
    let cases = include_str!("../golden/yaml.jsonl");
    let manifest = |line: &str| {
        serde_json::from_str::<serde_json::Value>(line).ok()?["manifest"].as_str().map(String::from)
    };
    cases.lines().filter_map(manifest).collect()
}

/// Pieces of text that mean something to YAML or JSON.
const PIECES: &[&str] = &[
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    "\n- ",
    "  ",
    " ",
    "\t",
    ": ",
    ":",
    "- ",
    "? ",
    "a",
    "b: ",
    "k: v",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    ", ",
    "|\n",
    ">-\n",
    "&x ",
    "*x",
    "<<: ",
    "<<",
    "!!str ",
    "!!int ",
    "! ",
    "!",
    "# c",
    "---\n",
    "---",
    "\n---\n",
    "...\n",
    "%",
    "\n%YAML 1.1\n",
    ".nan",
    ",",
    "#",
    "|+\n",
    ">\n",
    "?",
    "=",
    "\r\n",
    "\r",
    "é",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\0",
    "80",
    "0x50",
    "yes",
    "~",
    "\\u00e9",
    "\\ud83d\\ude00",
    "\\/",
    "\\'",
    "\\",
    "{{ x }}",
    "@",
    "`",
    "|2\n",
    "NAME  AGE\n",
];

/// Text of such pieces.
pub(crate) fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

/// A golden manifest with some pieces put in or some bytes taken out.
pub(crate) fn mutated() -> impl Strategy<Value = Vec<u8>> {
    edited(prop::sample::select(manifests()))
}

/// A text with some pieces put in or some bytes taken out.
pub(crate) fn edited(texts: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<u8>> {
    let edit = (any::<prop::sample::Index>(), 0_usize..4, prop::sample::select(PIECES));
    (texts, prop::collection::vec(edit, 1..5)).prop_map(|(text, edits)| {
        let mut bytes = text.into_bytes();
        for (at, removed, piece) in edits {
            let at = at.index(bytes.len() + 1);
            let end = (at + removed).min(bytes.len());
            bytes.splice(at..end, piece.bytes());
        }
        bytes
    })
}

/// Real manifests that are not part of the repository: `PODWIRE_CORPUS`, or a folder beside it.
fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("PODWIRE_CORPUS").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"));
    let found = folder.join("INDEX.tsv").exists();
    if !found {
        skipped::skipped(format_args!("there is no corpus at {}; set PODWIRE_CORPUS", folder.display()));
    }
    found.then_some(folder)
}

/// The files of the corpus: name, bytes, and whether they are sound YAML.
pub(crate) fn corpus_files() -> Vec<(String, Vec<u8>, bool)> {
    let Some(folder) = corpus() else { return Vec::new() };
    let index = std::fs::read_to_string(folder.join("INDEX.tsv")).unwrap();
    let rows = index.lines().skip(1).map(|row| row.split('\t').collect::<Vec<_>>());
    rows.map(|row| (row[0].to_owned(), std::fs::read(folder.join(row[0])).unwrap(), row[7] == "ok")).collect()
}
