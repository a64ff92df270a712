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
