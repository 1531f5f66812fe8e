//! A scorecard fitted to a data set.

use super::bins::Bins;
use super::joint::Condition;
use super::language::seen;
use super::questions::Questions;
use super::{Settings, SuggestError, check_leads};
use crate::points::Line;
use crate::{Dataset, Feature, Table, measure::design_effect, odds};

/// Rules that were learned.
#[derive(Debug, Clone, PartialEq)]
pub struct Scorecard {
    /// Its rules on one thing, those that move scores most first.
    pub rules: Vec<Rule>,
    /// Its rules on two things at once, those with most points first.
    pub joint: Vec<Joint>,
    /// The log-odds that a score stands for.
    pub line: Line,
    /// One over the variance that was expected of log-odds.
    pub shrinkage: f64,
}

/// Points for one thing that is known of a lead.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What it looks at.
    pub feature: Feature,
    /// How its values fall into bins.
    pub bins: Bins,
    /// The least of its numbers, where they are numbers.
    pub least: Option<f64>,
    /// What each bin is worth, the one of what is missing last.
    pub bands: Vec<Band>,
}

/// Points for two things that are known of a lead at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Joint {
    /// What has to be so.
    pub conditions: [Condition; 2],
    /// What both together are worth beyond what each is.
    pub band: Band,
}

/// What a bin is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Whole points.
    pub points: i32,
    /// Points before they were rounded.
    pub exact: f64,
    /// How far the exact points may be off: one standard deviation.
    pub deviation: f64,
    /// How many leads are in it.
    pub rows: usize,
    /// How many of these have the outcome.
    pub positives: usize,
}

impl Scorecard {
    /// The scorecard that a data set suggests.
    ///
    /// # Errors
    /// When there are too few leads with the outcome, or without it.
    pub fn new(dataset: &Dataset, settings: &Settings) -> Result<Self, SuggestError> {
        check_leads(dataset)?;
        let outcomes = dataset.outcomes();
        let mut questions = Questions::new(&dataset.table, &outcomes, settings);
        let (fit, points, shrinkage) = questions.answered(&dataset.table, settings);
        let mut rules = questions.rules(&dataset.table, &outcomes, settings, &fit, &points);
        rules.sort_by(|a, b| b.reach().total_cmp(&a.reach()));
        let joint = questions.joint(&dataset.table, &outcomes, &fit, &points);
        let mut card = Self { rules, joint, line: points.line, shrinkage };
        card.widen(dataset, &outcomes);
        card.rules.iter_mut().for_each(Rule::level);
        Ok(card)
    }

    /// Makes deviations as much the larger as rows of one lead tell the same again.
    fn widen(&mut self, dataset: &Dataset, outcomes: &[bool]) {
        let log_odds = |score: f64| self.line.start + self.line.slope * score;
        let surprise = |(score, outcome): (&f64, &bool)| {
            f64::from(u8::from(*outcome)) - odds::probability(log_odds(*score))
        };
        let scores = self.scores(&dataset.table);
        let parts: Vec<f64> = scores.iter().zip(outcomes).map(surprise).collect();
        let times = libm::sqrt(design_effect(&parts, &dataset.leads()));
        let joint = self.joint.iter_mut().map(|joint| &mut joint.band);
        let bands = self.rules.iter_mut().flat_map(|rule| &mut rule.bands).chain(joint);
        bands.for_each(|band| band.deviation *= times);
    }

    /// The points of each row of a table.
    #[must_use]
    pub fn scores(&self, table: &Table) -> Vec<f64> {
        let mut scores = vec![0.0; table.rows()];
        for rule in &self.rules {
            let column = table.columns().iter().find(|column| column.feature == rule.feature);
            let Some(column) = column else { continue };
            for (score, bin) in scores.iter_mut().zip(rule.bins.of(&seen(&column.feature, &column.values))) {
                *score += f64::from(rule.bands[bin].points);
            }
        }
        for joint in &self.joint {
            let [first, second] = joint.conditions.each_ref().map(|condition| condition.met(table));
            for (score, both) in scores.iter_mut().zip(first.iter().zip(second)) {
                *score += if *both.0 && both.1 { f64::from(joint.band.points) } else { 0.0 };
            }
        }
        scores
    }

    /// How many rules it has.
    #[must_use]
    pub fn size(&self) -> usize {
        self.rules.len() + self.joint.len()
    }

    /// What its rules are worth, whatever they ask for.
    pub fn bands(&self) -> impl Iterator<Item = &Band> {
        self.rules.iter().flat_map(|rule| &rule.bands).chain(self.joint.iter().map(|joint| &joint.band))
    }

    /// How many bands have points.
    #[must_use]
    pub fn priced_bands(&self) -> usize {
        self.bands().filter(|band| band.points != 0).count()
    }
}

impl Band {
    /// Where the points before rounding lie, at 95 %.
    #[must_use]
    pub fn interval(&self) -> (f64, f64) {
        (self.exact - 1.96 * self.deviation, self.exact + 1.96 * self.deviation)
    }

    /// Whether it has points that might as well be 0.
    #[must_use]
    pub fn is_unsure(&self) -> bool {
        let (low, high) = self.interval();
        self.points != 0 && low <= 0.0 && high >= 0.0
    }
}

impl Rule {
    /// Measures exact points from where whole points are measured from. What is added to all bands of a rule is taken from the start and
    /// changes no probability, and limits of points may ask for it; only where some band has no points at all there is nothing to choose.
    #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
    fn level(&mut self) {
        let there = || self.bands.iter().filter(|band| band.rows > 0);
        if there().any(|band| band.exact == 0.0) {
            return;
        }
        let rows: f64 = there().map(|band| band.rows as f64).sum();
        let off =
            there().map(|band| (f64::from(band.points) - band.exact) * band.rows as f64).sum::<f64>() / rows;
        self.bands.iter_mut().filter(|band| band.rows > 0).for_each(|band| band.exact += off);
    }

    /// How far the rule moves scores: the standard deviation of its points.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
    pub fn reach(&self) -> f64 {
        let rows: f64 = self.bands.iter().map(|band| band.rows as f64).sum();
        let mean = |of: &dyn Fn(f64) -> f64| {
            let weighted = self.bands.iter().map(|band| of(f64::from(band.points)) * band.rows as f64);
            weighted.sum::<f64>() / rows
        };
        let average = mean(&|points| points);
        libm::sqrt(mean(&|points| (points - average) * (points - average)))
    }
}
