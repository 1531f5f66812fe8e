//! What the tests of diagnostics and lints share: one function that loads a model and compares all that is told.

use expect_test::Expect;

/// Loads `yaml` and compares the diagnostics as a user sees them.
#[track_caller]
pub(crate) fn check(yaml: &str, expect: &Expect) {
    let loaded = crate::load("m.yaml", &dedented(yaml));
    assert_eq!(loaded.plan.is_none(), loaded.has_errors(), "a plan if and only if there are no errors");
    expect.assert_eq(&loaded.render(false));
}

/// The file of a trained model that asks for these inputs, with what its card warns of.
pub(crate) fn trained(inputs: &[&str], warnings: &[&str]) -> String {
    let inputs: Vec<_> = inputs.iter().map(|feature| serde_json::json!({"feature": feature})).collect();
    let warnings: Vec<_> = warnings.iter().map(|text| serde_json::json!({"text": text})).collect();
    let leaf = serde_json::json!([{"value": 0.5, "rows": 9}]);
    let predictor = serde_json::json!({
        "inputs": inputs, "base": 0.0, "trees": [leaf], "linear": null, "calibration": "none",
    });
    let read = serde_json::from_value(predictor).unwrap();
    let card = serde_json::json!({ "warnings": warnings });
    let version = crate::predictor::version(&card, &read).unwrap();
    serde_json::json!({"kelvin_predictor": 1, "version": version, "card": card, "predictor": read})
        .to_string()
}

/// Loads a model beside one file, `t.json`, and compares.
#[track_caller]
pub(crate) fn check_beside_file(file: &str, dimension: &str, expect: &Expect) {
    let yaml = format!("kelvin: 1\nmodel: m\ndimensions:\n  chance: {dimension}\n");
    let files = |name: &str| match name {
        "t.json" => Ok(file.to_owned()),
        _ => Err("it is not there".to_owned()),
    };
    let loaded = crate::load_with("m.yaml", &yaml, &files);
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
