//! The routes of Gateway API: `HTTPRoute`, `GRPCRoute`, `TLSRoute`, `TCPRoute` and `UDPRoute`, which name the Gateways
//! that they are attached to.
//!
//! <https://gateway-api.sigs.k8s.io/reference/spec/#httproute>

use crate::names::GroupKind;
use crate::reference::{PortRef, Target};
use crate::source::{Problem, Span};

use super::fields::{Fields, Written};
use super::meta::Meta;

/// The API group of all its kinds.
pub const GROUP: &str = "gateway.networking.k8s.io";

/// A route of any kind.
#[derive(Debug, Clone, Default)]
pub struct GatewayRoute {
    /// Its name and place.
    pub meta: Meta,
    /// `parentRefs`.
    pub parents: Vec<ParentRef>,
    /// Whether `useDefaultGateways` has it attached to Gateways that it does not name.
    pub takes_default: bool,
    /// `hostnames`; none for any.
    pub hostnames: Vec<Written<String>>,
    /// `rules`; where none are written, the one that Kubernetes writes for them.
    pub rules: Vec<Rule>,
}

/// One of `parentRefs`: what a route is attached to, a Gateway unless it says otherwise.
#[derive(Debug, Clone, Default)]
pub struct ParentRef {
    /// `group`.
    pub group: String,
    /// `kind`.
    pub kind: String,
    /// `namespace`; empty for the route's own.
    pub namespace: Written<String>,
    /// `name`.
    pub name: Written<String>,
    /// `sectionName`: a listener; empty for any.
    pub section: Written<String>,
    /// `port` of a listener; 0 for any.
    pub port: Written<i32>,
    /// The whole entry.
    pub span: Span,
}

/// One of `rules`.
#[derive(Debug, Clone, Default)]
pub struct Rule {
    /// `matches`; where none are written, the one that takes all.
    pub matches: Vec<Match>,
    /// The types of `filters`.
    pub filters: Vec<Written<String>>,
    /// `backendRefs`.
    pub backends: Vec<BackendRef>,
    /// The backends of `RequestMirror` filters, which get copies.
    pub mirrors: Vec<BackendRef>,
    /// The whole entry.
    pub span: Span,
}

/// One of `matches`: which requests a rule takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Match {
    /// How the path is compared.
    pub by: By,
    /// `path.value`, or `/service/method` of gRPC; empty for connections, which have none.
    pub path: String,
    /// `path.type` and `path.value` of an `HTTPRoute`, as they are written.
    pub written: Option<(Written<String>, Written<String>)>,
    /// `method` of an `HTTPRoute`; empty for any.
    pub method: Written<String>,
    /// `method.type` of a `GRPCRoute`, as it is written.
    pub method_by: Written<String>,
    /// `method` of a `GRPCRoute` that names neither service nor method.
    pub method_of_nothing: Option<Span>,
    /// How many headers must be there.
    pub headers: usize,
    /// How many query parameters must be there.
    pub params: usize,
    /// The whole entry; `None` where none is written.
    pub span: Option<Span>,
}

/// How a path is compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum By {
    /// `Exact`.
    Exact,
    /// `PathPrefix`, element by element.
    #[default]
    Prefix,
    /// `RegularExpression`, in a dialect of the implementation's own.
    Pattern,
}

/// One of `backendRefs`: a port of a Service, unless it says otherwise.
#[derive(Debug, Clone, Default)]
pub struct BackendRef {
    /// Where it stands, as Kubernetes writes it: `spec.rules[0].backendRefs[0]`.
    pub field: String,
    /// `group`; empty for the core group.
    pub group: Written<String>,
    /// `kind`; `Service` where none is written.
    pub kind: Written<String>,
    /// `namespace`; empty for the route's own.
    pub namespace: Written<String>,
    /// `name`.
    pub name: Written<String>,
    /// `port`; 0 where none is written.
    pub port: Written<i32>,
    /// `weight`; 1 where none is written.
    pub weight: Written<i32>,
    /// The whole entry.
    pub span: Span,
}

impl GatewayRoute {
    /// Reads a route of a kind; what has the wrong type is noted and taken as absent.
    pub fn read(kind: &str, object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let meta = Meta::read_whole(object, problems);
        object.map("spec", problems, |spec, problems| {
            let parents = spec.list("parentRefs", problems, ParentRef::read);
            let takes_default = spec.has("useDefaultGateways");
            let hostnames = spec.strings("hostnames", problems);
            let mut number = 0;
            let mut rules = spec.list("rules", problems, |rule, problems| {
                number += 1;
                Rule::read(rule, kind, number - 1, problems)
            });
            if rules.is_empty() {
                let matches = vec![Match::any(kind)];
                rules.push(Rule { matches, span: meta.head(), ..Rule::default() });
            }
            Self { meta, parents, takes_default, hostnames, rules }
        })
    }

    /// Each backend of each match of its rules. Each lists the filters of its rule, of which Gateway API takes 16: with more
    /// it counts as several.
    pub fn rows(&self) -> u64 {
        let filters = |rule: &Rule| rule.filters.len().div_ceil(16).max(1);
        let backends = |rule: &Rule| (rule.backends.len() + rule.mirrors.len()).max(1);
        let of =
            |rule: &Rule| rule.matches.len().saturating_mul(backends(rule)).saturating_mul(filters(rule));
        self.rules.iter().map(|rule| of(rule) as u64).fold(0, u64::saturating_add)
    }

    /// Whether it takes requests rather than connections or packets.
    pub fn takes_requests(&self) -> bool {
        matches!(self.meta.kind.as_str(), "HTTPRoute" | "GRPCRoute")
    }

    /// What clients of an invalid backend get.
    ///
    /// <https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule>
    pub fn refusal(&self) -> &'static str {
        match self.meta.kind.as_str() {
            "HTTPRoute" => "status 500",
            "GRPCRoute" => "status UNAVAILABLE",
            "UDPRoute" => "no answer",
            _ => "a refused connection",
        }
    }
}

impl ParentRef {
    fn read(parent: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        Self {
            group: parent.string("group", problems).map_or_else(|| GROUP.to_owned(), |group| group.value),
            kind: parent.string("kind", problems).map_or_else(|| "Gateway".to_owned(), |kind| kind.value),
            namespace: parent.text("namespace", problems),
            name: parent.text("name", problems),
            section: parent.text("sectionName", problems),
            port: parent.int32("port", problems).unwrap_or_default(),
            span: parent.span,
        }
    }

    /// The kind that it names, with its group.
    pub fn group_kind(&self) -> GroupKind<'_> {
        GroupKind { group: &self.group, kind: &self.kind }
    }
}

impl Rule {
    fn read(rule: &Fields<'_, '_>, kind: &str, number: usize, problems: &mut Vec<Problem>) -> Self {
        rule.string("name", problems);
        let mut matches = rule.list("matches", problems, |at, problems| match kind {
            "GRPCRoute" => Match::read_grpc(at, problems),
            _ => Match::read(at, problems),
        });
        if matches.is_empty() {
            matches.push(Match::any(kind));
        }
        let (mut filter_number, mut mirrors) = (0, Vec::new());
        let filters = rule.list("filters", problems, |filter, problems| {
            let field = format!("spec.rules[{number}].filters[{filter_number}].requestMirror.backendRef");
            filter_number += 1;
            filter.map("requestMirror", problems, |mirror, problems| {
                if mirror.has("backendRef") {
                    mirrors.push(mirror.map("backendRef", problems, |backend, problems| {
                        BackendRef::read(field, backend, problems)
                    }));
                }
            });
            filter.text("type", problems)
        });
        let mut backend_number = 0;
        let backends = rule.list("backendRefs", problems, |backend, problems| {
            let field = format!("spec.rules[{number}].backendRefs[{backend_number}]");
            backend_number += 1;
            BackendRef::read(field, backend, problems)
        });
        Self { matches, filters, backends, mirrors, span: rule.span }
    }

    /// Its backends, then those that get copies.
    pub fn all_backends(&self) -> impl Iterator<Item = &BackendRef> {
        self.backends.iter().chain(&self.mirrors)
    }

    /// The weights of all its backends together.
    pub fn weights(&self) -> i64 {
        self.backends.iter().map(|backend| i64::from(backend.weight.value.max(0))).sum()
    }

    /// Whether a filter answers in the place of any backend.
    pub fn redirects(&self) -> bool {
        self.filters.iter().any(|filter| filter.value == "RequestRedirect")
    }

    /// Whether what its filters do is known to the implementation alone.
    pub fn has_extension(&self) -> bool {
        self.filters.iter().any(|filter| filter.value == "ExtensionRef")
    }
}

impl Match {
    /// What Kubernetes writes where nothing is: all that comes.
    fn any(kind: &str) -> Self {
        let path = if kind == "HTTPRoute" { "/".to_owned() } else { String::new() };
        Self { by: By::Prefix, path, ..Self::default() }
    }

    fn read(at: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let (how, path) = at.map("path", problems, |path, problems| {
            let value = path.string("value", problems);
            let value = value.unwrap_or_else(|| Written { value: "/".to_owned(), span: None });
            (path.text("type", problems), value)
        });
        Self {
            by: By::new(&how.value, By::Prefix),
            path: path.value.clone(),
            written: Some((how, path)),
            method: at.text("method", problems),
            headers: conditions(at, "headers", problems),
            params: conditions(at, "queryParams", problems),
            span: Some(at.span),
            ..Self::default()
        }
    }

    /// A method of gRPC is a path to HTTP: `/service/method`.
    fn read_grpc(at: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let (mut method_by, mut method_of_nothing) = (Written::default(), None);
        let (by, path) = at.map("method", problems, |method, problems| {
            method_by = method.text("type", problems);
            let by = By::new(&method_by.value, By::Exact);
            let (service, name) =
                (method.text("service", problems).value, method.text("method", problems).value);
            let says = ["service", "method"].iter().any(|key| method.has(key));
            method_of_nothing = (at.has("method") && !says).then_some(method.span);
            match (service.as_str(), name.as_str()) {
                ("", "") => (By::Prefix, String::new()),
                (service, "") => (if by == By::Exact { By::Prefix } else { by }, format!("/{service}")),
                ("", name) => (by, format!("/*/{name}")),
                (service, name) => (by, format!("/{service}/{name}")),
            }
        });
        let headers = conditions(at, "headers", problems);
        Self { by, path, method_by, method_of_nothing, headers, span: Some(at.span), ..Self::default() }
    }
}

impl By {
    fn new(text: &str, default: Self) -> Self {
        match text {
            "Exact" => Self::Exact,
            "PathPrefix" => Self::Prefix,
            "" => default,
            _ => Self::Pattern,
        }
    }
}

/// How many conditions a list names; their names and values may be nobody's business.
fn conditions(at: &Fields<'_, '_>, key: &str, problems: &mut Vec<Problem>) -> usize {
    let all = at.list(key, problems, |condition, problems| {
        for text in ["type", "name", "value"] {
            condition.string(text, problems);
        }
    });
    all.len()
}

impl BackendRef {
    fn read(field: String, backend: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let or = |written: Option<Written<String>>, default: &str| {
            written.unwrap_or_else(|| Written { value: default.to_owned(), span: None })
        };
        Self {
            field,
            group: backend.text("group", problems),
            kind: or(backend.string("kind", problems), "Service"),
            namespace: backend.text("namespace", problems),
            name: backend.text("name", problems),
            port: backend.int32("port", problems).unwrap_or_default(),
            weight: backend.int32("weight", problems).unwrap_or(Written { value: 1, span: None }),
            span: backend.span,
        }
    }

    /// Whether it names a Service rather than something that an implementation may know.
    pub fn is_service(&self) -> bool {
        self.group.value.is_empty() && self.kind.value == "Service"
    }

    /// What it points at; nothing where it names nothing.
    pub fn target(&self) -> Option<Target<'_>> {
        let name = Some(self.name.value.as_str()).filter(|name| !name.is_empty())?;
        if !self.is_service() {
            return Some(Target::Resource { kind: &self.kind.value, name });
        }
        let port = Some(PortRef::Number(self.port.value)).filter(|_| self.port.value != 0);
        Some(Target::ServicePort { service: name, port })
    }
}
