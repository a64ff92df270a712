//! The measures of the board, and cards before they have a place: their own top is 0.

use super::{Card, CardKind, Chip, Face, Jack, Look, Mark, Row, Text, text};
use crate::port::Protocol;

/// Where a column's cards begin, and how wide they are.
#[derive(Debug, Clone, Copy)]
pub struct Lane {
    /// Left edge.
    pub x: i32,
    /// Width.
    pub width: i32,
}

/// Clients.
pub const CLIENTS: Lane = Lane { x: 26, width: 132 };
/// Ways in.
pub const WAYS_IN: Lane = Lane { x: 226, width: 236 };
/// Services.
pub const SERVICES: Lane = Lane { x: 556, width: 300 };
/// Pods.
pub const PODS: Lane = Lane { x: 956, width: 288 };

/// The height of a card's head.
pub const HEAD: i32 = 42;
/// The height of a pods card's head, which has two lines.
pub const PODS_HEAD: i32 = 50;
/// From one row to the next.
pub const PITCH: i32 = 46;
/// From one row of a pods card to the next.
pub const PODS_PITCH: i32 = 36;
/// Between two cards of a column.
pub const GAP: i32 = 16;
/// Between text and a card's edge.
pub const PAD: i32 = 16;

/// An empty card.
pub fn card(kind: CardKind, lane: Lane, head: i32) -> Card {
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
        paths: Vec::new(),
    }
}

/// An empty row, on the line `y` of its card.
pub fn row(y: i32, label: String) -> Row {
    Row {
        y,
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
    /// Writes the name, the chip after it, and an address at the right end; the name gets what room they leave.
    pub fn write_head(&mut self, name: &str, chip: Option<&str>, aside: Option<(&str, Face)>, small: Option<&str>) {
        let base = if small.is_some() { 21 } else { 27 };
        let right = self.x + self.width - 14;
        let mut room = self.width - PAD - 14;
        if let Some((aside, face)) = aside {
            let text = Text::from_right(right, 27, face, aside, 150);
            room -= text.width() + 10;
            self.texts.push(text);
        }
        let chip_width = chip.map_or(0, |chip| text::width(chip, Face::Chip) + 16);
        let name_room = room - if chip_width > 0 { chip_width + 8 } else { 0 };
        let title = Text::new(self.x + PAD, base, Face::Title, name, name_room);
        if let Some(chip) = chip {
            let x = self.x + PAD + title.width() + 8;
            let text = Text::new(x + 8, base - 1, Face::Chip, chip, chip_width);
            self.chip = Some(Chip { x, y: base - 15, width: chip_width, text });
        }
        self.texts.push(title);
        if let Some(small) = small {
            self.texts.push(Text::new(self.x + PAD, 36, Face::Note, small, room));
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
    pub fn left_jack(&self, look: Look, mark: Mark) -> Jack {
        Jack { x: self.x, look, mark }
    }

    /// The jack on its right edge.
    pub fn right_jack(&self, look: Look, mark: Mark) -> Jack {
        Jack { x: self.x + self.width, look, mark }
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
