//! Column mapping: which column of a file stands for which field, as in `lead_id=Email,employees="No. of Employees"`.

use std::fmt;

/// What the columns of the inputs are called. Parsed from the text of `--map`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// The entries, in the order given.
    pub entries: Vec<Entry>,
    /// Further entries of which nobody minds that an input has no such column. No text makes them.
    pub asides: Vec<Entry>,
}

/// One field and the column that stands for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The inputs that it is for; all if absent.
    pub kind: Option<Kind>,
    /// The field as the model knows it (`employees`), or `lead_id`, `time`, `event`, `id`.
    pub field: String,
    /// The column's name in the file (in JSON Lines also a path, `traits.email`), or [`Entry::LINE`].
    pub column: String,
}

/// The two kinds of input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Leads: `leads:field=column`
    Leads,
    /// Events: `events:field=column`
    Events,
}

/// Why a text is no mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MappingError {
    /// An entry without `=`.
    NoColumn(String),
    /// An entry with nothing before `=`.
    NoField(String),
    /// A quote that is not closed, or something after the closing quote.
    Quotes(String),
    /// Two columns for one field.
    Twice(String),
}

impl Entry {
    /// The column name that stands for the number of the line (in Parquet: of the row), counted from 1: an id for
    /// leads that have none.
    pub const LINE: &'static str = "@line";
}

impl Mapping {
    /// Reads `field=column,…`. A field or column with a comma, `=` or quotes stands in double quotes (`""` is a quote);
    /// `leads:` or `events:` before the field limits an entry to those inputs.
    ///
    /// # Errors
    /// The first entry that has another form, or that maps a field a second time.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        let mut mapping = Self::default();
        mapping.add(text)?;
        Ok(mapping)
    }

    /// Reads further entries, as from a second `--map`.
    ///
    /// # Errors
    /// As [`Mapping::parse`].
    pub fn add(&mut self, text: &str) -> Result<(), MappingError> {
        let mut rest = text.trim();
        while !rest.is_empty() {
            let (entry, after) = entry(rest)?;
            let same = |known: &Entry| {
                known.field == entry.field
                    && (known.kind == entry.kind || known.kind.is_none() || entry.kind.is_none())
            };
            if self.entries.iter().any(same) {
                return Err(MappingError::Twice(entry.field));
            }
            self.entries.push(entry);
            rest = after;
        }
        Ok(())
    }

    /// The column that stands for a field in inputs of a kind, where one was given.
    pub fn column(&self, kind: Kind, field: &str) -> Option<&str> {
        self.of(kind).find(|entry| entry.field == field).map(|entry| entry.column.as_str())
    }

    /// The entries for inputs of a kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.kind.is_none_or(|only| only == kind))
    }
}

/// One entry from the start of `text`, and what follows its comma.
fn entry(text: &str) -> Result<(Entry, &str), MappingError> {
    let (kind, text) = if let Some(rest) = text.strip_prefix("leads:") {
        (Some(Kind::Leads), rest)
    } else if let Some(rest) = text.strip_prefix("events:") {
        (Some(Kind::Events), rest)
    } else {
        (None, text)
    };
    let (field, rest) = name(text, &['=', ','])?;
    if field.is_empty() {
        return Err(MappingError::NoField(text.to_owned()));
    }
    let Some(rest) = rest.strip_prefix('=') else {
        return Err(MappingError::NoColumn(field));
    };
    let (column, rest) = name(rest, &[','])?;
    if column.is_empty() {
        return Err(MappingError::NoColumn(field));
    }
    let rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    Ok((Entry { kind, field, column }, rest))
}

/// A name from the start of `text`, quoted or up to one of the `ends`, and the rest from there.
fn name<'a>(text: &'a str, ends: &[char]) -> Result<(String, &'a str), MappingError> {
    let text = text.trim_start();
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find(ends).unwrap_or(text.len());
        return Ok((text[..end].trim_end().to_owned(), &text[end..]));
    };
    let unclosed = || MappingError::Quotes(text.to_owned());
    let mut name = String::new();
    loop {
        let (piece, after) = rest.split_once('"').ok_or_else(unclosed)?;
        name.push_str(piece);
        if let Some(after) = after.strip_prefix('"') {
            name.push('"');
            rest = after;
            continue;
        }
        let after = after.trim_start();
        return if after.is_empty() || after.starts_with(ends) { Ok((name, after)) } else { Err(unclosed()) };
    }
}

impl fmt::Display for MappingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoColumn(field) => write!(f, "`{field}` is mapped to no column: expected `{field}=Column`"),
            Self::NoField(text) => write!(f, "expected `field=Column`, found `{text}`"),
            Self::Quotes(text) => write!(f, "a quote is not closed, or text follows it: `{text}`"),
            Self::Twice(field) => write!(f, "`{field}` is mapped twice"),
        }
    }
}

impl std::error::Error for MappingError {}

#[cfg(test)]
mod tests {
    use super::{Kind, Mapping};

    type Row<'a> = (Option<Kind>, &'a str, &'a str);

    fn check(text: &str, expect: Result<&[Row<'_>], &str>) {
        let read = Mapping::parse(text).map_err(|error| error.to_string());
        let rows = read.as_ref().map(|mapping| {
            let row = |entry: &'_ super::Entry| (entry.kind, entry.field.clone(), entry.column.clone());
            mapping.entries.iter().map(row).collect::<Vec<_>>()
        });
        let expect = expect.map(|rows| {
            rows.iter().map(|row| (row.0, row.1.to_owned(), row.2.to_owned())).collect::<Vec<_>>()
        });
        assert_eq!(rows.map_err(String::as_str), expect, "{text}");
    }

    #[test]
    fn names_may_be_quoted_and_limited_to_one_kind_of_input() {
        check("", Ok(&[]));
        check("lead_id=Email", Ok(&[(None, "lead_id", "Email")]));
        check(
            r#"lead_id = Email , employees="No. of Employees""#,
            Ok(&[(None, "lead_id", "Email"), (None, "employees", "No. of Employees")]),
        );
        check(r#"a="x, ""y""=z",b=c"#, Ok(&[(None, "a", r#"x, "y"=z"#), (None, "b", "c")]));
        check(r#""odd = field"=c"#, Ok(&[(None, "odd = field", "c")]));
        check("formula=a=b", Ok(&[(None, "formula", "a=b")]));
        check(
            "leads:lead_id=Email,events:lead_id=user_id",
            Ok(&[(Some(Kind::Leads), "lead_id", "Email"), (Some(Kind::Events), "lead_id", "user_id")]),
        );
        check("lead_id=@line,", Ok(&[(None, "lead_id", "@line")]));
    }

    #[test]
    fn another_form_says_what_is_wrong() {
        check("Email", Err("`Email` is mapped to no column: expected `Email=Column`"));
        check("a=,b=c", Err("`a` is mapped to no column: expected `a=Column`"));
        check("=Email", Err("expected `field=Column`, found `=Email`"));
        check(r#"a="x"#, Err(r#"a quote is not closed, or text follows it: `"x`"#));
        check(r#"a="x"y"#, Err(r#"a quote is not closed, or text follows it: `"x"y`"#));
        check("a=b,a=c", Err("`a` is mapped twice"));
        check("a=b,leads:a=c", Err("`a` is mapped twice"));
    }
}
