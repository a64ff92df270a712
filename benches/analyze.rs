//! How long the whole way takes: from the bytes of an upload to the JSON of its answer.
//!
//! `cargo bench --bench analyze`. The real file is read from `../shared/corpus` or `$PODWIRE_CORPUS` where that is there.
#![expect(clippy::unwrap_used, reason = "a bench stops where it fails")]

#[expect(dead_code, reason = "what other benches read")]
mod generate;

use std::path::PathBuf;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use podwire::analysis::{Analysis, analyze};
use podwire::source::SourceFile;
use podwire::web::api::{answer, types};
use podwire::{diagram, render};

const BOUTIQUE: &str = "GoogleCloudPlatform+microservices-demo/release/kubernetes-manifests.yaml";

fn main() {
    divan::main();
}

fn analysis(text: &str) -> Analysis {
    analyze(vec![SourceFile::new("-", text.as_bytes().to_vec())], None)
}

fn to_json(text: &str) -> Vec<u8> {
    answer::json(&types::Analysis::from(&analysis(text))).unwrap()
}

/// Services, each with a Deployment: a shop, a platform, a large company.
#[divan::bench(args = [12, 120, 1200])]
fn generated_to_json(bencher: Bencher<'_, '_>, services: usize) {
    let text = generate::boutique(services, 1);
    bencher.counter(BytesCount::of_str(&text)).bench(|| to_json(black_box(&text)));
}

#[divan::bench]
fn generated_to_svg(bencher: Bencher<'_, '_>) {
    let text = generate::boutique(12, 1);
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let Analysis { cluster, wiring, findings, .. } = &analysis(black_box(&text));
        render::svg::standalone(&diagram::lay_out(cluster, wiring, findings), render::style::Theme::Auto)
    });
}

/// Online Boutique itself.
#[divan::bench]
fn real_to_json(bencher: Bencher<'_, '_>) {
    let folder = std::env::var_os("PODWIRE_CORPUS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus")),
        PathBuf::from,
    );
    let Ok(text) = std::fs::read_to_string(folder.join(BOUTIQUE)) else {
        eprintln!("SKIPPED: there is no {BOUTIQUE} in {}; set PODWIRE_CORPUS", folder.display());
        return;
    };
    bencher.counter(BytesCount::of_str(&text)).bench(|| to_json(black_box(&text)));
}
