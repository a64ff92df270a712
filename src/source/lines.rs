//! Where the lines of a text are: counted for every so many bytes, and found between those.

use memchr::{memchr, memchr2_iter, memrchr};

/// How many bytes there are between two counts; a byte can count them.
pub(super) const STRIDE: usize = 128;
const _: () = assert!(STRIDE <= u8::MAX as usize);

/// How many line ends stand before every [`STRIDE`]th byte, and in all. Line feeds, carriage returns and both together
/// end a line, as in YAML.
#[derive(Debug)]
pub(super) struct Lines {
    before: Vec<u32>,
    has_returns: bool,
}

impl Lines {
    pub(super) fn new(bytes: &[u8]) -> Self {
        let mut lines = Self { before: Vec::new(), has_returns: memchr(b'\r', bytes).is_some() };
        lines.before.reserve_exact(bytes.len().div_ceil(STRIDE) + 1);
        let mut before = 0;
        for from in (0..bytes.len()).step_by(STRIDE) {
            lines.before.push(before);
            before += lines.ends(bytes, from, from + STRIDE);
        }
        lines.before.push(before);
        lines
    }

    pub(super) fn count(&self) -> u32 {
        self.before.last().copied().unwrap_or_default() + 1
    }

    /// The line that a byte is on, and where that begins.
    pub(super) fn of(&self, bytes: &[u8], offset: usize) -> (u32, usize) {
        let stride = offset / STRIDE;
        let from = stride * STRIDE;
        let before = self.before[stride];
        let here = if from < offset { self.ends(bytes, from, offset) } else { 0 };
        let start = if here > 0 {
            self.last_end(bytes, from, offset)
        } else {
            let earlier = self.before.partition_point(|&count| count < before).checked_sub(1);
            earlier.and_then(|earlier| self.last_end(bytes, earlier * STRIDE, (earlier + 1) * STRIDE))
        };
        (before + here + 1, start.map_or(0, |end| end + 1))
    }

    /// Where a line begins.
    pub(super) fn start(&self, bytes: &[u8], line: u32) -> Option<u32> {
        let ends = line.saturating_sub(1);
        let Some(stride) = self.before.partition_point(|&count| count < ends).checked_sub(1) else {
            return Some(0);
        };
        let nth = (ends - self.before[stride] - 1) as usize;
        let from = stride * STRIDE;
        let stretch = bytes.get(from..(from + STRIDE).min(bytes.len()))?;
        let mut ends =
            memchr2_iter(b'\n', b'\r', stretch).map(|at| from + at).filter(|&at| is_end(bytes, at));
        ends.nth(nth).map(|end| end as u32 + 1)
    }

    /// How many line ends there are from one byte to another.
    fn ends(&self, bytes: &[u8], from: usize, to: usize) -> u32 {
        let stretch = &bytes[from..to.min(bytes.len())];
        if self.has_returns {
            return memchr2_iter(b'\n', b'\r', stretch).filter(|at| is_end(bytes, from + at)).count() as u32;
        }
        // A stride has no more than a byte counts, and so many are counted at a time.
        stretch.iter().map(|&byte| u8::from(byte == b'\n')).sum::<u8>().into()
    }

    /// The last line end from one byte to another.
    fn last_end(&self, bytes: &[u8], from: usize, to: usize) -> Option<usize> {
        let stretch = &bytes[from..to.min(bytes.len())];
        if !self.has_returns {
            return memrchr(b'\n', stretch).map(|at| from + at);
        }
        memchr2_iter(b'\n', b'\r', stretch).map(|at| from + at).rfind(|&at| is_end(bytes, at))
    }
}

/// Whether a line feed or carriage return ends a line: a carriage return before a line feed leaves that to it.
fn is_end(bytes: &[u8], at: usize) -> bool {
    bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every line's beginning, looked for byte by byte.
    fn starts(bytes: &[u8]) -> Vec<usize> {
        let ends = (0..bytes.len()).filter(|&at| matches!(bytes[at], b'\n' | b'\r') && is_end(bytes, at));
        std::iter::once(0).chain(ends.map(|end| end + 1)).collect()
    }

    #[test]
    fn lines_are_where_they_are() {
        let long = "x".repeat(STRIDE * 3);
        let many = "a: 1\n".repeat(STRIDE);
        let returns = "a: 1\r\nb: 2\rc: 3\n\n\r\r\n".repeat(STRIDE);
        let edge = format!("{}\r\n{}\n", "x".repeat(STRIDE - 1), "y".repeat(STRIDE - 3));
        for text in
            ["", "\n", "a", "a\n", "\r\n", &long, &format!("{long}\n{long}\r{long}"), &many, &returns, &edge]
        {
            let (bytes, starts) = (text.as_bytes(), starts(text.as_bytes()));
            let lines = Lines::new(bytes);
            assert_eq!(lines.count() as usize, starts.len());
            for offset in 0..=bytes.len() {
                let line = starts.partition_point(|&start| start <= offset);
                assert_eq!(lines.of(bytes, offset), (line as u32, starts[line - 1]), "byte {offset}");
            }
            for (at, &start) in starts.iter().enumerate() {
                assert_eq!(lines.start(bytes, at as u32 + 1), Some(start as u32), "line {}", at + 1);
            }
            assert_eq!(lines.start(bytes, starts.len() as u32 + 1), None);
        }
    }
}
