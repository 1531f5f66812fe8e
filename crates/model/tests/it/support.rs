//! What the tests share: one function that loads a model and compares all that it is told.

use expect_test::Expect;

/// Loads `yaml` and compares the diagnostics as a user sees them.
#[track_caller]
pub(crate) fn check(yaml: &str, expect: &Expect) {
    let loaded = kelvin_model::load("model.yaml", yaml);
    assert_eq!(loaded.plan.is_none(), loaded.has_errors(), "a plan if and only if there are no errors");
    expect.assert_eq(&loaded.render(false));
}

/// Loads a model of one dimension whose rules are `rules` (at the left margin), and compares.
#[track_caller]
pub(crate) fn check_rules(rules: &str, expect: &Expect) {
    check(&with_rules(rules), expect);
}

/// A model with these rules.
pub(crate) fn with_rules(rules: &str) -> String {
    format!("kelvin: 1\nmodel: m\ndimensions:\n  fit:\n    rules:\n{}", indented(rules, 6))
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{:by$}{line}\n", "")).collect()
}
