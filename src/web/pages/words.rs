//! What the words on the board mean: `/words` lists them all, the inspector those of what is selected.

use askama::Template;
use askama_web::WebTemplate;

use crate::diagram::{Card, Diagram, Row, Text};
use crate::terms::{Explained, Term};

/// A word of the board, with what it says there.
pub(super) struct Word {
    pub value: Option<String>,
    pub about: Explained,
}

#[derive(Template, WebTemplate)]
#[template(path = "words.html")]
pub(super) struct WordsPage {
    groups: Vec<(&'static str, Vec<Word>)>,
}

/// `GET /words`
pub(super) async fn show() -> WordsPage {
    let word = |term: &Term| Word { value: None, about: term.explained() };
    let groups = Term::GROUPS.iter().map(|(name, terms)| (*name, terms.iter().map(word).collect()));
    WordsPage { groups: groups.collect() }
}

/// What is written on the row of an address, then on its card; nothing where the board has no such address.
pub(super) fn at(diagram: &Diagram, at: &str) -> Vec<Word> {
    let rows = diagram.cards.iter().flat_map(|card| card.rows.iter().map(move |row| (card, Some(row))));
    let mut places = rows.chain(diagram.cards.iter().map(|card| (card, None)));
    let is_there = |(card, row): &(&Card, Option<&Row>)| {
        row.map_or(card.at.as_deref(), |row| row.at.as_deref()) == Some(at)
    };
    let Some((card, row)) = places.find(is_there) else { return Vec::new() };
    let mut words: Vec<Word> = Vec::new();
    let mut add = |value: Option<String>, term: Term| {
        let about = term.explained();
        if words.iter().all(|word| word.about.slug != about.slug) {
            words.push(Word { value, about });
        }
    };
    let said = |text: &Text| text.whole.as_ref().unwrap_or(&text.text).clone();
    if let Some(row) = row {
        row.texts.iter().filter_map(|text| Some((text, text.term?))).for_each(|(text, term)| {
            add(Some(said(text)).filter(|words| !words.is_empty()), term);
        });
        row.left.iter().chain(&row.right).for_each(|jack| add(None, jack.term));
    }
    let chip = card.chip.iter().map(|chip| &chip.text);
    let head = card.texts.iter().chain(chip).filter_map(|text| Some((text, text.term?)));
    head.for_each(|(text, term)| add(Some(said(text)), term));
    card.pips.iter().for_each(|pip| add(None, pip.term));
    words
}
