//! Goes on after a YAML error: covers the part that cannot be read and parses again.
//!
//! A cover has the length of what it hides, so that all places stay true.

use granit_parser::ErrorKind;

use super::{
    Parsed,
    build::{Covers, Stop, build},
};
use crate::{
    diagnostics::{self, Diagnostic},
    grammar,
    span::{Lines, Span},
};

/// After so many errors the rest is not worth telling.
const MOST_ERRORS: usize = 40;

/// Parses a YAML text, over and over until all of it can be read or nothing more can be covered.
pub(super) fn parse(source: &str) -> Parsed {
    let mut repair = Repair {
        source,
        lines: Lines::new(source),
        covered: source.to_owned(),
        covers: Covers::default(),
        problems: Vec::new(),
        damaged: false,
    };
    for _ in 0..MOST_ERRORS {
        match build(&repair.covered, source, &repair.covers) {
            Ok((root, problems)) => {
                repair.problems.extend(problems);
                return Parsed { root, problems: repair.problems, damaged: repair.damaged };
            }
            Err(stop) if repair.mend(&stop) => {}
            Err(_) => break,
        }
    }
    Parsed { root: None, problems: repair.problems, damaged: true }
}

struct Repair<'a> {
    source: &'a str,
    lines: Lines,
    covered: String,
    covers: Covers,
    problems: Vec<Diagnostic>,
    damaged: bool,
}

/// A line of the form `key: value`, perhaps behind dashes; no key in `- value`.
struct Line<'a> {
    indent: usize,
    key: Option<&'a str>,
    value: Span,
}

impl Repair<'_> {
    /// Covers what the parser stopped at; `false` where there is nothing left to cover.
    fn mend(&mut self, stop: &Stop) -> bool {
        let cause = cause(stop, &self.covered);
        let mut number = self.lines.line(cause);
        // The parser may notice only behind the line that is wrong.
        while number > 0 && self.is_empty(number) {
            number -= 1;
        }
        let line = self.lines.span(number, self.source);
        if self.is_empty(number) {
            self.problems.push(diagnostics::yaml_syntax(&stop.kind, Span::at(cause), self.source));
            return false;
        }
        let parts = split(line, self.source);
        let fresh = |covers: &[Span], value: Span| !covers.iter().any(|cover| cover.touches(value));
        let value = parts.value;
        let known = !fresh(&self.covers.holes, line) || !fresh(&self.covers.expressions, line);
        if !known && parts.key.is_some_and(grammar::takes_expression) && self.is_expression(value, stop) {
            self.problems.push(diagnostics::unquoted_expression(value, self.source));
            self.covers.expressions.push(value);
            self.cover(value, 'x');
            return true;
        }
        if !self.follows_a_hole(number, parts.indent) {
            let place = Span::new(cause.clamp(line.start, line.end), line.end);
            self.problems.push(diagnostics::yaml_syntax(&stop.kind, place, self.source));
        }
        if !known && value.start < value.end {
            self.covers.holes.push(value);
            self.cover(value, 'x');
        } else {
            self.damaged = true;
            self.cover(line, ' ');
        }
        true
    }

    /// Whether the value at fault is an expression that merely lacks quotes.
    fn is_expression(&self, value: Span, stop: &Stop) -> bool {
        let text = value.text(self.source);
        let in_quotes = text.starts_with(['"', '\'']) && text.len() > 1 && text.ends_with(&text[..1]);
        let unclosed = text.starts_with(['"', '\'']) && text.matches(&text[..1]).count() < 2;
        !text.is_empty() && !in_quotes && !unclosed && stop.open.is_empty() && !text.starts_with(['|', '>'])
    }

    /// Whether the line goes on with a value that is covered already.
    fn follows_a_hole(&self, number: usize, indent: usize) -> bool {
        let mut above = number;
        while above > 0 {
            above -= 1;
            let line = self.lines.span(above, self.source);
            let parts = split(line, self.source);
            let is_hole = self.covers.holes.iter().any(|hole| hole.touches(line));
            if is_hole && parts.indent < indent {
                return true;
            }
            if !self.is_empty(above) && (parts.indent < indent || is_hole) {
                return false;
            }
        }
        false
    }

    fn is_empty(&self, number: usize) -> bool {
        self.lines.span(number, self.source).text(&self.covered).is_empty()
    }

    fn cover(&mut self, span: Span, with: char) {
        let length = span.end - span.start;
        self.covered.replace_range(span.start..span.end, &String::from(with).repeat(length));
    }
}

/// Where the fault lies: for an open quote or bracket, where it opens.
fn cause(stop: &Stop, text: &str) -> usize {
    let opening_quote = || {
        let rest = text.get(stop.read..)?;
        rest.find(['"', '\'']).map(|at| stop.read + at).filter(|at| *at <= stop.offset)
    };
    match stop.kind {
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar => opening_quote().unwrap_or(stop.offset),
        _ => match stop.open.first() {
            Some(open) if text.get(*open..stop.offset).is_some_and(|text| text.contains('\n')) => {
                stop.open.last().copied().unwrap_or(*open)
            }
            _ => stop.offset,
        },
    }
}

/// Takes a line apart.
fn split(line: Span, source: &str) -> Line<'_> {
    let text = source.get(line.start..line.end).unwrap_or_default();
    let mut rest = text.trim_start_matches([' ', '\t']);
    let indent = text.len() - rest.len();
    while let Some(item) = rest.strip_prefix("- ") {
        rest = item.trim_start_matches(' ');
    }
    let key_end = rest.find(": ").filter(|at| {
        let key = &rest[..*at];
        !key.is_empty() && !key.contains(['{', '[', '"', '\'', '#', ' '])
    });
    let key = key_end.map(|at| &rest[..at]);
    if let Some(at) = key_end {
        rest = rest[at + 1..].trim_start_matches(' ');
    }
    let start = line.start + (text.len() - rest.len());
    Line { indent, key, value: Span::new(start, start + rest.trim_end().len()) }
}
