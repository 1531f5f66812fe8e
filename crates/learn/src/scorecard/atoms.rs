//! Yes-or-no questions about bins: what points are given to.

use rustc_hash::FxHashMap;

use super::bins::{Bins, Count, Direction};
use crate::points::Cases;

/// Whether a column's bin is within a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Atom {
    pub(super) column: usize,
    /// The first bin that meets it.
    pub(super) from: usize,
    /// The bin behind the last that meets it.
    pub(super) to: usize,
    /// The signs that its points may have: the least and the most, as -1, 0, 1.
    pub(super) signs: (i32, i32),
    /// What it has to gain in log loss for having been picked from many.
    pub(super) price: f64,
}

impl Atom {
    pub(super) fn meets(self, bin: usize) -> bool {
        (self.from..self.to).contains(&bin)
    }
}

/// What is asked of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Each bin by itself.
    Bins,
    /// Bins from each one on; the first is worth nothing.
    Steps(Option<Direction>),
    /// Bins up to each one: what happened within so many days. What never happened is worth nothing.
    Within(Option<Direction>),
    /// Any bins that follow each other.
    Ranges(Option<Direction>),
}

/// The questions about a column.
pub(super) fn atoms(column: usize, bins: &Bins, asked: Asked) -> Vec<Atom> {
    let missing = bins.count() - 1;
    // Texts that are too rare to say anything of are worth nothing.
    let known = if matches!(bins, Bins::Groups(_)) { missing - 1 } else { missing };
    let atom = |from: usize, to: usize, signs| Atom { column, from, to, signs, price: 0.0 };
    let signs = |direction: Option<Direction>| match direction {
        None => (-1, 1),
        Some(Direction::Up) => (0, 1),
        Some(Direction::Down) => (-1, 0),
    };
    let mut atoms: Vec<Atom> = match asked {
        Asked::Bins => (0..known).map(|bin| atom(bin, bin + 1, (-1, 1))).collect(),
        Asked::Within(direction) => {
            let falls = direction.map(Direction::turned);
            return (1..=missing).map(|to| atom(0, to, signs(falls))).collect();
        }
        Asked::Steps(direction) | Asked::Ranges(direction @ Some(_)) => {
            (1..missing).map(|bin| atom(bin, missing, signs(direction))).collect()
        }
        Asked::Ranges(None) => {
            let ranges = (0..known).flat_map(|from| (from + 1..=known).map(move |to| (from, to)));
            ranges.filter(|range| *range != (0, missing)).map(|(from, to)| atom(from, to, (-1, 1))).collect()
        }
    };
    atoms.push(atom(missing, missing + 1, (-1, 1)));
    atoms
}

/// Rows with the same bins, told once.
pub(super) struct Distinct {
    /// Of each column, the bins of the distinct rows.
    bins: Vec<Vec<usize>>,
    won: Vec<f64>,
    lost: Vec<f64>,
}

impl Distinct {
    pub(super) fn new(bins: &[Vec<usize>], outcomes: &[bool]) -> Self {
        let mut places: FxHashMap<Vec<usize>, usize> = FxHashMap::default();
        let mut distinct = Self { bins: vec![Vec::new(); bins.len()], won: Vec::new(), lost: Vec::new() };
        for (row, outcome) in outcomes.iter().enumerate() {
            let key: Vec<usize> = bins.iter().map(|column| column[row]).collect();
            let next = distinct.won.len();
            let place = *places.entry(key).or_insert(next);
            if place == next {
                distinct.bins.iter_mut().zip(bins).for_each(|(kept, column)| kept.push(column[row]));
                distinct.won.push(0.0);
                distinct.lost.push(0.0);
            }
            *if *outcome { &mut distinct.won[place] } else { &mut distinct.lost[place] } += 1.0;
        }
        distinct
    }

    /// Of a column, the bins of the distinct rows.
    pub(super) fn bins(&self, column: usize) -> &[usize] {
        &self.bins[column]
    }

    /// How many rows a distinct one stands for, with the outcome and without it.
    pub(super) fn count(&self, row: usize) -> Count {
        Count { won: self.won[row], lost: self.lost[row] }
    }

    /// The answers to questions as cases.
    pub(super) fn cases(&self, atoms: &[Atom]) -> Cases {
        let answers = atoms.iter().map(|atom| self.answers(&[*atom])).collect::<Vec<_>>();
        Cases::counted(&answers, self.won.clone(), self.lost.clone())
    }

    /// Of each distinct row, 1 where it meets all of some questions, else 0.
    pub(super) fn answers(&self, asked: &[Atom]) -> Vec<i32> {
        let is_met = |row: usize| asked.iter().all(|atom| atom.meets(self.bins[atom.column][row]));
        (0..self.won.len()).map(|row| i32::from(is_met(row))).collect()
    }
}
