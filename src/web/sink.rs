//! What the text of an answer is written into: once it is large it is packed as it comes, so that it is never whole in memory.

use std::fmt;
use std::io::{self, Write};

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use zstd::stream::write::Encoder;

use super::coding::{Coding, Effort};
use super::sending::LARGE;

/// A text on its way into an answer.
pub(super) struct Sink {
    /// What is not packed yet: all of it as long as it is small.
    plain: Vec<u8>,
    packed: Option<Encoder<'static, Vec<u8>>>,
    size: u64,
}

/// Marks the answer whose body a [`Sink`] packed, with zstd; how many bytes were written.
#[derive(Debug, Clone, Copy)]
pub(super) struct PackedFrom(pub u64);

impl Write for Sink {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.plain.extend_from_slice(text);
        self.size += text.len() as u64;
        if self.plain.len() >= LARGE {
            self.pack()?;
        }
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Write for Sink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.write_all(text.as_bytes()).map_err(|_| fmt::Error)
    }
}

impl Default for Sink {
    fn default() -> Self {
        // Most answers are small.
        Self { plain: Vec::with_capacity(16 << 10), packed: None, size: 0 }
    }
}

impl Sink {
    fn pack(&mut self) -> io::Result<()> {
        let packed = match &mut self.packed {
            Some(packed) => packed,
            None => self.packed.insert(Encoder::new(Vec::new(), Coding::Zstd.level(Effort::Little))?),
        };
        packed.write_all(&self.plain)?;
        self.plain.clear();
        Ok(())
    }

    /// The answer with all that was written. Where that is packed, [`hold`](super::sending::hold) sees to it that each
    /// client gets it in a coding that it takes.
    pub(super) fn answer(mut self) -> io::Result<Response> {
        if self.packed.is_some() {
            self.pack()?;
        }
        let Some(packed) = self.packed else { return Ok(self.plain.into_response()) };
        let mut packed = packed.finish()?;
        packed.shrink_to_fit();
        let mut answer = packed.into_response();
        answer.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(Coding::Zstd.name()));
        answer.extensions_mut().insert(PackedFrom(self.size));
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    fn written(lines: usize) -> (Sink, usize) {
        let (mut sink, mut most) = (Sink::default(), 0);
        for line in 0..lines {
            writeln!(sink, "{{\"pod\":\"web-{line}\",\"port\":8080,\"ready\":true}}").unwrap();
            let packed = sink.packed.as_ref().map_or(0, |packed| packed.get_ref().capacity());
            most = most.max(sink.plain.capacity() + packed);
        }
        (sink, most)
    }

    #[tokio::test]
    async fn a_small_text_is_as_it_was_written() {
        let answer = written(100).0.answer().unwrap();
        assert!(answer.extensions().get::<PackedFrom>().is_none());
        assert!(!answer.headers().contains_key(header::CONTENT_ENCODING));
        let text = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        assert!(text.starts_with(b"{\"pod\":\"web-0\",") && text.ends_with(b"\"ready\":true}\n"));
    }

    #[tokio::test]
    async fn a_large_text_is_never_whole_in_memory() {
        let (sink, most) = written(400_000);
        assert!(most < 4 * LARGE, "{most}");
        let answer = sink.answer().unwrap();
        assert_eq!(answer.headers()[header::CONTENT_ENCODING], "zstd");
        let PackedFrom(size) = *answer.extensions().get().unwrap();
        let packed = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        assert!(packed.len() < 4 * LARGE && size > 64 * LARGE as u64, "{} of {size}", packed.len());
        let text = zstd::decode_all(&packed[..]).unwrap();
        assert_eq!(text.len() as u64, size);
        assert!(text.ends_with(b"{\"pod\":\"web-399999\",\"port\":8080,\"ready\":true}\n"));
    }
}
