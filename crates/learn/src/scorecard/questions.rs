//! What may be asked of columns, which questions tell outcomes apart, and the rules that they make.

use super::Settings;
use super::atoms::{Asked, Atom, Distinct, atoms};
use super::bins::{Bins, Count, Direction, Fineness};
use super::choose::{exchanged, grown, ranked, settled};
use super::fitted::{Band, Joint, Rule};
use super::joint::{Condition, Holds, PAIRED, Pairs, signs};
use super::language::{is_value, seen};
use crate::points::{Cases, Fit, Limits, Points, fit, points, rounded};
use crate::{Feature, Table, Values};

/// Columns in bins, and the questions that may be asked of them.
pub(super) struct Questions {
    bins: Vec<Bins>,
    /// Of each column, the bin of each row.
    of_rows: Vec<Vec<usize>>,
    atoms: Vec<Atom>,
    /// What is asked of two columns at once: to the atoms it is one column more, of which bin 1 holds those that meet both.
    joined: Vec<[Atom; 2]>,
    distinct: Distinct,
    cases: Cases,
}

/// One over the variance that is expected of log-odds before the data have spoken: a spread of 1.
const EXPECTED: f64 = 1.0;

/// The least share of all leads in a band.
const SHARE: f64 = 0.02;

impl Questions {
    pub(super) fn new(table: &Table, outcomes: &[bool], settings: &Settings) -> Self {
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
        let distinct = Distinct::new(&of_rows, outcomes);
        let cases = distinct.cases(&questions);
        Self { bins, of_rows, atoms: questions, joined: Vec::new(), distinct, cases }
    }

    /// The log-odds of questions, their points, and the shrinkage of both.
    pub(super) fn answered(&mut self, table: &Table, settings: &Settings) -> (Fit, Points, f64) {
        if settings.simple {
            let points = points(&self.cases, &self.limits(settings, EXPECTED));
            let support: Vec<usize> =
                (0..self.atoms.len()).filter(|place| points.points[*place] != 0).collect();
            return (fit(&self.cases, &support, EXPECTED, None), points, EXPECTED);
        }
        let mut chosen = grown(&self.cases, &self.atoms, Vec::new(), settings.rules, EXPECTED);
        self.join(table, settings, &chosen.fit);
        if !self.joined.is_empty() {
            // What was chosen last is the first that may be exchanged for two things at once.
            let last_first = chosen.columns.into_iter().rev().collect();
            chosen = grown(&self.cases, &self.atoms, last_first, settings.rules, EXPECTED);
        }
        let best = exchanged(&self.cases, &self.atoms, chosen, EXPECTED);
        let (fit, shrinkage) = settled(&self.cases, &self.atoms, best, EXPECTED);
        let points = rounded(&self.cases, &self.limits(settings, shrinkage), &fit);
        (fit, points, shrinkage)
    }

    fn limits(&self, settings: &Settings, shrinkage: f64) -> Limits {
        let most = settings.max_points;
        Limits {
            conditions: settings.rules,
            points: self.atoms.iter().map(|atom| (atom.signs.0 * most, atom.signs.1 * most)).collect(),
            shrinkage,
        }
    }

    /// Asks for those pairs of things, one after the other, that tell what rules on one thing leave open.
    #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
    fn join(&mut self, table: &Table, settings: &Settings, alone: &Fit) {
        if settings.joint.min(settings.rules) == 0 {
            return;
        }
        let features: Vec<&Feature> = table.columns().iter().map(|column| &column.feature).collect();
        let nothing = fit(&self.cases, &[], EXPECTED, None);
        let ranked = ranked(&self.cases, &self.atoms, &nothing, EXPECTED);
        let paired = ranked.into_iter().filter(|column| is_value(features[*column])).take(PAIRED);
        let rows = self.of_rows.first().map_or(0, Vec::len);
        let pairs = Pairs::new(
            paired.map(|column| {
                (column, &self.bins[column], settings.directions.get(features[column]).copied())
            }),
            SHARE * rows as f64,
        );
        let mut from = alone.clone();
        while self.joined.len() < settings.joint.min(settings.rules)
            && let Some(pair) = pairs.best(&self.distinct, &self.cases, &from, EXPECTED)
        {
            let column = self.bins.len() + self.joined.len();
            from.support.push(self.atoms.len());
            self.cases.push(&self.distinct.answers(&pair));
            self.atoms.push(Atom { column, from: 1, to: 2, signs: signs(pair), price: pairs.price });
            self.joined.push(pair);
            from = fit(&self.cases, &from.support, EXPECTED, Some(alone));
        }
    }

    /// A rule for each column that has points; where rules are simple, for each question that has.
    pub(super) fn rules(
        &self,
        table: &Table,
        outcomes: &[bool],
        settings: &Settings,
        fit: &Fit,
        points: &Points,
    ) -> Vec<Rule> {
        let is_priced =
            |place: &usize| points.points[*place] != 0 && self.atoms[*place].column < self.bins.len();
        let priced: Vec<usize> = (0..self.atoms.len()).filter(is_priced).collect();
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

    /// The rules on two things at once.
    pub(super) fn joint(&self, table: &Table, outcomes: &[bool], fit: &Fit, points: &Points) -> Vec<Joint> {
        let first = self.atoms.len() - self.joined.len();
        let priced = (first..).zip(&self.joined).filter(|(place, _)| points.points[*place] != 0);
        let joint = |(place, pair): (usize, &[Atom; 2])| {
            let mut count = Count::default();
            for (row, outcome) in outcomes.iter().enumerate() {
                if pair.iter().all(|atom| atom.meets(self.of_rows[atom.column][row])) {
                    count.add(*outcome);
                }
            }
            let condition = |atom: Atom| Condition {
                feature: table.columns()[atom.column].feature.clone(),
                holds: Holds::new(&self.bins[atom.column], atom),
            };
            Joint { conditions: pair.map(condition), band: band(&[place], count, fit, points, &[]) }
        };
        let mut joint: Vec<Joint> = priced.map(joint).collect();
        joint.sort_by_key(|joint| -joint.band.points.abs());
        joint
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
