//! What counts as a difference, how it is told, and which expected lines are refused.

use super::*;

const ACTUAL: &str = r#"{"lead_id":"l7","model":"m","as_of":"2026-01-03T00:00:00Z","score":61.25,"tier":"mql","grade":null,"disqualified":["spam","rival"],"until":"2026-03-09T07:12:44.101Z","dimensions":{"fit":{"sum":30,"value":30},"web":{"sum":31.25,"value":31.25}},"reasons":[{"rule":"demo","dimension":"fit","points":30,"awards":0},{"rule":"pricing-page","dimension":"web","points":15,"awards":2,"last":"2025-12-20T10:00:00Z"}]}"#;

/// The differences between one expected line and the line above.
fn check(expected: &str, differences: &[&str]) {
    check_lines(ACTUAL, expected, Subject::Lead, Unmentioned::Ignored, differences);
}

fn check_lines(
    actual: &str,
    expected: &str,
    subject: Subject,
    unmentioned: Unmentioned,
    differences: &[&str],
) {
    let as_of = Instant::parse("2026-01-03").unwrap();
    let expected = Expectations::parse(expected, subject, Some(as_of)).unwrap();
    let score = |at: Instant| -> Result<Lines, BadLine> {
        assert_eq!(at, as_of);
        let lines = lines(actual)?;
        Ok(match subject {
            Subject::Lead => Lines { leads: lines, accounts: Vec::new() },
            Subject::Account => Lines { leads: Vec::new(), accounts: lines },
        })
    };
    let found = super::differences(&[&expected], unmentioned, &score).unwrap();
    let said: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(said, differences);
}

#[test]
fn what_is_printed_is_what_is_expected() {
    check(ACTUAL, &[]);
}

#[test]
fn a_key_that_is_missing_is_not_compared() {
    check(r#"{"lead_id":"l7","tier":"mql"}"#, &[]);
    check(r#"{"lead_id":"l7","dimensions":{"fit":{"value":30}}}"#, &[]);
    check(r#"{"lead_id":"l7","reasons":[{"rule":"demo"},{"rule":"pricing-page","awards":2}]}"#, &[]);
}

#[test]
fn numbers_may_differ_by_two_millionths_and_instants_in_their_notation() {
    check(r#"{"lead_id":"l7","score":61.250002}"#, &[]);
    check(
        r#"{"lead_id":"l7","score":61.250003}"#,
        &["lead `l7` at 2026-01-03T00:00:00Z: score is 61.25, expected 61.250003"],
    );
    check(r#"{"lead_id":"l7","until":"2026-03-09T08:12:44.101+01:00","as_of":"2026-01-03"}"#, &[]);
    check(r#"{"lead_id":"l7","disqualified":["rival","spam"]}"#, &[]);
}

#[test]
fn each_difference_is_told_in_a_sentence() {
    check(
        r#"{"lead_id":"l7","model":"n","score":20,"tier":null,"grade":"B","disqualified":[],"until":null}"#,
        &[
            "lead `l7` at 2026-01-03T00:00:00Z: model is `m`, expected `n`",
            "lead `l7` at 2026-01-03T00:00:00Z: score is 61.25, expected 20",
            "lead `l7` at 2026-01-03T00:00:00Z: tier is `mql`, expected none",
            "lead `l7` at 2026-01-03T00:00:00Z: grade is none, expected `B`",
            "lead `l7` at 2026-01-03T00:00:00Z: disqualified is `spam`, `rival`, expected none",
            "lead `l7` at 2026-01-03T00:00:00Z: until is `2026-03-09T07:12:44.101Z`, expected none",
        ],
    );
    check(
        r#"{"lead_id":"l7","dimensions":{"fit":{"sum":3,"value":4},"other":{"value":1}}}"#,
        &[
            "lead `l7` at 2026-01-03T00:00:00Z: sum of dimension `fit` is 30, expected 3",
            "lead `l7` at 2026-01-03T00:00:00Z: dimension `fit` is 30, expected 4",
            "lead `l7` at 2026-01-03T00:00:00Z: dimension `other` is none, expected 1",
        ],
    );
}

#[test]
fn reasons_are_the_whole_list_and_rules_only_those_named() {
    check(
        r#"{"lead_id":"l7","reasons":[{"rule":"pricing-page","points":20,"awards":1,"last":"2025-12-21"},{"rule":"blog"}]}"#,
        &[
            "lead `l7` at 2026-01-03T00:00:00Z: rule `pricing-page` is 15, expected 20",
            "lead `l7` at 2026-01-03T00:00:00Z: awards of rule `pricing-page` is 2, expected 1",
            "lead `l7` at 2026-01-03T00:00:00Z: last award of rule `pricing-page` is `2025-12-20T10:00:00Z`, expected `2025-12-21`",
            "lead `l7` at 2026-01-03T00:00:00Z: rule `blog` is none, expected some",
            "lead `l7` at 2026-01-03T00:00:00Z: rule `demo` is 30, expected none",
        ],
    );
    check(
        r#"{"lead_id":"l7","reasons":[{"rule":"pricing-page","points":15},{"rule":"demo","points":30}]}"#,
        &[
            "lead `l7` at 2026-01-03T00:00:00Z: order of reasons is `demo`, `pricing-page`, expected `pricing-page`, `demo`",
        ],
    );
    check(
        r#"{"lead_id":"l7","rules":{"pricing-page":20,"blog":0}}"#,
        &["lead `l7` at 2026-01-03T00:00:00Z: rule `pricing-page` is 15, expected 20"],
    );
}

#[test]
fn a_rule_that_is_not_there_is_not_worth_nothing() {
    let line = r#"{"lead_id":"l7","as_of":"2026-01-03","rules":{"demo":30,"blog":0,"dmeo":0,"other":5}}"#;
    let expected = Expectations::parse(line, Subject::Lead, None).unwrap();
    let known = |subject, rule: &str| subject == Subject::Lead && ["demo", "blog"].contains(&rule);
    let said: Vec<String> = unknown_rules(&[&expected], &known).iter().map(ToString::to_string).collect();
    let told =
        "lead `l7` at 2026-01-03T00:00:00Z: rule `dmeo`, which the model does not have, is none, expected 0";
    assert_eq!(said, [told]);
}

#[test]
fn a_lead_without_a_score_is_expected_with_null() {
    check(r#"{"lead_id":"l8","score":null}"#, &[]);
    check(
        r#"{"lead_id":"l7","score":null}"#,
        &["lead `l7` at 2026-01-03T00:00:00Z: score is 61.25, expected none"],
    );
    check(
        r#"{"lead_id":"l8","tier":"mql"}"#,
        &["lead `l8` at 2026-01-03T00:00:00Z: score is none, expected some"],
    );
}

#[test]
fn a_lead_that_nobody_mentions_is_a_difference_where_all_are_expected() {
    let actual = format!("{ACTUAL}\n{}", ACTUAL.replace("l7", "l9"));
    check_lines(
        &actual,
        r#"{"lead_id":"l7","grade":null}"#,
        Subject::Lead,
        Unmentioned::Unexpected,
        &["lead `l9` at 2026-01-03T00:00:00Z: score is 61.25, expected none"],
    );
}

#[test]
fn accounts_are_compared_like_leads() {
    check_lines(
        r#"{"account_id":"acme","score":70,"tier":"target","members":3,"reasons":[{"rule":"committee","points":40,"awards":1,"last":"2026-01-20T00:00:00Z"}]}"#,
        "{\"account_id\":\"acme\",\"score\":71,\"members\":2}\n\n{\"account_id\":\"other\",\"score\":1}",
        Subject::Account,
        Unmentioned::Ignored,
        &[
            "account `acme` at 2026-01-03T00:00:00Z: score is 70, expected 71",
            "account `acme` at 2026-01-03T00:00:00Z: members is 3, expected 2",
            "account `other` at 2026-01-03T00:00:00Z: score is none, expected 1",
        ],
    );
}

#[test]
fn an_expected_line_that_would_compare_nothing_is_refused() {
    for (line, message) in [
        ("{", "line 1: not JSON: column 1"),
        ("[1]", "line 1: not a JSON object"),
        (r#"{"score":1}"#, "line 1: no `lead_id`"),
        (
            r#"{"lead_id":"a","score":1}"#,
            "line 1: no `as_of`\nhelp: write the instant to score at: \"as_of\": \"2026-01-31T00:00:00Z\"",
        ),
        (
            r#"{"lead_id":"a","as_of":"2026-01-01","scroe":1}"#,
            "line 1: unknown key `scroe`\nhelp: did you mean `score`?",
        ),
        (
            r#"{"lead_id":"a","as_of":"2026-01-01","colour":1}"#,
            "line 1: unknown key `colour`\nhelp: known keys: model, as_of, score, tier, grade, disqualified, until, dimensions, reasons, rules",
        ),
        (
            r#"{"lead_id":"a","as_of":"yesterday"}"#,
            "line 1: `as_of` must be an instant, as in 2026-01-31T00:00:00Z",
        ),
        (r#"{"lead_id":"a","as_of":0,"score":"1"}"#, "line 1: `score` must be a number or null"),
        (
            r#"{"lead_id":"a","as_of":0,"dimensions":{"fit":3}}"#,
            "line 1: `dimensions` must be an object of objects",
        ),
        (
            r#"{"lead_id":"a","as_of":0,"dimensions":{"fit":{"valu":3}}}"#,
            "line 1: unknown key `dimensions.fit.valu`\nhelp: did you mean `value`?",
        ),
        (
            r#"{"lead_id":"a","as_of":0,"reasons":["x"]}"#,
            "line 1: `reasons` must be a list of objects that have a `rule`",
        ),
        (
            r#"{"lead_id":"a","as_of":0,"reasons":[{"rule":"x","award":1}]}"#,
            "line 1: unknown key `reasons.award`\nhelp: did you mean `awards`?",
        ),
        (
            r#"{"lead_id":"a","as_of":0}"#,
            "line 1: nothing is expected\nhelp: write what must come out: model, score, tier, grade, disqualified, until, dimensions, reasons, rules",
        ),
        (
            r#"{"lead_id":"a","as_of":0,"rules":{}}"#,
            "line 1: nothing is expected\nhelp: write what must come out: model, score, tier, grade, disqualified, until, dimensions, reasons, rules",
        ),
    ] {
        let bad = Expectations::parse(line, Subject::Lead, None).unwrap_err();
        assert_eq!(bad.iter().map(ToString::to_string).collect::<Vec<_>>(), [message], "{line}");
    }
}

#[test]
fn all_bad_lines_are_told_at_once() {
    let bad = Expectations::parse("\n{}\n\n1", Subject::Account, None).unwrap_err();
    assert_eq!(bad.iter().map(|bad| bad.line).collect::<Vec<_>>(), [2, 4]);
}
