//! A scorecard fitted to a data set.

use super::atoms::{Asked, Atom, Distinct, atoms};
use super::bins::{Bins, Count, Direction, Fineness};
use super::choose::{chosen, settled};
use super::language::seen;
use super::{FEWEST, Settings, SuggestError};
use crate::points::{Cases, Fit, Limits, Line, Points, fit, points, rounded};
use crate::{Dataset, Feature, Table, Values, measure::design_effect, odds};

/// Rules that were learned.
#[derive(Debug, Clone, PartialEq)]
pub struct Scorecard {
    /// Its rules, those that move scores most first.
    pub rules: Vec<Rule>,
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

/// Columns in bins, and the questions that may be asked of them.
struct Questions {
    bins: Vec<Bins>,
    /// Of each column, the bin of each row.
    of_rows: Vec<Vec<usize>>,
    atoms: Vec<Atom>,
    cases: Cases,
}

/// One over the variance that is expected of log-odds before the data have spoken: a spread of 1.
const EXPECTED: f64 = 1.0;

/// The least share of all leads in a band.
const SHARE: f64 = 0.02;

impl Scorecard {
    /// The scorecard that a data set suggests.
    ///
    /// # Errors
    /// When there are too few leads with the outcome, or without it.
    pub fn new(dataset: &Dataset, settings: &Settings) -> Result<Self, SuggestError> {
        let outcomes = dataset.outcomes();
        let (rows, positives) = (outcomes.len(), dataset.positives());
        if positives.min(rows - positives) < FEWEST {
            return Err(SuggestError::TooFew { positives, rows });
        }
        let questions = Questions::new(&dataset.table, &outcomes, settings);
        let (fit, points, shrinkage) = questions.answered(settings);
        let mut rules = questions.rules(&dataset.table, &outcomes, settings, &fit, &points);
        rules.sort_by(|a, b| b.reach().total_cmp(&a.reach()));
        let mut card = Self { rules, line: points.line, shrinkage };
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
        let bands = self.rules.iter_mut().flat_map(|rule| &mut rule.bands);
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
        scores
    }

    /// How many bands have points.
    #[must_use]
    pub fn priced_bands(&self) -> usize {
        self.rules.iter().flat_map(|rule| &rule.bands).filter(|band| band.points != 0).count()
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

impl Questions {
    fn new(table: &Table, outcomes: &[bool], settings: &Settings) -> Self {
        let fineness = Fineness { most: settings.bands.max(2), share: SHARE };
        let direction = |feature: &Feature| settings.directions.get(feature).copied();
        let columns = table.columns().iter();
        let (mut bins, mut of_rows) = (Vec::new(), Vec::new());
        for column in columns.clone() {
            let values = seen(&column.feature, &column.values);
            let cut = Bins::new(&values, outcomes, fineness, direction(&column.feature));
            of_rows.push(cut.of(&values));
            bins.push(cut);
        }
        let mut questions: Vec<Atom> = columns
            .enumerate()
            .flat_map(|(place, column)| {
                let asked = asked(&column.feature, &bins[place], settings.simple, direction(&column.feature));
                atoms(place, &bins[place], asked)
            })
            .collect();
        questions.retain(|atom| parts_rows(atom, &of_rows[atom.column]));
        let cases = Distinct::new(&of_rows, outcomes).cases(&questions);
        Self { bins, of_rows, atoms: questions, cases }
    }

    /// The log-odds of questions, their points, and the shrinkage of both.
    fn answered(&self, settings: &Settings) -> (Fit, Points, f64) {
        let most = settings.max_points;
        let limits = |shrinkage: f64| Limits {
            conditions: settings.rules,
            points: self.atoms.iter().map(|atom| (atom.signs.0 * most, atom.signs.1 * most)).collect(),
            shrinkage,
        };
        if settings.simple {
            let points = points(&self.cases, &limits(EXPECTED));
            let support: Vec<usize> =
                (0..self.atoms.len()).filter(|place| points.points[*place] != 0).collect();
            return (fit(&self.cases, &support, EXPECTED, None), points, EXPECTED);
        }
        let chosen = chosen(&self.cases, &self.atoms, settings.rules, EXPECTED);
        let (fit, shrinkage) = settled(&self.cases, &self.atoms, chosen, EXPECTED);
        let points = rounded(&self.cases, &limits(shrinkage), &fit);
        (fit, points, shrinkage)
    }

    /// A rule for each column that has points; where rules are simple, for each question that has.
    fn rules(
        &self,
        table: &Table,
        outcomes: &[bool],
        settings: &Settings,
        fit: &Fit,
        points: &Points,
    ) -> Vec<Rule> {
        let priced: Vec<usize> = (0..self.atoms.len()).filter(|place| points.points[*place] != 0).collect();
        let mut together: Vec<&[usize]> = if settings.simple {
            priced.chunks(1).collect()
        } else {
            priced.chunk_by(|a, b| self.atoms[*a].column == self.atoms[*b].column).collect()
        };
        together.retain(|places| !places.is_empty());
        let rule = |places: &[usize]| {
            let column = self.atoms[places[0]].column;
            let asked = if settings.simple { places.to_vec() } else { self.of_column(column) };
            Rule {
                feature: table.columns()[column].feature.clone(),
                bins: self.bins[column].clone(),
                least: least(&table.columns()[column].values),
                bands: self.bands(column, &asked, outcomes, fit, points),
            }
        };
        together.into_iter().map(rule).collect()
    }

    fn of_column(&self, column: usize) -> Vec<usize> {
        (0..self.atoms.len()).filter(|place| self.atoms[*place].column == column).collect()
    }

    /// What the bins of a column are worth by some of the questions about it.
    fn bands(
        &self,
        column: usize,
        asked: &[usize],
        outcomes: &[bool],
        fit: &Fit,
        points: &Points,
    ) -> Vec<Band> {
        let mut counts = vec![Count::default(); self.bins[column].count()];
        self.of_rows[column].iter().zip(outcomes).for_each(|(bin, outcome)| counts[*bin].add(*outcome));
        let met: Vec<Vec<usize>> = (0..counts.len())
            .map(|bin| asked.iter().copied().filter(|place| self.atoms[*place].meets(bin)).collect())
            .collect();
        let average = average(&met, &counts, fit);
        met.iter().zip(&counts).map(|(met, count)| band(met, *count, fit, points, &average)).collect()
    }
}

/// The average log-odds of a column as a weighted sum, where each of its bins has some: what is added to all of them is
/// taken from the start, so that only how far each is from their average can be known. Nothing where a bin is worth 0.
fn average(met: &[Vec<usize>], counts: &[Count], fit: &Fit) -> Vec<(usize, f64)> {
    let rows: f64 = counts.iter().map(|count| count.rows()).sum();
    let fitted = |met: &Vec<usize>| places(met, fit);
    if met.iter().zip(counts).any(|(met, count)| count.rows() > 0.0 && fitted(met).is_empty()) {
        return Vec::new();
    }
    let weighted = |(met, count): (&Vec<usize>, &Count)| {
        let share = count.rows() / rows;
        fitted(met).into_iter().map(move |place| (place, -share))
    };
    met.iter().zip(counts).flat_map(weighted).collect()
}

/// The places in a fit's support of those questions that are in it.
fn places(met: &[usize], fit: &Fit) -> Vec<usize> {
    met.iter().filter_map(|place| fit.support.binary_search(place).ok()).collect()
}

/// What a bin is worth by the questions that it meets.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of rows")]
fn band(met: &[usize], count: Count, fit: &Fit, points: &Points, average: &[(usize, f64)]) -> Band {
    let fitted = places(met, fit);
    let contrast: Vec<(usize, f64)> =
        fitted.iter().map(|place| (*place, 1.0)).chain(average.iter().copied()).collect();
    let slope = if points.line.slope > 0.0 { points.line.slope } else { 1.0 };
    Band {
        points: met.iter().map(|place| points.points[*place]).sum(),
        exact: fitted.iter().map(|place| fit.log_odds[*place]).sum::<f64>() / slope,
        deviation: fit.deviation_of(&contrast) / slope,
        rows: count.rows() as usize,
        positives: count.won as usize,
    }
}

fn least(values: &Values) -> Option<f64> {
    match values {
        Values::Numbers(numbers) => numbers.iter().copied().reduce(f64::min),
        Values::Categories { .. } => None,
    }
}

/// What is asked of a column. What goes one way goes in steps, and so does what is worth nothing where there is none of
/// it: events that never came, texts without a length.
fn asked(feature: &Feature, bins: &Bins, simple: bool, direction: Option<Direction>) -> Asked {
    match (feature, bins) {
        (Feature::DaysSince(_), _) => Asked::Within(direction),
        (Feature::Count { .. } | Feature::Length(_), _) => Asked::Steps(direction),
        (_, Bins::Groups(_)) if simple => Asked::Ranges(None),
        (_, Bins::Cuts(_)) if simple => Asked::Ranges(direction),
        (_, Bins::Cuts(_)) if direction.is_some() => Asked::Steps(direction),
        _ => Asked::Bins,
    }
}

/// Whether some rows meet a question and some do not.
fn parts_rows(atom: &Atom, bins: &[usize]) -> bool {
    let met = bins.iter().filter(|bin| atom.meets(**bin)).count();
    met > 0 && met < bins.len()
}
