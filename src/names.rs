//! Names that carry Kubernetes' rules, and the identity of a kind.

mod word;

pub mod ip;
pub mod near;
pub mod syntax;

/// A text that takes no memory of its own where it is short, as most labels are.
pub use compact_str::CompactString as Short;
pub use word::Word;

/// A kind is its API group and its name together: Knative's Service is not Kubernetes'.
#[derive(Debug, Clone, Copy, Eq, PartialOrd, Ord, Hash)]
pub struct GroupKind<'a> {
    /// The API group; empty for the core group.
    pub group: &'a str,
    /// The kind.
    pub kind: &'a str,
}

impl PartialEq for GroupKind<'_> {
    fn eq(&self, other: &Self) -> bool {
        is_same(self.kind, other.kind) && is_same(self.group, other.group)
    }
}

impl<'a> GroupKind<'a> {
    /// From `apiVersion` (`v1`, `apps/v1`) and `kind`.
    pub fn new(api_version: &'a str, kind: &'a str) -> Self {
        let slash = api_version.bytes().rposition(|byte| byte == b'/');
        Self { group: slash.map_or("", |slash| &api_version[..slash]), kind }
    }
}

/// Whether two texts are the same, most of which are short: what the C library has for that is made for long ones. To call
/// it for all keys takes a fiftieth of reading, and to have it compare none of the bytes of an empty text, which may stand
/// nowhere, hundreds of cycles where the processor has AVX-512.
pub fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    match one.len() {
        0..4 => one.iter().zip(other).all(|(one, other)| one == other),
        4..8 => one.first_chunk::<4>() == other.first_chunk() && one.last_chunk::<4>() == other.last_chunk(),
        8..=16 => {
            one.first_chunk::<8>() == other.first_chunk() && one.last_chunk::<8>() == other.last_chunk()
        }
        _ => one == other,
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

impl ObjectRef {
    /// Whether it says where traffic goes: a Service, or what leads to one.
    pub fn leads(&self) -> bool {
        self.kind == "Service" || self.leads_to_services()
    }

    /// Whether it leads to Services: an Ingress, a Gateway or a route of one.
    pub fn leads_to_services(&self) -> bool {
        matches!(self.kind.as_str(), "Ingress" | "Gateway") || self.kind.ends_with("Route")
    }
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
        && !bytes.windows(2).any(|pair| pair == b"--")
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Whether a character could hide, move or turn what stands beside it: a control character, the end of a line or paragraph,
/// or one that Unicode has nobody draw (`Default_Ignorable_Code_Point`), as those are that change the direction of the text.
///
/// <https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt>
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}' | '\u{fdd0}'..='\u{fdef}')
        // The last two of each plane are no characters, and XML has none of them either.
        || c as u32 & 0xfffe == 0xfffe
}

/// The longest text that is compared letter by letter: no name or label of Kubernetes is longer.
const LONGEST: usize = 253;

/// How many letters must be added, dropped, changed or swapped with their neighbour to get from one text to the other;
/// `None` past `limit`. Only the band around the diagonal is looked at, so that it costs the length times the limit.
pub fn edit_distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > limit * 4 || a.len() > LONGEST * 4 || b.len() > LONGEST * 4 {
        return None;
    }
    if a.is_ascii() && b.is_ascii() {
        let (a, b) = (a.as_bytes(), b.as_bytes());
        // Each letter that one has and the other has not is a step, wherever it stands: most pairs are told apart by that.
        let longest = a.len().max(b.len());
        let is_far = longest > LONGEST || longest - shared(a, b) > limit;
        return if is_far { None } else { distance(a, b, limit) };
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    distance(&a, &b, limit)
}

/// How many letters two short texts have in common, each as often as both have it.
fn shared(a: &[u8], b: &[u8]) -> usize {
    let mut counts = [0_u8; 256];
    for letter in a {
        counts[usize::from(*letter)] += 1;
    }
    let is_there = |letter: &&u8| {
        let count = &mut counts[usize::from(**letter)];
        let is_there = *count > 0;
        *count -= u8::from(is_there);
        is_there
    };
    b.iter().filter(is_there).count()
}

/// The same of letters. A row is kept for the letters of `a` that come now, and before, and before those.
fn distance<L: PartialEq>(a: &[L], b: &[L], limit: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > limit || a.len() > LONGEST || b.len() > LONGEST {
        return None;
    }
    // In bytes, since to clear the rows is most of the work where two texts differ from the beginning.
    let far = limit.min(LONGEST) as u8 + 1;
    let near = |distance: usize| distance.min(usize::from(far)) as u8;
    let mut rows = [[far; LONGEST + 2]; 3];
    for (j, cell) in rows[0].iter_mut().enumerate().take(b.len() + 1) {
        *cell = near(j);
    }
    for i in 1..=a.len() {
        let (first, last) = (i.saturating_sub(limit).max(1), (i + limit).min(b.len()));
        let [row, above, before] = [i % 3, (i + 2) % 3, (i + 1) % 3];
        rows[row][first - 1] = if first == 1 { near(i) } else { far };
        let mut nearest = rows[row][first - 1];
        for j in first..=last {
            let change = rows[above][j - 1] + u8::from(a[i - 1] != b[j - 1]);
            let mut cell = change.min(rows[above][j] + 1).min(rows[row][j - 1] + 1).min(far);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cell = cell.min(rows[before][j - 2] + 1);
            }
            rows[row][j] = cell;
            nearest = nearest.min(cell);
        }
        rows[row][last + 1] = far;
        if nearest == far {
            return None;
        }
    }
    Some(rows[a.len() % 3][b.len()]).filter(|distance| *distance < far).map(usize::from)
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

/// How many names a misspelt one is held against where an upload can have as many of the one as of the other: the ports of
/// a Service or a container, the listeners of a Gateway, of which there are 64 at most.
pub const ENOUGH: usize = 64;

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
    fn texts_are_the_same_where_all_of_their_letters_are() {
        for length in 0..20 {
            let twice = "abcdefghijklmnopqrst".repeat(2);
            let text = &twice[..length];
            assert!(is_same(text, &twice[20..20 + length]), "{text}");
            assert!(!is_same(text, &format!("{text}u")) && !is_same(&format!("{text}u"), text), "{text}");
            for at in 0..length {
                let other = format!("{}X{}", &text[..at], &text[at + 1..]);
                assert!(!is_same(text, &other), "{text} {other}");
            }
        }
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
    fn nobody_sees_what_hides_moves_or_turns() {
        for unseen in [
            '\0',
            '\u{ad}',
            '\u{202e}',
            '\u{200b}',
            '\u{2028}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{e0041}',
        ] {
            assert!(is_unseen(unseen), "{unseen:?}");
        }
        for unseen in ['\u{fffe}', '\u{ffff}', '\u{fdd0}', '\u{1fffe}', '\u{10ffff}'] {
            assert!(is_unseen(unseen), "{unseen:?} is no character");
        }
        for seen in [' ', 'a', 'ä', '\u{ae}', 'ع', '中', '\u{fffd}', '😀'] {
            assert!(!is_unseen(seen), "{seen:?}");
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
        for (a, b, distance) in [
            ("", "", Some(0)),
            ("abc", "acb", Some(1)),
            ("abc", "xyz", None),
            ("a", "abc", Some(2)),
            ("naïve", "naive", Some(1)),
            ("abcdef", "badcef", Some(2)),
            ("abcdef", "badcfe", None),
            ("", "ab", Some(2)),
        ] {
            assert_eq!(edit_distance(a, b, 2), distance, "{a} {b}");
            assert_eq!(edit_distance(b, a, 2), distance, "{b} {a}");
        }
    }

    /// Every cell of the whole table, as the definition has it.
    fn by_definition(a: &[u8], b: &[u8]) -> usize {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                table[i][j] = if i.min(j) == 0 {
                    i.max(j)
                } else {
                    let change = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let mut cell = change.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        cell = cell.min(table[i - 2][j - 2] + 1);
                    }
                    cell
                };
            }
        }
        table[a.len()][b.len()]
    }

    #[test]
    fn distances_are_those_of_the_definition() {
        let words: Vec<String> = (0..3_usize.pow(5))
            .map(|number| (0..5).map(|at| ["a", "b", ""][number / 3_usize.pow(at) % 3]).collect())
            .collect();
        for a in &words {
            for b in &words {
                let distance = by_definition(a.as_bytes(), b.as_bytes());
                for limit in 0..3 {
                    let within = Some(distance).filter(|distance| *distance <= limit);
                    assert_eq!(edit_distance(a, b, limit), within, "{a} {b} {limit}");
                }
            }
        }
    }
}
