//! Pods that are dialled past every Service, ports on which kube-proxy answers, and terminating pods of one node.

use super::*;

const AGENTS: &str = "# flow
{apiVersion: v1, kind: Node, metadata: {name: worker-1}, status: {addresses: [{type: InternalIP, address: 192.168.1.2}]}}
---
{apiVersion: v1, kind: Node, metadata: {name: worker-2}, status: {addresses: [{type: InternalIP, address: 192.168.1.3}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: agent-1}, spec: {nodeName: worker-1, containers: [
  {name: agent, ports: [{containerPort: 8125, hostPort: 18125, protocol: UDP}, {containerPort: 80, hostPort: 8080}]}]},
  status: {phase: Running, podIP: 10.244.0.2}}
---
{apiVersion: v1, kind: Pod, metadata: {name: exporter}, spec: {hostNetwork: true, nodeName: worker-2, containers: [
  {name: exporter, ports: [{containerPort: 9100}]}]}, status: {phase: Running, podIP: 192.168.1.3}}
---
{apiVersion: v1, kind: Pod, metadata: {name: done}, spec: {nodeName: worker-2, containers: [{name: done}]},
  status: {phase: Succeeded, podIP: 10.244.0.9}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 32123,
  selector: {app: web}, ports: [{port: 80, nodePort: 30080}]},
  status: {loadBalancer: {ingress: [{ip: 203.0.113.7, hostname: lb.example.com}]}}}
---
{apiVersion: v1, kind: Service, metadata: {name: near}, spec: {internalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web-1, labels: {app: web}}, spec: {nodeName: worker-1},
  status: {phase: Running, podIP: 10.244.0.3, conditions: [{type: Ready, status: 'True'}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web-2, labels: {app: web}, deletionTimestamp: '2026-01-01T00:00:00Z'}, spec: {nodeName: worker-2},
  status: {phase: Running, podIP: 10.244.0.4, conditions: [{type: Ready, status: 'True'}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web-3, labels: {app: web}, deletionTimestamp: '2026-01-01T00:00:00Z'}, spec: {nodeName: worker-1},
  status: {phase: Running, podIP: 10.244.0.5, conditions: [{type: Ready, status: 'True'}]}}
";

#[test]
fn pods_are_dialled_past_services() {
    for (to, comes_to) in [
        ("10.244.0.2:8080", "1 agent-1:8080 1/1"),
        ("10.244.0.2", "WhichPodPort"),
        ("10.244.0.9:80", "NoSuchAddress"),
        ("192.168.1.2:18125/udp", "worker-1:18125 by pods > 1 agent-1:8125 1/1"),
        ("192.168.1.2:18125", "NoSuchNodePort"),
        ("worker-1:8080", "worker-1:8080 by pods > 1 agent-1:80 1/1"),
        ("worker-2:8080", "NoSuchNodePort"),
        ("node:8080", "node:8080 by pods > 1 agent-1:80 1/1"),
        ("192.168.1.3:9100", "worker-2:9100 by pods > 1 exporter:9100 1/1"),
        ("worker-1:32123", "HealthCheck"),
        ("http://lb.example.com", "lb lb.example.com:80 > web.default [0]80 > 1 web-1:80 1/1"),
        ("203.0.113.7:80", "lb 203.0.113.7:80 > web.default [0]80 > 1 web-1:80 1/1"),
    ] {
        assert_eq!(told(AGENTS, to), comes_to, "{to}");
    }
}

/// A dump, as most are, without Nodes.
const PLACED: &str = "# flow
{apiVersion: v1, kind: Pod, metadata: {name: web-1, labels: {app: web}}, spec: {nodeName: worker-1},
  status: {phase: Running, podIP: 10.244.0.3, conditions: [{type: Ready, status: 'True'}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: agent}, spec: {nodeName: worker-2, containers: [{name: agent, ports: [{containerPort: 9090, hostPort: 9090}]}]},
  status: {phase: Running, podIP: 10.244.1.3, conditions: [{type: Ready, status: 'True'}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, nodePort: 30080}]}}
";

#[test]
fn nodes_are_known_by_the_pods_that_run_there() {
    assert_eq!(told(PLACED, "worker-1:30080"), "node:30080 > web.default [0]80 > 1 web-1:80 1/1");
    assert_eq!(told(PLACED, "worker-2:9090"), "node:9090 by pods > 1 agent:9090 1/1");
    assert_eq!(told(PLACED, "worker-1:9090"), "NoSuchNodePort");
    assert_eq!(told(PLACED, "worker-3:30080"), "NoSuchService");
}

/// Two pods that each want the one node's port.
const CROWDED: &str = "# flow
{apiVersion: v1, kind: Node, metadata: {name: worker-1}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 2,
  template: {metadata: {labels: {app: web}}, spec: {hostNetwork: true, containers: [{name: web, ports: [{containerPort: 8080}]}]}}}}
";

#[test]
fn which_of_two_pods_has_the_port_of_a_node_is_not_known() {
    assert_eq!(told(CROWDED, "worker-1:8080"), "worker-1:8080 by pods > 2 pods:8080 HostPort");
}

#[test]
fn under_local_a_terminating_pod_serves_its_own_node_alone() {
    for (to, comes_to) in [
        ("near", "near.default [0]80 > 1 web-1:80 InternalLocal > 1 web-2:80 InternalLocal"),
        (
            "node:30080",
            "node:30080 > web.default [0]80 > 1 web-1:80 ExternalLocal > 1 web-2:80 ExternalLocal",
        ),
        ("worker-1:30080", "worker-1:30080 > web.default [0]80 > 1 web-1:80 1/1"),
        ("worker-2:30080", "worker-2:30080 > web.default [0]80 > 1 web-2:80 1/1"),
    ] {
        assert_eq!(told(AGENTS, to), comes_to, "{to}");
    }
}
