//! Brings keys into canonical order, and tells whether two documents mean the same.

use super::{
    scalar::is_typed,
    shape::Shape,
    tree::{Data, Document, Entry, Line, Node, Scalar},
};

/// Brings the keys of every part into order, and comments to where they can be written. A file with anchors keeps its own: a reference must follow its anchor.
pub(super) fn arrange(document: &mut Document) {
    if let Some(root) = document.root.as_mut()
        && !has_properties(root)
    {
        let shape = Shape::of_file(root);
        order(root, shape);
    }
    if let Some(root) = document.root.as_mut() {
        raise_comments(root);
    }
}

fn has_properties(node: &Node) -> bool {
    let inner =
        |entry: &Entry| entry.key.as_ref().is_some_and(has_properties) || has_properties(&entry.value);
    !node.properties.is_empty() || node.items().is_some_and(|items| items.entries.iter().any(inner))
}

fn order(node: &mut Node, shape: Shape) {
    let Some(items) = node.items_mut() else { return };
    items.entries.sort_by_key(|entry| shape.rank(entry.key_text()));
    for entry in &mut items.entries {
        let shape = shape.child(entry.key_text());
        order(&mut entry.value, shape);
    }
}

/// Moves comments that have no place of their own: a line has room for one to its right, and there is
/// no line between a dash and what follows it.
fn raise_comments(node: &mut Node) {
    for entry in node.items_mut().map(|items| &mut items.entries).into_iter().flatten() {
        raise_comments(&mut entry.value);
        let surplus = entry.right.len().saturating_sub(1);
        entry.above.extend(entry.right.drain(..surplus).map(Line::Comment));
        let after_dash = entry.key.is_none() && entry.value.properties.is_empty();
        if let Some(first) = entry.value.items_mut().and_then(|items| items.entries.first_mut())
            && after_dash
        {
            entry.above.extend(first.above.drain(..).filter(|line| *line != Line::Blank));
        }
    }
}

/// Whether two values mean the same, whatever their notation and the order of their keys.
pub(super) fn same(a: &Node, b: &Node) -> bool {
    if a.properties != b.properties {
        return false;
    }
    match (&a.data, &b.data) {
        (Data::Scalar(a), Data::Scalar(b)) => meaning(a) == meaning(b),
        (Data::Alias(a), Data::Alias(b)) => a == b,
        (Data::Sequence(a), Data::Sequence(b)) => {
            a.entries.len() == b.entries.len()
                && a.entries.iter().zip(&b.entries).all(|(a, b)| same(&a.value, &b.value))
        }
        (Data::Mapping(a), Data::Mapping(b)) => {
            let (a, b) = (by_key(&a.entries), by_key(&b.entries));
            a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| same_entry(a, b))
        }
        _ => false,
    }
}

fn same_entry(a: &Entry, b: &Entry) -> bool {
    let keys = match (&a.key, &b.key) {
        (Some(a), Some(b)) => same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    keys && same(&a.value, &b.value)
}

fn by_key(entries: &[Entry]) -> Vec<&Entry> {
    let mut entries: Vec<&Entry> = entries.iter().collect();
    entries.sort_by(|a, b| a.key_text().cmp(b.key_text()));
    entries
}

/// What a scalar stands for: its text, and whether YAML may read it as something else than a text.
fn meaning(scalar: &Scalar) -> (&str, bool) {
    let typed = !scalar.quoted && is_typed(&scalar.text);
    match scalar.text.as_str() {
        "" | "~" if typed => ("null", true),
        text => (text, typed),
    }
}
