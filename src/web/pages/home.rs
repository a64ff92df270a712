//! `/`: the editor with an example on arrival, and drawing what is typed, pasted, chosen or dropped.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use crate::config::Config;
use crate::source::SourceFile;
use crate::web::AppState;
use crate::web::error::{Error, Result};
use crate::web::upload::{Options, Upload};

use super::editor::Editor;
use super::examples::{self, Example, FIRST, by_name};
use super::selection::Selection;
use super::workbench::{Drawing, Inspect, Inspectors, Redraw, Strips, Workbench};

/// `GET /`
pub(super) async fn show(
    State(app): State<AppState>,
    selection: Query<Selection>,
    headers: HeaderMap,
) -> Response {
    draw_example(FIRST, selection, &headers, &app.config)
}

/// `GET /examples/{name}`
pub(super) async fn example(
    State(app): State<AppState>,
    Path(name): Path<String>,
    selection: Query<Selection>,
    headers: HeaderMap,
) -> Result<Response> {
    Ok(draw_example(by_name(&name).ok_or(Error::NotFound)?, selection, &headers, &app.config))
}

fn draw_example(
    example: &'static Example,
    Query(selection): Query<Selection>,
    headers: &HeaderMap,
    config: &Config,
) -> Response {
    // An example takes less than a millisecond, and must not wait behind uploads.
    let analysis = examples::analyze(example);
    let drawing = Drawing::of_editor(&analysis, selection, false);
    if wants_part(headers) {
        return Inspect { drawing }.into_response();
    }
    let title = if example.name == FIRST.name { "see where every port goes" } else { example.title };
    let editor = Editor::new(example.text.to_owned(), None, config);
    editing(Workbench::editing(title, editor, drawing, Some(example.name)))
}

/// `POST /` - draws an upload without keeping it.
pub(super) async fn draw(
    State(app): State<AppState>,
    options: Options,
    headers: HeaderMap,
    upload: Result<Upload>,
) -> Result<Response> {
    let upload = or_nothing(upload)?;
    let part = wants_part(&headers);
    let target = self::part(&headers).unwrap_or_default().to_owned();
    let options = options.with_fields(&upload.fields, &app.config)?;
    let selection = Selection::of_form(&upload.fields)?;
    let config = app.config.clone();
    app.compute(upload.lane(), move || {
        let editor = (!part).then(|| editor(&upload.files, &config));
        let analysis = upload.analyze(options.state, &config)?;
        Ok(match editor {
            Some(editor) => {
                let drawing = Drawing::of_editor(&analysis, selection, true);
                editing(Workbench::editing("your upload", editor, drawing, None))
            }
            None if target == "strips" => Strips::new(&analysis, selection).into_response(),
            None if target == "inspectors" => Inspectors::new(&analysis, selection).into_response(),
            None => Redraw { drawing: Drawing::of_editor(&analysis, selection, false) }.into_response(),
        })
    })
    .await?
}

/// `POST /inspect` - tells of a place on the board of an upload.
pub(super) async fn inspect(
    State(app): State<AppState>,
    options: Options,
    upload: Result<Upload>,
) -> Result<Response> {
    let upload = or_nothing(upload)?;
    let options = options.with_fields(&upload.fields, &app.config)?;
    let selection = Selection::of_form(&upload.fields)?;
    let config = app.config.clone();
    app.compute(upload.lane(), move || {
        let analysis = upload.analyze(options.state, &config)?;
        Ok(Inspect { drawing: Drawing::inspected(&analysis, selection) }.into_response())
    })
    .await?
}

/// A page whose form shares: without a Referrer, its posts would come from nobody, as those of other sites do.
fn editing(page: Workbench) -> Response {
    ([(header::REFERRER_POLICY, "same-origin")], page).into_response()
}

/// An emptied editor is an empty board, not an error.
fn or_nothing(upload: Result<Upload>) -> Result<Upload> {
    match upload {
        Err(Error::NothingToRead(_)) => Ok(Upload::default()),
        other => other,
    }
}

/// Whether the page is there already and asks for a part of itself.
pub(super) fn wants_part(headers: &HeaderMap) -> bool {
    headers.contains_key("hx-request")
}

/// Which part it is: the board, with all that goes with it, the Services of the board one at a time, the inspector, or those
/// of all places on the board.
pub(super) fn part(headers: &HeaderMap) -> Option<&str> {
    wants_part(headers)
        .then(|| headers.get("hx-target").and_then(|target| target.to_str().ok()).unwrap_or_default())
}

/// What the editor shows after an upload without JavaScript: all files as one stream.
fn editor(files: &[SourceFile], config: &Config) -> Editor {
    if let [file] = files {
        return Editor::new(file.text().to_owned(), None, config);
    }
    let text = joined(files);
    let note = format!("{} files, joined: drawing again reads them as one stream.", files.len());
    Editor::new(text, Some(note), config)
}

/// All files as one stream; one alone as it is.
pub(super) fn joined(files: &[SourceFile]) -> String {
    if let [file] = files {
        return file.text().to_owned();
    }
    let mut text = String::new();
    for file in files {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&format!("---\n# {}\n{}", file.name, file.text()));
    }
    text
}
