//! What an upload calls things does not reach the terminal as anything but text.

use std::fs;

use crate::run;

const NAMES: [&str; 6] = [
    "\u{1b}]0;pwned\u{7}\u{1b}[31mred",
    "\u{9b}31mred",
    "\u{202e}txet",
    "a\u{2066}b\u{2069}c\u{200b}",
    "a\r\nb\u{8}\u{7f}",
    "\u{0}\u{1}\u{85}\u{feff}",
];

/// A character that moves the cursor, colours, hides or turns what stands beside it.
fn is_raw(c: char) -> bool {
    podwire::names::is_unseen(c) && c != '\n'
}

#[test]
fn no_face_of_the_command_line_writes_raw_escapes() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut text = String::new();
    for (at, name) in NAMES.iter().enumerate() {
        let name = serde_json::to_string(name).expect("JSON");
        text.push_str(&format!(
            "---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}, labels: {{{name}: {name}}}}}\nspec: {{type: NodePort, selector: {{{name}: {name}}}, ports: [{{name: {name}, port: 80, targetPort: {name}, nodePort: 3000{at}}}]}}\n\
             ---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{{name}: {name}}}}}\nspec: {{containers: [{{name: {name}, ports: [{{name: {name}, containerPort: 80}}]}}]}}\n\
             ---\napiVersion: {name}\nkind: {name}\nmetadata: {{name: {name}}}\n{name}: {name}\n"
        ));
    }
    // Raw in the file as well, in a comment, in a value and in what cannot be read.
    text.push_str("---\n# \u{1b}[31m \u{202e}\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: \u{202e}80}], type: \u{1b}[31m}\n");
    text.push_str("---\na: '\u{1b}[31m\n");
    for file in ["web.yaml", "\u{1b}[31m\u{202e}web.yaml"] {
        fs::write(folder.path().join(file), &text).expect("a file");
    }
    for args in [
        &["check", "."][..],
        &["check", ".", "--format", "json"],
        &["check", ".", "--format", "github"],
        &["check", ".", "--format", "sarif"],
        &["check", ".", "--fix", "--dry-run"],
        &["draw", ".", "--format", "txt"],
        &["draw", ".", "--format", "mmd"],
        &["draw", ".", "--format", "dot"],
        &["draw", ".", "--format", "json"],
        &["draw", ".", "--format", "svg"],
        &["trace", "node:30000", "."],
        &["trace", "node:30000", ".", "--format", "json"],
        &["trace", "\u{1b}[31m:80", "."],
        &["check", "\u{1b}[31m-is-not-there"],
    ] {
        let output = run(folder.path(), args, "");
        for bytes in [&output.stdout, &output.stderr] {
            let said = String::from_utf8_lossy(bytes);
            let raw = said.char_indices().find(|(_, c)| is_raw(*c));
            let around =
                raw.map(|(at, c)| (c, said[said.floor_char_boundary(at.saturating_sub(80))..at].to_owned()));
            assert_eq!(around, None, "{args:?}");
        }
        assert!(!output.stdout.is_empty() || !output.stderr.is_empty(), "{args:?}");
    }
}
