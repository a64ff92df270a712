//! What a visitor sees before anything is kept.

use podwire::store::Store;

use crate::*;

const SHOP: &str = "apiVersion: v1
kind: Service
metadata: {name: acme-pay, namespace: acme-shop}
spec: {selector: {app: acme-pay}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Secret
metadata: {name: acme-pay, namespace: acme-shop}
stringData: {password: hush-hush}
";

async fn preview(app: &AppState, query: &str, part: bool) -> Answer {
    let mut request =
        Request::post(format!("/share/preview{query}")).header("content-type", "application/yaml");
    if part {
        request = request.header("hx-request", "true");
    }
    send(podwire::web::router(app.clone()), request.body(SHOP.into()).unwrap()).await
}

/// The text between the first `<pre` and its end.
fn masked(page: &str) -> String {
    let (_, rest) = page.split_once("<pre").unwrap();
    let (text, _) = rest.split_once('>').unwrap().1.split_once("</pre>").unwrap();
    text.replace("&#34;", "\"")
}

#[tokio::test]
async fn the_masked_text_is_shown_before_it_is_kept_and_is_what_is_kept() {
    let app = state(Config::default()).await;
    for query in ["", "?names=replaced"] {
        let seen = preview(&app, query, true).await;
        assert_eq!((seen.status.as_u16(), seen.header("cache-control")), (200, "no-store"));
        assert!(!seen.text().contains("hush-hush"), "{}", seen.text());
        let page = preview(&app, query, false).await;
        assert!(page.text().starts_with("<!doctype html>") && page.text().contains("Nothing is kept yet."));
        assert_eq!(masked(page.text()), masked(seen.text()));

        let request = sending("application/yaml", SHOP);
        let (mut parts, body) = request.into_parts();
        parts.uri = format!("/api/v1/diagrams{query}").parse().unwrap();
        let made = send(podwire::web::router(app.clone()), Request::from_parts(parts, body)).await.json();
        let kept =
            send(podwire::web::router(app.clone()), at(&format!("/d/{}.yaml", made["id"].as_str().unwrap())))
                .await;
        let text = masked(seen.text());
        assert!(kept.text().starts_with(text.trim_end()), "{text}\n---\n{}", kept.text());
        assert_eq!(text.contains("acme"), query.is_empty(), "{text}");
    }
}

#[tokio::test]
async fn a_preview_needs_no_store() {
    let store = Store::open("memory:").await.unwrap();
    let app = AppState::new(Config::default(), store.clone());
    store.close().await;
    assert_eq!(preview(&app, "", true).await.status, 200);
    let request =
        Request::post("/share").header("content-type", "application/yaml").body(SHOP.into()).unwrap();
    assert_eq!(send(podwire::web::router(app), request).await.status, 503, "nothing can be kept");
}
