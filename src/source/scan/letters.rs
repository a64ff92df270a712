//! What single bytes mean to the scanner.

/// What ends, or may end, a plain scalar.
const STOPS: u8 = 1;
/// What cannot begin one.
const INDICATOR: u8 = 2;
/// What a plain scalar may begin with that is more than text: a number, a word for true, false or nothing, a merge.
const MEANS: u8 = 4;
/// What stops a plain scalar in brackets.
const STOPS_FLOW: u8 = 8;

static LETTERS: [u8; 256] = {
    let mut letters = [0; 256];
    mark(&mut letters, b"\n:#\t", STOPS | STOPS_FLOW);
    mark(&mut letters, b",[]{}?", STOPS_FLOW);
    mark(&mut letters, b" \n\t-?:,[]{}#&*!|>'\"%@`", INDICATOR);
    mark(&mut letters, b"yYnNtTfFoO~.+-0123456789<=", MEANS);
    letters
};

const fn mark(letters: &mut [u8; 256], which: &[u8], with: u8) {
    let mut i = 0;
    while i < which.len() {
        letters[which[i] as usize] |= with;
        i += 1;
    }
}

fn stops(byte: u8) -> bool {
    LETTERS[byte as usize] & STOPS != 0
}

pub(super) fn stops_in_flow(byte: u8) -> bool {
    LETTERS[byte as usize] & STOPS_FLOW != 0
}

/// How many bytes come before the first at which a plain scalar stops. Eight in a row are looked at without counting.
pub(super) fn before_stop(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(eight) = bytes[at..].first_chunk::<8>() {
        match eight.iter().position(|&byte| stops(byte)) {
            Some(found) => return at + found,
            None => at += 8,
        }
    }
    at + bytes[at..].iter().take_while(|byte| !stops(**byte)).count()
}

/// Whether a plain scalar may begin with it, whatever comes next; a dash needs a look at that.
pub(super) fn begins_plain(byte: u8) -> bool {
    byte == b'-' || LETTERS[byte as usize] & INDICATOR == 0
}

/// Whether a plain scalar is for sure no more than the text that stands there.
#[inline]
pub(super) fn is_plain(text: &str) -> bool {
    match *text.as_bytes() {
        [first, ..] if LETTERS[first as usize] & MEANS == 0 => true,
        _ => is_plain_after_all(text),
    }
}

/// The same of what begins as more than text may.
#[inline(never)]
fn is_plain_after_all(text: &str) -> bool {
    match *text.as_bytes() {
        // Amounts such as `128Mi`: a number ends with a digit or a point, unless its base is before it.
        [b'1'..=b'9', .., last] if last.is_ascii_alphabetic() => true,
        // `yes`, `no`, `null`, `true`, `false`, `on` and `off`.
        [first, second, ..] if first.is_ascii_alphabetic() => !matches!(
            (first | 0x20, second | 0x20),
            (b'y', b'e') | (b'n', b'o' | b'u') | (b't', b'r') | (b'f', b'a') | (b'o', b'n' | b'f')
        ),
        _ => false,
    }
}

/// A whole number as most are written: a few digits, the first of which is no zero.
pub(super) fn whole(text: &str) -> Option<i64> {
    let digits = text.as_bytes();
    if digits.is_empty() || digits.len() > 18 || digits[0] == b'0' && digits.len() > 1 {
        return None;
    }
    digits
        .iter()
        .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0')))
}

/// Whether a text has none of the characters that YAML refuses or reads in its own way, and no carriage returns.
pub(super) fn are_known(bytes: &[u8]) -> bool {
    let mut from = 0;
    for chunk in bytes.chunks(64) {
        let mut refused = false;
        let mut high = 0;
        for &byte in chunk {
            refused |= byte < 0x20 && byte != b'\n' && byte != b'\t' || byte == 0x7f;
            high |= byte;
        }
        if refused {
            return false;
        }
        let is_known = |at: usize| {
            let next = |after: usize| bytes.get(at + after).copied().unwrap_or_default();
            match bytes[at] {
                0xc2 => next(1) >= 0xa0,
                // U+2028 and U+2029.
                0xe2 => next(1) != 0x80 || !matches!(next(2), 0xa8 | 0xa9),
                // The byte order mark, U+FFFE and U+FFFF.
                0xef => (next(1), next(2)) != (0xbb, 0xbf) && (next(1) != 0xbf || next(2) < 0xbe),
                _ => true,
            }
        };
        if high >= 0x80 && !(from..from + chunk.len()).all(is_known) {
            return false;
        }
        from += chunk.len();
    }
    true
}
