//! Plots as inline SVG, in the colours of the page.

use super::escaped;

const WIDTH: f64 = 440.0;
const HEIGHT: f64 = 280.0;
/// Left, right, above, below the plot, for what is written at its axes.
const MARGIN: [f64; 4] = [62.0, 14.0, 10.0, 40.0];
/// Of plots with a row for each thing: how high a row is, and how wide its name may be.
const ROW: f64 = 26.0;
const NAMES: f64 = 130.0;
/// So many characters fit there.
const LETTERS: usize = 19;

/// A point with the interval in which its height lies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// A share with its interval, and whose it is.
pub(crate) struct Share<'s> {
    pub(crate) name: &'s str,
    pub(crate) rate: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// What lies between two numbers: one share upwards, another downwards.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bar {
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) up: f64,
    pub(crate) down: f64,
}

/// A line through points from 0 to 1 either way, beside that of chance.
pub(crate) fn curve(says: &str, axes: [&str; 2], points: &[[f64; 2]]) -> String {
    let path: String = points
        .iter()
        .enumerate()
        .map(|(place, [x, y])| {
            let step = if place == 0 { "M" } else { "L" };
            format!("{step}{:.1} {:.1}", across(*x), up(*y))
        })
        .collect();
    let dots: String = points.iter().map(|[x, y]| dot(across(*x), up(*y))).collect();
    let even = even();
    svg(says, HEIGHT, &format!("{}{even}<path class=\"first\" d=\"{path}\"/>\n{dots}", unit_axes(axes)))
}

/// Points with intervals from 0 to 1 either way, beside the line on which they should lie.
pub(crate) fn agreement(says: &str, axes: [&str; 2], points: &[Point]) -> String {
    let one = |point: &Point| {
        let x = across(point.x);
        format!(
            "<path class=\"first\" d=\"M{x:.1} {:.1}V{:.1}\"/>{}",
            up(point.low),
            up(point.high),
            dot(x, up(point.y))
        )
    };
    let points: String = points.iter().map(one).collect();
    svg(says, HEIGHT, &format!("{}{}{points}", unit_axes(axes), even()))
}

/// Shares one below the other, each with its interval.
pub(crate) fn shares(says: &str, shares: &[Share<'_>]) -> String {
    let most = shares.iter().map(|share| share.high).fold(0.0, f64::max);
    let end = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8].into_iter().find(|end| *end >= most).unwrap_or(1.0);
    let bottom = 6.0 + ROW * shares.len() as f64;
    let place = |share: f64| NAMES + share / end * (WIDTH - NAMES - 24.0);
    let grid = |quarter: i32| {
        let share = end * f64::from(quarter) / 4.0;
        let x = place(share);
        format!(
            "<path class=\"grid\" d=\"M{x:.1} 4V{bottom:.1}\"/><text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\n",
            bottom + 16.0,
            percent(share)
        )
    };
    let grid: String = (0..=4).map(grid).collect();
    let row = |(number, share): (usize, &Share<'_>)| {
        let y = 6.0 + ROW * (number as f64 + 0.5);
        format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\
             <path class=\"first\" d=\"M{:.1} {y:.1}H{:.1}\"/>{}\n",
            NAMES - 8.0,
            y + 4.0,
            escaped(&cut(share.name)),
            place(share.low),
            place(share.high),
            dot(place(share.rate), y)
        )
    };
    let rows: String = shares.iter().enumerate().map(row).collect();
    svg(says, bottom + 24.0, &(grid + &rows))
}

/// Bars upwards and downwards from one line; each side sums to 1.
pub(crate) fn mirrored(says: &str, names: [&str; 2], bars: &[Bar]) -> String {
    let least = bars.iter().map(|bar| bar.from).fold(f64::INFINITY, f64::min);
    let greatest = bars.iter().map(|bar| bar.to).fold(f64::NEG_INFINITY, f64::max);
    let most = bars.iter().map(|bar| bar.up.max(bar.down)).fold(f64::MIN_POSITIVE, f64::max);
    let [left, right, top, below] = MARGIN;
    let left = left / 4.0;
    let span = (greatest - least).max(f64::MIN_POSITIVE);
    let place = |number: f64| left + (number - least) / span * (WIDTH - left - right);
    let middle = f64::midpoint(top, HEIGHT - below);
    let room = (HEIGHT - below - top) / 2.0 - 16.0;
    let one = |bar: &Bar| {
        let (x, width) = (place(bar.from), (place(bar.to) - place(bar.from) - 1.0).max(1.0));
        let (up, down) = (bar.up / most * room, bar.down / most * room);
        format!(
            "<rect class=\"first\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{up:.1}\"/>\
             <rect class=\"second\" x=\"{x:.1}\" y=\"{middle:.1}\" width=\"{width:.1}\" height=\"{down:.1}\"/>\n",
            middle - up
        )
    };
    let all: String = bars.iter().map(one).collect();
    let step = bars.len().div_ceil(5).max(1);
    let ends = bars.iter().step_by(step).map(|bar| bar.from).filter(|from| place(*from) < WIDTH - 60.0);
    let tick = |number: f64| {
        let (x, y) = (place(number), HEIGHT - below + 16.0);
        format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{number}</text>\n")
    };
    let ticks: String = ends.chain((!bars.is_empty()).then_some(greatest)).map(tick).collect();
    let labels = format!(
        "<text x=\"{left}\" y=\"{:.1}\">{}</text><text x=\"{left}\" y=\"{:.1}\">{}</text>\n\
         <path class=\"axis\" d=\"M{left} {middle:.1}H{:.1}\"/>\n",
        top + 10.0,
        escaped(names[0]),
        HEIGHT - below - 2.0,
        escaped(names[1]),
        WIDTH - right
    );
    svg(says, HEIGHT, &(all + &labels + &ticks))
}

fn svg(says: &str, height: f64, inside: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-label=\"{}\">\n{inside}</svg>\n",
        escaped(says)
    )
}

/// Where a share lies from left to right, and from below to above.
fn across(share: f64) -> f64 {
    MARGIN[0] + share.clamp(0.0, 1.0) * (WIDTH - MARGIN[0] - MARGIN[1])
}

fn up(share: f64) -> f64 {
    HEIGHT - MARGIN[3] - share.clamp(0.0, 1.0) * (HEIGHT - MARGIN[2] - MARGIN[3])
}

fn dot(x: f64, y: f64) -> String {
    format!("<circle class=\"first\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>\n")
}

fn even() -> String {
    format!(
        "<path class=\"even\" d=\"M{:.1} {:.1}L{:.1} {:.1}\"/>\n",
        across(0.0),
        up(0.0),
        across(1.0),
        up(1.0)
    )
}

/// Axes from 0 to 100 %, with what they are.
fn unit_axes([x, y]: [&str; 2]) -> String {
    let line = |quarter: i32| {
        let share = f64::from(quarter) / 4.0;
        format!(
            "<path class=\"grid\" d=\"M{:.1} {v:.1}H{:.1}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{label}</text>\n",
            across(0.0),
            across(1.0),
            MARGIN[0] - 6.0,
            up(share) + 4.0,
            across(share).min(WIDTH - 20.0),
            HEIGHT - MARGIN[3] + 16.0,
            v = up(share),
            label = percent(share)
        )
    };
    let lines: String = (0..=4).map(line).collect();
    format!(
        "{lines}<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\
         <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" transform=\"rotate(-90 12 {:.1})\">{}</text>\n",
        across(0.5),
        HEIGHT - 6.0,
        escaped(x),
        12.0,
        up(0.5),
        up(0.5),
        escaped(y)
    )
}

fn percent(share: f64) -> String {
    let hundredths = (share * 1000.0).round() / 10.0;
    format!("{hundredths} %")
}

fn cut(name: &str) -> String {
    if name.chars().count() <= LETTERS {
        return name.to_owned();
    }
    name.chars().take(LETTERS - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_of_nothing_is_empty_and_not_broken() {
        let all = [
            curve("", ["", ""], &[]),
            agreement("", ["", ""], &[]),
            shares("", &[]),
            mirrored("", ["", ""], &[]),
            mirrored("", ["", ""], &[Bar { from: 3.0, to: 4.0, up: 0.0, down: 1.0 }]),
        ];
        assert!(all.iter().all(|plot| !plot.contains("NaN") && !plot.contains("inf")), "{all:?}");
    }

    #[test]
    fn long_names_are_cut_and_all_names_are_harmless() {
        let name = "<b>a very long name of a segment</b>";
        let plot = shares("says", &[Share { name, rate: 0.1, low: 0.05, high: 0.2 }]);
        assert!(plot.contains(">&lt;b&gt;a very long nam…<"), "{plot}");
    }
}
