//! Trees added one by one, each to mend what those before it got wrong.

use super::grow::{Ground, Grown};
use super::histogram::Layout;
use super::path::Paths;
use super::pull::{Pull, Scale};
use super::rows::part;
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
    scale: Scale,
    /// The rows of the last tree, and room to bring them into order.
    order: [Vec<u32>; 2],
    /// The log-odds of every row that is taught or watched, by row.
    log_odds: Vec<f64>,
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
            random: Random::new(seed),
            pulls: vec![Pull::default(); rows],
            scale: Scale::new(taught.len()),
            order: [taught.clone(), taught.clone()],
            taught,
            watched,
            log_odds: vec![base; rows],
            base,
            trees: Vec::new(),
        }
    }

    /// Adds a tree.
    pub(crate) fn add(&mut self) {
        let columns = self.columns();
        let seen = self.deal();
        self.pull(seen);
        let Lessons { binned, settings, directions, threads, .. } = self.lessons;
        let (layout, scale) = (Layout::new(binned, &columns), self.scale);
        let ground = Ground { binned, settings, directions, layout, pulls: &self.pulls, scale, threads };
        let ([order, spare], log_odds) = (&mut self.order, &mut self.log_odds);
        let (seen, unseen) = order.split_at_mut(seen);
        let tree = ground.grow(seen, spare, |rows, value| {
            rows.iter().for_each(|row| log_odds[*row as usize] += value);
        });
        let paths = Paths::new(&tree);
        for row in unseen.iter().chain(&self.watched) {
            log_odds[*row as usize] += paths.value(binned, *row);
        }
        self.trees.push(tree);
    }

    /// The mean log loss of the rows that are only watched.
    #[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^52")]
    pub(crate) fn loss(&self) -> f64 {
        let rows = self.watched.iter().map(|row| *row as usize);
        let loss = odds::Loss::of(rows.map(|row| (self.log_odds[row], self.lessons.outcomes[row])));
        loss / self.watched.len().max(1) as f64
    }

    /// The log-odds of the rows that are only watched.
    pub(crate) fn foretold(&self) -> Vec<f64> {
        self.watched.iter().map(|row| self.log_odds[*row as usize]).collect()
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

    /// Orders the taught rows anew: those come first that the next tree sees. Tells how many.
    fn deal(&mut self) -> usize {
        let ([order, spare], random) = (&mut self.order, &mut self.random);
        let share = self.lessons.settings.row_share;
        order.copy_from_slice(&self.taught);
        if share >= 1.0 { order.len() } else { part(order, spare, |_| random.unit() < share) }
    }

    /// Where each of the first rows wants to go, and how surely.
    fn pull(&mut self, seen: usize) {
        for row in self.order[0][..seen].iter().map(|row| *row as usize) {
            let probability = odds::probability(self.log_odds[row]);
            let outcome = f64::from(u8::from(self.lessons.outcomes[row]));
            self.pulls[row] = self.scale.pull(probability - outcome, probability * (1.0 - probability));
        }
    }
}
