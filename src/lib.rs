//! Podwire shows how Kubernetes Services are wired to pods.
//!
//! ```text
//! bytes ─Upload─▶ Vec<SourceFile> ─split─▶ Vec<Document> ─read─▶ Readings
//!       ─Cluster::new─▶ Cluster ─wire─▶ Wiring ─check─▶ Vec<Finding>      all of it: analyze() -> Analysis
//! Analysis ─lay_out─▶ Diagram ─svg─▶ String                              the picture
//! Analysis ─▶ pages (askama) · API types (serde) · text                  the other faces
//! ```
//!
//! The core is pure: it has no async, no file, no network, no clock, no environment. `cli` and `web` do all of that.

pub mod analysis;
pub mod cli;
pub mod cluster;
pub mod config;
pub mod diagram;
pub mod finding;
pub mod kinds;
pub mod labels;
pub mod metrics;
pub mod names;
pub mod port;
pub mod reference;
pub mod render;
pub mod rules;
pub mod schema;
pub mod source;
pub mod store;
pub mod terms;
pub mod web;
pub mod wiring;
