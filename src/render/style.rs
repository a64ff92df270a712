//! How a picture that stands alone is dressed: the board's style sheet in a theme, with the fonts it is measured in.

use std::borrow::Cow;
use std::fmt;

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

/// A font within a style sheet, written while this is compiled: for a small picture it would be most of the work.
macro_rules! face {
    ($family:literal, $weight:literal, $file:literal) => {{
        const BYTES: &[u8] = include_bytes!(concat!("../../static/fonts/", $file));
        const TEXT: [u8; BYTES.len().div_ceil(3) * 4] = base64(BYTES);
        const BEFORE: &str = concat!(
            "@font-face{font-family:\"",
            $family,
            "\";font-weight:",
            $weight,
            ";src:url(data:font/woff2;base64,"
        );
        (
            BEFORE,
            match str::from_utf8(&TEXT) {
                Ok(text) => text,
                Err(_) => "",
            },
        )
    }};
}

/// The fonts: nobody who shows a picture lets it fetch any.
const FACES: [(&str, &str); 3] = [
    face!("Inter", "400", "inter-400.woff2"),
    face!("Inter", "600", "inter-600.woff2"),
    face!("JetBrains Mono", "500", "jetbrains-mono-500.woff2"),
];

/// What ends each of them.
const FACE_END: &str = ") format(\"woff2\")}";

const fn base64<const LENGTH: usize>(bytes: &[u8]) -> [u8; LENGTH] {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = [b'='; LENGTH];
    let mut at = 0;
    while at * 6 < bytes.len() * 8 {
        // The two bytes in which the next six bits are.
        let byte = at * 6 / 8;
        let next = if byte + 1 < bytes.len() { bytes[byte + 1] } else { 0 };
        let two = (bytes[byte] as usize) << 8 | next as usize;
        text[at] = LETTERS[two >> (10 - at * 6 % 8) & 63];
        at += 1;
    }
    text
}

/// The style sheet of a picture that stands alone.
pub(super) struct Sheet {
    has_faces: bool,
    rules: Cow<'static, str>,
}

impl Sheet {
    /// With its fonts, in a theme.
    pub(super) fn standalone(theme: Theme) -> Self {
        Self { has_faces: true, rules: themed(theme) }
    }

    /// For renderers that know little of style sheets, and bring the fonts themselves.
    pub(super) fn plain(theme: Theme) -> Self {
        Self { has_faces: false, rules: plain(theme, "").into() }
    }

    /// None at all.
    pub(super) const fn none() -> Self {
        Self { has_faces: false, rules: Cow::Borrowed("") }
    }

    /// How long it is.
    pub(super) fn len(&self) -> usize {
        let face = |(before, bytes): (&str, &str)| before.len() + bytes.len() + FACE_END.len();
        self.rules.len() + if self.has_faces { FACES.map(face).iter().sum() } else { 0 }
    }
}

impl fmt::Display for Sheet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (before, bytes) in FACES.iter().filter(|_| self.has_faces) {
            out.write_str(before)?;
            out.write_str(bytes)?;
            out.write_str(FACE_END)?;
        }
        out.write_str(&self.rules)
    }
}

/// What begins the dark theme's rule.
const DARK: &str = "@media screen and (prefers-color-scheme:dark){";

/// The board's style sheet in a theme.
pub fn themed(theme: Theme) -> Cow<'static, str> {
    let (before, dark, after) = dark_rule();
    match theme {
        Theme::Auto => STYLE.into(),
        Theme::Light => format!("{before}{after}").into(),
        Theme::Dark => format!("{before}{dark}{after}").into(),
    }
}

/// The style sheet with some more rules, without variables and rules for devices, for renderers that know neither.
pub(super) fn plain(theme: Theme, more: &str) -> String {
    let (before, dark, after) = dark_rule();
    let tokens = if theme == Theme::Dark { dark } else { before };
    let (_, tokens) = tokens.split_once("svg.board{").unwrap_or_default();
    let (tokens, _) = tokens.split_once('}').unwrap_or_default();
    let is_known = |line: &&str| {
        !line.starts_with('@') && ![":not(", ":focus", ":hover"].iter().any(|of| line.contains(of))
    };
    let rules = after.lines().filter(is_known);
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
    fn fonts_are_in_a_sheet_as_others_write_them() {
        use base64::Engine as _;
        use base64::engine::general_purpose::STANDARD;
        let fonts: [&[u8]; 3] = [
            include_bytes!("../../static/fonts/inter-400.woff2"),
            include_bytes!("../../static/fonts/inter-600.woff2"),
            include_bytes!("../../static/fonts/jetbrains-mono-500.woff2"),
        ];
        let sheet = Sheet::standalone(Theme::Auto);
        let text = sheet.to_string();
        assert_eq!(text.len(), sheet.len());
        for font in fonts {
            assert!(text.contains(&format!("base64,{}) format", STANDARD.encode(font))));
        }
        assert_eq!(
            (base64(b""), base64(b"a"), base64(b"ab"), base64(b"abc")),
            ([], *b"YQ==", *b"YWI=", *b"YWJj")
        );
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
