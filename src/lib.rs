//! Podwire shows how Kubernetes Services are wired to pods.
pub mod cli;
pub mod config;
pub mod source;
pub mod store;
pub mod web;
