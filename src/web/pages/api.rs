//! `/api`: the `OpenAPI` document as a page to read, with a form for each operation to try it.

use std::sync::LazyLock;

use askama::Template;
use askama_web::WebTemplate;
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::Value;

use crate::web::api::openapi::{DOCUMENT, EXAMPLE};

#[derive(Template, WebTemplate)]
#[template(path = "api.html")]
struct ApiPage {
    about: Vec<Text>,
    operations: &'static [Operation],
    schemas: &'static [Schema],
    example: &'static str,
}

/// A text of the document: what stood between backticks is code.
type Text = Vec<(bool, String)>;

/// A method of an address.
struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    about: Text,
    parameters: Vec<Parameter>,
    /// The media types that its body may have.
    takes: Vec<String>,
    answers: Vec<Answer>,
    needs_token: bool,
    curl: String,
}

struct Parameter {
    name: String,
    place: String,
    is_required: bool,
    words: Vec<String>,
    example: String,
    about: Text,
}

struct Answer {
    status: String,
    about: Text,
    kinds: Vec<(String, Kind)>,
}

/// A type of the document.
struct Schema {
    name: String,
    about: Text,
    fields: Vec<Field>,
    words: Vec<String>,
}

struct Field {
    name: String,
    kind: Kind,
    is_optional: bool,
    about: Text,
}

/// What a value is, in words with at most one name of a schema in them.
#[derive(Default)]
struct Kind {
    before: String,
    schema: String,
    after: String,
}

/// The document, read.
struct Read {
    about: String,
    operations: Vec<Operation>,
    schemas: Vec<Schema>,
}

static READ: LazyLock<Read> = LazyLock::new(|| {
    let document: Value = serde_json::from_str(&DOCUMENT).unwrap_or_default();
    Read {
        about: text(&document["info"]["description"]),
        operations: entries(&document["paths"]).flat_map(|(path, item)| operations(path, item)).collect(),
        schemas: entries(&document["components"]["schemas"]).map(|(name, s)| schema(name, s)).collect(),
    }
});

/// `GET /api`
pub(super) async fn show() -> impl IntoResponse {
    let page = ApiPage {
        about: READ.about.split("\n\n").map(prose).collect(),
        operations: &READ.operations,
        schemas: &READ.schemas,
        example: EXAMPLE,
    };
    ([(header::CACHE_CONTROL, "no-cache")], page)
}

fn operations<'a>(path: &'a str, item: &'a Value) -> impl Iterator<Item = Operation> + 'a {
    entries(item).filter(|(_, operation)| operation.is_object()).map(move |(method, operation)| {
        let parameters: Vec<Parameter> = items(&operation["parameters"]).map(parameter).collect();
        let takes: Vec<String> =
            entries(&operation["requestBody"]["content"]).map(|(kind, _)| kind.to_owned()).collect();
        let needs_token = operation["security"].is_array();
        Operation {
            id: text(&operation["operationId"]),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: text(&operation["summary"]),
            about: prose(&text(&operation["description"])),
            curl: curl(method, path, &parameters, !takes.is_empty(), needs_token),
            parameters,
            takes,
            answers: entries(&operation["responses"]).map(|(status, a)| answer(status, a)).collect(),
            needs_token,
        }
    })
}

/// What does the same at a prompt.
fn curl(method: &str, path: &str, parameters: &[Parameter], has_body: bool, needs_token: bool) -> String {
    let mut address = path.replace("{id}", "$ID").replace("{extension}", "svg");
    for parameter in parameters.iter().filter(|parameter| parameter.is_required && parameter.place == "query")
    {
        address += &format!("?{}={}", parameter.name, parameter.example);
    }
    let mut words = vec!["curl".to_owned()];
    if method == "delete" {
        words.push("-X DELETE".to_owned());
    }
    if needs_token {
        words.push("-H \"Authorization: Bearer $TOKEN\"".to_owned());
    }
    if has_body {
        words.push("--data-binary @manifests.yaml".to_owned());
    }
    words.push(format!("\"$PODWIRE{address}\""));
    words.join(" ")
}

fn parameter(parameter: &Value) -> Parameter {
    let schema = &parameter["schema"];
    Parameter {
        name: text(&parameter["name"]),
        place: text(&parameter["in"]),
        is_required: parameter["required"] == true,
        words: items(&schema["enum"]).map(text).collect(),
        example: text(&parameter["example"]),
        about: prose(&text(&parameter["description"])),
    }
}

fn answer(status: &str, answer: &Value) -> Answer {
    Answer {
        status: if status == "default" { "other".to_owned() } else { status.to_owned() },
        about: prose(&text(&answer["description"])),
        kinds: entries(&answer["content"])
            .map(|(media, of)| (media.to_owned(), kind(&of["schema"])))
            .collect(),
    }
}

fn schema(name: &str, schema: &Value) -> Schema {
    Schema {
        name: name.to_owned(),
        about: prose(&text(&schema["description"])),
        fields: fields(schema),
        words: items(&schema["enum"]).map(text).collect(),
    }
}

/// The members of an object; of one that has all members of another, a line for those.
fn fields(schema: &Value) -> Vec<Field> {
    let required: Vec<&Value> = items(&schema["required"]).collect();
    let own = entries(&schema["properties"]).map(|(name, of)| Field {
        name: name.to_owned(),
        kind: kind(of),
        is_optional: !required.iter().any(|known| *known == name),
        about: prose(&text(&one_of(of).unwrap_or(of)["description"])),
    });
    let parts = items(&schema["allOf"]).flat_map(|part| match part["$ref"].as_str() {
        Some(_) => {
            vec![Field { name: "…".to_owned(), kind: all_of(part), is_optional: false, about: Vec::new() }]
        }
        None => fields(part),
    });
    own.chain(parts).collect()
}

fn all_of(part: &Value) -> Kind {
    let Kind { schema, .. } = kind(part);
    Kind { before: "all members of ".to_owned(), schema, after: String::new() }
}

fn kind(schema: &Value) -> Kind {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return Kind { schema: name.to_owned(), ..Kind::default() };
    }
    if let Some(one) = one_of(schema) {
        let Kind { before, schema, after } = kind(one);
        return Kind { before, schema, after: after + " or null" };
    }
    let wrapped = |word: &str, inner: &Value| {
        let Kind { before, schema, after } = kind(inner);
        Kind { before: format!("{word} of {before}"), schema, after }
    };
    match &schema["type"] {
        Value::String(kind) if kind == "array" => wrapped("list", &schema["items"]),
        Value::String(kind) if kind == "object" && schema["additionalProperties"].is_object() => {
            wrapped("map", &schema["additionalProperties"])
        }
        Value::String(kind) => Kind { before: kind.clone(), ..Kind::default() },
        Value::Array(kinds) if kinds.iter().any(|kind| kind == "object") => {
            Kind { after: " or null".to_owned(), ..wrapped("map", &schema["additionalProperties"]) }
        }
        Value::Array(kinds) => {
            let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
            Kind { before: kinds.join(" or "), ..Kind::default() }
        }
        _ => Kind { before: "anything".to_owned(), ..Kind::default() },
    }
}

/// What a value is that may be null.
fn one_of(schema: &Value) -> Option<&Value> {
    items(&schema["oneOf"]).find(|one| one["type"] != "null")
}

fn prose(text: &str) -> Text {
    text.split('`').enumerate().map(|(at, part)| (at % 2 == 1, part.to_owned())).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
