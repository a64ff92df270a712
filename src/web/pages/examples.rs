//! The examples that the pages offer, each a manifest in `static/examples`.

/// An example.
pub(super) struct Example {
    /// Its name in the address.
    pub name: &'static str,
    /// What it shows, in a few words.
    pub title: &'static str,
    /// In a sentence.
    pub what: &'static str,
    /// The manifests.
    pub text: &'static str,
}

macro_rules! example {
    ($name:literal, $title:literal, $what:literal) => {
        Example {
            name: $name,
            title: $title,
            what: $what,
            text: include_str!(concat!("../../../static/examples/", $name, ".yaml")),
        }
    };
}

/// The examples, the simplest first; the first is what `/` shows on arrival.
pub(super) const EXAMPLES: &[Example] = &[
    example!(
        "node-port",
        "NodePort",
        "A laptop reaches a pod through a port of the node: the three ports and how they follow each other."
    ),
    example!(
        "multi-port",
        "Several ports",
        "One Service with three ports, one of them without a targetPort, on two workloads."
    ),
    example!(
        "named-ports",
        "Named ports",
        "A targetPort by name, which is another number on each of two Deployments."
    ),
    example!(
        "headless",
        "Headless StatefulSet",
        "No cluster IP: the name resolves to the pods, and a second Service reaches one of them alone."
    ),
    example!(
        "selectorless",
        "Endpoints by hand",
        "No selector: the addresses stand in an EndpointSlice, or in an Endpoints object, and may be outside the cluster."
    ),
    example!(
        "load-balancer",
        "LoadBalancer",
        "An address outside the cluster, its node ports behind it, on TCP and UDP."
    ),
    example!(
        "traffic-policies",
        "Traffic policies",
        "Three nodes, and pods on two of them: under externalTrafficPolicy: Local the third drops what comes."
    ),
    example!(
        "ingress",
        "Ingress",
        "Hosts and paths, each wired straight to a Service's port; one asks for the targetPort instead."
    ),
    example!(
        "broken",
        "Broken",
        "Five Services that Kubernetes accepts and that answer nobody, or only some: the commonest mistakes."
    ),
];

/// The example of a name.
pub(super) fn by_name(name: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| example.name == name)
}
