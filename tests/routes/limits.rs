use std::sync::mpsc;
use std::time::Duration;

use crate::*;

fn small() -> Config {
    Config { max_body: "1KiB".parse().unwrap(), max_files: 2, ..Config::default() }
}

#[tokio::test]
async fn a_body_past_the_limit_is_told_the_limit() {
    let at_the_limit = "a".repeat(1024);
    assert_eq!(ask_with(small(), sending("text/plain", at_the_limit)).await.status, 200);

    let over = "a".repeat(1025);
    let told =
        Request::post("/files").header("content-length", "1025").body(Body::from(over.clone())).unwrap();
    let waits = Request::post("/files")
        .header("content-length", "999999")
        .header("expect", "100-continue")
        .body(Body::empty())
        .unwrap();
    let endless = Body::from_stream(futures_util::stream::repeat_with(|| {
        Ok::<_, std::convert::Infallible>(Bytes::from_static(&[b'a'; 100]))
    }));
    for request in [sending("text/plain", over), told, waits, sending("text/plain", endless)] {
        let (status, detail) = ask_with(small(), request).await.problem();
        assert_eq!(status, 413);
        assert!(detail.contains("larger than 1KiB") && detail.contains("send fewer files"), "{detail}");
    }
}

#[tokio::test]
async fn too_many_files_are_told_how_many_may_come() {
    let three = [("a.yaml", "a"), ("b.yaml", "b"), ("c.yaml", "c")];
    assert_eq!(ask_with(small(), form(&three[..2])).await.status, 200);
    let (status, detail) = ask_with(small(), form(&three)).await.problem();
    assert_eq!((status, detail.as_str()), (413, "the upload has more than 2 files: send fewer at once"));
}

#[tokio::test]
async fn work_past_the_queue_is_told_to_come_back() {
    let config = Config { analyses: std::num::NonZeroUsize::new(1), max_waiting: 1, ..Config::default() };
    let state = state(config).await;
    let (go, wait) = mpsc::channel::<()>();
    let running = state.clone();
    let running = tokio::spawn(async move { running.compute(move || wait.recv().is_ok()).await });
    while state.analyses.available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    let waiting = state.clone();
    let waiting = tokio::spawn(async move { waiting.compute(|| 2).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(matches!(state.compute(|| 3).await, Err(Error::Busy)));
    go.send(()).unwrap();
    assert!(running.await.unwrap().unwrap());
    assert_eq!(waiting.await.unwrap().unwrap(), 2);
    assert_eq!(state.compute(|| 4).await.unwrap(), 4);
}

#[tokio::test]
async fn one_request_may_not_take_for_ever() {
    let config = Config { timeout: "1s".parse().unwrap(), ..Config::default() };
    let slow = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
    let (status, detail) = ask_with(config, sending("text/plain", slow)).await.problem();
    assert!(status == 503 && detail.contains("took longer"), "{detail}");
}

#[tokio::test]
async fn a_client_that_sends_too_much_still_hears_the_answer() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let config = Config { max_body: "1MiB".parse().unwrap(), ..Config::default() };
    let app = with_layers(Router::new().route("/files", post(files)), state(config).await);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, app).await });

    let body = vec![b'a'; 3 << 20];
    let head = format!(
        "POST /files HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&body).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("larger than 1MiB"), "{answer}");
    server.abort();
}
