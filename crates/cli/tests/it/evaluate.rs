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

fn report(folder: &Folder, line: &str) -> Json {
    let run = folder.run(&format!("evaluate {line} --format json"));
    assert_eq!(run.code, Some(0), "{}", run.err);
    serde_json::from_str(&run.out).expect("JSON")
}

#[test]
fn points_that_a_range_or_a_weight_swallows_bring_a_score_nothing() {
    let model = "\
kelvin: 1
model: swallowed
dimensions:
  fit:
    range: [0, 30]
    rules:
      - {id: all, if: lead.employees > 0, points: 30}
      - {id: large, if: lead.employees >= 100, points: 30}
  other:
    weight: 0
    rules:
      - {id: weightless, if: lead.employees >= 100, points: 30}
  told:
    rules:
      - {id: told, if: lead.employees >= 100, points: 5}
";
    let folder = Folder::new(&[("model.yaml", model), ("leads.csv", &leads())]);
    let report = report(&folder, "-m model.yaml -l leads.csv --outcome 'lead.won == true'");
    let gained = |rule: usize| report["models"][0]["rules"][rule]["auc_gained"][0].as_f64();
    assert_eq!([gained(1), gained(2)], [Some(0.0), Some(0.0)]);
    assert!(gained(3) > Some(0.1), "{:?}", gained(3));
}

#[test]
fn a_score_and_a_probability_of_the_leads_are_judged_and_told_apart() {
    let mut text = String::from("lead_id,points,chance,half,won\n");
    for row in 0..400_usize {
        let (points, won) = (row % 10, row / 10 % 10 < row % 10);
        let half = if row == 7 { String::new() } else { format!("0.{points}") };
        text += &format!("{row},{},0.{points},{half},{won}\n", 50 * points);
    }
    let folder = Folder::new(&[("leads.csv", &text)]);
    let line = "-l leads.csv --outcome 'lead.won == true' --score points --probability lead.chance --probability half";
    let report = report(&folder, line);
    let of = |model: usize| &report["models"][model];
    let names = [0, 1, 2].map(|model| of(model)["model"].as_str());
    assert_eq!(names, [Some("lead.points"), Some("lead.chance"), Some("lead.half")]);
    let fitted = [0, 1].map(|model| of(model)["probabilities"]["fitted"].as_bool());
    assert_eq!(fitted, [Some(true), Some(false)]);
    let loss = |model: usize| of(model)["probabilities"]["measures"][0]["value"].as_f64().expect("a loss");
    assert!((loss(0) - loss(1)).abs() < 0.05, "{} {}", loss(0), loss(1));
    assert_eq!(of(0)["measures"][0], of(1)["measures"][0]);
    assert_eq!((&of(2)["left_out"], &of(2)["rules"]), (&1.into(), &Json::Array(Vec::new())));
}

#[test]
fn what_is_told_beside_a_report_is_in_its_json_too() {
    // A contract is signed where a deal was won.
    let signed: String = leads()
        .lines()
        .map(|line| match line.rsplit_once(',') {
            Some((_, "won")) => format!("{line},signed\n"),
            Some((_, "true")) => format!("{line},yes\n"),
            _ => format!("{line},\n"),
        })
        .collect();
    let other = MODEL.replace("deals", "others");
    let folder = Folder::new(&[("model.yaml", MODEL), ("other.yaml", &other), ("leads.csv", &signed)]);
    let commands = [
        "evaluate -m model.yaml",
        "compare model.yaml other.yaml",
        "thresholds -m model.yaml --precision 0.1",
        "drift --later leads.csv",
        "suggest",
        "suggest --model model.yaml",
    ];
    for command in commands {
        let run = folder.run(&format!("{command} -l leads.csv --outcome 'lead.won == true' --format json"));
        assert_eq!(run.code, Some(0), "{command}: {}", run.err);
        let told: Json = serde_json::from_str(&run.out).expect("JSON");
        let note = told["notes"][0].as_str().unwrap_or_default();
        assert!(note.starts_with("`lead.signed` is there only where the outcome came"), "{command}: {note}");
        assert!(run.err.contains(note) && told["about"].to_string().contains("leads.csv"), "{command}");
    }
}

#[test]
fn columns_that_are_no_scores_are_told() {
    let folder = Folder::new(&[("model.yaml", MODEL), ("leads.csv", &leads())]);
    let told = |line: &str| {
        let run = folder.run(&format!("evaluate -l leads.csv --outcome 'lead.won == true' {line}"));
        assert_eq!(run.code, Some(2), "{}", run.err);
        run.err
    };
    assert_eq!(
        told(""),
        "error: nothing says what is to be judged
help: name a model with --model, an attribute with --score or --probability, or attributes to tell conversion by with --by
"
    );
    assert_eq!(
        told("--score size"),
        "error: nothing known of the leads is called `size`
help: there is `lead.employees`, `lead.region`, `seniority(lead.title)`, `department(lead.title)`, `lead.title`
"
    );
    assert_eq!(
        told("--score title"),
        "error: `lead.title` is no column of numbers
help: it holds `Manager`; `--missing Manager` takes that for nothing
"
    );
    assert_eq!(
        told("--probability employees"),
        "error: `lead.employees` is 500 somewhere, which is no probability
help: points and other scores are judged with `--score`
"
    );
}

#[test]
fn a_trained_model_is_judged_as_its_predictions_are() {
    let folder = Folder::new(&[("leads.csv", &leads())]);
    let run = folder.run("train -l leads.csv --outcome 'lead.won == true' --out m.kelvin.json");
    assert_eq!(run.code, Some(0), "{}", run.err);
    let run = folder.run("evaluate -m m.kelvin.json -l leads.csv --outcome 'lead.won == true' --format json");
    assert_eq!(
        run.err,
        "note: `m.kelvin.json` was trained on leads.csv: where it learnt from these leads, they flatter it\n"
    );
    let report: Json = serde_json::from_str(&run.out).expect("JSON");
    let model = &report["models"][0];
    assert_eq!((&model["model"], &model["examples"]), (&"m.kelvin.json".into(), &400.into()));
    assert_eq!(model["probabilities"]["fitted"], Json::Bool(false));
    assert!(model["measures"][0]["value"].as_f64() > Some(0.8), "{}", model["measures"]);
}

#[test]
fn segments_tell_who_converts_and_what_they_are_worth_also_below_nothing() {
    let mut text = String::from("lead_id,industry,won,amount\n");
    for row in 0..300_usize {
        let (finance, won) = (row % 3 == 0, if row % 3 == 0 { row % 2 == 0 } else { row % 10 == 1 });
        let amount = if finance { 900 + row } else { row };
        let amount = if won { format!("{}", amount as i64 - 500) } else { String::new() };
        text += &format!("{row},{},{won},{amount}\n", if finance { "Finance" } else { "Retail" });
    }
    let folder = Folder::new(&[("leads.csv", &text)]);
    let line = "-l leads.csv --outcome 'lead.won == true' --outcome-value lead.amount --by industry";
    let report = report(&folder, line);
    let segment = |place: usize| &report["segments"][0]["segments"][place];
    assert_eq!((&segment(0)["name"], &segment(0)["converts"]), (&"Finance".into(), &"more".into()));
    assert_eq!((&segment(1)["converts"], &segment(1)["is_worth"]), (&"less".into(), &"less".into()));
    let run = folder.run(&format!("evaluate {line}"));
    let row = run.out.lines().find(|line| line.starts_with("  Retail")).expect("a row");
    assert!(
        row.contains(" -3") && row.ends_with("converts less than the rest; its customers bring less"),
        "{row}"
    );
}

#[test]
fn a_page_shows_what_users_wrote_and_obeys_none_of_it() {
    const NAME: &str = "<script>alert('x')</script>";
    let leads = leads().replace("lead-003", NAME).replace("Manager", "<img src=x onerror=alert(1)>");
    let folder = Folder::new(&[("model.yaml", &MODEL.replace("id: moon", "id: a-b")), ("leads.csv", &leads)]);
    let run = folder.run(
        "evaluate -m model.yaml -l leads.csv --outcome 'lead.won == true' --by title --by region --html page.html",
    );
    assert_eq!(run.code, Some(0), "{}", run.err);
    let page = folder.read("page.html");
    for foreign in ["<script", "<img", "http://", "https://", "url(", "@import", "NaN"] {
        assert!(!page.contains(foreign), "{foreign:?} is in the page");
    }
    for shown in [
        "<title>How well deals told what became of leads</title>",
        "&lt;img src=x onerror=alert(1)&gt;",
        "<h3>Gains</h3>",
        "<h3>Reliability</h3>",
        "<h3>Scores</h3>",
        "<h3>Conversion by tier</h3>",
        "<h3>Rules</h3>",
        "<td>its points go the wrong way</td>",
        "<h2>By lead.title</h2>",
    ] {
        assert!(page.contains(shown), "{shown:?} is not in the page");
    }
    assert_eq!(page.matches("<table>").count(), page.matches("</table>").count());
    assert_eq!(page.matches("<svg").count(), page.matches("role=\"img\" aria-label=").count());
}

#[test]
fn what_was_filled_in_with_the_outcome_is_not_what_surprises_have_in_common() {
    let filled = |line: (usize, &str)| match line {
        (0, head) => format!("{head},revenue\n"),
        (_, line) => format!("{line},{}\n", if line.ends_with("true") { "900" } else { "" }),
    };
    let leads: String = leads().lines().enumerate().map(filled).collect();
    let folder = Folder::new(&[("model.yaml", MODEL), ("leads.csv", &leads)]);
    let run = folder.run("evaluate -m model.yaml -l leads.csv --outcome 'lead.won == true'");
    assert!(run.err.contains("; what leads have in common is told without it\n"), "{}", run.err);
    assert!(run.out.contains("what they have in common") && !run.out.contains("lead.revenue"), "{}", run.out);
}
