//! `yaml-syntax`: text that is not YAML.

use granit_parser::ErrorKind as Kind;

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "yaml-syntax";

/// The YAML parser cannot go on at `span`.
pub(crate) fn yaml_syntax(kind: &Kind, span: Span, source: &str) -> Diagnostic {
    let (message, help) = words(kind, span.text(source));
    let place = match kind {
        Kind::TabInIndentation
        | Kind::TabInBlockIndentation
        | Kind::TabInPlainScalar
        | Kind::TabNotAllowed => tab(span, source),
        _ => span,
    };
    let diagnostic = Diagnostic::error(CODE, message, place);
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// The first tab at a place.
fn tab(span: Span, source: &str) -> Span {
    let line = source.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let tab = source.get(line..span.end).and_then(|text| text.find('\t'));
    tab.map_or(span, |tab| Span::new(line + tab, line + tab + 1))
}

fn words(kind: &Kind, text: &str) -> (String, Option<&'static str>) {
    let (message, help) = match kind {
        Kind::TabInIndentation
        | Kind::TabInBlockIndentation
        | Kind::TabInPlainScalar
        | Kind::TabNotAllowed => ("a tab cannot indent YAML", Some("indent with spaces")),
        Kind::MappingValueNotAllowed | Kind::InvalidColonPlacement => (
            "unexpected `: `",
            Some("a value that holds `: ` needs quotes; a key stands at the start of its line"),
        ),
        Kind::UnclosedQuotedScalar
        | Kind::InvalidQuotedScalarIndent
        | Kind::DocumentIndicatorInQuotedScalar => ("this quote is never closed", None),
        Kind::InvalidTrailingSingleQuotedScalar | Kind::InvalidTrailingDoubleQuotedScalar => {
            ("unexpected text after the closing quote", Some("quote the whole value or none of it"))
        }
        Kind::UnknownQuotedScalarEscape => (
            "unknown escape in double quotes",
            Some("in double quotes a backslash is written `\\\\`; in single quotes it stands for itself"),
        ),
        Kind::ExpectedFlowMappingSeparator
        | Kind::UnexpectedEofFlowMapping
        | Kind::UnexpectedEofImplicitFlowMapping => brackets(text, "}"),
        Kind::ExpectedFlowSequenceSeparator | Kind::UnexpectedEofFlowSequence => brackets(text, "]"),
        Kind::UnclosedFlowCollection { .. } => ("this bracket is never closed", None),
        Kind::MismatchedFlowCollectionEnd { .. } | Kind::MisplacedFlowCollectionEnd => {
            ("this bracket closes nothing", None)
        }
        Kind::ExpectedBlockMappingKey
        | Kind::SimpleKeyExpected
        | Kind::InvalidSimpleKey
        | Kind::InvalidIndentation
        | Kind::ExpectedBlockSequenceEntry
        | Kind::BlockSequenceEntryNotAllowed
        | Kind::MappingKeyNotAllowed => (
            "unexpected text: expected `key: value`, or `- ` for an item of a list",
            Some("the keys of one map, and the items of one list, are indented alike"),
        ),
        Kind::UnexpectedCharacter { character: '@' | '`' | '%' } => {
            ("a value cannot begin with this sign", Some("put the value into quotes"))
        }
        Kind::RecursionLimitExceeded => ("this is nested too deeply", None),
        _ => return (plain(kind), None),
    };
    (message.to_owned(), help)
}

fn brackets(text: &str, close: &str) -> (&'static str, Option<&'static str>) {
    let opens = text.starts_with(['{', '[']);
    match (opens, close) {
        (true, "}") => ("this `{` is not closed as it should be", Some(FLOW)),
        (true, _) => ("this `[` is not closed as it should be", Some(FLOW)),
        (false, "}") => ("expected `,` or `}`", Some(FLOW)),
        (false, _) => ("expected `,` or `]`", Some(FLOW)),
    }
}

const FLOW: &str = "between brackets, a value that holds one of `,` `[` `]` `{` `}` or `: ` needs quotes";

/// The parser's own words, in our grammar.
fn plain(kind: &Kind) -> String {
    let words = kind.to_string();
    let words = words.rsplit_once(", ").map_or(words.as_str(), |(_, cause)| cause);
    format!("this is not YAML: {}", words.trim_end_matches('.').to_lowercase())
}
