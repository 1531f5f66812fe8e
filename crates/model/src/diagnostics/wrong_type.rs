//! `wrong-type`: a value of another type than the key takes.

use super::Diagnostic;
use crate::syntax::{Content, Literal, Node};

const CODE: &str = "wrong-type";

/// `key` takes what `expected` names; `example` is one.
pub(crate) fn wrong_type(key: &str, expected: &str, example: &str, node: &Node) -> Diagnostic {
    let found = found(node);
    if node.is_null() {
        let message = format!("`{key}` has no value");
        let help = format!("it takes {expected}, for example `{example}`");
        return Diagnostic::error(CODE, message, node.span).help(help);
    }
    let help = quoted_number(node, expected)
        .or_else(|| yes(node, expected))
        .unwrap_or_else(|| format!("for example `{example}`"));
    Diagnostic::error(CODE, format!("`{key}` takes {expected}, not {found}"), node.span).help(help)
}

fn quoted_number(node: &Node, expected: &str) -> Option<String> {
    let text = node.text()?;
    let numeric = expected.contains("number") && text.trim().parse::<f64>().is_ok();
    numeric.then(|| format!("remove the quotes: `{}`", text.trim()))
}

fn yes(node: &Node, expected: &str) -> Option<String> {
    let is_yes = matches!(node.text()?, "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "y" | "Y" | "1");
    (is_yes && expected == "`true`").then(|| "write `true`".to_owned())
}

/// What a node is, in a word.
fn found(node: &Node) -> String {
    match &node.content {
        Content::Map(_) => "a map".into(),
        Content::List(_) => "a list".into(),
        Content::Hole => "this".into(),
        Content::Scalar(scalar) => match scalar.literal() {
            Literal::Null => "nothing".into(),
            Literal::Bool(value) => format!("`{value}`"),
            Literal::Int(_) | Literal::Float(_) => format!("the number `{}`", scalar.text),
            Literal::Text(text) if text.is_empty() => "empty text".into(),
            Literal::Text(text) => format!("the text `{}`", shortened(&text)),
        },
    }
}

fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
