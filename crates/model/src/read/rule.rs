//! Rules: which kind one is, which keys go together, and what it says.

use kelvin_kernel::plan::Usage;

use super::{Reader, decay, field, model::constant, scalars};
use crate::{
    diagnostics,
    grammar::{self, ACCOUNT_RULE, Kind},
    span::{Span, Spanned},
    syntax::{Content, Literal, Node},
    tree::{Constant, Decay, EventRule, Hit, Limit, Matcher, Row, Rule, RuleKind, Scale, Sees, Worth},
};

impl Reader<'_> {
    /// The rules under `rules`, and whether all of them could be read; those of accounts see other things.
    pub(super) fn rules(&mut self, map: &Node, of_accounts: bool) -> (Vec<Rule>, bool) {
        let items = map.get("rules").and_then(Node::items).unwrap_or_default();
        let mut rules = Vec::with_capacity(items.len());
        for node in items {
            match self.rule(node, of_accounts) {
                Some(rule) => rules.push(rule),
                None => self.model.unread_rules.push(node.span),
            }
        }
        let is_whole = rules.len() == items.len();
        (rules, is_whole)
    }

    fn rule(&mut self, node: &Node, of_accounts: bool) -> Option<Rule> {
        node.entries()?;
        let id = node.get("id").and_then(field::name);
        self.ids.extend(id.clone());
        let Some(kind) = Kind::of(|key| node.get(key).is_some()) else {
            // A key that is misspelt may be the very one that says what the rule looks at.
            let all_known = node
                .entries()?
                .iter()
                .all(|entry| entry.key.text().is_some_and(|key| ACCOUNT_RULE.key(key).is_some()));
            if all_known {
                self.diagnostics.push(diagnostics::nothing_to_look_at(grammar::head(node)));
            }
            return None;
        };
        self.keys_go_together(node, kind);
        let (standing, looking) =
            if of_accounts { (Sees::Account, Sees::MemberEvent) } else { (Sees::Lead, Sees::Event) };
        let kind = match kind.name {
            "trait" => self.trait_rule(node, standing),
            "value" => self.value_rule(node, standing),
            "inactivity" => self.inactivity_rule(node, standing),
            "count" => self.count_rule(node, looking),
            _ => self.event_rule(node, kind, looking),
        };
        let cap = node.get("cap").and_then(field::number);
        Some(Rule { id: id?, span: node.span, kind: kind?, cap })
    }

    fn trait_rule(&mut self, node: &Node, sees: Sees) -> Option<RuleKind> {
        let condition = self.expression_at(node, "if", sees);
        let worth = self.worth(node, sees);
        Some(RuleKind::Trait { condition: condition?, worth: worth? })
    }

    fn value_rule(&mut self, node: &Node, sees: Sees) -> Option<RuleKind> {
        let bands = node.get("bands").map(|node| self.bands(node));
        let table = node.get("table").map(|node| self.table(node));
        let used_as = if bands.is_some() { Usage::Number } else { table_usage(table.as_deref()) };
        let value = node.get("value").and_then(|node| self.expression(node, sees, used_as));
        let otherwise = node.get("else").and_then(field::number);
        let scale = match (bands, table) {
            (Some(bands), _) => Scale::Bands(bands),
            (None, Some(rows)) => Scale::Table { rows, otherwise },
            (None, None) => return None,
        };
        Some(RuleKind::Value { value: value?, scale })
    }

    fn inactivity_rule(&mut self, node: &Node, sees: Sees) -> Option<RuleKind> {
        let worth = self.worth(node, sees);
        let after = field::duration(node.get("inactive")?, false)?;
        let event = Self::events(node);
        if node.get("event").is_some() && event.is_none() {
            return None;
        }
        let every = node.get("every").and_then(|node| field::duration(node, false));
        Some(RuleKind::Inactivity { after, event, every, worth: worth? })
    }

    fn count_rule(&mut self, node: &Node, sees: Sees) -> Option<RuleKind> {
        let event = self.matcher(node, sees);
        let distinct = self.expression_at(node, "distinct", sees);
        let within = node.get("within").and_then(|node| field::duration(node, false));
        let bands = self.bands(node.get("bands")?);
        Some(RuleKind::Count { event: event?, distinct, within, bands })
    }

    fn event_rule(&mut self, node: &Node, kind: &Kind, sees: Sees) -> Option<RuleKind> {
        let hit = self.hit(node, kind, sees);
        let distinct = self.expression_at(node, "distinct", sees);
        let worth = self.worth(node, sees);
        let limit = node.get("limit").and_then(limit);
        let decay = node.get("decay").and_then(|node| self.decay(node));
        let rule = EventRule { hit: hit?, distinct, limit, decay, worth: worth? };
        Some(RuleKind::Event(rule))
    }

    fn hit(&mut self, node: &Node, kind: &Kind, sees: Sees) -> Option<Hit> {
        let within = node.get("within").and_then(|node| field::duration(node, false));
        if kind.name == "sequence" {
            let steps = self.steps(node.get("sequence")?, sees)?;
            return Some(Hit::Sequence { steps, within });
        }
        let event = self.matcher(node, sees);
        match kind.name {
            "times" => {
                let times = field::whole(node.get("times")?)?;
                Some(Hit::Times { event: event?, times, within })
            }
            "people" => {
                let people = field::whole(node.get("people")?)?;
                Some(Hit::People { event: event?, people, within })
            }
            "unless" => {
                let unless = self.matcher(node.get("unless")?, sees);
                Some(Hit::Unless { event: event?, unless: unless?, within: within? })
            }
            _ => Some(Hit::Each { event: event? }),
        }
    }

    fn steps(&mut self, node: &Node, sees: Sees) -> Option<Vec<Matcher>> {
        let items = node.items()?;
        if items.len() < 2 && !items.iter().any(|item| matches!(item.content, Content::Hole)) {
            self.diagnostics.push(diagnostics::short_sequence(items.len(), node.span));
        }
        let steps: Vec<_> = items.iter().map(|step| self.matcher(step, sees)).collect();
        steps.into_iter().collect()
    }

    fn worth(&mut self, node: &Node, sees: Sees) -> Option<Worth> {
        if let Some(points) = node.get("points") {
            return match points.scalar()?.literal() {
                Literal::Int(_) | Literal::Float(_) => field::number(points).map(Worth::Points),
                _ => self.expression(points, sees, Usage::Number).map(Worth::Formula),
            };
        }
        node.get("disqualify").map(|node| Worth::Disqualify(node.span))
    }

    /// Bands in ascending order; their order in the file does not matter.
    fn bands(&mut self, node: &Node) -> Vec<Row<f64>> {
        let entries = node.entries().unwrap_or_default().iter();
        let mut rows: Vec<Row<f64>> = entries
            .filter_map(|entry| {
                Some(Row { key: field::number(&entry.key)?, number: field::number(&entry.value)? })
            })
            .collect();
        rows.sort_by(|a, b| a.key.value.total_cmp(&b.key.value));
        self.same_bounds("band", &rows);
        rows
    }

    fn table(&mut self, node: &Node) -> Vec<Row<Constant>> {
        let entries = node.entries().unwrap_or_default().iter();
        let rows: Vec<_> = entries
            .filter_map(|entry| {
                Some(Row { key: constant(&entry.key)?, number: field::number(&entry.value)? })
            })
            .collect();
        // `1` and `1.0` are one value.
        let number = |row: &Row<Constant>| {
            let key = Spanned::new(row.key.value.number()?, row.key.span);
            Some(Row { key, number: row.number.clone() })
        };
        let mut numbers: Vec<Row<f64>> = rows.iter().filter_map(number).collect();
        numbers.sort_by(|a, b| a.key.value.total_cmp(&b.key.value));
        self.same_bounds("row", &numbers);
        rows
    }

    fn decay(&mut self, node: &Node) -> Option<Spanned<Decay>> {
        let decay = decay::decay(node)?;
        if let Decay::Steps(rows) = &decay {
            self.same_bounds("step", rows);
        }
        Some(Spanned::new(decay, node.span))
    }

    /// Tells of neighbours that start at the same value, unless they are written alike: that was told before.
    fn same_bounds<T: PartialEq>(&mut self, what: &str, rows: &[Row<T>]) {
        for pair in rows.windows(2) {
            let [first, second] = pair else { continue };
            let (first, second) = (&first.key, &second.key);
            let written = |span: Span| span.text(self.source);
            if first.value == second.value && written(first.span) != written(second.span) {
                let (first, second) = (first.span.min(second.span), first.span.max(second.span));
                self.diagnostics.push(diagnostics::same_bound(what, written(second), first, second));
            }
        }
    }
}

/// What a table's values are, where all rows agree.
fn table_usage(rows: Option<&[Row<Constant>]>) -> Usage {
    let rows = rows.unwrap_or_default();
    let all = |test: fn(&Constant) -> bool| !rows.is_empty() && rows.iter().all(|row| test(&row.key.value));
    if all(|value| value.number().is_some()) {
        Usage::Number
    } else if all(|value| matches!(value, Constant::Bool(_))) {
        Usage::Bool
    } else if all(|value| matches!(value, Constant::Text(_))) {
        Usage::Text
    } else {
        Usage::Unknown
    }
}

/// `limit: 3` or `limit: {times: 3, per: 30d}`.
fn limit(node: &Node) -> Option<Spanned<Limit>> {
    let limit = match node.scalar() {
        Some(scalar) => Limit { times: scalars::whole(&scalar.literal())?, per: None },
        None => Limit {
            times: field::whole(node.get("times")?)?.value,
            per: Some(field::duration(node.get("per")?, false)?.value),
        },
    };
    Some(Spanned::new(limit, node.span))
}
