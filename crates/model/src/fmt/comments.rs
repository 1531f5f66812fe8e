//! Gives every comment and blank line to the entry that it speaks of.

use super::{
    read::Comment,
    tree::{Document, Entry, Items, Line, Node},
};

/// Puts `comments` and the blank lines of `source` into the document.
pub(super) fn attach(document: &mut Document, comments: Vec<Comment>, source: &str) {
    let blank: Vec<bool> = source.lines().map(|line| line.trim().is_empty()).collect();
    let is_blank = |line: usize| line >= 2 && blank.get(line - 2).copied().unwrap_or(false);
    let Some(items) = document.root.as_mut().and_then(Node::items_mut) else {
        document.head = comments.iter().flat_map(|comment| lines(comment, &is_blank)).collect();
        return;
    };
    let mut starts = Vec::new();
    list_starts(items, &mut starts);
    for comment in &comments {
        let lines = lines(comment, &is_blank);
        if comment.right && attach_right(items, comment) {
            continue;
        }
        let next = starts.get(starts.partition_point(|(start, _)| *start <= comment.start));
        // What stands to the right of a dash belongs to the entry after the dash, whatever its column.
        let reach = if comment.right { Some(usize::MAX) } else { next.map(|(_, column)| *column) };
        attach_own(items, comment, reach).extend(lines);
    }
    attach_blank_lines(items, &is_blank);
    split_head(document);
}

/// The comment, after a blank line where there is one above it.
fn lines(comment: &Comment, is_blank: &impl Fn(usize) -> bool) -> Vec<Line> {
    let own = Line::Comment(comment.text.clone());
    if is_blank(comment.line) && !comment.right { vec![Line::Blank, own] } else { vec![own] }
}

/// Where every entry starts and its column, in the file's order, outer ones first.
fn list_starts(items: &Items, starts: &mut Vec<(usize, usize)>) {
    for entry in &items.entries {
        starts.push((entry.start(), items.column));
        if let Some(inner) = entry.value.items() {
            list_starts(inner, starts);
        }
    }
}

/// Gives a comment that follows something on its line to that entry; false if there is none.
fn attach_right(items: &mut Items, comment: &Comment) -> bool {
    let Some(entry) = entry_before(items, comment.start) else { return false };
    let key_line = entry.key.as_ref().map(|key| key.place.last_line);
    let value = entry.value.place;
    if let Some(inner) = entry.value.items_mut() {
        let inside = entry_before(inner, comment.start).is_some();
        let closed = inner.flow && value.end <= comment.start;
        if inside && !closed {
            return attach_right(inner, comment);
        }
    }
    let opens = value.start <= comment.start && value.line == comment.line;
    let closes = value.end <= comment.start && value.last_line == comment.line;
    if key_line == Some(comment.line) || opens || closes {
        entry.right.push(comment.text.clone());
        return true;
    }
    false
}

/// The place for a comment on a line of its own: above the entry after it, unless it is indented
/// deeper than that entry (beyond `reach`); then at the end of the deepest block that it is indented to.
fn attach_own<'t>(items: &'t mut Items, comment: &Comment, reach: Option<usize>) -> &'t mut Vec<Line> {
    let count = items.entries.partition_point(|entry| entry.start() < comment.start);
    let deeper = reach.is_none_or(|column| comment.column > column);
    if count > 0 {
        let entry = &items.entries[count - 1];
        let before_value = entry.value.place.start > comment.start;
        if let Some(inner) = entry.value.items().filter(|inner| !inner.entries.is_empty())
            && if inner.flow {
                !before_value && comment.start < entry.value.place.end
            } else {
                last_start(inner) > comment.start || (deeper && comment.column >= inner.column)
            }
        {
            return match items.entries[count - 1].value.items_mut() {
                Some(inner) => attach_own(inner, comment, reach),
                None => &mut items.tail,
            };
        }
        if before_value {
            return &mut items.entries[count - 1].above;
        }
    }
    match items.entries.get_mut(count) {
        Some(next) => &mut next.above,
        None => &mut items.tail,
    }
}

fn entry_before(items: &mut Items, offset: usize) -> Option<&mut Entry> {
    let count = items.entries.partition_point(|entry| entry.start() < offset);
    items.entries[..count].last_mut()
}

/// Where the last entry, at any depth, starts.
fn last_start(items: &Items) -> usize {
    let Some(last) = items.entries.last() else { return 0 };
    last.value.items().map_or(last.start(), last_start).max(last.start())
}

fn attach_blank_lines(items: &mut Items, is_blank: &impl Fn(usize) -> bool) {
    for entry in &mut items.entries {
        if is_blank(entry.line()) {
            entry.above.push(Line::Blank);
        }
        if let Some(inner) = entry.value.items_mut() {
            attach_blank_lines(inner, is_blank);
        }
    }
}

/// Takes the comments that belong to the file from its first entry: all up to the last blank line, and
/// what editors look for in the first lines.
fn split_head(document: &mut Document) {
    let Some(first) =
        document.root.as_mut().and_then(Node::items_mut).and_then(|items| items.entries.first_mut())
    else {
        return;
    };
    let modeline =
        |line: &Line| matches!(line, Line::Comment(text) if text.contains("yaml-language-server:"));
    let of_file = first.above.iter().rposition(|line| *line == Line::Blank || modeline(line));
    let keep = of_file.map_or(0, |place| place + 1);
    document.head = first.above.drain(..keep).collect();
}
