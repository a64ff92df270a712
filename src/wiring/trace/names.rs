//! Names of the cluster's own DNS, and what was probably meant by one that is nobody's.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/>

use crate::cluster::Cluster;
use crate::kinds::service::Service;
use crate::names::nearest;

use super::super::names::DOMAIN;
use super::Nothing;
use super::places::Place;

/// What a name is the name of: a Service, one of its pods, or one of its ports.
pub(super) fn by_dns_name(cluster: &Cluster, name: &str) -> Result<Place, Nothing> {
    let whole = name.strip_suffix(DOMAIN).or(name.strip_suffix(".svc"));
    let whole = whole.filter(|rest| rest.contains('.'));
    let parts: Vec<&str> = whole.unwrap_or(name).split('.').collect();
    let place = |service, pod: Option<&str>| Place::Name { service, pod: pod.map(str::to_owned) };
    if let [port, protocol, service @ ..] = parts.as_slice()
        && let Some(place) = by_record(cluster, port, protocol, service, whole.is_some())
    {
        return place;
    }
    match parts.as_slice() {
        [name] => Ok(place(only(cluster, name)?, None)),
        [name, namespace] => match cluster.service(namespace, name) {
            Some(service) => Ok(place(service, None)),
            // Within a namespace a pod of a headless Service may be named without it.
            None => match headless(cluster, namespace) {
                Some(service) if whole.is_none() => Ok(place(service, Some(name))),
                _ => Err(no_such_service(cluster, name, Some(namespace))),
            },
        },
        [pod, name, namespace] => match cluster.service(namespace, name) {
            Some(service) => Ok(place(service, Some(pod))),
            None if whole.is_some() => Err(no_such_service(cluster, name, Some(namespace))),
            None => Err(Nothing::NoSuchHost { near: None }),
        },
        _ => Err(Nothing::NoSuchHost { near: None }),
    }
}

/// The SRV record of a port: `_http._tcp.web.default`.
fn by_record(
    cluster: &Cluster,
    port: &str,
    protocol: &str,
    service: &[&str],
    is_whole: bool,
) -> Option<Result<Place, Nothing>> {
    let (port, protocol) = (port.strip_prefix('_')?, protocol.strip_prefix('_')?);
    let found = match *service {
        [name] if !is_whole => only(cluster, name),
        [name, namespace] => {
            cluster.service(namespace, name).ok_or_else(|| no_such_service(cluster, name, Some(namespace)))
        }
        _ => return None,
    };
    Some(found.map(|service| Place::Record {
        service,
        port: port.to_owned(),
        protocol: protocol.to_ascii_uppercase(),
    }))
}

/// The one Service of a name, in whichever namespace.
fn only(cluster: &Cluster, name: &str) -> Result<usize, Nothing> {
    match cluster.services_named(name) {
        [only] => Ok(*only),
        [] => Err(no_such_service(cluster, name, None)),
        several => Err(Nothing::SeveralServices(several.to_vec())),
    }
}

/// The one headless Service of a name, where no namespace is called so.
fn headless(cluster: &Cluster, name: &str) -> Option<usize> {
    let named = |id: &usize| cluster.services[*id].meta.name.value == name;
    let mut found = (0..cluster.services.len()).filter(named);
    let only = found.next().filter(|_| found.next().is_none())?;
    let is_namespace = cluster.services.iter().any(|service| service.meta.namespace == name)
        || !cluster.in_namespace(name).is_empty();
    (cluster.services[only].is_headless() && !is_namespace).then_some(only)
}

/// With the Service that was probably meant: of this name in another namespace, or nearly of this name.
fn no_such_service(cluster: &Cluster, name: &str, namespace: Option<&str>) -> Nothing {
    let services = || cluster.services.iter().enumerate();
    let same = services().find(|(_, service)| service.meta.name.value == name).map(|(id, _)| id);
    let like = |wanted: Option<&str>| {
        let here = |service: &Service| wanted.is_none_or(|namespace| service.meta.namespace == namespace);
        let names = services().filter(|(_, service)| here(service)).map(|(_, s)| s.meta.name.value.as_str());
        let near = nearest(name, names)?;
        services().find(|(_, s)| here(s) && s.meta.name.value == near).map(|(id, _)| id)
    };
    let near = same.or_else(|| namespace.and_then(|namespace| like(Some(namespace)))).or_else(|| like(None));
    Nothing::NoSuchService { name: name.to_owned(), namespace: namespace.map(str::to_owned), near }
}
