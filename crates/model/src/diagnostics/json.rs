//! Diagnostics for programs: one JSON object each.

use serde_json::{Value, json};

use super::{Diagnostic, Label};
use crate::span::Lines;

/// A diagnostic as a JSON object: code, severity, message, help, file, line, column and labels with their places.
pub fn to_json(diagnostic: &Diagnostic, name: &str, source: &str) -> Value {
    let lines = Lines::new(source);
    let label = |label: &Label| {
        let (line, column) = lines.line_column(label.span.start, source);
        let (end_line, end_column) = lines.line_column(label.span.end, source);
        json!({
            "text": label.text,
            "line": line,
            "column": column,
            "end_line": end_line,
            "end_column": end_column,
            "start": label.span.start,
            "end": label.span.end,
        })
    };
    json!({
        "code": diagnostic.code,
        "severity": diagnostic.severity.name(),
        "message": diagnostic.message,
        "help": diagnostic.help,
        "file": name,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "labels": diagnostic.labels.iter().map(label).collect::<Vec<_>>(),
    })
}
