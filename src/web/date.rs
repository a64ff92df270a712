//! Times as people read them.

/// The day and hour of a time in Unix seconds: `29 November 2026, 10:56 UTC`.
pub(super) fn date(seconds: i64) -> String {
    let format =
        time::macros::format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");
    let time = time::OffsetDateTime::from_unix_timestamp(seconds).ok();
    time.and_then(|time| time.format(&format).ok()).unwrap_or_default()
}
