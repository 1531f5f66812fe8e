//! `kelvin compare`: two models on the same leads.

use serde_json::Value as Json;

use crate::run::Folder;

/// A model that gives points for company size, for visits, or for both.
fn model(name: &str, size: u32, visits: u32) -> String {
    format!(
        "kelvin: 1\nmodel: {name}\ndimensions:\n  fit:\n    rules:\n      - {{id: size, if: lead.employees >= 100, points: {size}}}\n      - {{id: visits, if: lead.visits >= 5, points: {visits}}}\ntiers:\n  - {{name: hot, from: 30}}\n"
    )
}

/// Leads who buy where they visit, whatever their size.
fn folder() -> Folder {
    let row = |row: usize| {
        let (large, visits) = (row.is_multiple_of(2), row % 10);
        let won = if visits >= 5 { row % 7 < 5 } else { row.is_multiple_of(7) };
        format!("lead-{row:03},{},{visits},{won}\n", if large { 500 } else { 20 })
    };
    let leads: String = (0..400).map(row).collect();
    Folder::new(&[
        ("size.yaml", &model("size", 30, 0)),
        ("visits.yaml", &model("visits", 0, 30)),
        ("leads.csv", &format!("lead_id,employees,visits,won\n{leads}")),
    ])
}

const DATA: &str = "-l leads.csv --outcome 'lead.won == true'";

#[test]
fn the_better_model_is_named_with_whom_the_other_misses() {
    let folder = folder();
    let run = folder.run(&format!("compare size.yaml visits.yaml {DATA}"));
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    for expect in [
        "leads.csv; outcome: lead.won == true\n400 examples on both sides, ",
        "\na misses ",
        " leads that had the outcome and that b has in its best tier, with the score by a\n  0.00 lead-",
    ] {
        assert!(run.out.contains(expect), "{expect:?} is not in\n{}", run.out);
    }
    assert!(run.out.ends_with("\nb is better\n"), "{}", run.out);
    let run = folder.run(&format!("compare visits.yaml size.yaml {DATA} --format json"));
    let told: Json = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!((&told["verdict"], &told["b"]), (&"a".into(), &"size.yaml".into()));
}

#[test]
fn a_model_is_no_better_than_itself() {
    let run = folder().run(&format!("compare size.yaml size.yaml {DATA}"));
    assert!(
        run.out.ends_with("\nno difference is shown: chance alone explains what there is\n"),
        "{}",
        run.out
    );
}

#[test]
fn one_lead_that_was_won_tells_nothing() {
    let folder = Folder::new(&[
        ("size.yaml", &model("size", 30, 0)),
        ("visits.yaml", &model("visits", 0, 30)),
        ("leads.csv", "lead_id,employees,visits,won\na,500,9,true\nb,20,9,false\nc,20,1,false\n"),
    ]);
    let run = folder.run(&format!("compare size.yaml visits.yaml {DATA}"));
    let told = "\nnothing can be told: there are too few leads with the outcome, or without it\n";
    assert!(run.out.ends_with(told), "{}", run.out);
}

#[test]
fn a_trained_model_stands_beside_one_of_points() {
    let folder = folder();
    assert_eq!(folder.run(&format!("train {DATA} --out t.kelvin.json")).code, Some(0));
    let run = folder.run(&format!("compare size.yaml t.kelvin.json {DATA}"));
    assert_eq!(
        (run.code, run.err.as_str()),
        (
            Some(0),
            "note: `t.kelvin.json` learnt from these very leads, and so seems better than it is: compare on leads that came later\n"
        )
    );
    assert!(run.out.ends_with("\nb is better\n"), "{}", run.out);
}
