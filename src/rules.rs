//! The rules: what Podwire has to say about an upload, one rule to a file.
//!
//! To add one: a file in `rules/`, a word in the list below, and under `tests/rules/<rule>/` a manifest that fires
//! (marked where) and the nearest manifest that must not.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::cluster::Cluster;
use crate::finding::{Finding, Severity, Stage};
use crate::kinds::ObjectProblem;
use crate::kinds::gateway_route::{BackendRef, GatewayRoute, ParentRef};
use crate::kinds::ingress::{Ingress, Route};
use crate::kinds::meta::Meta;
use crate::kinds::service::Service;
use crate::names::ObjectRef;
use crate::source::{SourceFile, Span, What};
use crate::wiring::{Parent, Reach, Said, ServiceWiring, Unreached, Wiring};

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'c> {
    /// The objects.
    pub cluster: &'c Cluster,
    /// How they are wired.
    pub wiring: &'c Wiring,
    /// What could not be read as it was meant.
    pub problems: &'c [ObjectProblem],
    /// The files, by the numbers that spans carry.
    pub files: &'c [SourceFile],
}

impl<'c> Context<'c> {
    /// The Services, each with how it is wired.
    fn wired(self) -> impl Iterator<Item = (&'c Service, &'c ServiceWiring)> {
        self.cluster.services.iter().zip(&self.wiring.services)
    }

    /// The routes of the Ingresses, each with what it reaches.
    fn routes(self) -> impl Iterator<Item = (&'c Ingress, &'c Route, &'c Result<Reach, Unreached>)> {
        self.wiring.routes.all.iter().filter_map(move |route| match route.said(self.cluster) {
            Said::Path(ingress, path) => Some((ingress, path, &route.reach)),
            Said::Rule { .. } => None,
        })
    }

    /// The backends of the routes of Gateways, each with what it reaches.
    fn backends(self) -> impl Iterator<Item = Backend<'c>> {
        let routes = self.cluster.gateway_routes.iter().zip(&self.wiring.routes.backends);
        let rules = routes.flat_map(|(route, led)| {
            route.rules.iter().zip(led).map(move |(rule, led)| (route, rule.all_backends().zip(led)))
        });
        rules.flat_map(|(route, backends)| {
            backends.map(move |(backend, reach)| Backend { route, said: backend, reach: *reach })
        })
    }

    /// The parents of the routes of Gateways, each with its place and what became of it.
    fn parents(self) -> impl Iterator<Item = (&'c GatewayRoute, usize, &'c ParentRef, &'c Parent)> {
        let routes = self.cluster.gateway_routes.iter().zip(&self.wiring.routes.parents);
        routes.flat_map(|(route, became)| {
            let parents = route.parents.iter().zip(became).enumerate();
            parents.map(move |(place, (parent, became))| (route, place, parent, became))
        })
    }

    /// The Services that Kubernetes could decode, and so goes on to validate.
    fn decoded(self) -> impl Iterator<Item = &'c Service> {
        let undecoded = self.undecoded();
        self.cluster.services.iter().filter(move |service| undecoded.have_not(&service.meta))
    }

    /// The objects that Kubernetes could not decode: it validates none of them.
    fn undecoded(self) -> Undecoded<'c> {
        let wrong =
            self.problems.iter().filter(|problem| matches!(problem.problem.what, What::WrongType { .. }));
        Undecoded(wrong.filter_map(|problem| problem.object.as_ref()).collect())
    }

    /// A text as it was written.
    fn written(self, span: Span) -> &'c str {
        let file = self.files.get(span.file as usize);
        file.and_then(|file| file.text().get(span.start as usize..span.end as usize)).unwrap_or_default()
    }

    /// The name of the file that a span points into.
    fn file_name(self, span: Span) -> &'c str {
        self.files.get(span.file as usize).map_or("", |file| file.name.as_str())
    }
}

/// A backend of a route of a Gateway.
struct Backend<'c> {
    route: &'c GatewayRoute,
    said: &'c BackendRef,
    reach: Result<Reach, Unreached>,
}

impl Backend<'_> {
    /// How bad a fault of it is: where it has no weight, nobody is sent there.
    fn severity(&self, severity: Severity) -> Severity {
        if self.said.weight.value == 0 { Severity::Hint } else { severity }
    }
}

/// Objects with a value of the wrong type.
struct Undecoded<'c>(FxHashSet<&'c ObjectRef>);

impl Undecoded<'_> {
    fn have_not(&self, meta: &Meta) -> bool {
        self.0.is_empty() || !self.0.contains(&meta.reference())
    }
}

/// A rule, with what its page says.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name, which reads after "allow": `empty-selector`.
    pub name: &'static str,
    /// Who would notice; where findings differ, the commonest.
    pub stage: Stage,
    /// The worst that its findings can be.
    pub severity: Severity,
    /// What it finds, in one sentence.
    pub what: &'static str,
    /// Why that matters for traffic.
    pub why: &'static str,
    /// Where Kubernetes says so.
    pub source: &'static str,
    /// Adds its findings.
    pub check: fn(Context<'_>, &mut Findings<'_>),
    /// A manifest that fires it, marked with `#~` where.
    pub fires: &'static str,
    /// The nearest manifest that does not.
    pub silent: &'static str,
}

/// The list of rules, in the order of their names.
macro_rules! rules {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*
        /// Every rule there is.
        pub static RULES: &[Rule] = &[$($module::RULE),*];
    };
}

mod backends;
mod choice;
mod declared;
mod mend;
mod overlays;
mod pods;
mod unresolved;
mod words;

rules![
    address_on_external_name,
    certificate_not_granted,
    duplicate_cluster_ip,
    duplicate_key,
    duplicate_node_port,
    duplicate_object,
    duplicate_port,
    endpoint_slice_port_name,
    endpoint_slice_without_label,
    endpoint_slice_without_service,
    endpoints_differ_from_selector,
    external_name_address,
    external_policy_on_internal_service,
    headless_node_port,
    host_port_conflict,
    ingress_class_missing,
    ingress_port_missing,
    ingress_service_missing,
    ingress_tls_host,
    invalid_annotation,
    invalid_app_protocol,
    invalid_cluster_ip,
    invalid_container_name,
    invalid_container_port,
    invalid_endpoint_address,
    invalid_external_ip,
    invalid_external_name,
    invalid_health_check_port,
    invalid_host_port,
    invalid_hostname,
    invalid_ingress_backend,
    invalid_ingress_path,
    invalid_ip_family,
    invalid_label,
    invalid_listener,
    invalid_load_balancer_class,
    invalid_metadata,
    invalid_name,
    invalid_namespace,
    invalid_port,
    invalid_port_name,
    invalid_probe_port,
    invalid_replicas,
    invalid_route_backend,
    invalid_route_filter,
    invalid_route_hostname,
    invalid_route_match,
    invalid_route_path,
    invalid_selector,
    invalid_session_affinity,
    invalid_source_range,
    invalid_target_port,
    invalid_traffic_policy,
    kubectl_output,
    listener_without_tls,
    load_balancer_field_on_other_type,
    lost_line_ends,
    missing_ports,
    missing_workload_selector,
    nested_list,
    no_endpoint_address,
    no_local_pod,
    no_pod_ready,
    node_port_on_cluster_ip,
    node_port_out_of_range,
    not_a_manifest,
    only_items,
    pods_outside_upload,
    probe_port_name_missing,
    protocol_differs,
    removed_api_version,
    route_backend_kind,
    route_backend_missing,
    route_backend_not_granted,
    route_backend_port_missing,
    route_hostnames_differ,
    route_not_allowed,
    route_parent_missing,
    route_section_missing,
    scaled_to_zero,
    selector_matches_nothing,
    selectorless_service,
    several_workloads,
    target_port_name_missing,
    text_after_end,
    too_many_routes,
    two_families_single_stack,
    undeclared_container_port,
    unknown_field,
    unknown_ignored_rule,
    unknown_kind,
    unknown_protocol,
    unknown_service_type,
    unnamed_port,
    unrendered_template,
    unresolved_pod_name,
    workload_selector_mismatch,
    wrong_type,
    yaml_syntax,
];

/// The two manifests of a rule: they are tests, and the examples on its page.
macro_rules! fixture {
    ($rule:literal, $which:literal) => {
        include_str!(concat!("../../tests/rules/", $rule, "/", $which, ".yaml"))
    };
}
use fixture;

/// Below so many sets of pods the rules are asked on one thread: waking another takes longer.
const MANY_SETS: usize = 500;

/// Hands over what all rules find, in no order.
pub fn check(context: Context<'_>, take: impl Fn(Vec<Finding>) + Sync) {
    let find = |rule: &Rule| {
        let mut found = Findings { list: Vec::new(), count: 0, take: &take };
        (rule.check)(context, &mut found);
        found.hand_over();
    };
    if context.cluster.sets.len() < MANY_SETS {
        RULES.iter().for_each(find);
    } else {
        RULES.par_iter().for_each(find);
    }
}

/// What a rule finds, handed over before it is much: broken input can have several findings on every few bytes.
pub struct Findings<'t> {
    list: Vec<Finding>,
    count: usize,
    take: &'t (dyn Fn(Vec<Finding>) + Sync),
}

impl Findings<'_> {
    fn push(&mut self, mut finding: Finding) {
        const MUCH: usize = 4_096;
        clip(&mut finding.short);
        self.count += 1;
        self.list.push(finding);
        if self.list.len() == MUCH {
            self.hand_over();
        }
    }

    /// How many there were so far.
    fn count(&self) -> usize {
        self.count
    }

    fn hand_over(&mut self) {
        if !self.list.is_empty() {
            (self.take)(std::mem::take(&mut self.list));
        }
    }
}

impl Extend<Finding> for Findings<'_> {
    fn extend<I: IntoIterator<Item = Finding>>(&mut self, findings: I) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }
}

/// Puts findings in order: the worst first, then as the upload has them.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (a.severity, a.span, a.rule, &a.message).cmp(&(b.severity, b.span, b.rule, &b.message))
    });
}

/// What the board has room for at a broken end; names may be longer.
fn clip(short: &mut String) {
    const ROOM: usize = 26;
    if let Some((end, _)) = short.char_indices().nth(ROOM - 1).filter(|_| short.chars().count() > ROOM) {
        short.truncate(end);
        short.push('…');
    }
}

/// The rule of a name.
pub fn by_name(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}
