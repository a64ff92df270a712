//! What holds whatever is given: any bytes have an answer, and what does not matter changes nothing.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

#[expect(dead_code, reason = "other tests read more of it")]
mod common;
#[expect(dead_code, reason = "what is expected of a fault is for another test")]
#[path = "findings/fault.rs"]
mod fault;
#[path = "findings/generate.rs"]
mod generate;
#[path = "findings/manifest.rs"]
mod manifest;
#[path = "findings/random.rs"]
mod random;

use std::io::Write as _;

use podwire::analysis::{Analysis, analyze};
use podwire::diagram::{Chosen, Diagram, lay_out, lay_out_chosen};
use podwire::render::style::Theme;
use podwire::render::svg::{self, Emphasis};
use podwire::render::text;
use podwire::source::SourceFile;
use podwire::web::api::types;
use podwire::web::share;
use proptest::prelude::*;
use random::Random;
use serde::Deserialize as _;
use serde_json::Value;
use tower::ServiceExt as _;

fn analysis(files: &[(&str, &[u8])]) -> Analysis {
    analyze(files.iter().map(|(name, bytes)| SourceFile::new(*name, bytes.to_vec())).collect(), None)
}

fn picture(diagram: &Diagram) -> Vec<u8> {
    let mut picture = Vec::new();
    svg::write(diagram, Theme::Auto, Emphasis::default(), &mut picture).unwrap();
    picture
}

/// Every face of an analysis.
fn draw(analysis: &Analysis) {
    let diagram = lay_out(&analysis.cluster, &analysis.wiring, &analysis.findings);
    assert!(picture(&diagram).starts_with(b"<svg"));
    let broken = Chosen::broken(&analysis.cluster, &analysis.wiring, &analysis.findings);
    let broken = lay_out_chosen(&analysis.cluster, &analysis.wiring, &analysis.findings, &broken);
    assert!(broken.rows <= diagram.rows);
    text::text(&analysis.cluster, &analysis.wiring, &analysis.findings, &analysis.files, None);
    serde_json::to_vec(&types::Analysis::from(analysis)).expect("an answer is JSON");
    share::keep(analysis).expect("it is kept");
}

/// What the API answers, without the places.
fn answered(analysis: &Analysis, part: &str) -> Vec<Value> {
    let answer = serde_json::to_value(types::Analysis::from(analysis)).expect("an answer is JSON");
    let mut parts = answer[part].as_array().cloned().unwrap_or_default();
    parts.iter_mut().for_each(without_places);
    parts
}

fn without_places(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.remove("source");
            map.values_mut().for_each(without_places);
        }
        Value::Array(items) => items.iter_mut().for_each(without_places),
        _ => {}
    }
}

/// The wiring in words, whatever the order.
fn wiring(analysis: &Analysis) -> Vec<String> {
    let mut lines: Vec<String> =
        text::wiring_text(&analysis.cluster, &analysis.wiring, None).lines().map(str::to_owned).collect();
    let services = answered(analysis, "services").into_iter().map(|service| service.to_string());
    lines.extend(services);
    lines.extend(answered(analysis, "entries").into_iter().map(|entry| entry.to_string()));
    lines.sort();
    lines
}

/// What is found, without places: their order in the file is not what it is about.
fn findings(analysis: &Analysis) -> Vec<String> {
    let mut found: Vec<String> =
        answered(analysis, "findings").into_iter().map(|finding| without_fix(finding).to_string()).collect();
    found.sort();
    found
}

/// A fix is written as its place is.
fn without_fix(mut finding: Value) -> Value {
    finding["fix"].take();
    finding
}

/// A good manifest, or one with a fault in it.
fn text_of(seed: u64) -> String {
    let good = generate::manifest(seed);
    let mut random = Random(seed);
    let faults = fault::all(&manifest::read(&good), &mut random);
    if random.once_in(3) || faults.is_empty() {
        return good;
    }
    faults[random.below(faults.len())].put_into(&good)
}

fn objects(text: &str) -> Vec<Value> {
    let read = if text.trim_start().starts_with('{') {
        serde_json::Deserializer::from_str(text).into_iter().collect::<Result<Vec<Value>, _>>().expect("JSON")
    } else {
        let documents = serde_yaml::Deserializer::from_str(text);
        documents.map(|document| Value::deserialize(document).expect("YAML")).collect()
    };
    let items = |mut object: Value| {
        if let Some(Value::Array(items)) = object.get_mut("items").map(Value::take) {
            return items;
        }
        vec![object]
    };
    read.into_iter().filter(|object| !object.is_null()).flat_map(items).collect()
}

fn json(objects: &[Value]) -> String {
    let texts: Vec<String> = objects.iter().map(|object| format!("{object:#}")).collect();
    texts.join("\n")
}

/// Objects that have nothing to do with the others.
const UNRELATED: &str = "apiVersion: v1
kind: Service
metadata: {name: unrelated, namespace: elsewhere}
spec: {selector: {unrelated: \"true\"}, ports: [{name: x, port: 4711, targetPort: x}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: unrelated, namespace: elsewhere}
spec:
  selector: {matchLabels: {unrelated: \"true\"}}
  template:
    metadata: {labels: {unrelated: \"true\"}}
    spec: {containers: [{name: x, image: x, ports: [{name: x, containerPort: 4711}]}]}
---
apiVersion: example.com/v1
kind: Gadget
metadata: {name: unrelated}
";

fn few() -> ProptestConfig {
    ProptestConfig {
        cases: (common::cases() / 25).max(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: common::cases() / 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_have_an_answer(bytes: Vec<u8>, more in common::soup()) {
        draw(&analysis(&[("a.yaml", &bytes), ("b.json", more.as_bytes())]));
    }

    #[test]
    fn any_broken_manifest_has_an_answer(bytes in common::mutated()) {
        draw(&analysis(&[("-", &bytes)]));
    }
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn the_order_of_objects_and_files_changes_no_wiring(seed in any::<u64>()) {
        let text = text_of(seed);
        let mut objects = objects(&text);
        let mut random = Random(seed);
        for place in (1..objects.len()).rev() {
            objects.swap(place, random.below(place + 1));
        }
        let one = json(&objects);
        let (first, second) = objects.split_at(random.below(objects.len()));
        let (first, second) = (json(first), json(second));
        let before = wiring(&analysis(&[("-", text.as_bytes())]));
        prop_assert_eq!(&before, &wiring(&analysis(&[("-", one.as_bytes())])));
        let two = analysis(&[("b.yaml", second.as_bytes()), ("a.yaml", first.as_bytes())]);
        prop_assert_eq!(&before, &wiring(&two));
    }

    #[test]
    fn an_unrelated_object_changes_nothing(seed in any::<u64>()) {
        let text = text_of(seed);
        let alone = analysis(&[("-", text.as_bytes())]);
        let beside = analysis(&[("-", text.as_bytes()), ("other.yaml", UNRELATED.as_bytes())]);
        let of_others = |line: &String| !line.contains("unrelated");
        let (mut wired, mut found) = (wiring(&beside), findings(&beside));
        wired.retain(of_others);
        found.retain(of_others);
        prop_assert_eq!(wiring(&alone), wired);
        prop_assert_eq!(findings(&alone), found);
    }

    #[test]
    fn the_form_of_the_text_changes_nothing(seed in any::<u64>()) {
        let text = text_of(seed);
        let read = analysis(&[("-", text.as_bytes())]);
        let other_ends = if text.contains('\r') { text.replace("\r\n", "\n") } else { text.replace('\n', "\r\n") };
        for form in [other_ends, json(&objects(&text))] {
            let other = analysis(&[("-", form.as_bytes())]);
            prop_assert_eq!(wiring(&read), wiring(&other));
            prop_assert_eq!(findings(&read), findings(&other));
        }
    }

    #[test]
    fn any_bytes_are_answered_as_an_archive(
        noise: Vec<u8>,
        sort in 0_usize..3,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let mut archive = archive(sort);
        for (at, byte) in edits {
            let at = at.index(archive.len());
            archive[at] = byte;
        }
        for bytes in [noise, archive] {
            let status = upload(sort, bytes);
            prop_assert!(!status.is_server_error(), "{status}");
        }
    }
}

const TYPES: [&str; 3] = ["application/zip", "application/x-tar", "application/gzip"];

fn archive(sort: usize) -> Vec<u8> {
    if sort == 0 {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file("a.yaml", zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(UNRELATED.as_bytes()).unwrap();
        return zip.finish().unwrap().into_inner();
    }
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(UNRELATED.len() as u64);
    header.set_mode(0o644);
    tar.append_data(&mut header, "a.yaml", UNRELATED.as_bytes()).unwrap();
    let tar = tar.into_inner().unwrap();
    if sort == 1 {
        return tar;
    }
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&tar).unwrap();
    gzip.finish().unwrap()
}

/// The status that the server answers an archive with.
fn upload(sort: usize, bytes: Vec<u8>) -> axum::http::StatusCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = podwire::store::Store::open("memory:").await.expect("a store");
        let state = podwire::web::AppState::new(podwire::config::Config::default(), store);
        let request = axum::http::Request::post("/api/v1/analyze")
            .header("host", "localhost")
            .header("content-type", TYPES[sort])
            .body(axum::body::Body::from(bytes))
            .expect("a request");
        podwire::web::router(state).oneshot(request).await.expect("an answer").status()
    })
}
