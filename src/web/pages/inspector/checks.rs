//! Commands that show the same in a cluster.

use super::Teller;
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
        checks.extend(node_port.map(|written| format!("curl -v http://NODE:{}/", written.value)));
        let dialled = if service.is_headless() {
            wired.numbers(service, index).first().copied()
        } else {
            Some(port.port.value)
        };
        checks.extend(
            dialled.map(|number| run(&format!("curlimages/curl -- curl -v http://{name}:{number}/"))),
        );
        checks
    }
}
