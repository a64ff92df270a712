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

#[path = "rules/fixes.rs"]
mod fixes;
#[path = "rules/golden.rs"]
mod golden;
#[path = "rules/many.rs"]
mod many;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rules");
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules.md");

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
    let entries = fs::read_dir(FIXTURES).unwrap().map(|entry| entry.unwrap());
    let mut folders: BTreeSet<String> = entries
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    folders.remove("foreign");
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(
        folders.into_iter().collect::<Vec<_>>(),
        names,
        "a folder for every rule, in the order of the list"
    );
    for rule in RULES {
        let from_kubernetes = [
            "https://kubernetes.io/",
            "https://github.com/kubernetes/",
            "https://github.com/kubernetes-sigs/gateway-api/",
        ];
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
                let own = format!("{} ", finding.object.kind);
                let kind = [
                    own.as_str(),
                    "Service ",
                    "Deployment ",
                    "Pod ",
                    "StatefulSet ",
                    "Ingress ",
                    "EndpointSlice ",
                    "Endpoints ",
                    "Gateway ",
                    "HTTPRoute ",
                ]
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
