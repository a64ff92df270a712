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
