//! What the JSON API promises, in one place: the inside may change, these names may not.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::analysis::{self, Analysis as Inner};
use crate::cluster::State;
use crate::finding;

mod defaulted;
mod entries;
pub mod problem;
pub mod trace;
mod words;

pub use entries::{Entry, EntryTarget};
use words::Words;

/// Whatever may be the body of an answer.
pub trait Body: Serialize {}

impl<T: Serialize> Body for T {}

/// The answer to an upload.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Analysis {
    /// `assumed` or `observed`.
    pub state: &'static str,
    /// Counts.
    pub summary: Summary,
    /// Every Service with its wiring.
    pub services: Vec<Service>,
    /// Ways in besides node ports.
    pub entries: Vec<Entry>,
    /// Objects that do not decide where traffic goes, by kind.
    pub others: BTreeMap<String, usize>,
    /// What was given and not read.
    pub skipped: Vec<Skipped>,
    /// How many findings an annotation asked not to hear.
    pub suppressed: usize,
    /// Those findings; left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suppressed_findings: Vec<Finding>,
    /// What there is to say, the worst first.
    pub findings: Vec<Finding>,
}

/// A shared diagram.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagram {
    /// What its link ends with.
    pub id: String,
    /// Its page.
    pub url: String,
    /// What deletes it; told once, to whoever made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_token: Option<String>,
    /// When it was made, RFC 3339.
    pub created_at: String,
    /// When it will be gone, RFC 3339; null where it stays until it is deleted.
    pub expires_at: Option<String>,
    /// What it says.
    pub analysis: Analysis,
}

/// Unix seconds as RFC 3339 writes a time in UTC; a time that no calendar has is empty.
pub fn rfc3339(seconds: i64) -> String {
    let time = time::OffsetDateTime::from_unix_timestamp(seconds).ok();
    time.and_then(|time| time.format(&time::format_description::well_known::Rfc3339).ok()).unwrap_or_default()
}

/// Counts of an upload.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    documents: usize,
    objects: usize,
    services: usize,
    pods: u64,
    errors: usize,
    warnings: usize,
    hints: usize,
}

/// A file that was not read.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Skipped {
    file: String,
    why: String,
}

/// A Service.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    namespace: String,
    name: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    headless: bool,
    #[serde(rename = "clusterIP")]
    cluster_ip: Option<String>,
    addresses: Vec<String>,
    external_name: Option<String>,
    selector: Option<BTreeMap<String, String>>,
    defaulted: Value,
    source: Source,
    ports: Vec<ServicePort>,
    selected: Vec<PodRow>,
    portless: Vec<Portless>,
}

/// A port of a Service.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServicePort {
    name: String,
    protocol: String,
    node_port: Option<i32>,
    node_port_from: &'static str,
    port: i32,
    target_port: Value,
    target_port_from: &'static str,
    source: Source,
    /// Under a traffic policy that is `Local`.
    #[serde(skip_serializing_if = "Option::is_none")]
    local_pods: Option<LocalPods>,
    endpoints: Vec<Endpoint>,
    unresolved: Vec<PodRow>,
}

/// The nodes that have pods of their own to pass traffic to.
#[derive(Debug, Serialize)]
pub struct LocalPods {
    /// Those that do, by name.
    nodes: Vec<String>,
    /// How many nodes of the upload have none, and drop what comes.
    without: usize,
    /// Of how many nodes of the upload that is not known.
    unknown: usize,
    /// Whether it is known where all pods are.
    known: bool,
}

/// Selected pods.
#[derive(Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "camelCase")]
pub struct PodRow {
    pod: Option<String>,
    workload: Option<Workload>,
    replicas: u32,
}

/// The topmost owner of pods.
#[derive(Debug, Serialize, PartialEq, Eq, PartialOrd, Ord, Clone)]
#[serde(rename_all = "camelCase")]
pub struct Workload {
    kind: String,
    name: String,
}

/// Pods that are endpoints without any port.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Portless {
    #[serde(flatten)]
    row: PodRow,
    ready: bool,
    serving: bool,
    terminating: bool,
    addresses: Vec<String>,
}

/// Pods that answer on a port.
#[expect(clippy::struct_excessive_bools, reason = "the API promises these four")]
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    #[serde(flatten)]
    row: PodRow,
    container: Option<String>,
    declared: bool,
    port: i32,
    addresses: Vec<String>,
    ready: bool,
    serving: bool,
    terminating: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<String>,
    source: Source,
}

/// One thing found.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    rule: &'static str,
    stage: &'static str,
    severity: &'static str,
    message: String,
    help: String,
    field: Option<String>,
    object: Object,
    source: SourceRange,
    related: Vec<Related>,
    fix: Option<Fix>,
    docs: String,
}

/// An object's name in full.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Object {
    api_version: String,
    kind: String,
    namespace: String,
    name: String,
}

/// A place that belongs to a finding.
#[derive(Debug, Serialize)]
pub struct Related {
    message: String,
    source: SourceRange,
}

/// A change that mends a finding.
#[derive(Debug, Serialize)]
pub struct Fix {
    title: String,
    edits: Vec<Edit>,
}

/// A text in the place of another.
#[derive(Debug, Serialize)]
pub struct Edit {
    source: SourceRange,
    text: String,
}

/// A place: lines and columns count from 1.
#[derive(Debug, Serialize)]
pub struct Source {
    file: String,
    line: u32,
    column: u32,
}

/// A place with its end.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceRange {
    file: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

/// A rule, as `GET /api/v1/rules` lists it.
#[derive(Debug, Serialize)]
pub struct Rule {
    name: &'static str,
    stage: &'static str,
    severity: &'static str,
    what: &'static str,
    why: &'static str,
    source: &'static str,
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

impl From<&Inner> for Analysis {
    fn from(analysis: &Inner) -> Self {
        let words = Words { analysis };
        let cluster = &analysis.cluster;
        let services = cluster.services.iter().zip(&analysis.wiring.services);
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
                errors: analysis.count(finding::Severity::Error),
                warnings: analysis.count(finding::Severity::Warning),
                hints: analysis.count(finding::Severity::Hint),
            },
            services: services.map(|(service, wired)| words.service(service, wired)).collect(),
            entries: words.entries(),
            others: analysis.others.clone(),
            skipped: analysis.skipped.iter().map(Skipped::from).collect(),
            suppressed: analysis.suppressed,
            suppressed_findings: analysis.ignored.iter().map(|finding| words.finding(finding)).collect(),
            findings: analysis.findings.iter().map(|finding| words.finding(finding)).collect(),
        }
    }
}

impl From<&analysis::Skipped> for Skipped {
    fn from(skipped: &analysis::Skipped) -> Self {
        Self { file: skipped.file.clone(), why: skipped.why.clone() }
    }
}
