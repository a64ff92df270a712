//! Names that stand-ins take the place of, where whoever shares says so.

/// Where a canary sits, and the manifest; `@` is the canary.
pub(crate) const NAMES: &[(&str, &str)] = &[
    (
        "a Service, its namespace and selector",
        "apiVersion: v1\nkind: Service\nmetadata: {name: '@', namespace: 'ns-@', labels: {team: '@'}}\nspec: {type: NodePort, selector: {app: '@', '@.example/part': 'of-@'}, ports: [{name: http, port: 80, targetPort: 8080, nodePort: 30080}]}\n",
    ),
    (
        "a Deployment, its labels and containers",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: '@'}\nspec: {selector: {matchLabels: {app: '@'}}, template: {metadata: {labels: {app: '@', '@.example/part': '@'}}, spec: {containers: [{name: '@', ports: [{containerPort: 80}]}], initContainers: [{name: 'init-@'}]}}}\n",
    ),
    (
        "a near miss, which names both sides",
        "apiVersion: v1\nkind: Service\nmetadata: {name: 'web-@', namespace: '@'}\nspec: {selector: {app: '@s'}, ports: [{port: 80}]}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: 'pod-@', namespace: '@', labels: {app: '@'}}\nspec: {containers: [{name: c, ports: [{containerPort: 80}]}]}\n",
    ),
    (
        "the same in another namespace",
        "apiVersion: v1\nkind: Service\nmetadata: {name: '@', namespace: 'one-@'}\nspec: {selector: {app: '@'}, ports: [{port: 80}]}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: 'two-@', labels: {app: '@'}}\nspec: {containers: [{name: c}]}\n",
    ),
    (
        "a StatefulSet and its pods",
        "apiVersion: v1\nkind: Service\nmetadata: {name: 'db-@', namespace: '@'}\nspec: {clusterIP: None, selector: {app: '@'}, ports: [{port: 5432}]}\n---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: '@', namespace: '@'}\nspec: {serviceName: 'db-@', replicas: 2, selector: {matchLabels: {app: '@'}}, template: {metadata: {labels: {app: '@'}}, spec: {containers: [{name: c}]}}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: '@-0', namespace: '@', labels: {app: '@', statefulset.kubernetes.io/pod-name: '@-0'}, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: '@', uid: u, controller: true}]}\nspec: {hostname: '@-0', subdomain: 'db-@', nodeName: 'node-@', containers: [{name: c}]}\nstatus: {phase: Running, podIP: 10.0.0.7, conditions: [{type: Ready, status: 'True'}]}\n",
    ),
    (
        "a pod of a ReplicaSet",
        "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: '@-5d4f8', labels: {pod-template-hash: 5d4f8}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: '@', uid: u, controller: true}]}\nspec: {selector: {matchLabels: {app: '@'}}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: '@-5d4f8-x2x4z', labels: {app: '@', pod-template-hash: 5d4f8}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: '@-5d4f8', uid: u, controller: true}]}\nspec: {nodeName: '@', containers: [{name: c}]}\nstatus: {phase: Running, podIP: 10.0.0.7, conditions: [{type: Ready, status: 'True'}]}\n",
    ),
    (
        "Nodes, zones and what is placed on them",
        "apiVersion: v1\nkind: Node\nmetadata: {name: '@', labels: {kubernetes.io/hostname: '@', topology.kubernetes.io/zone: 'zone-@', '@.example/pool': '@'}}\nstatus: {addresses: [{type: Hostname, address: 'host-@'}, {type: InternalDNS, address: '@.internal'}]}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {nodeName: '@', nodeSelector: {'@.example/pool': '@'}, containers: [{name: c}]}\n",
    ),
    (
        "a Namespace and its labels",
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: '@', labels: {kubernetes.io/metadata.name: '@', team: '@'}}\n",
    ),
    (
        "an Ingress",
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: '@', namespace: '@'}\nspec: {ingressClassName: '@', defaultBackend: {service: {name: 'back-@', port: {number: 80}}}, tls: [{hosts: ['@.example.com', '*.@.com'], secretName: '@'}], rules: [{host: '@.example.com', http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: '@', port: {number: 80}}}}]}}]}\n",
    ),
    (
        "a Gateway and its routes",
        "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: '@'}\nspec: {controllerName: example.com/gateway}\n---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: '@', namespace: 'edge-@'}\nspec: {gatewayClassName: '@', listeners: [{name: l, port: 443, protocol: HTTPS, hostname: '*.@.example', tls: {certificateRefs: [{name: 'cert-@', namespace: 'certs-@'}]}, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: '@'}}}}}]}\n---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: '@', namespace: '@'}\nspec: {parentRefs: [{name: '@', namespace: 'edge-@'}], hostnames: ['shop.@.example'], rules: [{backendRefs: [{name: '@', namespace: 'other-@', port: 80}]}]}\n---\napiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: {name: '@', namespace: 'other-@'}\nspec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: '@'}], to: [{group: '', kind: Service, name: '@'}]}\n",
    ),
    (
        "slices",
        "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: '@-abc', namespace: '@', labels: {kubernetes.io/service-name: '@'}}\naddressType: IPv4\nports: [{port: 80}]\nendpoints: [{addresses: [10.0.0.7], hostname: '@', nodeName: '@', zone: '@', targetRef: {kind: Pod, name: '@', namespace: '@'}}]\n",
    ),
    (
        "Endpoints",
        "apiVersion: v1\nkind: Endpoints\nmetadata: {name: '@', namespace: '@'}\nsubsets: [{addresses: [{ip: 10.0.0.7, hostname: '@', nodeName: '@', targetRef: {kind: Pod, name: '@', namespace: '@'}}], ports: [{port: 80}]}]\n",
    ),
    (
        "an ExternalName and a load balancer's host",
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: ExternalName, externalName: db.@.example.com}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: b}\nspec: {type: LoadBalancer, selector: {app: '@'}, ports: [{port: 80}]}\nstatus: {loadBalancer: {ingress: [{hostname: 'lb-@.example.com'}]}}\n",
    ),
    (
        "objects that Kubernetes refuses",
        "apiVersion: v1\nkind: Service\nmetadata: {name: '@', namespace: '@'}\nspec: {type: NodePrt, selector: {app: '@'}, ports: [{port: 80000}, {port: 80000}]}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: '@', namespace: '@'}\nspec: {ports: [{port: 80}]}\n",
    ),
    (
        "kinds that are not drawn",
        "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: '@', namespace: '@', labels: {app: '@'}}\n---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {name: '@'}\nspec: {schedule: '* * * * *', jobTemplate: {spec: {template: {metadata: {labels: {app: '@'}}, spec: {containers: [{name: '@'}]}}}}}\n",
    ),
    (
        "a List",
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: '@', namespace: '@'}, spec: {selector: {app: '@'}, ports: [{port: 80}]}}\n",
    ),
    (
        "JSON",
        "{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"metadata\": {\"name\": \"@\", \"namespace\": \"@\"}, \"spec\": {\"selector\": {\"app\": \"@\"}, \"ports\": [{\"port\": 80}]}}\n",
    ),
    (
        "anchors and merges",
        "apiVersion: v1\nkind: Service\nmetadata: {name: &a '@', namespace: *a}\nspec: {selector: &s {app: *a}, ports: [{port: 80}]}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: '@', labels: &l {app: '@'}, annotations: {<<: *l}}\nspec: {containers: [{name: c}]}\n",
    ),
    (
        "a broken document beside one that is none",
        "apiVersion: v1\nkind: Service\nmetadata: {name: '@\n---\napiVersion: v1\nkind: Service\nmetadata: {name: '@', namespace: '@'}\nspec: {selector: {app: '@'}, ports: [{port: 80}]}\n",
    ),
    (
        "a Service twice",
        "apiVersion: v1\nkind: Service\nmetadata: {name: '@', namespace: '@'}\nspec: {ports: [{port: 80}]}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: '@', namespace: '@'}\nspec: {ports: [{port: 80}]}\n",
    ),
    (
        "hosts with a port, a scheme or a path",
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\nspec: {tls: [{hosts: ['a.@.example:443']}], rules: [{host: 'shop.@.example:8080', http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}, {host: 'https://shop.@.example/@'}, {host: 'a.example/@'}]}\n---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r}\nspec: {parentRefs: [{name: g}], hostnames: ['a.@.example:443'], rules: [{backendRefs: [{name: s, port: 80}]}]}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: ExternalName, externalName: 'db.@.example:5432'}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: b}\nspec: {type: ExternalName, externalName: 'https://db.@.example'}\n",
    ),
    (
        "names with colons, as those of roles are",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: '@:merger'}\nrules: []\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: 'system:@:merger'}\nrules: []\n---\napiVersion: v1\nkind: Service\nmetadata: {name: '@:x'}\nspec: {ports: [{port: 80}]}\n",
    ),
    (
        "values of labels that are no names",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {image: '@:1.2', path: 'a/@', owner: '@.k8s.io', matchLabels: '@', matchExpressions: '@', pod-template-hash: '@'}}\nspec: {containers: [{name: c}]}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {type: ExternalName, externalName: '@.argoproj.io'}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: 'web-5d4f8-@', labels: {pod-template-hash: 5d4f8}}\nspec: {containers: [{name: c}]}\n",
    ),
    (
        "what a Service's selector is not",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {selector: {matchLabels: {app: '@'}, team: '@', '@.example/a': b}, ports: [{port: 80}]}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: t}\nspec: {selector: {matchLabels: '@', matchExpressions: '@'}, ports: [{port: 80}]}\n---\napiVersion: v1\nkind: ReplicationController\nmetadata: {name: s}\nspec: {selector: {matchLabels: {a: b}, app: '@'}, template: {metadata: {labels: {app: '@'}}, spec: {containers: [{name: c}]}}}\n",
    ),
    (
        "hosts in the place of addresses",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s, annotations: {service.beta.kubernetes.io/load-balancer-source-ranges: '10.0.0.0/8, office.@.example'}}\nspec: {type: LoadBalancer, clusterIP: a.@.example, clusterIPs: [a.@.example], externalIPs: [b.@.example], loadBalancerIP: lb.@.example, loadBalancerSourceRanges: [vpn.@.example, 'vpn.@.example/8'], selector: {app: web}, ports: [{port: 80, appProtocol: rpc.@.example/v1}]}\nstatus: {loadBalancer: {ingress: [{ip: lb.@.example}]}}\n---\napiVersion: v1\nkind: Endpoints\nmetadata: {name: e}\nsubsets: [{addresses: [{ip: db.@.example}], ports: [{port: 80}]}]\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app: web}}\nspec: {containers: [{name: c, ports: [{containerPort: 80, hostIP: node.@.example}]}]}\nstatus: {podIP: x.@, podIPs: [{ip: x.@}], hostIP: 'node.@', hostIPs: [{ip: 'node.@'}]}\n",
    ),
];
