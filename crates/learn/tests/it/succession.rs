//! Whether a model that was trained anew is let in.

use kelvin_learn::measure::Resampling;
use kelvin_learn::{
    About, Artifact, Card, Dataset, Random, Succession, Table, TrainSettings, Trained, train,
};

use super::planted::{in_time, leads};

const HOW: Resampling = Resampling { draws: 200, level: 0.95, seed: 1, threads: 2 };

fn trained(dataset: &Dataset) -> (Trained, Card) {
    let mut settings = TrainSettings { threads: 2, ..TrainSettings::default() };
    settings.trees.learning_rate = 0.2;
    let trained = train(dataset, &settings).expect("a model");
    let card = Card::new(About::default(), dataset, &trained, &HOW).expect("a card");
    (trained, card)
}

fn artifact(dataset: &Dataset) -> Artifact {
    let (trained, card) = trained(dataset);
    Artifact::new(card, trained.predictor).expect("an artifact")
}

fn first(dataset: &Dataset, rows: usize) -> Dataset {
    dataset.take(&(0..rows).collect::<Vec<_>>())
}

/// A model of the first third of leads, and then one of what remains of a data set.
fn succession(all: &Dataset, remaining: &Dataset) -> Succession {
    let old = artifact(&first(all, all.examples.len() / 3));
    let (new, card) = trained(remaining);
    Succession::new(&old, (&new, &card), remaining, &HOW).expect("a comparison")
}

#[test]
fn more_leads_of_the_same_kind_make_a_model_that_is_let_in() {
    for seed in 0..6 {
        let all = in_time(leads(1_500, 40 + seed));
        let told = succession(&all, &all);
        assert!(matches!(told, Succession::Later { rows: 500..=1_000, .. }), "{told:?}");
        assert!(!told.is_worse(), "seed {seed}: {told:?}");
    }
}

#[test]
fn a_model_whose_columns_were_lost_is_not() {
    for seed in 0..6 {
        let all = in_time(leads(1_500, 50 + seed));
        let columns = all.table.columns().iter().filter(|column| column.feature.to_string().contains("shoe"));
        let table = Table::new(columns.cloned().collect()).expect("a table");
        // What the old model asks for is still known of the leads that both are held against.
        let (new, card) = trained(&Dataset { table, examples: all.examples.clone() });
        let old = artifact(&first(&all, 500));
        let told = Succession::new(&old, (&new, &card), &all, &HOW).expect("a comparison");
        assert!(told.is_worse(), "seed {seed}: {told:?}");
    }
}

#[test]
fn without_times_the_cards_are_compared() {
    let all = leads(900, 60);
    let told = succession(&all, &all);
    assert!(matches!(told, Succession::Cards { .. }) && !told.is_worse(), "{told:?}");
    let mut noise = all.clone();
    let mut random = Random::new(61);
    noise.examples.iter_mut().for_each(|example| example.outcome = random.unit() < 0.3);
    assert!(succession(&all, &noise).is_worse());
}
