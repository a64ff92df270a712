//! What a setting must be like, beyond what its type says; each failure is one sentence for whoever starts the server.

use std::str::FromStr as _;

use axum::http::uri::Authority;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use super::{Config, Lifetime, Size};

impl Config {
    /// The settings, if they make a server that can serve. What is said of them quotes no address, which may hold a password.
    pub fn checked(mut self) -> Result<Self, String> {
        self.public_url = self.public_url.map(|url| public_url(&url)).transpose()?;
        log_filter(&self.log)?;
        // Places in a text have 32 bits, and a text may grow by half as it becomes UTF-8.
        for (flag, size) in [("--max-body", self.max_body), ("--max-unpacked", self.max_unpacked)] {
            if size > Size::mib(2 << 10) {
                return Err(format!("{flag}: it is 2GiB at most, not {size}"));
            }
        }
        if Lifetime::For(self.expires_min) > self.expires_max {
            return Err("--expires-min is longer than --expires-max: no diagram could be shared".to_owned());
        }
        // Port 0 is another one each time.
        if self.metrics_listen.as_ref() == Some(&self.listen) && !self.listen.ends_with(":0") {
            return Err(
                "--metrics-listen is the address of --listen: give the metrics a port of their own, or leave it out"
                    .to_owned(),
            );
        }
        Ok(self)
    }
}

/// A count of which there is at least one.
pub(super) fn count<T: TryFrom<usize>>(text: &str) -> Result<T, String> {
    let number = text.parse().ok().filter(|&number: &usize| number > 0);
    number
        .and_then(|number| T::try_from(number).ok())
        .ok_or_else(|| "a count is a whole number from 1 on".to_owned())
}

/// A count, or 0 for any number.
pub(super) fn count_or_any<T: TryFrom<usize>>(text: &str) -> Result<T, String> {
    let number = text.parse().ok().and_then(|number: usize| T::try_from(number).ok());
    number.ok_or_else(|| "a count is a whole number; 0 stands for any number".to_owned())
}

/// A public URL without its final `/`.
fn public_url(text: &str) -> Result<String, String> {
    let url = text.trim_end_matches('/');
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or_default();
    let is_host = |host: Authority| {
        let has_port = host.as_str().len() > host.host().len();
        !host.host().is_empty() && !host.as_str().contains('@') && (!has_port || host.port_u16().is_some())
    };
    if Authority::try_from(host).is_ok_and(is_host) {
        return Ok(url.to_owned());
    }
    Err("--public-url: a public URL is a name of this server's own, like https://podwire.example.com, without a user or a path"
        .to_owned())
}

/// The filter of log lines. A word that is no level would be taken for a part of the program, and one that there is not
/// for a part that never says anything.
pub fn log_filter(text: &str) -> Result<EnvFilter, String> {
    let refused = |why: String| format!("--log: {why}; it is like info, or podwire=debug,sqlx=warn");
    let directives = || text.split(',').map(str::trim).filter(|directive| !directive.is_empty());
    if directives().next().is_none() {
        return Err(refused("nothing is no filter of log lines, and off logs nothing".to_owned()));
    }
    for directive in directives() {
        let (part, level) = directive.rsplit_once('=').unwrap_or(("", directive));
        let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_:".contains(&byte);
        if LevelFilter::from_str(level).is_err() || !part.bytes().all(is_part) {
            return Err(refused(format!("\"{directive}\" is no filter of log lines")));
        }
    }
    EnvFilter::try_new(text)
        .map_err(|cause| refused(format!("\"{text}\" is no filter of log lines: {cause}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_a_name_and_no_more() {
        for (text, url) in [
            ("https://podwire.example.com/", "https://podwire.example.com"),
            ("http://192.0.2.1:30008", "http://192.0.2.1:30008"),
        ] {
            assert_eq!(public_url(text).as_deref(), Ok(url));
        }
        for text in [
            "podwire.example.com",
            "https://",
            "https://u:secret@x",
            "https://x/pods",
            "https://x?a",
            "https://:80",
            "http://x:99999",
            "https://a:b:c",
            "https://<b>",
            "",
        ] {
            let why = public_url(text).unwrap_err();
            assert!(why.contains("--public-url") && !why.contains("secret"), "{why}");
        }
    }

    #[test]
    fn a_filter_that_would_log_nothing_is_refused() {
        for text in ["info", "INFO", "off", "warn,podwire=debug", "podwire::web=trace,sqlx=off"] {
            assert!(log_filter(text).is_ok(), "{text}");
        }
        for text in [
            "",
            " ,",
            "warning",
            "verbose",
            "Podwire=debug",
            "podwire=verbose",
            "podwire",
            "[",
            "info,nothing",
        ] {
            let why = log_filter(text).unwrap_err();
            assert!(why.contains("--log") && why.contains("no filter"), "{why}");
        }
    }

    #[test]
    fn counts_are_told_in_words() {
        assert_eq!(count::<u32>("1"), Ok(1));
        assert_eq!(count_or_any::<usize>("0"), Ok(0));
        for text in ["0", "-1", "many", "99999999999", ""] {
            assert!(count::<u32>(text).unwrap_err().contains("whole number from 1"), "{text}");
        }
        assert!(count_or_any::<u32>("many").unwrap_err().contains("whole number"));
    }

    #[test]
    fn no_text_is_longer_than_places_are() {
        let config = |size: &str| Config { max_unpacked: size.parse().unwrap(), ..Config::default() };
        assert_eq!(config("3GiB").checked().unwrap_err(), "--max-unpacked: it is 2GiB at most, not 3GiB");
        assert!(config("2GiB").checked().is_ok());
    }

    #[test]
    fn some_lifetime_is_allowed() {
        let config = |max: &str| Config { expires_max: max.parse().unwrap(), ..Config::default() };
        assert!(config("59m").checked().unwrap_err().contains("--expires-min"));
        assert!(config("1h").checked().is_ok() && config("never").checked().is_ok());
    }

    #[test]
    fn the_metrics_have_another_address() {
        let config = |listen: &str| Config {
            listen: listen.to_owned(),
            metrics_listen: Some(listen.to_owned()),
            ..Config::default()
        };
        assert!(config("127.0.0.1:8080").checked().unwrap_err().contains("--metrics-listen"));
        assert!(config("127.0.0.1:0").checked().is_ok());
    }
}
