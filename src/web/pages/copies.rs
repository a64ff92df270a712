//! What is copied of a shared diagram to show it elsewhere, and what others show of its link by themselves.

use crate::render::preview::SIZE;
use crate::render::tally::Tally;

/// The texts that show a diagram elsewhere.
pub(super) struct Copies {
    /// The diagram's page.
    pub url: String,
    pub texts: [Copy; 3],
}

/// A text to copy.
pub(super) struct Copy {
    pub name: &'static str,
    /// With [`VIEW`] where the query of what is seen goes, and [`AND_VIEW`] where it goes on.
    pub pattern: String,
    /// For what is seen now.
    pub text: String,
}

/// Stands for the query of a view in a pattern; the page's script puts in the one that is seen.
const VIEW: &str = "{?}";
/// The same within HTML, after another parameter.
const AND_VIEW: &str = "{&}";

/// What names a diagram where its picture is not seen; no word of the upload.
const NAME: &str = "Podwire: how the Services are wired";

impl Copies {
    /// For the view of a query: `?ns=shop`, or nothing.
    pub(super) fn new(url: String, query: &str) -> Self {
        let further = query.replacen('?', "&", 1).replace('&', "&amp;");
        let copy = |name, pattern: String| {
            let text = pattern.replace(VIEW, query).replace(AND_VIEW, &further);
            Copy { name, pattern, text }
        };
        Self {
            texts: [
                copy("Badge for a README, Markdown", format!("[![{NAME}]({url}/badge.svg)]({url}{VIEW})")),
                copy("Picture for a README, Markdown", format!("[![{NAME}]({url}.svg{VIEW})]({url}{VIEW})")),
                copy(
                    "Board for a page, HTML",
                    format!(
                        "<iframe src=\"{url}?embed=1{AND_VIEW}\" title=\"{NAME}\" width=\"100%\" height=\"480\" loading=\"lazy\" style=\"border:0\"></iframe>"
                    ),
                ),
            ],
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
