//! What the tests of diagnostics and lints share: one function that loads a model and compares all that is told.

use expect_test::Expect;

/// Loads `yaml` and compares the diagnostics as a user sees them.
#[track_caller]
pub(crate) fn check(yaml: &str, expect: &Expect) {
    let loaded = crate::load("m.yaml", &dedented(yaml));
    assert_eq!(loaded.plan.is_none(), loaded.has_errors(), "a plan if and only if there are no errors");
    expect.assert_eq(&loaded.render(false));
}

/// Loads a model of one dimension with these rules, written at the left margin, and compares.
#[track_caller]
pub(crate) fn check_rules(rules: &str, expect: &Expect) {
    check(&with_rules(rules), expect);
}

/// Loads a model of one rule and of what follows the dimensions, and compares.
#[track_caller]
pub(crate) fn check_rest(rest: &str, expect: &Expect) {
    let rules = with_rules("- {id: a, if: lead.x == 1, points: 5}");
    check(&format!("{rules}{}", dedented(rest)), expect);
}

fn with_rules(rules: &str) -> String {
    let rules: String = dedented(rules).lines().map(|line| format!("  {line}\n")).collect();
    format!("kelvin: 1\nmodel: m\ndimensions:\n fit:\n  rules:\n{rules}")
}

/// Loads a playbook with these parts, and compares.
#[track_caller]
pub(crate) fn check_playbook(parts: &str, expect: &Expect) {
    check_with(parts, &[], expect);
}

/// Loads a playbook with these parts beside a model with the tiers `mql` and `sql`, and compares.
#[track_caller]
pub(crate) fn check_beside(parts: &str, expect: &Expect) {
    let rules = with_rules("- {id: a, if: lead.x == 1, points: 90}");
    let tiers = "tiers: [{name: mql, from: 30}, {name: sql, from: 60}]\n";
    let model = crate::load("m.yaml", &format!("{rules}{tiers}").replace("model: m", "model: acquisition"));
    check_with(parts, &[&model.model], expect);
}

#[track_caller]
fn check_with(parts: &str, models: &[&crate::tree::Model], expect: &Expect) {
    let text = format!("playbook: 1\ntime_zone: Europe/Berlin\n{}", dedented(parts));
    let loaded = crate::playbook::load("p.yaml", &text, models);
    assert_eq!(loaded.plan.is_none(), loaded.has_errors(), "a plan if and only if there are no errors");
    expect.assert_eq(&loaded.render(false));
}

/// A text without the first line break and the indentation that all its lines share.
pub(crate) fn dedented(text: &str) -> String {
    let Some(text) = text.strip_prefix('\n') else { return text.to_owned() };
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let indent = lines().map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or(0);
    let text: String =
        text.lines().map(|line| format!("{}\n", line.get(indent..).unwrap_or_default())).collect();
    format!("{}\n", text.trim_end())
}
