//! The answer to a trace.

use serde::Serialize;
use utoipa::ToSchema;

use super::words::Words;
use super::{Endpoint, Source, vocabulary};
use crate::analysis::Analysis;
use crate::render::trace as render;
use crate::wiring::trace as core;

/// Where a packet to an address goes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Trace<'a> {
    /// The address, as it was asked.
    to: String,
    /// The way, from the outside to the inside.
    hops: Vec<Hop<'a>>,
    /// The pods at the end.
    ends: Vec<End<'a>>,
    /// Whether any pod is reached.
    #[schema(value_type = vocabulary::Outcome)]
    outcome: &'static str,
    /// Why, in a sentence.
    why: String,
}

/// A place on the way.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hop<'a> {
    /// `node`, `loadBalancer`, `externalIP`, `ingress`, `gateway`, `service` or `pod`; there may be more.
    kind: &'static str,
    /// What it is.
    title: String,
    /// What is dialled there.
    address: String,
    /// Why traffic comes here and where it goes on.
    why: String,
    /// Where that is written.
    #[schema(required)]
    source: Option<Source<'a>>,
}

/// Pods at the end, with what each of them gets of the connections.
#[derive(Debug, Serialize, ToSchema)]
pub struct End<'a> {
    #[serde(flatten)]
    endpoint: Endpoint<'a>,
    /// The share of one pod, from 0 to 1; null where zones, hints, unknown places or the client itself decide.
    #[schema(required, minimum = 0, maximum = 1)]
    share: Option<f64>,
}

impl<'a> Trace<'a> {
    /// A trace in the API's terms.
    pub fn new(analysis: &'a Analysis, to: &str, trace: &'a core::Trace) -> Self {
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

impl<'a> Hop<'a> {
    fn new(words: &Words<'a>, hop: render::ToldHop) -> Self {
        let render::ToldHop { kind, title, address, why, around, mark, .. } = hop;
        Self { kind, title, address, why, source: mark.or(around).map(|span| words.source(span)) }
    }
}
