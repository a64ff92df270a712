//! What few Services say.

use crate::kinds::fields::{Fields, Written};
use crate::kinds::rare::Unsaid;
use crate::source::{Problem, Span};

/// What a Service says besides what most do; it is read as if it stood there.
#[derive(Debug, Clone, Default)]
pub struct ServiceRest {
    /// Whether `spec.selector` is not what Kubernetes takes, so that nobody knows whom it selects.
    pub selector_is_refused: bool,
    /// `spec.clusterIPs`.
    pub cluster_ips: Vec<Written<String>>,
    /// `spec.externalName`.
    pub external_name: Written<String>,
    /// `spec.externalIPs`.
    pub external_ips: Vec<Written<String>>,
    /// `spec.ipFamilies`.
    pub ip_families: Vec<Written<String>>,
    /// `spec.ipFamilyPolicy`.
    pub ip_family_policy: Option<Written<String>>,
    /// `spec.publishNotReadyAddresses`.
    pub publish_not_ready: bool,
    /// `spec.allocateLoadBalancerNodePorts`, which is true unless it says otherwise.
    pub allocate_node_ports: Option<Written<bool>>,
    /// `spec.externalTrafficPolicy`.
    pub external_traffic_policy: Option<Written<String>>,
    /// `spec.internalTrafficPolicy`.
    pub internal_traffic_policy: Option<Written<String>>,
    /// `spec.sessionAffinity`.
    pub session_affinity: Option<Written<String>>,
    /// `spec.sessionAffinityConfig.clientIP.timeoutSeconds`.
    pub session_affinity_timeout: Option<Written<i32>>,
    /// `spec.loadBalancerIP`.
    pub load_balancer_ip: Written<String>,
    /// `spec.loadBalancerClass`.
    pub load_balancer_class: Option<Written<String>>,
    /// `spec.loadBalancerSourceRanges`.
    pub source_ranges: Vec<Written<String>>,
    /// `spec.healthCheckNodePort`.
    pub health_check_node_port: Option<Written<i32>>,
    /// `spec.trafficDistribution`.
    pub traffic_distribution: Option<Written<String>>,
    /// `status.loadBalancer.ingress`: addresses and host names.
    pub load_balancer: Vec<BalancerAddress>,
}

/// An address of a load balancer, from status.
#[derive(Debug, Clone, Default)]
pub struct BalancerAddress {
    /// The address or host name.
    pub value: String,
    /// Where it stands.
    pub span: Option<Span>,
    /// Whether `ipMode` is `Proxy`: even from inside the cluster, traffic goes through the balancer itself.
    ///
    /// <https://kubernetes.io/docs/concepts/services-networking/service/#load-balancer-ip-mode>
    pub is_proxy: bool,
    /// Whether its entry has no IP, so that nodes do not know its address as the balancer's.
    ///
    /// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/proxy/serviceport.go> (`newBaseServiceInfo`)
    pub is_name_alone: bool,
}

impl ServiceRest {
    pub(super) fn read(
        load_balancer: Vec<BalancerAddress>,
        selector_is_refused: bool,
        spec: &Fields<'_, '_>,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        const FIELDS: [&str; 16] = [
            "clusterIPs",
            "externalName",
            "externalIPs",
            "ipFamilies",
            "ipFamilyPolicy",
            "publishNotReadyAddresses",
            "allocateLoadBalancerNodePorts",
            "externalTrafficPolicy",
            "internalTrafficPolicy",
            "sessionAffinity",
            "sessionAffinityConfig",
            "loadBalancerIP",
            "loadBalancerClass",
            "loadBalancerSourceRanges",
            "healthCheckNodePort",
            "trafficDistribution",
        ];
        if load_balancer.is_empty() && !selector_is_refused && !FIELDS.iter().any(|field| spec.has(field)) {
            return None;
        }
        Some(Self {
            selector_is_refused,
            cluster_ips: spec.strings("clusterIPs", problems),
            external_name: spec.text("externalName", problems),
            external_ips: spec.strings("externalIPs", problems),
            ip_families: spec.strings("ipFamilies", problems),
            ip_family_policy: spec.string("ipFamilyPolicy", problems),
            publish_not_ready: spec.boolean("publishNotReadyAddresses", problems).is_some_and(|b| b.value),
            allocate_node_ports: spec.boolean("allocateLoadBalancerNodePorts", problems),
            external_traffic_policy: non_empty(spec.string("externalTrafficPolicy", problems)),
            internal_traffic_policy: spec.string("internalTrafficPolicy", problems),
            session_affinity: non_empty(spec.string("sessionAffinity", problems)),
            session_affinity_timeout: spec.map("sessionAffinityConfig", problems, |config, problems| {
                config.map("clientIP", problems, |client, problems| client.int32("timeoutSeconds", problems))
            }),
            load_balancer_ip: spec.text("loadBalancerIP", problems),
            load_balancer_class: spec.string("loadBalancerClass", problems),
            source_ranges: spec.strings("loadBalancerSourceRanges", problems),
            health_check_node_port: spec.int32("healthCheckNodePort", problems),
            traffic_distribution: spec.string("trafficDistribution", problems),
            load_balancer,
        })
    }
}

impl Unsaid for ServiceRest {
    const UNSAID: &'static Self = &Self {
        selector_is_refused: false,
        cluster_ips: Vec::new(),
        external_name: Written { value: String::new(), span: None },
        external_ips: Vec::new(),
        ip_families: Vec::new(),
        ip_family_policy: None,
        publish_not_ready: false,
        allocate_node_ports: None,
        external_traffic_policy: None,
        internal_traffic_policy: None,
        session_affinity: None,
        session_affinity_timeout: None,
        load_balancer_ip: Written { value: String::new(), span: None },
        load_balancer_class: None,
        source_ranges: Vec::new(),
        health_check_node_port: None,
        traffic_distribution: None,
        load_balancer: Vec::new(),
    };
}

/// `loadBalancer.ingress` of a status: addresses and host names.
pub(in crate::kinds) fn read_load_balancer(
    status: &Fields<'_, '_>,
    problems: &mut Vec<Problem>,
) -> Vec<BalancerAddress> {
    status.map("loadBalancer", problems, |balancer, problems| {
        let addresses = balancer.list("ingress", problems, |ingress, problems| {
            let is_proxy = ingress.text("ipMode", problems).value == "Proxy";
            let ip = non_empty(ingress.string("ip", problems));
            let host = non_empty(ingress.string("hostname", problems));
            let is_name_alone = ip.is_none();
            let known = [ip, host].into_iter().flatten();
            let address = |at: Written<String>| BalancerAddress {
                value: at.value,
                span: at.span,
                is_proxy,
                is_name_alone,
            };
            known.map(address).collect::<Vec<_>>()
        });
        addresses.into_iter().flatten().collect()
    })
}

fn non_empty(written: Option<Written<String>>) -> Option<Written<String>> {
    written.filter(|written| !written.value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{self, Object, Reading};
    use crate::source::split::{self, Content};
    use crate::source::{Arena, SourceFile};

    /// A Service of which these lines are all that it says.
    fn service(lines: &str) -> String {
        let text = format!("apiVersion: v1\nkind: Service\n{lines}\n");
        let (file, arena) = (SourceFile::new("-", text.into_bytes()), Arena::new());
        let mut readings =
            split::documents(0, &file, &arena).into_iter().flat_map(|document| match document.content {
                Content::Tree(root) => kinds::read(&root).readings,
                _ => Vec::new(),
            });
        match readings.next() {
            Some(Reading::Object(Object::Service(service))) => format!("{:?}", **service),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn whatever_a_service_says_alone_is_read() {
        let unsaid = format!("{:?}", ServiceRest::UNSAID);
        assert_eq!(service("spec: {type: ClusterIP, clusterIP: 10.0.0.1, ports: [{port: 80}]}"), unsaid);
        for lines in [
            "spec: {clusterIPs: [10.0.0.1]}",
            "spec: {externalName: example.com}",
            "spec: {externalIPs: [192.0.2.1]}",
            "spec: {ipFamilies: [IPv4]}",
            "spec: {ipFamilyPolicy: SingleStack}",
            "spec: {publishNotReadyAddresses: true}",
            "spec: {allocateLoadBalancerNodePorts: false}",
            "spec: {externalTrafficPolicy: Local}",
            "spec: {internalTrafficPolicy: Local}",
            "spec: {sessionAffinity: ClientIP}",
            "spec: {sessionAffinityConfig: {clientIP: {timeoutSeconds: 1}}}",
            "spec: {loadBalancerIP: 192.0.2.1}",
            "spec: {loadBalancerClass: example.com/class}",
            "spec: {loadBalancerSourceRanges: [192.0.2.0/24]}",
            "spec: {healthCheckNodePort: 30000}",
            "spec: {trafficDistribution: PreferClose}",
            "status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}",
        ] {
            let said = service(lines);
            assert!(said.starts_with("ServiceRest") && said != unsaid, "{lines}: {said}");
        }
    }
}
