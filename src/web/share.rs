//! Shared diagrams: what is kept of an upload, and what it becomes when somebody opens its link.
//!
//! Only masked text is kept, and Podwire's own words about documents that cannot be read. Opening analyses the masked
//! text anew: by its design it says the same as the original, by line and by field.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};

use super::AppState;
use super::api::answer::{ASK_AGAIN, Format};
use super::api::types;
use super::error::{Error, Result};
use super::upload::{Options, StateAsked, Upload};
use crate::analysis::{Analysis, Skipped, analyze};
use crate::finding::{Finding, Severity};
use crate::names::ObjectRef;
use crate::source::split::{self, Content};
use crate::source::{SourceFile, Span, redact};
use crate::store::{DeleteToken, Id, Lookup, Record};
use crate::{diagram, render, rules};

/// A shared diagram, opened.
#[derive(Debug)]
pub struct Stored {
    /// What its link ends with.
    pub id: Id,
    /// When it was made, in Unix seconds.
    pub created_at: i64,
    /// When it will be gone, in Unix seconds.
    pub expires_at: i64,
    /// What its masked text says; its files are the masked ones.
    pub analysis: Analysis,
}

/// The form in which a diagram is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    files: Vec<KeptFile>,
    /// Documents that cannot be read are blank lines in the masked text: how many there are …
    unreadable: usize,
    /// … and what there was to say about them.
    findings: Vec<KeptFinding>,
    skipped: Vec<KeptSkipped>,
}

#[derive(Serialize, Deserialize)]
struct KeptFile {
    name: String,
    masked: String,
}

#[derive(Serialize, Deserialize)]
struct KeptFinding {
    rule: String,
    severity: String,
    message: String,
    help: String,
    file: u32,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
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

/// What is kept of an upload: its masked text, and what was said about documents that cannot be read.
pub fn keep(analysis: &Analysis) -> Result<Vec<u8>> {
    let mut files = Vec::with_capacity(analysis.files.len());
    let mut unreadable = Vec::new();
    for (id, file) in analysis.files.iter().enumerate() {
        let documents = split::documents(id as u32, file).into_iter();
        let broken = documents.filter(|document| matches!(document.content, Content::Broken(_)));
        unreadable.extend(broken.map(|document| document.span));
        files.push(KeptFile { name: file.name.clone(), masked: redact::redact(id as u32, file) });
    }
    let inside = |span: Span| {
        unreadable
            .iter()
            .any(|whole| whole.file == span.file && (whole.start..=whole.end).contains(&span.start))
    };
    let findings = analysis.findings.iter().filter(|finding| finding.stage == crate::finding::Stage::Read);
    let kept = Kept {
        version: VERSION,
        files,
        findings: findings
            .filter(|finding| inside(finding.span))
            .map(|f| KeptFinding::new(analysis, f))
            .collect(),
        unreadable: unreadable.len(),
        skipped: analysis
            .skipped
            .iter()
            .map(|s| KeptSkipped { file: s.file.clone(), why: s.why.clone() })
            .collect(),
    };
    serde_json::to_vec(&kept).map_err(Error::internal)
}

impl KeptFinding {
    fn new(analysis: &Analysis, finding: &Finding) -> Self {
        let place = analysis.place(finding.span);
        let rule = rules::by_name(finding.rule);
        // The words about unreadable text quote none of it; should any ever do, the rule's own words stand for them.
        let quotes = finding.message.replace("\"---\"", "").contains('"');
        let message = match rule {
            Some(rule) if quotes => rule.what.to_owned(),
            _ => finding.message.clone(),
        };
        Self {
            rule: finding.rule.to_owned(),
            severity: finding.severity.as_str().to_owned(),
            message,
            help: finding.help.clone(),
            file: finding.span.file,
            line: place.line,
            column: place.column,
            end_line: place.end_line,
            end_column: place.end_column,
        }
    }

    /// The finding, in the masked text; a rule that is no more says no more.
    fn finding(self, files: &[SourceFile]) -> Option<Finding> {
        let rule = rules::by_name(&self.rule)?;
        let severities = [Severity::Error, Severity::Warning, Severity::Hint];
        let file = files.get(self.file as usize)?;
        let start = file.offset(self.line, self.column);
        let end = file.offset(self.end_line, self.end_column).max(start);
        Some(Finding {
            rule: rule.name,
            stage: rule.stage,
            severity: severities.into_iter().find(|severity| severity.as_str() == self.severity)?,
            message: self.message,
            help: self.help,
            short: "cannot be read".to_owned(),
            field: None,
            object: ObjectRef::default(),
            span: Span { file: self.file, start, end },
            related: Vec::new(),
            fix: None,
        })
    }
}

impl Stored {
    /// Opens what was kept: CPU work.
    pub fn open(record: &Record) -> Result<Self> {
        let kept: Kept = serde_json::from_slice(&record.body).map_err(Error::internal)?;
        if kept.version != VERSION {
            return Err(Error::internal(format!("a diagram is kept in form {}", kept.version)));
        }
        let state = record.state.as_deref().and_then(|state| state.parse().ok()).unwrap_or(StateAsked::Auto);
        let files = kept.files.into_iter().map(|file| SourceFile::new(file.name, file.masked.into_bytes()));
        let mut analysis = analyze(files.collect(), state.asked());
        analysis.documents += kept.unreadable;
        let skipped = kept.skipped.into_iter();
        analysis.skipped = skipped.map(|skipped| Skipped { file: skipped.file, why: skipped.why }).collect();
        let unread = kept.findings.into_iter().filter_map(|finding| finding.finding(&analysis.files));
        analysis.findings.extend(unread.collect::<Vec<_>>());
        rules::sort(&mut analysis.findings);
        Ok(Self { id: record.id, created_at: record.created_at, expires_at: record.expires_at, analysis })
    }

    /// The diagram's page.
    pub fn url(&self, base: &str) -> String {
        format!("{base}/d/{}", self.id.full())
    }

    /// All masked files as one stream of YAML.
    fn masked(&self) -> String {
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

/// `ID.svg` as the id and the extension, `ID` as the id alone.
pub fn split(file: &str) -> Result<(Id, Option<&str>)> {
    let (id, extension) = file.split_once('.').map_or((file, None), |(id, extension)| (id, Some(extension)));
    Ok((id.parse()?, extension))
}

/// A diagram in one of its other forms; of an extension that is none, [`Error::NotFound`]. CPU work.
pub fn face(stored: &Stored, extension: &str) -> Result<Response> {
    let Analysis { cluster, wiring, findings, files, .. } = &stored.analysis;
    let kept = (header::CACHE_CONTROL, ASK_AGAIN);
    let kind = |kind: &'static str| (header::CONTENT_TYPE, kind);
    Ok(match extension {
        "json" => Format::Json.answer(&types::Analysis::from(&stored.analysis), ASK_AGAIN)?,
        "txt" => {
            let text = render::text::text(cluster, wiring, findings, files);
            ([kind("text/plain; charset=utf-8"), kept], text).into_response()
        }
        "svg" => {
            let svg = render::svg::standalone(&diagram::lay_out(cluster, wiring, findings));
            // A picture that stands alone brings its own style, and nothing else.
            let policy = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; sandbox";
            let policy = (header::CONTENT_SECURITY_POLICY, policy);
            ([kind("image/svg+xml"), kept, policy], svg).into_response()
        }
        "yaml" => {
            let name = format!("attachment; filename=\"masked-{}.yaml\"", stored.id.full());
            let headers = [kind("application/yaml"), kept];
            (headers, [(header::CONTENT_DISPOSITION, name)], stored.masked()).into_response()
        }
        _ => return Err(Error::NotFound),
    })
}

impl AppState {
    /// What is kept under an id; an error where there is nothing, or nothing any more.
    pub async fn record(&self, id: Id) -> Result<Record> {
        match self.store.get(id, self.now()).await? {
            Lookup::Found(record) => Ok(*record),
            Lookup::Gone => Err(Error::Gone),
            Lookup::Unknown => Err(Error::NotFound),
        }
    }

    /// The diagram of an id, opened off the async threads.
    pub async fn stored(&self, id: Id) -> Result<Stored> {
        let record = self.record(id).await?;
        self.compute(move || Stored::open(&record)).await?
    }

    /// A new record, and what deletes it.
    pub fn new_record(&self, options: Options, body: Vec<u8>) -> Result<(Record, DeleteToken)> {
        let token = DeleteToken::random().map_err(Error::internal)?;
        let created_at = self.now();
        let record = Record {
            id: Id::random().map_err(Error::internal)?,
            token_hash: token.hash(),
            created_at,
            expires_at: created_at + options.expires.as_seconds(),
            state: Some(options.state.as_str().to_owned()),
            body,
        };
        Ok((record, token))
    }

    /// Keeps an upload's masked text: the record with its body, and the analysis of the original.
    pub async fn mask(&self, upload: Upload, state: StateAsked) -> Result<(Vec<u8>, Analysis)> {
        let config = self.config.clone();
        self.compute(move || {
            let analysis = upload.analyze(state, &config)?;
            Ok((keep(&analysis)?, analysis))
        })
        .await?
    }
}
