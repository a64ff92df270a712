//! What a request brings: the files of its body, whatever form they come in, and the options of its address.

mod archive;
mod names;
mod options;
mod receive;

use std::collections::BTreeMap;
use std::mem;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{HeaderMap, header};
use futures_util::FutureExt as _;

use super::AppState;
use super::error::{Error, Result};
use super::lanes::Lane;
use crate::analysis::{self, Analysis, Limits, TooMuch};
use crate::config::Config;
use crate::source::SourceFile;
use archive::{Form, Unpacker};
pub(crate) use names::{Names as FileNames, is_manifest};
pub use options::{Names, Options, StateAsked};
pub(super) use receive::drain;
use receive::receive;

/// The files of a request's body, as an extractor. There is at least one, and not all are blank.
#[derive(Debug, Default)]
pub struct Upload {
    /// What is read, in the order given; a raw body and a form's text are the file `-`.
    pub files: Vec<SourceFile>,
    /// What came along and is not read.
    pub skipped: Vec<Skipped>,
    /// The other fields of a form, such as `state`, `expires` or `at`.
    pub fields: BTreeMap<String, String>,
}

/// A file that is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its name.
    pub file: String,
    /// Why.
    pub why: String,
}

/// What a file must be called to be read where many come at once.
pub(super) const NOT_A_MANIFEST: &str = "not .yaml, .yml or .json";

const RAW: &str = "-";

const HOW: &str = "send manifests as the body (curl --data-binary @service.yaml), as files of a form (curl -F file=@service.yaml), \
    or packed as .tar.gz or .zip";

impl Upload {
    /// Where its analysis waits for its turn.
    pub fn lane(&self) -> Lane {
        Lane::of(self.files.iter().map(|file| file.text().len()).sum())
    }

    /// Analyses it; one with too much in it is refused. CPU work.
    pub fn analyze(self, state: StateAsked, config: &Config) -> Result<Analysis> {
        let limits = Limits {
            documents: config.max_documents,
            values: config.max_values,
            objects: config.max_objects,
            endpoints: config.max_endpoints,
        };
        let mut analysis = analysis::analyze_within(limits, self.files, state.asked()).map_err(
            |too_much| match too_much {
                TooMuch::Documents => Error::TooManyDocuments { limit: config.max_documents },
                TooMuch::Values => Error::TooManyValues { limit: config.max_values },
                TooMuch::Objects => Error::TooManyObjects { limit: config.max_objects },
                TooMuch::Endpoints => Error::TooManyEndpoints { limit: config.max_endpoints },
                TooMuch::Routes => Error::TooManyRoutes { limit: limits.routes() },
            },
        )?;
        let skipped = self.skipped.into_iter();
        analysis.skipped.extend(skipped.map(|left| analysis::Skipped { file: left.file, why: left.why }));
        Ok(analysis)
    }
}

impl FromRequest<AppState> for Upload {
    type Rejection = Error;

    async fn from_request(request: Request, app: &AppState) -> Result<Self> {
        let (parts, body) = request.into_parts();
        let kind = BodyKind::of(&parts.headers)?;
        let bytes = receive(&parts.headers, body, app).await?;
        let config = app.config.clone();
        if Lane::of(bytes.len()) == Lane::Large {
            let whole = move || Given::read(kind, &parts.headers, bytes, &config)?.into_upload(&config);
            return app.compute(Lane::Large, whole).await?;
        }
        let given = Given::read(kind, &parts.headers, bytes, &config)?;
        if !given.is_packed() {
            return given.into_upload(&config);
        }
        app.compute(given.lane(), move || given.into_upload(&config)).await?
    }
}

/// How the request says its body is to be read.
#[derive(Debug, Clone, Copy)]
enum BodyKind {
    /// The body is the file.
    Raw,
    /// An HTML form, or what curl sends by default: the body decides.
    Form,
    /// A form with files.
    Multipart,
    /// An archive, or one compressed file.
    Packed(Form),
    /// What `Content-Encoding` says is packed with gzip, and what it is by its type once it is unpacked.
    Coded {
        /// It may be an HTML form, as [`Self::Form`] may.
        may_be_form: bool,
    },
}

impl BodyKind {
    fn of(headers: &HeaderMap) -> Result<Self> {
        let kind = Self::of_type(headers)?;
        let codings = headers.get_all(header::CONTENT_ENCODING).iter();
        let mut codings: Vec<_> =
            codings.map(|coding| String::from_utf8_lossy(coding.as_bytes()).to_ascii_lowercase()).collect();
        codings.retain(|coding| !matches!(coding.trim(), "" | "identity"));
        match (kind, codings.as_slice()) {
            (kind, []) => Ok(kind),
            // Whatever is in a gzip is found out when it is opened.
            (Self::Raw | Self::Form | Self::Packed(Form::Gzip | Form::Tar), [gzip])
                if matches!(gzip.trim(), "gzip" | "x-gzip") =>
            {
                Ok(Self::Coded { may_be_form: matches!(kind, Self::Form) })
            }
            _ => Err(Error::UnsupportedCoding { given: short(&codings.join(", ")) }),
        }
    }

    fn of_type(headers: &HeaderMap) -> Result<Self> {
        let Some(given) = headers.get(header::CONTENT_TYPE) else {
            return Ok(Self::Raw);
        };
        let given = String::from_utf8_lossy(given.as_bytes());
        let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Ok(match essence.as_str() {
            ""
            | "application/yaml"
            | "application/x-yaml"
            | "application/vnd.yaml"
            | "text/yaml"
            | "text/x-yaml"
            | "text/plain"
            | "application/json"
            | "application/octet-stream" => Self::Raw,
            "application/x-www-form-urlencoded" => Self::Form,
            "multipart/form-data" => Self::Multipart,
            "application/gzip"
            | "application/x-gzip"
            | "application/x-tgz"
            | "application/x-gtar"
            | "application/x-compressed-tar" => Self::Packed(Form::Gzip),
            "application/zip" | "application/x-zip-compressed" => Self::Packed(Form::Zip),
            "application/x-tar" => Self::Packed(Form::Tar),
            _ => {
                return Err(Error::UnsupportedMediaType { given: short(&essence) });
            }
        })
    }
}

/// What a client said of its body, to be said back.
fn short(given: &str) -> String {
    given.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// The files and fields of a body, before archives are opened.
#[derive(Default)]
struct Given {
    texts: Vec<(String, Bytes)>,
    files: Vec<(String, Bytes)>,
    fields: BTreeMap<String, String>,
    is_form: bool,
    /// Whether the one file is a form where it looks like one once it is unpacked.
    may_be_form: bool,
}

impl Given {
    fn is_packed(&self) -> bool {
        self.files.iter().any(|(_, bytes)| Form::of(bytes).is_packed())
    }

    /// Where its archives wait to be opened.
    fn lane(&self) -> Lane {
        Lane::of_packed(self.texts.iter().chain(&self.files).map(|(_, bytes)| bytes.len()).sum())
    }

    /// Takes a body apart. CPU work, where it is large.
    fn read(kind: BodyKind, headers: &HeaderMap, bytes: Bytes, config: &Config) -> Result<Self> {
        let mut given = Self::default();
        match kind {
            // All of it is there, so there is nothing to wait for.
            BodyKind::Multipart => {
                given.read_multipart(headers, bytes, config).now_or_never().ok_or_else(unfit)??;
            }
            BodyKind::Form if is_form(&bytes) => given.read_form(&bytes),
            BodyKind::Form | BodyKind::Raw => given.files.push((RAW.to_owned(), bytes)),
            BodyKind::Packed(form) => {
                archive::expect(&bytes, form, "the body's type")?;
                given.files.push((RAW.to_owned(), bytes));
            }
            BodyKind::Coded { may_be_form } => {
                archive::expect(&bytes, Form::Gzip, "Content-Encoding")?;
                given.files.push((RAW.to_owned(), bytes));
                given.may_be_form = may_be_form;
            }
        }
        Ok(given)
    }

    fn read_form(&mut self, bytes: &[u8]) {
        for (name, value) in form_urlencoded::parse(bytes) {
            self.field(&name, value.into_owned());
        }
        self.is_form = true;
    }

    async fn read_multipart(&mut self, headers: &HeaderMap, bytes: Bytes, config: &Config) -> Result<()> {
        let most = config.max_files.saturating_mul(archive::ENTRIES_PER_FILE);
        let mut count = 0;
        let mut request = Request::new(Body::from(bytes));
        *request.headers_mut() = headers.clone();
        // The body was received within our own limit.
        DefaultBodyLimit::disable().apply(&mut request);
        let mut parts = Multipart::from_request(request, &())
            .await
            .map_err(|_| Error::BadRequest("the form's Content-Type has no boundary".to_owned()))?;
        let mut chosen = false;
        while let Some(part) = parts.next_field().await.map_err(|_| unfit())? {
            count += 1;
            if count > most {
                return Err(Error::TooManyFiles { limit: config.max_files });
            }
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|_| unfit())?;
            match file {
                // What a browser sends for a file input that was left alone.
                Some(file) if file.is_empty() && bytes.is_empty() => {}
                Some(file) => {
                    chosen |= matches!(name.as_str(), "files" | "folder");
                    self.files.push((file, bytes));
                }
                // A file whose name is missing or cannot be read is a file all the same.
                None if matches!(name.as_str(), "" | "file" | "files" | "folder") => {
                    if !bytes.is_empty() {
                        self.files.push((RAW.to_owned(), bytes));
                    }
                }
                None => self.field(&name, String::from_utf8_lossy(&bytes).into_owned()),
            }
        }
        if chosen {
            // Our own page sends its text area along with the files that were chosen instead of it.
            self.files.retain(|(name, _)| name != RAW);
        }
        self.is_form = true;
        Ok(())
    }

    /// A browser sends the lines of a text area with CR LF, whatever was typed.
    fn field(&mut self, name: &str, value: String) {
        if name != "text" {
            self.fields.insert(name.to_owned(), value);
        } else if !value.trim().is_empty() {
            self.texts.push((RAW.to_owned(), Bytes::from(value.replace("\r\n", "\n"))));
        }
    }

    fn into_upload(mut self, config: &Config) -> Result<Upload> {
        let is_alone = self.texts.len() + self.files.len() == 1;
        let mut unpacker = Unpacker::new(config);
        for (name, bytes) in mem::take(&mut self.texts).into_iter().chain(mem::take(&mut self.files)) {
            let name = if name == RAW { name } else { names::clean(&name) };
            if Form::of(&bytes).is_packed() {
                unpacker.open(&name, &bytes)?;
            } else if is_alone || name == RAW || names::is_manifest(&name) {
                unpacker.take(name, bytes.into())?;
            } else {
                unpacker.skip(name, NOT_A_MANIFEST);
            }
        }
        let (mut contents, skipped) = unpacker.finish();
        if self.may_be_form
            && let [(name, bytes)] = contents.as_slice()
            && name == RAW
            && is_form(bytes)
        {
            self.read_form(bytes);
            contents = self.texts.into_iter().map(|(name, bytes)| (name, bytes.into())).collect();
        }
        if contents.is_empty() && !skipped.is_empty() {
            return Err(Error::NothingToRead(nothing_read(&skipped)));
        }
        if contents.iter().all(|(_, bytes)| bytes.trim_ascii().is_empty()) {
            let what = if self.is_form { "the form has no text and no file" } else { "the upload is empty" };
            return Err(Error::NothingToRead(format!("{what}: {HOW}")));
        }
        let mut names = FileNames::default();
        let files =
            contents.into_iter().map(|(name, bytes)| SourceFile::new(names.distinct(name), bytes)).collect();
        Ok(Upload { files, skipped, fields: self.fields })
    }
}

/// Why nothing of an upload is read, where all of it was skipped.
fn nothing_read(skipped: &[Skipped]) -> String {
    let count = skipped.len();
    // A manifest that could not be read is one all the same.
    if let Some(Skipped { file, why }) = skipped.iter().find(|skipped| skipped.why != NOT_A_MANIFEST) {
        return match count {
            1 => format!("the one file of the upload is not read: {file} is {why}"),
            _ => format!("none of the {count} files of the upload is read: {file}, for one, is {why}"),
        };
    }
    let what = match count {
        1 => "the one file of the upload is no manifest".to_owned(),
        _ => format!("none of the {count} files of the upload is a manifest"),
    };
    format!("{what}: manifests end in .yaml, .yml or .json")
}

fn unfit() -> Error {
    Error::BadRequest("the form's parts cannot be told apart: the body does not fit its boundary".to_owned())
}

/// Whether a body that calls itself a form is one: curl says so of any body. A form begins with a field's name
/// and `=`, and has no white space at all; no manifest is like that.
fn is_form(bytes: &[u8]) -> bool {
    let name = bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte)).count();
    name > 0 && bytes.get(name) == Some(&b'=') && !bytes.trim_ascii_end().iter().any(u8::is_ascii_whitespace)
}
