//! Who asks: the address that limits are kept by.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, HeaderName, header};

use crate::config::Network;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A client as limits know it: an IPv4 address, or the /64 of an IPv6 address, which one household has to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Client(IpAddr);

impl Client {
    /// Whoever is at an address.
    pub(super) fn at(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => {
                Self(IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))))
            }
            address @ IpAddr::V4(_) => Self(address),
        }
    }

    /// Whoever sent a request: who is connected, unless that is a trusted proxy, whose word is then taken. Without a
    /// connection, as in tests, there is one client.
    pub(super) fn of(extensions: &Extensions, headers: &HeaderMap, trusted: &[Network]) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        let peer = peer.unwrap_or(IpAddr::V6(Ipv6Addr::LOCALHOST));
        Self::at(if is_in(trusted, peer) { behind(peer, headers, trusted) } else { peer })
    }
}

fn is_in(networks: &[Network], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(address))
}

/// Who a trusted proxy asks for. A client may have written either header itself where the proxy minds only the other, so
/// two that disagree are nobody's word, and the proxy is the client.
fn behind(proxy: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let all = |name| headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    let plain: Vec<&str> = all(X_FORWARDED_FOR).flat_map(|value| value.split(',')).collect();
    let worded: Vec<&str> = all(header::FORWARDED).flat_map(|value| value.split(',')).collect();
    let plain = (!plain.is_empty()).then(|| nearest(proxy, plain.iter().map(|hop| address(hop)), trusted));
    let worded = worded.iter().map(|hop| forwarded_for(hop));
    let worded = (worded.len() > 0).then(|| nearest(proxy, worded, trusted));
    match (plain, worded) {
        (Some(one), Some(other)) if one != other => proxy,
        (one, other) => one.or(other).unwrap_or(proxy),
    }
}

/// From the proxy backwards, the first that is not trusted: whatever stands before it, it may have made up.
fn nearest(
    proxy: IpAddr,
    hops: impl DoubleEndedIterator<Item = Option<IpAddr>>,
    trusted: &[Network],
) -> IpAddr {
    let mut last = proxy;
    for hop in hops.rev() {
        // A hop without an address was seen by the one after it.
        let Some(hop) = hop else { return last };
        last = hop;
        if !is_in(trusted, hop) {
            return hop;
        }
    }
    last
}

/// The `for=` of an element of `Forwarded` (RFC 7239).
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let mut pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, node) = pairs.find(|(name, _)| name.eq_ignore_ascii_case("for"))?;
    address(node.trim_matches('"'))
}

/// An address, with or without a port: `10.0.0.1`, `10.0.0.1:80`, `[::1]:80`, `[::1]`, `::1`.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, headers: &[(HeaderName, &str)]) -> String {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        let mut all = HeaderMap::new();
        for (name, value) in headers {
            all.append(name, value.parse().unwrap());
        }
        Client::of(&extensions, &all, &trusted).0.to_string()
    }

    #[test]
    fn only_a_trusted_proxy_says_who_asks() {
        const PLAIN: HeaderName = X_FORWARDED_FOR;
        const WORDED: HeaderName = header::FORWARDED;
        for (peer, headers, expected) in [
            ("192.0.2.1", &[][..], "192.0.2.1"),
            ("192.0.2.1", &[(PLAIN, "198.51.100.9")], "192.0.2.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &[(PLAIN, "198.51.100.9")], "198.51.100.9"),
            ("::ffff:10.0.0.1", &[(PLAIN, "::ffff:198.51.100.9")], "198.51.100.9"),
            // What a client wrote itself stands further left.
            ("10.0.0.1", &[(PLAIN, "203.0.113.7, 198.51.100.9, 10.2.2.2")], "198.51.100.9"),
            ("10.0.0.1", &[(PLAIN, "203.0.113.7"), (PLAIN, "198.51.100.9:443")], "198.51.100.9"),
            ("10.0.0.1", &[(PLAIN, "203.0.113.7, nonsense, 10.2.2.2")], "10.2.2.2"),
            ("10.0.0.1", &[(PLAIN, "nonsense")], "10.0.0.1"),
            ("10.0.0.1", &[(PLAIN, "10.3.3.3, 10.2.2.2")], "10.3.3.3"),
            ("10.0.0.1", &[(WORDED, "for=203.0.113.7, for=198.51.100.9;proto=https")], "198.51.100.9"),
            ("10.0.0.1", &[(WORDED, "proto=https; For=\"[2001:db8:1:2::7]:4711\"")], "2001:db8:1:2::"),
            ("10.0.0.1", &[(WORDED, "for=_hidden")], "10.0.0.1"),
            ("10.0.0.1", &[(PLAIN, "198.51.100.9"), (WORDED, "for=198.51.100.9")], "198.51.100.9"),
            ("10.0.0.1", &[(PLAIN, "198.51.100.9"), (WORDED, "for=203.0.113.7")], "10.0.0.1"),
            ("fd00::1", &[(PLAIN, "2001:db8:1:2:3:4:5:6")], "2001:db8:1:2::"),
            ("2001:db8:1:2:3:4:5:6", &[], "2001:db8:1:2::"),
        ] {
            assert_eq!(client(peer, headers), expected, "{peer} {headers:?}");
        }
    }
}
