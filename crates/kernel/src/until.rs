//! The first later instant at which the standing differs if nothing else happens, by bounding.
//!
//! Over a stretch of time, every rule's worth is known to lie between two bounds, and so do the dimensions and
//! the score. Where the bounds leave only one standing, the whole stretch is passed over; else it is cut in two,
//! down to single milliseconds, where the bounds meet in the exact worth. Nothing is sampled.

mod bounds;
mod curve;

use crate::{
    instant::{Duration, Instant},
    points::Micropoints,
    program::Program,
    score::Standing,
    worth::Subject,
};
use bounds::Bounds;
use curve::Curve;

/// How far ahead a change is looked for.
pub(crate) const HORIZON: Duration = Duration::from_days(366);

/// The first instant after the subject's, within [`HORIZON`], at which it stands elsewhere than at `standing`.
/// `worths` are what the rules are worth at the subject's instant.
pub(crate) fn until(
    program: &Program,
    subject: &Subject<'_>,
    standing: Standing,
    worths: &[Micropoints],
) -> Option<Instant> {
    let rules = program.lead_rules().set.rules.iter().enumerate();
    let curves = rules.map(|(place, rule)| Curve::new(rule, place, subject, worths[place])).collect();
    let outlook = Outlook { program, subject, standing, curves };
    let first = subject.at.as_millis() + 1;
    outlook.first_change(first, subject.at.after(HORIZON).as_millis())
}

/// What is to come for one subject.
struct Outlook<'a> {
    program: &'a Program,
    subject: &'a Subject<'a>,
    standing: Standing,
    curves: Vec<Curve<'a>>,
}

impl Outlook<'_> {
    /// The first of the milliseconds `from..=to` at which the standing is another one.
    fn first_change(&self, from: i64, to: i64) -> Option<Instant> {
        // Stretches still to be looked at, the earliest on top.
        let mut stretches = vec![(from, to)];
        while let Some((from, to)) = stretches.pop() {
            match self.stands(from, to) {
                Some(standing) if standing == self.standing => {}
                Some(_) => return Some(Instant::from_millis(from)),
                None => {
                    let middle = from + (to - from) / 2;
                    stretches.push((middle + 1, to));
                    stretches.push((from, middle));
                }
            }
        }
        None
    }

    /// The standing at all of the milliseconds `from..=to`, if the bounds leave only one.
    fn stands(&self, from: i64, to: i64) -> Option<Standing> {
        let plan = self.program.plan();
        let (from, to) = (Instant::from_millis(from), Instant::from_millis(to));
        let mut sums = vec![Bounds::ZERO; plan.dimensions.len()];
        let mut disqualified = Bounds::ZERO;
        for (rule, curve) in plan.rules.rules.iter().zip(&self.curves) {
            let worth = curve.bounds(self.subject, from, to);
            if rule.kind.is_disqualifier() {
                disqualified = disqualified + worth;
            } else {
                sums[rule.dimension] = sums[rule.dimension] + worth;
            }
        }
        if disqualified.min > Micropoints::ZERO {
            return Some(Standing::Disqualified);
        }
        if disqualified.max > Micropoints::ZERO {
            return None;
        }
        bounds::standing(plan, sums)
    }
}
