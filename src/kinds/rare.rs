//! What few objects say.

use std::ops::Deref;

/// Fields that few objects have. Where nobody wrote them they take a pointer, as there may be hundreds of thousands of Pods.
#[derive(Debug, Clone)]
pub struct Rare<T>(Option<Box<T>>);

/// What is as good as unsaid.
pub trait Unsaid: Sized + 'static {
    /// The value of fields that nobody wrote.
    const UNSAID: &'static Self;
}

impl<T> Rare<T> {
    /// What was read, where it says anything.
    pub fn new(said: Option<T>) -> Self {
        Self(said.map(Box::new))
    }

    /// What is left of it.
    #[must_use]
    pub fn and_then(self, left: impl FnOnce(T) -> Option<T>) -> Self {
        Self::new(self.0.and_then(|said| left(*said)))
    }
}

impl<T> Default for Rare<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Unsaid> Deref for Rare<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_deref().unwrap_or(T::UNSAID)
    }
}
