//! `podwire draw`: how manifests are wired, as a picture, as text or as data.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::input::{self, Input};
use crate::analysis::Analysis;
use crate::render::style::Theme;
use crate::web::api::{answer, types};
use crate::{diagram, render};

/// How large pictures of pixels are drawn: as fine as most screens are.
const PNG_SCALE: f32 = 2.0;

/// The arguments of `podwire draw`.
#[derive(Debug, clap::Args)]
pub struct Draw {
    /// What to read.
    #[command(flatten)]
    pub input: Input,
    /// Write to this file rather than to standard output
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
    let format = match (draw.format, &draw.output) {
        (Some(format), _) => format,
        (None, None) => Format::Txt,
        (None, Some(path)) => Format::of(path).ok_or_else(|| Error::Ending { path: path.clone() })?,
    };
    let read = draw.input.read()?;
    let written = match &draw.output {
        Some(path) => format
            .draw(&read.analysis, || File::create(path))
            .map_err(|cause| Error::Unwritable { path: path.clone(), cause }),
        None => Ok(super::to_stdout(|out| format.draw(&read.analysis, || Ok(out)))?),
    };
    // The process ends here, and the system takes all of it back at once.
    std::mem::forget(read);
    written
}

impl Format {
    fn of(path: &Path) -> Option<Self> {
        Self::from_str(&path.extension()?.to_string_lossy(), true).ok()
    }

    /// Draws to whatever is opened, which it is only once there is something to write.
    fn draw<W: io::Write>(self, analysis: &Analysis, open: impl FnOnce() -> io::Result<W>) -> io::Result<()> {
        let Analysis { cluster, wiring, findings, files, .. } = analysis;
        let board = || diagram::lay_out(cluster, wiring, findings);
        let bytes = match self {
            Self::Svg => render::svg::standalone(&board(), Theme::Auto).into_bytes(),
            Self::Png => render::png::png(&board(), Theme::Light, PNG_SCALE)
                .ok_or_else(|| io::Error::other("the board cannot be drawn in pixels"))?,
            Self::Mmd => render::mermaid::mermaid(&board()).into_bytes(),
            Self::Dot => render::dot::dot(&board()).into_bytes(),
            Self::Txt => render::text::text(cluster, wiring, findings, files).into_bytes(),
            Self::Json => {
                let mut to = io::BufWriter::with_capacity(64 * 1024, open()?);
                answer::write_json(&types::Analysis::from(analysis), &mut to)?;
                return to.flush();
            }
        };
        open()?.write_all(&bytes)
    }
}
