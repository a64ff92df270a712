//! A node port outside the range that the cluster hands out.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::fields::Written;
use crate::kinds::service::Service;
use crate::port::NODE_PORT_RANGE;

use super::words;
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "node-port-out-of-range",
    stage: Stage::Allocate,
    severity: Severity::Error,
    what: "A nodePort or healthCheckNodePort is outside 30000 to 32767, the range that clusters hand out unless set up otherwise.",
    why: "The manifest is valid, but the API server cannot allocate the port and refuses the Service. Clusters with \
          another --service-node-port-range accept other numbers.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport",
    check,
    fires: fixture!("node-port-out-of-range", "fires"),
    silent: fixture!("node-port-out-of-range", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    for service in context.decoded() {
        let ports = service.ports.iter().enumerate().filter(|_| words::listens_on_nodes(service));
        for (place, port) in ports {
            let Some(node_port) = &port.node_port else { continue };
            let field = words::port_field(place, "nodePort");
            findings.extend(out_of_range(service, "nodePort", node_port, field));
        }
        if let Some(health) = service.health_check_node_port.as_ref().filter(|_| service.needs_health_check()) {
            let field = "spec.healthCheckNodePort".to_owned();
            findings.extend(out_of_range(service, "healthCheckNodePort", health, field));
        }
    }
}

fn out_of_range(service: &Service, key: &str, written: &Written<i32>, field: String) -> Option<Finding> {
    let number = written.value;
    // What is no port at all is refused before anything is allocated.
    if NODE_PORT_RANGE.contains(&number) || number == 0 || (key != "nodePort" && !words::is_port(number)) {
        return None;
    }
    Some(Finding {
        help: format!("write a number from 30000 to 32767, or leave {key} out and let the cluster choose"),
        short: format!("{number} is out of range"),
        field: Some(field),
        ..words::found(
            &RULE,
            RULE.severity,
            &service.meta,
            written.span,
            format!("{key} {number} is outside the default range 30000-32767"),
        )
    })
}
