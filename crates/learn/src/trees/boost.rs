//! Trees added one by one, each to mend what those before it got wrong.

use super::grow::{Ground, Grown};
use super::histogram::Pull;
use super::{Direction, TreeSettings};
use crate::Random;
use crate::binned::Binned;
use crate::odds;

/// What trees learn from.
#[derive(Clone, Copy)]
pub(crate) struct Lessons<'a> {
    pub(crate) binned: &'a Binned,
    pub(crate) outcomes: &'a [bool],
    pub(crate) settings: &'a TreeSettings,
    /// Of each column; [`Direction::Any`] for those beyond its end.
    pub(crate) directions: &'a [Direction],
    pub(crate) threads: usize,
}

/// Trees in the making.
pub(crate) struct Boosting<'a> {
    lessons: Lessons<'a>,
    /// The rows that trees are grown from.
    taught: Vec<u32>,
    /// Rows that are only watched.
    watched: Vec<u32>,
    random: Random,
    pulls: Vec<Pull>,
    /// The log-odds of every row that is taught or watched, by row.
    pub(crate) log_odds: Vec<f64>,
    /// The log-odds of a row before any tree.
    pub(crate) base: f64,
    /// The trees so far.
    pub(crate) trees: Vec<Grown>,
}

impl<'a> Boosting<'a> {
    /// Begins with the base rate of the rows that are taught.
    pub(crate) fn new(lessons: Lessons<'a>, taught: Vec<u32>, watched: Vec<u32>, seed: u64) -> Self {
        let base = odds::base(lessons.outcomes, &taught);
        let rows = lessons.binned.rows;
        Self {
            lessons,
            taught,
            watched,
            random: Random::new(seed),
            pulls: vec![[0.0; 2]; rows],
            log_odds: vec![base; rows],
            base,
            trees: Vec::new(),
        }
    }

    /// Adds a tree.
    pub(crate) fn add(&mut self) {
        let columns = self.columns();
        let (seen, mut unseen) = self.rows();
        self.pull(&seen);
        let Lessons { binned, settings, directions, threads, .. } = self.lessons;
        let ground = Ground { binned, settings, directions, columns: &columns, pulls: &self.pulls, threads };
        let log_odds = &mut self.log_odds;
        let tree = ground.grow(seen, |row, value| log_odds[row as usize] += value);
        unseen.extend(&self.watched);
        for row in unseen {
            log_odds[row as usize] += tree.value(binned, row as usize);
        }
        self.trees.push(tree);
    }

    /// The mean log loss of the rows that are only watched.
    #[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^52")]
    pub(crate) fn loss(&self) -> f64 {
        let loss =
            |row: &u32| odds::surprise(self.log_odds[*row as usize], self.lessons.outcomes[*row as usize]);
        self.watched.iter().map(loss).sum::<f64>() / self.watched.len().max(1) as f64
    }

    /// The columns that the next tree sees.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of the columns"
    )]
    fn columns(&mut self) -> Vec<usize> {
        let all = self.lessons.binned.columns.len();
        let some = (self.lessons.settings.column_share * all as f64).ceil() as usize;
        let mut columns: Vec<usize> = (0..all).collect();
        if some < all {
            self.random.shuffle(&mut columns);
            columns.truncate(some.max(1));
            columns.sort_unstable();
        }
        columns
    }

    /// The taught rows that the next tree sees, and those that it does not.
    fn rows(&mut self) -> (Vec<u32>, Vec<u32>) {
        let share = self.lessons.settings.row_share;
        if share >= 1.0 {
            return (self.taught.clone(), Vec::new());
        }
        let random = &mut self.random;
        self.taught.iter().partition(|_| random.unit() < share)
    }

    /// Where each row wants to go, and how surely.
    #[expect(clippy::cast_possible_truncation, reason = "sums are in f64, single pulls need less")]
    fn pull(&mut self, rows: &[u32]) {
        for row in rows.iter().map(|row| *row as usize) {
            let probability = odds::probability(self.log_odds[row]);
            let outcome = f64::from(u8::from(self.lessons.outcomes[row]));
            self.pulls[row] = [(probability - outcome) as f32, (probability * (1.0 - probability)) as f32];
        }
    }
}
