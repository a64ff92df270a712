//! The picture that chats show beside a link: the numbers and a drawing of ours, without a name of the upload.

use askama::Template;

use super::png::pixels;
use super::style::{self, Theme};
use super::tally::{Health, Tally};

/// As large as those who show previews ask for.
pub const SIZE: (u32, u32) = (1200, 630);

#[derive(Template)]
#[template(path = "preview.svg")]
struct Preview<'a> {
    style: &'a str,
    size: (u32, u32),
    services: usize,
    verdict: &'a str,
    shape: &'static str,
    look: &'static str,
    rows: Vec<Row>,
}

/// A Service of the drawing, with what is on its left and right.
struct Row {
    /// Where the wire leaves the card of the nodes.
    from: i32,
    /// The middle of its own card.
    y: i32,
    broken: bool,
}

/// What the board's style sheet does not have.
const STYLE: &str = "svg.board .name{font-size:38px;font-weight:600}
svg.board .number{font-size:170px;font-weight:600;letter-spacing:-.03em}
svg.board .what{font-size:54px;font-weight:600}
svg.board .verdict{font-size:46px;font-weight:600}
svg.board .way{font-size:28px;fill:var(--dim)}
svg.board .bar{fill:var(--line)}
svg.board .shape{fill:none;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
svg.board .good{fill:var(--ok)}svg.board .good .shape{stroke:var(--ok)}
svg.board .doubtful{fill:var(--wait)}svg.board .doubtful .shape{stroke:var(--wait)}
svg.board .bad{fill:var(--bad)}svg.board .bad .shape{stroke:var(--bad)}
svg.board .wire{stroke-width:3}svg.board .wire.broken,svg.board .cross{stroke-width:4}";

/// The most Services that the drawing has, and how far they and their ways in are from each other.
const MOST_ROWS: usize = 4;
const PITCH: i32 = 104;
const PORT_PITCH: i32 = 52;
/// The height in the middle of the drawing.
const MIDDLE: i32 = 322;

/// Draws the preview; `None` where it cannot be drawn.
pub fn png(tally: &Tally, theme: Theme) -> Option<Vec<u8>> {
    pixels(&svg(tally, theme), 1.0)
}

impl Preview<'_> {
    /// The card of the nodes, which has a jack for every Service: its top and its height.
    fn nodes(&self) -> (i32, i32) {
        let ends = (self.rows.first(), self.rows.last());
        let (first, last) = (ends.0.map_or(MIDDLE, |row| row.from), ends.1.map_or(MIDDLE, |row| row.from));
        (first - 40, last - first + 80)
    }
}

fn svg(tally: &Tally, theme: Theme) -> String {
    let (health, verdict) = tally.verdict();
    let look = match health {
        Health::Good => "good",
        Health::Doubtful => "doubtful",
        Health::Bad => "bad",
    };
    let preview = Preview {
        style: &style::plain(theme, STYLE),
        size: SIZE,
        services: tally.services,
        verdict: &verdict,
        shape: health.shape(),
        look,
        rows: rows(tally),
    };
    // Writing into a String fails only when a value refuses to be written, and none of these does.
    preview.render().unwrap_or_default()
}

/// As many Services as there are, those that are broken last; of many, some of each sort.
fn rows(tally: &Tally) -> Vec<Row> {
    let count = tally.services.min(MOST_ROWS);
    let broken = tally.broken.saturating_mul(count).div_ceil(tally.services.max(1));
    let carry = count.saturating_sub(broken).max(usize::from(tally.broken < tally.services));
    let last = count.saturating_sub(1) as i32;
    let spread = |row: usize, pitch: i32| MIDDLE + (2 * row as i32 - last) * pitch / 2;
    let row = |row| Row { from: spread(row, PORT_PITCH), y: spread(row, PITCH), broken: row >= carry };
    (0..count).map(row).collect()
}

#[cfg(test)]
mod tests {
    use resvg::tiny_skia::{Color, Pixmap};

    use super::*;

    #[test]
    fn the_drawing_has_what_the_numbers_say() {
        for (services, broken, drawn, ends) in [
            (0, 0, 0, 0),
            (1, 0, 1, 0),
            (3, 1, 3, 1),
            (500, 2, 4, 1),
            (5, 4, 4, 3),
            (9, 9, 4, 4),
            (1, 3, 1, 1),
        ] {
            let tally = Tally { services, broken, ..Tally::default() };
            let rows = rows(&tally);
            assert_eq!(rows.len(), drawn);
            assert_eq!(rows.iter().filter(|row| row.broken).count(), ends);
            let svg = svg(&tally, Theme::Light);
            assert_eq!(svg.matches("class=\"cross\"").count(), ends);
            assert!(svg.contains(&format!(">{services}<")), "{svg}");
        }
    }

    #[test]
    fn it_is_as_large_as_asked_for_in_both_themes() {
        let tally = Tally { services: 12, broken: 1, ..Tally::default() };
        let [light, dark] = [Theme::Auto, Theme::Dark].map(|theme| {
            let picture = Pixmap::decode_png(&png(&tally, theme).expect("it is drawn")).expect("it is a PNG");
            assert_eq!((picture.width(), picture.height()), SIZE);
            picture.pixel(4, 4).map(|at| at.demultiply())
        });
        let [paper, night] = [(0xf6, 0xf7, 0xf9), (0x0e, 0x11, 0x16)]
            .map(|(red, green, blue)| Some(Color::from_rgba8(red, green, blue, 0xff).to_color_u8()));
        assert_eq!((light, dark), (paper, night));
    }
}
