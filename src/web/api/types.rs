//! What the JSON API promises, in one place: the inside may change, these names may not.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::analysis::{self, Analysis as Inner};
use crate::cluster::{Cluster, State};
use crate::finding;
use crate::kinds::fields::Written;
use crate::kinds::service::{self, Service as InnerService};
use crate::names::ObjectRef;
use crate::port::TargetPort;
use crate::source::Span;
use crate::wiring::{self, Answer, Picked, ServiceWiring, Who};

mod defaulted;
mod entries;
pub mod problem;
pub mod trace;

pub use entries::{Entry, EntryTarget};

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
    /// When it will be gone, RFC 3339.
    pub expires_at: String,
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
    endpoints: Vec<Endpoint>,
    unresolved: Vec<PodRow>,
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
            findings: analysis.findings.iter().map(|finding| words.finding(finding)).collect(),
        }
    }
}

impl From<&analysis::Skipped> for Skipped {
    fn from(skipped: &analysis::Skipped) -> Self {
        Self { file: skipped.file.clone(), why: skipped.why.clone() }
    }
}

/// Puts the inside into the API's terms.
struct Words<'a> {
    analysis: &'a Inner,
}

impl Words<'_> {
    fn cluster(&self) -> &Cluster {
        &self.analysis.cluster
    }

    fn service(&self, service: &InnerService, wired: &ServiceWiring) -> Service {
        let ports = service.ports.iter().zip(&wired.ports);
        let selector = service.selector.0.iter().map(|label| (label.key.clone(), label.value.clone()));
        Service {
            namespace: service.meta.namespace.clone(),
            name: text(&service.meta.name),
            kind: service.service_type.value.clone(),
            headless: service.is_headless(),
            cluster_ip: service.virtual_ips().next().map(str::to_owned),
            addresses: service
                .load_balancer
                .iter()
                .chain(&service.external_ips)
                .map(|ip| ip.value.clone())
                .collect(),
            external_name: text(&service.external_name),
            selector: Some(selector.collect()).filter(|selector: &BTreeMap<_, _>| !selector.is_empty()),
            defaulted: defaulted::spec(service),
            source: self.source(service.meta.span),
            ports: ports.map(|(port, wired)| self.port(service, port, wired)).collect(),
            selected: sorted(wired.selected.iter().map(|picked| self.row(*picked)).collect()),
            portless: wired.portless.iter().map(|answer| self.portless(answer)).collect(),
        }
    }

    fn port(
        &self,
        service: &InnerService,
        port: &service::ServicePort,
        wired: &wiring::PortWiring,
    ) -> ServicePort {
        let mut endpoints: Vec<Endpoint> =
            wired.endpoints.iter().map(|endpoint| self.endpoint(endpoint)).collect();
        endpoints.sort_by(|a, b| (&a.row, a.port, &a.addresses).cmp(&(&b.row, b.port, &b.addresses)));
        endpoints.dedup_by(|next, row| {
            let alike = next.row.joins(&row.row) && next.is_like(row);
            row.row.replicas += if alike { next.row.replicas } else { 0 };
            alike
        });
        ServicePort {
            name: port.name.value.clone(),
            protocol: port.protocol.value.to_string(),
            node_port: port.node_port.as_ref().map(|written| written.value),
            node_port_from: match &port.node_port {
                Some(_) => "manifest",
                None if service.has_node_ports() => "cluster",
                None => "none",
            },
            port: port.port.value,
            target_port: match &port.target.value {
                TargetPort::Number(number) => Value::from(*number),
                TargetPort::Name(name) => Value::from(name.as_str()),
            },
            target_port_from: if port.target.span.is_some() { "manifest" } else { "default" },
            source: self.source(port.span),
            endpoints,
            unresolved: sorted(wired.unresolved.iter().map(|pods| self.row(pods.picked)).collect()),
        }
    }

    fn endpoint(&self, endpoint: &wiring::Endpoint) -> Endpoint {
        let cluster = self.cluster();
        let answer = &endpoint.answer;
        let (container, node) = match answer.who {
            Who::Pods(picked) => {
                let spec = cluster.sets[picked.set as usize].spec(cluster);
                let container = |(container, _): (usize, usize)| spec.containers[container].name.clone();
                (endpoint.declared.map(container), text(&spec.node_name))
            }
            Who::Address(listed) => (None, text(&listed.entry(cluster).node_name)),
        };
        Endpoint {
            row: self.row_of(answer.who),
            container,
            declared: endpoint.declared.is_some(),
            port: endpoint.port,
            addresses: answer.addresses.clone(),
            ready: answer.ready,
            serving: answer.serving,
            terminating: answer.terminating,
            node,
            source: self.source(endpoint.span(cluster)),
        }
    }

    fn portless(&self, answer: &Answer) -> Portless {
        Portless {
            row: self.row_of(answer.who),
            ready: answer.ready,
            serving: answer.serving,
            terminating: answer.terminating,
            addresses: answer.addresses.clone(),
        }
    }

    /// What a slice lists is no workload's, and a pod's only where it says so.
    fn row_of(&self, who: Who) -> PodRow {
        match who {
            Who::Pods(picked) => self.row(picked),
            Who::Address(listed) => {
                let pod = listed.entry(self.cluster()).pod.clone();
                PodRow { pod, workload: None, replicas: 1 }
            }
        }
    }

    fn row(&self, picked: Picked) -> PodRow {
        let cluster = self.cluster();
        let owner = cluster.sets[picked.set as usize].owner.as_ref();
        PodRow {
            pod: picked.pod_name(cluster),
            workload: owner.map(|owner| Workload { kind: owner.kind.clone(), name: owner.name.clone() }),
            replicas: picked.replicas(cluster),
        }
    }

    fn finding(&self, finding: &finding::Finding) -> Finding {
        let related = finding.related.iter();
        let fix = finding.fix.as_ref();
        Finding {
            rule: finding.rule,
            stage: finding.stage.as_str(),
            severity: finding.severity.as_str(),
            message: finding.message.clone(),
            help: finding.help.clone(),
            field: finding.field.clone(),
            object: Object::from(&finding.object),
            source: self.range(finding.span),
            related: related
                .map(|related| Related { message: related.message.clone(), source: self.range(related.span) })
                .collect(),
            fix: fix.map(|fix| Fix {
                title: fix.title.clone(),
                edits: fix
                    .edits
                    .iter()
                    .map(|edit| Edit { source: self.range(edit.span), text: edit.text.clone() })
                    .collect(),
            }),
            docs: format!("/rules/{}", finding.rule),
        }
    }

    fn source(&self, span: Span) -> Source {
        let place = self.analysis.place(span);
        Source { file: self.analysis.file_name(span).to_owned(), line: place.line, column: place.column }
    }

    fn range(&self, span: Span) -> SourceRange {
        let place = self.analysis.place(span);
        SourceRange {
            file: self.analysis.file_name(span).to_owned(),
            line: place.line,
            column: place.column,
            end_line: place.end_line,
            end_column: place.end_column,
        }
    }
}

impl From<&ObjectRef> for Object {
    fn from(object: &ObjectRef) -> Self {
        Self {
            api_version: object.api_version.clone(),
            kind: object.kind.clone(),
            namespace: object.namespace.clone(),
            name: object.name.clone(),
        }
    }
}

fn text(written: &Written<String>) -> Option<String> {
    Some(written.value.clone()).filter(|text| !text.is_empty())
}

/// Rows in order; pods of one workload without names of their own share one.
fn sorted(mut rows: Vec<PodRow>) -> Vec<PodRow> {
    rows.sort();
    rows.dedup_by(|next, row| {
        let alike = next.joins(row);
        row.replicas += if alike { next.replicas } else { 0 };
        alike
    });
    rows
}

impl PodRow {
    /// Whether these are more pods of the same workload, none of which has a name.
    fn joins(&self, row: &Self) -> bool {
        self.pod.is_none() && row.pod.is_none() && self.workload == row.workload
    }
}

impl Endpoint {
    /// Whether the wiring sees no difference but in whose pods they are.
    fn is_like(&self, other: &Self) -> bool {
        let condition = |at: &Self| (at.declared, at.port, at.ready, at.serving, at.terminating);
        condition(self) == condition(other)
            && (&self.container, &self.addresses, &self.node)
                == (&other.container, &other.addresses, &other.node)
    }
}
