//! A path of an `HTTPRoute` that the API server refuses.

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::gateway_route::GatewayRoute;
use crate::kinds::fields::Written;
use crate::names::nearest;

use super::words::{self, quoted, shown};
use super::{Context, Rule, fixture, mend, Findings};

/// See the module.
pub(super) const RULE: Rule = Rule {
    name: "invalid-route-path",
    stage: Stage::Validate,
    severity: Severity::Error,
    what: "A path of an HTTPRoute is compared in a way that there is not, or cannot be asked for.",
    why: "A path is compared by Exact, PathPrefix or RegularExpression. The first two ask for one that begins with a slash and \
          has no empty or dotted elements, no encoded slash and no fragment. The API server refuses the route.",
    source: "https://github.com/kubernetes-sigs/gateway-api/blob/v1.4.0/apis/v1/httproute_types.go",
    check,
    fires: fixture!("invalid-route-path", "fires"),
    silent: fixture!("invalid-route-path", "silent"),
};

const TYPES: [&str; 3] = ["Exact", "PathPrefix", "RegularExpression"];
const SEQUENCES: [&str; 6] = ["//", "/./", "/../", "%2f", "%2F", "#"];
const ENDS: [&str; 2] = ["/..", "/."];
/// The longest path, in letters.
const LONGEST: usize = 1024;

fn check(context: Context<'_>, findings: &mut Findings<'_>) {
    let undecoded = context.undecoded();
    for route in context.cluster.gateway_routes.iter().filter(|route| undecoded.have_not(&route.meta)) {
        for (rule_place, rule) in route.rules.iter().enumerate() {
            for (place, matched) in rule.matches.iter().enumerate() {
                let Some((how, path)) = &matched.written else { continue };
                let field = format!("spec.rules[{rule_place}].matches[{place}].path");
                let said = of_type(context, how).or_else(|| of_value(how, path));
                findings.extend(said.map(|(key, said)| finding(route, said, format!("{field}.{key}"))));
            }
        }
    }
}

/// A finding whose object and field are not said yet.
struct Said {
    at: crate::source::Span,
    message: String,
    help: String,
    fix: Option<crate::finding::Fix>,
}

fn of_type(context: Context<'_>, how: &Written<String>) -> Option<(&'static str, Said)> {
    let at = how.span.filter(|_| !TYPES.contains(&how.value.as_str()))?;
    // An Ingress' word for it is nearer than any slip.
    let near = if how.value == "Prefix" { Some("PathPrefix") } else { nearest(&how.value, TYPES) };
    let help = near.map_or("write one of the three".to_owned(), |near| format!("write {near}"));
    let fix = near.and_then(|near| mend::text(context, at, &how.value, near, format!("write {near}")));
    let message =
        format!("path type {} is none of Exact, PathPrefix and RegularExpression", shown(&how.value));
    Some(("type", Said { at, message, help, fix }))
}

fn of_value(how: &Written<String>, path: &Written<String>) -> Option<(&'static str, Said)> {
    let (at, text) = (path.span?, path.value.as_str());
    let fault = if text.chars().count() > LONGEST {
        format!("has more than {LONGEST} characters")
    } else if how.value == "RegularExpression" {
        return None;
    } else if !text.starts_with('/') {
        "does not begin with a slash".to_owned()
    } else if let Some(sequence) = SEQUENCES.iter().find(|sequence| text.contains(**sequence)) {
        format!("has {} in it", quoted(sequence))
    } else if let Some(end) = ENDS.iter().find(|end| text.ends_with(**end)) {
        format!("ends with {}", quoted(end))
    } else if let Some(letter) = strange(text) {
        format!("has the character {}, which a path must encode", quoted(&letter.escape_debug().to_string()))
    } else {
        return None;
    };
    let help = "write the path from its first slash on, as clients ask for it; patterns need type: \
                RegularExpression"
        .to_owned();
    Some(("value", Said { at, message: format!("path {} {fault}", shown(text)), help, fix: None }))
}

/// The first character that a path cannot have as it is.
fn strange(path: &str) -> Option<char> {
    path.char_indices().find_map(|(at, letter)| {
        let encodes = || {
            let digits = path.as_bytes().get(at + 1..at + 3);
            digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        };
        let sound = letter.is_ascii_alphanumeric()
            || "-/._~!$&'()*+,;=:@".contains(letter)
            || (letter == '%' && encodes());
        (!sound).then_some(letter)
    })
}

fn finding(route: &GatewayRoute, said: Said, field: String) -> Finding {
    Finding {
        help: said.help,
        short: "refused path".to_owned(),
        field: Some(field),
        fix: said.fix,
        ..words::found(&RULE, RULE.severity, &route.meta, said.at, said.message)
    }
}
