//! Podwire shows how Kubernetes Services are wired to pods.
pub mod analysis;
pub mod cluster;
pub mod finding;
pub mod kinds;
pub mod labels;
pub mod names;
pub mod port;
pub mod rules;
pub mod source;
pub mod web;
pub mod wiring;
