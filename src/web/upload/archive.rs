//! Archives: tar, zip and gzip, opened with bounds on count, size and ratio.

use std::io::{self, Cursor, Read};

use flate2::read::MultiGzDecoder;
use zip::SUPPORTED_COMPRESSION_METHODS;
use zip::result::ZipError;

use super::names::{clean, is_manifest};
use super::{NOT_A_MANIFEST, Skipped};
use crate::config::{Config, Size};
use crate::web::error::{Error, Result};

/// How many entries, read or not, an upload may have for each file that may be read.
pub(super) const ENTRIES_PER_FILE: usize = 10;

/// Manifests that repeat themselves shrink to a hundredth; what shrinks further was made to hurt.
const RATIO: u64 = 200;

/// Below this size no ratio is suspicious.
const SMALL: u64 = 1 << 20;

/// What bytes are, by how they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Text, or anything that is no archive.
    Plain,
    /// One compressed file, which may be a tar.
    Gzip,
    /// A zip.
    Zip,
    /// A tar.
    Tar,
    /// Packed in a way that is not read, by its name.
    Other(&'static str),
}

impl Form {
    /// Looks at the first bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let magics: [(&[u8], Self); 8] = [
            (b"\x1f\x8b", Self::Gzip),
            (b"PK\x03\x04", Self::Zip),
            (b"PK\x05\x06", Self::Zip),
            (b"\x28\xb5\x2f\xfd", Self::Other("zstd")),
            (b"\xfd7zXZ\x00", Self::Other("xz")),
            (b"BZh", Self::Other("bzip2")),
            (b"7z\xbc\xaf\x27\x1c", Self::Other("7z")),
            (b"Rar!\x1a\x07", Self::Other("rar")),
        ];
        // A tar of nothing is all zeros.
        let is_empty_tar = bytes.get(..512).is_some_and(|block| block.iter().all(|&byte| byte == 0));
        if is_empty_tar || bytes.get(257..262) == Some(b"ustar") {
            return Self::Tar;
        }
        let known = magics.iter().find(|(magic, _)| bytes.starts_with(magic));
        known.map_or(Self::Plain, |(_, form)| *form)
    }

    /// Whether it must be opened first.
    pub(super) fn is_packed(self) -> bool {
        self != Self::Plain
    }

    fn name(self) -> &'static str {
        match self {
            Self::Plain => "text",
            Self::Gzip => "gzip",
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::Other(name) => name,
        }
    }
}

/// Refuses a body that is not what somebody, its type or its coding, says.
pub(super) fn expect(bytes: &[u8], form: Form, whoever: &str) -> Result<()> {
    let found = Form::of(bytes);
    if bytes.is_empty() || found.is_packed() {
        // Empty bodies have words of their own, and an archive of another form is read for what it is.
        return Ok(());
    }
    Err(Error::BadArchive(format!(
        "{whoever} says {}, but the body is not: it may have been cut or changed on its way",
        form.name()
    )))
}

/// Collects files, from archives and beside them, within the bounds.
pub(super) struct Unpacker {
    files: Vec<(String, Vec<u8>)>,
    skipped: Vec<Skipped>,
    max_files: usize,
    max_unpacked: Size,
    left: u64,
}

impl Unpacker {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            files: Vec::new(),
            skipped: Vec::new(),
            max_files: config.max_files,
            max_unpacked: config.max_unpacked,
            left: config.max_unpacked.as_bytes(),
        }
    }

    /// Takes a file as it is.
    pub(super) fn take(&mut self, name: String, bytes: Vec<u8>) -> Result<()> {
        if self.files.len() >= self.max_files {
            return Err(self.too_many());
        }
        self.files.push((name, bytes));
        Ok(())
    }

    /// Notes a file that is not read.
    pub(super) fn skip(&mut self, file: String, why: impl Into<String>) {
        self.skipped.push(Skipped { file, why: why.into() });
    }

    /// Takes what an archive, or one compressed file, holds.
    pub(super) fn open(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let ratio = SMALL.max((bytes.len() as u64).saturating_mul(RATIO));
        let mut bound = Bound { left: self.left.min(ratio), is_ratio: ratio < self.left };
        match Form::of(bytes) {
            Form::Plain => self.take(name.to_owned(), bytes.to_vec())?,
            Form::Gzip => self.gzip(name, bytes, &mut bound)?,
            Form::Zip => self.zip(name, bytes, &mut bound)?,
            Form::Tar => self.tar(name, bytes, &mut bound)?,
            Form::Other(form) => {
                return Err(Error::BadArchive(format!(
                    "{} is packed with {form}, which is not read: pack it as .tar.gz, .zip or .tar",
                    quoted(name)
                )));
            }
        }
        Ok(())
    }

    /// The files, and what is not read.
    pub(super) fn finish(self) -> (Vec<(String, Vec<u8>)>, Vec<Skipped>) {
        (self.files, self.skipped)
    }

    fn gzip(&mut self, name: &str, bytes: &[u8], bound: &mut Bound) -> Result<()> {
        let mut reader = Bounded { inner: MultiGzDecoder::new(bytes), left: bound.left };
        let mut head = Vec::new();
        let read = reader.by_ref().take(512).read_to_end(&mut head);
        read.map_err(|cause| self.io(name, &cause, bound))?;
        if Form::of(&head) == Form::Tar {
            return self.tar(name, Cursor::new(head).chain(reader), bound);
        }
        let content = self.content(name, Cursor::new(head).chain(reader), bound)?;
        if Form::of(&content).is_packed() {
            return Err(Error::BadArchive(format!("{} is packed twice: unpack it once", quoted(name))));
        }
        let plain = name.strip_suffix(".gz").filter(|plain| !plain.is_empty()).unwrap_or(name);
        self.take(plain.to_owned(), content)
    }

    fn tar(&mut self, name: &str, reader: impl Read, bound: &mut Bound) -> Result<()> {
        let mut archive = tar::Archive::new(reader);
        let entries = archive.entries().map_err(|cause| self.io(name, &cause, bound))?;
        for entry in entries {
            let entry = entry.map_err(|cause| self.io(name, &cause, bound))?;
            let kind = entry.header().entry_type();
            if kind.is_dir() || kind.is_pax_global_extensions() {
                continue;
            }
            let file = clean(&String::from_utf8_lossy(&entry.path_bytes()));
            if self.wants(&file, kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse())? {
                let content = self.content(name, entry, bound)?;
                self.take(file, content)?;
            }
        }
        Ok(())
    }

    fn zip(&mut self, name: &str, bytes: &[u8], bound: &mut Bound) -> Result<()> {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken(name))?;
        for index in 0..archive.len() {
            let file = archive.name_for_index(index).and_then(Result::ok).map(|name| clean(&name));
            let file = file.unwrap_or_else(|| clean(""));
            let entry = match archive.by_index(index) {
                Ok(entry) if entry.is_dir() => continue,
                Ok(entry) if SUPPORTED_COMPRESSION_METHODS.contains(&entry.compression()) => entry,
                Err(ZipError::Io(cause)) => return Err(self.io(name, &cause, bound)),
                Ok(_) | Err(_) => {
                    if self.wants(&file, true)? {
                        self.skip(file, "encrypted, or compressed in a way that is not read");
                    }
                    continue;
                }
            };
            if self.wants(&file, entry.is_file())? {
                let content = self.content(name, entry, bound)?;
                self.take(file, content)?;
            }
        }
        Ok(())
    }

    /// Whether an entry is read; notes it where it is not.
    fn wants(&mut self, file: &str, is_file: bool) -> Result<bool> {
        if self.files.len() + self.skipped.len() >= self.max_files.saturating_mul(ENTRIES_PER_FILE) {
            return Err(self.too_many());
        }
        let why = if !is_file {
            "a link or a device"
        } else if !is_manifest(file) {
            NOT_A_MANIFEST
        } else if file.rsplit('/').next().is_some_and(|file| file.starts_with("._")) {
            // macOS adds one for each file, with the same extension.
            "macOS's notes on a file"
        } else {
            return Ok(true);
        };
        self.skip(file.to_owned(), why);
        Ok(false)
    }

    /// The whole of an entry, within what is left of the archive's bound.
    fn content(&mut self, name: &str, reader: impl Read, bound: &mut Bound) -> Result<Vec<u8>> {
        let mut content = Vec::new();
        let read = reader.take(bound.left + 1).read_to_end(&mut content);
        read.map_err(|cause| self.io(name, &cause, bound))?;
        let size = content.len() as u64;
        if size > bound.left {
            return Err(self.too_large(name, bound));
        }
        bound.left -= size;
        self.left -= size;
        Ok(content)
    }

    fn io(&self, name: &str, cause: &io::Error, bound: &Bound) -> Error {
        if cause.kind() == io::ErrorKind::FileTooLarge {
            return self.too_large(name, bound);
        }
        broken(name)
    }

    fn too_large(&self, name: &str, bound: &Bound) -> Error {
        if bound.is_ratio {
            return Error::BadArchive(format!(
                "{} unpacks to more than {RATIO} times its size, as no archive of manifests does: send the files unpacked",
                quoted(name)
            ));
        }
        Error::UnpackedTooLarge { limit: self.max_unpacked }
    }

    fn too_many(&self) -> Error {
        Error::TooManyFiles { limit: self.max_files }
    }
}

/// How many bytes an archive may still unpack to, and whether its ratio or the upload's limit set that.
struct Bound {
    left: u64,
    is_ratio: bool,
}

/// A reader that fails past its bound, so that entries which are passed over count too.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(read)
    }
}

fn broken(name: &str) -> Error {
    Error::BadArchive(format!("{} does not open: it may have been cut or changed on its way", quoted(name)))
}

fn quoted(name: &str) -> String {
    if name == super::RAW { "the archive".to_owned() } else { format!("\"{name}\"") }
}
