//! What a trace is asked to go to: a node port, a name or an address in the cluster, a URL.

use core::net::IpAddr;
use core::str::FromStr;

use crate::names::ip::parse_ip;
use crate::port::Protocol;

/// A place that somebody dials, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Who is dialled.
    pub host: Host,
    /// On which port; a URL without one means its scheme's.
    pub port: Option<u16>,
    /// By which protocol, where it is said: a URL means TCP.
    pub protocol: Option<Protocol>,
    /// The path that a URL asks for, `/` where it has none; `None` where no URL is written.
    pub path: Option<String>,
}

/// Who is dialled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// `node`: any of the nodes.
    AnyNode,
    /// An address.
    Ip(IpAddr),
    /// A DNS name or a node's name, in lower case and without the dot that may end it.
    Name(String),
}

/// Why a text is no address, worded for whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Nothing is written.
    #[error(
        "there is no address to trace: write one such as node:30008, web.default:80 or http://shop.example.com/cart"
    )]
    Missing,
    /// More than any address has.
    #[error("an address to trace has at most {MOST} characters")]
    TooLong,
    /// What stands for the host cannot be one.
    #[error(
        "{0:?} is no name or address of a host: write node, a name such as web.default, or an IP; IPv6 with a port stands in brackets"
    )]
    Host(String),
    /// What stands for the port is none.
    #[error("{0:?} is no port: a port is a number from 1 to 65535")]
    Port(String),
    /// What stands behind the slash is no protocol.
    #[error(
        "{0:?} is no protocol: an address may end in /tcp, /udp or /sctp; a path needs http:// before it"
    )]
    Protocol(String),
    /// A URL of another scheme.
    #[error("{0:?} is no scheme that is traced: write http:// or https://, or the address alone")]
    Scheme(String),
    /// A node without a port.
    #[error("a node is dialled on a port: write one, such as node:30008")]
    NodeWithoutPort,
}

/// The most characters of an address.
const MOST: usize = 2048;
/// The most characters of a name.
const MOST_OF_NAME: usize = 253;

impl Address {
    /// The protocol that is dialled: TCP unless another is said.
    pub fn dials(&self) -> Protocol {
        self.protocol.clone().unwrap_or_default()
    }

    /// Whether IPv6 is dialled; `None` where a name is.
    pub(super) fn is_v6(&self) -> Option<bool> {
        match self.host {
            Host::Ip(ip) => Some(ip.is_ipv6()),
            _ => None,
        }
    }
}

impl FromStr for Address {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Malformed::Missing);
        }
        if text.len() > MOST {
            return Err(Malformed::TooLong);
        }
        if let Some((scheme, rest)) = text.split_once("://") {
            return url(scheme, rest);
        }
        let (place, protocol) = match text.rsplit_once('/') {
            Some((place, protocol)) => (place, Some(read_protocol(protocol)?)),
            None => (text, None),
        };
        // No host is called by a number alone, so what looks like a port is one, and nodes are what is dialled by port.
        let number = place.strip_prefix(':').unwrap_or(place);
        let (host, port) = if !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit()) {
            (Host::AnyNode, Some(read_port(number)?))
        } else {
            host_and_port(place)?
        };
        if host == Host::AnyNode && port.is_none() {
            return Err(Malformed::NodeWithoutPort);
        }
        Ok(Self { host, port, protocol, path: None })
    }
}

fn url(scheme: &str, rest: &str) -> Result<Address, Malformed> {
    let default = match scheme.to_ascii_lowercase().as_str() {
        "http" | "ws" => 80,
        "https" | "wss" => 443,
        _ => return Err(Malformed::Scheme(scheme.to_owned())),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, asked) = rest.split_at(end);
    let path = asked.split(['?', '#']).next().filter(|path| !path.is_empty()).unwrap_or("/");
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let (host, port) = host_and_port(place)?;
    let path = Some(path.to_owned());
    Ok(Address { host, port: port.or(Some(default)), protocol: Some(Protocol::Tcp), path })
}

fn read_protocol(text: &str) -> Result<Protocol, Malformed> {
    match text.to_ascii_lowercase().as_str() {
        "tcp" => Ok(Protocol::Tcp),
        "udp" => Ok(Protocol::Udp),
        "sctp" => Ok(Protocol::Sctp),
        _ => Err(Malformed::Protocol(text.to_owned())),
    }
}

fn host_and_port(place: &str) -> Result<(Host, Option<u16>), Malformed> {
    let refused = || Malformed::Host(place.to_owned());
    if let Some(rest) = place.strip_prefix('[') {
        let (inside, after) = rest.split_once(']').ok_or_else(refused)?;
        let ip = parse_ip(inside).filter(|_| inside.contains(':')).ok_or_else(refused)?;
        let port = match after.strip_prefix(':') {
            Some(port) => Some(read_port(port)?),
            None if after.is_empty() => None,
            None => return Err(refused()),
        };
        return Ok((Host::Ip(ip), port));
    }
    if let Some(ip) = parse_ip(place) {
        return Ok((Host::Ip(ip), None));
    }
    match place.rsplit_once(':') {
        Some((host, _)) if host.contains(':') => Err(refused()),
        Some((host, port)) => Ok((read_host(host)?, Some(read_port(port)?))),
        None => Ok((read_host(place)?, None)),
    }
}

fn read_host(text: &str) -> Result<Host, Malformed> {
    if let Some(ip) = parse_ip(text) {
        return Ok(Host::Ip(ip));
    }
    let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    let allowed = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
    let is_name = |part: &str| !part.is_empty() && part.bytes().all(allowed);
    if name.len() > MOST_OF_NAME || !name.split('.').all(is_name) {
        return Err(Malformed::Host(text.to_owned()));
    }
    Ok(if name == "node" { Host::AnyNode } else { Host::Name(name) })
}

fn read_port(text: &str) -> Result<u16, Malformed> {
    let number = Some(text).filter(|text| text.bytes().all(|c| c.is_ascii_digit()));
    number
        .and_then(|digits| digits.parse().ok())
        .filter(|port| *port != 0)
        .ok_or_else(|| Malformed::Port(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> Host {
        Host::Name(name.to_owned())
    }

    fn ip(text: &str) -> Host {
        Host::Ip(text.parse().expect("an address"))
    }

    #[test]
    fn addresses_are_read() {
        let (tcp, udp) = (Some(Protocol::Tcp), Some(Protocol::Udp));
        for (text, host, port, protocol, path) in [
            ("node:30008", Host::AnyNode, Some(30008), None, None),
            ("30008", Host::AnyNode, Some(30008), None, None),
            (":30053/udp", Host::AnyNode, Some(30053), udp.clone(), None),
            (" node:30053/UDP ", Host::AnyNode, Some(30053), udp.clone(), None),
            ("192.168.1.2:30008", ip("192.168.1.2"), Some(30008), None, None),
            ("10.96.0.11", ip("10.96.0.11"), None, None, None),
            ("fd00::1", ip("fd00::1"), None, None, None),
            ("[fd00::1]", ip("fd00::1"), None, None, None),
            ("[fd00::1]:80/sctp", ip("fd00::1"), Some(80), Some(Protocol::Sctp), None),
            ("web", name("web"), None, None, None),
            (
                "Web.Default.svc.cluster.local.:80",
                name("web.default.svc.cluster.local"),
                Some(80),
                None,
                None,
            ),
            ("dns.kube-system/udp", name("dns.kube-system"), None, udp, None),
            ("web.default:80/tcp", name("web.default"), Some(80), tcp.clone(), None),
            (
                "http://shop.example.com/cart?x=1#y",
                name("shop.example.com"),
                Some(80),
                tcp.clone(),
                Some("/cart"),
            ),
            (
                "HTTPS://me:secret@shop.example.com",
                name("shop.example.com"),
                Some(443),
                tcp.clone(),
                Some("/"),
            ),
            ("http://node:30008/", Host::AnyNode, Some(30008), tcp.clone(), Some("/")),
            ("http://[fd00::1]:8080/udp", ip("fd00::1"), Some(8080), tcp, Some("/udp")),
        ] {
            let path = path.map(str::to_owned);
            assert_eq!(text.parse(), Ok(Address { host, port, protocol, path }), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_says_why() {
        for (text, why) in [
            ("", Malformed::Missing),
            ("  ", Malformed::Missing),
            ("node", Malformed::NodeWithoutPort),
            ("node:", Malformed::Port(String::new())),
            ("node:0", Malformed::Port("0".to_owned())),
            ("node:65536", Malformed::Port("65536".to_owned())),
            ("node:+80", Malformed::Port("+80".to_owned())),
            ("web:http", Malformed::Port("http".to_owned())),
            ("web.default:80/cart", Malformed::Protocol("cart".to_owned())),
            ("web/", Malformed::Protocol(String::new())),
            ("ftp://web", Malformed::Scheme("ftp".to_owned())),
            ("http://", Malformed::Host(String::new())),
            ("web..default", Malformed::Host("web..default".to_owned())),
            ("a b", Malformed::Host("a b".to_owned())),
            (":", Malformed::Host(String::new())),
            ("/udp", Malformed::Host(String::new())),
            (":0", Malformed::Port("0".to_owned())),
            ("99999", Malformed::Port("99999".to_owned())),
            ("http://:80", Malformed::Host(String::new())),
            ("[web]:80", Malformed::Host("[web]:80".to_owned())),
            ("[fd00::1:80", Malformed::Host("[fd00::1:80".to_owned())),
            ("[fd00::1]80", Malformed::Host("[fd00::1]80".to_owned())),
            ("fd00::x:80", Malformed::Host("fd00::x:80".to_owned())),
            ("<script>", Malformed::Host("<script>".to_owned())),
        ] {
            assert_eq!(text.parse::<Address>(), Err(why), "{text}");
        }
        assert_eq!("a".repeat(3000).parse::<Address>(), Err(Malformed::TooLong));
        assert!(matches!("a".repeat(300).parse::<Address>(), Err(Malformed::Host(_))));
    }
}
