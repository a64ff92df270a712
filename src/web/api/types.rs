//! What the JSON API promises, in one place: the inside may change, these names may not.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::ser::{Serialize, SerializeSeq as _, Serializer};
use utoipa::ToSchema;

use crate::analysis::{self, Analysis as Inner};
use crate::cluster::State;
use crate::finding::{self as inner, Severity};

mod defaulted;
mod entries;
mod finding;
pub mod problem;
mod service;
pub mod trace;
pub mod vocabulary;
mod words;

pub use entries::{Entries, Entry, EntryRoute, EntryTarget, GatewayEntry};
pub use finding::{Edit, Finding, Fix, Object, Related};
pub use service::{Endpoint, LocalPods, PodRow, Portless, Service, ServicePort, Workload};
use words::Words;

/// Whatever may be the body of an answer.
pub trait Body: Serialize {}

impl<T: Serialize> Body for T {}

/// The answer to an upload.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Analysis<'a> {
    /// Which it was.
    #[schema(value_type = vocabulary::State)]
    pub state: &'static str,
    /// Counts.
    pub summary: Summary,
    /// Every Service with its wiring.
    #[schema(value_type = Vec<Service<'static>>)]
    pub services: Services<'a>,
    /// Ways in besides node ports.
    #[schema(value_type = Vec<Entry<'static>>)]
    pub entries: Entries<'a>,
    /// Objects that are not drawn, by kind: they do not decide where traffic goes, or are about nobody who is drawn.
    pub others: &'a BTreeMap<String, usize>,
    /// What was given and not read.
    pub skipped: Vec<Skipped<'a>>,
    /// How many findings an annotation asked not to hear.
    pub suppressed: usize,
    /// Those findings; left out where there are none.
    #[schema(required = false, value_type = Vec<Finding<'static>>)]
    #[serde(skip_serializing_if = "Findings::is_empty")]
    pub suppressed_findings: Findings<'a>,
    /// What there is to say, the worst first.
    #[schema(value_type = Vec<Finding<'static>>)]
    pub findings: Findings<'a>,
}

/// A shared diagram.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Diagram<'a> {
    /// What its link ends with.
    #[schema(min_length = 22, max_length = 22)]
    pub id: String,
    /// Its page.
    #[schema(format = "uri")]
    pub url: String,
    /// What deletes it; told once, to whoever made it.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_token: Option<String>,
    /// When it was made, RFC 3339.
    #[schema(format = "date-time")]
    pub created_at: String,
    /// When it will be gone, RFC 3339; null where it stays until it is deleted.
    #[schema(required, format = "date-time")]
    pub expires_at: Option<String>,
    /// What it says.
    pub analysis: Analysis<'a>,
}

/// Unix seconds as RFC 3339 writes a time in UTC; a time that no calendar has is empty.
pub fn rfc3339(seconds: i64) -> String {
    let time = time::OffsetDateTime::from_unix_timestamp(seconds).ok();
    time.and_then(|time| time.format(&time::format_description::well_known::Rfc3339).ok()).unwrap_or_default()
}

/// Counts of an upload.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// YAML documents, and those of JSON.
    documents: usize,
    /// Kubernetes objects, those in Lists counted one by one.
    objects: usize,
    /// Services.
    services: usize,
    /// Pods, those of workloads included.
    pods: u64,
    /// Findings that are errors.
    errors: usize,
    /// Findings that are warnings.
    warnings: usize,
    /// Findings that are hints.
    hints: usize,
}

/// A file that was not read.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Skipped<'a> {
    /// Its name.
    file: &'a str,
    /// Why it was not read.
    why: &'a str,
}

/// A place: lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, ToSchema)]
pub struct Source<'a> {
    /// The file's name; `-` of what came without one.
    pub file: Cow<'a, str>,
    /// The line.
    #[schema(minimum = 1)]
    pub line: u32,
    /// The column.
    #[schema(minimum = 1)]
    pub column: u32,
}

/// A place with its end.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SourceRange<'a> {
    /// The file's name; `-` of what came without one.
    file: &'a str,
    /// The line, counted from 1.
    #[schema(minimum = 1)]
    line: u32,
    /// The column in characters, counted from 1.
    #[schema(minimum = 1)]
    column: u32,
    /// The line of the first character behind it.
    #[schema(minimum = 1)]
    end_line: u32,
    /// The column of the first character behind it.
    #[schema(minimum = 1)]
    end_column: u32,
}

/// A rule, as `GET /api/v1/rules` lists it.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// Its name.
    #[schema(example = "selector-matches-nothing")]
    name: &'static str,
    /// Who would object.
    #[schema(value_type = vocabulary::Stage)]
    stage: &'static str,
    /// How bad it is at worst.
    #[schema(value_type = vocabulary::Severity)]
    severity: &'static str,
    /// What it finds.
    what: &'static str,
    /// Why that matters for traffic.
    why: &'static str,
    /// Where Kubernetes says so.
    #[schema(format = "uri")]
    source: &'static str,
    /// Its page, below this server's address.
    #[schema(example = "/rules/selector-matches-nothing")]
    docs: String,
}

impl From<&crate::rules::Rule> for Rule {
    fn from(rule: &crate::rules::Rule) -> Self {
        Self {
            name: rule.name,
            stage: rule.stage.as_str(),
            severity: rule.severity.as_str(),
            what: rule.what,
            why: rule.why,
            source: rule.source,
            docs: format!("/rules/{}", rule.name),
        }
    }
}

/// How many rows of pods are made at a time, side by side; fewer are made one Service after the other, as waking another
/// thread takes longer.
const ROWS: usize = 8_192;
/// As many rows as a Service takes without any.
const ROWS_OF_NONE: usize = 32;

/// The Services of an analysis, each made when it is written: an answer is longer than the upload, and never whole in memory.
#[derive(Debug, Clone, Copy)]
pub struct Services<'a>(&'a Inner);

impl Serialize for Services<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let (mut services, mut wired) = (&self.0.cluster.services[..], &self.0.wiring.services[..]);
        let words = Words { analysis: self.0 };
        let mut all = out.serialize_seq(Some(services.len()))?;
        while !services.is_empty() {
            let mut rows = 0;
            let next = wired.iter().take_while(|wired| {
                let has_room = rows < ROWS;
                let endpoints: usize = wired.ports.iter().map(|port| port.endpoints.len()).sum();
                rows += ROWS_OF_NONE + wired.selected.len() + endpoints;
                has_room
            });
            let next = next.count();
            let (some, their_wiring);
            (some, services) = services.split_at(next);
            (their_wiring, wired) = wired.split_at(next);
            if rows < ROWS {
                for (service, wired) in some.iter().zip(their_wiring) {
                    all.serialize_element(&words.service(service, wired))?;
                }
            } else {
                let made =
                    some.par_iter().zip(their_wiring).map(|(service, wired)| words.service(service, wired));
                for service in &made.collect::<Vec<_>>() {
                    all.serialize_element(service)?;
                }
            }
        }
        all.end()
    }
}

/// Findings of an analysis, each made when it is written.
#[derive(Debug, Clone, Copy)]
pub struct Findings<'a>(&'a Inner, &'a [inner::Finding]);

impl Findings<'_> {
    fn is_empty(&self) -> bool {
        self.1.is_empty()
    }
}

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let words = Words { analysis: self.0 };
        out.collect_seq(self.1.iter().map(|finding| words.finding(finding)))
    }
}

impl<'a> From<&'a Inner> for Analysis<'a> {
    fn from(analysis: &'a Inner) -> Self {
        let cluster = &analysis.cluster;
        Self {
            state: match cluster.state {
                State::Assumed => "assumed",
                State::Observed => "observed",
            },
            summary: Summary {
                documents: analysis.documents,
                objects: analysis.objects,
                services: cluster.services.len(),
                pods: cluster.pod_count(),
                errors: analysis.count(Severity::Error),
                warnings: analysis.count(Severity::Warning),
                hints: analysis.count(Severity::Hint),
            },
            services: Services(analysis),
            entries: Entries(analysis),
            others: &analysis.others,
            skipped: analysis.skipped.iter().map(Skipped::from).collect(),
            suppressed: analysis.suppressed,
            suppressed_findings: Findings(analysis, &analysis.ignored),
            findings: Findings(analysis, &analysis.findings),
        }
    }
}

impl<'a> From<&'a analysis::Skipped> for Skipped<'a> {
    fn from(skipped: &'a analysis::Skipped) -> Self {
        Self { file: &skipped.file, why: &skipped.why }
    }
}
