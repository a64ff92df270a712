//! Any bytes can be read: each span stands for text of the file, and masking keeps its lines.
#![no_main]

use libfuzzer_sys::fuzz_target;
use podwire::kinds::{self, Reading};
use podwire::source::redact::redact;
use podwire::source::split::{Content, documents};
use podwire::source::{Node, SourceFile, Span, Value};

fuzz_target!(|bytes: &[u8]| {
    let file = SourceFile::new("fuzz.yaml", bytes.to_vec());
    for document in documents(0, &file) {
        stands_for_text(document.span, &file);
        if let Content::Tree(root) = &document.content {
            stand_for_text(root, &file);
            let readings = kinds::read(root);
            for problem in &readings.problems {
                stands_for_text(problem.problem.span, &file);
            }
            for reading in &readings.readings {
                match reading {
                    Reading::Object(object) => stands_for_text(object.meta().head(), &file),
                    Reading::NotAnObject { span, .. } => stands_for_text(*span, &file),
                    Reading::Other(_) => {}
                }
            }
        }
    }
    let masked = redact(0, &file);
    let masked = SourceFile::new("masked.yaml", masked.into_bytes());
    assert_eq!(masked.line_count(), file.line_count(), "masking keeps lines");
});

fn stand_for_text(node: &Node<'_>, file: &SourceFile) {
    stands_for_text(node.span, file);
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| stand_for_text(item, file)),
        Value::Map(map) => {
            for entry in &map.entries {
                stands_for_text(entry.key_span, file);
                stand_for_text(&entry.value, file);
            }
        }
        _ => {}
    }
}

fn stands_for_text(span: Span, file: &SourceFile) {
    let text = file.text();
    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} of {} bytes", text.len());
}
