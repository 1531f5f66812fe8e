//! Where to look next for the instant at which something comes to be met, or to be no longer met.
//!
//! Chandrupatla's method: inverse quadratic interpolation where the last three points allow it, else halving.
//! (Chandrupatla, T. R., "A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear function
//! without using derivatives", Advances in Engineering Software 28, 1997.)

use super::End;

/// An instant with a value that is not negative where something is met.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) end: End,
    pub(super) value: f64,
}

/// Two points with a change between them.
#[derive(Debug)]
pub(super) struct Bracket {
    /// The point that was looked at last.
    near: Point,
    far: Point,
    /// The point that was given up last.
    before: Option<Point>,
}

impl Bracket {
    pub(super) fn new(from: Point, to: Point) -> Self {
        Self { near: to, far: from, before: None }
    }

    /// The last instant before the change and the first after it, if no other lies between the two.
    pub(super) fn neighbours(&self) -> Option<(End, End)> {
        let (near, far) = (self.near.end, self.far.end);
        let ends = if near.at < far.at { (near, far) } else { (far, near) };
        (ends.1.at - ends.0.at <= 1).then_some(ends)
    }

    /// The instant to look at next, between the two. Where they are far apart it is never nearer to either than
    /// `least` milliseconds, so that a change that was nearly hit comes to be enclosed from both sides.
    pub(super) fn next(&self, least: i64) -> i64 {
        let (from, to) = (self.near.end.at, self.far.end.at);
        let way = (to - from).abs();
        let step = (self.share() * way as f64) as i64;
        let least = least.min(way / 2).max(1);
        from + step.clamp(least, way - least) * (to - from).signum()
    }

    /// Takes in the point that was looked at.
    pub(super) fn put(&mut self, point: Point) {
        if (point.value >= 0.0) == (self.near.value >= 0.0) {
            self.before = Some(self.near);
        } else {
            self.before = Some(self.far);
            self.far = self.near;
        }
        self.near = point;
    }

    /// How far on the way from the near to the far point the change seems to lie.
    fn share(&self) -> f64 {
        let Some(before) = self.before else {
            return 0.5;
        };
        let at = |point: Point| point.end.at as f64;
        let (a, b, c) = (at(self.near), at(self.far), at(before));
        let (fa, fb, fc) = (self.near.value, self.far.value, before.value);
        let (xi, phi) = ((a - b) / (c - b), (fa - fb) / (fc - fb));
        if phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi {
            fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
        } else {
            0.5
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first instant after the change, and how many looks it takes to find it.
    fn find(value: impl Fn(f64) -> f64) -> (i64, usize) {
        let point = |at: i64| Point { end: End { at, row: 0 }, value: value(at as f64) };
        let year = 31_622_400_000;
        let mut bracket = Bracket::new(point(0), point(year));
        for looks in 0..100 {
            if let Some((_, after)) = bracket.neighbours() {
                return (after.at, looks);
            }
            bracket.put(point(bracket.next(1)));
        }
        (0, 100)
    }

    #[test]
    fn a_smooth_change_is_found_in_a_few_looks_and_a_jump_in_as_many_as_halving_takes() {
        let (at, looks) = find(|at| 60.0 * (-at / 1e9_f64).exp2() - 50.0);
        assert_eq!(at, 263_034_406);
        assert!(looks <= 16, "{looks}");
        let (at, looks) = find(|at| if at < 12_345_678.0 { 1.0 } else { -1.0 });
        assert_eq!(at, 12_345_678);
        assert!(looks <= 40, "{looks}");
    }
}
