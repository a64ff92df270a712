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
