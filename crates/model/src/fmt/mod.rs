//! `kelvin fmt`: lays a model file out in one canonical form, keeping its meaning and its comments.

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

use read::Comment;
pub use read::Unreadable;
use tree::Document;

/// The canonical layout of a model file. It means the same, keeps every comment, and is its own canonical layout.
pub fn format(source: &str) -> Result<String, Unreadable> {
    let source = normal_line_ends(source);
    let (document, before) = document(&source)?;
    let text = print::print(&document);
    let unchanged = self::document(&text).is_ok_and(|(after, comments)| {
        means_the_same(&document, &after) && same_comments(&before, &comments)
    });
    if unchanged {
        Ok(text)
    } else {
        Err(Unreadable { message: "cannot lay this file out without a change of meaning".into(), offset: 0 })
    }
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
