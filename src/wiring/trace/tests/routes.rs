//! Requests that Ingresses and Gateways take.

use super::*;

const ROUTED: &str = "# flow
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {internalTrafficPolicy: Local, selector: {a: b}, ports: [{name: http, port: 80, targetPort: 8080}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: alias}, spec: {type: ExternalName, externalName: example.org}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web-1, labels: {a: b}}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: shop}, spec: {tls: [{hosts: [shop.example.com]}], rules: [
  {host: shop.example.com, http: {paths: [
    {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}},
    {path: /cart, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}},
    {path: /cart, pathType: Exact, backend: {service: {name: web, port: {name: nope}}}},
    {path: /out, pathType: Exact, backend: {service: {name: alias, port: {number: 443}}}}]}},
  {host: '*.example.com', http: {paths: [{path: /wild, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]},
  status: {loadBalancer: {ingress: [{ip: 203.0.113.9}]}}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: any}, spec: {
  defaultBackend: {service: {name: web, port: {number: 80}}}, rules: [
  {host: docs.example.com, http: {paths: [{path: /a, pathType: Exact, backend: {service: {name: web, port: {number: 80}}}}]}},
  {http: {paths: [{path: /any, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]},
  status: {loadBalancer: {ingress: [{ip: 203.0.113.10}, {hostname: in.example.net}]}}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: twin}, spec: {rules: [
  {host: docs.example.com, http: {paths: [{path: /a, pathType: Exact, backend: {service: {name: web, port: {number: 80}}}}]}}]}}
";

#[test]
fn requests_take_routes() {
    let web = "web.default [0]80 > 1 web-1:8080 1/1";
    for (to, by, comes_to) in [
        ("http://shop.example.com", "shop[0] > ", web),
        ("shop.example.com", "shop[0] > ", web),
        ("https://SHOP.example.com/else?a=/cart", "shop[0] > ", web),
        ("http://shop.example.com/cart/1", "shop[1] > ", web),
        ("http://shop.example.com/cart", "shop[2] > ", "Unreached"),
        ("http://shop.example.com/out", "shop[3] > ", "alias.default  > ExternalName"),
        ("http://shop.example.com:8080/cart/", "shop[1] > ", web),
        ("shop.example.com/udp", "", "NoSuchHost"),
        ("http://other.example.com/wild", "shop[4] > ", web),
        ("http://other.example.com/", "", "NoSuchPath"),
        ("http://docs.example.com/a", "any[0]+ > ", web),
        ("http://docs.example.com/b", "any[2] > ", web),
        ("http://unheard.of.example.org/any/1", "any[1] > ", web),
        ("http://unheard.of.example.org/", "any[2] > ", web),
        ("unheard.of.example.org", "", "NoSuchHost"),
        ("http://203.0.113.10/any", "any[1] > ", web),
        ("http://in.example.net/any", "any[1] > ", web),
        ("203.0.113.10", "any[2] > ", web),
        ("http://203.0.113.9/", "", "NoHostAsked"),
        ("http://web/cart", "", "web.default [0]80 > 1 web-1:8080 InternalLocal"),
        ("http://wbe/cart", "", "NoSuchService"),
    ] {
        assert_eq!(told(ROUTED, to), format!("{by}{comes_to}"), "{to}");
    }
    let (cluster, wiring) = &read(ROUTED);
    let near = trace(cluster, wiring, &"http://shpo.example.org".parse().expect("an address"));
    assert!(matches!(near.nothing, None | Some(Nothing::NoSuchHost { near: None })), "{near:?}");
    let near = trace(cluster, wiring, &"http://docs.exmaple.com/".parse().expect("an address"));
    let Some(Hop { step: Step::Route { near, .. }, .. }) = near.hops.first() else { panic!("{near:?}") };
    assert_eq!(
        *near,
        Some(wiring.routes.of_path(1, 0)),
        "what takes any host takes one that is like another"
    );
    let near = trace(cluster, wiring, &"docs.exmaple.com".parse().expect("an address"));
    assert_eq!(near.nothing, Some(Nothing::NoSuchHost { near: Some(wiring.routes.of_path(1, 0)) }));
}

const GATEWAYS: &str = "# flow
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {a: b}, ports: [{port: 80, targetPort: 8080}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: next}, spec: {selector: {a: c}, ports: [{port: 80, targetPort: 8080}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web-1, labels: {a: b}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: next}, spec: {replicas: 2, selector: {matchLabels: {a: c}}, template: {metadata: {labels: {a: c}}}}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: edge}, spec: {gatewayClassName: x, listeners: [
  {name: http, port: 80, protocol: HTTP}, {name: narrow, port: 80, protocol: HTTP, hostname: api.example.com},
  {name: db, port: 5432, protocol: TCP}]}, status: {addresses: [{value: 203.0.113.20}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: shop}, spec: {parentRefs: [{name: edge, sectionName: http}],
  hostnames: [shop.example.com, '*.shop.example.com'], rules: [
  {matches: [{path: {value: /cart}}], backendRefs: [{name: web, port: 80, weight: 9}, {name: next, port: 80, weight: 1}]},
  {matches: [{path: {type: Exact, value: /cart}}], backendRefs: [{name: web, port: 80, weight: 3}, {name: gone, port: 80, weight: 1}, {name: next, port: 80, weight: 0}]},
  {matches: [{path: {value: /beta}, headers: [{name: x, value: y}]}], backendRefs: [{name: next, port: 80}]},
  {matches: [{path: {value: /off}}], backendRefs: [{name: web, port: 80, weight: 0}]},
  {matches: [{path: {value: /old}}], filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]},
  {matches: [{path: {value: /beta}}, {path: {value: /one}}], backendRefs: [{name: web, port: 80}]}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: any}, spec: {parentRefs: [{name: edge, sectionName: http}],
  rules: [{matches: [{path: {value: /any}}], backendRefs: [{name: web, port: 80}]}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: api}, spec: {parentRefs: [{name: edge, sectionName: narrow}],
  rules: [{backendRefs: [{name: web, port: 80}]}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: lost}, spec: {parentRefs: [{name: edge, sectionName: nope}],
  hostnames: [lost.example.com], rules: [{backendRefs: [{name: web, port: 80}]}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: away}, spec: {parentRefs: [{name: far, namespace: infra}],
  hostnames: [away.example.com], rules: [{backendRefs: [{name: web, port: 80}]}]}}
---
{apiVersion: gateway.networking.k8s.io/v1alpha2, kind: TCPRoute, metadata: {name: db}, spec: {parentRefs: [{name: edge, sectionName: db}],
  rules: [{backendRefs: [{name: next, port: 80}]}]}}
";

#[test]
fn requests_take_routes_of_gateways() {
    let web = "web.default [0]80 > 1 web-1:8080 1/1";
    let next = "next.default [0]80 > 2 pods:8080 1/2";
    for (to, comes_to) in [
        ("http://shop.example.com/cart/1", format!("shop[0.0] > 9/10 {web} > 1/10 {next}")),
        ("http://a.shop.example.com/cart/1", format!("shop[0.0] > 9/10 {web} > 1/10 {next}")),
        ("http://shop.example.com/cart", format!("shop[1.0] > 3/4 {web} > 1/4 Unreached")),
        ("http://shop.example.com/beta", format!("shop[5.0]? > {web}")),
        ("http://shop.example.com/one/", format!("shop[5.1] > {web}")),
        ("shop.example.com:80", "NoSuchPath".to_owned()),
        ("http://shop.example.com/off", "shop[3.0] > NoWeight".to_owned()),
        ("http://shop.example.com/old", "shop[4.0] > Unreached".to_owned()),
        ("http://shop.example.com:8080/one", "NoSuchHost".to_owned()),
        ("http://api.example.com/any", format!("api[0.0] > {web}")),
        ("http://unheard.example.org/any/x", format!("any[0.0] > {web}")),
        ("http://lost.example.com/", "Unreached".to_owned()),
        ("https://away.example.com/x", format!("away[0.0] > {web}")),
        ("http://203.0.113.20/any", format!("any[0.0] > {web}")),
        ("203.0.113.20:5432", format!("db[0.0] > {next}")),
        ("203.0.113.20:5433", "NoSuchListener".to_owned()),
        ("http://203.0.113.20/", "NoHostAsked".to_owned()),
    ] {
        assert_eq!(told(GATEWAYS, to), comes_to, "{to}");
    }
    let (cluster, wiring) = &read(GATEWAYS);
    for (to, sum) in [("http://shop.example.com/cart/1", 1.0), ("http://shop.example.com/cart", 0.75)] {
        let trace = trace(cluster, wiring, &to.parse().expect("an address"));
        let shares = trace.all_ends().into_iter();
        let all: f64 =
            shares.map(|(end, share)| share.unwrap() * f64::from(end.answer.who.replicas(cluster))).sum();
        assert!((all - sum).abs() < 1e-9, "{to}: {all}");
    }
}
