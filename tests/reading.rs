//! Reading never fails, whatever it is given, and says of everything where it stands.

mod common;

use common::{corpus_files, manifests, mutated, soup};
use podwire::source::split::{Content, Document, documents};
use podwire::source::{Arena, Node, SourceFile, Span, Style, Value};
use proptest::prelude::*;

/// Reads bytes and checks that every span is in the text, on the bounds of characters, and within its parent's.
fn read_and_check(bytes: &[u8]) {
    let file = SourceFile::new("-", bytes.to_vec());
    let mut reached = 0;
    let arena = Arena::new();
    for document in documents(7, &file, &arena) {
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
            for entry in map.entries.iter().chain(map.merges()) {
                check_span(file, entry.key_span);
                // A merge of an alias brings entries that stand at the alias.
                let alias = alias
                    .or_else(|| entry.merged.then_some(entry.key_span).filter(|at| *at == entry.value.span));
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

#[test]
fn golden_manifests_have_sound_spans() {
    for manifest in manifests() {
        read_and_check(manifest.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: common::cases(), failure_persistence: None, ..ProptestConfig::default() })]

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

#[test]
fn real_manifests_are_read() {
    let files = corpus_files();
    for (name, bytes, is_sound) in &files {
        read_and_check(bytes);
        let (file, arena) = (SourceFile::new(name, bytes.clone()), Arena::new());
        let documents = documents(0, &file, &arena);
        let is_broken = documents.iter().any(|document| matches!(document.content, Content::Broken(_)));
        assert_eq!(is_broken, !is_sound, "{name}");
    }
    println!("{} files read", files.len());
}
