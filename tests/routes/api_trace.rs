use podwire::web::router;

use crate::api_analyze::to;
use crate::*;

const NODE_PORT: &str = include_str!("../../static/examples/node-port.yaml");
const NAMED: &str = include_str!("../../static/examples/named-ports.yaml");

const INGRESS: &str = include_str!("../../static/examples/ingress.yaml");

pub(crate) async fn trace(address: &str, text: &str) -> Answer {
    let mut query = "/api/v1/trace?to=".to_owned();
    podwire::render::svg::encode(address, &mut query);
    let request = to(&query, sending("text/yaml", text.to_owned()));
    send(router(state(Config::default()).await), request).await
}

#[tokio::test]
async fn a_trace_is_what_is_promised() {
    let answer = trace("node:30008", NODE_PORT).await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
    let json = answer.json();
    let keys: Vec<_> = json.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["to", "hops", "ends", "outcome", "why"]);
    assert_eq!((&json["to"], &json["outcome"]), (&"node:30008".into(), &"reaches".into()));
    let hops = json["hops"].as_array().unwrap();
    let kinds: Vec<_> = hops.iter().map(|hop| hop["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["node", "service", "pod"]);
    for (hop, line) in hops.iter().zip([14, 10, 32]) {
        let keys: Vec<_> = hop.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["kind", "title", "address", "why", "source"]);
        assert_eq!(hop["source"]["line"], line, "{hop}");
        assert!(hop["why"].as_str().unwrap().ends_with('.'), "{hop}");
    }
    let end = &json["ends"][0];
    assert_eq!((&end["pod"], &end["port"], &end["share"]), (&"myapp-pod".into(), &80.into(), &1.0.into()));
    assert_eq!((&end["container"], &end["ready"]), (&"nginx".into(), &true.into()));
}

#[tokio::test]
async fn a_url_takes_the_route_of_an_ingress() {
    let json = trace("http://shop.example.com/cart/1", INGRESS).await.json();
    let kinds: Vec<_> = json["hops"].as_array().unwrap().iter().map(|hop| &hop["kind"]).collect();
    assert_eq!(kinds, ["ingress", "service", "pod"]);
    let first = &json["hops"][0];
    assert_eq!((&first["address"], &first["source"]["line"]), (&"shop.example.com/cart".into(), &14.into()));
    let json =
        trace("http://status.example.com/", &INGRESS.replace("number: 81", "number: 9090")).await.json();
    assert_eq!((&json["outcome"], &json["ends"]), (&"nothing".into(), &Value::Array(Vec::new())));
    assert!(json["why"].as_str().unwrap().contains("storefront has no port 9090"), "{json}");
}

#[tokio::test]
async fn shares_add_up_and_are_null_where_places_or_clients_decide() {
    let json = trace("http://api.default/cart", NAMED).await.json();
    let ends = json["ends"].as_array().unwrap();
    let sum: f64 =
        ends.iter().map(|end| end["share"].as_f64().unwrap() * end["replicas"].as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{json}");
    let local = NAMED.replace("type: NodePort", "type: NodePort\n  externalTrafficPolicy: Local");
    let json = trace("node:30080", &local).await.json();
    assert_eq!((&json["outcome"], &json["ends"][0]["share"]), (&"reaches".into(), &Value::Null));
    assert!(json["why"].as_str().unwrap().contains("externalTrafficPolicy: Local"), "{json}");
    let headless = include_str!("../../static/examples/headless.yaml");
    let json = trace("db.default:5432", headless).await.json();
    assert_eq!(
        (&json["outcome"], &json["ends"][0]["share"]),
        (&"reaches".into(), &Value::Null),
        "the client chooses"
    );
    let json = trace("db-1.db.default:5432", headless).await.json();
    assert_eq!(json["ends"][0]["share"], 1.0);
}

#[tokio::test]
async fn nothing_says_why_with_the_near_miss() {
    for (address, why) in [
        ("node:30009", "The nearest is node:30008"),
        ("node-port-servce.default", "The nearest is node-port-service.default"),
        ("node:30008/udp", "takes TCP"),
        ("http://shop.example.com/cart", "No Service, node, load balancer or route"),
    ] {
        let answer = trace(address, NODE_PORT).await;
        assert_eq!(answer.status, StatusCode::OK);
        let json = answer.json();
        assert_eq!((&json["outcome"], json["ends"].as_array().unwrap().len()), (&"nothing".into(), 0));
        assert!(json["why"].as_str().unwrap().contains(why), "{json}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_a_bad_request() {
    for (address, words) in [
        ("", "to: there is no address to trace"),
        ("node", "write one, such as node:30008"),
        ("web:http", "\"http\" is no port"),
        ("a b\n", "is no name or address"),
    ] {
        let (status, detail) = trace(address, NODE_PORT).await.problem();
        assert_eq!(status, 400);
        assert!(detail.contains(words), "{detail}");
    }
    let none = to("/api/v1/trace", sending("text/yaml", NODE_PORT));
    assert_eq!(send(router(state(Config::default()).await), none).await.problem().0, 400);
}

#[tokio::test]
async fn a_shared_diagram_is_traced_as_its_original() {
    let app = state(Config::default()).await;
    let text = include_str!("../../static/examples/headless.yaml");
    let made = send(router(app.clone()), to("/api/v1/diagrams", sending("text/yaml", text))).await.json();
    let id = made["id"].as_str().unwrap();
    for address in ["db-1.db.default:5432", "db.default:5432", "db-primary", "dv"] {
        let shared =
            send(router(app.clone()), at(&format!("/api/v1/diagrams/{id}/trace?to={address}"))).await;
        assert_eq!(shared.status, StatusCode::OK, "{}", shared.text());
        assert_eq!(shared.header("x-robots-tag"), "noindex");
        let mut original = trace(address, text).await.json();
        let mut shared = shared.json();
        // Columns may move where something is masked; lines may not.
        for json in [&mut original, &mut shared] {
            for list in ["hops", "ends"] {
                for each in json[list].as_array_mut().unwrap() {
                    each["source"]["column"] = Value::Null;
                }
            }
        }
        assert_eq!(shared, original, "{address}");
    }
    let (status, _) = send(router(app.clone()), at(&format!("/api/v1/diagrams/{id}/trace"))).await.problem();
    assert_eq!(status, 400);
    let unknown = at("/api/v1/diagrams/0000000000000000000000/trace?to=db");
    assert_eq!(send(router(app), unknown).await.problem().0, 404);
}
