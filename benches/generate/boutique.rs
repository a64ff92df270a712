//! Manifests that look like Online Boutique's: microservices, each a Service before its Deployment, with all that a real
//! Deployment carries besides ports.

use std::fmt::Write as _;

use super::Numbers;

/// So many Services, each with a Deployment.
pub(super) fn boutique(services: usize, seed: u64) -> String {
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
