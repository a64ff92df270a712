use axum::extract::State;
use axum::http::HeaderName;
use podwire::web::Front;
use podwire::web::lanes::Lane;

use crate::*;

const PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const PICTURE: &str =
    "default-src 'none'; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'none'; sandbox";
const EMBEDDED: &str = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'none'; \
                        base-uri 'none'; frame-ancestors *";
const WEB: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n";

fn ask_for(method: &str, path: &str, headers: &[(&str, &str)], body: &'static str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(HeaderName::try_from(*name).unwrap(), *value);
    }
    request.body(Body::from(body)).unwrap()
}

/// A server, and the id of a diagram on it.
async fn server(config: Config) -> (Front, String) {
    let router = podwire::web::router(state(config).await);
    let made = send(router.clone(), ask_for("POST", "/api/v1/diagrams", &[], WEB)).await.json();
    (router, made["id"].as_str().unwrap().to_owned())
}

/// Every route: method, path and content policy, with the diagram's id for `ID`.
const ROUTES: &[(&str, &str, &str)] = &[
    ("GET", "/", PAGE),
    ("POST", "/", PAGE),
    ("GET", "/api", PAGE),
    ("POST", "/inspect", PAGE),
    ("GET", "/examples", PAGE),
    ("GET", "/examples/broken", PAGE),
    ("POST", "/share", PAGE),
    ("POST", "/share/preview", PAGE),
    ("GET", "/privacy", PAGE),
    ("GET", "/rules", PAGE),
    ("GET", "/rules/invalid-name", PAGE),
    ("GET", "/d/ID", PAGE),
    ("GET", "/d/ID?embed=1", EMBEDDED),
    ("GET", "/d/ID?embed=1&theme=dark", EMBEDDED),
    ("GET", "/d/ID.svg", PICTURE),
    ("GET", "/d/ID/badge.svg", PICTURE),
    ("GET", "/d/ID/preview.png", PAGE),
    ("GET", "/d/ID.png", PAGE),
    ("GET", "/d/ID.json", PAGE),
    ("GET", "/d/ID.txt", PAGE),
    ("GET", "/d/ID.mmd", PAGE),
    ("GET", "/d/ID.dot", PAGE),
    ("GET", "/d/ID.csv", PAGE),
    ("GET", "/d/ID.yaml", PAGE),
    ("POST", "/d/ID/delete", PAGE),
    ("GET", "/api/openapi.json", PAGE),
    ("POST", "/api/v1/analyze", PAGE),
    ("POST", "/api/v1/trace?to=web:80", PAGE),
    ("POST", "/api/v1/diagrams", PAGE),
    ("GET", "/api/v1/diagrams/ID", PAGE),
    ("DELETE", "/api/v1/diagrams/ID", PAGE),
    ("GET", "/api/v1/diagrams/ID/trace?to=web:80", PAGE),
    ("GET", "/api/v1/rules", PAGE),
    ("GET", "/words", PAGE),
    ("GET", "/static/podwire.css", PAGE),
    ("GET", "/static/board-dark.css", PAGE),
    ("GET", "/static/icon.svg", PAGE),
    ("GET", "/healthz", PAGE),
    ("GET", "/readyz", PAGE),
    ("GET", "/metrics", PAGE),
    ("GET", "/nowhere", PAGE),
    ("GET", "/static/nothing", PAGE),
    ("GET", "/d/0000000000000000000001", PAGE),
    ("GET", "/d/nonsense?embed=1", EMBEDDED),
    ("PUT", "/", PAGE),
    ("OPTIONS", "/api/v1/analyze", PAGE),
];

fn is_guarded(answer: &Answer, policy: &str, what: &str) {
    let sent = answer.header("content-security-policy");
    assert!(sent.starts_with("default-src 'none'; ") && sent.contains(policy), "{what}: {sent}");
    assert!(!sent.contains("nonce") && !sent.contains("unsafe-eval"), "{what}: {sent}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    let is_shared = what.contains(" /d/") || what.contains(" /api/v1/diagrams");
    let referrer = answer.header("referrer-policy");
    assert!(referrer == "no-referrer" || !is_shared && referrer == "same-origin", "{what}: {referrer}");
    assert_eq!(answer.header("x-robots-tag") == "noindex", is_shared, "{what}");
    assert_eq!(answer.header("set-cookie"), "", "{what}");
    if answer.header("content-type").starts_with("text/html") {
        let page = answer.text();
        let script = page.match_indices("<script").all(|(at, _)| {
            let tag = &page[at..at + page[at..].find('>').unwrap()];
            tag.contains(" src=\"/static/") || tag.contains("type=\"application/json\"")
        });
        assert!(script, "{what} has a script in line");
        assert!(!page.contains("<style"), "{what} has a style in line");
        assert!(!page.contains(" style=\"") && !page.contains(" onclick="), "{what} has attributes that run");
    }
}

#[tokio::test]
async fn every_route_is_guarded_made_anew_or_kept() {
    let (router, id) = server(Config::default()).await;
    for (method, path, policy) in ROUTES {
        let path = path.replace("ID", &id);
        let body = if *method == "POST" && !path.ends_with("delete") { WEB } else { "" };
        for accept in ["text/html", "*/*"] {
            let answer = send(router.clone(), ask_for(method, &path, &[("accept", accept)], body)).await;
            is_guarded(&answer, policy, &format!("{method} {path}"));
            let tag = answer.header("etag").to_owned();
            if !tag.is_empty() {
                let known = [("accept", accept), ("if-none-match", tag.as_str())];
                let again = send(router.clone(), ask_for(method, &path, &known, body)).await;
                assert_eq!(again.status, 304, "{path}");
                is_guarded(&again, policy, &format!("{method} {path}"));
            }
        }
    }
}

#[tokio::test]
async fn every_path_of_the_api_is_among_the_routes() {
    let (router, _) = server(Config::default()).await;
    let document = send(router, at("/api/openapi.json")).await.json();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.replace("{id}", "ID").replace("{extension}", "svg");
        for method in item.as_object().unwrap().keys() {
            let method = method.to_uppercase();
            let is_there =
                ROUTES.iter().any(|(known, at, _)| *known == method && at.split('?').next() == Some(&path));
            assert!(is_there, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_request_says_whom_it_is_for_unless_it_is_of_http_1_0() {
    let (router, id) = server(Config::default()).await;
    for path in ["/".to_owned(), format!("/d/{id}.svg"), "/healthz".to_owned()] {
        for (version, status) in [(Version::HTTP_10, 200), (Version::HTTP_11, 400)] {
            let request = Request::get(&path).version(version).body(Body::empty()).unwrap();
            let answer = router.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), status, "{path} {version:?}");
        }
    }
}

#[tokio::test]
async fn both_names_of_a_request_are_the_servers_own() {
    let (router, _) = server(Config::default()).await;
    for (line, host, status) in [
        ("127.0.0.1", "localhost", 200),
        ("evil.example.com", "localhost", 421),
        ("localhost", "evil.example.com", 421),
    ] {
        let request = Request::get(format!("http://{line}/")).header("host", host);
        let answer = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), status, "{line} {host}");
    }
}

#[tokio::test]
async fn requests_for_another_name_are_refused_in_words() {
    let public =
        || Config { public_url: Some("https://podwire.example.com".to_owned()), ..Config::default() };
    for (config, host, status) in [
        (Config::default(), "127.0.0.1:9000", 200),
        (Config::default(), "localhost", 200),
        (Config::default(), "rebound.example.com", 421),
        (Config::default(), "podwire.example.com", 421),
        (public(), "podwire.example.com", 200),
        (public(), "rebound.example.com:8080", 421),
        (Config::default(), "localhost:", 200),
        (Config::default(), "[::1]:8080", 200),
        (Config::default(), "localhost:99999", 400),
        (Config::default(), "localhost:080$(x)", 400),
        (public(), "a/b", 400),
        (public(), "me@podwire.example.com", 400),
        (public(), "", 400),
    ] {
        let (router, id) = server(config).await;
        for path in ["/".to_owned(), format!("/d/{id}"), format!("/d/{id}"), "/nowhere".to_owned()] {
            let answer = send(router.clone(), ask_for("GET", &path, &[("host", host)], "")).await;
            let expected = if status == 200 && path == "/nowhere" { 404 } else { status };
            assert_eq!(answer.status, expected, "{host} {path}");
            if status == 421 {
                assert!(answer.problem().1.contains("--public-url"), "{}", answer.text());
                let page = ask_for("GET", &path, &[("host", host), ("accept", "text/html")], "");
                assert!(send(router.clone(), page).await.text().starts_with("<!doctype html>"));
            }
        }
    }
}

#[tokio::test]
async fn no_other_sites_page_shares_and_every_page_may_analyse() {
    let (router, _) = server(Config::default()).await;
    let own = [("host", "localhost"), ("origin", "http://localhost")];
    let foreign = [("host", "localhost"), ("origin", "http://evil.example.com")];
    let hidden = [("host", "localhost"), ("origin", "null")];
    let told = [("host", "localhost"), ("origin", "null"), ("sec-fetch-site", "cross-site")];
    let form = [("host", "localhost"), ("origin", "null"), ("sec-fetch-site", "same-origin")];
    for (headers, shares) in
        [(&own[..], true), (&foreign, false), (&hidden, false), (&told, false), (&form, true), (&[], true)]
    {
        for path in ["/share", "/api/v1/diagrams"] {
            let answer = send(router.clone(), ask_for("POST", path, headers, WEB)).await;
            let expected = if shares { 201 } else { 403 };
            assert_eq!(answer.status, expected, "{path} {headers:?}: {}", answer.text());
            assert!(shares || answer.problem().1.contains("nothing was kept"));
        }
        for path in ["/api/v1/analyze", "/api/v1/trace?to=web:80"] {
            let answer = send(router.clone(), ask_for("POST", path, headers, WEB)).await;
            assert_eq!(answer.status, 200, "{path} {headers:?}");
        }
    }
}

#[tokio::test]
async fn a_page_that_shares_says_where_its_posts_come_from() {
    let (router, _) = server(Config::default()).await;
    for request in [at("/"), at("/examples/broken"), ask_for("POST", "/", &[], WEB)] {
        assert_eq!(send(router.clone(), request).await.header("referrer-policy"), "same-origin");
    }
}

#[tokio::test]
async fn a_server_behind_tls_says_to_stay_there() {
    for (url, said) in [
        (None, ""),
        (Some("http://podwire.example.com"), ""),
        (Some("https://podwire.example.com"), "max-age=31536000"),
    ] {
        let (router, id) = server(Config { public_url: url.map(str::to_owned), ..Config::default() }).await;
        for path in ["/".to_owned(), format!("/d/{id}"), "/nowhere".to_owned()] {
            assert_eq!(send(router.clone(), at(&path)).await.header("strict-transport-security"), said);
        }
    }
}

#[tokio::test]
async fn a_client_past_its_rate_is_told_when_to_go_on_and_kept_answers_are_free() {
    let (router, id) = server(Config { rate: 1, rate_burst: 4, ..Config::default() }).await;
    let path = format!("/d/{id}.svg");
    for _ in 0..50 {
        assert_eq!(send(router.clone(), at(&path)).await.status, 200, "kept");
        assert_eq!(send(router.clone(), at("/healthz")).await.status, 200);
        assert_eq!(send(router.clone(), at("/static/podwire.css")).await.status, 200);
    }
    let analyze = || ask_for("POST", "/api/v1/analyze", &[], WEB);
    let mut refused = None;
    for _ in 0..20 {
        let answer = send(router.clone(), analyze()).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.unwrap();
    assert!(refused.problem().1.contains("try again in 1 second"), "{}", refused.text());
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(refused.json()["type"], "urn:podwire:problem:too-many-requests");
    let page = ask_for("GET", "/", &[("accept", "text/html")], "");
    let page = send(router.clone(), page).await;
    assert!(page.status == 429 && page.text().contains("try again in"), "{}", page.text());
    // Nobody's word counts where no proxy is trusted.
    let lies = ask_for("POST", "/api/v1/analyze", &[("x-forwarded-for", "198.51.100.9")], WEB);
    assert_eq!(send(router.clone(), lies).await.status, 429);
    assert_eq!(send(router, at("/healthz")).await.status, 200);
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_a_rate_of_its_own() {
    let config =
        Config { rate: 1, rate_burst: 2, trusted_proxy: vec!["::1".parse().unwrap()], ..Config::default() };
    let (router, _) = server(config).await;
    let from = |client: &str| ask_for("POST", "/api/v1/analyze", &[("x-forwarded-for", client)], WEB);
    let mut refused = false;
    for number in 0..8 {
        // What the client wrote itself changes nothing, and neither does the end of its IPv6 address.
        let client = format!("203.0.113.{number}, 2001:db8::{number}");
        refused |= send(router.clone(), from(&client)).await.status == 429;
    }
    assert!(refused);
    assert_eq!(send(router, from("2001:db8:0:1::1")).await.status, 200);
}

#[tokio::test]
async fn one_client_has_so_many_uploads_under_way_also_where_it_hung_up() {
    let state = state(Config { max_at_once: 1, ..Config::default() }).await;
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(Some(wait));
    let slow = async move |State(app): State<AppState>| {
        let wait = wait.lock().unwrap().take();
        app.compute(Lane::Small, move || wait.map(|wait| wait.recv())).await.map(|_| "done")
    };
    let slow = std::sync::Arc::new(slow);
    let slow_route = Router::new().route(
        "/slow",
        get(move |app: State<AppState>| {
            let slow = slow.clone();
            async move { slow(app).await }
        }),
    );
    let router = with_layers(slow_route, state.clone());
    let running = tokio::spawn(send(router.clone(), at("/slow")));
    while state.lanes.small.free() == state.config.analyses() {
        tokio::task::yield_now().await;
    }
    running.abort();
    assert!(running.await.is_err_and(|end| end.is_cancelled()));
    let answer = send(router.clone(), at("/slow")).await;
    let (status, detail) = answer.problem();
    assert!(status == 503 && detail.contains("1 uploads of yours"), "{detail}");
    assert_eq!(answer.header("retry-after"), "1");
    go.send(()).unwrap();
    while send(router.clone(), at("/slow")).await.status != 200 {
        tokio::task::yield_now().await;
    }
}
