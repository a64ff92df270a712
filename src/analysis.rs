//! From files to everything that there is to say about them.

mod listed;

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::cluster::{Cluster, State};
use crate::finding::{Finding, Severity};
use crate::kinds::{self, Object, ObjectProblem, Reading, Readings};
use crate::rules::Context;
use crate::source::split::{self, Content, How, Lists, Part};
use crate::source::{Allowance, Place, Problem, SourceFile, Span, What};
use crate::wiring::{self, Wiring};
use listed::Listed;

/// What an upload says.
#[derive(Debug, Default)]
pub struct Analysis {
    /// The files, by the numbers that spans carry.
    pub files: Vec<SourceFile>,
    /// Its objects as one cluster.
    pub cluster: Cluster,
    /// How its Services are wired.
    pub wiring: Wiring,
    /// What there is to say, the worst first.
    pub findings: Vec<Finding>,
    /// How many findings objects did not want to hear, by the annotation `podwire.dev/ignore`.
    pub suppressed: usize,
    /// Those findings, as many of them as are listed.
    pub ignored: Vec<Finding>,
    /// How many errors, warnings and hints there are, those included that are too many to list.
    pub counts: [usize; 3],
    /// How many documents were read.
    pub documents: usize,
    /// How many objects they held, of whatever kind.
    pub objects: usize,
    /// Objects that the board does not show, by kind: those that do not decide where traffic goes, and network policies
    /// that are about nobody there.
    pub others: BTreeMap<String, usize>,
    /// What was given and not read.
    pub skipped: Vec<Skipped>,
}

/// Something that was given and not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The file.
    pub file: String,
    /// Why.
    pub why: String,
}

/// How much an upload may hold. A few bytes can ask for a lot: a thousand Services that select the same thousand Pods
/// are a million endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most documents.
    pub documents: usize,
    /// The most values, as [`Allowance`] counts them.
    pub values: usize,
    /// The most objects.
    pub objects: usize,
    /// The most endpoints and ways in, of all ports of all Services together.
    pub endpoints: usize,
}

impl Limits {
    /// The most routes: each is told of in full, which takes as long as eight endpoints do.
    pub const fn routes(self) -> usize {
        self.endpoints / 8
    }
}

/// What an upload has too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooMuch {
    /// Documents.
    Documents,
    /// Values.
    Values,
    /// Objects.
    Objects,
    /// Endpoints and ways in.
    Endpoints,
    /// Routes of Gateways, which may be as many as endpoints.
    Routes,
}

/// Analyses an upload of any size. Never fails: what could not be read is in the findings.
///
/// `state` is `None` for "status is taken at its word where the upload carries any".
pub fn analyze(files: Vec<SourceFile>, state: Option<State>) -> Analysis {
    let any =
        Limits { documents: usize::MAX, values: usize::MAX, objects: usize::MAX, endpoints: usize::MAX };
    analyze_within(any, files, state).unwrap_or_default()
}

/// Analyses an upload, unless there is too much in it.
pub fn analyze_within(
    limits: Limits,
    files: Vec<SourceFile>,
    state: Option<State>,
) -> Result<Analysis, TooMuch> {
    let mut upload = Reader { many: files.len() > 1, ..Reader::default() };
    upload.read(&files, limits)?;
    let Reader { objects, problems, mut others, skipped, documents, object_count, .. } = upload;
    let cluster = Cluster::new(objects, state);
    if cluster.has_more_endpoints_than(limits.endpoints as u64) {
        return Err(TooMuch::Endpoints);
    }
    if cluster.most_routes() > limits.routes() as u64 {
        return Err(TooMuch::Routes);
    }
    let wiring = wiring::wire(&cluster);
    let idle = wiring.network_policies.idle(&cluster, &wiring.services);
    if idle > 0 {
        *others.entry("NetworkPolicy".to_owned()).or_default() += idle;
    }
    let context = Context { cluster: &cluster, wiring: &wiring, problems: &problems, files: &files };
    let Listed { findings, suppressed, ignored, counts, .. } = Listed::of(context);
    Ok(Analysis {
        files,
        cluster,
        wiring,
        findings,
        suppressed,
        ignored,
        counts,
        documents,
        objects: object_count,
        others,
        skipped,
    })
}

/// How many files are read before what they hold is counted.
const FILES: usize = 64;

/// Below this all is read on one thread, which never waits for the threads that read something large.
const MANY_BYTES: usize = 64 * 1024;

/// How files are read: as many documents at a time as there are cores, and no more of them than wiring wants.
const HOW: How<'_> = How {
    skims: true,
    lists: Some(Lists { key: kinds::list::ITEMS, is_one: kinds::list::is_list, least: MANY_BYTES }),
    parsed: false,
    values: None,
};

/// What was read of one part of a file.
struct Taken {
    /// What was found beside it.
    problems: Box<[Problem]>,
    content: Outcome,
}

enum Outcome {
    Nothing,
    Broken(Box<Problem>),
    Document(Result<Object, Box<Readings>>),
    Item(Result<Object, Box<Readings>>),
}

fn read(part: Part<'_, '_>) -> Taken {
    match part {
        Part::Document(document) => {
            let content = match document.content {
                Content::Empty => Outcome::Nothing,
                Content::Broken(problem) => Outcome::Broken(Box::new(problem)),
                Content::Tree(root) => Outcome::Document(kinds::read(&root).only()),
            };
            Taken { problems: document.problems.into_boxed_slice(), content }
        }
        Part::Item { list, item } => {
            Taken { problems: Box::default(), content: Outcome::Item(kinds::read_item(list, &item).only()) }
        }
    }
}

/// Puts together what was read, in the order of the files.
#[derive(Default)]
struct Reader {
    /// Whether there are several files: then a text that is no manifest is nothing to complain about.
    many: bool,
    objects: Vec<Object>,
    problems: Vec<ObjectProblem>,
    others: BTreeMap<String, usize>,
    skipped: Vec<Skipped>,
    documents: usize,
    object_count: usize,
    charts: Vec<String>,
}

impl Reader {
    fn read(&mut self, files: &[SourceFile], limits: Limits) -> Result<(), TooMuch> {
        let allowance = Allowance::new(limits.values);
        let how = How { values: Some(&allowance), ..HOW };
        for (number, group) in files.chunks(FILES).enumerate() {
            let read = |(at, file)| split::read((number * FILES + at) as u32, file, how, read);
            let bytes: usize = group.iter().map(|file| file.text().len()).sum();
            let taken: Vec<_> = if group.len() == 1 || bytes < MANY_BYTES {
                group.iter().enumerate().map(read).collect()
            } else {
                group.par_iter().enumerate().map(read).collect()
            };
            if allowance.is_overdrawn() {
                return Err(TooMuch::Values);
            }
            for (file, taken) in group.iter().zip(taken) {
                self.add(file, taken, limits)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, file: &SourceFile, taken: Vec<Taken>, limits: Limits) -> Result<(), TooMuch> {
        let mut not_manifests = 0;
        let is_chart = self.many && file.name.rsplit('/').next() == Some("Chart.yaml");
        for Taken { problems, content } in taken {
            self.problems.extend(problems.into_iter().map(without_object));
            match content {
                Outcome::Nothing => {}
                Outcome::Broken(problem) => {
                    self.documents += 1;
                    self.broken(file, *problem);
                }
                Outcome::Document(readings) => {
                    self.documents += 1;
                    not_manifests += self.take(readings, is_chart);
                }
                Outcome::Item(readings) => not_manifests += self.take(readings, is_chart),
            }
            if self.documents > limits.documents {
                return Err(TooMuch::Documents);
            }
            // What is no object was meant as one, and is told of.
            if self.object_count + self.problems.len() > limits.objects {
                return Err(TooMuch::Objects);
            }
        }
        if not_manifests > 0 {
            let why = match not_manifests {
                _ if is_chart => "a Helm chart's own file".to_owned(),
                1 => "a document without apiVersion and kind".to_owned(),
                count => format!("{count} documents without apiVersion and kind"),
            };
            self.skipped.push(Skipped { file: file.name.clone(), why });
        }
        Ok(())
    }

    /// Takes what a document held; answers how many of it were no manifests and may be passed over.
    fn take(&mut self, readings: Result<Object, Box<Readings>>, is_chart: bool) -> usize {
        let readings = match readings {
            Ok(object) => {
                self.object_count += 1;
                self.objects.push(object);
                return 0;
            }
            Err(readings) => readings,
        };
        let mut passed_over = 0;
        self.problems.extend(readings.problems);
        for reading in readings.readings {
            match reading {
                Reading::Object(object) => {
                    self.object_count += 1;
                    self.objects.push(object);
                }
                Reading::Other(object) => {
                    self.object_count += 1;
                    *self.others.entry(object.kind).or_default() += 1;
                }
                Reading::NotAnObject { missing: "both" | "", .. } if self.many => passed_over += 1,
                // It has a version, but never a kind.
                Reading::NotAnObject { missing: "kind", .. } if is_chart => passed_over += 1,
                Reading::NotAnObject { missing, span } => {
                    self.problems.push(without_object(Problem { what: What::NotAnObject { missing }, span }));
                }
            }
        }
        passed_over
    }

    /// A folder's templates are told of once a chart.
    fn broken(&mut self, file: &SourceFile, problem: Problem) {
        if self.many && problem.what == What::Template {
            let chart = file.name.split("templates/").next().unwrap_or_default().to_owned();
            if self.charts.contains(&chart) {
                self.skipped.push(Skipped {
                    file: file.name.clone(),
                    why: "a template that is not rendered".to_owned(),
                });
                return;
            }
            self.charts.push(chart);
        }
        self.problems.push(without_object(problem));
    }
}

fn without_object(problem: Problem) -> ObjectProblem {
    ObjectProblem { problem, object: None }
}

impl Analysis {
    /// The name of the file that a span points into.
    pub fn file_name(&self, span: Span) -> &str {
        self.files.get(span.file as usize).map_or("", |file| file.name.as_str())
    }

    /// The lines and columns of a span.
    pub fn place(&self, span: Span) -> Place {
        let nowhere = Place { line: 1, column: 1, end_line: 1, end_column: 1 };
        self.files.get(span.file as usize).map_or(nowhere, |file| file.place(span))
    }

    /// How many findings there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.counts[severity as usize]
    }
}
