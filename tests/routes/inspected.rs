//! What the inspector and the table say of a place, without a browser.

use axum::http::header;
use podwire::config::Config;
use podwire::web::router;

use super::*;

/// The page of a text on which a place is selected.
async fn page(text: &str, at: &str) -> String {
    looking_at(text, "at", at).await
}

/// The page of a text on which something is looked at: a place, or an address that is traced.
async fn looking_at(text: &str, field: &str, what: &str) -> String {
    let app = state(Config::default()).await;
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("text", text)
        .append_pair(field, what)
        .finish();
    let request = Request::post("/")
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .unwrap();
    let answer = send(router(app), request).await;
    assert_eq!(answer.status, StatusCode::OK, "{what}");
    answer.text().to_owned()
}

/// What stands between two marks, without tags.
fn between(page: &str, begin: &str, end: &str) -> String {
    let (_, rest) = page.split_once(begin).unwrap_or_else(|| panic!("no {begin} in the page"));
    let inside = rest.split_once(end).map_or(rest, |(inside, _)| inside);
    let words = inside.split('<').map(|part| part.split_once('>').map_or(part, |(_, words)| words));
    words.collect::<Vec<_>>().join(" ").replace("&#39;", "'").replace("&#34;", "\"").replace("&#62;", ">")
}

/// The inspector without what its words mean.
async fn inspector(text: &str, at: &str) -> String {
    let page = page(text, at).await;
    let (told, checks) =
        (between(&page, "<aside id=\"inspector\"", "<details class=\"explained\""), "class=\"checks\"");
    let checks = if page.contains(checks) { between(&page, checks, "</aside>") } else { String::new() };
    format!("{told} {checks}")
}

#[track_caller]
fn says(told: &str, these: &[&str], not_these: &[&str]) {
    for words in these {
        assert!(told.contains(words), "{words:?} is not in: {told}");
    }
    for words in not_these {
        assert!(!told.contains(words), "{words:?} is in: {told}");
    }
}

const PODS: &str = "
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: w}, spec: {replicas: 3, selector: {matchLabels: {app: w}},
  template: {metadata: {labels: {app: w}}, spec: {containers: [{name: c, image: x, ports: [{name: pg, containerPort: 5432}]}]}}}}
";

#[tokio::test]
async fn clients_inside_go_through_balancers_that_nodes_do_not_know() {
    let local = "For clients inside the cluster it works as under Cluster, with the pods of all nodes.";
    let through = "It is a name without an IP: clients inside the cluster go through it too.";
    let proxy = "Its ipMode is Proxy: clients inside the cluster go through it too.";
    for (ingress, these, not_these) in [
        ("{ip: 203.0.113.9}", vec![local], vec![through, proxy, "203.0.113.9: "]),
        ("{ip: 203.0.113.9, ipMode: Proxy}", vec![proxy], vec![local, through]),
        ("{hostname: lb.example.com}", vec![through], vec![local, proxy]),
        ("{ip: 203.0.113.9, hostname: lb.example.com}", vec![local], vec![through]),
        (
            "{ip: 203.0.113.9}, {hostname: lb.example.com}",
            vec!["203.0.113.9: For clients inside", "lb.example.com: It is a name without an IP"],
            vec![proxy],
        ),
        ("", vec!["if it is given an IP, and go through it if a name"], vec![local, through, proxy]),
    ] {
        let text = format!(
            "---
{{apiVersion: v1, kind: Service, metadata: {{name: lb}}, spec: {{type: LoadBalancer, externalTrafficPolicy: Local,
              selector: {{app: w}}, ports: [{{port: 80, targetPort: 5432}}]}}, status: {{loadBalancer: {{ingress: [{ingress}]}}}}}}\n{PODS}"
        );
        says(&inspector(&text, "lb:lb.default:80").await, &these, &not_these);
    }
}
