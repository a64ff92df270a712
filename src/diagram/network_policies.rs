//! A few words on network policies: that some apply, and are not evaluated.

use super::{Face, Text};
use crate::cluster::Cluster;
use crate::terms::Term;
use crate::wiring::{Applying, Picked, Wiring};

/// That policies apply to some pods, with the name of one that is alone: `a NetworkPolicy applies, not evaluated: deny-all`.
pub fn policed(cluster: &Cluster, wiring: &Wiring, pods: Picked) -> Option<String> {
    wiring.network_policies.to(pods).map(|applying| words(cluster, applying))
}

fn words(cluster: &Cluster, applying: Applying) -> String {
    let name = &cluster.network_policies[applying.first as usize].meta.name.value;
    let name = if applying.count > 1 || name.is_empty() { String::new() } else { format!(": {name}") };
    in_short(applying) + &name
}

fn in_short(applying: Applying) -> String {
    match applying.count {
        1 => "a NetworkPolicy applies, not evaluated".to_owned(),
        many => format!("{many} NetworkPolicies apply, not evaluated"),
    }
}

/// The same on a card, which has no room for the name.
pub(super) fn line(cluster: &Cluster, applying: Applying, (x, y): (i32, i32)) -> Text {
    let (seen, all) = (in_short(applying), words(cluster, applying));
    let whole = (seen != all).then_some(all);
    Text { whole, ..Text::new(x, y, Face::Note, &seen, 240).of(Term::NetworkPolicy) }
}
