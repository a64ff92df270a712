//! How long each stage takes by itself, on every sort of upload: `cargo bench --bench stages`; `-- pods-1000` is one of them,
//! `-- wire` one stage, and `python3 benches/stages.py` a table of all. `-- --write FOLDER` writes the uploads, and larger ones, and exits.
//!
//! Splitting and reading are timed with one thread by `RAYON_NUM_THREADS=1`; the other stages have one anyway.
#![expect(clippy::unwrap_used, reason = "a bench stops where it fails")]

mod generate;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use podwire::analysis::{Analysis, analyze};
use podwire::cluster::Cluster;
use podwire::kinds::{self, Reading, Readings};
use podwire::render::svg::{self, Link, Use};
use podwire::rules::{self, Context};
use podwire::source::SourceFile;
use podwire::source::split::{self, Content, How, Lists, Part};
use podwire::web::api::{answer, types};
use podwire::{diagram, wiring};

use generate::INPUTS;

// What the binary has: reading asks for memory more than it does anything else.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Services on a board: those of a shop, of a team, of several, and as many as one board draws; then twice that.
const BOARDS: [usize; 5] = [12, 60, 120, 300, 600];

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--write").skip(1);
    match arguments.next() {
        Some(folder) => generate::write(folder.as_ref()).unwrap(),
        None => divan::main(),
    }
}

/// As the analysis reads: documents side by side, long lists cut into items, each tree dropped once it is read.
const READING: How<'_> = How {
    skims: true,
    lists: Some(Lists { key: kinds::list::ITEMS, is_one: kinds::list::is_list, least: 64 * 1024 }),
    parsed: false,
    values: None,
};

fn file(name: &str) -> Option<SourceFile> {
    Some(SourceFile::new("-", generate::text(name)?.into_bytes()))
}

fn objects_of<T: Send>(file: &SourceFile, keep: impl Fn(Readings) -> T + Sync) -> Vec<T> {
    split::read(0, file, READING, |part| {
        keep(match part {
            Part::Document(document) => match document.content {
                Content::Tree(root) => kinds::read(&root),
                _ => Readings::default(),
            },
            Part::Item { list, item } => kinds::read_item(list, &item),
        })
    })
}

fn analysis_of(file: SourceFile) -> Analysis {
    analyze(vec![file], None)
}

/// Text to trees, each dropped at once.
#[divan::bench(args = INPUTS, sample_count = 20, max_time = 1)]
fn a_split(bencher: Bencher<'_, '_>, name: &str) {
    let Some(file) = file(name) else { return };
    bencher
        .counter(BytesCount::of_str(file.text()))
        .bench(|| split::read(0, black_box(&file), READING, |part| drop(black_box(part))));
}

/// The same by the full parser, which reads what the scanner does not know.
#[divan::bench(args = ["seed", "boutique", "pods-100", "dump-100", "kyaml-1000"], sample_count = 10, max_time = 1)]
fn a_split_by_the_full_parser(bencher: Bencher<'_, '_>, name: &str) {
    let Some(file) = file(name) else { return };
    bencher.counter(BytesCount::of_str(file.text())).bench(|| {
        split::read(0, black_box(&file), How { parsed: true, ..How::default() }, |part| drop(black_box(part)))
    });
}

/// Text to objects: splitting, and a reader for each kind.
#[divan::bench(args = INPUTS, sample_count = 20, max_time = 1)]
fn b_read(bencher: Bencher<'_, '_>, name: &str) {
    let Some(file) = file(name) else { return };
    bencher.counter(BytesCount::of_str(file.text())).bench(|| objects_of(black_box(&file), Readings::only));
}

/// Objects to a cluster.
#[divan::bench(args = INPUTS, sample_count = 20, max_time = 1)]
fn c_index(bencher: Bencher<'_, '_>, name: &str) {
    let Some(file) = file(name) else { return };
    let readings = objects_of(&file, |readings| readings).into_iter().flat_map(|readings| readings.readings);
    let objects: Vec<_> = readings
        .filter_map(|reading| match reading {
            Reading::Object(object) => Some(object),
            _ => None,
        })
        .collect();
    bencher
        .counter(ItemsCount::new(objects.len()))
        .with_inputs(|| objects.clone())
        .bench_values(|objects| Cluster::new(objects, None));
}

/// A cluster to its wiring.
#[divan::bench(args = INPUTS, sample_count = 20, max_time = 1)]
fn d_wire(bencher: Bencher<'_, '_>, name: &str) {
    let Some(file) = file(name) else { return };
    let analysis = analysis_of(file);
    bencher.counter(ItemsCount::new(analysis.objects)).bench(|| wiring::wire(black_box(&analysis.cluster)));
}

/// A wiring to its findings.
#[divan::bench(args = INPUTS, sample_count = 20, max_time = 1)]
fn e_check(bencher: Bencher<'_, '_>, name: &str) {
    let Some(file) = file(name) else { return };
    let problems: Vec<_> =
        objects_of(&file, |readings| readings).into_iter().flat_map(|readings| readings.problems).collect();
    let Analysis { cluster, wiring, files, objects, .. } = &analysis_of(file);
    bencher.counter(ItemsCount::new(*objects)).bench(|| {
        let context = Context { cluster, wiring, problems: black_box(&problems), files };
        rules::check(context, |found| drop(black_box(found)));
    });
}

/// An analysis to the board with every place decided.
#[divan::bench(args = INPUTS, sample_count = 20, max_time = 1)]
fn f_lay_out(bencher: Bencher<'_, '_>, name: &str) {
    let Some(file) = file(name) else { return };
    let Analysis { cluster, wiring, findings, .. } = &analysis_of(file);
    bencher.bench(|| diagram::lay_out(black_box(cluster), wiring, findings));
}

/// A board to SVG, as the page has it.
#[divan::bench(args = INPUTS, sample_count = 20, max_time = 1)]
fn g_draw(bencher: Bencher<'_, '_>, name: &str) {
    let Some(file) = file(name) else { return };
    let Analysis { cluster, wiring, findings, .. } = &analysis_of(file);
    let board = diagram::lay_out(cluster, wiring, findings);
    let drawn = Use { link: Link::Query, ..Use::default() };
    let svg = svg::svg(&board, drawn);
    bencher.counter(BytesCount::of_str(&svg)).bench(|| svg::svg(black_box(&board), drawn));
}

/// An analysis to the JSON that the API answers.
#[divan::bench(args = INPUTS, sample_count = 20, max_time = 1)]
fn h_json(bencher: Bencher<'_, '_>, name: &str) {
    let Some(file) = file(name) else { return };
    let analysis = analysis_of(file);
    let json = answer::json(&types::Analysis::from(&analysis)).unwrap();
    bencher
        .counter(BytesCount::of_slice(&json))
        .bench(|| answer::json(&types::Analysis::from(black_box(&analysis))).unwrap());
}

/// All of it: from the bytes of an upload to the JSON of its answer.
#[divan::bench(args = INPUTS, sample_count = 20, max_time = 1)]
fn i_text_to_json(bencher: Bencher<'_, '_>, name: &str) {
    let Some(text) = generate::text(name) else { return };
    let file = || SourceFile::new("-", text.clone().into_bytes());
    bencher.counter(BytesCount::of_str(&text)).with_inputs(file).bench_values(|file| {
        let analysis = analysis_of(file);
        answer::json(&types::Analysis::from(&analysis)).unwrap()
    });
}

/// Boards of so many Services, laid out and drawn.
#[divan::bench(args = BOARDS, max_time = 1)]
fn j_board(bencher: Bencher<'_, '_>, services: usize) {
    let Some(file) = file(&format!("boutique-{services}")) else { return };
    let Analysis { cluster, wiring, findings, .. } = &analysis_of(file);
    bencher.counter(ItemsCount::new(services)).bench(|| {
        let board = diagram::lay_out(black_box(cluster), wiring, findings);
        svg::svg(&board, Use { link: Link::Query, ..Use::default() })
    });
}
