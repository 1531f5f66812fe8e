//! Columns as small whole numbers: values that lie together share a bin, so that a million rows take a byte each.

use std::collections::BTreeMap;

use crate::{Feature, MISSING, Random, Table, Values, threads};

/// The bin of what is missing.
pub(crate) const NONE: u8 = 0;
/// The most bins of known values.
const MOST: usize = 254;
/// Of fewer rows than this, numbers share fewer bins: finer ones tell nothing more there, and are searched for longer.
const PLENTY: usize = 20_000;
const MOST_OF_FEW: usize = 126;
/// Levels of fewer rows are as if missing: nothing can be learned of them.
const RAREST: usize = 3;
/// Neighbouring numbers share a bin until they are this many rows.
const FEWEST: usize = 3;
/// Cuts are found in a sample of this many rows where there are more.
const SAMPLE: usize = 200_000;
/// Bins are found for so many rows at a time.
const BLOCK: usize = 1024;

/// A table whose values are bins; 0 where they are missing.
#[derive(Debug)]
pub(crate) struct Binned {
    /// Its columns, in the table's order.
    pub(crate) columns: Vec<BinnedColumn>,
    /// How many rows there are.
    pub(crate) rows: usize,
    /// The bins of the first row, column by column, then those of the next: what is asked of a row lies together.
    codes: Vec<u8>,
}

/// One column as bins.
#[derive(Debug)]
pub(crate) struct BinnedColumn {
    /// What it holds.
    pub(crate) feature: Feature,
    /// Which values share a bin.
    pub(crate) bins: Bins,
}

/// Which values share a bin. Bin 0 is for what is missing; numbers that are not finite are as if missing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Bins {
    /// Numbers up to the first cut are in bin 1, those up to the second in bin 2, and so on.
    Cuts(Vec<f64>),
    /// The first level is bin 1, the second bin 2, and so on; other texts are as if missing.
    Levels(Vec<String>),
}

impl Binned {
    /// The table as bins, found on so many threads.
    pub(crate) fn new(table: &Table, threads: usize) -> Self {
        let sample = sample(table.rows());
        let columns = threads::map(table.columns().len(), threads, |place| {
            let column = &table.columns()[place];
            BinnedColumn { feature: column.feature.clone(), bins: Bins::new(&column.values, &sample) }
        });
        let codes = codes(table, &columns, threads);
        Self { columns, rows: table.rows(), codes }
    }

    /// The bins of a row, one a column.
    #[inline]
    pub(crate) fn row(&self, row: usize) -> &[u8] {
        let columns = self.columns.len();
        &self.codes[row * columns..][..columns]
    }

    /// The bins of all rows.
    pub(crate) fn all(&self) -> impl Iterator<Item = &[u8]> {
        self.codes.chunks_exact(self.columns.len().max(1))
    }
}

/// The bins of a table's rows, row by row.
fn codes(table: &Table, columns: &[BinnedColumn], threads: usize) -> Vec<u8> {
    let coders: Vec<Coder<'_>> =
        columns.iter().zip(table.columns()).map(|(binned, plain)| binned.bins.coder(&plain.values)).collect();
    let mut codes = vec![NONE; table.rows() * columns.len()];
    let mut blocks: Vec<_> = codes.chunks_mut((BLOCK * columns.len()).max(1)).enumerate().collect();
    threads::each(&mut blocks, threads, |(number, block)| {
        for (place, coder) in coders.iter().enumerate() {
            let of_column = block.iter_mut().skip(place).step_by(columns.len());
            of_column.zip(*number * BLOCK..).for_each(|(code, row)| *code = coder.bin(row));
        }
    });
    codes
}

/// Finds the bins of a column's rows.
enum Coder<'a> {
    Numbers { cuts: &'a [f64], numbers: &'a [f64] },
    Levels { bins: Vec<u8>, codes: &'a [u32] },
    Nothing,
}

impl Coder<'_> {
    fn bin(&self, row: usize) -> u8 {
        match self {
            Self::Numbers { cuts, numbers } => number_bin(cuts, numbers[row]),
            Self::Levels { bins, codes } => bins.get(codes[row] as usize).copied().unwrap_or(NONE),
            Self::Nothing => NONE,
        }
    }
}

/// The rows in which cuts are found: all, or an even pick of them.
fn sample(rows: usize) -> Vec<usize> {
    if rows <= SAMPLE {
        return (0..rows).collect();
    }
    let mut random = Random::new(rows as u64);
    let mut picked: Vec<usize> = (0..SAMPLE).map(|_| random.below(rows)).collect();
    picked.sort_unstable();
    picked
}

impl Bins {
    fn new(values: &Values, sample: &[usize]) -> Self {
        match values {
            Values::Numbers(numbers) => {
                let mut known: Vec<f64> =
                    sample.iter().map(|row| numbers[*row]).filter(|number| number.is_finite()).collect();
                known.sort_by(f64::total_cmp);
                let most = if sample.len() < PLENTY { MOST_OF_FEW } else { MOST };
                Self::Cuts(cuts(&known, most))
            }
            Values::Categories { codes, levels } => Self::Levels(frequent(codes, levels)),
        }
    }

    /// How many bins there are, with that of what is missing.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Cuts(cuts) => cuts.len() + 2,
            Self::Levels(levels) => levels.len() + 1,
        }
    }

    /// What finds the bin of each value.
    fn coder<'a>(&'a self, values: &'a Values) -> Coder<'a> {
        match (self, values) {
            (Self::Cuts(cuts), Values::Numbers(numbers)) => Coder::Numbers { cuts, numbers },
            (Self::Levels(known), Values::Categories { codes, levels }) => {
                let places = level_places(known, levels).into_iter();
                Coder::Levels { bins: places.map(|place| place.map_or(NONE, level_bin)).collect(), codes }
            }
            _ => Coder::Nothing,
        }
    }
}

/// Of each level, its place among the known ones.
pub(crate) fn level_places(known: &[String], levels: &[String]) -> Vec<Option<usize>> {
    let places: BTreeMap<&str, usize> =
        known.iter().enumerate().map(|(place, level)| (level.as_str(), place)).collect();
    levels.iter().map(|level| places.get(level.as_str()).copied()).collect()
}

fn level_bin(place: usize) -> u8 {
    u8::try_from(place + 1).unwrap_or(NONE)
}

fn number_bin(cuts: &[f64], number: f64) -> u8 {
    if !number.is_finite() { NONE } else { level_bin(cuts.partition_point(|cut| *cut < number)) }
}

/// The levels that enough rows have, the most frequent first.
fn frequent(codes: &[u32], levels: &[String]) -> Vec<String> {
    let mut counts = vec![0_usize; levels.len()];
    codes.iter().filter(|code| **code != MISSING).for_each(|code| counts[*code as usize] += 1);
    let mut kept: Vec<(usize, &String)> =
        counts.into_iter().zip(levels).filter(|(count, _)| *count >= RAREST).collect();
    kept.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    kept.into_iter().take(MOST).map(|(_, level)| level.clone()).collect()
}

/// Cuts between neighbours of sorted numbers, such that about as many rows lie in each bin.
fn cuts(sorted: &[f64], most: usize) -> Vec<f64> {
    let same: Vec<&[f64]> = sorted.chunk_by(|a, b| a == b).collect();
    let (mut cuts, mut held, mut left) = (Vec::new(), 0, sorted.len());
    for pair in same.windows(2) {
        held += pair[0].len();
        let share = left.div_ceil(most - cuts.len()).max(FEWEST);
        if held >= share || (held >= FEWEST && pair[1].len() >= share) {
            cuts.push(between(pair[0][0], pair[1][0]));
            (left, held) = (left - held, 0);
            if cuts.len() + 1 == most {
                break;
            }
        }
    }
    cuts
}

/// A number from `low` on and below `high`, halfway where there is room.
fn between(low: f64, high: f64) -> f64 {
    let middle = low + (high - low) / 2.0;
    if middle >= low && middle < high { middle } else { low }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes_of(bins: &Bins, values: &Values) -> Vec<u8> {
        let coder = bins.coder(values);
        (0..values.len()).map(|row| coder.bin(row)).collect()
    }

    #[test]
    fn few_numbers_have_a_bin_each() {
        let sorted = [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 5.0, 5.0, 5.0];
        assert_eq!(cuts(&sorted, MOST), [0.5, 3.0]);
        assert_eq!([-1.0, 0.5, 0.6, 9.0, f64::NAN].map(|x| number_bin(&[0.5, 3.0], x)), [1, 1, 2, 3, NONE]);
    }

    #[test]
    fn many_numbers_are_cut_into_bins_of_about_equal_size() {
        let sorted: Vec<f64> = (0..100_000).map(f64::from).collect();
        let cuts = cuts(&sorted, MOST);
        assert_eq!(cuts.len(), MOST - 1);
        assert!(cuts.windows(2).all(|pair| (385.0..405.0).contains(&(pair[1] - pair[0]))), "{cuts:?}");
    }

    #[test]
    fn rare_levels_are_as_if_missing() {
        let codes = [0, 1, 1, 1, 2, 2, 2, 2, MISSING];
        let levels = ["chef", "cook", "clerk"].map(String::from).to_vec();
        let values = Values::Categories { codes: codes.to_vec(), levels };
        let bins = Bins::new(&values, &[]);
        assert_eq!(bins, Bins::Levels(vec!["clerk".into(), "cook".into()]));
        assert_eq!(codes_of(&bins, &values), [0, 2, 2, 2, 1, 1, 1, 1, 0]);
    }

    #[test]
    fn infinite_numbers_are_as_if_missing() {
        let values = Values::Numbers(vec![f64::NEG_INFINITY, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, f64::INFINITY]);
        let bins = Bins::new(&values, &[0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(codes_of(&bins, &values), [NONE, 1, 1, 1, 2, 2, 2, NONE]);
    }

    #[test]
    fn the_bins_of_a_row_lie_together_on_any_number_of_threads() {
        let numbers = |name: &str, of: fn(f64) -> f64| crate::Column {
            feature: Feature::Attribute(name.into()),
            values: Values::Numbers((0..3000).map(f64::from).map(of).collect()),
        };
        let columns = vec![numbers("row", |row| row), numbers("odd", |row| row % 2.0)];
        let table = Table::new(columns).expect("a table");
        let binned = Binned::new(&table, 3);
        assert!(binned.all().eq((0..3000).map(|row| binned.row(row))));
        assert_eq!([0, 1, 2999].map(|row| binned.row(row)[1]), [1, 2, 2]);
        let first: Vec<u8> = binned.all().map(|row| row[0]).collect();
        assert!(first.is_sorted() && first[0] == 1 && usize::from(first[2999]) == MOST_OF_FEW);
    }
}
