//! Diagnostics for people: the message, the source underlined, what to do.

use std::fmt::Write;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{Diagnostic, Severity};
use crate::span::{Lines, Span};

/// Nobody reads on after so many.
const MOST_SHOWN: usize = 200;

/// Diagnostics of one file as text for a terminal, each with the lines it is about, an empty line between two; after
/// 200 only how many more there are.
///
/// `name` is what the file is called, `source` what it holds; `colours` adds ANSI colours.
pub fn render(diagnostics: &[Diagnostic], name: &str, source: &str, colours: bool) -> String {
    let renderer = if colours { Renderer::styled() } else { Renderer::plain() };
    let lines = Lines::new(source);
    let mut out = String::new();
    for (place, diagnostic) in diagnostics.iter().take(MOST_SHOWN).enumerate() {
        if place > 0 {
            out.push('\n');
        }
        let _ = writeln!(out, "{}", one(diagnostic, name, source, &lines, &renderer));
    }
    if let Some(more) = diagnostics.len().checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
        let _ = writeln!(out, "\n… and {more} more");
    }
    out
}

fn one(diagnostic: &Diagnostic, name: &str, source: &str, lines: &Lines, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let (first_line, shown) = shown(diagnostic, source, lines);
    let excerpt = source.get(shown.start..shown.end).unwrap_or_default();
    let mut snippet = Snippet::source(excerpt).path(name).line_start(first_line + 1).fold(true);
    for (place, label) in diagnostic.labels.iter().enumerate() {
        let kind = if place == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let text = Some(label.text.as_str()).filter(|text| !text.is_empty());
        let start = floor(excerpt, label.span.start.saturating_sub(shown.start));
        let end = floor(excerpt, label.span.end.saturating_sub(shown.start)).max(start);
        snippet = snippet.annotation(kind.span(start..end).label(text));
    }
    let mut group = level.primary_title(&diagnostic.message).id(diagnostic.code).element(snippet);
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    renderer.render(&[group])
}

/// The lines that a diagnostic is about, with the number of the first, from 0.
fn shown(diagnostic: &Diagnostic, source: &str, lines: &Lines) -> (usize, Span) {
    let spans = || diagnostic.labels.iter().map(|label| label.span);
    let first = lines.line(spans().map(|span| span.start).min().unwrap_or_default());
    let last = lines.line(spans().map(|span| span.end).max().unwrap_or_default());
    (first, Span::new(lines.span(first, source).start, lines.span(last, source).end))
}

/// The nearest place at or before `offset` at which the text can be cut.
fn floor(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    (0..=offset).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
