mod names;
mod pods;
mod routes;

use super::*;
use crate::wiring::{Origin, PortFault, sample, wire};

/// Two namespaces, every sort of Service, two nodes.
const SHOP: &str = "
kind: Node
apiVersion: v1
metadata: {name: worker-1}
status: {addresses: [{type: InternalIP, address: 192.168.1.2}, {type: Hostname, address: Worker-1.lan}]}
---
{apiVersion: v1, kind: Node, metadata: {name: worker-2}, status: {addresses: [{type: InternalIP, address: fd00::2}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {type: NodePort, clusterIP: 10.96.0.20,
  externalIPs: [192.168.1.2], selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 3, template: {metadata: {labels: {app: web}}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: dns, namespace: shop}, spec: {type: LoadBalancer, clusterIP: 'fd00:1::a', selector: {app: web},
  ports: [{name: u, protocol: UDP, port: 53, nodePort: 30053}, {name: t, port: 53, nodePort: 30053}, {name: m, port: 9153}]},
  status: {loadBalancer: {ingress: [{ip: 203.0.113.7}, {hostname: lb-1.example.com}]}}}
---
{apiVersion: v1, kind: Service, metadata: {name: mail, namespace: shop}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 25}]},
  status: {loadBalancer: {ingress: [{ip: 203.0.113.7}]}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: test}, spec: {selector: {app: web}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: db, namespace: shop}, spec: {clusterIP: None, selector: {app: db}, ports: [{port: 80, targetPort: pg}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: bare, namespace: shop}, spec: {clusterIP: None, selector: {app: db}}}
---
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {replicas: 2, serviceName: db,
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: pg, ports: [{name: pg, containerPort: 5432}]}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: mirror, namespace: shop}, spec: {type: ExternalName, externalName: example.org}}
";

fn read(text: &str) -> (Cluster, Wiring) {
    let cluster = sample::cluster(text);
    let wiring = wire(&cluster);
    (cluster, wiring)
}

/// What an address comes to, in a line: steps, ends with their shares, or why nothing.
fn told(text: &str, to: &str) -> String {
    let (cluster, wiring) = &read(text);
    in_words(cluster, wiring, &trace(cluster, wiring, &to.parse().expect("an address")), to)
}

fn in_words(cluster: &Cluster, wiring: &Wiring, trace: &Trace, to: &str) -> String {
    let name = |id: usize| {
        let meta = &cluster.services[id].meta;
        format!("{}.{}", meta.name.value, meta.namespace)
    };
    let mut words: Vec<String> = Vec::new();
    for hop in &trace.hops {
        assert!(hop.around.is_some() || hop.mark.is_some(), "{to}: a hop without a place");
        words.push(match &hop.step {
            Step::Node { node, port, assumed, .. } => {
                let node = node.map_or("node", |node| cluster.nodes[node].meta.name.value.as_str());
                format!("{node}:{port}{}", if *assumed { "?" } else { "" })
            }
            Step::HostPort { node, port, .. } => {
                let node = node.map_or("node", |node| cluster.nodes[node].meta.name.value.as_str());
                format!("{node}:{port} by pods")
            }
            Step::LoadBalancer { address, port } => format!("lb {address}:{port}"),
            Step::ExternalIp { address, port } => format!("ip {address}:{port}"),
            Step::Route { route, others, passed_over, .. } => {
                let others = if others.is_empty() { "" } else { "+" };
                let over = if *passed_over { "?" } else { "" };
                let route = &wiring.routes.all[*route];
                let place = match route.origin {
                    Origin::Path { path, .. } => path.to_string(),
                    Origin::Rule { rule, matched, .. } => format!("{rule}.{matched}"),
                };
                format!("{}[{place}]{others}{over}", route.meta(cluster).name.value)
            }
            Step::Service { service, port, pod, .. } => {
                let port = port.map_or(String::new(), |port| {
                    format!("[{port}]{}", cluster.services[*service].ports[port].port.value)
                });
                format!(
                    "{}{} {port}",
                    pod.as_ref().map_or(String::new(), |pod| format!("{pod} ")),
                    name(*service)
                )
            }
            Step::Pod(end) => {
                let end = &trace.ends[*end];
                let pods = end.answer.who.replicas(cluster);
                let who = end
                    .answer
                    .who
                    .pods()
                    .map_or_else(|| Some(end.answer.addresses.join(",")), |picked| picked.pod_name(cluster));
                let who = who.unwrap_or_else(|| "pods".to_owned());
                match trace.shares {
                    Shares::OneIn(one_in) => format!("{pods} {who}:{} 1/{one_in}", end.port),
                    Shares::Unknown(why) => format!("{pods} {who}:{} {why:?}", end.port),
                }
            }
        });
    }
    for branch in &trace.branches {
        let (weight, of) = branch.weight;
        words.push(format!("{weight}/{of} {}", in_words(cluster, wiring, &branch.trace, to)));
    }
    if let Some(nothing) = trace.nothing.as_ref().filter(|_| trace.branches.is_empty()) {
        assert!(trace.ends.is_empty());
        words.push(format!("{nothing:?}").split([' ', '{', '(']).next().unwrap_or_default().to_owned());
    }
    words.join(" > ")
}

#[test]
fn addresses_come_to_services() {
    for (to, comes_to) in [
        ("node:30080", "node:30080 > web.shop [0]80 > 3 pods:8080 1/3"),
        ("worker-1:30080", "worker-1:30080 > web.shop [0]80 > 3 pods:8080 1/3"),
        ("worker-1.lan:30080", "worker-1:30080 > web.shop [0]80 > 3 pods:8080 1/3"),
        ("192.168.1.2:30080", "worker-1:30080 > web.shop [0]80 > 3 pods:8080 1/3"),
        ("[fd00::2]:30080", "worker-2:30080 > web.shop [0]80 > 3 pods:8080 1/3"),
        ("192.168.1.2:80", "ip 192.168.1.2:80 > web.shop [0]80 > 3 pods:8080 1/3"),
        ("http://192.168.1.2:30080/a", "worker-1:30080 > web.shop [0]80 > 3 pods:8080 1/3"),
        ("192.168.1.9:30080", "NoSuchAddress"),
        ("node:30053/udp", "node:30053 > dns.shop [0]53 > 3 pods:53 1/3"),
        ("node:30053", "node:30053 > dns.shop [1]53 > 3 pods:53 1/3"),
        ("node:30053/sctp", "node:30053 > WrongProtocol"),
        ("node:30081", "NoSuchNodePort"),
        ("10.96.0.20:80", "web.shop [0]80 > 3 pods:8080 1/3"),
        ("10.96.0.20", "web.shop [0]80 > 3 pods:8080 1/3"),
        ("10.96.0.20:8080", "web.shop  > NoSuchPort"),
        ("[fd00:1::a]:53/udp", "dns.shop [0]53 > 3 pods:53 1/3"),
        ("203.0.113.7:53", "lb 203.0.113.7:53 > dns.shop [1]53 > 3 pods:53 1/3"),
        ("203.0.113.7:25", "lb 203.0.113.7:25 > mail.shop [0]25 > 3 pods:25 1/3"),
        ("203.0.113.7:9153/udp", "dns.shop [2]9153 > WrongProtocol"),
        ("http://LB-1.example.com:9153/x", "lb lb-1.example.com:9153 > dns.shop [2]9153 > 3 pods:9153 1/3"),
        ("http://lb-1.example.com", "dns.shop  > NoSuchPort"),
        ("https://shop.example.com/cart", "NoSuchHost"),
        ("web.shop", "web.shop [0]80 > 3 pods:8080 1/3"),
        ("http://web.shop.svc/cart", "web.shop [0]80 > 3 pods:8080 1/3"),
        ("web.shop.svc.cluster.local:80", "web.shop [0]80 > 3 pods:8080 1/3"),
        ("web.shop.svc.cluster.local.", "web.shop [0]80 > 3 pods:8080 1/3"),
        ("web.shop:81", "web.shop  > NoSuchPort"),
        ("web.shop:80/udp", "web.shop [0]80 > WrongProtocol"),
        ("web", "SeveralServices"),
        ("mail", "mail.shop [0]25 > 3 pods:25 1/3"),
        ("dns", "dns.shop  > WhichPort"),
        ("dns/udp", "dns.shop [0]53 > 3 pods:53 1/3"),
        ("wbe.shop", "NoSuchService"),
        ("web.prod.svc", "NoSuchService"),
        ("web.test:80", "web.test [0]80 > Fault"),
        ("mirror.shop:443", "mirror.shop  > ExternalName"),
        ("db.shop:5432", "db.shop [0]80 > 2 pods:5432 Client"),
        ("db.shop", "db.shop [0]80 > 2 pods:5432 Client"),
        ("db.shop:80", "db.shop  > NoSuchPort"),
        ("db.shop:5432/udp", "db.shop  > WrongProtocol"),
        ("db-1.db.shop.svc:5432", "db-1 db.shop [0]80 > 1 db-1:5432 1/1"),
        ("db-1.db.shop:5432", "db-1 db.shop [0]80 > 1 db-1:5432 1/1"),
        ("db-1.db:5432", "db-1 db.shop [0]80 > 1 db-1:5432 1/1"),
        ("db-2.db.shop:5432", "db-2 db.shop [0]80 > NoPodName"),
        ("db-01.db.shop:5432", "db-01 db.shop [0]80 > NoPodName"),
        ("db-0.bare.shop:5432", "db-0 bare.shop  > NoPodName"),
        ("db-0.web.shop:80", "db-0 web.shop  > NoPodName"),
        ("bare.shop:9999", "bare.shop  > 2 pods:9999 Client"),
        ("bare.shop", "bare.shop  > WhichPort"),
        ("x.y.z.shop.svc", "NoSuchHost"),
    ] {
        assert_eq!(told(SHOP, to), comes_to, "{to}");
    }
}

/// A Service of these fields before Pods: name, node, ready, terminating.
fn dump(spec: &str, pods: &[(&str, &str, bool, bool)]) -> String {
    let mut text = format!(
        "---\n{{apiVersion: v1, kind: Service, metadata: {{name: web, annotations: {{service.kubernetes.io/topology-mode: \
         HINTS}}}}, spec: {{selector: {{a: b}}, ports: [{{port: 80, nodePort: 30080}}], {spec}}}}}\n"
    );
    for node in ["one", "two"] {
        text += &format!("---\n{{apiVersion: v1, kind: Node, metadata: {{name: {node}}}}}\n");
    }
    for (name, node, ready, terminating) in pods {
        let deleted = if *terminating { ", deletionTimestamp: '2026-01-01T00:00:00Z'" } else { "" };
        text += &format!(
            "---\n{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, labels: {{a: b}}{deleted}}}, spec: {{nodeName: '{node}'}}, \
             status: {{phase: Running, podIP: 10.0.0.1, conditions: [{{type: Ready, status: '{ready}'}}]}}}}\n"
        );
    }
    text.replace("status: 'true'", "status: 'True'").replace("status: 'false'", "status: 'False'")
}

#[test]
fn pods_share_by_readiness_policy_and_place() {
    let two = [("a", "one", true, false), ("b", "two", true, false)];
    let unplaced = [("a", "", true, false), ("b", "", true, false)];
    let node = "type: NodePort";
    let local = "type: NodePort, externalTrafficPolicy: Local";
    for (spec, pods, to, comes_to) in [
        (node, &two[..], "node:30080", "node:30080 > web.default [0]80 > 1 a:80 1/2 > 1 b:80 1/2"),
        (
            node,
            &[("a", "one", true, false), ("b", "two", false, false)],
            "web",
            "web.default [0]80 > 1 a:80 1/1",
        ),
        (node, &[("a", "", true, true), ("b", "", false, false)], "web", "web.default [0]80 > 1 a:80 1/1"),
        (node, &[("a", "", true, true), ("b", "", true, false)], "web", "web.default [0]80 > 1 b:80 1/1"),
        (node, &[("a", "", false, false)], "web", "web.default [0]80 > Fault"),
        (node, &[("a", "", false, true)], "web", "web.default [0]80 > Fault"),
        (local, &two, "one:30080", "one:30080 > web.default [0]80 > 1 a:80 1/1"),
        (
            local,
            &[("a", "one", true, false), ("b", "one", true, false)],
            "two:30080",
            "two:30080 > web.default [0]80 > NoLocalPod",
        ),
        (
            local,
            &two,
            "node:30080",
            "node:30080 > web.default [0]80 > 1 a:80 ExternalLocal > 1 b:80 ExternalLocal",
        ),
        (
            local,
            &unplaced,
            "one:30080",
            "one:30080 > web.default [0]80 > 1 a:80 ExternalLocal > 1 b:80 ExternalLocal",
        ),
        (local, &two, "web", "web.default [0]80 > 1 a:80 1/2 > 1 b:80 1/2"),
        (
            "internalTrafficPolicy: Local",
            &two,
            "web",
            "web.default [0]80 > 1 a:80 InternalLocal > 1 b:80 InternalLocal",
        ),
        (
            "trafficDistribution: PreferClose",
            &two,
            "web",
            "web.default [0]80 > 1 a:80 Distribution > 1 b:80 Distribution",
        ),
        ("trafficDistribution: PreferClose", &two[..1], "web", "web.default [0]80 > 1 a:80 1/1"),
        ("sessionAffinity: ClientIP", &two, "web", "web.default [0]80 > 1 a:80 1/2 > 1 b:80 1/2"),
        ("clusterIP: None", &[("a", "", true, true)], "web", "web.default [0]80 > Fault"),
        (
            "clusterIP: 10.96.0.1, clusterIPs: [10.96.0.1, 'fd00::1']",
            &two,
            "[fd00::1]:80",
            "web.default [0]80 > Fault",
        ),
    ] {
        assert_eq!(told(&dump(spec, pods), to), comes_to, "{spec} {pods:?} {to}");
    }
    let hinted = dump(node, &two).replace("HINTS", "Auto");
    assert_eq!(told(&hinted, "web"), "web.default [0]80 > 1 a:80 Topology > 1 b:80 Topology");
}

/// The policy `Local` where a load balancer asks, a workload is placed by its template, or addresses are on no node.
#[test]
fn local_traffic_stays_on_its_node() {
    let nodes = "{apiVersion: v1, kind: Node, metadata: {name: one, labels: {disk: ssd}}}\n---\n\
                 {apiVersion: v1, kind: Node, metadata: {name: two}}";
    let tainted = nodes.replace("{name: two}", "{name: two}, spec: {taints: [{effect: NoSchedule}]}");
    let only = "{apiVersion: v1, kind: Node, metadata: {name: one}}";
    let workload = |kind: &str, spec: &str| {
        format!(
            "{{apiVersion: apps/v1, kind: {kind}, metadata: {{name: web}}, spec: {{replicas: 2, template: {{metadata: \
             {{labels: {{a: b}}}}, spec: {{{spec}}}}}}}}}"
        )
    };
    let (daemon, anywhere) = (workload("DaemonSet", ""), workload("Deployment", ""));
    let on_ssd = workload("Deployment", "nodeSelector: {disk: ssd}");
    let choosy = workload("Deployment", "nodeSelector: {disk: ssd}, affinity: {nodeAffinity: {}}");
    let on_tape = workload("Deployment", "nodeSelector: {disk: tape}");
    let named = workload("Deployment", "nodeName: two");
    let slice = |node: &str| {
        format!(
            "{{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {{name: web-1, labels: \
             {{kubernetes.io/service-name: web}}}}, addressType: IPv4, ports: [{{port: 80}}], \
             endpoints: [{{addresses: [10.0.0.1]{node}}}]}}"
        )
    };
    let (homeless, at_one) = (slice(""), slice(", nodeName: one"));
    let outside =
        "type: LoadBalancer, externalTrafficPolicy: Local, externalIPs: [198.51.100.3], selector: {a: b}";
    let bare = "type: LoadBalancer, externalTrafficPolicy: Local, externalIPs: [198.51.100.3]";
    let (inside, bare_inside) =
        ("internalTrafficPolicy: Local, selector: {a: b}", "internalTrafficPolicy: Local");
    let lb = "203.0.113.7:80";
    for (spec, nodes, who, to, comes_to) in [
        (outside, nodes, &daemon, "two:30080", "1 pods:80 1/1"),
        (outside, &tainted, &daemon, "two:30080", "1 pods:80 ExternalLocal"),
        (outside, &tainted, &daemon, "one:30080", "1 pods:80 1/1"),
        (outside, nodes, &daemon, lb, "1 pods:80 ExternalLocal"),
        (outside, nodes, &anywhere, "one:30080", "2 pods:80 ExternalLocal"),
        (outside, nodes, &on_ssd, "one:30080", "2 pods:80 1/2"),
        (outside, nodes, &on_ssd, "two:30080", "NoLocalPod"),
        (outside, nodes, &on_ssd, "node:30080", "2 pods:80 ExternalLocal"),
        (outside, nodes, &on_ssd, lb, "2 pods:80 1/2"),
        (outside, nodes, &on_ssd, "198.51.100.3:80", "2 pods:80 ExternalLocal"),
        (outside, nodes, &choosy, lb, "2 pods:80 ExternalLocal"),
        (outside, nodes, &on_tape, lb, "NoLocalPod"),
        (outside, nodes, &named, "two:30080", "2 pods:80 1/2"),
        (outside, "", &named, lb, "2 pods:80 1/2"),
        (outside, "", &anywhere, lb, "2 pods:80 ExternalLocal"),
        (outside, only, &anywhere, "node:30080", "2 pods:80 1/2"),
        (bare, nodes, &homeless, "one:30080", "NoLocalPod"),
        (bare, "", &homeless, lb, "NoLocalPod"),
        (bare, nodes, &at_one, "one:30080", "1 10.0.0.1:80 1/1"),
        (bare, nodes, &at_one, lb, "1 10.0.0.1:80 1/1"),
        (inside, nodes, &on_ssd, "web", "2 pods:80 InternalLocal"),
        (inside, only, &anywhere, "web", "2 pods:80 1/2"),
        (bare_inside, nodes, &homeless, "web", "NoLocalPod"),
    ] {
        let service = format!(
            "{{apiVersion: v1, kind: Service, metadata: {{name: web}}, spec: {{ports: [{{port: 80, nodePort: 30080}}], {spec}}}, \
             status: {{loadBalancer: {{ingress: [{{ip: 203.0.113.7}}]}}}}}}"
        );
        let said = told(&format!("---\n{nodes}\n---\n{service}\n---\n{who}"), to);
        assert!(said.ends_with(&format!("web.default [0]80 > {comes_to}")), "{spec} {who} {to}: {said}");
    }
}

#[test]
fn pods_that_ended_are_no_reason() {
    let text = "# flow
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {a: b}, ports: [{port: 80, targetPort: http}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: done, labels: {a: b}}, status: {phase: Succeeded, podIP: 10.0.0.1}}
";
    let (_, wiring) = &read(text);
    let port = &wiring.services[0].ports[0];
    assert_eq!((port.unresolved.len(), port.nameless().count()), (1, 0));
    assert_eq!(wiring.services[0].fault(0), Some(PortFault::NoAddress));
}

#[test]
fn without_nodes_any_address_may_be_a_nodes() {
    let text = include_str!("../../../static/examples/node-port.yaml");
    for (to, comes_to) in [
        ("192.168.1.2:30008", "node:30008? > node-port-service.default [0]80 > 1 myapp-pod:80 1/1"),
        ("192.168.1.2:30009", "NoSuchAddress"),
        ("192.168.1.2", "NoSuchAddress"),
    ] {
        assert_eq!(told(text, to), comes_to, "{to}");
    }
}

#[test]
fn what_was_probably_meant_is_near() {
    let (cluster, wiring) = &read(SHOP);
    let near = |to: &str| {
        let trace = trace(cluster, wiring, &to.parse().expect("an address"));
        let service = |id: usize| cluster.services[id].meta.name.value.as_str();
        match trace.nothing {
            Some(Nothing::NoSuchNodePort { near: Some((id, port)), allocated }) => {
                format!("{} {port} {}", service(id), allocated.map_or("", service))
            }
            Some(Nothing::NoSuchService { near: Some(id), .. }) => service(id).to_owned(),
            Some(Nothing::NoSuchPort { service: id, near: Some(port) }) => format!("{} {port}", service(id)),
            other => format!("{other:?}"),
        }
    };
    for (to, expected) in [
        ("node:80", "web 0 "),
        // Of the protocol that is dialled.
        ("dns.shop:54", "dns 1"),
        ("dns.shop:54/udp", "dns 0"),
        ("node:30008", "web 0 dns"),
        ("node:30035", "dns 0 dns"),
        ("wbe.shop", "web"),
        ("mirror.test", "mirror"),
        ("web.shop:8080", "web 0"),
        ("dns.shop:9154", "dns 2"),
    ] {
        assert_eq!(near(to), expected, "{to}");
    }
}
