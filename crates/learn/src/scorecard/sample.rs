//! Of very many examples those of some leads are enough to choose few rules and to price them.

use crate::{Dataset, Random};

/// How many examples are enough.
#[derive(Debug, Clone, Copy)]
pub(super) struct Enough {
    /// With or without the outcome.
    pub(super) rows: usize,
    /// With the outcome or without it, whichever are fewer: points are as sure as these are many.
    pub(super) rarer: usize,
}

impl Default for Enough {
    fn default() -> Self {
        Self { rows: 200_000, rarer: 5_000 }
    }
}

/// The examples of some leads, each drawn with the same chance; nothing where all are to be looked at. The same leads are drawn
/// in whatever order they come.
pub(super) fn sample(dataset: &Dataset, enough: Enough, seed: u64) -> Option<Dataset> {
    let (rows, positives) = (dataset.examples.len(), dataset.positives());
    let share = |some: usize, all: usize| some as f64 / all as f64;
    let share = share(enough.rows, rows).max(share(enough.rarer, positives.min(rows - positives)));
    if share >= 1.0 {
        return None;
    }
    let is_drawn = |row: &usize| chance(seed, &dataset.examples[*row].lead) < share;
    Some(dataset.take(&(0..rows).filter(is_drawn).collect::<Vec<_>>()))
}

/// A number in 0..1 that is a lead's own.
fn chance(seed: u64, lead: &str) -> f64 {
    let mixed = lead.bytes().fold(seed, |mixed, byte| Random::stream(mixed, byte.into()).bits());
    Random::new(mixed).unit()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, Example, Feature, Table, Values};

    const ENOUGH: Enough = Enough { rows: 1000, rarer: 50 };

    /// Two examples for each lead; of the first of them so many have the outcome.
    fn dataset(leads: impl Iterator<Item = usize>, positives: usize) -> Dataset {
        let example = |lead: usize, outcome| Example {
            lead: format!("lead-{lead}"),
            at: None,
            outcome,
            outcome_at: None,
            value: None,
        };
        let examples: Vec<_> =
            leads.flat_map(|lead| [example(lead, false), example(lead, lead < positives)]).collect();
        let values = Values::Numbers(vec![0.0; examples.len()]);
        let column = Column { feature: Feature::Attribute("size".to_owned()), values };
        Dataset { table: Table::new(vec![column]).unwrap(), examples }
    }

    fn drawn(dataset: &Dataset) -> Vec<String> {
        let sample = sample(dataset, ENOUGH, 1).unwrap();
        assert_eq!(sample.table.rows(), sample.examples.len());
        let mut leads: Vec<_> = sample.examples.into_iter().map(|example| example.lead).collect();
        leads.sort();
        leads
    }

    #[test]
    fn leads_are_drawn_whole_and_the_same_in_any_order() {
        let leads = drawn(&dataset(0..5000, 2500));
        assert!((900..1100).contains(&leads.len()), "{}", leads.len());
        assert!(leads.chunks(2).all(|pair| pair[0] == pair[1]));
        assert_eq!(leads, drawn(&dataset((0..5000).rev(), 2500)));
    }

    #[test]
    fn where_outcomes_are_rare_more_leads_are_drawn() {
        let leads = drawn(&dataset(0..5000, 100));
        assert!((4600..5400).contains(&leads.len()), "{}", leads.len());
        assert!(sample(&dataset(0..5000, 50), ENOUGH, 1).is_none());
        assert!(sample(&dataset(0..500, 250), ENOUGH, 1).is_none());
    }
}
