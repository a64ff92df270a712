//! The answer to a trace.

use serde::Serialize;

use super::words::Words;
use super::{Endpoint, Source};
use crate::analysis::Analysis;
use crate::render::trace as render;
use crate::wiring::trace as core;

/// Where a packet to an address goes.
#[derive(Debug, Serialize)]
pub struct Trace {
    to: String,
    hops: Vec<Hop>,
    ends: Vec<End>,
    /// `reaches` or `nothing`.
    outcome: &'static str,
    why: String,
}

/// A place on the way.
#[derive(Debug, Serialize)]
pub struct Hop {
    kind: &'static str,
    title: String,
    address: String,
    why: String,
    source: Option<Source>,
}

/// Pods at the end, with what each of them gets of the connections.
#[derive(Debug, Serialize)]
pub struct End {
    #[serde(flatten)]
    endpoint: Endpoint,
    share: Option<f64>,
}

impl Trace {
    /// A trace in the API's terms.
    pub fn new(analysis: &Analysis, to: &str, trace: &core::Trace) -> Self {
        let told = render::tell(trace, &analysis.cluster, &analysis.wiring, &analysis.findings);
        let words = Words { analysis };
        let ends = trace.all_ends().into_iter();
        Self {
            to: to.to_owned(),
            hops: told.hops.into_iter().map(|hop| Hop::new(&words, hop)).collect(),
            ends: ends.map(|(end, share)| End { endpoint: words.endpoint(end), share }).collect(),
            outcome: if told.reaches { "reaches" } else { "nothing" },
            why: told.why,
        }
    }
}

impl Hop {
    fn new(words: &Words<'_>, hop: render::ToldHop) -> Self {
        let render::ToldHop { kind, title, address, why, around, mark, .. } = hop;
        Self { kind, title, address, why, source: mark.or(around).map(|span| words.source(span)) }
    }
}
