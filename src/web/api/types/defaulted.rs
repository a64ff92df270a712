//! The spec of a Service as Kubernetes defaults it, before anything is allocated.
//!
//! <https://github.com/kubernetes/kubernetes/blob/v1.34.1/pkg/apis/core/v1/defaults.go> (`SetDefaults_Service`)

use serde_json::{Map, Value, json};

use crate::kinds::fields::Written;
use crate::kinds::service::{Service, ServicePort};
use crate::port::TargetPort;

/// Fields that are pointers in Kubernetes: an empty text in them is not the same as none.
const POINTERS: [&str; 4] =
    ["ipFamilyPolicy", "internalTrafficPolicy", "loadBalancerClass", "trafficDistribution"];

/// The defaulted spec; what is empty is left out, as Kubernetes leaves it out.
pub(super) fn spec(service: &Service) -> Value {
    let mut spec = Map::new();
    let kind = service.service_type.value.as_str();
    let external = matches!(kind, "NodePort" | "LoadBalancer")
        || (kind == "ClusterIP" && !service.external_ips.is_empty());
    let affinity = written(service.session_affinity.as_ref()).unwrap_or("None");
    let mut put = |key: &str, value: Value| {
        let empty = match &value {
            Value::Null => true,
            Value::String(text) => text.is_empty() && !POINTERS.contains(&key),
            Value::Array(items) => items.is_empty(),
            Value::Object(map) => map.is_empty(),
            _ => false,
        };
        if !empty {
            spec.insert(key.to_owned(), value);
        }
    };
    put("ports", service.ports.iter().map(port).collect());
    put(
        "selector",
        service.selector.0.pairs().map(|(key, value)| (key.to_owned(), Value::from(value))).collect(),
    );
    put("clusterIP", json!(service.cluster_ip.value));
    put("clusterIPs", texts(&service.cluster_ips));
    put("type", json!(kind));
    put("externalIPs", texts(&service.external_ips));
    put("sessionAffinity", json!(affinity));
    put("loadBalancerIP", json!(service.load_balancer_ip.value));
    put("loadBalancerSourceRanges", texts(&service.source_ranges));
    put("externalName", json!(service.external_name.value));
    let policy = written(service.external_traffic_policy.as_ref());
    put("externalTrafficPolicy", json!(policy.or(external.then_some("Cluster"))));
    let health = service.health_check_node_port.as_ref().map(|port| port.value).filter(|port| *port != 0);
    put("healthCheckNodePort", json!(health));
    put("publishNotReadyAddresses", json!(service.publish_not_ready.then_some(true)));
    let timeout = service.session_affinity_timeout.as_ref().map(|seconds| seconds.value);
    if affinity == "ClientIP" {
        // The API server's own default: three hours.
        let seconds = timeout.unwrap_or(10_800);
        put("sessionAffinityConfig", json!({"clientIP": {"timeoutSeconds": seconds}}));
    } else if let (Some(seconds), true) = (timeout, affinity != "None") {
        put("sessionAffinityConfig", json!({"clientIP": {"timeoutSeconds": seconds}}));
    }
    put("ipFamilies", texts(&service.ip_families));
    put("ipFamilyPolicy", json!(written(service.ip_family_policy.as_ref())));
    let allocate = service.allocate_node_ports.as_ref().map(|allocate| allocate.value);
    put("allocateLoadBalancerNodePorts", json!(allocate.or((kind == "LoadBalancer").then_some(true))));
    put("loadBalancerClass", json!(written(service.load_balancer_class.as_ref())));
    let inside = matches!(kind, "NodePort" | "LoadBalancer" | "ClusterIP").then_some("Cluster");
    put("internalTrafficPolicy", json!(written(service.internal_traffic_policy.as_ref()).or(inside)));
    put("trafficDistribution", json!(written(service.traffic_distribution.as_ref())));
    Value::Object(spec)
}

fn port(port: &ServicePort) -> Value {
    let mut out = Map::new();
    if !port.name.value.is_empty() {
        out.insert("name".to_owned(), json!(port.name.value));
    }
    out.insert("protocol".to_owned(), json!(port.protocol.value.as_str()));
    if let Some(protocol) = &port.app_protocol {
        out.insert("appProtocol".to_owned(), json!(protocol.value));
    }
    out.insert("port".to_owned(), json!(port.port.value));
    let target = match &port.target.value {
        TargetPort::Number(number) => json!(number),
        TargetPort::Name(name) => json!(name.as_str()),
    };
    out.insert("targetPort".to_owned(), target);
    if let Some(node_port) = &port.node_port {
        out.insert("nodePort".to_owned(), json!(node_port.value));
    }
    Value::Object(out)
}

fn texts(items: &[Written<String>]) -> Value {
    items.iter().map(|item| Value::from(item.value.as_str())).collect()
}

fn written(text: Option<&Written<String>>) -> Option<&str> {
    text.map(|written| written.value.as_str())
}
