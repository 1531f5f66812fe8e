//! Log-odds to whole points: along a ray of multipliers.

use super::polish::Card;
use super::{Cases, Fit, Limits};

/// How many multipliers are tried.
const RAYS: u32 = 24;

/// Cards near log-odds, one for each multiplier that gives another.
pub(super) fn cards(cases: &Cases, limits: &Limits, fit: &Fit) -> Vec<Card> {
    let size = |(place, log_odds): (&usize, &f64)| {
        let (least, most) = limits.points[*place];
        let room = if *log_odds > 0.0 { most } else { -least };
        if room > 0 { log_odds.abs() / f64::from(room) } else { 0.0 }
    };
    let largest = fit.support.iter().zip(&fit.log_odds).map(size).fold(0.0, f64::max);
    if largest <= 0.0 {
        return Vec::new();
    }
    let mut starts: Vec<Vec<i32>> = multipliers(largest).map(|by| points(limits, fit, by)).collect();
    starts.dedup();
    starts.retain(|points| points.iter().any(|points| *points != 0));
    starts.into_iter().map(|points| Card::new(cases, limits, points)).collect()
}

/// Multipliers up to where the largest log-odds are half above the most points that they may have.
fn multipliers(largest: f64) -> impl Iterator<Item = f64> {
    (2..=RAYS).map(move |ray| 1.5 * f64::from(ray) / f64::from(RAYS) / largest)
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to points")]
fn points(limits: &Limits, fit: &Fit, multiplier: f64) -> Vec<i32> {
    let mut points = vec![0; limits.points.len()];
    for (condition, log_odds) in fit.support.iter().zip(&fit.log_odds) {
        let (least, most) = limits.points[*condition];
        let exact = (log_odds * multiplier).clamp(f64::from(least), f64::from(most));
        points[*condition] = libm::round(exact) as i32;
    }
    points
}
