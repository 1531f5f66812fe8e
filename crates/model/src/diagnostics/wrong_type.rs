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

/// What `title` names is a map, and `node` is none.
pub(crate) fn not_a_map(title: &str, example: &str, node: &Node) -> Diagnostic {
    let message = format!("{title} is a map of keys, not {}", found(node));
    Diagnostic::error(CODE, message, node.span).help(format!("for example `{example}`"))
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

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_rest, check_rules};

    #[test]
    fn numbers_have_no_quotes() {
        check_rules(
            "- {id: a, event: page, points: 5, cap: '45'}",
            &expect![[r#"
            error[wrong-type]: `cap` takes a number, not the text `45`
             --> m.yaml:6:42
              |
            6 |   - {id: a, event: page, points: 5, cap: '45'}
              |                                          ^^^^
              |
              = help: remove the quotes: `45`
        "#]],
        );
    }

    #[test]
    fn true_is_written_true() {
        check_rules(
            "- {id: a, event: page, disqualify: yes}",
            &expect![[r#"
            error[wrong-type]: `disqualify` takes `true`, not the text `yes`
             --> m.yaml:6:38
              |
            6 |   - {id: a, event: page, disqualify: yes}
              |                                      ^^^
              |
              = help: write `true`
        "#]],
        );
    }

    #[test]
    fn nothing_is_not_a_value() {
        check_rules(
            "
                - id: a
                  event: page
                  points:
            ",
            &expect![[r#"
                error[wrong-type]: `points` has no value
                 --> m.yaml:8:5
                  |
                8 |     points:
                  |     ^^^^^^
                  |
                  = help: it takes a number or an expression, for example `15`
            "#]],
        );
    }

    #[test]
    fn a_list_is_not_a_map() {
        check_rules(
            "
                - {id: a, event: page, points: [5]}
                - {id: b, value: lead.x, bands: [1, 2]}
                - just text
            ",
            &expect![[r#"
                error[wrong-type]: `points` takes a number or an expression, not a list
                 --> m.yaml:6:34
                  |
                6 |   - {id: a, event: page, points: [5]}
                  |                                  ^^^
                  |
                  = help: for example `15`

                error[wrong-type]: `bands` takes a map, not a list
                 --> m.yaml:7:35
                  |
                7 |   - {id: b, value: lead.x, bands: [1, 2]}
                  |                                   ^^^^^^
                  |
                  = help: for example `{1: 0, 50: 5, 500: 15}`

                error[wrong-type]: a rule is a map of keys, not the text `just text`
                 --> m.yaml:8:5
                  |
                8 |   - just text
                  |     ^^^^^^^^^
                  |
                  = help: for example `{id: pricing-page, event: page, points: 15}`
            "#]],
        );
    }

    #[test]
    fn a_decay_says_how() {
        check_rules(
            "- {id: a, event: page, points: 5, decay: 14d}",
            &expect![[r#"
            error[wrong-type]: `decay` takes a map with `half_life`, `linear`, `expire`, `steps` or `lose`, not the text `14d`
             --> m.yaml:6:44
              |
            6 |   - {id: a, event: page, points: 5, decay: 14d}
              |                                            ^^^
              |
              = help: for example `{half_life: 14d}`
        "#]],
        );
    }

    #[test]
    fn a_model_is_a_map() {
        check(
            "
                - kelvin: 1
            ",
            &expect![[r#"
                error[wrong-type]: a model is a map of keys, not a list
                 --> m.yaml:1:1
                  |
                1 | - kelvin: 1
                  | ^^^^^^^^^^^
                  |
                  = help: for example `{kelvin: 1, model: saas-new-business, dimensions: …}`
            "#]],
        );
    }

    #[test]
    fn a_range_has_two_ends() {
        check_rest(
            "
                range: [1]
            ",
            &expect![[r#"
                error[wrong-type]: `range` takes two numbers, least and greatest, not a list
                 --> m.yaml:7:8
                  |
                7 | range: [1]
                  |        ^^^
                  |
                  = help: for example `[0, 100]`
            "#]],
        );
    }

    #[test]
    fn a_condition_is_not_a_number() {
        check_rules(
            "- {id: a, if: 5, points: 5}",
            &expect![[r#"
                error[wrong-type]: `if` takes a condition, not the number `5`
                 --> m.yaml:6:17
                  |
                6 |   - {id: a, if: 5, points: 5}
                  |                 ^
                  |
                  = help: for example `event.path.startsWith("/pricing")`
            "#]],
        );
    }
}
