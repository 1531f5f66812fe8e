//! The API as an OpenAPI document: one entry for each route, which tests hold to the routes and to every answer.

mod access;
mod accounts;
mod codes;
mod experiments;
mod intake;
mod leads;
mod log;
mod models;
mod operation;
mod outcomes;
mod sales;
mod schema;
mod service;
mod shapes;

use serde_json::{Map, Value as Json, json};

use self::operation::Operation;

/// What is said above all else.
const ABOUT: &str = "\
Events in, scores out. Every problem is `application/problem+json` with a `code` that stays; what is done about each is
told at docs/operate/api.md. Whatever the request, one whose head is too large is answered 431, and one that does not arrive in time 408.";

/// The document, in OpenAPI 3.1.
pub fn openapi() -> Json {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Kelvin",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths(),
        "components": {
            "schemas": shapes::all(),
            "securitySchemes": {
                "write_key": {"type": "http", "scheme": "basic", "description": "The write key as the user, no password."},
                "key": {"type": "http", "scheme": "bearer", "description": "A key of a program."},
                "session": {"type": "apiKey", "in": "cookie", "name": "kelvin_session", "description": "A user who is logged in."},
            },
        },
    })
}

/// All operations, one for each method of each route.
fn operations() -> Vec<Operation> {
    [
        intake::operations(),
        leads::operations(),
        accounts::operations(),
        models::operations(),
        experiments::operations(),
        sales::operations(),
        outcomes::operations(),
        log::operations(),
        access::operations(),
        service::operations(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn paths() -> Map<String, Json> {
    let mut paths = Map::new();
    for operation in operations() {
        let path = paths.entry(operation.path().to_owned()).or_insert_with(|| json!({}));
        let method = operation.method;
        path[method] = operation.told();
    }
    paths
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, sync::Arc};

    use super::*;
    use crate::{Origins, api};

    #[test]
    fn every_route_stands_in_the_document_and_nothing_else() {
        let routes: BTreeSet<_> = api::table(&Arc::new(Origins::Any)).paths().into_iter().collect();
        let told: BTreeSet<_> = paths().into_iter().map(|(path, _)| path).collect();
        assert_eq!(routes, told);
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let names: BTreeSet<_> = operations().iter().map(Operation::name).collect();
        assert_eq!(names.len(), operations().len());
    }

    #[test]
    fn the_manual_lists_every_operation() {
        let manual = include_str!("../../../docs/operate/api.md");
        let row = |line: &str| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned());
        let listed: BTreeSet<_> = manual.lines().filter_map(row).filter(|row| row.contains(" /")).collect();
        let told = operations()
            .into_iter()
            .map(|operation| format!("{} {}", operation.method.to_uppercase(), operation.path()));
        assert_eq!(listed, told.collect());
    }

    #[test]
    fn the_manual_lists_every_code() {
        let manual = include_str!("../../../docs/operate/api.md");
        let missing = |(_, code): &&(u16, &str)| !manual.contains(&format!("`{code}`"));
        assert_eq!(codes::CODES.iter().find(missing), None);
    }
}
