//! `kelvin evaluate`: what a model's scores and rules were worth, against what became of leads.

use serde_json::Value as Json;

use crate::run::Folder;

const MODEL: &str = "\
kelvin: 1
model: deals
applies: lead.region != 'test'
dimensions:
  fit:
    rules:
      - {id: large, if: lead.employees >= 100, points: 30}
      - {id: student, if: lead.title == 'Student', points: 20}
      - {id: moon, if: lead.region == 'moon', points: 5}
tiers:
  - {name: hot, from: 30}
";

/// Large companies buy, students do not.
fn leads() -> String {
    let mut leads = "lead_id,employees,title,region,won\n".to_owned();
    for row in 0..400_usize {
        let (large, student) = (row.is_multiple_of(2), row % 5 == 1);
        let won = !student && if large { row % 10 < 8 } else { row % 20 == 7 };
        let employees = if large { 500 } else { 20 };
        let title = if student { "Student" } else { "Manager" };
        let region = if row == 399 { "test" } else { "EU" };
        leads += &format!("lead-{row:03},{employees},{title},{region},{won}\n");
    }
    leads
}

#[test]
fn rules_that_help_and_rules_that_do_not_are_told_apart() {
    let folder = Folder::new(&[("model.yaml", MODEL), ("leads.csv", &leads())]);
    let run = folder.run("evaluate -m model.yaml -l leads.csv --outcome 'lead.won == true' --format json");
    assert_eq!(run.code, Some(0), "{}", run.err);
    let report: Json = serde_json::from_str(&run.out).expect("JSON");
    let model = &report["models"][0];
    assert_eq!(
        (&model["model"], &model["examples"], &model["left_out"]),
        (&"deals".into(), &399.into(), &1.into())
    );
    let finding = |rule: usize| (&model["rules"][rule]["rule"], &model["rules"][rule]["finding"]);
    assert_eq!(finding(0), (&"large".into(), &Json::Null));
    assert_eq!(finding(1), (&"student".into(), &"wrong_sign".into()));
    assert_eq!(finding(2), (&"moon".into(), &"never_fires".into()));
    assert_eq!((&model["tiers"][0]["name"], &model["tiers"][1]["name"]), (&"none".into(), &"hot".into()));
    assert!(model["tiers"][1]["low"].as_f64() > model["tiers"][0]["high"].as_f64());
    assert!(model["measures"][0]["low"].as_f64() > Some(0.6), "{}", model["measures"]);
    assert_eq!(model["high_but_lost"].as_array().map(Vec::len), Some(10));
}

#[test]
fn a_person_reads_the_same_in_a_terminal() {
    let folder = Folder::new(&[("model.yaml", MODEL), ("leads.csv", &leads())]);
    let run = folder.run("evaluate -m model.yaml -l leads.csv --outcome 'lead.won == true'");
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    for expect in [
        "leads.csv; outcome: lead.won == true\n\ndeals: 399 examples, ",
        "; to 1 it does not apply\n  auc  ",
        "its points go the wrong way\n",
        "never fires\n",
        "\n  highest scores without the outcome\n",
    ] {
        assert!(run.out.contains(expect), "{expect:?} is not in\n{}", run.out);
    }
}
