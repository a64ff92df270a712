//! The same Services with Deployments as KYAML.

use std::fmt::Write as _;

use super::TEAMS;

/// Services with their Deployments as KYAML: YAML in braces that says its types.
pub(super) fn kyaml(services: usize) -> String {
    let mut text = String::new();
    for service in 0..services {
        let (team, port) = (service % TEAMS, 8000 + service % 100);
        let _ = write!(
            text,
            r#"---
{{
  apiVersion: "v1",
  kind: "Service",
  metadata: {{
    name: "service-{service}",
    namespace: "team-{team}",
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
    namespace: "team-{team}",
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
            containerPort: {port},
          }}],
        }}],
      }},
    }},
  }},
}}
"#
        );
    }
    text
}
