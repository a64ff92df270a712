//! web
pub mod api;
