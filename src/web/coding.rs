//! The ways of packing that clients take.

use std::io::{self, Read};

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use flate2::Compression;
use flate2::read::GzEncoder;

/// A way of packing, the smallest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// `br`
    Brotli,
    /// `gzip`
    Gzip,
    /// `zstd`
    Zstd,
}

/// How hard it is tried.
#[derive(Debug, Clone, Copy)]
pub(super) enum Effort {
    /// For what is sent once.
    Little,
    /// For what is sent many times.
    Most,
}

impl Coding {
    const ALL: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Zstd];

    /// Those that a client says it takes, the smallest first.
    pub(super) fn taken(headers: &HeaderMap) -> Vec<Self> {
        let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        let ranges: Vec<(String, bool)> = values.flat_map(|value| value.split(',')).map(range).collect();
        let said = |name: &str| ranges.iter().find(|(given, _)| given == name).map(|(_, is_taken)| *is_taken);
        let is_taken = |coding: &Self| said(coding.name()).or_else(|| said("*")).unwrap_or_default();
        Self::ALL.into_iter().filter(is_taken).collect()
    }

    /// Packs about so many bytes, of which only the packed ones are whole in memory. CPU work.
    pub(super) fn pack(self, mut plain: &mut dyn Read, size: usize, effort: Effort) -> io::Result<Bytes> {
        let mut packed = Vec::new();
        let level = self.level(effort);
        match self {
            Self::Brotli => {
                let parameters = brotli::enc::BrotliEncoderParams {
                    quality: level,
                    // The largest file fits into 2^19 bytes; a larger window only takes memory.
                    lgwin: 19,
                    size_hint: size,
                    ..Default::default()
                };
                brotli::BrotliCompress(&mut plain, &mut packed, &parameters)?;
            }
            Self::Gzip => {
                GzEncoder::new(plain, Compression::new(level.unsigned_abs())).read_to_end(&mut packed)?;
            }
            Self::Zstd => zstd::stream::copy_encode(plain, &mut packed, level)?,
        }
        packed.shrink_to_fit();
        Ok(packed.into())
    }

    /// How each calls an effort.
    pub(super) const fn level(self, effort: Effort) -> i32 {
        match (self, effort) {
            (Self::Brotli, Effort::Little) => 4,
            (Self::Brotli, Effort::Most) => 11,
            (Self::Gzip, Effort::Little) => 6,
            (Self::Gzip, Effort::Most) => 9,
            // Files are not packed so: whoever takes it takes Brotli too.
            (Self::Zstd, _) => 1,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// A layer for clients that refuse what is not packed: they get what cannot be packed all the same, errors among it, as HTTP
/// allows (RFC 9110, 12.5.3), rather than 406 about something that was done.
pub(super) async fn plain_too(mut request: Request, next: Next) -> Response {
    let headers = request.headers_mut();
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let refuses_plain = |given: &str| {
        let (name, is_taken) = range(given);
        !is_taken && matches!(name.as_str(), "*" | "identity")
    };
    if values.flat_map(|value| value.split(',')).any(refuses_plain) {
        let taken: Vec<_> = Coding::taken(headers).into_iter().map(Coding::name).collect();
        headers.remove(header::ACCEPT_ENCODING);
        if let Ok(taken) = HeaderValue::try_from(taken.join(", ")) {
            headers.insert(header::ACCEPT_ENCODING, taken);
        }
    }
    next.run(request).await
}

/// The name of a coding, or `*` for all that are not named, and whether its quality is above none.
fn range(given: &str) -> (String, bool) {
    let mut parts = given.split(';').map(|part| part.trim().to_ascii_lowercase());
    let name = parts.next().unwrap_or_default();
    let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0_f32);
    // Its old name (RFC 9110, 8.4.1.3).
    (if name == "x-gzip" { "gzip".to_owned() } else { name }, quality > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_takes_comes_the_smallest_first() {
        use Coding::{Brotli, Gzip, Zstd};
        for (accepted, codings) in [
            (&["gzip, deflate, br, zstd"][..], &[Brotli, Gzip, Zstd][..]),
            (&["gzip;q=1.0, br;q=0.5"], &[Brotli, Gzip]),
            (&["gzip", "br"], &[Brotli, Gzip]),
            (&["br;q=0, gzip"], &[Gzip]),
            (&["zstd, identity"], &[Zstd]),
            (&["GZIP"], &[Gzip]),
            (&["x-gzip;q=0.5"], &[Gzip]),
            (&["*"], &[Brotli, Gzip, Zstd]),
            (&["BR;Q=0, *;q=0.1"], &[Gzip, Zstd]),
            (&["gzip, *;q=0"], &[Gzip]),
            (&["brotli"], &[]),
            (&[""], &[]),
            (&[], &[]),
        ] {
            let mut headers = HeaderMap::new();
            for value in accepted {
                headers.append(header::ACCEPT_ENCODING, value.parse().unwrap());
            }
            assert_eq!(Coding::taken(&headers), codings, "{accepted:?}");
        }
    }
}
