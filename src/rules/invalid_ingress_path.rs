//! A path or host of an Ingress that Kubernetes refuses.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::ingress::{Ingress, Route};
use crate::names::ip::parse_ip;
use crate::names::nearest;
use crate::names::syntax::dns_subdomain_fault;
use crate::source::Span;

use super::words::{self, quoted, shown};
use super::{Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-ingress-path",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A path of an Ingress has no pathType, or the path or its host is none.",
    why: "In networking.k8s.io/v1 every path says how it is compared: Exact, Prefix or ImplementationSpecific; older versions \
          had a default. A path begins with a slash and has no empty or dotted elements, and a host is a DNS name, of which \
          the first label alone may be a wildcard. Kubernetes refuses the Ingress.",
    source: "https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/networking/validation/validation.go",
    check,
    fires: fixture!("invalid-ingress-path", "fires"),
    silent: fixture!("invalid-ingress-path", "silent"),
};

const TYPES: [&str; 3] = ["Exact", "Prefix", "ImplementationSpecific"];
/// What a path that is compared as it stands must not have in it, and what it must not end with.
const SEQUENCES: [&str; 5] = ["//", "/./", "/../", "%2f", "%2F"];
const ENDS: [&str; 2] = ["/..", "/."];

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let undecoded = context.undecoded();
    for ingress in context.cluster.ingresses.iter().filter(|ingress| undecoded.have_not(&ingress.meta)) {
        let mut last = None;
        for route in ingress.routes.iter().filter(|route| !route.is_default) {
            findings.extend(of_type(context, ingress, route).or_else(|| of_path(ingress, route)));
            // The paths of a rule share its host.
            if route.host.span != last {
                last = route.host.span;
                findings.extend(of_host(ingress, route));
            }
        }
    }
}

fn of_type(context: Context<'_>, ingress: &Ingress, route: &Route) -> Option<Finding> {
    let kind = route.path_type.value.as_str();
    if TYPES.contains(&kind) || (ingress.is_old && route.path_type.span.is_none()) {
        return None;
    }
    let Some(span) = route.path_type.span else {
        let at = route.path.span.unwrap_or(route.span);
        let help = "write pathType: Prefix, or Exact where nothing below the path is meant";
        return Some(found(ingress, route, at, "pathType", "path says no pathType".to_owned(), help.to_owned()));
    };
    let near = nearest(kind, TYPES);
    let message = format!("pathType {} is none of Exact, Prefix and ImplementationSpecific", shown(kind));
    let help = near.map_or("write one of the three".to_owned(), |near| format!("write {near}"));
    let fix = near.and_then(|near| mend::text(context, span, kind, near, format!("write {near}")));
    Some(Finding { fix, ..found(ingress, route, span, "pathType", message, help) })
}

fn of_path(ingress: &Ingress, route: &Route) -> Option<Finding> {
    let path = route.path.value.as_str();
    let is_compared = matches!(route.path_type.value.as_str(), "Exact" | "Prefix");
    let fault = if !path.starts_with('/') && (is_compared || !path.is_empty()) {
        "does not begin with a slash".to_owned()
    } else if let Some(sequence) = SEQUENCES.iter().find(|sequence| is_compared && path.contains(**sequence)) {
        format!("has {} in it", quoted(sequence))
    } else if let Some(end) = ENDS.iter().find(|end| is_compared && path.ends_with(**end)) {
        format!("ends with {}", quoted(end))
    } else {
        return None;
    };
    let span = route.path.span.unwrap_or(route.span);
    let message = if path.is_empty() {
        format!("pathType {} needs a path", route.path_type.value)
    } else {
        format!("path {} {fault}", shown(path))
    };
    let help = "write the path from its first slash on, as clients ask for it".to_owned();
    Some(found(ingress, route, span, "path", message, help))
}

fn of_host(ingress: &Ingress, route: &Route) -> Option<Finding> {
    let host = route.host.value.as_str();
    // A gap such as __HOST__ is there to be filled in before anybody applies it.
    let is_gap = host.starts_with("__") && host.ends_with("__");
    let span = route.host.span.filter(|_| !host.is_empty() && !is_gap)?;
    let name = if host.contains('*') { host.strip_prefix("*.").unwrap_or(host) } else { host };
    let (fault, help) = if parse_ip(host).is_some() {
        ("is an address".to_owned(), "write a DNS name, or leave the host out to take every request")
    } else {
        let fault = dns_subdomain_fault(name).map(words::fault)?;
        (fault, "write a DNS name without scheme, port and path; only the first label may be *")
    };
    let message = format!("host {} {fault}", shown(host));
    Some(found(ingress, route, span, "host", message, help.to_owned()))
}

fn found(
    ingress: &Ingress,
    route: &Route,
    span: Span,
    field: &str,
    message: String,
    help: String,
) -> Finding {
    let path = route.backend.field.strip_suffix(".backend").unwrap_or(&route.backend.field);
    let field = match path.split_once(".http") {
        Some((rule, _)) if field == "host" => format!("{rule}.host"),
        _ => format!("{path}.{field}"),
    };
    Finding {
        help,
        short: "refused by Kubernetes".to_owned(),
        field: Some(field),
        ..words::found(&RULE, RULE.severity, &ingress.meta, span, message)
    }
}
