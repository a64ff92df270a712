//! A cluster's dump.

use std::fmt::Write as _;

use super::{Numbers, TEAMS};

/// What a probe asks, in a container.
const PROBE: &str = r"        failureThreshold: 3
        httpGet:
          path: /healthz
          port: http
          scheme: HTTP
        periodSeconds: 10
        successThreshold: 1
        timeoutSeconds: 1";

/// Who manages which of its fields.
const MANAGED_PROBE: &str = r"                .: {}
                f:failureThreshold: {}
                f:httpGet:
                  .: {}
                  f:path: {}
                  f:port: {}
                  f:scheme: {}
                f:periodSeconds: {}
                f:successThreshold: {}
                f:timeoutSeconds: {}";

/// The same of a condition's.
const MANAGED_CONDITION: &str = r"              .: {}
              f:lastProbeTime: {}
              f:lastTransitionTime: {}
              f:status: {}
              f:type: {}";

/// One List with status, managedFields and what was applied, about 8 kB a pod.
pub(super) fn dump(services: usize, pods: usize, seed: u64) -> String {
    let mut numbers = Numbers(seed);
    let mut text = String::from("apiVersion: v1\nitems:\n");
    for service in 0..services {
        let team = service % TEAMS;
        let _ = write!(
            text,
            r#"- apiVersion: v1
  kind: Service
  metadata:
    annotations:
      kubectl.kubernetes.io/last-applied-configuration: |
        {{"apiVersion":"v1","kind":"Service","metadata":{{"annotations":{{}},"name":"service-{service}","namespace":"team-{team}"}},"spec":{{"ports":[{{"name":"http","port":80,"targetPort":"http"}}],"selector":{{"app":"app-{service}"}}}}}}
    creationTimestamp: "2026-11-0{}T08:15:30Z"
    name: service-{service}
    namespace: team-{team}
    resourceVersion: "{}"
    uid: {}
  spec:
    clusterIP: 10.96.{}.{}
    clusterIPs:
    - 10.96.{}.{}
    internalTrafficPolicy: Cluster
    ipFamilies:
    - IPv4
    ipFamilyPolicy: SingleStack
    ports:
    - name: http
      port: 80
      protocol: TCP
      targetPort: http
    selector:
      app: app-{service}
    sessionAffinity: None
    type: ClusterIP
  status:
    loadBalancer: {{}}
"#,
            1 + numbers.below(9),
            numbers.below(100_000_000),
            numbers.uid(),
            service / 250,
            service % 250 + 1,
            service / 250,
            service % 250 + 1,
        );
    }
    for pod in 0..pods {
        numbers.dumped_pod(&mut text, pod, pod % services);
    }
    text.push_str("kind: List\nmetadata:\n  resourceVersion: \"\"\n");
    text
}

impl Numbers {
    fn uid(&mut self) -> String {
        let (high, low) = (self.below(u64::MAX), self.below(u64::MAX));
        format!(
            "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
            high >> 32,
            high >> 16 & 0xffff,
            high & 0xfff,
            low >> 52,
            low & 0xffff_ffff_ffff
        )
    }

    fn dumped_pod(&mut self, text: &mut String, pod: usize, app: usize) {
        let team = app % TEAMS;
        let (uid, owner, node) = (self.uid(), self.uid(), self.below(300));
        let (day, minute, port) = (1 + self.below(9), self.below(60), 8000 + app % 100);
        let ip = format!("10.{}.{}.{}", pod / 62500, pod / 250 % 250, pod % 250 + 1);
        let time = format!("2026-11-0{day}T08:{minute:02}:30Z");
        let condition = |kind: &str| {
            format!(
                "    - lastProbeTime: null\n      lastTransitionTime: \"{time}\"\n      status: \"True\"\n      type: {kind}\n"
            )
        };
        let conditions: String =
            ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"]
                .map(condition)
                .concat();
        let managed = ["ContainersReady", "Initialized", "PodReadyToStartContainers", "Ready"]
            .map(|kind| format!("            k:{{\"type\":\"{kind}\"}}:\n{MANAGED_CONDITION}\n"))
            .concat();
        let _ = write!(
            text,
            r#"- apiVersion: v1
  kind: Pod
  metadata:
    annotations:
      checksum/config: {uid}{owner}
      kubectl.kubernetes.io/last-applied-configuration: |
        {{"apiVersion":"v1","kind":"Pod","metadata":{{"annotations":{{"prometheus.io/scrape":"true"}},"labels":{{"app":"app-{app}","tier":"backend"}},"name":"app-{app}-{pod}","namespace":"team-{team}"}},"spec":{{"containers":[{{"env":[{{"name":"PORT","value":"{port}"}},{{"name":"DATABASE_URL","value":"postgres://app@db:5432/app"}}],"image":"registry.example.com/app-{app}:1.4","name":"web","ports":[{{"containerPort":{port},"name":"http"}}],"readinessProbe":{{"httpGet":{{"path":"/healthz","port":"http"}}}},"resources":{{"limits":{{"memory":"256Mi"}},"requests":{{"cpu":"100m","memory":"128Mi"}}}}}}]}}}}
      prometheus.io/scrape: "true"
    creationTimestamp: "{time}"
    generateName: app-{app}-
    labels:
      app: app-{app}
      pod-template-hash: {:x}
      tier: backend
    managedFields:
    - apiVersion: v1
      fieldsType: FieldsV1
      fieldsV1:
        f:metadata:
          f:annotations:
            .: {{}}
            f:checksum/config: {{}}
            f:kubectl.kubernetes.io/last-applied-configuration: {{}}
            f:prometheus.io/scrape: {{}}
          f:generateName: {{}}
          f:labels:
            .: {{}}
            f:app: {{}}
            f:pod-template-hash: {{}}
            f:tier: {{}}
          f:ownerReferences:
            .: {{}}
            k:{{"uid":"{owner}"}}: {{}}
        f:spec:
          f:containers:
            k:{{"name":"web"}}:
              .: {{}}
              f:env:
                .: {{}}
                k:{{"name":"DATABASE_URL"}}:
                  .: {{}}
                  f:name: {{}}
                  f:value: {{}}
                k:{{"name":"PORT"}}:
                  .: {{}}
                  f:name: {{}}
                  f:value: {{}}
              f:image: {{}}
              f:imagePullPolicy: {{}}
              f:livenessProbe:
{MANAGED_PROBE}
              f:name: {{}}
              f:ports:
                .: {{}}
                k:{{"containerPort":{port},"protocol":"TCP"}}:
                  .: {{}}
                  f:containerPort: {{}}
                  f:name: {{}}
                  f:protocol: {{}}
              f:readinessProbe:
{MANAGED_PROBE}
              f:resources:
                .: {{}}
                f:limits:
                  .: {{}}
                  f:memory: {{}}
                f:requests:
                  .: {{}}
                  f:cpu: {{}}
                  f:memory: {{}}
              f:terminationMessagePath: {{}}
              f:terminationMessagePolicy: {{}}
          f:dnsPolicy: {{}}
          f:enableServiceLinks: {{}}
          f:restartPolicy: {{}}
          f:schedulerName: {{}}
          f:securityContext: {{}}
          f:terminationGracePeriodSeconds: {{}}
      manager: kube-controller-manager
      operation: Update
      time: "{time}"
    - apiVersion: v1
      fieldsType: FieldsV1
      fieldsV1:
        f:status:
          f:conditions:
{managed}          f:containerStatuses: {{}}
          f:hostIP: {{}}
          f:hostIPs: {{}}
          f:phase: {{}}
          f:podIP: {{}}
          f:podIPs:
            .: {{}}
            k:{{"ip":"{ip}"}}:
              .: {{}}
              f:ip: {{}}
          f:startTime: {{}}
      manager: kubelet
      operation: Update
      subresource: status
      time: "{time}"
    name: app-{app}-{pod}
    namespace: team-{team}
    ownerReferences:
    - apiVersion: apps/v1
      blockOwnerDeletion: true
      controller: true
      kind: ReplicaSet
      name: app-{app}
      uid: {owner}
    resourceVersion: "{}"
    uid: {uid}
  spec:
    containers:
    - env:
      - name: PORT
        value: "{port}"
      - name: DATABASE_URL
        value: postgres://app@db:5432/app
      image: registry.example.com/app-{app}:1.4
      imagePullPolicy: IfNotPresent
      livenessProbe:
{PROBE}
      name: web
      ports:
      - containerPort: {port}
        name: http
        protocol: TCP
      readinessProbe:
{PROBE}
      resources:
        limits:
          memory: 256Mi
        requests:
          cpu: 100m
          memory: 128Mi
      terminationMessagePath: /dev/termination-log
      terminationMessagePolicy: File
      volumeMounts:
      - mountPath: /var/run/secrets/kubernetes.io/serviceaccount
        name: kube-api-access-x7k2p
        readOnly: true
    dnsPolicy: ClusterFirst
    enableServiceLinks: true
    nodeName: node-{node}
    preemptionPolicy: PreemptLowerPriority
    priority: 0
    restartPolicy: Always
    schedulerName: default-scheduler
    securityContext: {{}}
    serviceAccount: default
    serviceAccountName: default
    terminationGracePeriodSeconds: 30
    tolerations:
    - effect: NoExecute
      key: node.kubernetes.io/not-ready
      operator: Exists
      tolerationSeconds: 300
    - effect: NoExecute
      key: node.kubernetes.io/unreachable
      operator: Exists
      tolerationSeconds: 300
    volumes:
    - name: kube-api-access-x7k2p
      projected:
        defaultMode: 420
        sources:
        - serviceAccountToken:
            expirationSeconds: 3607
            path: token
        - configMap:
            items:
            - key: ca.crt
              path: ca.crt
            name: kube-root-ca.crt
        - downwardAPI:
            items:
            - fieldRef:
                apiVersion: v1
                fieldPath: metadata.namespace
              path: namespace
  status:
    conditions:
{conditions}    containerStatuses:
    - containerID: containerd://{uid}{owner}
      image: registry.example.com/app-{app}:1.4
      imageID: registry.example.com/app-{app}@sha256:{uid}{owner}
      lastState: {{}}
      name: web
      ready: true
      restartCount: 0
      started: true
      state:
        running:
          startedAt: "{time}"
      volumeMounts:
      - mountPath: /var/run/secrets/kubernetes.io/serviceaccount
        name: kube-api-access-x7k2p
        readOnly: true
        recursiveReadOnly: Disabled
    hostIP: 192.168.{}.{}
    hostIPs:
    - ip: 192.168.{}.{}
    phase: Running
    podIP: {ip}
    podIPs:
    - ip: {ip}
    qosClass: Burstable
    startTime: "{time}"
"#,
            app * 2_654_435_761 % 0xffff_ffff,
            self.below(100_000_000),
            node / 250,
            node % 250 + 1,
            node / 250,
            node % 250 + 1,
        );
    }
}
