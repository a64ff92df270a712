use crate::*;

#[tokio::test]
async fn every_answer_is_guarded() {
    for path in ["/healthz", "/long", "/nowhere", "/panic", "/d/x"] {
        let answer = match path {
            "/healthz" => send(podwire::web::router(state(Config::default()).await), at(path)).await,
            _ => ask(at(path)).await,
        };
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
             connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "{path}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 36, "{path}");
    }
}

#[tokio::test]
async fn shared_diagrams_are_not_indexed() {
    for (path, robots) in [("/d/x", "noindex"), ("/api/v1/diagrams/x", "noindex"), ("/long", "")] {
        assert_eq!(ask(at(path)).await.header("x-robots-tag"), robots, "{path}");
    }
}

#[tokio::test]
async fn answers_are_compressed_as_the_client_likes() {
    for encoding in ["br", "zstd", "gzip", ""] {
        let request = Request::get("/long").header("accept-encoding", encoding);
        let answer = ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("content-encoding"), encoding);
        assert_eq!(answer.body.len() < 200, !encoding.is_empty());
    }
}

#[tokio::test]
async fn whoever_refuses_what_is_not_packed_gets_it_all_the_same() {
    for (accepted, path, status, coding) in [
        ("identity;q=0", "/healthz", 200, ""),
        ("*;q=0", "/nowhere", 404, ""),
        ("gzip, identity;q=0", "/long", 200, "gzip"),
        ("br;q=1.0, *; q=0", "/long", 200, "br"),
        ("identity;q=0", "/long", 200, ""),
    ] {
        let request = Request::get(path).header("accept-encoding", accepted).body(Body::empty()).unwrap();
        let answer = match path {
            "/healthz" => send(podwire::web::router(state(Config::default()).await), request).await,
            _ => ask(request).await,
        };
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-encoding")),
            (status, coding),
            "{accepted}"
        );
    }
}

#[tokio::test]
async fn links_begin_with_the_address_that_was_asked() {
    let request = Request::get("/base").header("host", "localhost:9000").body(Body::empty()).unwrap();
    assert_eq!(ask(request).await.text(), "http://localhost:9000");
    let unsaid = Request::get("/base").version(Version::HTTP_10).body(Body::empty()).unwrap();
    assert_eq!(ask(unsaid).await.text(), "http://127.0.0.1:8080");
    let config = Config { public_url: Some("https://podwire.example.com".to_owned()), ..Config::default() };
    assert_eq!(ask_with(config, at("/base")).await.text(), "https://podwire.example.com");
}

#[tokio::test]
async fn a_delete_token_is_a_bearer_token() {
    for (given, token) in [("Bearer abc", "abc"), ("bearer  abc ", "abc")] {
        let request = Request::get("/bearer").header("authorization", given).body(Body::empty()).unwrap();
        assert_eq!(ask(request).await.text(), token);
    }
    for given in ["", "Bearer", "Bearer ", "Basic abc", "abc"] {
        let request = Request::get("/bearer").header("authorization", given).body(Body::empty()).unwrap();
        assert_eq!(ask(request).await.problem().0, 401, "{given}");
    }
}
