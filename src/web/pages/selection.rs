//! What is looked at, as addresses and forms say it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::diagram::Filter;
use crate::render::svg;
use crate::web::error::Error;

/// What chooses a board; the rest says what is lit on it.
const CHOOSE: [&str; 9] = ["ns", "type", "workload", "broken", "service", "find", "page", "card", "fold"];

/// The most bytes that all of it may have as it is written, as every link of a page repeats it: a board's groups, all folded,
/// have less.
const MOST: usize = 4096;

/// Whether the address of a shared diagram is heard to say something of this name: what it looks at, or how it looks.
pub(in crate::web) fn is_heard(name: &str) -> bool {
    CHOOSE.contains(&name) || matches!(name, "at" | "trace" | "view" | "theme" | "scale" | "embed")
}

/// What is selected, by a place on the board or by an address that is traced, and which board it is.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>")]
pub(super) struct Selection {
    pub at: Option<String>,
    pub trace: Option<String>,
    /// What is said of [`CHOOSE`]; nothing that is empty.
    said: BTreeMap<&'static str, String>,
}

/// More is chosen than an address may say.
#[derive(Debug, thiserror::Error)]
#[error("what is to be shown is said in {0} bytes, and {MOST} are the most: choose, fold or trace less")]
pub(super) struct TooLong(usize);

impl From<TooLong> for Error {
    fn from(too_long: TooLong) -> Self {
        Self::BadRequest(too_long.to_string())
    }
}

impl TryFrom<BTreeMap<String, String>> for Selection {
    type Error = TooLong;

    fn try_from(said: BTreeMap<String, String>) -> Result<Self, TooLong> {
        Self::of_form(&said)
    }
}

impl Selection {
    /// What the fields of a form select; its field `view` has the query of an address that stands for all of them.
    pub(super) fn of_form(fields: &BTreeMap<String, String>) -> Result<Self, TooLong> {
        if let Some(view) = fields.get("view").filter(|view| !view.is_empty()) {
            // `?` alone asks for everything.
            let view = view.strip_prefix('?').unwrap_or(view);
            return Self::of_fields(&form_urlencoded::parse(view.as_bytes()).into_owned().collect());
        }
        Self::of_fields(fields)
    }

    fn of_fields(fields: &BTreeMap<String, String>) -> Result<Self, TooLong> {
        let field = |name: &str| fields.get(name).filter(|value| !value.trim().is_empty());
        let all =
            CHOOSE.into_iter().chain(["at", "trace"]).filter_map(|name| Some((name, field(name)?.as_str())));
        let bytes = query(all).len();
        if bytes > MOST {
            return Err(TooLong(bytes));
        }
        let said = CHOOSE.into_iter().filter_map(|name| Some((name, field(name)?.clone()))).collect();
        Ok(Self { at: field("at").cloned(), trace: field("trace").cloned(), said })
    }

    /// What is said of one of [`CHOOSE`]; empty where nothing is.
    pub(super) fn get(&self, name: &str) -> &str {
        self.said.get(name).map_or("", |value| value.trim())
    }

    /// Whether only what is broken is to be drawn.
    pub(super) fn is_of_broken(&self) -> bool {
        !matches!(self.get("broken"), "" | "0")
    }

    /// The Services that are asked for by what they are.
    pub(super) fn filter(&self) -> Filter {
        let own = |name| self.get(name).to_owned();
        Filter { namespace: own("ns"), kind: own("type"), workload: own("workload"), words: own("find") }
    }

    /// The whole as the query of an address; nothing where nothing is selected.
    pub(super) fn query(&self) -> String {
        let trace = self.trace.as_deref().map(|to| ("trace", to));
        let lit = trace.or(self.at.as_deref().map(|at| ("at", at)));
        query(lit.into_iter().chain(self.chooses()))
    }

    /// The board alone, so that `at=…` may follow: `?`, or `?ns=shop&`.
    pub(super) fn before(&self) -> String {
        let query = query(self.chooses());
        if query.is_empty() { "?".to_owned() } else { query + "&" }
    }

    /// The query of another board: this one's but for some changes, of which empty ones take away.
    pub(super) fn with(&self, changes: &[(&'static str, &str)]) -> String {
        let mut said: BTreeMap<&str, &str> =
            self.chooses().filter(|(name, _)| !matches!(*name, "page" | "service" | "card")).collect();
        said.extend(changes.iter().copied());
        written(said)
    }

    /// The query of the same board with some changes.
    pub(super) fn and(&self, changes: &[(&'static str, &str)]) -> String {
        let mut said: BTreeMap<&str, &str> = self.chooses().collect();
        said.extend(changes.iter().copied());
        written(said)
    }

    /// The query of the same board with other groups folded, and with what is selected where that stays in sight.
    pub(super) fn folding(&self, groups: &str, keeps_selected: bool) -> String {
        let mut said: BTreeMap<&str, &str> = self.chooses().collect();
        said.insert("fold", groups);
        if keeps_selected {
            let trace = self.trace.as_deref().map(|to| ("trace", to));
            said.extend(trace.or(self.at.as_deref().map(|at| ("at", at))));
        }
        written(said)
    }

    fn chooses(&self) -> impl Iterator<Item = (&str, &str)> {
        self.said.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

/// Names and values as an address, which it is without any as well: that of the whole.
fn written(said: BTreeMap<&str, &str>) -> String {
    let query = query(said.into_iter().filter(|(_, value)| !value.is_empty()));
    if query.is_empty() { "?".to_owned() } else { query }
}

/// Names and values as a query.
pub(super) fn query<'a>(said: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut query = String::new();
    for (name, value) in said {
        query.push_str(&format!("{}{name}=", if query.is_empty() { '?' } else { '&' }));
        svg::encode(value, &mut query);
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &str) -> Selection {
        let fields: BTreeMap<_, _> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Selection::try_from(fields).unwrap()
    }

    #[test]
    fn what_every_link_would_repeat_is_bounded() {
        let said =
            |name: &str, letter: &str, count| BTreeMap::from([(name.to_owned(), letter.repeat(count))]);
        for name in CHOOSE.into_iter().chain(["at", "trace"]) {
            let room = MOST - name.len() - 2;
            assert!(Selection::of_form(&said(name, "a", room)).is_ok());
            let words = Selection::of_form(&said(name, "a", room + 1)).unwrap_err().to_string();
            assert!(words.contains("4097 bytes, and 4096 are the most"), "{words}");
            assert!(Selection::of_form(&said(name, "'", room / 3 + 1)).is_err(), "it is written as %27");
        }
        let view = BTreeMap::from([("view".to_owned(), format!("?fold={}", "a".repeat(MOST)))]);
        assert!(Selection::of_form(&view).is_err());
        let half = MOST / 2;
        let together = said("fold", "a", half).into_iter().chain(said("card", "a", half)).collect();
        assert!(Selection::of_form(&together).is_err());
        assert!(Selection::of_form(&said("text", "a", MOST)).is_ok(), "the rest of a form is no address");
    }

    #[test]
    fn an_address_says_what_is_looked_at_and_is_written_again() {
        let seen = of("ns=shop&at=web.shop:80&broken=1&type=&zoom=120");
        assert_eq!(seen.query(), "?at=web.shop:80&broken=1&ns=shop");
        assert_eq!(seen.before(), "?broken=1&ns=shop&");
        assert_eq!(Selection::default().before(), "?");
        assert!(of("broken=1").is_of_broken() && !of("broken=0").is_of_broken());
        assert_eq!(seen.with(&[("ns", ""), ("page", "2")]), "?broken=1&page=2");
        assert_eq!(of("page=2&service=web.shop").with(&[]), "?", "another board has pages of its own");
        assert_eq!(of("ns=a&view=%3Fns%3Db%26at%3Dweb.b").query(), "?at=web.b&ns=b");
        assert_eq!(of("ns=a&find=web&view=%3F").query(), "", "all filters are cleared");
        assert_eq!(of("view=&ns=a").query(), "?ns=a", "a field without a word says nothing");
        let folded = of("ns=shop&fold=web,db&at=web.shop:80&card=db.shop");
        assert_eq!(folded.folding("db", true), "?at=web.shop:80&card=db.shop&fold=db&ns=shop");
        assert_eq!(folded.folding("", false), "?card=db.shop&ns=shop");
    }
}
