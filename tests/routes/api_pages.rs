//! What browsers and caches ask of the API: conditional requests, compression, and pages of other origins.

use podwire::web::router;

use crate::api_analyze::{WEB, to};
use crate::*;

const PAGE: &str = "https://docs.example.com";

async fn with(app: &AppState, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request =
        headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
    send(router(app.clone()), request.body(Body::empty()).unwrap()).await
}

async fn shared(app: &AppState) -> Value {
    send(router(app.clone()), to("/api/v1/diagrams", sending("text/yaml", WEB))).await.json()
}

#[tokio::test]
async fn what_a_client_has_is_not_sent_again() {
    let app = state(Config::default()).await;
    let made = shared(&app).await;
    let diagram = format!("/api/v1/diagrams/{}", made["id"].as_str().unwrap());
    let trace = format!("{diagram}/trace?to=node:30080");
    let mut tags = std::collections::BTreeSet::new();
    for path in ["/", "/api", "/rules", "/words", "/privacy", "/examples", "/examples/broken"] {
        let first = with(&app, path, &[]).await;
        let again = with(&app, path, &[("if-none-match", first.header("etag"))]).await;
        assert_eq!((again.status.as_u16(), again.text()), (304, ""), "{path}");
    }
    for path in [&diagram, &trace, "/api/v1/rules", "/api/openapi.json"] {
        let first = with(&app, path, &[("accept-encoding", "gzip")]).await;
        let tag = first.header("etag").to_owned();
        assert!(first.status == 200 && tag.starts_with("W/\""), "{path}: {tag}");
        assert_eq!(first.header("content-encoding"), "gzip", "{path}");
        let again = with(&app, path, &[("if-none-match", &tag)]).await;
        assert_eq!((again.status.as_u16(), again.text()), (304, ""), "{path}");
        for name in ["etag", "cache-control"] {
            assert_eq!(again.header(name), first.header(name), "{path} {name}");
        }
        assert_eq!(again.header("content-type"), "");
        for (known, status) in [(tag.as_str(), 304), ("W/\"0\"", 200)] {
            let head = Request::head(path).header("if-none-match", known).body(Body::empty()).unwrap();
            let head = send(router(app.clone()), head).await;
            assert_eq!(
                (head.status.as_u16(), head.text(), head.header("etag")),
                (status, "", &*tag),
                "{path}"
            );
            let plain = with(&app, path, &[]).await;
            let length = if status == 200 { plain.body.len().to_string() } else { String::new() };
            assert_eq!(head.header("content-length"), length, "{path}");
        }
        let others = with(&app, path, &[("if-none-match", "W/\"0\", \"1\"")]).await;
        assert_eq!((others.status.as_u16(), others.header("etag")), (200, tag.as_str()), "{path}");
        tags.insert(tag);
    }
    let yaml = with(&app, &diagram, &[("accept", "application/yaml")]).await;
    tags.insert(yaml.header("etag").to_owned());
    let other = with(&app, &format!("{diagram}/trace?to=node:30081"), &[]).await;
    tags.insert(other.header("etag").to_owned());
    assert_eq!(tags.len(), 6, "different answers have different names");

    // Deletion is honoured, whatever a client has.
    let token = format!("Bearer {}", made["deleteToken"].as_str().unwrap());
    let delete = Request::delete(&diagram).header("authorization", token).body(Body::empty()).unwrap();
    assert_eq!(send(router(app.clone()), delete).await.status, 204);
    let gone = with(&app, &diagram, &[("if-none-match", "*")]).await;
    assert_eq!((gone.problem().0, gone.header("etag")), (410, ""));
}

#[tokio::test]
async fn pages_of_other_origins_may_read() {
    let app = state(Config::default()).await;
    let diagram = format!("/api/v1/diagrams/{}", shared(&app).await["id"].as_str().unwrap());
    let nothing = "/api/v2/nothing";
    let paths = ["/api/v1/rules", "/api/openapi.json", "/api/v1/diagrams/x", "/api/v1/analyze", nothing];
    for path in paths.into_iter().chain([&*diagram]) {
        let answer = with(&app, path, &[("origin", PAGE)]).await;
        assert_eq!(answer.header("access-control-allow-origin"), PAGE, "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), "", "{path}");
        assert!(
            answer.headers.get_all("vary").iter().any(|vary| vary.to_str().unwrap().contains("origin")),
            "{path}"
        );
    }
    for path in ["/api/v1/analyze", "/api/v1/trace?to=node:30080"] {
        let mut request = to(path, sending("application/yaml", WEB));
        request.headers_mut().insert("origin", PAGE.parse().unwrap());
        let answer = send(router(app.clone()), request).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("access-control-allow-origin")),
            (200, PAGE),
            "{path}"
        );
    }
}

#[tokio::test]
async fn pages_of_other_origins_hear_why_they_are_refused() {
    let config = || Config { rate: 1, rate_burst: 1, max_waiting: 0, ..Config::default() };
    let refused = async |app: &AppState| {
        let mut request = to("/api/v1/analyze", sending("application/yaml", WEB));
        request.headers_mut().insert("origin", PAGE.parse().unwrap());
        send(router(app.clone()), request).await
    };
    let (limited, busy) = (state(config()).await, state(Config { rate: 0, ..config() }).await);
    assert_eq!(refused(&limited).await.status, 200);
    let turns: Vec<_> = std::iter::from_fn(|| busy.lanes.small.try_take()).collect();
    for (app, status) in [(&limited, 429), (&busy, 503)] {
        let answer = refused(app).await;
        assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (status, PAGE));
        assert!(answer.header("access-control-expose-headers").contains("retry-after"));
    }
    drop(turns);
    // What is no API is nobody else's to read.
    for path in ["/", "/nowhere", "/healthz"] {
        let answer = with(&busy, path, &[("origin", PAGE)]).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        let mut asked = at(path);
        *asked.method_mut() = axum::http::Method::OPTIONS;
        assert_eq!(
            send(router(busy.clone()), asked).await.problem().0,
            if path == "/nowhere" { 404 } else { 405 }
        );
    }
}

#[tokio::test]
async fn pages_of_other_origins_may_neither_share_nor_delete() {
    let app = state(Config::default()).await;
    let diagram = format!("/api/v1/diagrams/{}", shared(&app).await["id"].as_str().unwrap());
    let preflight = |path: &str, method: &str| {
        let request =
            Request::options(path).header("origin", PAGE).header("access-control-request-method", method);
        let request = request.header("access-control-request-headers", "content-type");
        send(router(app.clone()), request.body(Body::empty()).unwrap())
    };
    for (path, method, may) in [
        (diagram.as_str(), "GET", true),
        (&diagram, "DELETE", false),
        ("/api/v1/diagrams", "POST", false),
        ("/api/v1/analyze", "POST", true),
        ("/api/v1/trace", "POST", true),
        ("/api/v1/trace", "PUT", false),
    ] {
        let answer = preflight(path, method).await;
        assert!(answer.status.is_success(), "{method} {path}");
        assert_eq!(answer.header("access-control-allow-origin") == PAGE, may, "{method} {path}");
        assert!(!answer.header("access-control-allow-methods").contains("DELETE"));
        let headers = answer.header("access-control-allow-headers");
        assert!(!headers.contains("authorization"), "{headers}");
        assert!(headers.contains("content-encoding"), "what is packed with gzip may be read: {headers}");
    }
    let mut request = to("/api/v1/diagrams", sending("text/plain", WEB));
    request.headers_mut().insert("origin", PAGE.parse().unwrap());
    assert_eq!(send(router(app.clone()), request).await.header("access-control-allow-origin"), "");
}
