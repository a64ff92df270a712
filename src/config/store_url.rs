//! The store's URL, which may hold a password.

use std::fmt;
use std::str::FromStr;

/// A URL that is never written whole.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreUrl(String);

impl StoreUrl {
    /// The URL as it was given.
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// All of it, to open the store and for nothing else.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for StoreUrl {
    type Err = std::convert::Infallible;

    /// Any text is taken: a message of clap's own would quote one that is not.
    fn from_str(url: &str) -> Result<Self, Self::Err> {
        Ok(Self::new(url))
    }
}

impl fmt::Debug for StoreUrl {
    /// What kind of store it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:…", self.0.split_once(':').map_or("", |(scheme, _)| scheme))
    }
}
