//! Shared diagrams: what is kept of an upload, and what it becomes when somebody opens its link.
//!
//! Only masked text is kept, and Podwire's own words about documents that cannot be read. Opening analyses the masked
//! text anew: by its design it says the same as the original, by line and by field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::AppState;
use super::error::{Error, Result};
use super::lanes::Lane;
use super::upload::{Names, Options, StateAsked, Upload};
use crate::analysis::{Analysis, Skipped, analyze};
use crate::finding::{Finding, Severity, Stage};
use crate::names::ObjectRef;
use crate::source::redact::standins::Standins;
use crate::source::{SourceFile, Span, redact};
use crate::store::{DeleteToken, Id, Lookup, Record};
use crate::{render, rules, schema};

/// A shared diagram, opened.
#[derive(Debug)]
pub struct Stored {
    /// What its link ends with.
    pub id: Id,
    /// When it was made, in Unix seconds.
    pub created_at: i64,
    /// When it will be gone, in Unix seconds; `None` where it stays until it is deleted.
    pub expires_at: Option<i64>,
    /// What its masked text says; its files are the masked ones.
    pub analysis: Analysis,
}

/// The form in which a diagram is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    files: Vec<KeptFile>,
    /// How many documents the masked text no longer shows, since they cannot be read.
    unreadable: usize,
    /// What there was to say that the masked text gives no cause for …
    findings: Vec<KeptFinding>,
    /// … and what it gives cause for although there was nothing to say.
    unsaid: Vec<Said>,
    skipped: Vec<KeptSkipped>,
}

/// What a finding is known by, masked or not: columns and words may change, these may not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Said {
    rule: String,
    severity: String,
    field: Option<String>,
    file: u32,
    line: u32,
}

#[derive(Serialize, Deserialize)]
struct KeptFile {
    name: String,
    masked: String,
}

#[derive(Serialize, Deserialize)]
struct KeptFinding {
    #[serde(flatten)]
    said: Said,
    stage: String,
    message: String,
    help: String,
    short: String,
    object: KeptObject,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize, Deserialize)]
struct KeptObject {
    api_version: String,
    kind: String,
    namespace: String,
    name: String,
}

#[derive(Serialize, Deserialize)]
struct KeptSkipped {
    file: String,
    why: String,
}

/// The form that is written; every form that was ever written can be read.
const VERSION: u32 = 1;

/// The last lines of a masked download.
const DO_NOT_APPLY: &str =
    "# Masked by Podwire: what wiring does not need was left out. Look at it, do not apply it.\n";

/// Rules whose sentences tell of a document, and of no value in it.
const OF_DOCUMENTS: [&str; 5] =
    ["yaml-syntax", "kubectl-output", "lost-line-ends", "unrendered-template", "not-a-manifest"];

/// An upload's text as it is kept.
pub struct Masked {
    /// Its files, masked; in order.
    pub files: Vec<SourceFile>,
    standins: Option<Standins>,
}

impl Masked {
    /// Masks an upload. CPU work.
    pub fn new(analysis: &Analysis, names: Names) -> Result<Self> {
        let files = analysis.files.iter().enumerate();
        let files = files.map(|(id, file)| (file.name.clone(), redact::redact(id as u32, file).into_bytes()));
        let files: Vec<SourceFile> = files.map(|(name, text)| SourceFile::new(name, text)).collect();
        if names == Names::Kept {
            return Ok(Self { files, standins: None });
        }
        let standins = Standins::new(&files);
        let replaced = files.iter().enumerate().map(|(id, file)| {
            let text = standins.replace(id as u32, file).ok_or(Error::NamesStay)?;
            Ok(SourceFile::new(file_name(id, &file.name), text.into_bytes()))
        });
        Ok(Self { files: replaced.collect::<Result<_>>()?, standins: Some(standins) })
    }

    fn word(&self, name: &str) -> String {
        self.standins.as_ref().map_or_else(|| name.to_owned(), |standins| standins.word(name))
    }
}

/// The stand-in for a file's name; text that came without one needs none.
fn file_name(id: usize, name: &str) -> String {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    match extension.filter(|extension| ["yaml", "yml", "json"].contains(extension)) {
        Some(extension) => format!("file-{}.{extension}", id + 1),
        None if name == "-" => name.to_owned(),
        None => format!("file-{}", id + 1),
    }
}

/// What is kept of an upload with its names: its masked text, and what was said that the masked text would not say.
/// CPU work.
pub fn keep(analysis: &Analysis) -> Result<Vec<u8>> {
    keep_with(analysis, Names::Kept)
}

/// What is kept of an upload, with its names or without. CPU work.
pub fn keep_with(analysis: &Analysis, names: Names) -> Result<Vec<u8>> {
    let masked = Masked::new(analysis, names)?;
    let again =
        masked.files.iter().map(|file| SourceFile::new(file.name.clone(), file.text().as_bytes().to_vec()));
    let again = analyze(again.collect(), Some(analysis.cluster.state));
    let mut unsaid = Count::new(again.findings.iter().map(|finding| Said::new(&again, finding)));
    let lost = analysis.findings.iter().filter(|finding| !unsaid.take(&Said::new(analysis, finding)));
    let findings = lost.map(|finding| KeptFinding::new(analysis, finding, &masked)).collect();
    let skipped = analysis.skipped.iter();
    let pairs = analysis.files.iter().zip(&masked.files);
    let read: BTreeMap<&str, &str> =
        pairs.map(|(file, masked)| (file.name.as_str(), masked.name.as_str())).collect();
    let kept = Kept {
        version: VERSION,
        files: masked.files.iter().map(KeptFile::new).collect(),
        unreadable: analysis.documents.saturating_sub(again.documents),
        findings,
        unsaid: unsaid.rest(),
        skipped: skipped.map(|s| KeptSkipped::new(s, &read)).collect(),
    };
    serde_json::to_vec(&kept).map_err(Error::internal)
}

impl KeptFile {
    fn new(file: &SourceFile) -> Self {
        Self { name: file.name.clone(), masked: file.text().to_owned() }
    }
}

impl KeptSkipped {
    /// The names of files that were not even read are nobody's business.
    fn new(skipped: &Skipped, read: &BTreeMap<&str, &str>) -> Self {
        let file = read.get(skipped.file.as_str()).copied().unwrap_or(redact::MASK);
        Self { file: file.to_owned(), why: skipped.why.clone() }
    }
}

impl Said {
    fn new(analysis: &Analysis, finding: &Finding) -> Self {
        Self {
            rule: finding.rule.to_owned(),
            severity: finding.severity.as_str().to_owned(),
            field: finding.field.as_deref().map(|field| without_names(finding.rule, field)),
            file: finding.span.file,
            line: analysis.place(finding.span).line,
        }
    }
}

/// How often each thing is said.
struct Count(BTreeMap<Said, usize>);

impl Count {
    fn new(said: impl Iterator<Item = Said>) -> Self {
        let mut count = BTreeMap::new();
        said.for_each(|said| *count.entry(said).or_default() += 1);
        Self(count)
    }

    /// Takes one away; whether there was one.
    fn take(&mut self, said: &Said) -> bool {
        match self.0.get_mut(said) {
            Some(times) if *times > 0 => {
                *times -= 1;
                true
            }
            _ => false,
        }
    }

    fn rest(self) -> Vec<Said> {
        self.0.into_iter().flat_map(|(said, times)| std::iter::repeat_n(said, times)).collect()
    }
}

/// A field without what masking takes out of it: the keys of maps that it goes through, where it ends, and a key that
/// is no field.
fn without_names(rule: &str, field: &str) -> String {
    let is_key = |at: usize| {
        let index = field[at + 1..].split(']').next().unwrap_or_default();
        index.is_empty() || !index.bytes().all(|c| c.is_ascii_digit())
    };
    let key = field.match_indices('[').find(|(at, _)| is_key(*at));
    let known = &field[..key.map_or(field.len(), |(at, _)| at)];
    if rule != "unknown-field" {
        return known.to_owned();
    }
    let (above, name) =
        if key.is_some() { (known, "") } else { known.rsplit_once('.').unwrap_or(("", known)) };
    let name = if schema::is_field_name(name) { name } else { "masked" };
    if above.is_empty() { name.to_owned() } else { format!("{above}.{name}") }
}

impl KeptFinding {
    fn new(analysis: &Analysis, finding: &Finding, masked: &Masked) -> Self {
        let place = analysis.place(finding.span);
        let rule = rules::by_name(finding.rule);
        // Other sentences quote the upload or tell of its values: the rule's own words stand for them.
        let is_own = masked.standins.is_none() && OF_DOCUMENTS.contains(&finding.rule);
        let own = |text: &str, own: &str| {
            let says_own = is_own && !text.replace("\"---\"", "").contains('"');
            if says_own { text.to_owned() } else { own.to_owned() }
        };
        let object = &finding.object;
        Self {
            said: Said::new(analysis, finding),
            stage: finding.stage.as_str().to_owned(),
            message: own(&finding.message, rule.map_or("", |rule| rule.what)),
            help: own(&finding.help, "the rule's page says what to do"),
            short: rule.map_or("", |rule| rule.name).to_owned(),
            object: KeptObject {
                api_version: object.api_version.clone(),
                kind: object.kind.clone(),
                namespace: masked.word(&object.namespace),
                name: masked.word(&object.name),
            },
            // Columns would tell how long masked values are, so lines are meant whole.
            column: 1,
            end_line: place.end_line,
            end_column: u32::MAX,
        }
    }

    /// The finding, in the masked text; a rule that is no more says no more.
    fn finding(self, files: &[SourceFile]) -> Option<Finding> {
        let Said { rule, severity, field, file, line } = self.said;
        let rule = rules::by_name(&rule)?;
        let severities = [Severity::Error, Severity::Warning, Severity::Hint];
        let stages = [Stage::Read, Stage::Validate, Stage::Allocate, Stage::Wire];
        let text = files.get(file as usize)?;
        let start = text.offset(line, self.column);
        let end = text.offset(self.end_line, self.end_column).max(start);
        Some(Finding {
            rule: rule.name,
            stage: stages.into_iter().find(|stage| stage.as_str() == self.stage)?,
            severity: severities.into_iter().find(|known| known.as_str() == severity)?,
            message: self.message,
            help: self.help,
            short: self.short,
            field,
            object: ObjectRef {
                api_version: self.object.api_version,
                kind: self.object.kind,
                namespace: self.object.namespace,
                name: self.object.name,
            },
            span: Span { file, start, end },
            related: Vec::new(),
            fix: None,
        })
    }
}

impl Stored {
    /// Opens what was kept: CPU work.
    pub fn open(record: &Record) -> Result<Self> {
        let kept: Kept =
            serde_json::from_slice(&record.body).map_err(|cause| Error::Unreadable(cause.into()))?;
        if kept.version != VERSION {
            return Err(Error::Unreadable(format!("a diagram is kept in form {}", kept.version).into()));
        }
        let state = record.state.as_deref().and_then(|state| state.parse().ok()).unwrap_or(StateAsked::Auto);
        let files = kept.files.into_iter().map(|file| SourceFile::new(file.name, file.masked.into_bytes()));
        let mut analysis = analyze(files.collect(), state.asked());
        analysis.documents += kept.unreadable;
        let skipped = kept.skipped.into_iter();
        analysis.skipped = skipped.map(|skipped| Skipped { file: skipped.file, why: skipped.why }).collect();
        let mut unsaid = Count::new(kept.unsaid.into_iter());
        let said: Vec<bool> =
            analysis.findings.iter().map(|finding| !unsaid.take(&Said::new(&analysis, finding))).collect();
        let mut said = said.into_iter();
        let counts = &mut analysis.counts;
        analysis.findings.retain(|finding| {
            let stays = said.next().unwrap_or(true);
            counts[finding.severity as usize] -= usize::from(!stays);
            stays
        });
        let further = kept.findings.into_iter().filter_map(|finding| finding.finding(&analysis.files));
        let further: Vec<Finding> = further.collect();
        for finding in &further {
            analysis.counts[finding.severity as usize] += 1;
        }
        analysis.findings.extend(further);
        rules::sort(&mut analysis.findings);
        Ok(Self { id: record.id, created_at: record.created_at, expires_at: record.expires_at, analysis })
    }

    /// The diagram's page.
    pub fn url(&self, base: &str) -> String {
        format!("{base}/d/{}", self.id.full())
    }

    /// All masked files as one stream of YAML.
    pub fn masked(&self) -> String {
        let files = &self.analysis.files;
        let mut text = String::new();
        for file in files {
            if files.len() > 1 {
                text.push_str("---\n# ");
                text.push_str(&render::text::plain(&file.name));
                text.push('\n');
            }
            text.push_str(file.text());
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
        }
        text + DO_NOT_APPLY
    }
}

impl AppState {
    /// What is kept under an id; an error where there is nothing, or nothing any more.
    pub async fn record(&self, id: Id) -> Result<Record> {
        match self.store.get(id, self.now()).await? {
            Lookup::Found(record) => Ok(*record),
            Lookup::Gone(how) => Err(Error::Gone(how)),
            Lookup::Unknown => Err(Error::NotFound),
        }
    }

    /// The diagram of an id, opened off the async threads.
    pub async fn stored(&self, id: Id) -> Result<Stored> {
        let record = self.record(id).await?;
        self.compute(Lane::of(record.body.len()), move || Stored::open(&record)).await?
    }

    /// A new record, and what deletes it.
    pub fn new_record(&self, options: Options, body: Vec<u8>) -> Result<(Record, DeleteToken)> {
        let (token, created_at) = (DeleteToken::random().map_err(Error::internal)?, self.now());
        let record = Record {
            id: Id::random().map_err(Error::internal)?,
            token_hash: token.hash(),
            created_at,
            expires_at: options.expires.end(created_at),
            state: Some(options.state.as_str().to_owned()),
            body,
        };
        Ok((record, token))
    }

    /// What is kept of an upload, and the analysis of the original.
    pub async fn mask(&self, upload: Upload, options: Options) -> Result<(Vec<u8>, Analysis)> {
        let config = self.config.clone();
        self.compute(upload.lane(), move || {
            let analysis = upload.analyze(options.state, &config)?;
            Ok((keep_with(&analysis, options.names)?, analysis))
        })
        .await?
    }
}
