//! Host names of listeners and routes, and what two of them have in common.

/// The narrower of two host names of which one covers the other; an empty one covers all.
///
/// A wildcard covers any number of labels, but not none: `*.example.com` covers `a.b.example.com`, not `example.com`.
/// <https://gateway-api.sigs.k8s.io/reference/spec/#hostname>
pub fn meet<'h>(listener: &'h str, route: &'h str) -> Option<&'h str> {
    if covers(listener, route) {
        Some(route)
    } else if covers(route, listener) {
        Some(listener)
    } else {
        None
    }
}

/// Whether every host that one name stands for is one that the other stands for.
pub fn covers(wide: &str, narrow: &str) -> bool {
    if wide.is_empty() || wide.eq_ignore_ascii_case(narrow) {
        return true;
    }
    let Some(suffix) = wide.strip_prefix('*').filter(|suffix| suffix.starts_with('.')) else { return false };
    let host = narrow.strip_prefix('*').unwrap_or(narrow);
    let tail = host.len().checked_sub(suffix.len()).and_then(|at| host.get(at..));
    host.len() > suffix.len() && tail.is_some_and(|tail| tail.eq_ignore_ascii_case(suffix))
}

#[cfg(test)]
mod tests {
    use super::meet;

    #[test]
    fn what_two_host_names_have_in_common() {
        for (listener, route, common) in [
            ("", "shop.example.com", Some("shop.example.com")),
            ("shop.example.com", "", Some("shop.example.com")),
            ("", "", Some("")),
            ("shop.example.com", "shop.example.com", Some("shop.example.com")),
            ("shop.example.com", "Shop.example.com", Some("Shop.example.com")),
            ("shop.example.com", "*.example.com", Some("shop.example.com")),
            ("*.example.com", "shop.example.com", Some("shop.example.com")),
            ("*.example.com", "a.shop.example.com", Some("a.shop.example.com")),
            ("*.example.com", "*.example.com", Some("*.example.com")),
            ("*.example.com", "*.shop.example.com", Some("*.shop.example.com")),
            ("*.shop.example.com", "*.example.com", Some("*.shop.example.com")),
            ("*.example.com", "example.com", None),
            ("*.example.com", "shop.example.net", None),
            ("*.example.com", "shopexample.com", None),
            ("shop.example.com", "cart.example.com", None),
            ("*.cart.example.com", "*.shop.example.com", None),
            ("*", "shop.example.com", None),
        ] {
            assert_eq!(meet(listener, route), common, "{listener} {route}");
        }
    }
}
