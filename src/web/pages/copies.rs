//! What is copied of a shared diagram to show it elsewhere, and what others show of its link by themselves.

use crate::render::preview::SIZE;
use crate::render::tally::Tally;

/// The texts that show a diagram elsewhere.
pub(super) struct Copies {
    /// The diagram's page.
    pub url: String,
    /// A badge that leads to it, in Markdown.
    pub badge: String,
    /// Its picture, in Markdown.
    pub picture: String,
    /// Its board in a frame, in HTML.
    pub frame: String,
}

/// What names a diagram where its picture is not seen; no word of the upload.
const NAME: &str = "Podwire: how the Services are wired";

impl Copies {
    pub(super) fn new(url: String) -> Self {
        Self {
            badge: format!("[![{NAME}]({url}/badge.svg)]({url})"),
            picture: format!("[![{NAME}]({url}.svg)]({url})"),
            frame: format!(
                "<iframe src=\"{url}?embed=1\" title=\"{NAME}\" width=\"100%\" height=\"480\" loading=\"lazy\" style=\"border:0\"></iframe>"
            ),
            url,
        }
    }
}

/// What chats and others show of a link: numbers, no name of the upload.
pub(super) struct Unfurled {
    pub title: String,
    pub description: String,
    pub picture: String,
    pub size: (u32, u32),
}

impl Unfurled {
    pub(super) fn new(url: &str, tally: &Tally) -> Self {
        Self {
            title: format!("Podwire: {}", tally.sentence()),
            description: "How every port is wired: node port, Service port, targetPort, container."
                .to_owned(),
            picture: format!("{url}/preview.png"),
            size: SIZE,
        }
    }
}
