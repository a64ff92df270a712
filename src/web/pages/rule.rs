//! `/rules`: what Podwire looks for, a page for each rule.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Path;

use crate::rules::{self, RULES, Rule};
use crate::web::error::{Error, Result};

#[derive(Template, WebTemplate)]
#[template(path = "rules.html")]
pub(super) struct RulesPage {
    rules: &'static [Rule],
}

#[derive(Template, WebTemplate)]
#[template(path = "rule.html")]
pub(super) struct RulePage {
    rule: &'static Rule,
    fires: Vec<MarkedLine>,
    silent: Vec<MarkedLine>,
}

/// A line of an example, with what is said of it.
struct MarkedLine {
    text: String,
    mark: Option<String>,
}

/// `GET /rules`
pub(super) async fn list() -> RulesPage {
    RulesPage { rules: RULES }
}

/// `GET /rules/{name}`
pub(super) async fn show(Path(name): Path<String>) -> Result<RulePage> {
    let rule = rules::by_name(&name).ok_or(Error::NotFound)?;
    Ok(RulePage { rule, fires: lines(rule.fires), silent: lines(rule.silent) })
}

/// The lines of a fixture; its marks (`#~ error: …`) are what is said of them.
fn lines(text: &str) -> Vec<MarkedLine> {
    let split = |line: &str| match line.split_once("#~") {
        Some((text, mark)) => {
            MarkedLine { text: text.trim_end().to_owned(), mark: Some(mark.trim().to_owned()) }
        }
        None => MarkedLine { text: line.to_owned(), mark: None },
    };
    text.lines().map(split).collect()
}
