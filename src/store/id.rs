//! Unguessable names: a diagram's id and its delete token, 128 random bits each.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// The name of a shared diagram: 128 random bits, written as 22 letters and digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Id(u128);

/// What deletes a diagram: given once to its maker, kept only as a hash.
#[derive(Clone, Copy)]
pub struct DeleteToken(u128);

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LENGTH: usize = 22;

impl Id {
    /// A new one that nobody can guess.
    pub fn random() -> Result<Self, getrandom::Error> {
        random_bits().map(Self)
    }

    /// All 22 characters, for links and nothing else: whoever has them has the diagram.
    pub fn full(self) -> String {
        base62(self.0)
    }

    /// The first six characters, for logs.
    pub fn short(self) -> String {
        let mut text = self.full();
        text.truncate(6);
        text
    }
}

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if text.len() != LENGTH {
            return Err(NotAnId);
        }
        text.bytes()
            .try_fold(0u128, |value, byte| {
                let digit = DIGITS.binary_search(&byte).ok()?;
                value.checked_mul(62)?.checked_add(digit as u128)
            })
            .map(Self)
            .ok_or(NotAnId)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", self.short())
    }
}

impl fmt::Display for Id {
    /// Never whole, so that no log line is a link.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", self.short())
    }
}

/// The text is not 22 letters and digits that stand for 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the name of a diagram")]
pub struct NotAnId;

impl DeleteToken {
    /// A new one that nobody can guess.
    pub fn random() -> Result<Self, getrandom::Error> {
        random_bits().map(Self)
    }

    /// All of it, for its maker.
    pub fn full(self) -> String {
        base62(self.0)
    }

    /// What is kept of it.
    pub fn hash(self) -> [u8; 32] {
        hash(&self.full())
    }
}

impl fmt::Debug for DeleteToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeleteToken(…)")
    }
}

/// The hash of a token as somebody presents it. It needs no salt: tokens are random.
pub(super) fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn random_bits() -> Result<u128, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(u128::from_ne_bytes(bytes))
}

fn base62(mut value: u128) -> String {
    let mut text = [b'0'; LENGTH];
    for place in text.iter_mut().rev() {
        *place = DIGITS[(value % 62) as usize];
        value /= 62;
    }
    text.iter().map(|&byte| char::from(byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_has_one_length() {
        for bits in [0, 1, 61, 62, u128::from(u64::MAX), u128::MAX] {
            let text = Id(bits).full();
            assert_eq!(text.len(), 22);
            assert_eq!(text.parse(), Ok(Id(bits)));
        }
    }

    #[test]
    fn other_texts_are_not_ids() {
        let past_the_end = "zzzzzzzzzzzzzzzzzzzzzz";
        let long = "0".repeat(23);
        for text in ["", "abc", "000000000000000000000-", "é00000000000000000000", past_the_end, &long] {
            assert_eq!(text.parse::<Id>(), Err(NotAnId), "{text}");
        }
    }

    #[test]
    fn two_ids_differ_and_neither_is_written_whole() {
        let (one, two) = (Id::random().unwrap(), Id::random().unwrap());
        assert_ne!(one, two);
        for written in [format!("{one}"), format!("{one:?}")] {
            assert_eq!(written, format!("{}…", one.short()));
            assert!(written.len() < 10);
        }
        let token = DeleteToken::random().unwrap();
        assert!(!format!("{token:?}").contains(&token.full()));
        assert_eq!(token.hash(), hash(&token.full()));
    }
}
