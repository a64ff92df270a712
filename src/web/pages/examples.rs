//! The examples that the pages offer, each a manifest in `static/examples`; `/examples` shows each with its board.

use std::sync::LazyLock;

use askama::Template;
use askama_web::WebTemplate;

use crate::analysis::{self, Analysis};
use crate::diagram;
use crate::render::svg::{self, Use};
use crate::source::SourceFile;

use super::findings::FindingView;

/// An example.
pub(super) struct Example {
    /// Its name in the address.
    pub name: &'static str,
    /// What it shows, in a few words.
    pub title: &'static str,
    /// What it teaches, in a sentence.
    pub lesson: &'static str,
    /// The rules that it breaks, each once, in the order of its findings.
    #[cfg_attr(not(test), expect(dead_code, reason = "a test holds the examples to it"))]
    pub finds: &'static [&'static str],
    /// The manifests.
    pub text: &'static str,
}

/// Examples of one sort.
pub(super) struct Group {
    /// Their sort.
    pub title: &'static str,
    /// Their sort, as a part of an address.
    pub id: &'static str,
    /// The examples, the simplest first.
    pub examples: &'static [Example],
}

macro_rules! example {
    ($name:literal, $title:literal, $lesson:literal, [$($rule:literal),*]) => {
        Example {
            name: $name,
            title: $title,
            lesson: $lesson,
            finds: &[$($rule),*],
            text: include_str!(concat!("../../../static/examples/", $name, ".yaml")),
        }
    };
}

/// All examples; the first is what `/` shows on arrival.
pub(super) static GROUPS: &[Group] = &[
    Group { title: "How it works", id: "works", examples: WORKS },
    Group { title: "The ten commonest mistakes", id: "mistakes", examples: MISTAKES },
];

/// The first of all examples.
pub(super) const FIRST: &Example = &WORKS[0];

static WORKS: &[Example] = &[
    example!(
        "node-port",
        "NodePort",
        "A laptop reaches a pod by a port of the node, which leads to the Service's port and on to the pod's.",
        []
    ),
    example!(
        "cluster-ip",
        "ClusterIP",
        "Where no type is written, a Service is reached from inside the cluster alone.",
        []
    ),
    example!(
        "load-balancer",
        "LoadBalancer",
        "An address outside the cluster is asked for; the node ports stand behind it, and TCP and UDP are told apart.",
        []
    ),
    example!(
        "external-name",
        "ExternalName",
        "The name of the Service is another name for a host; nothing is passed on.",
        []
    ),
    example!(
        "headless",
        "Headless",
        "Without a cluster IP the name resolves to the pods themselves, and each pod of the StatefulSet has a name.",
        []
    ),
    example!(
        "multi-port",
        "Several ports",
        "Each port of a Service goes its own way; where no targetPort is written, it is the port itself.",
        []
    ),
    example!(
        "named-ports",
        "Named ports",
        "A targetPort by name is looked up on each pod, so it may be another number on each.",
        []
    ),
    example!(
        "sidecar",
        "Sidecar",
        "The containers of a pod share its address, so one Service reaches several, each by its port.",
        []
    ),
    example!(
        "selectorless",
        "Without a selector",
        "Who answers is listed by hand, in an EndpointSlice or in Endpoints, and may be outside the cluster.",
        []
    ),
    example!(
        "dual-stack",
        "Dual-stack",
        "A Service of both families has an IPv4 and an IPv6 address, and so have its pods.",
        []
    ),
    example!(
        "ingress",
        "Ingress",
        "Requests are told apart by host and path, and each goes to the port of a Service.",
        []
    ),
    example!(
        "gateway",
        "Gateway",
        "Routes attach to a Gateway's listeners, also from other namespaces, and divide requests by weight.",
        []
    ),
    example!(
        "traffic-policies",
        "Traffic policies",
        "Under externalTrafficPolicy: Local a node passes on to its own pods alone, and drops what comes where it has none.",
        ["no-local-pod"]
    ),
    Example {
        name: "podwire",
        title: "Podwire itself",
        lesson: "How Podwire runs in a cluster: its Deployment, and a NodePort Service at 30008.",
        finds: &[],
        text: include_str!("../../../deploy/kubernetes.yaml"),
    },
];

static MISTAKES: &[Example] = &[
    example!(
        "selector-typo",
        "One letter off",
        "A selector must have exactly what the pods' labels say: one letter off, and the Service selects nobody.",
        ["selector-matches-nothing"]
    ),
    example!(
        "workload-labels",
        "Labels of the wrong object",
        "A selector is held against the labels of the pods, which come from the template, not those of the Deployment.",
        ["selector-matches-nothing"]
    ),
    example!(
        "other-namespace",
        "Another namespace",
        "A Service selects pods of its own namespace alone, however well the labels fit.",
        ["selector-matches-nothing"]
    ),
    example!(
        "match-labels",
        "matchLabels in a Service",
        "The selector of a Service is the labels themselves; matchLabels is for workloads.",
        ["wrong-type"]
    ),
    example!(
        "port-name-missing",
        "A port name that is not there",
        "A targetPort by name needs a container port of just that name.",
        ["target-port-name-missing"]
    ),
    example!(
        "protocol-differs",
        "Another protocol",
        "A port of a Service is TCP unless it says UDP, and so is that of a container: both must say the same.",
        ["protocol-differs"]
    ),
    example!(
        "node-port-taken",
        "A node port that is taken",
        "A nodePort can be had once in the whole cluster.",
        ["duplicate-node-port"]
    ),
    example!(
        "node-port-out-of-range",
        "A node port out of range",
        "A nodePort is none of the ports that one is used to: it is between 30000 and 32767.",
        ["node-port-out-of-range"]
    ),
    example!(
        "ingress-target-port",
        "The pod's port in an Ingress",
        "An Ingress names a port of the Service, not the port of the pods behind it.",
        ["ingress-port-missing"]
    ),
    example!(
        "scaled-to-zero",
        "Nobody there",
        "Everything fits, but a workload that is scaled to 0 has no pods to answer.",
        ["scaled-to-zero"]
    ),
    example!(
        "broken",
        "Several at once",
        "Five Services that answer nobody, or only some: what is broken is seen first.",
        [
            "duplicate-node-port",
            "protocol-differs",
            "selector-matches-nothing",
            "selector-matches-nothing",
            "target-port-name-missing",
            "scaled-to-zero",
            "several-workloads"
        ]
    ),
];

/// The example of a name.
pub(super) fn by_name(name: &str) -> Option<&'static Example> {
    GROUPS.iter().flat_map(|group| group.examples).find(|example| example.name == name)
}

/// An example with its board and what is found in it.
struct Shown {
    example: &'static Example,
    board: String,
    description: String,
    findings: Vec<FindingView>,
}

/// The boards of all examples, which are the same for everybody.
static SHOWN: LazyLock<Vec<(&'static Group, Vec<Shown>)>> =
    LazyLock::new(|| GROUPS.iter().map(|group| (group, group.examples.iter().map(show).collect())).collect());

#[derive(Template, WebTemplate)]
#[template(path = "examples.html")]
pub(super) struct ExamplesPage {
    groups: &'static [(&'static Group, Vec<Shown>)],
}

/// `GET /examples`
pub(super) async fn list() -> ExamplesPage {
    ExamplesPage { groups: &SHOWN }
}

/// What an example comes to.
pub(super) fn analyze(example: &Example) -> Analysis {
    analysis::analyze(vec![SourceFile::new("-", example.text.into())], None)
}

fn show(example: &'static Example) -> Shown {
    let analysis = analyze(example);
    let board = diagram::lay_out(&analysis.cluster, &analysis.wiring, &analysis.findings);
    let findings = analysis.findings.iter().map(|finding| FindingView::new(&analysis, finding));
    Shown {
        example,
        board: svg::svg(&board, Use::default()),
        description: board.description.clone(),
        findings: findings.collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_example_teaches_what_it_says_and_nothing_else() {
        for example in GROUPS.iter().flat_map(|group| group.examples) {
            let analysis = analyze(example);
            assert!(!analysis.cluster.services.is_empty(), "{} has no Service", example.name);
            let mut found: Vec<_> = analysis.findings.iter().map(|finding| finding.rule).collect();
            let mut wanted = example.finds.to_vec();
            found.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(found, wanted, "{}", example.name);
            assert!(example.lesson.ends_with('.'), "{}", example.name);
        }
    }

    #[test]
    fn there_are_ten_mistakes_each_with_one_finding_and_no_manifest_is_forgotten() {
        assert_eq!(MISTAKES.iter().filter(|example| example.finds.len() == 1).count(), 10);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/examples");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let files: BTreeSet<_> =
            files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
        // Podwire's own are where they are applied from.
        let examples =
            GROUPS.iter().flat_map(|group| group.examples).filter(|example| example.name != "podwire");
        assert_eq!(files, examples.map(|example| example.name.to_owned()).collect());
    }
}
