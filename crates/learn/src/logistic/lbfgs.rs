//! The minimum of a smooth convex function, by its slope (L-BFGS).

use std::collections::VecDeque;

/// How many steps the curvature is estimated from.
const MEMORY: usize = 10;
/// The most steps.
const STEPS: usize = 200;
/// Where a step gains less than this share of the loss, the search ends.
const LEAST_GAIN: f64 = 1e-6;

/// A step that was made, and by how much it changed the slope.
struct Step {
    way: Vec<f64>,
    bend: Vec<f64>,
    product: f64,
}

/// Where a function that returns value and slope is least, searched from `start`; `step` takes a slope to about the step to its bottom,
/// by what is known of the curvature beforehand.
pub(super) fn minimum(
    start: &[f64],
    step: impl Fn(&[f64]) -> Vec<f64>,
    function: impl Fn(&[f64]) -> (f64, Vec<f64>),
) -> Vec<f64> {
    let mut at = start.to_vec();
    let (mut value, mut slope) = function(&at);
    let mut steps: VecDeque<Step> = VecDeque::new();
    for _ in 0..STEPS {
        let way = downhill(&slope, &step, &steps);
        let Some((next, next_value, next_slope)) = advance(&at, value, &slope, &way, &function) else {
            break;
        };
        let way: Vec<f64> = next.iter().zip(&at).map(|(next, at)| next - at).collect();
        let bend: Vec<f64> = next_slope.iter().zip(&slope).map(|(next, slope)| next - slope).collect();
        let product = dot(&way, &bend);
        if product > 1e-12 {
            steps.truncate(MEMORY - 1);
            steps.push_front(Step { way, bend, product });
        }
        let gain = value - next_value;
        (at, value, slope) = (next, next_value, next_slope);
        if gain <= LEAST_GAIN * value.abs() {
            break;
        }
    }
    at
}

/// The way to go, by the slope and by what earlier steps tell of the curvature.
fn downhill(slope: &[f64], step: impl Fn(&[f64]) -> Vec<f64>, steps: &VecDeque<Step>) -> Vec<f64> {
    let mut way: Vec<f64> = slope.iter().map(|slope| -slope).collect();
    let mut shares = Vec::new();
    for step in steps {
        let share = dot(&step.way, &way) / step.product;
        add(&mut way, -share, &step.bend);
        shares.push(share);
    }
    let mut way = step(&way);
    for (step, share) in steps.iter().zip(shares).rev() {
        let back = dot(&step.bend, &way) / step.product;
        add(&mut way, share - back, &step.way);
    }
    way
}

/// A step along the way that lowers the function enough; nothing, where none does.
fn advance(
    at: &[f64],
    value: f64,
    slope: &[f64],
    way: &[f64],
    function: &impl Fn(&[f64]) -> (f64, Vec<f64>),
) -> Option<(Vec<f64>, f64, Vec<f64>)> {
    let fall = dot(slope, way);
    let mut length = 1.0;
    for _ in 0..30 {
        let mut next = at.to_vec();
        add(&mut next, length, way);
        let (next_value, next_slope) = function(&next);
        if next_value <= value + 1e-4 * length * fall {
            return Some((next, next_value, next_slope));
        }
        length /= 2.0;
    }
    None
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f64], times: f64, what: &[f64]) {
    to.iter_mut().zip(what).for_each(|(to, what)| *to += times * what);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bottom_of_a_narrow_valley_is_found() {
        let valley = |at: &[f64]| {
            let (x, y) = (at[0] - 3.0, at[1] + 2.0);
            (x * x + 1000.0 * y * y + 1.0, vec![2.0 * x, 2000.0 * y])
        };
        let steep = |slope: &[f64]| slope.iter().map(|slope| slope / 300.0).collect();
        let found = minimum(&[0.0, 0.0], steep, valley);
        assert!((found[0] - 3.0).abs() < 1e-3 && (found[1] + 2.0).abs() < 1e-3, "{found:?}");
    }
}
