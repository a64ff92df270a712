//! Lengths of time and sizes as people write them: `30d`, `10MiB`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A length of time, at least one second, such as a diagram's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expiry(u32);

/// How long a shared diagram lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lifetime {
    /// So long after it was made.
    For(Expiry),
    /// Until whoever made it deletes it.
    Never,
}

/// A number of bytes, at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(u64);

const TIMES: [(&str, u32); 6] =
    [("y", 365 * DAY), ("w", 7 * DAY), ("d", DAY), ("h", 3600), ("m", 60), ("s", 1)];
const DAY: u32 = 24 * 3600;
const SIZES: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

impl Expiry {
    /// So many seconds, at least one.
    pub const fn seconds(seconds: u32) -> Self {
        Self(if seconds == 0 { 1 } else { seconds })
    }

    /// So many days of 24 hours.
    pub const fn days(days: u16) -> Self {
        Self::seconds(days as u32 * DAY)
    }

    /// The number of seconds.
    pub fn as_seconds(self) -> i64 {
        i64::from(self.0)
    }

    /// The same as the standard library's type.
    pub fn as_duration(self) -> Duration {
        Duration::from_secs(u64::from(self.0))
    }

    /// In words, in the largest unit that divides it: `1 year`, `30 days`.
    pub fn words(self) -> String {
        let (number, unit) = self.largest_unit();
        let unit = match unit {
            "y" => "year",
            "d" => "day",
            "h" => "hour",
            "m" => "minute",
            _ => "second",
        };
        format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
    }

    fn largest_unit(self) -> (u32, &'static str) {
        // Weeks read worse than days: 30d and 35d should look alike.
        let mut units = TIMES.iter().filter(|(name, _)| *name != "w");
        let unit = units.find(|(_, scale)| self.0.is_multiple_of(*scale));
        unit.map_or((self.0, "s"), |(unit, scale)| (self.0 / scale, unit))
    }
}

impl FromStr for Expiry {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let number = &text[..text.len() - unit.len()];
        let scale = TIMES.iter().find(|(name, _)| *name == unit).map(|(_, scale)| *scale);
        let (Some(scale), false) = (scale, number.is_empty()) else {
            return Err("a time is a number and a unit: 90s, 15m, 1h, 12h, 1d, 2w or 1y".to_owned());
        };
        let seconds = number.parse::<u32>().ok().and_then(|number| number.checked_mul(scale));
        match seconds {
            Some(0) => Err("a time is at least one second".to_owned()),
            Some(seconds) => Ok(Self(seconds)),
            None => Err("that time is too long: it is at most 100 years".to_owned()),
        }
        .and_then(|time| {
            if time.0 > 100 * 365 * DAY {
                return Err("that time is too long: it is at most 100 years".to_owned());
            }
            Ok(time)
        })
    }
}

impl fmt::Display for Expiry {
    /// In the largest unit that divides it: `1y`, `30d`, `90s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = self.largest_unit();
        write!(f, "{number}{unit}")
    }
}

impl Lifetime {
    /// The second at which a diagram made at `created` is gone.
    pub fn end(self, created: i64) -> Option<i64> {
        match self {
            Self::For(time) => Some(created.saturating_add(time.as_seconds())),
            Self::Never => None,
        }
    }
}

impl FromStr for Lifetime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "never" { Ok(Self::Never) } else { text.parse().map(Self::For) }
    }
}

impl fmt::Display for Lifetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::For(time) => time.fmt(f),
            Self::Never => f.write_str("never"),
        }
    }
}

impl Size {
    /// So many MiB.
    pub const fn mib(mib: u32) -> Self {
        Self((mib as u64) << 20)
    }

    /// So many bytes.
    pub const fn bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// The number of bytes.
    pub fn as_bytes(self) -> u64 {
        self.0
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let number = text[..text.len() - unit.len()].parse::<u64>().ok();
        let unit = if unit.is_empty() { "B" } else { unit };
        let scale = SIZES.iter().find(|(name, _)| *name == unit).map(|(_, scale)| *scale);
        match number.zip(scale).and_then(|(number, scale)| number.checked_mul(scale)) {
            Some(0) => Err("a size is at least one byte".to_owned()),
            Some(bytes) if bytes <= 1 << 40 => Ok(Self(bytes)),
            _ => Err("a size is a number and a unit: 500KiB, 10MiB or 1GiB".to_owned()),
        }
    }
}

impl fmt::Display for Size {
    /// In the largest unit that divides it: `10MiB`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (unit, scale) in SIZES {
            if self.0.is_multiple_of(scale) {
                return write!(f, "{}{unit}", self.0 / scale);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, seconds) in [
            ("90s", 90),
            ("15m", 900),
            ("1h", 3600),
            ("12h", 43_200),
            ("1d", 86_400),
            ("2w", 1_209_600),
            ("30d", 2_592_000),
            ("1y", 31_536_000),
        ] {
            assert_eq!(text.parse::<Expiry>().map(Expiry::as_seconds), Ok(seconds), "{text}");
        }
        for text in ["", "d", "30", "0d", "-1d", "1 d", "1.5h", "1D", "forever", "101y", "99999999999d", "١d"]
        {
            assert!(text.parse::<Expiry>().is_err(), "{text}");
        }
    }

    #[test]
    fn lifetimes() {
        let month = Lifetime::For(Expiry::days(30));
        assert_eq!("30d".parse(), Ok(month));
        assert_eq!("never".parse(), Ok(Lifetime::Never));
        assert!(month < Lifetime::Never && "Never".parse::<Lifetime>().is_err());
        assert_eq!((month.end(100), Lifetime::Never.end(100)), (Some(2_592_100), None));
        assert_eq!((month.to_string(), Lifetime::Never.to_string()), ("30d".to_owned(), "never".to_owned()));
    }

    #[test]
    fn sizes() {
        for (text, bytes) in [("1", 1), ("512B", 512), ("2KiB", 2048), ("10MiB", 10 << 20), ("1GiB", 1 << 30)]
        {
            assert_eq!(text.parse::<Size>().map(Size::as_bytes), Ok(bytes), "{text}");
        }
        for text in ["", "0", "MiB", "10MB", "10 MiB", "-1", "99999999999GiB"] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }

    #[test]
    fn both_are_written_as_they_are_read() {
        for text in ["90s", "15m", "1h", "14d", "30d", "1y"] {
            assert_eq!(text.parse::<Expiry>().map(|time| time.to_string()), Ok(text.to_owned()));
        }
        for (text, words) in [("90s", "90 seconds"), ("1h", "1 hour"), ("30d", "30 days"), ("1y", "1 year")] {
            assert_eq!(text.parse::<Expiry>().map(Expiry::words), Ok(words.to_owned()));
        }
        for text in ["1B", "1500B", "3KiB", "10MiB", "1GiB"] {
            assert_eq!(text.parse::<Size>().map(|size| size.to_string()), Ok(text.to_owned()));
        }
    }
}
