//! Rules that ask for two things at once: pairs of conditions that tell what rules on single columns leave open.
//!
//! Pairs are found in the manner of FAST (Lou, Caruana, Gehrke and Hooker, 2013): what the rules so far miss is summed once in the
//! cells of two columns' bins, and each pair of conditions is a block of cells.

use super::atoms::{Atom, Distinct};
use super::bins::{Bins, Count, Direction};
use super::language::seen;
use crate::points::{Cases, Fit, residuals};
use crate::{Column, Feature, MISSING, Table, Values};

/// Something that may be known of a lead.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// What it looks at.
    pub feature: Feature,
    /// What that has to be.
    pub holds: Holds,
}

/// What a value has to be. A missing one never is.
#[derive(Debug, Clone, PartialEq)]
pub enum Holds {
    /// A number below this one.
    Below(f64),
    /// This number, or one above it.
    From(f64),
    /// One of these texts.
    In(Vec<String>),
}

impl Condition {
    /// Whether each row of a table meets it.
    pub(super) fn met(&self, table: &Table) -> Vec<bool> {
        let column = table.columns().iter().find(|column| column.feature == self.feature);
        let met = |column: &Column| self.holds.of(&seen(&column.feature, &column.values));
        column.map_or_else(|| vec![false; table.rows()], met)
    }
}

impl Holds {
    /// What the bins are that meet a question about numbers up to some, or from some on, or about groups of texts.
    pub(super) fn new(bins: &Bins, atom: Atom) -> Self {
        match bins {
            Bins::Cuts(cuts) if atom.from == 0 => Self::Below(cuts[atom.to - 1]),
            Bins::Cuts(cuts) => Self::From(cuts[atom.from - 1]),
            Bins::Groups(groups) => {
                let mut texts = groups[atom.from..atom.to].concat();
                texts.sort();
                Self::In(texts)
            }
        }
    }

    /// Whether each value is so.
    fn of(&self, values: &Values) -> Vec<bool> {
        match (self, values) {
            (Self::Below(end), Values::Numbers(numbers)) => {
                numbers.iter().map(|number| number < end).collect()
            }
            (Self::From(least), Values::Numbers(numbers)) => {
                numbers.iter().map(|number| number >= least).collect()
            }
            (Self::In(texts), Values::Categories { codes, levels }) => {
                let is_meant: Vec<bool> = levels.iter().map(|level| texts.contains(level)).collect();
                codes.iter().map(|code| *code != MISSING && is_meant[*code as usize]).collect()
            }
            (_, values) => vec![false; values.len()],
        }
    }
}

/// How many columns are paired with each other: those that tell most by themselves.
pub(super) const PAIRED: usize = 20;

/// Conditions that may be joined.
pub(super) struct Pairs {
    /// Of each column that is paired, its conditions.
    columns: Vec<Vec<Atom>>,
    /// The least rows that meet both.
    least: f64,
    /// What the best of so many pairs gains in log loss by chance alone, about: the logarithm of their number.
    pub(super) price: f64,
}

impl Pairs {
    /// The pairs of conditions on columns, each with its bins and the direction in which it may go.
    #[expect(clippy::cast_precision_loss, reason = "counts of pairs")]
    pub(super) fn new<'b>(
        columns: impl Iterator<Item = (usize, &'b Bins, Option<Direction>)>,
        least: f64,
    ) -> Self {
        let mut columns: Vec<Vec<Atom>> =
            columns.map(|(column, bins, direction)| halves(column, bins, direction)).collect();
        columns.retain(|conditions| !conditions.is_empty());
        columns.sort_by_key(|conditions| conditions[0].column);
        let all: usize = columns.iter().map(Vec::len).sum();
        let squares: usize = columns.iter().map(|conditions| conditions.len() * conditions.len()).sum();
        let pairs = (all * all - squares) / 2;
        Self { columns, least, price: libm::log(pairs.max(1) as f64) }
    }

    /// The pair that promises most beside what is fitted, where that is more than chance would give.
    pub(super) fn best(
        &self,
        distinct: &Distinct,
        cases: &Cases,
        from: &Fit,
        shrinkage: f64,
    ) -> Option<[Atom; 2]> {
        let (misses, spreads) = residuals(cases, from);
        let mut best: Option<(f64, [Atom; 2])> = None;
        for (place, first) in self.columns.iter().enumerate() {
            for second in &self.columns[place + 1..] {
                let cells = Cells::new(distinct, [first[0].column, second[0].column], &misses, &spreads);
                for pair in first.iter().flat_map(|one| second.iter().map(move |other| [*one, *other])) {
                    let gain = cells.gain(pair, self.least, shrinkage);
                    if gain > best.map_or(self.price, |best| best.0) {
                        best = Some((gain, pair));
                    }
                }
            }
        }
        best.map(|(_, pair)| pair)
    }
}

/// The signs that the points of two conditions together may have.
pub(super) fn signs([first, second]: [Atom; 2]) -> (i32, i32) {
    (first.signs.0.max(second.signs.0), first.signs.1.min(second.signs.1))
}

/// The conditions on a column that part its known bins in two.
fn halves(column: usize, bins: &Bins, direction: Option<Direction>) -> Vec<Atom> {
    let known = bins.count() - if matches!(bins, Bins::Groups(_)) { 2 } else { 1 };
    let (below, above) = match direction {
        None => ((-1, 1), (-1, 1)),
        Some(Direction::Up) => ((-1, 0), (0, 1)),
        Some(Direction::Down) => ((0, 1), (-1, 0)),
    };
    let half = |from, to, signs| Atom { column, from, to, signs, price: 0.0 };
    (1..known).flat_map(|cut| [half(0, cut, below), half(cut, known, above)]).collect()
}

/// Rows with the same bins: what became of them, how many more had the outcome than was said, and how much of that is chance.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    count: Count,
    miss: f64,
    spread: f64,
}

impl Cell {
    fn add(&mut self, other: Self) {
        self.count = self.count.plus(other.count);
        self.miss += other.miss;
        self.spread += other.spread;
    }
}

/// What is missed in each cell of two columns' bins.
struct Cells {
    /// How many bins the second column has.
    width: usize,
    /// Of each cell of the first column's bins, those of the second.
    cells: Vec<Cell>,
    all: Cell,
}

impl Cells {
    fn new(distinct: &Distinct, columns: [usize; 2], misses: &[f64], spreads: &[f64]) -> Self {
        let [first, second] = columns.map(|column| distinct.bins(column));
        let count = |bins: &[usize]| bins.iter().max().map_or(0, |most| most + 1);
        let width = count(second);
        let mut cells = vec![Cell::default(); count(first) * width];
        for (row, (one, other)) in first.iter().zip(second).enumerate() {
            let cell = Cell { count: distinct.count(row), miss: misses[row], spread: spreads[row] };
            cells[one * width + other].add(cell);
        }
        let mut all = Cell::default();
        cells.iter().for_each(|cell| all.add(*cell));
        Self { width, cells, all }
    }

    /// What a pair would gain in log loss by its own log-odds and a new start; 0 where too few rows meet it or its sign is not allowed.
    ///
    /// What one corner of two conditions tells, the opposite one tells as well. Only those are asked for whose points go the way in
    /// which their rows convert: a rule that adds points to those who convert less would puzzle whoever reads it.
    fn gain(&self, pair: [Atom; 2], least: f64, shrinkage: f64) -> f64 {
        let mut sum = Cell::default();
        for row in self.cells.chunks(self.width.max(1)).take(pair[0].to).skip(pair[0].from) {
            row.iter().take(pair[1].to).skip(pair[1].from).for_each(|cell| sum.add(*cell));
        }
        let Cell { count, miss, spread } = sum;
        let (low, high) = signs(pair);
        let allowed = if miss > 0.0 { high > 0 } else { low < 0 };
        let is_plain = (count.rate() > self.all.count.rate()) == (miss > 0.0);
        let curvature = spread - spread * spread / self.all.spread.max(1e-12) + shrinkage;
        if count.rows() < least || !allowed || !is_plain { 0.0 } else { miss * miss / curvature / 2.0 }
    }
}
