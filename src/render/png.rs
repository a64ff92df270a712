//! The board as PNG, for chats and documents that take no SVG.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use crate::diagram::Diagram;

use super::style::Theme;
use super::svg::{self, Emphasis};

/// The most pixels of a picture: four bytes each while it is drawn.
const MOST_PIXELS: f32 = 24e6;

/// The fonts of the page, as `tools/fonts/run` writes them; none of the machine's, so that every machine draws the same.
static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for font in [
        include_bytes!("png/inter-400.ttf").as_slice(),
        include_bytes!("png/inter-600.ttf"),
        include_bytes!("png/jetbrains-mono-500.ttf"),
        include_bytes!("png/jetbrains-mono-500-slanted.ttf"),
    ] {
        fonts.load_font_data(font.to_vec());
    }
    fonts.set_sans_serif_family("Inter");
    fonts.set_monospace_family("JetBrains Mono");
    Arc::new(fonts)
});

/// Draws a board, so many times as large as it is on a page; less where that is too large to draw. `None` where it cannot
/// be drawn at all.
pub fn png(diagram: &Diagram, theme: Theme, scale: f32, on: Emphasis<'_>) -> Option<Vec<u8>> {
    pixels(&svg::plain(diagram, theme, on), scale)
}

/// A picture in [plain SVG](svg::plain) as PNG, so many times as large or less; `None` where it cannot be drawn.
pub fn pixels(svg: &str, scale: f32) -> Option<Vec<u8>> {
    let options =
        Options { fontdb: Arc::clone(&FONTS), font_family: "Inter".to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).ok()?;
    let size = tree.size();
    let scale = scale.min((MOST_PIXELS / (size.width() * size.height())).sqrt());
    let pixels = |length: f32| (length * scale).ceil().max(1.0) as u32;
    let mut picture = Pixmap::new(pixels(size.width()), pixels(size.height()))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    picture.encode_png().ok()
}

#[cfg(test)]
mod tests {
    use resvg::tiny_skia::Color;

    use super::*;
    use crate::analysis::analyze;
    use crate::diagram::lay_out;
    use crate::source::SourceFile;

    fn board() -> Diagram {
        let text = include_bytes!("../../static/examples/broken.yaml").to_vec();
        let analysis = analyze(vec![SourceFile::new("-", text)], None);
        lay_out(&analysis.cluster, &analysis.wiring, &analysis.findings)
    }

    fn drawn(diagram: &Diagram, theme: Theme, scale: f32) -> Pixmap {
        Pixmap::decode_png(&png(diagram, theme, scale, Emphasis::default()).expect("it is drawn"))
            .expect("it is a PNG")
    }

    #[test]
    fn boards_are_as_large_as_asked_for() {
        let board = board();
        let half = drawn(&board, Theme::Light, 0.5);
        let sides = (half.width() as i32, half.height() as i32);
        assert_eq!(sides, ((board.width + 1) / 2, (board.height + 1) / 2));
        let long = Diagram { width: 1_000, height: 200_000, ..Diagram::default() };
        let long = drawn(&long, Theme::Light, 4.0);
        assert!(u64::from(long.width()) * u64::from(long.height()) < 25_000_000, "{}", long.width());
    }

    #[test]
    fn themes_differ_and_all_fonts_draw() {
        let board = board();
        let ground = |theme| drawn(&board, theme, 1.0).pixel(2, 2).map(|pixel| pixel.demultiply());
        assert_eq!(ground(Theme::Light), Some(Color::from_rgba8(0xf6, 0xf7, 0xf9, 0xff).to_color_u8()));
        assert_eq!(ground(Theme::Dark), Some(Color::from_rgba8(0x0e, 0x11, 0x16, 0xff).to_color_u8()));
        // Where a title, a port and an example's address stand, something darker than the panel is drawn.
        let picture = drawn(&board, Theme::Light, 1.0);
        let inked = |text: &crate::diagram::Text| {
            let (from, to) = if text.from_right { (text.x - 20, text.x) } else { (text.x, text.x + 20) };
            let ink = |x: i32, y: i32| {
                picture.pixel(x as u32, y as u32).is_some_and(|at| at.red() < 0xa0 || at.blue() < 0xa0)
            };
            (from..to).any(|x| (text.y - 9..text.y).any(|y| ink(x, y)))
        };
        for card in &board.cards {
            for text in card.texts.iter().chain(card.rows.iter().flat_map(|row| &row.texts)) {
                assert!(text.text.trim().is_empty() || inked(text), "{text:?}");
            }
        }
    }
}
