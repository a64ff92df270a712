//! What is wrong with a document's YAML, in our own words. They are stored beside masked text, so they quote nothing of it.

use granit_parser::{ErrorKind, ScanError};

use super::super::growth::MAX_DEPTH;

pub(in crate::source) fn too_deep() -> String {
    format!("lists and maps nest deeper than {MAX_DEPTH} levels")
}

pub(super) const TAB: &str = "a tab in the indentation, where YAML wants blanks";

/// The words for a parser's error.
pub(super) fn words(kind: &ErrorKind) -> String {
    use ErrorKind as E;
    let words = match kind {
        E::RecursionLimitExceeded => return too_deep(),
        E::UnexpectedEofFlowSequence
        | E::UnexpectedEofFlowMapping
        | E::UnexpectedEofImplicitFlowMapping
        | E::UnclosedFlowCollection { .. } => "a bracket is opened and never closed",
        E::MisplacedFlowCollectionEnd => "a closing bracket that nothing opened",
        E::MismatchedFlowCollectionEnd { .. } => "a bracket is closed by one of the other kind",
        E::ExpectedFlowMappingSeparator => "a comma or a closing brace is missing before this",
        E::ExpectedFlowSequenceSeparator => "a comma or a closing bracket is missing before this",
        E::UnexpectedEof | E::UnexpectedEofBlockSequence | E::UnexpectedEofBlockMapping => {
            "the text ends too early"
        }
        E::ExpectedBlockMappingKey => "a key was expected here, so the indentation may be off",
        E::ExpectedBlockSequenceEntry => "another list item was expected here, so the indentation may be off",
        E::InvalidIndentation | E::InvalidFlowScalarIndent | E::InvalidQuotedScalarIndent => {
            "the indentation is off"
        }
        E::UnknownAnchor => {
            "an alias (*name) of something that this document does not name (&name) before it"
        }
        E::UnclosedQuotedScalar | E::DocumentIndicatorInQuotedScalar => "a quote is opened and never closed",
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => {
            "text after a closing quote"
        }
        E::UnknownQuotedScalarEscape
        | E::InvalidQuotedScalarHexEscape
        | E::InvalidLowSurrogateHexEscape
        | E::InvalidLowSurrogate
        | E::MissingLowSurrogate
        | E::UnpairedLowSurrogate
        | E::InvalidUnicodeEscape => ESCAPE,
        E::TabNotAllowed
        | E::TabInBlockIndentation
        | E::TabAtBlockScalarStart
        | E::TabInIndentation
        | E::TabInPlainScalar => TAB,
        E::MappingValueNotAllowed | E::InvalidColonPlacement | E::InvalidMappingValueWhitespace => {
            "a colon makes a key here where none can stand, so quotes or a line end may be missing"
        }
        E::FlowMappingValueAdjacentCollection => "a blank is missing after this colon",
        E::MappingKeyNotAllowed => "a key cannot stand here",
        E::SimpleKeyExpected | E::InvalidSimpleKey => "a key without its colon",
        E::UnexpectedCharacter { .. } => "no value begins with this character unless it is quoted",
        E::BlockEntryInFlowCollection | E::BlockSequenceEntryNotAllowed | E::InvalidBlockEntryWhitespace => {
            "a list item cannot begin here"
        }
        E::PlainScalarStartsWithDashFlowIndicator => "a dash before a bracket or comma needs quotes",
        E::ExpectedTagBang
        | E::InvalidTagTerminator
        | E::MissingTagUri
        | E::UnclosedVerbatimTag
        | E::InvalidTagEscape
        | E::InvalidTagUtf8
        | E::InvalidTagUtf8LeadingByte
        | E::InvalidTagUtf8TrailingByte
        | E::InvalidGlobalTagCharacter
        | E::UndeclaredTagHandle => "a tag (!name) that cannot be read, so quotes may be missing",
        E::MissingAnchorOrAliasName => "an anchor or alias without a name, so quotes may be missing",
        E::ZeroBlockScalarIndent | E::InvalidBlockScalarHeader => {
            "something after | or > that cannot stand there"
        }
        E::InvalidBlockScalarIndent => "a line of a text block is indented less than the block",
        E::CommentInterceptedScalar => "a comment in the middle of a value of several lines",
        E::CommentNotSeparated => "a comment needs a blank before its #",
        E::DirectiveDisallowed
        | E::DuplicateVersionDirective
        | E::DuplicateTagDirective
        | E::UnsupportedYamlMajorVersion
        | E::MissingDirectiveName
        | E::InvalidDirectiveName
        | E::MissingDocumentEndBeforeDirective => DIRECTIVE,
        E::ExpectedNodeContent => "a value was expected here",
        _ => "this is not YAML",
    };
    words.into()
}

pub(super) const ESCAPE: &str =
    "a backslash in double quotes with something after it that kubectl's YAML does not know";

pub(super) const DIRECTIVE: &str = "a directive (a line that begins with %), which kubectl does not read";

/// Where the fault is, in bytes: the parser names the start of a value when something inside it is wrong.
pub(super) fn place(text: &str, error: &ScanError) -> usize {
    let at = text.floor_char_boundary(error.marker().byte_offset().unwrap_or(0));
    let before = text[..at].trim_end_matches('\t');
    if words(error.kind()) == TAB && before.trim_end_matches(' ').ends_with(['\n', '\r']) {
        return before.len();
    }
    let rest = &text[at..];
    let inside = match error.kind() {
        ErrorKind::TabInPlainScalar | ErrorKind::TabAtBlockScalarStart => tab_in_indentation(rest),
        ErrorKind::UnknownQuotedScalarEscape => unknown_escape(rest),
        _ => None,
    };
    at + inside.unwrap_or(0)
}

fn tab_in_indentation(rest: &str) -> Option<usize> {
    let line_starts = rest.match_indices(['\n', '\r']).map(|(at, _)| at + 1);
    line_starts.into_iter().find_map(|start| {
        let line = &rest[start..];
        let tab = line.len() - line.trim_start_matches(' ').len();
        line[tab..].starts_with('\t').then_some(start + tab)
    })
}

fn unknown_escape(rest: &str) -> Option<usize> {
    let mut characters = rest.char_indices();
    while let Some((at, character)) = characters.next() {
        if character == '\\' {
            let (_, escaped) = characters.next()?;
            if !"0abt\tnvfre \"'\\N_LPxuU\n\r".contains(escaped) {
                return Some(at);
            }
        }
    }
    None
}
