//! Masking: of an upload only what wiring needs is kept, each thing on the line it was on.
//!
//! A masked text is not an edited copy. It is painted on empty lines from the tree that was read, and only what an
//! allow-list names is painted, so whatever was not understood is simply absent: comments, anchors, tags, directives,
//! documents that cannot be read. Reading the masked text gives the kept values again, on the same lines, and masking
//! it once more changes nothing.

mod allow;
mod paint;
mod paper;
pub mod standins;
mod tables;

use self::paint::Painter;
use self::paper::Paper;
use super::split::{self, Content};
use super::{FileId, SourceFile};

/// What every text becomes. As a time, an amount or bytes it counts as well formed: whether the text that it stands for
/// was, is told beside it.
pub const MASK: &str = "masked";

/// The text of a file with everything masked that wiring does not need; it has as many lines as the file.
///
/// A masked string is `"masked"`, a number `0`, a boolean `false`, null stays null, a list is `[]` and a map `{}`;
/// masked keys are `masked1`, `masked2`, … in the order of their map. A document that cannot be read is blank.
pub fn redact(id: FileId, file: &SourceFile) -> String {
    let mut paper = Paper::new(file);
    let mut separators = split::separators_of(id, file).peekable();
    split::in_order(id, file, |document| {
        while let Some(separator) = separators.next_if(|separator| separator.start < document.span.start) {
            paper.separator(separator.start);
        }
        match &document.content {
            Content::Tree(node) => Painter::new(&mut paper, &document).document(node),
            Content::Empty => {}
            // A bad separator parts what is before it from what is after it, whatever it is made into.
            Content::Broken(_) => {
                if file.text()[document.span.start as usize..].starts_with("---") {
                    paper.separator(document.span.start);
                }
            }
        }
    });
    for separator in separators {
        paper.separator(separator.start);
    }
    paper.finish()
}
