//! Addresses and ranges of addresses, as loosely as Kubernetes reads them: `010.096.000.010` is one.

use core::net::IpAddr;

/// An address; leading zeros are dropped, and an IPv4 address in IPv6 form is an IPv4 one.
///
/// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/staging/src/k8s.io/apimachinery/pkg/util/validation/ip.go>
pub fn parse_ip(text: &str) -> Option<IpAddr> {
    parse(text).map(|ip| ip.to_canonical())
}

/// Whether a text is a range of addresses: `10.0.0.0/8`.
pub fn is_cidr(text: &str) -> bool {
    let Some((address, prefix)) = text.split_once('/') else { return false };
    let most = match parse(address) {
        Some(IpAddr::V4(_)) => 32,
        Some(IpAddr::V6(_)) => 128,
        None => return false,
    };
    let digits = !prefix.is_empty() && prefix.bytes().all(|c| c.is_ascii_digit());
    let significant = prefix.trim_start_matches('0');
    digits && (significant.is_empty() || significant.parse::<u8>().is_ok_and(|bits| bits <= most))
}

/// What an address is reserved for, where it is: such an address cannot be an external one.
///
/// <https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/core/validation/validation.go> (`ValidateNonSpecialIP`)
pub fn reserved_for(ip: IpAddr) -> Option<&'static str> {
    let (link_local, multicast) = match ip {
        IpAddr::V4(ip) => (ip.is_link_local(), ip.octets()[..3] == [224, 0, 0]),
        IpAddr::V6(ip) => (ip.segments()[0] & 0xffc0 == 0xfe80, ip.segments()[0] & 0xff0f == 0xff02),
    };
    if ip.is_unspecified() {
        Some("stands for no address")
    } else if ip.is_loopback() {
        Some("is a loopback address")
    } else if link_local {
        Some("is a link-local address")
    } else {
        multicast.then_some("is a link-local multicast address")
    }
}

fn parse(text: &str) -> Option<IpAddr> {
    text.parse().ok().or_else(|| without_leading_zeros(text)?.parse().ok())
}

/// The text with its last four numbers, as IPv4 has them, without leading zeros.
fn without_leading_zeros(text: &str) -> Option<String> {
    let (before, numbers) = text.split_at(text.rfind(':').map_or(0, |at| at + 1));
    let numbers: Vec<&str> = numbers.split('.').collect();
    let all = numbers.len() == 4
        && numbers.iter().all(|number| !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit()));
    let strip = |number: &&str| {
        let significant = number.trim_start_matches('0');
        if significant.is_empty() { "0".to_owned() } else { significant.to_owned() }
    };
    all.then(|| format!("{before}{}", numbers.iter().map(strip).collect::<Vec<_>>().join(".")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, read) in [
            ("10.96.0.10", Some("10.96.0.10")),
            ("010.096.000.010", Some("10.96.0.10")),
            ("fd00::1", Some("fd00::1")),
            ("::ffff:10.0.0.1", Some("10.0.0.1")),
            ("::ffff:010.0.0.01", Some("10.0.0.1")),
            ("10.96.0.256", None),
            ("10.96.0.0/16", None),
            (" 10.0.0.1", None),
            ("fe80::1%eth0", None),
            ("1.2.3", None),
            ("None", None),
            ("", None),
        ] {
            assert_eq!(parse_ip(text).map(|ip| ip.to_string()).as_deref(), read, "{text:?}");
        }
    }

    #[test]
    fn ranges() {
        for (text, valid) in [
            ("10.0.0.0/8", true),
            ("10.0.0.1/8", true),
            ("010.0.0.0/08", true),
            ("2001:db8::/64", true),
            ("::ffff:10.0.0.0/104", true),
            ("0.0.0.0/0", true),
            ("10.0.0.0/33", false),
            ("10.0.0.0", false),
            ("10.0.0.0/", false),
            ("10.0.0.0/+8", false),
            ("x", false),
            ("", false),
        ] {
            assert_eq!(is_cidr(text), valid, "{text:?}");
        }
    }

    #[test]
    fn reserved_addresses() {
        for (text, reserved) in [
            ("0.0.0.0", true),
            ("::", true),
            ("127.9.9.9", true),
            ("::1", true),
            ("169.254.1.1", true),
            ("febf::1", true),
            ("224.0.0.1", true),
            ("ff12::1", true),
            ("::ffff:127.0.0.1", true),
            ("224.0.1.1", false),
            ("fec0::1", false),
            ("1.2.3.4", false),
        ] {
            assert_eq!(parse_ip(text).and_then(reserved_for).is_some(), reserved, "{text}");
        }
    }
}
