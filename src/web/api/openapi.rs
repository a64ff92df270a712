//! The `OpenAPI` 3.1 document, made of the handlers and of the types that they answer with.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::StatusCode;
use serde::Deserialize as _;
use serde_json::{Value, json};
use utoipa::openapi::content::{Content, ContentBuilder};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, HeaderBuilder, KnownFormat, ObjectBuilder, OpenApi as Document, Ref, RefOr, Required,
    Response, ResponseBuilder, Schema, SchemaFormat, Type, info::InfoBuilder, info::LicenseBuilder,
};
use utoipa::{IntoResponses, OpenApi, ToSchema as _};

use super::types::problem::Problem;
use super::types::vocabulary::StateAsked;
use crate::web::{ops, pages};

/// What is part of the document although it is not below `/api/v1`.
#[derive(OpenApi)]
#[openapi(paths(pages::shared::show, ops::healthz, ops::readyz, ops::metrics))]
struct Beside;

/// The document, as it is sent.
pub static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    let mut document = super::described().into_openapi();
    document.merge(Beside::openapi());
    serde_json::to_string(&finished(document)).unwrap_or_default()
});

/// What the API is, in the document's own words.
const ABOUT: &str = "Reads Kubernetes manifests, works out what Kubernetes would do with them, and says where every port of \
    every Service goes.\n\nA body is an upload: manifests as YAML or JSON, a form with any number of files, or an archive \
    of them. Errors are problem documents (RFC 9457). JSON may be had as YAML with `Accept: application/yaml`. Names below \
    `/api/v1` are added to, and neither renamed nor dropped: leave room for members and words that you do not know.";

/// Which problems an operation that takes an upload has.
pub enum OfUploads {}

/// Which problems an operation on a shared diagram has.
pub enum OfDiagrams {}

impl IntoResponses for OfUploads {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[
            (400, "The address, a header or a form is not understood."),
            (413, "There is too much in the upload: bytes, files, documents, objects, endpoints or routes."),
            (415, "The body is not of a kind that is read."),
            (422, "There is nothing in the body that can be read, or an archive that does not open."),
            (429, "More requests than one client may send."),
            (503, "Busy, out of time, or the store does not answer."),
        ])
    }
}

impl IntoResponses for OfDiagrams {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[
            (400, "The address is not understood."),
            (404, "There never was such a diagram."),
            (410, "The diagram has expired or was deleted."),
            (422, "The board is too large to be drawn as PNG."),
            (429, "More requests than one client may send."),
            (503, "Busy, out of time, or the store does not answer."),
        ])
    }
}

/// What concerns the whole document, and what all operations have alike.
fn finished(mut document: Document) -> Document {
    document.info = InfoBuilder::new()
        .title("Podwire")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(
            LicenseBuilder::new()
                .name(env!("CARGO_PKG_LICENSE"))
                .identifier(Some(env!("CARGO_PKG_LICENSE")))
                .build(),
        ))
        .build();
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The `deleteToken` that came with the diagram."))
        .build();
    let components = document.components.take().unwrap_or_else(|| ComponentsBuilder::new().build());
    let components = ComponentsBuilder::from(components)
        .security_scheme("deleteToken", SecurityScheme::Http(token))
        .schema(Problem::name(), <Problem as utoipa::PartialSchema>::schema())
        .schema(StateAsked::name(), <StateAsked as utoipa::PartialSchema>::schema())
        .build();
    document.components = Some(components);
    for (path, item) in &mut document.paths.paths {
        for operation in operations(item) {
            let problem = ("default".to_owned(), RefOr::T(problem("Any other error.", None)));
            operation.responses.responses.extend([problem]);
        }
        if let Some(post) = item.post.as_mut().filter(|_| path.starts_with("/api/")) {
            post.request_body = Some(RefOr::T(upload()));
        }
    }
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.delete].into_iter().flatten()
}

fn problems(known: &[(u16, &str)]) -> BTreeMap<String, RefOr<Response>> {
    known
        .iter()
        .map(|&(status, why)| (status.to_string(), RefOr::T(problem(why, StatusCode::from_u16(status).ok()))))
        .collect()
}

fn problem(why: &str, status: Option<StatusCode>) -> Response {
    let schema = Ref::from_schema_name(Problem::name());
    let response = ResponseBuilder::new()
        .description(why)
        .content("application/problem+json", ContentBuilder::new().schema(Some(schema)).build());
    if matches!(status, Some(StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS)) {
        let seconds = HeaderBuilder::new()
            .schema(Some(ObjectBuilder::new().schema_type(Type::Integer)))
            .description(Some("Seconds after which to try again."))
            .build();
        return response.header("retry-after", seconds).build();
    }
    response.build()
}

/// The body of every request that has one.
fn upload() -> RequestBody {
    let text = |words: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(words));
    let manifest = || {
        // A text that has anything but white space in it.
        text("One or more documents.").min_length(Some(1)).pattern(Some("\\S"))
    };
    let anything =
        |words: &str| ObjectBuilder::new().schema_type(SchemaType::AnyValue).description(Some(words));
    let binary = |words: &str| text(words).format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
    let form = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property("file", anything("Any number of parts: manifests or archives, whose names are kept."))
        .property("state", Ref::from_schema_name(StateAsked::name()))
        .property("expires", text("As in the address; for sharing alone."));
    let content = |schema: ObjectBuilder| ContentBuilder::new().schema(Some(Schema::Object(schema.build())));
    let yaml = |schema| content(schema).example(Some(EXAMPLE.into())).build();
    let json: Content = ContentBuilder::new()
        .schema(Some(anything("An object, or a List; what is neither is a finding.")))
        .example(Some(example_list()))
        .build();
    RequestBodyBuilder::new()
        .description(Some("Manifests, in any of these forms; what curl sends by default is read as YAML."))
        .required(Some(Required::True))
        .content("application/yaml", yaml(anything("One or more documents; what is no object is a finding.")))
        .content("application/json", json)
        .content("text/plain", yaml(manifest()))
        .content("multipart/form-data", content(form).build())
        .content("application/gzip", content(binary("A .tar.gz, or one compressed manifest.")).build())
        .content("application/zip", content(binary("A .zip of manifests.")).build())
        .content("application/x-tar", content(binary("A .tar of manifests.")).build())
        .build()
}

/// The same manifest as JSON has it: a List.
fn example_list() -> Value {
    let documents = serde_yaml::Deserializer::from_str(EXAMPLE).map(Value::deserialize);
    let items: Vec<Value> = documents.filter_map(Result::ok).collect();
    json!({"apiVersion": "v1", "kind": "List", "items": items})
}

/// The manifest that the document and its page show.
pub const EXAMPLE: &str = include_str!("../../../static/examples/node-port.yaml");
