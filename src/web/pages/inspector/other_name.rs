//! What is told of a Service that is only another name.

use super::{Hop, Teller};
use crate::wiring::names;

impl Teller<'_> {
    /// The ways to an `ExternalName`, and what its name resolves to: nothing listens there, and nothing is sent on.
    ///
    /// <https://kubernetes.io/docs/concepts/services-networking/service/#externalname>
    pub(super) fn other_name(&self, id: usize, port: Option<usize>, hops: &mut Vec<Hop>) {
        let (service, _) = self.service(id);
        let taken = self.route_taken();
        let is_routed = taken.is_some();
        let mut ways: Vec<Hop> = taken.into_iter().collect();
        if !is_routed {
            if !self.at.starts_with("in:") {
                ways.extend(self.routes(id, port));
            }
            let meta = &service.meta;
            let name = format!("{}.{}.svc", meta.name.value, meta.namespace);
            let why = "Inside the cluster this name resolves to another one, by a CNAME record.".to_owned();
            ways.push(self.hop(name, why, None, None));
        }
        self.one_of(ways, None, hops);
        let mut why = match names::alias(&self.analysis.cluster, service) {
            Some(alias) => {
                let other = &self.analysis.cluster.services[alias].meta.name.value;
                format!("The name of Service {other}, which answers on ports of its own.")
            }
            None => {
                "A host outside the cluster: whether anybody answers there is not in this upload.".to_owned()
            }
        };
        if !is_routed {
            why.push_str(" The client dials its own port there");
            why.push_str(match port {
                Some(_) => ", since there is no cluster IP, and port and targetPort are not applied.",
                None => ": there is no cluster IP.",
            });
        }
        let written = &service.external_name;
        hops.push(self.hop(written.value.clone(), why, Some(service.meta.span), written.span));
    }
}
