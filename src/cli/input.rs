//! What the command line is given to read: files, folders, standard input.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{IsTerminal as _, Read as _};
use std::path::{Component, Path, PathBuf};
use std::{fs, io};

use crate::analysis::{Analysis, analyze};
use crate::source::SourceFile;
use crate::web::upload::{FileNames, StateAsked, is_manifest};

/// What to read, and how: the arguments that `check`, `draw` and `trace` share.
#[derive(Debug, clap::Args)]
pub struct Input {
    /// Files, folders (walked for .yaml, .yml and .json), or - for standard input, which is read where nothing is given
    #[arg(value_name = "PATH|-")]
    pub paths: Vec<PathBuf>,
    /// Whether pod status is taken from the manifests or assumed
    #[arg(long, value_name = "auto|assumed|observed", default_value = "auto")]
    pub state: StateAsked,
}

/// What was read, analysed.
pub(super) struct Read {
    /// What it says.
    pub(super) analysis: Analysis,
    /// Where each file is, as the shell would open it.
    paths: Vec<PathBuf>,
}

/// Why nothing is read, worded for whoever typed the command.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error(
        "nothing to read: name a file or a folder, or pipe manifests in (kubectl get … -o yaml | podwire check)"
    )]
    Nothing,
    #[error("cannot read \"{}\": {cause}", path.display())]
    Unreadable { path: PathBuf, cause: io::Error },
    #[error("\"{}\" has more than 2 GiB: split it, and name its parts", path.display())]
    TooLarge { path: PathBuf },
    #[error(
        "nothing to read: {} empty; where a pipe leads here, look whether what is before it failed",
        words(paths)
    )]
    Blank { paths: Vec<PathBuf> },
    #[error("there is no .yaml, .yml or .json file in \"{}\"", path.display())]
    EmptyFolder { path: PathBuf },
}

const STDIN: &str = "-";

/// The longest file: places in a text have 32 bits, and a text may grow by half as it becomes UTF-8.
const LONGEST: u64 = 2 << 30;

impl Input {
    /// Reads and analyses everything that was given.
    pub(super) fn read(&self) -> Result<Read, Error> {
        let mut found = Found::default();
        if self.paths.is_empty() {
            if io::stdin().is_terminal() {
                return Err(Error::Nothing);
            }
            found.stdin()?;
        }
        for path in &self.paths {
            found.take(path)?;
        }
        let Found { files, paths, .. } = found;
        // What writes manifests and fails writes none: that is not to pass for a good upload.
        if files.iter().all(|file| file.text().trim().is_empty()) {
            return Err(Error::Blank { paths });
        }
        Ok(Read { analysis: analyze(files, self.state.asked()), paths })
    }
}

/// `standard input is`, `"a.yaml" is`, `all 2 files are`.
fn words(paths: &[PathBuf]) -> String {
    match paths {
        [only] if only == Path::new(STDIN) => "standard input is".to_owned(),
        [only] => format!("\"{}\" is", only.display()),
        several => format!("all {} files are", several.len()),
    }
}

impl Read {
    /// Where a file is, as the shell would open it.
    pub(super) fn path(&self, file: u32) -> Cow<'_, str> {
        self.paths.get(file as usize).map_or(Cow::Borrowed(""), |path| path.to_string_lossy())
    }

    /// The file to write, where there is one: standard input is none.
    pub(super) fn file(&self, file: usize) -> Option<&Path> {
        self.paths.get(file).map(PathBuf::as_path).filter(|path| *path != Path::new(STDIN))
    }
}

#[derive(Default)]
struct Found {
    files: Vec<SourceFile>,
    paths: Vec<PathBuf>,
    names: FileNames,
    /// The files that were read, wherever links lead to them: a folder that is a `ConfigMap` has each of its files twice.
    seen: BTreeSet<PathBuf>,
}

impl Found {
    fn take(&mut self, path: &Path) -> Result<(), Error> {
        let unreadable = |cause| Error::Unreadable { path: path.to_owned(), cause };
        if path == Path::new(STDIN) {
            return self.stdin();
        }
        if !fs::metadata(path).map_err(unreadable)?.is_dir() {
            return self.file(given(path), path);
        }
        let mut inside = Vec::new();
        walk(path, &mut BTreeSet::new(), &mut inside)?;
        if inside.is_empty() {
            return Err(Error::EmptyFolder { path: path.to_owned() });
        }
        for file in inside {
            self.file(slashed(file.strip_prefix(path).unwrap_or(&file)), &file)?;
        }
        Ok(())
    }

    fn file(&mut self, name: String, path: &Path) -> Result<(), Error> {
        if let Ok(itself) = fs::canonicalize(path)
            && !self.seen.insert(itself)
        {
            return Ok(());
        }
        let file =
            fs::File::open(path).map_err(|cause| Error::Unreadable { path: path.to_owned(), cause })?;
        let length = file.metadata().map_or(0, |file| file.len());
        self.read(name, path.to_owned(), file, length)
    }

    fn stdin(&mut self) -> Result<(), Error> {
        self.read(STDIN.to_owned(), STDIN.into(), io::stdin().lock(), 0)
    }

    /// Reads a file of so many bytes, as far as that is known.
    fn read(&mut self, name: String, path: PathBuf, file: impl io::Read, length: u64) -> Result<(), Error> {
        if length > LONGEST {
            return Err(Error::TooLarge { path });
        }
        let mut bytes = Vec::with_capacity(length as usize);
        if let Err(cause) = file.take(LONGEST + 1).read_to_end(&mut bytes) {
            return Err(Error::Unreadable { path, cause });
        }
        if bytes.len() as u64 > LONGEST {
            return Err(Error::TooLarge { path });
        }
        self.files.push(SourceFile::new(self.names.distinct(name), bytes));
        self.paths.push(path);
        Ok(())
    }
}

/// The manifests in a folder and below it, in order; `above` are the folders on the way, so that no link leads round.
fn walk(folder: &Path, above: &mut BTreeSet<PathBuf>, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    let unreadable = |path: &Path, cause| Error::Unreadable { path: path.to_owned(), cause };
    let real = fs::canonicalize(folder).map_err(|cause| unreadable(folder, cause))?;
    if !above.insert(real.clone()) {
        return Ok(());
    }
    let entries = fs::read_dir(folder).map_err(|cause| unreadable(folder, cause))?;
    let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>();
    paths.as_mut().map(|paths| paths.sort()).unwrap_or_default();
    for path in paths.map_err(|cause| unreadable(folder, cause))? {
        // A link to nowhere is no file of this folder.
        let Ok(what) = fs::metadata(&path) else { continue };
        if what.is_dir() {
            walk(&path, above, found)?;
        } else if is_manifest(&path.to_string_lossy()) {
            found.push(path);
        }
    }
    above.remove(&real);
    Ok(())
}

/// The name of a file that was given by itself: as it was written where that is relative, else its last part.
fn given(path: &Path) -> String {
    let path = path.strip_prefix(".").unwrap_or(path);
    let is_below = path.components().all(|part| matches!(part, Component::Normal(_)));
    let name = if is_below { path } else { path.file_name().map_or(path, Path::new) };
    slashed(name)
}

fn slashed(path: &Path) -> String {
    let parts = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_relative() {
        for (path, name) in [
            ("web.yaml", "web.yaml"),
            ("./web.yaml", "web.yaml"),
            ("k8s/web.yaml", "k8s/web.yaml"),
            ("/tmp/k8s/web.yaml", "web.yaml"),
            ("../k8s/web.yaml", "web.yaml"),
        ] {
            assert_eq!(given(Path::new(path)), name, "{path}");
        }
    }
}
