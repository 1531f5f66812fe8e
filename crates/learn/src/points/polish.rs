//! A card of whole points, made better by changes of single points and by exchanges of conditions.

use super::cases::Levels;
use super::tally::Tally;
use super::{Cases, Limits, Line};

/// Points of all conditions and what they are worth.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Card {
    pub(super) points: Vec<i32>,
    pub(super) line: Line,
    scores: Vec<i32>,
}

/// One condition's points changed.
#[derive(Debug, Clone, Copy)]
struct Change {
    condition: usize,
    points: i32,
    line: Line,
}

/// What a change must gain: less is the noise of sums.
const WORTHWHILE: f64 = 1e-7;

impl Card {
    pub(super) fn new(cases: &Cases, limits: &Limits, points: Vec<i32>) -> Self {
        let scores = cases.scores(&points);
        let mut tally = bounds(&scores, &[0], 0);
        for (row, score) in scores.iter().enumerate() {
            tally.add(*score, cases.won[row], cases.lost[row]);
        }
        let flat = Line { start: 0.0, slope: 0.0, loss: f64::INFINITY };
        let line = tally.line(flat, price(limits, &points), f64::INFINITY).unwrap_or(flat);
        Self { points, line, scores }
    }

    /// A card without points.
    pub(super) fn empty(cases: &Cases) -> Self {
        let none = Limits { conditions: 0, points: Vec::new(), shrinkage: 0.0 };
        Self::new(cases, &none, vec![0; cases.conditions()])
    }

    /// Changes single points until no change gains.
    pub(super) fn settle(&mut self, cases: &Cases, limits: &Limits) {
        for _ in 0..100 {
            let mut changed = false;
            for condition in 0..self.points.len() {
                if self.points[condition] != 0 {
                    changed |= self.retry(cases, limits, condition, &[condition]);
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// Adds what may still be added, exchanges conditions and changes points until nothing gains.
    pub(super) fn exchange(&mut self, cases: &Cases, limits: &Limits) {
        for _ in 0..100 {
            let mut changed = false;
            for condition in 0..self.points.len() {
                if self.points[condition] != 0 {
                    let others = self.unused_beside(condition);
                    changed |= self.retry(cases, limits, condition, &others);
                }
            }
            changed |= self.grow(cases, limits);
            if !changed {
                return;
            }
            self.settle(cases, limits);
        }
    }

    /// Gives points to one more condition, where the limits leave room for one that gains.
    fn grow(&mut self, cases: &Cases, limits: &Limits) -> bool {
        let used = self.points.iter().filter(|points| **points != 0).count();
        let unused: Vec<usize> = (0..self.points.len()).filter(|place| self.points[*place] == 0).collect();
        match unused.first() {
            Some(first) if used < limits.conditions => self.retry(cases, limits, *first, &unused),
            _ => false,
        }
    }

    fn unused_beside(&self, condition: usize) -> Vec<usize> {
        (0..self.points.len()).filter(|place| *place == condition || self.points[*place] == 0).collect()
    }

    /// Takes one condition's points away and gives some to the best of those named; whether that gained.
    fn retry(&mut self, cases: &Cases, limits: &Limits, condition: usize, named: &[usize]) -> bool {
        let column = &cases.columns[condition];
        let before = self.points[condition];
        let mut base = self.scores.clone();
        shift(&mut base, column, -before);
        self.points[condition] = 0;
        let mut best: Option<Change> = None;
        for candidate in named {
            let bound = best.map_or(self.line.loss - WORTHWHILE, |best| best.line.loss);
            let near = if *candidate == condition { before } else { 0 };
            best = self.change(cases, limits, &base, (*candidate, near), bound).or(best);
        }
        let Some(best) = best else {
            self.points[condition] = before;
            return false;
        };
        shift(&mut base, &cases.columns[best.condition], best.points);
        self.points[best.condition] = best.points;
        (self.scores, self.line) = (base, best.line);
        true
    }

    /// The best points of one condition, near those it had, on top of scores without it; nothing where none is better than a bound.
    fn change(
        &self,
        cases: &Cases,
        limits: &Limits,
        base: &[i32],
        (condition, near): (usize, i32),
        bound: f64,
    ) -> Option<Change> {
        let column = &cases.columns[condition];
        let by_level = by_level(cases, base, column);
        let (least, most) = limits.points[condition];
        let others = price(limits, &self.points);
        let mut best: Option<Change> = None;
        for points in tried(near, least, most) {
            let bound = best.map_or(bound, |best| best.line.loss);
            let price = others + limits.shrinkage * f64::from(points * points);
            let tally = merged(&by_level, column, points);
            let line = tally.line(self.line, price, bound).filter(|line| line.loss < bound);
            best = line.map(|line| Change { condition, points, line }).or(best);
        }
        best
    }
}

/// The points that are tried: all of a few, and of many those nearby and some in every part.
fn tried(near: i32, least: i32, most: i32) -> impl Iterator<Item = i32> {
    let step = 1 + (most - least) / 40;
    (least..=most).filter(move |points| {
        *points != 0
            && (points % step == 0 || (points - near).abs() <= 3 || *points == least || *points == most)
    })
}

/// What half the square of a slope costs: log-odds are points times slope.
fn price(limits: &Limits, points: &[i32]) -> f64 {
    limits.shrinkage * points.iter().map(|points| f64::from(points * points)).sum::<f64>()
}

fn shift(scores: &mut [i32], column: &Levels, points: i32) {
    for (score, code) in scores.iter_mut().zip(&column.codes) {
        *score += points * column.levels[usize::from(*code)];
    }
}

/// An empty tally that holds scores and what so many points may add to them.
fn bounds(scores: &[i32], levels: &[i32], points: i32) -> Tally {
    let (low, high) = extremes(scores);
    let (less, more) = extremes(&levels.iter().map(|level| level * points).collect::<Vec<i32>>());
    Tally::new(low + less, high + more)
}

fn extremes(numbers: &[i32]) -> (i32, i32) {
    numbers.iter().fold((i32::MAX, i32::MIN), |(low, high), number| (low.min(*number), high.max(*number)))
}

/// The tally of scores, apart for each level of a column.
fn by_level(cases: &Cases, scores: &[i32], column: &Levels) -> Vec<Tally> {
    let (low, high) = extremes(scores);
    let mut tallies = vec![Tally::new(low, high); column.levels.len()];
    for (row, (score, code)) in scores.iter().zip(&column.codes).enumerate() {
        tallies[usize::from(*code)].add(*score, cases.won[row], cases.lost[row]);
    }
    tallies
}

/// The tally once each level of a column adds its points.
fn merged(by_level: &[Tally], column: &Levels, points: i32) -> Tally {
    let lowest = by_level.iter().map(|tally| tally.lowest).min().unwrap_or(0);
    let width = by_level.iter().map(|tally| tally.won.len()).max().unwrap_or(0);
    let (less, more) = extremes(&column.levels.iter().map(|level| level * points).collect::<Vec<i32>>());
    let highest = lowest + i32::try_from(width).unwrap_or(i32::MAX) - 1;
    let mut all = Tally::new(lowest + less, highest + more);
    for (tally, level) in by_level.iter().zip(&column.levels) {
        let place = usize::try_from(tally.lowest + level * points - all.lowest).unwrap_or(0);
        for (nth, (won, lost)) in tally.won.iter().zip(&tally.lost).enumerate() {
            all.won[place + nth] += won;
            all.lost[place + nth] += lost;
        }
    }
    all
}
