//! The language's keys, in one table: what is allowed where, of which type, with its meaning and an example.
//!
//! The checks of a file's shape, "did you mean" and the JSON Schema are all derived from it.

mod form;
mod kinds;
mod playbook;
mod sections;
mod takes;
mod validate;

pub(crate) use form::Fault;
pub use form::Form;
pub use kinds::{KINDS, Kind};
pub use playbook::{PLAYBOOK, PLAYBOOKS};
pub(crate) use sections::DIMENSION;
pub use sections::{ACCOUNT_RULE, MODEL, MODELS, RULE};
pub use takes::expected as in_words;
pub(crate) use validate::{has, head, validate};

/// A kind of file: all that may stand in one.
#[derive(Debug)]
pub struct Document {
    /// A name for it: `model`. The key by which it is known.
    pub name: &'static str,
    /// The title of its JSON Schema.
    pub schema_title: &'static str,
    /// What it is, in a sentence.
    pub about: &'static str,
    /// The file as a whole.
    pub root: &'static Section,
    /// All sections, the root first.
    pub sections: &'static [&'static Section],
}

/// All kinds of files.
pub static DOCUMENTS: &[&Document] = &[&MODELS, &PLAYBOOKS];

/// A map of the language: the model itself, a rule, a tier, …
#[derive(Debug)]
pub struct Section {
    /// What a message calls it: `a rule`.
    pub title: &'static str,
    /// A name for it in a schema: `rule`.
    pub name: &'static str,
    /// An example, in YAML.
    pub example: &'static str,
    /// Its keys, in the order in which `kelvin fmt` writes them.
    pub keys: &'static [Key],
    /// What other keys it may have, where it may have others.
    pub rest: Option<Rest>,
}

/// A key of a section.
#[derive(Debug)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Whether the section makes no sense without it.
    pub required: bool,
    /// What it means, in a sentence.
    pub doc: &'static str,
    /// An example of its value, in YAML.
    pub example: &'static str,
}

/// Keys that the author chooses: names of dimensions, bounds of bands.
#[derive(Debug)]
pub struct Rest {
    /// What the keys are.
    pub keys: Keys,
    /// What they take.
    pub takes: &'static Takes,
}

/// What the keys of a map of the author's are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// Any name; a message calls it the text given: `a dimension's name`.
    Name(&'static str),
    /// A name that a condition can write after `lists.`.
    Identifier(&'static str),
    /// A number.
    Number,
    /// A duration, also of no length.
    Duration,
    /// Text, a number or a boolean.
    Literal,
    /// An id; a message calls it the text given.
    Id(&'static str),
    /// A day of the week, or a range of days.
    Days,
}

/// The days of a week.
pub const WEEKDAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What a key takes.
#[derive(Debug)]
pub enum Takes {
    /// The version of the language: the number 1.
    Version,
    /// An id: lower case, digits and `-`; a message calls it the text given: `a model's id`.
    Id(&'static str),
    /// A name: any scalar, read as text.
    Name,
    /// One of some words.
    Choice(&'static [&'static str]),
    /// A CEL expression that yields a boolean.
    Condition,
    /// A CEL expression.
    Expression,
    /// A number, or a CEL expression that yields one.
    Points,
    /// A number between two bounds, both included.
    Number(f64, f64),
    /// A whole number from a least value up.
    Whole(u32),
    /// The boolean `true`.
    True,
    /// A duration that is longer than nothing.
    Duration,
    /// Two numbers, least and greatest.
    Range,
    /// An event's name, or a list of names.
    Events,
    /// A list of texts, numbers and booleans.
    Literals,
    /// A map with keys of the author's.
    Map(&'static Rest),
    /// A score, or a tier's name.
    Score,
    /// An owner's name, or `account_owner`.
    Owner,
    /// A text of a form of its own.
    Form(&'static Form),
    /// A list.
    List(&'static Takes),
    /// One of something, or a list.
    OneOrMore(&'static Takes),
    /// A section.
    Section(&'static Section),
    /// One of some; they differ in shape.
    Either(&'static [Takes]),
}

/// The largest number of points that a model can speak of, so that sums stay exact.
pub const MOST_POINTS: f64 = 1e9;

impl Section {
    /// The key of this name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

const fn key(name: &'static str, takes: Takes, doc: &'static str, example: &'static str) -> Key {
    Key { name, takes, required: false, doc, example }
}

const fn required(name: &'static str, takes: Takes, doc: &'static str, example: &'static str) -> Key {
    Key { name, takes, required: true, doc, example }
}

/// The sections of all kinds of files.
pub fn sections() -> impl Iterator<Item = &'static Section> {
    DOCUMENTS.iter().flat_map(|document| document.sections).copied()
}

/// Whether a file is of a kind: it has its first key, and that of no other kind.
pub(crate) fn is_of(root: &crate::syntax::Node, document: &Document) -> bool {
    let marks =
        DOCUMENTS.iter().filter_map(|document| Some((document.name, document.root.keys.first()?.name)));
    let mut found = marks.filter(|(_, mark)| root.get(mark).is_some()).map(|(name, _)| name);
    found.next() == Some(document.name) && found.next().is_none()
}

/// Whether a key of this name takes a CEL expression, wherever it stands.
pub(crate) fn takes_expression(name: &str) -> bool {
    let keys = sections().flat_map(|section| section.keys);
    let mut takes = keys.filter(|key| key.name == name).map(|key| &key.takes);
    takes.any(|takes| matches!(takes, Takes::Condition | Takes::Expression | Takes::Points))
}

/// The sections that have a key of this name, of the kind of file that `beside` belongs to.
pub(crate) fn sections_with(name: &str, beside: &Section) -> impl Iterator<Item = &'static Section> {
    let is_beside = |document: &&&Document| document.sections.iter().any(|own| std::ptr::eq(*own, beside));
    let document = DOCUMENTS.iter().find(is_beside);
    let sections = document.map(|document| document.sections).unwrap_or_default().iter().copied();
    sections.filter(move |section| section.key(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_says_what_it_means_and_shows_an_example_that_parses() {
        for key in sections().flat_map(|section| section.keys) {
            assert!(key.doc.ends_with('.') && key.doc.len() > 10, "{}", key.name);
            let parsed = crate::syntax::parse(key.example);
            assert!(parsed.problems.is_empty() && parsed.root.is_some(), "{}", key.name);
        }
    }

    #[test]
    fn every_example_is_of_the_type_that_its_key_takes() {
        for key in sections().flat_map(|section| section.keys) {
            let root = crate::syntax::parse(key.example).root.expect("no tree");
            let mut problems = Vec::new();
            validate(&root, &key.takes, key.name, key.example, &mut problems);
            assert!(problems.is_empty(), "{}: {problems:?}", key.name);
        }
    }

    #[test]
    fn a_section_has_a_key_only_once() {
        for section in sections() {
            for (place, key) in section.keys.iter().enumerate() {
                assert!(!section.keys[..place].iter().any(|other| other.name == key.name), "{}", key.name);
            }
        }
    }

    #[test]
    fn expressions_are_known_by_their_key() {
        for name in ["if", "value", "points", "applies", "distinct", "key"] {
            assert!(takes_expression(name), "{name}");
        }
        for name in ["title", "event", "within", "id"] {
            assert!(!takes_expression(name), "{name}");
        }
    }
}
