//! Large answers: in which coding they come, and what they hold until their client has them.

use podwire::analysis::{Analysis, analyze};
use podwire::source::SourceFile;
use podwire::web::api::answer::{Format, NO_STORE, write_json};
use podwire::web::api::types;
use podwire::web::lanes::Lane;
use podwire::web::router;
use podwire::wiring::{self, Endpoint, Picked, ServiceWiring};

use crate::api_analyze::to;
use crate::limits::pair;
use crate::*;

fn unpacked(answer: &Answer) -> Vec<u8> {
    let (mut plain, packed) = (Vec::new(), &answer.body[..]);
    match answer.header("content-encoding") {
        "br" => std::io::Read::read_to_end(&mut brotli::Decompressor::new(packed, 4096), &mut plain),
        "gzip" => std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(packed), &mut plain),
        "zstd" => std::io::Read::read_to_end(&mut zstd::Decoder::new(packed).unwrap(), &mut plain),
        _ => std::io::Read::read_to_end(&mut &*packed, &mut plain),
    }
    .unwrap();
    plain
}

async fn get_in(app: &AppState, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request =
        headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
    send(router(app.clone()), request.body(Body::empty()).unwrap()).await
}

/// So many Services that select the same Pods, as many.
fn pairs(count: usize) -> String {
    (0..count).map(|index| pair(index, "a: b", "a: b")).collect()
}

/// An upload's JSON, as the command line writes it.
fn json(text: &str) -> Vec<u8> {
    let read: Analysis = analyze(vec![SourceFile::new("-".to_owned(), text.as_bytes().to_vec())], None);
    let mut json = Vec::new();
    write_json(&types::Analysis::from(&read), &mut json).unwrap();
    json
}

#[tokio::test]
async fn large_answers_are_packed_for_whoever_takes_that() {
    let lines = |count: usize| "made again and again\n".repeat(count);
    let app = with_layers(
        Router::new().route("/large", get(async move || lines(50_000))),
        state(Config::default()).await,
    );
    let ask = async |coding: &str| {
        let request = Request::get("/large").header("accept-encoding", coding).body(Body::empty()).unwrap();
        send(app.clone(), request).await
    };
    for (coding, sent) in [("gzip, br", "br"), ("gzip", "gzip"), ("zstd", "zstd"), ("", "")] {
        let answer = ask(coding).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-encoding")), (200, sent));
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert!(unpacked(&answer) == lines(50_000).as_bytes(), "{coding}");
        assert_eq!(answer.body.len() < 10_000, !sent.is_empty(), "{coding}");
    }
}

#[tokio::test]
async fn large_answers_that_nobody_takes_leave_no_room_for_more_of_them() {
    // Of zeros, the system gives no memory.
    let routes = Router::new()
        .route("/huge", get(async || vec![0_u8; 150 << 20]))
        .route("/small", get(async || "small"));
    let app = with_layers(routes, state(Config::default()).await);
    let slow = app.clone().oneshot(at("/huge")).await.unwrap();
    assert_eq!(slow.status(), 200);
    let answer = send(app.clone(), at("/huge")).await;
    assert_eq!((answer.problem().0, answer.header("retry-after")), (503, "5"));
    assert_eq!(send(app.clone(), at("/small")).await.text(), "small");
    drop(slow);
    assert_eq!(app.oneshot(at("/huge")).await.unwrap().status(), 200);
}

#[test]
fn what_is_kept_of_each_endpoint_is_small() {
    let text = pairs(100);
    let wiring = analyze(vec![SourceFile::new("-".to_owned(), text.into_bytes())], None).wiring;
    let bytes = |wired: &ServiceWiring| {
        let endpoints: usize = wired.ports.iter().map(|port| port.endpoints.capacity()).sum();
        endpoints * size_of::<Endpoint>()
            + wired.selected.capacity() * size_of::<Picked>()
            + wired.portless.capacity() * size_of::<wiring::Answer>()
    };
    let bytes: usize = wiring.services.iter().map(bytes).sum();
    assert!(bytes <= 64 * 100 * 100, "{bytes} for 10,000");
}

#[tokio::test]
async fn a_large_json_has_the_same_bytes_in_every_coding() {
    let app = state(Config::default()).await;
    let text = pairs(60);
    let json = json(&text);
    assert!(json.len() > 512 << 10);
    for (taken, sent) in [("gzip, br, zstd", "zstd"), ("gzip, br", "br"), ("gzip", "gzip"), ("", "")] {
        let mut request = to("/api/v1/analyze", sending("application/yaml", text.clone()));
        request.headers_mut().insert("accept-encoding", taken.parse().unwrap());
        let answer = send(router(app.clone()), request).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-encoding")), (200, sent));
        assert_eq!(answer.header("content-length"), answer.body.len().to_string(), "{taken}");
        assert!(answer.headers.get_all("vary").iter().any(|value| value == "accept-encoding"), "{taken}");
        assert!(unpacked(&answer) == json, "{taken}");
    }
}

#[tokio::test]
async fn a_shared_diagram_too_large_to_be_kept_is_named_and_asked_for_like_any() {
    let app = state(Config::default()).await;
    let made = to("/api/v1/diagrams", sending("text/yaml", pairs(130)));
    let made = send(router(app.clone()), made).await.json();
    let id = made["id"].as_str().unwrap();
    for (path, codings) in
        [(format!("/d/{id}.json"), &["", "br"][..]), (format!("/api/v1/diagrams/{id}"), &["zstd"])]
    {
        let plain = get_in(&app, &path, &[]).await;
        assert!(plain.status == 200 && plain.body.len() > 4 << 20, "{} bytes", plain.body.len());
        let tag = plain.header("etag");
        for coding in codings {
            let answer = get_in(&app, &path, &[("accept-encoding", coding)]).await;
            assert_eq!((answer.header("content-encoding"), answer.header("etag")), (*coding, tag));
            assert!(unpacked(&answer) == plain.body, "{path} {coding}");
            let known = get_in(&app, &path, &[("accept-encoding", coding), ("if-none-match", tag)]).await;
            assert_eq!(
                (known.status.as_u16(), known.text(), known.header("content-encoding")),
                (304, "", "")
            );
        }
        let head = Request::head(&path).body(Body::empty()).unwrap();
        let head = send(router(app.clone()), head).await;
        assert_eq!((head.text(), head.header("content-length")), ("", plain.body.len().to_string().as_str()));
    }
}

#[tokio::test]
async fn a_large_picture_has_the_same_bytes_in_every_coding_and_its_own_policy() {
    let app = state(Config::default()).await;
    let made =
        send(router(app.clone()), to("/api/v1/diagrams", sending("text/yaml", pairs(200)))).await.json();
    let path = format!("/d/{}.svg", made["id"].as_str().unwrap());
    let plain = get_in(&app, &path, &[]).await;
    assert!(plain.body.len() > 512 << 10 && plain.body.starts_with(b"<svg"), "{}", plain.body.len());
    assert!(plain.body.trim_ascii_end().ends_with(b"</svg>"));
    for coding in ["zstd", "br", "gzip", ""] {
        let answer = get_in(&app, &path, &[("accept-encoding", coding)]).await;
        assert_eq!(
            (answer.header("content-encoding"), answer.header("etag")),
            (coding, plain.header("etag"))
        );
        assert!(unpacked(&answer) == plain.body, "{coding}");
        assert!(answer.header("content-security-policy").contains("sandbox"), "{coding}");
        assert_eq!(answer.header("content-type"), "image/svg+xml");
    }
}

#[tokio::test]
async fn whoever_takes_nothing_of_a_large_text_holds_no_turn_and_only_what_is_packed() {
    let state = state(Config { analyses: std::num::NonZeroUsize::new(1), ..Config::default() }).await;
    let work = state.clone();
    // Plain, nine of them would be more than one client may have.
    let large = async move || -> Result<_> {
        let texts = || Format::Json.answer(&"made again and again".repeat(200_000), NO_STORE);
        work.compute(Lane::Large, texts).await?
    };
    let app = with_layers(Router::new().route("/large", get(large)), state.clone());
    let mut slow = Vec::new();
    for _ in 0..10 {
        slow.push(app.clone().oneshot(at("/large")).await.unwrap());
    }
    assert!(slow.iter().all(|answer| answer.status() == 200));
    assert_eq!(state.lanes.large.free(), 1);
}
