//! Scalars that Kubernetes decodes by rules of its own: whole numbers, times, amounts and bytes.

use crate::source::Value;

/// A whole number of 32 bits; `80.0` is one, as for Kubernetes.
pub(super) fn int32(value: &Value<'_>) -> Option<i32> {
    match *value {
        Value::Int(number) => i32::try_from(number).ok(),
        Value::Float(number) if number.fract() == 0.0 && number.abs() <= f64::from(i32::MAX) => {
            Some(number as i32)
        }
        _ => None,
    }
}

/// A whole number of 64 bits.
pub(super) fn int64(value: &Value<'_>) -> Option<i64> {
    match *value {
        Value::Int(number) => Some(number),
        Value::Float(number) if number.fract() == 0.0 && number.abs() < 9.2e18 => Some(number as i64),
        _ => None,
    }
}

/// Whether a text is a time such as `2006-01-02T15:04:05.999Z` or `2006-01-02T15:04:05+07:00`.
///
/// <https://github.com/kubernetes/apimachinery/blob/v0.34.1/pkg/apis/meta/v1/time.go> (`UnmarshalJSON`)
pub(super) fn is_time(text: &str) -> bool {
    time(text).is_some()
}

/// Whether a text is a time with six digits after the second's point: `2006-01-02T15:04:05.000000Z`.
///
/// <https://github.com/kubernetes/apimachinery/blob/v0.34.1/pkg/apis/meta/v1/micro_time.go> (`RFC3339Micro`)
pub(super) fn is_micro_time(text: &str) -> bool {
    time(text) == Some(6)
}

/// How many digits the fraction of a time's second has; `None` where it is no time.
fn time(text: &str) -> Option<usize> {
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to).filter(|digits| digits.bytes().all(|c| c.is_ascii_digit()))?;
        digits.parse::<u32>().ok()
    };
    let within = |from: usize, most: u32| number(from, from + 2).is_some_and(|number| number <= most);
    let marks = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")];
    if !marks.iter().all(|(at, mark)| text.get(*at..at + 1) == Some(mark)) {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let date = (1..=12).contains(&month) && (1..=days).contains(&day);
    let clock = within(11, 23) && within(14, 59) && within(17, 59);
    let rest = text.get(19..).unwrap_or_default();
    let (zone, digits) = match rest.strip_prefix(['.', ',']) {
        None => (rest, 0),
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            (zone, Some(fraction.len() - zone.len()).filter(|digits| *digits > 0)?)
        }
    };
    let is_zone = match zone.as_bytes() {
        [b'Z'] => true,
        [b'+' | b'-', _, _, b':', _, _] => within(text.len() - 5, 23) && within(text.len() - 2, 59),
        _ => false,
    };
    (date && clock && is_zone).then_some(digits)
}

/// Whether a text is an amount such as `100m`, `1.5Gi` or `1e3`. Nothing at all is none.
///
/// <https://github.com/kubernetes/apimachinery/blob/v0.34.1/pkg/api/resource/quantity.go> (`ParseQuantity`)
pub(super) fn is_quantity(text: &str) -> bool {
    let text = text.trim();
    let is_digit = |c: char| c.is_ascii_digit();
    let number = text.strip_prefix(['+', '-']).unwrap_or(text).trim_start_matches(is_digit);
    let suffix = number.strip_prefix('.').map_or(number, |fraction| fraction.trim_start_matches(is_digit));
    let is_suffix = matches!(
        suffix.as_bytes(),
        [] | [b'n' | b'u' | b'm' | b'k' | b'M' | b'G' | b'T' | b'P' | b'E']
            | [b'K' | b'M' | b'G' | b'T' | b'P' | b'E', b'i']
    );
    let is_exponent = |exponent: &str| exponent.parse::<i64>().is_ok();
    !text.is_empty() && (is_suffix || suffix.strip_prefix(['e', 'E']).is_some_and(is_exponent))
}

/// Whether a text is bytes in base64, padded; line ends may stand anywhere.
///
/// <https://pkg.go.dev/encoding/base64#Encoding.Decode>
pub(super) fn is_base64(text: &str) -> bool {
    let (mut letters, mut padding) = (0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b'\n' | b'\r' => {}
            b'=' => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => letters += 1,
            _ => return false,
        }
    }
    (letters + padding) % 4 == 0 && padding <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, valid, micro) in [
            ("2024-02-29T23:59:59Z", true, false),
            ("2024-01-01T00:00:00.123456Z", true, true),
            ("2024-01-01T00:00:00.123456789Z", true, false),
            ("2024-01-01T00:00:00+07:00", true, false),
            ("2024-01-01T00:00:00.000000+07:00", true, true),
            ("2023-02-29T00:00:00Z", false, false),
            ("2024-01-01T24:00:00Z", false, false),
            ("2024-01-01 00:00:00Z", false, false),
            ("2024-01-01T00:00:00", false, false),
            ("2024-01-01T00:00:00.Z", false, false),
            ("2024-01-01", false, false),
            ("", false, false),
            ("yesterday", false, false),
        ] {
            assert_eq!((is_time(text), is_micro_time(text)), (valid, micro), "{text:?}");
        }
    }

    #[test]
    fn quantities() {
        for text in
            ["0", "1", "-1", "+.5", "1.", "1.G", "100m", "1.5Gi", "1Ei", "1E", "1e3", "1E-3", " 1 ", "1e+21"]
        {
            assert!(is_quantity(text), "{text:?}");
        }
        for text in
            ["", " ", "1 Gi", "1gi", "1GB", "1K", "1e", "1e+", "1.2.3", "e", "one", "true", "1m5", "1,5"]
        {
            assert!(!is_quantity(text), "{text:?}");
        }
    }

    #[test]
    fn bytes() {
        for text in ["", "YQ==", "YWI=", "YWJj", "YW\nJj\n", "+/+/"] {
            assert!(is_base64(text), "{text:?}");
        }
        for text in ["a", "YQ", "YQ=", "Y===", "=YQ=", "YQ==YQ==", "YW J", "-_-_", "hunter2"] {
            assert!(!is_base64(text), "{text:?}");
        }
    }
}
