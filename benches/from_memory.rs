//! A server that answers everything with the same bytes from memory: what benches/serving.py holds shared pages against.
//!
//! `cargo bench --bench from_memory -- --from FOLDER --listen ADDRESS`, where `FOLDER/body` is answered with the headers of
//! `FOLDER/head`. Without these arguments, as `cargo bench` calls it, there is nothing to do.
#![expect(clippy::unwrap_used, reason = "a bench stops where it fails")]

use std::path::Path;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::routing::get;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |flag: &str| {
        let at = arguments.iter().position(|argument| argument == flag)?;
        arguments.get(at + 1)
    };
    let (Some(folder), Some(address)) = (after("--from"), after("--listen")) else { return };
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await.unwrap();
        axum::serve(listener, router(folder.as_ref())).await.unwrap();
    });
}

fn router(folder: &Path) -> Router {
    let body = Bytes::from(std::fs::read(folder.join("body")).unwrap());
    let head = std::fs::read_to_string(folder.join("head")).unwrap();
    let headers: HeaderMap = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap()))
        .collect();
    Router::new().fallback(get(async move || (headers.clone(), body.clone())))
}
