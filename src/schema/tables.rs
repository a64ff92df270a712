//! The tables as they stand, in which what is asked for is found by halves: to list all that there is would take longer than
//! most uploads take in all.

use std::cmp::Ordering;

use memchr::memmem;

use super::{Kind, Named};

/// The tables. A line `kind` or `gone` names an API version, a kind and its type; a line `type` begins a type, whose
/// fields follow, each with its shape: a scalar, a type, or either after `[]` (a list) or `{}` (a map with free keys).
/// Kinds stand before those that are gone and both before types, all of them in the order of their names.
pub(super) const TABLES: [&str; 2] = [include_str!("kubernetes.txt"), include_str!("gateway.txt")];

/// What begins a line of each sort.
const KIND: &str = "\nkind ";
const GONE: &str = "\ngone ";
const TYPE: &str = "\ntype ";

/// A table, taken apart by the sorts of its lines.
pub(super) struct Table {
    kinds: &'static str,
    gone: &'static str,
    types: &'static str,
}

impl Table {
    pub(super) fn new(text: &'static str) -> Self {
        let (head, types) = before(text, TYPE);
        let (head, gone) = before(head, GONE);
        let (_, kinds) = before(head, KIND);
        Self { kinds, gone, types }
    }

    /// Every kind, in no order.
    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind> {
        let sorts = [(self.kinds, KIND, true), (self.gone, GONE, false)];
        sorts.into_iter().flat_map(|(lines, mark, is_served)| {
            lines.split(mark).filter_map(move |line| kind_of(line, is_served))
        })
    }

    /// A kind in one of its API versions.
    pub(super) fn kind(&self, api_version: &str, kind: &str) -> Option<Kind> {
        let wanted = (api_version, kind);
        let order = |line: &'static str| {
            let mut words = line.split(' ');
            wanted.cmp(&(words.next().unwrap_or_default(), words.next().unwrap_or_default()))
        };
        let found = by_halves(self.kinds, KIND, order).map(|line| (line, true));
        let (line, is_served) = found.or_else(|| Some((by_halves(self.gone, GONE, order)?, false)))?;
        kind_of(line, is_served)
    }

    /// The lines of a type's fields.
    pub(super) fn fields(&self, name: &str) -> Option<&'static str> {
        by_halves(self.types, TYPE, |lines| name.cmp(lines.lines().next().unwrap_or_default()))?
            .strip_prefix(name)
    }
}

/// What stands before the first line of a sort, and the rest.
fn before(text: &'static str, mark: &str) -> (&'static str, &'static str) {
    text.split_at(find(text, mark).unwrap_or(text.len()))
}

fn find(text: &str, mark: &str) -> Option<usize> {
    memmem::find(text.as_bytes(), mark.as_bytes())
}

fn kind_of(line: &'static str, is_served: bool) -> Option<Kind> {
    let mut words = line.lines().next()?.split(' ');
    let (api_version, kind) = (words.next()?, words.next()?);
    Some(Kind { api_version, kind, is_served, object: Named::new(words.next()?) })
}

/// What stands after one of the marks, up to the next; `order` says how what is looked for stands to what begins there.
fn by_halves(
    text: &'static str,
    mark: &str,
    order: impl Fn(&'static str) -> Ordering,
) -> Option<&'static str> {
    let mut rest = text;
    loop {
        // The first mark of the second half, else the last of the first.
        let half = rest.len() / 2;
        let second = find(&rest[half..], mark).map(|at| half + at);
        let at = second.or_else(|| memmem::rfind(rest.as_bytes(), mark.as_bytes()))?;
        let found = &rest[at + mark.len()..];
        match order(found) {
            Ordering::Equal => return Some(&found[..find(found, mark).unwrap_or(found.len())]),
            Ordering::Less => rest = &rest[..at],
            Ordering::Greater if second.is_none() => return None,
            Ordering::Greater => rest = found,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_found_by_halves() {
        let table = Table::new(
            "# said first\nkind a/v1 A x\nkind a/v1 B y\nkind v1 A z\ngone a/v1 A x\ngone b/v1 A x\n\
             type a\n x string\n y bool\ntype b\ntype c.d\n z []string\ntype e\n v any\n",
        );
        for (name, lines) in [
            ("a", Some("\n x string\n y bool")),
            ("b", Some("")),
            ("c.d", Some("\n z []string")),
            ("e", Some("\n v any\n")),
            ("", None),
            ("aa", None),
            ("c", None),
            ("f", None),
        ] {
            assert_eq!(table.fields(name), lines, "{name:?}");
        }
        for (api_version, kind, wanted) in [
            ("a/v1", "A", Some(("x", true))),
            ("a/v1", "B", Some(("y", true))),
            ("v1", "A", Some(("z", true))),
            ("b/v1", "A", Some(("x", false))),
            ("a/v1", "C", None),
            ("a", "A", None),
            ("", "", None),
            ("w", "A", None),
        ] {
            let found = table.kind(api_version, kind);
            let found = found.as_ref().map(|kind| (kind.object.name, kind.is_served));
            assert_eq!(found, wanted, "{api_version} {kind}");
        }
        assert_eq!(table.kinds().count(), 5);
        assert!(Table::new("").kind("v1", "A").is_none() && Table::new("").fields("a").is_none());
    }

    #[test]
    fn whatever_stands_in_the_tables_is_found() {
        for table in TABLES.map(Table::new) {
            for kind in table.kinds() {
                let found = table.kind(kind.api_version, kind.kind);
                assert!(
                    found.is_some_and(|found| found.object == kind.object),
                    "{} {}",
                    kind.api_version,
                    kind.kind
                );
            }
            for name in table
                .types
                .split(TYPE)
                .filter_map(|lines| lines.lines().next())
                .filter(|name| !name.is_empty())
            {
                assert!(table.fields(name).is_some(), "{name}");
            }
        }
    }
}
