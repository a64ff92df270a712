//! `/d/{id}`: sharing, showing and deleting diagrams.

use askama::Template;
use askama_web::WebTemplate;

#[derive(Template, WebTemplate)]
#[template(path = "privacy.html")]
pub(super) struct PrivacyPage;

/// `GET /privacy`
pub(super) async fn privacy() -> PrivacyPage {
    PrivacyPage
}
