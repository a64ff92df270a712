//! Values that masking takes away.

/// Where a canary sits, and the manifest; `@` is the canary, `^` its base64.
pub(crate) const VALUES: &[(&str, &str)] = &[
    ("Secret data", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {key: ^}\n"),
    ("the keys of Secret data", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {@: YQ==}\n"),
    ("Secret stringData", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {@: '@'}\n"),
    (
        "a block of stringData",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  key: |\n    one\n    @\n",
    ),
    ("Secret type", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ntype: '@'\n"),
    (
        "ConfigMap data",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {@: '@'}\nbinaryData: {@: ^}\n",
    ),
    (
        "labels of a workload",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, labels: {@: '@'}}\n",
    ),
    (
        "labels of a Service",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s, labels: {@: '@'}}\nspec: {ports: [{port: 80}]}\n",
    ),
    (
        "annotations",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s, annotations: {@: '@', example.com/@: '@'}}\nspec: {ports: [{port: 80}]}\n",
    ),
    (
        "last-applied-configuration",
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: s\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {\"apiVersion\":\"v1\",\"kind\":\"Service\",\"data\":{\"@\":\"^\"}}\nspec: {ports: [{port: 80}]}\n",
    ),
    (
        "managedFields",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s, managedFields: [{manager: '@', fieldsV1: {'f:@': {}}}]}\nspec: {ports: [{port: 80}]}\n",
    ),
    (
        "finalizers and owners' uids",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, uid: '@', finalizers: ['@'], ownerReferences: [{apiVersion: v1, kind: Node, name: n, uid: '@'}]}\n",
    ),
    (
        "image",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: '@/x:1'}], imagePullSecrets: [{name: '@'}]}\n",
    ),
    (
        "args and command",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, args: ['--password=@'], command: ['@']}]}\n",
    ),
    (
        "env",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, env: [{name: '@', value: '@'}, {name: X, valueFrom: {secretKeyRef: {name: '@', key: '@'}}}]}]}\n",
    ),
    (
        "envFrom",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, envFrom: [{prefix: '@', secretRef: {name: '@'}}]}]}\n",
    ),
    (
        "probes",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, readinessProbe: {httpGet: {port: 80, host: '@', path: '/@', httpHeaders: [{name: '@', value: '@'}]}}, livenessProbe: {exec: {command: ['@']}}, startupProbe: {grpc: {port: 1, service: '@'}}}]}\n",
    ),
    (
        "a probe of a port that there is not",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, readinessProbe: {httpGet: {port: http, path: '/@'}}}]}\n",
    ),
    (
        "hooks",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, lifecycle: {preStop: {httpGet: {port: 80, path: '/@', host: '@'}}}}]}\n",
    ),
    (
        "volumes",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {volumes: [{name: '@', hostPath: {path: '/@'}}, {name: v, configMap: {name: '@', items: [{key: '@', path: '@'}]}}], containers: [{name: c, volumeMounts: [{name: '@', mountPath: '/@', subPath: '@'}]}]}\n",
    ),
    (
        "resources",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, resources: {limits: {@: '1'}}}]}\n",
    ),
    (
        "security context and service account",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {serviceAccountName: '@', schedulerName: '@', priorityClassName: '@', securityContext: {seLinuxOptions: {user: '@'}}, containers: [{name: c}]}\n",
    ),
    (
        "status messages",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c}]}\nstatus: {message: '@', reason: '@', conditions: [{type: Ready, status: 'False', reason: '@', message: '@'}], containerStatuses: [{name: c, image: '@', imageID: '@', containerID: '@'}]}\n",
    ),
    (
        "claims of a StatefulSet",
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: s}\nspec: {serviceName: s, volumeClaimTemplates: [{metadata: {name: '@'}, spec: {storageClassName: '@'}}]}\n",
    ),
    (
        "annotations of a template",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {template: {metadata: {annotations: {@: '@'}}, spec: {containers: [{name: c}]}}}\n",
    ),
    (
        "a custom resource",
        "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w, labels: {@: '@'}}\nspec: {@: '@', list: ['@', {@: '@'}]}\nstatus: {@: '@'}\n@: '@'\n",
    ),
    (
        "an Ingress' annotations and TLS secret",
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i, annotations: {nginx.ingress.kubernetes.io/auth-secret: '@', nginx.ingress.kubernetes.io/configuration-snippet: '@'}}\nspec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}\n",
    ),
    (
        "a route's filters",
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r}\nspec: {parentRefs: [{name: g}], rules: [{filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: '@', value: '@'}]}}], backendRefs: [{name: s, port: 80}]}]}\n",
    ),
    (
        "a Node's annotations and status",
        "apiVersion: v1\nkind: Node\nmetadata: {name: n, annotations: {@: '@'}}\nspec: {providerID: '@'}\nstatus: {nodeInfo: {machineID: '@', kernelVersion: '@'}, images: [{names: ['@']}]}\n",
    ),
    (
        "unknown fields",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s, @: '@'}\nspec: {@: '@', ports: [{port: 80, @: '@'}]}\n",
    ),
    (
        "values of the wrong type",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {selector: ['@'], ports: [{port: {@: '@'}}], type: {@: '@'}, externalIPs: {@: '@'}}\n",
    ),
    (
        "comments",
        "# @\napiVersion: v1 # @\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}\n# @\n",
    ),
    (
        "anchors and tags",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s, annotations: &@ {a: b}}\nspec: {ports: [{port: 80}], x: *@, y: !@ z}\n",
    ),
    (
        "merges",
        "x: &a {@: '@'}\napiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {<<: *a, ports: [{port: 80}]}\n",
    ),
    (
        "a directive",
        "%@ 1\n---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}\n",
    ),
    (
        "a broken document",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: '@\n---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}\n",
    ),
    ("bad indentation", "apiVersion: v1\nkind: Secret\n data:\n@: ^\n"),
    ("an unknown anchor", "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: *@\n"),
    ("a key written twice", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {@: YQ==, @: YQ==}\n"),
    (
        "text after the end",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}\n...\n@: '@'\n",
    ),
    ("a template", "apiVersion: v1\nkind: Secret\nmetadata: {name: {{ .Values.@ }}}\n"),
    ("kubectl's table", "NAME   TYPE   DATA\n@   Opaque   1\n"),
    ("lost line ends", "apiVersion: v1 kind: Secret metadata: {name: s} data: {a: @}\n"),
    ("no object", "password: '@'\n"),
    ("a scalar", "@\n"),
    (
        "JSON",
        "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"s\"}, \"data\": {\"@\": \"^\"}, \"stringData\": {\"@\": \"@\"}}\n",
    ),
    ("broken JSON", "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"data\": {\"@\": \"@\",}}\n"),
    (
        "a List",
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: s}, data: {@: ^}}\n- '@'\n",
    ),
    ("a typed list", "apiVersion: v1\nkind: SecretList\nitems: [{metadata: {name: s}, data: {@: ^}}]\n"),
    ("a Secret of a wrong version", "apiVersion: v2\nkind: Secret\nmetadata: {name: s}\ndata: {@: ^}\n"),
    (
        "a kind that was nearly meant",
        "apiVersion: v1\nkind: secret\nmetadata: {name: s}\ndata: {@: ^}\nstringData: {@: '@'}\n",
    ),
    (
        "templates of what is no pod",
        "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: s}\nspec: {encryptedData: {@: '@'}, template: {type: '@', metadata: {name: '@', labels: {@: '@'}, annotations: {kubernetes.io/ingress.class: '@'}}, spec: {hostname: '@', nodeSelector: {@: '@'}}}}\n---\napiVersion: external-secrets.io/v1\nkind: PushSecret\nmetadata: {name: e}\nspec: {template: {metadata: {labels: {@: '@'}}, data: {@: '@'}}}\n",
    ),
];
