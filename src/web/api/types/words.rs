//! From the inside to the API's terms.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    Edit, Endpoint, Finding, Fix, LocalPods, Object, PodRow, Portless, Related, Service, ServicePort, Source,
    SourceRange, Workload, defaulted,
};
use crate::analysis::Analysis as Inner;
use crate::cluster::Cluster;
use crate::finding;
use crate::kinds::fields::Written;
use crate::kinds::service::Service as InnerService;
use crate::names::ObjectRef;
use crate::port::TargetPort;
use crate::source::Span;
use crate::wiring::{self, Answer, Picked, Placement, ServiceWiring, Who};

/// Puts the inside into the API's terms.
pub(super) struct Words<'a> {
    pub(super) analysis: &'a Inner,
}

impl<'a> Words<'a> {
    pub(super) fn cluster(&self) -> &'a Cluster {
        &self.analysis.cluster
    }

    pub(super) fn service(&self, service: &'a InnerService, wired: &'a ServiceWiring) -> Service<'a> {
        let ports = wired.ports.iter().take(service.ports.len()).enumerate();
        let balanced = service.load_balancer.iter().map(|address| address.value.as_str());
        let external = service.external_ips.iter().map(|ip| ip.value.as_str());
        let selector = service.selector.0.pairs();
        Service {
            namespace: &service.meta.namespace,
            name: text(&service.meta.name),
            kind: &service.service_type.value,
            headless: service.is_headless(),
            cluster_ip: service.virtual_ips().next(),
            addresses: balanced.chain(external).collect(),
            external_name: text(&service.external_name),
            selector: Some(selector.collect()).filter(|selector: &BTreeMap<_, _>| !selector.is_empty()),
            defaulted: defaulted::spec(service),
            source: self.source(service.meta.span),
            ports: ports.map(|(port, wired)| self.port(service, port, wired)).collect(),
            selected: sorted(wired.selected.iter().map(|picked| self.row(*picked)).collect()),
            portless: wired.portless.iter().map(|answer| self.portless(answer)).collect(),
        }
    }

    pub(super) fn port(
        &self,
        service: &'a InnerService,
        index: usize,
        wired: &'a wiring::PortWiring,
    ) -> ServicePort<'a> {
        let port = &service.ports[index];
        let mut endpoints: Vec<Endpoint<'_>> =
            wired.endpoints.iter().map(|endpoint| self.endpoint(endpoint)).collect();
        endpoints.sort_by(|a, b| (&a.row, a.port, a.addresses).cmp(&(&b.row, b.port, b.addresses)));
        endpoints.dedup_by(|next, row| {
            let alike = next.row.joins(&row.row) && next.is_like(row);
            row.row.replicas += if alike { next.row.replicas } else { 0 };
            alike
        });
        ServicePort {
            name: &port.name.value,
            protocol: port.protocol.value.as_str(),
            node_port: port.node_port.as_ref().map(|written| written.value),
            node_port_from: match &port.node_port {
                Some(_) => "manifest",
                None if service.node_port(index).is_some() => "cluster",
                None => "none",
            },
            port: port.port.value,
            target_port: match &port.target.value {
                TargetPort::Number(number) => Value::from(*number),
                TargetPort::Name(name) => Value::from(name.as_str()),
            },
            target_port_from: if port.target.span.is_some() { "manifest" } else { "default" },
            source: self.source(port.span),
            local_pods: self.local_pods(service, wired),
            endpoints,
            unresolved: sorted(wired.unresolved.iter().map(|pods| self.row(pods.picked)).collect()),
        }
    }

    fn local_pods(&self, service: &InnerService, wired: &'a wiring::PortWiring) -> Option<LocalPods<'a>> {
        if !service.is_local_outside() && !service.is_local_inside() {
            return None;
        }
        let at = Placement::of(self.cluster(), &wired.endpoints);
        Some(LocalPods {
            nodes: at.with.clone(),
            without: at.without.len(),
            unknown: at.unknown.len(),
            known: at.is_known(),
        })
    }

    pub(super) fn endpoint(&self, endpoint: &'a wiring::Endpoint) -> Endpoint<'a> {
        let cluster = self.cluster();
        let answer = &endpoint.answer;
        let (container, node) = match answer.who {
            Who::Pods(picked) => {
                let spec = cluster.sets[picked.set as usize].spec(cluster);
                let container = endpoint.declared.map(|declared| declared.container(spec).name.as_str());
                (container, text(&spec.rest.node_name))
            }
            Who::Address(listed) => (None, text(&listed.entry(cluster).node_name)),
        };
        Endpoint {
            row: self.row_of(answer.who),
            container,
            declared: endpoint.declared.is_some(),
            port: endpoint.port,
            addresses: &answer.addresses,
            ready: answer.ready,
            serving: answer.serving,
            terminating: answer.terminating,
            node,
            network_policies: self.network_policies(answer.who),
            source: self.source(endpoint.span(cluster)),
        }
    }

    pub(super) fn portless(&self, answer: &'a Answer) -> Portless<'a> {
        Portless {
            row: self.row_of(answer.who),
            ready: answer.ready,
            serving: answer.serving,
            terminating: answer.terminating,
            addresses: &answer.addresses,
            network_policies: self.network_policies(answer.who),
        }
    }

    fn network_policies(&self, who: Who) -> Option<usize> {
        let applying = self.analysis.wiring.network_policies.to(who.pods()?)?;
        Some(applying.count)
    }

    /// What a slice lists is no workload's, and a pod's only where it says so.
    pub(super) fn row_of(&self, who: Who) -> PodRow<'a> {
        match who {
            Who::Pods(picked) => self.row(picked),
            Who::Address(listed) => {
                let pod = listed.entry(self.cluster()).pod.as_deref();
                PodRow { pod: pod.map(Cow::Borrowed), workload: None, replicas: 1 }
            }
        }
    }

    pub(super) fn row(&self, picked: Picked) -> PodRow<'a> {
        let cluster = self.cluster();
        let set = &cluster.sets[picked.set as usize];
        PodRow {
            pod: match picked.ordinal {
                Some(_) => picked.pod_name(cluster).map(Cow::Owned),
                None => set.pod_name(cluster).map(Cow::Borrowed),
            },
            workload: set.owner.as_ref().map(|owner| Workload { kind: &owner.kind, name: &owner.name }),
            replicas: picked.replicas(cluster),
        }
    }

    pub(super) fn finding(&self, finding: &'a finding::Finding) -> Finding<'a> {
        let related = finding.related.iter();
        let fix = finding.fix.as_ref();
        Finding {
            rule: finding.rule,
            stage: finding.stage.as_str(),
            severity: finding.severity.as_str(),
            message: &finding.message,
            help: &finding.help,
            field: finding.field.as_deref(),
            object: Object::from(&finding.object),
            source: self.range(finding.span),
            related: related
                .map(|related| Related { message: &related.message, source: self.range(related.span) })
                .collect(),
            fix: fix.map(|fix| Fix {
                title: &fix.title,
                edits: fix
                    .edits
                    .iter()
                    .map(|edit| Edit { source: self.range(edit.span), text: &edit.text })
                    .collect(),
            }),
            docs: format!("/rules/{}", finding.rule),
        }
    }

    pub(super) fn source(&self, span: Span) -> Source<'a> {
        let place = self.analysis.place(span);
        Source { file: Cow::Borrowed(self.analysis.file_name(span)), line: place.line, column: place.column }
    }

    pub(super) fn range(&self, span: Span) -> SourceRange<'a> {
        let place = self.analysis.place(span);
        SourceRange {
            file: self.analysis.file_name(span),
            line: place.line,
            column: place.column,
            end_line: place.end_line,
            end_column: place.end_column,
        }
    }
}

impl<'a> From<&'a ObjectRef> for Object<'a> {
    fn from(object: &'a ObjectRef) -> Self {
        Self {
            api_version: &object.api_version,
            kind: &object.kind,
            namespace: &object.namespace,
            name: &object.name,
        }
    }
}

pub(super) fn text(written: &Written<impl AsRef<str>>) -> Option<&str> {
    Some(written.value.as_ref()).filter(|text| !text.is_empty())
}

/// Rows in order; pods of one workload without names of their own share one.
fn sorted(mut rows: Vec<PodRow<'_>>) -> Vec<PodRow<'_>> {
    rows.sort();
    rows.dedup_by(|next, row| {
        let alike = next.joins(row);
        row.replicas += if alike { next.replicas } else { 0 };
        alike
    });
    rows
}

impl PodRow<'_> {
    /// Whether these are more pods of the same workload, none of which has a name.
    fn joins(&self, row: &Self) -> bool {
        self.pod.is_none() && row.pod.is_none() && self.workload == row.workload
    }
}

impl Endpoint<'_> {
    /// Whether the wiring sees no difference but in whose pods they are.
    fn is_like(&self, other: &Self) -> bool {
        let condition = |at: &Self| (at.declared, at.port, at.ready, at.serving, at.terminating);
        condition(self) == condition(other)
            && (&self.container, &self.addresses, &self.node)
                == (&other.container, &other.addresses, &other.node)
            && self.network_policies == other.network_policies
    }
}
