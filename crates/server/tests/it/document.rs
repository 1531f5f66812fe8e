//! The API's document against what the service answers: every answer to every request of these tests is looked up in it.

use std::{cell::RefCell, sync::LazyLock};

use boon::{Compiler, Schemas};
use serde_json::{Value as Json, json};

use crate::{client::Answer, service::fresh};

const URL: &str = "file:///openapi.json";

/// What each line of a log is.
const EVENT: &str = "file:///openapi.json#/components/schemas/Event";

/// The methods that an operation can have.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

static DOCUMENT: LazyLock<Json> = LazyLock::new(|| {
    let mut document = kelvin_server::openapi();
    close(&mut document["components"]["schemas"]);
    for path in document["paths"].as_object_mut().unwrap().values_mut() {
        for operation in path.as_object_mut().unwrap().values_mut() {
            close(&mut operation["responses"]);
        }
    }
    document
});

thread_local! {
    static SCHEMAS: RefCell<(Compiler, Schemas)> = {
        let mut compiler = Compiler::new();
        compiler.add_resource(URL, DOCUMENT.clone()).unwrap();
        RefCell::new((compiler, Schemas::new()))
    };
}

/// Lets objects have only the keys that the document names: an answer that tells more than it is found out.
fn close(schema: &mut Json) {
    match schema {
        Json::Object(keys) => {
            let is_whole = keys.contains_key("type") && keys.contains_key("properties");
            if is_whole && !keys.contains_key("additionalProperties") {
                keys.insert("additionalProperties".to_owned(), json!(false));
            }
            keys.values_mut().for_each(close);
        }
        Json::Array(several) => several.iter_mut().for_each(close),
        _ => {}
    }
}

/// Whether a path is one that the document writes so.
fn is_at(written: &str, path: &str) -> bool {
    let (written, path) = (written.split('/'), path.split('/'));
    written.clone().count() == path.clone().count()
        && written.zip(path).all(|(written, part)| written == part || written.starts_with('{'))
}

/// The document's path for that of a request.
fn written(path: &str) -> Option<&'static String> {
    let mut known: Vec<_> = DOCUMENT["paths"].as_object().unwrap().keys().collect();
    known.sort_by_key(|known| known.contains('{'));
    known.into_iter().find(|known| is_at(known, path))
}

/// Holds an answer to the document.
pub(crate) fn check(request: &str, answer: &Answer) {
    let (method, target) = request.split_once(' ').unwrap();
    let path = target.split(['?', ' ']).next().unwrap();
    let operation = written(path).map(|path| (path, method.to_lowercase()));
    let operation = operation.filter(|(path, method)| !DOCUMENT["paths"][*path][method].is_null());
    let Some((path, method)) = operation else {
        // Browsers ask what they may, and the head of a request may be too large for any path.
        let fine = method == "OPTIONS" || method == "HEAD" || matches!(answer.status, 404 | 405 | 431);
        assert!(fine, "{request} is not in the document: {answer:?}");
        return;
    };
    if answer.status == 431 {
        return;
    }
    let told = &DOCUMENT["paths"][path][&method]["responses"][answer.status.to_string()];
    assert!(!told.is_null(), "{request} answers what is not in the document: {answer:?}");
    let Some(content) = told["content"].as_object() else { return };
    let kind = answer.header("content-type").and_then(|kind| kind.split(';').next()).unwrap_or_default();
    assert!(
        content.contains_key(kind),
        "{request} answers `{kind}`, which is not in the document: {answer:?}"
    );
    let place = |path: &str, status, kind: &str| {
        let (path, kind) = (path.replace('/', "~1"), kind.replace('/', "~1"));
        format!("{URL}#/paths/{path}/{method}/responses/{status}/content/{kind}/schema")
    };
    match kind {
        "application/x-ndjson" => answer.body.lines().for_each(|line| check_body(EVENT, line)),
        kind if kind.ends_with("json") => check_body(&place(path, answer.status, kind), &answer.body),
        _ => {}
    }
}

fn check_body(place: &str, body: &str) {
    let told: Json = serde_json::from_str(body).unwrap();
    let wrong = SCHEMAS.with_borrow_mut(|(compiler, schemas)| {
        let schema = compiler.compile(&place.replace('{', "%7B").replace('}', "%7D"), schemas);
        let schema = schema.unwrap_or_else(|cause| panic!("{place}: {cause}"));
        schemas.validate(&told, schema).err().map(|wrong| format!("{wrong:#}"))
    });
    assert_eq!(wrong, None, "{body} is not as {place} says");
}

/// A path of the document with something in its gaps.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn the_service_shows_the_document() {
    let (service, _folder) = fresh();
    assert_eq!(service.get("/api/v1/openapi.json").json(), kelvin_server::openapi());
}

#[test]
fn every_method_of_a_path_is_in_the_document_and_no_other_is_taken() {
    let (service, _folder) = fresh();
    for (path, operations) in DOCUMENT["paths"].as_object().unwrap() {
        for method in METHODS {
            let request = format!("{method} {}", filled(path));
            // Of a place that is none, nothing is told without end.
            let answer = service.request(&request, &[("last-event-id", "x")], &[]);
            let is_taken = answer.status != 405;
            assert_eq!(is_taken, !operations[method.to_lowercase()].is_null(), "{request}: {answer:?}");
        }
    }
}

#[test]
fn the_document_is_sound() {
    let document = kelvin_server::openapi();
    let mut named = Vec::new();
    references(&document, &mut named);
    for name in named {
        assert!(document.pointer(name.trim_start_matches('#')).is_some(), "`{name}` leads nowhere");
    }
    let nowhere = |(_, path): &(&String, &Json)| {
        path.as_object().unwrap().values().any(|operation| !operation["responses"]["0"].is_null())
    };
    assert_eq!(document["paths"].as_object().unwrap().iter().find(nowhere), None, "a code without a status");
}

fn references(schema: &Json, found: &mut Vec<String>) {
    match schema {
        Json::Object(keys) => {
            found.extend(keys.get("$ref").and_then(Json::as_str).map(str::to_owned));
            keys.values().for_each(|schema| references(schema, found));
        }
        Json::Array(several) => several.iter().for_each(|schema| references(schema, found)),
        _ => {}
    }
}
