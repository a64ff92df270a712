//! Every rule against its manifests: what must be found, where, and what must not.
//!
//! A mark `#~ severity: message` at the end of a line says that there is such a finding, whose span begins on that line.
//! Marks are taken out before the text is read. `UPDATE=1 cargo test --test rules` writes `docs/rules.md` anew.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what is wrong by failing")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use podwire::analysis::{Analysis, analyze};
use podwire::finding::{Finding, Severity, Stage};
use podwire::rules::{RULES, by_name};
use podwire::source::SourceFile;
use podwire::wiring::{Nobody, PortFault, PortWiring};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rules");
const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/validation.jsonl");
const ENDPOINTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/endpoints.jsonl");
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules.md");

/// How many refused Services must be refused here with the same fields; raise it, never lower it.
const SAME_FIELDS: usize = 112;

/// A fixture without its marks, and the marks: line, severity and message.
struct Fixture {
    path: PathBuf,
    text: Vec<u8>,
    marks: Vec<(u32, String)>,
}

impl Fixture {
    fn read(path: &Path) -> Self {
        let mut text = Vec::new();
        let mut marks = Vec::new();
        for (number, line) in fs::read(path).unwrap().split_inclusive(|&byte| byte == b'\n').enumerate() {
            let Some(at) = line.windows(2).position(|two| two == b"#~") else {
                text.extend_from_slice(line);
                continue;
            };
            text.extend_from_slice(line[..at].trim_ascii_end());
            text.push(b'\n');
            let said = String::from_utf8_lossy(&line[at..]);
            let said = said.split("#~").skip(1).map(|mark| (number as u32 + 1, mark.trim().to_owned()));
            marks.extend(said);
        }
        Self { path: path.to_owned(), text, marks }
    }

    fn analyze(&self) -> Analysis {
        analyze(vec![SourceFile::new("-", self.text.clone())], None)
    }
}

/// The findings as marks, each with its rule.
fn said(analysis: &Analysis) -> Vec<(u32, String)> {
    let mark = |finding: &Finding| {
        (analysis.place(finding.span).line, format!("{}: {}", finding.severity.as_str(), finding.message))
    };
    let mut said: Vec<_> = analysis.findings.iter().map(mark).collect();
    said.sort();
    said
}

/// All fixtures of a folder whose names begin with a word.
fn fixtures(folder: &Path, word: &str) -> Vec<Fixture> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.file_name().unwrap().to_string_lossy().starts_with(word));
    paths.sort();
    paths.iter().map(|path| Fixture::read(path)).collect()
}

/// How many characters must be written anew to get from one text to the other: within each line that differs, all
/// between what the two have in common at both ends.
fn changed(a: &str, b: &str) -> usize {
    let (mut a, mut b): (Vec<&str>, Vec<&str>) = (a.lines().collect(), b.lines().collect());
    while !a.is_empty() && a.last() == b.last() {
        a.pop();
        b.pop();
    }
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    if a.len() == b.len() {
        return a.iter().zip(b).map(|(a, b)| changed_within(a, b)).sum();
    }
    changed_within(&a.join("\n"), &b.join("\n"))
}

fn changed_within(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let before = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[before..], &b[before..]);
    let after = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    a.len().max(b.len()) - after
}

#[test]
fn every_rule_fires_where_it_is_marked_and_nowhere_else() {
    let mut wrong = String::new();
    for rule in RULES {
        for fixture in fixtures(&Path::new(FIXTURES).join(rule.name), "fires") {
            let analysis = fixture.analyze();
            let (mut marks, said) = (fixture.marks.clone(), said(&analysis));
            marks.sort();
            if marks != said {
                _ = writeln!(wrong, "{}\n  marked {marks:#?}\n  said   {said:#?}", fixture.path.display());
            }
            if !analysis.findings.iter().any(|finding| finding.rule == rule.name) {
                _ = writeln!(wrong, "{}: {} does not fire", fixture.path.display(), rule.name);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_nearest_manifest_is_silent() {
    let mut wrong = String::new();
    for rule in RULES {
        let folder = Path::new(FIXTURES).join(rule.name);
        for fires in fixtures(&folder, "fires") {
            let name = fires.path.file_name().unwrap().to_string_lossy().replace("fires", "silent");
            if !folder.join(&name).exists() {
                _ = writeln!(wrong, "{}: no {name} beside it", fires.path.display());
                continue;
            }
            let silent = Fixture::read(&folder.join(&name));
            let size = changed(&String::from_utf8_lossy(&fires.text), &String::from_utf8_lossy(&silent.text));
            if !(1..=40).contains(&size) {
                _ = writeln!(wrong, "{}: {size} characters differ", silent.path.display());
            }
        }
    }
    for folder in RULES.iter().map(|rule| rule.name).chain(["foreign"]) {
        for silent in fixtures(&Path::new(FIXTURES).join(folder), "silent") {
            let said = said(&silent.analyze());
            if !said.is_empty() {
                _ = writeln!(wrong, "{}: {said:#?}", silent.path.display());
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_rule_has_a_folder_a_source_and_its_place_in_the_list() {
    let mut folders: BTreeSet<String> = fs::read_dir(FIXTURES)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    folders.remove("foreign");
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(
        folders.into_iter().collect::<Vec<_>>(),
        names,
        "a folder for every rule, in the order of the list"
    );
    for rule in RULES {
        let from_kubernetes = ["https://kubernetes.io/", "https://github.com/kubernetes/"];
        assert!(
            from_kubernetes.iter().any(|site| rule.source.starts_with(site)),
            "{}: {}",
            rule.name,
            rule.source
        );
        assert!(rule.fires.contains("#~ "), "{}: fires.yaml has no mark", rule.name);
        assert_eq!(by_name(rule.name).map(|rule| rule.name), Some(rule.name));
    }
}

#[test]
fn findings_are_worded_as_the_house_words_them() {
    for rule in RULES {
        for fixture in fixtures(&Path::new(FIXTURES).join(rule.name), "fires") {
            for finding in fixture.analyze().findings {
                let text = format!("{}: {finding:#?}", fixture.path.display());
                assert!(!finding.message.ends_with('.') && !finding.help.ends_with('.'), "{text}");
                assert!(!finding.help.is_empty() && !finding.short.is_empty(), "{text}");
                assert!(finding.short.chars().count() <= 26, "{text}");
                let kind = ["Service ", "Deployment ", "Pod ", "StatefulSet "]
                    .iter()
                    .any(|kind| finding.message.starts_with(kind));
                assert!(
                    kind || finding.message.starts_with("a List")
                        || !finding.message.starts_with(char::is_uppercase),
                    "{text}"
                );
                let refused = matches!(finding.stage, Stage::Validate);
                assert!(
                    !refused || finding.severity == Severity::Error,
                    "what validation finds is an error: {text}"
                );
            }
        }
    }
}

#[test]
fn fixes_mend_what_they_are_for() {
    for rule in RULES {
        for fixture in fixtures(&Path::new(FIXTURES).join(rule.name), "fires") {
            let analysis = fixture.analyze();
            for finding in analysis.findings.iter().filter(|finding| finding.rule == rule.name) {
                let Some(fix) = &finding.fix else { continue };
                let mut text = String::from_utf8(fixture.text.clone()).unwrap();
                let mut edits = fix.edits.clone();
                edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
                for edit in edits {
                    text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
                }
                let mended = analyze(vec![SourceFile::new("-", text.clone().into_bytes())], None);
                let left = mended.findings.iter().filter(|other| other.message == finding.message).count();
                assert_eq!(left, 0, "{}: {} does not mend it:\n{text}", fixture.path.display(), fix.title);
            }
        }
    }
}

#[test]
fn node_ports_of_sibling_overlays_are_a_hint() {
    let service = |name: &str, namespace: &str| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\n  namespace: {namespace}\nspec:\n  type: NodePort\n  \
             ports:\n  - port: 80\n    nodePort: 30080\n"
        )
    };
    for (first, second, severity) in [
        ("overlays/dev/web.yaml", "overlays/prod/web.yaml", Severity::Hint),
        ("shop/dev/web.yaml", "shop/production/service.yaml", Severity::Hint),
        ("apps/web/service.yaml", "apps/api/service.yaml", Severity::Error),
        ("web.yaml", "api.yaml", Severity::Error),
        ("overlays/dev/web.yaml", "overlays/dev/api.yaml", Severity::Error),
    ] {
        let files = vec![
            SourceFile::new(first, service("web", "a").into_bytes()),
            SourceFile::new(second, service("api", "b").into_bytes()),
        ];
        let analysis = analyze(files, None);
        let found: Vec<_> =
            analysis.findings.iter().filter(|finding| finding.rule == "duplicate-node-port").collect();
        assert_eq!(
            found.iter().map(|finding| finding.severity).collect::<Vec<_>>(),
            [severity],
            "{first} {second}"
        );
        assert_eq!(analysis.file_name(found[0].span), second);
    }
}

#[test]
fn a_template_is_an_error_alone_and_one_warning_in_its_chart() {
    let template = || b"apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Chart.Name }}\n".to_vec();
    let names = ["chart/templates/a.yaml", "chart/templates/b.yaml", "other/templates/a.yaml"];
    for (names, severities) in [
        (&names[..1], &[Severity::Error][..]),
        (&names[..2], &[Severity::Warning]),
        (&names[..], &[Severity::Warning, Severity::Warning]),
    ] {
        let files = names.iter().map(|name| SourceFile::new(*name, template())).collect();
        let analysis = analyze(files, None);
        let found = analysis.findings.iter().filter(|finding| finding.rule == "unrendered-template");
        assert_eq!(found.map(|finding| finding.severity).collect::<Vec<_>>(), severities, "{names:?}");
    }
}

#[test]
fn what_kubernetes_accepts_is_never_refused() {
    let (mut same, mut told, mut refused, mut wrong) = (0, 0, 0, String::new());
    for line in fs::read_to_string(GOLDEN).unwrap().lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let analysis = analyze(vec![SourceFile::new("-", case["manifest"].as_str().unwrap().into())], None);
        let errors = analysis.findings.iter().filter(|finding| finding.severity == Severity::Error);
        let errors: Vec<_> =
            errors.filter(|finding| matches!(finding.stage, Stage::Read | Stage::Validate)).collect();
        if case["valid"].as_bool() == Some(true) {
            if !errors.is_empty() {
                _ = writeln!(
                    wrong,
                    "{}: valid, but {:?}\n{}",
                    case["name"],
                    errors[0].message,
                    case["manifest"].as_str().unwrap()
                );
            }
            allocation(&case, &analysis, &mut wrong);
            continue;
        }
        refused += 1;
        let theirs: BTreeSet<&str> =
            case["errors"].as_array().unwrap().iter().filter_map(|error| error["field"].as_str()).collect();
        let ours: BTreeSet<&str> = errors
            .iter()
            .filter(|finding| finding.stage == Stage::Validate)
            .filter_map(|finding| finding.field.as_deref())
            .collect();
        let decoded = case["decode_error"].is_null();
        if !ours.is_subset(&theirs) || (!decoded && errors.is_empty()) {
            _ = writeln!(
                wrong,
                "{}: {ours:?} is not in {theirs:?}\n{}",
                case["name"],
                case["manifest"].as_str().unwrap()
            );
        }
        told += usize::from(!errors.is_empty());
        same += usize::from(ours == theirs && !errors.is_empty());
    }
    println!("of {refused} refused Services {same} are refused with the same fields, {told} at all");
    assert!(wrong.is_empty(), "{wrong}");
    assert!(
        same >= SAME_FIELDS,
        "only {same} of {refused} are refused with the same fields, not {SAME_FIELDS}"
    );
}

/// What the allocator says of node ports is said too, and no more.
fn allocation(case: &serde_json::Value, analysis: &Analysis, wrong: &mut String) {
    let Some(theirs) = case["allocator_reimpl"]["errors"].as_array() else { return };
    let fields = theirs.iter().filter_map(|error| error["field"].as_str());
    let theirs: BTreeSet<&str> = fields.filter(|field| field.ends_with("nodePort")).collect();
    let ours = analysis.findings.iter().filter(|finding| finding.stage == Stage::Allocate);
    let ours: BTreeSet<&str> = ours.filter_map(|finding| finding.field.as_deref()).collect();
    if ours != theirs {
        _ = writeln!(
            wrong,
            "{}: allocator {theirs:?}, not {ours:?}\n{}",
            case["name"],
            case["manifest"].as_str().unwrap()
        );
    }
}

#[test]
fn every_broken_wire_is_told_of_once() {
    let mut wrong = String::new();
    for line in fs::read_to_string(ENDPOINTS).unwrap().lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let analysis = analyze(vec![SourceFile::new("-", case["manifests"].as_str().unwrap().into())], None);
        for (service, wired) in analysis.cluster.services.iter().zip(&analysis.wiring.services) {
            let object = service.meta.reference();
            let about = |finding: &&Finding| finding.object == object && finding.stage != Stage::Allocate;
            let about: Vec<&Finding> = analysis.findings.iter().filter(about).collect();
            for port in 0..service.ports.len() {
                let fault = wired.fault(port);
                if let Err(why) = told_once(fault.as_ref(), &wired.ports[port], port, &about) {
                    let name = &service.meta.name.value;
                    let said: Vec<_> = about.iter().map(|finding| (finding.rule, &finding.message)).collect();
                    _ = writeln!(wrong, "{} {name} [{port}] {fault:?}: {why}, but {said:#?}", case["name"]);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Whether the findings about a Service tell of a port's fault once, and in the severity that it deserves.
fn told_once(
    fault: Option<&PortFault>,
    wired: &PortWiring,
    port: usize,
    about: &[&Finding],
) -> Result<(), &'static str> {
    let here = format!("spec.ports[{port}]");
    let concerns = |finding: &&&Finding| {
        finding
            .field
            .as_ref()
            .is_none_or(|field| !field.starts_with("spec.ports[") || field.starts_with(&here))
    };
    let count = |severity: Severity, rules: &[&str]| {
        let wire = about.iter().filter(concerns).filter(|finding| finding.stage == Stage::Wire);
        wire.filter(|finding| {
            finding.severity == severity && (rules.is_empty() || rules.contains(&finding.rule))
        })
        .count()
    };
    let broken = count(Severity::Error, &[]) + count(Severity::Warning, &[]);
    let partly = count(Severity::Warning, &["target-port-name-missing", "protocol-differs"]);
    let refused =
        about.iter().filter(concerns).any(|finding| matches!(finding.stage, Stage::Read | Stage::Validate));
    let (ok, why) = match fault {
        None => (broken == partly && (partly == 0 || !wired.unresolved.is_empty()), "nothing is broken"),
        Some(PortFault::Nobody(Nobody::ExternalName)) => {
            (broken + count(Severity::Hint, &[]) == 0, "it is none of ours")
        }
        Some(PortFault::Nobody(Nobody::NoSelector)) => {
            (broken == 0 && (refused || count(Severity::Hint, &["selectorless-service"]) == 1), "one hint")
        }
        Some(PortFault::Nobody(Nobody::OutsideUpload)) => {
            (broken == 0 && count(Severity::Hint, &["pods-outside-upload"]) == 1, "one hint")
        }
        Some(PortFault::Nobody(Nobody::ScaledToZero)) => {
            (broken == 1 && count(Severity::Warning, &["scaled-to-zero"]) == 1, "one warning")
        }
        Some(PortFault::Nobody(Nobody::NoPodSelected(_))) => {
            (broken + count(Severity::Hint, &["selector-matches-nothing"]) == 1, "one finding")
        }
        Some(PortFault::PortNameMissing | PortFault::ProtocolDiffers) if refused => {
            (broken == 0, "it is refused already")
        }
        Some(PortFault::PortNameMissing | PortFault::ProtocolDiffers) => {
            let errors = count(Severity::Error, &["target-port-name-missing", "protocol-differs"]);
            // Some pods may have the name with another protocol, and some not at all; of finished ones nothing is said.
            let most = if fault == Some(&PortFault::ProtocolDiffers) { 2 } else { 1 };
            let finished = count(Severity::Warning, &["no-endpoint-address"]) == 1;
            (partly == 0 && errors <= most && (errors > 0 || finished), "one error")
        }
        Some(PortFault::NoneReady) => {
            (broken - partly == 1 && count(Severity::Error, &["no-pod-ready"]) == 1, "one error")
        }
        Some(PortFault::NoAddress) => {
            (broken == 1 && count(Severity::Warning, &["no-endpoint-address"]) == 1, "one warning")
        }
    };
    if ok { Ok(()) } else { Err(why) }
}

#[test]
fn the_page_of_rules_is_fresh() {
    let mut page = String::from(
        "# Rules\n\nWhat Podwire has to say about an upload. Written from `src/rules/` by `UPDATE=1 cargo test --test rules`.\n\n\
         An annotation `podwire.dev/ignore: <rule>, <rule>` on an object silences rules about it, except where Kubernetes refuses it.\n\n\
         | rule | stage | at worst | what |\n| --- | --- | --- | --- |\n",
    );
    for rule in RULES {
        let (stage, severity) = (rule.stage.as_str(), rule.severity.as_str());
        _ = writeln!(page, "| [{0}](#{0}) | {stage} | {severity} | {1} |", rule.name, rule.what);
    }
    for rule in RULES {
        let fires = rule.fires.replace("   #~ ", "   # <- ");
        _ = write!(
            page,
            "\n## {}\n\n{} {}\n\nStage: {}. At worst: {}. Source: <{}>\n\nFires:\n```yaml\n{fires}```\nSilent:\n```yaml\n{}```\n",
            rule.name,
            rule.what,
            rule.why,
            rule.stage.as_str(),
            rule.severity.as_str(),
            rule.source,
            rule.silent
        );
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(Path::new(PAGE).parent().unwrap()).unwrap();
        fs::write(PAGE, &page).unwrap();
    }
    let written = fs::read_to_string(PAGE).unwrap_or_default();
    assert!(written == page, "docs/rules.md is stale: UPDATE=1 cargo test --test rules");
}
