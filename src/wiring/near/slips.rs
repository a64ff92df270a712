//! How near the labels of pods come to a pair that is asked for.

use crate::kinds::workload::is_own_label;
use crate::labels::{Label, Labels};
use crate::names::{edit_distance, nearly_equal};

/// How near labels come to a pair.
pub(super) enum Near {
    /// A slip away, by so many letters.
    Value(usize),
    /// The key is there with another value.
    OtherValue,
    /// The key is not there.
    NoKey,
}

pub(super) fn near_label(labels: &Labels, pair: &Label, pairs: &[Label]) -> Near {
    if is_own_label(pair.key()) {
        return Near::OtherValue;
    }
    match labels.get(pair.key()) {
        Some(value) if nearly_equal(value, pair.value()) => {
            Near::Value(edit_distance(value, pair.value(), 1).unwrap_or(2))
        }
        Some(_) => Near::OtherValue,
        None => match misspelt_key(labels, pair, pairs) {
            Some(label) => Near::Value(edit_distance(label.key(), pair.key(), 1).unwrap_or(2)),
            None => Near::NoKey,
        },
    }
}

/// Whether a key may be a slip of another: in its name, or in what stands before the slash, by itself.
fn nearly_the_key(one: &str, other: &str) -> bool {
    fn parts(key: &str) -> (&str, &str) {
        key.rsplit_once('/').unwrap_or(("", key))
    }
    let ((prefix, name), (wanted, asked)) = (parts(one), parts(other));
    prefix == wanted && nearly_equal(name, asked) || name == asked && nearly_equal(prefix, wanted)
}

/// The label that has the value of a pair under a key that is nearly the pair's, and no other pair's.
pub fn misspelt_key<'l>(labels: &'l Labels, pair: &Label, pairs: &[Label]) -> Option<&'l Label> {
    let meant = |label: &&Label| {
        label.value() == pair.value()
            && nearly_the_key(label.key(), pair.key())
            && pairs.iter().all(|asked| asked.key() != label.key())
    };
    labels.iter().find(meant)
}

/// The label that says what a pair of a selector asks for by another key, which no other pair asks for:
/// `app.kubernetes.io/name=web` for `app=web`.
pub fn other_key<'l>(labels: &'l Labels, pair: &Label, pairs: &[Label]) -> Option<&'l Label> {
    let same = |label: &&Label| {
        label.value() == pair.value() && pairs.iter().all(|asked| asked.key() != label.key())
    };
    labels.iter().find(same).filter(|_| !pair.value().is_empty())
}
