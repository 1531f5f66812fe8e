//! Diagnostics for people: the message, the source underlined, what to do.

use std::fmt::Write;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{Diagnostic, Severity};

/// Diagnostics of one file as text for a terminal, each with the lines it is about, an empty line between two.
///
/// `name` is what the file is called, `source` what it holds; `colours` adds ANSI colours.
pub fn render(diagnostics: &[Diagnostic], name: &str, source: &str, colours: bool) -> String {
    let renderer = if colours { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for (place, diagnostic) in diagnostics.iter().enumerate() {
        if place > 0 {
            out.push('\n');
        }
        let _ = writeln!(out, "{}", one(diagnostic, name, source, &renderer));
    }
    out
}

fn one(diagnostic: &Diagnostic, name: &str, source: &str, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut snippet = Snippet::source(source).path(name).fold(true);
    for (place, label) in diagnostic.labels.iter().enumerate() {
        let kind = if place == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let text = Some(label.text.as_str()).filter(|text| !text.is_empty());
        let start = floor(source, label.span.start);
        let end = floor(source, label.span.end).max(start);
        snippet = snippet.annotation(kind.span(start..end).label(text));
    }
    let mut group = level.primary_title(&diagnostic.message).id(diagnostic.code).element(snippet);
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    renderer.render(&[group])
}

/// The nearest place at or before `offset` at which the text can be cut.
fn floor(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    (0..=offset).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
