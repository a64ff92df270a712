//! What is open while a document is read.

use crate::source::{Entry, Node};

/// Room for what open lists and maps hold, for one document after the other: room for each by itself would be a large
/// piece of memory to ask for and give back every time.
#[derive(Default)]
pub(in crate::source) struct Stacks {
    pub(super) entries: Vec<Entry<'static>>,
    pub(super) items: Vec<Node<'static>>,
}

impl Stacks {
    /// The same room with nothing in it.
    pub(super) fn cleared(entries: Vec<Entry<'_>>, items: Vec<Node<'_>>) -> Self {
        Self { entries: cleared(entries), items: cleared(items) }
    }
}

/// Collected in place, so in the same memory, whatever the lifetimes were.
fn cleared<T, U>(stack: Vec<T>) -> Vec<U> {
    stack.into_iter().filter_map(|_| None).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_stays() {
        let entries = vec![Entry::NOTHING; 9];
        let (room, place) = (entries.capacity(), entries.as_ptr());
        let Stacks { entries, .. } = Stacks::cleared(entries, Vec::new());
        assert_eq!((entries.len(), entries.capacity(), entries.as_ptr()), (0, room, place));
    }
}
