//! `podwire trace`: where a packet to an address goes, hop by hop.

use std::fmt::Write as _;
use std::io;

use clap::ValueEnum;

use super::input::{self, Input, Read};
use crate::render::text::plain;
use crate::render::trace::{self as render, Told};
use crate::source::Span;
use crate::web::api::{answer, types};
use crate::wiring::trace::{Address, trace};

/// The arguments of `podwire trace`.
#[derive(Debug, clap::Args)]
pub struct Trace {
    /// Where to: node:30008, web.default:80, 10.96.0.11:53/udp, <http://shop.example.com/cart>
    #[arg(value_name = "ADDRESS")]
    pub to: String,
    /// What to read.
    #[command(flatten)]
    pub input: Input,
    /// How it is told
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// How a trace is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A line for each hop, with its place
    Human,
    /// As the API answers it
    Json,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("{0}")]
    Address(#[from] crate::wiring::trace::Malformed),
    #[error("{0}")]
    Input(#[from] input::Error),
    #[error("cannot write the trace: {0}")]
    Write(#[from] io::Error),
}

/// Traces, and says whether anybody is reached.
pub(super) fn run(args: &Trace) -> Result<bool, Error> {
    let address: Address = args.to.parse()?;
    let read = args.input.read()?;
    let analysis = &read.analysis;
    let trace = trace(&analysis.cluster, &analysis.wiring, &address);
    let bytes = match args.format {
        Format::Human => {
            let told = render::tell(&trace, &analysis.cluster, &analysis.wiring, &analysis.findings);
            report(&read, &args.to, &told).into_bytes()
        }
        Format::Json => {
            let json = types::trace::Trace::new(analysis, args.to.trim(), &trace);
            answer::json(&json).map_err(io::Error::other)?
        }
    };
    super::print(&bytes)?;
    Ok(trace.nothing.is_none())
}

fn report(read: &Read, to: &str, told: &Told) -> String {
    let mut out = String::new();
    // Writing into a String does not fail.
    let _ = writeln!(out, "{}", plain(to.trim()));
    for hop in &told.hops {
        let place = hop.mark.or(hop.around).map(|span| at(read, span)).unwrap_or_default();
        let _ = writeln!(out, "-> {}  {}{place}", plain(&hop.address), plain(&hop.title));
        let _ = writeln!(out, "   {}", plain(&hop.why));
    }
    if !told.reaches {
        let _ = writeln!(out, "-> nothing");
    }
    let _ = writeln!(out, "{}", plain(&told.why));
    out
}

/// `  (file:line)`.
fn at(read: &Read, span: Span) -> String {
    format!("  ({}:{})", plain(&read.path(span.file)), read.analysis.place(span).line)
}
