//! What counts as a change, how it is told, and in which order.

use super::*;

const BASE: &str = "\
kelvin: 1
model: m
title: Old
range: [0, 100]
lists:
  rivals: [a.example, b.example]
dimensions:
  fit:
    range: [-100, 50]
    rules:
      - {id: size, value: lead.n, bands: {1: 0, 50: 5}}
      - {id: industry, value: lead.i, table: {Software: 10, Finance: 15}, else: -5}
      - {id: rival, if: emailDomain(lead.email) in lists.rivals, disqualify: true}
      - {id: vip, if: lead.vip == true, points: 10}
  web:
    rules:
      - id: pricing
        event: [page, screen]
        if: event.path.startsWith(\"/pricing\") && event.n > 1
        points: 15
        limit: {times: 3, per: 1d}
        decay: {half_life: 14d}
        cap: 45
      - {id: path, sequence: [{event: a}, {event: b, if: event.x == 1}], within: 7d, points: 30}
grades: {of: fit, A: 40, B: 20}
tiers:
  - {name: mql, from: 50}
  - {name: sql, from: 75, needs: {fit: 20}}
accounts:
  combine: {top: 3}
  rules:
    - {id: committee, event: page, people: 3, within: 30d, points: 40}
  tiers: [{name: target, from: 120}]
";

fn model(text: &str) -> Model {
    let loaded = crate::load("m.yaml", text);
    assert!(!loaded.has_errors(), "{}", loaded.render(false));
    loaded.model
}

/// The changes when parts of the model above are replaced.
#[track_caller]
fn check(replace: &[(&str, &str)], changes: &[&str]) {
    let mut text = BASE.to_owned();
    for (from, to) in replace {
        assert!(text.contains(from), "no `{from}`");
        text = text.replace(from, to);
    }
    let told: Vec<String> = diff(&model(BASE), &model(&text)).iter().map(ToString::to_string).collect();
    assert_eq!(told, changes);
}

#[test]
fn notation_makes_no_difference() {
    check(&[], &[]);
    check(&[("per: 1d", "per: 24h"), ("7d", "1w"), ("A: 40, B: 20", "B: 20, A: 40.0")], &[]);
    check(
        &[("[page, screen]", "[screen, page]"), ("[a.example, b.example]", "[\"b.example\", a.example]")],
        &[],
    );
    check(
        &[
            ("event.n > 1", "(event.n>1)"),
            ("\"/pricing\"", "'/pricing'"),
            ("range: [0, 100]", "# why\nrange:\n- 0\n- 100"),
        ],
        &[],
    );
    check(
        &[("id: vip, if: lead.vip == true, points: 10", "points: 10.0, if: lead.vip == true, id: vip")],
        &[],
    );
    check(&[("    range: [-100, 50]\n", "    range: [-100, 50]\n    weight: 1\n")], &[]);
}

#[test]
fn what_a_rule_is_worth() {
    check(&[("points: 15", "points: 20")], &["`pricing`: points 15 → 20"]);
    check(&[("points: 15", "points: event.n * 2.0")], &["`pricing`: points 15 → event.n * 2.0"]);
    check(
        &[("bands: {1: 0, 50: 5}", "bands: {1: 0, 50: 8, 500: 10}")],
        &["`size`: points from 500: none → 10", "`size`: points from 50: 5 → 8"],
    );
    check(
        &[("table: {Software: 10, Finance: 15}, else: -5", "table: {Software: 12, 5: 1}")],
        &[
            "`industry`: points for `Finance`: 15 → none",
            "`industry`: points for any other: -5 → none",
            "`industry`: points for `Software`: 10 → 12",
            "`industry`: points for 5: none → 1",
        ],
    );
}

#[test]
fn what_a_rule_looks_at() {
    check(
        &[("event.n > 1", "event.n > 2"), ("[page, screen]", "page")],
        &[
            "`pricing`: event `page`, `screen` → `page`",
            "`pricing`: condition event.path.startsWith(\"/pricing\") && event.n > 1 → event.path.startsWith(\"/pricing\") && event.n > 2",
        ],
    );
    check(
        &[("event.x == 1", "event.x == 2")],
        &["`path`: sequence `a`, then `b` where event.x == 1 → `a`, then `b` where event.x == 2"],
    );
    check(&[("value: lead.n", "value: lead.m")], &["`size`: value lead.n → lead.m"]);
}

#[test]
fn the_course_of_its_awards() {
    check(
        &[
            ("half_life: 14d", "linear: 30d"),
            ("cap: 45", "cap: 60"),
            ("times: 3, per: 1d", "times: 1, per: 7d"),
            ("within: 7d", "within: 14d"),
        ],
        &[
            "`pricing`: limit 3 times per 1d at most → once per 7d at most",
            "`pricing`: decay halving every 14d → fading to nothing over 30d",
            "`path`: within 7d → 14d",
            "`pricing`: cap 45 → 60",
        ],
    );
    check(
        &[("        decay: {half_life: 14d}\n        cap: 45\n", "")],
        &["`pricing`: decay halving every 14d → none", "`pricing`: cap 45 → none"],
    );
}

#[test]
fn rules_come_go_move_and_change_their_name() {
    check(
        &[("      - {id: vip, if: lead.vip == true, points: 10}\n", "")],
        &["rule `vip` is gone from dimension `fit`: +10 while lead.vip == true"],
    );
    check(
        &[("  web:\n    rules:\n", "  web:\n    rules:\n      - {id: new, event: x, points: 1}\n")],
        &["new rule `new` in dimension `web`: +1 for each `x` event"],
    );
    check(
        &[
            ("      - {id: vip, if: lead.vip == true, points: 10}\n", ""),
            (
                "  web:\n    rules:\n",
                "  web:\n    rules:\n      - {id: vip, if: lead.vip == true, points: 12}\n",
            ),
        ],
        &["`vip`: moved from dimension `fit` to `web`", "`vip`: points 10 → 12"],
    );
    check(&[("id: vip", "id: star")], &["rule `vip` is now called `star`"]);
    check(
        &[("if: lead.vip == true, points: 10", "event: page, points: 10")],
        &["`vip`: +10 while lead.vip == true → +10 for each `page` event"],
    );
}

#[test]
fn the_rest_of_a_model() {
    check(
        &[("[a.example, b.example]", "[b.example, c.example, 5]")],
        &["list `rivals`: added `c.example`, 5; removed `a.example`"],
    );
    check(
        &[("A: 40, B: 20", "A: 45, C: 10")],
        &[
            "grades: bound of `B`: 20 → none",
            "grades: bound of `C`: none → 10",
            "grades: bound of `A`: 40 → 45",
        ],
    );
    check(
        &[
            ("{name: mql, from: 50}", "{name: hot, from: 60}"),
            ("from: 75, needs: {fit: 20}", "from: 70, needs: {fit: 30, web: 5}"),
        ],
        &[
            "tier `sql`: needs `fit`: 20 → 30",
            "tier `sql`: from 75 → 70",
            "tier `sql`: needs `web`: none → 5",
            "new tier `hot`: from 60",
            "tier `mql` is gone: from 50",
        ],
    );
    check(
        &[("combine: {top: 3}", "combine: mean"), ("people: 3", "people: 2"), ("from: 120", "from: 100")],
        &[
            "accounts: combine sum of the best 3 → mean",
            "account tier `target`: from 120 → 100",
            "account rule `committee`: people 3 → 2",
        ],
    );
    check(
        &[
            ("model: m\ntitle: Old\nrange: [0, 100]", "model: m\ntitle: New\napplies: lead.x == 1"),
            ("    range: [-100, 50]", "    weight: 0.5"),
        ],
        &[
            "model: applies none → lead.x == 1",
            "model: range [0, 100] → none",
            "dimension `fit`: range [-100, 50] → none",
            "dimension `fit`: weight 1 → 0.5",
            "model: title `Old` → `New`",
        ],
    );
}

#[test]
fn what_matters_most_comes_first() {
    check(
        &[
            ("title: Old", "title: New"),
            ("cap: 45", "cap: 50"),
            ("points: 15", "points: 16"),
            ("points: 30", "points: 10"),
            ("from: 50", "from: 40"),
            ("      - {id: rival, if: emailDomain(lead.email) in lists.rivals, disqualify: true}\n", ""),
            ("range: [0, 100]", "range: [0, 200]"),
        ],
        &[
            "model: range [0, 100] → [0, 200]",
            "rule `rival` is gone from dimension `fit`: disqualifies while emailDomain(lead.email) in lists.rivals",
            "tier `mql`: from 50 → 40",
            "`path`: points 30 → 10",
            "`pricing`: points 15 → 16",
            "`pricing`: cap 45 → 50",
            "model: title `Old` → `New`",
        ],
    );
}

#[test]
fn programs_get_json() {
    let changes = diff(&model(BASE), &model(&BASE.replace("points: 15", "points: 20")));
    assert_eq!(
        to_json(&changes).to_string(),
        r#"[{"subject":"rule","name":"pricing","aspect":"points","importance":"points","before":"15","after":"20","text":"`pricing`: points 15 → 20"}]"#
    );
}

#[test]
fn laying_a_model_out_changes_nothing() {
    for template in crate::templates::TEMPLATES {
        let opened = template.text.replace("decay: {", "decay:   {  ").replace("points: ", "points:   ");
        let laid_out = crate::fmt::format(&opened).unwrap();
        assert_eq!(diff(&model(&opened), &model(&laid_out)), [], "{}", template.name);
    }
}
