//! Findings that are known already: those of an earlier `--format json`.
//!
//! A finding is known by its rule, file, object, field and words, not by its line: lines move.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Deserialize;

use crate::analysis::Analysis;

/// How often each known finding was there.
pub(super) struct Baseline(BTreeMap<Key, usize>);

/// Why a baseline is of no use.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum Error {
    #[error("cannot read the baseline \"{}\": {cause}", path.display())]
    Unreadable { path: PathBuf, cause: io::Error },
    #[error("\"{}\" is not a baseline: write one with podwire check --format json ({cause})", path.display())]
    Not { path: PathBuf, cause: serde_json::Error },
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    rule: String,
    file: String,
    object: [String; 3],
    field: Option<String>,
    message: String,
}

#[derive(Deserialize)]
struct Earlier {
    findings: Vec<Known>,
}

#[derive(Deserialize)]
struct Known {
    rule: String,
    message: String,
    field: Option<String>,
    object: Object,
    source: Source,
}

#[derive(Deserialize)]
struct Object {
    kind: String,
    namespace: String,
    name: String,
}

#[derive(Deserialize)]
struct Source {
    file: String,
}

impl Baseline {
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let bytes = fs::read(path).map_err(|cause| Error::Unreadable { path: path.to_owned(), cause })?;
        let earlier: Earlier =
            serde_json::from_slice(&bytes).map_err(|cause| Error::Not { path: path.to_owned(), cause })?;
        let mut known = BTreeMap::new();
        for Known { rule, message, field, object, source } in earlier.findings {
            let object = [object.kind, object.namespace, object.name];
            *known.entry(Key { rule, file: source.file, object, field, message }).or_default() += 1;
        }
        Ok(Self(known))
    }

    pub(super) fn leave_out(&self, analysis: &mut Analysis) {
        let mut findings = std::mem::take(&mut analysis.findings);
        let mut known = self.0.clone();
        let counts = &mut analysis.counts;
        let files = &analysis.files;
        findings.retain(|finding| {
            let object = &finding.object;
            let key = Key {
                rule: finding.rule.to_owned(),
                file: files.get(finding.span.file as usize).map_or("", |file| file.name.as_str()).to_owned(),
                object: [object.kind.clone(), object.namespace.clone(), object.name.clone()],
                field: finding.field.clone(),
                message: finding.message.clone(),
            };
            match known.get_mut(&key) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    counts[finding.severity as usize] -= 1;
                    false
                }
                _ => true,
            }
        });
        analysis.findings = findings;
    }
}
