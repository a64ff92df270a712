//! Real manifests from public projects, read from `../shared/corpus` or `$PODWIRE_CORPUS`; they are not ours to copy.
//!
//! A known-good deployment raises no error. Where the folder is absent the tests say so and pass.
#![expect(clippy::expect_used, reason = "a test may fail")]

#[path = "common/skipped.rs"]
mod skipped;
#[path = "common/true_faults.rs"]
mod true_faults;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use podwire::analysis::{Analysis, analyze};
use podwire::finding::Severity;
use podwire::source::SourceFile;

/// A line of INDEX.tsv.
struct Listed {
    path: String,
    services: usize,
    workloads: usize,
    is_ok: bool,
}

fn corpus() -> Option<(PathBuf, Vec<Listed>)> {
    let folder = std::env::var_os("PODWIRE_CORPUS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus")),
        PathBuf::from,
    );
    let Ok(index) = fs::read_to_string(folder.join("INDEX.tsv")) else {
        skipped::skipped(format_args!("there is no corpus at {}; set PODWIRE_CORPUS", folder.display()));
        return None;
    };
    let listed = index.lines().skip(1).map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let number = |column: usize| columns[column].parse().expect("INDEX.tsv has numbers here");
        let path = columns[0].to_owned();
        Listed { path, services: number(4), workloads: number(5), is_ok: columns[7] == "ok" }
    });
    Some((folder, listed.collect()))
}

fn analysis_of(folder: &std::path::Path, listed: &Listed) -> Analysis {
    let bytes = fs::read(folder.join(&listed.path)).expect("a listed file is there");
    analyze(vec![SourceFile::new(listed.path.as_str(), bytes)], None)
}

/// `file:line: severity: message [rule]`
fn said(analysis: &Analysis) -> Vec<String> {
    let words = analysis.findings.iter().map(|finding| {
        let (file, line) = (analysis.file_name(finding.span), analysis.place(finding.span).line);
        format!("{file}:{line}: {}: {} [{}]", finding.severity.as_str(), finding.message, finding.rule)
    });
    words.collect()
}

#[test]
fn good_manifests_raise_no_error_and_all_that_they_hold_is_there() {
    let Some((folder, listed)) = corpus() else { return };
    let mut wrong = Vec::new();
    let mut totals: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for file in listed.iter().filter(|file| file.is_ok) {
        let analysis = analysis_of(&folder, file);
        let cluster = &analysis.cluster;
        let repeated = |is_service: bool| {
            cluster.repeated.iter().filter(|(object, ..)| (object.kind == "Service") == is_service).count()
        };
        let services = cluster.services.len() + repeated(true);
        let workloads = cluster.workloads.len() + cluster.pods.len() + repeated(false);
        if (services, workloads) != (file.services, file.workloads) {
            let (s, w) = (file.services, file.workloads);
            wrong.push(format!(
                "{}: {services} Services and {workloads} workloads, not {s} and {w}",
                file.path
            ));
        }
        for finding in &analysis.findings {
            *totals.entry((finding.severity.as_str(), finding.rule)).or_default() += 1;
        }
        let errors = analysis.findings.iter().zip(said(&analysis));
        let errors =
            errors.filter(|(finding, _)| finding.severity == Severity::Error).map(|(_, words)| words);
        wrong.extend(errors.filter(|words| !true_faults::TRUE_FAULTS.contains(&words.as_str())));
    }
    for ((severity, rule), count) in &totals {
        println!("{severity:>8} {rule:<28} {count}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn broken_files_say_where_and_the_rest_of_them_is_drawn() {
    let Some((folder, listed)) = corpus() else { return };
    for file in listed.iter().filter(|file| !file.is_ok) {
        let analysis = analysis_of(&folder, file);
        println!("{}: {} documents\n  {}", file.path, analysis.documents, said(&analysis).join("\n  "));
        assert!(!analysis.findings.is_empty(), "{} says nothing", file.path);
    }
}
