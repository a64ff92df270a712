use super::*;
use crate::wiring::sample::cluster;

fn policy(name: &str, spec: &str) -> String {
    format!(
        "---\n{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: {name}}}, spec: {{{spec}}}}}\n"
    )
}

fn pod(name: &str, labels: &str) -> String {
    format!("---\n{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, labels: {{{labels}}}}}}}\n")
}

/// The names of the pods that a policy of namespace `default` selects.
fn selected(spec: &str) -> Vec<String> {
    const PODS: &str = "---
{apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web, tier: front}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: api, labels: {app: api}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: bare}}
---
{apiVersion: v1, kind: Pod, metadata: {name: other, namespace: other, labels: {app: web, tier: front}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: made, labels: {app: web}}, spec: {replicas: 2,
  template: {metadata: {labels: {app: api, tier: back}}}}}
---
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}, spec: {replicas: 2, template: {metadata: {labels: {app: db}}}}}
";
    let cluster = cluster(&(PODS.to_owned() + &policy("p", spec)));
    let policies = NetworkPolicies::of(&cluster);
    let name = |(picked, _): &(Picked, u32)| {
        let name = &cluster.sets[picked.set as usize].meta(&cluster).name.value;
        picked.ordinal.map_or_else(|| name.to_string(), |ordinal| format!("{name}-{ordinal}"))
    };
    policies.selected.iter().map(name).collect()
}

#[test]
fn a_policy_selects_pods_of_its_namespace_by_all_that_it_asks_for() {
    let all = &["web", "api", "bare", "made", "db"][..];
    for (spec, pods) in [
        ("podSelector: {}", all),
        ("podSelector: null", all),
        ("", all),
        ("podSelector: {matchLabels: {app: web}}", &["web"]),
        ("podSelector: {matchLabels: {app: api}}", &["api", "made"]),
        ("podSelector: {matchLabels: {app: web, tier: back}}", &[]),
        (
            "podSelector: {matchExpressions: [{key: app, operator: In, values: [web, web, api]}]}",
            &["web", "api", "made"],
        ),
        (
            "podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web, db]}]}",
            &["api", "bare", "made"],
        ),
        ("podSelector: {matchExpressions: [{key: tier, operator: Exists}]}", &["web", "made"]),
        ("podSelector: {matchExpressions: [{key: app, operator: DoesNotExist}]}", &["bare"]),
        (
            "podSelector: {matchLabels: {app: api}, matchExpressions: [{key: tier, operator: DoesNotExist}]}",
            &["api"],
        ),
        ("podSelector: {matchLabels: {statefulset.kubernetes.io/pod-name: db-1}}", &["db-1"]),
    ] {
        let mut found = selected(spec);
        found.sort_by_key(|name| all.iter().position(|pod| pod == name));
        assert_eq!(found, pods, "{spec}");
    }
}

#[test]
fn a_policy_counts_where_it_is_about_what_comes_in() {
    for (spec, counts) in [
        ("podSelector: {}", true),
        ("podSelector: {}, policyTypes: []", true),
        ("podSelector: {}, egress: [{}]", true),
        ("podSelector: {}, policyTypes: [Ingress, Egress]", true),
        ("podSelector: {}, policyTypes: [Egress]", false),
        ("podSelector: {}, policyTypes: [Egress], ingress: [{}]", false),
    ] {
        assert_eq!(!selected(spec).is_empty(), counts, "{spec}");
    }
}

#[test]
fn policies_of_some_pods_are_counted_each_once() {
    let text = [
        pod("a", "app: web"),
        pod("b", "app: web, tier: front"),
        pod("c", ""),
        "---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}, spec: {replicas: 2, template: {metadata: {labels: {app: db}}}}}\n".to_owned(),
        policy("web", "podSelector: {matchLabels: {app: web}}"),
        policy("front", "podSelector: {matchLabels: {tier: front}}"),
        policy("db", "podSelector: {matchLabels: {app: db}}"),
        policy("db-0", "podSelector: {matchLabels: {statefulset.kubernetes.io/pod-name: db-0}}"),
    ];
    let cluster = cluster(&text.concat());
    let policies = NetworkPolicies::of(&cluster);
    let to = |set, ordinal| policies.to(Picked { set, ordinal }).map(|at| (at.first, at.count));
    assert_eq!((to(0, None), to(1, None), to(2, None)), (Some((0, 1)), Some((0, 2)), None));
    assert_eq!((to(3, None), to(3, Some(0)), to(3, Some(1))), (Some((2, 2)), Some((2, 2)), Some((2, 1))));
    assert_eq!(policies.to_any([0, 1].into_iter()), Some(Applying { first: 0, count: 2 }));
    assert_eq!(policies.to_any(std::iter::once(2)), None);
}

#[test]
fn policies_look_at_the_pods_that_may_be_meant_alone() {
    const MANY: usize = 1_000;
    let pods = (0..MANY).map(|at| pod(&format!("p-{at}"), &format!("app: web-{at}, role: pod")));
    let in_labels = |at| format!("podSelector: {{matchLabels: {{role: pod, app: web-{at}}}}}");
    let in_values =
        |at| format!("podSelector: {{matchExpressions: [{{key: app, operator: In, values: [web-{at}]}}]}}");
    let named = (0..MANY)
        .map(|at| policy(&format!("n-{at}"), &if at % 2 == 0 { in_labels(at) } else { in_values(at) }));
    let cluster = cluster(&pods.chain(named).collect::<String>());
    let looked_at = |policy| among(&cluster, policy).into_iter().map(<[u32]>::len).sum::<usize>();
    assert_eq!(cluster.network_policies.iter().map(looked_at).sum::<usize>(), MANY);
    assert_eq!(NetworkPolicies::of(&cluster).selected.len(), MANY);
}

#[test]
fn where_too_much_would_be_looked_at_nothing_is_said() {
    const MANY: usize = 1_200;
    let expressions = |many: usize| vec!["{key: a, operator: DoesNotExist}"; many].join(", ");
    for (many, selected) in [(5, MANY * MANY), (10, 0)] {
        let selector = format!("podSelector: {{matchExpressions: [{}]}}", expressions(many));
        let pods = (0..MANY).map(|at| pod(&format!("p-{at}"), ""));
        let all = (0..MANY).map(|at| policy(&format!("n-{at}"), &selector));
        let cluster = cluster(&pods.chain(all).collect::<String>());
        let policies = NetworkPolicies::of(&cluster);
        assert_eq!(policies.selected.len(), selected);
        assert_eq!(policies.idle(&cluster, &[]), if selected == 0 { MANY } else { 0 });
    }
}

#[test]
fn expressions_ask_for_labels_that_each_pod_of_a_stateful_set_has() {
    const KEY: &str = "statefulset.kubernetes.io/pod-name";
    let set = "---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web}, spec: {replicas: 3, template: {metadata: {labels: {app: web}}}}}\n";
    let whole = vec![None];
    for (expression, selected) in [
        (format!("{{key: {KEY}, operator: In, values: [web-1]}}"), vec![Some(1)]),
        (format!("{{key: {KEY}, operator: In, values: [web-2, web-0, web-9]}}"), vec![Some(0), Some(2)]),
        (format!("{{key: {KEY}, operator: Exists}}"), whole.clone()),
        (format!("{{key: {KEY}, operator: DoesNotExist}}"), vec![]),
        (format!("{{key: {KEY}, operator: NotIn, values: [web-0, web-1, web-2]}}"), vec![]),
        (
            "{key: apps.kubernetes.io/pod-index, operator: NotIn, values: ['1']}".to_owned(),
            vec![Some(0), Some(2)],
        ),
        ("{key: app, operator: In, values: [web]}".to_owned(), whole),
    ] {
        let policy = policy("p", &format!("podSelector: {{matchExpressions: [{expression}]}}"));
        let policies = NetworkPolicies::of(&cluster(&format!("{set}{policy}")));
        let ordinals: Vec<_> = policies.selected.iter().map(|(pods, _)| pods.ordinal).collect();
        assert_eq!(ordinals, selected, "{expression}");
    }
}

#[test]
fn a_policy_that_kubernetes_refuses_selects_nobody() {
    let text = pod("a", "app: web") + &policy("p", "podSelector: {matchLabels: {app: 1}}");
    assert!(NetworkPolicies::of(&cluster(&text)).is_empty());
}
