//! The scanner for plain YAML reads what the full parser reads, values and places, or leaves it to that.

#![expect(clippy::panic, reason = "a test may fail")]

mod common;

#[expect(dead_code, reason = "what benches need besides")]
#[path = "../benches/generate.rs"]
mod generate;

use common::{corpus_files, edited, manifests, mutated, soup};
use podwire::kinds::{self, Readings};
use podwire::source::split::{self, Content, Document, How, Lists, Part};
use podwire::source::{Arena, SourceFile, Style, Value};
use proptest::prelude::*;

/// Reads both ways, and answers how many bytes of how many the scanner read.
fn read_both_ways(bytes: &[u8]) -> (usize, usize) {
    let (file, arena) = (SourceFile::new("-", bytes.to_vec()), Arena::new());
    let parsed = split::parsed_documents(3, &file, &arena);
    let documents = split::documents(3, &file, &arena);
    assert_eq!(parsed.len(), documents.len());
    let mut plain = 0;
    for (document, parsed) in documents.iter().zip(&parsed) {
        assert!(!parsed.is_plain);
        assert_eq!(document.span, parsed.span);
        let text = || &file.text()[document.span.start as usize..document.span.end as usize];
        match (&document.content, &parsed.content) {
            (Content::Tree(one), Content::Tree(other)) if one == other => {}
            (one, other) => same(one, other, text()),
        }
        same(&document.problems, &parsed.problems, text());
        assert_eq!(document.ends_stream, parsed.ends_stream, "{}", text());
        if document.is_plain {
            plain += text().len();
        }
    }
    check_objects(&file, &parsed);
    (plain, bytes.len())
}

/// Objects are the same from whole trees as from trees without bulk, of lists that were cut.
fn check_objects(file: &SourceFile, parsed: &[Document<'_>]) {
    let lists = Lists { key: kinds::list::ITEMS, is_one: kinds::list::is_list, least: 0 };
    let how = How { skims: true, lists: Some(lists), parsed: false, values: None };
    let read = split::read(3, file, how, |part| match part {
        Part::Document(document) => (document.problems, readings(&document.content)),
        Part::Item { list, item } => (Vec::new(), kinds::read_item(list, &item)),
    });
    let (mut found, mut all) = (Vec::new(), Readings::default());
    for (problems, readings) in read {
        found.extend(problems);
        all.readings.extend(readings.readings);
        all.problems.extend(readings.problems);
    }
    let mut expected = Readings::default();
    for Readings { readings, problems } in parsed.iter().map(|document| readings(&document.content)) {
        expected.readings.extend(readings);
        expected.problems.extend(problems);
    }
    let problems: Vec<_> = parsed.iter().flat_map(|document| document.problems.clone()).collect();
    same(&found, &problems, file.text());
    same(&all, &expected, file.text());
}

/// Says where two things differ first, and not all of them.
fn same(one: &impl std::fmt::Debug, other: &impl std::fmt::Debug, text: &str) {
    if format!("{one:?}") != format!("{other:?}") {
        let (one, other) = (format!("{one:#?}"), format!("{other:#?}"));
        let mut lines = one.lines().zip(other.lines()).enumerate();
        let first = lines.find(|(_, (one, other))| one != other);
        panic!("{first:?} of\n{text}");
    }
}

/// Where the block lists of a tree begin.
fn block_lists(content: &Content<'_>) -> Vec<u32> {
    let Content::Tree(root) = content else { return Vec::new() };
    let (mut nodes, mut found) = (vec![root], Vec::new());
    while let Some(node) = nodes.pop() {
        match &node.value {
            Value::List(items) => {
                found.extend((node.style == Style::Block).then_some(node.span.start));
                nodes.extend(*items);
            }
            Value::Map(map) => nodes.extend(map.entries.iter().map(|entry| &entry.value)),
            _ => {}
        }
    }
    found
}

fn readings(content: &Content<'_>) -> Readings {
    if let Content::Tree(root) = content { kinds::read(root) } else { Readings::default() }
}

#[test]
fn golden_manifests() {
    for manifest in manifests() {
        read_both_ways(manifest.as_bytes());
    }
}

/// Real manifests are plain, but for a few.
#[test]
fn the_corpus_and_how_much_of_it_is_plain() {
    let (mut plain, mut all) = (0, 0);
    for (_, bytes, is_sound) in corpus_files() {
        let (read, of) = read_both_ways(&bytes);
        if is_sound {
            (plain, all) = (plain + read, all + of);
        }
    }
    println!("{plain} of {all} bytes of the corpus are plain");
    assert!(plain * 100 >= all * 97, "{plain} of {all} bytes");
}

#[test]
fn all_of_what_benches_read_is_plain() {
    for name in ["seed", "boutique-20", "pods-5", "dump-3", "kyaml-20"] {
        let text = generate::text(name).unwrap();
        let (plain, all) = read_both_ways(text.as_bytes());
        let separators = text.lines().filter(|line| *line == "---").count() * "---\n".len();
        assert_eq!(plain + separators, all);
    }
}

/// Lists in lists, in the first item and in a later one: found by chance in `mutated_lists`.
#[test]
fn lists_in_lists_begin_at_their_own_dash() {
    for item in
        ["- - 1", "-    - 1", "-\n    - 1", "- &x\n    - 1", "- !!seq\n    - 1", "- # c\n    - 1", "- - - 1"]
    {
        for before in ["", "- 0\n", "- a: 1\n", "- - 0\n", "- []\n", "- |\n  x\n"] {
            let list = format!("{before}{item}\n");
            let indented = list.replace('\n', "\n  ");
            for text in [list.clone(), format!("items:\n{list}"), format!("a:\n  {indented}\nb: 1\n")] {
                read_both_ways(text.as_bytes());
                let (file, arena) = (SourceFile::new("-", text.clone().into_bytes()), Arena::new());
                let documents = split::parsed_documents(0, &file, &arena);
                let begin: Vec<u32> =
                    documents.iter().flat_map(|document| block_lists(&document.content)).collect();
                let innermost = text.rfind("- 1").unwrap_or_default();
                assert!(begin.contains(&(innermost as u32)), "{begin:?} of\n{text}");
            }
        }
    }
}

/// A file that is one List of some manifests, as `kubectl get -o yaml` writes it.
fn list(manifests: &[String], indented: bool) -> String {
    let margin = if indented { "  " } else { "" };
    let mut text = String::from("apiVersion: v1\nitems:\n");
    for manifest in manifests {
        let lines = manifest.lines().filter(|line| !line.starts_with("---") && !line.trim().is_empty());
        for (at, line) in lines.enumerate() {
            text.push_str(&format!("{margin}{}{line}\n", if at == 0 { "- " } else { "  " }));
        }
    }
    text + "kind: List\nmetadata:\n  resourceVersion: \"\"\n"
}

fn lists() -> impl Strategy<Value = String> {
    let some = prop::collection::vec(prop::sample::select(manifests()), 1..6);
    (some, any::<bool>()).prop_map(|(manifests, indented)| list(&manifests, indented))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: common::cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn soup_of_indicators(text in soup()) {
        read_both_ways(text.as_bytes());
    }

    #[test]
    fn lists_of_manifests(text in lists()) {
        read_both_ways(text.as_bytes());
    }

    #[test]
    fn mutated_lists(bytes in edited(lists())) {
        read_both_ways(&bytes);
    }

    #[test]
    fn mutated_manifests(bytes in mutated()) {
        read_both_ways(&bytes);
    }
}
