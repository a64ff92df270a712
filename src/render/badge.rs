//! A badge for a README: `12 services · 1 broken`, without a name of the upload.

use askama::Template;

use super::tally::{Health, Tally};
use crate::diagram::{Face, Text};

#[derive(Template)]
#[template(path = "badge.svg")]
struct Badge<'a> {
    sentence: &'a str,
    services: Text,
    verdict: Text,
    shape: &'static str,
    colour: &'static str,
    /// Where the coloured part begins, and where all ends.
    middle: i32,
    width: i32,
}

/// The width of a mark with the gap after it, and what is left free at each end of a part.
const MARK: i32 = 17;
const PAD: i32 = 7;
const LINE: i32 = 14;

/// Draws the badge. It brings no font: each text is told its measured width, so that it fits in any.
pub fn badge(tally: &Tally) -> String {
    let (health, verdict) = tally.verdict();
    let text = |x, words: &str| Text::new(x, LINE, Face::Chip, words, i32::MAX);
    let services = text(PAD + MARK, &tally.of_services());
    let middle = services.x + services.width() + PAD;
    let verdict = text(middle + PAD + MARK, &verdict);
    let width = verdict.x + verdict.width() + PAD;
    // White is read on each of them with a contrast of 4.5 and more.
    let colour = match health {
        Health::Good => "#1a7a50",
        Health::Doubtful => "#8f5c10",
        Health::Bad => "#b42d08",
    };
    let badge = Badge {
        sentence: &tally.sentence(),
        services,
        verdict,
        shape: health.shape(),
        colour,
        middle,
        width,
    };
    // Writing into a String fails only when a value refuses to be written, and none of these does.
    badge.render().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_is_the_matter_by_word_shape_and_colour() {
        let good = Tally { services: 3, ..Tally::default() };
        let bad = Tally { broken: 1, ..good };
        let (good, bad) = (badge(&good), badge(&bad));
        assert!(good.contains("<title>3 services \u{b7} none broken</title>"), "{good}");
        assert!(bad.contains("<title>3 services \u{b7} 1 broken</title>"), "{bad}");
        for (badge, health) in [(&good, Health::Good), (&bad, Health::Bad)] {
            assert!(badge.contains(health.shape()) && badge.len() < 1_500, "{badge}");
        }
        assert!(good.contains("#1a7a50") && bad.contains("#b42d08"));
    }

    #[test]
    fn it_grows_with_its_text() {
        let width = |services| {
            let badge = badge(&Tally { services, ..Tally::default() });
            let (_, rest) = badge.split_once(" width=\"").unwrap_or_default();
            rest.split('"').next().and_then(|width| width.parse::<i32>().ok()).unwrap_or_default()
        };
        assert!(width(1) > 100 && width(10_000) > width(12) + 15, "{} {}", width(12), width(10_000));
    }
}
