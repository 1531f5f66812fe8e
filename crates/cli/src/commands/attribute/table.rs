//! Columns as many as there are methods, the first to the left and the others to the right.

use crate::{
    render::text::{Style, width},
    terminal::Terminal,
};

const GAP: usize = 2;

/// Lines of cells under titles, aligned.
pub(super) fn table(titles: &[String], rows: &[Vec<String>], terminal: &Terminal) -> String {
    let cell = |row: &[String], column: usize| row.get(column).map_or(0, |cell| width(cell));
    let widest = |column| rows.iter().map(|row| cell(row, column)).chain([cell(titles, column)]).max();
    let widths: Vec<usize> = (0..titles.len()).map(|column| widest(column).unwrap_or(0)).collect();
    let mut text = terminal.paint(Style::Dim, &line(titles, &widths)) + "\n";
    for row in rows {
        text.push_str(&line(row, &widths));
        text.push('\n');
    }
    text
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let mut text = String::new();
    for (column, (cell, wide)) in cells.iter().zip(widths).enumerate() {
        let free = " ".repeat(wide - width(cell).min(*wide));
        let gap = " ".repeat(if column == 0 { 0 } else { GAP });
        let (before, after) = if column == 0 { ("", &*free) } else { (&*free, "") };
        text.push_str(&format!("{gap}{before}{cell}{after}"));
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_column_is_to_the_left_and_the_others_to_the_right() {
        let terminal = Terminal { interactive: false, width: 80, colour: false, unicode: true };
        let text = |cells: &[&str]| cells.iter().map(ToString::to_string).collect::<Vec<_>>();
        let rows = [text(&["Email", "7", "1,000"]), text(&["Paid Search", "10", "2"])];
        assert_eq!(
            table(&text(&["channel", "first", "last"]), &rows, &terminal),
            "channel      first   last\nEmail            7  1,000\nPaid Search     10      2\n"
        );
    }
}
