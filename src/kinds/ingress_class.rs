//! `IngressClass`: a controller that Ingresses may name.
//!
//! <https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class>

use crate::source::Problem;

use super::fields::Fields;
use super::meta::Meta;

/// Marks the class of Ingresses that name none.
const DEFAULT: &str = "ingressclass.kubernetes.io/is-default-class";

/// An `IngressClass`.
#[derive(Debug, Clone, Default)]
pub struct IngressClass {
    /// Its name.
    pub meta: Meta,
    /// Whether it is for Ingresses that name none.
    pub is_default: bool,
}

impl IngressClass {
    /// Reads a class.
    pub fn read(object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let meta = Meta::read_whole(object, problems);
        object.map("spec", problems, |spec, problems| spec.string("controller", problems));
        Self { is_default: meta.rest.annotations.get(DEFAULT) == Some("true"), meta }
    }
}
