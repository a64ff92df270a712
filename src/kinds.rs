//! The kinds that Podwire reads, and how a document becomes an object of one of them.

pub mod endpoint_slice;
pub mod endpoints;
pub mod fields;
pub mod gateway;
pub mod gateway_route;
pub mod ingress;
pub mod ingress_class;
pub mod list;
pub mod meta;
pub mod network_policy;
pub mod node;
pub mod pod;
pub mod probe;
pub mod rare;
pub mod reference_grant;
mod scalars;
pub mod service;
pub mod typed;
pub mod workload;

use crate::names::{GroupKind, ObjectRef, Word};
use crate::schema::{self, Standing};
use crate::source::{Expected, Found, Node, Problem, Span, Value, What};

use endpoint_slice::EndpointSlice;
use endpoints::Endpoints;
use fields::Fields;
use gateway::Gateway;
use gateway_route::{GROUP, GatewayRoute};
use ingress::Ingress;
use ingress_class::IngressClass;
use meta::Meta;
use network_policy::NetworkPolicy;
use node::ClusterNode;
use pod::Pod;
use reference_grant::ReferenceGrant;
use service::Service;
use workload::{Sort, Workload};

/// An object of a kind that decides where traffic goes.
#[derive(Debug, Clone)]
pub enum Object {
    /// A Service.
    Service(Box<Service>),
    /// An Ingress.
    Ingress(Box<Ingress>),
    /// An `IngressClass`.
    IngressClass(Box<IngressClass>),
    /// A Gateway.
    Gateway(Box<Gateway>),
    /// A route that is attached to Gateways.
    GatewayRoute(Box<GatewayRoute>),
    /// A `ReferenceGrant`.
    ReferenceGrant(Box<ReferenceGrant>),
    /// A `NetworkPolicy`.
    NetworkPolicy(Box<NetworkPolicy>),
    /// A Pod.
    Pod(Box<Pod>),
    /// Whatever makes pods.
    Workload(Box<Workload>),
    /// A Node.
    Node(Box<ClusterNode>),
    /// A Namespace.
    Namespace(Box<Meta>),
    /// An `EndpointSlice`.
    EndpointSlice(Box<EndpointSlice>),
    /// An Endpoints object.
    Endpoints(Box<Endpoints>),
}

/// What became of a document, or of one item of a List.
#[derive(Debug, Clone)]
pub enum Reading {
    /// An object that is wired and drawn.
    Object(Object),
    /// An object of another kind: counted and named, no more.
    Other(Box<ObjectRef>),
    /// No manifest: what is missing, and the whole of it.
    NotAnObject {
        /// `kind`, `apiVersion`, `both`, or empty where it is no map at all.
        missing: &'static str,
        /// The whole document.
        span: Span,
    },
}

/// A problem, and the object that it is in where that is known.
#[derive(Debug, Clone)]
pub struct ObjectProblem {
    /// What is wrong, and where.
    pub problem: Problem,
    /// In what.
    pub object: Option<ObjectRef>,
}

/// Everything that a document says.
#[derive(Debug, Clone, Default)]
pub struct Readings {
    /// Its object, or the items of its List.
    pub readings: Vec<Reading>,
    /// What was not as it should be.
    pub problems: Vec<ObjectProblem>,
}

impl Readings {
    /// The object, where it is one and there is nothing else to say: so are most, and there may be many of them.
    pub fn only(mut self) -> Result<Object, Box<Self>> {
        match self.readings.pop() {
            Some(Reading::Object(object)) if self.readings.is_empty() && self.problems.is_empty() => {
                Ok(object)
            }
            last => {
                self.readings.extend(last);
                Err(Box::new(self))
            }
        }
    }
}

/// A reader of one kind.
type Read = fn(&Fields<'_, '_>, &mut Vec<Problem>) -> Object;

/// Every kind that is read, by group and name. The group matters: Knative's Service is not Kubernetes'.
static KINDS: &[(GroupKind<'static>, Read)] = &[
    (kind("", "Service"), |object, problems| Object::Service(Box::new(Service::read(object, problems)))),
    (kind("", "Pod"), |object, problems| Object::Pod(Box::new(Pod::read(object, problems)))),
    (kind("", "Node"), |object, problems| Object::Node(Box::new(ClusterNode::read(object, problems)))),
    (kind("", "Namespace"), |object, problems| Object::Namespace(Box::new(Meta::read(object, problems)))),
    (kind("", "Endpoints"), |object, problems| {
        Object::Endpoints(Box::new(Endpoints::read(object, problems)))
    }),
    (kind("discovery.k8s.io", "EndpointSlice"), |object, problems| {
        Object::EndpointSlice(Box::new(EndpointSlice::read(object, problems)))
    }),
    (kind("", "ReplicationController"), |object, problems| workload(Sort::Replicas, object, problems)),
    (kind("apps", "Deployment"), |object, problems| workload(Sort::Replicas, object, problems)),
    (kind("apps", "ReplicaSet"), |object, problems| workload(Sort::Replicas, object, problems)),
    (kind("apps", "StatefulSet"), |object, problems| workload(Sort::Ordinals, object, problems)),
    (kind("apps", "DaemonSet"), |object, problems| workload(Sort::EveryNode, object, problems)),
    (kind("networking.k8s.io", "Ingress"), ingress),
    (kind("extensions", "Ingress"), ingress),
    (kind("networking.k8s.io", "NetworkPolicy"), network_policy),
    (kind("extensions", "NetworkPolicy"), network_policy),
    (kind("networking.k8s.io", "IngressClass"), |object, problems| {
        Object::IngressClass(Box::new(IngressClass::read(object, problems)))
    }),
    (kind(GROUP, "Gateway"), |object, problems| Object::Gateway(Box::new(Gateway::read(object, problems)))),
    (kind(GROUP, "HTTPRoute"), |object, problems| route("HTTPRoute", object, problems)),
    (kind(GROUP, "GRPCRoute"), |object, problems| route("GRPCRoute", object, problems)),
    (kind(GROUP, "TLSRoute"), |object, problems| route("TLSRoute", object, problems)),
    (kind(GROUP, "TCPRoute"), |object, problems| route("TCPRoute", object, problems)),
    (kind(GROUP, "UDPRoute"), |object, problems| route("UDPRoute", object, problems)),
    (kind(GROUP, "ReferenceGrant"), |object, problems| {
        Object::ReferenceGrant(Box::new(ReferenceGrant::read(object, problems)))
    }),
    (kind("batch", "Job"), |object, problems| workload(Sort::Job, object, problems)),
    (kind("batch", "CronJob"), |object, problems| workload(Sort::CronJob, object, problems)),
    (kind("extensions", "Deployment"), |object, problems| workload(Sort::Replicas, object, problems)),
    (kind("extensions", "ReplicaSet"), |object, problems| workload(Sort::Replicas, object, problems)),
    (kind("extensions", "DaemonSet"), |object, problems| workload(Sort::EveryNode, object, problems)),
];

const fn kind(group: &'static str, kind: &'static str) -> GroupKind<'static> {
    GroupKind { group, kind }
}

fn ingress(object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Object {
    Object::Ingress(Box::new(Ingress::read(object, problems)))
}

fn network_policy(object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Object {
    Object::NetworkPolicy(Box::new(NetworkPolicy::read(object, problems)))
}

fn route(kind: &str, object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Object {
    Object::GatewayRoute(Box::new(GatewayRoute::read(kind, object, problems)))
}

fn workload(sort: Sort, object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Object {
    Object::Workload(Box::new(Workload::read(sort, object, problems)))
}

impl Object {
    /// What it says of itself.
    pub fn meta(&self) -> &Meta {
        match self {
            Self::Service(service) => &service.meta,
            Self::Ingress(ingress) => &ingress.meta,
            Self::IngressClass(class) => &class.meta,
            Self::Gateway(gateway) => &gateway.meta,
            Self::GatewayRoute(route) => &route.meta,
            Self::ReferenceGrant(grant) => &grant.meta,
            Self::NetworkPolicy(policy) => &policy.meta,
            Self::Pod(pod) => &pod.meta,
            Self::Workload(workload) => &workload.meta,
            Self::Node(node) => &node.meta,
            Self::Namespace(meta) => meta,
            Self::EndpointSlice(slice) => &slice.meta,
            Self::Endpoints(endpoints) => &endpoints.meta,
        }
    }
}

impl Meta {
    /// Its name in full.
    pub fn reference(&self) -> ObjectRef {
        ObjectRef {
            api_version: self.api_version.to_string(),
            kind: self.kind.to_string(),
            namespace: self.namespace.to_string(),
            name: self.name.value.to_string(),
        }
    }
}

/// Reads the tree of one document. Nothing is lost: a bad field never removes its object.
pub fn read(root: &Node<'_>) -> Readings {
    let mut out = Readings::default();
    list::each_object(root, &mut out, read_object);
    out
}

/// The same of one item of a list.
pub fn read_item(list: &Node<'_>, item: &Node<'_>) -> Readings {
    let mut out = Readings::default();
    list::each_in_item(list, item, &mut out, read_object);
    out
}

fn read_object(node: &Node<'_>, implied: Option<&list::Implied>, out: &mut Readings) {
    let Some(map) = node.as_map() else {
        out.readings.push(Reading::NotAnObject { missing: "", span: node.span });
        return;
    };
    let mut problems = Vec::new();
    let mut text = |key: &str, expected: &'static str| match map.get(key).map(|node| (&node.value, node.span))
    {
        Some((Value::String(text), _)) if !text.is_empty() => Ok(&**text),
        None | Some((Value::Null | Value::String(_), _)) => Err(expected),
        Some((value, span)) => {
            let found = match value {
                Value::Bool(value) => Found::Bool(value.to_string()),
                Value::List(_) => Found::List,
                Value::Map(_) => Found::Map,
                Value::Int(number) => Found::Number(number.to_string()),
                Value::Float(number) => Found::Number(format!("{number:?}")),
                _ => Found::Null,
            };
            let what = What::WrongType { field: key.to_owned(), expected: Expected::String, found };
            problems.push(Problem { what, span });
            Ok("")
        }
    };
    let (api_version, kind) = (text("apiVersion", "apiVersion"), text("kind", "kind"));
    let (api_version, kind) = match (api_version, kind, implied) {
        (Err(_), Err(_), Some(implied)) => (&*implied.api_version, &*implied.kind),
        (Err(_), Err(_), None) => {
            out.readings.push(Reading::NotAnObject { missing: "both", span: node.span });
            return;
        }
        (Err(missing), _, _) | (_, Err(missing), _) => {
            out.readings.push(Reading::NotAnObject { missing, span: node.span });
            return;
        }
        (Ok(api_version), Ok(kind), _) => (api_version, kind),
    };

    let standing = schema::standing(api_version, kind);
    // A version that is no text is no version, and is told of as such.
    if problems.is_empty() {
        problems.extend(not_served(node, standing, api_version, kind));
    }
    let (api_version, kind) = standing.read_as(api_version, kind);
    let fields = Fields::root(map, node.span);
    let group_kind = GroupKind::new(api_version, kind);
    let reader = KINDS.iter().find(|(known, _)| *known == group_kind).map(|(_, read)| *read);
    let reader = reader
        .or_else(|| makes_pods(node, group_kind).then_some((|o, p| workload(Sort::Replicas, o, p)) as Read));
    let mut noted = Vec::new();
    let object = reader.map(|read| read(&fields, &mut noted));
    // Of a kind whose fields are known all types are checked, not only those of the fields that are read.
    if let Some(known) = standing.kind() {
        let is_type = |problem: &Problem| matches!(problem.what, What::WrongType { .. });
        problems.retain(|problem| !is_type(problem));
        noted.retain(|problem| !is_type(problem));
        typed::check(map, known.fields(), &mut problems);
    }
    problems.append(&mut noted);
    let mut told = None;
    if out.readings.is_empty() {
        // Nearly every document is one object, and there may be many of them.
        out.readings.reserve_exact(1);
    }
    if let Some(mut object) = object {
        let meta = object.meta_mut();
        if (meta.api_version.as_str(), meta.kind.as_str()) != (api_version, kind) {
            (meta.api_version, meta.kind) = (Word::new(api_version), Word::new(kind));
        }
        if matches!(object, Object::Node(_) | Object::Namespace(_) | Object::IngressClass(_)) {
            object.meta_mut().namespace.clear();
        }
        if !problems.is_empty() {
            told = Some(object.meta().reference());
        }
        out.readings.push(Reading::Object(object));
    } else {
        // Only named and counted.
        let meta = Meta::read(&fields, &mut Vec::new());
        let (api_version, kind) = (api_version.to_owned(), kind.to_owned());
        let reference = ObjectRef { api_version, kind, ..meta.reference() };
        if !problems.is_empty() {
            told = Some(reference.clone());
        }
        out.readings.push(Reading::Other(Box::new(reference)));
    }
    out.problems.extend(problems.into_iter().map(|problem| ObjectProblem { problem, object: told.clone() }));
}

/// A kind that Kubernetes does not serve: what is wrong is the kind, unless that is known in another version.
fn not_served(node: &Node<'_>, standing: Standing, api_version: &str, kind: &str) -> Option<Problem> {
    let meant = match standing {
        Standing::Known(known) if known.is_served => return None,
        Standing::Known(gone) => schema::served(gone),
        Standing::Unknown(meant) => meant,
        Standing::Foreign => return None,
    };
    let is_known = matches!(standing, Standing::Known(_)) || meant.is_some_and(|meant| meant.kind == kind);
    let wrong = node.as_map().and_then(|map| map.get(if is_known { "apiVersion" } else { "kind" }));
    let span = wrong.map_or(Span { end: node.span.start, ..node.span }, |node| node.span);
    let meant = meant.map(|meant| (meant.api_version, meant.kind));
    let what = What::NotServed { api_version: api_version.to_owned(), kind: kind.to_owned(), meant };
    Some(Problem { what, span })
}

/// Whether an object of a kind that is not known makes pods which a Service could select: `spec.template` lists containers,
/// and has labels or stands beside a selector; or it takes the template of another. Knative's Services have such a template and keep their pods to themselves.
fn makes_pods(object: &Node<'_>, kind: GroupKind<'_>) -> bool {
    let at = |path: &[&str]| path.iter().try_fold(object, |node, key| node.as_map()?.get(key));
    let containers = at(&["spec", "template", "spec", "containers"]).and_then(Node::as_list);
    if kind == workload::ROLLOUT && at(&["spec", "workloadRef"]).and_then(Node::as_map).is_some() {
        return true;
    }
    let is_map = |path: &[&str]| at(path).and_then(Node::as_map).is_some_and(|map| !map.entries.is_empty());
    kind.group != "serving.knative.dev"
        && containers.is_some_and(|containers| !containers.is_empty())
        && (is_map(&["spec", "selector"]) || is_map(&["spec", "template", "metadata", "labels"]))
}

impl Object {
    fn meta_mut(&mut self) -> &mut Meta {
        match self {
            Self::Service(service) => &mut service.meta,
            Self::Ingress(ingress) => &mut ingress.meta,
            Self::IngressClass(class) => &mut class.meta,
            Self::Gateway(gateway) => &mut gateway.meta,
            Self::GatewayRoute(route) => &mut route.meta,
            Self::ReferenceGrant(grant) => &mut grant.meta,
            Self::NetworkPolicy(policy) => &mut policy.meta,
            Self::Pod(pod) => &mut pod.meta,
            Self::Workload(workload) => &mut workload.meta,
            Self::Node(node) => &mut node.meta,
            Self::Namespace(meta) => meta,
            Self::EndpointSlice(slice) => &mut slice.meta,
            Self::Endpoints(endpoints) => &mut endpoints.meta,
        }
    }
}
