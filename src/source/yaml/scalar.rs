//! Scalars by YAML 1.1's rules as go-yaml applies them for kubectl: `yes` is true, `0120` is 80, `1e2` is 100.

use std::borrow::Cow;

use bumpalo::Bump;

use crate::source::{Node, Span, Value};

/// The prefix that `!!` stands for.
const CORE: &str = "tag:yaml.org,2002:";

/// The value of a scalar, or why there is none. A float may still be infinite or not a number.
pub(super) fn resolve<'a>(
    text: &'a str,
    plain: bool,
    tag: Option<&str>,
    arena: &'a Bump,
) -> Result<Value<'a>, &'static str> {
    let Some(tag) = tag else {
        return Ok(if plain { untagged(text) } else { Value::String(text) });
    };
    let wanted = tag.strip_prefix(CORE).unwrap_or_default();
    match wanted {
        // The tag decides, even over quotes: `!!int "80"` is a number.
        "bool" | "int" | "float" | "null" | "timestamp" => match (wanted, untagged(text)) {
            ("bool", value @ Value::Bool(_))
            | ("int", value @ (Value::Int(_) | Value::Uint(_)))
            | ("float", value @ Value::Float(_))
            | ("null", value @ Value::Null)
            | ("timestamp", value @ Value::String(_)) => Ok(value),
            ("float", Value::Int(number)) => Ok(Value::Float(number as f64)),
            _ => Err("the value is not of the type that its tag (!!name) says"),
        },
        "binary" => match base64(text) {
            Some(bytes) => Ok(Value::String(arena.alloc_str(&String::from_utf8_lossy(&bytes)))),
            None => Err("a value marked !!binary is not base64"),
        },
        _ => Ok(Value::String(text)),
    }
}

/// What a plain scalar without a tag means, if it means anything to Kubernetes.
pub(in crate::source) fn plain(text: &str) -> Option<Value<'_>> {
    as_value(untagged(text))
}

/// A plain scalar without a tag where a key stands; none where it is no key of a map's own.
pub(in crate::source) fn plain_key(text: &str) -> Option<Cow<'_, str>> {
    if text == "<<" { None } else { as_key(untagged(text)).ok() }
}

/// A scalar's value where a value stands and nothing overrides it: JSON has no infinity.
fn as_value(value: Value<'_>) -> Option<Value<'_>> {
    (!is_infinite(&value)).then(|| as_whole(value))
}

/// 80.0 is a whole number to Kubernetes.
pub(super) fn as_whole(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Float(number) => whole_or_float(number),
        other => other,
    }
}

pub(super) const INFINITE: &str = "infinity and not-a-number do not exist in Kubernetes";

pub(super) fn is_infinite(value: &Value<'_>) -> bool {
    matches!(value, Value::Float(number) if !number.is_finite())
}

/// Where the first number stands that is infinite, or none, among what no equal key overrides.
pub(super) fn infinite(node: &Node<'_>) -> Option<Span> {
    match &node.value {
        Value::List(items) => items.iter().find_map(infinite),
        Value::Map(map) => map.entries.iter().find_map(|entry| infinite(&entry.value)),
        value => is_infinite(value).then_some(node.span),
    }
}

/// A number without fraction is whole, however it was written.
pub(in crate::source) fn whole_or_float<'a>(number: f64) -> Value<'a> {
    if number.fract() == 0.0 && number.abs() < 9_223_372_036_854_775_808.0 {
        Value::Int(number as i64)
    } else {
        Value::Float(number)
    }
}

/// A scalar's text where a key stands: `yes:` is `"true"`, `080:` is `"80"`.
pub(super) fn as_key(value: Value<'_>) -> Result<Cow<'_, str>, &'static str> {
    match value {
        Value::String(text) => Ok(text.into()),
        Value::Bool(value) => Ok(value.to_string().into()),
        Value::Int(number) => Ok(number.to_string().into()),
        Value::Float(number) => Ok(float_key(number).into()),
        Value::Null => Err("a key is missing, or is null"),
        Value::Uint(_) => Err("a key is too large a number"),
        Value::List(_) | Value::Map(_) => Err("a list or map stands where a key should"),
    }
}

fn untagged(text: &str) -> Value<'_> {
    let Some(&first) = text.as_bytes().first() else { return Value::Null };
    let value = match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        b'.' => special_float(text).or_else(|| float(text)).map(Value::Float),
        b'+' | b'-' | b'0'..=b'9' => number(text),
        _ => None,
    };
    value.unwrap_or(Value::String(text))
}

fn word<'a>(text: &str) -> Option<Value<'a>> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Some(Value::Bool(true))
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(Value::Bool(false))
        }
        "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        _ => None,
    }
}

fn special_float(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// A whole number with its base's prefix, then a float, else text.
fn number<'a>(text: &str) -> Option<Value<'a>> {
    if let Some(special) = special_float(text) {
        return Some(Value::Float(special));
    }
    let digits: Cow<'_, str> = if text.contains('_') { text.replace('_', "").into() } else { text.into() };
    if let Some(whole) = whole(&digits) {
        if let Ok(number) = i64::try_from(whole) {
            return Some(Value::Int(number));
        }
        if let Ok(number) = u64::try_from(whole)
            && !digits.starts_with('+')
        {
            return Some(Value::Uint(number));
        }
    }
    float(&digits).map(Value::Float)
}

/// Go's `strconv.ParseInt` with base 0: `0x50`, `0b1`, `0o120` and `0120`.
fn whole(text: &str) -> Option<i128> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let prefixed = |radix, digits: &'static [u8; 2]| {
        unsigned
            .as_bytes()
            .get(..2)
            .filter(|start| start.eq_ignore_ascii_case(digits))
            .map(|_| (radix, &unsigned[2..]))
    };
    let (radix, digits) = prefixed(16, b"0x")
        .or_else(|| prefixed(2, b"0b"))
        .or_else(|| prefixed(8, b"0o"))
        .or_else(|| unsigned.strip_prefix('0').filter(|rest| !rest.is_empty()).map(|rest| (8, rest)))
        .unwrap_or((10, unsigned));
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_alphanumeric()) {
        return None;
    }
    let number = i128::from_str_radix(digits, radix).ok()?;
    Some(if text.starts_with('-') { -number } else { number })
}

/// A decimal float: sign, digits with a point or without, exponent.
fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let all_digits = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_is_sound = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    if before.len() + after.len() == 0 || !all_digits(before) || !all_digits(after) || !exponent_is_sound {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Go's `strconv.FormatFloat(number, 'g', -1, 32)`, which sigs.k8s.io/yaml uses for keys.
fn float_key(number: f64) -> String {
    let number = number as f32;
    if number.is_nan() {
        return ".nan".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { ".inf" } else { "-.inf" }.into();
    }
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return number.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let letters: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    if !letters.len().is_multiple_of(4) {
        return None;
    }
    let padding = letters.iter().rev().take_while(|&&letter| letter == b'=').count();
    if padding > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(letters.len() / 4 * 3);
    for four in letters[..letters.len() - padding].chunks(4) {
        let mut bits = 0_u32;
        for &letter in four {
            let six = match letter {
                b'A'..=b'Z' => letter - b'A',
                b'a'..=b'z' => letter - b'a' + 26,
                b'0'..=b'9' => letter - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                _ => return None,
            };
            bits = bits << 6 | u32::from(six);
        }
        bits <<= 6 * (4 - four.len() as u32);
        bytes.extend_from_slice(&bits.to_be_bytes()[1..four.len()]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value<'_> {
        plain(text).unwrap_or(Value::String("<error>"))
    }

    #[test]
    fn plain_scalars() {
        for text in ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"] {
            assert_eq!(value(text), Value::Bool(true), "{text}");
        }
        for text in ["n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"] {
            assert_eq!(value(text), Value::Bool(false), "{text}");
        }
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(value(text), Value::Null, "{text}");
        }
        for (text, number) in [
            ("80", 80),
            ("+80", 80),
            ("-80", -80),
            ("0", 0),
            ("-0", 0),
            ("080", 80),
            ("0120", 80),
            ("-0120", -80),
            ("0x50", 80),
            ("0X50", 80),
            ("-0x50", -80),
            ("0b1010000", 80),
            ("0o120", 80),
            ("0O120", 80),
            ("8_0", 80),
            ("0_120", 80),
            ("80.", 80),
            ("80.0", 80),
            ("8e1", 80),
            ("8.0E+1", 80),
            ("1e2", 100),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(value(text), Value::Int(number), "{text}");
        }
        assert_eq!(value("18446744073709551615"), Value::Uint(u64::MAX));
        assert_eq!(value("80.5"), Value::Float(80.5));
        assert_eq!(value(".5"), Value::Float(0.5));
        assert_eq!(value("1e20"), Value::Float(1e20));
        assert_eq!(value("99999999999999999999"), Value::Float(1e20));
        for text in [
            "yEs",
            "TrUe",
            "nUll",
            "0x",
            "0b2",
            "8e",
            "e8",
            ".",
            "+",
            "-",
            "--1",
            "1.2.3",
            "1:30",
            "2001-01-01",
            "80/TCP",
            "0xé",
            "-é",
            "é",
            "<<",
            "=",
            "1e999",
        ] {
            assert_eq!(value(text), Value::String(text), "{text}");
        }
        for text in [".nan", ".NaN", ".inf", "-.inf", "+.Inf"] {
            assert_eq!(value(text), Value::String("<error>"), "{text}");
        }
    }

    #[test]
    fn tagged_scalars() {
        let arena = Bump::new();
        let tagged = |text: &'static str, plain, tag: &str| {
            resolve(text, plain, Some(&format!("{CORE}{tag}")), &arena)
        };
        assert_eq!(tagged("80", true, "str"), Ok(Value::String("80")));
        assert_eq!(tagged("80", false, "int"), Ok(Value::Int(80)));
        assert_eq!(tagged("yes", false, "bool"), Ok(Value::Bool(true)));
        assert_eq!(tagged("80", true, "float"), Ok(Value::Float(80.0)));
        assert_eq!(tagged("aGVsbG8=", true, "binary"), Ok(Value::String("hello")));
        assert_eq!(tagged("", true, "str"), Ok(Value::String("")));
        for (text, tag) in [("x", "int"), ("80", "bool"), ("x", "null"), ("80.5", "int"), ("a", "binary")] {
            assert!(tagged(text, true, tag).is_err(), "{tag} {text}");
        }
        assert_eq!(resolve("80", true, Some("!mine"), &arena), Ok(Value::String("80")));
        assert_eq!(resolve("80", true, Some("!"), &arena), Ok(Value::String("80")));
        assert_eq!(resolve("", true, Some("!"), &arena), Ok(Value::String("")));
    }

    #[test]
    fn keys() {
        let arena = Bump::new();
        for (text, key) in [
            ("yes", "true"),
            ("off", "false"),
            ("080", "80"),
            ("0x50", "80"),
            ("1.5", "1.5"),
            ("1e2", "100"),
            ("1234567.5", "1.2345675e+06"),
            ("0.00001", "1e-05"),
            (".inf", ".inf"),
            ("app", "app"),
        ] {
            assert_eq!(resolve(text, true, None, &arena).and_then(as_key).as_deref(), Ok(key), "{text}");
        }
        for text in ["", "~", "18446744073709551615"] {
            assert!(resolve(text, true, None, &arena).and_then(as_key).is_err(), "{text}");
        }
    }
}
