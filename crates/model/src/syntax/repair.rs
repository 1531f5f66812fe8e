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
    /// Where the key begins, or else the value.
    start: usize,
    key: Option<&'a str>,
    value: Span,
}

impl Repair<'_> {
    /// Covers what the parser stopped at; `false` where there is nothing left to cover.
    fn mend(&mut self, stop: &Stop) -> bool {
        let opened = opened(stop, &self.covered);
        let cause = opened.unwrap_or(stop.offset);
        let mut number = self.lines.line(cause);
        // The parser may notice only behind the line that is wrong.
        while number > 0 && self.is_empty(number) {
            number -= 1;
        }
        if self.is_empty(number) {
            self.problems.push(diagnostics::yaml_syntax(&stop.kind, Span::at(cause), self.source));
            return false;
        }
        let line = self.lines.span(number, self.source);
        let parts = split(line, self.source);
        let is_covered = self.is_covered(line);
        if !is_covered && stop.open.is_empty() && self.is_expression(&parts) {
            let value = without_comment(parts.value, self.source);
            self.problems.push(diagnostics::unquoted_expression(value, self.source));
            self.covers.expressions.push(value);
            self.cover(parts.value, 'x');
            return true;
        }
        if !self.follows_a_hole(number, parts.indent) {
            let problem = self.problem(stop, opened, cause.clamp(line.start, line.end), &parts, line);
            self.problems.push(problem);
        }
        if !is_covered && parts.value.start < parts.value.end {
            self.covers.holes.push(parts.value);
            self.cover(parts.value, 'x');
        } else {
            self.damaged = true;
            self.cover(line, ' ');
        }
        true
    }

    /// What to tell about a line that cannot be read.
    fn problem(
        &self,
        stop: &Stop,
        opened: Option<usize>,
        cause: usize,
        parts: &Line<'_>,
        line: Span,
    ) -> Diagnostic {
        let rest = Span::new(cause, line.end);
        if opened.is_some() {
            return diagnostics::never_closed(rest, self.source);
        }
        let key = parts.key.map(|key| Span::new(parts.start, parts.start + key.len()));
        if let (ErrorKind::MappingValueNotAllowed, Some(key)) = (&stop.kind, key)
            && key.end == cause
        {
            return diagnostics::too_deep(key);
        }
        let one = rest.text(self.source).chars().next().map_or(0, char::len_utf8);
        let place = match stop.kind {
            ErrorKind::MappingValueNotAllowed
            | ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::ExpectedFlowSequenceSeparator => Span::new(cause, cause + one),
            _ => rest,
        };
        diagnostics::yaml_syntax(&stop.kind, place, self.source)
    }

    /// Whether the line holds an expression that merely lacks quotes.
    fn is_expression(&self, parts: &Line<'_>) -> bool {
        let text = parts.value.text(self.source);
        let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''));
        let quoted_or_open = quote.is_some_and(|quote| match text.matches(quote).count() {
            0 | 1 => true,
            2 => text.ends_with(quote),
            _ => false,
        });
        parts.key.is_some_and(grammar::takes_expression)
            && !text.is_empty()
            && !text.starts_with(['|', '>'])
            && !quoted_or_open
    }

    fn is_covered(&self, line: Span) -> bool {
        self.covers.holes.iter().chain(&self.covers.expressions).any(|cover| cover.touches(line))
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

/// Where the quote or bracket opens whose end was looked for in vain.
fn opened(stop: &Stop, text: &str) -> Option<usize> {
    match stop.kind {
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar => {
            let rest = text.get(stop.read..)?;
            rest.find(['"', '\'']).map(|at| stop.read + at).filter(|at| *at <= stop.offset)
        }
        ErrorKind::UnclosedFlowCollection { .. } => stop.open.last().copied().or(Some(stop.offset)),
        _ => {
            let spans_lines =
                |open: &&usize| text.get(**open..stop.offset).is_some_and(|text| text.contains('\n'));
            stop.open.iter().rev().find(spans_lines).copied()
        }
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
    let start = line.start + (text.len() - rest.len());
    let key_end = rest.find(": ").filter(|at| {
        let key = &rest[..*at];
        !key.is_empty() && !key.contains(['{', '[', '"', '\'', '#', ' '])
    });
    let key = key_end.map(|at| &rest[..at]);
    if let Some(at) = key_end {
        rest = rest[at + 1..].trim_start_matches(' ');
    }
    let value = line.start + (text.len() - rest.len());
    Line { indent, start, key, value: Span::new(value, value + rest.trim_end().len()) }
}

/// An expression without the comment behind it: ` #` outside of its quotes.
fn without_comment(value: Span, source: &str) -> Span {
    let text = source.get(value.start..value.end).unwrap_or_default();
    let mut quote = None;
    let mut before = ' ';
    for (at, sign) in text.char_indices() {
        match (sign, quote) {
            ('#', None) if before.is_whitespace() => {
                return Span::new(value.start, value.start + text[..at].trim_end().len());
            }
            ('"' | '\'', None) => quote = Some(sign),
            (_, Some(open)) if sign == open && before != '\\' => quote = None,
            _ => {}
        }
        before = sign;
    }
    value
}
