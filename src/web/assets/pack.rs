//! Bytes packed: files once, as small as they get, to be sent many times; large answers in little time.

use std::io::Write as _;
use std::sync::OnceLock;

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use flate2::Compression;
use flate2::write::GzEncoder;

/// A way of packing that browsers know, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Coding {
    /// `br`
    Brotli,
    /// `gzip`
    Gzip,
}

impl Coding {
    /// The best that a client takes; none where it says of none of them that it does.
    pub(in crate::web) fn of(headers: &HeaderMap) -> Option<Self> {
        let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        let taken: Vec<&str> = values.flat_map(|value| value.split(',')).filter_map(taken).collect();
        [Self::Brotli, Self::Gzip].into_iter().find(|coding| taken.contains(&coding.name()))
    }

    /// Packs what is sent once, in little time. CPU work.
    pub(in crate::web) fn pack(self, plain: &[u8]) -> Option<Bytes> {
        match self {
            Self::Brotli => brotli(plain, 4),
            Self::Gzip => gzip(plain, Compression::default()),
        }
    }

    pub(in crate::web) const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }
}

/// The name of a coding, unless its quality is none.
fn taken(range: &str) -> Option<&str> {
    let mut parts = range.split(';').map(str::trim);
    let name = parts.next()?;
    let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0_f32);
    (quality > 0.0).then_some(name)
}

/// A file in each coding, once it is packed.
#[derive(Debug, Default)]
pub(super) struct Packed {
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

impl Packed {
    /// The file in a coding, with the coding's name, if it is packed already.
    pub(super) fn get(&self, coding: Coding) -> Option<(&'static str, Bytes)> {
        let packed = match coding {
            Coding::Brotli => &self.brotli,
            Coding::Gzip => &self.gzip,
        };
        Some((coding.name(), packed.get()?.clone()))
    }

    /// Packs a file in each coding. CPU work.
    pub(super) fn fill(&self, plain: &[u8]) {
        // Writing into memory does not fail; what is not packed is sent as everything else is.
        if let Some(packed) = brotli(plain, 11) {
            let _ = self.brotli.set(packed);
        }
        if let Some(packed) = gzip(plain, Compression::best()) {
            let _ = self.gzip.set(packed);
        }
    }
}

fn brotli(plain: &[u8], quality: i32) -> Option<Bytes> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality,
        // The largest file fits into 2^19 bytes; a larger window only takes memory.
        lgwin: 19,
        size_hint: plain.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &plain[..], &mut packed, &parameters).ok()?;
    Some(packed.into())
}

fn gzip(plain: &[u8], level: Compression) -> Option<Bytes> {
    let mut packer = GzEncoder::new(Vec::new(), level);
    packer.write_all(plain).ok()?;
    Some(packer.finish().ok()?.into())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn the_best_that_a_client_takes_is_sent() {
        for (accepted, coding) in [
            (&["gzip, deflate, br, zstd"][..], Some(Coding::Brotli)),
            (&["gzip;q=1.0, br;q=0.5"], Some(Coding::Brotli)),
            (&["gzip", "br"], Some(Coding::Brotli)),
            (&["br;q=0, gzip"], Some(Coding::Gzip)),
            (&["zstd, identity"], None),
            (&["brotli"], None),
            (&[""], None),
            (&[], None),
        ] {
            let mut headers = HeaderMap::new();
            for value in accepted {
                headers.append(header::ACCEPT_ENCODING, value.parse().unwrap());
            }
            assert_eq!(Coding::of(&headers), coding, "{accepted:?}");
        }
    }

    #[test]
    fn what_is_packed_is_the_file() {
        let plain = "document.querySelector('a').click();\n".repeat(200);
        let packed = Packed::default();
        assert_eq!(packed.get(Coding::Brotli), None);
        packed.fill(plain.as_bytes());
        let (name, body) = packed.get(Coding::Brotli).unwrap();
        let mut unpacked = String::new();
        brotli::Decompressor::new(&body[..], 4096).read_to_string(&mut unpacked).unwrap();
        assert!(name == "br" && unpacked == plain && body.len() < 200);
        let (name, body) = packed.get(Coding::Gzip).unwrap();
        unpacked.clear();
        flate2::read::GzDecoder::new(&body[..]).read_to_string(&mut unpacked).unwrap();
        assert!(name == "gzip" && unpacked == plain && body.len() < 200);
    }
}
