//! Attributes of leads, row by row, to columns.

use std::collections::{BTreeMap, BTreeSet};

use kelvin_kernel::{
    Instant, Value,
    fields::{department, email_kind, seniority},
    predict::cell::{MISSING_TEXTS, time},
};
use rustc_hash::FxHashMap;

use super::{
    amounts,
    cells::{Cells, Texts},
};
use crate::{Column, Feature, FieldFunction, MISSING, Values};

/// How attributes are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Texts that stand for nothing, in lower case.
    pub missing: BTreeSet<String>,
    /// Attributes that are categories though they look like numbers, by name; keys of maps after dots.
    pub categories: BTreeSet<String>,
    /// Attributes that are left out, by name.
    pub ignored: BTreeSet<String>,
    /// Features that a trained model asks for, as they are written: an attribute of few leads may look otherwise than it did in training.
    pub asked: BTreeSet<String>,
}

impl Default for Reading {
    fn default() -> Self {
        let missing = MISSING_TEXTS.map(str::to_owned);
        Self {
            missing: missing.into(),
            categories: BTreeSet::new(),
            ignored: BTreeSet::new(),
            asked: BTreeSet::new(),
        }
    }
}

/// Attributes of rows, one after the other.
#[derive(Debug, Clone)]
pub struct Attributes {
    reading: Reading,
    /// The first bytes of texts that stand for nothing, in lower case.
    initials: BTreeSet<u8>,
    kept: Vec<Kept>,
    /// Where each attribute is kept, by its path.
    places: BTreeMap<String, usize>,
    /// The same for those that are not in maps, by name.
    known: FxHashMap<String, usize>,
    moments: Vec<Option<Instant>>,
}

/// What was told of an attribute so far.
#[derive(Debug, Clone)]
struct Kept {
    cells: Cells,
    may_be_number: bool,
    /// Its texts are categories, whatever they tell and however many there are.
    is_category: bool,
}

/// Parts of a path that tell of codes rather than amounts.
const CODES: [&str; 9] = ["zip", "postal", "postcode", "plz", "phone", "tel", "fax", "id", "code"];

/// With more texts than these, or than a quarter of the rows has, most say nothing of other leads.
const MOST_LEVELS: usize = 1_000;

impl Attributes {
    /// No rows yet.
    #[must_use]
    pub fn new(reading: Reading) -> Self {
        let initials = reading.missing.iter().filter_map(|text| text.bytes().next()).collect();
        Self {
            reading,
            initials,
            kept: Vec::new(),
            places: BTreeMap::new(),
            known: FxHashMap::default(),
            moments: Vec::new(),
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.moments.len()
    }

    /// Adds a row: attributes by name, as they were at a moment, where that is known.
    pub fn push<'v>(
        &mut self,
        attributes: impl IntoIterator<Item = (&'v str, &'v Value)>,
        at: Option<Instant>,
    ) {
        self.moments.push(at);
        for (name, value) in attributes {
            match self.known.get(name) {
                // What is made of the name takes longer than the cell.
                Some(place) if !matches!(value, Value::Map(_)) => self.set(*place, value),
                _ => self.put(name, &selector("", name), value),
            }
        }
    }

    /// Takes in a value by its name, the keys of maps joined by dots, and by its path.
    fn put(&mut self, name: &str, path: &str, value: &Value) {
        if self.reading.ignored.contains(name) {
            return;
        }
        if let Value::Map(map) = value {
            for (key, inner) in map.entries() {
                if let Some(key) = key.value().as_name() {
                    self.put(&format!("{name}.{key}"), &selector(path, &key), inner);
                }
            }
            return;
        }
        if self.is_missing(value) {
            return;
        }
        let place = self.places.get(path).copied().unwrap_or_else(|| {
            let is_category = self.reading.categories.contains(name);
            let may_be_number = !is_category && !is_code(name);
            self.kept.push(Kept { cells: Cells::default(), may_be_number, is_category });
            self.places.insert(path.to_owned(), self.kept.len() - 1);
            self.kept.len() - 1
        });
        if selector("", name) == path {
            self.known.insert(name.to_owned(), place);
        }
        self.set(place, value);
    }

    /// Takes in what the current row has of an attribute; of several the first counts.
    fn set(&mut self, place: usize, value: &Value) {
        let row = self.rows() - 1;
        if self.is_missing(value) || self.kept[place].cells.len() > row {
            return;
        }
        let Kept { cells, may_be_number, .. } = &mut self.kept[place];
        cells.fill(row);
        cells.push(value, *may_be_number);
    }

    fn is_missing(&self, value: &Value) -> bool {
        let Some(text) = value.as_str() else { return matches!(value, Value::Null | Value::List(_)) };
        let text = text.trim();
        let Some(initial) = text.bytes().next() else { return true };
        // Nearly all texts differ from these in their first letter.
        let may_be = !initial.is_ascii() || self.initials.contains(&initial.to_ascii_lowercase());
        may_be && self.reading.missing.contains(&text.to_lowercase())
    }

    /// Attributes whose texts are amounts, but not written as plain numbers are, each with such a text: nothing is learnt from how much they are.
    #[must_use]
    pub fn amounts(&self) -> Vec<(String, String)> {
        let found = self.places.iter().filter_map(|(path, place)| {
            let kept = self.kept.get(*place).filter(|kept| kept.may_be_number)?;
            let Cells::Texts(texts) = &kept.cells else { return None };
            Some((Feature::Attribute(path.clone()).to_string(), amounts::written(&texts.levels)?.to_owned()))
        });
        found.collect()
    }

    /// The columns: numbers and categories as they are; of times how long ago they lie; of e-mail addresses and job titles what the
    /// field functions make of them; of other texts that differ from row to row, how long they are.
    #[must_use]
    pub fn into_columns(mut self) -> Vec<Column> {
        let (rows, moments, asked) = (self.moments.len(), self.moments, self.reading.asked);
        let columns = self.places.into_iter().flat_map(|(path, place)| {
            let kept = &mut self.kept[place];
            let mut cells = std::mem::take(&mut kept.cells);
            cells.fill(rows);
            let mut asked = columns_asked(&path, &cells, &asked);
            let columns = if kept.is_category {
                vec![Column { feature: Feature::Attribute(path), values: cells.into_values() }]
            } else {
                columns(path, cells, &moments)
            };
            asked.retain(|asked| columns.iter().all(|column| column.feature != asked.feature));
            columns.into_iter().chain(asked)
        });
        columns.collect()
    }
}

/// The path of a key within another, as conditions write it after `lead`: `address.city`, `["No. of Employees"]`.
fn selector(outer: &str, key: &str) -> String {
    let mut bytes = key.bytes();
    let is_start = bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_');
    if !is_start || !bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return format!("{outer}[\"{}\"]", key.replace('\\', "\\\\").replace('"', "\\\""));
    }
    if outer.is_empty() { key.to_owned() } else { format!("{outer}.{key}") }
}

/// Whether an attribute's name says that it is a code.
fn is_code(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path).to_lowercase();
    let mut words = last.split(|c: char| !c.is_alphanumeric());
    words.any(|word| CODES.contains(&word))
}

/// An attribute as those features that are asked for, whatever it looks like.
fn columns_asked(path: &str, cells: &Cells, asked: &BTreeSet<String>) -> Vec<Column> {
    let is_asked = |feature: &Feature| !asked.is_empty() && asked.contains(&feature.to_string());
    let texts = || match cells {
        Cells::Texts(texts) => texts.clone(),
        Cells::Numbers(numbers) => Texts::of_numbers(numbers),
    };
    let mut columns = Vec::new();
    let length = Feature::Length(path.to_owned());
    if is_asked(&length) {
        columns.push(Column { feature: length, values: Values::Numbers(lengths(&texts())) });
    }
    let attribute = Feature::Attribute(path.to_owned());
    if is_asked(&attribute) {
        let values = Values::Categories { codes: texts().codes, levels: texts().levels };
        columns.push(Column { feature: attribute, values });
    }
    columns
}

fn columns(path: String, cells: Cells, moments: &[Option<Instant>]) -> Vec<Column> {
    let texts = match cells {
        Cells::Texts(texts) => texts,
        numbers => return vec![Column { feature: Feature::Attribute(path), values: numbers.into_values() }],
    };
    if let Some(times) = times(&texts) {
        return ages(path, &texts, &times, moments).into_iter().collect();
    }
    let name = path.rsplit('.').next().unwrap_or(&path).to_lowercase();
    let field = |function| Feature::Field { function, path: path.clone() };
    if name.contains("email") || name.contains("e-mail") {
        return vec![mapped(&texts, field(FieldFunction::EmailKind), |text| email_kind(text).as_str())];
    }
    let mut columns = Vec::new();
    if name.contains("title") && !name.contains("sub") {
        columns.push(mapped(&texts, field(FieldFunction::Seniority), |text| seniority(text).as_str()));
        columns.push(mapped(&texts, field(FieldFunction::Department), |text| department(text).as_str()));
    }
    if texts.levels.len() > MOST_LEVELS.min(texts.codes.len() / 4).max(20) {
        if amounts::written(&texts.levels).is_some() {
            // How many digits an amount has is nothing that a person would give points for.
            return columns;
        }
        columns.push(Column { feature: Feature::Length(path), values: Values::Numbers(lengths(&texts)) });
    } else {
        let values = Values::Categories { codes: texts.codes, levels: texts.levels };
        columns.push(Column { feature: Feature::Attribute(path), values });
    }
    columns
}

/// The instants that all texts tell, if all do. One without an offset is taken as UTC.
fn times(texts: &Texts) -> Option<Vec<Instant>> {
    texts.levels.iter().map(|text| time(text)).collect()
}

/// How many days before the row's moment; nothing where no moments are known.
fn ages(path: String, texts: &Texts, times: &[Instant], moments: &[Option<Instant>]) -> Option<Column> {
    moments.iter().any(Option::is_some).then_some(())?;
    let days = |(code, at): (&u32, &Option<Instant>)| match (times.get(*code as usize), at) {
        // What is told of the future was not known.
        (Some(time), Some(at)) if time <= at => at.millis_since(*time) as f64 / 86_400_000.0,
        _ => f64::NAN,
    };
    let values = Values::Numbers(texts.codes.iter().zip(moments).map(days).collect());
    Some(Column { feature: Feature::Age(path), values })
}

fn lengths(texts: &Texts) -> Vec<f64> {
    let lengths: Vec<f64> = texts.levels.iter().map(|text| text.chars().count() as f64).collect();
    texts.codes.iter().map(|code| lengths.get(*code as usize).copied().unwrap_or_default()).collect()
}

/// A category made of each text.
fn mapped(texts: &Texts, feature: Feature, function: impl Fn(&str) -> &'static str) -> Column {
    let made: Vec<&str> = texts.levels.iter().map(|text| function(text)).collect();
    let levels: Vec<&str> = made.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let code = |made: &&str| levels.binary_search(made).map_or(MISSING, |code| code as u32);
    let of_level: Vec<u32> = made.iter().map(code).collect();
    let codes =
        texts.codes.iter().map(|code| of_level.get(*code as usize).copied().unwrap_or(MISSING)).collect();
    let levels = levels.into_iter().map(str::to_owned).collect();
    Column { feature, values: Values::Categories { codes, levels } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns_of(rows: &[&[(&str, &str)]], at: Option<Instant>) -> Vec<Column> {
        let mut attributes = Attributes::new(Reading::default());
        for row in rows {
            let row: Vec<_> = row.iter().map(|(name, text)| (*name, Value::String((*text).into()))).collect();
            attributes.push(row.iter().map(|(name, value)| (*name, value)), at);
        }
        attributes.into_columns()
    }

    fn names(columns: &[Column]) -> Vec<String> {
        columns.iter().map(|column| column.feature.to_string()).collect()
    }

    #[test]
    fn a_zip_code_is_a_category_and_an_amount_a_number() {
        let columns = columns_of(
            &[&[("zip", "10117"), ("employees", "50")], &[("zip", "10119"), ("employees", "60")]],
            None,
        );
        assert_eq!(names(&columns), ["lead.employees", "lead.zip"]);
        assert!(matches!(&columns[0].values, Values::Numbers(numbers) if *numbers == [50.0, 60.0]));
        assert!(
            matches!(&columns[1].values, Values::Categories { levels, .. } if *levels == ["10117", "10119"])
        );
    }

    #[test]
    fn an_attribute_is_named_as_conditions_write_it() {
        let columns =
            columns_of(&[&[("emp.var.rate", "1"), ("No. of \"heads\"", "2"), ("plain", "3")]], None);
        assert_eq!(names(&columns), [r#"lead["No. of \"heads\""]"#, r#"lead["emp.var.rate"]"#, "lead.plain"]);
        assert_eq!(selector(&selector("", "address"), "city"), "address.city");
    }

    #[test]
    fn an_attribute_that_comes_late_is_missing_before() {
        let columns = columns_of(&[&[], &[("plan", "pro")], &[("plan", "unknown")]], None);
        let expect = Values::Categories { codes: vec![MISSING, 0, MISSING], levels: vec!["pro".into()] };
        assert_eq!(columns[0].values, expect);
    }

    #[test]
    fn addresses_and_titles_become_what_the_field_functions_make_of_them() {
        let columns = columns_of(
            &[
                &[("email", "ada@gmail.com"), ("title", "CEO")],
                &[("email", "b@acme.io"), ("title", "Intern")],
            ],
            None,
        );
        assert_eq!(
            names(&columns),
            ["emailKind(lead.email)", "seniority(lead.title)", "department(lead.title)", "lead.title"]
        );
        let expect =
            Values::Categories { codes: vec![0, 1], levels: vec!["c_level".into(), "intern".into()] };
        assert_eq!(columns[1].values, expect);
    }

    #[test]
    fn a_category_that_is_named_is_one_however_many_texts_it_has() {
        let categories = ["city".to_owned()].into();
        let mut attributes = Attributes::new(Reading { categories, ..Reading::default() });
        for row in 0..60 {
            let texts = [("city", format!("city {row}")), ("note", format!("note {row}"))];
            let values = texts.map(|(name, text)| (name, Value::String(text.into())));
            attributes.push(values.iter().map(|(name, value)| (*name, value)), None);
        }
        assert_eq!(names(&attributes.into_columns()), ["lead.city", "size(lead.note)"]);
    }

    #[test]
    fn amounts_with_commas_are_told_and_their_lengths_are_no_feature() {
        let mut attributes = Attributes::new(Reading::default());
        for row in 0..60 {
            let value = Value::String(format!("${row},000").into());
            attributes.push([("revenue", &value)], None);
        }
        assert_eq!(attributes.amounts(), [("lead.revenue".to_owned(), "$0,000".to_owned())]);
        assert_eq!(attributes.into_columns(), []);
    }

    #[test]
    fn what_a_trained_model_asks_for_is_there_however_few_rows_there_are() {
        let asked = ["size(lead.note)", "lead.bio"].map(str::to_owned).into();
        let mut attributes = Attributes::new(Reading { asked, ..Reading::default() });
        for row in 0..30 {
            let texts = [("note", "abc".to_owned()), ("bio", format!("text {row}"))];
            let values = texts.map(|(name, text)| (name, Value::String(text.into())));
            attributes.push(values.iter().map(|(name, value)| (*name, value)), None);
        }
        let columns = attributes.into_columns();
        assert_eq!(names(&columns), ["size(lead.bio)", "lead.bio", "lead.note", "size(lead.note)"]);
        assert_eq!(columns[3].values, Values::Numbers(vec![3.0; 30]));
    }

    #[test]
    fn a_time_is_told_by_its_age_and_one_to_come_is_not_known() {
        let at = Instant::parse("2026-02-01").ok();
        let rows: [&[(&str, &str)]; 2] = [&[("created_at", "2026-01-22")], &[("created_at", "2026-03-01")]];
        let columns = columns_of(&rows, at);
        assert_eq!(names(&columns), ["daysSince(lead.created_at)"]);
        assert!(matches!(&columns[0].values, Values::Numbers(days) if days[0] == 10.0 && days[1].is_nan()));
        assert_eq!(columns_of(&rows, None), []);
    }
}
