//! Any bytes: the scanner for plain YAML reads what the full parser reads, values and places, or leaves it to that; and
//! objects are the same from trees without bulk and from lists that were cut as from whole trees.
#![no_main]

use libfuzzer_sys::fuzz_target;
use podwire::kinds::{self, Readings};
use podwire::source::SourceFile;
use podwire::source::split::{self, Content, How, Lists, Part};

const HOW: How<'_> = How {
    skims: true,
    lists: Some(Lists { key: kinds::list::ITEMS, is_one: kinds::list::is_list, least: 0 }),
    parsed: false,
    values: None,
};

fuzz_target!(|bytes: &[u8]| {
    let file = SourceFile::new("fuzz.yaml", bytes.to_vec());
    let parsed = split::parsed_documents(0, &file);
    let documents = split::documents(0, &file);
    assert_eq!(documents.len(), parsed.len());
    let mut expected = Readings::default();
    let mut problems = Vec::new();
    for (document, parsed) in documents.iter().zip(parsed) {
        assert_eq!(document.span, parsed.span);
        assert_eq!(document.ends_stream, parsed.ends_stream);
        assert_eq!(document.problems, parsed.problems);
        match (&document.content, &parsed.content) {
            (Content::Tree(one), Content::Tree(other)) if one == other => {}
            // Not-a-number, which an equal key may override, is unlike itself.
            (one, other) => assert_eq!(format!("{one:?}"), format!("{other:?}")),
        }
        problems.extend(parsed.problems);
        if let Content::Tree(root) = &parsed.content {
            add(&mut expected, kinds::read(root));
        }
    }
    let mut found = Vec::new();
    let mut all = Readings::default();
    let read = split::read(0, &file, HOW, |part| match part {
        Part::Document(document) => match &document.content {
            Content::Tree(root) => (document.problems, kinds::read(root)),
            _ => (document.problems, Readings::default()),
        },
        Part::Item { list, item } => (Vec::new(), kinds::read_item(list, &item)),
    });
    for (problems, readings) in read {
        found.extend(problems);
        add(&mut all, readings);
    }
    assert_eq!(found, problems);
    assert_eq!(format!("{all:?}"), format!("{expected:?}"));
});

fn add(all: &mut Readings, readings: Readings) {
    all.readings.extend(readings.readings);
    all.problems.extend(readings.problems);
}
