//! Texts in groups of like outcomes, rare ones together.

use super::bins::{Count, Fineness};
use super::cut::starts;
use crate::MISSING;

/// How many rows of the average a text's rate is blended with before texts are put in order.
const BLEND: f64 = 10.0;

/// The least rows of a text that is looked at by itself, as trees do: how little so few tell, the blend knows.
const FEWEST: f64 = 3.0;

/// Groups of texts, from those with the least frequent outcomes on. Texts that are too rare are in none.
#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
pub(super) fn groups(
    codes: &[u32],
    levels: &[String],
    outcomes: &[bool],
    fineness: Fineness,
) -> Vec<Vec<String>> {
    let mut counts = vec![Count::default(); levels.len()];
    let known = codes.iter().zip(outcomes).filter(|(code, _)| **code != MISSING);
    known.for_each(|(code, outcome)| counts[*code as usize].add(*outcome));
    let all = counts.iter().fold(Count::default(), |sum, count| sum.plus(*count));
    let least = (fineness.share * outcomes.len() as f64 / 2.0).max(FEWEST);
    let blended = |count: Count| (count.won + BLEND * all.rate()) / (count.rows() + BLEND);
    let mut order: Vec<usize> = (0..levels.len()).filter(|level| counts[*level].rows() >= least).collect();
    order.sort_by(|a, b| {
        let by_rate = blended(counts[*a]).total_cmp(&blended(counts[*b]));
        by_rate.then_with(|| levels[*a].cmp(&levels[*b]))
    });
    let ordered: Vec<Count> = order.iter().map(|level| counts[*level]).collect();
    let mut starts = starts(&ordered, outcomes.len(), fineness);
    starts.push(order.len());
    let mut from = 0;
    let mut groups: Vec<Vec<String>> = starts
        .into_iter()
        .map(|to| {
            let group = order[from..to].iter().map(|level| levels[*level].clone()).collect();
            from = to;
            group
        })
        .collect();
    groups.iter_mut().for_each(|group: &mut Vec<String>| group.sort());
    groups.retain(|group| !group.is_empty());
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_like_outcomes_are_together_and_rare_ones_in_no_group() {
        let levels = ["high", "low", "low too", "rare"].map(String::from);
        let codes: Vec<u32> = (0..400).map(|row| if row == 7 { 3 } else { row % 3 }).collect();
        let outcomes: Vec<bool> =
            (0..400_u32).map(|row| row % 3 == 0 && row % 2 == 0 || row % 20 == 1).collect();
        let groups = groups(&codes, &levels, &outcomes, Fineness { most: 4, share: 0.02 });
        assert_eq!(groups, [vec!["low".to_string(), "low too".into()], vec!["high".into()]]);
    }
}
