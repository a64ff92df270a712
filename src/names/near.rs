//! The nearest of many short words, found without comparing each.
//!
//! Two words that are up to two slips apart become the same by leaving out up to two letters of each; so it is looked up
//! which words become one of those that the misspelt one becomes, and they alone are compared.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::nearest;

/// The longest word that is looked for; names of ports have 15 letters.
const LONGEST: usize = 17;
/// The most words, since each stands there once for each way of leaving letters out.
const MOST_WORDS: usize = 20_000;
/// With fewer words each is compared.
const FEW: usize = 64;
/// The most words that one is compared with.
const ENOUGH: usize = 500;

/// Words, ready to be looked up by what is nearly one of them.
#[derive(Debug, Default)]
pub struct Words<'a> {
    words: Vec<&'a str>,
    /// What a word becomes, as a hash, and which word; in the order of the hashes.
    becomes: Vec<(u32, u32)>,
}

impl<'a> Words<'a> {
    /// Of any words; longer ones than names of ports, and more than there is room for, are left out.
    pub fn new(words: impl IntoIterator<Item = &'a str>) -> Self {
        let short = |word: &&str| word.len() <= LONGEST;
        let words: Vec<&str> = words.into_iter().filter(short).take(MOST_WORDS).collect();
        let mut becomes = Vec::new();
        if words.len() > FEW {
            for (id, word) in (0_u32..).zip(&words) {
                shorter(word, |hash| becomes.push((hash, id)));
            }
            becomes.sort_unstable();
        }
        Self { words, becomes }
    }

    /// The word that a misspelt one most likely means, among those that may be meant.
    pub fn nearest(&self, text: &str, may_be: impl Fn(&str) -> bool) -> Option<&'a str> {
        if self.words.len() <= FEW {
            return nearest(text, self.words.iter().copied().filter(|word| may_be(word)));
        }
        if text.len() > LONGEST {
            return None;
        }
        let mut found = Vec::new();
        shorter(text, |hash| {
            let first = self.becomes.partition_point(|(other, _)| *other < hash);
            let same = self.becomes.iter().skip(first).take_while(|(other, _)| *other == hash);
            found.extend(same.take(ENOUGH).map(|(_, id)| *id));
        });
        found.sort_unstable();
        found.dedup();
        let words = found.into_iter().map(|id| self.words[id as usize]).filter(|word| may_be(word));
        nearest(text, words.take(ENOUGH))
    }
}

/// Hands on the hash of a word without up to two of its letters, in lower case.
fn shorter(word: &str, mut hand: impl FnMut(u32)) {
    let word = word.to_ascii_lowercase();
    let letters = word.as_bytes();
    let mut without = |left_out: [usize; 2]| {
        let mut hasher = FxHasher::default();
        for (at, letter) in letters.iter().enumerate() {
            if !left_out.contains(&at) {
                letter.hash(&mut hasher);
            }
        }
        let hash = hasher.finish();
        hand((hash ^ (hash >> 32)) as u32);
    };
    let none = usize::MAX;
    without([none, none]);
    for first in 0..letters.len() {
        without([first, none]);
        for second in first + 1..letters.len() {
            without([first, second]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of letters that look random, from a number.
    fn word(seed: usize) -> String {
        let mut state = seed as u64 + 1;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize
        };
        let length = 4 + next() % 10;
        (0..length).map(|_| (b'a' + (next() % 4) as u8) as char).collect()
    }

    #[test]
    fn the_nearest_of_many_is_that_of_comparing_each() {
        let mut words: Vec<String> = (0..300).map(word).collect();
        words.sort();
        words.dedup();
        let all = || words.iter().map(String::as_str);
        let index = Words::new(all());
        assert!(!index.becomes.is_empty());
        for seed in 1_000..1_400 {
            let text = word(seed);
            assert_eq!(index.nearest(&text, |_| true), nearest(&text, all()), "{text}");
        }
    }

    #[test]
    fn slips_of_every_sort_are_found_among_many() {
        let many: Vec<String> = (0..100).map(|number| format!("other-{number}x")).collect();
        let index = Words::new(many.iter().map(String::as_str).chain(["metrics"]));
        for slip in ["metric", "metricss", "metrixs", "metrcis", "Metrics", "etrcs"] {
            assert_eq!(index.nearest(slip, |_| true), Some("metrics"), "{slip}");
        }
        assert_eq!(index.nearest("metric", |word| word != "metrics"), None);
        assert_eq!(index.nearest("unlike", |_| true), None);
    }
}
