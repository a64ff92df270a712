#![expect(clippy::panic, reason = "a test may fail")]
use podwire::config::Lifetime;
use podwire::store::{Id, Record};
use podwire::web::router;

use crate::api_analyze::{WEB, to};
use crate::*;

const DIAGRAMS: &str = "/api/v1/diagrams";

/// A server whose state outlives one request.
struct Server(AppState);

impl Server {
    async fn new() -> Self {
        Self::with(Config::default()).await
    }

    async fn with(config: Config) -> Self {
        Self(state(config).await)
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        send(router(self.0.clone()), request).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(at(path)).await
    }

    async fn keep(&self, query: &str, text: &str) -> Value {
        let answer = self.ask(to(&format!("{DIAGRAMS}{query}"), sending("text/yaml", text.to_owned()))).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store");
        answer.json()
    }

    async fn delete(&self, id: &str, token: Option<&str>) -> Answer {
        let request = Request::delete(format!("{DIAGRAMS}/{id}"));
        let request = match token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        };
        self.ask(request.body(Body::empty()).unwrap()).await
    }
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} in {value}"))
}

#[tokio::test]
async fn a_diagram_is_made_shown_and_deleted() {
    let server = Server::new().await;
    let request = to(DIAGRAMS, sending("text/yaml", WEB));
    let answer = server.ask(request).await;
    assert_eq!(answer.status, 201);
    let made = answer.json();
    let id = text(&made, "id");
    assert_eq!(id.len(), 22);
    assert_eq!(text(&made, "url"), format!("http://127.0.0.1:8080/d/{id}"));
    assert_eq!(answer.header("location"), format!("http://127.0.0.1:8080/api/v1/diagrams/{id}"));
    assert_eq!(answer.header("x-robots-tag"), "noindex");
    assert_eq!(made["analysis"]["services"][0]["name"], "web");

    let answer = server.get(&format!("{DIAGRAMS}/{id}")).await;
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    let shown = answer.json();
    assert!(shown.get("deleteToken").is_none());
    for key in ["id", "url", "createdAt", "expiresAt"] {
        assert_eq!(shown[key], made[key], "{key}");
    }
    assert_eq!(shown["analysis"]["summary"], made["analysis"]["summary"]);

    let token = text(&made, "deleteToken");
    let without = server.delete(id, None).await;
    assert_eq!(without.header("www-authenticate"), "Bearer");
    assert_eq!(without.problem().0, 401);
    assert_eq!(server.delete(id, Some("0123456789abcdefghijkl")).await.problem().0, 403);
    assert_eq!(server.get(&format!("{DIAGRAMS}/{id}")).await.status, 200);
    let deleted = server.delete(id, Some(token)).await;
    assert_eq!((deleted.status.as_u16(), deleted.text()), (204, ""));
    for path in [format!("{DIAGRAMS}/{id}"), format!("/d/{id}.json"), format!("/d/{id}.svg")] {
        assert_eq!(server.get(&path).await.problem().0, 410, "{path}");
    }
    assert_eq!(server.delete(id, Some(token)).await.problem().0, 410);
}

#[tokio::test]
async fn what_was_never_made_is_not_there() {
    let server = Server::new().await;
    let unknown = "0000000000000000000001";
    for path in [
        format!("{DIAGRAMS}/{unknown}"),
        format!("{DIAGRAMS}/x"),
        format!("/d/{unknown}.txt"),
        "/d/x.svg".to_owned(),
    ] {
        assert_eq!(server.get(&path).await.problem().0, 404, "{path}");
    }
    assert_eq!(server.delete(unknown, Some(unknown)).await.problem().0, 404);
    let made = server.keep("", WEB).await;
    assert_eq!(server.get(&format!("/d/{}.exe", text(&made, "id"))).await.problem().0, 404);
}

#[tokio::test]
async fn a_diagram_lives_as_long_as_was_asked() {
    let server = Server::new().await;
    let seconds = |made: &Value, key: &str| {
        let time = text(made, key);
        assert!(time.ends_with('Z') && time.len() == 20, "{time}");
        let format = &time::format_description::well_known::Rfc3339;
        time::OffsetDateTime::parse(time, format).unwrap().unix_timestamp()
    };
    for (query, life) in [("", 30 * 86_400), ("?expires=1h", 3600), ("?expires=1d&state=assumed", 86_400)] {
        let made = server.keep(query, WEB).await;
        assert_eq!(seconds(&made, "expiresAt") - seconds(&made, "createdAt"), life, "{query}");
    }
    for query in ["?expires=2y", "?expires=soon", "?expires=never"] {
        let request = to(&format!("{DIAGRAMS}{query}"), sending("text/yaml", WEB));
        assert_eq!(server.ask(request).await.problem().0, 400, "{query}");
    }
}

#[tokio::test]
async fn a_diagram_stays_until_it_is_deleted_where_that_is_allowed() {
    let server = Server::with(Config { expires_max: Lifetime::Never, ..Config::default() }).await;
    let made = server.keep("?expires=never", WEB).await;
    assert_eq!(made["expiresAt"], Value::Null);
    let id = text(&made, "id");
    let shown = server.get(&format!("{DIAGRAMS}/{id}")).await.json();
    assert_eq!(shown.get("expiresAt"), Some(&Value::Null));
    let page = server.get(&format!("/d/{id}")).await;
    assert!(page.text().contains("kept until it is deleted"), "{}", page.text());
    assert_eq!(server.delete(id, Some(text(&made, "deleteToken"))).await.status, 204);
    assert_eq!(server.get(&format!("/d/{id}.svg")).await.problem().0, 410);
}

#[tokio::test]
async fn an_expired_diagram_is_gone_in_every_face() {
    let server = Server::new().await;
    let made = server.keep("", WEB).await;
    let kept = server.0.record(text(&made, "id").parse().unwrap()).await.unwrap();
    // The same diagram as if it had been made long ago.
    let expired = Record { id: Id::random().unwrap(), created_at: 1, expires_at: Some(2), ..kept };
    let id = expired.id.full();
    server.0.store.put(expired).await.unwrap();
    for path in [
        format!("{DIAGRAMS}/{id}"),
        format!("{DIAGRAMS}/{id}/trace?to=web"),
        format!("/d/{id}"),
        format!("/d/{id}.json"),
        format!("/d/{id}.svg"),
        format!("/d/{id}.yaml"),
    ] {
        assert_eq!(server.get(&path).await.problem().0, 410, "{path}");
    }
    assert_eq!(server.delete(&id, Some(text(&made, "deleteToken"))).await.problem().0, 410);
}

#[tokio::test]
async fn an_edited_diagram_is_a_new_one_that_says_nothing_of_the_other() {
    let server = Server::new().await;
    let first = server.keep("", WEB).await;
    // What is edited is what the first one's page has.
    let masked = server.get(&format!("/d/{}.yaml", text(&first, "id"))).await;
    let second = server.keep("", &masked.text().replace("30080", "30081")).await;
    let id = text(&second, "id");
    assert_ne!(text(&first, "id"), id);
    for path in [
        format!("{DIAGRAMS}/{id}"),
        format!("/d/{id}"),
        format!("/d/{id}.json"),
        format!("/d/{id}.svg"),
        format!("/d/{id}.txt"),
        format!("/d/{id}.csv"),
        format!("/d/{id}.yaml"),
        format!("/d/{id}?embed=1"),
    ] {
        let answer = server.get(&path).await;
        assert!(answer.text().contains("30081"), "{path}");
        for key in ["id", "deleteToken"] {
            assert!(!answer.text().contains(text(&first, key)), "{path}");
        }
        assert!(!answer.text().contains(text(&second, "deleteToken")), "{path}");
    }
}

#[tokio::test]
async fn a_diagram_has_other_faces() {
    let server = Server::new().await;
    let made = server.keep("", WEB).await;
    let id = text(&made, "id");
    for (extension, kind, word) in [
        ("json", "application/json", "\"nodePort\":30080"),
        (
            "txt",
            "text/plain; charset=utf-8",
            "node :30080 -> Service default/web :80 -> \"http\" -> Pod default/web, nginx :8080",
        ),
        ("svg", "image/svg+xml", "<svg"),
        (
            "csv",
            "text/csv; charset=utf-8",
            "\"node port 30080, inside the cluster\",web,default,NodePort,80 TCP",
        ),
        ("yaml", "application/yaml", "nodePort: 30080"),
    ] {
        let answer = server.get(&format!("/d/{id}.{extension}")).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, kind));
        assert_eq!(answer.header("cache-control"), "private, no-cache", "{extension}");
        assert!(answer.text().contains(word), "{extension}: {}", answer.text());
    }
    let yaml = server.get(&format!("/d/{id}.yaml")).await;
    assert_eq!(yaml.header("content-disposition"), format!("attachment; filename=\"masked-{id}.yaml\""));
    assert!(yaml.text().trim_end().ends_with("do not apply it."), "{}", yaml.text());
    let svg = server.get(&format!("/d/{id}.svg")).await;
    assert!(
        svg.header("content-security-policy").starts_with("default-src 'none'; style-src 'unsafe-inline'")
    );
}

const PRIVATE: &str = "# hush-comment
apiVersion: v1
kind: Service
metadata: {name: web, annotations: {note: hush-annotation}}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: htpp}]}
---
apiVersion: v1
kind: Secret
metadata: {name: keys}
stringData: {hush-key: hush-value}
---
hush-broken: [
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: nginx
          image: hush-image
          args: [hush-argument]
          env: [{name: HUSH_NAME, value: hush-value}]
          ports: [{name: http, containerPort: 8080}]
";

#[tokio::test]
async fn nothing_but_what_wiring_needs_is_kept() {
    let server = Server::new().await;
    let made = server.keep("", PRIVATE).await;
    let id = text(&made, "id");
    let record = server.0.record(id.parse().unwrap()).await.unwrap();
    let kept = String::from_utf8(record.body).unwrap();
    assert!(kept.contains("containerPort"), "{kept}");
    let mut seen = vec![kept];
    for path in [
        format!("{DIAGRAMS}/{id}"),
        format!("/d/{id}.json"),
        format!("/d/{id}.txt"),
        format!("/d/{id}.yaml"),
        format!("/d/{id}.svg"),
    ] {
        seen.push(server.get(&path).await.text().to_owned());
    }
    for text in seen {
        // Letters of an embedded font may spell anything.
        let mut parts = text.split("url(data:font");
        let first = parts.next().unwrap_or_default().to_owned();
        let text = parts.fold(first, |all, part| all + part.split_once(')').map_or(part, |(_, after)| after));
        assert!(!text.to_lowercase().contains("hush"), "{text}");
    }
}

#[tokio::test]
async fn the_masked_text_says_the_same_by_line_and_field() {
    let server = Server::new().await;
    let corpus: Vec<String> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases"))
        .unwrap()
        .filter_map(|case| std::fs::read_to_string(case.unwrap().path().join("input.yaml")).ok())
        .collect();
    assert!(corpus.len() >= 9);
    for original in corpus.iter().map(String::as_str).chain([PRIVATE]) {
        let made = server.keep("", original).await;
        let shown = server.get(&format!("{DIAGRAMS}/{}", text(&made, "id"))).await.json();
        let (made, shown) = (&made["analysis"], &shown["analysis"]);
        for key in ["state", "summary", "others", "skipped", "suppressed"] {
            assert_eq!(made[key], shown[key], "{key} of {original}");
        }
        let said = |analysis: &Value| -> Vec<String> {
            let findings = analysis["findings"].as_array().unwrap().iter();
            let mut said: Vec<_> = findings
                .map(|f| format!("{} {} {} {}", f["rule"], f["severity"], f["field"], f["source"]["line"]))
                .collect();
            said.sort();
            said
        };
        assert_eq!(said(made), said(shown), "{original}");
        let wired = |analysis: &Value| {
            let mut services = analysis["services"].clone();
            without_columns(&mut services);
            services
        };
        assert_eq!(wired(made), wired(shown), "{original}");
    }
}

fn without_columns(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.remove("column");
            map.values_mut().for_each(without_columns);
        }
        Value::Array(items) => items.iter_mut().for_each(without_columns),
        _ => {}
    }
}

#[tokio::test]
async fn several_files_are_kept_by_name_and_joined_for_download() {
    let server = Server::new().await;
    let (service, pod) = WEB.split_once("---\n").unwrap();
    let request = to(
        DIAGRAMS,
        form(&[
            ("shop/web.yaml", service),
            ("shop/pod.yaml", pod),
            ("notes.txt", "x"),
            ("field expires", "1h"),
        ]),
    );
    let made = server.ask(request).await.json();
    let id = text(&made, "id");
    let shown = server.get(&format!("/d/{id}.json")).await.json();
    assert_eq!(shown["services"][0]["source"]["file"], "shop/web.yaml");
    assert_eq!(shown["services"][0]["ports"][0]["endpoints"][0]["source"]["file"], "shop/pod.yaml");
    assert_eq!(shown["skipped"][0]["file"], "masked");
    let yaml = server.get(&format!("/d/{id}.yaml")).await;
    for line in ["---\n# shop/web.yaml\n", "---\n# shop/pod.yaml\n"] {
        assert!(yaml.text().contains(line), "{}", yaml.text());
    }
}
