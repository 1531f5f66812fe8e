//! Builds the tree from the events of the YAML parser.

use std::collections::BTreeMap;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, Span as EventSpan, StructureStyle, Tag, options};

use super::node::{Content, Entry, Node, Scalar, Style};
use crate::{
    diagnostics::{self, Diagnostic},
    grammar,
    span::Span,
};

/// Deeper than any model goes.
const MOST_NESTED: usize = 48;
/// More than any model holds, so that aliases of aliases cannot grow without bound.
const MOST_NODES: usize = 100_000;

/// Parts of the source that YAML cannot read and that were covered by plain text of the same length.
#[derive(Debug, Default)]
pub(super) struct Covers {
    /// Expressions: their text is taken from the source.
    pub(super) expressions: Vec<Span>,
    /// Values that are lost.
    pub(super) holes: Vec<Span>,
}

/// Why the parser stopped.
#[derive(Debug)]
pub(super) struct Stop {
    /// What is wrong.
    pub(super) kind: ErrorKind,
    /// Where the parser noticed.
    pub(super) offset: usize,
    /// Where the text read so far ends.
    pub(super) read: usize,
    /// The brackets that are open, outermost first.
    pub(super) open: Vec<usize>,
}

enum Frame {
    Map { start: usize, anchor: usize, flow: bool, entries: Vec<Entry>, key: Option<Node> },
    List { start: usize, anchor: usize, flow: bool, items: Vec<Node> },
}

struct Builder<'a> {
    source: &'a str,
    covers: &'a Covers,
    stack: Vec<Frame>,
    root: Option<Node>,
    documents: usize,
    anchors: BTreeMap<usize, (Node, usize)>,
    nodes: usize,
    problems: Vec<Diagnostic>,
}

/// The tree of `covered`, a copy of `source` in which some parts are covered.
pub(super) fn build(
    covered: &str,
    source: &str,
    covers: &Covers,
) -> Result<(Option<Node>, Vec<Diagnostic>), Stop> {
    let options = options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        flow_nesting_limit: MOST_NESTED,
        block_nesting_limit: MOST_NESTED,
    };
    let mut builder = Builder {
        source,
        covers,
        stack: Vec::new(),
        root: None,
        documents: 0,
        anchors: BTreeMap::new(),
        nodes: 0,
        problems: Vec::new(),
    };
    let mut read = 0;
    for event in Parser::new_from_str_with_options(covered, options) {
        let (event, place) = event.map_err(|error| Stop {
            kind: error.kind().clone(),
            offset: error.marker().byte_offset().unwrap_or(read).min(source.len()),
            read,
            open: builder.open_brackets(),
        })?;
        let span = span(&place);
        read = read.max(span.end);
        if !builder.event(event, span, &place) {
            break;
        }
    }
    Ok((builder.root, builder.problems))
}

impl Builder<'_> {
    /// Takes one event; `false` ends the work.
    fn event(&mut self, event: Event<'_>, span: Span, place: &EventSpan) -> bool {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.problems.push(diagnostics::second_document(span));
                    return false;
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                let node = self.scalar(&text, style, span, tag.as_deref(), place);
                self.add(node, anchor, 1);
            }
            Event::MappingStart(style, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), place);
                let flow = style == StructureStyle::Flow;
                let entries = Vec::new();
                self.stack.push(Frame::Map { start: span.start, anchor, flow, entries, key: None });
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), place);
                let flow = style == StructureStyle::Flow;
                self.stack.push(Frame::List { start: span.start, anchor, flow, items: Vec::new() });
            }
            Event::MappingEnd | Event::SequenceEnd => self.close(span.end),
            Event::Alias(id) => return self.alias(id, span),
            Event::UnresolvedAlias(name) => {
                self.problems.push(diagnostics::unknown_anchor(&name, span));
                self.add(Node { span, content: Content::Hole }, 0, 1);
            }
            _ => {}
        }
        true
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        span: Span,
        tag: Option<&Tag>,
        place: &EventSpan,
    ) -> Node {
        if let Some(cover) = self.covers.expressions.iter().find(|cover| cover.touches(span)) {
            return raw(*cover, self.source);
        }
        if self.covers.holes.iter().any(|cover| cover.touches(span)) {
            return Node { span, content: Content::Hole };
        }
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::Single,
            ScalarStyle::DoubleQuoted => Style::Double,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        };
        let text = if span.start == span.end && style == Style::Plain { "" } else { text };
        let node = Node { span, content: Content::Scalar(Scalar { text: text.into(), style }) };
        match tag {
            Some(tag) if !tag.is_yaml_core_schema() => self.tagged(node, place),
            Some(tag) if tag.is_yaml_core_schema_tag("str") && style == Style::Plain => {
                raw(span, self.source)
            }
            _ => node,
        }
    }

    /// `if: !has(lead.x)` is a tag in YAML and an expression to everyone else.
    fn tagged(&mut self, node: Node, place: &EventSpan) -> Node {
        let Some(tag) = place.tag_span().as_ref().map(span) else { return node };
        let whole = Span::new(tag.start, node.span.end.max(tag.end));
        let takes_expression = match self.stack.last() {
            Some(Frame::Map { key: Some(key), .. }) => key.text().is_some_and(grammar::takes_expression),
            _ => false,
        };
        let on_one_line = self.source.get(whole.start..whole.end).is_some_and(|text| !text.contains('\n'));
        if takes_expression && on_one_line {
            self.problems.push(diagnostics::unquoted_expression(whole, self.source));
            return raw(whole, self.source);
        }
        self.problems.push(diagnostics::tag(tag, self.source));
        Node { span: whole, content: Content::Hole }
    }

    fn refuse_tag(&mut self, tag: Option<&Tag>, place: &EventSpan) {
        let place = place.tag_span().as_ref().map(span);
        if let (Some(tag), Some(place)) = (tag, place)
            && !tag.is_yaml_core_schema()
        {
            self.problems.push(diagnostics::tag(place, self.source));
        }
    }

    fn close(&mut self, end: usize) {
        let (node, anchor) = match self.stack.pop() {
            Some(Frame::Map { start, anchor, flow, entries, .. }) => {
                let last = entries.last().map(|entry| entry.value.span.end.max(entry.key.span.end));
                let end = if flow { end } else { last.unwrap_or(start) };
                (Node { span: Span::new(start, end), content: Content::Map(entries) }, anchor)
            }
            Some(Frame::List { start, anchor, flow, items }) => {
                let end = if flow { end } else { items.last().map_or(start, |item| item.span.end) };
                (Node { span: Span::new(start, end.max(start)), content: Content::List(items) }, anchor)
            }
            None => return,
        };
        self.add(node, anchor, 1);
    }

    fn alias(&mut self, id: usize, span: Span) -> bool {
        let Some((node, size)) = self.anchors.get(&id).cloned() else {
            self.problems.push(diagnostics::endless_alias(span));
            self.add(Node { span, content: Content::Hole }, 0, 1);
            return true;
        };
        if self.nodes + size > MOST_NODES {
            self.problems.push(diagnostics::too_many_aliases(span));
            return false;
        }
        self.add(node, 0, size);
        true
    }

    /// Puts a finished node into the innermost open collection.
    fn add(&mut self, node: Node, anchor: usize, size: usize) {
        self.nodes += size;
        if anchor > 0 {
            let size = count(&node);
            self.anchors.insert(anchor, (node.clone(), size));
        }
        match self.stack.last_mut() {
            None => self.root = self.root.take().or(Some(node)),
            Some(Frame::List { items, .. }) => items.push(node),
            Some(Frame::Map { entries, key, .. }) => match key.take() {
                None => *key = Some(node),
                Some(key) => entries.push(Entry { key, value: node }),
            },
        }
    }

    fn open_brackets(&self) -> Vec<usize> {
        let brackets = self.stack.iter().filter_map(|frame| match frame {
            Frame::Map { start, flow: true, .. } | Frame::List { start, flow: true, .. } => Some(*start),
            _ => None,
        });
        brackets.collect()
    }
}

/// The source at `span`, as text.
fn raw(span: Span, source: &str) -> Node {
    let text = source.get(span.start..span.end).unwrap_or_default();
    Node { span, content: Content::Scalar(Scalar { text: text.into(), style: Style::Raw }) }
}

fn count(node: &Node) -> usize {
    1 + match &node.content {
        Content::Map(entries) => entries.iter().map(|entry| count(&entry.key) + count(&entry.value)).sum(),
        Content::List(items) => items.iter().map(count).sum(),
        Content::Scalar(_) | Content::Hole => 0,
    }
}

fn span(place: &EventSpan) -> Span {
    let range = place.byte_range().unwrap_or_default();
    Span::new(range.start, range.end.max(range.start))
}
