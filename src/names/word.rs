//! Words that objects say over and over.

use std::fmt;
use std::ops::Deref;

/// A text that is not copied where it is what most objects say: there may be hundreds of thousands of Pods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word(Text);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Text {
    /// By its place among those that are known.
    Known(u8),
    Own(Box<str>),
}

const KNOWN: [&str; 12] = [
    "v1",
    "Pod",
    "Service",
    "apps/v1",
    "Deployment",
    "ReplicaSet",
    "StatefulSet",
    "DaemonSet",
    "EndpointSlice",
    "Ingress",
    "Namespace",
    "Node",
];

impl Word {
    /// A text as a word.
    pub fn new(text: &str) -> Self {
        Self(match KNOWN.iter().position(|word| *word == text) {
            Some(place) => Text::Known(place as u8),
            None => Text::Own(text.into()),
        })
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Known(place) => KNOWN[usize::from(*place)],
            Text::Own(text) => text,
        }
    }
}

impl Default for Word {
    fn default() -> Self {
        Self::new("")
    }
}

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl PartialEq<str> for Word {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Word {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<Word> for String {
    fn eq(&self, other: &Word) -> bool {
        self == other.as_str()
    }
}
