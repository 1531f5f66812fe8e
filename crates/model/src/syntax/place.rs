//! Where each character of a scalar's text stands in the file, through quotes, escapes and folded lines.

use std::ops::Range;

use super::node::{Node, Style};
use crate::span::Span;

/// The places of a scalar's characters in the file.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// For each byte of the text, where its character is written.
    spans: Vec<Span>,
    /// Where the text ends.
    end: usize,
}

/// One character of the source, or an escape that stands for one.
struct Unit {
    span: Span,
    space: bool,
}

impl Places {
    /// The places of a scalar's characters; of any other node, none.
    pub fn of(node: &Node, source: &str) -> Self {
        let Some(scalar) = node.scalar() else { return Self::default() };
        let raw = source.get(node.span.start..node.span.end).unwrap_or_default();
        let units = units(raw, scalar.style, node.span.start);
        align(&scalar.text, &units, node.span.start)
    }

    /// The place in the file of a range of the text's bytes.
    pub fn span(&self, range: Range<usize>) -> Span {
        let start = self.spans.get(range.start).map_or(self.end, |span| span.start);
        let last = range.end.checked_sub(1).filter(|last| *last >= range.start);
        let end = last.and_then(|last| self.spans.get(last)).map_or(start, |span| span.end);
        Span::new(start, end.max(start))
    }
}

/// Pairs the text's characters with the source's: all but white space are the same, in the same order.
fn align(text: &str, units: &[Unit], start: usize) -> Places {
    let mut places = Places { spans: Vec::with_capacity(text.len()), end: start };
    let mut next = 0;
    for character in text.chars() {
        let space = character.is_whitespace();
        if !space {
            next += units.iter().skip(next).take_while(|unit| unit.space).count();
        }
        let unit = units.get(next).filter(|unit| unit.space == space);
        let span = unit.map_or(Span::at(places.end), |unit| unit.span);
        next += usize::from(unit.is_some());
        places.end = span.end;
        places.spans.extend(std::iter::repeat_n(span, character.len_utf8()));
    }
    places
}

/// The characters of a scalar's source, without its quotes.
fn units(raw: &str, style: Style, offset: usize) -> Vec<Unit> {
    let quoted = matches!(style, Style::Single | Style::Double);
    let body = if quoted { raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default() } else { raw };
    let offset = offset + usize::from(quoted);
    let mut units = Vec::with_capacity(body.len());
    let mut place = 0;
    while let Some(rest) = body.get(place..).filter(|rest| !rest.is_empty()) {
        let (length, space) = match style {
            Style::Single if rest.starts_with("''") => (2, false),
            Style::Double if rest.starts_with('\\') => escape(rest),
            _ => rest.chars().next().map_or((1, false), |c| (c.len_utf8(), c.is_whitespace())),
        };
        units.push(Unit { span: Span::new(offset + place, offset + place + length), space });
        place += length;
    }
    units
}

/// The length of the escape that `rest` starts with, and whether it stands for white space.
fn escape(rest: &str) -> (usize, bool) {
    let Some(kind) = rest.chars().nth(1) else { return (1, false) };
    let digits = match kind {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => 0,
    };
    let number = rest.get(2..2 + digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let space = match kind {
        // `\` at the end of a line stands for nothing, as white space that is left out does.
        'n' | 't' | 'r' | 'v' | 'f' | ' ' | '\t' | 'N' | '_' | 'L' | 'P' | '\n' | '\r' => true,
        _ => number.and_then(char::from_u32).is_some_and(char::is_whitespace),
    };
    // A pair of surrogates is two escapes for one character.
    let pair =
        number.is_some_and(|number| (0xD800..0xDC00).contains(&number)) && rest.get(6..8) == Some("\\u");
    let length = if pair { 12 } else { 1 + kind.len_utf8() + digits };
    (floor(rest, length), space)
}

/// The greatest place not after `length` at which `text` can be cut.
fn floor(text: &str, length: usize) -> usize {
    (0..=length.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0).max(1)
}

#[cfg(test)]
mod tests {
    use crate::syntax;

    /// `yaml` marks with `«…»` where the text `find` of the value of `k` must be found.
    #[track_caller]
    fn check(yaml: &str, find: &str) {
        let start = yaml.find('«').expect("no mark");
        let source = yaml.replace(['«', '»'], "");
        let end = yaml.find('»').expect("no mark") - '«'.len_utf8();
        let parsed = syntax::parse(&source);
        assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
        let root = parsed.root.expect("no tree");
        let node = root.get("k").expect("no `k`");
        let text = node.text().expect("not a scalar");
        let at = text.find(find).expect("not in the text");
        let span = super::Places::of(node, &source).span(at..at + find.len());
        assert_eq!((span.start, span.end), (start, end), "found `{}`", span.text(&source));
    }

    #[test]
    fn plain_text_is_found_where_it_stands() {
        check("k: a && «b»\n", "b");
        check("k: é && «b»\n", "b");
        check("k: a &&\n   c &&   «b» \n", "b");
        check("k: «a && b»\n", "a && b");
    }

    #[test]
    fn quotes_and_escapes_shift_places() {
        check("k: 'it''s «b»'\n", "b");
        check("k: 'it«''»s b'\n", "'");
        check("k: \"x\\n\\\"\\u00e9\\x41 «b»\"\n", "b");
        check("k: \"x\\uD83D\\uDE00 «b»\"\n", "b");
        check("k: \"x «\\u0062»\"\n", "b");
        check("k: \"x \\\n   «b»\"\n", "b");
        check("k: \"x\n\n   «b»\"\n", "b");
    }

    #[test]
    fn block_scalars_are_found_behind_their_indentation() {
        check("k: |\n  one\n    two «b» c\n", "b");
        check("k: >-\n  one\n  two\n\n  «b»\n", "b");
        check("k: |2-\n   a\n   «b»\n", "b");
        check("k: |\r\n  one\r\n  «b»\r\n", "b");
    }
}
