//! What each word and jack on the board means: one table, so that the page that lists them, the pop-up beside the board and
//! the inspector say the same.
//!
//! A word that is defaulted and the same word written are two terms: how a value came to be is half of its meaning.

mod table;

pub use table::Term;

/// How a value came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It stands in the upload.
    Written,
    /// It does not, and Kubernetes takes a value by a rule of its own.
    Defaulted,
    /// The cluster picks it.
    Allocated,
    /// It follows from other objects of the upload.
    WorkedOut,
    /// Podwire made it up so that there is something to look at.
    Example,
    /// No value: a word of the picture.
    Picture,
}

impl Origin {
    /// In a word or two; nothing for words of the picture.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Defaulted => "defaulted",
            Self::Allocated => "allocated",
            Self::WorkedOut => "worked out",
            Self::Example => "example",
            Self::Picture => "",
        }
    }
}

/// What there is to say of a term.
#[derive(Debug, Clone, Copy)]
pub struct Explained {
    /// Its name in addresses: `target-port-defaulted`.
    pub slug: &'static str,
    /// What it is called, as Kubernetes calls it where it does.
    pub name: &'static str,
    /// How the value came to be.
    pub origin: Origin,
    /// In a sentence or two.
    pub words: &'static str,
    /// Where Kubernetes' documentation says so.
    pub url: &'static str,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_term_says_what_it_is_and_where_that_is_written() {
        let mut slugs = BTreeSet::new();
        for term in Term::ALL {
            let at = term.explained();
            assert!(slugs.insert(at.slug), "{} is there twice", at.slug);
            assert!(at.slug.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", at.slug);
            assert!(at.words.ends_with('.') && at.words.len() > 30, "{}: {}", at.slug, at.words);
            let official = ["https://kubernetes.io/docs/", "https://gateway-api.sigs.k8s.io/"];
            assert!(official.iter().any(|site| at.url.starts_with(site)), "{}: {}", at.slug, at.url);
        }
        assert_eq!(slugs.len(), Term::ALL.len());
    }
}
