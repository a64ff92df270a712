//! Text on the board: measured with the fonts' own widths, shortened in the middle where it does not fit.

use super::widths;
use crate::names::is_unseen;
use crate::terms::Term;

/// How a text is set. A renderer knows the size and font of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// The name of a zone: Inter 600, 13 px.
    Zone,
    /// The heading of a column: Inter 600, 10.5 px, spaced.
    Lane,
    /// The name of an object: Inter 600, 15 px.
    Title,
    /// A number or name that wires lead to: `JetBrains` Mono 500, 14 px.
    Port,
    /// A word beside it: Inter 400, 11.5 px.
    Note,
    /// An address: `JetBrains` Mono 500, 12 px.
    Mono,
    /// An address that is made up: the same, slanted.
    Example,
    /// A word in a rounded box: Inter 600, 11.5 px.
    Chip,
    /// Why nobody answers: Inter 600, 12.5 px.
    Why,
}

/// A text at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Where it begins, or ends where `from_right`.
    pub x: i32,
    /// Its base line.
    pub y: i32,
    /// What is seen.
    pub text: String,
    /// The whole of it, where what is seen is shortened.
    pub whole: Option<String>,
    /// How it is set.
    pub face: Face,
    /// Whether `x` is its right end.
    pub from_right: bool,
    /// Whether it is broken, faint or neither.
    pub look: super::Look,
    /// What it is.
    pub term: Option<Term>,
}

impl Text {
    /// A text from `x` on, shortened to `room` pixels.
    pub fn new(x: i32, y: i32, face: Face, text: &str, room: i32) -> Self {
        let seen = shorten(text, face, room);
        let whole = (seen != text).then(|| text.to_owned());
        Self { x, y, text: seen, whole, face, from_right: false, look: super::Look::Carries, term: None }
    }

    /// A text that ends at `x`.
    pub fn from_right(x: i32, y: i32, face: Face, text: &str, room: i32) -> Self {
        Self { from_right: true, ..Self::new(x, y, face, text, room) }
    }

    /// The same, with a look.
    #[must_use]
    pub fn looking(mut self, look: super::Look) -> Self {
        self.look = look;
        self
    }

    /// The same, saying what it is.
    #[must_use]
    pub fn of(mut self, term: Term) -> Self {
        self.term = Some(term);
        self
    }

    /// How wide it is.
    pub fn width(&self) -> i32 {
        width(&self.text, self.face)
    }
}

/// How wide a text is, in pixels, rounded up.
pub(super) fn width(text: &str, face: Face) -> i32 {
    let moved = text.chars().map(|c| advance(c, face)).sum::<i64>();
    // Half a per cent for hinting, which no table of widths knows.
    ((moved * 1005 + 9_999_999) / 10_000_000) as i32
}

/// The text, with its middle left out where it is wider than `room`.
pub(super) fn shorten(text: &str, face: Face, room: i32) -> String {
    // Control and direction characters could hide or reorder what stands beside them.
    let clean: String = text.chars().map(|c| if is_unseen(c) { '\u{b7}' } else { c }).collect();
    if width(&clean, face) <= room {
        return clean;
    }
    let chars: Vec<char> = clean.chars().collect();
    let room = i64::from(room.max(0)) * 9_950_000 - advance('\u{2026}', face) * 1000;
    let (mut head, mut tail, mut used) = (0, chars.len(), 0);
    loop {
        // The head gets a little more: names differ mostly at both ends, and are known by the first.
        let from_head = head <= chars.len() - tail;
        let next = if from_head { chars[head] } else { chars[tail - 1] };
        used += advance(next, face) * 1000;
        if used > room || head + 1 >= tail {
            break;
        }
        if from_head {
            head += 1;
        } else {
            tail -= 1;
        }
    }
    let (head, tail): (String, String) = (chars[..head].iter().collect(), chars[tail..].iter().collect());
    format!("{head}\u{2026}{tail}")
}

/// How far a character moves the pen, in ten-thousandths of a pixel.
fn advance(c: char, face: Face) -> i64 {
    let (size, spacing) = match face {
        Face::Zone => (130, 0),
        Face::Lane => (105, 84),
        Face::Title => (150, 0),
        Face::Port => (140, 0),
        Face::Note | Face::Chip => (115, 0),
        Face::Mono | Face::Example => (120, 0),
        Face::Why => (125, 0),
    };
    let (units, per_em) = match face {
        Face::Port | Face::Mono | Face::Example => (mono(c), i64::from(widths::MONO_UNITS_PER_EM)),
        Face::Note => {
            (inter(c, &widths::INTER_400, &widths::INTER_400_EXTRA), i64::from(widths::INTER_UNITS_PER_EM))
        }
        _ => (inter(c, &widths::INTER_600, &widths::INTER_600_EXTRA), i64::from(widths::INTER_UNITS_PER_EM)),
    };
    units * size * 1000 / per_em + spacing * 100
}

fn mono(c: char) -> i64 {
    let units = i64::from(widths::MONO_500);
    match class(c) {
        Class::Wide => i64::from(widths::MONO_UNITS_PER_EM),
        Class::None => 0,
        Class::Other => units,
    }
}

fn inter(c: char, ascii: &[u16; 95], extra: &[(char, u16)]) -> i64 {
    let place = (c as u32).wrapping_sub(0x20) as usize;
    if let Some(units) = ascii.get(place) {
        return i64::from(*units);
    }
    if let Ok(place) = extra.binary_search_by_key(&c, |(c, _)| *c) {
        return i64::from(extra[place].1);
    }
    match class(c) {
        Class::Wide => i64::from(widths::INTER_UNITS_PER_EM),
        Class::None => 0,
        Class::Other => i64::from(widths::INTER_OTHER),
    }
}

enum Class {
    Wide,
    None,
    Other,
}

fn class(c: char) -> Class {
    let within = |ranges: &[(char, char)]| ranges.iter().any(|(first, last)| (*first..=*last).contains(&c));
    if within(&widths::WIDE) {
        Class::Wide
    } else if within(&widths::ZERO) {
        Class::None
    } else {
        Class::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_and_what_does_not_loses_its_middle() {
        assert_eq!(shorten("web", Face::Title, 200), "web");
        let long = "a-very-long-service-name-that-goes-on-and-on-until-it-is-63-long";
        let seen = shorten(long, Face::Title, 160);
        assert!(width(&seen, Face::Title) <= 160, "{seen}");
        assert!(
            seen.starts_with("a-very") && seen.ends_with("63-long") && seen.contains('\u{2026}'),
            "{seen}"
        );
    }

    #[test]
    fn no_text_hides_what_stands_beside_it() {
        assert_eq!(shorten("a\u{202e}b\u{7}", Face::Note, 200), "a\u{b7}b\u{b7}");
    }

    #[test]
    fn mono_is_as_wide_as_its_letters() {
        assert_eq!(width("30008", Face::Port), 43);
    }
}
