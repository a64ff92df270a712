//! Workloads: whatever makes pods from a template.
//!
//! <https://kubernetes.io/docs/concepts/workloads/controllers/>

use crate::labels::{Expression, LabelSelector, Labels};
use crate::names::GroupKind;
use crate::source::{Node, Problem, Span};

use super::fields::{Fields, Written};
use super::meta::{Meta, Owner};
use super::pod::PodSpec;

/// A Deployment, `StatefulSet`, Job, …, or any other object with a pod template at `spec.template`.
#[derive(Debug, Clone, Default)]
pub struct Workload {
    /// Its name and place; its labels are not its pods'.
    pub meta: Meta,
    /// Where `apiVersion` is written.
    pub api_version_span: Option<Span>,
    /// How its kind counts pods.
    pub sort: Sort,
    /// How many pods it asks for.
    pub replicas: Written<u32>,
    /// Counts below zero, with the fields of its spec that have them.
    pub negative: Vec<(&'static str, Written<i32>)>,
    /// The labels of its pods: the template's, and those that its controller is known to add.
    pub pod_labels: Labels,
    /// What runs in its pods.
    pub pod_spec: PodSpec,
    /// The whole pod template.
    pub template_span: Span,
    /// `spec.selector`, where the kind has one.
    pub selector: Option<LabelSelector>,
    /// Where that stands.
    pub selector_span: Option<Span>,
    /// The ordinals of a `StatefulSet`'s pods start here.
    pub first_ordinal: Option<u32>,
    /// `spec.serviceName`: the headless Service below which a `StatefulSet`'s pods have names of their own.
    pub service_name: Written<String>,
    /// The workload whose template it takes in the place of its own, as an Argo Rollout does with `spec.workloadRef`.
    ///
    /// <https://argo-rollouts.readthedocs.io/en/stable/migrating/#reference-deployment-from-rollout>
    pub borrows: Option<Owner>,
    /// `spec.suspend`.
    pub suspended: bool,
    /// Whether every node that takes it gets a pod of it.
    pub on_every_node: bool,
}

/// How a kind counts its pods and which labels its controller adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// `spec.replicas`, 1 unless said.
    #[default]
    Replicas,
    /// `spec.replicas`, and every pod has a name and labels of its own.
    Ordinals,
    /// One pod for each node; how many nodes there are is not known, so one.
    EveryNode,
    /// `spec.parallelism` at once, never more than `spec.completions`.
    Job,
    /// A Job at a time, from `spec.jobTemplate`; none while `spec.suspend` says so.
    ///
    /// <https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-suspension>
    CronJob,
}

/// Pods of a `StatefulSet` carry their own name under this key.
///
/// <https://kubernetes.io/docs/reference/labels-annotations-taints/#statefulset-kubernetes-io-pod-name>
pub const POD_NAME_LABEL: &str = "statefulset.kubernetes.io/pod-name";
/// Pods of a `StatefulSet` carry their ordinal under this key.
///
/// <https://kubernetes.io/docs/reference/labels-annotations-taints/#apps-kubernetes.io-pod-index>
pub const POD_INDEX_LABEL: &str = "apps.kubernetes.io/pod-index";
/// Whether each pod of a `StatefulSet` carries a value of its own under this key.
pub fn is_own_label(key: &str) -> bool {
    key == POD_NAME_LABEL || key == POD_INDEX_LABEL
}

/// The ordinal in the name of a `StatefulSet`'s pod: Kubernetes writes it without a sign or leading zeros.
pub fn ordinal_after(pod: &str, stateful_set: &str) -> Option<u32> {
    let digits = pod.strip_prefix(stateful_set)?.strip_prefix('-')?;
    digits.parse::<u32>().ok().filter(|ordinal| ordinal.to_string() == digits)
}

/// Pods of a Job carry its name under these keys.
///
/// <https://kubernetes.io/docs/reference/labels-annotations-taints/#batch-kubernetes-io-job-name>
pub const JOB_NAME_LABELS: [&str; 2] = ["batch.kubernetes.io/job-name", "job-name"];

/// The kind that may take the template of another workload.
pub const ROLLOUT: GroupKind<'static> = GroupKind { group: "argoproj.io", kind: "Rollout" };

impl Workload {
    /// Reads a workload.
    pub fn read(sort: Sort, object: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let meta = Meta::read_whole(object, problems);
        object.map("spec", problems, |spec, problems| {
            let mut workload = if sort == Sort::CronJob {
                spec.map("jobTemplate", problems, |template, problems| {
                    template.map("spec", problems, |job, problems| {
                        Self::read_spec(Sort::Job, meta, job, problems)
                    })
                })
            } else {
                Self::read_spec(sort, meta, spec, problems)
            };
            workload.sort = sort;
            if sort == Sort::CronJob
                && let Some(suspend) = spec.boolean("suspend", problems).filter(|suspend| suspend.value)
            {
                // It starts no further Jobs; those that it started go on.
                workload.suspended = true;
                workload.replicas = Written { value: 0, span: suspend.span };
            }
            workload.api_version_span = object.get("apiVersion").map(|node| node.span);
            if sort == Sort::Job {
                // An empty name gets no label of its own: the API server would make one up.
                let name = workload.meta.name.clone();
                for key in JOB_NAME_LABELS {
                    if !name.value.is_empty() && workload.pod_labels.label(key).is_none() {
                        let span = name.span.unwrap_or(workload.meta.span);
                        workload.pod_labels.push((key, span), (&name.value, span));
                    }
                }
            }
            workload
        })
    }

    fn read_spec(sort: Sort, meta: Meta, spec: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Self {
        let mut negative = Vec::new();
        let mut count = |fields: &Fields<'_, '_>, key: &'static str, problems: &mut Vec<Problem>| {
            let written = fields.int32(key, problems)?;
            let count = u32::try_from(written.value).unwrap_or_else(|_| {
                negative.push((key, written.clone()));
                0
            });
            Some(Written { value: count, span: written.span })
        };
        let suspended = spec.boolean("suspend", problems).is_some_and(|suspend| suspend.value);
        let replicas = match sort {
            Sort::Replicas | Sort::Ordinals => {
                count(spec, "replicas", problems).unwrap_or(Written { value: 1, span: None })
            }
            Sort::EveryNode | Sort::CronJob => Written { value: 1, span: None },
            Sort::Job => {
                let parallelism =
                    count(spec, "parallelism", problems).unwrap_or(Written { value: 1, span: None });
                let completions = count(spec, "completions", problems);
                match completions {
                    _ if suspended => Written { value: 0, span: spec.get("suspend").map(|node| node.span) },
                    Some(completions) if completions.value < parallelism.value => completions,
                    _ => parallelism,
                }
            }
        };
        let first_ordinal = (sort == Sort::Ordinals).then(|| {
            spec.map("ordinals", problems, |ordinals, problems| {
                count(ordinals, "start", problems).map_or(0, |start| start.value)
            })
        });
        let service_name =
            if sort == Sort::Ordinals { spec.text("serviceName", problems) } else { Written::default() };
        let borrows = (meta.group_kind() == ROLLOUT).then(|| read_borrowed(spec, problems)).flatten();
        let selector = spec.has("selector").then(|| match sort {
            // A ReplicationController's selector (and a DeploymentConfig's) is the pairs themselves.
            Sort::Replicas if is_plain_map(spec) => LabelSelector {
                match_labels: spec.labels("selector", problems),
                match_expressions: Vec::new(),
            },
            _ => spec.map("selector", problems, read_selector),
        });
        spec.map("template", problems, |template, problems| Self {
            meta,
            api_version_span: None,
            sort,
            replicas,
            negative,
            // A template's `metadata.namespace` is ignored by Kubernetes, so nothing but its labels is read.
            pod_labels: template
                .map("metadata", problems, |metadata, problems| metadata.labels("labels", problems)),
            pod_spec: template.map("spec", problems, PodSpec::read),
            template_span: template.span,
            selector,
            selector_span: spec.get("selector").map(|node| node.span),
            first_ordinal,
            service_name,
            borrows,
            suspended,
            on_every_node: sort == Sort::EveryNode,
        })
    }
}

fn read_borrowed(spec: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Option<Owner> {
    spec.has("workloadRef").then(|| {
        spec.map("workloadRef", problems, |named, problems| Owner {
            kind: named.text("kind", problems).value,
            name: named.short("name", problems).value,
        })
    })
}

fn is_plain_map(spec: &Fields<'_, '_>) -> bool {
    let map = spec.get("selector").and_then(Node::as_map);
    map.is_some_and(|map| {
        map.get("matchLabels").is_none() && map.get("matchExpressions").is_none() && !map.entries.is_empty()
    })
}

/// `matchLabels` and `matchExpressions`.
pub(super) fn read_selector(selector: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> LabelSelector {
    LabelSelector {
        match_labels: selector.labels("matchLabels", problems),
        match_expressions: selector.list("matchExpressions", problems, |expression, problems| {
            let (key, operator) = (expression.text("key", problems), expression.text("operator", problems));
            Expression {
                key: key.value,
                operator: operator.value,
                operator_span: operator.span,
                values: expression.strings("values", problems).into_iter().map(|value| value.value).collect(),
                span: expression.span,
            }
        }),
    }
}
