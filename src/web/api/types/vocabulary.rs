//! The words that a field of the API may have, where there are only so many.

use std::borrow::Cow;

use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// Declares a named schema for each list of words; the fields themselves are texts.
macro_rules! vocabulary {
    ($($(#[doc = $doc:literal])+ $name:ident: $($word:literal)|+;)+) => { $(
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([$($word),+]));
                words.description(Some(concat!($($doc, "\n"),+).trim())).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )+ };
}

vocabulary! {
    /// Whether pods' status was made up (every pod runs and is ready) or taken from the upload.
    State: "assumed" | "observed";
    /// What to do about pods' status: `auto` takes it from the upload as soon as any Pod there has some.
    StateAsked: "auto" | "assumed" | "observed";
    /// `error`: Kubernetes refuses it, or traffic cannot flow. `warning`: traffic may not flow as written. `hint`: worth knowing.
    Severity: "error" | "warning" | "hint";
    /// Who would object: `read`, kubectl or the API server, which cannot decode it; `validate`, Kubernetes' validation;
    /// `allocate`, the allocator of node ports and addresses; `wire`, nobody: it is accepted, and about where traffic goes.
    Stage: "read" | "validate" | "allocate" | "wire";
    /// Where a node port comes from: it is written, the cluster will allocate one (and it is null), or there is none.
    NodePortFrom: "manifest" | "cluster" | "none";
    /// Where a target port comes from: it is written, or taken from `port`.
    TargetPortFrom: "manifest" | "default";
    /// Whether requests come in by a route: its parent takes it, refuses it, or is not in the upload.
    Attached: "attached" | "refused" | "unknown";
    /// Whether any pod is reached.
    Outcome: "reaches" | "nothing";
}

/// Declares named schemas of the kinds that a port may have.
macro_rules! ports {
    ($(#[doc = $doc:literal] $name:ident: $($kind:ident)|+;)+) => { $(
        #[doc = $doc]
        #[derive(Debug)]
        pub enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let kinds = SchemaType::from_iter([$(Type::$kind),+]);
                ObjectBuilder::new().schema_type(kinds).description(Some($doc.trim())).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )+ };
}

ports! {
    /// A port: its number, or its name.
    PortOrName: Integer | String;
    /// A port: its number, or its name; null where none is written.
    PortOrNothing: Integer | String | Null;
}
