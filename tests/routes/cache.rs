//! What is kept of shared diagrams: made once, shown only while the diagram is there.

use std::num::NonZero;

use podwire::store::{Deletion, Id};
use podwire::web::router;

use crate::api_analyze::{WEB, to};
use crate::*;

async fn get_with(app: &AppState, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request =
        headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
    send(router(app.clone()), request.body(Body::empty()).unwrap()).await
}

async fn shared(app: &AppState) -> (String, String) {
    let made = send(router(app.clone()), to("/api/v1/diagrams", sending("text/yaml", WEB))).await.json();
    (made["id"].as_str().unwrap().to_owned(), made["deleteToken"].as_str().unwrap().to_owned())
}

/// A server on which nothing can be computed while `app.lanes.small` is taken.
async fn narrow() -> AppState {
    state(Config { analyses: NonZero::new(1), max_waiting: 0, ..Config::default() }).await
}

#[tokio::test]
async fn each_face_is_made_once() {
    let app = narrow().await;
    let (id, _) = shared(&app).await;
    let page = format!("/d/{id}");
    let faces: [(&str, &[(&str, &str)]); 7] = [
        (&page, &[]),
        (&page, &[("accept-encoding", "gzip")]),
        (&page, &[("hx-request", "true")]),
        (&format!("{page}.svg"), &[]),
        (&format!("{page}.svg?theme=dark"), &[]),
        (&format!("/api/v1/diagrams/{id}"), &[]),
        (&format!("/api/v1/diagrams/{id}"), &[("accept", "application/yaml")]),
    ];
    let mut first = Vec::new();
    for (path, headers) in faces {
        let answer = get_with(&app, path, headers).await;
        assert_eq!(answer.status, 200, "{path} {headers:?}");
        first.push(answer);
    }
    let _taken = app.lanes.small.try_take().unwrap();
    for ((path, headers), first) in faces.into_iter().zip(&first) {
        let again = get_with(&app, path, headers).await;
        assert_eq!((again.status.as_u16(), &again.body), (200, &first.body), "{path} {headers:?}");
        for name in ["etag", "cache-control", "content-type", "content-encoding", "vary"] {
            assert_eq!(again.header(name), first.header(name), "{path} {headers:?} {name}");
        }
        let tag = first.header("etag");
        let known: Vec<(&str, &str)> = headers.iter().copied().chain([("if-none-match", tag)]).collect();
        let known = get_with(&app, path, &known).await;
        assert_eq!((known.status.as_u16(), known.text()), (304, ""), "{path} {headers:?}");
    }
    let same = get_with(&app, &format!("{page}.svg?x=1&theme=dark&y"), &[]).await;
    assert_eq!(
        (same.status.as_u16(), &same.body),
        (200, &first[4].body),
        "what no page hears asks for no other"
    );
    let other = get_with(&app, &format!("{page}.svg?theme=light"), &[]).await;
    assert_eq!(other.status, 503, "what was not asked for yet has to be made");
    let bodies: std::collections::HashSet<&Bytes> = first.iter().map(|answer| &answer.body).collect();
    assert_eq!(bodies.len(), faces.len(), "no face is shown for another");
}

#[tokio::test]
async fn what_is_deleted_is_shown_no_more() {
    let app = state(Config::default()).await;
    let (id, token) = shared(&app).await;
    let page = format!("/d/{id}");
    // Asked twice, the store's word is kept too.
    for _ in 0..2 {
        assert_eq!(get_with(&app, &page, &[]).await.status, 200);
    }
    let delete =
        Request::delete(format!("/api/v1/diagrams/{id}")).header("authorization", format!("Bearer {token}"));
    assert_eq!(send(router(app.clone()), delete.body(Body::empty()).unwrap()).await.status, 204);
    assert_eq!(get_with(&app, &page, &[]).await.status, 410);
}

#[tokio::test]
async fn the_store_is_asked_whether_a_kept_diagram_is_there() {
    let app = state(Config::default()).await;
    let (id, token) = shared(&app).await;
    let page = format!("/d/{id}");
    assert_eq!(get_with(&app, &page, &[]).await.status, 200);
    // As another server with the same store does it.
    let id: Id = id.parse().unwrap();
    assert_eq!(app.store.delete(id, &token, app.now()).await.unwrap(), Deletion::Deleted);
    assert_eq!(get_with(&app, &page, &[]).await.status, 410);
}

#[tokio::test]
async fn many_that_ask_at_once_have_it_made_once() {
    let app = narrow().await;
    let (id, _) = shared(&app).await;
    let page = format!("/d/{id}.svg");
    let asked = (0..32).map(|_| get_with(&app, &page, &[]));
    for answer in futures_util::future::join_all(asked).await {
        assert_eq!(answer.status, 200, "a second analysis would have been refused");
    }
}

/// What is asked so that nothing of it is kept: by a key that is too long.
fn unkept<'a>(headers: &[(&'a str, &'a str)], long: &'a str) -> Vec<(&'a str, &'a str)> {
    headers.iter().copied().chain([("accept-encoding", long)]).collect()
}

#[tokio::test]
async fn a_kept_answer_is_as_one_that_is_made_to_its_last_header() {
    let app = state(Config::default()).await;
    let (id, _) = shared(&app).await;
    let long = "identity;q=0.5,".repeat(100);
    for path in [format!("/d/{id}"), format!("/d/{id}.svg"), format!("/api/v1/diagrams/{id}"), "/".to_owned()]
    {
        for headers in [&[][..], &[("accept-encoding", "br")], &[("origin", "https://example.com")]] {
            get_with(&app, &path, headers).await;
            let kept = get_with(&app, &path, headers).await;
            let made = get_with(&app, &path, &unkept(headers, &long)).await;
            assert_eq!((kept.status, &kept.body), (made.status, &made.body), "{path} {headers:?}");
            let [kept, made] = [kept, made].map(|mut answer| {
                assert!(answer.headers.remove("x-request-id").is_some());
                answer.headers
            });
            assert_eq!(kept, made, "{path} {headers:?}");
        }
    }
}

#[tokio::test]
async fn nobody_is_shown_what_is_kept_for_another() {
    let app = state(Config::default()).await;
    let long = "identity;q=0.5,".repeat(100);
    let ids = [shared(&app).await.0, shared(&app).await.0];
    let mut asked = Vec::new();
    for id in &ids {
        for path in [format!("/d/{id}"), format!("/api/v1/diagrams/{id}")] {
            for host in ["localhost:1", "localhost:2", "127.0.0.1:1"] {
                for (name, value) in [
                    ("accept-encoding", "gzip"),
                    ("accept-encoding", "br"),
                    ("hx-request", "true"),
                    ("accept", "application/yaml"),
                    ("origin", "https://example.com"),
                ] {
                    asked.push((path.clone(), [("host", host), (name, value)]));
                }
            }
        }
    }
    for _ in 0..2 {
        for (path, headers) in &asked {
            let kept = get_with(&app, path, headers).await;
            let made = get_with(&app, path, &unkept(headers, &long)).await;
            assert_eq!((kept.status, &kept.body), (made.status, &made.body), "{path} {headers:?}");
            for name in ["content-encoding", "content-type", "etag", "vary", "access-control-allow-origin"] {
                assert_eq!(kept.header(name), made.header(name), "{path} {headers:?} {name}");
            }
        }
    }
    let foreign = get_with(&app, &asked[0].0, &[("host", "evil.example.com"), asked[0].1[1]]).await;
    assert_eq!(foreign.status, 421);
}

#[tokio::test]
async fn a_kept_answer_has_the_id_of_its_own_request() {
    let app = state(Config::default()).await;
    let mut seen = std::collections::HashSet::new();
    for given in [None, None, Some("mine-1"), Some("mine-2"), Some("not plain"), Some(""), None] {
        let headers: Vec<(&str, &str)> = given.map(|id| ("x-request-id", id)).into_iter().collect();
        let answer = get_with(&app, "/privacy", &headers).await;
        let id = answer.header("x-request-id").to_owned();
        match given.filter(|given| given.starts_with("mine")) {
            Some(given) => assert_eq!(id, given),
            None => assert_eq!(id.len(), 36, "{given:?}"),
        }
        assert!(seen.insert(id), "two requests have one id");
    }
}

#[tokio::test]
async fn no_part_of_a_requests_id_is_a_link() {
    let app = state(Config::default()).await;
    let id = "0000000000000000000001";
    let path = format!("/d/{id}.svg");
    let (inside, before, after) = (format!("a-{id}-b"), format!("x{id}"), format!("{id}1"));
    let written = format!("/d/%30{}", &id[1..]);
    for (path, given) in [
        ("/", &*inside),
        (&*written, &*before),
        ("/", id),
        (&*path, &*inside),
        (&path, &before),
        (&path, &after),
    ] {
        let answer = get_with(&app, path, &[("x-request-id", given)]).await;
        assert_eq!(answer.header("x-request-id").len(), 36, "{path} {given}");
    }
    // What proxies make has as many letters, and more.
    for plain in
        ["4bf92f3577b34da6a3ce929d0e0e4736", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"]
    {
        let answer = get_with(&app, &path, &[("x-request-id", plain)]).await;
        assert_eq!(answer.header("x-request-id"), plain);
    }
}

#[tokio::test]
async fn a_kept_answer_is_counted_and_logged_as_one_that_is_made() {
    let handler = async || ([("etag", "W/\"tag\"")], "text");
    let routes = axum::Router::new().route("/rules/{counted}", get(handler));
    let app = with_layers(routes, state(Config::default()).await);
    let lines = crate::logs::Lines::default();
    let guard = tracing::subscriber::set_default(lines.subscriber());
    for (tag, status) in [("", 200), ("", 200), ("W/\"tag\"", 304)] {
        let request = Request::get("/rules/hidden").header("if-none-match", tag);
        let request = request.header("x-request-id", format!("counted-{status}"));
        assert_eq!(send(app.clone(), request.body(Body::empty()).unwrap()).await.status, status);
    }
    drop(guard);
    let metrics = podwire::metrics::METRICS.text();
    for (status, count) in [(200, 2), (304, 1)] {
        let line = format!(
            "podwire_requests_total{{method=\"GET\",route=\"/rules/{{counted}}\",status=\"{status}\"}} {count}\n"
        );
        assert!(metrics.contains(&line), "{line} in\n{metrics}");
        let said = format!("request{{method=GET route=\"/rules/{{counted}}\" id=\"counted-{status}\"}}");
        let told =
            lines.text().lines().filter(|line| line.contains(&said) && line.contains("answered")).count();
        assert_eq!(told, count, "{said} in\n{}", lines.text());
    }
    assert!(metrics.contains("podwire_request_seconds_count{route=\"/rules/{counted}\"} 3\n"), "{metrics}");
    assert!(!lines.text().contains("hidden"), "{}", lines.text());
}
