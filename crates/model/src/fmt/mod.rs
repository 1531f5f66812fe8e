//! `kelvin fmt`: lays a model or a playbook out in one canonical form, keeping its meaning and its comments.

mod arrange;
#[cfg(test)]
mod author;
mod comments;
mod print;
mod read;
mod scalar;
mod shape;
#[cfg(test)]
mod tests;
mod tree;

use read::{Comment, Unreadable};
use tree::Document;

use crate::{
    diagnostics::{self, Diagnostic},
    span::Span,
    syntax,
};

/// The canonical layout of a model file. It means the same, keeps every comment, and is its own canonical layout.
/// A model need not be right to be laid out; only its YAML must be.
///
/// # Errors
/// What is wrong with the file's YAML; the file is then best left alone.
pub fn format(source: &str) -> Result<String, Vec<Diagnostic>> {
    let mut problems = syntax::parse(source).problems;
    diagnostics::settle(&mut problems, source);
    problems.retain(Diagnostic::is_error);
    if problems.is_empty() {
        return lay_out(&with_quotes(&normal_line_ends(source)))
            .map_err(|reason| vec![cannot_format(&reason, source)]);
    }
    Err(problems)
}

fn lay_out(source: &str) -> Result<String, Unreadable> {
    let (document, before) = document(source)?;
    let text = print::print(&document);
    let unchanged = self::document(&text).is_ok_and(|(after, comments)| {
        means_the_same(&document, &after) && same_comments(&before, &comments)
    });
    let changed =
        || Unreadable { message: "its layout cannot change without a change of meaning".into(), offset: 0 };
    if unchanged { Ok(text) } else { Err(changed()) }
}

/// The text with quotes around expressions that only Kelvin can read without them.
fn with_quotes(source: &str) -> String {
    let problems = syntax::parse(source).problems;
    let bare = problems.iter().filter(|problem| problem.code == diagnostics::UNQUOTED_EXPRESSION);
    let mut spans: Vec<Span> = bare.map(Diagnostic::span).collect();
    spans.sort_unstable();
    let mut text = source.to_owned();
    for span in spans.into_iter().rev() {
        if let Some(expression) = source.get(span.start..span.end) {
            text.replace_range(span.start..span.end, &scalar::quote(expression));
        }
    }
    text
}

fn cannot_format(reason: &Unreadable, source: &str) -> Diagnostic {
    diagnostics::cannot_format(&reason.message, Span::at(reason.offset)).placed(source)
}

fn document(source: &str) -> Result<(Document, Vec<Comment>), Unreadable> {
    let (mut document, comments) = read::read(source)?;
    comments::attach(&mut document, comments.clone(), source);
    arrange::arrange(&mut document);
    Ok((document, comments))
}

/// The text without a byte order mark, its lines ended as on Unix.
fn normal_line_ends(source: &str) -> String {
    source.strip_prefix('\u{feff}').unwrap_or(source).replace("\r\n", "\n").replace('\r', "\n")
}

fn means_the_same(a: &Document, b: &Document) -> bool {
    match (&a.root, &b.root) {
        (Some(a), Some(b)) => arrange::same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// Whether the comments are the same ones, in any order.
fn same_comments(a: &[Comment], b: &[Comment]) -> bool {
    let texts = |comments: &[Comment]| {
        let mut texts: Vec<String> = comments.iter().map(|comment| comment.text.clone()).collect();
        texts.sort_unstable();
        texts
    };
    texts(a) == texts(b)
}
