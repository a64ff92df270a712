//! Whole uploads: `tests/cases/<case>/input.yaml` (or `input/*`), what `wiring.txt` and `api.json` must be for them.
//!
//! `UPDATE=1 cargo test --test cases` writes both anew; a reviewer reads `wiring.txt`.
#![expect(clippy::expect_used, reason = "a test may fail")]

use std::fs;
use std::path::{Path, PathBuf};

use podwire::analysis::analyze;
use podwire::render;
use podwire::source::SourceFile;
use podwire::web::api::types;

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn input(case: &Path) -> Vec<SourceFile> {
    let folder = case.join("input");
    let paths = if folder.is_dir() { sorted(&folder) } else { vec![case.join("input.yaml")] };
    let files = paths.into_iter().map(|path| {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        SourceFile::new(name, fs::read(&path).expect("the input is there"))
    });
    files.collect()
}

#[test]
fn every_upload_is_told_as_it_was() {
    let update = std::env::var_os("UPDATE").is_some();
    let cases = sorted(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"));
    assert!(cases.len() >= 10);
    let mut stale = Vec::new();
    for case in &cases {
        let analysis = analyze(input(case), None);
        let text =
            render::text::text(&analysis.cluster, &analysis.wiring, &analysis.findings, &analysis.files);
        let json =
            serde_json::to_string_pretty(&types::Analysis::from(&analysis)).expect("an answer is JSON");
        for (name, now) in [("wiring.txt", text), ("api.json", json + "\n")] {
            let path = case.join(name);
            if update {
                fs::write(&path, &now).expect("the case can be written");
            } else if fs::read_to_string(&path).unwrap_or_default() != now {
                stale.push(format!(
                    "{}:\n{}",
                    path.display(),
                    if name == "wiring.txt" { &now } else { "differs" }
                ));
            }
        }
    }
    assert!(stale.is_empty(), "not as it was (UPDATE=1 writes them anew):\n{}", stale.join("\n"));
}
