//! A shared diagram elsewhere: in a README, a chat and a spreadsheet.

use podwire::web::router;

use crate::*;

/// Every name of an upload has it.
const CANARY: &str = "canary-in-names";

/// A Service that nobody answers, since its pod has no port of the name that it asks for, and an Ingress before it.
pub(crate) fn named() -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {CANARY}, namespace: {CANARY}}}\n\
         spec: {{type: NodePort, selector: {{app: {CANARY}}}, ports: [{{name: {CANARY}, port: 80, nodePort: 30080, targetPort: {CANARY}}}]}}\n\
         ---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {CANARY}, namespace: {CANARY}, labels: {{app: {CANARY}}}}}\n\
         spec: {{containers: [{{name: {CANARY}, image: {CANARY}}}]}}\n\
         ---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: {CANARY}-way, namespace: {CANARY}}}\n\
         spec: {{rules: [{{host: {CANARY}.example.com, http: {{paths: [{{path: /, pathType: Prefix, backend: {{service: \
         {{name: {CANARY}, port: {{number: 80}}}}}}}}]}}}}]}}\n"
    )
}

pub(crate) async fn ask(app: &AppState, path: &str) -> Answer {
    let request = Request::get(path).header("accept", "text/html,*/*").header("host", "localhost:9000");
    send(router(app.clone()), request.body(Body::empty()).unwrap()).await
}

/// Shares a text: its id and what deletes it.
pub(crate) async fn share(app: &AppState, text: &str) -> (String, String) {
    let request = Request::post("/api/v1/diagrams").header("content-type", "application/yaml");
    let made = send(router(app.clone()), request.body(Body::from(text.to_owned())).unwrap()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let text = |key: &str| made.json()[key].as_str().unwrap().to_owned();
    (text("id"), text("deleteToken"))
}

/// The content of a `<meta>`.
fn meta<'p>(page: &'p str, name: &str) -> &'p str {
    let begins =
        [format!("<meta property=\"{name}\" content=\""), format!("<meta name=\"{name}\" content=\"")];
    let rest = begins.iter().find_map(|begin| page.split_once(begin.as_str())).map(|(_, rest)| rest);
    rest.and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("no {name} in the page"))
}

#[tokio::test]
async fn a_badge_and_a_preview_tell_counts_and_no_name() {
    let app = state(Config::default()).await;
    let (id, _) = share(&app, &named()).await;
    let badge = ask(&app, &format!("/d/{id}/badge.svg")).await;
    assert_eq!((badge.status, badge.header("content-type")), (StatusCode::OK, "image/svg+xml"));
    assert!(badge.header("content-security-policy").ends_with("sandbox"));
    assert!(badge.text().contains("<title>1 service \u{b7} 1 broken</title>"), "{}", badge.text());
    assert!(!badge.text().contains("canary"), "{}", badge.text());

    let picture = ask(&app, &format!("/d/{id}/preview.png")).await;
    assert_eq!((picture.status, picture.header("content-type")), (StatusCode::OK, "image/png"));
    let side = |from: usize| u32::from_be_bytes(picture.body[from..from + 4].try_into().unwrap());
    assert_eq!((side(16), side(20)), (1200, 630));
    // The same counts give the same picture, whatever things are called.
    let (other, _) = share(&app, &named().replace(CANARY, "web")).await;
    assert_eq!(ask(&app, &format!("/d/{other}/preview.png")).await.body, picture.body);
    let (fine, _) = share(&app, include_str!("../../static/examples/node-port.yaml")).await;
    assert_ne!(ask(&app, &format!("/d/{fine}/preview.png")).await.body, picture.body);
    assert!(ask(&app, &format!("/d/{fine}/badge.svg")).await.text().contains("1 service \u{b7} none broken"));
    let bad = ask(&app, &format!("/d/{id}/preview.png?theme=blue")).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_link_unfurls_with_counts_and_an_absolute_picture() {
    for (config, base) in [
        (Config::default(), "http://localhost:9000"),
        (
            Config { public_url: Some("https://podwire.example.com".to_owned()), ..Config::default() },
            "https://podwire.example.com",
        ),
    ] {
        let app = state(config).await;
        let (id, _) = share(&app, &named()).await;
        let page = ask(&app, &format!("/d/{id}?at=node:30080")).await;
        let page = page.text();
        assert_eq!(meta(page, "og:title"), "Podwire: 1 service \u{b7} 1 broken");
        assert_eq!(meta(page, "og:url"), format!("{base}/d/{id}"));
        assert_eq!(meta(page, "twitter:card"), "summary_large_image");
        for name in ["og:image", "twitter:image"] {
            assert_eq!(meta(page, name), format!("{base}/d/{id}/preview.png"));
        }
        let (head, _) = page.split_once("</head>").unwrap();
        assert!(!head.contains("canary"), "{head}");
        assert!(!ask(&app, "/").await.text().contains("og:"), "only what is shared unfurls");
    }
}

#[tokio::test]
async fn what_is_not_understood_of_an_address_is_named() {
    let app = state(Config::default()).await;
    let (id, _) = share(&app, &named()).await;
    let long = "'".repeat(5_000);
    for (path, words) in [
        (format!("/d/{id}.svg?scale=1&scale=2"), "duplicate field `scale`"),
        ("/d/%ff".to_owned(), "Invalid UTF-8"),
        ("/api/v1/diagrams/%ff".to_owned(), "Invalid UTF-8"),
        (format!("/d/{id}?fold={long}"), "15006 bytes, and 4096 are the most"),
        (format!("/examples/broken?find={long}"), "4096 are the most"),
    ] {
        let answer = ask(&app, &path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(answer.text().contains(words), "{path}: {}", answer.text());
    }
    for path in ["/", "/inspect", "/share"] {
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        let form = Body::from(format!("text=a%3A+1&fold={long}"));
        let answer = send(router(app.clone()), request.body(form).unwrap()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(answer.text().contains("4096 are the most"), "{path}: {}", answer.text());
    }
}

#[tokio::test]
async fn csv_has_the_rows_of_the_table_and_no_formula() {
    let app = state(Config::default()).await;
    let text = "apiVersion: v1\nkind: Service\nmetadata: {name: \"=1+1\", namespace: \"@x\"}\n\
                spec: {selector: {app: web}, ports: [{port: 80}, {name: \"a,\\\"b\", port: 81}]}\n";
    let (id, _) = share(&app, text).await;
    let csv = ask(&app, &format!("/d/{id}.csv")).await;
    assert_eq!((csv.status, csv.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"));
    assert_eq!(csv.header("content-disposition"), format!("attachment; filename=\"podwire-{id}.csv\""));
    let mut lines = csv.text().split_terminator("\r\n");
    assert_eq!(lines.next(), Some("\u{feff}Way in,Service,Namespace,Type,Port,Target port,Who answers"));
    let rows: Vec<&str> = lines.collect();
    let page = ask(&app, &format!("/d/{id}")).await;
    assert_eq!((rows.len(), page.text().matches("<tr id=\"path-").count()), (2, 2));
    for row in rows {
        assert!(row.starts_with("inside the cluster,'=1+1,'@x,ClusterIP,"), "{row}");
    }
    assert!(csv.text().contains(",\"81 TCP (a,\"\"b)\",81 (same as port),"), "{}", csv.text());
}

#[tokio::test]
async fn what_shows_it_elsewhere_is_offered_with_its_address() {
    let app = state(Config::default()).await;
    let (id, _) = share(&app, &named()).await;
    let page = ask(&app, &format!("/d/{id}")).await;
    let url = format!("http://localhost:9000/d/{id}");
    for text in [
        format!("value=\"{url}\""),
        format!("({url}/badge.svg)]({url})\""),
        format!("({url}.svg)]({url})\""),
        format!("&#60;iframe src=&#34;{url}?embed=1&#34; "),
    ] {
        assert!(page.text().contains(&text), "{text} is not offered");
    }
}

#[tokio::test]
async fn what_is_deleted_is_gone_in_every_form() {
    let app = state(Config::default()).await;
    let (id, token) = share(&app, &named()).await;
    let forms = [".csv", "/badge.svg", "/preview.png", "?embed=1", ""];
    for form in forms {
        assert_eq!(ask(&app, &format!("/d/{id}{form}")).await.status, StatusCode::OK, "{form}");
    }
    let delete =
        Request::delete(format!("/api/v1/diagrams/{id}")).header("authorization", format!("Bearer {token}"));
    let deleted = send(router(app.clone()), delete.body(Body::empty()).unwrap()).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    for (id, status) in [
        (id.as_str(), StatusCode::GONE),
        ("0000000000000000000001", StatusCode::NOT_FOUND),
        ("x", StatusCode::NOT_FOUND),
    ] {
        for form in forms {
            let answer = ask(&app, &format!("/d/{id}{form}")).await;
            assert_eq!(answer.status, status, "{id}{form}");
            assert_eq!(
                (answer.header("cache-control"), answer.header("x-robots-tag")),
                ("no-store", "noindex")
            );
            let framed = answer.header("content-security-policy").ends_with("frame-ancestors *");
            assert_eq!(framed, form == "?embed=1", "{id}{form}: whoever frames it is told in the frame");
        }
    }
}

/// Two namespaces with two Services each, of which one selects nobody.
fn two_namespaces() -> String {
    let mut text = String::new();
    for (name, namespace, app) in [
        ("web", "shop", "web"),
        ("cart", "shop", "cart"),
        ("api", "billing", "api"),
        ("job", "billing", "jobs"),
    ] {
        text.push_str(&format!(
            "---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: {namespace}}}\n\
             spec: {{selector: {{app: {app}}}, ports: [{{port: 80}}]}}\n\
             ---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {namespace}, labels: {{app: {name}}}}}\n\
             spec: {{containers: [{{name: c}}]}}\n"
        ));
    }
    text
}

#[tokio::test]
async fn every_form_shows_what_its_address_asks_for() {
    let app = state(Config::default()).await;
    let (id, _) = share(&app, &two_namespaces()).await;
    let names = ["web", "cart", "api", "job"];
    for (query, shown) in [
        ("", [true; 4]),
        ("?ns=shop", [true, true, false, false]),
        ("?ns=billing&broken=1", [false, false, false, true]),
        ("?service=cart.shop", [false, true, false, false]),
        ("?workload=Pod/api", [false, false, true, false]),
        ("?find=web", [true, false, false, false]),
        ("?type=clusterip&ns=billing", [false, false, true, true]),
    ] {
        for form in ["svg", "mmd", "dot"] {
            let answer = ask(&app, &format!("/d/{id}.{form}{query}")).await;
            assert_eq!(names.map(|name| answer.text().contains(&format!("{name}."))), shown, "{form}{query}");
        }
        let text = ask(&app, &format!("/d/{id}.txt{query}")).await;
        assert_eq!(names.map(|name| text.text().contains(&format!("/{name} :80"))), shown, "txt{query}");
        let csv = ask(&app, &format!("/d/{id}.csv{query}")).await;
        assert_eq!(names.map(|name| csv.text().contains(&format!(",{name},"))), shown, "csv{query}");
        let frame = ask(
            &app,
            &format!("/d/{id}{}embed=1", if query.is_empty() { "?".to_owned() } else { format!("{query}&") }),
        )
        .await;
        assert_eq!(
            names.map(|name| frame.text().contains(&format!("data-card=\"{name}."))),
            shown,
            "frame{query}"
        );
    }
    // The list of another namespace's findings is not among those of this.
    assert!(!ask(&app, &format!("/d/{id}.txt?ns=shop")).await.text().contains("error:"));
    // Pictures are of other sizes and are kept apart, whichever is asked for first.
    for _ in 0..2 {
        let whole = ask(&app, &format!("/d/{id}.png?scale=0.25")).await;
        let part = ask(&app, &format!("/d/{id}.png?scale=0.25&ns=shop")).await;
        assert!(part.body != whole.body && part.header("content-type") == "image/png");
    }
    // JSON and masked YAML are whole.
    for form in ["json", "yaml"] {
        let whole = ask(&app, &format!("/d/{id}.{form}")).await.body;
        assert_eq!(ask(&app, &format!("/d/{id}.{form}?ns=shop")).await.body, whole, "{form}");
    }
}

#[tokio::test]
async fn pictures_light_what_is_selected_or_traced_and_fold_what_is_folded() {
    let app = state(Config::default()).await;
    let (id, _) = share(&app, &two_namespaces()).await;
    let svg = async |query: &str| ask(&app, &format!("/d/{id}.svg{query}")).await;
    let lit = |answer: &Answer| answer.text().matches(" lit\"").count();
    assert_eq!(lit(&svg("").await), 0);
    let selected = svg("?at=web.shop:80").await;
    assert!(lit(&selected) > 3, "{}", selected.text());
    assert!(lit(&svg("?trace=web.shop:80").await) > 3);
    let pixels = ask(&app, &format!("/d/{id}.png?scale=0.25")).await.body;
    assert_ne!(ask(&app, &format!("/d/{id}.png?scale=0.25&at=web.shop:80")).await.body, pixels);
    let folded = svg("?fold=shop").await;
    assert_eq!(folded.text().matches("class=\"card folded").count(), 1);
    assert!(!folded.text().contains("<a "), "a picture has no links");
    assert!(ask(&app, &format!("/d/{id}.dot?fold=shop")).await.text().contains("2 Services"));
    let csv = ask(&app, &format!("/d/{id}.csv?fold=shop")).await;
    assert!(csv.text().contains(",web,"), "a list has each of them");
}

#[tokio::test]
async fn what_matches_nothing_is_said_and_never_an_empty_picture() {
    let app = state(Config::default()).await;
    let (id, _) = share(&app, &two_namespaces()).await;
    for form in ["svg", "png", "mmd", "dot", "txt", "csv"] {
        for (query, words) in [
            ("ns=none", "namespace none"),
            ("ns=shop&broken=1", "broken only, namespace shop"),
            ("find=nobody", "words nobody"),
            ("service=web.none", "Service web.none"),
        ] {
            let request = Request::get(format!("/d/{id}.{form}?{query}")).header("accept", "*/*");
            let answer = send(router(app.clone()), request.body(Body::empty()).unwrap()).await;
            let (status, detail) = (answer.status, answer.json()["detail"].as_str().unwrap().to_owned());
            assert_eq!(status, StatusCode::NOT_FOUND, "{form} {query}");
            assert!(detail.contains(words), "{form} {query}: {detail}");
        }
    }
    let page = ask(&app, &format!("/d/{id}.svg?ns=none")).await;
    assert!(page.text().contains("Nothing matches") && page.text().contains("namespace none"));
    assert_eq!(ask(&app, &format!("/d/{id}.svg?at=nobody.shop:80")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ask(&app, &format!("/d/{id}.png?trace=::::")).await.status, StatusCode::BAD_REQUEST);
    let frame = ask(&app, &format!("/d/{id}?embed=1&ns=none")).await;
    assert_eq!(frame.status, StatusCode::NOT_FOUND);
    assert!(frame.text().contains("Nothing matches: namespace none."), "{}", frame.text());
    assert!(frame.text().contains("href=\"?embed=1\""), "and has a way back: {}", frame.text());
}

#[tokio::test]
async fn the_page_leads_to_forms_of_what_it_shows() {
    let app = state(Config::default()).await;
    let (id, _) = share(&app, &two_namespaces()).await;
    let page = ask(&app, &format!("/d/{id}?ns=shop&at=web.shop:80")).await;
    let page = page.text().replace("&#38;", "&");
    let query = "?at=web.shop:80&ns=shop";
    for form in ["svg", "png", "txt", "mmd", "dot", "csv"] {
        assert!(page.contains(&format!("href=\"/d/{id}.{form}{query}\"")), "{form}: {page}");
    }
    assert!(page.contains(&format!("/d/{id}.svg{query})](")), "the picture's Markdown");
    assert!(page.contains("?embed=1&amp;at=web.shop:80&amp;ns=shop"), "the frame's HTML");
}

/// A Service of so many ports with so many Pods.
fn with_ports(ports: usize, pods: usize) -> String {
    let ports: Vec<_> = (1..=ports).map(|at| format!("{{name: p{at}, port: {at}}}")).collect();
    let pod = |at| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: web-{at}, labels: {{app: web}}}}\nspec: {{containers: [{{name: c}}]}}\n"
        )
    };
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{type: NodePort, selector: {{app: web}}, ports: [{}]}}\n{}",
        ports.join(","),
        (0..pods).map(pod).collect::<String>()
    )
}

#[tokio::test]
async fn a_service_of_very_many_ports_is_drawn_in_part() {
    let app = state(Config::default()).await;
    let last = "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\n\
        spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 5000}}}}]}}]}\n";
    let (all, _) = share(&app, &(with_ports(5_000, 1) + last)).await;
    let (most, _) = share(&app, &with_ports(200, 1)).await;
    for form in ["", "?embed=1", ".svg", ".mmd", ".dot", ".csv"] {
        let size = async |id: &str| ask(&app, &format!("/d/{id}{form}")).await.body.len();
        let (all, most) = (size(&all).await, size(&most).await);
        assert!(all < most + most / 10, "{form}: {all} of 5000, {most} of 200");
    }
    let page = ask(&app, &format!("/d/{all}")).await;
    assert!(page.text().contains("4800 more ports of Services are not drawn; the JSON lists all."));
    assert_eq!(page.text().matches("and 4800 more ports, in the JSON").count(), 2, "on the board and alone");
    assert!(!ask(&app, &format!("/d/{most}")).await.text().contains("more ports"));
    let json = ask(&app, &format!("/d/{all}.json")).await.json();
    assert_eq!(json["services"][0]["ports"].as_array().unwrap().len(), 5_000);
}

#[tokio::test]
async fn pixels_are_drawn_among_what_takes_as_long_and_no_more_than_can_be() {
    let app = state(Config { max_waiting: 0, ..Config::default() }).await;
    let (id, _) = share(&app, &with_ports(100, 1)).await;
    let mut taken = Vec::new();
    while let Some(turn) = app.lanes.large.try_take() {
        taken.push(turn);
    }
    assert_eq!(ask(&app, &format!("/d/{id}.svg")).await.status, 200);
    assert_eq!(ask(&app, &format!("/d/{id}.png")).await.status, 503);
    drop(taken);

    let (id, _) = share(&app, &with_ports(200, 12)).await;
    let large = ask(&app, &format!("/d/{id}.png?scale=0.25")).await;
    assert_eq!((large.status.as_u16(), large.text().contains("?service=")), (422, true), "{}", large.text());
    assert_eq!(ask(&app, &format!("/d/{id}.svg")).await.status, 200);
}
