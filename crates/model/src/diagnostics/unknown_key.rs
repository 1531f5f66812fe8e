//! `unknown-key`: a key that the language does not have at this place.

use super::{
    Diagnostic,
    suggest::{all_of, did_you_mean},
};
use crate::{
    grammar::{self, Key, Section},
    span::Spanned,
};

const CODE: &str = "unknown-key";

/// The key is not one of `keys`, which belong to what `title` names.
pub(crate) fn unknown_key(key: Spanned<&str>, title: &str, keys: &[&'static Key]) -> Diagnostic {
    let Spanned { value: written, span } = key;
    let names = || keys.iter().map(|key| key.name);
    let help = merge(written)
        .or_else(|| glued(written))
        .or_else(|| did_you_mean(written, names()).filter(|_| !belongs_elsewhere(written)))
        .or_else(|| elsewhere(written))
        .or_else(|| did_you_mean(written, names()))
        .unwrap_or_else(|| format!("{title} has {}", all_of(names())));
    Diagnostic::error(CODE, format!("unknown key `{written}` in {title}"), span).help(help)
}

fn merge(written: &str) -> Option<String> {
    (written == "<<").then(|| "YAML merge keys are not part of the language: write the keys out".to_owned())
}

/// `{half_life:14d}` has one key, `half_life:14d`.
fn glued(written: &str) -> Option<String> {
    let (key, value) = written.split_once(':')?;
    let known = grammar::sections_with(key).next().is_some();
    known.then(|| format!("put a space after the colon: `{key}: {value}`"))
}

fn belongs_elsewhere(written: &str) -> bool {
    grammar::sections_with(written).next().is_some()
}

fn elsewhere(written: &str) -> Option<String> {
    let mut titles: Vec<&str> =
        grammar::sections_with(written).map(|section: &Section| section.title).collect();
    titles.dedup();
    let (last, rest) = titles.split_last()?;
    let place = if rest.is_empty() { (*last).to_owned() } else { format!("{} or {last}", rest.join(", ")) };
    Some(format!("`{written}` belongs into {place}: is it indented as it should be?"))
}
