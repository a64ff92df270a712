//! How right the findings are, in two figures: errors in good manifests (there must be none), and faults put into good
//! manifests that are found on the right line, with the right cause named.
//!
//! `cargo test --test findings -- --nocapture` prints them; `UPDATE=1 cargo test --test findings` writes them into the
//! README where the corpus is there: `../shared/corpus` or `$PODWIRE_CORPUS`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

#[expect(dead_code, reason = "other tests read more of it")]
mod common;
#[path = "findings/fault.rs"]
mod fault;
#[path = "findings/generate.rs"]
mod generate;
#[path = "findings/manifest.rs"]
mod manifest;
#[path = "findings/random.rs"]
mod random;
#[path = "common/true_faults.rs"]
mod true_faults;

use std::collections::BTreeMap;
use std::fs;

use fault::{Expected, Fault};
use podwire::analysis::{Analysis, analyze};
use podwire::finding::{Finding, Severity};
use podwire::source::{SourceFile, Span};
use random::Random;

/// How many manifests of our own are given faults.
const GENERATED: u64 = 60;
/// How many faults of each kind one manifest is given at most.
const OF_EACH_KIND: usize = 8;
/// How many of the faults must have their cause named.
const NAMED: f64 = 0.95;

const BEGIN: &str = "<!-- findings -->";
const END: &str = "<!-- /findings -->";

fn analysis(name: &str, text: &str) -> Analysis {
    analyze(vec![SourceFile::new(name, text.as_bytes().to_vec())], None)
}

/// `file:line: severity: message [rule]`
fn said(analysis: &Analysis, finding: &Finding) -> String {
    let (file, line) = (analysis.file_name(finding.span), analysis.place(finding.span).line);
    format!("{file}:{line}: {}: {} [{}]", finding.severity.as_str(), finding.message, finding.rule)
}

/// How many faults there were, how many were found, and of how many the cause was named.
#[derive(Debug, Default, Clone, Copy)]
struct Figures {
    all: usize,
    found: usize,
    named: usize,
}

impl Figures {
    fn share(count: usize, all: usize) -> f64 {
        if all == 0 { 1.0 } else { count as f64 / all as f64 }
    }

    /// Rounded down, so that 100 % are all of them.
    fn percent(count: usize, all: usize) -> String {
        format!("{:.1} %", (Self::share(count, all) * 1000.0).floor() / 10.0)
    }
}

/// Puts every fault into a text by itself.
fn put(
    name: &str,
    text: &str,
    faults: &[Fault],
    figures: &mut BTreeMap<&'static str, Figures>,
    wrong: &mut Vec<String>,
) {
    for fault in faults {
        let mutant = fault.put_into(text);
        let analysis = analysis(name, &mutant);
        let figures = figures.entry(fault.kind).or_default();
        figures.all += 1;
        let lines = |at: usize| line_after(fault, &mutant, at);
        let of_rule = |expected: &Expected| {
            let line = lines(expected.at);
            analysis
                .findings
                .iter()
                .filter(|finding| finding.rule == expected.rule && analysis.place(finding.span).line == line)
                .collect::<Vec<&Finding>>()
        };
        let found = fault.expected.iter().all(|expected| !of_rule(expected).is_empty());
        let named = fault.expected.iter().all(|expected| {
            of_rule(expected).iter().any(|finding| names_cause(&analysis, finding, expected, lines))
        });
        figures.found += usize::from(found);
        figures.named += usize::from(named);
        if !found || !named {
            let what = if found { "names another cause" } else { "is not found" };
            let wanted: Vec<String> = fault
                .expected
                .iter()
                .map(|expected| {
                    format!("line {}: {} {:?}", lines(expected.at), expected.rule, expected.named)
                })
                .collect();
            let told: Vec<String> =
                analysis.findings.iter().map(|finding| said(&analysis, finding)).collect();
            let (line, old) = (lines(fault.cut.start), &text[fault.cut.clone()]);
            wrong.push(format!(
                "{}: {what}: line {line}: {old:?} -> {:?}\n  wanted {}\n  said   {}",
                fault.kind,
                fault.put,
                wanted.join("\n         "),
                told.join("\n         ")
            ));
        }
    }
}

/// The line of a place of the text before the change, after it.
fn line_after(fault: &Fault, mutant: &str, at: usize) -> u32 {
    let at = if at >= fault.cut.end { at + fault.put.len() - fault.cut.len() } else { at };
    let file = SourceFile::new("-", mutant.as_bytes().to_vec());
    file.place(Span { file: 0, start: at as u32, end: at as u32 }).line
}

fn names_cause(
    analysis: &Analysis,
    finding: &Finding,
    expected: &Expected,
    line: impl Fn(usize) -> u32,
) -> bool {
    let mut words = format!("{}\n{}", finding.message, finding.help);
    for related in &finding.related {
        words.push('\n');
        words.push_str(&related.message);
    }
    let named = expected.named.iter().all(|name| words.contains(name.as_str()));
    let misled = expected.not_named.is_some_and(|not| words.contains(not));
    let related = expected.related.is_none_or(|at| {
        let at = line(at);
        finding.related.iter().any(|related| analysis.place(related.span).line == at)
            || analysis.place(finding.span).line == at
    });
    named && !misled && related
}

/// Some faults of each kind, from all over the file: no file counts for more than others because it is long.
fn few(mut faults: Vec<Fault>) -> Vec<Fault> {
    let mut of_kind: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
    for fault in &faults {
        of_kind.entry(fault.kind).or_default().0 += 1;
    }
    faults.retain(|fault| {
        let (all, seen) = of_kind.entry(fault.kind).or_default();
        *seen += 1;
        (*seen - 1) % all.div_ceil(OF_EACH_KIND) == 0
    });
    faults
}

#[test]
fn good_manifests_raise_no_error_and_faults_in_them_are_found_where_they_are() {
    let mut figures: BTreeMap<&'static str, Figures> = BTreeMap::new();
    let mut wrong = Vec::new();
    for seed in 0..GENERATED {
        let text = generate::manifest(seed);
        let name = format!("seed-{seed}.yaml");
        let good = analysis(&name, &text);
        let alarms: Vec<String> = good
            .findings
            .iter()
            .filter(|finding| finding.severity != Severity::Hint)
            .map(|finding| said(&good, finding))
            .collect();
        assert!(alarms.is_empty(), "{}\n{text}", alarms.join("\n"));
        let faults = few(fault::all(&manifest::read(&text), &mut Random(seed)));
        put(&name, &text, &faults, &mut figures, &mut wrong);
    }
    let (mut files, mut false_errors) = (0, Vec::new());
    let corpus = common::corpus_files();
    for (seed, (name, bytes, _)) in corpus.iter().enumerate().filter(|(_, (.., is_ok))| *is_ok) {
        files += 1;
        let text = String::from_utf8_lossy(bytes).into_owned();
        let good = analysis(name, &text);
        let errors = good.findings.iter().filter(|finding| finding.severity == Severity::Error);
        let errors: Vec<String> = errors.map(|finding| said(&good, finding)).collect();
        let is_good = errors.is_empty();
        false_errors
            .extend(errors.into_iter().filter(|words| !true_faults::TRUE_FAULTS.contains(&words.as_str())));
        if is_good {
            let faults = few(fault::all(&manifest::read(&text), &mut Random(seed as u64)));
            put(name, &text, &faults, &mut figures, &mut wrong);
        }
    }
    let mut total = Figures::default();
    for (kind, of) in &figures {
        println!(
            "{:>6} {kind}: found {}, cause named {}",
            of.all,
            Figures::percent(of.found, of.all),
            Figures::percent(of.named, of.all)
        );
        total.all += of.all;
        total.found += of.found;
        total.named += of.named;
    }
    for words in &wrong {
        println!("{words}");
    }
    println!(
        "corpus: {files} files, {} false errors; mutations: {}, found {}, cause named {}",
        false_errors.len(),
        total.all,
        Figures::percent(total.found, total.all),
        Figures::percent(total.named, total.all)
    );
    assert!(false_errors.is_empty(), "{}", false_errors.join("\n"));
    assert_eq!(total.found, total.all, "every fault is found on its line:\n{}", wrong.join("\n"));
    assert!(Figures::share(total.named, total.all) >= NAMED, "{}", wrong.join("\n"));
    if files > 0 {
        readme(files, total);
    }
}

/// The README says the figures that are true.
fn readme(files: usize, total: Figures) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let text = fs::read_to_string(path).unwrap();
    let Some((before, rest)) = text.split_once(BEGIN) else {
        panic!("the README marks where its figures begin")
    };
    let Some((written, after)) = rest.split_once(END) else {
        panic!("the README marks where its figures end")
    };
    let wanted = format!(
        "In {files} good manifests of public projects it raises no false error; of {} faults put into good\n  \
         manifests, one at a time, it finds {} on the right line and names the cause of {}.",
        total.all,
        Figures::percent(total.found, total.all),
        Figures::percent(total.named, total.all)
    );
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, format!("{before}{BEGIN}{wanted}{END}{after}")).unwrap();
    } else {
        assert_eq!(
            written.replace('\n', " "),
            wanted.replace('\n', " "),
            "refresh it: UPDATE=1 cargo test --test findings"
        );
    }
}
