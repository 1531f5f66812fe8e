//! Places in a file: byte ranges, and the lines and columns that people count in.

/// A range of bytes of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// Something with the place where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Spanned<T> {
    /// What is written.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// A place as people count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
}

/// Where the lines of a text start, to turn byte offsets into lines and columns.
#[derive(Debug, Clone)]
pub struct Lines {
    starts: Vec<usize>,
}

impl Span {
    /// The bytes from `start` up to `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The place between two characters.
    pub const fn at(offset: usize) -> Self {
        Self { start: offset, end: offset }
    }

    /// Whether the two have a byte in common.
    pub const fn touches(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether all of the other lies in this.
    pub const fn holds(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The text at this place, without white space around it; nothing where the place is not in the text.
    pub fn text(self, source: &str) -> &str {
        source.get(self.start..self.end).unwrap_or_default().trim()
    }
}

impl<T> Spanned<T> {
    /// `value`, written at `span`.
    pub const fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl Default for Position {
    fn default() -> Self {
        Self { line: 1, column: 1 }
    }
}

impl Lines {
    /// The lines of `text`. A line ends with `\n`; a `\r` before it belongs to the line.
    pub fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self { starts: std::iter::once(0).chain(breaks.map(|(offset, _)| offset + 1)).collect() }
    }

    /// The line (from 0) that holds a byte.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The place of a line, without its line break.
    pub fn span(&self, line: usize, text: &str) -> Span {
        let start = self.starts.get(line).copied().unwrap_or(text.len());
        let end = self.starts.get(line + 1).copied().unwrap_or(text.len());
        let content = text.get(start..end).unwrap_or_default();
        Span::new(start, start + content.trim_end_matches(['\n', '\r']).len())
    }

    /// Line and column of a byte.
    pub fn position(&self, offset: usize, text: &str) -> Position {
        let line = self.line(offset);
        let start = self.starts.get(line).copied().unwrap_or_default();
        let before = text.get(start..offset.min(text.len())).unwrap_or_default();
        Position { line: line + 1, column: before.chars().count() + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, offset: usize, (line, column): (usize, usize)) {
        assert_eq!(Lines::new(text).position(offset, text), Position { line, column });
    }

    #[test]
    fn lines_and_columns_count_from_one() {
        check("ab\ncd", 0, (1, 1));
        check("ab\ncd", 3, (2, 1));
        check("ab\ncd", 4, (2, 2));
        check("ab\n", 3, (2, 1));
    }

    #[test]
    fn columns_count_characters_and_not_bytes() {
        check("é: x", 4, (1, 4));
    }

    #[test]
    fn a_carriage_return_is_not_part_of_a_line() {
        let text = "ab\r\ncd\r\n";
        let lines = Lines::new(text);
        assert_eq!(lines.span(0, text).text(text), "ab");
        assert_eq!(lines.span(1, text), Span::new(4, 6));
        assert_eq!(lines.span(9, text), Span::new(8, 8));
    }
}
