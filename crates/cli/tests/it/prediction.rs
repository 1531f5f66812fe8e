//! A trained model as a dimension: the score is what `kelvin predict` foretells, and every point has a reason.

use std::collections::BTreeMap;

use kelvin_kernel::predict::Predictor;
use serde_json::{Value, json};

use crate::run::Folder;

/// A model with a dimension that is foretold, also by what the rules of another one are worth.
pub(crate) const MODEL: &str = "\
kelvin: 1
model: foretold
dimensions:
  chance:
    predict: trained.json
    points: [0, 100]
  habits:
    rules:
      - {id: pages, event: page, points: 8, decay: {half_life: 5d}, cap: 30}
      - {id: forgotten, event: page, unless: {event: Asset Downloaded}, within: 3d, points: 4}
      - {id: quiet, inactive: 10d, points: -5, every: 10d, cap: 20}
      - {id: large, if: lead.employees > 50, points: 5}
tiers:
  - {name: warm, from: 45}
  - {name: hot, from: 55}
";

/// A trained model that asks for all that one can, as a file; what it adds is times a factor.
pub(crate) fn trained(factor: f64) -> String {
    let names = [
        ("lead.employees", None, 50.0),
        ("lead.plan", Some(["free", "pro"]), 0.0),
        ("seniority(lead.title)", Some(["vp", "intern"]), 0.0),
        ("size(lead.message)", None, 12.0),
        ("daysSince(lead.created_at)", None, 40.25),
        ("count(page, 30d)", None, 2.5),
        ("count(page)", None, 20.5),
        ("days since Asset Downloaded", None, 3.123_456),
        ("days since the last event", None, 12.0),
        ("active days", None, 8.5),
        ("active days in 30d", None, 4.5),
        ("trend of 30d", None, 0.5),
        ("distinct pages", None, 1.5),
        ("first source", Some(["ads", "search"]), 0.0),
        ("last source", Some(["ads", "search"]), 0.0),
        ("foretold/pages", None, 6.5),
        ("foretold/forgotten", None, 4.0),
        ("foretold/quiet", None, -5.0),
        ("foretold/large", None, 0.0),
    ];
    let input = |(name, levels, _): &(&str, Option<[&str; 2]>, f64)| match levels {
        Some(levels) => json!({"feature": name, "levels": levels}),
        None => json!({"feature": name}),
    };
    let tree = |(column, (_, levels, cut)): (usize, &(&str, Option<[&str; 2]>, f64))| {
        let mut split =
            json!({"column": column, "missing_left": column % 2 == 0, "left": 1, "right": 2, "rows": 30});
        match levels {
            Some(_) => split["one_of"] = json!([1]),
            None => split["at_most"] = json!(cut),
        }
        let value = factor * (0.1 + 0.03 * column as f64);
        json!([split, {"value": -value, "rows": 20}, {"value": value, "rows": 10}])
    };
    let term = |(_, levels, _): &(&str, Option<[&str; 2]>, f64)| match levels {
        Some(_) => json!({"levels": {"missing": -0.02, "parts": [0.05, -0.1]}}),
        None => {
            let shape = json!({"log": true, "low": 0.0, "high": 90.0, "mean": 1.0, "spread": 2.0});
            json!({"number": {"missing": 0.03, "mean": 0.01, "weight": 0.07 * factor, "shape": shape}})
        }
    };
    let predictor = json!({
        "inputs": names.iter().map(input).collect::<Vec<_>>(),
        "base": 0.1,
        "trees": names.iter().enumerate().map(tree).collect::<Vec<_>>(),
        "linear": {"base": -0.2, "terms": names.iter().map(term).collect::<Vec<_>>()},
        "calibration": {"platt": {"slope": 1.1, "intercept": -0.1}},
    });
    let card = include_str!("../../../learn/tests/golden/predictor-1.json");
    let mut file: Value = serde_json::from_str(card).expect("JSON");
    file["predictor"] = predictor;
    resealed(&file.to_string())
}

/// The file of a trained model that was changed, as if it were new.
pub(crate) fn resealed(file: &str) -> String {
    let mut file: Value = serde_json::from_str(file).expect("JSON");
    let read: Predictor = serde_json::from_value(file["predictor"].take()).expect("a predictor");
    file["version"] = json!(kelvin_model::predictor::version(&file["card"], &read).expect("a version"));
    file["predictor"] = serde_json::to_value(&read).expect("JSON");
    file.to_string()
}

/// Leads and events by chance, some events twice.
fn rows(leads: usize) -> (String, String) {
    let mut seed = 11_u64;
    let mut chance = move |below: usize| {
        seed = seed * 16_807 % 2_147_483_647;
        usize::try_from(seed).expect("small") % below
    };
    let (mut attributes, mut events) =
        (String::from("lead_id,employees,plan,title,created_at,message\n"), Vec::new());
    for lead in 0..leads {
        let employees = ["", "7", "50", "51", "900"][chance(5)];
        let (plan, title) =
            (["free", "pro", "", "unknown"][chance(4)], ["VP Sales", "Intern", "", "n/a"][chance(4)]);
        let message = format!("{lead}{}", "?".repeat(chance(20)));
        let created = ["2026-01-02T03:04:05Z", "2025-06-01", "", "2027-01-01"][chance(4)];
        attributes += &format!("l{lead:03},{employees},{plan},{title},{created},{message}\n");
        for number in 0..chance(25) {
            let time = 1_767_225_600_000 + 7_919_000 * chance(1_200) as u64;
            let name = ["page", "page", "Asset Downloaded", "identify", "Mail Opened"][chance(5)];
            let path = ["/", "/pricing", "", "/docs"][chance(4)];
            let source = ["ads", "", "search", "mail"][chance(4)];
            let event = json!({"lead_id": format!("l{lead:03}"), "time": time, "id": format!("{lead}-{number}"),
                "event": name, "path": path, "utm_source": source});
            events.push(event.clone());
            events.extend((chance(5) == 0).then_some(event));
        }
    }
    for place in (1..events.len()).rev() {
        events.swap(place, chance(place + 1));
    }
    (attributes, events.iter().map(|event| format!("{event}\n")).collect())
}

fn folder() -> Folder {
    let (leads, events) = rows(60);
    let files = [
        ("model.yaml", MODEL),
        ("trained.json", &*trained(1.0)),
        ("leads.csv", &leads),
        ("events.jsonl", &events),
    ];
    Folder::new(&files)
}

fn lines(text: &str) -> BTreeMap<String, Value> {
    let line = |line: &str| {
        let line: Value = serde_json::from_str(line).expect("a line of JSON");
        (line["lead_id"].as_str().expect("an id").to_owned(), line)
    };
    text.lines().map(line).collect()
}

const AT: &str = "2026-03-11T10:11:12.131Z";

fn scored(folder: &Folder, more: &str) -> String {
    let run = folder.run(&format!(
        "score -m model.yaml --leads leads.csv --events events.jsonl --as-of {AT} --format jsonl {more}"
    ));
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    run.out
}

#[test]
fn the_score_is_the_probability_that_kelvin_predict_tells() {
    let folder = folder();
    folder.check("check model.yaml", 0, &checked(), "");
    let predicted = folder.run(&format!(
        "predict --model trained.json --rules model.yaml --leads leads.csv --events events.jsonl --until {AT}"
    ));
    assert_eq!((predicted.code, predicted.err.as_str()), (Some(0), ""));
    let (predicted, scored) = (lines(&predicted.out), lines(&scored(&folder, "")));
    assert_eq!((predicted.len(), scored.len()), (60, 60));
    for (lead, line) in &predicted {
        let expect = (line["probability"].as_f64().expect("a number") * 1e8).round() / 1e6;
        assert_eq!(scored[lead]["dimensions"]["chance"]["value"].as_f64(), Some(expect), "{lead}");
    }
}

/// What the card of the trained model warns of.
fn checked() -> String {
    let file: Value = serde_json::from_str(&trained(1.0)).expect("JSON");
    let warnings = file["card"]["warnings"].as_array().expect("warnings").iter();
    let warnings = warnings.map(|warning| {
        format!(
            "warning[doubtful-predictor]: the card of `trained.json` warns: {}\n --> model.yaml:5:14\n  |\n5 |     predict: trained.json\n  |              ^^^^^^^^^^^^\n\n",
            warning["text"].as_str().expect("a text")
        )
    });
    let warnings: Vec<String> = warnings.collect();
    let count = match warnings.len() {
        0 => "no problems".to_owned(),
        1 => "1 warning".to_owned(),
        many => format!("{many} warnings"),
    };
    format!("{}model.yaml: {count}\n", warnings.concat())
}

#[test]
fn one_thread_or_many_and_little_memory_come_to_the_same() {
    let folder = folder();
    let one = scored(&folder, "--explain --threads 1");
    assert_eq!(scored(&folder, "--explain --threads 3"), one);
    assert_eq!(scored(&folder, "--explain --threads 2 --memory 1M"), one);
}

#[test]
fn what_inputs_add_is_told_as_reasons_that_add_up_to_the_score() {
    let folder = folder();
    for (lead, line) in lines(&scored(&folder, "--explain")) {
        let reasons = line["reasons"].as_array().expect("reasons");
        let micro = |points: &Value| (points.as_f64().expect("a number") * 1e6).round();
        let is_foretold = |reason: &&Value| reason["dimension"] == "chance";
        let sum: f64 = reasons.iter().filter(is_foretold).map(|reason| micro(&reason["points"])).sum();
        assert_eq!(sum, micro(&line["dimensions"]["chance"]["value"]), "{lead}");
        let rules: Vec<&str> = reasons.iter().filter_map(|reason| reason["rule"].as_str()).collect();
        assert!(rules.contains(&"chance: average"), "{lead}: {rules:?}");
        assert!(rules.contains(&"chance: count(page, 30d)"), "{lead}: {rules:?}");
    }
}

#[test]
fn an_explanation_tells_the_probability_and_its_parts() {
    let folder = folder();
    // Rules that no event can change: what events would reach a tier is not looked for.
    let still = MODEL
        .replace(
            "event: page, points: 8, decay: {half_life: 5d}, cap: 30",
            "if: lead.employees > 7, points: 8",
        )
        .replace("event: page, unless: {event: Asset Downloaded}, within: 3d", "if: lead.employees > 70")
        .replace("inactive: 10d, points: -5, every: 10d, cap: 20", "if: lead.employees > 700, points: 6");
    folder.write("model.yaml", &still);
    let files = "--leads leads.csv --events events.jsonl";
    let run = folder.run(&format!("explain l004 -m model.yaml {files} --as-of {AT} --format json"));
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let told: Value = serde_json::from_str(&run.out).expect("JSON");
    let rule = &told["dimensions"]["chance"]["rules"][0];
    let prediction = &rule["prediction"];
    let parts = prediction["parts"].as_object().expect("parts").values();
    let micro = |points: &Value| (points.as_f64().expect("a number") * 1e6).round();
    let sum: f64 = parts.map(micro).sum::<f64>() + micro(&prediction["average"]);
    assert_eq!(sum, micro(&told["dimensions"]["chance"]["value"]));
    let probability = prediction["probability"].as_f64().expect("a number");
    let text = folder.run(&format!("explain l004 -m model.yaml {files} --as-of {AT}")).out;
    assert!(text.contains(&format!("probability {:.1} %\n", probability * 100.0)), "{text}");
    assert!(text.contains("      average "), "{text}");
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let folder = Folder::new(&[("models/model.yaml", MODEL)]);
    let told = "error[bad-predictor]: cannot read `trained.json`: No such file or directory (os error 2)
 --> models/model.yaml:5:14
  |
5 |     predict: trained.json
  |              ^^^^^^^^^^^^
  |
  = help: name a file that `kelvin train --out` wrote, as seen from the folder of the model file

models/model.yaml: 1 error
";
    folder.check("check models/model.yaml", 1, told, "");
    folder.write("models/trained.json", &trained(1.0));
    assert_eq!(folder.run("check models/model.yaml").code, Some(0));
}

#[test]
fn another_trained_model_is_a_change_of_meaning() {
    let folder = folder();
    folder.write("new/model.yaml", MODEL);
    folder.write("new/trained.json", &trained(1.0));
    folder.check("diff model.yaml new/model.yaml", 0, "", "");
    folder.write("new/trained.json", &trained(2.0));
    let run = folder.run("diff model.yaml new/model.yaml");
    assert_eq!((run.code, run.err.as_str()), (Some(1), ""));
    assert!(run.out.contains("`trained.json` (sha256:"), "{}", run.out);
}
