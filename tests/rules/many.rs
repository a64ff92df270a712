//! Many names that are held against many others: each is held against so many and no more, and those are the first.

use podwire::analysis::analyze;
use podwire::finding::Finding;
use podwire::rules::RULES;
use podwire::source::SourceFile;

/// How many there are of each.
const MANY: usize = 1_000;

/// What a rule finds in a text.
fn found(rule: &str, text: &str) -> Vec<Finding> {
    let findings = analyze(vec![SourceFile::new("-", text.as_bytes().to_vec())], None).findings;
    findings.into_iter().filter(|finding| finding.rule == rule).collect()
}

/// Many items in flow style, of which the first and the last have names that `misspelt` are slips of.
fn items(item: impl Fn(usize, &str) -> String) -> String {
    let names = (1..=MANY).map(|at| match at {
        1 => item(at, "metrics"),
        MANY => item(at, "gateway"),
        _ => item(at, &format!("p-{at}-x")),
    });
    names.collect::<Vec<_>>().join(", ")
}

/// The same of names which none of those has.
fn misspelt(item: impl Fn(usize, &str) -> String) -> String {
    let names = (1..=MANY).map(|at| match at {
        1 => item(at, "metrix"),
        2 => item(at, "gatway"),
        _ => item(at, &format!("strange-{at}")),
    });
    names.collect::<Vec<_>>().join(", ")
}

/// The slip of the first name is told, that of the last, among so many, is not; and all are found.
fn told_among_the_first(rule: &str, text: &str) {
    let findings = found(rule, text);
    let by_name = |name: &str| {
        let mut about = findings.iter().filter(|finding| finding.message.contains(&format!("{name:?}")));
        about.next().unwrap_or_else(|| panic!("{name}: {findings:#?}"))
    };
    assert_eq!(findings.len(), MANY, "{rule}");
    let edits = |name: &str| by_name(name).fix.iter().flat_map(|fix| fix.edits.clone()).collect::<Vec<_>>();
    assert_eq!(edits("metrix").len(), 1, "{rule}: {:?}", by_name("metrix"));
    assert_eq!(edits("metrix")[0].text, "metrics", "{rule}");
    assert!(edits("gatway").is_empty(), "{rule}: {:?}", by_name("gatway"));
}

/// A Service with many ports.
fn service() -> String {
    let ports = items(|at, name| format!("{{name: {name}, port: {at}}}"));
    format!("---\napiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{ports: [{ports}]}}\n")
}

#[test]
fn ports_of_slices_are_held_against_so_many_of_their_service() {
    let ports = misspelt(|at, name| format!("{{name: {name}, port: {at}}}"));
    let slice = format!(
        "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {{name: e, labels: {{kubernetes.io/service-name: web}}}}\n\
         addressType: IPv4\nendpoints: [{{addresses: [10.0.0.1]}}]\nports: [{ports}]\n"
    );
    told_among_the_first("endpoint-slice-port-name", &(slice + &service()));
}

#[test]
fn ports_of_backends_are_held_against_so_many_of_their_service() {
    let paths = misspelt(|at, name| {
        format!(
            "{{path: /{at}, pathType: Exact, backend: {{service: {{name: web, port: {{name: {name}}}}}}}}}"
        )
    });
    let ingress = format!(
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: web}}\nspec: {{rules: [{{http: {{paths: [{paths}]}}}}]}}\n"
    );
    told_among_the_first("ingress-port-missing", &(ingress + &service()));
}

#[test]
fn sections_of_routes_are_held_against_so_many_listeners() {
    let listeners = items(|at, name| format!("{{name: {name}, port: {at}, protocol: HTTP}}"));
    let parents = misspelt(|_, name| format!("{{name: edge, sectionName: {name}}}"));
    let text = format!(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {{name: edge}}\nspec: {{gatewayClassName: x, listeners: [{listeners}]}}\n---\n\
         apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: web}}\nspec: {{parentRefs: [{parents}]}}\n"
    );
    told_among_the_first("route-section-missing", &text);
}

#[test]
fn an_annotation_is_told_of_no_more_unknown_rules_than_there_are_rules() {
    let names: Vec<String> = (0..MANY).map(|at| format!("rule-{at}")).collect();
    let text = format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: web, annotations: {{podwire.dev/ignore: 'emtpy-selector, missing-port,missing-port, {}'}}}}\n\
         spec: {{ports: [{{port: 80}}]}}\n",
        names.join(",")
    );
    let findings = found("unknown-ignored-rule", &text);
    assert_eq!(findings.len(), RULES.len());
    let written = |finding: &Finding| text[finding.span.start as usize..finding.span.end as usize].to_owned();
    let stands = |name: &str| findings.iter().filter(|finding| written(finding) == name).count();
    assert_eq!((stands("emtpy-selector"), stands("rule-7")), (1, 1), "each at its own place");
    assert_eq!(stands("missing-port"), 0, "which of two is not said");
}

#[test]
fn a_probe_is_told_the_first_container_that_has_its_port() {
    let containers = (0..MANY).map(|at| {
        let (own, asked) = (at / 2, (at / 2 + 1) % (MANY / 2));
        format!("{{name: c-{at}, ports: [{{containerPort: 80, name: p-{own}}}], livenessProbe: {{tcpSocket: {{port: p-{asked}}}}}}}")
    });
    let containers = containers.collect::<Vec<_>>().join(", ");
    let text =
        format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec: {{containers: [{containers}]}}\n");
    let findings = found("probe-port-name-missing", &text);
    assert_eq!(findings.len(), MANY);
    let first = |name: &str| {
        findings.iter().find(|finding| finding.message.contains(&format!("container {name:?} asks")))
    };
    for (asks, has) in [("c-0", "c-2"), ("c-1", "c-2"), ("c-999", "c-0")] {
        let message = &first(asks).unwrap().message;
        assert!(message.contains(&format!("which container {has:?} names")), "{message}");
    }
}

#[test]
fn on_one_line_what_is_parted_from_a_value_by_no_space_is_not_read_for_it() {
    let text = r#"{"apiVersion":"v1","kind":"Service","metadata":{"name":"s","annotations":{"a":"b &c","podwire.dev/ignore":"selectorles-service"}}}"#;
    let findings = found("unknown-ignored-rule", text);
    assert!(findings.iter().all(|finding| finding.fix.is_some()) && !findings.is_empty(), "{findings:#?}");
}
