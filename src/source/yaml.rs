//! YAML as kubectl reads it: granit-parser's events become nodes, and what go-yaml refuses is refused.

mod anchors;
mod breaks;
mod checks;
mod leaves;
mod mend;
mod places;
mod scalar;
mod words;

use std::borrow::Cow;

use bumpalo::Bump;
use granit_parser::{Event, Parser, StructureStyle};

use self::anchors::Anchors;
pub(super) use self::anchors::{Budget, height, may_spend};
use self::checks::{Covered, Fault};
use self::mend::Mend;
use self::places::Places;
pub(super) use self::scalar::{plain, plain_key, whole_or_float};
pub(super) use self::words::too_deep;
use super::growth::{Grown, Growth, Key, MAX_DEPTH, Sort, TOO_MUCH};
use super::{Allowance, FileId, Node, Problem, Share, Style, Value, What};

/// What one piece of a stream holds.
#[derive(Debug)]
pub(super) struct Yaml<'a> {
    /// The first document of the piece; none where there are only blanks and comments.
    pub(super) root: Option<Node<'a>>,
    /// Equal keys, and text after the document's end.
    pub(super) problems: Vec<Problem>,
}

/// Reads the first document of a piece that begins at byte `base` of its file.
pub(super) fn read<'a>(
    id: FileId,
    text: &'a str,
    base: usize,
    budget: &mut Budget,
    values: Option<&Allowance>,
    arena: &'a Bump,
) -> Result<Yaml<'a>, Problem> {
    let mut share = Allowance::of_one(values);
    let read = read_within(&mut share, id, text, base, budget, arena);
    Allowance::spend(values, share);
    read
}

fn read_within<'a>(
    share: &mut Share,
    id: FileId,
    text: &'a str,
    base: usize,
    budget: &mut Budget,
    arena: &'a Bump,
) -> Result<Yaml<'a>, Problem> {
    let whole = *share;
    let places = Places::new(id, base, text);
    checks::before(text).map_err(|fault| places.problem(text, fault))?;
    let checks::Prepared { text, shifts } = checks::prepare(text);
    let mut text = kept(text, arena);
    let mut places = places.shifted(shifts);
    let mut mends = mend::most(text.len());
    let unspent = budget.clone();
    loop {
        *share = whole;
        let Refused { problem, mend } = match Reader::new(text, &places, budget, share, arena).read() {
            Ok(yaml) => return Ok(yaml),
            Err(refused) => *refused,
        };
        let Some(mend) = mend.filter(|_| mends > 0) else { return Err(problem) };
        places.mend(&mend);
        text = arena.alloc_str(&mend.apply(text));
        *budget = unspent.clone();
        mends -= 1;
    }
}

/// A text that is there for as long as the tree is.
fn kept<'a>(text: Cow<'a, str>, arena: &'a Bump) -> &'a str {
    match text {
        Cow::Borrowed(text) => text,
        Cow::Owned(text) => arena.alloc_str(&text),
    }
}

/// Why a text cannot be read, and how it can if go-yaml reads it.
struct Refused {
    problem: Problem,
    mend: Option<Mend>,
}

/// One document while it is being read.
struct Reader<'a, 'p> {
    text: &'a str,
    arena: &'a Bump,
    places: &'p Places<'p>,
    growth: Growth<'a, 'p>,
    anchors: Anchors<'a, 'p>,
    covered: Covered,
    /// For every open list or map: where it begins in the text, its anchor, and what is odd about it.
    frames: Vec<Frame>,
    /// The end of what was read so far.
    reached: usize,
    /// The end of the last key.
    key_end: usize,
    /// How what the parser refused is read all the same.
    mend: Option<Mend>,
    /// Whether a number was read that is none.
    has_infinite: bool,
}

struct Frame {
    start: usize,
    anchor: usize,
    /// A pair without braces in a flow list: `[a: b]`.
    bare_pair: bool,
    /// The end of a key that swallows its colon, as in `{port:}`.
    colon: Option<usize>,
}

impl<'a, 'p> Reader<'a, 'p> {
    fn new(
        text: &'a str,
        places: &'p Places<'p>,
        budget: &'p mut Budget,
        share: &'p mut Share,
        arena: &'a Bump,
    ) -> Self {
        Self {
            text,
            arena,
            places,
            growth: Growth::new(share, arena),
            anchors: Anchors::new(budget, arena),
            covered: Covered::new(text),
            frames: Vec::new(),
            reached: 0,
            key_end: 0,
            mend: None,
            has_infinite: false,
        }
    }

    fn read(mut self) -> Result<Yaml<'a>, Box<Refused>> {
        let (text, places) = (self.text, self.places);
        let end = self.events().and_then(|end| self.covered.check(text, end).map(|()| end));
        let refused =
            |fault| Box::new(Refused { problem: places.problem(text, fault), mend: self.mend.take() });
        let end = end.map_err(refused)?;
        if self.has_infinite
            && let Some(span) = self.growth.root.as_ref().and_then(scalar::infinite)
        {
            let problem = Problem { what: What::Syntax(scalar::INFINITE.into()), span };
            return Err(Box::new(Refused { problem, mend: None }));
        }
        let mut problems = self.growth.problems;
        problems.sort_by_key(|problem| problem.span);
        if let Some((start, line)) = dropped(&text[end..]) {
            let span = places.span(end + start, end + start + line.len());
            problems.push(Problem { what: What::TextAfterEnd, span });
        }
        Ok(Yaml { root: self.growth.root, problems })
    }

    /// Reads up to the end of the first document and says where that is.
    fn events(&mut self) -> Result<usize, Fault> {
        let mut options = granit_parser::options! {
            emit_comments: false,
            disallow_directives: true,
            bom_inside_document_as_content: true,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        options.set_emit_comments(false);
        let mut parser = Parser::new_from_str_with_options(self.text, options);
        while let Some(event) = parser.next_event() {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => {
                    let at = self.text.floor_char_boundary(error.marker().byte_offset().unwrap_or(0));
                    self.mend = mend::mend(self.text, at, error.kind());
                    return Err((words::place(self.text, &error), words::words(error.kind())));
                }
            };
            let range = span.byte_range().unwrap_or(0..0);
            let (start, end) =
                (self.text.floor_char_boundary(range.start), self.text.floor_char_boundary(range.end));
            match event {
                Event::Scalar(value, style, anchor, tag) => {
                    self.scalar(value, style, anchor, tag.as_deref(), start, end.max(start))?;
                }
                Event::Alias(anchor) => self.alias(anchor, start, end)?,
                Event::SequenceStart(style, anchor, _) => {
                    self.start(Sort::List, style, anchor, start)?;
                }
                Event::MappingStart(style, anchor, _) => {
                    self.start(Sort::Map, style, anchor, start)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.close(start, end)?,
                Event::DocumentEnd => return Ok(start),
                _ => {}
            }
            if self.growth.share.is_overdrawn() {
                return Err((start, TOO_MUCH.to_owned()));
            }
            self.reached = self.reached.max(end);
        }
        Ok(self.text.len())
    }

    fn alias(&mut self, anchor: usize, start: usize, end: usize) -> Result<(), Fault> {
        let span = self.places.span(start, end);
        let grown =
            self.anchors.expand(anchor, span, self.growth.open.len()).map_err(|words| (start, words))?;
        if !self.growth.wants_key() {
            return self.add(grown, start);
        }
        let key = scalar::as_key(grown.node.value).map_err(|words| (start, words.to_owned()))?;
        self.growth.key(Key::Text(kept(key, self.arena)), span);
        self.key_end = end;
        Ok(())
    }

    fn start(&mut self, sort: Sort, style: StructureStyle, anchor: usize, start: usize) -> Result<(), Fault> {
        if self.growth.open.len() >= MAX_DEPTH {
            return Err((start, too_deep()));
        }
        if self.growth.wants_key() {
            return Err((start, "a list or map stands where a key should".into()));
        }
        let flow = style == StructureStyle::Flow;
        let bare_pair = flow && sort == Sort::Map && !self.text[start..].starts_with('{');
        // The parser says where a list's first item begins when the list is as deep as its key; inside another list
        // the first dash would be the outer one's.
        let inside_list = self.growth.open.last().is_some_and(|open| open.sort == Sort::List);
        let start = match sort {
            Sort::List if !flow && !inside_list => self.seek(b"-").map_or(start, |dash| dash.min(start)),
            _ => start,
        };
        if !flow && sort == Sort::List {
            self.reached = start + 1;
        }
        self.anchors.open(anchor);
        self.frames.push(Frame { start, anchor, bare_pair, colon: None });
        let style = if flow { Style::Flow } else { Style::Block };
        self.growth.start(sort, self.places.span(start, start), style);
        Ok(())
    }

    fn close(&mut self, start: usize, end: usize) -> Result<(), Fault> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let flow = self.growth.in_flow() && !frame.bare_pair;
        let Some(mut grown) = self.growth.close(flow.then(|| self.places.at(end))) else { return Ok(()) };
        if flow && !self.growth.in_flow() {
            self.covered.add(frame.start, end);
        }
        if frame.bare_pair
            && let Some(colon) = frame.colon
        {
            let value = Value::String(&self.text[frame.start..colon]);
            let node = Node { value, span: self.places.span(frame.start, colon), style: Style::Plain };
            grown = Grown::leaf(node);
        }
        self.anchors.define(frame.anchor, &grown).map_err(|words| (start, words))?;
        self.add(grown, start)
    }

    fn add(&mut self, grown: Grown<'a>, at: usize) -> Result<(), Fault> {
        let anchors = &mut self.anchors;
        let mut outcome = Ok(());
        self.growth.add(grown, |entries, merge| outcome = anchors.merge(entries, merge));
        outcome.map_err(|words| (at, words))
    }

    /// The column of the innermost block list or map.
    fn block_column(&self) -> usize {
        let start = self.frames.last().map_or(0, |frame| frame.start);
        start - self.text[..start].rfind(['\n', '\r']).map_or(0, |line_end| line_end + 1)
    }

    /// The next of some indicators past blanks, comments, anchors, tags and other indicators.
    fn seek(&self, wanted: &[u8]) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = self.reached;
        while let Some(&byte) = bytes.get(at) {
            let skipped = |ends: &[u8]| bytes[at..].iter().position(|byte| ends.contains(byte));
            match byte {
                _ if wanted.contains(&byte) => return Some(at),
                b' ' | b'\t' | b'\n' | b'\r' | b':' | b'-' | b'?' => at += 1,
                b'#' => at += skipped(b"\n\r")?,
                b'&' | b'!' => at += skipped(b" \t\n\r")?,
                _ => return None,
            }
        }
        None
    }
}

/// The first line that kubectl drops after a document's end.
fn dropped(rest: &str) -> Option<(usize, &str)> {
    let mut start = 0;
    loop {
        let (at, line) = checks::first_content(&rest[start..])?;
        if !checks::is_document_end(line) {
            return Some((start + at, line));
        }
        let after = line[3..].trim_start();
        if !after.is_empty() && !after.starts_with('#') {
            return Some((start + at, line));
        }
        start += at + line.len();
    }
}
