//! From places in the text that is parsed to places in the file.

use super::checks::Fault;
use super::mend::Mend;
use crate::source::{FileId, Problem, Span, What};

/// Where a parsed text stands in its file.
pub(super) struct Places<'t> {
    file: FileId,
    /// The text as it stands in the file.
    text: &'t str,
    base: usize,
    /// Places in the parsed text from which on the file is further by so many bytes, or less far.
    shifts: Vec<(usize, isize)>,
}

impl<'t> Places<'t> {
    pub(super) fn new(file: FileId, base: usize, text: &'t str) -> Self {
        Self { file, text, base, shifts: Vec::new() }
    }

    pub(super) fn shifted(self, shifts: Vec<(usize, isize)>) -> Self {
        Self { shifts, ..self }
    }

    /// The same places once the text is mended.
    pub(super) fn mend(&mut self, mend: &Mend) {
        let grown = mend.text.len() as isize - (mend.end - mend.start) as isize;
        let after = self.shift(mend.end) - grown;
        let first = self.shifts.partition_point(|&(from, _)| from <= mend.start);
        let rest = self.shifts.split_off(first);
        self.shifts.push((mend.start + mend.text.len(), after));
        let rest = rest.into_iter().filter(|&(from, _)| from > mend.end);
        self.shifts.extend(rest.map(|(from, shift)| (from.saturating_add_signed(grown), shift - grown)));
    }

    fn shift(&self, place: usize) -> isize {
        let moved = self.shifts.partition_point(|&(from, _)| from <= place);
        if moved == 0 { 0 } else { self.shifts[moved - 1].1 }
    }

    pub(super) fn at(&self, place: usize) -> u32 {
        (self.base + place).saturating_add_signed(self.shift(place)) as u32
    }

    /// What the file has there, where that is not what is parsed.
    pub(super) fn written(&self, start: usize, end: usize) -> Option<&'t str> {
        if self.shifts.is_empty() {
            return None;
        }
        self.text.get(self.at(start) as usize - self.base..self.at(end) as usize - self.base)
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.file, start: self.at(start), end: self.at(end.max(start)) }
    }

    /// A syntax problem at a place, over the word that stands there.
    pub(super) fn problem(&self, text: &str, (at, words): Fault) -> Problem {
        let rest = &text[at..];
        let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let length = if word == 0 { rest.chars().next().map_or(0, char::len_utf8) } else { word };
        Problem { what: What::Syntax(words), span: self.span(at, at + length) }
    }
}
