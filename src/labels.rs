//! Labels, and the two sorts of selector, which mean opposite things when empty.

use crate::names::Short;
use crate::source::{FileId, Span};

/// A label of an object: `key: value`. A null value reads as the empty text.
///
/// There may be millions of them, so both texts are one, and both places are in one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Label {
    /// The key and the value, one after the other.
    text: Short,
    /// How long the key is.
    key: u32,
    file: FileId,
    key_at: (u32, u32),
    value_at: (u32, u32),
}

impl Label {
    /// A label, and where its key and its value stand, in one file.
    pub fn new((key, key_span): (&str, Span), (value, span): (&str, Span)) -> Self {
        let mut label = Self::default();
        label.write((key, key_span), (value, span));
        label
    }

    fn write(&mut self, (key, key_span): (&str, Span), (value, span): (&str, Span)) {
        self.text.reserve(key.len() + value.len());
        self.text.push_str(key);
        self.text.push_str(value);
        self.key = key.len() as u32;
        self.file = span.file;
        self.key_at = (key_span.start, key_span.end);
        self.value_at = (span.start, span.end);
    }

    /// The key.
    pub fn key(&self) -> &str {
        &self.text[..self.key as usize]
    }

    /// The value.
    pub fn value(&self) -> &str {
        &self.text[self.key as usize..]
    }

    /// Where the value stands; where nothing stands, the key.
    pub fn span(&self) -> Span {
        let (start, end) = self.value_at;
        Span { file: self.file, start, end }
    }

    /// Where the key stands.
    pub fn key_span(&self) -> Span {
        let (start, end) = self.key_at;
        Span { file: self.file, start, end }
    }

    /// As a selector on the command line has it: `app=web`.
    pub fn pair(&self) -> String {
        format!("{}={}", self.key(), self.value())
    }
}

/// The labels of an object, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labels(pub Vec<Label>);

/// `spec.selector` of a Service: every pair must be there. Absent or empty selects *nothing*.
///
/// <https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors>
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServiceSelector(pub Labels);

/// `spec.selector` of a workload. Absent or empty selects *everything* in its namespace.
///
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors>
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelSelector {
    /// `matchLabels`: every pair must be there.
    pub match_labels: Labels,
    /// `matchExpressions`: every one must hold.
    pub match_expressions: Vec<Expression>,
}

/// One of `matchExpressions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// The label's key.
    pub key: String,
    /// `In`, `NotIn`, `Exists` or `DoesNotExist`.
    pub operator: String,
    /// Where that stands.
    pub operator_span: Option<Span>,
    /// The values for `In` and `NotIn`.
    pub values: Vec<String>,
    /// Where it stands.
    pub span: Span,
}

impl Labels {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.label(key).map(Label::value)
    }

    /// The label of a key.
    pub fn label(&self, key: &str) -> Option<&Label> {
        self.0.iter().find(|label| label.key() == key)
    }

    /// Puts a label behind the others, straight to its place: copied there as a whole it would have to be waited for.
    pub fn push(&mut self, key: (&str, Span), value: (&str, Span)) {
        self.0.push_mut(Label::default()).write(key, value);
    }

    /// The keys and values in the order of the text.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.iter().map(|label| (label.key(), label.value()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The labels in the order of the text.
    pub fn iter(&self) -> std::slice::Iter<'_, Label> {
        self.0.iter()
    }

    /// Whether every pair of `other` is here.
    pub fn contains_all(&self, other: &Self) -> bool {
        other.pairs().all(|(key, value)| self.get(key) == Some(value))
    }
}

impl<'l> IntoIterator for &'l Labels {
    type Item = &'l Label;
    type IntoIter = std::slice::Iter<'l, Label>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl ServiceSelector {
    /// Whether these labels carry every pair; an empty selector matches nothing.
    pub fn matches(&self, labels: &Labels) -> bool {
        !self.0.is_empty() && labels.contains_all(&self.0)
    }
}

impl LabelSelector {
    /// Whether it asks for nothing, and so selects everything.
    pub fn is_empty(&self) -> bool {
        self.match_labels.is_empty() && self.match_expressions.is_empty()
    }

    /// Whether these labels satisfy every expression.
    pub fn expressions_hold(&self, labels: &Labels) -> bool {
        self.match_expressions.iter().all(|expression| expression.holds(labels))
    }

    /// The first part of the selector that these labels do not satisfy: its key and where it stands.
    pub fn mismatch(&self, labels: &Labels) -> Option<(&str, Span)> {
        let label = self.match_labels.iter().find(|label| labels.get(label.key()) != Some(label.value()));
        if let Some(label) = label {
            return Some((label.key(), label.span()));
        }
        self.match_expressions
            .iter()
            .find(|expression| !expression.holds(labels))
            .map(|e| (e.key.as_str(), e.span))
    }
}

impl Expression {
    /// Whether these labels satisfy it; what has no meaning is left to Kubernetes to refuse.
    ///
    /// <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements>
    fn holds(&self, labels: &Labels) -> bool {
        let value = labels.get(&self.key);
        let among = value.is_some_and(|value| self.values.iter().any(|v| v == value));
        match self.operator.as_str() {
            "In" => among || self.values.is_empty(),
            "NotIn" => !among,
            "Exists" => value.is_some(),
            "DoesNotExist" => value.is_none(),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        let label =
            |(key, value): &(&str, &str)| Label::new((key, Span::default()), (value, Span::default()));
        Labels(pairs.iter().map(label).collect())
    }

    #[test]
    fn a_label_is_what_it_was_made_of() {
        let at = |start, end| Span { file: 2, start, end };
        for (key, value) in
            [("app", "web"), ("", "web"), ("app", ""), ("app.kubernetes.io/name", "größe"), ("ä", "ö")]
        {
            let label = Label::new((key, at(1, 4)), (value, at(6, 9)));
            assert_eq!((label.key(), label.value()), (key, value));
            assert_eq!((label.key_span(), label.span()), (at(1, 4), at(6, 9)));
        }
        assert_ne!(labels(&[("ab", "c")]), labels(&[("a", "bc")]));
        assert_eq!(labels(&[("a", "b"), ("c", "d")]).pairs().collect::<Vec<_>>(), [("a", "b"), ("c", "d")]);
    }

    #[test]
    fn a_service_selector_wants_every_pair_and_an_empty_one_selects_nothing() {
        let pod = labels(&[("app", "web"), ("tier", "front")]);
        for (selector, matches) in [
            (&[("app", "web")][..], true),
            (&[("app", "web"), ("tier", "front")], true),
            (&[("app", "Web")], false),
            (&[("app", "web"), ("track", "stable")], false),
            (&[], false),
        ] {
            assert_eq!(ServiceSelector(labels(selector)).matches(&pod), matches, "{selector:?}");
        }
    }

    #[test]
    fn expressions_hold_as_kubernetes_says() {
        let pod = labels(&[("app", "web")]);
        for (key, operator, values, holds) in [
            ("app", "In", &["web", "api"][..], true),
            ("app", "In", &["api"], false),
            ("tier", "NotIn", &["back"], true),
            ("app", "NotIn", &["web"], false),
            ("app", "Exists", &[], true),
            ("tier", "Exists", &[], false),
            ("tier", "DoesNotExist", &[], true),
        ] {
            let values = values.iter().map(ToString::to_string).collect();
            let expression = Expression {
                key: key.into(),
                operator: operator.into(),
                operator_span: None,
                values,
                span: Span::default(),
            };
            assert_eq!(expression.holds(&pod), holds, "{key} {operator}");
        }
    }
}
