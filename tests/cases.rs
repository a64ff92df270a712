//! Whole uploads: `tests/cases/<case>/input.yaml` (or `input/*`), what `wiring.txt` and `api.json` must be for them.
//!
//! `UPDATE=1 cargo test --test cases` writes both anew; a reviewer reads `wiring.txt`.
#![expect(clippy::expect_used, reason = "a test may fail")]

use std::fs;
use std::path::{Path, PathBuf};

use podwire::analysis::{Analysis, analyze};
use podwire::diagram::{Chosen, Diagram, Fold, lay_out, lay_out_chosen};
use podwire::render;
use podwire::source::SourceFile;
use podwire::terms::Term;
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
        let text = render::text::text(
            &analysis.cluster,
            &analysis.wiring,
            &analysis.findings,
            &analysis.files,
            None,
        );
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

/// Every manifest that the repository has: examples, cases, and what fires each rule or is silent of it.
fn uploads() -> Vec<(String, Vec<SourceFile>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let one = |name: &str, text: &[u8]| vec![SourceFile::new(name, text.to_vec())];
    let mut all: Vec<_> = sorted(&root.join("tests/cases"))
        .iter()
        .map(|case| (case.display().to_string(), input(case)))
        .collect();
    for path in sorted(&root.join("static/examples")) {
        let text = fs::read(&path).expect("the example is there");
        all.push((path.display().to_string(), one("-", &text)));
    }
    for rule in podwire::rules::RULES {
        all.push((rule.name.to_owned(), one("-", rule.fires.as_bytes())));
        all.push((rule.name.to_owned(), one("-", rule.silent.as_bytes())));
    }
    all.push(("rare words".to_owned(), one("-", RARE.as_bytes())));
    all.push(("pods alone".to_owned(), one("-", PODS.as_bytes())));
    all.push(("pods without the label".to_owned(), one("-", UNLABELLED.as_bytes())));
    all
}

/// Pods that no Service selects, as they were seen.
const PODS: &str = r"# YAML
{apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web}}, status: {phase: Pending},
  spec: {containers: [{name: nginx, ports: [{containerPort: 80}, {containerPort: 81}, {containerPort: 82}, {containerPort: 83}, {containerPort: 84}]}]}}
";

/// A Service whose pods may get their label at run time.
const UNLABELLED: &str = r"# YAML
{apiVersion: v1, kind: Service, metadata: {name: front}, spec: {selector: {tier: front}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web}}, spec: {containers: [{name: nginx}]}}
";

/// What no other manifest has on its board.
const RARE: &str = r"# YAML
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer, loadBalancerIP: 203.0.113.9,
  trafficDistribution: PreferClose, selector: {app: web}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: alias}, spec: {type: ExternalName, externalName: web.default.svc.cluster.local}}
---
{apiVersion: v1, kind: Service, metadata: {name: outside}, spec: {type: ExternalName, externalName: db.example.com, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: by-hand}, spec: {ports: [{port: 80}]}}
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: by-hand-1, labels: {kubernetes.io/service-name: by-hand}},
  addressType: IPv4, ports: [{port: 80}], endpoints: [{addresses: []}]}
";

/// The board of an upload, and that of the same where all its Services are folded into one card.
fn boards(name: &str, files: Vec<SourceFile>) -> [(String, Diagram); 2] {
    let Analysis { cluster, wiring, findings, .. } = analyze(files, None);
    let all =
        Fold { name: "all".to_owned(), kind: "namespace", services: (0..cluster.services.len()).collect() };
    let folded = Chosen { folded: vec![all], ..Chosen::default() };
    let folded = lay_out_chosen(&cluster, &wiring, &findings, &folded);
    [(name.to_owned(), lay_out(&cluster, &wiring, &findings)), (format!("{name}, folded"), folded)]
}

#[test]
fn every_word_and_jack_on_every_board_is_explained() {
    let mut seen = std::collections::BTreeSet::new();
    let mut mute = Vec::new();
    for (name, board) in uploads().into_iter().flat_map(|(name, files)| boards(&name, files)) {
        let zones = board.zones.iter().flat_map(|zone| std::iter::once(&zone.name).chain(&zone.note));
        let cards = || board.cards.iter();
        let rows = || cards().flat_map(|card| &card.rows);
        let texts = zones
            .chain(&board.lanes)
            .chain(cards().flat_map(|card| &card.texts))
            .chain(cards().filter_map(|card| card.chip.as_ref()).map(|chip| &chip.text))
            .chain(rows().flat_map(|row| &row.texts));
        for text in texts.filter(|text| !text.text.is_empty()) {
            match text.term {
                Some(term) => _ = seen.insert(term),
                None => mute.push(format!("{name}: {}", text.text)),
            }
        }
        seen.extend(rows().flat_map(|row| row.left.iter().chain(&row.right)).map(|jack| jack.term));
        seen.extend(cards().flat_map(|card| &card.pips).map(|pip| pip.term));
    }
    assert!(mute.is_empty(), "nothing says what these are:\n{}", mute.join("\n"));
    // What the legend alone shows is on no card.
    let legend = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/board.html"));
    let legend = legend.expect("the legend is there");
    let unseen: Vec<_> = Term::ALL
        .iter()
        .filter(|term| !seen.contains(term) && !legend.contains(&format!("#{}\"", term.explained().slug)))
        .collect();
    assert!(unseen.is_empty(), "on no board: {unseen:?}");
}
