//! The board as a graph for Graphviz: cards are tables, and wires go from row to row.
//!
//! <https://graphviz.org/doc/info/shapes.html#html>

use std::fmt::Write as _;

use crate::diagram::{Card, CardKind, Diagram, Look, Wire};

use super::graph;

/// Writes a board in the DOT language.
pub fn dot(diagram: &Diagram) -> String {
    let mut out = format!("// {}\ndigraph podwire {{\n", super::text::plain(&diagram.description));
    out.push_str("  graph [rankdir=LR, ranksep=1.2, nodesep=0.3];\n");
    out.push_str("  node [shape=plain, fontname=\"Inter, Helvetica, sans-serif\", fontsize=11];\n");
    out.push_str("  edge [arrowsize=0.6, color=\"#76829a\"];\n");
    for (place, card) in diagram.cards.iter().enumerate() {
        add_card(&mut out, place, card);
    }
    // Writing into a String does not fail.
    for (from, to, wire) in graph::wires(diagram) {
        let _ = writeln!(out, "  c{}:r{}:e -> c{}:r{}:w{};", from.0, from.1, to.0, to.1, dress(wire));
    }
    out.push_str("}\n");
    out
}

fn add_card(out: &mut String, place: usize, card: &Card) {
    let colour = if card.look == Look::Broken { " COLOR=\"#b3261e\"" } else { " COLOR=\"#c9d0db\"" };
    let border = i32::from(card.kind != CardKind::End);
    let _ = write!(
        out,
        "  c{place} [label=<<TABLE BORDER=\"{border}\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"5\"{colour}>"
    );
    let head = graph::head(card);
    let alone = graph::is_head_alone(card);
    if let [title, rest @ ..] = head.as_slice() {
        let port = if alone { " PORT=\"r0\"" } else { "" };
        let _ = write!(out, "<TR><TD{port} ALIGN=\"LEFT\"><B>{}</B>", escape(title));
        for line in rest {
            let _ = write!(out, "<BR ALIGN=\"LEFT\"/>{}", escape(line));
        }
        out.push_str("</TD></TR>");
    }
    for row in (0..card.rows.len()).filter(|_| !alone || head.is_empty()) {
        let words: Vec<_> = graph::row(card, row).iter().map(|line| escape(line)).collect();
        // Graphviz refuses a cell that holds nothing at all.
        let words = if words.is_empty() { " ".to_owned() } else { words.join("<BR ALIGN=\"LEFT\"/>") };
        let _ = write!(out, "<TR><TD PORT=\"r{row}\" ALIGN=\"LEFT\">{words}</TD></TR>");
    }
    if head.is_empty() && card.rows.is_empty() {
        out.push_str("<TR><TD> </TD></TR>");
    }
    out.push_str("</TABLE>>];\n");
}

fn dress(wire: &Wire) -> &'static str {
    if graph::is_broken(wire) {
        return " [color=\"#b3261e\", style=dashed, arrowhead=tee]";
    }
    match wire.look {
        // A ghost: what was probably meant.
        _ if wire.cut.is_some() => " [style=dotted, color=\"#b4bcc9\", arrowhead=none]",
        Look::Dotted => " [style=dotted]",
        Look::Faint => " [style=dashed, color=\"#b4bcc9\"]",
        Look::Thin => " [penwidth=0.5]",
        Look::Carries | Look::Broken => "",
    }
}

/// As text within a label of HTML.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // A backslash begins an escape of Graphviz' own.
            '\\' => out.push_str("&#92;"),
            c => out.push(c),
        }
    }
    out
}
