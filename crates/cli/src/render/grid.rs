//! Columns of text, aligned, without lines between them.

use super::text::{Style, shortened, width};
use crate::terminal::Terminal;

/// Columns between two columns of the grid.
const GAP: usize = 2;

/// To which side a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A piece of text with its look.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) style: Style,
}

/// Rows of cells under titles.
pub(crate) struct Grid<const N: usize> {
    titles: [(&'static str, Align); N],
    rows: Vec<[Cell; N]>,
}

impl Cell {
    pub(crate) fn new(style: Style, text: impl Into<String>) -> Self {
        Self { text: text.into(), style }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::new(Style::Plain, text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(Style::Plain, text)
    }
}

impl<const N: usize> Grid<N> {
    pub(crate) fn new(titles: [(&'static str, Align); N]) -> Self {
        Self { titles, rows: Vec::new() }
    }

    pub(crate) fn add(&mut self, row: [Cell; N]) {
        self.rows.push(row);
    }

    /// The rows, to fill in what depends on the widths of other columns.
    pub(crate) fn rows_mut(&mut self) -> impl Iterator<Item = &mut [Cell; N]> {
        self.rows.iter_mut()
    }

    /// The columns that the widest cell of each column takes.
    fn widths(&self) -> [usize; N] {
        std::array::from_fn(|column| {
            let cells = self.rows.iter().map(|row| width(&row[column].text));
            cells.chain([width(self.titles[column].0)]).max().unwrap_or(0)
        })
    }

    /// The columns that are left for the last one.
    pub(crate) fn room(&self, terminal: &Terminal) -> usize {
        let widths = self.widths();
        let before = widths.split_last().map_or(&[][..], |(_, before)| before);
        let used = before.iter().filter(|width| **width > 0).map(|width| width + GAP).sum();
        terminal.width.saturating_sub(used)
    }

    /// The grid as lines, indented, its last column cut where the terminal ends. What nobody looks at is not cut.
    pub(crate) fn render(&self, indent: usize, terminal: &Terminal) -> String {
        let mut widths = self.widths();
        let room = self.room(terminal).saturating_sub(indent);
        if let Some(last) = widths.last_mut().filter(|_| terminal.interactive) {
            *last = (*last).min(room);
        }
        let mut text = String::new();
        if self.titles.iter().any(|(title, _)| !title.is_empty()) {
            let titles = std::array::from_fn(|column| Cell::new(Style::Dim, self.titles[column].0));
            self.line(&mut text, &titles, &widths, indent, terminal);
        }
        for row in &self.rows {
            self.line(&mut text, row, &widths, indent, terminal);
        }
        text
    }

    fn line(
        &self,
        text: &mut String,
        row: &[Cell; N],
        widths: &[usize; N],
        indent: usize,
        terminal: &Terminal,
    ) {
        let mut line = String::new();
        let mut owed = indent;
        for (column, cell) in row.iter().enumerate().filter(|(column, _)| widths[*column] > 0) {
            let content = shortened(&cell.text, widths[column], terminal);
            let free = widths[column].saturating_sub(width(&content));
            let before = if self.titles[column].1 == Align::Right { free } else { 0 };
            owed += before;
            if !content.is_empty() {
                line.push_str(&" ".repeat(std::mem::take(&mut owed)));
                line.push_str(&terminal.paint(cell.style, &content));
            }
            owed += free - before + GAP;
        }
        text.push_str(&line);
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_cut_where_there_is_no_terminal_to_fit() {
        let terminal = Terminal { interactive: false, width: 24, colour: false, unicode: true };
        let mut grid = Grid::new([("#", Align::Right), ("why", Align::Left)]);
        grid.add(["1".into(), "pricing-page +15.25, demo +10".into()]);
        assert_eq!(grid.render(0, &terminal), "#  why\n1  pricing-page +15.25, demo +10\n");
    }

    #[test]
    fn columns_are_aligned_and_the_last_is_cut() {
        let terminal = Terminal { interactive: true, width: 24, colour: false, unicode: true };
        let mut grid = Grid::new([("#", Align::Right), ("lead", Align::Left), ("why", Align::Left)]);
        grid.add(["1".into(), "株式".into(), "pricing-page +15".into()]);
        grid.add(["10".into(), "".into(), "demo".into()]);
        grid.add(["3".into(), "c".into(), "".into()]);
        assert_eq!(
            grid.render(1, &terminal),
            "  #  lead  why\n  1  株式  pricing-page…\n 10        demo\n  3  c\n"
        );
    }
}
