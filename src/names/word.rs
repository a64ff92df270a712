//! Words that objects say over and over.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

/// A text that is not copied where it is what most objects say: there may be hundreds of thousands of Pods.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Word(Cow<'static, str>);

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
        Self(match KNOWN.iter().find(|word| **word == text) {
            Some(word) => Cow::Borrowed(word),
            None => Cow::Owned(text.to_owned()),
        })
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl PartialEq<str> for Word {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for Word {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl PartialEq<Word> for String {
    fn eq(&self, other: &Word) -> bool {
        **self == *other.0
    }
}
