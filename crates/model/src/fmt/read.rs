//! Reads YAML text into a [`Document`] and a list of its comments.

use granit_parser::{Event, Marker, Parser, ScalarStyle, Span, StructureStyle};

use super::tree::{Block, Data, Document, Entry, Items, Node, Place, Scalar};

/// A comment and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Comment {
    /// The text, with its `#`.
    pub(super) text: String,
    /// Byte offset.
    pub(super) start: usize,
    /// Line, from 1.
    pub(super) line: usize,
    /// Column, from 0.
    pub(super) column: usize,
    /// Whether something else stands before it on its line.
    pub(super) right: bool,
}

/// Why a text cannot be laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unreadable {
    /// What is wrong.
    pub(super) message: String,
    /// Byte offset.
    pub(super) offset: usize,
}

/// The document in `source` (line ends are `\n`), and its comments in order; they are not yet in the tree.
pub(super) fn read(source: &str) -> Result<(Document, Vec<Comment>), Unreadable> {
    let options = granit_parser::options! {
        emit_anchor_events: true,
        max_buffered_comment_events: usize::MAX,
    };
    let mut reader = Reader { source, ..Reader::default() };
    for next in Parser::new_from_str_with_options(source, options) {
        let (event, span) = next.map_err(|error| Unreadable {
            message: error.info(),
            offset: error.marker().byte_offset().unwrap_or(0),
        })?;
        reader.take(event, &span)?;
    }
    Ok((Document { head: Vec::new(), root: reader.root }, reader.comments))
}

#[derive(Default)]
struct Reader<'s> {
    source: &'s str,
    root: Option<Node>,
    comments: Vec<Comment>,
    open: Vec<Open>,
    documents: usize,
}

/// A sequence or a mapping that has not ended yet.
struct Open {
    node: Node,
    mapping: bool,
    key: Option<Node>,
    anchored: bool,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, span: &Span) -> Result<(), Unreadable> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(unreadable("a model file holds one document", span));
                }
            }
            Event::Comment(text, _) => self.comment(&text, span),
            Event::Anchor(_, name) => self.anchor(&name),
            Event::Scalar(text, style, _, _) => {
                let properties = self.tag(span);
                let scalar = self.scalar(&text, style, span);
                let place = written(place(span), self.slice(span));
                self.value(Node { properties, data: Data::Scalar(scalar), place }, span)?;
            }
            Event::Alias(_) => {
                let data = Data::Alias(self.slice(span).to_owned());
                self.value(Node { properties: String::new(), data, place: place(span) }, span)?;
            }
            Event::SequenceStart(style, _, _) => self.start(style, false, span),
            Event::MappingStart(style, _, _) => self.start(style, true, span),
            Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
            _ => {}
        }
        Ok(())
    }

    fn comment(&mut self, text: &str, span: &Span) {
        let start = offset(&span.start);
        let line_start = self.source[..start].rfind('\n').map_or(0, |newline| newline + 1);
        self.comments.push(Comment {
            text: format!("#{}", text.trim_end()),
            start,
            line: span.start.line(),
            column: span.start.col(),
            right: !self.source[line_start..start].trim().is_empty(),
        });
    }

    fn tag(&self, span: &Span) -> String {
        span.tag_span().map_or_else(String::new, |tag| format!("{} ", self.slice(&tag)))
    }

    /// Puts the anchor before the node that has just been read.
    fn anchor(&mut self, name: &str) {
        let node = match self.open.last_mut() {
            Some(open) if !open.anchored => Some(&mut open.node),
            Some(open) => match &mut open.key {
                Some(key) => Some(key),
                None => open
                    .node
                    .items_mut()
                    .and_then(|items| items.entries.last_mut())
                    .map(|entry| &mut entry.value),
            },
            None => self.root.as_mut(),
        };
        if let Some(node) = node {
            node.properties = format!("&{name} {}", node.properties);
        }
    }

    fn scalar(&self, text: &str, style: ScalarStyle, span: &Span) -> Scalar {
        let raw = self.slice(span);
        let in_flow = self.open.iter().any(|open| open.node.items().is_some_and(|items| items.flow));
        match style {
            ScalarStyle::Plain if raw.is_empty() => {
                Scalar { text: String::new(), quoted: false, block: None }
            }
            ScalarStyle::Plain => {
                let lines = (raw.contains('\n') && !in_flow)
                    .then(|| raw.lines().map(|line| line.trim().to_owned()).collect());
                let block = lines.map(|lines| Block { literal: false, lines });
                Scalar { text: text.to_owned(), quoted: false, block }
            }
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                Scalar { text: text.to_owned(), quoted: true, block: None }
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let literal = style == ScalarStyle::Literal;
                let lines = if literal {
                    Some(text.lines().map(str::to_owned).collect())
                } else {
                    dedent(raw, span.start.col())
                };
                let block = lines.filter(|_| !text.trim().is_empty()).map(|lines| Block { literal, lines });
                Scalar { text: text.to_owned(), quoted: true, block }
            }
        }
    }

    fn start(&mut self, style: StructureStyle, mapping: bool, span: &Span) {
        let flow = style == StructureStyle::Flow;
        let column = if mapping || flow { span.start.col() } else { self.dash_column(span) };
        let items = Items { flow, column, ..Items::default() };
        let data = if mapping { Data::Mapping(items) } else { Data::Sequence(items) };
        let node = Node { properties: self.tag(span), data, place: place(span) };
        self.open.push(Open { node, mapping, key: None, anchored: false });
    }

    /// The column of the dashes of a block sequence. Its event stands at the first dash; but at the first
    /// value if the dashes are not indented below their key.
    fn dash_column(&self, span: &Span) -> usize {
        let start = offset(&span.start);
        let line_start = self.source[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let at_dash =
            self.source[start..].starts_with('-') && self.source[line_start..start].trim().is_empty();
        match self.open.last() {
            Some(Open { node, mapping: true, .. }) if !at_dash => {
                node.items().map_or(0, |items| items.column)
            }
            _ => span.start.col(),
        }
    }

    fn end(&mut self, span: &Span) -> Result<(), Unreadable> {
        let Some(mut open) = self.open.pop() else { return Ok(()) };
        let flow = open.node.items().is_some_and(|items| items.flow);
        // The end of a block comes with the next token: its last value tells better.
        let last = open.node.items().and_then(|items| items.entries.last()).map(|entry| entry.value.place);
        let end = if flow { place(span) } else { last.unwrap_or(open.node.place) };
        open.node.place.end = end.end;
        open.node.place.last_line = end.last_line;
        self.value(open.node, span)
    }

    fn value(&mut self, node: Node, span: &Span) -> Result<(), Unreadable> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.anchored = true;
        if open.mapping && open.key.is_none() {
            if node.items().is_some() {
                return Err(unreadable("a key must be a text or a number", span));
            }
            open.key = Some(node);
            return Ok(());
        }
        let entry = Entry { key: open.key.take(), value: node, above: Vec::new(), right: Vec::new() };
        if let Some(items) = open.node.items_mut() {
            items.entries.push(entry);
        }
        Ok(())
    }

    fn slice(&self, span: &Span) -> &str {
        span.slice(self.source).unwrap_or_default()
    }
}

fn offset(marker: &Marker) -> usize {
    marker.byte_offset().unwrap_or(0)
}

fn place(span: &Span) -> Place {
    Place {
        start: offset(&span.start),
        end: offset(&span.end),
        line: span.start.line(),
        last_line: span.end.line(),
    }
}

/// The place without the blank lines after a block text.
fn written(place: Place, raw: &str) -> Place {
    let text = raw.trim_end();
    let last_line = place.line + text.matches('\n').count();
    Place { end: place.start + text.len(), last_line, ..place }
}

fn unreadable(message: &str, span: &Span) -> Unreadable {
    Unreadable { message: message.to_owned(), offset: offset(&span.start) }
}

/// The lines of a block text whose first line starts at `column`; `None` if a line starts before it.
fn dedent(raw: &str, column: usize) -> Option<Vec<String>> {
    let mut lines = raw.lines().enumerate().map(|(i, line)| {
        let indent = if i == 0 { 0 } else { line.len().min(column) };
        let (indentation, text) = line.split_at_checked(indent)?;
        indentation.trim().is_empty().then(|| text.to_owned())
    });
    let mut lines = lines.by_ref().collect::<Option<Vec<_>>>()?;
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    Some(lines)
}
