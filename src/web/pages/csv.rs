//! The board's table as CSV, for spreadsheets.

use crate::analysis::Analysis;
use crate::diagram::Diagram;
use crate::render::text::plain;

use super::table;

const COLUMNS: [&str; 7] = ["Way in", "Service", "Namespace", "Type", "Port", "Target port", "Who answers"];

/// The rows of the table as RFC 4180 has it. Without the mark in front, spreadsheets take UTF-8 for something older.
pub(super) fn csv(analysis: &Analysis, diagram: &Diagram) -> String {
    let mut text = format!("\u{feff}{}\r\n", COLUMNS.join(","));
    for mut row in table::rows(analysis, diagram, false) {
        if row.is_refused {
            row.answers.insert_str(0, "refused by Kubernetes; ");
        }
        let cells =
            [row.way_in, row.service, row.namespace, row.kind, row.port, row.target, row.answers].map(cell);
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// A cell that is text wherever it is opened: one that a spreadsheet would calculate begins with an apostrophe.
fn cell(text: impl AsRef<str>) -> String {
    let text = text.as_ref();
    // Full-width signs begin a formula too where East Asian text is typed; a space before any of them changes nothing.
    let begins = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    let calculates = text.starts_with(begins) || text.trim_start().starts_with(begins);
    let text = format!("{}{}", if calculates { "'" } else { "" }, plain(text));
    // Some languages' spreadsheets cut at semicolons.
    if text.contains(['"', ',', ';']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_none_ends_early() {
        for (text, written) in [
            ("web", "web"),
            ("", ""),
            ("80 TCP (http)", "80 TCP (http)"),
            ("a, b", "\"a, b\""),
            ("a; b", "\"a; b\""),
            ("not \"http\"", "\"not \"\"http\"\"\""),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(1,1)", "\"'@SUM(1,1)\""),
            ("\t=1", "'\\u{9}=1"),
            ("\r=1", "'\\u{d}=1"),
            (" =1", "' =1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("a\r\nb", "a\\u{d}\\u{a}b"),
        ] {
            assert_eq!(cell(text), written);
        }
    }
}
