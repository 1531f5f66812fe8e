//! `kelvin suggest --model`: the user's own file with other points in it, and nothing else changed.

use serde_json::Value as Json;

use crate::run::Folder;

const MODEL: &str = "\
# The model of our team.
kelvin: 1
model: ours

dimensions:
  fit:
    weight: 2
    rules:
      # They grow.
      - id: large
        if: lead.employees > 300
        points: 10 # agreed in May
      - {\"id\": free, if: lead.plan == 'free', points: 10}
      - id: offices
        value: lead.offices
        bands: {0: 0, 3: 5}
      - {id: competitor, if: lead.plan == 'rival', disqualify: true}
tiers:
  - {name: hot, from: 20}
";

/// Leads of whom large ones convert more often, and those with a free plan less; offices tell nothing.
fn leads() -> Vec<(u32, u32, &'static str, u32, bool)> {
    let lead = |row: u32| {
        let employees = row * 7919 % 500;
        let plan = ["free", "pro", "team"][(row / 3 % 3) as usize];
        let chance = if employees > 300 { 6 } else { 2 } - u32::from(plan == "free");
        (row, employees, plan, row / 7 % 5, row * 104_729 / 13 % 10 < chance)
    };
    (0..900).map(lead).collect()
}

fn csv() -> String {
    let row = |(row, employees, plan, offices, won): (u32, u32, &str, u32, bool)| {
        format!("l{row},{employees},{plan},{offices},{won}\n")
    };
    "lead_id,employees,plan,offices,converted\n".to_owned()
        + &leads().into_iter().map(row).collect::<String>()
}

fn json_lines() -> String {
    let row = |(row, employees, plan, offices, converted): (u32, u32, &str, u32, bool)| {
        let lead = serde_json::json!({
            "lead_id": format!("l{row}"), "employees": employees, "plan": plan, "offices": offices, "converted": converted,
        });
        format!("{lead}\n")
    };
    leads().into_iter().map(row).collect()
}

const COMMAND: &str = "suggest -m model.yaml --outcome 'lead.converted == true'";

/// A text without numbers of points and remarks on them.
fn without_points(text: &str) -> String {
    let line = |line: &str| {
        let kept = line.split("  # was ").next().unwrap_or_default();
        let (before, points) = kept.split_once("points: ").unwrap_or((kept, ""));
        let points = points.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
        if kept.contains("bands:") {
            format!("{}\n", &kept[..kept.len().min(14)])
        } else {
            format!("{before}{points}\n")
        }
    };
    text.lines().map(line).collect()
}

#[test]
fn a_model_comes_back_with_other_points_and_nothing_else_changed() {
    let folder = Folder::new(&[("model.yaml", MODEL), ("leads.csv", &csv()), ("leads.jsonl", &json_lines())]);
    let run = folder.run(&format!("{COMMAND} -l leads.csv -o new.yaml"));
    assert_eq!((run.code, run.out.as_str()), (Some(0), ""), "{}", run.err);
    assert!(run.err.contains("AUC") && run.err.contains("`free`"), "{}", run.err);
    let new = folder.read("new.yaml");
    assert_eq!(without_points(&new), without_points(MODEL));
    assert!(new.contains(" # agreed in May  # was 10; ") && new.contains("'free', points: -"), "{new}");
    let check = folder.run("check new.yaml");
    assert_eq!(check.code, Some(0), "{}{}", check.out, check.err);
    let of_lines = folder.run(&format!("{COMMAND} -l leads.jsonl -q"));
    assert_eq!(of_lines.out, new);
}

#[test]
fn its_report_measures_as_evaluate_does_before_and_is_better_after() {
    let folder = Folder::new(&[("model.yaml", MODEL), ("leads.csv", &csv())]);
    let report: Json =
        serde_json::from_str(&folder.run(&format!("{COMMAND} -l leads.csv -q -f json")).out).expect("JSON");
    let evaluated = folder.run("evaluate -m model.yaml -l leads.csv --outcome 'lead.converted == true'").out;
    let auc = format!("{:.3}", report["before"]["auc"].as_f64().expect("an AUC"));
    assert!(evaluated.contains(&auc), "{auc}\n{evaluated}");
    assert_eq!(report["better"], true);
    assert_eq!(report["rules"][1]["against_sign"], true);
    assert_eq!(report["rules"][2]["unsure"], true);
    assert_eq!(report["rules"][3]["points"], serde_json::json!([]));
}

#[test]
fn what_shapes_a_new_model_does_not_go_with_a_model_of_ones_own() {
    let folder = Folder::new(&[("model.yaml", MODEL), ("leads.csv", &csv())]);
    let run = folder.run(&format!("{COMMAND} -l leads.csv --rules 3"));
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("'--model <FILE>' cannot be used with '--rules <N>'"), "{}", run.err);
}

#[test]
fn points_that_also_stand_for_other_numbers_are_not_changed_in_silence() {
    let model = MODEL.replace("points: 10 #", "points: &p 10 #").replace("from: 20", "from: *p");
    let folder = Folder::new(&[("model.yaml", &model), ("leads.csv", &csv())]);
    let run = folder.run(&format!("{COMMAND} -l leads.csv -o new.yaml"));
    assert_eq!(run.code, Some(2), "{}", run.err);
    assert!(run.err.contains("some points cannot be changed where they stand"), "{}", run.err);
    assert!(!folder.names().contains(&"new.yaml".to_owned()));
}

#[test]
fn a_category_has_no_direction() {
    let folder = Folder::new(&[("leads.csv", &csv())]);
    folder.check(
        "suggest -l leads.csv --outcome 'lead.converted == true' --positive plan",
        2,
        "",
        "error: `plan` has no more or less: it holds categories\nhelp: `--positive` and `--negative` take numbers\n",
    );
}
