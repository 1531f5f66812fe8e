//! From the YAML tree to a plan. The shape was checked before: what is of the wrong type is passed over in silence;
//! names that are not known and what makes no sense are told.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{civil::Date, tz::TimeZoneDatabase};
use kelvin_kernel::{
    Duration, Value,
    expr::{Condition, Expr, Node as Formula},
    plan::{Schema, Usage},
};

use super::{
    experiment::Trial,
    forms,
    hours::{BusinessTime, Calendar, Stretch},
    outcome::is_currency,
    plan::{Leave, Owner, Playbook, Target, TargetKind},
    setting::Setting,
    template::Template,
};
use crate::{
    diagnostics::{self, Diagnostic},
    grammar::{self, PLAYBOOK},
    lower::{Compiled, compile},
    read::field,
    span::{Span, Spanned},
    syntax::{Content, Node, Places},
    tree::{Expression, Sees},
};

/// Reads a tree: the plan, where all of it could be read, and what was found on the way.
pub(super) fn read<'a>(root: &'a Node, source: &'a str) -> (Option<Playbook>, Reader<'a>) {
    let mut reader = Reader::new(source);
    if root.entries().is_none() && !matches!(root.content, Content::Hole) {
        reader.diagnostics.push(diagnostics::not_a_map(PLAYBOOK.title, PLAYBOOK.example, root));
        return (None, reader);
    }
    let takes = grammar::Takes::Section(&PLAYBOOK);
    grammar::validate(root, &takes, "a playbook", "playbook: 1", &mut reader.diagnostics);
    let plan = reader.playbook(root);
    (plan, reader)
}

/// What shares its ids: notes and messages tell them apart by these alone.
pub(super) const RULE: &str = "hand-off, alert or experiment";

/// Reads a playbook, collecting what is wrong and what the checks need.
pub(super) struct Reader<'a> {
    pub(super) source: &'a str,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The conditions, and what became of them.
    pub(super) expressions: Vec<Expression>,
    pub(super) compiled: Vec<Compiled>,
    schema: Schema,
    /// Names of owners and of targets, each with whether something uses it.
    pub(super) owners: Vec<(Spanned<String>, bool)>,
    pub(super) targets: Vec<(Spanned<String>, bool)>,
    /// Whether an assignment looks for the account's owner, who may be any.
    pub(super) asks_for_account_owner: bool,
    /// Whether there are business hours, and the first time that counts them.
    pub(super) has_hours: bool,
    pub(super) first_due: Option<Span>,
    /// Where models and tiers are named.
    pub(super) mentions: Vec<Mention>,
    /// The ids so far, with what they name: a [`RULE`], an outcome.
    ids: BTreeMap<(&'static str, String), Spanned<String>>,
    /// The experiments, as they name their models.
    pub(super) trials: Vec<Trial>,
}

/// That a hand-off or an alert looks at a model's scores.
#[derive(Debug)]
pub(super) struct Mention {
    /// What looks: `the hand-off`.
    pub(super) what: &'static str,
    /// Its id.
    pub(super) id: Spanned<String>,
    /// The model, if it says which.
    pub(super) model: Option<Spanned<String>>,
    /// The tier.
    pub(super) tier: Option<Spanned<String>>,
    /// What a lead must fall below.
    pub(super) leave: Option<Spanned<Leave>>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            source,
            diagnostics: Vec::new(),
            expressions: Vec::new(),
            compiled: Vec::new(),
            schema: Schema::default(),
            owners: Vec::new(),
            targets: Vec::new(),
            asks_for_account_owner: false,
            has_hours: false,
            first_due: None,
            mentions: Vec::new(),
            ids: BTreeMap::new(),
            trials: Vec::new(),
        }
    }

    fn playbook(&mut self, root: &Node) -> Option<Playbook> {
        // Names first: the rest refers to them. All parts are read, so that all problems are told.
        self.owners = names(root, "owners");
        self.targets = names(root, "targets");
        for (name, _) in &self.targets {
            if name.value == "owner" {
                self.diagnostics.push(diagnostics::bad_name("a target's name", "owner", name.span));
            }
        }
        let calendar = self.calendar(root);
        let owners = entries(root, "owners").map(|(name, node)| self.owner(name, node)).collect::<Vec<_>>();
        let targets =
            entries(root, "targets").map(|(name, node)| self.target(name, node)).collect::<Vec<_>>();
        let hand_offs = items(root, "hand_offs").map(|node| self.hand_off(node)).collect::<Vec<_>>();
        let alerts = items(root, "alerts").map(|node| self.alert(node)).collect::<Vec<_>>();
        let experiments = items(root, "experiments").map(|node| self.experiment(node)).collect::<Vec<_>>();
        self.check_trials();
        let outcomes = items(root, "outcomes").map(|node| self.outcome(node)).collect::<Vec<_>>();
        Some(Playbook {
            calendar: calendar?,
            schema: std::mem::take(&mut self.schema),
            owners: owners.into_iter().collect::<Option<_>>()?,
            targets: targets.into_iter().collect::<Option<_>>()?,
            hand_offs: hand_offs.into_iter().collect::<Option<_>>()?,
            alerts: alerts.into_iter().collect::<Option<_>>()?,
            experiments: experiments.into_iter().collect::<Option<_>>()?,
            outcomes: outcomes.into_iter().collect::<Option<_>>()?,
        })
    }

    fn calendar(&mut self, root: &Node) -> Option<Calendar> {
        let mut week: [Vec<(Stretch, Span)>; 7] = Default::default();
        for entry in root.get("hours").and_then(Node::entries).unwrap_or_default() {
            for day in entry.key.text().and_then(forms::weekdays).unwrap_or_default() {
                for node in one_or_more(&entry.value) {
                    let Some(stretch) = node.text().and_then(|text| Stretch::parse(text).ok()) else {
                        continue;
                    };
                    let other = week[day].iter().find(|(other, _)| other.overlaps(stretch));
                    if let Some((_, other)) = other {
                        let day = grammar::WEEKDAYS[day];
                        self.diagnostics.push(diagnostics::overlapping_hours(day, *other, node.span));
                    }
                    week[day].push((stretch, node.span));
                }
            }
        }
        self.has_hours = week.iter().any(|day| !day.is_empty());
        let week =
            root.get("hours").map(|_| week.map(|day| day.into_iter().map(|(stretch, _)| stretch).collect()));
        let holidays = items(root, "holidays").filter_map(|node| node.text()?.parse::<Date>().ok());
        let holidays: BTreeSet<Date> = holidays.collect();
        let zone = TimeZoneDatabase::bundled().get(root.get("time_zone")?.text()?).ok()?;
        Some(Calendar::new(zone, week, holidays))
    }

    fn owner(&mut self, id: Option<Spanned<String>>, node: &Node) -> Option<Owner> {
        let condition = self.condition(node, Sees::Lead);
        let id = id?.value;
        Some(Owner {
            name: node.get("name").and_then(field::name).map_or_else(|| id.clone(), |name| name.value),
            id,
            email: setting(node, "email")?,
            weight: node.get("weight").and_then(field::whole).map_or(1, |weight| weight.value),
            capacity: node.get("capacity").and_then(field::whole).map(|capacity| capacity.value),
            condition: condition?,
        })
    }

    fn target(&mut self, id: Option<Spanned<String>>, node: &Node) -> Option<Target> {
        let in_clear = |key| setting(node, key).and_then(|setting| setting.constant());
        let slack = in_clear("slack").filter(|address| forms::url(address).is_none());
        for (key, secret) in [("slack", slack), ("secret", in_clear("secret"))] {
            if let (Some(_), Some(value)) = (secret.filter(|text| !text.trim().is_empty()), node.get(key)) {
                let id = id.as_ref().map(|id| id.value.as_str()).unwrap_or_default();
                self.diagnostics.push(diagnostics::secret_in_file(key, id, value.span));
            }
        }
        let kind = if node.get("slack").is_some() {
            TargetKind::Slack(setting(node, "slack")?)
        } else if node.get("mail").is_some() {
            TargetKind::Mail(setting(node, "mail")?)
        } else if node.get("webhook").is_some() {
            TargetKind::Webhook { url: setting(node, "webhook")?, secret: setting(node, "secret") }
        } else {
            node.get("log")?;
            TargetKind::Log
        };
        Some(Target { id: id?.value, kind })
    }

    /// The condition under `if`; the outer `None` where it is wrong.
    pub(super) fn condition(&mut self, map: &Node, sees: Sees) -> Option<Option<Condition>> {
        let Some(node) = map.get("if") else { return Some(None) };
        match self.compiled(field::expression(node, self.source, sees, Usage::Bool)?)? {
            Compiled::Condition(condition) => Some(Some(condition)),
            _ => None,
        }
    }

    /// The expression on an event under a key; the outer `None` where it is wrong. The code of a currency stands for itself.
    pub(super) fn expression(&mut self, map: &Node, key: &str) -> Option<Option<Expr>> {
        let Some(node) = map.get(key) else { return Some(None) };
        if let Some(code) = node.text().filter(|text| key == "currency" && is_currency(text)) {
            return Some(Some(Expr::new(Formula::Const(Value::String(code.into())))));
        }
        let used_as = if key == "value" { Usage::Number } else { Usage::Unknown };
        match self.compiled(field::expression(node, self.source, Sees::Event, used_as)?)? {
            Compiled::Expr(expr) => Some(Some(expr)),
            _ => None,
        }
    }

    /// What becomes of an expression; what is wrong with it is told.
    fn compiled(&mut self, expression: Expression) -> Option<Compiled> {
        let written = std::slice::from_ref(&expression);
        let (compiled, problems) = compile(written, &BTreeMap::new(), &mut self.schema);
        self.diagnostics.extend(problems.into_iter().map(in_playbook));
        let compiled = compiled.compiled.into_iter().next()?;
        self.expressions.push(expression);
        self.compiled.push(compiled.clone());
        Some(compiled)
    }

    /// The id of something, which no two of its kind share.
    pub(super) fn id(&mut self, what: &'static str, node: &Node) -> Option<Spanned<String>> {
        let id = node.get("id").and_then(field::name)?;
        match self.ids.get(&(what, id.value.clone())) {
            Some(first) => self.diagnostics.push(diagnostics::duplicate_id(what, first, &id)),
            None => {
                self.ids.insert((what, id.value.clone()), id.clone());
            }
        }
        Some(id)
    }

    /// The template under a key; the outer `None` where it is wrong.
    pub(super) fn template(&mut self, map: &Node, key: &str, has_event: bool) -> Option<Option<Template>> {
        let Some(node) = map.get(key) else { return Some(None) };
        match Template::parse(node.text()?, has_event) {
            Ok(template) => Some(Some(template)),
            Err(faults) => {
                let places = Places::of(node, self.source);
                let told = faults.into_iter().map(|fault| {
                    diagnostics::bad_template(fault.message, fault.help, places.span(fault.place))
                });
                self.diagnostics.extend(told);
                None
            }
        }
    }

    /// The business time under a key.
    pub(super) fn business_time(&mut self, map: &Node, key: &str) -> Option<BusinessTime> {
        let node = map.get(key)?;
        let time = node.text().and_then(BusinessTime::parse)?;
        self.first_due.get_or_insert(node.span);
        Some(time)
    }
}

/// A problem of a condition, with help that speaks of playbooks where it speaks of models.
fn in_playbook(problem: Diagnostic) -> Diagnostic {
    match (problem.code, problem.help.as_deref()) {
        ("unknown-list", _) => {
            problem.help("a playbook has no lists: write the values out, `[\"a\", \"b\"]`")
        }
        ("no-now", _) => problem.help("a condition on an event sees things as they were at the event"),
        ("unknown-variable", Some(help)) if help.starts_with("only rules with `event`") => {
            problem.help("only alerts with `event` look at events")
        }
        _ => problem,
    }
}

/// The duration under a key.
pub(super) fn duration(map: &Node, key: &str) -> Option<Duration> {
    map.get(key).and_then(|node| field::duration(node, false)).map(|duration| duration.value)
}

/// A value, or the values of a list.
pub(super) fn one_or_more(node: &Node) -> &[Node] {
    node.items().unwrap_or(std::slice::from_ref(node))
}

fn setting(map: &Node, key: &str) -> Option<Setting> {
    Setting::parse(map.get(key)?.text()?).ok()
}

pub(super) fn items<'n>(map: &'n Node, key: &str) -> impl Iterator<Item = &'n Node> {
    map.get(key).and_then(Node::items).unwrap_or_default().iter()
}

pub(super) fn entries<'n>(
    map: &'n Node,
    key: &str,
) -> impl Iterator<Item = (Option<Spanned<String>>, &'n Node)> {
    let entries = map.get(key).and_then(Node::entries).unwrap_or_default();
    entries.iter().map(|entry| (field::name(&entry.key), &entry.value))
}

fn names(map: &Node, key: &str) -> Vec<(Spanned<String>, bool)> {
    entries(map, key).filter_map(|(name, _)| Some((name?, false))).collect()
}
