use std::io::{Cursor, Write as _};

use podwire::web::router;

use crate::*;

pub(crate) const WEB: &str = "apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: http, nodePort: 30080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: nginx, image: secret/nginx, ports: [{name: http, containerPort: 8080}]}]}
";

const ANALYZE: &str = "/api/v1/analyze";

async fn real(config: Config, request: Request<Body>) -> Answer {
    send(router(state(config).await), request).await
}

fn upload(path: &str, kind: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(path).header("content-type", kind).body(body.into()).unwrap()
}

/// The same request to another address.
pub(crate) fn to(path: &str, request: Request<Body>) -> Request<Body> {
    let (mut parts, body) = request.into_parts();
    parts.uri = path.parse().unwrap();
    Request::from_parts(parts, body)
}

#[tokio::test]
async fn an_upload_is_answered_with_its_wiring() {
    let answer = real(Config::default(), upload(ANALYZE, "application/yaml", WEB)).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.text().ends_with("}\n") && !answer.text().trim_end().contains('\n'));
    let json = answer.json();
    assert_eq!(json["state"], "assumed");
    assert_eq!(json["summary"]["services"], 1);
    let port = &json["services"][0]["ports"][0];
    assert_eq!((&port["nodePort"], &port["nodePortFrom"]), (&30080.into(), &"manifest".into()));
    assert_eq!((&port["targetPort"], &port["targetPortFrom"]), (&"http".into(), &"manifest".into()));
    let endpoint = &port["endpoints"][0];
    assert_eq!((&endpoint["pod"], &endpoint["port"]), (&"web".into(), &8080.into()));
    assert_eq!(endpoint["workload"], Value::Null);
    assert_eq!(endpoint["source"]["file"], "-");
}

#[tokio::test]
async fn whoever_prefers_yaml_gets_yaml() {
    for (accept, kind) in [
        ("application/yaml", "application/yaml"),
        ("text/yaml;q=0.9, application/json;q=0.5", "application/yaml"),
        ("application/json, application/yaml;q=0.5", "application/json"),
        ("*/*", "application/json"),
    ] {
        let mut request = upload(ANALYZE, "application/yaml", WEB);
        request.headers_mut().insert("accept", accept.parse().unwrap());
        let answer = real(Config::default(), request).await;
        assert_eq!(answer.header("content-type"), kind, "{accept}");
        let read: Value = serde_yaml::from_slice(&answer.body).unwrap();
        assert_eq!(read["services"][0]["ports"][0]["nodePort"], 30080);
    }
}

#[tokio::test]
async fn status_is_assumed_or_taken_at_its_word_as_asked() {
    for (query, said, endpoints) in [
        ("", "assumed", 1),
        ("?state=auto", "assumed", 1),
        ("?state=assumed", "assumed", 1),
        ("?state=observed", "observed", 0),
    ] {
        let answer = real(Config::default(), upload(&format!("{ANALYZE}{query}"), "text/yaml", WEB)).await;
        let json = answer.json();
        assert_eq!(json["state"], said, "{query}");
        // Without status no pod has an address.
        assert_eq!(
            json["services"][0]["ports"][0]["endpoints"].as_array().unwrap().len(),
            endpoints,
            "{query}"
        );
    }
    let (status, detail) =
        real(Config::default(), upload("/api/v1/analyze?state=live", "text/yaml", WEB)).await.problem();
    assert_eq!(status, 400);
    assert!(detail.contains("\"assumed\""), "{detail}");
    let field = to(ANALYZE, form(&[("web.yaml", WEB), ("field state", "observed")]));
    assert_eq!(real(Config::default(), field).await.json()["state"], "observed");
}

#[tokio::test]
async fn files_keep_their_names_and_what_is_not_read_is_told() {
    let request =
        to(ANALYZE, form(&[("shop/web.yaml", WEB), ("README.md", "# Shop"), ("values.yaml", "a: 1\n")]));
    let json = real(Config::default(), request).await.json();
    assert_eq!(json["services"][0]["source"]["file"], "shop/web.yaml");
    let skipped: Vec<_> =
        json["skipped"].as_array().unwrap().iter().map(|left| left["file"].as_str().unwrap()).collect();
    assert_eq!(skipped, ["values.yaml", "README.md"]);

    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("shop/web.yaml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(WEB.as_bytes()).unwrap();
    let packed = zip.finish().unwrap().into_inner();
    let json = real(Config::default(), upload(ANALYZE, "application/zip", packed)).await.json();
    assert_eq!(json["services"][0]["source"]["file"], "shop/web.yaml");
}

#[tokio::test]
async fn broken_yaml_is_a_finding_and_no_error() {
    let text = format!("a: b: c\n---\n{WEB}");
    let json = real(Config::default(), upload(ANALYZE, "text/yaml", text)).await.json();
    let finding = &json["findings"][0];
    assert_eq!((&finding["rule"], &finding["stage"]), (&"yaml-syntax".into(), &"read".into()));
    assert_eq!(finding["source"]["line"], 1);
    assert_eq!(json["summary"]["services"], 1);
}

#[tokio::test]
async fn what_is_not_taken_is_told_why() {
    let small = || Config { max_documents: 1, max_body: "1KiB".parse().unwrap(), ..Config::default() };
    let list = "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: A}, {apiVersion: v1, kind: B}]}";
    for (config, request, status, words) in [
        (Config::default(), upload(ANALYZE, "text/yaml", ""), 422, "empty"),
        (Config::default(), upload(ANALYZE, "image/png", "x"), 415, "image/png"),
        (small(), upload(ANALYZE, "text/yaml", "a".repeat(2000)), 413, "1KiB"),
        (small(), upload(ANALYZE, "text/yaml", WEB), 413, "more than 1 YAML documents"),
        (
            Config { max_objects: 1, ..Config::default() },
            upload(ANALYZE, "text/yaml", format!("---\n{list}\n")),
            413,
            "more than 1 objects",
        ),
        (Config::default(), at(ANALYZE), 405, "method"),
        (Config::default(), at("/api/v1/nothing"), 404, "nothing at this address"),
    ] {
        let (given, detail) = real(config, request).await.problem();
        assert_eq!(given, status, "{detail}");
        assert!(detail.contains(words), "{detail}");
    }
}

#[tokio::test]
async fn more_values_than_the_limit_are_refused_however_they_are_written() {
    let ports = |count: usize| "{port: 1}, ".repeat(count);
    let service = |name: &str, ports: &str| {
        format!("apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{ports: [{ports}]}}\n")
    };
    let block = format!("apiVersion: v1\nkind: Service\nspec:\n  ports:\n{}", "  - port: 1\n".repeat(60));
    let anchored = service("&a a", &ports(60));
    let json = serde_json::json!({"apiVersion": "v1", "kind": "Service", "spec": {"ports": vec![serde_json::json!({"port": 1}); 60]}});
    let many: Vec<_> = (0..40).map(|at| format!("---\n{}", service(&format!("s{at}"), &ports(1)))).collect();
    let pod = |at| format!("- apiVersion: v1\n  kind: Pod\n  metadata: {{name: p{at}}}\n");
    let list = (0..2_000).map(pod).collect::<Vec<_>>().concat();
    let list = format!("apiVersion: v1\nkind: List\nitems:\n{list}");
    for (text, values) in [
        (service("a", &ports(60)), 500),
        (block, 500),
        (anchored, 500),
        (json.to_string(), 500),
        (many.concat(), 500),
        (list, 8_000),
        ("---\napiVersion: v1\nkind: A\n".repeat(60), 500),
        ("{\"apiVersion\": \"v1\", \"kind\": \"A\"}\n".repeat(60), 500),
    ] {
        let asked = |limit: usize| {
            let config = Config { max_values: limit, ..Config::default() };
            real(config, upload(ANALYZE, "application/yaml", text.clone()))
        };
        let (status, words) = asked(values).await.problem();
        assert_eq!(status, 413, "{text:.100}");
        assert!(words.contains(&format!("more than {values} values")), "{words}");
        assert_eq!(asked(4 * values).await.status, 200, "{text:.100}");
    }
}

#[tokio::test]
async fn every_rule_is_listed_with_its_page() {
    let json = real(Config::default(), at("/api/v1/rules")).await.json();
    let rules = json.as_array().unwrap();
    assert_eq!(rules.len(), podwire::rules::RULES.len());
    assert!(rules.iter().any(|rule| rule["name"] == "selector-matches-nothing"));
    assert!(rules.iter().all(|rule| rule["docs"] == format!("/rules/{}", rule["name"].as_str().unwrap())));
}
