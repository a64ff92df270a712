//! Large uploads: what is sent of them, and how much; and how much the first view is.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use podwire::config::Config;
use podwire::web::router;

use super::*;

/// So many Services in so many namespaces, each with its Deployment; the first selects nobody.
fn services(count: usize, namespaces: usize) -> String {
    let mut text = String::new();
    for at in 0..count {
        let wrong = if at == 0 { "x" } else { "" };
        let _ = write!(
            text,
            "---\napiVersion: v1\nkind: Service\nmetadata: {{name: svc-{at}, namespace: team-{0}}}\nspec:\n  selector: {{app: app-{at}{wrong}}}\n  \
             ports: [{{port: 80, targetPort: 8080}}]\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: app-{at}, namespace: team-{0}}}\n\
             spec:\n  replicas: 3\n  selector: {{matchLabels: {{app: app-{at}}}}}\n  template:\n    metadata: {{labels: {{app: app-{at}}}}}\n    \
             spec: {{containers: [{{name: c, ports: [{{containerPort: 8080}}]}}]}}\n",
            at % namespaces
        );
    }
    text
}

async fn page(app: &AppState, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request =
        headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
    send(router(app.clone()), request.body(Body::empty()).unwrap()).await
}

async fn shared(app: &AppState, text: String) -> String {
    let request = Request::post("/api/v1/diagrams").header("content-type", "application/yaml");
    let answer = send(router(app.clone()), request.body(text.into()).unwrap()).await;
    format!("/d/{}", answer.json()["id"].as_str().unwrap())
}

fn cards(answer: &Answer) -> usize {
    answer.text().matches("<g class=\"card service").count()
}

fn elements(answer: &Answer) -> usize {
    answer
        .text()
        .match_indices('<')
        .filter(|(at, _)| answer.text()[at + 1..].starts_with(char::is_alphabetic))
        .count()
}

#[tokio::test]
async fn what_fits_on_a_board_is_drawn_and_what_does_not_is_an_overview() {
    let app = state(Config::default()).await;
    for (count, is_drawn) in [(1, true), (64, true), (65, false), (300, false)] {
        let path = shared(&app, services(count, 2)).await;
        let answer = page(&app, &path, &[]).await;
        assert_eq!(cards(&answer) == count, is_drawn, "{count}");
        assert_eq!(answer.text().contains("id=\"overview\""), !is_drawn, "{count}");
        assert!(elements(&answer) < 5_000, "{count}: {}", elements(&answer));
    }
}

#[tokio::test]
async fn every_service_is_on_one_board_of_its_namespace() {
    let app = state(Config::default()).await;
    let path = shared(&app, services(300, 1)).await;
    let overview = page(&app, &path, &[]).await;
    assert!(overview.text().contains("300 Services in team-0, on 7 boards"), "{}", overview.text());
    let mut seen = BTreeSet::new();
    for number in 1..=7 {
        let board = page(&app, &format!("{path}?page={number}"), &[]).await;
        let names = board.text().split("data-card=\"svc-").skip(1);
        let names: Vec<_> = names.map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
        assert_eq!(names.len(), cards(&board), "{number}");
        assert!(board.text().contains(&format!("<b>Board {number} of 7</b>")));
        for name in names {
            assert!(seen.insert(name.clone()), "{name} is on two boards");
        }
    }
    assert_eq!(seen.len(), 300);
    // What is no page of it is the nearest one.
    let last = page(&app, &format!("{path}?page=99"), &[]).await;
    assert!(last.text().contains("<b>Board 7 of 7</b>"));
}

#[tokio::test]
async fn a_part_of_a_page_is_kept_apart_from_the_page() {
    let app = state(Config::default()).await;
    let path = shared(&app, services(80, 2)).await + "?ns=team-1";
    let part = |target| [("hx-request", "true"), ("hx-target", target)];
    for _ in 0..2 {
        let whole = page(&app, &path, &[]).await;
        let board = page(&app, &path, &part("board")).await;
        let strips = page(&app, &path, &part("strips")).await;
        let inspector = page(&app, &path, &part("inspector")).await;
        assert!(whole.text().starts_with("<!doctype html>") && cards(&whole) == 40);
        assert!(!board.text().contains("<!doctype") && cards(&board) == 40);
        assert!(cards(&strips) == 0 && strips.text().matches("<template data-strip").count() == 40);
        assert!(cards(&inspector) == 0 && inspector.text().contains("id=\"inspector\""));
        assert!(whole.text().contains(">40 of 80 Services<"));
    }
}

#[tokio::test]
async fn what_is_asked_for_together_is_cleared_as_one() {
    let app = state(Config::default()).await;
    let path = shared(&app, services(80, 2)).await;
    let none = page(&app, &format!("{path}?ns=team-0&type=ClusterIP&workload=Deployment/app-1"), &[]).await;
    assert!(
        none.text().contains("Nothing matches: namespace team-0, type ClusterIP, workload Deployment/app-1.")
    );
    assert!(none.text().contains("Clear filters"));
    for (query, count) in [
        ("?workload=deployment/app-1", 1),
        ("?find=svc-7 team-1", 6),
        ("?find=8080 app%3Dapp-12", 1),
        ("?service=svc-9.team-1", 1),
        ("?at=svc-9.team-1:80", 1),
        ("?at=pods:Deployment/app-9.team-1:8080", 1),
        ("?at=in:svc-9.team-1", 1),
        ("?trace=svc-9.team-1:80", 1),
        ("?broken=1", 1),
    ] {
        let answer = page(&app, &format!("{path}{}", query.replace(' ', "%20")), &[]).await;
        assert_eq!(cards(&answer), count, "{query}");
    }
}

/// What a browser fetches for the first view: the page, its styles, fonts and the scripts that come with it, with the heads
/// of the answers.
#[tokio::test]
async fn the_first_view_is_small() {
    let app = state(Config::default()).await;
    let encoded = [("accept-encoding", "br"), ("accept", "text/html")];
    let size = |answer: &Answer| {
        assert_eq!(answer.status, StatusCode::OK);
        let head: usize =
            answer.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
        head + 20 + answer.body.len()
    };
    let plain = page(&app, "/", &[("accept", "text/html")]).await;
    let mut all = size(&page(&app, "/", &encoded).await);
    let version = plain.text().split_once("/static/").unwrap().1.split('/').next().unwrap().to_owned();
    let root = format!("/static/{version}/");
    let mut wanted: Vec<String> = Vec::new();
    for attribute in ["href=\"", "src=\""] {
        let addresses = plain.text().split(attribute).skip(1).filter_map(|rest| rest.split('"').next());
        wanted.extend(addresses.filter_map(|address| Some(address.strip_prefix(&root)?.to_owned())));
    }
    let mut seen = BTreeSet::new();
    let mut fonts = 0;
    while let Some(name) = wanted.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let address = format!("{root}{name}");
        let bytes = size(&page(&app, &address, &encoded).await);
        all += bytes;
        let whole = page(&app, &address, &[]).await;
        match name.rsplit_once('.').unwrap().1 {
            "css" => {
                let files = whole.text().split("url(").skip(1).filter_map(|rest| rest.split(')').next());
                wanted.extend(files.map(str::to_owned));
            }
            "js" if !name.starts_with("vendor/") => {
                // What is imported by a call comes after the first view.
                let imports = whole.text().lines().filter(|line| line.starts_with("import "));
                let modules = imports.filter_map(|line| line.split('\'').nth(1));
                let folder = name.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
                wanted.extend(modules.map(|module| format!("{folder}{}", module.trim_start_matches("./"))));
            }
            "woff2" => fonts += bytes,
            _ => {}
        }
    }
    assert!(
        seen.contains("js/swap.js")
            && seen.contains("fonts/inter-400.woff2")
            && !seen.contains("js/phone.js")
    );
    println!("the first view is {all} bytes, of which fonts {fonts}");
    assert!(fonts <= 35_000, "fonts: {fonts} bytes");
    assert!(all <= 70_000, "the first view: {all} bytes");
}

#[tokio::test]
async fn what_kubernetes_refuses_is_refused_on_board_table_and_csv() {
    let app = state(Config::default()).await;
    let path = shared(&app, include_str!("../../static/examples/node-port-taken.yaml").to_owned()).await;
    let answer = page(&app, &path, &[]).await;
    assert_eq!(answer.text().matches("node port 30080 (30080 is taken), inside the cluster").count(), 1);
    assert_eq!(answer.text().matches("<span class=\"refused\">refused by Kubernetes</span>").count(), 1);
    assert_eq!(answer.text().matches(">refused by Kubernetes</text>").count(), 1);
    let csv = page(&app, &format!("{path}.csv"), &[]).await;
    assert!(
        csv.text().contains("blog,default,NodePort,80 TCP,http,\"refused by Kubernetes; Deployment blog"),
        "{}",
        csv.text()
    );
}

/// What "Broken only" draws, what the overview counts and what the pill says must be one number.
#[tokio::test]
async fn all_faces_count_the_same_as_broken() {
    let app = state(Config::default()).await;
    // Selectors that differ in digits alone may be meant so, which is a warning; nobody answers all the same.
    let lost = "---\napiVersion: v1\nkind: Service\nmetadata: {name: lost, namespace: team-0}\n\
                spec: {selector: {app: app-81}, ports: [{port: 80}]}\n";
    let path = shared(&app, services(80, 2) + lost).await;
    let answer = page(&app, &path, &[]).await;
    let broken = page(&app, &format!("{path}?broken=1"), &[]).await;
    let drawn = broken.text().matches("<g class=\"card service").count();
    assert_eq!(drawn, 2, "{}", broken.text());
    assert!(answer.text().contains(">2 broken<"), "the pill");
    let badge = page(&app, &format!("{path}/badge.svg"), &[]).await;
    assert!(badge.text().contains("2 broken"), "{}", badge.text());
}

#[tokio::test]
async fn where_the_findings_are_that_are_not_listed_is_said() {
    let app = state(Config::default()).await;
    let faults = |services: usize| -> String {
        let ports = (0..250).map(|port| format!("{{name: P{port}, port: {}}}", port + 1));
        let ports = ports.collect::<Vec<_>>().join(", ");
        let one = |at| {
            format!(
                "---\napiVersion: v1\nkind: Service\nmetadata: {{name: svc-{at}}}\nspec: {{ports: [{ports}]}}\n"
            )
        };
        (0..services).map(one).collect()
    };
    let few = page(&app, &shared(&app, faults(1)).await, &[]).await;
    assert!(few.text().contains("And 51 more are in the JSON."), "{}", few.text());
    let path = shared(&app, faults(21)).await;
    let many = page(&app, &path, &[]).await;
    let listed = page(&app, &format!("{path}.json"), &[]).await.json();
    // The last Service has none among the first 5,000, and one all the same, so that it does not look sound.
    let findings = listed["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 5_001);
    assert_eq!(findings.iter().filter(|finding| finding["object"]["name"] == "svc-20").count(), 1);
    assert!(many.text().contains("21 broken<"), "the pill");
    let count = |what: &str| listed["summary"][what].as_u64().unwrap();
    let further = count("errors") + count("warnings") + count("hints") - 5_001;
    let words = format!("And 4,951 more are in the JSON; {further} further ones are counted alone");
    assert!(many.text().contains(&words), "{words}");
}

/// The word that something is refused stands beside type and namespace, not on them.
#[tokio::test]
async fn refused_stands_beside_the_namespace() {
    let app = state(Config::default()).await;
    let text = include_str!("../../static/examples/node-port-taken.yaml").to_owned()
        + "---\napiVersion: v1\nkind: Service\nmetadata: {name: elsewhere, namespace: elsewhere}\nspec: {ports: [{port: 80}]}\n";
    let answer = page(&app, &shared(&app, text).await, &[]).await;
    assert_eq!(answer.text().matches(">refused</text>").count(), 1);
    assert_eq!(answer.text().matches(">in default</text>").count(), 4);
}
