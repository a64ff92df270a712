//! Fixes, made: on the files, or shown as the diff that they would make.
//!
//! A fix is kept only where the findings become fewer by it, so what remains is never worse than what was given.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use similar::TextDiff;

use crate::analysis::{Analysis, analyze};
use crate::cli::input::Read;
use crate::cluster::State;
use crate::finding::{Edit, Finding, Severity};
use crate::names::ObjectRef;
use crate::render::text::plain;
use crate::source::SourceFile;

use super::baseline::Baseline;
use super::many;

/// How often findings are looked at anew. Every look but a few makes all fixes that there are.
const LOOKS: usize = 100;

/// What the fixes made of what was read.
pub(super) struct Mended {
    /// The texts as they were given, by file.
    before: Vec<String>,
    /// What was mended, each with its place.
    done: Vec<String>,
}

/// Why a file is not written.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum Error {
    #[error("cannot write \"{}\": {cause}", path.display())]
    Unwritable { path: PathBuf, cause: io::Error },
    #[error("\"{}\" has changed since it was read, and was left as it is", path.display())]
    Changed { path: PathBuf },
}

/// A fix that does not mend, by what it was offered for.
type Useless = (&'static str, ObjectRef, Option<String>, String);

/// Makes every fix that mends something in the texts that were read, but in no file.
pub(super) fn mend(read: &mut Read, state: Option<State>, baseline: Option<&Baseline>) -> Mended {
    let before: Vec<String> = read.analysis.files.iter().map(|file| file.text().to_owned()).collect();
    let mut done = Vec::new();
    let mut useless: BTreeSet<Useless> = BTreeSet::new();
    let mut at_once = usize::MAX;
    for _ in 0..LOOKS {
        let chosen = choose(&read.analysis, &useless, at_once);
        if chosen.is_empty() {
            break;
        }
        let mut next = analyze(texts(&read.analysis, &chosen), state);
        if let Some(baseline) = baseline {
            baseline.leave_out(&mut next);
        }
        // An error that leaves a hint behind is mended.
        let mildest = chosen.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Hint);
        let mended = total(&read.analysis, mildest).saturating_sub(total(&next, mildest));
        if mended >= chosen.len() {
            done.extend(chosen.iter().map(|finding| line(read, finding)));
            read.analysis = next;
            at_once = usize::MAX;
        } else if let [one] = chosen.as_slice() {
            useless.insert(known(one));
            at_once = usize::MAX;
        } else {
            at_once = chosen.len() / 2;
        }
    }
    Mended { before, done }
}

fn known(finding: &Finding) -> Useless {
    (finding.rule, finding.object.clone(), finding.field.clone(), finding.message.clone())
}

/// How many findings are as bad as that, or worse.
fn total(analysis: &Analysis, mildest: Severity) -> usize {
    let all = [Severity::Error, Severity::Warning, Severity::Hint];
    all.into_iter().filter(|severity| *severity <= mildest).map(|severity| analysis.count(severity)).sum()
}

/// Findings whose fixes touch texts that are as they were in the file, and do not touch each other.
fn choose<'a>(analysis: &'a Analysis, useless: &BTreeSet<Useless>, most: usize) -> Vec<&'a Finding> {
    let mut taken: Vec<&Edit> = Vec::new();
    let mut chosen = Vec::new();
    for finding in &analysis.findings {
        let Some(fix) = finding.fix.as_ref().filter(|_| chosen.len() < most) else { continue };
        let sound = |edit: &Edit| {
            let file = analysis.files.get(edit.span.file as usize);
            file.is_some_and(SourceFile::is_as_given)
        };
        let free = |edit: &Edit| !taken.iter().any(|other| touch(edit, other));
        if fix.edits.iter().all(|edit| sound(edit) && free(edit)) && !useless.contains(&known(finding)) {
            taken.extend(&fix.edits);
            chosen.push(finding);
        }
    }
    chosen
}

fn touch(a: &Edit, b: &Edit) -> bool {
    a.span.file == b.span.file && a.span.start <= b.span.end && b.span.start <= a.span.end
}

/// The files with the edits of these findings made.
fn texts(analysis: &Analysis, chosen: &[&Finding]) -> Vec<SourceFile> {
    let mut edits: Vec<&Edit> =
        chosen.iter().filter_map(|finding| finding.fix.as_ref()).flat_map(|fix| &fix.edits).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    let mut texts: Vec<String> = analysis.files.iter().map(|file| file.text().to_owned()).collect();
    for edit in edits {
        if let Some(text) = texts.get_mut(edit.span.file as usize) {
            text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
    }
    let files = analysis.files.iter().zip(texts);
    files.map(|(file, text)| SourceFile::new(file.name.as_str(), text.into_bytes())).collect()
}

fn line(read: &Read, finding: &Finding) -> String {
    let place = read.analysis.place(finding.span);
    let title = finding.fix.as_ref().map_or("", |fix| fix.title.as_str());
    let path = plain(&read.path(finding.span.file));
    format!("{path}:{}:{}: {} [{}]", place.line, place.column, plain(title), finding.rule)
}

impl Mended {
    /// What was mended, in words; `verb` is `fixed` or `would fix`.
    pub(super) fn report(&self, verb: &str) -> String {
        let mut lines = String::new();
        for line in &self.done {
            lines.push_str(&format!("{verb}: {line}\n"));
        }
        lines + &format!("{verb} {}\n", many(self.done.len(), "finding"))
    }

    /// Writes every file that has changed, each whole or not at all; answers what standard input has become.
    pub(super) fn write(&self, read: &Read) -> Result<Option<String>, Error> {
        let mut stdin = None;
        for (id, (before, file)) in self.before.iter().zip(&read.analysis.files).enumerate() {
            match read.file(id) {
                None => stdin = Some(file.text().to_owned()),
                Some(path) if before != file.text() => replace(path, before, file.text())?,
                Some(_) => {}
            }
        }
        Ok(stdin)
    }

    /// The changes as a unified diff.
    pub(super) fn diff(&self, read: &Read) -> String {
        let mut out = String::new();
        for (id, (before, file)) in self.before.iter().zip(&read.analysis.files).enumerate() {
            if before != file.text() {
                let path = read.path(id as u32);
                let diff = TextDiff::from_lines(before.as_str(), file.text());
                out.push_str(
                    &diff.unified_diff().header(&format!("a/{path}"), &format!("b/{path}")).to_string(),
                );
            }
        }
        out
    }
}

/// Puts a new text in the place of a file that has the old one: beside it first, so that it is never half written.
fn replace(path: &Path, before: &str, after: &str) -> Result<(), Error> {
    let unwritable = |cause| Error::Unwritable { path: path.to_owned(), cause };
    // What a link leads to is changed, and the link stays.
    let real = fs::canonicalize(path).map_err(unwritable)?;
    if fs::read(&real).map_err(unwritable)? != before.as_bytes() {
        return Err(Error::Changed { path: path.to_owned() });
    }
    let permissions = fs::metadata(&real).map_err(unwritable)?.permissions();
    let mut beside =
        tempfile::NamedTempFile::new_in(real.parent().unwrap_or(Path::new("."))).map_err(unwritable)?;
    beside.write_all(after.as_bytes()).map_err(unwritable)?;
    beside.as_file().set_permissions(permissions).map_err(unwritable)?;
    beside.as_file().sync_all().map_err(unwritable)?;
    beside.persist(&real).map_err(|error| unwritable(error.error))?;
    Ok(())
}
