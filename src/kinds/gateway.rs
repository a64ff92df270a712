//! Gateway: where requests come in, by its listeners.
//!
//! <https://gateway-api.sigs.k8s.io/reference/spec/#gateway>

use crate::labels::LabelSelector;
use crate::names::GroupKind;
use crate::source::{Node, Problem, Span};

use super::fields::{Fields, Written};
use super::gateway_route::GROUP;
use super::meta::Meta;
use super::workload::read_selector;

/// A Gateway.
#[derive(Debug, Clone, Default)]
pub struct Gateway {
    /// Its name and place.
    pub meta: Meta,
    /// `gatewayClassName`: who makes it work.
    pub class: Written<String>,
    /// `listeners`.
    pub listeners: Vec<Listener>,
    /// `status.addresses`, else those that `spec.addresses` asks for.
    pub addresses: Vec<Written<String>>,
}

/// One of a Gateway's `listeners`: a port, and maybe a host name, on which it takes requests.
#[derive(Debug, Clone, Default)]
pub struct Listener {
    /// `name`.
    pub name: Written<String>,
    /// `hostname`; empty for any.
    pub hostname: Written<String>,
    /// `port`.
    pub port: Written<i32>,
    /// `protocol`, whose case does not matter.
    pub protocol: Written<String>,
    /// `tls.mode`; empty where none is written.
    pub mode: Written<String>,
    /// The whole of `tls`, key included.
    pub tls: Option<Span>,
    /// `tls.certificateRefs`.
    pub certificates: Vec<Certificate>,
    /// Whether `tls.options` says how to end TLS in the implementation's own way.
    pub has_options: bool,
    /// `allowedRoutes.namespaces.from`; empty means `Same`.
    pub from: Written<String>,
    /// `allowedRoutes.namespaces.selector`.
    pub selector: Option<LabelSelector>,
    /// `allowedRoutes.kinds`, group and kind; empty for those that go with the protocol.
    pub kinds: Vec<(String, Written<String>)>,
    /// The whole entry.
    pub span: Span,
}

/// One of `certificateRefs`: a Secret, unless it says otherwise.
#[derive(Debug, Clone, Default)]
pub struct Certificate {
    /// `group`; empty for the core group.
    pub group: String,
    /// `kind`.
    pub kind: String,
    /// `namespace`; empty for the Gateway's own.
    pub namespace: Written<String>,
    /// `name`.
    pub name: Written<String>,
}

/// What a listener speaks, as far as Gateway API names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaks {
    /// `HTTP`.
    Http,
    /// `HTTPS`.
    Https,
    /// `TLS`.
    Tls,
    /// `TCP`.
    Tcp,
    /// `UDP`.
    Udp,
    /// A protocol of some implementation's own.
    Other,
}

impl Gateway {
    /// Reads a Gateway; what has the wrong type is noted and taken as absent.
    pub fn read(object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let meta = Meta::read_whole(object, problems);
        let given = object.map("status", problems, read_addresses);
        object.map("spec", problems, |spec, problems| {
            let wanted = read_addresses(spec, problems);
            Self {
                meta,
                class: spec.text("gatewayClassName", problems),
                listeners: spec.list("listeners", problems, Listener::read),
                addresses: if given.is_empty() { wanted } else { given },
            }
        })
    }
}

fn read_addresses(of: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Vec<Written<String>> {
    let addresses = of.list("addresses", problems, |address, problems| {
        address.string("type", problems);
        address.text("value", problems)
    });
    addresses.into_iter().filter(|address| !address.value.is_empty()).collect()
}

impl Listener {
    fn read(listener: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let (mode, certificates, has_options) = listener.map("tls", problems, |tls, problems| {
            let options = tls.get("options").and_then(Node::as_map);
            let certificates = tls.list("certificateRefs", problems, Certificate::read);
            (tls.text("mode", problems), certificates, options.is_some_and(|map| !map.entries.is_empty()))
        });
        let (from, selector, kinds) = listener.map("allowedRoutes", problems, |allowed, problems| {
            let (from, selector) = allowed.map("namespaces", problems, |namespaces, problems| {
                let selector =
                    namespaces.has("selector").then(|| namespaces.map("selector", problems, read_selector));
                (namespaces.text("from", problems), selector)
            });
            let kinds = allowed.list("kinds", problems, |kind, problems| {
                let group = kind.string("group", problems).map_or(GROUP.to_owned(), |group| group.value);
                (group, kind.text("kind", problems))
            });
            (from, selector, kinds)
        });
        Self {
            name: listener.text("name", problems),
            hostname: listener.text("hostname", problems),
            port: listener.int32("port", problems).unwrap_or_default(),
            protocol: listener.text("protocol", problems),
            mode,
            tls: listener.span_of("tls"),
            certificates,
            has_options,
            from,
            selector,
            kinds,
            span: listener.span,
        }
    }

    /// What it speaks.
    pub fn speaks(&self) -> Speaks {
        match self.protocol.value.to_ascii_uppercase().as_str() {
            "HTTP" => Speaks::Http,
            "HTTPS" => Speaks::Https,
            "TLS" => Speaks::Tls,
            "TCP" => Speaks::Tcp,
            "UDP" => Speaks::Udp,
            _ => Speaks::Other,
        }
    }

    /// Whether TLS ends here, as it does unless it is passed through.
    pub fn terminates(&self) -> bool {
        self.tls.is_some() && matches!(self.mode.value.as_str(), "" | "Terminate")
    }

    /// Whether routes of a kind may be attached, as far as the kind goes: one of `allowedRoutes.kinds`, and one that
    /// goes with the protocol.
    ///
    /// <https://gateway-api.sigs.k8s.io/guides/tls/#downstream-tls>
    pub fn takes_kind(&self, route: GroupKind<'_>) -> bool {
        let named = |(group, kind): &(String, Written<String>)| {
            GroupKind { group: group.as_str(), kind: kind.value.as_str() } == route
        };
        self.goes_with(route.kind) && (self.kinds.is_empty() || self.kinds.iter().any(named))
    }

    /// Whether its protocol goes with routes of a kind.
    pub fn goes_with(&self, route: &str) -> bool {
        match self.speaks() {
            Speaks::Http | Speaks::Https => matches!(route, "HTTPRoute" | "GRPCRoute"),
            // What is decrypted here may be passed on as plain TCP.
            Speaks::Tls => matches!(route, "TLSRoute" | "TCPRoute"),
            Speaks::Tcp => route == "TCPRoute",
            Speaks::Udp => route == "UDPRoute",
            Speaks::Other => true,
        }
    }
}

impl Certificate {
    fn read(certificate: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        Self {
            group: certificate.text("group", problems).value,
            kind: certificate.string("kind", problems).map_or_else(|| "Secret".to_owned(), |kind| kind.value),
            namespace: certificate.text("namespace", problems),
            name: certificate.text("name", problems),
        }
    }
}
