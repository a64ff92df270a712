//! What the editor is told beside the drawing: where findings stand and how they are mended, which lines belong to what
//! on the board, and which documents cannot be read.
//!
//! Lines and columns count from 1, columns in characters; the page turns them into its own.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use serde_json::{Value, json};

use crate::analysis::Analysis;
use crate::config::{Config, Lifetime};
use crate::diagram::{Diagram, Path, port_address, route_addresses};
use crate::finding::Finding;
use crate::source::Span;

/// The text that is edited.
pub(super) struct Editor {
    pub text: String,
    /// What could not be put into the editor, in words.
    pub note: Option<String>,
    /// How long its link may work once it is shared.
    pub lifetimes: Vec<Choice>,
}

/// A lifetime to choose.
pub(super) struct Choice {
    pub value: String,
    pub words: String,
    pub is_default: bool,
}

impl Editor {
    pub(super) fn new(text: String, note: Option<String>, config: &Config) -> Self {
        let default = config.default_lifetime();
        let choice = |lifetime: Lifetime| Choice {
            value: lifetime.to_string(),
            words: match lifetime {
                Lifetime::For(time) => format!("for {}", time.words()),
                Lifetime::Never => "until deleted".to_owned(),
            },
            is_default: lifetime == default,
        };
        Self { text, note, lifetimes: config.lifetimes().into_iter().map(choice).collect() }
    }
}

/// The rules that say of a whole document that it is not read: whatever it drew is gone.
const UNREADABLE: [&str; 5] =
    ["kubectl-output", "lost-line-ends", "not-a-manifest", "unrendered-template", "yaml-syntax"];

/// File, line, column, last line, and the column after the last.
type At = (u32, u32, u32, u32, u32);

/// Names a finding across the parts of a page.
pub(super) fn key(analysis: &Analysis, finding: &Finding) -> String {
    let (file, line, column, ..) = at(analysis, finding.span);
    format!("{}@{file}:{line}:{column}", finding.rule)
}

/// The first and last line of a span.
pub(super) fn lines(analysis: &Analysis, span: Span) -> (u32, u32) {
    let place = analysis.place(span);
    // A block ends at the start of the line after it.
    let before = place.end_column == 1 && place.end_line > place.line;
    (place.line, if before { place.end_line - 1 } else { place.end_line })
}

/// What the editor is told, to stand inside a `script` element.
pub(super) fn told(analysis: &Analysis, diagram: &Diagram, findings: &[&Finding]) -> String {
    let (places, lines) = places(analysis, diagram);
    let told = json!({
        // The names of the files, by the numbers that places carry.
        "files": analysis.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(),
        "findings": findings.iter().map(|finding| mark(analysis, finding)).collect::<Vec<_>>(),
        // Lines that belong to something on the board: its address, file, first and last line.
        "places": places,
        // The lines that say most about each address of the board: file, first and last line.
        "lines": lines,
    });
    // Nothing in it may end the element that it stands in.
    told.to_string().replace('<', "\\u003c")
}

/// A finding in the text; `unread` says that a whole document is not read.
fn mark(analysis: &Analysis, finding: &Finding) -> Value {
    let fix = finding.fix.as_ref().map(|fix| {
        let edits: Vec<_> = fix.edits.iter().map(|edit| (at(analysis, edit.span), &edit.text)).collect();
        json!({ "title": fix.title, "edits": edits })
    });
    json!({
        "key": key(analysis, finding),
        "severity": finding.severity.as_str(),
        "message": finding.message,
        "help": finding.help,
        "rule": finding.rule,
        "at": at(analysis, finding.span),
        "unread": UNREADABLE.contains(&finding.rule),
        "fix": fix,
    })
}

fn at(analysis: &Analysis, span: Span) -> At {
    let place = analysis.place(span);
    (span.file, place.line, place.column, place.end_line, place.end_column)
}

/// What belongs to which lines: everything that the board shows and that is written somewhere.
#[derive(Default)]
struct Places<'a> {
    on_board: FxHashSet<&'a str>,
    places: Vec<(String, Span)>,
}

impl Places<'_> {
    /// Notes the lines of an address, if the board has it.
    fn add(&mut self, at: String, span: Span) -> bool {
        let is_drawn = self.on_board.contains(at.as_str());
        if is_drawn {
            self.places.push((at, span));
        }
        is_drawn
    }
}

type Lines<'a> = BTreeMap<&'a str, (u32, u32, u32)>;

fn places<'a>(analysis: &Analysis, diagram: &'a Diagram) -> (Vec<(String, u32, u32, u32)>, Lines<'a>) {
    let rows = || diagram.cards.iter().flat_map(|card| &card.rows);
    let cards = diagram.cards.iter().filter_map(|card| Some((card.at.as_deref()?, card.paths.first())));
    let all = rows().filter_map(|row| Some((row.at.as_deref()?, row.paths.first()))).chain(cards);
    let drawn: Vec<_> = all.collect();
    let mut found = Places { on_board: drawn.iter().map(|(at, _)| *at).collect(), ..Places::default() };
    let names = named(analysis, &mut found);
    let in_file = |span: Span| {
        let (first, last) = lines(analysis, span);
        (span.file, first, last)
    };
    let own: BTreeMap<&str, Span> =
        found.places.iter().chain(&names).map(|(at, span)| (at.as_str(), *span)).collect();
    // What is written nowhere by itself, such as the clients inside, belongs to the Service port that it leads to.
    let led_to = |path: Option<&u32>| match diagram.paths.get(*path? as usize)? {
        Path::Port(service, port) => {
            let service = &analysis.cluster.services[*service];
            Some(port.map_or(service.meta.head(), |port| service.ports[port].span))
        }
        Path::Folded(_) => None,
        Path::Route(route) => Some(analysis.wiring.routes.all[*route].said(&analysis.cluster).entry()),
    };
    let of_board =
        drawn.iter().filter_map(|(at, path)| Some((*at, own.get(at).copied().or_else(|| led_to(*path))?)));
    let lines = of_board.map(|(at, span)| (at, in_file(span))).collect();
    let places = found.places.into_iter().map(|(at, span)| {
        let (file, first, last) = in_file(span);
        (at, file, first, last)
    });
    (places.collect(), lines)
}

/// Notes the lines of every object and its parts; answers with those of the objects' names.
fn named(analysis: &Analysis, found: &mut Places<'_>) -> Vec<(String, Span)> {
    let cluster = &analysis.cluster;
    let mut names = Vec::new();
    if found.on_board.is_empty() {
        return names;
    }
    for service in &cluster.services {
        let address = format!("{}.{}", service.meta.name.value, service.meta.namespace);
        if found.add(address.clone(), service.meta.span) {
            names.push((address, service.meta.head()));
        }
        for port in &service.ports {
            let address = port_address(service, port);
            found.add(address.clone(), port.span);
            let Some((number, span)) = port.node_port.as_ref().and_then(|at| Some((at.value, at.span?)))
            else {
                continue;
            };
            if !found.add(format!("node:{number}"), span) {
                found.add(format!("node:{address}"), span);
            }
        }
    }
    for set in &cluster.sets {
        let meta = set.meta(cluster);
        let (kind, name) = match &set.owner {
            Some(owner) => (owner.kind.as_str(), owner.name.as_str()),
            None => ("Pod", meta.name.value.as_str()),
        };
        let address = format!("pods:{kind}/{name}.{}", set.namespace);
        if !found.add(address.clone(), meta.span) {
            continue;
        }
        names.push((address.clone(), meta.head()));
        for port in set.spec(cluster).containers.iter().flat_map(|container| &container.ports) {
            found.add(format!("{address}:{}", port.port.value), port.span);
        }
    }
    let routes = &analysis.wiring.routes;
    for (route, address) in routes.all.iter().zip(route_addresses(cluster, routes)) {
        found.add(address, route.said(cluster).entry());
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis;
    use crate::diagram;
    use crate::rules::RULES;
    use crate::source::SourceFile;

    fn told_of(files: &[(&str, &str)]) -> Value {
        let files =
            files.iter().map(|(name, text)| SourceFile::new(*name, text.as_bytes().to_vec())).collect();
        let analysis = analysis::analyze(files, None);
        let diagram = diagram::lay_out(&analysis.cluster, &analysis.wiring, &analysis.findings);
        serde_json::from_str(&told(&analysis, &diagram, &analysis.findings.iter().collect::<Vec<_>>()))
            .unwrap()
    }

    const SERVICE: &str = "# caf\u{e9} \u{1f680}\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  type: NodePort\n  \
        selector: {app: web}\n  ports:\n  - port: 80\n    nodePort: 30080\n    targetPort: http\n  - port: 81\n    targetPort: 8080\n";
    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels: {app: web}\nspec:\n  containers:\n  - name: nginx\n    \
        ports:\n    - name: htttp\n      containerPort: 8080\n";

    #[test]
    fn lines_belong_to_what_the_board_shows() {
        let told = told_of(&[("web.yaml", SERVICE), ("pod.yaml", POD)]);
        let place = |at: &str| {
            told["places"].as_array().unwrap().iter().find(|place| place[0] == at).unwrap().clone()
        };
        assert_eq!(place("web.default"), serde_json::json!(["web.default", 0, 2, 14]));
        assert_eq!(place("web.default:80"), serde_json::json!(["web.default:80", 0, 10, 12]));
        assert_eq!(place("node:30080"), serde_json::json!(["node:30080", 0, 11, 11]));
        assert_eq!(place("pods:Pod/web.default"), serde_json::json!(["pods:Pod/web.default", 1, 1, 11]));
        assert_eq!(
            place("pods:Pod/web.default:8080"),
            serde_json::json!(["pods:Pod/web.default:8080", 1, 10, 11])
        );
        assert_eq!(told["lines"]["web.default"], serde_json::json!([0, 5, 5]));
        assert_eq!(
            told["lines"]["in:web.default"],
            serde_json::json!([0, 10, 12]),
            "clients inside lead to the port"
        );
    }

    #[test]
    fn a_finding_stands_where_it_is_mended() {
        let told = told_of(&[("web.yaml", SERVICE), ("pod.yaml", POD)]);
        let findings = told["findings"].as_array().unwrap();
        let finding = findings.iter().find(|finding| finding["rule"] == "target-port-name-missing").unwrap();
        assert_eq!(finding["at"], serde_json::json!([0, 12, 17, 12, 21]));
        assert_eq!(finding["key"], "target-port-name-missing@0:12:17");
        assert_eq!(finding["fix"]["edits"], serde_json::json!([[[0, 12, 17, 12, 21], "htttp"]]));
    }

    #[test]
    fn findings_of_documents_that_are_not_read_say_so() {
        let broken = "kind: [\n---\nkind: Service\n---\n{{ .Values.x }}\n";
        let told = told_of(&[("web.yaml", SERVICE), ("b.yaml", broken)]);
        assert_eq!(told["files"], serde_json::json!(["web.yaml", "b.yaml"]));
        let findings = told["findings"].as_array().unwrap().iter();
        let unread: Vec<_> = findings
            .filter(|finding| finding["unread"] == true)
            .map(|finding| finding["at"][0].clone())
            .collect();
        assert_eq!(unread, [1, 1, 1]);
        for rule in UNREADABLE {
            assert!(RULES.iter().any(|known| known.name == rule), "{rule}");
        }
    }

    #[test]
    fn nothing_ends_the_element_around_it() {
        let analysis = analysis::analyze(
            vec![SourceFile::new("-", b"kind: \"</script><b>\"\napiVersion: v1\n".to_vec())],
            None,
        );
        let diagram = diagram::lay_out(&analysis.cluster, &analysis.wiring, &analysis.findings);
        assert!(!told(&analysis, &diagram, &analysis.findings.iter().collect::<Vec<_>>()).contains('<'));
    }
}
