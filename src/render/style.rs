//! How a picture that stands alone is dressed: the board's style sheet in a theme, with the fonts it is measured in.

use std::fmt::Write as _;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::svg::STYLE;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As whoever looks at it has it.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

const FONTS: [(&str, u16, &[u8]); 3] = [
    ("Inter", 400, include_bytes!("../../static/fonts/inter-400.woff2")),
    ("Inter", 600, include_bytes!("../../static/fonts/inter-600.woff2")),
    ("JetBrains Mono", 500, include_bytes!("../../static/fonts/jetbrains-mono-500.woff2")),
];

/// The fonts within the style sheet: nobody who shows a picture lets it fetch any.
static FACES: LazyLock<String> = LazyLock::new(|| {
    let mut faces = String::new();
    for (family, weight, bytes) in FONTS {
        // Writing into a String does not fail.
        let _ = write!(
            faces,
            "@font-face{{font-family:\"{family}\";font-weight:{weight};src:url(data:font/woff2;base64,{}) format(\"woff2\")}}",
            STANDARD.encode(bytes)
        );
    }
    faces
});

/// What begins the dark theme's rule.
const DARK: &str = "@media screen and (prefers-color-scheme:dark){";

/// The style sheet of a picture that stands alone.
pub(super) fn standalone(theme: Theme) -> String {
    format!("{}{}", *FACES, themed(theme))
}

/// The board's style sheet in a theme.
pub fn themed(theme: Theme) -> String {
    let (before, dark, after) = dark_rule();
    match theme {
        Theme::Auto => STYLE.to_owned(),
        Theme::Light => format!("{before}{after}"),
        Theme::Dark => format!("{before}{dark}{after}"),
    }
}

/// The style sheet with some more rules, without variables and rules for devices, for renderers that know neither.
pub(super) fn plain(theme: Theme, more: &str) -> String {
    let (before, dark, after) = dark_rule();
    let tokens = if theme == Theme::Dark { dark } else { before };
    let (_, tokens) = tokens.split_once("svg.board{").unwrap_or_default();
    let (tokens, _) = tokens.split_once('}').unwrap_or_default();
    let rules = after.lines().filter(|line| !line.starts_with('@') && !line.contains(":not("));
    let mut sheet = rules.chain(more.lines()).collect::<Vec<_>>().join("\n");
    for (name, value) in tokens.split(';').filter_map(|token| token.split_once(':')) {
        sheet = sheet.replace(&format!("var({name})"), value);
    }
    sheet
}

/// What is before the rule of the dark theme, what is in it, and what is after it.
fn dark_rule() -> (&'static str, &'static str, &'static str) {
    let (before, rest) = STYLE.split_once(DARK).unwrap_or((STYLE, ""));
    let (dark, after) = rest.split_once("}}").unwrap_or_default();
    (before, rest.get(..dark.len() + 1).unwrap_or_default(), after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_is_chosen_or_left_open() {
        let [auto, light, dark] = [Theme::Auto, Theme::Light, Theme::Dark].map(themed);
        assert_eq!(auto.matches("--bg:").count(), 4, "light, dark, forced colours and print");
        assert!(!light.contains("prefers-color-scheme") && light.matches("--bg:").count() == 3);
        assert!(!dark.contains("prefers-color-scheme") && dark.matches("--bg:").count() == 4);
        for sheet in [auto, light, dark] {
            assert_eq!(sheet.matches('{').count(), sheet.matches('}').count());
        }
    }

    #[test]
    fn a_plain_sheet_has_no_variables_left() {
        for (theme, ink) in [(Theme::Light, "#161a22"), (Theme::Dark, "#e8ecf3")] {
            let sheet = plain(theme, "svg.board .more{fill:var(--ink)}");
            assert!(!sheet.contains("var(") && !sheet.contains('@'), "{sheet}");
            assert!(sheet.contains(&format!("fill:{ink}")));
        }
    }
}
