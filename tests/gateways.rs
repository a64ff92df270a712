//! Which listeners of a Gateway take a route, in which order routes are tried, and what share each backend gets.
#![expect(clippy::expect_used, reason = "a test may fail")]

use podwire::analysis::{Analysis, analyze};
use podwire::diagram::{route_name, route_share};
use podwire::source::SourceFile;
use podwire::wiring::{Elsewhere, Parent, Refusal};

fn read(text: &str) -> Analysis {
    // A text that begins with a brace would be read as JSON.
    let text = format!("---\n{text}");
    let analysis = analyze(vec![SourceFile::new("-", text.as_bytes().to_vec())], None);
    let unread = analysis.findings.iter().find(|finding| finding.stage.as_str() == "read");
    assert!(unread.is_none(), "{unread:?}\n{text}");
    analysis
}

/// A Gateway `edge` of namespace `infra` with these listeners, and a route with this kind, namespace and spec.
fn attached(listeners: &str, kind: &str, namespace: &str, spec: &str) -> String {
    let analysis = read(&format!(
        "{{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {{name: edge, namespace: infra}}, \
         spec: {{listeners: [{listeners}]}}}}\n---\n\
         {{apiVersion: v1, kind: Namespace, metadata: {{name: shop, labels: {{team: web}}}}}}\n---\n\
         {{apiVersion: gateway.networking.k8s.io/v1, kind: {kind}, metadata: {{name: r, namespace: {namespace}}}, \
         spec: {{{spec}}}}}\n"
    ));
    let parents = analysis.wiring.routes.parents.first().expect("there is a route");
    let parent = parents.first().expect("it has a parent");
    let listener = |place: usize| analysis.cluster.gateways[0].listeners[place].name.value.as_str();
    match parent {
        Parent::Attached { listeners, .. } => {
            let at = listeners.iter().map(|at| {
                let sure = if at.is_sure { "" } else { "?" };
                format!("{}{sure} {}", listener(at.listener), at.hosts.join(" ")).trim_end().to_owned()
            });
            at.collect::<Vec<_>>().join(", ")
        }
        Parent::Elsewhere(Elsewhere::Gateway) => "elsewhere".to_owned(),
        Parent::Elsewhere(Elsewhere::Mesh) => "mesh".to_owned(),
        Parent::Elsewhere(Elsewhere::Other) => "other".to_owned(),
        Parent::Refused(Refusal::NoSuchGateway(_)) => "near".to_owned(),
        Parent::Refused(Refusal::OtherNamespace(_)) => "other namespace".to_owned(),
        Parent::Refused(Refusal::NoSuchListener(_, near)) => {
            format!("NoMatchingParent, near {}", near.map_or("none", listener))
        }
        Parent::Refused(Refusal::Kind(_, first)) => format!("kind at {}", listener(*first)),
        Parent::Refused(Refusal::Namespace(_, first)) => format!("namespace at {}", listener(*first)),
        Parent::Refused(Refusal::Hosts(_, first)) => format!("hosts at {}", listener(*first)),
        Parent::TooMany => "too many".to_owned(),
    }
}

const HTTP: &str = "{name: http, port: 80, protocol: HTTP}";
const ALL: &str = "{name: all, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}";
const WILD: &str = "{name: wild, port: 443, protocol: HTTPS, hostname: '*.example.com'}";

#[test]
fn listeners_take_routes_by_name_port_kind_namespace_and_host() {
    const EDGE: &str = "parentRefs: [{name: edge, namespace: infra}]";
    let selector = |labels: &str| {
        format!(
            "{{name: some, port: 80, protocol: HTTP, allowedRoutes: {{namespaces: {{from: Selector, selector: {labels}}}}}}}"
        )
    };
    let of = |protocol: &str| format!("{{name: l, port: 9, protocol: {protocol}}}");
    let team = selector("{matchLabels: {team: web}}");
    let not_team = selector("{matchExpressions: [{key: team, operator: NotIn, values: [web]}]}");
    let by_name = selector("{matchLabels: {kubernetes.io/metadata.name: shop}}");
    let two = format!("{HTTP}, {WILD}");
    for (listeners, kind, namespace, spec, outcome) in [
        // By the parent itself.
        (HTTP, "HTTPRoute", "infra", "parentRefs: [{name: edge}]", "http"),
        (HTTP, "HTTPRoute", "infra", "parentRefs: [{name: edeg}]", "near"),
        (HTTP, "HTTPRoute", "infra", "parentRefs: [{name: public}]", "elsewhere"),
        (HTTP, "HTTPRoute", "shop", "parentRefs: [{name: edge}]", "other namespace"),
        (HTTP, "HTTPRoute", "shop", "parentRefs: [{name: edge, namespace: shop}]", "elsewhere"),
        (HTTP, "HTTPRoute", "infra", "parentRefs: [{kind: Service, group: '', name: edge}]", "mesh"),
        (HTTP, "HTTPRoute", "infra", "parentRefs: [{kind: ListenerSet, name: edge}]", "other"),
        // By sectionName and port, both of which must be met.
        (&two, "HTTPRoute", "infra", EDGE, "http, wild *.example.com"),
        (&two, "HTTPRoute", "infra", "parentRefs: [{name: edge, sectionName: http}]", "http"),
        (&two, "HTTPRoute", "infra", "parentRefs: [{name: edge, port: 443}]", "wild *.example.com"),
        (
            &two,
            "HTTPRoute",
            "infra",
            "parentRefs: [{name: edge, sectionName: http, port: 443}]",
            "NoMatchingParent, near none",
        ),
        (
            &two,
            "HTTPRoute",
            "infra",
            "parentRefs: [{name: edge, sectionName: htpp}]",
            "NoMatchingParent, near http",
        ),
        // By kind: the protocol's, and those that the listener names.
        (&of("HTTP"), "GRPCRoute", "infra", EDGE, "l"),
        (&of("https"), "HTTPRoute", "infra", EDGE, "l"),
        (&of("TLS"), "TLSRoute", "infra", EDGE, "l"),
        (&of("TLS"), "HTTPRoute", "infra", EDGE, "kind at l"),
        (&of("TCP"), "TCPRoute", "infra", EDGE, "l"),
        (&of("TCP"), "UDPRoute", "infra", EDGE, "kind at l"),
        (&of("UDP"), "UDPRoute", "infra", EDGE, "l"),
        (&of("HTTP"), "TCPRoute", "infra", EDGE, "kind at l"),
        (&of("example.com/own"), "TCPRoute", "infra", EDGE, "l"),
        (
            "{name: l, port: 80, protocol: HTTP, allowedRoutes: {kinds: [{kind: GRPCRoute}]}}",
            "HTTPRoute",
            "infra",
            EDGE,
            "kind at l",
        ),
        (
            "{name: l, port: 80, protocol: HTTP, allowedRoutes: {kinds: [{group: x, kind: HTTPRoute}]}}",
            "HTTPRoute",
            "infra",
            EDGE,
            "kind at l",
        ),
        // By namespace: the Gateway's own unless more are allowed.
        (HTTP, "HTTPRoute", "shop", EDGE, "namespace at http"),
        (ALL, "HTTPRoute", "shop", EDGE, "all"),
        (&team, "HTTPRoute", "shop", EDGE, "some"),
        (&not_team, "HTTPRoute", "shop", EDGE, "namespace at some"),
        (&by_name, "HTTPRoute", "shop", EDGE, "some"),
        (&by_name, "HTTPRoute", "store", EDGE, "namespace at some"),
        (&team, "HTTPRoute", "store", EDGE, "some?"),
        // By host: those that both have.
        (
            WILD,
            "HTTPRoute",
            "infra",
            "parentRefs: [{name: edge}], hostnames: [a.example.com, b.example.net]",
            "wild a.example.com",
        ),
        (
            WILD,
            "HTTPRoute",
            "infra",
            "parentRefs: [{name: edge}], hostnames: ['*.a.example.com', '*.com']",
            "wild *.a.example.com *.example.com",
        ),
        (WILD, "HTTPRoute", "infra", "parentRefs: [{name: edge}], hostnames: [example.com]", "hosts at wild"),
        (
            HTTP,
            "HTTPRoute",
            "infra",
            "parentRefs: [{name: edge}], hostnames: [example.com]",
            "http example.com",
        ),
        (
            &two,
            "HTTPRoute",
            "infra",
            "parentRefs: [{name: edge}], hostnames: [example.com]",
            "http example.com",
        ),
    ] {
        assert_eq!(
            attached(listeners, kind, namespace, spec),
            outcome,
            "{listeners}\n{kind} of {namespace}: {spec}"
        );
    }
}

#[test]
fn the_route_that_is_tried_first_stands_first() {
    let analysis = read(
        "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: edge}, spec: {listeners: [\
         {name: http, port: 80, protocol: HTTP}]}}\n---\n\
         {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: b}, spec: {parentRefs: [{name: edge}], \
         hostnames: ['*.example.com', a.example.com, '*.b.example.com'], rules: [{}, {matches: [{path: {value: /b}}]}]}}\n---\n\
         {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}, spec: {parentRefs: [{name: edge}], rules: [\
         {matches: [{path: {value: /long}}, {path: {value: /longer}}, {path: {value: /l}, method: GET}, {path: {value: /l}}, \
         {path: {value: /l}, headers: [{name: x, value: z}]}, {path: {value: /l}, queryParams: [{name: x, value: z}]}, \
         {path: {type: Exact, value: /l}}, {path: {type: RegularExpression, value: '/.*'}}]}]}}\n",
    );
    let said: Vec<String> = analysis
        .wiring
        .routes
        .all
        .iter()
        .map(|route| match route.said(&analysis.cluster) {
            podwire::wiring::Said::Rule { matched, .. } => format!(
                "{} {:?}{}{}{}",
                route_name(&analysis.cluster, route),
                matched.by,
                if matched.method.value.is_empty() { "" } else { " method" },
                " header".repeat(matched.headers),
                " parameter".repeat(matched.params)
            ),
            podwire::wiring::Said::Path(..) => panic!("there is no Ingress"),
        })
        .collect();
    assert_eq!(
        said,
        [
            "a.example.com/b Prefix",
            "a.example.com/ Prefix",
            "*.b.example.com/b Prefix",
            "*.b.example.com/ Prefix",
            "*.example.com/b Prefix",
            "*.example.com/ Prefix",
            "*/l Exact",
            "*/.* Pattern",
            "*/longer Prefix",
            "*/long Prefix",
            "*/l Prefix method",
            "*/l Prefix header",
            "*/l Prefix parameter",
            "*/l Prefix",
        ]
    );
}

#[test]
fn weights_are_parts_of_all_weights_of_their_rule() {
    for (weights, shares) in [
        ("weight: 90|weight: 10", "90% 10%"),
        ("|", "50% 50%"),
        ("weight: 2|weight: 1", "66.7% 33.3%"),
        ("weight: 1|weight: 0", "100% 0%"),
        ("weight: 0|weight: 0", "0% 0%"),
        ("weight: 1000000|weight: 1", "100% under 0.1%"),
        ("weight: 0", "0%"),
        ("weight: 7", ""),
    ] {
        let backends: Vec<String> =
            weights.split('|').map(|weight| format!("{{name: web, port: 80, {weight}}}")).collect();
        let analysis = read(&format!(
            "{{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {{name: r}}, \
             spec: {{parentRefs: [{{name: edge}}], rules: [{{backendRefs: [{}]}}]}}}}\n",
            backends.join(", ")
        ));
        let all = analysis.wiring.routes.all.iter();
        let said: Vec<String> = all.filter_map(|route| route_share(&analysis.cluster, route)).collect();
        assert_eq!(said.join(" "), shares, "{weights}");
    }
}

#[test]
fn a_gateway_with_a_listener_for_each_host_has_as_many_ways_as_it_is_asked_for() {
    let mut text = String::from(
        "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: edge}, spec: {gatewayClassName: x, listeners: [",
    );
    for host in 0..60 {
        text += &format!("{{name: l{host}, port: 80, protocol: HTTP, hostname: h{host}.example.com}}, ");
    }
    text += "]}}\n";
    for route in 0..100 {
        let rules = "{backendRefs: [{name: web, port: 80}]}, ".repeat(10);
        text += &format!(
            "---\n{{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {{name: r{route}}}, spec: {{parentRefs: [{{name: edge}}], hostnames: [h{}.example.com], rules: [{rules}]}}}}\n",
            route % 60
        );
    }
    let analysis = analyze(vec![SourceFile::new("-", text.into_bytes())], None);
    assert_eq!(analysis.wiring.routes.all.len(), 1_000);
    assert!(analysis.findings.iter().all(|finding| finding.rule != "too-many-routes"));
}
