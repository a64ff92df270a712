//! Manifests that look like Online Boutique's: microservices, each a Service before its Deployment, with all that a real
//! Deployment carries besides ports. The same seed writes the same bytes.

#[path = "generate/dump.rs"]
mod dump;

use std::fmt::Write as _;

/// A cluster's dump, as `kubectl get services,pods -o yaml` writes it.
pub(crate) fn dump(services: usize, pods: usize, seed: u64) -> String {
    dump::dump(services, pods, seed)
}

/// A small generator of numbers (`SplitMix64`), so that the manifests need no crate and never change.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// So many Services, each with a Deployment.
pub(crate) fn boutique(services: usize, seed: u64) -> String {
    const WORDS: [&str; 12] = [
        "ad",
        "cart",
        "checkout",
        "currency",
        "email",
        "frontend",
        "payment",
        "catalog",
        "recommendation",
        "cache",
        "shipping",
        "assistant",
    ];
    let mut numbers = Numbers(seed);
    let mut text = String::new();
    for at in 0..services {
        let name = match at / WORDS.len() {
            0 => format!("{}service", WORDS[at]),
            round => format!("{}service-{round}", WORDS[at % WORDS.len()]),
        };
        let container_port = 3000 + numbers.below(6000);
        let (port, target) = match numbers.below(3) {
            0 => (container_port, "grpc".to_owned()),
            1 => (80, container_port.to_string()),
            _ => (container_port, container_port.to_string()),
        };
        let (replicas, memory, tag) = (1 + numbers.below(4), 64 << numbers.below(3), numbers.below(10));
        // Writing into a String does not fail.
        let _ = write!(
            text,
            "---
apiVersion: v1
kind: Service
metadata:
  name: {name}
  labels:
    app: {name}
spec:
  type: ClusterIP
  selector:
    app: {name}
  ports:
  - name: grpc
    port: {port}
    targetPort: {target}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  labels:
    app: {name}
spec:
  replicas: {replicas}
  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
      annotations:
        sidecar.istio.io/rewriteAppHTTPProbers: \"true\"
    spec:
      serviceAccountName: {name}
      terminationGracePeriodSeconds: 5
      securityContext:
        fsGroup: 1000
        runAsGroup: 1000
        runAsNonRoot: true
        runAsUser: 1000
      containers:
      - name: server
        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop:
              - ALL
          privileged: false
          readOnlyRootFilesystem: true
        image: registry.example.com/boutique/{name}:v0.{tag}.0
        ports:
        - name: grpc
          containerPort: {container_port}
        env:
        - name: PORT
          value: \"{container_port}\"
        - name: DISABLE_PROFILER
          value: \"1\"
        - name: CACHE_ADDR
          value: \"cacheservice:6379\"
        readinessProbe:
          initialDelaySeconds: 10
          grpc:
            port: {container_port}
        livenessProbe:
          initialDelaySeconds: 10
          grpc:
            port: {container_port}
        resources:
          requests:
            cpu: 100m
            memory: {memory}Mi
          limits:
            cpu: 200m
            memory: {}Mi
",
            memory * 2
        );
    }
    text
}

/// So many Services, and ten times as many Pods, `pods / services` for each, as one would write them.
pub(crate) fn pods(services: usize, pods: usize) -> String {
    let mut text = String::new();
    for service in 0..services {
        let _ = write!(
            text,
            "---
apiVersion: v1
kind: Service
metadata:
  name: service-{service}
  namespace: team-{}
spec:
  selector:
    app: app-{service}
  ports:
  - name: http
    port: 80
    targetPort: http
",
            service % 50
        );
    }
    for pod in 0..pods {
        let app = pod % services;
        let _ = write!(
            text,
            "---
apiVersion: v1
kind: Pod
metadata:
  name: app-{app}-{pod}
  namespace: team-{}
  labels:
    app: app-{app}
    tier: backend
    version: v{}
spec:
  serviceAccountName: app-{app}
  containers:
  - name: web
    image: registry.example.com/app-{app}:1.{}
    imagePullPolicy: IfNotPresent
    ports:
    - name: http
      containerPort: {}
    readinessProbe:
      httpGet:
        path: /healthz
        port: http
    resources:
      requests:
        cpu: 100m
        memory: 128Mi
",
            app % 50,
            pod % 3,
            pod % 7,
            8000 + app % 100,
        );
    }
    text
}

/// Services with their Deployments as KYAML: YAML in braces that says its types.
pub(crate) fn kyaml(services: usize) -> String {
    let mut text = String::new();
    for service in 0..services {
        let _ = write!(
            text,
            r#"---
{{
  apiVersion: "v1",
  kind: "Service",
  metadata: {{
    name: "service-{service}",
    namespace: "team-{}",
  }},
  spec: {{
    selector: {{
      app: "app-{service}",
    }},
    ports: [{{
      name: "http",
      port: 80,
      targetPort: "http",
    }}],
  }},
}}
---
{{
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: {{
    name: "app-{service}",
    namespace: "team-{}",
  }},
  spec: {{
    replicas: 10,
    selector: {{
      matchLabels: {{
        app: "app-{service}",
      }},
    }},
    template: {{
      metadata: {{
        labels: {{
          app: "app-{service}",
        }},
      }},
      spec: {{
        containers: [{{
          name: "web",
          image: "registry.example.com/app-{service}:1.4",
          ports: [{{
            name: "http",
            containerPort: {},
          }}],
        }}],
      }},
    }},
  }},
}}
"#,
            service % 50,
            service % 50,
            8000 + service % 100
        );
    }
    text
}
