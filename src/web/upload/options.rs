//! The options of a request: `?state=`, `?names=` and `?expires=`.

use std::collections::BTreeMap;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::short;
use crate::cluster::State;
use crate::config::{Config, Lifetime};
use crate::names::nearest;
use crate::web::AppState;
use crate::web::error::{Error, Result};

/// `?state=`, `?names=` and `?expires=`, as an extractor; a form may have them as fields instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Whether pod status is assumed or taken from the upload.
    pub state: StateAsked,
    /// Whether a shared diagram has the upload's own names.
    pub names: Names,
    /// How long a shared diagram is to live; the server's default where nothing was asked.
    pub expires: Lifetime,
}

/// What `?names=` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Names {
    /// Names are kept.
    #[default]
    Kept,
    /// Stand-ins are kept in their place.
    Replaced,
}

/// What `?state=` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StateAsked {
    /// Taken from the upload where it has any.
    #[default]
    Auto,
    /// Every pod is taken to be ready.
    Assumed,
    /// Taken from the upload.
    Observed,
}

impl StateAsked {
    /// As it is written in an address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Assumed => "assumed",
            Self::Observed => "observed",
        }
    }

    /// The same in the core's terms.
    pub fn asked(self) -> Option<State> {
        match self {
            Self::Auto => None,
            Self::Assumed => Some(State::Assumed),
            Self::Observed => Some(State::Observed),
        }
    }
}

impl std::str::FromStr for StateAsked {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = [Self::Auto, Self::Assumed, Self::Observed];
        all.into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| format!("state is \"auto\", \"assumed\" or \"observed\", not \"{}\"", short(text)))
    }
}

impl Options {
    /// These options, with what the fields of a form say in their stead.
    pub fn with_fields(self, fields: &BTreeMap<String, String>, config: &Config) -> Result<Self> {
        fields.iter().try_fold(self, |options, (name, value)| options.with(name, value, config))
    }

    fn with(mut self, name: &str, value: &str, config: &Config) -> Result<Self> {
        // A field that came as a file ends with a line end.
        let value = value.trim();
        match name {
            "state" if !value.is_empty() => self.state = value.parse().map_err(Error::BadRequest)?,
            "names" => {
                self.names = match value {
                    "" | "kept" => Names::Kept,
                    "replaced" => Names::Replaced,
                    _ => return Err(Error::BadRequest("names is \"kept\" or \"replaced\"".to_owned())),
                }
            }
            "expires" => {
                let worded = |why| Error::BadRequest(format!("expires: {why}"));
                self.expires = config.lifetime(Some(value)).map_err(worded)?;
            }
            _ => {
                if let Some(meant) = misspelt(name) {
                    let (name, value) = (short(name), short(value));
                    return Err(Error::BadRequest(format!("there is no \"{name}\": write {meant}={value}")));
                }
            }
        }
        Ok(self)
    }
}

/// The option that another name most likely means: a slip would have a diagram live for longer than was asked, or keep its names.
fn misspelt(name: &str) -> Option<&'static str> {
    const OPTIONS: [&str; 3] = ["state", "names", "expires"];
    nearest(name, OPTIONS)
}

impl FromRequestParts<AppState> for Options {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self> {
        let config = &app.config;
        let expires = config.lifetime(None).map_err(Error::BadRequest)?;
        let none = Self { state: StateAsked::default(), names: Names::default(), expires };
        let query = parts.uri.query().unwrap_or_default();
        form_urlencoded::parse(query.as_bytes())
            .try_fold(none, |options, (name, value)| options.with(&name, &value, config))
    }
}
