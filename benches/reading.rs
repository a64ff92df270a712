//! How fast text becomes objects: plain manifests, a cluster's dump, KYAML; and the full parser on the same.
//!
//! `cargo bench --bench reading` times; `cargo bench --bench reading -- --write FOLDER` writes what is timed, and larger
//! files to time a whole process on, and exits. `RAYON_NUM_THREADS=1` times one thread.
#![expect(clippy::unwrap_used, reason = "a bench stops where it fails")]

mod generate;

use std::path::PathBuf;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use podwire::kinds;
use podwire::source::SourceFile;
use podwire::source::split::{self, Content, How, Lists, Part};

const INPUTS: [&str; 5] = ["pods-100", "pods-1000", "boutique-1000", "dump-100", "kyaml-1000"];
const LARGE: [&str; 2] = ["pods-10000", "dump-1000"];

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--write").skip(1);
    match arguments.next().map(PathBuf::from) {
        Some(folder) => {
            std::fs::create_dir_all(&folder).unwrap();
            for name in INPUTS.into_iter().chain(LARGE) {
                std::fs::write(folder.join(name).with_extension("yaml"), text(name)).unwrap();
            }
        }
        None => divan::main(),
    }
}

fn text(name: &str) -> String {
    let (sort, services) = name.split_once('-').unwrap();
    let services: usize = services.parse().unwrap();
    match sort {
        "boutique" => generate::boutique(services, 1),
        "dump" => generate::dump(services, services * 10, 1),
        "kyaml" => generate::kyaml(services),
        // As many pods as Kubernetes says it can have.
        _ => generate::pods(services, if services == 10_000 { 150_000 } else { services * 10 }),
    }
}

/// As the analysis reads: trees are dropped as soon as their objects are read.
#[divan::bench(args = INPUTS)]
fn objects(bencher: Bencher<'_, '_>, name: &str) {
    let lists = Lists { key: kinds::list::ITEMS, is_one: kinds::list::is_list, least: 64 * 1024 };
    let how = How { skims: true, lists: Some(lists), parsed: false };
    let file = SourceFile::new("-", text(name).into_bytes());
    bencher.counter(BytesCount::of_str(file.text())).bench(|| {
        split::read(0, black_box(&file), how, |part| match part {
            Part::Document(document) => match document.content {
                Content::Tree(root) => kinds::read(&root),
                _ => kinds::Readings::default(),
            },
            Part::Item { list, item } => kinds::read_item(list, &item),
        })
    });
}

/// Trees alone, each dropped at once.
#[divan::bench(args = INPUTS)]
fn trees(bencher: Bencher<'_, '_>, name: &str) {
    let file = SourceFile::new("-", text(name).into_bytes());
    let how = How::default();
    bencher
        .counter(BytesCount::of_str(file.text()))
        .bench(|| split::read(0, black_box(&file), how, |part| drop(black_box(part))));
}

/// The same by the full parser.
#[divan::bench(args = INPUTS, sample_count = 10)]
fn trees_by_the_full_parser(bencher: Bencher<'_, '_>, name: &str) {
    let file = SourceFile::new("-", text(name).into_bytes());
    let how = How { parsed: true, ..How::default() };
    bencher
        .counter(BytesCount::of_str(file.text()))
        .bench(|| split::read(0, black_box(&file), how, |part| drop(black_box(part))));
}
