//! What Kubernetes refuses, so that it never comes to be.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::finding::{Finding, Severity, Stage};
use crate::kinds::meta::Meta;
use crate::names::ObjectRef;

/// What of an upload Kubernetes refuses, by its findings.
#[derive(Debug, Default)]
pub struct Refused<'f> {
    objects: FxHashSet<&'f ObjectRef>,
    /// The words of why a node port is refused, by namespace and name of the Service and place of the port.
    node_ports: FxHashMap<(&'f str, &'f str, usize), &'f str>,
}

impl<'f> Refused<'f> {
    /// Reads it out of findings.
    pub fn new(findings: &'f [Finding]) -> Self {
        let mut refused = Self::default();
        // Errors come first.
        for finding in findings.iter().take_while(|finding| finding.severity == Severity::Error) {
            if finding.stage == Stage::Wire {
                continue;
            }
            refused.objects.insert(&finding.object);
            let field = finding.field.as_deref().unwrap_or_default();
            let place = field.strip_prefix("spec.ports[").and_then(|rest| rest.strip_suffix("].nodePort"));
            if let Some(place) = place.and_then(|digits| digits.parse().ok()) {
                let object = &finding.object;
                refused.node_ports.insert((&object.namespace, &object.name, place), &finding.short);
            }
        }
        refused
    }

    /// Whether an object is refused as a whole.
    pub fn object(&self, meta: &Meta) -> bool {
        !self.objects.is_empty() && self.objects.contains(&meta.reference())
    }

    /// Three words on why a Service's port does not get its node port, where it does not.
    pub fn node_port(&self, meta: &Meta, port: usize) -> Option<&'f str> {
        self.node_ports.get(&(meta.namespace.as_str(), meta.name.value.as_str(), port)).copied()
    }
}
