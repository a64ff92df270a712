//! Podwire shows how Kubernetes Services are wired to pods.
pub mod source;
