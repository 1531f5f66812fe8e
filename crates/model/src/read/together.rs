//! Which keys of a rule go together.

use super::Reader;
use crate::{
    diagnostics,
    grammar::{self, ACCOUNT_RULE, Kind},
    span::{Span, Spanned},
    syntax::{Content, Node},
};

impl Reader<'_> {
    /// Tells of keys that the kind of rule does not have, and of those that it lacks.
    pub(super) fn keys_go_together(&mut self, node: &Node, kind: &Kind) {
        let mark = kind.marks.iter().find_map(|mark| key(node, mark));
        for entry in node.entries().unwrap_or_default() {
            let Some(name) = entry.key.text() else { continue };
            // Unknown keys were told before.
            if ACCOUNT_RULE.key(name).is_some() && !kind.allows(name) {
                let key = Spanned::new(name, entry.key.span);
                let problem = diagnostics::contradictory_keys(key, kind.title, mark.clone(), why(name, kind));
                self.diagnostics.push(problem);
            }
        }
        for name in kind.needs.iter().filter(|name| node.get(name).is_none()) {
            self.missing(node, name, kind);
        }
        if kind.has_worth {
            self.worth_is_clear(node, kind);
        }
        if kind.name == "value" {
            self.scale_is_clear(node, kind);
        }
    }

    /// Either `points` or `disqualify`; and what has no meaning beside `disqualify`.
    fn worth_is_clear(&mut self, node: &Node, kind: &Kind) {
        match (key(node, "points"), key(node, "disqualify")) {
            (None, None) => self.missing(node, "points", kind),
            (_, None) => {}
            (Some(points), Some(disqualify)) => {
                let help = "a rule grants points or disqualifies: make two rules to do both";
                self.contradiction(points, &disqualify, help);
            }
            (None, Some(disqualify)) => self.disqualify_is_clear(node, &disqualify),
        }
    }

    fn disqualify_is_clear(&mut self, node: &Node, disqualify: &Spanned<&str>) {
        if let Some(cap) = key(node, "cap") {
            self.contradiction(cap, disqualify, "a cap is for points");
        }
        if let Some(every) = key(node, "every") {
            self.contradiction(every, disqualify, "`every` grants points again, and this rule grants none");
        }
        let decay =
            node.get("decay").filter(|decay| decay.entries().is_some_and(|entries| !entries.is_empty()));
        if let (Some(decay), Some(place)) = (decay, key(node, "decay"))
            && decay.get("expire").is_none()
        {
            let help = "a lead is disqualified or is not: end it with `decay: {expire: 90d}`";
            self.contradiction(place, disqualify, help);
        }
    }

    /// Either `bands` or `table`, and `else` only with the latter.
    fn scale_is_clear(&mut self, node: &Node, kind: &Kind) {
        match (key(node, "bands"), key(node, "table"), key(node, "else")) {
            (Some(bands), Some(table), _) => {
                self.contradiction(
                    bands,
                    &table,
                    "a value has bands if it is a number, a table if it is a word",
                );
            }
            (Some(bands), None, Some(other)) => {
                self.contradiction(
                    other,
                    &bands,
                    "below the first band a value is worth 0: add a band to change that",
                );
            }
            (None, None, None) => self.missing(node, "bands", kind),
            (None, None, Some(_)) => self.missing(node, "table", kind),
            _ => {}
        }
    }

    fn contradiction(&mut self, key: Spanned<&str>, beside: &Spanned<&str>, help: &str) {
        let mut problem = diagnostics::contradictory_keys(key, "", Some(beside.clone()), Some(help));
        if let Some(label) = problem.labels.get_mut(1) {
            label.text.clear();
        }
        self.diagnostics.push(problem);
    }

    fn missing(&mut self, node: &Node, name: &str, kind: &Kind) {
        let Some(key) = ACCOUNT_RULE.key(name) else { return };
        let keys: Vec<_> = ACCOUNT_RULE.keys.iter().collect();
        if grammar::has(node.entries().unwrap_or_default(), name, &keys) {
            return;
        }
        let mut problem = diagnostics::missing_key(key, kind.title, place(node, kind));
        problem.help = match (kind.name, name) {
            ("value", "value") if node.get("bands").is_some() => {
                Some("bands need a `value` of the lead, or an `event` to count".to_owned())
            }
            ("value", "bands") => {
                Some("a value becomes points by `bands: {1: 0, 50: 5}` or `table: {Software: 10}`".to_owned())
            }
            (_, "points") => Some("it is worth `points: 15`, or `disqualify: true`".to_owned()),
            _ => problem.help,
        };
        self.diagnostics.push(problem);
    }
}

/// A key of a map, with its place.
fn key<'a>(node: &'a Node, name: &str) -> Option<Spanned<&'a str>> {
    let entry = node.entries()?.iter().find(|entry| entry.key.text() == Some(name))?;
    let is_hole = matches!(entry.key.content, Content::Hole);
    entry.key.text().filter(|_| !is_hole).map(|text| Spanned::new(text, entry.key.span))
}

/// Where to point at when a rule lacks something: its id, or else the key that makes it what it is.
fn place(node: &Node, kind: &Kind) -> Span {
    let mark = kind.marks.iter().find_map(|mark| key(node, mark)).map(|key| key.span);
    node.get("id").map(|id| id.span).or(mark).unwrap_or(node.span)
}

/// Why a kind of rule does not have a key.
fn why(key: &str, kind: &Kind) -> Option<&'static str> {
    Some(match (key, kind.name) {
        ("points" | "disqualify", "value" | "count") => "the points stand in the bands, or in the table",
        ("decay", _) => "only awards decay, and this rule makes none: it is worth its points while it holds",
        ("limit", _) => "a limit counts awards, and this rule makes none",
        ("if", "value") => "put the condition into `applies`, or into the value: `cond ? lead.x : 0`",
        ("if", "sequence") => "give the steps conditions of their own: `{event: page, if: …}`",
        ("if", "inactivity") => "inactivity looks at names of events only",
        ("event", "sequence") => "the steps name their events",
        ("event", "value") => {
            "to count events by bands, leave `value` out; to score a property, use `points: event.x`"
        }
        ("distinct", "sequence") => "each step is another event already",
        ("times" | "people" | "unless" | "sequence", "sequence" | "unless" | "people" | "times") => {
            "a rule makes its hits in one way: use two rules"
        }
        ("times" | "people", "count") => {
            "bands count the events: `bands: {3: 10}` is worth 10 from the third on"
        }
        ("within", "event") => {
            "to count events in a window, add `times`; to let an award end, use `decay: {expire: 30d}`"
        }
        ("within", "trait" | "value") => "a window is for events",
        ("within", "inactivity") => "`inactive` is the window",
        ("every", _) => {
            "`every` grants the points of `inactive` again; for awards, see `decay: {lose: 0.25, every: 30d}`"
        }
        ("bands", "times" | "people" | "unless" | "sequence") => "bands count events in a rule of their own",
        ("else" | "table", _) => "a table turns a `value` into points",
        ("distinct", _) => "`distinct` tells events apart, and this rule counts none",
        _ => return None,
    })
}
