//! The pages: a workbench with editor and board, shared diagrams, the rules.

mod api;
mod copies;
mod csv;
mod editor;
mod embed;
mod examples;
mod face;
mod filters;
mod findings;
mod home;
mod inspector;
mod overview;
mod pictured;
mod preview;
mod rule;
mod seen;
mod selection;
pub(super) mod shared;
mod strip;
mod table;
mod tally;
mod words;
mod workbench;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};

use super::{AppState, conditional};
pub(super) use embed::{POLICY as FRAMED, is_framed, told as told_in_frame};
pub(super) use selection::is_heard;

/// The routes of the pages.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/d/{id}", get(shared::show))
        .route("/d/{id}/badge.svg", get(face::badge))
        .route("/d/{id}/preview.png", get(face::preview))
        .route("/", get(home::show).post(home::draw))
        .route("/api", get(api::show))
        .route("/inspect", post(home::inspect))
        .route("/examples", get(examples::list))
        .route("/examples/{name}", get(home::example))
        .route("/share", post(shared::share))
        .route("/share/preview", post(preview::preview))
        .route("/d/{id}/delete", post(shared::delete))
        .route("/words", get(words::show))
        .route("/privacy", get(shared::privacy))
        .route("/rules", get(rule::list))
        .route("/rules/{name}", get(rule::show))
        .layer(from_fn(conditional::layer))
}

/// `1 Service`, `2 Services`, `10,000 Services`.
fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number as u64), if number == 1 { one } else { many })
}

/// `100,000`.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// With a capital letter.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
