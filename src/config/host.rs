//! By which names the server answers.

use std::net::IpAddr;

use super::Config;

impl Config {
    /// Whether a request's host (without its port) names this server: the public URL's, the listen address, or loopback.
    ///
    /// A name that somebody lets point here would give their pages this server's answers; an address cannot be let
    /// point anywhere, so a server that listens on all of a machine's answers by any.
    pub fn is_own_host(&self, host: &str) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host);
        let is = |own: &str| own.eq_ignore_ascii_case(host);
        let public = self.public_url.as_deref().and_then(|url| url.split_once("://")).map(|(_, rest)| rest);
        let public = public.and_then(|rest| rest.split('/').next()).map(without_port);
        let listen = without_port(&self.listen);
        if is("localhost") || public.is_some_and(is) || is(listen) {
            return true;
        }
        let Some(address) = address(host) else { return false };
        let is_any = self::address(listen).is_some_and(|listen| listen.is_unspecified());
        address.is_loopback() || is_any || Some(address) == self::address(listen)
    }
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

fn address(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_answers_by_its_own_names_alone() {
        for (listen, public_url, host, is_own) in [
            ("127.0.0.1:8080", None, "localhost", true),
            ("127.0.0.1:8080", None, "LOCALHOST.", true),
            ("127.0.0.1:8080", None, "127.0.0.1", true),
            ("127.0.0.1:8080", None, "127.8.8.8", true),
            ("127.0.0.1:8080", None, "[::1]", true),
            ("127.0.0.1:8080", None, "192.168.1.2", false),
            ("127.0.0.1:8080", None, "rebound.example.com", false),
            ("192.168.1.2:80", None, "192.168.1.2", true),
            ("192.168.1.2:80", None, "192.168.1.3", false),
            ("0.0.0.0:8080", None, "192.168.1.2", true),
            ("[::]:8080", None, "192.168.1.2", true),
            ("[::]:8080", None, "[2001:db8::1]", true),
            ("0.0.0.0:8080", None, "rebound.example.com", false),
            ("podwire.internal:8080", None, "podwire.internal", true),
            ("0.0.0.0:8080", Some("https://podwire.example.com"), "Podwire.Example.com", true),
            ("0.0.0.0:8080", Some("https://podwire.example.com:8443/pods"), "podwire.example.com", true),
            (
                "127.0.0.1:8080",
                Some("https://podwire.example.com"),
                "podwire.example.com.evil.example",
                false,
            ),
        ] {
            let public_url = public_url.map(str::to_owned);
            let config = Config { listen: listen.to_owned(), public_url, ..Config::default() };
            assert_eq!(config.is_own_host(host), is_own, "{listen} {host}");
        }
    }
}
