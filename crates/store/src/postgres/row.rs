//! Texts and numbers on their way into PostgreSQL and back.

use std::borrow::Cow;

use kelvin_kernel::Instant;
use postgres::{Row, types::FromSql};

use crate::{Error, Result};

/// Stands before a character that is escaped.
const ESCAPE: char = '\u{1}';

/// What stands for the two characters that are escaped, behind the escape.
const NUL: char = '\u{1}';
const ONE: char = '\u{2}';

/// A text as it is kept. PostgreSQL takes no NUL; what stands for it is in the same place in the order of texts.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', ESCAPE]) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\0' => kept.extend([ESCAPE, NUL]),
            ESCAPE => kept.extend([ESCAPE, ONE]),
            other => kept.push(other),
        }
    }
    Cow::Owned(kept)
}

/// The text that is kept as this.
fn original(kept: String) -> String {
    if !kept.contains(ESCAPE) {
        return kept;
    }
    let mut characters = kept.chars();
    let mut text = String::with_capacity(kept.len());
    while let Some(character) = characters.next() {
        match character {
            ESCAPE => text.push(if characters.next() == Some(NUL) { '\0' } else { ESCAPE }),
            other => text.push(other),
        }
    }
    text
}

/// The columns of a row, by their places.
pub(super) trait Columns {
    /// A value that PostgreSQL's library reads by itself.
    fn value<'r, T: FromSql<'r>>(&'r self, column: usize) -> Result<T>;

    /// A text, where there is one.
    fn some_text(&self, column: usize) -> Result<Option<String>> {
        Ok(self.value::<Option<String>>(column)?.map(original))
    }

    /// A text.
    fn text(&self, column: usize) -> Result<String> {
        Ok(original(self.value(column)?))
    }

    /// A number that is not negative.
    fn natural(&self, column: usize) -> Result<u64> {
        Ok(u64::try_from(self.value::<i64>(column)?).unwrap_or(0))
    }

    /// A number that is not negative and not great.
    fn small(&self, column: usize) -> Result<u32> {
        Ok(u32::try_from(self.value::<i64>(column)?).unwrap_or(0))
    }

    /// An instant.
    fn instant(&self, column: usize) -> Result<Instant> {
        Ok(Instant::from_millis(self.value(column)?))
    }

    /// An instant, where there is one.
    fn some_instant(&self, column: usize) -> Result<Option<Instant>> {
        Ok(self.value::<Option<i64>>(column)?.map(Instant::from_millis))
    }

    /// What a name stands for.
    fn named<T>(&self, column: usize, known: impl Fn(&str) -> Option<T>) -> Result<T> {
        let name = self.text(column)?;
        known(&name).ok_or(Error::Name(name))
    }
}

impl Columns for Row {
    fn value<'r, T: FromSql<'r>>(&'r self, column: usize) -> Result<T> {
        Ok(self.try_get(column)?)
    }
}

/// One value of each of some rows.
pub(super) fn column<'r, R, T>(rows: &'r [R], value: impl Fn(&'r R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}

/// PostgreSQL's integers are signed; places in the log are far from that many.
pub(super) fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn count(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 7] = ["", "\0", "\0\0", "\u{1}", "\u{1}\u{1}a", "\u{2}", "a\0b"];

    #[test]
    fn what_is_kept_of_a_text_gives_it_back_and_holds_no_nul() {
        for each in TEXTS {
            assert!(!text(each).contains('\0'));
            assert_eq!(original(text(each).into_owned()), each);
        }
    }

    #[test]
    fn texts_are_kept_in_their_order() {
        assert!(TEXTS.is_sorted() && TEXTS.map(text).is_sorted());
    }
}
