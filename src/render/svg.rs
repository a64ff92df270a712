//! The board as SVG: inside a page, where the page's style sheet dresses it, or standing alone with its own.

use std::borrow::Cow;
use std::{fmt, io};

use askama::Template;
use rustc_hash::FxHashMap;

use super::style::{Sheet, Theme};
use crate::diagram::trace::Lit;
use crate::diagram::{Card, CardKind, Cut, Diagram, Face, Look, Mark, Path, PipState, Text, Wire};
use crate::names::is_unseen;
use crate::terms::Term;

/// The style sheet of the board, which pages link to and standalone pictures carry.
pub const STYLE: &str = include_str!("../../static/board.css");

/// How a picture is used.
#[derive(Debug, Clone, Copy, Default)]
pub struct Use<'a> {
    /// Where the links of jacks lead.
    pub link: Link,
    /// What such an address begins with: `?`, or `?ns=shop&` where the page shows a part.
    pub before: &'a str,
    /// The address that is selected.
    pub selected: Option<&'a str>,
    /// What a trace lights, in the place of all that goes through what is selected.
    pub traced: Option<&'a Lit>,
    /// Of each group that folds, the address of the board on which it is the other way round.
    pub opens: &'a [(&'a str, &'a str)],
    /// Whether it stands alone.
    pub standalone: bool,
}

/// Where the links of jacks lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Link {
    /// Nowhere: there are none.
    #[default]
    None,
    /// To the page's own address with `?at=`.
    Query,
    /// To the row of the page's table: the text is nowhere but on this page.
    Paths,
}

#[derive(Template)]
#[template(path = "board.svg")]
struct Board<'a> {
    diagram: &'a Diagram,
    usage: Use<'a>,
    style: Sheet,
    /// Of each path, whether it goes through what is selected.
    lit: Vec<bool>,
    /// The rows of the page's table, by what they tell of; empty where no link leads there.
    rows: FxHashMap<Path, usize>,
}

/// Draws a board for a page.
pub fn svg(diagram: &Diagram, usage: Use<'_>) -> String {
    whole(diagram, usage, Sheet::none())
}

/// What of a picture is lit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Emphasis<'a> {
    /// The address that is selected.
    pub selected: Option<&'a str>,
    /// What a trace lights, in the place of all that goes through what is selected.
    pub traced: Option<&'a Lit>,
}

/// Draws a board as a file of its own, with something lit, as it is written.
pub fn write(diagram: &Diagram, theme: Theme, on: Emphasis<'_>, out: &mut impl io::Write) -> io::Result<()> {
    board(diagram, alone(on), Sheet::standalone(theme)).write_into(out)
}

/// Draws a board as a file of its own for renderers that know little of style sheets, and bring the fonts themselves.
pub fn plain(diagram: &Diagram, theme: Theme, on: Emphasis<'_>) -> String {
    whole(diagram, alone(on), Sheet::plain(theme))
}

fn alone(Emphasis { selected, traced }: Emphasis<'_>) -> Use<'_> {
    Use { standalone: true, selected, traced, ..Use::default() }
}

fn whole(diagram: &Diagram, usage: Use<'_>, style: Sheet) -> String {
    // About as long as it will be, so that little is copied while it grows.
    let mut out = String::with_capacity(style.len() + 2_000 + 1_500 * diagram.wires.len());
    // Writing into a String fails only when a value refuses to be written, and none of these does.
    let _ = board(diagram, usage, style).render_into(&mut out);
    out
}

fn board<'a>(diagram: &'a Diagram, usage: Use<'a>, style: Sheet) -> Board<'a> {
    let mut lit = vec![false; diagram.paths.len()];
    for path in usage.selected.map(|at| diagram.paths_at(at)).unwrap_or_default() {
        lit[path as usize] = true;
    }
    let rows = diagram.paths.iter().take(diagram.rows).enumerate().filter(|_| usage.link == Link::Paths);
    let rows = rows.map(|(row, path)| (*path, row)).collect();
    Board { diagram, usage, style, lit, rows }
}

impl Board<'_> {
    fn link<'b>(&'b self, at: &'b str, paths: &[u32]) -> Address<'b> {
        if self.usage.link == Link::Query {
            return Address::Query(self.usage.before, at);
        }
        // The paths of a Service's row come before those of its ways in, and only the former have rows in the table.
        let through = paths.first().and_then(|path| self.diagram.paths.get(*path as usize));
        Address::Row(through.and_then(|path| self.rows.get(path)).copied().unwrap_or_default())
    }

    /// Where the card of a folded group leads; nowhere where there are no links.
    fn opens(&self, card: &Card) -> Option<&str> {
        let name = card.fold.as_deref()?;
        match self.usage.link {
            Link::None => None,
            Link::Paths => Some("#filters"),
            Link::Query => self.usage.opens.iter().find(|(group, _)| *group == name).map(|(_, query)| *query),
        }
    }

    fn lit(&self, paths: &[u32], traced: impl Fn(&Lit) -> bool) -> &'static str {
        let lit = match self.usage.traced {
            Some(lit) => traced(lit),
            None => paths.iter().any(|path| self.lit[*path as usize]),
        };
        if lit { " lit" } else { "" }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
    fn lit_wire(&self, wire: &usize, paths: &[u32]) -> &'static str {
        self.lit(paths, |lit| lit.wires.get(*wire) == Some(&true))
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
    fn lit_card(&self, card: &usize, paths: &[u32]) -> &'static str {
        self.lit(paths, |lit| lit.card(*card))
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
    fn lit_row(&self, card: &usize, row: &usize, paths: &[u32]) -> &'static str {
        self.lit(paths, |lit| lit.row(*card, *row))
    }

    /// What tells a script that a trace lights this, and not what is selected.
    fn traced(&self, lit: &str) -> &'static str {
        if self.usage.traced.is_some() && !lit.is_empty() { " data-traced" } else { "" }
    }

    /// What tells a page's script what this is.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
    fn term(&self, term: &Term) -> Explains {
        Explains((!self.usage.standalone).then(|| term.explained().slug))
    }

    fn is_current(&self, at: &str) -> bool {
        self.usage.selected == Some(at)
    }
}

/// The attribute that tells what something is, if any.
struct Explains(Option<&'static str>);

impl fmt::Display for Explains {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |slug| write!(out, " data-term=\"{slug}\""))
    }
}

/// Where the link of a jack leads.
enum Address<'a> {
    /// To a place on the board, with what the address begins with.
    Query(&'a str, &'a str),
    /// To a row of the page's table.
    Row(usize),
}

impl fmt::Display for Address<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Query(before, at) => {
                write!(out, "{before}at=")?;
                write_encoded(at, out)
            }
            Self::Row(row) => write!(out, "#path-{row}"),
        }
    }
}

/// Adds an address to a query string.
pub fn encode(at: &str, link: &mut String) {
    // Writing into a String does not fail.
    let _ = write_encoded(at, link);
}

fn write_encoded(at: &str, out: &mut impl fmt::Write) -> fmt::Result {
    for byte in at.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b':' | b'/' => {
                out.write_char(char::from(byte))?;
            }
            _ => write!(out, "%{byte:02X}")?,
        }
    }
    Ok(())
}

/// XML knows no control characters, not even escaped ones, and text must not turn what stands beside it around.
fn clean(text: &str) -> Cow<'_, str> {
    let refused = |c: char| is_unseen(c) || matches!(c, '\u{fffe}' | '\u{ffff}');
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_control()) || !text.contains(refused) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if refused(c) { '\u{b7}' } else { c }).collect())
}

/// Paths as scripts find them: `p0 p7`.
struct Ids<'a>(&'a [u32]);

impl fmt::Display for Ids<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, path) in self.0.iter().enumerate() {
            write!(out, "{}{path}", if place == 0 { "p" } else { " p" })?;
        }
        Ok(())
    }
}

fn ids(paths: &[u32]) -> Ids<'_> {
    Ids(paths)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
fn look(look: &Look) -> &'static str {
    match look {
        Look::Carries => "carries",
        Look::Thin => "thin",
        Look::Dotted => "dotted",
        Look::Faint => "faint",
        Look::Broken => "broken",
    }
}

/// Marks where a wire ends at nobody.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
fn flag(ends_wires: bool, look: &Look) -> &'static str {
    if ends_wires && *look == Look::Broken { " flag" } else { "" }
}

fn kind(card: &Card) -> &'static str {
    match card.kind {
        CardKind::Client => "client",
        CardKind::WayIn => "way-in",
        CardKind::Service => "service",
        CardKind::Folded => "folded",
        CardKind::Pods | CardKind::Addresses => "pods",
        CardKind::End => "end",
    }
}

fn face(text: &Text) -> &'static str {
    match text.face {
        Face::Zone => "t-zone",
        Face::Lane => "t-lane",
        Face::Title => "t-title",
        Face::Port => "t-port",
        Face::Note => "t-note",
        Face::Mono => "t-mono",
        Face::Example => "t-mono t-example",
        Face::Chip => "t-chip",
        Face::Why => "t-why",
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
fn pip(state: &PipState) -> &'static str {
    match state {
        PipState::Ready => "ready",
        PipState::Waiting => "waiting",
        PipState::Off => "off",
    }
}

/// The mark inside a jack, drawn around its middle.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
fn mark(mark: &Mark) -> &'static str {
    match mark {
        Mark::Tcp => "M-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0",
        Mark::Udp => "M-1.4 -3.4h2.8v6.8h-2.8z",
        Mark::Sctp => "M0 -3.8l3.8 3.8l-3.8 3.8l-3.8 -3.8z",
        Mark::Hollow => "",
    }
}

/// The way of a wire through its gap, up to its cross where it is cut.
struct Way<'a>(&'a Wire);

impl fmt::Display for Way<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((x1, y1), (x2, y2)) = (self.0.from, self.0.to);
        let x2 = if self.0.cut == Some(Cut::AtEnd) { x2 - 15 } else { x2 };
        if self.0.cut == Some(Cut::AtStart) {
            return write!(out, "M{x1} {y1}h12");
        }
        if y1 == y2 {
            return write!(out, "M{x1} {y1}H{x2}");
        }
        let middle = i32::midpoint(x1, x2);
        write!(out, "M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}")
    }
}

fn way(wire: &Wire) -> Way<'_> {
    Way(wire)
}

/// The cross where a wire that reaches nobody is cut.
fn cross(wire: &Wire) -> Option<String> {
    let (x, y) = match wire.cut? {
        Cut::AtStart => (wire.from.0 + 17, wire.from.1),
        Cut::AtEnd => (wire.to.0 - 10, wire.to.1),
        Cut::Ghost => return None,
    };
    Some(format!("M{} {}l10 10m0 -10l-10 10", x - 5, y - 5))
}
