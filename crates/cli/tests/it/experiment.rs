//! `kelvin experiment` as users meet it.

use serde_json::Value as Json;

use crate::run::Folder;

/// So many leads of each arm, of which so many are won.
fn leads(arms: &[(&str, usize, usize)]) -> String {
    let mut leads = "lead_id,variant,won\n".to_owned();
    for (name, count, won) in arms {
        (0..*count).for_each(|row| leads += &format!("{name}-{row},{name},{}\n", row < *won));
    }
    leads
}

fn run(arms: &[(&str, usize, usize)], more: &str) -> crate::run::Run {
    let folder = Folder::new(&[("leads.csv", &leads(arms))]);
    folder.run(&format!("experiment -l leads.csv --arm variant --outcome 'lead.won == true' {more}"))
}

#[test]
fn a_difference_that_is_large_is_decided() {
    let run = run(&[("old", 500, 50), ("new", 500, 100)], "--champion old");
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
    assert!(run.out.ends_with("\n`new` converts better than `old`: decided\n"), "{}", run.out);
}

#[test]
fn one_that_is_not_decided_tells_when_it_will_be() {
    let run = run(&[("a", 200, 20), ("b", 200, 28)], "--period 4w --format json");
    assert_eq!(run.code, Some(0), "{}", run.err);
    let told: Json = serde_json::from_str(&run.out).expect("JSON");
    let race = &told["challengers"][0]["against_champion"];
    assert_eq!((&race["winner"], &race["ratio"]), (&Json::Null, &1.4.into()));
    let (more, weeks) = (race["more"].as_f64(), told["challengers"][0]["more_weeks"].as_f64());
    assert_eq!(weeks, more.map(|more| more / 12.0));
    assert!(more > Some(100.0), "{}", run.out);
}

#[test]
fn arms_that_were_not_dealt_as_is_said_are_told() {
    let arms = [("a", 800, 80), ("b", 200, 20)];
    let even = run(&arms, "");
    assert_eq!(even.code, Some(1));
    assert!(even.err.contains("`--share` says how leads are dealt"), "{}", even.err);
    let told: Json = serde_json::from_str(&run(&arms, "--format json").out).expect("JSON");
    assert_eq!(
        (&told["champion"]["is_astray"], &told["challengers"][0]["is_astray"]),
        (&true.into(), &true.into())
    );
    let said = run(&arms, "--share a=80,b=20");
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{}", said.out);
    assert!(
        said.out.ends_with("`b` or `a`: not decided, and too even to say when it will be\n"),
        "{}",
        said.out
    );
}

#[test]
fn arms_are_found_under_the_name_that_a_spreadsheet_has_for_them() {
    let table = leads(&[("old", 500, 50), ("new", 500, 100)]).replace("variant", "Test Group");
    let folder = Folder::new(&[("leads.csv", &table)]);
    let run =
        folder.run("experiment -l leads.csv --arm 'Test Group' --champion old --outcome 'lead.won == true'");
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
    assert!(run.out.ends_with("\n`new` converts better than `old`: decided\n"), "{}", run.out);
}

#[test]
fn what_is_missing_is_told() {
    let arms = [("a", 50, 10), ("b", 50, 10)];
    let error = |arms: &[(&str, usize, usize)], more: &str| {
        let run = run(arms, more);
        assert_eq!(run.code, Some(2), "{}", run.out);
        run.err
    };
    assert_eq!(error(&arms[..1], ""), "error: `variant` tells of 1 arm: it takes two to compare\n");
    assert_eq!(error(&arms, "--champion c"), "error: no lead is of the arm `c`\n");
    assert_eq!(error(&arms, "--share a=1"), "error: --share says nothing of the arm `b`\n");
    assert_eq!(error(&arms, "--share a=1,b=1,c=2"), "error: no lead is of the arm `c` that --share names\n");
}
