//! How the bytes of a body come in, up to the limit and, unwanted, a little past it.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use futures_util::StreamExt as _;

use crate::config::Config;
use crate::web::AppState;
use crate::web::error::{Error, Result};
use crate::web::limits::{Room, Way};

/// How far past the limit a body is still received, so that the client hears the answer rather than a broken connection.
const DRAINED: u64 = 4;
/// How long nothing of such a body may come before the answer goes out.
const NOTHING_COMES: Duration = Duration::from_secs(1);

/// The whole body, up to the limit.
pub(super) async fn receive(headers: &HeaderMap, body: Body, app: &AppState) -> Result<Bytes> {
    let limit = app.config.max_body;
    let too_large = || Error::BodyTooLarge { limit };
    let said =
        headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if said.is_some_and(|said| said > limit.as_bytes()) {
        // Where the client waits for a word before it sends anything, that is it.
        if !headers.contains_key(header::EXPECT) {
            drain(body, &app.config, DRAINED).await;
        }
        return Err(too_large());
    }
    let mut refused = None;
    let mut chunks = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut received = 0;
    // From here on the queue bounds how much of it is in memory.
    let mut room = Room::new(Way::In);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Error::BadRequest("the upload broke off before its end".to_owned()))?;
        received += chunk.len() as u64;
        if received > limit.as_bytes() {
            refused = Some(too_large());
        }
        if received > limit.as_bytes().saturating_mul(DRAINED) {
            break;
        }
        if refused.is_none() {
            refused = room.grow(&app.clients, chunk.len()).err();
        }
        if refused.is_none() {
            bytes.extend_from_slice(&chunk);
        } else {
            (bytes, room) = (Vec::new(), Room::new(Way::In));
        }
    }
    refused.map_or_else(|| Ok(bytes.into()), Err)
}

/// Receives a body that nobody wants, for the same reason, while it comes, and up to so many times the limit.
pub(in crate::web) async fn drain(body: Body, config: &Config, times: u64) {
    let mut left = config.max_body.as_bytes().saturating_mul(times);
    let mut chunks = body.into_data_stream();
    let all = async {
        // Whoever announces a body and sends nothing is told at once.
        while let Ok(Some(Ok(chunk))) = tokio::time::timeout(NOTHING_COMES, chunks.next()).await {
            let Some(less) = left.checked_sub(chunk.len() as u64) else { return };
            left = less;
        }
    };
    // Whoever is slower than that hears it or not; the answer must be out before the request has had its time.
    let _ = tokio::time::timeout(config.timeout.as_duration() / 2, all).await;
}
