//! One operation of the API: what it takes, what it answers, what may be wrong.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::{
    codes::{meaning, status},
    schema::{named, text},
};
use crate::access::{Need, need};

/// What may be wrong with any body.
const BODY: [&str; 5] = ["broken-body", "too-slow", "request-too-large", "unknown-encoding", "bad-gzip"];

/// What is answered to those who are not known.
const KNOWN: [&str; 4] = ["not-logged-in", "wrong-key", "other-host", "store-failed"];

/// What may be wrong with the key of a change that is to be made once.
const ONCE: [&str; 6] = [
    "bad-idempotency-key",
    "idempotency-key-used",
    "outcome-unknown",
    "answer-not-kept",
    "busy",
    "store-failed",
];

/// One method of one path.
pub(super) struct Operation {
    pub(super) method: &'static str,
    path: String,
    told: Json,
    /// Codes by status.
    problems: BTreeMap<u16, Vec<&'static str>>,
}

/// A look; `name` is the operation's own.
pub(super) fn get(path: &str, name: &str) -> Operation {
    Operation::new("get", path, name)
}

/// A change.
pub(super) fn post(path: &str, name: &str) -> Operation {
    Operation::new("post", path, name)
}

/// A change of some of it.
pub(super) fn patch(path: &str, name: &str) -> Operation {
    Operation::new("patch", path, name)
}

/// Away with it.
pub(super) fn delete(path: &str, name: &str) -> Operation {
    Operation::new("delete", path, name)
}

/// A parameter of the query.
pub(super) fn query(name: &str, schema: Json, about: &str) -> Json {
    json!({"name": name, "in": "query", "description": about, "schema": schema})
}

/// How many are on a page.
pub(super) fn limit(most: usize) -> Json {
    let schema = json!({"type": "integer", "minimum": 1, "maximum": most, "default": 50});
    query("limit", schema, "How many are on a page.")
}

/// Where a page begins.
pub(super) fn after(schema: Json) -> Json {
    query("after", schema, "The `next` of the page before.")
}

/// A header of the request.
pub(super) fn header(name: &str, schema: Json, about: &str) -> Json {
    json!({"name": name, "in": "header", "description": about, "schema": schema})
}

/// A part of the path.
pub(super) fn part(name: &str, schema: Json, about: &str) -> Json {
    json!({"name": name, "in": "path", "required": true, "description": about, "schema": schema})
}

impl Operation {
    fn new(method: &'static str, path: &str, name: &str) -> Self {
        let told = json!({"operationId": name, "parameters": [], "responses": {}});
        Self { method, path: path.to_owned(), told, problems: BTreeMap::new() }.guarded()
    }

    /// What it is for, in a line, and the group that it belongs to.
    pub(super) fn about(mut self, tag: &str, summary: &str) -> Self {
        self.told["tags"] = json!([tag]);
        self.told["summary"] = json!(summary);
        self
    }

    /// What it takes in the path, the query and headers.
    pub(super) fn takes<const N: usize>(mut self, parameters: [Json; N]) -> Self {
        if let Some(known) = self.told["parameters"].as_array_mut() {
            known.extend(parameters);
        }
        self
    }

    /// Nothing is changed that is otherwise than the client saw it.
    pub(super) fn if_seen(self) -> Self {
        let about = "The `ETag` of what the client saw: nothing is changed if it is otherwise by now.";
        self.takes([header("If-Match", text(), about)]).or(&["changed-meanwhile"])
    }

    /// The body that it reads.
    pub(super) fn reads(mut self, schema: Json) -> Self {
        self.told["requestBody"] =
            json!({"required": true, "content": {"application/json": {"schema": schema}}});
        self.or(&BODY)
    }

    /// What it answers when all is well.
    pub(super) fn answers(self, about: &str, schema: Json) -> Self {
        self.answers_as("application/json", about, schema)
    }

    /// What it answers when all is well, of another type than JSON.
    pub(super) fn answers_as(mut self, kind: &str, about: &str, schema: Json) -> Self {
        self.told["responses"]["200"] = json!({"description": about, "content": {kind: {"schema": schema}}});
        self
    }

    /// Another answer when all is well.
    pub(super) fn answers_also(mut self, status: u16, about: &str, schema: Json) -> Self {
        let content = json!({"application/json": {"schema": schema}});
        self.told["responses"][status.to_string()] = json!({"description": about, "content": content});
        self
    }

    /// A header of the answer when all is well.
    pub(super) fn tells(mut self, header: &str, schema: Json, about: &str) -> Self {
        self.told["responses"]["200"]["headers"][header] = json!({"description": about, "schema": schema});
        self
    }

    /// An answer without a body.
    pub(super) fn answers_bare(mut self, status: u16, about: &str) -> Self {
        self.told["responses"][status.to_string()] = json!({"description": about});
        self
    }

    /// Who may, and what is answered to others: as the gate before all routes has it.
    fn guarded(self) -> Self {
        let method = self.method.to_uppercase();
        let need = need(&method, &self.path);
        // The intake has a gate of its own, and is open to the pages of other sites.
        let is_fine = method == "GET" || need == Need::WriteKey;
        let operation = if is_fine { self } else { self.or(&["other-site"]) };
        match need {
            Need::Nothing | Need::WriteKey => operation,
            Need::Login => operation.once().to(&["key", "session"]).or(&KNOWN),
            Need::Right(_) => operation.once().to(&["key", "session"]).or(&KNOWN).or(&["not-allowed"]),
        }
    }

    /// A change that is made once, however often it is asked for under one key.
    fn once(self) -> Self {
        if self.method == "get" {
            return self;
        }
        let schema = json!({"type": "string", "minLength": 1, "maxLength": 255});
        let about = "What is asked for again under this key within a day is not done again; the answer is told again.";
        self.takes([header("Idempotency-Key", schema, about)]).or(&ONCE).or(&BODY)
    }

    /// Who may; where nobody is asked who they are, all may.
    pub(super) fn to(mut self, ways: &[&str]) -> Self {
        let ways = ways.iter().map(|way| json!({*way: []}));
        self.told["security"] = ways.chain([json!({})]).collect();
        self
    }

    /// What may be wrong, by code.
    pub(super) fn or(mut self, codes: &[&'static str]) -> Self {
        for code in codes {
            self.problems.entry(status(code)).or_default().push(code);
        }
        self
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    #[cfg(test)]
    pub(super) fn name(&self) -> String {
        self.told["operationId"].to_string()
    }

    /// An answer that tells its tag is not sent to who has it.
    fn spared(mut self) -> Self {
        if self.method != "get" || self.told["responses"]["200"]["content"]["application/json"].is_null() {
            return self;
        }
        self.told["responses"]["304"] = json!({"description": "The client has it."});
        let about = "The `ETag` of what the client has.";
        self.takes([header("If-None-Match", text(), about)]).tells(
            "ETag",
            text(),
            "Tells whether it is still so.",
        )
    }

    /// As the document tells it.
    pub(super) fn told(self) -> Json {
        let Self { mut told, problems, .. } = self.spared();
        for (status, mut codes) in problems {
            codes.sort_unstable();
            codes.dedup();
            told["responses"][status.to_string()] = problem(status, &codes);
        }
        told
    }
}

fn problem(status: u16, codes: &[&str]) -> Json {
    let schema = json!({"allOf": [named("Problem"), {"properties": {"code": {"enum": codes}}}]});
    let mut told = json!({
        "description": meaning(status),
        "content": {"application/problem+json": {"schema": schema}},
    });
    let mut headers = Map::new();
    if matches!(status, 429 | 503) {
        let about = "How many seconds to wait before asking again.";
        headers
            .insert("Retry-After".to_owned(), json!({"description": about, "schema": {"type": "integer"}}));
    }
    if status == 401 {
        let about = "How to say who asks.";
        headers.insert(
            "WWW-Authenticate".to_owned(),
            json!({"description": about, "schema": {"type": "string"}}),
        );
    }
    if !headers.is_empty() {
        told["headers"] = Json::Object(headers);
    }
    told
}
