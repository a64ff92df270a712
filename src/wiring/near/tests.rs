use super::*;
use crate::wiring::sample::cluster;

fn service(name: &str, app: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{selector: {{app: {app}}}, ports: [{{port: 80}}]}}\n"
    )
}

fn pod(name: &str, label: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{{label}}}}}\nspec: {{containers: [{{name: c, ports: [{{containerPort: 80}}]}}]}}\n"
    )
}

#[test]
fn a_service_is_held_against_so_many_pods_and_no_more() {
    let pods = 3 * CANDIDATES.0;
    let services = ALL_CANDIDATES / CANDIDATES.0;
    let of_services = (0..services).map(|at| service(&format!("s-{at}"), &format!("wbe-{at}")));
    let of_pods = (0..pods).map(|at| pod(&format!("p-{at}"), &format!("app: web-{at}")));
    let cluster = cluster(&of_services.chain(of_pods).collect::<String>());
    assert_eq!((cluster.services.len(), cluster.pods.len()), (services, pods));
    let search = Search::new(&cluster, std::iter::empty());
    let candidates = search.candidates(&cluster.services[0], cluster.in_namespace("default"));
    assert!(candidates.len() <= 2 * CANDIDATES.0, "{} of {pods}", candidates.len());
}

#[test]
fn a_key_in_other_case_is_found_behind_many_pods() {
    let others = (0..=CANDIDATES.0).map(|at| pod(&format!("other-{at}"), "role: other"));
    let meant = [pod("meant", "App: web"), service("s", "web")];
    let cluster = cluster(&others.chain(meant).collect::<String>());
    let search = Search::new(&cluster, std::iter::empty());
    let found = search.nobody_selected(&cluster.services[0]);
    let Nobody::NoPodSelected(Some(NearMiss::OneLabelOff { label: 0, set })) = found else {
        unreachable!("{found:?}");
    };
    assert_eq!(cluster.sets[set as usize].meta(&cluster).name.value, "meant");
}
