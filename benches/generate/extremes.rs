//! What nobody should have and somebody has: each goes to the length in one direction.

use std::fmt::Write as _;

use super::pods::{pod, service};

/// The one port that all Pods here have.
fn http() -> [(String, usize); 1] {
    [("http".to_owned(), 8080)]
}

/// One Service that selects all Pods.
pub(super) fn one_selects_all(pods: usize) -> String {
    let mut text = String::new();
    service(&mut text, "web", 0, "web", "http");
    (0..pods).for_each(|at| pod(&mut text, &format!("web-{at}"), 0, "web", &http()));
    text
}

/// Services that all select the same Pod.
pub(super) fn all_select_one(services: usize) -> String {
    let mut text = String::new();
    (0..services).for_each(|at| service(&mut text, &format!("service-{at}"), 0, "web", "http"));
    pod(&mut text, "web", 0, "web", &http());
    text
}

/// One Service with so many ports, each of which is a name on the Pod.
pub(super) fn ports(ports: usize) -> String {
    let mut text =
        String::from("---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace: team-0\n");
    text.push_str("spec:\n  selector:\n    app: web\n  ports:\n");
    for at in 1..=ports {
        let _ = write!(text, "  - name: p-{at}\n    port: {at}\n    targetPort: p-{at}\n");
    }
    let declared: Vec<_> = (1..=ports).map(|at| (format!("p-{at}"), 10_000 + at)).collect();
    pod(&mut text, "web", 0, "web", &declared);
    text
}

/// Namespaces, each with a Service and a Pod of the same names.
pub(super) fn namespaces(namespaces: usize) -> String {
    let mut text = String::new();
    for team in 0..namespaces {
        let _ = write!(text, "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: team-{team}\n");
        service(&mut text, "web", team, "web", "http");
        pod(&mut text, "web", team, "web", &http());
    }
    text
}

/// So many Services and ten times as many Pods, all with the same labels: everybody selects everybody.
pub(super) fn equal_labels(services: usize) -> String {
    let mut text = String::new();
    (0..services).for_each(|at| service(&mut text, &format!("service-{at}"), 0, "web", "http"));
    (0..services * 10).for_each(|at| pod(&mut text, &format!("web-{at}"), 0, "web", &http()));
    text
}

/// Services none of which reaches anybody: a letter is wrong in the selectors of one half and in the target ports of the other.
pub(super) fn broken_names(services: usize) -> String {
    let mut text = String::new();
    for at in 0..services {
        let (app, target) = if at % 2 == 0 { ("bakcend", "http") } else { ("backend", "htpp") };
        service(&mut text, &format!("service-{at}"), 0, &format!("{app}-{at}"), target);
    }
    for at in 0..services * 10 {
        let app = format!("backend-{}", at % services);
        pod(&mut text, &format!("{app}-{at}"), 0, &app, &http());
    }
    text
}
