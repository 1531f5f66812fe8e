//! Optimal cuts of numbers: few bins in which outcomes differ.

use super::bins::{Count, Direction, Fineness};
use super::readable::readable;

/// Into how many parts numbers are cut at first.
const FINE: usize = 64;

/// The fewest rows in a bin, however few there are in all.
const FEWEST: f64 = 8.0;

/// Neighbouring numbers, from a cut on.
#[derive(Debug, Clone, Copy)]
struct Piece {
    from: f64,
    count: Count,
}

/// The cuts that make outcomes likeliest, at numbers that a person would write.
pub(super) fn cuts(
    numbers: &[f64],
    outcomes: &[bool],
    fineness: Fineness,
    direction: Option<Direction>,
) -> Vec<f64> {
    let mut pieces = pieces(numbers, outcomes);
    if let Some(direction) = direction {
        pieces = monotone(pieces, direction);
    }
    let counts: Vec<Count> = pieces.iter().map(|piece| piece.count).collect();
    starts(&counts, outcomes.len(), fineness).into_iter().map(|start| pieces[start].from).collect()
}

/// Numbers in pieces of about equal size.
#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
fn pieces(numbers: &[f64], outcomes: &[bool]) -> Vec<Piece> {
    let mut rows: Vec<(f64, bool)> = numbers.iter().copied().zip(outcomes.iter().copied()).collect();
    rows.retain(|(number, _)| !number.is_nan());
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let size = rows.len() as f64 / FINE as f64;
    let mut pieces: Vec<Piece> = Vec::new();
    let mut before = f64::NEG_INFINITY;
    for same in rows.chunk_by(|a, b| a.0 == b.0) {
        let is_full = pieces.last().is_none_or(|piece| piece.count.rows() >= size);
        if is_full {
            let from = if before.is_finite() { readable(before, same[0].0) } else { same[0].0 };
            pieces.push(Piece { from, count: Count::default() });
        }
        if let Some(piece) = pieces.last_mut() {
            same.iter().for_each(|(_, outcome)| piece.count.add(*outcome));
        }
        before = same[0].0;
    }
    pieces
}

/// Neighbours joined until outcomes are only ever more frequent, or only ever less.
fn monotone(pieces: Vec<Piece>, direction: Direction) -> Vec<Piece> {
    let breaks = |before: Count, after: Count| match direction {
        Direction::Up => before.rate() >= after.rate(),
        Direction::Down => before.rate() <= after.rate(),
    };
    let mut joined: Vec<Piece> = Vec::new();
    for mut piece in pieces {
        while let Some(before) = joined.pop_if(|before| breaks(before.count, piece.count)) {
            piece = Piece { from: before.from, count: before.count.plus(piece.count) };
        }
        joined.push(piece);
    }
    joined
}

/// Where the bins begin that make the outcomes of ordered pieces likeliest, the first one left out: a bin is worth having
/// where it gains more than half the logarithm of all rows.
#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
pub(super) fn starts(counts: &[Count], rows: usize, fineness: Fineness) -> Vec<usize> {
    let least = (fineness.share * rows as f64).max(FEWEST);
    let price = libm::log(rows.max(2) as f64) / 2.0;
    let all = counts.iter().fold(Count::default(), |sum, count| sum.plus(*count));
    // Of each number of bins, the best value of the pieces up to each end, and where its last bin begins.
    let mut best: Vec<Vec<Option<(f64, usize)>>> = vec![whole(counts, all, least)];
    while best.len() < fineness.most {
        let fewer = &best[best.len() - 1];
        let more = (0..counts.len()).map(|end| one_more(counts, fewer, end, all, least)).collect();
        best.push(more);
    }
    let Some(last) = counts.len().checked_sub(1) else { return Vec::new() };
    let value = |bins: usize| best[bins][last].map(|(value, _)| value - price * bins as f64);
    let chosen = (0..best.len()).filter(|bins| value(*bins).is_some()).max_by(|a, b| {
        // Of equals, the fewer.
        value(*a).unwrap_or(f64::MIN).total_cmp(&value(*b).unwrap_or(f64::MIN)).then(b.cmp(a))
    });
    let mut starts = Vec::new();
    let mut end = last;
    for bins in (1..=chosen.unwrap_or(0)).rev() {
        let Some((_, start)) = best[bins][end] else { break };
        starts.push(start);
        end = start - 1;
    }
    starts.reverse();
    starts
}

/// The value of one bin up to each end.
fn whole(counts: &[Count], all: Count, least: f64) -> Vec<Option<(f64, usize)>> {
    let mut sum = Count::default();
    let to_end = |count: &Count| {
        sum = sum.plus(*count);
        (sum.rows() >= least).then(|| (likelihood(sum, all), 0))
    };
    counts.iter().map(to_end).collect()
}

/// The best value up to an end with one more bin than known.
fn one_more(
    counts: &[Count],
    fewer: &[Option<(f64, usize)>],
    end: usize,
    all: Count,
    least: f64,
) -> Option<(f64, usize)> {
    let mut last = Count::default();
    let mut best: Option<(f64, usize)> = None;
    for start in (1..=end).rev() {
        last = last.plus(counts[start]);
        let Some((before, _)) = fewer[start - 1].filter(|_| last.rows() >= least) else { continue };
        let value = before + likelihood(last, all);
        if best.is_none_or(|(best, _)| value > best) {
            best = Some((value, start));
        }
    }
    best
}

/// How likely the outcomes of a bin are at its own rate, which is drawn towards that of all as by one row more.
fn likelihood(bin: Count, all: Count) -> f64 {
    let rate = ((bin.won + all.rate()) / (bin.rows() + 1.0)).clamp(1e-9, 1.0 - 1e-9);
    bin.won * libm::log(rate) + bin.lost * libm::log(1.0 - rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINENESS: Fineness = Fineness { most: 5, share: 0.02 };

    fn step(number: f64) -> bool {
        // Three in ten above 437, one in ten below.
        libm::fmod(number * 7.0, 10.0) < if number > 437.0 { 3.0 } else { 1.0 }
    }

    #[test]
    fn a_step_is_found_and_cut_at_a_number_that_a_person_would_write() {
        let numbers: Vec<f64> = (0..1000).map(f64::from).collect();
        let outcomes: Vec<bool> = numbers.iter().map(|number| step(*number)).collect();
        let cuts = cuts(&numbers, &outcomes, FINENESS, None);
        assert!(cuts.len() == 1 && (420.0..460.0).contains(&cuts[0]), "{cuts:?}");
    }

    #[test]
    fn numbers_that_tell_nothing_are_not_cut() {
        let numbers: Vec<f64> = (0..1000).map(f64::from).collect();
        let outcomes: Vec<bool> = (0..1000).map(|row| row % 10 == 0).collect();
        assert_eq!(cuts(&numbers, &outcomes, FINENESS, None), Vec::<f64>::new());
    }

    #[test]
    fn what_must_rise_is_not_cut_where_it_falls() {
        let numbers: Vec<f64> = (0..1000).map(f64::from).collect();
        let outcomes: Vec<bool> = numbers.iter().map(|number| step(*number)).collect();
        assert_eq!(cuts(&numbers, &outcomes, FINENESS, Some(Direction::Down)), Vec::<f64>::new());
        assert_eq!(cuts(&numbers, &outcomes, FINENESS, Some(Direction::Up)).len(), 1);
    }

    #[test]
    fn missing_numbers_are_left_out_of_the_cuts() {
        assert_eq!(cuts(&[f64::NAN; 50], &[true; 50], FINENESS, None), Vec::<f64>::new());
    }
}
