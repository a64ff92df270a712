//! The table of settings, as `--help` and the README have it.

use std::fmt::Write as _;

/// A setting as people meet it.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The flag, without its dashes.
    pub flag: &'static str,
    /// The environment variable.
    pub variable: &'static str,
    /// What holds when neither is given; `None` where the sentence says what happens.
    pub default: Option<&'static str>,
    /// What it does.
    pub sentence: &'static str,
}

/// Every setting of `podwire serve`.
pub static SETTINGS: [Setting; 24] = [
    setting("listen", "PODWIRE_LISTEN", Some("127.0.0.1:8080"), "Address and port to answer on"),
    setting(
        "store",
        "PODWIRE_STORE",
        Some("sqlite:podwire-data/podwire.db"),
        "Where shared diagrams are kept: `sqlite:PATH`, `postgres://USER:PASSWORD@HOST/DATABASE`, or `memory:` to forget them on exit",
    ),
    setting(
        "public-url",
        "PODWIRE_PUBLIC_URL",
        None,
        "Address that links begin with, such as `https://podwire.example.com`; unset, the one the request came to, over http",
    ),
    setting(
        "trusted-proxy",
        "PODWIRE_TRUSTED_PROXY",
        None,
        "Proxies in front of the server, as addresses or networks separated by commas: their word in `X-Forwarded-For` or `Forwarded` is taken for who asks; unset, nobody's is",
    ),
    setting(
        "rate",
        "PODWIRE_RATE",
        Some("50"),
        "Requests a second that one client may send on average, kept answers not counted; 0 for any number",
    ),
    setting(
        "rate-burst",
        "PODWIRE_RATE_BURST",
        Some("200"),
        "Requests that one client may send at once before `--rate` holds",
    ),
    setting(
        "max-at-once",
        "PODWIRE_MAX_AT_ONCE",
        Some("16"),
        "Uploads of one client that may wait or be analysed at once; 0 for any number",
    ),
    setting(
        "max-connections",
        "PODWIRE_MAX_CONNECTIONS",
        Some("4096"),
        "Most connections; half of them of one client",
    ),
    setting("max-body", "PODWIRE_MAX_BODY", Some("10MiB"), "Largest upload, as it is sent"),
    setting(
        "max-unpacked",
        "PODWIRE_MAX_UNPACKED",
        Some("64MiB"),
        "Largest size of all files of an archive once unpacked",
    ),
    setting("max-files", "PODWIRE_MAX_FILES", Some("2000"), "Most files in one upload"),
    setting("max-documents", "PODWIRE_MAX_DOCUMENTS", Some("100000"), "Most YAML documents in one upload"),
    setting(
        "max-values",
        "PODWIRE_MAX_VALUES",
        Some("4000000"),
        "Most values in one upload, of which an item of a list or a document counts as eight: two bytes may be one, and take a kilobyte of memory",
    ),
    setting(
        "max-objects",
        "PODWIRE_MAX_OBJECTS",
        Some("200000"),
        "Most Kubernetes objects in one upload, those in Lists included",
    ),
    setting(
        "max-endpoints",
        "PODWIRE_MAX_ENDPOINTS",
        Some("400000"),
        "Most endpoints and ways in of one upload: a thousand Services that select the same thousand Pods have a million",
    ),
    setting(
        "expires-default",
        "PODWIRE_EXPIRES_DEFAULT",
        Some("30d"),
        "How long a shared diagram lives unless its maker says; no shorter than `--expires-min`, no longer than `--expires-max`",
    ),
    setting(
        "expires-max",
        "PODWIRE_EXPIRES_MAX",
        Some("1y"),
        "Longest life that a maker may ask for; `never` allows diagrams that stay until they are deleted",
    ),
    setting("expires-min", "PODWIRE_EXPIRES_MIN", Some("1h"), "Shortest life that a maker may ask for"),
    setting(
        "analyses",
        "PODWIRE_ANALYSES",
        None,
        "How many uploads are analysed at once, and half as many large ones besides; unset, one for each core",
    ),
    setting(
        "max-waiting",
        "PODWIRE_MAX_WAITING",
        Some("256"),
        "How many more uploads may wait their turn before the server answers that it is busy",
    ),
    setting("timeout", "PODWIRE_TIMEOUT", Some("30s"), "Longest time that one request may take"),
    setting(
        "metrics-listen",
        "PODWIRE_METRICS_LISTEN",
        None,
        "Address and port for `/metrics` alone; unset, it is at `--listen` with everything else",
    ),
    setting(
        "log-format",
        "PODWIRE_LOG_FORMAT",
        Some("text"),
        "How log lines are written: `text`, or `json` for collectors",
    ),
    setting(
        "log",
        "PODWIRE_LOG",
        Some("info"),
        "What is logged: `error`, `warn`, `info`, `debug`, `trace`, or filters such as `podwire=debug,sqlx=warn`",
    ),
];

/// The settings as the README's Markdown table, one line each.
pub fn settings_table() -> String {
    let mut table = String::from("| flag | variable | default | what it does |\n| --- | --- | --- | --- |\n");
    for setting in &SETTINGS {
        let default = setting.default.map_or_else(|| "none".to_owned(), |default| format!("`{default}`"));
        // Writing to a String does not fail.
        let _ = writeln!(
            table,
            "| `--{}` | `{}` | {default} | {} |",
            setting.flag, setting.variable, setting.sentence
        );
    }
    table
}

const fn setting(
    flag: &'static str,
    variable: &'static str,
    default: Option<&'static str>,
    sentence: &'static str,
) -> Setting {
    Setting { flag, variable, default, sentence }
}
