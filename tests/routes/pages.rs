//! The pages: what arrives on them, without a browser.

use axum::http::header;
use podwire::analysis::analyze;
use podwire::config::Config;
use podwire::diagram::port_address;
use podwire::source::SourceFile;
use podwire::web::router;

use super::*;

pub(crate) async fn page(app: &AppState, request: Request<Body>) -> Answer {
    send(router(app.clone()), request).await
}

pub(crate) fn get_(path: &str) -> Request<Body> {
    Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap()
}

pub(crate) fn post_(path: &str, text: impl Into<Body>) -> Request<Body> {
    let request = Request::post(path).header(header::ACCEPT, "text/html");
    request.header(header::CONTENT_TYPE, "application/yaml").body(text.into()).unwrap()
}

/// What stands between two marks.
pub(crate) fn between<'p>(page: &'p str, begin: &str, end: &str) -> &'p str {
    let (_, rest) = page.split_once(begin).unwrap_or_else(|| panic!("no {begin} in the page"));
    rest.split_once(end).map_or(rest, |(inside, _)| inside)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;").replace('"', "&#34;")
}

#[tokio::test]
async fn every_page_answers_and_asks_nobody_else() {
    let app = state(Config::default()).await;
    let mut paths =
        vec!["/".to_owned(), "/examples".into(), "/rules".into(), "/words".into(), "/privacy".into()];
    let examples = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/static/examples")).unwrap();
    for example in examples {
        let path = example.unwrap().path();
        paths.push(format!("/examples/{}", path.file_stem().unwrap().to_string_lossy()));
    }
    paths.extend(podwire::rules::RULES.iter().map(|rule| format!("/rules/{}", rule.name)));
    for path in paths {
        let answer = page(&app, get_(&path)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        for foreign in ["src=\"http", "href=\"http://", "style=\"", "onclick", "<script>"] {
            assert!(!answer.text().contains(foreign), "{path} has {foreign}");
        }
    }
    for path in ["/examples/none", "/rules/none", "/static/none.js"] {
        assert_eq!(page(&app, get_(path)).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn scripts_and_styles_may_be_kept_for_ever_under_their_version() {
    let app = state(Config::default()).await;
    let home = page(&app, get_("/")).await;
    let script = between(home.text(), "<script type=\"module\" src=\"", "\"");
    let beside = script.replace("podwire.js", "vendor/codemirror.min.js");
    for (path, kept) in [
        (script, "public, max-age=31536000, immutable"),
        (&beside, "public, max-age=31536000, immutable"),
        ("/static/0123456789abcdef/podwire.js", "no-cache"),
        ("/static/podwire.js", "no-cache"),
    ] {
        let answer = page(&app, get_(path)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("cache-control"), kept, "{path}");
        assert_eq!(answer.header("content-type"), "text/javascript", "{path}");
        let again = Request::get(path).header("if-none-match", answer.header("etag"));
        let again = page(&app, again.body(Body::empty()).unwrap()).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
    }
}

#[tokio::test]
async fn the_editor_is_told_where_findings_stand_and_nobody_else_is() {
    let app = state(Config::default()).await;
    let answer = page(&app, get_("/examples/broken")).await;
    let told = between(answer.text(), "<script type=\"application/json\" id=\"told\">", "</script>");
    assert!(told.contains(r#""rule":"selector-matches-nothing""#), "{told}");
    assert!(told.contains(r#"["cart.default:80",0,"#), "{told}");
    assert!(answer.text().contains("data-finding=\"selector-matches-nothing@0:8:10\""));
    let request = post_("/api/v1/diagrams", include_str!("../../static/examples/broken.yaml"));
    let id = page(&app, request).await.json()["id"].as_str().unwrap().to_owned();
    let link = page(&app, get_(&format!("/d/{id}"))).await;
    assert_eq!(link.status, StatusCode::OK);
    assert!(!link.text().contains("id=\"told\"") && !link.text().contains("data-finding"));
}

#[tokio::test]
async fn the_seeds_example_is_drawn_on_arrival_with_its_addresses() {
    let app = state(Config::default()).await;
    let answer = page(&app, get_("/")).await;
    let board = between(answer.text(), "<svg class=\"board\" xmlns", "</svg>");
    for shown in ["192.168.1.10", "192.168.1.2", "30008", "10.244.0.2", "node-port-service", "myapp-pod"] {
        assert!(board.contains(shown), "{shown} is not on the board");
    }
}

#[tokio::test]
async fn a_jack_is_a_link_that_is_answered_with_its_hops() {
    let app = state(Config::default()).await;
    let answer = page(&app, get_("/?at=node:30008")).await;
    let inspector = between(answer.text(), "<aside id=\"inspector\"", "</aside>");
    assert!(inspector.contains("<h2>node:30008</h2>"), "{inspector}");
    assert_eq!(inspector.matches("<li").count(), 4, "node, Service, target port, pod");
    assert!(inspector.contains("nodePort: 30008") && inspector.contains("class=\"hl\""));
    let unknown = page(&app, get_("/?at=node:1%22%3E%3Cscript%3E")).await;
    assert_eq!(unknown.status, StatusCode::OK);
    assert!(!unknown.text().contains("<script>"));
}

#[tokio::test]
async fn a_trace_selects_its_way_in_and_tells_every_share() {
    let app = state(Config::default()).await;
    let answer = page(&app, get_("/examples/named-ports?trace=node:30080")).await;
    let inspector = between(answer.text(), "<aside id=\"inspector\"", "</aside>");
    for share in ["33.3 %</span>", "33.3 % each</span>"] {
        assert_eq!(inspector.matches(share).count(), 1, "{inspector}");
    }
    let board = between(answer.text(), "<svg class=\"board\" xmlns", "</svg>");
    assert_eq!(board.matches(" data-traced").count(), 14, "four wires, five cards with a row each");
    assert!(!between(board, "data-at=\"in:api.default\"", ">").contains("data-traced"));
    assert!(between(board, "data-at=\"node:30080\"", ">").contains("data-traced aria-current"));
    for (to, why) in [("node:30081", "The nearest is node:30080"), ("%3Cscript%3E", "is no name or address")]
    {
        let answer = page(&app, get_(&format!("/examples/named-ports?trace={to}"))).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.text().contains(why) && !answer.text().contains("<script>"), "{to}");
        assert!(!answer.text().contains("data-traced"));
    }
}

#[tokio::test]
async fn what_is_posted_without_script_comes_back_with_every_hop_on_the_page() {
    let app = state(Config::default()).await;
    let text = include_str!("../../static/examples/broken.yaml");
    let answer = page(&app, post_("/", text)).await;
    assert_eq!(answer.status, StatusCode::OK);
    let board = between(answer.text(), "<svg class=\"board\" xmlns", "</svg>");
    for target in board.split("href=\"#").skip(1) {
        let id = target.split('"').next().unwrap();
        assert!(answer.text().contains(&format!("id=\"{id}\"")), "nothing is called {id}");
    }
    assert!(answer.text().contains("one letter off"));
    assert!(between(answer.text(), "<textarea", "</textarea>").contains("app: cart"));
}

#[tokio::test]
async fn hostile_names_are_text_wherever_they_stand() {
    let app = state(Config::default()).await;
    let name = r#"\"><script>alert(1)</script><svg onload=alert(1)>"#;
    let text = format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: \"{name}\", namespace: \"{name}\"}}\n\
         spec: {{type: NodePort, selector: {{a: \"{name}\"}}, ports: [{{name: \"{name}\", port: 80, targetPort: \"{name}\"}}]}}\n\
         ---\napiVersion: v1\nkind: Pod\nmetadata: {{name: \"{name}\", namespace: \"{name}\", labels: {{a: \"{name}\"}}}}\n\
         spec: {{containers: [{{name: \"{name}\", ports: [{{name: \"{name}\", containerPort: 1}}]}}]}}\n"
    );
    for request in [post_("/", text.clone()), post_("/inspect", text.clone()), post_("/share", text.clone())]
    {
        let path = request.uri().path().to_owned();
        let answer = page(&app, request).await;
        assert!(answer.status.is_success(), "{path}");
        assert!(!answer.text().contains("<script>alert") && !answer.text().contains("<svg onload"), "{path}");
    }
}

#[tokio::test]
async fn sharing_without_script_tells_link_and_token_once_and_the_token_deletes() {
    let app = state(Config::default()).await;
    let text = include_str!("../../static/examples/named-ports.yaml");
    let made = page(&app, post_("/share", text)).await;
    assert_eq!(made.status, StatusCode::CREATED);
    assert_eq!(made.header("cache-control"), "no-store");
    let id = between(made.text(), "/d/", "\"").to_owned();
    let token = between(made.text(), "name=\"token\" value=\"", "\"").to_owned();
    let shown = page(&app, get_(&format!("/d/{id}?at=api.default:80"))).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(shown.header("x-robots-tag"), "noindex");
    assert!(!shown.text().contains(&token) && !shown.text().contains("api:1"), "the image is masked");
    assert!(between(shown.text(), "<aside id=\"inspector\"", "</aside>").contains("api.default:80"));
    let svg = page(&app, get_(&format!("/d/{id}.svg"))).await;
    assert_eq!(svg.header("content-type"), "image/svg+xml");
    assert!(svg.header("content-security-policy").contains("sandbox"));

    let delete = |token: &str| {
        let request = Request::post(format!("/d/{id}/delete")).header(header::ACCEPT, "text/html");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        request.body(Body::from(format!("token={token}"))).unwrap()
    };
    assert_eq!(page(&app, delete("0000000000000000000000")).await.status, StatusCode::FORBIDDEN);
    for (kind, body, status) in [
        ("application/json", "{}", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("application/x-www-form-urlencoded", "other=1", StatusCode::BAD_REQUEST),
        ("application/x-www-form-urlencoded", &"a".repeat(3 << 20), StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let request = Request::post(format!("/d/{id}/delete")).header(header::CONTENT_TYPE, kind);
        let refused = page(&app, request.body(Body::from(body.to_owned())).unwrap()).await;
        assert_eq!(refused.status, status);
        let word = if status == StatusCode::PAYLOAD_TOO_LARGE { "larger than 2MiB" } else { "token" };
        assert!(refused.text().contains(word), "{}", refused.text());
    }
    assert_eq!(page(&app, delete(&token)).await.status, StatusCode::OK);
    assert_eq!(page(&app, get_(&format!("/d/{id}"))).await.status, StatusCode::GONE);
    assert_eq!(page(&app, get_(&format!("/d/{id}.json"))).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn pictures_come_in_themes_and_sizes() {
    let app = state(Config::default()).await;
    let text = include_str!("../../static/examples/node-port.yaml");
    let made = page(&app, post_("/share", text)).await;
    let id = between(made.text(), "/d/", "\"").to_owned();
    let face = |rest: &str| get_(&format!("/d/{id}{rest}"));
    let (auto, dark) = (page(&app, face(".svg")).await, page(&app, face(".svg?theme=dark")).await);
    assert!(auto.text().contains("prefers-color-scheme") && !dark.text().contains("prefers-color-scheme"));
    assert_eq!(auto.text().matches("src:url(data:font/woff2;base64,").count(), 3);
    let mut widths = Vec::new();
    for scale in ["", "?scale=1", "?scale=0.5&theme=dark"] {
        let png = page(&app, face(&format!(".png{scale}"))).await;
        assert_eq!((png.status, png.header("content-type")), (StatusCode::OK, "image/png"));
        assert_eq!(&png.body[..8], b"\x89PNG\r\n\x1a\n");
        widths.push(u32::from_be_bytes(png.body[16..20].try_into().unwrap()));
    }
    assert_eq!(widths[0], 2 * widths[1]);
    assert_eq!(widths[2], widths[1].div_ceil(2));
    for bad in [".png?scale=9", ".png?scale=NaN", ".png?scale=x", ".svg?theme=blue"] {
        assert_eq!(page(&app, face(bad)).await.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[tokio::test]
async fn bad_input_is_answered_in_words() {
    let app = state(Config::default()).await;
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (above, name) in "abcdefghijklm".chars().zip("bcdefghijklmn".chars()) {
        bomb.push_str(&format!("{name}: &{name} [{}]\n", vec![format!("*{above}"); 9].join(", ")));
    }
    let line = format!("kind: {}\n", "x".repeat(1_000_000));
    let binary: Vec<u8> = (0..200_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for (name, body) in [
        ("binary", binary),
        ("brackets", "[".repeat(100_000).into_bytes()),
        ("dashes", "- ".repeat(100_000).into_bytes()),
        ("JSON brackets", "{\"a\":".repeat(100_000).into_bytes()),
        ("an alias bomb", bomb.into_bytes()),
        ("a long line", line.into_bytes()),
        ("invalid UTF-8", b"kind: Service\napiVersion: v1\nmetadata: {name: \xff\xfe}\n".to_vec()),
        ("blanks", b"   \n\n".to_vec()),
        ("nothing", Vec::new()),
    ] {
        for path in ["/", "/api/v1/analyze", "/api/v1/diagrams", "/share", "/inspect"] {
            let answer = page(&app, post_(path, body.clone())).await;
            let status = answer.status.as_u16();
            assert!(status < 500, "{name} at {path}: {status}");
            let said = answer.text().contains("error") || answer.text().contains("Nothing") || status >= 400;
            assert!(said || path == "/share" || path == "/inspect", "{name} at {path} says nothing");
        }
    }
}

#[tokio::test]
async fn every_real_manifest_is_drawn_whole_as_picture_and_as_table() {
    let folder = std::env::var_os("PODWIRE_CORPUS").map_or_else(
        || std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus")),
        std::path::PathBuf::from,
    );
    let Ok(index) = std::fs::read_to_string(folder.join("INDEX.tsv")) else {
        crate::skipped::skipped(format_args!(
            "there is no corpus at {}; set PODWIRE_CORPUS",
            folder.display()
        ));
        return;
    };
    let app = state(Config::default()).await;
    let (mut services, mut ports, mut workloads) = (0, 0, 0);
    for line in index.lines().skip(1).filter(|line| line.ends_with("\tok")) {
        let path = line.split('\t').next().unwrap();
        let bytes = std::fs::read(folder.join(path)).unwrap();
        let answer = page(&app, post_("/", bytes.clone())).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let board = between(answer.text(), "<svg class=\"board\" xmlns", "</svg>");
        let table = between(answer.text(), "id=\"table\"", "</section>");
        let analysis = analyze(vec![SourceFile::new("-", bytes)], None);
        let cluster = &analysis.cluster;
        for (service, wired) in cluster.services.iter().zip(&analysis.wiring.services) {
            let name = escaped(&service.meta.name.value);
            assert!(board.contains(&format!(">{name}<")), "{path}: Service {name} is not on the board");
            assert!(table.contains(&format!(">{name}</b>")), "{path}: Service {name} is not in the table");
            services += 1;
            for port in &service.ports {
                let at = escaped(&port_address(service, port));
                assert!(board.contains(&format!("data-at=\"{at}\"")), "{path}: {at} is not on the board");
                let words = format!("{} {}", port.port.value, port.protocol.value);
                assert!(table.contains(&words), "{path}: port {words} of {name} is not in the table");
                ports += 1;
            }
            for picked in &wired.selected {
                let set = &cluster.sets[picked.set as usize];
                let name =
                    escaped(set.owner.as_ref().map_or(&set.meta(cluster).name.value, |owner| &owner.name));
                assert!(board.contains(&format!(">{name}<")), "{path}: {name} is not on the board");
                assert!(table.contains(&name), "{path}: {name} is not in the table");
                workloads += 1;
            }
        }
    }
    println!(
        "{services} Services, {ports} ports and {workloads} selected workloads are on boards and in tables"
    );
}

#[tokio::test]
async fn no_name_turns_or_hides_what_stands_beside_it() {
    let app = state(Config::default()).await;
    let name = "we\u{202e}b\u{200b}";
    let text = format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: \"{name}\"}}\nspec:\n  selector: {{app: \"{name}\"}}\n  ports: [{{port: 80}}]\n"
    );
    let answer = page(&app, post_("/", text.clone())).await;
    let page = answer.text();
    // What is edited further stays what it was.
    assert!(between(page, "<textarea", "</textarea>").contains(name));
    for (begin, end) in [("<section id=\"findings\"", "</section>"), ("<tbody", "</tbody>")] {
        let shown = between(page, begin, end);
        let texts: String =
            shown.split('>').filter_map(|part| part.split_once('<')).map(|(text, _)| text).collect();
        assert!(texts.contains("we"), "{shown}");
        assert!(!texts.contains(['\u{202e}', '\u{200b}']), "{shown}");
    }
}
