//! What is said beside the wiring: that network policies apply, that an address is only asked for, what older clusters do.

use crate::api_trace::trace;
use crate::pages::{between, get_, page, post_};
use crate::*;

const WIRED: &str = "
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}},
  spec: {containers: [{name: nginx, image: nginx, ports: [{name: http, containerPort: 8080}]}]}}}}
";

/// The same with a network policy `deny` of this spec.
fn policed(spec: &str) -> String {
    format!(
        "---{WIRED}---\n{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: deny}}, spec: {{{spec}}}}}\n"
    )
}

#[tokio::test]
async fn a_page_says_where_a_network_policy_applies() {
    const REMARK: &str = "a NetworkPolicy applies, not evaluated";
    let app = state(Config::default()).await;
    let shared = page(&app, post_("/share", policed("podSelector: {matchLabels: {app: web}}"))).await;
    let link = format!("/d/{}", between(shared.text(), "/d/", "\""));
    let colon = |form| if form == "mmd" { "#58;" } else { ":" };
    for form in ["txt", "mmd", "dot"] {
        let answer = page(&app, get_(&format!("{link}.{form}"))).await;
        assert!(answer.text().contains(&format!("{REMARK}{} deny", colon(form))), "{}", answer.text());
    }
    let shared = page(&app, get_(&format!("{link}?at=web.default:80"))).await;
    let drawn = page(&app, post_("/", policed("podSelector: {}, policyTypes: [Ingress]"))).await;
    for answer in [&shared, &drawn] {
        let text = answer.text();
        assert_eq!(answer.status, StatusCode::OK);
        let board = between(text, "<svg class=\"board\" xmlns", "</svg>");
        assert!(board.contains(REMARK), "{board}");
        let narrow = between(text, "<section id=\"strip\"", "</section>");
        assert!(narrow.contains(REMARK), "{narrow}");
        let table = between(text, "<table", "</table>");
        assert!(table.contains(&format!("Deployment web :8080 (nginx), {REMARK}: deny")), "{table}");
        let findings = between(text, "<section id=\"findings\"", "</section>");
        assert!(
            findings.contains("Nothing to report") && findings.contains("let through is not evaluated"),
            "{findings}"
        );
        assert!(!text.contains("Read, but not drawn"));
        assert!(!board.contains("broken"), "a remark is no fault: {board}");
    }
    let hops = between(shared.text(), "<aside id=\"inspector\"", "</aside>");
    assert!(hops.contains(&format!("; {REMARK}: deny.")), "{hops}");
}

#[tokio::test]
async fn a_network_policy_that_is_about_nobody_is_read_and_not_drawn() {
    let app = state(Config::default()).await;
    for spec in ["podSelector: {}, policyTypes: [Egress]", "podSelector: {matchLabels: {app: api}}"] {
        let answer = page(&app, post_("/", policed(spec))).await;
        assert!(answer.text().contains("Read, but not drawn: 1 NetworkPolicy."), "{spec}");
        assert!(!answer.text().contains("NetworkPolicy applies"), "{spec}");
        assert!(answer.text().contains("wired as Kubernetes would wire it.<"), "{spec}");
    }
}

#[tokio::test]
async fn a_trace_says_that_network_policies_apply() {
    let deny = policed("podSelector: {}");
    let several = deny.clone() + &policed("podSelector: {}").replace("name: deny", "name: allow");
    for (text, count, words) in [
        (format!("---{WIRED}"), Value::Null, "nginx declares 8080."),
        (deny, 1.into(), "nginx declares 8080; a NetworkPolicy applies, not evaluated: deny."),
        (several, 2.into(), "nginx declares 8080; 2 NetworkPolicies apply, not evaluated."),
    ] {
        let json = trace("web.default:80", &text).await.json();
        assert_eq!((&json["outcome"], &json["ends"][0]["networkPolicies"]), (&"reaches".into(), &count));
        let why = json["hops"][1]["why"].as_str().unwrap();
        assert!(why.ends_with(words), "{why}");
    }
}

#[tokio::test]
async fn a_load_balancer_is_known_by_the_address_that_is_asked_for_until_one_is_given() {
    let asks = WIRED.replacen("spec: {", "spec: {type: LoadBalancer, loadBalancerIP: 1.2.3.4, ", 1);
    let given = asks.replacen(
        "targetPort: http}]}",
        "targetPort: http}]}, status: {loadBalancer: {ingress: [{ip: 5.6.7.8}]}}",
        1,
    );
    let elsewhere = asks.replacen("LoadBalancer", "NodePort", 1);
    for (text, to, outcome, words) in [
        (&asks, "1.2.3.4:80", "reaches", "loadBalancerIP asks for 1.2.3.4, which not every provider heeds."),
        (&given, "5.6.7.8:80", "reaches", "The load balancer's own address, from status."),
        (&given, "1.2.3.4:80", "nothing", ""),
        (&elsewhere, "1.2.3.4:80", "nothing", ""),
    ] {
        let json = trace(to, &format!("---{text}")).await.json();
        assert_eq!(json["outcome"], outcome, "{json}");
        if outcome == "reaches" {
            let first = &json["hops"][0];
            assert_eq!((&first["kind"], &first["address"]), (&"loadBalancer".into(), &to.into()));
            assert!(first["why"].as_str().unwrap().contains(words), "{first}");
        }
    }
    let app = state(Config::default()).await;
    let answer = page(&app, post_("/", format!("---{asks}"))).await;
    let board = between(answer.text(), "<svg class=\"board\" xmlns", "</svg>");
    for words in [">1.2.3.4:80<", "only asked for"] {
        assert!(board.contains(words), "{board}");
    }
    assert!(between(answer.text(), "<table", "</table>").contains("1.2.3.4:80 (asked for)"));
}

#[tokio::test]
async fn a_sidecars_port_is_found_by_its_name_in_newer_clusters_alone() {
    const SINCE: &str = "is found by its name since Kubernetes 1.33.";
    let sidecar = WIRED
        .replace("containers: [", "containers: [{name: app}], initContainers: [{restartPolicy: Always, ");
    let sidecar = sidecar.replace("Always, {", "Always, ");
    let by_number = sidecar.replace("targetPort: http", "targetPort: 8080");
    let app = state(Config::default()).await;
    for (text, is_told) in [(WIRED, false), (&sidecar, true), (&by_number, false)] {
        let json = trace("web.default:80", &format!("---{text}")).await.json();
        assert_eq!(json["outcome"], "reaches", "{json}");
        assert_eq!(json["hops"][1]["why"].as_str().unwrap().ends_with(SINCE), is_told, "{json}");
        let answer = page(&app, post_("/", format!("---{text}"))).await;
        assert_eq!(between(answer.text(), "<table", "</table>").contains(SINCE), is_told, "{text}");
    }
}
