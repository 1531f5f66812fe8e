//! Trained models as files: what is written is read again, and nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use kelvin_learn::measure::Resampling;
use kelvin_learn::{About, Artifact, Card, Dataset, TrainSettings, probabilities, train};
use serde_json::Value;

use super::planted::{in_time, leads};

fn about() -> About {
    About {
        data: "leads.csv".into(),
        outcome: "lead.won".into(),
        horizon: Some("90d".into()),
        ..About::default()
    }
}

fn artifact(dataset: &Dataset) -> Artifact {
    let mut settings = TrainSettings::default();
    settings.trees.learning_rate = 0.2;
    let trained = train(dataset, &settings).expect("a model");
    let how = Resampling { draws: 100, ..Resampling::default() };
    let card = Card::new(about(), dataset, &trained, &how).expect("a card");
    Artifact::new(card, trained.predictor).expect("an artifact")
}

fn failure(text: &str) -> String {
    Artifact::read(text).expect_err("not an artifact").to_string()
}

#[test]
fn a_model_that_was_read_predicts_what_it_did() {
    let dataset = leads(300, 1);
    let written = artifact(&dataset);
    let read = Artifact::read(&written.json().expect("JSON")).expect("an artifact");
    assert_eq!(read, written);
    assert_eq!(
        probabilities(&read.predictor, &dataset.table),
        probabilities(&written.predictor, &dataset.table)
    );
}

#[test]
fn a_model_that_was_changed_by_hand_is_refused() {
    let text = artifact(&leads(300, 1)).json().expect("JSON");
    let changed = text.replacen("leads.csv", "better.csv", 1);
    let told = failure(&changed);
    assert!(told.starts_with("the trained model was changed since its training: it holds sha256:"), "{told}");
}

#[test]
fn a_model_of_a_later_format_is_refused() {
    let told = failure(r#"{"kelvin_predictor": 2, "trees": "of glass"}"#);
    let expected =
        "a trained model of format 2, and this version of kelvin reads up to format 1: use a newer one";
    assert_eq!(told, expected);
}

#[test]
fn a_file_that_is_no_model_is_refused() {
    assert_eq!(failure("{}"), "not a trained model: missing field `kelvin_predictor` at line 1 column 2");
}

/// A tree that leads back to its root, with the digest that it has.
#[test]
fn a_model_whose_trees_do_not_end_is_refused() {
    let written = artifact(&leads(300, 1));
    let mut broken = written.predictor.clone();
    let tree = broken.trees.iter_mut().find(|tree| tree.nodes.len() > 1).expect("a tree with a split");
    let kelvin_learn::trees::Node::Split(split) = &mut tree.nodes[0] else { panic!("a split") };
    split.left = 0;
    let text = Artifact::new(written.card, broken).expect("an artifact").json().expect("JSON");
    assert!(failure(&text).ends_with("leads nowhere from node 0"), "{}", failure(&text));
}

#[test]
fn a_card_tells_what_is_known_of_the_model() {
    let card = artifact(&in_time(leads(400, 2))).markdown();
    for told in [
        "- From: leads.csv\n- Outcome: `lead.won`, within 90d\n- 400 leads, ",
        "- Decided upon from 1970-01-01 to 1970-01-17",
        "Measured on 200 leads that were held out",
        "\n| AUC | 0.",
        "\n| `lead.size` | ",
        "Calibration: ",
    ] {
        assert!(card.contains(told), "no `{told}` in\n{card}");
    }
}

#[test]
fn a_card_tells_leads_and_their_moments_apart() {
    let mut dataset = leads(400, 2);
    for (row, example) in dataset.examples.iter_mut().enumerate() {
        example.lead = format!("lead {}", row / 4);
    }
    let written = artifact(&dataset);
    let (card, text) = (&written.card, written.markdown());
    assert_eq!((card.leads, card.moments), (100, Some(400)));
    assert_eq!((card.held_out, card.held_out_moments), (100, Some(400)));
    for told in [
        "\n- 400 moments of 100 leads, ",
        "Measured on 400 moments of 100 leads that",
        "| predicted | moments |",
    ] {
        assert!(text.contains(told), "no `{told}` in\n{text}");
    }
    // A hundred leads, of whom fewer never had the outcome, are few, however often they were looked at.
    let few = card.warnings.iter().find(|warning| warning.code == "few-outcomes").expect("a warning");
    let never_or_once =
        dataset.leads_with(|example| example.outcome).min(dataset.leads_with(|example| !example.outcome));
    assert!(few.text.starts_with(&format!("only {never_or_once} leads ")), "{}", few.text);
}

#[test]
fn a_leak_is_told_on_the_card() {
    let mut dataset = leads(400, 3);
    let visits = dataset.table.columns()[1].values.clone();
    let kelvin_learn::Values::Numbers(visits) = visits else { panic!("numbers") };
    for (example, visits) in dataset.examples.iter_mut().zip(visits) {
        example.outcome = visits > 15.0;
    }
    let codes: Vec<String> =
        artifact(&dataset).card.warnings.into_iter().map(|warning| warning.code).collect();
    assert_eq!(codes, ["few-outcomes", "too-good", "one-input", "no-times"]);
}

/// The file that a format has looked like since it was first written.
fn golden(format: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/predictor-{format}.json"))
}

#[test]
fn a_model_of_the_first_format_is_read_for_ever() {
    let text = fs::read_to_string(golden(1)).expect("the golden file");
    let artifact = Artifact::read(&text).expect("an artifact");
    let found = probabilities(&artifact.predictor, &leads(300, 1).table);
    let expected = fs::read_to_string(golden(1).with_extension("predictions")).expect("its predictions");
    let expected: Vec<f64> = expected.lines().map(|line| line.parse().expect("a probability")).collect();
    assert_eq!(found.len(), expected.len());
    assert!(found.iter().zip(&expected).all(|(found, expected)| (found - expected).abs() < 1e-12));
    let kinds: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(kinds["kelvin_predictor"], 1);
}
