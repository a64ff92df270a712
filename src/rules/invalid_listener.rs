//! A listener that the API server refuses.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::fields::Written;
use crate::kinds::gateway::{Gateway, Listener, Speaks};
use crate::names::syntax;
use crate::source::Span;

use super::words::{self, is_port, quoted, shown};
use super::{Context, Rule, fixture, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-listener",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A listener of a Gateway has no name or none that is a DNS name, a name or a place of another one, a port out of range, no certificate, fields that its protocol has not, or a word that is none of those that may stand there.",
    why: "Routes name listeners, and every request must belong to one of them alone: names are unique, and so is each combination \
          of port, protocol and host name. TLS is set for HTTPS and TLS only, and TCP and UDP know no host names. The API \
          server refuses the Gateway.",
    source: "https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1/gateway_types.go",
    check,
    fires: fixture!("invalid-listener", "fires"),
    silent: fixture!("invalid-listener", "silent"),
};

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let undecoded = context.undecoded();
    for gateway in context.cluster.gateways.iter().filter(|gateway| undecoded.have_not(&gateway.meta)) {
        // No valid Gateway has more listeners, and each is compared with those before it.
        for (place, listener) in gateway.listeners.iter().enumerate().take(MOST_LISTENERS) {
            let before = gateway.listeners.get(..place).unwrap_or_default();
            let said = fault(listener).or_else(|| repeats(listener, before));
            findings.extend(said.map(|said| finding(gateway, place, said)));
        }
    }
}

/// The most listeners that a Gateway can have.
const MOST_LISTENERS: usize = 64;

/// Field, place, message and help.
type Said = (&'static str, Span, String, &'static str);

fn fault(listener: &Listener) -> Option<Said> {
    let (name, port, speaks) = (&listener.name, &listener.port, listener.speaks());
    let protocol = &listener.protocol.value;
    if name.value.is_empty() {
        let span = name.span.unwrap_or(listener.span);
        return Some(("name", span, "listener has no name".to_owned(), "write name: routes name listeners by it"));
    }
    if let Some(fault) = syntax::dns_subdomain_fault(&name.value) {
        let message = format!("name {} of this listener {}", shown(&name.value), words::fault(fault));
        let help = "use a-z, 0-9, - and ., with a letter or digit at both ends and at most 253 of them; routes name it so, too";
        return Some(("name", name.span.unwrap_or(listener.span), message, help));
    }
    if !is_port(port.value) {
        let message = format!("port {} of listener {} is not between 1 and 65535", port.value, quoted(&name.value));
        return Some(("port", port.span.unwrap_or(listener.span), message, "write the port that clients dial"));
    }
    if let Some(said) = strange(listener) {
        return Some(said);
    }
    if let Some(span) = listener.tls.filter(|_| matches!(speaks, Speaks::Http | Speaks::Tcp | Speaks::Udp)) {
        let message = format!("listener {} of protocol {protocol} has tls", quoted(&name.value));
        return Some(("tls", span, message, "write protocol: HTTPS or TLS, or leave tls out"));
    }
    if speaks == Speaks::Https && listener.mode.value == "Passthrough" {
        let span = listener.mode.span.unwrap_or(listener.span);
        let message = format!("listener {} of protocol HTTPS passes TLS through", quoted(&name.value));
        return Some(("tls.mode", span, message, "write mode: Terminate, or protocol: TLS"));
    }
    if listener.terminates() && listener.certificates.is_empty() && !listener.has_options {
        let message = format!("listener {} ends TLS and names no certificate", quoted(&name.value));
        let help = "write certificateRefs with the Secret of the certificate, or mode: Passthrough";
        return listener.tls.map(|span| ("tls", span, message, help));
    }
    let span = listener.hostname.span.filter(|_| !listener.hostname.value.is_empty())?;
    matches!(speaks, Speaks::Tcp | Speaks::Udp).then(|| {
        let message = format!("listener {} of protocol {protocol} has a host name", quoted(&name.value));
        ("hostname", span, message, "leave hostname out: only the port tells connections apart")
    })
}

/// A word that is none of those that may stand there.
fn strange(listener: &Listener) -> Option<Said> {
    let of = quoted(&listener.name.value);
    let other = |word: &Written<String>, words: &[&str]| {
        word.span.filter(|_| !word.value.is_empty() && !words.contains(&word.value.as_str()))
    };
    if let Some(span) = other(&listener.from, &["All", "Same", "Selector"]) {
        let message = format!("listener {of} takes routes from {}, and not from All, Same or Selector", shown(&listener.from.value));
        return Some(("allowedRoutes.namespaces.from", span, message, "write one of the three: upper and lower case matter"));
    }
    let span = other(&listener.mode, &["Terminate", "Passthrough"])?;
    let message = format!("tls mode {} of listener {of} is none of Terminate and Passthrough", shown(&listener.mode.value));
    Some(("tls.mode", span, message, "write one of the two: upper and lower case matter"))
}

fn repeats(listener: &Listener, before: &[Listener]) -> Option<Said> {
    let (name, port) = (&listener.name, &listener.port);
    if before.iter().any(|other| other.name.value == name.value) {
        let message = format!("two listeners are named {}", quoted(&name.value));
        return Some(("name", name.span.unwrap_or(listener.span), message, "give each its own name"));
    }
    let place = |at: &Listener| (at.port.value, at.protocol.value.clone(), at.hostname.value.clone());
    let other = before.iter().find(|other| place(other) == place(listener))?;
    let message = format!(
        "listener {} has port, protocol and host name of listener {}",
        quoted(&name.value),
        quoted(&other.name.value)
    );
    Some(("port", port.span.unwrap_or(listener.span), message, "give it another port or hostname, or leave it out"))
}

fn finding(gateway: &Gateway, place: usize, (field, span, message, help): Said) -> Finding {
    Finding {
        help: help.to_owned(),
        short: "refused listener".to_owned(),
        field: Some(format!("spec.listeners[{place}].{field}")),
        ..words::found(&RULE, RULE.severity, &gateway.meta, span, message)
    }
}
