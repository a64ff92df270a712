//! How texts get into pages: as HTML, and without what would hide or turn what stands beside them.

use std::fmt::{self, Write};

use askama::filters::{Escaper, Html};

use crate::names::is_unseen;

/// The escaper of all pages, named in `askama.toml`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Visible;

impl Escaper for Visible {
    fn write_escaped_str<W: Write>(&self, mut dest: W, text: &str) -> fmt::Result {
        let hidden = |c: char| is_unseen(c) && !matches!(c, '\n' | '\r' | '\t');
        let mut rest = text;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| hidden(*c)) {
            Html.write_escaped_str(&mut dest, &rest[..at])?;
            dest.write_char('\u{b7}')?;
            rest = &rest[at + c.len_utf8()..];
        }
        Html.write_escaped_str(dest, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_hide_or_turn_its_neighbours_is_a_dot() {
        for (text, shown) in [
            ("web", "web"),
            ("<b>", "&#60;b&#62;"),
            ("a\u{202e}b<\u{200b}", "a\u{b7}b&#60;\u{b7}"),
            ("a\n\tb\u{7}", "a\n\tb\u{b7}"),
        ] {
            let mut out = String::new();
            assert!(Visible.write_escaped_str(&mut out, text).is_ok());
            assert_eq!(out, shown);
        }
    }
}
