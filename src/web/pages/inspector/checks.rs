//! Commands that show the same in a cluster.

use super::Teller;
use crate::kinds::service::ServicePort;
use crate::port::Protocol;

impl Teller<'_> {
    /// What to run for a Service, and for a port of it where one was chosen.
    pub(super) fn checks(&self, id: usize, port: Option<usize>) -> Vec<String> {
        let (service, wired) = self.service(id);
        let (name, namespace) = (&service.meta.name.value, &service.meta.namespace);
        // Only what is a name goes into a command: anything else is not one that Kubernetes would take either.
        let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
        if !plain(name) || !plain(namespace) || name.is_empty() {
            return Vec::new();
        }
        let run = |what: &str| format!("kubectl run -n {namespace} --rm -it probe --image={what}");
        let mut checks = vec![if service.is_external_name() {
            // The image that Kubernetes' own pages ask names with.
            // <https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#using-stable-network-identities>
            run(&format!("busybox:1.28 -- nslookup {name}"))
        } else {
            format!("kubectl get endpointslices -n {namespace} -l kubernetes.io/service-name={name}")
        }];
        let Some(index) = port.filter(|index| service.ports[*index].protocol.value == Protocol::Tcp) else {
            return checks;
        };
        let port = &service.ports[index];
        let node_port = port.node_port.as_ref().filter(|_| service.has_node_ports());
        let curl = |host: &str, number: i32| {
            // No cluster's certificate is known to whoever asks from anywhere.
            let how = if is_https(port) { "curl -kv https" } else { "curl -v http" };
            format!("{how}://{host}:{number}/")
        };
        checks.extend(node_port.map(|written| curl("NODE", written.value)));
        let dialled = if service.is_headless() {
            wired.numbers(service, index).first().copied()
        } else {
            Some(port.port.value)
        };
        checks.extend(dialled.map(|number| run(&format!("curlimages/curl -- {}", curl(name, number)))));
        checks
    }
}

/// Whether a port speaks HTTPS, as far as it says so.
///
/// <https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol>
fn is_https(port: &ServicePort) -> bool {
    let said = port.app_protocol.as_ref().map(|written| written.value.as_str());
    let name = port.name.value.as_str();
    said.map_or(port.port.value == 443 || name == "https" || name.starts_with("https-"), |said| {
        said == "https"
    })
}
