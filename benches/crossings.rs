//! How few wires cross on a board: `cargo bench --bench crossings` prints how often they would in the order in which the
//! objects were read, and how often they do.
#![expect(dead_code, reason = "the generator of other benches writes more than this one draws")]

mod generate;

use std::fmt::Write as _;

use podwire::analysis::analyze;
use podwire::diagram::{Diagram, lay_out};
use podwire::source::SourceFile;

/// Services whose selectors are woven: each leads to some of the Deployments, and they are read in no order.
fn woven(services: u64, workloads: u64, each: u64, seed: u64) -> String {
    let mut numbers = generate::Numbers(seed);
    let mut text = String::new();
    let mut labels = vec![String::new(); workloads as usize];
    for service in 0..services {
        let near = service * workloads / services;
        for step in 0..each {
            let _ = write!(labels[((near + step) % workloads) as usize], ", for-{service}: yes-it-is");
        }
    }
    let mut objects: Vec<String> = Vec::new();
    for service in 0..services {
        objects.push(format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: service-{service}}}\nspec: {{selector: {{for-{service}: yes-it-is}}, ports: [{{port: 80}}]}}\n"
        ));
    }
    for (workload, labels) in labels.iter().enumerate() {
        objects.push(format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: workload-{workload}}}\nspec:\n  selector: {{matchLabels: {{app: w{workload}}}}}\n  \
             template:\n    metadata: {{labels: {{app: w{workload}{labels}}}}}\n    spec: {{containers: [{{name: c, image: c}}]}}\n"
        ));
    }
    while !objects.is_empty() {
        let next = numbers.below(objects.len() as u64) as usize;
        text.push_str("---\n");
        text.push_str(&objects.swap_remove(next));
    }
    text
}

fn board(text: &str) -> Diagram {
    let analysis = analyze(vec![SourceFile::new("-", text.as_bytes().to_vec())], None);
    lay_out(&analysis.cluster, &analysis.wiring, &analysis.findings)
}

fn main() {
    println!("wires between Services and pods that cross | as read | on the board | all gaps");
    let boards = [
        ("12 Services with a Deployment each", generate::text("boutique").unwrap_or_default()),
        ("60 Services with a Deployment each, read in no order", woven(60, 60, 1, 7)),
        ("20 Services, each on 2 of 20 workloads", woven(20, 20, 2, 7)),
        ("40 Services, each on 3 of 20 workloads", woven(40, 20, 3, 7)),
        ("60 Services, each on 2 of 40 workloads", woven(60, 40, 2, 7)),
        ("30 Services on one of 5 workloads each", woven(30, 5, 1, 7)),
    ];
    for (name, text) in boards {
        let board = board(&text);
        println!("{name} | {} | {} | {}", board.reduced.0, board.reduced.1, board.crossings);
    }
}
