//! What is kept of each kind, as data. What is not named here is masked.
//!
//! `a.b` is a field, `[]` every item of a list, `["x"]` a key with dots in it. A path keeps the scalar at its end, and
//! the names of the fields on the way. `.*` keeps every key and scalar of a map; `.?` masks every key and value of a
//! map but lets their number and kinds be seen, and so do the paths under `shown` with the fields they name.

/// One kind's paths.
pub(super) struct Table {
    /// Scalars that are kept.
    pub(super) kept: &'static [&'static str],
    /// Structure that is kept although its scalars are masked.
    pub(super) shown: &'static [&'static str],
    /// Other tables, whose paths begin at a path of this one.
    pub(super) within: &'static [(&'static str, &'static Table)],
}

/// Kinds of some API groups in any version, and their table.
pub(super) struct Kinds {
    pub(super) groups: &'static [&'static str],
    pub(super) names: &'static [&'static str],
    pub(super) table: &'static Table,
}

/// Every kind with a table of its own.
pub(super) const KINDS: &[Kinds] = &[
    Kinds { groups: &[""], names: &["Service"], table: &SERVICE },
    Kinds { groups: &[""], names: &["Pod"], table: &POD },
    Kinds { groups: &[""], names: &["Node"], table: &NODE },
    Kinds { groups: &[""], names: &["Namespace"], table: &NAMESPACE },
    Kinds { groups: &[""], names: &["Endpoints"], table: &ENDPOINTS },
    Kinds { groups: &[""], names: &["Secret", "ConfigMap"], table: &DATA },
    Kinds { groups: &[""], names: &["ReplicationController"], table: &REPLICATION_CONTROLLER },
    Kinds { groups: &[""], names: &["PodTemplate"], table: &POD_TEMPLATE },
    Kinds {
        groups: &["apps", "extensions", "batch"],
        names: &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"],
        table: &WORKLOAD,
    },
    Kinds { groups: &["batch"], names: &["CronJob"], table: &CRON_JOB },
    Kinds { groups: &["discovery.k8s.io"], names: &["EndpointSlice"], table: &ENDPOINT_SLICE },
    Kinds { groups: &["networking.k8s.io", "extensions"], names: &["Ingress"], table: &INGRESS },
    Kinds { groups: &["networking.k8s.io"], names: &["IngressClass"], table: &INGRESS_CLASS },
    Kinds { groups: &["networking.k8s.io", "extensions"], names: &["NetworkPolicy"], table: &NETWORK_POLICY },
    Kinds { groups: &["gateway.networking.k8s.io"], names: &["Gateway"], table: &GATEWAY },
    Kinds {
        groups: &["gateway.networking.k8s.io"],
        names: &["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"],
        table: &ROUTE,
    },
    Kinds { groups: &["gateway.networking.k8s.io"], names: &["ReferenceGrant"], table: &REFERENCE_GRANT },
];

/// Something that is no object: it has no kind.
pub(super) const NO_OBJECT: Table = Table { kept: &["apiVersion", "kind"], shown: &[], within: &[] };

/// An object with `items`, which is only its items.
pub(super) const LIST: Table = Table { kept: &["apiVersion", "kind"], shown: &[], within: &[] };

/// Any object of a kind without a table.
pub(super) const OBJECT: Table =
    Table { kept: &["apiVersion", "kind"], shown: &[], within: &[("metadata", &METADATA)] };

/// An object of an unknown kind that has a pod template, such as another project's workload.
pub(super) const CUSTOM_WORKLOAD: Table = Table {
    kept: &["spec.replicas", "spec.workloadRef.kind", "spec.workloadRef.name"],
    shown: &[],
    within: &[("", &OBJECT), ("spec.template.metadata", &LABELLED), ("spec.template.spec", &POD_SPEC)],
};

const METADATA: Table = Table {
    kept: &[
        "name",
        "namespace",
        "generateName",
        "deletionTimestamp",
        "ownerReferences[].apiVersion",
        "ownerReferences[].kind",
        "ownerReferences[].name",
        "ownerReferences[].controller",
        "annotations[\"podwire.dev/ignore\"]",
    ],
    shown: &["annotations.?", "labels.?"],
    within: &[],
};

const LABELLED: Table = Table { kept: &["labels.*"], shown: &[], within: &[("", &METADATA)] };

const LABELLED_OBJECT: Table =
    Table { kept: &["apiVersion", "kind"], shown: &[], within: &[("metadata", &LABELLED)] };

const DATA: Table =
    Table { kept: &[], shown: &["data.?", "stringData.?", "binaryData.?"], within: &[("", &OBJECT)] };

const SERVICE: Table = Table {
    kept: &[
        "metadata.annotations[\"service.kubernetes.io/topology-mode\"]",
        "metadata.annotations[\"service.kubernetes.io/topology-aware-hints\"]",
        "metadata.annotations[\"service.beta.kubernetes.io/load-balancer-source-ranges\"]",
        "spec.type",
        "spec.selector.*",
        "spec.ports[].name",
        "spec.ports[].protocol",
        "spec.ports[].appProtocol",
        "spec.ports[].port",
        "spec.ports[].targetPort",
        "spec.ports[].nodePort",
        "spec.clusterIP",
        "spec.clusterIPs[]",
        "spec.ipFamilies[]",
        "spec.ipFamilyPolicy",
        "spec.externalIPs[]",
        "spec.externalName",
        "spec.externalTrafficPolicy",
        "spec.internalTrafficPolicy",
        "spec.trafficDistribution",
        "spec.loadBalancerIP",
        "spec.loadBalancerClass",
        "spec.loadBalancerSourceRanges[]",
        "spec.allocateLoadBalancerNodePorts",
        "spec.healthCheckNodePort",
        "spec.publishNotReadyAddresses",
        "spec.sessionAffinity",
        "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
        "status.conditions[].type",
        "status.conditions[].status",
    ],
    shown: &[],
    within: &[("", &OBJECT), ("status.loadBalancer", &LOAD_BALANCER)],
};

const LOAD_BALANCER: Table = Table {
    kept: &[
        "ingress[].ip",
        "ingress[].hostname",
        "ingress[].ipMode",
        "ingress[].ports[].port",
        "ingress[].ports[].protocol",
    ],
    shown: &[],
    within: &[],
};

const POD: Table = Table {
    kept: &[
        "status.phase",
        "status.podIP",
        "status.podIPs[].ip",
        "status.hostIP",
        "status.hostIPs[].ip",
        "status.conditions[].type",
        "status.conditions[].status",
    ],
    shown: &[],
    within: &[("", &LABELLED_OBJECT), ("spec", &POD_SPEC)],
};

const POD_SPEC: Table = Table {
    kept: &[
        "hostNetwork",
        "hostname",
        "subdomain",
        "nodeName",
        "nodeSelector.*",
        "readinessGates[].conditionType",
    ],
    shown: &[],
    within: &[("containers[]", &CONTAINER), ("initContainers[]", &CONTAINER)],
};

const CONTAINER: Table = Table {
    kept: &[
        "name",
        "restartPolicy",
        "ports[].name",
        "ports[].containerPort",
        "ports[].hostPort",
        "ports[].hostIP",
        "ports[].protocol",
    ],
    shown: &["env[].name", "env[].value"],
    within: &[("readinessProbe", &PROBE), ("livenessProbe", &PROBE), ("startupProbe", &PROBE)],
};

const PROBE: Table =
    Table { kept: &["httpGet.port", "tcpSocket.port", "grpc.port"], shown: &[], within: &[] };

const LABEL_SELECTOR: Table = Table {
    kept: &[
        "matchLabels.*",
        "matchExpressions[].key",
        "matchExpressions[].operator",
        "matchExpressions[].values[]",
    ],
    shown: &[],
    within: &[],
};

const WORKLOAD: Table = Table {
    kept: &[
        "spec.replicas",
        "spec.serviceName",
        "spec.ordinals.start",
        "spec.parallelism",
        "spec.completions",
        "spec.completionMode",
        "spec.suspend",
    ],
    shown: &[],
    within: &[
        ("", &OBJECT),
        ("spec.selector", &LABEL_SELECTOR),
        ("spec.template.metadata", &LABELLED),
        ("spec.template.spec", &POD_SPEC),
    ],
};

const CRON_JOB: Table = Table {
    kept: &["spec.suspend"],
    shown: &[],
    within: &[("", &OBJECT), ("spec.jobTemplate.metadata", &METADATA), ("spec.jobTemplate", &JOB_TEMPLATE)],
};

const JOB_TEMPLATE: Table = Table {
    kept: &["spec.parallelism", "spec.completions", "spec.completionMode", "spec.suspend"],
    shown: &[],
    within: &[("spec.template.metadata", &LABELLED), ("spec.template.spec", &POD_SPEC)],
};

const REPLICATION_CONTROLLER: Table = Table {
    kept: &["spec.replicas", "spec.selector.*"],
    shown: &[],
    within: &[("", &OBJECT), ("spec.template.metadata", &LABELLED), ("spec.template.spec", &POD_SPEC)],
};

const POD_TEMPLATE: Table = Table {
    kept: &[],
    shown: &[],
    within: &[("", &OBJECT), ("template.metadata", &LABELLED), ("template.spec", &POD_SPEC)],
};

const NODE: Table = Table {
    kept: &[
        "status.addresses[].type",
        "status.addresses[].address",
        "status.conditions[].type",
        "status.conditions[].status",
    ],
    shown: &[],
    within: &[("", &LABELLED_OBJECT)],
};

const NAMESPACE: Table = Table { kept: &[], shown: &[], within: &[("", &LABELLED_OBJECT)] };

const TARGET: Table = Table { kept: &["kind", "name", "namespace"], shown: &[], within: &[] };

const ENDPOINTS: Table = Table {
    kept: &[
        // Says whether slices are made of it.
        "metadata.labels[\"endpointslice.kubernetes.io/skip-mirror\"]",
        "subsets[].ports[].name",
        "subsets[].ports[].port",
        "subsets[].ports[].protocol",
        "subsets[].ports[].appProtocol",
    ],
    shown: &[],
    within: &[
        ("", &OBJECT),
        ("subsets[].addresses[]", &ADDRESS),
        ("subsets[].notReadyAddresses[]", &ADDRESS),
    ],
};

const ADDRESS: Table =
    Table { kept: &["ip", "hostname", "nodeName"], shown: &[], within: &[("targetRef", &TARGET)] };

const ENDPOINT_SLICE: Table = Table {
    kept: &[
        // These say which Service the slice belongs to, and who keeps it.
        "metadata.labels[\"kubernetes.io/service-name\"]",
        "metadata.labels[\"endpointslice.kubernetes.io/managed-by\"]",
        "addressType",
        "endpoints[].addresses[]",
        "endpoints[].conditions.ready",
        "endpoints[].conditions.serving",
        "endpoints[].conditions.terminating",
        "endpoints[].hostname",
        "endpoints[].nodeName",
        "endpoints[].zone",
        "endpoints[].hints.forZones[].name",
        "ports[].name",
        "ports[].port",
        "ports[].protocol",
        "ports[].appProtocol",
    ],
    shown: &[],
    within: &[("", &OBJECT), ("endpoints[].targetRef", &TARGET)],
};

const INGRESS: Table = Table {
    kept: &[
        "metadata.annotations[\"kubernetes.io/ingress.class\"]",
        "spec.ingressClassName",
        "spec.rules[].host",
        "spec.rules[].http.paths[].path",
        "spec.rules[].http.paths[].pathType",
        "spec.tls[].hosts[]",
    ],
    shown: &[],
    within: &[
        ("", &OBJECT),
        ("spec.defaultBackend", &INGRESS_BACKEND),
        ("spec.backend", &INGRESS_BACKEND),
        ("spec.rules[].http.paths[].backend", &INGRESS_BACKEND),
        ("status.loadBalancer", &LOAD_BALANCER),
    ],
};

const INGRESS_CLASS: Table = Table {
    kept: &["metadata.annotations[\"ingressclass.kubernetes.io/is-default-class\"]"],
    shown: &[],
    within: &[("", &OBJECT)],
};

const INGRESS_BACKEND: Table = Table {
    kept: &[
        "service.name",
        "service.port.name",
        "service.port.number",
        "resource.apiGroup",
        "resource.kind",
        "resource.name",
        // The versions before networking.k8s.io/v1 say it so.
        "serviceName",
        "servicePort",
    ],
    shown: &[],
    within: &[],
};

const NETWORK_POLICY: Table = Table {
    kept: &["spec.policyTypes[]"],
    shown: &[],
    within: &[("", &OBJECT), ("spec.podSelector", &LABEL_SELECTOR)],
};

const GATEWAY: Table = Table {
    kept: &[
        "spec.gatewayClassName",
        "spec.addresses[].type",
        "spec.addresses[].value",
        "spec.listeners[].name",
        "spec.listeners[].hostname",
        "spec.listeners[].port",
        "spec.listeners[].protocol",
        "spec.listeners[].tls.mode",
        "spec.listeners[].tls.certificateRefs[].group",
        "spec.listeners[].tls.certificateRefs[].kind",
        "spec.listeners[].tls.certificateRefs[].namespace",
        "spec.listeners[].tls.certificateRefs[].name",
        "spec.listeners[].allowedRoutes.namespaces.from",
        "spec.listeners[].allowedRoutes.kinds[].group",
        "spec.listeners[].allowedRoutes.kinds[].kind",
        "status.addresses[].type",
        "status.addresses[].value",
    ],
    // That there is one is what counts.
    shown: &["metadata.annotations[\"networking.gke.io/certmap\"]"],
    within: &[("", &OBJECT), ("spec.listeners[].allowedRoutes.namespaces.selector", &LABEL_SELECTOR)],
};

const ROUTE: Table = Table {
    kept: &[
        "spec.parentRefs[].group",
        "spec.parentRefs[].kind",
        "spec.parentRefs[].namespace",
        "spec.parentRefs[].name",
        "spec.parentRefs[].sectionName",
        "spec.parentRefs[].port",
        "spec.useDefaultGateways",
        "spec.hostnames[]",
        "spec.rules[].name",
        "spec.rules[].matches[].path.type",
        "spec.rules[].matches[].path.value",
        "spec.rules[].matches[].method",
        "spec.rules[].matches[].method.type",
        "spec.rules[].matches[].method.service",
        "spec.rules[].matches[].method.method",
        "spec.rules[].filters[].type",
    ],
    // That a match has such conditions narrows it; what they are is nobody's business.
    shown: &[
        "spec.rules[].matches[].headers[].type",
        "spec.rules[].matches[].headers[].name",
        "spec.rules[].matches[].headers[].value",
        "spec.rules[].matches[].queryParams[].type",
        "spec.rules[].matches[].queryParams[].name",
        "spec.rules[].matches[].queryParams[].value",
    ],
    within: &[
        ("", &OBJECT),
        ("spec.rules[].backendRefs[]", &BACKEND_REF),
        ("spec.rules[].filters[].requestMirror.backendRef", &BACKEND_REF),
    ],
};

const BACKEND_REF: Table =
    Table { kept: &["group", "kind", "namespace", "name", "port", "weight"], shown: &[], within: &[] };

const REFERENCE_GRANT: Table = Table {
    kept: &[
        "spec.from[].group",
        "spec.from[].kind",
        "spec.from[].namespace",
        "spec.to[].group",
        "spec.to[].kind",
        "spec.to[].name",
    ],
    shown: &[],
    within: &[("", &OBJECT)],
};
