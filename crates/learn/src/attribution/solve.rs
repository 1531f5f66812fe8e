//! What a walk on a sparse chain ends in: the linear equations, solved to the last digits.

/// Where a walk goes from each state, and with which share of them.
#[derive(Debug, Default)]
pub(super) struct Steps {
    /// Where each state's steps begin; one more at the end.
    starts: Vec<usize>,
    /// To which state, and how often.
    steps: Vec<(u32, f64)>,
    /// How often a walk stays where it is.
    stays: Vec<f64>,
}

impl Steps {
    /// The steps of all states in turn, each with its share.
    pub(super) fn new(of_states: impl Iterator<Item = Vec<(u32, f64)>>) -> Self {
        let mut all = Self { starts: vec![0], ..Self::default() };
        for (state, steps) in of_states.enumerate() {
            let here = |step: &&(u32, f64)| step.0 as usize == state;
            all.stays.push(steps.iter().find(here).map_or(0.0, |step| step.1));
            all.steps.extend(steps.iter().filter(|step| !here(step)));
            all.starts.push(all.steps.len());
        }
        all
    }

    fn of(&self, state: usize) -> &[(u32, f64)] {
        &self.steps[self.starts[state]..self.starts[state + 1]]
    }

    /// What a walk from each state brings, where it brings `ends` for leaving a state for good and nothing once it is
    /// in a state that is `closed`: the solution of `x = ends + steps x`.
    ///
    /// Solved by sweeps to and fro. Every walk ends, so each sweep comes nearer; they stop when nothing moves any more.
    pub(super) fn solve(&self, ends: &[f64], closed: impl Fn(usize) -> bool) -> Vec<f64> {
        const MOST_SWEEPS: usize = 100_000;
        const STILL: f64 = 1e-15;
        let mut found = vec![0.0; ends.len()];
        let open: Vec<usize> = (0..ends.len()).filter(|state| !closed(*state)).collect();
        for _ in 0..MOST_SWEEPS {
            let there = self.sweep(ends, open.iter().rev(), &mut found);
            let back = self.sweep(ends, open.iter(), &mut found);
            let largest = found.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
            if there.max(back) <= STILL * largest {
                break;
            }
        }
        found
    }

    /// Solves each state's equation in turn; returns the largest change.
    fn sweep<'s>(&self, ends: &[f64], states: impl Iterator<Item = &'s usize>, found: &mut [f64]) -> f64 {
        let mut moved = 0.0_f64;
        for state in states {
            let onward: f64 = self.of(*state).iter().map(|(to, share)| share * found[*to as usize]).sum();
            let value = (ends[*state] + onward) / (1.0 - self.stays[*state]);
            moved = moved.max((value - found[*state]).abs());
            found[*state] = value;
        }
        moved
    }

    /// As [`Steps::solve`], from the first state, for walks that are cut after so many steps.
    pub(super) fn walk(&self, ends: &[f64], closed: impl Fn(usize) -> bool, most: usize) -> f64 {
        let mut here = vec![0.0; ends.len()];
        if let Some(first) = here.first_mut() {
            *first = 1.0;
        }
        let mut brought = 0.0;
        for _ in 0..=most {
            brought += here.iter().zip(ends).map(|(share, end)| share * end).sum::<f64>();
            here = self.step(&here, &closed);
        }
        brought
    }

    fn step(&self, here: &[f64], closed: impl Fn(usize) -> bool) -> Vec<f64> {
        let mut next = vec![0.0; here.len()];
        for (state, share) in here.iter().enumerate().filter(|(_, share)| **share > 0.0) {
            next[state] += share * self.stays[state];
            self.of(state).iter().for_each(|(to, part)| next[*to as usize] += share * part);
        }
        next.iter_mut().enumerate().filter(|(state, _)| closed(*state)).for_each(|(_, share)| *share = 0.0);
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_that_comes_back_brings_what_the_equations_say() {
        // From 0 always to 1; from 1 a half to 0, a quarter stays, a quarter ends.
        let steps = Steps::new([vec![(1, 1.0)], vec![(0, 0.5), (1, 0.25)]].into_iter());
        let found = steps.solve(&[0.0, 0.25], |_| false);
        assert!((found[0] - 1.0).abs() < 1e-12 && (found[1] - 1.0).abs() < 1e-12, "{found:?}");
        assert_eq!(steps.solve(&[0.0, 0.25], |state| state == 1)[0], 0.0);
    }

    #[test]
    fn a_walk_that_is_cut_brings_less() {
        let steps = Steps::new([vec![(1, 1.0)], vec![(1, 0.5)]].into_iter());
        assert_eq!(steps.walk(&[0.0, 0.5], |_| false, 2), 0.75);
    }
}
