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
mod halving;
mod prediction;
mod reach;
mod silence;

use crate::{
    instant::{Duration, Instant},
    points::Micropoints,
    program::Program,
    score::{Detail, Score, Standing, score},
    worth::{Subject, Worth},
};
use bounds::Bounds;
use crossing::{Bracket, Point};
use curve::Course;
pub(crate) use curve::Curve;
use halving::Halvings;

/// How far ahead a change is looked for.
pub(crate) const HORIZON: Duration = Duration::from_days(366);

/// Stretches shorter than this are bounded exactly: estimates no longer tell their ends apart.
const FINE_MILLIS: i64 = 64;

/// A standing that so many stretches do not settle is looked up hour by hour.
const MOST_STRETCHES: usize = 20_000;

/// The first instant after the subject's, within [`HORIZON`], at which it stands elsewhere than now; no later than `ahead`, where
/// that is less: what may come then is not looked at.
/// `now` is its score at its instant, and `worths` what its rules are worth then.
pub(crate) fn until(
    program: &Program,
    subject: &Subject<'_>,
    now: &Score,
    worths: &[Worth],
    ahead: Duration,
) -> Option<Instant> {
    let rules = program.lead_rules();
    let for_ever = |rule: &usize| !rules.can_move().contains(rule);
    if now.disqualified.iter().any(for_ever) || reach::leaves_one_standing(program, subject, now, worths) {
        return None;
    }
    let mut outlook = Outlook::new((program, ahead), subject, now);
    for rule in rules.can_move() {
        outlook.add(*rule, &worths[*rule]);
    }
    outlook.first_change()
}

/// What is to come for one subject.
struct Outlook<'a> {
    program: &'a Program,
    subject: &'a Subject<'a>,
    /// How far ahead is looked.
    ahead: Duration,
    standing: Standing,
    /// What the rules come to whose worth stays the same, by dimension.
    still: Vec<Micropoints>,
    /// Whether a rule disqualifies all the time.
    disqualified: bool,
    /// The other rules.
    moving: Vec<Moving<'a>>,
    /// Those of them that halve.
    halvings: Halvings,
    /// Instants at which a worth jumps, ascending, not necessarily all of them; found when they are first asked for.
    jumps: Option<Vec<i64>>,
    /// What the moving rules come to at the ends of stretches, nearly: a row for each end, by dimension.
    ends: Vec<Sums>,
    /// Sums by dimension; kept to be used again.
    sums: Vec<Bounds>,
}

/// A rule whose worth changes.
struct Moving<'a> {
    dimension: usize,
    disqualifier: bool,
    halves: bool,
    course: Course,
    curve: Curve<'a>,
}

/// What the moving rules of a dimension come to at an instant. Those that only fall and those that only rise are kept
/// apart: over a stretch, the sum of either lies between what it is at the ends.
#[derive(Debug, Clone, Copy)]
struct Sums {
    falling: Bounds,
    rising: Bounds,
    jumping: Bounds,
}

/// An instant at which a stretch begins or ends.
#[derive(Debug, Clone, Copy)]
struct End {
    at: i64,
    /// Where its row in [`Outlook::ends`] begins.
    row: usize,
}

/// A stretch of time, both ends included.
type Stretch = (End, End);

impl Sums {
    const ZERO: Self = Self { falling: Bounds::ZERO, rising: Bounds::ZERO, jumping: Bounds::ZERO };

    fn add(&mut self, course: Course, worth: Bounds) {
        let sum = match course {
            Course::Falls => &mut self.falling,
            Course::Rises => &mut self.rising,
            Course::Jumps => &mut self.jumping,
        };
        *sum = *sum + worth;
    }
}

impl<'a> Outlook<'a> {
    fn new((program, ahead): (&'a Program, Duration), subject: &'a Subject<'a>, now: &Score) -> Self {
        let (dimensions, rules) = (now.dimensions.len(), program.lead_rules().can_move().len());
        let mut ends = Vec::with_capacity(16 * dimensions);
        ends.resize(dimensions, Sums::ZERO);
        Self {
            program,
            subject,
            ahead,
            standing: now.standing,
            still: now.dimensions.iter().map(|dimension| dimension.sum).collect(),
            disqualified: false,
            moving: Vec::with_capacity(rules),
            halvings: Halvings::with_capacity(rules),
            jumps: None,
            ends,
            sums: Vec::with_capacity(dimensions),
        }
    }

    /// Adds a rule, which is worth `now` at the subject's instant.
    fn add(&mut self, place: usize, now: &Worth) {
        let rule = &self.program.plan().rules.rules[place];
        let (dimension, disqualifier) = (rule.dimension, rule.kind.is_disqualifier());
        match Curve::new(rule, place, self.subject, now) {
            Curve::Flat(worth) => self.disqualified |= disqualifier && worth > Micropoints::ZERO,
            curve => {
                let course = curve.course(now);
                if !disqualifier {
                    self.still[dimension] = self.still[dimension] - now.points;
                    self.ends[dimension].add(course, Bounds::exactly(now.points));
                }
                let half_life = curve.half_life(self.subject, now);
                if let Some(half_life) = half_life {
                    self.halvings.add((dimension, course), half_life, now, rule.cap);
                }
                let halves = half_life.is_some();
                self.moving.push(Moving { dimension, disqualifier, halves, course, curve });
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
        let last = self.far_end();
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
            if self.ends.len() > MOST_STRETCHES * self.still.len() {
                return self.first_change_by_hours(from.at, last.at);
            }
            let (earlier, later) = self.cut((from, to));
            stretches.push(later);
            stretches.push(earlier);
        }
        (self.ahead < HORIZON).then(|| Instant::from_millis(last.at))
    }

    /// Where the search ends. At the horizon all that fades is taken to have faded away: that is a bound too, and found at once.
    fn far_end(&mut self) -> End {
        if self.ahead < HORIZON {
            return self.end(self.subject.at.after(self.ahead).as_millis());
        }
        let horizon = self.subject.at.after(HORIZON);
        self.put_end(horizon, |moving| !moving.curve.fades())
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
            let mut jumps = Vec::with_capacity(64);
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
        self.sums.clear();
        let sums = self.still.iter().zip(&self.ends[end.row..]);
        self.sums.extend(
            sums.map(|(still, sums)| Bounds::exactly(*still) + sums.falling + sums.rising + sums.jumping),
        );
    }

    fn end(&mut self, at: i64) -> End {
        let end = self.put_end(Instant::from_millis(at), |moving| !moving.halves);
        self.halvings.put(at - self.subject.at.as_millis(), &mut self.ends[end.row..]);
        end
    }

    /// A new end, with what those of the moving rules come to there that are `counted`.
    fn put_end(&mut self, at: Instant, counted: impl Fn(&Moving<'a>) -> bool) -> End {
        let row = self.ends.len();
        self.ends.resize(row + self.still.len(), Sums::ZERO);
        let sums = &mut self.ends[row..];
        for moving in self.moving.iter().filter(|moving| !moving.disqualifier && counted(moving)) {
            sums[moving.dimension].add(moving.course, Bounds::exactly(moving.curve.worth(at)));
        }
        End { at: at.as_millis(), row }
    }

    /// The standing all the time between two ends, these included, if the bounds leave only one.
    fn stands(&mut self, (from, to): Stretch) -> Option<Standing> {
        let is_short = to.at - from.at < FINE_MILLIS;
        // What fades has not quite faded away at the far end: that bounds a stretch, but is not what is there.
        let is_far = to.at == self.subject.at.after(HORIZON).as_millis();
        let nearly = if is_short && is_far { None } else { self.stands_within((from, to), false) };
        nearly.or_else(|| is_short.then(|| self.stands_within((from, to), true)).flatten())
    }

    fn stands_within(&mut self, (from, to): Stretch, exactly: bool) -> Option<Standing> {
        let (first, last) = (Instant::from_millis(from.at), Instant::from_millis(to.at));
        self.sums.clear();
        if exactly {
            self.sums.extend(self.still.iter().map(|points| Bounds::exactly(*points)));
        } else {
            let ends = self.ends[from.row..].iter().zip(&self.ends[to.row..]);
            let smooth = |(still, (from, to)): (&Micropoints, (&Sums, &Sums))| {
                let falling = Bounds { min: to.falling.min, max: from.falling.max };
                let rising = Bounds { min: from.rising.min, max: to.rising.max };
                Bounds::exactly(*still) + falling + rising
            };
            self.sums.extend(self.still.iter().zip(ends).map(smooth));
        }
        let mut disqualified = Bounds::ZERO;
        for moving in self.moving.iter().filter(|moving| exactly || moving.course == Course::Jumps) {
            let sum = if moving.disqualifier { &mut disqualified } else { &mut self.sums[moving.dimension] };
            *sum = *sum + moving.curve.bounds(first, last);
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
