//! `constant-distinct`: a `distinct` that is the same for all events, so that only the first ever counts.

use super::View;
use crate::{
    diagnostics::Diagnostic,
    tree::{ExpressionId, RuleKind},
};

/// `distinct` by a constant.
pub(super) fn distinct(view: &View<'_>) -> Vec<Diagnostic> {
    let rules = view.model.all_rules();
    let expressions = rules.filter_map(|rule| match &rule.kind {
        RuleKind::Count { distinct, .. } => *distinct,
        RuleKind::Event(event) => event.distinct,
        _ => None,
    });
    expressions.filter_map(|id| one(view, id)).collect()
}

fn one(view: &View<'_>, id: ExpressionId) -> Option<Diagnostic> {
    view.constant(id)?;
    let expression = view.expression(id)?;
    let message =
        format!("`{}` is the same for all events: only a lead's first one counts", expression.text.trim());
    let diagnostic = Diagnostic::warning("constant-distinct", message, expression.span);
    let text = expression.text.trim().trim_matches(['"', '\'']);
    let name = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let help = if name && text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        format!("did you mean the property `event.{text}`? For the first event only, use `limit: 1`")
    } else {
        "name a property, such as `event.asset`; for the first event only, use `limit: 1`".to_owned()
    };
    Some(diagnostic.help(help))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_rules;

    #[test]
    fn a_property_in_quotes_is_told() {
        check_rules(
            r#"- {id: a, event: page, distinct: '"asset"', points: 5}"#,
            &expect![[r#"
            warning[constant-distinct]: `"asset"` is the same for all events: only a lead's first one counts
             --> m.yaml:6:36
              |
            6 |   - {id: a, event: page, distinct: '"asset"', points: 5}
              |                                    ^^^^^^^^^
              |
              = help: did you mean the property `event.asset`? For the first event only, use `limit: 1`
        "#]],
        );
    }

    #[test]
    fn a_number_is_told() {
        check_rules(
            "- {id: a, event: page, distinct: '1 + 1', points: 5}",
            &expect![[r#"
            warning[constant-distinct]: `1 + 1` is the same for all events: only a lead's first one counts
             --> m.yaml:6:36
              |
            6 |   - {id: a, event: page, distinct: '1 + 1', points: 5}
              |                                    ^^^^^^^
              |
              = help: name a property, such as `event.asset`; for the first event only, use `limit: 1`
        "#]],
        );
    }
}
