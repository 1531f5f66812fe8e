//! The first later instant at which the standing differs if nothing else happens, by bounding.
//!
//! Over a stretch of time, every rule's worth is known to lie between two bounds, and so do the dimensions and
//! the score. Where the bounds leave only one standing, the whole stretch is passed over; else it is cut in two,
//! down to single milliseconds, where the bounds meet in the exact worth. It is cut where a worth jumps, or where
//! the standing seems to change, or in the middle: where it is cut decides how soon the answer is found, not which
//! it is. Nothing is sampled, but where rules cancel each other out so exactly that bounds cannot tell them from a
//! threshold: from there on it goes hour by hour.

mod bounds;
mod changes;
mod crossing;
mod curve;

use crate::{
    instant::{Duration, Instant},
    points::Micropoints,
    program::Program,
    score::{Detail, Score, Standing, score},
    worth::{Subject, capped},
};
use bounds::Bounds;
use crossing::{Bracket, Point};
use curve::{Curve, Rates};

/// How far ahead a change is looked for.
pub(crate) const HORIZON: Duration = Duration::from_days(366);

/// Stretches shorter than this are bounded exactly: estimates no longer tell their ends apart.
const FINE_MILLIS: i64 = 64;

/// A standing that so many stretches do not settle is looked up hour by hour.
const MOST_STRETCHES: usize = 20_000;

/// The first instant after the subject's, within [`HORIZON`], at which it stands elsewhere than now.
/// `now` is its score at its instant, and `sums` what its rules are worth then before their caps.
pub(crate) fn until(program: &Program, subject: &Subject<'_>, now: &Score, sums: &[f64]) -> Option<Instant> {
    let rules = program.lead_rules();
    if now.disqualified.iter().any(|rule| !rules.can_move().contains(rule)) {
        return None;
    }
    let mut outlook = Outlook::new(program, subject, now);
    for rule in rules.can_move() {
        outlook.add(*rule, sums[*rule]);
    }
    outlook.first_change()
}

/// What is to come for one subject.
struct Outlook<'a> {
    program: &'a Program,
    subject: &'a Subject<'a>,
    standing: Standing,
    /// What the rules come to whose worth stays the same, by dimension.
    still: Vec<Micropoints>,
    /// Whether a rule disqualifies all the time.
    disqualified: bool,
    /// The other rules.
    moving: Vec<Moving<'a>>,
    rates: Rates,
    /// Instants at which a worth jumps, ascending, not necessarily all of them; found when they are first asked for.
    jumps: Option<Vec<i64>>,
    /// What the moving rules are worth at the ends of stretches; a row for each end.
    ends: Vec<Bounds>,
    /// Sums by dimension; kept to be used again.
    sums: Vec<Bounds>,
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

/// A stretch of time, both ends included.
type Stretch = (End, End);

impl<'a> Outlook<'a> {
    fn new(program: &'a Program, subject: &'a Subject<'a>, now: &Score) -> Self {
        let most = program.lead_rules().can_move().len();
        Self {
            program,
            subject,
            standing: now.standing,
            still: now.dimensions.iter().map(|dimension| dimension.sum).collect(),
            disqualified: false,
            moving: Vec::with_capacity(most),
            rates: Rates::default(),
            jumps: None,
            ends: Vec::with_capacity(2 * most),
            sums: Vec::with_capacity(now.dimensions.len()),
        }
    }

    /// Adds a rule, which sums to `sum` at the subject's instant.
    fn add(&mut self, place: usize, sum: f64) {
        let rule = &self.program.plan().rules.rules[place];
        let disqualifier = rule.kind.is_disqualifier();
        match Curve::new(rule, place, self.subject, sum, &mut self.rates) {
            Curve::Flat(worth) => self.disqualified |= disqualifier && worth > Micropoints::ZERO,
            curve => {
                let now = capped(sum, rule.cap);
                self.still[rule.dimension] = self.still[rule.dimension] + Micropoints(-now.0);
                self.ends.push(Bounds::exactly(now));
                self.moving.push(Moving { dimension: rule.dimension, disqualifier, curve });
            }
        }
    }

    /// The first instant at which the standing is another one.
    fn first_change(&mut self) -> Option<Instant> {
        if self.moving.is_empty() || self.disqualified {
            return None;
        }
        // At the subject's own instant the standing is known: a change is found after it.
        let start = End { at: self.subject.at.as_millis(), row: 0 };
        let horizon = self.subject.at.after(HORIZON);
        let far = self.far_end(horizon);
        if self.stands((start, far)) == Some(self.standing) {
            return None;
        }
        let last = self.end(horizon.as_millis());
        // Stretches still to be looked at, the earliest on top; up to `same` the standing is known to be the same.
        let mut stretches = vec![(start, last)];
        let mut same = start.at;
        while let Some((from, to)) = stretches.pop() {
            match self.stands((from, to)) {
                Some(standing) if standing == self.standing => {
                    same = to.at;
                    continue;
                }
                Some(_) => return Some(Instant::from_millis(from.at)),
                None => {}
            }
            if from.at > same {
                if self.stands((from, from)).is_some_and(|standing| standing != self.standing) {
                    return Some(Instant::from_millis(from.at));
                }
                same = from.at;
            }
            if self.ends.len() > MOST_STRETCHES * self.moving.len() {
                return self.first_change_by_hours(from.at, last.at);
            }
            let (earlier, later) = self.cut((from, to));
            stretches.push(later);
            stretches.push(earlier);
        }
        None
    }

    /// The horizon, where all that fades is taken to have faded away: that is a bound too, and found at once.
    fn far_end(&mut self, horizon: Instant) -> End {
        let row = self.ends.len();
        let worths = self.moving.iter().map(|moving| match moving.curve.fades() {
            true => Bounds::ZERO,
            false => moving.curve.estimate(horizon, &self.rates),
        });
        self.ends.extend(worths);
        End { at: horizon.as_millis(), row }
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

    /// Cuts a stretch of more than one instant in two, which together hold all of its instants.
    fn cut(&mut self, (from, to): Stretch) -> (Stretch, Stretch) {
        let length = to.at - from.at;
        let middle = match self.jump_within(from.at, to.at) {
            // What is left is what came before the jump.
            Some(jump) if jump == to.at => {
                let before = if length == 1 { from } else { self.end(jump - 1) };
                return ((from, before), (to, to));
            }
            Some(jump) => jump,
            None => match self.crossing((from, to)) {
                Some((before, after)) => return ((from, before), (after, to)),
                None => from.at + length / 2,
            },
        };
        let middle = self.end(middle);
        // The middle is the end of the one half and the start of the other, but for the shortest.
        let next = if length < FINE_MILLIS { self.end(middle.at + 1) } else { middle };
        ((from, middle), (next, to))
    }

    /// One of the jumps after `from` and up to `to`: the middle one, or `to` if it is the only one.
    fn jump_within(&mut self, from: i64, to: i64) -> Option<i64> {
        let jumps = self.jumps.get_or_insert_with(|| {
            let mut jumps = Vec::new();
            self.moving.iter().for_each(|moving| moving.curve.put_jumps(self.subject, &mut jumps));
            jumps.sort_unstable();
            jumps.dedup();
            jumps
        });
        let first = jumps.partition_point(|jump| *jump <= from);
        let count = jumps[first..].partition_point(|jump| *jump <= to);
        jumps[first..first + count].get(count.saturating_sub(1) / 2).copied()
    }

    /// Two neighbouring instants at which the standing seems to be that of the one and of the other end,
    /// if these seem to differ.
    fn crossing(&mut self, (from, to): Stretch) -> Option<(End, End)> {
        let (first, last) = (self.tier(from), self.tier(to));
        if first == last {
            return None;
        }
        let tier = first.max(last)?;
        let mut bracket = Bracket::new(self.point(tier, from), self.point(tier, to));
        loop {
            if let Some(neighbours) = bracket.neighbours() {
                return Some(neighbours);
            }
            let end = self.end(bracket.next(FINE_MILLIS));
            bracket.put(self.point(tier, end));
        }
    }

    /// The tier that seems to be reached at an end.
    fn tier(&mut self, end: End) -> Option<usize> {
        self.sum_at(end);
        bounds::tier(self.program.plan(), &mut self.sums)
    }

    /// By how much a tier's conditions seem to be met at an end.
    fn point(&mut self, tier: usize, end: End) -> Point {
        self.sum_at(end);
        Point { end, value: bounds::margin(self.program.plan(), tier, &mut self.sums) }
    }

    /// Finds what the dimensions seem to sum to at an end.
    fn sum_at(&mut self, end: End) {
        self.start_sums();
        for (moving, worth) in self.moving.iter().zip(&self.ends[end.row..]) {
            if !moving.disqualifier {
                self.sums[moving.dimension] = self.sums[moving.dimension] + *worth;
            }
        }
    }

    fn start_sums(&mut self) {
        self.sums.clear();
        self.sums.extend(self.still.iter().map(|points| Bounds::exactly(*points)));
    }

    fn end(&mut self, at: i64) -> End {
        let row = self.ends.len();
        let instant = Instant::from_millis(at);
        self.rates.look_at(instant.millis_since(self.subject.at));
        let worths = self.moving.iter().map(|moving| moving.curve.estimate(instant, &self.rates));
        self.ends.extend(worths);
        End { at, row }
    }

    /// The standing all the time between two ends, these included, if the bounds leave only one.
    fn stands(&mut self, (from, to): Stretch) -> Option<Standing> {
        let is_short = to.at - from.at < FINE_MILLIS;
        self.stands_within((from, to), false)
            .or_else(|| is_short.then(|| self.stands_within((from, to), true)).flatten())
    }

    fn stands_within(&mut self, (from, to): Stretch, exactly: bool) -> Option<Standing> {
        let (first, last) = (Instant::from_millis(from.at), Instant::from_millis(to.at));
        self.start_sums();
        let mut disqualified = Bounds::ZERO;
        for (place, moving) in self.moving.iter().enumerate() {
            let worth = match moving.curve.is_smooth() && !exactly {
                true => self.ends[from.row + place].hull(self.ends[to.row + place]),
                false => moving.curve.bounds(first, last),
            };
            let sum = if moving.disqualifier { &mut disqualified } else { &mut self.sums[moving.dimension] };
            *sum = *sum + worth;
        }
        if disqualified.min > Micropoints::ZERO {
            return Some(Standing::Disqualified);
        }
        if disqualified.max > Micropoints::ZERO {
            return None;
        }
        bounds::standing(self.program.plan(), &mut self.sums)
    }
}
