//! Writes a document in its canonical layout.

use super::{
    scalar::on_one_line,
    shape::{Notation, Shape, Spacing, is_section_break},
    tree::{Block, Data, Document, Entry, Items, Line, Node, Scalar},
};

/// The longest line that a value between brackets may make.
const WIDTH: usize = 100;
/// Columns by which a block is indented.
const STEP: usize = 2;

/// The canonical text of a document.
pub(super) fn print(document: &Document) -> String {
    let mut printer = Printer { out: String::new() };
    printer.lines(&document.head, 0);
    if let Some(root) = &document.root {
        match root.items() {
            Some(items) if !items.entries.is_empty() => {
                printer.block(root, Shape::of_file(root), 0, Begun::Nothing)
            }
            _ => {
                printer.out.push_str(&one_line(root, false));
                printer.end_line(&[]);
            }
        }
    }
    printer.out
}

struct Printer {
    out: String,
}

/// What stands on the current line before the first entry of a block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begun {
    /// Nothing: the entry starts with its indentation.
    Nothing,
    /// A dash and a space: the entry goes on from there.
    Dash,
}

impl Printer {
    /// Writes the entries of a sequence or a mapping, each on lines of its own.
    fn block(&mut self, node: &Node, shape: Shape, indent: usize, begun: Begun) {
        let Some(items) = node.items() else { return };
        let mut before: Option<&Entry> = None;
        for entry in &items.entries {
            // The comments above the first entry of a block after a dash stand above the dash.
            if before.is_some() || begun == Begun::Nothing {
                self.lines(&spaced(entry, before, shape, indent), indent);
                self.indent(indent);
            }
            match &entry.key {
                Some(key) => self.pair(key, entry, shape, indent),
                None => self.item(entry, shape, indent),
            }
            before = Some(entry);
        }
        self.lines(&items.tail, indent);
    }

    /// Writes `key: value` and what is to its right.
    fn pair(&mut self, key: &Node, entry: &Entry, shape: Shape, indent: usize) {
        let key_text = key_on_one_line(key, false);
        let shape = shape.child(key.text().unwrap_or_default());
        self.out.push_str(&key_text);
        self.out.push(':');
        if let Data::Scalar(Scalar { block: Some(block), text, .. }) = &entry.value.data {
            self.out.push(' ');
            self.out.push_str(&entry.value.properties);
            self.text(block, text, indent + STEP, &entry.right);
            return;
        }
        if opens(&entry.value, shape, indent + key_text.chars().count() + 2) {
            self.properties_end(&entry.value);
            self.end_line(&entry.right);
            self.block(&entry.value, shape, indent + STEP, Begun::Nothing);
            return;
        }
        let value = one_line(&entry.value, false);
        if !value.is_empty() {
            self.out.push(' ');
            self.out.push_str(&value);
        }
        self.end_line(&entry.right);
    }

    /// Writes `- value` and what is to its right.
    fn item(&mut self, entry: &Entry, shape: Shape, indent: usize) {
        let shape = shape.child("");
        self.out.push('-');
        if let Data::Scalar(Scalar { block: Some(block), text, .. }) = &entry.value.data {
            self.out.push(' ');
            self.out.push_str(&entry.value.properties);
            self.text(block, text, indent + STEP, &[]);
        } else if opens(&entry.value, shape, indent + 2) {
            if entry.value.properties.is_empty() {
                self.out.push(' ');
                self.block(&entry.value, shape, indent + STEP, Begun::Dash);
            } else {
                self.properties_end(&entry.value);
                self.end_line(&[]);
                self.block(&entry.value, shape, indent + STEP, Begun::Nothing);
            }
        } else {
            let value = one_line(&entry.value, false);
            if !value.is_empty() {
                self.out.push(' ');
                self.out.push_str(&value);
            }
            self.end_line(&entry.right);
        }
    }

    /// Writes a text over several lines.
    fn text(&mut self, block: &Block, text: &str, indent: usize, right: &[String]) {
        self.out.push(if block.literal { '|' } else { '>' });
        if block.lines.iter().find(|line| !line.is_empty()).is_some_and(|line| line.starts_with(' ')) {
            self.out.push_str(&STEP.to_string());
        }
        let ends = text.len() - text.trim_end_matches('\n').len();
        match ends {
            0 => self.out.push('-'),
            1 => {}
            _ => self.out.push('+'),
        }
        self.end_line(right);
        for line in &block.lines {
            if !line.is_empty() {
                self.indent(indent);
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
        if !block.literal {
            self.out.push_str(&"\n".repeat(ends.saturating_sub(1)));
        }
    }

    fn lines(&mut self, lines: &[Line], indent: usize) {
        for line in lines {
            match line {
                Line::Blank if self.out.is_empty() || self.out.ends_with("\n\n") => {}
                Line::Blank => self.out.push('\n'),
                Line::Comment(text) => {
                    self.indent(indent);
                    self.out.push_str(text);
                    self.out.push('\n');
                }
            }
        }
    }

    fn indent(&mut self, columns: usize) {
        self.out.extend(std::iter::repeat_n(' ', columns));
    }

    fn properties_end(&mut self, node: &Node) {
        if !node.properties.is_empty() {
            self.out.push(' ');
            self.out.push_str(node.properties.trim_end());
        }
    }

    fn end_line(&mut self, right: &[String]) {
        if let Some(comment) = right.last() {
            self.out.push_str("  ");
            self.out.push_str(comment);
        }
        self.out.push('\n');
    }
}

/// The lines above an entry: its comments, and blank lines as the shape has them.
fn spaced(entry: &Entry, before: Option<&Entry>, shape: Shape, indent: usize) -> Vec<Line> {
    let author = matches!(entry.above.first(), Some(Line::Blank));
    let blank = before.is_some_and(|before| match shape.spacing() {
        Spacing::Tight => false,
        Spacing::Kept => author,
        Spacing::Always => true,
        Spacing::Sections => is_section_break(before.key_text(), entry.key_text()),
    });
    let comments = comments_above(entry, shape, indent);
    let own = comments.into_iter().skip_while(|line| *line == Line::Blank);
    blank.then_some(Line::Blank).into_iter().chain(own).collect()
}

/// The comments above an entry, with those that find no place to the right of a dash.
fn comments_above(entry: &Entry, shape: Shape, indent: usize) -> Vec<Line> {
    let mut lines = entry.above.clone();
    if entry.key.is_some() {
        return lines;
    }
    let inner = shape.child("");
    let opened = opens(&entry.value, inner, indent + STEP);
    if opened || matches!(&entry.value.data, Data::Scalar(Scalar { block: Some(_), .. })) {
        lines.extend(entry.right.iter().cloned().map(Line::Comment));
    }
    let first = entry.value.items().and_then(|items| items.entries.first());
    if let Some(first) = first.filter(|_| opened && entry.value.properties.is_empty()) {
        lines.extend(comments_above(first, inner, indent + STEP));
    }
    lines
}

/// Whether a value is written on lines of its own when its brackets would start at `column`.
fn opens(node: &Node, shape: Shape, column: usize) -> bool {
    let Some(items) = node.items().filter(|items| !items.entries.is_empty()) else { return false };
    let by_choice = match shape.notation() {
        Notation::Lines => true,
        Notation::Kept => !items.flow,
        Notation::Brackets => false,
    };
    by_choice || node.needs_lines() || column + one_line(node, false).chars().count() > WIDTH
}

/// A value on one line; `flow` if it stands between brackets.
fn one_line(node: &Node, flow: bool) -> String {
    let text = match &node.data {
        Data::Scalar(scalar) => on_one_line(scalar, flow),
        Data::Alias(alias) => alias.clone(),
        Data::Sequence(items) => format!("[{}]", between_brackets(items)),
        Data::Mapping(items) => format!("{{{}}}", between_brackets(items)),
    };
    format!("{}{text}", node.properties).trim_end().to_owned()
}

fn between_brackets(items: &Items) -> String {
    let entries = items.entries.iter().map(|entry| {
        let value = one_line(&entry.value, true);
        entry
            .key
            .as_ref()
            .map_or_else(|| value.clone(), |key| format!("{}: {value}", key_on_one_line(key, true)))
    });
    entries.collect::<Vec<_>>().join(", ")
}

/// A key as it stands before its colon.
fn key_on_one_line(key: &Node, flow: bool) -> String {
    match one_line(key, flow) {
        text if text.is_empty() => "null".to_owned(),
        text if matches!(key.data, Data::Alias(_)) => format!("{text} "),
        text => text,
    }
}
