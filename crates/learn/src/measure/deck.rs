//! Scores made ready to be measured for many draws of leads.

use super::{Measure, Scored};

/// What measures need of scores, whichever leads are drawn.
pub(super) struct Deck<'a> {
    scored: &'a Scored,
    measures: Vec<(Measure, Way)>,
    /// The lead of each row, in the order of scores.
    leads: Vec<u32>,
    /// The weight of each lead's rows.
    weights: Vec<f64>,
}

/// How a measure of a draw is found.
enum Way {
    /// It is not asked for: its interval needs no draws.
    None,
    /// A mean over rows: the sum over those of each lead is the same in all draws.
    Mean(Vec<f64>),
    /// From the rows that were drawn, in order.
    Order,
}

impl<'a> Deck<'a> {
    /// Of scores; `leads` tells whose row each is, in the order of what was given.
    pub(super) fn new(scored: &'a Scored, leads: &[u32], measures: &[Measure]) -> Self {
        let leads = scored.sorted(leads);
        let count = leads.iter().max().map_or(0, |last| *last as usize + 1);
        let by_lead = |of: &dyn Fn(f64, bool) -> f64| {
            let mut sums = vec![0.0; count];
            for (place, lead) in leads.iter().enumerate() {
                sums[*lead as usize] +=
                    scored.weights[place] * of(scored.scores[place], scored.outcomes[place]);
            }
            sums
        };
        let way = |measure: &Measure| match (measure, measure.loss()) {
            (Measure::Auc, _) => Way::None,
            (_, Some(loss)) => Way::Mean(by_lead(&loss)),
            (_, None) => Way::Order,
        };
        let measures = measures.iter().map(|measure| (*measure, way(measure))).collect();
        let weights = by_lead(&|_, _| 1.0);
        Self { scored, measures, leads, weights }
    }

    /// The measures of a draw, in which each lead is so often.
    pub(super) fn dealt(&self, counts: &[u8]) -> Vec<Option<f64>> {
        let ties = self.scored.dealt(&self.leads, counts);
        let sum = |of_leads: &[f64]| -> f64 {
            counts.iter().zip(of_leads).map(|(count, of_lead)| f64::from(*count) * of_lead).sum()
        };
        let weight = sum(&self.weights);
        let of = |(measure, way): &(Measure, Way)| match way {
            Way::None => None,
            Way::Mean(losses) => (weight > 0.0).then(|| sum(losses) / weight),
            Way::Order => measure.of(&ties),
        };
        self.measures.iter().map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_of_a_draw_are_those_of_its_rows() {
        let (scores, outcomes) = ([0.9, 0.2, 0.6, 0.6, 0.1], [true, false, false, true, false]);
        let scored = Scored::new(&scores, &outcomes).and_then(|scored| scored.by_lead(&[0, 1, 2, 2, 0]));
        let scored = scored.expect("scores");
        let found = Deck::new(&scored, &scored.leads, &Measure::ALL).dealt(&[2, 0, 1]);
        let rows = [0, 0, 4, 4, 2, 3];
        let drawn =
            Scored::new(&rows.map(|row| scores[row]), &rows.map(|row| outcomes[row])).expect("scores");
        for (measure, found) in Measure::ALL.into_iter().zip(found) {
            let expected = (measure != Measure::Auc).then(|| measure.of(&drawn).expect("defined"));
            let off = found.unwrap_or_default() - expected.unwrap_or_default();
            assert!(found.is_some() == expected.is_some() && off.abs() < 1e-12, "{measure}: {found:?}");
        }
    }
}
