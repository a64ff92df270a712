//! `podwire draw`: how manifests are wired, as a picture, as text or as data.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::input::{self, Input};
use crate::analysis::Analysis;
use crate::diagram::{self, Diagram};
use crate::render;
use crate::render::style::Theme;
use crate::render::svg::Emphasis;
use crate::web::api::{answer, types};

/// How large pictures of pixels are drawn: as fine as most screens are.
const PNG_SCALE: f32 = 2.0;

/// The arguments of `podwire draw`.
#[derive(Debug, clap::Args)]
pub struct Draw {
    /// What to read.
    #[command(flatten)]
    pub input: Input,
    /// Write to this file rather than to standard output, which is also `-`
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// How it is drawn; by the ending of FILE unless said, else txt
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// How wiring is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The board as a picture
    Svg,
    /// The board as a picture of pixels
    Png,
    /// A line for each way
    Txt,
    /// A flowchart for Mermaid
    Mmd,
    /// A graph for Graphviz
    Dot,
    /// The whole analysis, as the API answers it
    Json,
}

/// Why nothing is drawn.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("{0}")]
    Input(#[from] input::Error),
    #[error("\"{}\" does not say what to draw: end it in .svg, .png, .txt, .mmd, .dot or .json, or give --format", path.display())]
    Ending { path: PathBuf },
    #[error("cannot write \"{}\": {cause}", path.display())]
    Unwritable { path: PathBuf, cause: io::Error },
    #[error("cannot write the drawing: {0}")]
    Write(#[from] io::Error),
}

/// Draws.
pub(super) fn run(draw: &Draw) -> Result<(), Error> {
    let output = draw.output.as_ref().filter(|path| path.as_os_str() != "-");
    let format = match (draw.format, output) {
        (Some(format), _) => format,
        (None, None) => Format::Txt,
        (None, Some(path)) => Format::of(path).ok_or_else(|| Error::Ending { path: path.clone() })?,
    };
    // The process ends with this: to free a cluster's objects one by one would take longer than to draw them.
    let read = ManuallyDrop::new(draw.input.read()?);
    let drawn = format.draw(&read.analysis)?;
    match output {
        Some(path) => File::create(path)
            .and_then(|file| drawn.write(file))
            .map_err(|cause| Error::Unwritable { path: path.clone(), cause }),
        None => Ok(super::print_with(|out| drawn.write(out))?),
    }
}

/// A drawing; a picture, and JSON, which may be longer than all that was read, are made as they are written.
enum Drawn<'a> {
    Bytes(Vec<u8>),
    Svg(Diagram),
    Json(types::Analysis<'a>),
}

impl Drawn<'_> {
    fn write(&self, out: impl Write) -> io::Result<()> {
        let mut out = BufWriter::with_capacity(64 * 1024, out);
        match self {
            Self::Bytes(bytes) => out.write_all(bytes)?,
            Self::Svg(board) => render::svg::write(board, Theme::Auto, Emphasis::default(), &mut out)?,
            Self::Json(analysis) => answer::write_json(analysis, &mut out)?,
        }
        out.flush()
    }
}

impl Format {
    fn of(path: &Path) -> Option<Self> {
        Self::from_str(&path.extension()?.to_string_lossy(), true).ok()
    }

    fn draw(self, analysis: &Analysis) -> io::Result<Drawn<'_>> {
        let Analysis { cluster, wiring, findings, files, .. } = analysis;
        let board = || diagram::lay_out(cluster, wiring, findings);
        Ok(Drawn::Bytes(match self {
            Self::Svg => return Ok(Drawn::Svg(board())),
            Self::Png => render::png::png(&board(), Theme::Light, PNG_SCALE, Emphasis::default())
                .ok_or_else(|| io::Error::other("the board cannot be drawn in pixels"))?,
            Self::Mmd => render::mermaid::mermaid(&board()).into_bytes(),
            Self::Dot => render::dot::dot(&board()).into_bytes(),
            Self::Txt => render::text::text(cluster, wiring, findings, files, None).into_bytes(),
            Self::Json => return Ok(Drawn::Json(types::Analysis::from(analysis))),
        }))
    }
}
