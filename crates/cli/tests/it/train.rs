//! `kelvin train` and `kelvin predict`.

use serde_json::Value;

use crate::run::Folder;

/// Leads of whom those with many visits mostly buy.
fn leads(rows: u64) -> String {
    let mut seed = 7_u64;
    let mut chance = move |below: u64| {
        seed = seed * 16_807 % 2_147_483_647;
        seed % below
    };
    let mut lead = |id: u64| {
        let (visits, industry) =
            (chance(20), ["software", "retail", ""][usize::try_from(chance(3)).expect("small")]);
        let bought = if chance(20) < visits { "yes" } else { "no" };
        format!("{id},{visits},{industry},{bought}\n")
    };
    format!("lead_id,visits,industry,bought\n{}", (1..=rows).map(&mut lead).collect::<String>())
}

const TRAIN: &str = "train --leads leads.csv --outcome 'lead.bought == \"yes\"'";

#[test]
fn a_model_is_trained_and_predicts() {
    let folder = Folder::new(&[("leads.csv", &leads(300)), ("new.csv", "lead_id,visits\nmany,19\nfew,0\n")]);
    let run = folder.run(&format!("{TRAIN} --out model.json --card card.md"));
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.out.starts_with("300 leads, "), "{}", run.out);
    assert!(folder.read("card.md").contains("| `lead.visits` | "), "{}", folder.read("card.md"));
    let run = folder.run("predict --model model.json --leads new.csv");
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert_eq!(run.err, "note: the leads have no `lead.industry`: it is taken as missing\n");
    let probabilities: Vec<f64> = run.out.lines().map(|line| number(&parsed(line), "probability")).collect();
    assert!(probabilities[0] > 0.7 && probabilities[1] < 0.3, "{probabilities:?}");
}

#[test]
fn what_seems_to_know_the_outcome_is_told_on_the_model_s_card() {
    // What a deal brings is only known once it is won, and of each deal it is another.
    let amounts = |(row, line): (usize, &str)| match line.rsplit_once(',') {
        Some((_, "bought")) => format!("{line},amount\n"),
        Some((_, "yes")) => format!("{line},{}\n", 900 + 7 * row),
        _ => format!("{line},\n"),
    };
    let leads: String = leads(300).lines().enumerate().map(amounts).collect();
    let folder = Folder::new(&[("leads.csv", &leads)]);
    assert_eq!(folder.run(&format!("{TRAIN} --card card.md --out model.json")).code, Some(0));
    let (_, beware) =
        folder.read("card.md").split_once("## Beware").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert!(beware.contains("\n- `lead.amount` is there only where the outcome came ("), "{beware}");
    assert_eq!(folder.run(&format!("{TRAIN} --card card.md --drop-leaks")).code, Some(0));
    assert!(!folder.read("card.md").contains("amount"), "{}", folder.read("card.md"));
}

#[test]
fn a_better_model_is_not_replaced_unless_that_is_wished() {
    let folder = Folder::new(&[("leads.csv", &leads(400)), ("other.json", "{}")]);
    let worse = format!("{TRAIN} --out model.json --ignore visits");
    assert_eq!(folder.run(&format!("{TRAIN} --out model.json")).code, Some(0));
    let better = folder.read("model.json");
    let run = folder.run(&worse);
    assert_eq!((run.code, folder.read("model.json") == better), (Some(1), true));
    assert!(
        run.err.starts_with(
            "note: `model.json` stays as it was, the new model is worse: by its own held-out leads"
        ),
        "{}",
        run.err
    );
    let run = folder.run(&format!("{worse} --replace"));
    assert_eq!((run.code, folder.read("model.json") == better), (Some(0), false));
    let run = folder.run(&format!("{TRAIN} --out model.json"));
    assert!(run.err.starts_with("note: the model in `model.json` is replaced: "), "{}", run.err);
    let run = folder.run("train --leads leads.csv --outcome 'lead.visits > 9' --out model.json");
    let other = "error: the model that is there foretells another outcome: `lead.bought == \"yes\"`, not `lead.visits > 9`\n";
    assert!(
        run.err.ends_with(&format!("{other}help: name another file, or give --replace\n")),
        "{}",
        run.err
    );
    let run = folder.run(&format!("{TRAIN} --out other.json"));
    assert!(
        run.err.starts_with("error: `other.json` is there already: not a trained model: "),
        "{}",
        run.err
    );
    assert_eq!(folder.read("other.json"), "{}");
}

#[test]
fn the_same_leads_give_the_same_model_on_any_number_of_threads() {
    let folder = Folder::new(&[("leads.csv", &leads(200))]);
    for (file, threads) in [("one.json", 1), ("three.json", 3)] {
        assert_eq!(folder.run(&format!("{TRAIN} --threads {threads} --out {file}")).code, Some(0));
    }
    assert_eq!(folder.read("one.json"), folder.read("three.json"));
}

#[test]
fn the_reasons_of_a_prediction_add_up() {
    let folder = Folder::new(&[("leads.csv", &leads(200))]);
    folder.run(&format!("{TRAIN} --out model.json"));
    let run = folder.run("predict --model model.json --leads leads.csv --explain");
    for line in run.out.lines() {
        let told = &parsed(line)["explanation"];
        let parts =
            told["parts"].as_object().expect("parts").values().map(|part| part.as_f64().expect("a number"));
        let sum = number(told, "base") + parts.sum::<f64>() + number(told, "calibration");
        assert!((sum - number(told, "log_odds")).abs() < 1e-9, "{line}");
    }
}

#[test]
fn too_few_outcomes_are_told() {
    let folder = Folder::new(&[("leads.csv", &leads(12))]);
    let run = folder.run(TRAIN);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("at least 10 must have it, and as many must not"), "{}", run.err);
}

#[test]
fn a_direction_along_what_is_not_there_is_told() {
    let folder = Folder::new(&[("leads.csv", &leads(100))]);
    let run = folder.run(&format!("{TRAIN} --rising visit"));
    assert_eq!(run.code, Some(2));
    assert!(run.err.starts_with("error: nothing known of the leads is called `visit`\n"), "{}", run.err);
    let run = folder.run(&format!("{TRAIN} --rising industry"));
    assert_eq!(run.err, "error: `industry` holds texts: only numbers rise and fall\n");
}

#[test]
fn a_trained_model_is_told_where_a_model_of_points_is_asked_for() {
    let folder = Folder::new(&[("leads.csv", &leads(300))]);
    assert_eq!(folder.run(&format!("{TRAIN} --out model.json")).code, Some(0));
    let message = "error: `model.json` is a trained model, and a model of points is asked for\nhelp: `predict:` in a dimension of a model of points makes it a part of that; `kelvin predict`, `evaluate` and `compare` take it as it is\n";
    for command in [&format!("{TRAIN} -m model.json"), "score -m model.json -l leads.csv", "check model.json"]
    {
        folder.check(command, 2, "", message);
    }
}

#[test]
fn what_is_quiet_tells_no_notes() {
    let same: String = leads(300).lines().map(|line| format!("{line},same\n")).collect();
    let folder = Folder::new(&[("leads.csv", &same)]);
    let (first, second) =
        (format!("{TRAIN} --out model.json --replace"), format!("{TRAIN} --out model.json --seed 2"));
    assert_eq!(folder.run(&first).err, "note: `lead.same` is the same everywhere\n");
    assert!(folder.run(&second).err.contains("note: the model in `model.json` is replaced"));
    assert_eq!(folder.run(&format!("{first} -q")).err, "");
    assert_eq!(folder.run(&format!("{second} -q")).err, "");
    let evaluate = "evaluate -m model.json -l leads.csv --outcome 'lead.bought == \"yes\"'";
    assert!(folder.run(evaluate).err.contains("note: "));
    assert_eq!(folder.run(&format!("{evaluate} --quiet")).err, "");
}

#[test]
fn a_file_that_is_no_model_is_told() {
    let folder = Folder::new(&[("leads.csv", &leads(10)), ("model.json", "{}")]);
    let run = folder.run("predict --model model.json --leads leads.csv");
    assert_eq!(run.code, Some(2));
    assert!(run.err.starts_with("error: cannot use `model.json`: not a trained model: "), "{}", run.err);
}

fn parsed(line: &str) -> Value {
    serde_json::from_str(line).expect("JSON")
}

fn number(of: &Value, key: &str) -> f64 {
    of[key].as_f64().expect("a number")
}

#[test]
fn attributes_that_tell_nothing_are_named() {
    let mut text = String::from("lead_id,deal_no,country,plan,employees,won\n");
    for row in 0..200 {
        text += &format!("{row},{},DE,free,{},{}\n", 5000 + row, row % 17, row % 17 > 8);
    }
    let folder = Folder::new(&[("leads.csv", &text)]);
    let run = folder.run("train -l leads.csv --outcome 'lead.won == true' --out m.kelvin.json");
    for told in [
        "note: `lead.deal_no` is for nearly every lead another: if it only names them, `--ignore` it\n",
        "note: `lead.country`, `lead.plan` are each the same everywhere\n",
    ] {
        assert!(run.err.contains(told), "{told:?} is not in\n{}", run.err);
    }
}

/// Leads of whom those buy who look at prices, which only a rule tells from other pages.
fn journeys() -> Folder {
    let mut seed = 11_u64;
    let mut chance = move |below: u64| {
        seed = seed * 16_807 % 2_147_483_647;
        seed % below
    };
    let (mut leads, mut events) = (String::from("lead_id,created_at\n"), String::new());
    let time = |hours: u64| 1_735_689_600_000 + hours * 3_600_000;
    for lead in 0..240 {
        let (since, is_keen) = (chance(3_000), chance(3) == 0);
        leads += &format!("l{lead:03},{}\n", time(since));
        let mut event = |hours: u64, event: &str, path: &str| {
            events += &format!(
                r#"{{"lead_id":"l{lead:03}","time":{},"event":"{event}","path":"{path}"}}"#,
                time(since + hours)
            );
            events.push('\n');
        };
        for _ in 0..6 {
            let other = if is_keen { "/pricing" } else { "/docs" };
            event(chance(150), "page", if chance(2) == 0 { other } else { "/blog" });
        }
        if chance(10) < if is_keen { 8 } else { 1 } {
            event(200 + chance(800), "Deal Won", "");
        }
    }
    events += &format!(r#"{{"lead_id":"last","time":{},"event":"page"}}"#, time(9_000));
    Folder::new(&[("leads.csv", &leads), ("events.jsonl", &events), ("model.yaml", RULES)])
}

const RULES: &str = "\
kelvin: 1
model: saas
dimensions:
  engagement:
    rules:
      - id: pricing
        event: page
        if: event.path == \"/pricing\"
        points: 10
        decay: {half_life: 30d}
      - {id: never, event: Nothing, points: 5}
      - {id: gone, event: Unsubscribed, disqualify: true}
";

const FILES: &str = "--leads leads.csv --events events.jsonl";

#[test]
fn what_rules_were_worth_is_learnt_from_and_asked_for_again() {
    let folder = journeys();
    let train = format!("train {FILES} --outcome-event 'Deal Won' --every 0d");
    let run = folder.run(&format!("{train} -m model.yaml -o trained.json --card card.md --format json"));
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.err.contains("note: rules that were worth the same everywhere are left out: `saas/never`\n"));
    assert_eq!(parsed(&run.out)["card"]["importances"][0]["feature"], "saas/pricing");
    assert!(
        folder.read("card.md").contains("- What it knows of leads includes what rules of `saas` are worth\n")
    );

    let unknown = "what the rule `pricing` of the model `saas` is worth, which is not known\n";
    let predict = format!("predict --model trained.json {FILES} --until 2025-03-01");
    let told = format!(
        "error: `trained.json` asks {unknown}help: give the model that it is a rule of: `--rules model.yaml`\n"
    );
    folder.check(&predict, 2, "", &told);
    let judge = format!("{FILES} --outcome-event 'Deal Won' --every 0d");
    let run = folder.run(&format!("evaluate -m trained.json {judge}"));
    assert_eq!((run.code, run.err.contains(unknown)), (Some(2), true), "{}", run.err);
    assert_eq!(folder.run(&format!("evaluate -m trained.json -m model.yaml {judge}")).code, Some(0));
    assert_eq!(folder.run(&format!("compare model.yaml trained.json {judge}")).code, Some(0));
    let run = folder.run(&format!("{train} -o trained.json"));
    assert_eq!((run.code, run.err.contains(unknown)), (Some(2), true), "{}", run.err);

    let with = format!("{RULES}  chance:\n    predict: trained.json\n    points: [0, 100]\n");
    folder.write("with.yaml", &with);
    folder.write("changed.yaml", &with.replace("30d", "40d"));
    let changed = "warning[doubtful-predictor]: `trained.json` learned from the rule `pricing` as it was before it changed\n";
    assert!(!folder.run("check with.yaml").out.contains(changed));
    assert!(folder.run("check changed.yaml").out.contains(changed));
    let predicted = folder.run(&format!("{predict} --rules with.yaml"));
    let scored = folder.run(&format!("score -m with.yaml {FILES} --as-of 2025-03-01 --format jsonl"));
    assert_eq!((predicted.code, scored.code), (Some(0), Some(0)), "{}{}", predicted.err, scored.err);
    assert_eq!(predicted.out.lines().count(), 241);
    for (predicted, scored) in predicted.out.lines().zip(scored.out.lines()) {
        let points = (number(&parsed(predicted), "probability") * 1e8).round() / 1e6;
        assert_eq!(number(&parsed(scored)["dimensions"]["chance"], "value"), points, "{scored}");
    }
}

#[test]
fn rules_that_know_the_outcome_are_left_out_or_told() {
    let rules = "\
kelvin: 1
model: m
dimensions:
  fit:
    rules:
      - {id: bought, if: lead.bought == \"yes\", points: 5}
      - {id: signed, if: lead.signed == \"on paper\", points: 5}
      - {id: visits, value: lead.visits, bands: {5: 5, 15: 10}}
";
    let table = leads(300);
    let signed = table.lines().map(|line| match line {
        line if line.starts_with("lead_id") => format!("{line},signed\n"),
        line if line.ends_with("yes") => format!("{line},on paper\n"),
        line => format!("{line},no\n"),
    });
    let signed: String = signed.collect();
    let folder = Folder::new(&[("leads.csv", &signed), ("model.yaml", rules)]);
    let run = folder.run(&format!("{TRAIN} -m model.yaml --ignore signed --drop-leaks --format json"));
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert_eq!(
        run.err,
        "note: rules that look at what tells the outcome are left out: `m/bought`\n\
         note: `m/signed` tells the outcome by itself (AUC 1.00, the next best 0.81): was it known at the moment of decision?; it is left out\n"
    );
    let importances = parsed(&run.out)["card"]["importances"].to_string();
    assert!(importances.contains("m/visits") && !importances.contains("m/signed"), "{importances}");
    let run = folder.run(&format!("{TRAIN} -m model.yaml --ignore signed,m/signed,m/visits"));
    assert_eq!(run.err, "note: rules that look at what tells the outcome are left out: `m/bought`\n");
}
