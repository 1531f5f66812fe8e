//! How likely a statistic is where nothing changed.

/// The chance that a chi-squared variable with so many degrees of freedom is larger: the regularised upper incomplete gamma
/// function.
pub(crate) fn chi_squared_tail(statistic: f64, degrees: f64) -> f64 {
    let (shape, x) = (degrees / 2.0, statistic / 2.0);
    if x <= 0.0 || degrees <= 0.0 {
        return 1.0;
    }
    let scale = libm::exp(shape * libm::log(x) - x - libm::lgamma(shape));
    if x < shape + 1.0 { 1.0 - scale * series(shape, x) } else { scale * fraction(shape, x) }.clamp(0.0, 1.0)
}

const MOST_TERMS: u32 = 10_000;
const PRECISE: f64 = 1e-15;

/// The lower function by its series, without its scale.
fn series(shape: f64, x: f64) -> f64 {
    let mut term = 1.0 / shape;
    let mut sum = term;
    for number in 1..MOST_TERMS {
        term *= x / (shape + f64::from(number));
        sum += term;
        if term < sum * PRECISE {
            break;
        }
    }
    sum
}

/// The upper function by its continued fraction (Lentz), without its scale.
fn fraction(shape: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let mut b = x + 1.0 - shape;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut value = d;
    for number in (1..MOST_TERMS).map(f64::from) {
        let a = -number * (number - shape);
        b += 2.0;
        d = 1.0 / not_zero(a * d + b, TINY);
        c = not_zero(b + a / c, TINY);
        value *= d * c;
        if (d * c - 1.0).abs() < PRECISE {
            break;
        }
    }
    value
}

fn not_zero(value: f64, tiny: f64) -> f64 {
    if value.abs() < tiny { tiny } else { value }
}

/// The chance that two samples of one distribution lie further apart, by Kolmogorov's limit with Stephens's correction.
pub(crate) fn kolmogorov_tail(distance: f64, sizes: [f64; 2]) -> f64 {
    let root = (sizes[0] * sizes[1] / (sizes[0] + sizes[1])).sqrt();
    let lambda = (root + 0.12 + 0.11 / root) * distance;
    if lambda < 0.2 {
        return 1.0;
    }
    let mut sum = 0.0;
    let mut sign = 1.0;
    for number in (1..100).map(f64::from) {
        let term = libm::exp(-2.0 * number * number * lambda * lambda);
        sum += sign * term;
        sign = -sign;
        if term < PRECISE {
            break;
        }
    }
    (2.0 * sum).clamp(0.0, 1.0)
}

/// The chance that a standard normal variable is further from 0.
pub(crate) fn normal_tails(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// How far from 0 a standard normal variable lies at most in this share of cases.
pub(crate) fn normal_quantile(level: f64) -> f64 {
    let (mut near, mut far) = (0.0, 40.0);
    for _ in 0..60 {
        let middle = f64::midpoint(near, far);
        if normal_tails(middle) > 1.0 - level { near = middle } else { far = middle }
    }
    near
}

/// The same of Student's variable with so many degrees of freedom (Abramowitz and Stegun 26.7.5).
pub(crate) fn student_quantile(level: f64, degrees: f64) -> f64 {
    let x = normal_quantile(level);
    let y = x * x;
    let terms = [
        x * (y + 1.0) / 4.0,
        x * ((5.0 * y + 16.0) * y + 3.0) / 96.0,
        x * (((3.0 * y + 19.0) * y + 17.0) * y - 15.0) / 384.0,
        x * ((((79.0 * y + 776.0) * y + 1482.0) * y - 1920.0) * y - 945.0) / 92_160.0,
    ];
    x + terms.iter().rev().fold(0.0, |sum, term| (sum + term) / degrees)
}

/// The chance of counts that are as unlikely as these, or more so, where rows and columns have nothing to do with each other (Fisher's
/// exact test, two-sided).
pub(crate) fn fisher([[a, b], [c, d]]: [[u64; 2]; 2]) -> f64 {
    let (row, column, all) = (a + b, a + c, a + b + c + d);
    let choose = |n: u64, k: u64| log_factorial(n) - log_factorial(k) - log_factorial(n - k);
    let total = choose(all, column);
    let log = |first: u64| choose(row, first) + choose(all - row, column - first) - total;
    let here = log(a);
    let likely = |first: &u64| log(*first) <= here + 1e-9;
    let range = (row + column).saturating_sub(all)..=row.min(column);
    range.filter(likely).map(|first| libm::exp(log(first))).sum::<f64>().min(1.0)
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 leads")]
fn log_factorial(n: u64) -> f64 {
    libm::lgamma(n as f64 + 1.0)
}

/// Chances, with all of them taken into account: of those that are below a bound then, no larger part is chance (Benjamini and
/// Hochberg 1995).
#[expect(clippy::cast_precision_loss, reason = "few tests")]
pub(crate) fn adjusted(chances: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..chances.len()).collect();
    order.sort_by(|a, b| chances[*b].total_cmp(&chances[*a]));
    let mut adjusted = vec![1.0; chances.len()];
    let mut least = 1.0_f64;
    for (after, place) in order.into_iter().enumerate() {
        let rank = (chances.len() - after) as f64;
        least = least.min(chances[place] * chances.len() as f64 / rank);
        adjusted[place] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expect: f64) {
        assert!((found - expect).abs() < 1e-9, "{found} instead of {expect}");
    }

    #[test]
    fn tails_are_those_of_the_tables() {
        // Two degrees of freedom: exp(-x / 2).
        near(chi_squared_tail(5.0, 2.0), libm::exp(-2.5));
        near(chi_squared_tail(0.5, 2.0), libm::exp(-0.25));
        near(chi_squared_tail(3.841_458_820_694_124, 1.0), 0.05);
        near(chi_squared_tail(18.307_038_053_275_146, 10.0), 0.05);
        near(normal_tails(1.959_963_984_540_054), 0.05);
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        near(normal_quantile(0.95), 1.959_963_984_540_054);
        for (degrees, expect) in [(3.0, 3.182), (5.0, 2.571), (10.0, 2.228), (100.0, 1.984)] {
            let found = student_quantile(0.95, degrees);
            assert!((found - expect).abs() < 0.01, "{found} instead of {expect}");
        }
    }

    #[test]
    fn exact_chances_are_those_of_the_tables() {
        // Fisher's lady and her tea: all four cups right, or three.
        near(fisher([[4, 0], [0, 4]]), 2.0 / 70.0);
        near(fisher([[3, 1], [1, 3]]), 34.0 / 70.0);
        near(fisher([[0, 0], [5, 7]]), 1.0);
        near(fisher([[1, 9], [11, 3]]), 0.002_759_456_185_220_083);
    }

    #[test]
    fn chances_are_adjusted_to_how_many_there_are() {
        assert_eq!(adjusted(&[0.01, 0.5, 0.02, 0.5]), [0.04, 0.5, 0.04, 0.5]);
        assert_eq!(adjusted(&[]), Vec::<f64>::new());
    }

    #[test]
    fn samples_far_apart_are_hardly_of_one_distribution() {
        assert!(kolmogorov_tail(0.5, [100.0, 100.0]) < 1e-9);
        assert!(kolmogorov_tail(0.05, [100.0, 100.0]) > 0.99);
    }
}
