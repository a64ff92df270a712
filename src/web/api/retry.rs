//! `Idempotency-Key`: an upload that is sent again, since no answer came, is kept once.
//!
//! <https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header>

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::store::Retry;
use crate::web::error::{Error, Result};
use crate::web::upload::Options;

/// The key that a client gave, as an extractor.
pub(super) struct RetryKey(Option<String>);

/// How long a key may be.
const LONGEST: usize = 255;

impl RetryKey {
    /// What the store knows an upload by. `kept` is what is kept of it: of anything masked, not even a hash is kept.
    pub(super) fn retry(&self, options: Options, kept: &[u8]) -> Option<Retry> {
        let lifetime = options.expires.to_string();
        let upload = [options.state.as_str().as_bytes(), lifetime.as_bytes(), kept];
        self.0.as_ref().map(|key| Retry::new(key, &upload))
    }
}

impl<S: Sync> FromRequestParts<S> for RetryKey {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let mut all = parts.headers.get_all("idempotency-key").iter();
        let Some(given) = all.next() else { return Ok(Self(None)) };
        if all.next().is_some() {
            return Err(Error::BadRequest(
                "Idempotency-Key: an upload has one, and here are several".to_owned(),
            ));
        }
        let key = given.to_str().unwrap_or_default().trim();
        // The draft writes it in quotes, most clients do not.
        let key = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key);
        if key.is_empty() || key.len() > LONGEST {
            let why = format!(
                "Idempotency-Key: it is a text of 1 to {LONGEST} letters, digits and signs of ASCII, such as a UUID"
            );
            return Err(Error::BadRequest(why));
        }
        Ok(Self(Some(key.to_owned())))
    }
}
