//! `kelvin suggest`: from a list of leads to a model that is checked, laid out and scores what it says.

use serde_json::Value as Json;

use crate::run::Folder;

/// Leads of whom those of a size convert more often; some have none.
fn leads() -> String {
    let mut leads = "lead_id,employees,No. of offices,plan,converted\n".to_owned();
    for row in 0..400_u32 {
        let employees = row * 7919 % 500;
        let plan = ["free", "pro", "unknown"][(row % 3) as usize];
        let is_won = row * 104_729 % 10 < if employees > 300 { 6 } else { 1 } + u32::from(plan == "pro");
        let employees = if row % 11 == 0 { String::new() } else { employees.to_string() };
        leads += &format!("l{row},{employees},{},{plan},{is_won}\n", row % 5);
    }
    leads
}

const COMMAND: &str = "suggest -l leads.csv --outcome 'lead.converted == true'";

#[test]
fn a_suggested_model_is_checked_and_laid_out_and_scores_what_its_report_says() {
    let folder = Folder::new(&[("leads.csv", &leads())]);
    let run = folder.run(&format!("{COMMAND} -q -o model.yaml"));
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let check = folder.run("check model.yaml");
    assert_eq!(check.code, Some(0), "{}{}", check.out, check.err);
    assert_eq!(folder.run("fmt --check model.yaml").code, Some(0));
    let report: Json = serde_json::from_str(&folder.run(&format!("{COMMAND} -q -f json")).out).expect("JSON");
    let best: f64 = report["rules"].as_array().expect("rules").iter().map(most).sum();
    let scores =
        folder.run("score --model model.yaml --leads leads.csv --as-of 2026-06-01 --format jsonl").out;
    let scores = scores.lines().map(|line| serde_json::from_str::<Json>(line).expect("JSON"));
    let highest = scores.map(|score| score["score"].as_f64().expect("a score")).fold(f64::MIN, f64::max);
    assert_eq!(highest, best);
}

#[test]
fn what_seems_to_know_the_outcome_is_told_in_the_suggested_file() {
    let amounts = |(row, line): (usize, &str)| match line.rsplit_once(',') {
        Some((_, "converted")) => format!("{line},amount\n"),
        Some((_, "false")) => format!("{line},\n"),
        _ => format!("{line},{}\n", 900 + 7 * row),
    };
    let leads: String = leads().lines().enumerate().map(amounts).collect();
    let folder = Folder::new(&[("leads.csv", &leads)]);
    assert_eq!(folder.run(&format!("{COMMAND} -q -o model.yaml")).code, Some(0));
    let model = folder.read("model.yaml");
    assert!(model.starts_with("# warning: `lead.amount` is there only where the outcome came ("), "{model}");
    assert_eq!(folder.run("fmt --check model.yaml").code, Some(0));
    assert_eq!(folder.run(&format!("{COMMAND} -q -o model.yaml --drop-leaks")).code, Some(0));
    assert!(!folder.read("model.yaml").contains("amount"), "{}", folder.read("model.yaml"));
}

/// The most points of a rule.
fn most(rule: &Json) -> f64 {
    let bands = rule["bands"].as_array().expect("bands").iter();
    bands.map(|band| band["points"].as_f64().expect("points")).fold(f64::MIN, f64::max)
}

#[test]
fn a_column_that_is_not_there_is_told_with_those_that_are() {
    let folder = Folder::new(&[("leads.csv", &leads())]);
    let run = folder.run(&format!("{COMMAND} --positive size"));
    assert_eq!(run.code, Some(2));
    assert!(run.err.starts_with("error: nothing known of the leads is called `size`\n"), "{}", run.err);
    assert!(run.err.contains("lead.employees"), "{}", run.err);
}

#[test]
fn too_few_outcomes_are_told_plainly() {
    let few: String = leads().lines().take(21).map(|line| format!("{line}\n")).collect();
    let run = Folder::new(&[("leads.csv", &few)]).run(COMMAND);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("leads have the outcome: a scorecard needs at least 10 with it"), "{}", run.err);
}

#[test]
fn what_tells_only_together_is_one_rule_on_two_things() {
    let mut leads = "lead_id,employees,plan,converted\n".to_owned();
    for row in 0..2000_u32 {
        let employees = row * 7919 % 500;
        let plan = ["free", "pro"][(row % 2) as usize];
        let tenths = if employees >= 250 && plan == "pro" { 7 } else { 2 };
        leads += &format!("l{row},{employees},{plan},{}\n", row * 104_729 / 7 % 10 < tenths);
    }
    let folder = Folder::new(&[("leads.csv", &leads)]);
    let report: Json = serde_json::from_str(&folder.run(&format!("{COMMAND} -q -f json")).out).expect("JSON");
    let conditions = serde_json::json!([
        {"feature": "lead.employees", "values": {"from": 248.0, "below": null}},
        {"feature": "lead.plan", "values": {"in": ["free"]}},
    ]);
    assert_eq!(report["joint"][0]["conditions"], conditions, "{report}");
    let model = folder.run(&format!("{COMMAND} -q")).out;
    assert!(model.contains("if: lead.employees >= 248 && lead.plan in [\"free\"]\n"), "{model}");
    assert!(!folder.run(&format!("{COMMAND} -q --joint 0")).out.contains("&&"));
}
