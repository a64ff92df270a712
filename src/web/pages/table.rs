//! The board as a table: the same content, for reading, copying and screen readers.

use rustc_hash::FxHashMap;

use crate::analysis::Analysis;
use crate::cluster::{Cluster, PodSet};
use crate::diagram::{
    Diagram, Folded, Look, Path, Refused, local_nodes, never_ready, only_from, policed, route_addresses,
    route_fault, route_name, route_share,
};
use crate::kinds::service::{NodePort, Service};
use crate::reference::Target;
use crate::render::trace::with_port;
use crate::wiring::{Door, Endpoint, Placement, ServiceWiring, Unreached, Who};

use super::inspector::{Hop, Inspector};

/// A way through the board, as a row.
pub(super) struct TableRow {
    /// The number of its path, which links lead to.
    pub id: usize,
    pub service: String,
    pub namespace: String,
    pub kind: String,
    /// Whether Kubernetes refuses the Service.
    pub is_refused: bool,
    /// The node port, or how else one gets in.
    pub way_in: String,
    pub port: String,
    pub target: String,
    pub answers: String,
    pub look: &'static str,
    pub at: String,
    /// Whether it stands for a group that is folded.
    pub is_folded: bool,
    pub hops: Vec<Hop>,
}

/// The rows of a board; with the hops of each where they must be on the page itself.
pub(super) fn rows(analysis: &Analysis, diagram: &Diagram, with_hops: bool) -> Vec<TableRow> {
    let paths = diagram.paths.iter().take(diagram.rows).enumerate();
    let refused = Refused::new(&analysis.findings);
    let addresses = route_addresses(&analysis.cluster, &analysis.wiring.routes);
    let row = |(id, path): (usize, &Path)| match *path {
        Path::Port(service, port) => row(analysis, &refused, id, (service, port), with_hops),
        Path::Folded(group) => folded(id, &diagram.folded[group]),
        Path::Route(route) => {
            TableRow { id, at: addresses[route].clone(), ..unreached(analysis, route, with_hops) }
        }
    };
    paths.map(row).collect()
}

fn row(
    analysis: &Analysis,
    refused: &Refused<'_>,
    id: usize,
    (service, port): (usize, Option<usize>),
    with_hops: bool,
) -> TableRow {
    let (at, wired) = (&analysis.cluster.services[service], &analysis.wiring.services[service]);
    let hops = Inspector::of_path(analysis, service, port);
    let kind = if at.is_headless() { "Headless" } else { at.service_type.value.as_str() };
    let mut way_in = if at.is_headless() || at.is_external_name() || port.is_none() {
        "DNS name".to_owned()
    } else {
        "inside the cluster".to_owned()
    };
    let mut words = (String::new(), String::new());
    let mut look = Look::Dotted;
    let mut address = format!("{}.{}", at.meta.name.value, at.meta.namespace);
    if let Some(index) = port {
        let port = &at.ports[index];
        address = crate::diagram::port_address(at, port);
        words.0 = format!("{} {}", port.port.value, port.protocol.value);
        if !port.name.value.is_empty() {
            words.0.push_str(&format!(" ({})", port.name.value));
        }
        words.1 = port.target.value.to_string();
        if port.target.span.is_none() {
            words.1.push_str(" (same as port)");
        }
        way_in = ways(analysis, refused, at, wired, index) + &way_in;
        way_in = routed(analysis, service, index) + &way_in;
        let fault = wired.fault(index);
        look = crate::diagram::look_of(fault.as_ref());
    }
    TableRow {
        id,
        service: at.meta.name.value.to_string(),
        namespace: at.meta.namespace.to_string(),
        kind: kind.to_owned(),
        is_refused: refused.object(&at.meta),
        way_in,
        port: words.0,
        target: words.1,
        answers: answers(analysis, service, port, &hops),
        look: match look {
            Look::Broken => "broken",
            Look::Faint => "faint",
            Look::Dotted => "dotted",
            Look::Carries | Look::Thin => "carries",
        },
        at: address,
        is_folded: false,
        hops: if with_hops { hops } else { Vec::new() },
    }
}

/// A group that is folded.
fn folded(id: usize, group: &Folded) -> TableRow {
    TableRow {
        id,
        service: group.name.clone(),
        namespace: group.name.clone(),
        kind: format!("{}, folded", group.kind),
        is_refused: false,
        way_in: String::new(),
        port: String::new(),
        target: String::new(),
        answers: format!("{}: {}", group.size(), group.health()),
        look: if group.broken > 0 { "broken" } else { "carries" },
        at: String::new(),
        is_folded: true,
        hops: Vec::new(),
    }
}

/// The ways in from outside, each with what is to be known of it: `203.0.113.7:80 (only from 10.0.0.0/8), `.
fn ways(
    analysis: &Analysis,
    refused: &Refused<'_>,
    service: &Service,
    wired: &ServiceWiring,
    index: usize,
) -> String {
    let port = &service.ports[index];
    let mut text = String::new();
    let mut way = |address: &str, aside: Vec<String>| {
        let aside = if aside.is_empty() { String::new() } else { format!(" ({})", aside.join("; ")) };
        text.push_str(&format!("{address}{aside}, "));
    };
    if service.is_balanced() {
        let only = only_from(service);
        if service.load_balancer.is_empty() {
            let asked = service.asked_balancer();
            let address = asked.map_or("load balancer", |asked| asked.value.as_str());
            let aside = asked.map(|_| "asked for".to_owned()).into_iter().chain(only.clone());
            way(&with_port(address, port.port.value), aside.collect());
        }
        for address in &service.load_balancer {
            way(&with_port(&address.value, port.port.value), only.clone().into_iter().collect());
        }
    }
    if !service.is_external_name() {
        for address in &service.external_ips {
            way(&with_port(&address.value, port.port.value), vec!["external IP".to_owned()]);
        }
    }
    let local = service.is_local_outside() && wired.fault(index).is_none();
    let local = local.then(|| local_nodes(&Placement::of(&analysis.cluster, &wired.ports[index].endpoints)));
    let aside = refused.node_port(&service.meta, index).map(str::to_owned).or(local);
    match service.node_port(index) {
        Some(NodePort::Written(number) | NodePort::Shared(number)) => {
            way(&format!("node port {number}"), aside.into_iter().collect());
        }
        Some(NodePort::Allocated) => {
            way("node port allocated by the cluster", aside.into_iter().collect());
        }
        None => {}
    }
    text
}

/// The routes of Ingresses and Gateways that lead to a port, before its other ways in.
fn routed(analysis: &Analysis, service: usize, port: usize) -> String {
    const MOST: usize = 4;
    let to = analysis.wiring.routes.to(service, Some(port));
    let mut text = String::new();
    for &route in to.iter().take(MOST) {
        text.push_str(&format!("{}, ", way_in(analysis, route)));
    }
    let more = to.len().saturating_sub(MOST);
    if more > 0 {
        text.push_str(&format!("{more} more routes, "));
    }
    text
}

/// A route as a way in: `ingress shop.example.com/cart`, `gateway shop.example.com/cart 90%`.
fn way_in(analysis: &Analysis, route: usize) -> String {
    let (cluster, route) = (&analysis.cluster, &analysis.wiring.routes.all[route]);
    let door = if matches!(route.door, Door::Ingress(_)) { "ingress" } else { "gateway" };
    let share = route_share(cluster, route).map(|share| format!(" {share}")).unwrap_or_default();
    format!("{door} {}{share}", route_name(cluster, route))
}

/// A route that reaches no Service.
fn unreached(analysis: &Analysis, id: usize, with_hops: bool) -> TableRow {
    let route = &analysis.wiring.routes.all[id];
    let (reach, said) = (route.reach, route.said(&analysis.cluster));
    let (service, port) = match said.target() {
        Some(Target::ServicePort { service, port }) => (service, port),
        Some(Target::Resource { name, .. }) => (name, None),
        None if reach == Err(Unreached::Redirect) => ("another address", None),
        None => ("(none)", None),
    };
    let kind = match (reach, said.target()) {
        (Err(Unreached::NoSuchPort { service, .. }), _) => {
            analysis.cluster.services[service].service_type.value.as_str()
        }
        (_, Some(Target::Resource { kind, .. })) => kind,
        (Err(Unreached::OutsideUpload | Unreached::NotGranted(_)), _) => "Service",
        (Err(Unreached::Redirect | Unreached::Resource | Unreached::Refused(_)), None) => "",
        _ => "no such Service",
    };
    let broken = reach.err().is_some_and(Unreached::is_broken);
    TableRow {
        id: 0,
        service: service.to_owned(),
        namespace: said.namespace().to_owned(),
        kind: kind.to_owned(),
        is_refused: false,
        way_in: way_in(analysis, id),
        port: port.map(|port| port.to_string()).unwrap_or_default(),
        target: String::new(),
        answers: reach.err().map(|why| route_fault(&analysis.cluster, route, why)).unwrap_or_default(),
        look: if broken { "broken" } else { "dotted" },
        at: String::new(),
        is_folded: false,
        hops: if with_hops { Inspector::of_route(analysis, id) } else { Vec::new() },
    }
}

/// Who answers, and on which number: `Deployment web :8080 (nginx)`, `EndpointSlice db-1, 10.0.0.5 :5432`.
fn answer(cluster: &Cluster, endpoint: &Endpoint) -> String {
    let picked = match endpoint.answer.who {
        Who::Pods(picked) => picked,
        Who::Address(listed) => {
            let (meta, addresses) = (&listed.slice(cluster).meta, endpoint.answer.addresses.join(", "));
            return format!("{} {}, {addresses} :{}", meta.kind, meta.name.value, endpoint.port);
        }
    };
    let set = &cluster.sets[picked.set as usize];
    let who = set.owner.as_ref().map_or_else(
        || format!("Pod {}", set.meta(cluster).name.value),
        |owner| format!("{} {}", owner.kind, owner.name),
    );
    let declared = match endpoint.declared {
        Some(declared) => declared.container(set.spec(cluster)).name.as_str(),
        None => "not declared",
    };
    format!("{who} :{} ({declared})", endpoint.port)
}

fn owner_name<'c>(cluster: &'c Cluster, set: &'c PodSet) -> &'c str {
    set.owner.as_ref().map_or(set.meta(cluster).name.value.as_str(), |owner| owner.name.as_str())
}

/// Who answers on a port, each workload once with its numbers; or why nobody does.
fn answers(analysis: &Analysis, service: usize, port: Option<usize>, hops: &[Hop]) -> String {
    const MOST: usize = 8;
    let wired = &analysis.wiring.services[service];
    let cluster = &analysis.cluster;
    let mut words: Vec<String> = Vec::new();
    let mut counts: Vec<u64> = Vec::new();
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    for endpoint in port.into_iter().flat_map(|port| &wired.ports[port].endpoints) {
        let mut word = answer(cluster, endpoint);
        if !endpoint.gets_traffic() {
            let set = endpoint.answer.who.pods().map(|picked| &cluster.sets[picked.set as usize]);
            let never = set.and_then(|set| never_ready(cluster, set));
            word.push_str(&format!(", {}", never.as_deref().unwrap_or("not ready")));
        }
        let policed = endpoint.answer.who.pods().and_then(|pods| policed(cluster, &analysis.wiring, pods));
        word.extend(policed.map(|words| format!(", {words}")));
        // An address is one by nature, pods are counted.
        let replicas = endpoint.answer.who.pods().map_or(0, |picked| u64::from(picked.replicas(cluster)));
        let place = *places.entry(word).or_insert_with_key(|word| {
            words.push(word.clone());
            counts.push(0);
            words.len() - 1
        });
        counts[place] += replicas;
    }
    let more = words.len().saturating_sub(MOST);
    let seen = words.iter().zip(&counts).take(MOST);
    let seen = seen.map(|(word, count)| match count {
        0 => word.clone(),
        count => format!("{word} \u{d7}{count}"),
    });
    let mut text = seen.collect::<Vec<_>>().join("; ");
    if more > 0 {
        text.push_str(&format!("; and {more} more"));
    }
    if let (false, Some(port)) = (text.is_empty(), port) {
        let missing = wired.ports[port].nameless();
        let set = |pods: &crate::wiring::Unresolved| &cluster.sets[pods.picked.set as usize];
        let mut names: Vec<&str> = missing.map(|pods| owner_name(cluster, set(pods))).collect();
        names.dedup();
        if !names.is_empty() {
            let more = names.len().saturating_sub(MOST);
            names.truncate(MOST);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            text.push_str(&format!("; not {}{more}: the name is not found there", names.join(", ")));
        }
    }
    let last = hops.last().filter(|_| text.is_empty());
    last.map_or(text, |hop| {
        let said = hop.why.to_lowercase().starts_with(&hop.title.to_lowercase());
        if said { hop.why.clone() } else { format!("{}: {}", hop.title, hop.why) }
    })
}
