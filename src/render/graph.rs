//! What a board says without its places, for the renderers of other tools' graphs: the words of a card line by line, and
//! which rows a wire joins.

use crate::diagram::{Card, CardKind, Cut, Diagram, Look, Text, Wire};

use super::text::plain;

/// A row of a card, by their places.
pub(super) type RowAt = (usize, usize);

/// What stands on a card's head, line by line.
pub(super) fn head(card: &Card) -> Vec<String> {
    let chip = card.chip.as_ref().map(|chip| &chip.text);
    lines(card.texts.iter().chain(chip), BESIDE)
}

/// What stands on a row, line by line; on a Service's, what is on the left leads to what is on the right.
pub(super) fn row(card: &Card, row: usize) -> Vec<String> {
    let first = if card.kind == CardKind::Service { " \u{2192} " } else { BESIDE };
    card.rows.get(row).map(|row| lines(row.texts.iter(), first)).unwrap_or_default()
}

/// Whether a card is no more than its head, on whose one row nothing is written.
pub(super) fn is_head_alone(card: &Card) -> bool {
    card.rows.len() == 1 && row(card, 0).is_empty()
}

/// Texts of one base line as one line, from left to right, none of them shortened.
fn lines<'t>(texts: impl Iterator<Item = &'t Text>, first: &str) -> Vec<String> {
    let mut texts: Vec<&Text> = texts.filter(|text| !text.text.is_empty()).collect();
    texts.sort_by_key(|text| (text.y, text.x));
    let of_line = texts.chunk_by(|a, b| b.y - a.y < SAME_LINE);
    of_line
        .enumerate()
        .map(|(number, line)| {
            let between = if number == 0 { first } else { BESIDE };
            let words = line.iter().map(|text| plain(text.whole.as_ref().unwrap_or(&text.text)));
            words.collect::<Vec<_>>().join(between)
        })
        .collect()
}

/// What stands between two words that have nothing to do with each other.
const BESIDE: &str = " \u{b7} ";
/// Texts of different sizes stand on one line although their base lines differ by a pixel or two.
const SAME_LINE: i32 = 6;

/// The wires that join two rows, with how they look there.
pub(super) fn wires(diagram: &Diagram) -> impl Iterator<Item = (RowAt, RowAt, &Wire)> {
    diagram.wires.iter().filter_map(|wire| Some((diagram.begin(wire)?, diagram.end(wire)?, wire)))
}

/// Whether nobody is at the end of a wire.
pub(super) fn is_broken(wire: &Wire) -> bool {
    wire.cut != Some(Cut::Ghost) && (wire.cut.is_some() || wire.look == Look::Broken)
}
