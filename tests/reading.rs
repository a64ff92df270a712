//! Reading never fails, whatever it is given, and says of everything where it stands.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::path::{Path, PathBuf};

use podwire::source::split::{Content, Document, documents};
use podwire::source::{Node, SourceFile, Span, Style, Value};
use proptest::prelude::*;

/// Reads bytes and checks that every span is in the text, on the bounds of characters, and within its parent's.
fn read_and_check(bytes: &[u8]) {
    let file = SourceFile::new("-", bytes.to_vec());
    let mut reached = 0;
    for document in documents(7, &file) {
        check_span(&file, document.span);
        assert!(document.span.start >= reached, "documents overlap");
        reached = document.span.end;
        check(&file, &document);
    }
}

fn check(file: &SourceFile, document: &Document<'_>) {
    for problem in &document.problems {
        check_span(file, problem.span);
        assert!(lies_in(problem.span, document.span), "{problem:?} {:?}", document.span);
    }
    match &document.content {
        Content::Tree(node) => check_node(file, node, document.span, None),
        Content::Empty => {}
        Content::Broken(problem) => check_span(file, problem.span),
    }
}

fn check_node(file: &SourceFile, node: &Node<'_>, parent: Span, alias: Option<Span>) {
    check_span(file, node.span);
    let alias = alias.or_else(|| (node.style == Style::Alias).then_some(node.span));
    match alias {
        Some(alias) => assert_eq!(node.span, alias, "what came through an alias stands at it"),
        None => assert!(lies_in(node.span, parent), "{node:?} {parent:?}"),
    }
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| check_node(file, item, node.span, alias)),
        Value::Map(map) => {
            let mut keys: Vec<_> = map.entries.iter().map(|entry| &entry.key).collect();
            keys.sort_unstable();
            assert!(keys.windows(2).all(|two| two[0] != two[1]), "equal keys");
            for entry in map.entries.iter().chain(&map.merges) {
                check_span(file, entry.key_span);
                // A merge of an alias brings entries that stand at the alias.
                let alias =
                    alias.or_else(|| entry.merged.then_some(entry.key_span).filter(|at| *at == entry.value.span));
                assert!(lies_in(entry.key_span, node.span), "{entry:?}");
                check_node(file, &entry.value, node.span, alias);
            }
        }
        Value::Float(number) => assert!(number.is_finite()),
        _ => {}
    }
}

fn check_span(file: &SourceFile, span: Span) {
    assert_eq!(span.file, 7);
    assert!(file.text().get(span.start as usize..span.end as usize).is_some(), "{span:?}");
}

fn lies_in(inner: Span, outer: Span) -> bool {
    inner.start >= outer.start && inner.end <= outer.end
}

fn manifests() -> Vec<String> {
    let cases = include_str!("golden/yaml.jsonl");
    let manifest =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).ok()?["manifest"].as_str().map(String::from);
    cases.lines().filter_map(manifest).collect()
}

#[test]
fn golden_manifests_have_sound_spans() {
    for manifest in manifests() {
        read_and_check(manifest.as_bytes());
    }
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
    "!!str ",
    "!!int ",
    "# c",
    "---\n",
    "---",
    "\n---\n",
    "...\n",
    "%",
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
    "\\",
    "{{ x }}",
    "@",
    "`",
    "|2\n",
    "NAME  AGE\n",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

/// A golden manifest with some pieces put in or some bytes taken out.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let edit = (any::<prop::sample::Index>(), 0_usize..4, prop::sample::select(PIECES));
    (prop::sample::select(manifests()), prop::collection::vec(edit, 1..5)).prop_map(|(manifest, edits)| {
        let mut bytes = manifest.into_bytes();
        for (at, removed, piece) in edits {
            let at = at.index(bytes.len() + 1);
            let end = (at + removed).min(bytes.len());
            bytes.splice(at..end, piece.bytes());
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(bytes: Vec<u8>) {
        read_and_check(&bytes);
    }

    #[test]
    fn any_text_is_read(text in soup()) {
        read_and_check(text.as_bytes());
    }

    #[test]
    fn any_mutated_manifest_is_read(bytes in mutated()) {
        read_and_check(&bytes);
    }
}

/// Real manifests that are not part of the repository: `PODWIRE_CORPUS`, or a folder beside it.
fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("PODWIRE_CORPUS").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"));
    let found = folder.join("INDEX.tsv").exists();
    if !found {
        println!("skipped: no corpus at {}", folder.display());
    }
    found.then_some(folder)
}

#[test]
fn real_manifests_are_read() {
    let Some(folder) = corpus() else { return };
    let index = std::fs::read_to_string(folder.join("INDEX.tsv")).unwrap();
    let mut count = 0;
    for row in index.lines().skip(1) {
        let columns: Vec<_> = row.split('\t').collect();
        let bytes = std::fs::read(folder.join(columns[0])).unwrap();
        read_and_check(&bytes);
        let file = SourceFile::new(columns[0], bytes);
        let documents = documents(0, &file);
        let is_broken = documents.iter().any(|document| matches!(document.content, Content::Broken(_)));
        assert_eq!(is_broken, columns[7] != "ok", "{}", columns[0]);
        count += 1;
    }
    println!("{count} files read");
}
