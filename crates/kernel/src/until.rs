//! The first later instant at which the standing differs if nothing else happens, by bounding.
//!
//! Over a stretch of time, every rule's worth is known to lie between two bounds, and so do the dimensions and
//! the score. Where the bounds leave only one standing, the whole stretch is passed over; else it is cut in two,
//! down to single milliseconds, where the bounds meet in the exact worth. Nothing is sampled, but where rules cancel
//! each other out so exactly that bounds cannot tell them from a threshold: from there on it goes hour by hour.

mod bounds;
mod changes;
mod curve;

use crate::{
    instant::{Duration, Instant},
    points::Micropoints,
    program::Program,
    score::{Detail, Standing, score},
    worth::Subject,
};
use bounds::Bounds;
use curve::Curve;

/// How far ahead a change is looked for.
pub(crate) const HORIZON: Duration = Duration::from_days(366);

/// Stretches shorter than this are bounded exactly: estimates no longer tell their ends apart.
const FINE_MILLIS: i64 = 64;

/// A standing that so many stretches do not settle is looked up hour by hour.
const MOST_STRETCHES: usize = 20_000;

/// The first instant after the subject's, within [`HORIZON`], at which it stands elsewhere than at `standing`.
/// `worths` are what the rules are worth at the subject's instant.
pub(crate) fn until(
    program: &Program,
    subject: &Subject<'_>,
    standing: Standing,
    worths: &[Micropoints],
) -> Option<Instant> {
    let mut outlook = Outlook {
        program,
        subject,
        standing,
        still: vec![Bounds::ZERO; program.plan().dimensions.len()],
        disqualified: false,
        moving: Vec::new(),
        ends: Vec::new(),
    };
    for (place, rule) in program.lead_rules().set.rules.iter().enumerate() {
        let curve = Curve::new(rule, place, subject, worths[place]);
        outlook.add(rule.dimension, rule.kind.is_disqualifier(), curve);
    }
    outlook.first_change()
}

/// What is to come for one subject.
struct Outlook<'a> {
    program: &'a Program,
    subject: &'a Subject<'a>,
    standing: Standing,
    /// What the rules come to whose worth stays the same, by dimension.
    still: Vec<Bounds>,
    /// Whether a rule disqualifies all the time.
    disqualified: bool,
    /// The other rules.
    moving: Vec<Moving<'a>>,
    /// What the moving rules are worth at the ends of stretches; a row for each end.
    ends: Vec<Bounds>,
}

/// A rule whose worth changes.
struct Moving<'a> {
    dimension: usize,
    disqualifier: bool,
    curve: Curve<'a>,
}

/// An instant at which a stretch begins or ends.
#[derive(Debug, Clone, Copy)]
struct End {
    at: i64,
    /// The row in [`Outlook::ends`].
    row: usize,
}

impl<'a> Outlook<'a> {
    fn add(&mut self, dimension: usize, disqualifier: bool, curve: Curve<'a>) {
        match curve {
            Curve::Flat(worth) if disqualifier => self.disqualified |= worth > Micropoints::ZERO,
            Curve::Flat(worth) => self.still[dimension] = self.still[dimension] + Bounds::exactly(worth),
            curve => self.moving.push(Moving { dimension, disqualifier, curve }),
        }
    }

    /// The first instant at which the standing is another one.
    fn first_change(&mut self) -> Option<Instant> {
        if self.moving.is_empty() {
            return None;
        }
        let start = self.end(self.subject.at.as_millis() + 1);
        let last = self.end(self.subject.at.after(HORIZON).as_millis());
        // Stretches still to be looked at, both ends included, the earliest on top.
        let mut stretches = vec![(start, last)];
        while let Some((from, to)) = stretches.pop() {
            match self.stands(from, to) {
                Some(standing) if standing == self.standing => {}
                Some(_) => return Some(Instant::from_millis(from.at)),
                None if self.ends.len() > MOST_STRETCHES * self.moving.len() => {
                    return self.first_change_by_hours(from.at, last.at);
                }
                None => {
                    // The middle is the end of the one half and the start of the other, but for the shortest.
                    let middle = self.end(from.at + (to.at - from.at) / 2);
                    let next = if to.at - from.at < FINE_MILLIS { self.end(middle.at + 1) } else { middle };
                    stretches.push((next, to));
                    stretches.push((from, middle));
                }
            }
        }
        None
    }

    /// The first change that shows at a step of an hour, to the millisecond.
    fn first_change_by_hours(&self, from: i64, to: i64) -> Option<Instant> {
        let differs = |at: i64| {
            let subject = self.subject.at(Instant::from_millis(at));
            score(self.program, &subject, Detail::default())
                .is_some_and(|score| score.standing != self.standing)
        };
        let hours = (from..=to).step_by(Duration::HOUR.as_millis() as usize);
        let late = hours.chain([to]).find(|at| differs(*at))?;
        let (mut same, mut other) = ((late - Duration::HOUR.as_millis()).max(from - 1), late);
        while other - same > 1 {
            let middle = same + (other - same) / 2;
            *(if differs(middle) { &mut other } else { &mut same }) = middle;
        }
        Some(Instant::from_millis(other))
    }

    fn end(&mut self, at: i64) -> End {
        let row = self.ends.len();
        let instant = Instant::from_millis(at);
        let worths = self.moving.iter().map(|moving| moving.curve.estimate(self.subject, instant));
        self.ends.extend(worths);
        End { at, row }
    }

    /// The standing all the time between two ends, these included, if the bounds leave only one.
    fn stands(&self, from: End, to: End) -> Option<Standing> {
        if self.disqualified {
            return Some(Standing::Disqualified);
        }
        let exactly = to.at - from.at < FINE_MILLIS;
        let mut sums = self.still.clone();
        let mut disqualified = Bounds::ZERO;
        for (place, moving) in self.moving.iter().enumerate() {
            let (first, last) = (Instant::from_millis(from.at), Instant::from_millis(to.at));
            let worth = match moving.curve.is_smooth() && !exactly {
                true => self.ends[from.row + place].hull(self.ends[to.row + place]),
                false => moving.curve.bounds(self.subject, first, last),
            };
            let sum = if moving.disqualifier { &mut disqualified } else { &mut sums[moving.dimension] };
            *sum = *sum + worth;
        }
        if disqualified.min > Micropoints::ZERO {
            return Some(Standing::Disqualified);
        }
        if disqualified.max > Micropoints::ZERO {
            return None;
        }
        bounds::standing(self.program.plan(), sums)
    }
}
