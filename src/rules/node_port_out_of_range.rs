//! A node port outside the range that the cluster hands out.

use crate::finding::{Finding, Severity, Stage};
use crate::port::NODE_PORT_RANGE;

use super::words;
use super::{Context, Rule, fixture};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "node-port-out-of-range",
    stage: Stage::Allocate,
    severity: Severity::Error,
    what: "A nodePort is outside 30000 to 32767, the range that clusters hand out unless set up otherwise.",
    why: "The manifest is valid, but the API server cannot allocate the port and refuses the Service. Clusters with \
          another --service-node-port-range accept other numbers.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport",
    check,
    fires: fixture!("node-port-out-of-range", "fires"),
    silent: fixture!("node-port-out-of-range", "silent"),
};

fn check(context: Context<'_>, findings: &mut Vec<Finding>) {
    for service in context.decoded().filter(|service| words::listens_on_nodes(service)) {
        for (place, port) in service.ports.iter().enumerate() {
            let Some(node_port) =
                port.node_port.as_ref().filter(|port| !NODE_PORT_RANGE.contains(&port.value))
            else {
                continue;
            };
            let number = node_port.value;
            findings.push(Finding {
                help: "write a number from 30000 to 32767, or leave nodePort out and let the cluster choose"
                    .to_owned(),
                short: format!("{number} is out of range"),
                field: Some(words::port_field(place, "nodePort")),
                ..words::found(
                    &RULE,
                    RULE.severity,
                    &service.meta,
                    node_port.span.unwrap_or(port.span),
                    format!("nodePort {number} is outside the default range 30000-32767"),
                )
            });
        }
    }
}
