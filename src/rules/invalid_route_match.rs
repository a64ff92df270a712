//! A match of a route that the API server refuses for its method.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::fields::Written;
use crate::kinds::gateway_route::{GatewayRoute, Match};
use crate::names::nearest;
use crate::source::Span;

use super::words::{self, shown};
use super::{Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-route-match",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A match of an HTTPRoute asks for a method that there is not, or one of a GRPCRoute compares methods in a way that \
           there is not, or names none.",
    why: "Methods of HTTP are written in upper case and are those of RFC 7231, and PATCH. Services and methods of gRPC are \
          compared by Exact or RegularExpression, and a match by method names at least one of the two. The API server refuses \
          the route.",
    source: "https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1/httproute_types.go",
    check,
    fires: fixture!("invalid-route-match", "fires"),
    silent: fixture!("invalid-route-match", "silent"),
};

const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
const TYPES: [&str; 2] = ["Exact", "RegularExpression"];

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let undecoded = context.undecoded();
    for route in context.cluster.gateway_routes.iter().filter(|route| undecoded.have_not(&route.meta)) {
        for (rule_place, rule) in route.rules.iter().enumerate() {
            for (place, matched) in rule.matches.iter().enumerate() {
                let field = format!("spec.rules[{rule_place}].matches[{place}].method");
                findings.extend(unknown(context, route, matched, &field));
                findings.extend(matched.method_of_nothing.map(|span| Finding {
                    help: "name a service, a method or both, or leave method out to take all".to_owned(),
                    field: Some(field),
                    ..found(route, span, "method names neither a service nor a method".to_owned())
                }));
            }
        }
    }
}

/// A word that is none of those that may stand there.
fn unknown(context: Context<'_>, route: &GatewayRoute, matched: &Match, field: &str) -> Option<Finding> {
    let strange = |word: &Written<String>, words: &[&str]| {
        word.span.filter(|_| !words.contains(&word.value.as_str()))
    };
    let (span, word, near, message, key) = if let Some(span) = strange(&matched.method, &METHODS) {
        let word = &matched.method.value;
        let in_other_case = METHODS.iter().copied().find(|method| method.eq_ignore_ascii_case(word));
        let near = in_other_case.or_else(|| nearest(word, METHODS));
        (span, word, near, format!("method {} is none that HTTP has", shown(word)), "")
    } else {
        let span = strange(&matched.method_by, &TYPES)?;
        let word = &matched.method_by.value;
        let message = format!("method type {} is none of Exact and RegularExpression", shown(word));
        (span, word, nearest(word, TYPES), message, ".type")
    };
    let help = match (near, key) {
        (Some(near), _) => format!("write {near}"),
        (None, "") => "write one of GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE and PATCH".to_owned(),
        (None, _) => "write one of the two".to_owned(),
    };
    Some(Finding {
        help,
        field: Some(format!("{field}{key}")),
        fix: near.and_then(|near| mend::text(context, span, word, near, format!("write {near}"))),
        ..found(route, span, message)
    })
}

fn found(route: &GatewayRoute, span: Span, message: String) -> Finding {
    Finding {
        short: "refused match".to_owned(),
        ..words::found(&RULE, RULE.severity, &route.meta, span, message)
    }
}
