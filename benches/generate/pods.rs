//! Services and Pods as one would write them by hand.

use std::fmt::Write as _;

use super::TEAMS;

/// So many Services, and so many Pods that they share evenly.
pub(super) fn pods(services: usize, pods: usize) -> String {
    let mut text = String::new();
    for at in 0..services {
        service(&mut text, &format!("service-{at}"), at % TEAMS, &format!("app-{at}"), "http");
    }
    for at in 0..pods {
        let app = at % services;
        let (name, app_label) = (format!("app-{app}-{at}"), format!("app-{app}"));
        pod(&mut text, &name, app % TEAMS, &app_label, &[("http".to_owned(), 8000 + app % 100)]);
    }
    text
}

/// A Service with one port, which selects by one label.
pub(super) fn service(text: &mut String, name: &str, team: usize, app: &str, target: &str) {
    // Writing into a String does not fail.
    let _ = write!(
        text,
        "---
apiVersion: v1
kind: Service
metadata:
  name: {name}
  namespace: team-{team}
spec:
  selector:
    app: {app}
  ports:
  - name: http
    port: 80
    targetPort: {target}
"
    );
}

/// A Pod with one container that declares these ports; the probe asks the first.
pub(super) fn pod(text: &mut String, name: &str, team: usize, app: &str, ports: &[(String, usize)]) {
    let number = name.bytes().map(usize::from).sum::<usize>();
    let (version, patch) = (number % 3, number % 7);
    let _ = write!(
        text,
        "---
apiVersion: v1
kind: Pod
metadata:
  name: {name}
  namespace: team-{team}
  labels:
    app: {app}
    tier: backend
    version: v{version}
spec:
  serviceAccountName: {app}
  containers:
  - name: web
    image: registry.example.com/{app}:1.{patch}
    imagePullPolicy: IfNotPresent
    ports:
"
    );
    for (name, number) in ports {
        let _ = write!(text, "    - name: {name}\n      containerPort: {number}\n");
    }
    let probed = ports.first().map_or("http", |(name, _)| name);
    let _ = write!(
        text,
        "    readinessProbe:
      httpGet:
        path: /healthz
        port: {probed}
    resources:
      requests:
        cpu: 100m
        memory: 128Mi
"
    );
}
