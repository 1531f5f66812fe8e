//! Diagnostics for programs: one JSON object each.

use serde_json::{Value, json};

use super::{Diagnostic, Label};

/// A diagnostic of the file called `name` as a JSON object: code, severity, message, help, file, line, column, and
/// labels with their places.
pub fn to_json(diagnostic: &Diagnostic, name: &str) -> Value {
    json!({
        "code": diagnostic.code,
        "severity": diagnostic.severity.name(),
        "message": diagnostic.message,
        "help": diagnostic.help,
        "file": name,
        "line": diagnostic.line(),
        "column": diagnostic.column(),
        "labels": diagnostic.labels.iter().map(label).collect::<Vec<_>>(),
    })
}

fn label(label: &Label) -> Value {
    json!({
        "text": label.text,
        "line": label.from.line,
        "column": label.from.column,
        "end_line": label.to.line,
        "end_column": label.to.column,
        "start": label.span.start,
        "end": label.span.end,
    })
}

#[cfg(test)]
mod tests {
    use super::to_json;

    #[test]
    fn a_program_gets_all_that_a_person_is_told() {
        let loaded = crate::load("m.yaml", "kelvin: 1\nmodel: é\ndimensions: {a: {rules: []}}\n");
        let object = to_json(&loaded.diagnostics[0], "m.yaml");
        let expect = serde_json::json!({
            "code": "bad-name",
            "severity": "error",
            "message": "`é` cannot be a model's id",
            "help": "use lower case, digits and `-`",
            "file": "m.yaml",
            "line": 2,
            "column": 8,
            "labels": [
                {"text": "", "line": 2, "column": 8, "end_line": 2, "end_column": 9, "start": 17, "end": 19}
            ],
        });
        assert_eq!(object, expect);
    }
}
