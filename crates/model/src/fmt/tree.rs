//! A YAML file as its author sees it: values with the comments, blank lines and notations around them.

/// A YAML document.
#[derive(Debug, Clone, Default)]
pub(super) struct Document {
    /// Comments that belong to the file and not to its first key.
    pub(super) head: Vec<Line>,
    /// The value; `None` in a file without any.
    pub(super) root: Option<Node>,
}

/// A value.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Anchor and tag as written, each followed by a space.
    pub(super) properties: String,
    /// What it is.
    pub(super) data: Data,
    /// Where it starts and ends.
    pub(super) place: Place,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(super) enum Data {
    /// A text, a number, a boolean, nothing.
    Scalar(Scalar),
    /// A reference to an anchor, with its `*`.
    Alias(String),
    /// A sequence: entries without keys.
    Sequence(Items),
    /// A mapping: entries with keys.
    Mapping(Items),
}

/// A scalar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scalar {
    /// The text after unquoting; empty and not quoted where nothing is written.
    pub(super) text: String,
    /// Whether it was quoted or a block, so that `"1"` stays a text.
    pub(super) quoted: bool,
    /// The lines to keep of a text that ran over several.
    pub(super) block: Option<Block>,
}

/// A text over several lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// `|` keeps line breaks, `>` joins lines.
    pub(super) literal: bool,
    /// The lines, without their common indentation.
    pub(super) lines: Vec<String>,
}

/// What a sequence or a mapping holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Items {
    /// Whether it was written between brackets.
    pub(super) flow: bool,
    /// The column of its entries, from 0.
    pub(super) column: usize,
    /// The entries, in order.
    pub(super) entries: Vec<Entry>,
    /// Comments after the last entry.
    pub(super) tail: Vec<Line>,
}

/// An entry of a sequence or a mapping.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The key; `None` in a sequence.
    pub(super) key: Option<Node>,
    /// The value.
    pub(super) value: Node,
    /// Comments and blank lines above it.
    pub(super) above: Vec<Line>,
    /// Comments to its right.
    pub(super) right: Vec<String>,
}

/// A line that holds no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// A blank line.
    Blank,
    /// A comment, with its `#`.
    Comment(String),
}

/// Where something stands in the source. Lines from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    /// Byte offset of the start.
    pub(super) start: usize,
    /// Byte offset of the end.
    pub(super) end: usize,
    /// Line of the start.
    pub(super) line: usize,
    /// Line of the end.
    pub(super) last_line: usize,
}

impl Node {
    /// What it holds, if it is a sequence or a mapping.
    pub(super) fn items(&self) -> Option<&Items> {
        match &self.data {
            Data::Sequence(items) | Data::Mapping(items) => Some(items),
            Data::Scalar(_) | Data::Alias(_) => None,
        }
    }

    /// What it holds, to be changed.
    pub(super) fn items_mut(&mut self) -> Option<&mut Items> {
        match &mut self.data {
            Data::Sequence(items) | Data::Mapping(items) => Some(items),
            Data::Scalar(_) | Data::Alias(_) => None,
        }
    }

    /// The text, if it is a scalar.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// Whether it must stand on lines of its own: it holds a comment or a text over several lines.
    pub(super) fn needs_lines(&self) -> bool {
        match &self.data {
            Data::Scalar(scalar) => scalar.block.is_some(),
            Data::Alias(_) => false,
            Data::Sequence(items) | Data::Mapping(items) => {
                !items.tail.is_empty() || items.entries.iter().any(Entry::needs_lines)
            }
        }
    }
}

impl Entry {
    fn needs_lines(&self) -> bool {
        let commented = self.above.iter().any(|line| matches!(line, Line::Comment(_)));
        commented || !self.right.is_empty() || self.value.needs_lines()
    }

    /// The text of its key; empty in a sequence.
    pub(super) fn key_text(&self) -> &str {
        self.key.as_ref().and_then(Node::text).unwrap_or_default()
    }

    /// Where it starts: at its key, or at its value in a sequence.
    pub(super) fn start(&self) -> usize {
        self.key.as_ref().map_or(self.value.place.start, |key| key.place.start)
    }

    /// The line on which it starts.
    pub(super) fn line(&self) -> usize {
        self.key.as_ref().map_or(self.value.place.line, |key| key.place.line)
    }
}
