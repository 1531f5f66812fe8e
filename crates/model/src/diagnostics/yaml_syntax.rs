//! `yaml-syntax`: text that is not YAML.

use granit_parser::ErrorKind as Kind;

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "yaml-syntax";

/// A quote or a bracket at the start of `span` is not closed.
pub(crate) fn never_closed(span: Span, source: &str) -> Diagnostic {
    let sign = span.text(source).chars().next().unwrap_or_default();
    let diagnostic = Diagnostic::error(CODE, format!("this `{sign}` is never closed"), span);
    match sign {
        '[' | '{' => diagnostic.help(FLOW),
        _ => diagnostic,
    }
}

/// A key stands deeper than the line above it allows.
pub(crate) fn too_deep(key: Span) -> Diagnostic {
    Diagnostic::error(CODE, "this key is indented too deeply: the line above already has a value", key)
        .help("the keys of one map are indented alike")
}

/// The YAML parser cannot go on at `span`.
pub(crate) fn yaml_syntax(kind: &Kind, span: Span, source: &str) -> Diagnostic {
    let (message, help) = words(kind);
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

/// The first tab at a place, or after it: the parser may stop at the end of the line before.
fn tab(span: Span, source: &str) -> Span {
    let line = source.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let here = source.get(line..span.end).and_then(|text| text.find('\t')).map(|tab| line + tab);
    let later = || Some(span.end + source.get(span.end..)?.find('\t')?);
    here.or_else(later).map_or(span, |tab| Span::new(tab, tab + 1))
}

fn words(kind: &Kind) -> (String, Option<&'static str>) {
    let (message, help) = match kind {
        Kind::TabInIndentation
        | Kind::TabInBlockIndentation
        | Kind::TabInPlainScalar
        | Kind::TabNotAllowed => ("a tab cannot indent YAML", Some("indent with spaces")),
        Kind::MappingValueNotAllowed | Kind::InvalidColonPlacement => {
            ("unexpected `: `", Some("a value that holds `: ` needs quotes"))
        }
        Kind::InvalidTrailingSingleQuotedScalar | Kind::InvalidTrailingDoubleQuotedScalar => {
            ("unexpected text after the closing quote", Some("quote the whole value or none of it"))
        }
        Kind::UnknownQuotedScalarEscape => (
            "unknown escape in double quotes",
            Some("in double quotes a backslash is written `\\\\`; in single quotes it stands for itself"),
        ),
        Kind::ExpectedFlowMappingSeparator
        | Kind::UnexpectedEofFlowMapping
        | Kind::UnexpectedEofImplicitFlowMapping => ("expected `,` or `}`", Some(FLOW)),
        Kind::ExpectedFlowSequenceSeparator | Kind::UnexpectedEofFlowSequence => {
            ("expected `,` or `]`", Some(FLOW))
        }
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
        Kind::UnexpectedCharacter { character } => {
            return (format!("unexpected character `{}`", character.escape_default()), None);
        }
        Kind::RecursionLimitExceeded => ("this is nested too deeply", None),
        _ => return (plain(kind), None),
    };
    (message.to_owned(), help)
}

const FLOW: &str = "between brackets, a value that holds one of `,` `[` `]` `{` `}` or `: ` needs quotes";

/// The parser's own words, in our grammar.
fn plain(kind: &Kind) -> String {
    let words = kind.to_string();
    let words = words.rsplit_once(", ").map_or(words.as_str(), |(_, cause)| cause);
    format!("this is not YAML: {}", words.trim_end_matches('.').to_lowercase())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_rules};

    #[test]
    fn tabs_do_not_indent() {
        check(
            "kelvin: 1\nmodel: m\ndimensions:\n\tfit:\n\t\trules: []\n",
            &expect![[r#"
            error[yaml-syntax]: a tab cannot indent YAML
             --> m.yaml:4:1
              |
            4 |     fit:
              | ^^^^
              |
              = help: indent with spaces
        "#]],
        );
    }

    #[test]
    fn a_tab_is_marked_where_it_stands() {
        check(
            "kelvin: 1\n\tmodel: m\n",
            &expect![[r#"
            error[yaml-syntax]: a tab cannot indent YAML
             --> m.yaml:2:1
              |
            2 |     model: m
              | ^^^^
              |
              = help: indent with spaces
        "#]],
        );
    }

    #[test]
    fn a_quote_that_stays_open() {
        check_rules(
            r#"
                - id: a
                  event: "page
                  points: 5
                - id: b
                  evnt: page
                  points: 5
            "#,
            &expect![[r#"
                error[yaml-syntax]: this `"` is never closed
                 --> m.yaml:7:12
                  |
                7 |     event: "page
                  |            ^^^^^

                error[unknown-key]: unknown key `evnt` in a rule
                  --> m.yaml:10:5
                   |
                10 |     evnt: page
                   |     ^^^^
                   |
                   = help: did you mean `event`?
            "#]],
        );
    }

    #[test]
    fn a_bracket_that_stays_open() {
        check_rules(
            "
                - id: a
                  event: [page, screen
                  points: 5
                - id: b
                  evnt: page
                  points: 5
            ",
            &expect![[r#"
                error[yaml-syntax]: this `[` is never closed
                 --> m.yaml:7:12
                  |
                7 |     event: [page, screen
                  |            ^^^^^^^^^^^^^
                  |
                  = help: between brackets, a value that holds one of `,` `[` `]` `{` `}` or `: ` needs quotes

                error[unknown-key]: unknown key `evnt` in a rule
                  --> m.yaml:10:5
                   |
                10 |     evnt: page
                   |     ^^^^
                   |
                   = help: did you mean `event`?
            "#]],
        );
    }

    #[test]
    fn a_condition_in_brackets_needs_quotes() {
        check_rules(
            r#"
                - {id: a, if: lead.x in ["a", "b"], points: 5}
                - {id: b, evnt: page, points: 3}
            "#,
            &expect![[r#"
                error[yaml-syntax]: expected `,` or `}`
                 --> m.yaml:6:27
                  |
                6 |   - {id: a, if: lead.x in ["a", "b"], points: 5}
                  |                           ^
                  |
                  = help: between brackets, a value that holds one of `,` `[` `]` `{` `}` or `: ` needs quotes

                error[unknown-key]: unknown key `evnt` in a rule
                 --> m.yaml:7:13
                  |
                7 |   - {id: b, evnt: page, points: 3}
                  |             ^^^^
                  |
                  = help: did you mean `event`?
            "#]],
        );
    }

    #[test]
    fn a_title_with_a_colon_needs_quotes() {
        check(
            "
                kelvin: 1
                model: m
                title: Leads: the best
                dimensions: {fit: {rulez: []}}
            ",
            &expect![[r#"
                error[yaml-syntax]: unexpected `: `
                 --> m.yaml:3:13
                  |
                3 | title: Leads: the best
                  |             ^
                  |
                  = help: a value that holds `: ` needs quotes

                error[unknown-key]: unknown key `rulez` in a dimension
                 --> m.yaml:4:20
                  |
                4 | dimensions: {fit: {rulez: []}}
                  |                    ^^^^^
                  |
                  = help: did you mean `rules`?
            "#]],
        );
    }

    #[test]
    fn wrong_indentation() {
        check(
            "
                kelvin: 1
                model: m
                  title: x
                dimensions:
                  fit:
                    rules: []
                 web:
                    rules: []
            ",
            &expect![[r#"
                error[yaml-syntax]: this key is indented too deeply: the line above already has a value
                 --> m.yaml:3:3
                  |
                3 |   title: x
                  |   ^^^^^
                  |
                  = help: the keys of one map are indented alike

                error[yaml-syntax]: unexpected text: expected `key: value`, or `- ` for an item of a list
                 --> m.yaml:7:2
                  |
                7 |  web:
                  |  ^^^^
                  |
                  = help: the keys of one map, and the items of one list, are indented alike
            "#]],
        );
    }

    #[test]
    fn several_errors() {
        check(
            "
                kelvin: 1
                model: @m
                title: a: b
                kind: 'x' y
                dimensions: {fit: {rules: []}}
                range: [1, 2
            ",
            &expect![[r#"
                error[yaml-syntax]: a value cannot begin with this sign
                 --> m.yaml:2:8
                  |
                2 | model: @m
                  |        ^^
                  |
                  = help: put the value into quotes

                error[yaml-syntax]: unexpected `: `
                 --> m.yaml:3:9
                  |
                3 | title: a: b
                  |         ^
                  |
                  = help: a value that holds `: ` needs quotes

                error[yaml-syntax]: unexpected text after the closing quote
                 --> m.yaml:4:11
                  |
                4 | kind: 'x' y
                  |           ^
                  |
                  = help: quote the whole value or none of it

                error[yaml-syntax]: this `[` is never closed
                 --> m.yaml:6:8
                  |
                6 | range: [1, 2
                  |        ^^^^^
                  |
                  = help: between brackets, a value that holds one of `,` `[` `]` `{` `}` or `: ` needs quotes
            "#]],
        );
    }

    #[test]
    fn nul_and_other_signs() {
        check(
            "kelvin: 1\nmodel: m\0\ndimensions: {fit: {rules: []}}\n",
            &expect![[r#"
            error[yaml-syntax]: unexpected character `\u{0}`
             --> m.yaml:2:9
              |
            2 | model: m␀
              |         ^
        "#]],
        );
    }
}
