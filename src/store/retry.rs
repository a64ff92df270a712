//! Uploads that are sent again: what a key of a client is kept as.

use std::fmt;

use sha2::{Digest, Sha256};

/// A client's key for one upload, and what the upload was: hashes, from which neither can be read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    pub(super) key: [u8; 32],
    pub(super) print: [u8; 32],
}

/// How long a key is known, in seconds.
pub(super) const KNOWN_FOR: i64 = 86_400;

impl Retry {
    /// Of a key, and of all that makes an upload another one.
    pub fn new(key: &str, upload: &[&[u8]]) -> Self {
        let mut print = Sha256::new();
        for part in [key.as_bytes()].iter().chain(upload) {
            print.update((part.len() as u64).to_be_bytes());
            print.update(part);
        }
        Self { key: Sha256::digest(key).into(), print: print.finalize().into() }
    }
}

impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Retry(…)")
    }
}

/// What came of [`super::Store::put_once`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// The diagram is kept.
    New,
    /// The same upload is kept already.
    Again(Earlier),
    /// The key belongs to another upload.
    Other,
}

/// A diagram that was put before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earlier {
    /// What its link ends with.
    pub id: super::Id,
    /// When it was put.
    pub created_at: i64,
    /// The first second at which it is gone.
    pub expires_at: Option<i64>,
}
