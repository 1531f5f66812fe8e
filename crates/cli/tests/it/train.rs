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
    assert!(run.err.starts_with("error: there is no column `visit`\n"), "{}", run.err);
    let run = folder.run(&format!("{TRAIN} --rising industry"));
    assert_eq!(run.err, "error: `industry` holds texts: only numbers rise and fall\n");
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
