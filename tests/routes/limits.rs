use std::sync::mpsc;
use std::time::Duration;

use podwire::web::lanes::Lane;

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
async fn parts_of_a_form_are_counted_whether_they_are_files_or_not() {
    let many = |count: usize| {
        let part = "--edge\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n";
        let text = "--edge\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\na\r\n--edge--\r\n";
        sending("multipart/form-data; boundary=edge", part.repeat(count) + text)
    };
    let config = || Config { max_files: 2, ..Config::default() };
    assert_eq!(ask_with(config(), many(19)).await.status, 200);
    assert_eq!(ask_with(config(), many(20)).await.problem().0, 413);
}

#[tokio::test]
async fn forms_and_archives_that_are_large_are_taken_apart_where_others_do_not_wait() {
    let config = Config { analyses: std::num::NonZeroUsize::new(1), max_waiting: 0, ..Config::default() };
    let state = state(config).await;
    let app = with_layers(Router::new().route("/files", post(files)), state.clone());
    let text = "# a comment\n".repeat(60_000);
    let large = [
        || sending("application/x-www-form-urlencoded", format!("text={}", "%23".repeat(200_000))),
        || form(&[("a.yaml", &"# a comment\n".repeat(60_000))]),
        || sending("text/plain", "# a comment\n".repeat(60_000)),
    ];
    let taken = state.lanes.large.try_take().unwrap();
    for request in large {
        assert_eq!(send(app.clone(), request()).await.status, 503);
    }
    assert_eq!(send(app.clone(), sending("text/plain", text[..1200].to_owned())).await.status, 200);
    drop(taken);
    for request in large {
        assert_eq!(send(app.clone(), request()).await.status, 200);
    }
}

#[tokio::test]
async fn work_past_the_queue_is_told_to_come_back() {
    let config = Config { analyses: std::num::NonZeroUsize::new(1), max_waiting: 1, ..Config::default() };
    let state = state(config).await;
    let (go, wait) = mpsc::channel::<()>();
    let running = state.clone();
    let running =
        tokio::spawn(async move { running.compute(Lane::Small, move || wait.recv().is_ok()).await });
    while state.lanes.small.free() > 0 {
        tokio::task::yield_now().await;
    }
    let waiting = state.clone();
    let waiting = tokio::spawn(async move { waiting.compute(Lane::Small, || 2).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(matches!(state.compute(Lane::Small, || 3).await, Err(Error::Busy)));
    go.send(()).unwrap();
    assert!(running.await.unwrap().unwrap());
    assert_eq!(waiting.await.unwrap().unwrap(), 2);
    assert_eq!(state.compute(Lane::Small, || 4).await.unwrap(), 4);
}

#[tokio::test]
async fn what_is_small_does_not_wait_for_what_is_large() {
    let config = Config { analyses: std::num::NonZeroUsize::new(1), max_waiting: 0, ..Config::default() };
    let state = state(config).await;
    let large = "# a comment\n".repeat(50_000) + &pair(0, "a: b", "a: b");
    let ask = |body: String| {
        let request = Request::post("/api/v1/analyze").header("content-type", "application/yaml");
        send(podwire::web::router(state.clone()), request.body(body.into()).unwrap())
    };
    assert_eq!(ask(large.clone()).await.status, 200);
    let (go, wait) = mpsc::channel::<()>();
    let running = state.clone();
    let running =
        tokio::spawn(async move { running.compute(Lane::Large, move || wait.recv().is_ok()).await });
    while state.lanes.large.free() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(ask(large).await.status, 503);
    assert_eq!(ask(pair(0, "a: b", "a: b")).await.status, 200);
    go.send(()).unwrap();
    assert!(running.await.unwrap().unwrap());
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
    let server = tokio::spawn(async move { axum::serve(listener, tower::make::Shared::new(app)).await });

    // All of it, or nothing of what was announced, which is not waited for until the request has had its time.
    for (sent, announced) in [(3 << 20, 3_u64 << 20), (0, 2 << 20), (0, 2 << 40_u64)] {
        let head = format!(
            "POST /files HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {announced}\r\n\r\n"
        );
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&vec![b'a'; sent]).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("larger than 1MiB"), "{answer}");
    }
    server.abort();
}

/// A Service that selects `selector`, and a Pod with `labels`.
pub(crate) fn pair(index: usize, selector: &str, labels: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: s{index}}}\nspec: {{selector: {{{selector}}}, ports: [{{port: 80}}]}}\n---\n\
         apiVersion: v1\nkind: Pod\nmetadata: {{name: p{index}, labels: {{{labels}}}}}\nspec: {{containers: [{{name: c}}]}}\n---\n"
    )
}

async fn analyze(config: Config, body: String) -> Answer {
    let request = Request::post("/api/v1/analyze").header("content-type", "application/yaml");
    send(podwire::web::router(state(config).await), request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn a_few_bytes_cannot_ask_for_millions_of_endpoints() {
    let all: String = (0..100).map(|index| pair(index, "a: b", "a: b")).collect();
    let answer = analyze(Config { max_endpoints: 9_999, ..Config::default() }, all.clone()).await;
    let (status, detail) = answer.problem();
    assert_eq!(status, 413);
    assert!(detail.contains("9999 endpoints"), "{detail}");
    assert_eq!(
        analyze(Config { max_endpoints: 10_000, ..Config::default() }, all).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_few_bytes_cannot_ask_for_millions_of_ways_in() {
    let hundred = |item: fn(usize) -> String| (1..=100).map(item).collect::<Vec<_>>().join(",");
    let ports = hundred(|at| format!("{{name: p{at}, port: {at}}}"));
    let ips = hundred(|at| format!("192.0.2.{at}"));
    let known = hundred(|at| format!("{{ip: 192.0.2.{at}}}"));
    let service = |spec: &str, rest: &str| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{ports: [{ports}], {spec}}}\n{rest}"
        )
    };
    let slice = format!(
        "---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n\
         metadata: {{name: web, labels: {{kubernetes.io/service-name: web}}}}\naddressType: IPv4\nports: [{ports}]\n\
         endpoints: [{{addresses: [{ips}]}}]\n"
    );
    let pod = format!(
        "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: web, labels: {{app: web}}}}\nspec: {{containers: [{{name: c}}]}}\n\
         status: {{phase: Running, podIP: 192.0.2.1, podIPs: [{known}]}}\n"
    );
    let nodes = (1..=100)
        .map(|at| format!("---\napiVersion: v1\nkind: Node\nmetadata: {{name: a-node-of-many-{at}}}\n"));
    let status = format!("status: {{loadBalancer: {{ingress: [{known}]}}}}\n");
    let balancer = "type: LoadBalancer";
    // Each with how much it asks for, and how many of that are ways in of their own.
    let cases = [
        (service(&format!("externalIPs: [{ips}]"), ""), 10_000, 10_000),
        (service(balancer, &status), 10_000, 10_000),
        (service(&format!("{balancer}, loadBalancerSourceRanges: [{ips}]"), &status), 40_000, 10_000),
        (service("type: ClusterIP", &slice), 400, 0),
        (service("selector: {app: web}", &pod), 400, 0),
        (service("internalTrafficPolicy: Local", &nodes.collect::<String>()), 400, 0),
    ];
    for (all, most, entries) in cases {
        let answer = analyze(Config { max_endpoints: most - 1, ..Config::default() }, all.clone()).await;
        let (status, detail) = answer.problem();
        assert_eq!(status, 413, "{most}: {all:.300}");
        assert!(detail.contains(&format!("{} endpoints and ways in", most - 1)), "{detail}");
        let answer = analyze(Config { max_endpoints: most, ..Config::default() }, all).await;
        assert_eq!(answer.json()["entries"].as_array().unwrap().len(), entries);
    }
}

#[tokio::test]
async fn a_name_that_is_none_is_not_told_in_full_again_and_again() {
    let name = "x".repeat(100_000);
    let ports = "{port: 0},".repeat(1_000);
    let paths = "{backend: {service: {name: web, port: {number: 80}}}},".repeat(1_000);
    let all = format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{ports: [{ports}]}}\n---\n\
         apiVersion: {name}\nkind: Service\nmetadata: {{name: web}}\nspec: {{ports: [{ports}]}}\n---\n\
         apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: web}}\n\
         spec: {{rules: [{{host: {name}, http: {{paths: [{paths}]}}}}]}}\n"
    );
    let answer = analyze(Config::default(), all).await;
    assert!(answer.text().len() < 50_000_000, "{}", answer.text().len());
}

#[tokio::test]
async fn a_few_bytes_cannot_ask_for_millions_of_routes() {
    let ten = |item: fn(usize) -> String| (1..=10).map(item).collect::<Vec<_>>().join(",");
    let listeners = ten(|port| format!("{{name: l{port}, port: {port}, protocol: HTTP}}"));
    let hosts = ten(|host| format!("h{host}.example.com"));
    let paths = ten(|path| format!("{{path: {{value: /{path}}}}}"));
    let backends = "{name: web, port: 80},".repeat(10);
    let all = format!(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {{name: edge}}\nspec: {{listeners: [{listeners}]}}\n---\n\
         apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: web}}\nspec: {{parentRefs: [{{name: edge}}], \
         hostnames: [{hosts}], rules: [{{matches: [{paths}], backendRefs: [{backends}]}}]}}\n"
    );
    let answer = analyze(Config { max_endpoints: 79_999, ..Config::default() }, all.clone()).await;
    let (status, detail) = answer.problem();
    assert_eq!(status, 413);
    assert!(detail.contains("9999 matches"), "{detail}");
    let answer = analyze(Config { max_endpoints: 80_000, ..Config::default() }, all.clone()).await;
    assert_eq!(answer.json()["entries"].as_array().unwrap().len(), 10_000);
    // Each of them lists the filters.
    let filters = "{type: URLRewrite},".repeat(17);
    let all = all.replace("rules: [{", &format!("rules: [{{filters: [{filters}], "));
    assert_eq!(analyze(Config { max_endpoints: 80_000, ..Config::default() }, all).await.status, 413);
}

#[tokio::test]
async fn texts_that_no_name_can_be_are_not_compared_letter_by_letter() {
    // Letter by letter these two would take minutes.
    let long = "x".repeat(400_000);
    let answer = analyze(Config::default(), pair(0, &format!("a: {long}"), &format!("a: {long}y"))).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn a_chain_of_merges_is_bounded() {
    let mut text = "a0: &a0 {x: 1}\n".to_owned();
    for link in 1..3_000 {
        text.push_str(&format!("a{link}: &a{link} {{<<: *a{}, k{link}: 1}}\n", link - 1));
    }
    let answer = analyze(Config::default(), text).await;
    assert!(answer.text().contains("unfold to far more than was written"), "{}", answer.text());
}

#[tokio::test]
async fn a_whole_list_on_one_line_has_its_columns_at_once() {
    // Counting columns from the start of the line each time would take minutes.
    let items = vec!["{\u{e4}: 1}"; 90_000].join(",");
    let text = format!("apiVersion: v1\nkind: List\nitems: [{items}]\n");
    let answer = analyze(Config::default(), text).await.json();
    assert_eq!(answer["summary"]["errors"], 90_000, "all are counted");
    assert_eq!(answer["findings"].as_array().unwrap().len(), 5_000, "the first are listed");
    assert_eq!(answer["findings"][1]["source"]["column"], 9 + 7);
}
