//! Traces through the examples, as a reviewer reads them, and shares over every golden endpoints case.
//!
//! `UPDATE=1 cargo test --test traces` writes `tests/traces/<example>.txt` anew: an address after `$` and what it comes to.
#![expect(clippy::expect_used, reason = "a test may fail")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use podwire::analysis::{Analysis, analyze};
use podwire::cluster::State;
use podwire::diagram::port_address;
use podwire::render::trace::tell;
use podwire::source::SourceFile;
use podwire::wiring::trace::{Address, Shares, trace};

const EXAMPLES: [(&str, &[&str]); 9] = [
    (
        "gateway",
        &[
            "https://shop.example.com/cart/1",
            "https://shop.example.com/login",
            "http://shop.example.com/",
            "https://shpo.example.com/",
        ],
    ),
    (
        "ingress",
        &[
            "http://shop.example.com/cart/1",
            "https://shop.example.com/",
            "http://status.example.com:8080/",
            "http://shpo.example.com/",
            "shop.example.com/udp",
        ],
    ),
    (
        "traffic-policies",
        &[
            "node:30080",
            "node:30081",
            "worker-1:30081",
            "192.168.1.4:30081",
            "203.0.113.7:443",
            "shop.default",
            "agent.default:8125/udp",
        ],
    ),
    ("selectorless", &["legacy-db", "node:30080", "billing.default:9100"]),
    (
        "node-port",
        &[
            "node:30008",
            "192.168.1.2:30008",
            "node-port-service",
            "node:80",
            "node:30080",
            "myapp",
            "30008",
            ":30008",
            "10.96.0.11:80",
            "10.244.0.2:80",
            "10.244.0.3:80",
        ],
    ),
    (
        "load-balancer",
        &[
            "203.0.113.7:53/udp",
            "203.0.113.7:53",
            "node:30053/udp",
            "node:30053",
            "node:31000",
            "web",
            "dns.default",
        ],
    ),
    (
        "headless",
        &[
            "db.default:5432",
            "db-2.db.default.svc:5432",
            "db-3.db:5432",
            "db-primary",
            "db-0.db-primary.default",
            "_postgres._tcp.db.default.svc.cluster.local",
            "_postgre._tcp.db.default",
            "_postgres._tcp.db-primary",
        ],
    ),
    (
        "broken",
        &[
            "cart",
            "node:30900",
            "web",
            "billing.prod",
            "billing.staging",
            "logs.default:514/udp",
            "logs.default:514",
            "http://shop.example.com/cart",
        ],
    ),
    ("named-ports", &["node:30080", "http://api.default/cart", "api.default:8080", "api.defualt"]),
];

fn told(analysis: &Analysis, to: &str) -> String {
    let Analysis { cluster, wiring, findings, .. } = analysis;
    let address: Address = to.parse().expect("an address");
    let told = tell(&trace(cluster, wiring, &address), cluster, wiring, findings);
    let mut out = format!("$ {to}\n");
    for hop in told.hops {
        let line = hop.mark.or(hop.around).map_or(0, |span| analysis.place(span).line);
        let _ = writeln!(out, "{line:>4} {} {} ({}): {}", hop.kind, hop.address, hop.title, hop.why);
    }
    let outcome = if told.reaches { "reaches" } else { "nothing" };
    let _ = writeln!(
        out,
        "     {outcome}: {}{}",
        told.why,
        told.near.map(|near| format!(" [{near}]")).unwrap_or_default()
    );
    out
}

#[test]
fn examples_are_traced_as_they_were() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut stale = Vec::new();
    for (name, addresses) in EXAMPLES {
        let text = fs::read(root.join(format!("static/examples/{name}.yaml"))).expect("an example");
        let analysis = analyze(vec![SourceFile::new("-", text)], None);
        let now = addresses.iter().map(|to| told(&analysis, to)).collect::<Vec<_>>().join("\n");
        let path = root.join(format!("tests/traces/{name}.txt"));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &now).expect("the trace can be written");
        } else if fs::read_to_string(&path).unwrap_or_default() != now {
            stale.push(now);
        }
    }
    assert!(stale.is_empty(), "not as it was (UPDATE=1 writes them anew):\n{}", stale.join("\n"));
}

/// Every Service port of every golden case, traced by name: known shares add up, and who gets traffic is reached.
#[test]
fn shares_add_up_to_one_over_the_golden_cases() {
    let (mut reached, mut nothing, mut unknown) = (0, 0, 0);
    for line in include_str!("golden/endpoints.jsonl").lines() {
        let case: serde_json::Value = serde_json::from_str(line).expect("a golden case is JSON");
        let text = case["manifests"].as_str().expect("manifests").as_bytes().to_vec();
        let state = if case["mode"] == "live" { State::Observed } else { State::Assumed };
        let analysis = analyze(vec![SourceFile::new("-", text)], Some(state));
        let cluster = &analysis.cluster;
        for (id, service) in cluster.services.iter().enumerate() {
            for (place, port) in service.ports.iter().enumerate() {
                let wired = &analysis.wiring.services[id];
                let mut to = port_address(service, port);
                if service.is_headless() {
                    // The client dials the pods' own port.
                    let Some(end) = wired.ports[place].endpoints.first() else { continue };
                    to = to.replace(&format!(":{}", port.port.value), &format!(":{}", end.port));
                }
                let Ok(address) = to.parse::<Address>() else { continue };
                let trace = trace(cluster, &analysis.wiring, &address);
                let pods: u64 =
                    trace.ends.iter().map(|end| u64::from(end.answer.who.replicas(cluster))).sum();
                let same = trace.target == Some((id, Some(place)));
                match (&trace.nothing, trace.shares) {
                    (Some(_), shares) => {
                        assert_eq!((pods, shares), (0, Shares::OneIn(0)), "{} {to}", case["name"]);
                        let fault = wired.fault(place);
                        assert!(!same || fault.is_some() || service.is_headless(), "{} {to}", case["name"]);
                        nothing += 1;
                    }
                    (None, Shares::OneIn(one_in)) => {
                        assert!(pods > 0);
                        let sum = pods as f64 * (1.0 / one_in as f64);
                        assert!((sum - 1.0).abs() < 1e-9, "{} {to}: {sum}", case["name"]);
                        reached += 1;
                    }
                    (None, Shares::Unknown(_)) => unknown += 1,
                }
                let ready = trace.ends.iter().filter(|end| end.answer.ready).count();
                assert!(ready == 0 || ready == trace.ends.len(), "{} {to}: mixed", case["name"]);
            }
        }
    }
    println!("{reached} Service ports reach pods, {nothing} reach nobody, {unknown} with unknown shares");
    assert!(reached > 1_000, "only {reached} ports were traced");
}
