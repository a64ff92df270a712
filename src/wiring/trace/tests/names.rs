//! Names of the cluster's DNS: those of pods, those of ports, and those that are other names.

use super::told;

/// Pods with names of their own, from every place that they may be said in.
const NAMED: &str = "---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: None, selector: {app: web}, ports: [{name: http, port: 80}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: web}}, spec: {hostname: one, subdomain: web}}
---
{apiVersion: v1, kind: Pod, metadata: {name: b, labels: {app: web}}, spec: {hostname: two, subdomain: other}}
---
{apiVersion: v1, kind: Pod, metadata: {name: c, labels: {app: web}}, spec: {subdomain: web}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {replicas: 2,
  template: {metadata: {labels: {app: web}}, spec: {hostname: four, subdomain: web}}}}
---
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: e}, spec: {replicas: 2, serviceName: other, ordinals: {start: 3},
  template: {metadata: {labels: {app: web}}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: old}, spec: {clusterIP: None, ports: [{name: http, port: 80}]}}
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: old-1, labels: {kubernetes.io/service-name: old}}, addressType: IPv4,
  endpoints: [{addresses: [192.0.2.1], hostname: first}, {addresses: [192.0.2.2]}], ports: [{name: http, port: 8080}]}
---
{apiVersion: v1, kind: Service, metadata: {name: alias}, spec: {type: ExternalName, externalName: web.default.svc.cluster.local}}
---
{apiVersion: v1, kind: Service, metadata: {name: away}, spec: {type: ExternalName, externalName: web.other.svc.cluster.local}}
---
{apiVersion: v1, kind: Service, metadata: {name: ring}, spec: {type: ExternalName, externalName: ring.default.svc.cluster.local.}}
---
{apiVersion: v1, kind: Service, metadata: {name: api}, spec: {selector: {app: web}, ports: [{name: http, port: 80}, {name: dns, port: 53, protocol: UDP}]}}
";

#[test]
fn pods_have_the_names_that_they_ask_for() {
    for (to, comes_to) in [
        ("one.web.default:80", "one web.default [0]80 > 1 a:80 1/1"),
        ("One.web.default.svc.cluster.local:80", "one web.default [0]80 > 1 a:80 1/1"),
        // Its subdomain is another Service's name.
        ("two.web.default:80", "two web.default [0]80 > NoPodName"),
        // A subdomain alone is no name, and a Pod's own name none either.
        ("c.web.default:80", "c web.default [0]80 > NoPodName"),
        ("a.web.default:80", "a web.default [0]80 > NoPodName"),
        ("four.web.default:80", "four web.default [0]80 > 2 pods:80 Client"),
        ("e-3.web.default:80", "e-3 web.default [0]80 > NoPodName"),
        ("first.old.default:8080", "first old.default [0]80 > 1 192.0.2.1:8080 1/1"),
        // Whoever has no name is called by its address, and whoever has one is not.
        ("192-0-2-2.old.default:8080", "192-0-2-2 old.default [0]80 > 1 192.0.2.2:8080 1/1"),
        ("192-0-2-1.old.default:8080", "192-0-2-1 old.default [0]80 > NoPodName"),
    ] {
        assert_eq!(told(NAMED, to), comes_to, "{to}");
    }
}

#[test]
fn a_record_says_the_port() {
    for (to, comes_to) in [
        ("_http._tcp.api.default.svc.cluster.local", "api.default [0]80 > 6 pods"),
        ("_dns._udp.api.default", "api.default [1]53 > "),
        ("_HTTP._TCP.api", "api.default [0]80 > "),
        ("_http._udp.api", "api.default  > NoSuchRecord"),
        ("_grpc._tcp.api", "api.default  > NoSuchRecord"),
        ("_http._tcp.old.default", "old.default [0]80 > 1 192.0.2.1:8080 Client"),
        ("_http._tcp.alias.default", "alias.default  > NoSuchRecord"),
        ("_http._tcp.apy.default", "NoSuchService"),
        ("_http.api.default", "_http api.default  > NoPodName"),
    ] {
        let told = told(NAMED, to);
        assert!(told.starts_with(comes_to.trim_end_matches("6 pods")), "{to}: {told}");
    }
}

#[test]
fn another_name_is_followed_where_it_leads_back() {
    for (to, comes_to) in [
        ("one.alias.default:80", "one alias.default  > ExternalName"),
        ("away:80", "away.default  > ExternalName"),
    ] {
        assert_eq!(told(NAMED, to), comes_to, "{to}");
    }
    let alias = told(NAMED, "alias:80");
    assert!(alias.starts_with("alias.default  > web.default [0]80 > "), "{alias}");
    assert_eq!(told(NAMED, "ring:80"), "ring.default  > TooManyNames");
}

#[test]
fn a_probe_that_finds_no_port_keeps_pods_from_traffic() {
    let upload = |service: &str, container: &str| {
        format!(
            "---\n{{apiVersion: v1, kind: Service, metadata: {{name: web}}, spec: {{selector: {{app: web}}, ports: [{{port: 80}}]{service}}}}}\n---\n\
             {{apiVersion: v1, kind: Pod, metadata: {{name: a, labels: {{app: web}}}}, spec: {{containers: [{{name: a, ports: \
             [{{name: http, containerPort: 80}}], {container}}}]}}}}\n"
        )
    };
    let reached = "web.default [0]80 > 1 a:80 1/1";
    let never = "web.default [0]80 > Fault";
    for (service, container, comes_to) in [
        ("", "readinessProbe: {httpGet: {port: http}}", reached),
        ("", "readinessProbe: {httpGet: {port: htpp}}", never),
        ("", "readinessProbe: {tcpSocket: {port: htpp}}", never),
        ("", "startupProbe: {httpGet: {port: htpp}}", never),
        // The result is thrown away, so that nobody is killed by it.
        ("", "livenessProbe: {httpGet: {port: htpp}}", reached),
        // A number needs no declaration.
        ("", "readinessProbe: {httpGet: {port: 81}}", reached),
        ("", "readinessProbe: {grpc: {port: 81}}", reached),
        // The first action counts, and a command asks on no port.
        ("", "readinessProbe: {exec: {command: [x]}, httpGet: {port: htpp}}", reached),
        (", publishNotReadyAddresses: true", "readinessProbe: {httpGet: {port: htpp}}", reached),
    ] {
        assert_eq!(told(&upload(service, container), "web:80"), comes_to, "{container}");
    }
}

#[test]
fn names_in_a_ring_and_addresses_on_other_ports_lead_nowhere() {
    let text = "# flow
{apiVersion: v1, kind: Service, metadata: {name: one}, spec: {type: ExternalName, externalName: two.default.svc.cluster.local}}
---
{apiVersion: v1, kind: Service, metadata: {name: two}, spec: {type: ExternalName, externalName: one.default.svc.cluster.local}}
---
{apiVersion: v1, kind: Service, metadata: {name: api}, spec: {clusterIP: None, ports: [{port: 443}]}}
---
{apiVersion: v1, kind: Endpoints, metadata: {name: api}, subsets: [{addresses: [{ip: 10.2.3.4}], ports: [{port: 6443}]}]}
";
    for (to, comes_to) in [
        ("one:80", "one.default  > two.default  > TooManyNames"),
        ("api:443", "api.default [0]443 > NoSuchPort"),
        ("api:6443", "api.default [0]443 > 1 10.2.3.4:6443 1/1"),
    ] {
        assert_eq!(told(text, to), comes_to, "{to}");
    }
}
