//! Every setting in one table: flag, variable, default and sentence.
//!
//! clap reads them; a test holds the two together, and the README's table is written by [`settings_table`].

mod check;
mod host;
mod network;
mod settings;
mod store_url;
mod units;

pub use check::log_filter;
pub use network::Network;
pub use settings::{SETTINGS, Setting, settings_table};
pub use store_url::StoreUrl;
pub use units::{Expiry, Lifetime, Size};

/// The settings of the server, read from flags and `PODWIRE_*` variables.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    /// Address and port to answer on
    #[arg(long, env = "PODWIRE_LISTEN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Where shared diagrams are kept: `sqlite:PATH`, `postgres://USER:PASSWORD@HOST/DATABASE`, or `memory:` to forget them on exit
    #[arg(
        long,
        env = "PODWIRE_STORE",
        hide_env_values = true,
        value_name = "URL",
        default_value = "sqlite:podwire-data/podwire.db"
    )]
    pub store: StoreUrl,
    /// Address that links begin with, such as `https://podwire.example.com`; unset, the one the request came to, over http
    #[arg(long, env = "PODWIRE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Proxies in front of the server, as addresses or networks separated by commas: their word in `X-Forwarded-For` or `Forwarded` is taken for who asks; unset, nobody's is
    #[arg(long, env = "PODWIRE_TRUSTED_PROXY", value_name = "NETWORKS", value_delimiter = ',')]
    pub trusted_proxy: Vec<Network>,
    /// Requests a second that one client may send on average, kept answers not counted; 0 for any number
    #[arg(long, env = "PODWIRE_RATE", value_name = "COUNT", value_parser = check::count_or_any::<u32>, default_value = "50")]
    pub rate: u32,
    /// Requests that one client may send at once before `--rate` holds
    #[arg(long, env = "PODWIRE_RATE_BURST", value_name = "COUNT", value_parser = check::count::<u32>, default_value = "200")]
    pub rate_burst: u32,
    /// Uploads of one client that may wait or be analysed at once; 0 for any number
    #[arg(long, env = "PODWIRE_MAX_AT_ONCE", value_name = "COUNT", value_parser = check::count_or_any::<usize>, default_value = "16")]
    pub max_at_once: usize,
    /// Most connections; half of them of one client
    #[arg(long, env = "PODWIRE_MAX_CONNECTIONS", value_name = "COUNT", value_parser = check::count::<std::num::NonZeroUsize>, default_value = "4096")]
    pub max_connections: std::num::NonZeroUsize,
    /// Largest upload, as it is sent
    #[arg(long, env = "PODWIRE_MAX_BODY", value_name = "SIZE", default_value = "10MiB")]
    pub max_body: Size,
    /// Largest size of all files of an archive once unpacked
    #[arg(long, env = "PODWIRE_MAX_UNPACKED", value_name = "SIZE", default_value = "64MiB")]
    pub max_unpacked: Size,
    /// Most files in one upload
    #[arg(long, env = "PODWIRE_MAX_FILES", value_name = "COUNT", value_parser = check::count::<usize>, default_value = "2000")]
    pub max_files: usize,
    /// Most YAML documents in one upload
    #[arg(long, env = "PODWIRE_MAX_DOCUMENTS", value_name = "COUNT", value_parser = check::count::<usize>, default_value = "100000")]
    pub max_documents: usize,
    /// Most values in one upload, of which an item of a list or a document counts as eight: two bytes may be one, and take a kilobyte of memory
    #[arg(long, env = "PODWIRE_MAX_VALUES", value_name = "COUNT", value_parser = check::count::<usize>, default_value = "4000000")]
    pub max_values: usize,
    /// Most Kubernetes objects in one upload, those in Lists included
    #[arg(long, env = "PODWIRE_MAX_OBJECTS", value_name = "COUNT", value_parser = check::count::<usize>, default_value = "200000")]
    pub max_objects: usize,
    /// Most endpoints and ways in of one upload: a thousand Services that select the same thousand Pods have a million
    #[arg(long, env = "PODWIRE_MAX_ENDPOINTS", value_name = "COUNT", value_parser = check::count::<usize>, default_value = "400000")]
    pub max_endpoints: usize,
    /// How long a shared diagram lives unless its maker says; no shorter than `--expires-min`, no longer than `--expires-max`
    #[arg(long, env = "PODWIRE_EXPIRES_DEFAULT", value_name = "TIME", default_value = "30d")]
    pub expires_default: Lifetime,
    /// Longest life that a maker may ask for; `never` allows diagrams that stay until they are deleted
    #[arg(long, env = "PODWIRE_EXPIRES_MAX", value_name = "TIME", default_value = "1y")]
    pub expires_max: Lifetime,
    /// Shortest life that a maker may ask for
    #[arg(long, env = "PODWIRE_EXPIRES_MIN", value_name = "TIME", default_value = "1h")]
    pub expires_min: Expiry,
    /// How many uploads are analysed at once, and half as many large ones besides; unset, one for each core
    #[arg(long, env = "PODWIRE_ANALYSES", value_name = "COUNT", value_parser = check::count::<std::num::NonZeroUsize>)]
    pub analyses: Option<std::num::NonZeroUsize>,
    /// How many more uploads may wait their turn before the server answers that it is busy
    #[arg(long, env = "PODWIRE_MAX_WAITING", value_name = "COUNT", default_value = "256")]
    pub max_waiting: usize,
    /// Longest time that one request may take
    #[arg(long, env = "PODWIRE_TIMEOUT", value_name = "TIME", default_value = "30s")]
    pub timeout: Expiry,
    /// Address and port for `/metrics` alone; unset, it is at `--listen` with everything else
    #[arg(long, env = "PODWIRE_METRICS_LISTEN", value_name = "ADDRESS:PORT")]
    pub metrics_listen: Option<String>,
    /// How log lines are written: `text`, or `json` for collectors
    #[arg(long, env = "PODWIRE_LOG_FORMAT", value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,
    /// What is logged: `error`, `warn`, `info`, `debug`, `trace`, or filters such as `podwire=debug,sqlx=warn`
    #[arg(long, env = "PODWIRE_LOG", value_name = "FILTER", default_value = "info")]
    pub log: String,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Config {
    /// The table's defaults, whatever the environment says.
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            store: StoreUrl::new("sqlite:podwire-data/podwire.db"),
            public_url: None,
            trusted_proxy: Vec::new(),
            rate: 50,
            rate_burst: 200,
            max_at_once: 16,
            max_connections: const { std::num::NonZeroUsize::new(4096).unwrap() },
            max_body: Size::mib(10),
            max_unpacked: Size::mib(64),
            max_files: 2_000,
            max_documents: 100_000,
            max_values: 4_000_000,
            max_objects: 200_000,
            max_endpoints: 400_000,
            expires_default: Lifetime::For(Expiry::days(30)),
            expires_max: Lifetime::For(Expiry::days(365)),
            expires_min: Expiry::seconds(3600),
            analyses: None,
            max_waiting: 256,
            timeout: Expiry::seconds(30),
            metrics_listen: None,
            log_format: LogFormat::Text,
            log: "info".to_owned(),
        }
    }
}

impl Config {
    /// How many analyses run at once.
    pub fn analyses(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.analyses.map_or_else(cores, std::num::NonZero::get)
    }

    /// What links begin with, without a final `/`: the public URL, else what the request's Host header says.
    pub fn base_url(&self, host: Option<&str>) -> String {
        let plain = |host: &&str| {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
            !host.is_empty() && host.len() <= 255 && host.bytes().all(allowed)
        };
        match &self.public_url {
            Some(url) => url.clone(),
            None => format!("http://{}", host.filter(plain).unwrap_or(&self.listen)),
        }
    }

    /// The lifetimes that a page offers, the default among them.
    pub fn lifetimes(&self) -> Vec<Lifetime> {
        let days = [1, 7, 30, 90, 365].map(Expiry::days);
        let usual = [Expiry::seconds(3600)].into_iter().chain(days).map(Lifetime::For);
        let own = [self.shortest(), self.expires_default, self.expires_max, Lifetime::Never];
        let is_allowed = |offer: &Lifetime| (self.shortest()..=self.expires_max).contains(offer);
        let mut offered: Vec<_> = usual.chain(own).filter(is_allowed).collect();
        offered.sort_unstable();
        offered.dedup();
        offered
    }

    /// The shortest life; never longer than the longest.
    fn shortest(&self) -> Lifetime {
        Lifetime::For(self.expires_min).min(self.expires_max)
    }

    /// The life of a diagram whose maker does not say.
    pub fn default_lifetime(&self) -> Lifetime {
        self.expires_default.clamp(self.shortest(), self.expires_max)
    }

    /// How long a diagram lives when its maker asks for `asked`; the error is worded for the maker.
    pub fn lifetime(&self, asked: Option<&str>) -> Result<Lifetime, String> {
        let Some(asked) = asked.map(str::trim).filter(|asked| !asked.is_empty()) else {
            return Ok(self.default_lifetime());
        };
        let lifetime: Lifetime = asked.parse()?;
        let shortest = self.shortest();
        if lifetime < shortest {
            return Err(format!("a diagram lives for {shortest} at least, not {asked}"));
        }
        if lifetime <= self.expires_max {
            return Ok(lifetime);
        }
        let asked = if lifetime == Lifetime::Never { "for ever" } else { asked };
        Err(format!("a diagram may live for {} at most, not {asked}", self.expires_max))
    }
}

#[cfg(test)]
mod tests {
    use clap::{Args, Command, FromArgMatches};

    use super::*;

    fn parse(args: &[&str]) -> Result<Config, clap::Error> {
        let command = Config::augment_args(Command::new("podwire").no_binary_name(true));
        Config::from_arg_matches(&command.try_get_matches_from(args)?)
    }

    #[test]
    fn the_table_and_clap_agree() {
        let command = Config::augment_args(Command::new("podwire"));
        let clap: Vec<_> = command
            .get_arguments()
            .map(|arg| {
                (
                    arg.get_long().unwrap().to_owned(),
                    arg.get_env().unwrap().to_str().unwrap().to_owned(),
                    arg.get_default_values().first().map(|value| value.to_str().unwrap().to_owned()),
                    arg.get_help().unwrap().to_string(),
                )
            })
            .collect();
        let table: Vec<_> = SETTINGS
            .iter()
            .map(|s| {
                (
                    s.flag.to_owned(),
                    s.variable.to_owned(),
                    s.default.map(str::to_owned),
                    s.sentence.to_owned(),
                )
            })
            .collect();
        assert_eq!(clap, table);
    }

    #[test]
    fn variables_are_named_after_their_flags() {
        for setting in &SETTINGS {
            let expected = format!("PODWIRE_{}", setting.flag.replace('-', "_").to_uppercase());
            assert_eq!(setting.variable, expected);
        }
    }

    #[test]
    fn the_default_config_is_what_clap_reads_from_nothing() {
        if SETTINGS.iter().any(|setting| std::env::var_os(setting.variable).is_some()) {
            return;
        }
        assert_eq!(format!("{:?}", parse(&[]).unwrap()), format!("{:?}", Config::default()));
    }

    #[test]
    fn wrong_values_are_refused_in_words() {
        for (args, word) in [
            (["--max-body", "ten"], "a size is a number"),
            (["--max-body", "0"], "a size is at least one byte"),
            (["--expires-max", "soon"], "a time is a number"),
            (["--expires-default", "forever"], "a time is a number"),
            (["--analyses", "0"], "a count is a whole number from 1"),
            (["--max-connections", "0"], "a count is a whole number from 1"),
            (["--max-files", "0"], "a count is a whole number from 1"),
            (["--rate-burst", "0"], "a count is a whole number from 1"),
            (["--rate", "many"], "a count is a whole number; 0"),
            (["--trusted-proxy", "10.0.0.0/8,proxy"], "a network is like"),
        ] {
            let error = parse(&args).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }

    #[test]
    fn links_begin_with_the_public_url_else_with_the_host() {
        let mut config = Config::default();
        assert_eq!(config.base_url(Some("10.0.0.1:8080")), "http://10.0.0.1:8080");
        assert_eq!(config.base_url(Some("[::1]:8080")), "http://[::1]:8080");
        assert_eq!(config.base_url(Some("evil/\"><script>")), "http://127.0.0.1:8080");
        assert_eq!(config.base_url(None), "http://127.0.0.1:8080");
        config.public_url = Some("https://podwire.example.com".to_owned());
        assert_eq!(config.base_url(Some("other")), "https://podwire.example.com");
    }

    #[test]
    fn an_expiry_is_the_default_or_what_was_asked_up_to_the_most() {
        let mut config = Config::default();
        let days = |days| Ok(Lifetime::For(Expiry::days(days)));
        assert_eq!(config.lifetime(None), days(30));
        assert_eq!(config.lifetime(Some("")), days(30));
        assert_eq!(config.lifetime(Some("24h")), days(1));
        assert_eq!(config.lifetime(Some("1y")), days(365));
        let refused = |asked| config.lifetime(Some(asked)).unwrap_err();
        assert_eq!(refused("2y"), "a diagram may live for 1y at most, not 2y");
        assert_eq!(refused("53w"), "a diagram may live for 1y at most, not 53w");
        assert_eq!(refused("never"), "a diagram may live for 1y at most, not for ever");
        assert_eq!(refused("59m"), "a diagram lives for 1h at least, not 59m");
        assert!(refused("0s").contains("at least one second"));
        config.expires_min = Expiry::days(60);
        assert_eq!(config.lifetime(None), days(60));
        config.expires_max = Lifetime::For(Expiry::days(7));
        assert_eq!(config.lifetime(None), days(7));
        assert_eq!(config.lifetime(Some("7d")), days(7));
        config = Config { expires_max: Lifetime::Never, ..Config::default() };
        assert_eq!(config.lifetime(None), days(30));
        assert_eq!(config.lifetime(Some("never")), Ok(Lifetime::Never));
    }

    #[test]
    fn a_page_offers_what_is_allowed() {
        let offered = |default: &str, max: &str, min: &str| {
            let (expires_default, expires_max) = (default.parse().unwrap(), max.parse().unwrap());
            let expires_min = min.parse().unwrap();
            let config = Config { expires_default, expires_max, expires_min, ..Config::default() };
            assert!(config.lifetimes().contains(&config.default_lifetime()));
            config.lifetimes().iter().map(Lifetime::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(offered("30d", "1y", "1h"), "1h 1d 7d 30d 90d 1y");
        assert_eq!(offered("14d", "60d", "1h"), "1h 1d 7d 14d 30d 60d");
        assert_eq!(offered("30d", "12h", "1h"), "1h 12h");
        assert_eq!(offered("never", "never", "1h"), "1h 1d 7d 30d 90d 1y never");
        assert_eq!(offered("30d", "1y", "45d"), "45d 90d 1y");
        assert_eq!(offered("30d", "1y", "1s"), "1s 1h 1d 7d 30d 90d 1y");
    }

    #[test]
    fn a_password_of_the_store_is_in_no_message() {
        let command = Config::augment_args(Command::new("podwire"));
        let store = command.get_arguments().find(|arg| arg.get_id() == "store").unwrap();
        assert!(store.is_hide_env_values_set());
        let config = parse(&["--store", "postgres://me:secret@db/x"]).unwrap();
        assert_eq!(config.store.as_str(), "postgres://me:secret@db/x");
        assert!(!format!("{config:?}").contains("secret"));
    }
}
