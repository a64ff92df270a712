//! The board as a Mermaid flowchart, which many wikis and code hosts draw from text.
//!
//! <https://mermaid.js.org/syntax/flowchart.html>

use std::fmt::Write as _;

use crate::diagram::{Card, Diagram, Look, Wire};

use super::graph;

/// Writes a board as a flowchart.
pub fn mermaid(diagram: &Diagram) -> String {
    let mut out = String::from("flowchart LR\n  accTitle: Podwire: how Services are wired to pods\n");
    // Writing into a String does not fail.
    let _ = writeln!(out, "  accDescr: {}", words(&[super::text::plain(&diagram.description)]));
    let mut broken = Vec::new();
    for (place, card) in diagram.cards.iter().enumerate() {
        add_card(&mut out, place, card);
        let row_is_broken = |row: &usize| card.look == Look::Broken || card.rows[*row].look == Look::Broken;
        broken.extend((0..card.rows.len()).filter(row_is_broken).map(|row| format!("c{place}r{row}")));
    }
    for (from, to, wire) in graph::wires(diagram) {
        let _ = writeln!(out, "  c{}r{} {} c{}r{}", from.0, from.1, arrow(wire), to.0, to.1);
    }
    if !broken.is_empty() {
        out.push_str("  classDef broken stroke:#b3261e,stroke-width:2px\n");
        let _ = writeln!(out, "  class {} broken", broken.join(","));
    }
    out
}

fn add_card(out: &mut String, place: usize, card: &Card) {
    let head = words(&graph::head(card));
    // Writing into a String does not fail.
    if graph::is_head_alone(card) {
        let _ = writeln!(out, "  c{place}r0[\"{head}\"]");
        return;
    }
    let _ = writeln!(out, "  subgraph c{place}[\"{head}\"]");
    for row in 0..card.rows.len() {
        let _ = writeln!(out, "    c{place}r{row}[\"{}\"]", words(&graph::row(card, row)));
    }
    out.push_str("  end\n");
}

fn arrow(wire: &Wire) -> &'static str {
    if graph::is_broken(wire) {
        return "--x";
    }
    match wire.look {
        // A ghost: what was probably meant.
        _ if wire.cut.is_some() => "-.-",
        Look::Dotted | Look::Faint => "-.->",
        Look::Carries | Look::Thin | Look::Broken => "-->",
    }
}

/// Lines as one text in quotes; whatever could mean anything to Mermaid or HTML is written by its number.
fn words(lines: &[String]) -> String {
    let mut out = String::new();
    for line in lines {
        if !out.is_empty() {
            out.push_str("<br>");
        }
        for c in line.chars() {
            if c.is_alphanumeric()
                || matches!(c, ' ' | '.' | ',' | '-' | '/' | '_' | '(' | ')' | '\u{b7}' | '\u{2192}')
            {
                out.push(c);
            } else {
                let _ = write!(out, "#{};", u32::from(c));
            }
        }
    }
    if out.is_empty() { " ".to_owned() } else { out }
}
