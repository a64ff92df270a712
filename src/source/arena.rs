//! Where trees are that outlive their reading.

use bumpalo::Bump;
use thread_local::ThreadLocal;

/// Memory for trees, all of which is given back at once. Each thread that reads has a part of its own.
#[derive(Debug, Default)]
pub struct Arena(ThreadLocal<Bump>);

impl Arena {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// This thread's part.
    pub(super) fn here(&self) -> &Bump {
        self.0.get_or_default()
    }
}

// Trees are copied by recursion: what asks for memory takes much of a stack, and is a call of its own for that.

/// A value in an arena.
#[inline(never)]
pub(super) fn keep<T: Copy>(value: T, arena: &Bump) -> &T {
    arena.alloc(value)
}

/// Values in an arena, to be changed there.
#[inline(never)]
pub(super) fn keep_all<'a, T: Copy>(values: &[T], arena: &'a Bump) -> &'a mut [T] {
    arena.alloc_slice_copy(values)
}

/// Room for so many values in an arena.
#[inline(never)]
pub(super) fn room<T: Copy>(count: usize, empty: T, arena: &Bump) -> &mut [T] {
    arena.alloc_slice_fill_copy(count, empty)
}

/// A text in an arena.
#[inline(never)]
pub(super) fn keep_text<'a>(text: &str, arena: &'a Bump) -> &'a str {
    arena.alloc_str(text)
}
