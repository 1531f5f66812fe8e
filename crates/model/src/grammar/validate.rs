//! Checks a tree against the table of keys: what is there, what is missing, what is of the wrong type.

mod either;

use std::collections::BTreeMap;

use super::{Key, Keys, Rest, Section, Takes, takes::expected};
use crate::{
    diagnostics::{self, Diagnostic},
    playbook::forms,
    read::scalars,
    span::{Span, Spanned},
    syntax::{Content, Entry, Literal, Node},
};

/// Checks a value of the key `name` against what the key takes.
pub(crate) fn validate(node: &Node, takes: &Takes, name: &str, example: &str, out: &mut Vec<Diagnostic>) {
    let value = Value { node, name, example };
    if matches!(node.content, Content::Hole) {
        return;
    }
    match takes {
        Takes::Map(rest) => value.map(rest, out),
        Takes::List(item) => value.list(item, out),
        Takes::OneOrMore(one) if node.items().is_none() => validate(node, one, name, example, out),
        Takes::OneOrMore(item) => value.list(item, out),
        Takes::Section(section) => value.section(section, out),
        Takes::Either(choices) => value.either(choices, out),
        Takes::Range => value.range(out),
        Takes::Events => value.events(out),
        Takes::Literals => value.literals(out),
        _ => value.scalar(takes, out),
    }
}

/// The value of a key.
#[derive(Clone, Copy)]
struct Value<'a> {
    node: &'a Node,
    name: &'a str,
    example: &'a str,
}

impl<'a> Value<'a> {
    fn wrong(self, expected: &str) -> Diagnostic {
        diagnostics::wrong_type(self.name, expected, self.example, self.node)
    }

    fn scalar(self, takes: &Takes, out: &mut Vec<Diagnostic>) {
        let Some(scalar) = self.node.scalar().filter(|_| !self.node.is_null()) else {
            out.push(self.wrong(&expected(takes)));
            return;
        };
        let (text, literal, span) = (scalar.text.as_str(), scalar.literal(), self.node.span);
        let problem = match (takes, &literal) {
            (Takes::Version, Literal::Int(1)) | (Takes::True, Literal::Bool(true)) => None,
            (Takes::Version, _) => Some(diagnostics::version(self.name, text, span)),
            (Takes::Id(what), _) if !is_id(text) => Some(diagnostics::bad_name(what, text, span)),
            _ if takes_text(takes) && text.trim().is_empty() => {
                Some(diagnostics::bad_name(&format!("`{}`", self.name), text, span))
            }
            (Takes::Form(form), _) => {
                (form.fault)(text).map(|fault| diagnostics::bad_text(form.code, text, fault, span))
            }
            (Takes::Score, Literal::Int(_) | Literal::Float(_)) => {
                self.number(&literal, -super::MOST_POINTS, super::MOST_POINTS)
            }
            (Takes::Choice(choices), _) if !choices.contains(&text) => {
                Some(diagnostics::bad_choice(self.name, text, choices, span))
            }
            (Takes::Duration, _) => scalars::duration(text, false)
                .err()
                .map(|reason| diagnostics::bad_duration(text, reason, span)),
            (Takes::Points, Literal::Int(_) | Literal::Float(_)) => {
                self.number(&literal, -super::MOST_POINTS, super::MOST_POINTS)
            }
            (Takes::Number(least, most), _) => self.number(&literal, *least, *most),
            (Takes::Whole(least), _) => self.whole(&literal, *least),
            (Takes::True, _) => Some(self.wrong(&expected(takes))),
            (Takes::Points, Literal::Bool(_)) => Some(self.wrong(&expected(takes))),
            (Takes::Condition, Literal::Int(_) | Literal::Float(_)) => Some(self.wrong(&expected(takes))),
            _ => None,
        };
        out.extend(problem);
    }

    fn number(self, literal: &Literal, least: f64, most: f64) -> Option<Diagnostic> {
        let written = self.node.text().unwrap_or_default();
        let Some(number) = scalars::number(literal) else {
            return Some(self.wrong("a number"));
        };
        let bounds = match (least, most) {
            (0.0, 1.0) => "a number from 0 to 1",
            (0.0, _) => "a number from 0 to 1,000,000,000",
            _ => "a number from -1,000,000,000 to 1,000,000,000",
        };
        // NaN lies in no range.
        let fits = (least..=most).contains(&number);
        (!fits).then(|| diagnostics::bad_number(self.name, written, bounds, self.node.span))
    }

    fn whole(self, literal: &Literal, least: u32) -> Option<Diagnostic> {
        let written = self.node.text().unwrap_or_default();
        if scalars::number(literal).is_none() {
            return Some(self.wrong("a whole number"));
        }
        if scalars::whole(literal).is_some_and(|number| number >= least) {
            return None;
        }
        let bounds = format!("a whole number from {least} to 1,000,000");
        Some(diagnostics::bad_number(self.name, written, &bounds, self.node.span))
    }

    fn range(self, out: &mut Vec<Diagnostic>) {
        let Some([min, max]) = self.node.items() else {
            out.push(self.wrong(&expected(&Takes::Range)));
            return;
        };
        let before = out.len();
        for node in [min, max] {
            let takes = Takes::Number(-super::MOST_POINTS, super::MOST_POINTS);
            validate(node, &takes, self.name, "0", out);
        }
        if out.len() == before
            && let Some((least, greatest)) = scalars::range(self.node)
            && least > greatest
        {
            let text = |node: &Node| node.text().unwrap_or_default().to_owned();
            out.push(diagnostics::inverted_range(&text(min), &text(max), self.node.span));
        }
    }

    fn events(self, out: &mut Vec<Diagnostic>) {
        match &self.node.content {
            Content::List(names) if !names.is_empty() => {
                for name in names {
                    validate(name, &Takes::Name, self.name, "page", out);
                }
            }
            Content::Scalar(_) if !self.node.is_null() => {
                validate(self.node, &Takes::Name, self.name, self.example, out);
            }
            _ => out.push(self.wrong(&expected(&Takes::Events))),
        }
    }

    fn literals(self, out: &mut Vec<Diagnostic>) {
        let Some(items) = self.node.items() else {
            out.push(self.wrong(&expected(&Takes::Literals)));
            return;
        };
        for item in items {
            let known = matches!(item.content, Content::Hole)
                || item.scalar().is_some_and(|scalar| scalars::literal(&scalar.literal()).is_some());
            if !known {
                let item = Value { node: item, ..self };
                out.push(item.wrong("texts, numbers and booleans"));
            }
        }
    }

    fn list(self, takes: &Takes, out: &mut Vec<Diagnostic>) {
        let Some(items) = self.node.items() else {
            out.push(self.wrong("a list"));
            return;
        };
        for item in items {
            validate(item, takes, self.name, self.example, out);
        }
    }

    fn map(self, rest: &Rest, out: &mut Vec<Diagnostic>) {
        let Some(entries) = self.node.entries() else {
            out.push(self.wrong("a map"));
            return;
        };
        duplicates(entries, out);
        for entry in entries {
            free_key(&entry.key, rest.keys, self.name, out);
            let name = entry.key.text().unwrap_or_default();
            self.entry(entry, rest.takes, name, out);
        }
    }

    fn section(self, section: &'static Section, out: &mut Vec<Diagnostic>) {
        let Some(entries) = self.node.entries() else {
            out.push(diagnostics::not_a_map(section.title, section.example, self.node));
            return;
        };
        let keys: Vec<&'static Key> = section.keys.iter().collect();
        self.entries(entries, section, &keys, out);
    }

    /// Checks the entries of a section; `keys` are all that a message should speak of.
    fn entries(
        self,
        entries: &[Entry],
        section: &'static Section,
        keys: &[&'static Key],
        out: &mut Vec<Diagnostic>,
    ) {
        duplicates(entries, out);
        for entry in entries {
            let Some(name) = entry.key.text() else {
                if !matches!(entry.key.content, Content::Hole) {
                    out.push(diagnostics::wrong_type("a key", "text", "id", &entry.key));
                }
                continue;
            };
            match (section.key(name), &section.rest) {
                (Some(key), _) => {
                    let value = Value { example: key.example, ..self };
                    value.entry(entry, &key.takes, name, out);
                }
                (None, Some(rest)) => {
                    free_key(&entry.key, rest.keys, self.name, out);
                    self.entry(entry, rest.takes, name, out);
                }
                (None, None) => {
                    let key = Spanned::new(name, entry.key.span);
                    out.push(diagnostics::unknown_key(key, section, keys));
                }
            }
        }
        for key in section.keys.iter().filter(|key| key.required && !has(entries, key.name, keys)) {
            out.push(diagnostics::missing_key(key, section.title, head(self.node)));
        }
    }

    /// Checks the value of an entry. Where nothing is written, the key is the place to point at.
    fn entry(self, entry: &Entry, takes: &Takes, name: &str, out: &mut Vec<Diagnostic>) {
        if entry.value.is_null() && entry.value.span.start == entry.value.span.end {
            let value = Node { span: entry.key.span, ..entry.value.clone() };
            validate(&value, takes, name, self.example, out);
        } else {
            validate(&entry.value, takes, name, self.example, out);
        }
    }
}

/// Whether any text will do, or nearly any, as long as there is one.
const fn takes_text(takes: &Takes) -> bool {
    matches!(
        takes,
        Takes::Name
            | Takes::Owner
            | Takes::Score
            | Takes::Form(_)
            | Takes::Condition
            | Takes::Expression
            | Takes::Points
    )
}

/// Whether a map has a key, or one that is the key misspelt, which is told as such.
pub(crate) fn has(entries: &[Entry], name: &str, keys: &[&'static Key]) -> bool {
    let names = || keys.iter().map(|key| key.name);
    entries.iter().filter_map(|entry| entry.key.text()).any(|written| {
        let is_known = names().any(|known| known == written);
        written == name || (!is_known && diagnostics::nearest(written, names()) == Some(name))
    })
}

/// The part of a node to point at when something is missing from it: its first key, or all of a short one.
pub(crate) fn head(node: &Node) -> Span {
    match node.entries().and_then(<[Entry]>::first) {
        Some(first) => first.key.span,
        None => node.span,
    }
}

fn duplicates(entries: &[Entry], out: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<(&str, bool), Span> = BTreeMap::new();
    for entry in entries {
        let Some(key) = entry.key.scalar() else { continue };
        // `1` is a number and `"1"` a text.
        let is_text = matches!(key.literal(), Literal::Text(_));
        match seen.get(&(key.text.as_str(), is_text)) {
            Some(first) => out.push(diagnostics::duplicate_key(&key.text, *first, entry.key.span)),
            None => {
                seen.insert((&key.text, is_text), entry.key.span);
            }
        }
    }
}

/// Checks a key that the author chose.
fn free_key(key: &Node, keys: Keys, name: &str, out: &mut Vec<Diagnostic>) {
    if matches!(key.content, Content::Hole) {
        return;
    }
    let Some(scalar) = key.scalar().filter(|_| !key.is_null()) else {
        out.push(diagnostics::wrong_type(name, "texts or numbers as keys", "1", key));
        return;
    };
    let (text, literal, span) = (scalar.text.as_str(), scalar.literal(), key.span);
    match keys {
        Keys::Name(what) if text.trim().is_empty() => out.push(diagnostics::bad_name(what, text, span)),
        Keys::Identifier(what) if !is_identifier(text) => out.push(diagnostics::bad_name(what, text, span)),
        Keys::Number => match scalars::number(&literal) {
            Some(number) if number.is_finite() => {}
            Some(_) => out.push(diagnostics::bad_number(name, text, "a finite number", span)),
            None => out.push(diagnostics::wrong_type(name, "numbers as keys", "{1: 0, 50: 5}", key)),
        },
        Keys::Duration => {
            let fault = scalars::duration(text, true).err();
            out.extend(fault.map(|reason| diagnostics::bad_duration(text, reason, span)));
        }
        Keys::Literal => {
            if scalars::literal(&literal).is_none() {
                out.push(diagnostics::wrong_type(
                    name,
                    "texts, numbers and booleans as keys",
                    "Software",
                    key,
                ));
            }
        }
        Keys::Id(what) if !is_id(text) => out.push(diagnostics::bad_name(what, text, span)),
        Keys::Days => {
            let fault = forms::days(text);
            out.extend(fault.map(|fault| diagnostics::bad_text(diagnostics::BAD_TEXT, text, fault, span)));
        }
        Keys::Name(_) | Keys::Identifier(_) | Keys::Id(_) => {}
    }
}

/// Whether a text is a model's id.
fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// Whether a condition can write it after a dot.
fn is_identifier(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
