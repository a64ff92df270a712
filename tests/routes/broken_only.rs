//! Boards of what is broken alone.

use podwire::config::Config;

use super::*;
use crate::pages::{between, get_, page, post_};

/// Two Services of which one selects nothing; an Ingress to the fine one, and one to a Service that there is none of.
const HALF_BROKEN: &str = r"
apiVersion: v1
kind: Service
metadata: { name: fine }
spec: { selector: { app: fine }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: lost }
spec: { selector: { app: fien }, ports: [{ port: 81, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: fine }
spec:
  selector: { matchLabels: { app: fine } }
  template:
    metadata: { labels: { app: fine, tier: front } }
    spec: { containers: [{ name: c, image: c, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: leads }
spec: { defaultBackend: { service: { name: fine, port: { number: 80 } } } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: strays }
spec: { defaultBackend: { service: { name: nowhere, port: { number: 80 } } } }
";

#[tokio::test]
async fn only_what_is_broken_is_drawn_where_that_is_asked() {
    let app = state(Config::default()).await;
    let cards = |answer: &Answer| -> Vec<String> {
        let labels = answer.text().split("role=\"group\" aria-label=\"").skip(1);
        let mut cards: Vec<_> = labels.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect();
        cards.retain(|label| label.starts_with("Service ") || label.starts_with("Ingress "));
        cards.sort();
        cards
    };
    let whole = page(&app, post_("/", HALF_BROKEN)).await;
    assert_eq!(
        cards(&whole),
        [
            "Ingress leads in namespace default",
            "Ingress strays in namespace default",
            "Service fine (ClusterIP) in namespace default",
            "Service lost (ClusterIP) in namespace default",
        ]
    );
    assert!(whole.text().contains("data-labels=\"app=fine tier=front\""), "pods are found by their labels");
    assert!(whole.text().contains("data-labels=\"app=fien\""), "and a Service by what it selects");

    let made = page(&app, post_("/share", HALF_BROKEN)).await;
    let shared = format!("/d/{}", between(made.text(), "/d/", "\""));
    let broken = page(&app, get_(&format!("{shared}?broken=1"))).await;
    assert_eq!(
        cards(&broken),
        ["Ingress strays in namespace default", "Service lost (ClusterIP) in namespace default"]
    );
    assert!(broken.text().contains(">1 of 2 Services<"));
    assert!(broken.text().contains("aria-pressed=\"true\""));
    for path in [shared.clone(), format!("{shared}?broken=")] {
        let all = page(&app, get_(&path)).await;
        assert_eq!(cards(&all).len(), 4, "{path}");
        assert!(!all.text().contains("aria-pressed=\"true\""), "{path}");
    }
    let none = page(&app, get_("/?broken=1")).await;
    assert!(none.text().contains("No Service and no route here is broken."));
}
