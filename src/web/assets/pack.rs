//! Files packed once, as small as they get, to be sent many times.

use std::sync::OnceLock;

use axum::body::Bytes;

use crate::web::coding::{Coding, Effort};

/// A file in each coding that makes it small, once it is packed.
#[derive(Debug, Default)]
pub(super) struct Packed {
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

impl Packed {
    /// The file in the first of some codings in which it is packed already.
    pub(super) fn first_of(&self, codings: &[Coding]) -> Option<(&'static str, Bytes)> {
        codings.iter().find_map(|coding| Some((coding.name(), self.slot(*coding)?.get()?.clone())))
    }

    /// Packs a file in each coding. CPU work.
    pub(super) fn fill(&self, plain: &[u8]) {
        for coding in [Coding::Brotli, Coding::Gzip] {
            // What is not packed is sent as everything else is.
            if let (Some(slot), Ok(packed)) =
                (self.slot(coding), coding.pack(&mut &*plain, plain.len(), Effort::Most))
            {
                let _ = slot.set(packed);
            }
        }
    }

    const fn slot(&self, coding: Coding) -> Option<&OnceLock<Bytes>> {
        match coding {
            Coding::Brotli => Some(&self.brotli),
            Coding::Gzip => Some(&self.gzip),
            Coding::Zstd => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn what_is_packed_is_the_file() {
        let plain = "document.querySelector('a').click();\n".repeat(200);
        let packed = Packed::default();
        assert_eq!(packed.first_of(&[Coding::Brotli]), None);
        packed.fill(plain.as_bytes());
        let (name, body) = packed.first_of(&[Coding::Brotli, Coding::Gzip]).unwrap();
        let mut unpacked = String::new();
        brotli::Decompressor::new(&body[..], 4096).read_to_string(&mut unpacked).unwrap();
        assert!(name == "br" && unpacked == plain && body.len() < 200);
        let (name, body) = packed.first_of(&[Coding::Gzip]).unwrap();
        unpacked.clear();
        flate2::read::GzDecoder::new(&body[..]).read_to_string(&mut unpacked).unwrap();
        assert!(name == "gzip" && unpacked == plain && body.len() < 200);
        assert_eq!(packed.first_of(&[Coding::Zstd]), None);
    }
}
