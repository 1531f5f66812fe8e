//! `bad-name`: a name that cannot be one.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "bad-name";

/// `what` (a model's id, a list's name) cannot be `written`.
pub(crate) fn bad_name(what: &str, written: &str, span: Span) -> Diagnostic {
    let message = if written.trim().is_empty() {
        format!("{what} cannot be empty")
    } else {
        format!("`{written}` cannot be {what}")
    };
    let diagnostic = Diagnostic::error(CODE, message, span);
    match what {
        "a model's id" => {
            let help = match dashed(written) {
                Some(id) => format!("use lower case, digits and `-`: `{id}`"),
                None => "use lower case, digits and `-`".to_owned(),
            };
            diagnostic.help(help)
        }
        "a list's name" => {
            diagnostic.help("use letters, digits and `_`, so that conditions can say `lists.name`")
        }
        "a target's name" if written == "owner" => {
            diagnostic.help("in `notify`, `owner` stands for the lead's owner")
        }
        "an id" | "an owner's name" | "a target's name" => {
            let like = dashed(written).map(|id| format!(": `{id}`")).unwrap_or_default();
            diagnostic.help(format!("use lower case, digits and `-`{like}"))
        }
        "a tier's name" => diagnostic.help("a lead that a rule disqualifies has this tier"),
        _ => diagnostic,
    }
}

/// An id that is like the one written.
fn dashed(written: &str) -> Option<String> {
    let dashed: String = written
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let parts: Vec<&str> = dashed.split('-').filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join("-"))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_rest, check_rules};

    #[test]
    fn an_expression_is_not_empty() {
        check_rules(
            "
                - {id: a, if: '', points: 5}
                - {id: b, value: ' ', bands: {1: 5}}
                - {id: c, event: page, points: ''}
            ",
            &expect![[r#"
                error[bad-name]: `if` cannot be empty
                 --> m.yaml:6:17
                  |
                6 |   - {id: a, if: '', points: 5}
                  |                 ^^

                error[bad-name]: `value` cannot be empty
                 --> m.yaml:7:20
                  |
                7 |   - {id: b, value: ' ', bands: {1: 5}}
                  |                    ^^^

                error[bad-name]: `points` cannot be empty
                 --> m.yaml:8:34
                  |
                8 |   - {id: c, event: page, points: ''}
                  |                                  ^^
            "#]],
        );
    }

    #[test]
    fn a_model_id_is_lower_case() {
        check(
            "
                kelvin: 1
                model: My Model!
                dimensions: {fit: {rules: []}}
            ",
            &expect![[r#"
                error[bad-name]: `My Model!` cannot be a model's id
                 --> m.yaml:2:8
                  |
                2 | model: My Model!
                  |        ^^^^^^^^^
                  |
                  = help: use lower case, digits and `-`: `my-model`
            "#]],
        );
    }

    #[test]
    fn a_list_can_be_named_in_a_condition() {
        check_rest(
            "
                lists: {eu-countries: [DE]}
            ",
            &expect![[r#"
                error[bad-name]: `eu-countries` cannot be a list's name
                 --> m.yaml:7:9
                  |
                7 | lists: {eu-countries: [DE]}
                  |         ^^^^^^^^^^^^
                  |
                  = help: use letters, digits and `_`, so that conditions can say `lists.name`
            "#]],
        );
    }

    #[test]
    fn names_are_not_empty() {
        check_rules(
            "- {id: '', event: [page, ' '], points: 5}",
            &expect![[r#"
            error[bad-name]: `id` cannot be empty
             --> m.yaml:6:10
              |
            6 |   - {id: '', event: [page, ' '], points: 5}
              |          ^^

            error[bad-name]: `event` cannot be empty
             --> m.yaml:6:28
              |
            6 |   - {id: '', event: [page, ' '], points: 5}
              |                            ^^^
        "#]],
        );
    }

    #[test]
    fn disqualified_is_no_tier() {
        check_rest(
            "
                tiers: [{name: disqualified, from: 1}]
            ",
            &expect![[r#"
                error[bad-name]: `disqualified` cannot be a tier's name
                 --> m.yaml:7:16
                  |
                7 | tiers: [{name: disqualified, from: 1}]
                  |                ^^^^^^^^^^^^
                  |
                  = help: a lead that a rule disqualifies has this tier
            "#]],
        );
    }
}
