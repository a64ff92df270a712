//! Any bytes get an answer in every face, and the same answer once they are masked and shared.
#![no_main]

use libfuzzer_sys::fuzz_target;
use podwire::analysis::{Analysis, Limits, analyze_within};
use podwire::diagram::{Chosen, Diagram, lay_out, lay_out_chosen};
use podwire::render::style::Theme;
use podwire::render::svg::{self, Emphasis};
use podwire::render::{text, trace as words};
use podwire::source::SourceFile;
use podwire::web::api::types;
use podwire::wiring::trace::{Address, trace};

const LIMITS: Limits = Limits { documents: 2_000, values: 100_000, objects: 2_000, endpoints: 20_000 };
const TO: [&str; 4] = ["node:30080", "web.default", "http://shop.example.com/cart", "10.96.0.10:80/udp"];

fn picture(diagram: &Diagram) -> Vec<u8> {
    let mut picture = Vec::new();
    let written = svg::write(diagram, Theme::Auto, Emphasis::default(), &mut picture);
    assert!(written.is_ok());
    picture
}

fuzz_target!(|bytes: &[u8]| {
    let files = vec![SourceFile::new("fuzz.yaml", bytes.to_vec())];
    let Ok(analysis) = analyze_within(LIMITS, files, None) else { return };
    let Analysis { cluster, wiring, findings, files, .. } = &analysis;
    for finding in findings {
        let file = &files[finding.span.file as usize];
        let written = file.text().get(finding.span.start as usize..finding.span.end as usize);
        assert!(written.is_some(), "{} stands outside of the text", finding.rule);
        assert!(!finding.message.is_empty());
    }
    assert!(picture(&lay_out(cluster, wiring, findings)).starts_with(b"<svg"));
    let broken = Chosen::broken(cluster, wiring, findings);
    let broken = lay_out_chosen(cluster, wiring, findings, &broken);
    assert!(picture(&broken).starts_with(b"<svg"));
    assert!(!text::text(cluster, wiring, findings, files, None).is_empty());
    for to in TO {
        let Ok(address) = to.parse::<Address>() else { unreachable!("{to} is an address") };
        let trace = trace(cluster, wiring, &address);
        assert!(!words::tell(&trace, cluster, wiring, findings).why.is_empty());
    }
    assert!(serde_json::to_string(&types::Analysis::from(&analysis)).is_ok());
});
