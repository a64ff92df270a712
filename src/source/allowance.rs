//! How much may still be read of an upload: two bytes can be a value, of which a tree keeps a hundred.

use std::sync::atomic::{AtomicI64, Ordering};

/// What one item of a list counts, since most are maps that become objects of their own.
const ITEM: i64 = 8;

/// How many values may be read, of all that is read with it together. An item of a list counts as eight, and so does a document.
#[derive(Debug)]
pub struct Allowance(AtomicI64);

impl Allowance {
    /// An allowance for so many values.
    pub fn new(values: usize) -> Self {
        Self(AtomicI64::new(i64::try_from(values).unwrap_or(i64::MAX)))
    }

    /// Whether there were more.
    pub fn is_overdrawn(&self) -> bool {
        self.0.load(Ordering::Relaxed) < 0
    }

    /// Takes a document itself; whether it was there to be taken.
    pub(super) fn document(allowance: Option<&Self>) -> bool {
        allowance.is_none_or(|allowance| allowance.0.fetch_sub(ITEM, Ordering::Relaxed) >= ITEM)
    }

    /// What one document may take of it, if not all of it was taken.
    pub(super) fn of_one(allowance: Option<&Self>) -> Share {
        let all = allowance.map_or(i64::MAX, |allowance| allowance.0.load(Ordering::Relaxed));
        Share { all, left: all }
    }

    /// Takes what a document took.
    pub(super) fn spend(allowance: Option<&Self>, share: Share) {
        if let Some(allowance) = allowance {
            allowance.0.fetch_sub(share.all.saturating_sub(share.left), Ordering::Relaxed);
        }
    }
}

/// What one document may take while others are read beside it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    all: i64,
    left: i64,
}

impl Share {
    /// Takes an item of a list; whether it was there to be taken.
    pub(super) fn item(&mut self) -> bool {
        self.left -= ITEM;
        self.left >= 0
    }

    /// The same of a value in a map.
    pub(super) fn entry(&mut self) -> bool {
        self.left -= 1;
        self.left >= 0
    }

    pub(super) fn is_overdrawn(self) -> bool {
        self.left < 0
    }
}
