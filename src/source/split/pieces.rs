//! What stands between the separators of a file, each piece read by itself.

use bumpalo::Bump;

use super::{
    BOM, Content, Desk, Document, How, Part, Sort, Stretch, Take, first_line, is_line_start, next_line,
};
use crate::source::growth::TOO_MUCH;
use crate::source::scan::Stacks;
use crate::source::yaml::{self, Budget, Yaml};
use crate::source::{Allowance, FileId, Node, Problem, SourceFile, Span, Value, What, json, recognize, scan};

/// Reads stretches, in any order.
pub(super) struct Pieces<'a, 'r, T> {
    pub(super) id: FileId,
    pub(super) file: &'a SourceFile,
    pub(super) text: &'a str,
    pub(super) how: How<'r>,
    pub(super) take: Take<'r, T>,
}

impl<T: Send> Pieces<'_, '_, T> {
    /// Whether there is more than may be read: then nothing more is.
    fn is_too_much(&self) -> bool {
        self.how.values.is_some_and(Allowance::is_overdrawn)
    }

    /// Takes what a stretch holds. One that unfolds aliases does so at the expense of what the file may unfold in all: without
    /// a budget nothing is taken of it, as it has to wait for its turn.
    pub(super) fn read(
        &self,
        stretch: Stretch,
        budget: Option<&mut Budget>,
        desk: &mut Desk,
        taken: &mut Vec<T>,
    ) -> bool {
        let is_taken = self.read_at(stretch, budget, desk, taken);
        desk.arena.reset();
        is_taken
    }

    fn read_at(
        &self,
        stretch: Stretch,
        budget: Option<&mut Budget>,
        desk: &mut Desk,
        taken: &mut Vec<T>,
    ) -> bool {
        let Stretch { start, end, sort } = stretch;
        if self.is_too_much() {
            taken.push(self.take(self.too_much(start, end)));
            return true;
        }
        let document = match sort {
            Sort::BadSeparator => self.bad_separator(start, end),
            Sort::Piece { json_too, lost } => {
                if json_too
                    && self.text[start..end].trim_start().starts_with('{')
                    && let Some(values) = self.json_piece(start, end, &desk.arena)
                {
                    taken.extend(values.into_iter().map(|value| self.take(value)));
                    return true;
                }
                if let Some(items) = self.cut(start, end, lost, desk) {
                    taken.extend(items);
                    return true;
                }
                match self.piece(start, end, lost, budget, desk) {
                    Some(document) => document,
                    None => return false,
                }
            }
        };
        taken.push(self.take(document));
        true
    }

    pub(super) fn take(&self, document: Document<'_>) -> T {
        (self.take)(Part::Document(document))
    }

    pub(super) fn binary(&self) -> T {
        let whole = self.span(0, self.text.len());
        let what = What::Syntax("NUL bytes, so this is not a text file".into());
        let problem = Problem { what, span: self.span(0, 0) };
        self.take(broken(whole, problem))
    }

    /// What is not read any more.
    fn too_much<'t>(&self, start: usize, end: usize) -> Document<'t> {
        let what = What::Syntax(TOO_MUCH.into());
        broken(self.span(start, end), Problem { what, span: self.span(start, start) })
    }

    /// A separator with something after it, up to where reading goes on.
    fn bad_separator<'t>(&self, start: usize, end: usize) -> Document<'t> {
        let line = &self.text[start..end];
        let line = &line[..first_line(line)];
        let what = if recognize::lost_line_ends(&line[3..]).is_some() {
            What::LostLineEnds
        } else {
            What::BadSeparator
        };
        let problem = Problem { what, span: self.span(start, start + line.trim_end().len()) };
        broken(self.span(start, end), problem)
    }

    /// A document of YAML; none where it needs a budget and has none.
    fn piece<'t>(
        &'t self,
        start: usize,
        end: usize,
        lost: bool,
        budget: Option<&mut Budget>,
        desk: &'t mut Desk,
    ) -> Option<Document<'t>> {
        let span = self.span(start, end);
        let start = self.after_marks(start, end);
        let piece = &self.text[start..end];
        let Desk { arena, stacks } = desk;
        let skimmed =
            if budget.is_some() || self.how.parsed { None } else { self.scan(piece, start, arena, stacks) };
        if self.is_too_much() {
            return Some(self.too_much(start, end));
        }
        let is_plain = skimmed.is_some();
        let read = match (skimmed, budget) {
            (Some(yaml), _) => Ok(yaml),
            (None, Some(budget)) => self.parse(piece, start, budget, arena),
            (None, None) if yaml::may_spend(piece) => return None,
            (None, None) => self.parse(piece, start, &mut Budget::new(""), arena),
        };
        Some(match read {
            Ok(Yaml { root, mut problems }) => {
                problems.extend(self.not_utf8(span));
                let content = self.content(root, start, piece);
                Document { span, content, problems, ends_stream: lost, is_plain }
            }
            Err(problem) => {
                let fault = (problem.span.start as usize).saturating_sub(start);
                broken(
                    span,
                    match recognize::recognize(piece, Some(fault)) {
                        Some((what, from, to)) => Problem { what, span: self.span(start + from, start + to) },
                        None => problem,
                    },
                )
            }
        })
    }

    pub(super) fn scan<'t>(
        &self,
        piece: &'t str,
        base: usize,
        arena: &'t Bump,
        stacks: &mut Stacks,
    ) -> Option<Yaml<'t>> {
        scan::read(self.id, piece, base, self.how.skims, self.how.values, arena, stacks)
    }

    pub(super) fn parse<'t>(
        &self,
        piece: &'t str,
        base: usize,
        budget: &mut Budget,
        arena: &'t Bump,
    ) -> Result<Yaml<'t>, Problem> {
        yaml::read(self.id, piece, base, budget, self.how.values, arena)
    }

    pub(super) fn after_marks(&self, start: usize, end: usize) -> usize {
        let text = &self.text[start..end];
        if text.starts_with(BOM) { end - text.trim_start_matches(BOM).len() } else { start }
    }

    /// What a piece that can be read holds; some that can is no manifest all the same.
    fn content<'t>(&self, root: Option<Node<'t>>, start: usize, piece: &str) -> Content<'t> {
        let recognized = match root.map(|root| root.value) {
            None | Some(Value::Null) => {
                recognize::lost_line_ends(piece).map(|(from, to)| (What::LostLineEnds, from, to))
            }
            Some(Value::String(_)) => recognize::recognize(piece, None),
            Some(Value::Map(map)) if recognize::is_description(map) => map.entry("Name").map(|entry| {
                let span = entry.key_span.to(entry.value.span);
                (What::KubectlOutput, span.start as usize - start, span.end as usize - start)
            }),
            _ => None,
        };
        match (recognized, root) {
            (Some((what, from, to)), _) => {
                Content::Broken(Problem { what, span: self.span(start + from, start + to) })
            }
            (None, Some(root)) if !root.is_null() => Content::Tree(root),
            _ => Content::Empty,
        }
    }

    /// What cannot be read as JSON, up to the next line that may begin a document.
    pub(super) fn broken_json<'t>(&self, start: usize, fault: usize, words: String) -> (usize, Document<'t>) {
        let text = self.text;
        let from = fault.max(start + 1);
        let mut end = if is_line_start(text, from) { from } else { next_line(text, from) };
        while end < text.len() && !text[end..].starts_with('{') && !text[end..].starts_with("---") {
            end = next_line(text, end);
        }
        let span = self.span(start, end);
        let word = text[fault..].chars().next().map_or(0, char::len_utf8);
        let problem = Problem { what: What::Syntax(words), span: self.span(fault, fault + word) };
        (end, broken(span, problem))
    }

    /// Reads a piece between separators as JSON values if it is nothing else.
    fn json_piece<'t>(&'t self, start: usize, end: usize, arena: &'t Bump) -> Option<Vec<Document<'t>>> {
        let mut values = Vec::new();
        let mut at = start;
        loop {
            let rest = &self.text[at..end];
            at += rest.len() - rest.trim_start().len();
            if at == end {
                return Some(values);
            }
            let json = json::read(self.id, &self.text[..end], at, self.how.values, arena).ok()?;
            let next = json.end;
            values.push(self.json(at, json));
            at = next;
        }
    }

    pub(super) fn json<'t>(&self, start: usize, json: json::Json<'t>) -> Document<'t> {
        let span = self.span(start, json.end);
        let mut problems = json.problems;
        problems.extend(self.not_utf8(span));
        Document { span, content: Content::Tree(json.root), problems, ends_stream: false, is_plain: false }
    }

    /// Bytes that are not UTF-8, which kubectl reads as U+FFFD.
    fn not_utf8(&self, within: Span) -> Option<Problem> {
        let at = self.file.not_utf8_within(within.start, within.end)? as usize;
        let span = self.span(at, at + char::REPLACEMENT_CHARACTER.len_utf8());
        Some(Problem { what: What::NotUtf8, span })
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.id, start: start as u32, end: end as u32 }
    }
}

/// What cannot be read, at which kubectl stops.
fn broken<'a>(span: Span, problem: Problem) -> Document<'a> {
    Document {
        span,
        content: Content::Broken(problem),
        problems: Vec::new(),
        ends_stream: true,
        is_plain: false,
    }
}
