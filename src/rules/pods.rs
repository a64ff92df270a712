//! The pods that an upload writes, by themselves or in the template of a workload: what several rules look at.

use rustc_hash::FxHashSet;

use crate::cluster::PodSet;
use crate::kinds::meta::Meta;
use crate::kinds::pod::PodSpec;

use super::{Context, words};

/// The spec of some pods as it is written: that of a Pod, or of a workload's template.
#[derive(Clone, Copy)]
pub(super) struct Written<'c> {
    /// The Pod or the workload.
    pub(super) meta: &'c Meta,
    /// Its pods' spec.
    pub(super) spec: &'c PodSpec,
    /// Where the object has it, which is not said of kinds that are not Kubernetes' own.
    pub(super) path: Option<&'static str>,
}

impl<'c> Written<'c> {
    fn new(meta: &'c Meta, spec: &'c PodSpec) -> Self {
        Self { meta, spec, path: words::pod_spec_path(meta) }
    }

    /// A field of the pods' spec, as Kubernetes writes it.
    pub(super) fn field(&self, field: &str) -> Option<String> {
        self.path.map(|path| format!("{path}.{field}"))
    }
}

/// Every one that Kubernetes could decode, and goes on to validate by rules of its own; but those of which they have
/// nothing to say.
pub(super) fn decoded(context: Context<'_>) -> impl Iterator<Item = Written<'_>> {
    let undecoded = context.undecoded();
    let pods = context.cluster.pods.iter().filter(|pod| !pod.spec.rest.is_plain);
    let pods = pods.map(|pod| Written::new(&pod.meta, &pod.spec));
    let workloads = &context.cluster.workloads;
    let templates = workloads.iter().filter(|workload| !workload.pod_spec.rest.is_plain);
    let templates = templates.map(|workload| Written::new(&workload.meta, &workload.pod_spec));
    let all = pods.chain(templates);
    all.filter(move |written| written.path.is_some() && undecoded.have_not(written.meta))
}

/// Every one that makes pods, each owner once: of many pods that one workload made the first speaks for all.
pub(super) fn of_each_owner(context: Context<'_>) -> impl Iterator<Item = (Written<'_>, &PodSet)> {
    let cluster = context.cluster;
    let mut seen = FxHashSet::default();
    cluster.sets.iter().filter_map(move |set| {
        let first = set.owner.as_ref().is_none_or(|owner| seen.insert((set.namespace.as_str(), owner)));
        first.then(|| (Written::new(set.meta(cluster), set.spec(cluster)), set))
    })
}
