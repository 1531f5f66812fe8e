//! Rows that are alike, told once: what they have and how many had the outcome.

use rustc_hash::FxHashMap;

/// Conditions as columns of small whole numbers, beside outcomes; equal rows are one.
#[derive(Debug, Clone, PartialEq)]
pub struct Cases {
    pub(super) columns: Vec<Levels>,
    pub(super) won: Vec<f64>,
    pub(super) lost: Vec<f64>,
}

/// A column of few distinct numbers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Levels {
    /// The distinct numbers, ascending.
    pub(super) levels: Vec<i32>,
    /// Of each row, the place of its number.
    pub(super) codes: Vec<u16>,
}

impl Levels {
    fn new(numbers: &[i32]) -> Self {
        let mut levels = numbers.to_vec();
        levels.sort_unstable();
        levels.dedup();
        let code = |number: &i32| u16::try_from(levels.partition_point(|level| level < number)).unwrap_or(0);
        let codes = numbers.iter().map(code).collect();
        Self { levels, codes }
    }

    pub(super) fn at(&self, row: usize) -> i32 {
        self.levels[usize::from(self.codes[row])]
    }
}

impl Cases {
    /// The cases of columns of equal length; each column has at most 65,536 distinct numbers.
    #[must_use]
    pub fn new(columns: &[Vec<i32>], outcomes: &[bool]) -> Self {
        let mut places: FxHashMap<Vec<i32>, usize> = FxHashMap::default();
        let (mut firsts, mut won, mut lost) = (Vec::new(), Vec::new(), Vec::new());
        for (row, outcome) in outcomes.iter().enumerate() {
            let key = columns.iter().map(|column| column[row]).collect();
            let place = *places.entry(key).or_insert(firsts.len());
            if place == firsts.len() {
                firsts.push(row);
                won.push(0.0);
                lost.push(0.0);
            }
            *if *outcome { &mut won[place] } else { &mut lost[place] } += 1.0;
        }
        let kept = |column: &Vec<i32>| firsts.iter().map(|row| column[*row]).collect::<Vec<i32>>();
        Self { columns: columns.iter().map(|column| Levels::new(&kept(column))).collect(), won, lost }
    }

    /// Cases that have been counted already.
    pub(crate) fn counted(columns: &[Vec<i32>], won: Vec<f64>, lost: Vec<f64>) -> Self {
        Self { columns: columns.iter().map(|column| Levels::new(column)).collect(), won, lost }
    }

    /// One condition more: its number in each distinct row.
    pub(crate) fn push(&mut self, column: &[i32]) {
        self.columns.push(Levels::new(column));
    }

    /// How many distinct rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.won.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.won.is_empty()
    }

    /// How many conditions there are.
    #[must_use]
    pub fn conditions(&self) -> usize {
        self.columns.len()
    }

    /// The scores of points, one a distinct row.
    pub(super) fn scores(&self, points: &[i32]) -> Vec<i32> {
        let mut scores = vec![0; self.len()];
        for (column, points) in self.columns.iter().zip(points).filter(|(_, points)| **points != 0) {
            for (score, code) in scores.iter_mut().zip(&column.codes) {
                *score += points * column.levels[usize::from(*code)];
            }
        }
        scores
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rows_are_told_once() {
        let cases = Cases::new(&[vec![1, 0, 1], vec![5, 2, 5]], &[true, false, false]);
        assert_eq!(cases.len(), 2);
        assert_eq!((cases.won, cases.lost), (vec![1.0, 0.0], vec![1.0, 1.0]));
        assert_eq!(cases.columns[1].levels, [2, 5]);
    }
}
