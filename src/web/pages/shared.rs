//! `/d/{id}`: sharing, showing and deleting diagrams.

use askama::Template;
use askama_web::WebTemplate;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::config::Size;
use crate::store::Deletion;
use crate::web::api::answer::{ASK_AGAIN, NO_STORE};
use crate::web::api::openapi::OfDiagrams;
use crate::web::api::types::Analysis;
use crate::web::date::date;
use crate::web::error::{Error, Result};
use crate::web::lanes::Lane;
use crate::web::share::Stored;
use crate::web::upload::{Names, Options, Upload};
use crate::web::{AppState, BaseUrl};

use super::copies::{Copies, Unfurled};
use super::embed;
use super::examples::GROUPS;
use super::face::{Look, drawn, face, split};
use super::home::{self, wants_part};
use super::selection::Selection;
use super::tally::tally;
use super::workbench::{Drawing, Inspect, Redraw, SharedView, Strips, Workbench};

/// What is told once to whoever shared a diagram, as a page.
#[derive(Template, WebTemplate)]
#[template(path = "shared_page.html")]
struct SharedPage {
    made: Made,
}

/// The same for a page that is there already.
#[derive(Template, WebTemplate)]
#[template(path = "shared.html")]
struct SharedPart {
    made: Made,
}

struct Made {
    id: String,
    /// The diagram's page with what was selected.
    link: String,
    token: String,
    until: String,
    copies: Copies,
    /// Whether stand-ins are kept in place of names.
    replaced: bool,
}

#[derive(Template, WebTemplate)]
#[template(path = "deleted.html")]
struct DeletedPage;

#[derive(Template, WebTemplate)]
#[template(path = "privacy.html")]
pub(super) struct PrivacyPage;

/// `GET /privacy`
pub(super) async fn privacy() -> PrivacyPage {
    PrivacyPage
}

/// `POST /share` - keeps an upload, masked, and tells the link and what deletes it.
pub(super) async fn share(
    State(app): State<AppState>,
    BaseUrl(base): BaseUrl,
    options: Options,
    headers: HeaderMap,
    upload: Upload,
) -> Result<Response> {
    let options = options.with_fields(&upload.fields, &app.config)?;
    let selection = Selection::of_form(&upload.fields)?;
    let (body, _) = app.mask(upload, options).await?;
    let (record, token) = app.new_record(options, body)?;
    let id = record.id.full();
    let url = format!("{base}/d/{id}");
    // What is selected is known by its names.
    let replaced = options.names == Names::Replaced;
    let query = if replaced { String::new() } else { selection.query() };
    let link = url.clone() + &query;
    let until = until(record.expires_at);
    let made = Made { link, token: token.full(), until, copies: Copies::new(url, &query), id, replaced };
    app.store.put(record).await?;
    let kept = [(header::CACHE_CONTROL, NO_STORE)];
    Ok(if wants_part(&headers) {
        (kept, SharedPart { made }).into_response()
    } else {
        (StatusCode::CREATED, kept, SharedPage { made }).into_response()
    })
}

/// Shows a shared diagram in another form
///
/// As a picture, a text or a table; without an extension, as its page.
#[utoipa::path(
    get,
    path = "/d/{id}.{extension}",
    operation_id = "drawDiagram",
    params(
        ("id" = String, Path, description = "What its link ends with."),
        ("extension" = String, Path, example = "svg", description = "`svg`, `png`, `json`, `txt`, `mmd`, `dot`, `csv` or `yaml`."),
        ("theme" = Option<String>, Query, description = "Of a picture: `auto`, `light` or `dark`."),
        ("scale" = Option<f32>, Query, minimum = 0.25, maximum = 4, description = "Of a PNG."),
        ("ns" = Option<String>, Query, description = "Shows the Services of a namespace, as its page does by the same address; so do the others. JSON and masked YAML are always whole."),
        ("type" = Option<String>, Query, description = "Services of a type: `ClusterIP`, `Headless`, `NodePort`, `LoadBalancer`, `ExternalName`."),
        ("workload" = Option<String>, Query, description = "Services that lead to a kind, `StatefulSet`, or to one of it, `StatefulSet/db`."),
        ("service" = Option<String>, Query, description = "One Service: `web.shop`."),
        ("find" = Option<String>, Query, description = "Services of which the board says all these words."),
        ("broken" = Option<String>, Query, description = "`1`: what is broken alone."),
        ("page" = Option<String>, Query, description = "One of several boards, by its number; the last of one that is too high."),
        ("fold" = Option<String>, Query, description = "Namespaces, or applications, that a picture or a graph shows as one card each, with commas between."),
        ("at" = Option<String>, Query, description = "Lights the paths through a place of the board in a picture: `web.shop:80`, `node:30008`."),
        ("trace" = Option<String>, Query, description = "Lights the way of a trace in a picture."),
    ),
    responses((status = 200, description = "The diagram.", content(
        (String = "image/svg+xml"),
        (String = "image/png"),
        (Analysis = "application/json"),
        (String = "text/plain"),
        (String = "text/csv"),
        (String = "application/yaml"),
    ), headers(("etag" = String, description = "A name of this answer, for If-None-Match."))), (status = 304, description = "If-None-Match names what would be answered."), OfDiagrams),
)]
pub(super) async fn show(
    State(app): State<AppState>,
    Path(file): Path<String>,
    BaseUrl(base): BaseUrl,
    Query(selection): Query<Selection>,
    Query(look): Query<Look>,
    headers: HeaderMap,
) -> Result<Response> {
    if look.is_framed() && !file.contains('.') {
        return embed::show(&app, &file, selection, look.theme()?).await;
    }
    let (id, extension) = split(&file)?;
    let extension = extension.map(str::to_owned);
    let record = app.record(id).await?;
    if extension.as_deref() == Some("png") {
        return drawn(&app, record, look, selection).await;
    }
    let part = wants_part(&headers);
    let target = home::part(&headers).unwrap_or_default().to_owned();
    app.compute(Lane::of(record.body.len()), move || {
        let stored = Stored::open(&record)?;
        if let Some(extension) = extension {
            return face(&stored, &extension, &look, &selection);
        }
        let kept = [(header::CACHE_CONTROL, ASK_AGAIN), (header::VARY, "hx-request, hx-target")];
        if target == "strips" {
            return Ok((kept, Strips::new(&stored.analysis, selection)).into_response());
        }
        let query = selection.query();
        let drawing = Drawing::new(&stored.analysis, selection);
        Ok(if target == "board" {
            (kept, Redraw { drawing }).into_response()
        } else if part {
            (kept, Inspect { drawing }).into_response()
        } else {
            (kept, page(&stored, &base, query, drawing)).into_response()
        })
    })
    .await?
}

fn page(stored: &Stored, base: &str, query: String, drawing: Drawing) -> Workbench {
    let url = stored.url(base);
    let shared = SharedView {
        id: stored.id.full(),
        created: date(stored.created_at),
        until: until(stored.expires_at),
        unfurled: Unfurled::new(&url, &tally(&stored.analysis)),
        copies: Copies::new(url, &query),
        query,
    };
    let title = "a shared diagram".to_owned();
    Workbench {
        title,
        editor: None,
        drawing,
        examples: GROUPS,
        example: None,
        tour: false,
        shared: Some(shared),
    }
}

/// The largest form that axum reads.
const LARGEST_FORM: Size = Size::mib(2);

/// What the form for deleting sends.
#[derive(Deserialize)]
pub(super) struct DeleteForm {
    token: String,
}

/// `POST /d/{id}/delete` - wipes a diagram for whoever made it, without JavaScript.
pub(super) async fn delete(
    State(app): State<AppState>,
    Path(id): Path<String>,
    form: Result<Form<DeleteForm>, FormRejection>,
) -> Result<Response> {
    let Form(form) = form.map_err(|refused| match refused {
        FormRejection::InvalidFormContentType(_) => Error::NotAForm,
        FormRejection::BytesRejection(_) => Error::BodyTooLarge { limit: LARGEST_FORM },
        _ => Error::BadRequest("deleting needs the delete token, as the form's field token".to_owned()),
    })?;
    match app.delete(id.parse()?, form.token.trim()).await? {
        Deletion::Deleted => Ok(([(header::CACHE_CONTROL, NO_STORE)], DeletedPage).into_response()),
        Deletion::WrongToken => Err(Error::Forbidden),
        Deletion::Gone(how) => Err(Error::Gone(how)),
        Deletion::Unknown => Err(Error::NotFound),
    }
}

/// The end of "kept until …".
fn until(expires_at: Option<i64>) -> String {
    expires_at.map_or_else(|| "it is deleted".to_owned(), date)
}
