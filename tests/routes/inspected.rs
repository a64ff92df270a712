//! What the inspector and the table say of a place, without a browser.

use axum::http::header;
use podwire::config::Config;
use podwire::web::router;

use super::*;

/// The page of a text on which a place is selected.
async fn page(text: &str, at: &str) -> String {
    looking_at(text, "at", at).await
}

/// The page of a text on which something is looked at: a place, or an address that is traced.
async fn looking_at(text: &str, field: &str, what: &str) -> String {
    let app = state(Config::default()).await;
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("text", text)
        .append_pair(field, what)
        .finish();
    let request = Request::post("/")
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .unwrap();
    let answer = send(router(app), request).await;
    assert_eq!(answer.status, StatusCode::OK, "{what}");
    answer.text().to_owned()
}

/// What stands between two marks, without tags.
fn between(page: &str, begin: &str, end: &str) -> String {
    let words = pages::between(page, begin, end)
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, words)| words));
    words.collect::<Vec<_>>().join(" ").replace("&#39;", "'").replace("&#34;", "\"").replace("&#62;", ">")
}

/// The inspector without what its words mean.
async fn inspector(text: &str, at: &str) -> String {
    let page = page(text, at).await;
    let (told, checks) =
        (between(&page, "<aside id=\"inspector\"", "<details class=\"explained\""), "class=\"checks\"");
    let checks = if page.contains(checks) { between(&page, checks, "</aside>") } else { String::new() };
    format!("{told} {checks}")
}

async fn table(text: &str) -> String {
    between(&page(text, "").await, "<table", "</table>")
}

#[track_caller]
fn says(told: &str, these: &[&str], not_these: &[&str]) {
    for words in these {
        assert!(told.contains(words), "{words:?} is not in: {told}");
    }
    for words in not_these {
        assert!(!told.contains(words), "{words:?} is in: {told}");
    }
}

const PODS: &str = "
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: w}, spec: {replicas: 3, selector: {matchLabels: {app: w}},
  template: {metadata: {labels: {app: w}}, spec: {containers: [{name: c, image: x, ports: [{name: pg, containerPort: 5432}]}]}}}}
";

const NAMES: &str = "
---
{apiVersion: v1, kind: Service, metadata: {name: ext}, spec: {type: ExternalName, externalName: db.example.com, externalIPs: [192.0.2.9],
  ports: [{port: 80, targetPort: 5432}, {name: u, port: 53, protocol: UDP}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: bare}, spec: {type: ExternalName, externalName: db.example.com}}
---
{apiVersion: v1, kind: Service, metadata: {name: alias}, spec: {type: ExternalName, externalName: ext.default.svc.cluster.local, ports: [{port: 81}]}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i}, spec: {rules: [{host: a.example.com, http: {paths: [
  {path: /, pathType: Prefix, backend: {service: {name: ext, port: {number: 80}}}}]}}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g}, spec: {gatewayClassName: x, listeners: [{name: h, port: 80, protocol: HTTP}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r}, spec: {parentRefs: [{name: g}], hostnames: [g.example.com],
  rules: [{backendRefs: [{name: ext, port: 80}]}]}}
";

/// An `ExternalName` has no cluster IP and no endpoints, and its ports are nobody's.
const NOTHING: [&str; 6] =
    ["Nobody answers", "cluster IP (", "Traffic goes to", "example address", "endpointslices", "192.0.2.9:"];

#[tokio::test]
async fn a_name_for_a_host_outside_is_told_as_dns_answers() {
    let host =
        "db.example.com A host outside the cluster: whether anybody answers there is not in this upload.";
    for at in ["ext.default:80", "in:ext.default"] {
        let told = inspector(NAMES, at).await;
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        says(&told, &[host, "ext.default.svc"], &NOTHING);
    }
    let told = inspector(NAMES, "ext.default:80").await;
    says(
        &told,
        &["no cluster IP, and port and targetPort are not applied", "nslookup ext", "curl -v http://ext:80/"],
        &[],
    );
    let datagrams = inspector(NAMES, "ext.default:53/udp").await;
    says(&datagrams, &["nslookup ext", "are not applied"], &["curl"]);
    let bare = inspector(NAMES, "bare.default").await;
    says(
        &bare,
        &["whether anybody answers there is not in this upload", "nslookup bare"],
        &["targetPort", "curl", "endpointslices"],
    );
    let alias = inspector(NAMES, "alias.default:81").await;
    says(
        &alias,
        &["is another name for Service ext", "The name of Service ext"],
        &["outside", "Nobody answers"],
    );
    says(
        &table(NAMES).await,
        &["db.example.com: A host outside the cluster"],
        &["Nobody answers", "inside the cluster "],
    );
}

#[tokio::test]
async fn what_a_proxy_makes_of_a_name_is_up_to_it() {
    for (at, who) in [("ingress:a.example.com/", "its controller"), ("gateway:g.example.com/", "the Gateway")]
    {
        let told = inspector(NAMES, at).await;
        let whether =
            format!("Whether {who} takes a Service that is only another name, and which port it dials there");
        says(&told, &[&whether, "db.example.com"], &["sends them to the endpoints", "The client dials"]);
        says(&told, &[], &NOTHING);
    }
}

const HEADLESS: &str = "
---
{apiVersion: v1, kind: Service, metadata: {name: hl}, spec: {clusterIP: None, trafficDistribution: PreferClose, selector: {app: w},
  ports: [{port: 80, targetPort: 5432}, {name: n, port: 81, targetPort: pg}, {name: u, port: 82, targetPort: 53, protocol: UDP}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: lost}, spec: {clusterIP: None, selector: {app: w}, ports: [{port: 80, targetPort: none}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: mixed}, spec: {clusterIP: None, selector: {in: both}, ports: [{port: 80, targetPort: http}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {in: both}}, spec: {containers: [{name: c, image: x, ports: [{name: http, containerPort: 8080}]}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: b, labels: {in: both}}, spec: {containers: [{name: c, image: x, ports: [{name: http, containerPort: 3000}]}]}}
";

#[tokio::test]
async fn a_headless_port_is_told_by_what_clients_dial() {
    let text = format!("{HEADLESS}{PODS}");
    for (at, title, dialled) in [
        ("hl.default:80", "hl.default:5432", Some("http://hl:5432/")),
        ("hl.default:81", "hl.default:5432", Some("http://hl:5432/")),
        ("hl.default:82/udp", "hl.default:53/udp", None),
        ("mixed.default:80", "mixed.default:3000 or :8080", Some("http://mixed:3000/")),
        ("lost.default:80", "lost.default:80", None),
    ] {
        let page = page(&text, at).await;
        let told = inspector(&text, at).await;
        assert_eq!(between(between_tags(&page), "<h2>", "</h2>"), title, "{at}");
        says(
            &told,
            dialled.as_slice(),
            &["% of the connections", "prefers pods near", "http://hl:80/", "http://lost"],
        );
    }
    says(&inspector(&text, "hl.default:80").await, &["reaches 3 pods, of which the client chooses one"], &[]);
    says(&inspector(&text, "lost.default:80").await, &["reaches nobody"], &["curl"]);
    let traced = looking_at(&text, "trace", "hl:5432").await;
    let traced = between(&traced, "<aside id=\"inspector\"", "</aside>");
    says(&traced, &["the client chooses one", "http://hl:5432/"], &[" %", "share unknown"]);
}

/// The inspector with its tags.
fn between_tags(page: &str) -> &str {
    page.split_once("<aside id=\"inspector\"").unwrap().1
}

#[tokio::test]
async fn that_nobody_answers_is_said_where_it_is_known() {
    const TEXT: &str = "
---
{apiVersion: v1, kind: Service, metadata: {name: kubernetes, namespace: default}, spec: {clusterIP: 10.96.0.1, ports: [{port: 443, targetPort: 6443}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: wrong}, spec: {selector: {app: 1}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: list}, spec: {selector: [app], ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: elsewhere}, spec: {selector: {only: here}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: carts}, spec: {selector: {app: carts}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: cart, labels: {app: cart}}, spec: {containers: [{name: c, image: x, ports: [{containerPort: 80}]}]}}
";
    const ENDED: &str = "
---
{apiVersion: v1, kind: Service, metadata: {name: ended}, spec: {clusterIP: None, selector: {job: one}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: one, labels: {job: one}}, spec: {containers: [{name: c, image: x}]}, status: {phase: Succeeded, podIP: 10.0.0.9}}
";
    let text = format!("{TEXT}{PODS}");
    let unknown = "whether anybody answers is not in this upload";
    for (at, known) in [
        (
            "kubernetes.default:443",
            [unknown, "endpoints kept by the API server", "the API server itself keeps its endpoints"],
        ),
        (
            "elsewhere.default:80",
            [
                unknown,
                "no pod in this upload",
                "No pod of namespace \"default\" in this upload has a label \"only\"",
            ],
        ),
    ] {
        let told = inspector(&text, at).await;
        says(&told, &known, &["obody answers", "by hand", "reaches nobody"]);
    }
    // Kubernetes refuses these, so there is nobody to answer for them.
    for (at, why) in [
        ("wrong.default:80", "\"app\" is the number 1, where Kubernetes wants text"),
        ("list.default:80", "spec.selector is a list, where Kubernetes wants a map"),
    ] {
        let told = inspector(&text, at).await;
        says(&told, &["reaches nobody", "the selector cannot be read", why], &["by hand", unknown]);
    }
    says(&inspector(&text, "carts.default:80").await, &["reaches nobody", "nobody answers"], &[unknown]);
    let table = table(&text).await;
    says(
        &table,
        &["endpoints kept by the API server: Service kubernetes has no selector"],
        &["Nobody answers."],
    );
    let ended = inspector(ENDED, "ended.default").await;
    says(&ended, &["nobody answers", "No pod of Service ended runs with an address"], &[unknown]);
}

#[tokio::test]
async fn clients_inside_go_through_balancers_that_nodes_do_not_know() {
    let local = "For clients inside the cluster it works as under Cluster, with the pods of all nodes.";
    let through = "It is a name without an IP: clients inside the cluster go through it too.";
    let proxy = "Its ipMode is Proxy: clients inside the cluster go through it too.";
    for (ingress, these, not_these) in [
        ("{ip: 203.0.113.9}", vec![local], vec![through, proxy, "203.0.113.9: "]),
        ("{ip: 203.0.113.9, ipMode: Proxy}", vec![proxy], vec![local, through]),
        ("{hostname: lb.example.com}", vec![through], vec![local, proxy]),
        ("{ip: 203.0.113.9, hostname: lb.example.com}", vec![local], vec![through]),
        (
            "{ip: 203.0.113.9}, {hostname: lb.example.com}",
            vec!["203.0.113.9: For clients inside", "lb.example.com: It is a name without an IP"],
            vec![proxy],
        ),
        ("", vec!["if it is given an IP, and go through it if a name"], vec![local, through, proxy]),
    ] {
        let text = format!(
            "---
{{apiVersion: v1, kind: Service, metadata: {{name: lb}}, spec: {{type: LoadBalancer, externalTrafficPolicy: Local,
              selector: {{app: w}}, ports: [{{port: 80, targetPort: 5432}}]}}, status: {{loadBalancer: {{ingress: [{ingress}]}}}}}}\n{PODS}"
        );
        says(&inspector(&text, "lb:lb.default:80").await, &these, &not_these);
    }
}

#[tokio::test]
async fn what_to_run_speaks_as_the_port_does() {
    const TEXT: &str = "
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: NodePort, ports: [{name: a, port: 443, nodePort: 30443}, {name: https-b, port: 8443},
  {name: c, port: 80, appProtocol: https}, {name: d, port: 8080, nodePort: 30080}]}}
";
    for (at, runs) in [
        ("web.default:443", &["curl -kv https://web:443/", "curl -kv https://NODE:30443/"][..]),
        ("web.default:8443", &["curl -kv https://web:8443/"]),
        ("web.default:80", &["curl -kv https://web:80/"]),
        ("web.default:8080", &["curl -v http://web:8080/", "curl -v http://NODE:30080/"]),
    ] {
        says(&inspector(TEXT, at).await, runs, &[]);
    }
}

#[tokio::test]
async fn selected_pods_without_an_ip_are_told_beside_those_that_answer() {
    let pod = |name: &str, port: &str, status: &str| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{app: web}}}}\n\
             spec: {{containers: [{{name: c, image: i, ports: [{{name: {port}, containerPort: 8080}}]}}]}}\n\
             status: {status}\n"
        )
    };
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n\
        spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}\n";
    let answering = pod(
        "answers",
        "http",
        "{phase: Running, podIP: 10.0.0.1, conditions: [{type: Ready, status: \"True\"}]}",
    );
    let rest = pod("waits", "http", "{phase: Pending}")
        + &pod("other", "metrics", "{phase: Pending}")
        + &pod("ended", "http", "{phase: Succeeded}");
    let text = format!("{service}{answering}{rest}");
    let waits = "Pod waits: it is selected, and no endpoint until it has an IP.";
    let told = inspector(&text, "web.default:80").await;
    says(
        &told,
        &["no IP yet", waits, "Pod other: no container port is named"],
        &["Pod other: it is selected", "Pod ended"],
    );
    let traced = looking_at(&text, "trace", "web:80").await;
    let words = "Reaches 1 pod. 1 more pod has no IP yet and gets none. 1 more pod has no port of this name and gets none.";
    says(&traced, &[words], &[]);
    // Where nobody answers, why is told once.
    let told = inspector(&format!("{service}{rest}"), "web.default:80").await;
    says(&told, &[], &[waits]);
}
