//! Documents that say what is elsewhere too: the table of settings in the README (`UPDATE=1 cargo test --test readme` writes it), and
//! what holds the claims of docs/semantics.md.

use std::fs;

const BEGIN: &str = "<!-- settings -->\n";
const END: &str = "<!-- /settings -->";

#[test]
fn the_table_of_settings_is_true() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = fs::read_to_string(path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("the README marks where its settings begin");
    let (table, after) = rest.split_once(END).expect("the README marks where its settings end");
    let wanted = podwire::config::settings_table();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, format!("{before}{BEGIN}{}\n{END}{after}", wanted.trim_end())).unwrap();
    } else {
        assert_eq!(table.trim(), wanted.trim(), "refresh it: UPDATE=1 cargo test --test readme");
    }
}

/// What holds a claim is there: a row of docs/semantics.md has its source, and names rules and files that exist.
#[test]
fn claims_name_tests_that_are_there() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("docs/semantics.md")).expect("docs/semantics.md is there");
    let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    assert!(rows.len() > 50, "{} claims", rows.len());
    for row in rows {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").collect();
        let [.., source, held] = &cells[..] else { panic!("not a row: {row}") };
        assert!(source.contains("]("), "no source: {row}");
        assert!(!held.trim().is_empty(), "held by nothing: {row}");
        for name in held.split('`').skip(1).step_by(2) {
            let path = match name.split_once('/') {
                Some(("rules", _)) => root.join("tests").join(name),
                Some(("tests", _)) => root.join(name),
                _ => continue,
            };
            let is_there = path.exists() || path.with_extension("rs").exists();
            assert!(is_there, "{name} is not there: {row}");
        }
    }
}
