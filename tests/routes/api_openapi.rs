use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jsonschema::Validator;
use podwire::web::router;
use serde_json::json;

use crate::api_analyze::to;
use crate::*;

/// What is promised in the table of the API's routes.
const PROMISED: &[&str] = &[
    "POST /api/v1/analyze",
    "POST /api/v1/diagrams",
    "GET /api/v1/diagrams/{id}",
    "DELETE /api/v1/diagrams/{id}",
    "POST /api/v1/trace",
    "GET /api/v1/diagrams/{id}/trace",
    "GET /api/v1/rules",
    "GET /api/openapi.json",
    "GET /d/{id}.{extension}",
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
];

/// A server, its document, and a validator for each answer that the document describes.
struct Api {
    app: AppState,
    document: Value,
    validators: BTreeMap<String, Validator>,
    seen: BTreeMap<String, usize>,
}

impl Api {
    async fn new() -> Self {
        let app = state(Config { rate: 0, ..Config::default() }).await;
        let document = send(router(app.clone()), at("/api/openapi.json")).await;
        assert_eq!(document.header("content-type"), "application/json");
        Self { app, document: document.json(), validators: BTreeMap::new(), seen: BTreeMap::new() }
    }

    /// Sends a request, and holds the answer against what the document says of it.
    async fn ask(&mut self, operation: &str, request: Request<Body>) -> Answer {
        let answer = send(router(self.app.clone()), request).await;
        let (method, path) = operation.split_once(' ').unwrap();
        let described = &self.document["paths"][path][method.to_lowercase()]["responses"];
        let status = answer.status.as_str();
        let described = described.get(status).unwrap_or(&described["default"]);
        if answer.body.is_empty() {
            assert!(described.get("content").is_none() || status == "304", "{operation} {status}: no body");
            return answer;
        }
        let media = answer.header("content-type").split(';').next().unwrap();
        let schema = &described["content"][media]["schema"];
        assert!(schema.is_object(), "{operation} {status}: {media} is not described");
        if media.ends_with("json") {
            let name = schema.to_string();
            if !self.validators.contains_key(&name) {
                self.validators.insert(name.clone(), self.validator(schema));
            }
            let said = answer.json();
            let errors = self.validators[&name].iter_errors(&said);
            let problems: Vec<String> = errors.map(|e| format!("{e} at {}", e.instance_path())).collect();
            assert!(problems.is_empty(), "{operation} {status}: {problems:#?}");
        }
        *self.seen.entry(format!("{operation} {status}")).or_default() += 1;
        answer
    }

    /// Takes no member that is not described.
    fn validator(&self, schema: &Value) -> Validator {
        let mut schemas = self.document["components"]["schemas"].clone();
        let parts: BTreeSet<String> = schemas.as_object().unwrap().values().flat_map(parts).collect();
        for (name, schema) in schemas.as_object_mut().unwrap() {
            if !parts.contains(name) && (schema["type"] == "object" || schema.get("allOf").is_some()) {
                schema["unevaluatedProperties"] = json!(false);
            }
        }
        let mut whole = schema.clone();
        whole["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        whole["components"] = json!({"schemas": schemas});
        jsonschema::validator_for(&whole).unwrap()
    }
}

/// The schemas whose members a schema has among its own.
fn parts(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let name = |part: &Value| part["$ref"].as_str().map(|path| path.rsplit('/').next().unwrap().to_owned());
    for word in ["allOf", "anyOf"] {
        found.extend(schema[word].as_array().into_iter().flatten().filter_map(name));
    }
    found
}

/// Every manifest of the cases and examples.
fn manifests() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = |folder: &str| {
        let entries = std::fs::read_dir(root.join(folder)).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
    };
    let cases = files("tests/cases").into_iter().map(|case| case.join("input.yaml"));
    cases.chain(files("static/examples")).filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

#[tokio::test]
async fn the_document_names_every_route_and_nothing_else() {
    let api = Api::new().await;
    assert!(api.document["openapi"].as_str().unwrap().starts_with("3.1."));
    let paths = api.document["paths"].as_object().unwrap();
    let named: BTreeSet<String> = paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().keys().map(move |m| format!("{} {path}", m.to_uppercase()))
        })
        .collect();
    assert_eq!(named, PROMISED.iter().map(|route| (*route).to_owned()).collect());
    let mut ids = BTreeSet::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{path}: its id is another's");
            for word in ["summary", "description"] {
                assert!(!operation[word].as_str().unwrap().is_empty(), "{method} {path} has no {word}");
            }
            assert_eq!(operation.get("requestBody").is_some(), method == "post", "{method} {path}");
        }
    }
    for (name, schema) in api.document["components"]["schemas"].as_object().unwrap() {
        assert!(schema["description"].is_string(), "{name} is not described");
        for (member, schema) in schema["properties"].as_object().into_iter().flatten() {
            let either =
                schema["oneOf"].as_array().and_then(|either| either.iter().find(|one| one["type"] != "null"));
            let described = either.unwrap_or(schema)["description"].is_string();
            assert!(described, "{name}.{member} is not described");
        }
    }
}

#[tokio::test]
async fn examples_of_bodies_are_all_of_the_same_service() {
    let mut api = Api::new().await;
    let bodies = api.document["paths"]["/api/v1/analyze"]["post"]["requestBody"]["content"].clone();
    let mut examples = 0;
    for (media, body) in bodies.as_object().unwrap() {
        let Some(example) = body.get("example") else { continue };
        let text = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
        let said = api.ask("POST /api/v1/analyze", to("/api/v1/analyze", sending(media, text))).await.json();
        assert_eq!(said["services"][0]["ports"][0]["endpoints"][0]["pod"], "myapp-pod", "{media}");
        examples += 1;
    }
    assert_eq!(examples, 3);
}

#[tokio::test]
async fn answers_are_as_the_document_says() {
    let mut api = Api::new().await;
    let manifests = manifests();
    assert!(manifests.len() >= 20);
    for text in &manifests {
        let upload = |path: &str| to(path, sending("application/yaml", text.clone()));
        api.ask("POST /api/v1/analyze", upload("/api/v1/analyze")).await;
        for address in ["node:30008", "node:30080", "web.shop", "http://shop.example.com/", "10.0.0.1:80"] {
            let to = format!("/api/v1/trace?to={address}");
            assert_eq!(api.ask("POST /api/v1/trace", upload(&to)).await.status, 200, "{address}");
        }
        let made = api.ask("POST /api/v1/diagrams", upload("/api/v1/diagrams?expires=1h")).await.json();
        let (id, token) = (made["id"].as_str().unwrap(), made["deleteToken"].as_str().unwrap());
        api.ask("GET /api/v1/diagrams/{id}", at(&format!("/api/v1/diagrams/{id}"))).await;
        let trace = format!("/api/v1/diagrams/{id}/trace?to=node:30008");
        api.ask("GET /api/v1/diagrams/{id}/trace", at(&trace)).await;
        for extension in ["svg", "json", "txt", "mmd", "dot", "csv", "yaml"] {
            api.ask("GET /d/{id}.{extension}", at(&format!("/d/{id}.{extension}"))).await;
        }
        let yaml = accepting(&format!("/api/v1/diagrams/{id}"), "application/yaml");
        assert_eq!(
            api.ask("GET /api/v1/diagrams/{id}", yaml).await.header("content-type"),
            "application/yaml"
        );
        let delete = Request::delete(format!("/api/v1/diagrams/{id}"))
            .header("authorization", format!("Bearer {token}"));
        api.ask("DELETE /api/v1/diagrams/{id}", delete.body(Body::empty()).unwrap()).await;
        api.ask("GET /api/v1/diagrams/{id}", at(&format!("/api/v1/diagrams/{id}"))).await;
    }
    api.ask("GET /api/v1/rules", at("/api/v1/rules")).await;
    api.ask("GET /api/openapi.json", at("/api/openapi.json")).await;
    for path in ["/healthz", "/readyz", "/metrics"] {
        api.ask(&format!("GET {path}"), at(path)).await;
    }
    assert_eq!(api.seen["POST /api/v1/analyze 200"], manifests.len());
    assert_eq!(api.seen["GET /api/v1/diagrams/{id} 410"], manifests.len());
}

#[tokio::test]
async fn errors_are_as_the_document_says() {
    let mut api = Api::new().await;
    for (path, kind, body, status) in [
        ("/api/v1/analyze", "application/yaml", "", 422),
        ("/api/v1/analyze", "application/zip", "x", 422),
        ("/api/v1/analyze", "image/png", "x", 415),
        ("/api/v1/analyze", "multipart/form-data", "x", 400),
        ("/api/v1/analyze?state=maybe", "application/yaml", "a: b", 400),
        ("/api/v1/diagrams?expires=soon", "application/yaml", "a: b", 400),
        ("/api/v1/trace", "application/yaml", "a: b", 400),
        ("/api/v1/trace?to=a%20b", "application/yaml", "a: b", 400),
    ] {
        let operation = format!("POST {}", path.split('?').next().unwrap());
        let answer = api.ask(&operation, to(path, sending(kind, body))).await;
        assert_eq!(answer.problem().0, status, "{path} {kind}");
    }
    let large = vec![b'a'; (10 << 20) + 1];
    let answer = api.ask("POST /api/v1/analyze", to("/api/v1/analyze", sending("text/plain", large))).await;
    assert_eq!(answer.problem().0, 413);
    let unknown = "/api/v1/diagrams/0000000000000000000001";
    let delete = |token: Option<&str>| {
        let request = Request::delete(unknown);
        let request = match token {
            Some(token) => request.header("authorization", token),
            None => request,
        };
        request.body(Body::empty()).unwrap()
    };
    assert_eq!(api.ask("GET /api/v1/diagrams/{id}", at(unknown)).await.problem().0, 404);
    assert_eq!(api.ask("DELETE /api/v1/diagrams/{id}", delete(None)).await.problem().0, 401);
    assert_eq!(api.ask("DELETE /api/v1/diagrams/{id}", delete(Some("Bearer x"))).await.problem().0, 404);
    let made = api.ask("POST /api/v1/diagrams", to("/api/v1/diagrams", sending("text/plain", "a: b"))).await;
    let path = format!("/api/v1/diagrams/{}", made.json()["id"].as_str().unwrap());
    let wrong = Request::delete(path).header("authorization", "Bearer x").body(Body::empty()).unwrap();
    assert_eq!(api.ask("DELETE /api/v1/diagrams/{id}", wrong).await.problem().0, 403);
    api.app.store.close().await;
    let answer = api.ask("GET /api/v1/diagrams/{id}", at(unknown)).await;
    assert_eq!((answer.problem().0, answer.header("retry-after")), (503, "5"));
    assert_eq!(api.ask("GET /readyz", at("/readyz")).await.problem().0, 503);
}

#[tokio::test]
async fn other_methods_and_addresses_are_problems_too() {
    let router = || async { router(state(Config { rate: 0, ..Config::default() }).await) };
    for (method, path, allow) in [
        ("GET", "/api/v1/analyze", "POST"),
        ("PUT", "/api/v1/diagrams", "POST"),
        ("POST", "/api/v1/diagrams/0000000000000000000001", "GET,HEAD,DELETE"),
        ("DELETE", "/api/v1/rules", "GET,HEAD"),
        ("POST", "/api/openapi.json", "GET,HEAD"),
    ] {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        let answer = send(router().await, request).await;
        assert_eq!(answer.problem().0, 405, "{method} {path}");
        let methods = |text: &str| text.split(',').map(|m| m.trim().to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(methods(answer.header("allow")), methods(allow), "{method} {path}");
    }
    for path in ["/api/", "/api/v1", "/api/v2/analyze", "/api/v1/analyze/", "/api/v1/diagrams/a/b/c"] {
        assert_eq!(send(router().await, accepting(path, "text/html")).await.problem().0, 404, "{path}");
    }
}

#[tokio::test]
async fn the_page_names_every_operation_and_type() {
    let api = Api::new().await;
    let page = send(router(api.app.clone()), at("/api")).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    for route in PROMISED {
        assert!(page.text().contains(&format!("<code>{route}</code></h2>")), "{route}");
    }
    for name in api.document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(page.text().contains(&format!("<h3 id=\"{name}\">")), "{name}");
    }
    // Every link within the page leads somewhere.
    for link in page.text().split("href=\"#").skip(1) {
        let id = link.split('"').next().unwrap();
        assert!(page.text().contains(&format!("id=\"{id}\"")), "{id}");
    }
}
