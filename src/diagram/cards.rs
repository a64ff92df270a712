//! The measures of the board, and cards before they have a place: their own top is 0.

use super::{Card, CardKind, Chip, Face, Jack, Look, Mark, Row, Text, text};
use crate::port::Protocol;
use crate::terms::Term;

/// Where a column's cards begin, and how wide they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lane {
    /// Left edge.
    pub x: i32,
    /// Width.
    pub width: i32,
}

/// Clients.
pub(super) const CLIENTS: Lane = Lane { x: 26, width: 124 };
/// Ways in.
pub(super) const WAYS_IN: Lane = Lane { x: 212, width: 224 };
/// Services.
pub(super) const SERVICES: Lane = Lane { x: 514, width: 272 };
/// Pods.
pub(super) const PODS: Lane = Lane { x: 870, width: 272 };

/// The height of a card's head.
pub(super) const HEAD: i32 = 54;
/// From one row to the next.
pub(super) const PITCH: i32 = 46;
/// From one row of a pods card to the next.
pub(super) const PODS_PITCH: i32 = 36;
/// Between two cards of a column.
pub(super) const GAP: i32 = 16;
/// Between text and a card's edge.
pub(super) const PAD: i32 = 16;

/// What a card stands for, as its head says it.
#[derive(Debug, Clone, Copy)]
pub enum What<'w> {
    /// In a rounded box.
    Chip(&'w str, Term),
    /// In small print.
    Note(&'w str, Term),
}

/// A word with how it is set and what it is.
pub(super) type Said<'w> = (&'w str, Face, Term);

/// An empty card.
pub(super) fn card(kind: CardKind, lane: Lane, head: i32) -> Card {
    Card {
        kind,
        x: lane.x,
        y: 0,
        width: lane.width,
        height: head,
        head,
        look: Look::Carries,
        texts: Vec::new(),
        chip: None,
        pips: Vec::new(),
        rows: Vec::new(),
        label: String::new(),
        at: None,
        fold: None,
        labels: Vec::new(),
        paths: Vec::new(),
    }
}

/// An empty row, on the line `y` of its card.
pub(super) fn row(y: i32, label: String) -> Row {
    Row {
        y,
        reach: (21, 21),
        texts: Vec::new(),
        left: None,
        right: None,
        inner: None,
        look: Look::Carries,
        at: None,
        label,
        paths: Vec::new(),
    }
}

impl Card {
    /// Writes the name on the first line; on the second what it is, its namespace where that must be said, its address; in the
    /// place of that, where it is broken as a whole, that Kubernetes refuses it, so that it never comes to be.
    pub fn write_head(
        &mut self,
        (name, named): (&str, Term),
        what: What<'_>,
        namespace: Option<&str>,
        address: Option<Said<'_>>,
    ) {
        let (left, right) = (self.x + PAD, self.x + self.width - PAD + 2);
        self.texts.push(Text::new(left, 23, Face::Title, name, self.title_end() - left).of(named));
        let mut x = left;
        match what {
            What::Chip(chip, term) => {
                let width = text::width(chip, Face::Chip) + 14;
                let text = Text::new(x + 7, 43, Face::Chip, chip, width).of(term);
                self.chip = Some(Chip { x, y: 30, width, text });
                x += width + 8;
            }
            What::Note(note, term) => {
                let text = Text::new(x, 43, Face::Note, note, right - x).of(term);
                x += text.width() + 8;
                self.texts.push(text);
            }
        }
        let mut end = right;
        // Beside a namespace there is room for one word.
        let refused = if namespace.is_some() { "refused" } else { "refused by Kubernetes" };
        let refused = Some((refused, Face::Note, Term::Refused));
        let (said, look) = match self.look {
            Look::Broken => (refused, Look::Broken),
            _ => (address, Look::Carries),
        };
        if let Some((address, face, term)) = said {
            let text = Text::from_right(right, 43, face, address, right - x).looking(look).of(term);
            end -= text.width() + 8;
            self.texts.push(text);
        }
        if let Some(namespace) = namespace.filter(|_| end - x > 24) {
            let text = Text::new(x, 43, Face::Note, &format!("in {namespace}"), end - x);
            self.texts.push(text.of(Term::Namespace));
        }
    }

    /// Where the name must end: before the pods, which are drawn first.
    fn title_end(&self) -> i32 {
        let taken =
            self.texts.iter().map(|text| if text.from_right { text.x - text.width() } else { text.x });
        let taken = taken.chain(self.pips.iter().map(|pip| pip.x));
        taken.min().map_or(self.x + self.width - PAD + 2, |x| x - 10)
    }

    /// Writes small print below its rows, and makes room for it.
    pub fn write_foot(&mut self, lines: &[(String, Face, Term)]) {
        for (text, face, term) in lines {
            let room = self.width - 2 * PAD + 2;
            let text = Text::new(self.x + PAD, self.y + self.height + 6, *face, text, room);
            self.texts.push(text.of(*term));
            self.height += 17;
        }
    }

    /// Adds a row and makes room for it.
    pub fn push(&mut self, row: Row) -> usize {
        self.rows.push(row);
        self.rows.len() - 1
    }

    /// Moves it and all that is on it down.
    pub fn move_down(&mut self, by: i32) {
        self.y += by;
        for text in &mut self.texts {
            text.y += by;
        }
        if let Some(chip) = &mut self.chip {
            chip.y += by;
            chip.text.y += by;
        }
        for pip in &mut self.pips {
            pip.y += by;
        }
        for row in &mut self.rows {
            row.y += by;
            for text in &mut row.texts {
                text.y += by;
            }
        }
    }

    /// The jack on its left edge.
    pub fn left_jack(&self, look: Look, mark: Mark, term: Term) -> Jack {
        Jack { x: self.x, look, mark, term }
    }

    /// The jack on its right edge.
    pub fn right_jack(&self, look: Look, mark: Mark, term: Term) -> Jack {
        Jack { x: self.x + self.width, look, mark, term }
    }
}

impl From<&Protocol> for Mark {
    fn from(protocol: &Protocol) -> Self {
        match protocol {
            Protocol::Udp => Self::Udp,
            Protocol::Sctp => Self::Sctp,
            Protocol::Tcp | Protocol::Other(_) => Self::Tcp,
        }
    }
}
