//! Names that carry Kubernetes' rules, and the identity of a kind.

pub mod ip;
pub mod near;
pub mod syntax;

/// A kind is its API group and its name together: Knative's Service is not Kubernetes'.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupKind<'a> {
    /// The API group; empty for the core group.
    pub group: &'a str,
    /// The kind.
    pub kind: &'a str,
}

impl<'a> GroupKind<'a> {
    /// From `apiVersion` (`v1`, `apps/v1`) and `kind`.
    pub fn new(api_version: &'a str, kind: &'a str) -> Self {
        let group = api_version.rsplit_once('/').map_or("", |(group, _)| group);
        Self { group, kind }
    }
}

/// An object's name in full.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ObjectRef {
    /// `apiVersion` as written.
    pub api_version: String,
    /// `kind` as written.
    pub kind: String,
    /// The namespace; empty for kinds that have none.
    pub namespace: String,
    /// The name.
    pub name: String,
}

/// Whether a text is a container port's name: at most 15 lower-case letters, digits and `-`, with a letter, no `--`,
/// no `-` at an end.
///
/// <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports>
pub fn is_port_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    (1..=15).contains(&bytes.len())
        && bytes.iter().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == b'-')
        && bytes.iter().any(u8::is_ascii_lowercase)
        && !text.contains("--")
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Whether a character could hide, move or turn what stands beside it: a control character, one that takes no room, or
/// one that changes the direction of the text.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The longest text that is compared letter by letter: no name or label of Kubernetes is longer.
const LONGEST: usize = 253;

/// How many letters must be added, dropped, changed or swapped with their neighbour to get from one text to the other;
/// `None` past `limit`. Only the band around the diagonal is looked at, so that it costs the length times the limit.
pub fn edit_distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > limit * 4 || a.len() > LONGEST * 4 || b.len() > LONGEST * 4 {
        return None;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit || a.len() > LONGEST || b.len() > LONGEST {
        return None;
    }
    let far = limit + 1;
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).map(|j| j.min(far)).collect();
    for i in 1..=a.len() {
        let mut row = vec![far; b.len() + 1];
        row[0] = i.min(far);
        for j in i.saturating_sub(limit).max(1)..=(i + limit).min(b.len()) {
            let change = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = change.min(above[j] + 1).min(row[j - 1] + 1).min(far);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        if row.iter().min() > Some(&limit) {
            return None;
        }
        before = std::mem::replace(&mut above, row);
    }
    Some(above[b.len()]).filter(|distance| *distance <= limit)
}

/// Whether two texts differ so little that one may be a slip of the other: in case alone, or by up to two letters of
/// which most stay the same.
pub fn nearly_equal(a: &str, b: &str) -> bool {
    if a == b || numbered_alike(a, b) {
        return false;
    }
    if a.eq_ignore_ascii_case(b) {
        return true;
    }
    let longest = a.chars().count().max(b.chars().count());
    edit_distance(a, b, 2).is_some_and(|distance| distance * 2 < longest)
}

/// Whether two texts are the same but for digits in the same places, as `mongo-1` and `mongo-2` are: siblings that
/// somebody numbered, not a slip.
fn numbered_alike(a: &str, b: &str) -> bool {
    let same = |(a, b): (u8, u8)| a == b || (a.is_ascii_digit() && b.is_ascii_digit());
    a.len() == b.len() && a.bytes().zip(b.bytes()).all(same)
}

/// The candidate that a misspelt text most likely means.
pub fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = candidates.into_iter().filter(|candidate| nearly_equal(text, candidate));
    near.min_by_key(|candidate| (edit_distance(text, candidate, 2).unwrap_or(3), *candidate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_its_group_and_its_name() {
        assert_eq!(GroupKind::new("v1", "Service"), GroupKind { group: "", kind: "Service" });
        assert_eq!(GroupKind::new("serving.knative.dev/v1", "Service").group, "serving.knative.dev");
    }

    #[test]
    fn port_names() {
        for good in ["http", "a", "h2c-1", "x23456789012345"] {
            assert!(is_port_name(good), "{good}");
        }
        for bad in ["", "80", "HTTP", "a--b", "-a", "a-", "a_b", "x234567890123456"] {
            assert!(!is_port_name(bad), "{bad}");
        }
    }

    #[test]
    fn nearly_equal_texts() {
        for (a, b, near) in [
            ("cart", "carts", true),
            ("web", "Web", true),
            ("frontend", "front-end", true),
            ("metircs", "metrics", true),
            ("web", "web", false),
            ("db", "web", false),
            ("v1", "v2", false),
            ("mongo-1", "mongo-2", false),
            ("web", "web1", true),
            ("api", "app", true),
            ("redis", "rabbit", false),
        ] {
            assert_eq!(nearly_equal(a, b), near, "{a} {b}");
        }
    }

    #[test]
    fn distances() {
        for (a, b, distance) in
            [("", "", Some(0)), ("abc", "acb", Some(1)), ("abc", "xyz", None), ("a", "abc", Some(2))]
        {
            assert_eq!(edit_distance(a, b, 2), distance, "{a} {b}");
        }
    }
}
