//! A curve over time as a small terminal chart: two samples a column, four dots a row, lines at the tiers.

use super::text::{Style, harmless, short_points, shortened, width};
use crate::terminal::Terminal;
use kelvin_kernel::Micropoints;

/// Samples in one column.
pub(crate) const PER_COLUMN: usize = 2;

const LONGEST_MARK: usize = 20;
const DOTS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

/// A curve to draw.
pub(crate) struct Chart<'a> {
    /// Evenly spaced; `None` where there is no value.
    pub(crate) samples: &'a [Option<Micropoints>],
    /// The column that stands for now; what lies after it is drawn paler.
    pub(crate) now: usize,
    /// Horizontal lines with their names.
    pub(crate) marks: &'a [(Micropoints, &'a str)],
    /// In rows.
    pub(crate) height: usize,
    /// Under the first column, under now, under the last.
    pub(crate) labels: [&'a str; 3],
}

/// The values that the top and the bottom stand for.
#[derive(Clone, Copy)]
struct Span {
    top: f64,
    bottom: f64,
}

/// Dots by row and column.
struct Canvas {
    cells: Vec<Vec<u8>>,
}

impl Chart<'_> {
    /// The chart as lines.
    pub(crate) fn render(&self, indent: usize, terminal: &Terminal) -> String {
        let columns = self.samples.len().div_ceil(PER_COLUMN);
        let span = self.span();
        let rows = self.height.max(2);
        let mut canvas = Canvas { cells: vec![vec![0; columns]; rows] };
        self.draw(&mut canvas, span);
        let axis: Vec<_> = (0..rows).map(|row| self.label(row, rows, span)).collect();
        let room = axis.iter().map(|label| width(label)).max().unwrap_or(0);
        let mut text = String::new();
        for (row, cells) in canvas.cells.iter().enumerate() {
            let mark = self.mark_of(row, rows, span);
            let edge = if mark.is_some() { terminal.pick("┤", "+") } else { terminal.pick("│", "|") };
            text.push_str(&" ".repeat(indent + room - width(&axis[row])));
            text.push_str(&terminal.paint(Style::Dim, &format!("{} {edge}", axis[row])));
            self.push_cells(&mut text, cells, mark.is_some(), terminal);
            if let Some((_, name)) = mark {
                let name = shortened(&harmless(name), LONGEST_MARK, terminal);
                text.push_str(&terminal.paint(Style::Dim, &format!(" {name}")));
            }
            text.push('\n');
        }
        text.push_str(&self.time_axis(indent + room + 2, columns, terminal));
        text
    }

    /// The mark of a row, the highest where there are several.
    fn mark_of(&self, row: usize, rows: usize, span: Span) -> Option<&(Micropoints, &str)> {
        self.marks.iter().rev().find(|(value, _)| mark_row(*value, rows, span) == row)
    }

    /// The dot of a value: on the line of a mark or above it only where the value reaches the mark.
    fn dot(&self, value: Micropoints, rows: usize, span: Span) -> usize {
        let mut y = row_of(value, rows * 4, span);
        for (mark, _) in self.marks {
            let lowest = mark_row(*mark, rows, span) * 4 + 3;
            y = if value >= *mark { y.min(lowest) } else { y.max(lowest + 1) };
        }
        y
    }

    fn span(&self) -> Span {
        let values = self.samples.iter().flatten().copied();
        let all = || values.clone().chain(self.marks.iter().map(|(value, _)| *value));
        let top = all().max().unwrap_or_default().max(Micropoints(1_000_000));
        let bottom = all().min().unwrap_or_default().min(Micropoints(0));
        Span { top: top.0 as f64, bottom: bottom.0 as f64 }
    }

    fn draw(&self, canvas: &mut Canvas, span: Span) {
        let rows = canvas.cells.len();
        let mut before = None;
        for (x, sample) in self.samples.iter().enumerate() {
            let y = sample.map(|value| self.dot(value, rows, span));
            if let Some(y) = y {
                let from = before.unwrap_or(y);
                // A jump is drawn from the next dot on, so that a step has one corner and not two.
                let path = if from < y {
                    from + 1..=y
                } else if from > y {
                    y..=from - 1
                } else {
                    y..=y
                };
                path.for_each(|y| canvas.set(x, y));
            }
            before = y;
        }
    }

    /// What stands left of a row: the value of a mark, or of the edge.
    fn label(&self, row: usize, rows: usize, span: Span) -> String {
        match self.mark_of(row, rows, span) {
            Some((value, _)) => short_points(*value),
            None if row == 0 => short_points(Micropoints(span.top as i64)),
            None if row + 1 == rows => short_points(Micropoints(span.bottom as i64)),
            None => String::new(),
        }
    }

    fn push_cells(&self, text: &mut String, cells: &[u8], marked: bool, terminal: &Terminal) {
        for (column, &dots) in cells.iter().enumerate() {
            let (style, shown) = match dots {
                0 if column == self.now => (Style::Dim, terminal.pick("╎", ":").to_owned()),
                0 if marked => (Style::Dim, terminal.pick("┄", "-").to_owned()),
                0 => (Style::Plain, " ".to_owned()),
                _ => {
                    let style = if column <= self.now { Style::Accent } else { Style::Fair };
                    let braille = char::from_u32(0x2800 + u32::from(dots)).unwrap_or('*');
                    (style, if terminal.unicode { braille } else { '*' }.to_string())
                }
            };
            text.push_str(&terminal.paint(style, &shown));
        }
        // Trailing blanks stay: the name of a mark stands right of all columns.
        if !marked {
            text.truncate(text.trim_end_matches(' ').len());
        }
    }

    fn time_axis(&self, indent: usize, columns: usize, terminal: &Terminal) -> String {
        let [first, now, last] = self.labels;
        let mut line = first.to_owned();
        for (label, at) in [
            (now, (self.now + 1).saturating_sub(width(now).div_ceil(2))),
            (last, columns.saturating_sub(width(last))),
        ] {
            let gap = at.saturating_sub(width(&line)).max(1);
            line.push_str(&" ".repeat(gap));
            line.push_str(label);
        }
        format!("{}{}\n", " ".repeat(indent), terminal.paint(Style::Dim, &line))
    }
}

impl Canvas {
    fn set(&mut self, x: usize, y: usize) {
        let cell = self.cells.get_mut(y / 4).and_then(|row| row.get_mut(x / PER_COLUMN));
        if let Some(cell) = cell {
            *cell |= DOTS[x % PER_COLUMN][y % 4];
        }
    }
}

/// The row of a mark: never the last, which is for what lies below the mark, unless nothing does.
fn mark_row(value: Micropoints, rows: usize, span: Span) -> usize {
    let lowest = if value.0 as f64 > span.bottom { rows - 2 } else { rows - 1 };
    row_of(value, rows, span).min(lowest)
}

/// In which of so many rows a value lies, from the top.
fn row_of(value: Micropoints, rows: usize, span: Span) -> usize {
    let share = (span.top - value.0 as f64) / (span.top - span.bottom);
    (share * (rows - 1) as f64).round().max(0.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[i64]) -> Vec<Option<Micropoints>> {
        values.iter().map(|value| Some(Micropoints(value * 1_000_000))).collect()
    }

    fn check(unicode: bool, samples: &[Option<Micropoints>], expect: &str) {
        let terminal = Terminal { interactive: true, width: 80, colour: false, unicode };
        let marks = [(Micropoints(8_000_000), "sql"), (Micropoints(4_000_000), "mql")];
        let chart = Chart {
            samples,
            now: samples.len() / 4,
            marks: &marks,
            height: 5,
            labels: ["past", "now", "to come"],
        };
        assert_eq!(chart.render(0, &terminal), expect, "{}", chart.render(0, &terminal));
    }

    #[test]
    fn a_curve_is_drawn_with_its_tiers_and_now() {
        let samples =
            points(&[0, 0, 0, 0, 0, 0, 0, 8, 8, 7, 7, 6, 6, 5, 5, 4, 4, 4, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1]);
        check(
            true,
            &samples,
            "\
8 ┤┄┄┄⢸⢱┄┄╎┄┄┄┄┄┄ sql
  │   ⢸⠈⠑⢢⡀
4 ┤┄┄┄⢸┄┄┄⠸⠤⡀┄┄┄┄ mql
  │   ⢸   ╎ ⠉⠱⠤⢄
0 │⣀⣀⣀⡸   ╎    ⠘⠒
   past  now to come
",
        );
    }

    #[test]
    fn a_lead_below_a_tier_is_drawn_below_its_line_however_low_the_tier_is() {
        let terminal = Terminal { interactive: true, width: 80, colour: false, unicode: true };
        let marks = [(Micropoints(1_000_000), "nurture"), (Micropoints(100_000_000), "sql")];
        let samples = points(&[-20, -20, 0, 0, 1, 1, 99, 99, 100, 100]);
        let labels = ["past", "now", "to come"];
        let draw =
            |samples: &[_]| Chart { samples, now: 9, marks: &marks, height: 5, labels }.render(0, &terminal);
        let all = draw(&samples);
        let expect = "\
100 ┤┄┄┄┄⡏ sql
    │   ⡏
    │   ⡇
  1 ┤┄┄⣀⠇┄ nurture
-20 │⣀⠏
     past    now to come
";
        assert_eq!(all, expect, "{all}");
        let high = draw(&samples[2..]);
        let expect = "\
100 ┤┄┄┄⡏ sql
    │  ⡏
    │  ⡇
  1 ┤┄⣀⠇┄ nurture
  0 │⣀⠇
     past    now to come
";
        assert_eq!(high, expect, "{high}");
    }

    #[test]
    fn without_unicode_it_is_drawn_in_ascii() {
        let samples =
            points(&[0, 0, 0, 0, 0, 0, 0, 8, 8, 7, 7, 6, 6, 5, 5, 4, 4, 4, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1]);
        check(
            false,
            &samples,
            "\
8 +---**--:------ sql
  |   *****
4 +---*---***---- mql
  |   *   : ****
0 |****   :    **
   past  now to come
",
        );
    }

    #[test]
    fn where_there_is_no_score_there_is_a_gap() {
        check(
            true,
            &[None; 12],
            "\
8 ┤┄┄┄╎┄┄ sql
  │   ╎
4 ┤┄┄┄╎┄┄ mql
  │   ╎
0 │   ╎
   past now to come
",
        );
        check(
            false,
            &[],
            "\
8 + sql
  |
4 + mql
  |
0 |
   past now to come
",
        );
    }
}
