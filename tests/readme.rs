//! The README's table of settings is the one that the server reads. `UPDATE=1 cargo test --test readme` writes it.

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
