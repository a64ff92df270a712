use crate::*;

#[tokio::test]
async fn a_server_that_runs_says_so() {
    for path in ["/healthz", "/readyz"] {
        let router = podwire::web::router(state(Config::default()).await);
        let answer = send(router, at(path)).await;
        assert_eq!(answer.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_server_without_its_store_is_alive_and_not_ready() {
    let state = state(Config::default()).await;
    state.store.close().await;
    let router = podwire::web::router(state);
    assert_eq!(send(router.clone(), at("/healthz")).await.status, 200);
    let answer = send(router, at("/readyz")).await;
    assert_eq!(answer.problem().0, 503);
    assert_eq!(answer.header("retry-after"), "5");
}

#[tokio::test]
async fn what_was_done_is_counted_without_a_word_of_an_upload() {
    let router = podwire::web::router(state(Config::default()).await);
    let text = "apiVersion: v1\nkind: Service\nmetadata: {name: hush}\nspec: {ports: [{port: 80}]}\n";
    let share = Request::post("/api/v1/diagrams?expires=1h").body(Body::from(text)).unwrap();
    let made = send(router.clone(), share).await.json();
    let id = made["id"].as_str().unwrap();
    for path in [format!("/d/{id}?at=hush"), "/d/0000000000000000000001".to_owned(), "/hush".to_owned()] {
        send(router.clone(), at(&path)).await;
    }
    let odd = Request::builder().method("HUSH").uri("/hush").body(Body::empty()).unwrap();
    send(router.clone(), odd).await;
    let answer = send(router, at("/metrics")).await;
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4");
    for line in [
        "podwire_requests_total{method=\"POST\",route=\"/api/v1/diagrams\",status=\"201\"} ",
        "podwire_requests_total{method=\"GET\",route=\"/d/{id}\",status=\"200\"} ",
        "podwire_requests_total{method=\"GET\",route=\"/d/{id}\",status=\"404\"} ",
        "podwire_requests_total{method=\"GET\",route=\"unknown\",status=\"404\"} ",
        "podwire_requests_total{method=\"other\",route=\"unknown\",status=\"404\"} ",
        "podwire_request_seconds_bucket{route=\"/d/{id}\",le=\"0.25\"} ",
        "podwire_analysis_seconds_count ",
        "podwire_analyses_running ",
        "podwire_analyses_waiting ",
        "podwire_analyses_refused_total ",
        "podwire_store_seconds_count{operation=\"put\"} ",
        "podwire_store_errors_total{operation=\"get\"} ",
    ] {
        assert!(answer.text().contains(line), "{line} in\n{}", answer.text());
    }
    assert!(
        !answer.text().to_lowercase().contains("hush") && !answer.text().contains(id),
        "{}",
        answer.text()
    );
}

#[tokio::test]
async fn metrics_with_an_address_of_their_own_are_there_alone() {
    let config = Config { metrics_listen: Some("127.0.0.1:9090".to_owned()), ..Config::default() };
    let router = podwire::web::router(state(config).await);
    assert_eq!(send(router, at("/metrics")).await.status, 404);
    let metrics = podwire::web::ops::metrics_router();
    let answer = send(metrics.clone(), at("/metrics")).await;
    assert_eq!((answer.status.as_u16(), answer.header("x-content-type-options")), (200, "nosniff"));
    assert_eq!(send(metrics, at("/")).await.status, 404);
}
