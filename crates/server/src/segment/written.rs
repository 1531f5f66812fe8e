//! The JSON of a call where it stands: one text, and what lies where in it. What nobody asks for costs no more than a look.

mod scan;

use std::borrow::Cow;

use serde_json::{Map, Value as Json};

/// JSON as it was written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Written {
    text: String,
    /// Each value with those within it behind it; in an object, keys and values take turns.
    nodes: Vec<Node>,
    /// How deep it is nested.
    depth: usize,
    /// Whether there are spaces between its values.
    is_spaced: bool,
}

/// A part of a body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'b> {
    body: &'b Written,
    place: usize,
}

/// A value, and where it stands.
#[derive(Debug, Clone, Copy)]
struct Node {
    sort: Sort,
    /// Where its text begins and ends; that of a string without its quotes.
    from: u32,
    to: u32,
    /// The place after all that is within it.
    next: u32,
}

/// What sort of value it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Null,
    Truth,
    Number,
    Text,
    /// A string with escapes.
    Escaped,
    List,
    Object,
}

impl Written {
    /// What a text holds; `None` if that is no JSON, by the rules of `serde_json`.
    pub(crate) fn read(text: String) -> Option<Self> {
        let mut body = Self { text, ..Self::default() };
        scan::scan(&mut body)?;
        Some(body)
    }

    /// A value as a body.
    pub(crate) fn of(value: &Json) -> Self {
        Self::read(value.to_string()).unwrap_or_default()
    }

    /// All of it.
    pub(crate) fn root(&self) -> Part<'_> {
        Part { body: self, place: 0 }
    }

    /// The text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// How deep it is nested: that of a part of a request may be less.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }
}

impl<'b> Part<'b> {
    /// The value of a key; of a key that stands there twice, the last.
    pub(crate) fn get(self, key: &str) -> Option<Self> {
        let Node { sort: Sort::Object, next, .. } = self.node() else { return None };
        let (mut place, mut found) = (self.place + 1, None);
        while place < next as usize {
            let (name, value) = (self.at(place), self.at(place + 1));
            if name.is(key) {
                found = Some(value);
            }
            place = value.node().next as usize;
        }
        found
    }

    fn at(self, place: usize) -> Self {
        Self { body: self.body, place }
    }

    /// The items of a list.
    pub(crate) fn items(self) -> impl Iterator<Item = Self> {
        self.within(Sort::List)
    }

    /// The keys of an object, and their values.
    fn pairs(self) -> impl Iterator<Item = (Self, Self)> {
        let mut within = self.within(Sort::Object);
        std::iter::from_fn(move || Some((within.next()?, within.next()?)))
    }

    /// What stands directly in a value, if it is of that sort.
    fn within(self, sort: Sort) -> impl Iterator<Item = Self> {
        let (body, node) = (self.body, self.node());
        let end = if node.sort == sort { node.next as usize } else { 0 };
        let mut place = self.place + 1;
        std::iter::from_fn(move || {
            let part = Self { body, place };
            let is_there = place < end;
            is_there.then(|| {
                place = part.node().next as usize;
                part
            })
        })
    }

    pub(crate) fn is_null(self) -> bool {
        self.node().sort == Sort::Null
    }

    pub(crate) fn is_object(self) -> bool {
        self.node().sort == Sort::Object
    }

    pub(crate) fn is_list(self) -> bool {
        self.node().sort == Sort::List
    }

    pub(crate) fn is_empty_list(self) -> bool {
        self.is_list() && self.items().next().is_none()
    }

    pub(crate) fn is_text(self) -> bool {
        matches!(self.node().sort, Sort::Text | Sort::Escaped)
    }

    /// The text of a string.
    pub(crate) fn as_str(self) -> Option<Cow<'b, str>> {
        match self.node().sort {
            Sort::Text => Some(Cow::Borrowed(self.raw())),
            Sort::Escaped => Some(Cow::Owned(scan::unescaped(self.raw())?)),
            _ => None,
        }
    }

    /// The value by itself.
    pub(crate) fn json(self) -> Json {
        match self.node().sort {
            Sort::Null => Json::Null,
            Sort::Truth => Json::Bool(self.raw() == "true"),
            Sort::Number => self.raw().parse().map_or(Json::Null, Json::Number),
            Sort::Text | Sort::Escaped => self.as_str().map_or(Json::Null, |text| Json::String(text.into())),
            Sort::List => self.items().map(Self::json).collect(),
            Sort::Object => Json::Object(self.entries()),
        }
    }

    /// The entries of an object.
    pub(crate) fn entries(self) -> Map<String, Json> {
        let entry = |(key, value): (Self, Self)| Some((key.as_str()?.into_owned(), value.json()));
        self.pairs().filter_map(entry).collect()
    }

    /// The part by itself, without spaces, escapes that say nothing and the write key; with a context that it shares with others,
    /// where it has none of its own.
    pub(crate) fn own(self, context: Option<Self>) -> Written {
        let has = |key: &str| self.get(key).is_some();
        let lacks = context.is_some() && self.is_object() && !has("context");
        if lacks || self.body.is_spaced || self.is_escaped() || has("writeKey") {
            return Written::of(&self.own_json(context));
        }
        let node = self.node();
        let shifted = |inner: &Node| Node {
            from: inner.from - node.from,
            to: inner.to - node.from,
            next: inner.next - self.place as u32,
            ..*inner
        };
        Written {
            text: self.raw().to_owned(),
            nodes: self.inner().iter().map(shifted).collect(),
            ..*self.body
        }
    }

    /// The same as a value.
    pub(crate) fn own_json(self, context: Option<Self>) -> Json {
        let mut json = self.json();
        if let Json::Object(entries) = &mut json {
            entries.shift_remove("writeKey");
            if let Some(context) = context {
                entries.entry("context").or_insert_with(|| context.json());
            }
        }
        json
    }

    /// Whether it is a string, or a key, of this text.
    fn is(self, text: &str) -> bool {
        let node = self.node();
        match node.sort {
            Sort::Text => (node.to - node.from) as usize == text.len() && self.raw() == text,
            Sort::Escaped => self.as_str().is_some_and(|own| own == text),
            _ => false,
        }
    }

    /// Whether it is a string that is not written as it reads, or one is within it.
    fn is_escaped(self) -> bool {
        self.inner().iter().any(|node| node.sort == Sort::Escaped) || self.is_bare_text()
    }

    /// Whether it is a string: its quotes are none of its text.
    fn is_bare_text(self) -> bool {
        self.node().sort == Sort::Text
    }

    fn node(self) -> Node {
        self.body.nodes.get(self.place).copied().unwrap_or(Node::NOTHING)
    }

    fn raw(self) -> &'b str {
        let node = self.node();
        &self.body.text[node.from as usize..node.to as usize]
    }

    /// It, and all that is within it.
    fn inner(self) -> &'b [Node] {
        self.body.nodes.get(self.place..self.node().next as usize).unwrap_or_default()
    }
}

impl Node {
    const NOTHING: Self = Self { sort: Sort::Null, from: 0, to: 0, next: 0 };
}

#[cfg(test)]
mod tests;
