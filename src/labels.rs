//! Labels, and the two sorts of selector, which mean opposite things when empty.

use crate::names::Short;
use crate::source::Span;

/// A label of an object: `key: value`. A null value reads as the empty text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The key.
    pub key: Short,
    /// The value.
    pub value: Short,
    /// Where the value stands; where nothing stands, the key.
    pub span: Span,
    /// Where the key stands.
    pub key_span: Span,
}

impl Label {
    /// As a selector on the command line has it: `app=web`.
    pub fn pair(&self) -> String {
        format!("{}={}", self.key, self.value)
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
        self.label(key).map(|label| label.value.as_str())
    }

    /// The label of a key.
    pub fn label(&self, key: &str) -> Option<&Label> {
        self.0.iter().find(|label| label.key == key)
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
        other.iter().all(|label| self.get(&label.key) == Some(&label.value))
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

    /// The first part of the selector that these labels do not satisfy: its key and where it stands.
    pub fn mismatch(&self, labels: &Labels) -> Option<(&str, Span)> {
        let label = self.match_labels.iter().find(|label| labels.get(&label.key) != Some(&label.value));
        if let Some(label) = label {
            return Some((&label.key, label.span));
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
        let label = |(key, value): &(&str, &str)| Label {
            key: (*key).into(),
            value: (*value).into(),
            span: Span::default(),
            key_span: Span::default(),
        };
        Labels(pairs.iter().map(label).collect())
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
