//! The DNS names that endpoints have of their own below a Service's.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-hostname-and-subdomain-field>,
//! <https://github.com/kubernetes/endpointslice/blob/v0.34.1/util/controller_utils.go> (`ShouldSetHostname`)

use crate::cluster::{Cluster, From};
use crate::kinds::service::Service;
use crate::kinds::workload::{Workload, ordinal_after};

use super::{Answer, Picked, Who};

/// How names of Services end, in a cluster that keeps the usual domain.
pub(super) const DOMAIN: &str = ".svc.cluster.local";

/// The names of some pods, without the Service's behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnNames {
    /// One name, which all of them have.
    One(String),
    /// One for each: the `StatefulSet`'s name and an ordinal.
    Numbered {
        /// What stands before the ordinal and its hyphen.
        base: String,
        /// The first ordinal.
        first: u32,
        /// How many there are.
        count: u32,
    },
}

/// The Service that an `ExternalName` is another name for, where it is no host outside the cluster: whoever asks follows
/// its CNAME record wherever that points.
pub fn alias(cluster: &Cluster, service: &Service) -> Option<usize> {
    if !service.is_external_name() {
        return None;
    }
    let name = service.external_name.value.to_ascii_lowercase();
    let (service, namespace) = name.trim_end_matches('.').strip_suffix(DOMAIN)?.split_once('.')?;
    cluster.service(namespace, service)
}

/// The names that pods have below a Service's; `None` where they have none there.
pub fn of_pods(cluster: &Cluster, service: &Service, picked: Picked) -> Option<OwnNames> {
    let set = &cluster.sets[picked.set as usize];
    let of_service = |name: &str| name == service.meta.name.value;
    let spec = set.spec(cluster);
    let written = || {
        let has = !spec.rest.hostname.value.is_empty() && of_service(&spec.rest.subdomain.value);
        has.then(|| OwnNames::One(spec.rest.hostname.value.clone()))
    };
    let workload = match set.from {
        From::Template(workload) => &cluster.workloads[workload],
        From::Pod(id) => {
            let meta = &cluster.pods[id].meta;
            let numbered = meta.rest.owner.as_ref().is_some_and(|owner| owner.kind == "StatefulSet");
            // The controller writes both into the Pods that it makes; a file may have lost them.
            let below = || {
                let maker = cluster.maker(meta).map(|maker| &cluster.workloads[maker].service_name.value);
                maker.is_none_or(|name| of_service(name))
            };
            let lost = numbered && spec.rest.hostname.value.is_empty() && below();
            return written().or_else(|| lost.then(|| OwnNames::One(meta.name.value.to_string())));
        }
    };
    let Some(first) = workload.first_ordinal else { return written() };
    let base = workload.meta.name.value.to_string();
    let names = match picked.ordinal {
        Some(first) => OwnNames::Numbered { base, first, count: 1 },
        None => OwnNames::Numbered { base, first, count: set.replicas },
    };
    (of_service(&workload.service_name.value) && !names.is_none()).then_some(names)
}

/// Of these endpoints the ones that a name below the Service's resolves to.
pub fn named(cluster: &Cluster, service: &Service, answer: &Answer, name: &str) -> Option<Who> {
    let own = match answer.who {
        Who::Pods(picked) => of_pods(cluster, service, picked),
        Who::Address(listed) => {
            let hostname = &listed.entry(cluster).hostname;
            (!hostname.is_empty()).then(|| OwnNames::One(hostname.clone()))
        }
    };
    match (own, answer.who) {
        (Some(OwnNames::One(own)), who) => own.eq_ignore_ascii_case(name).then_some(who),
        (Some(OwnNames::Numbered { base, first, count }), Who::Pods(picked)) => {
            let ordinal = ordinal_after(name, &base)?;
            let exists = (first..first.saturating_add(count)).contains(&ordinal);
            exists.then_some(Who::Pods(Picked { ordinal: Some(ordinal), ..picked }))
        }
        // Without one of its own it has its address for a name, written with hyphens.
        // <https://github.com/coredns/coredns/blob/v1.12.4/plugin/kubernetes/kubernetes.go> (`endpointHostname`)
        (_, who) => {
            let is = |address: &String| address.replace(['.', ':'], "-").eq_ignore_ascii_case(name);
            answer.addresses.iter().any(is).then_some(who)
        }
    }
}

/// The `StatefulSet` that makes a pod of this name, where these are its pods.
pub fn maker_of(cluster: &Cluster, picked: Picked, name: &str) -> Option<usize> {
    let set = &cluster.sets[picked.set as usize];
    let id = match set.from {
        From::Template(id) => id,
        From::Pod(pod) => {
            let meta = &cluster.pods[pod].meta;
            return cluster.maker(meta).filter(|_| meta.name.value == name);
        }
    };
    let workload: &Workload = &cluster.workloads[id];
    let first = workload.first_ordinal?;
    let ordinal = ordinal_after(name, &workload.meta.name.value)?;
    (first..first.saturating_add(set.replicas)).contains(&ordinal).then_some(id)
}

impl OwnNames {
    fn is_none(&self) -> bool {
        matches!(self, Self::Numbered { count: 0, .. })
    }

    /// The first of them.
    pub fn first(&self) -> String {
        match self {
            Self::One(name) => name.clone(),
            Self::Numbered { base, first, .. } => format!("{base}-{first}"),
        }
    }

    /// The last of them, where there are several.
    pub fn last(&self) -> Option<String> {
        match self {
            Self::Numbered { base, first, count } if *count > 1 => {
                Some(format!("{base}-{}", first.saturating_add(count - 1)))
            }
            _ => None,
        }
    }
}
