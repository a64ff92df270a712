//! YAML as kubectl reads it: granit-parser's events become nodes, and what go-yaml refuses is refused.

mod anchors;
mod checks;
mod scalar;
mod words;

use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle, Tag};

use self::anchors::Anchors;
pub(super) use self::anchors::{Budget, height, may_spend};
use self::checks::{Covered, Fault};
pub(super) use self::scalar::{plain, plain_key, whole_or_float};
pub(super) use self::words::too_deep;
use super::growth::{Grown, Growth, Key, MAX_DEPTH};
use super::{FileId, Map, Node, Problem, Span, Style, Value, What};

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
) -> Result<Yaml<'a>, Problem> {
    let places = Places { file: id, base, shifts: Vec::new() };
    checks::before(text).map_err(|fault| places.problem(text, fault))?;
    let prepared = checks::prepare(text);
    let places = Places { shifts: prepared.shifts, ..places };
    match prepared.text {
        Cow::Borrowed(text) => Reader::new(text, &places, budget).read(),
        Cow::Owned(text) => Reader::new(&text, &places, budget)
            .read()
            .map(|yaml| Yaml { root: yaml.root.map(Node::into_owned), problems: yaml.problems }),
    }
}

/// From places in the text that is parsed to places in the file.
struct Places {
    file: FileId,
    base: usize,
    shifts: Vec<(usize, usize)>,
}

impl Places {
    fn at(&self, place: usize) -> u32 {
        let moved = self.shifts.partition_point(|&(from, _)| from <= place);
        let shift = if moved == 0 { 0 } else { self.shifts[moved - 1].1 };
        (self.base + place + shift) as u32
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.file, start: self.at(start), end: self.at(end.max(start)) }
    }

    /// A syntax problem at a place, over the word that stands there.
    fn problem(&self, text: &str, (at, words): Fault) -> Problem {
        let rest = &text[at..];
        let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let length = if word == 0 { rest.chars().next().map_or(0, char::len_utf8) } else { word };
        Problem { what: What::Syntax(words), span: self.span(at, at + length) }
    }
}

/// One document while it is being read.
struct Reader<'a, 'p> {
    text: &'a str,
    places: &'p Places,
    growth: Growth<'a>,
    anchors: Anchors<'a, 'p>,
    covered: Covered,
    /// For every open list or map: where it begins in the text, its anchor, and what is odd about it.
    frames: Vec<Frame>,
    /// The end of what was read so far.
    reached: usize,
    /// The end of the last key.
    key_end: usize,
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
    fn new(text: &'a str, places: &'p Places, budget: &'p mut Budget) -> Self {
        Self {
            text,
            places,
            growth: Growth::default(),
            anchors: Anchors::new(budget),
            covered: Covered::new(text),
            frames: Vec::new(),
            reached: 0,
            key_end: 0,
        }
    }

    fn read(mut self) -> Result<Yaml<'a>, Problem> {
        let (text, places) = (self.text, self.places);
        let end = self.events().map_err(|fault| places.problem(text, fault))?;
        self.covered.check(text, end).map_err(|fault| places.problem(text, fault))?;
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
            block_scalar_eof_without_line_feed: true,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        options.set_emit_comments(false);
        let mut parser = Parser::new_from_str_with_options(self.text, options);
        while let Some(event) = parser.next_event() {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => return Err((words::place(self.text, &error), words::words(error.kind()))),
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
                    self.start(Value::List(Vec::new()), style, anchor, start)?;
                }
                Event::MappingStart(style, anchor, _) => {
                    self.start(Value::Map(Map::default()), style, anchor, start)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.close(start, end)?,
                Event::DocumentEnd => return Ok(start),
                _ => {}
            }
            self.reached = self.reached.max(end);
        }
        Ok(self.text.len())
    }

    fn scalar(
        &mut self,
        value: Cow<'a, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        start: usize,
        end: usize,
    ) -> Result<(), Fault> {
        let plain = style == ScalarStyle::Plain;
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let source = &self.text[start..end];
        let tag = tag.map(|tag| format!("{}{}", tag.handle(), tag.suffix()));
        let in_flow = self.growth.in_flow();
        if plain && in_flow && source.contains('?') {
            let at = start + source.find('?').unwrap_or(0);
            return Err((
                at,
                "a question mark in a list or map in brackets, which kubectl wants in quotes".into(),
            ));
        }
        if !in_flow {
            if plain {
                self.covered.add_plain(self.text, start, end, self.block_column());
            } else {
                self.covered.add(start, end);
            }
        }
        let (start, end) = if block { self.block_scalar(start, end) } else { (start, end) };
        if self.growth.wants_key() {
            return self.key(value, plain, tag.as_deref(), anchor, start, end);
        }
        let (start, end) = if plain && source.is_empty() { self.after_colon(start) } else { (start, end) };
        self.reached = self.reached.max(end);
        let value = if plain && source.is_empty() && tag.is_none() {
            Value::Null
        } else {
            scalar::resolve(value, plain, tag.as_deref())
                .and_then(scalar::as_value)
                .map_err(|words| (start, words.to_owned()))?
        };
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::BlockScalar,
        };
        let grown = Grown::leaf(Node { value, span: self.places.span(start, end), style });
        self.anchors.define(anchor, &grown).map_err(|words| (start, words))?;
        self.add(grown, start)
    }

    fn key(
        &mut self,
        value: Cow<'a, str>,
        plain: bool,
        tag: Option<&str>,
        anchor: usize,
        start: usize,
        mut end: usize,
    ) -> Result<(), Fault> {
        let merges = value == "<<" && tag.map_or(plain, |tag| tag == "tag:yaml.org,2002:merge");
        let implied = plain && start == end && tag.is_none();
        let resolved = if implied { Ok(Value::Null) } else { scalar::resolve(value, plain, tag) };
        let resolved = resolved.map_err(|words| (start, words.to_owned()))?;
        if anchor > 0 {
            let value = scalar::as_value(resolved.clone()).unwrap_or(Value::Null);
            let node = Node { value, span: self.places.span(start, end), style: Style::Plain };
            self.anchors.define(anchor, &Grown::leaf(node)).map_err(|words| (start, words))?;
        }
        let mut text = scalar::as_key(resolved).map_err(|words| (start, words.to_owned()))?;
        if self.growth.in_flow() {
            self.check_flow_key(start, end)?;
            let mut after = self.text[end..].chars();
            if plain && after.next() == Some(':') && matches!(after.next(), Some(',' | ']' | '}')) {
                end += 1;
                text = format!("{text}:").into();
                if let Some(frame) = self.frames.last_mut() {
                    frame.colon = Some(end);
                }
            }
        }
        let key = if merges { Key::Merge } else { Key::Text(text) };
        self.growth.key(key, self.places.span(start, end));
        self.key_end = end;
        Ok(())
    }

    /// go-yaml looks back at most 1,024 characters, on one line, for the key that a colon belongs to.
    fn check_flow_key(&self, start: usize, end: usize) -> Result<(), Fault> {
        let rest = &self.text[end..];
        let colon = end + (rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len());
        let has_colon = self.text[colon..].starts_with(':');
        let key = if has_colon { &self.text[start..colon] } else { &self.text[start..end] };
        let explicit = self.text[..start].trim_end_matches([' ', '\t']).ends_with('?');
        if explicit || !has_colon {
            return Ok(());
        }
        if key.contains(['\n', '\r']) {
            return Err((start, "a key in braces and its colon must stand on one line".into()));
        }
        if key.len() > 1024 && key.chars().count() > 1024 {
            return Err((start, "a key of more than 1,024 characters".into()));
        }
        Ok(())
    }

    fn alias(&mut self, anchor: usize, start: usize, end: usize) -> Result<(), Fault> {
        let span = self.places.span(start, end);
        let grown =
            self.anchors.expand(anchor, span, self.growth.open.len()).map_err(|words| (start, words))?;
        if !self.growth.wants_key() {
            return self.add(grown, start);
        }
        let key = scalar::as_key(grown.node.value).map_err(|words| (start, words.to_owned()))?;
        self.growth.key(Key::Text(key), span);
        self.key_end = end;
        Ok(())
    }

    fn start(
        &mut self,
        value: Value<'a>,
        style: StructureStyle,
        anchor: usize,
        start: usize,
    ) -> Result<(), Fault> {
        if self.growth.open.len() >= MAX_DEPTH {
            return Err((start, too_deep()));
        }
        if self.growth.wants_key() {
            return Err((start, "a list or map stands where a key should".into()));
        }
        let flow = style == StructureStyle::Flow;
        let bare_pair = flow && matches!(value, Value::Map(_)) && !self.text[start..].starts_with('{');
        // The parser says where a list's first item begins when the list is as deep as its key; inside another list
        // the first dash would be the outer one's.
        let inside_list =
            self.growth.open.last().is_some_and(|open| matches!(open.node.value, Value::List(_)));
        let start = match value {
            Value::List(_) if !flow && !inside_list => self.seek(b"-").map_or(start, |dash| dash.min(start)),
            _ => start,
        };
        if !flow && matches!(value, Value::List(_)) {
            self.reached = start + 1;
        }
        self.anchors.open(anchor);
        self.frames.push(Frame { start, anchor, bare_pair, colon: None });
        let style = if flow { Style::Flow } else { Style::Block };
        self.growth.start(value, self.places.span(start, start), style);
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
            let value = Value::String(self.text[frame.start..colon].into());
            let node = Node { value, span: self.places.span(frame.start, colon), style: Style::Plain };
            grown = Grown::leaf(node);
        }
        self.anchors.define(frame.anchor, &grown).map_err(|words| (start, words))?;
        self.add(grown, start)
    }

    fn add(&mut self, grown: Grown<'a>, at: usize) -> Result<(), Fault> {
        let anchors = &mut self.anchors;
        let mut outcome = Ok(());
        self.growth.add(grown, |map, entry| outcome = anchors.merge(map, entry));
        outcome.map_err(|words| (at, words))
    }

    /// The column of the innermost block list or map.
    fn block_column(&self) -> usize {
        let start = self.frames.last().map_or(0, |frame| frame.start);
        start - self.text[..start].rfind(['\n', '\r']).map_or(0, |line_end| line_end + 1)
    }

    /// The whole of a block scalar: the parser's range begins with its text and ends where the next thing begins.
    fn block_scalar(&self, start: usize, end: usize) -> (usize, usize) {
        let header = self.seek(b"|>").unwrap_or(start).min(start);
        let text = &self.text[header..end.max(header)];
        (header, header + text.trim_end_matches([' ', '\t', '\n', '\r']).len())
    }

    /// An empty value stands after its key, and the colon if that follows; the parser may place it at the next key.
    fn after_colon(&self, at: usize) -> (usize, usize) {
        let has_key = self.growth.open.last().is_some_and(|open| open.key.is_some());
        let at = if has_key { self.key_end.min(at) } else { at };
        let rest = &self.text[at..];
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let at = if rest[blanks..].starts_with(':') { at + blanks + 1 } else { at };
        (at, at)
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
