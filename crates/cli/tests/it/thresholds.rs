//! `kelvin thresholds`: which bound of a tier a goal asks for.

use serde_json::Value as Json;

use crate::run::Folder;

const MODEL: &str = "\
kelvin: 1
model: deals
dimensions:
  fit: {rules: [{id: size, if: lead.employees > 0, points: lead.employees}]}
  block: {rules: [{id: rival, if: lead.rival == true, disqualify: true}]}
tiers:
  - {name: warm, from: 20}
  - {name: hot, from: 70}
";

/// Of a hundred leads with the scores 0 to 99, those from 60 on buy.
fn folder() -> Folder {
    let row = |row: usize| format!("{row},{row},{},{}\n", row >= 60, row == 99);
    let leads: String = (0..100).map(row).collect();
    Folder::new(&[("model.yaml", MODEL), ("leads.csv", &format!("lead_id,employees,won,rival\n{leads}"))])
}

const RUN: &str = "thresholds -m model.yaml -l leads.csv --outcome 'lead.won == true'";

#[test]
fn each_goal_has_its_bound() {
    let folder = folder();
    let run =
        folder.run(&format!("{RUN} --capacity 5/week --weeks 4 --precision 80% --cost 1 --value 10 -f json"));
    assert_eq!(run.code, Some(0), "{}", run.err);
    let told: Json = serde_json::from_str(&run.out).expect("JSON");
    let bounds: Vec<_> = (0..3).map(|goal| told["answers"][goal]["found"]["bound"].as_f64()).collect();
    // The rival reaches none: 20 leads have a score from 79 on, and 39 of 48 from 51 on buy.
    assert_eq!(bounds, [Some(79.0), Some(51.0), Some(60.0)]);
    assert_eq!(told["tier"]["name"], "hot");
    assert_eq!(told["tier"]["now"]["leads"], 29.0);
}

#[test]
fn people_see_what_is_and_what_could_be() {
    let run = folder().run(&format!("{RUN} --tier warm --precision 1 --cost 100 --value 10"));
    assert_eq!((run.code, run.err.as_str()), (Some(1), ""));
    for expect in [
        "deals, tier warm from 20 now: 99 leads, 39 with the outcome\n",
        "now                       20               79   49.4 %  38.6 to 60.2         100.0 %  -7,510\n",
        "the greatest profit: no bound has any\n",
    ] {
        assert!(run.out.contains(expect), "{expect:?} is not in\n{}", run.out);
    }
}

#[test]
fn what_is_missing_is_asked_for() {
    let check = |options: &str, message: &str| {
        let run = folder().run(&format!("{RUN} {options}"));
        assert_eq!((run.code, run.err.as_str()), (Some(2), message));
    };
    check(
        "--capacity 5/week",
        "error: the leads have no times, so nothing tells how many there are in a week\nhelp: --weeks says in how many weeks they came\n",
    );
    check(
        "--cost 5",
        "error: nothing says what an outcome brings\nhelp: --value says it of all, --outcome-value of each\n",
    );
    check("--tier cold", "error: `deals` has no tier `cold`\nhelp: there is `warm`, `hot`\n");
}
