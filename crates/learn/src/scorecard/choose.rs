//! Which columns deserve a rule, and how strongly log-odds are drawn towards 0.

use super::atoms::Atom;
use crate::points::{Cases, Fit, fit, residuals};

/// What a further rule must gain in log loss: twice this is beyond what chance gives to one bin in twenty rules.
const WORTHWHILE: f64 = 2.0;

/// How many columns are tried at each step.
const TRIED: usize = 3;

/// Columns that deserve rules.
pub(super) struct Chosen {
    /// In the order in which they were chosen.
    pub(super) columns: Vec<usize>,
    /// The log-odds of their atoms.
    pub(super) fit: Fit,
}

/// Columns that help, one after the other, at most so many; some of them are chosen already.
pub(super) fn grown(
    cases: &Cases,
    atoms: &[Atom],
    mut columns: Vec<usize>,
    rules: usize,
    shrinkage: f64,
) -> Chosen {
    let nothing = fit(cases, &[], shrinkage, None);
    let mut best = fit_columns(cases, atoms, &columns, shrinkage, &nothing);
    while columns.len() < rules {
        let Some((column, better)) = next(cases, atoms, &columns, &best, shrinkage) else { break };
        if best.loss - better.loss < WORTHWHILE + price(atoms, column) {
            break;
        }
        columns.push(column);
        best = better;
    }
    Chosen { columns, fit: best }
}

/// The column that helps most beside those that are chosen.
fn next(
    cases: &Cases,
    atoms: &[Atom],
    columns: &[usize],
    from: &Fit,
    shrinkage: f64,
) -> Option<(usize, Fit)> {
    let tried = promising(cases, atoms, columns, from, shrinkage).into_iter().map(|column| {
        let with = [columns, &[column]].concat();
        (column, fit_columns(cases, atoms, &with, shrinkage, from))
    });
    let cost = |(column, fit): &(usize, Fit)| fit.loss + price(atoms, *column);
    tried.min_by(|a, b| cost(a).total_cmp(&cost(b)))
}

/// Each chosen column is taken out once, and the best one then put in its place.
pub(super) fn exchanged(cases: &Cases, atoms: &[Atom], chosen: Chosen, shrinkage: f64) -> Fit {
    let Chosen { mut columns, fit: mut best } = chosen;
    for place in 0..columns.len() {
        let mut others = columns.clone();
        others.remove(place);
        let without = fit_columns(cases, atoms, &others, shrinkage, &best);
        if let Some((column, better)) = next(cases, atoms, &others, &without, shrinkage)
            && better.loss + price(atoms, column) < best.loss + price(atoms, columns[place]) - 1e-6
        {
            columns[place] = column;
            best = better;
        }
    }
    best
}

/// What a column has to gain for having been picked from many.
fn price(atoms: &[Atom], column: usize) -> f64 {
    let of_column = atoms.iter().filter(|atom| atom.column == column);
    of_column.map(|atom| atom.price).fold(0.0, f64::max)
}

/// The columns that promise most beside those that are chosen, best first.
fn promising(cases: &Cases, atoms: &[Atom], columns: &[usize], from: &Fit, shrinkage: f64) -> Vec<usize> {
    let mut promising = ranked(cases, atoms, from, shrinkage);
    promising.retain(|column| !columns.contains(column));
    promising.truncate(TRIED);
    promising
}

/// Columns that promise something beside what is fitted, by what they promise, best first.
pub(super) fn ranked(cases: &Cases, atoms: &[Atom], from: &Fit, shrinkage: f64) -> Vec<usize> {
    let (misses, spreads) = residuals(cases, from);
    let mut gains: Vec<(f64, usize)> = Vec::new();
    for (place, atom) in atoms.iter().enumerate() {
        let gain = cases.gain(place, atom.signs, shrinkage, &misses, &spreads).unwrap_or(0.0);
        let gain = gain - 2.0 * atom.price;
        match gains.last_mut() {
            Some((sum, column)) if *column == atom.column => *sum += gain,
            _ => gains.push((gain, atom.column)),
        }
    }
    gains.retain(|(gain, _)| *gain > 0.0);
    gains.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    gains.into_iter().map(|(_, column)| column).collect()
}

/// The log-odds of all atoms of some columns, each with a sign that it may have.
fn fit_columns(cases: &Cases, atoms: &[Atom], columns: &[usize], shrinkage: f64, from: &Fit) -> Fit {
    let support: Vec<usize> =
        (0..atoms.len()).filter(|atom| columns.contains(&atoms[*atom].column)).collect();
    fit_signed(cases, atoms, support, shrinkage, from)
}

/// Log-odds of which none has a sign that it may not have: those that would are left out.
fn fit_signed(cases: &Cases, atoms: &[Atom], mut support: Vec<usize>, shrinkage: f64, from: &Fit) -> Fit {
    loop {
        let fitted = fit(cases, &support, shrinkage, Some(from));
        let signed = |(place, log_odds): (&usize, &f64)| {
            let (least, most) = atoms[*place].signs;
            (*log_odds >= 0.0 || least < 0) && (*log_odds <= 0.0 || most > 0)
        };
        let allowed: Vec<usize> = fitted
            .support
            .iter()
            .zip(&fitted.log_odds)
            .filter(|pair| signed(*pair))
            .map(|(place, _)| *place)
            .collect();
        if allowed.len() == support.len() {
            return fitted;
        }
        support = allowed;
    }
}

/// Log-odds with the shrinkage that the data themselves suggest: the variance that is expected of log-odds is the one
/// that they show, less what chance adds (`MacKay`'s rule).
pub(super) fn settled(cases: &Cases, atoms: &[Atom], chosen: Fit, mut shrinkage: f64) -> (Fit, f64) {
    let mut best = chosen;
    for _ in 0..8 {
        let squares: f64 = best.log_odds.iter().map(|log_odds| log_odds * log_odds).sum();
        let known: f64 =
            best.deviations().iter().map(|deviation| 1.0 - shrinkage * deviation * deviation).sum();
        let next = (known.max(1e-3) / squares.max(1e-6)).clamp(LEAST, MOST);
        let is_settled = (next / shrinkage - 1.0).abs() < 0.01;
        shrinkage = next;
        best = fit_signed(cases, atoms, best.support.clone(), shrinkage, &best);
        if is_settled {
            break;
        }
    }
    (best, shrinkage)
}

/// Log-odds are expected to spread by at most 2 (a condition that makes the outcome seven times as likely is common)
/// and at least by 0.1.
const LEAST: f64 = 0.25;
const MOST: f64 = 100.0;
