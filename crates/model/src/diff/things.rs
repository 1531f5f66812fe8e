//! The parts of a model that can change, each with its properties.

use super::{
    Importance, Subject,
    facet::{Facet, Meaning},
};
use crate::{
    describe::{constant, decay_clause, describe, on_one_line, times_at_most},
    span::Spanned,
    tree::{
        Accounts, Combine, Dimension, EventRule, ExpressionId, Grades, Hit, List, Matcher, Model, Prediction,
        Row, Rule, RuleKind, Scale, Tier, Worth,
    },
};

/// A part of a model.
#[derive(Debug, Clone)]
pub(super) struct Thing {
    pub(super) subject: Subject,
    /// The dimension of a rule.
    pub(super) home: Option<String>,
    /// What kind of rule it is; two rules of different kinds are compared as a whole.
    pub(super) kind: &'static str,
    /// What it does, in a sentence; empty where its name says it all.
    pub(super) summary: String,
    pub(super) facets: Vec<Facet>,
    /// How much it matters when it is new or gone.
    pub(super) importance: Importance,
}

impl Thing {
    pub(super) fn is_rule(&self) -> bool {
        matches!(self.subject, Subject::Rule(_) | Subject::AccountRule(_))
    }

    /// Whether it is the same but for its name.
    pub(super) fn is_twin_of(&self, other: &Self) -> bool {
        let same = |a: &Facet, b: &Facet| a.name == b.name && a.value == b.value;
        self.home == other.home
            && self.kind == other.kind
            && self.facets.len() == other.facets.len()
            && self.facets.iter().zip(&other.facets).all(|(a, b)| same(a, b))
    }

    /// `` in dimension `fit` ``
    pub(super) fn place(&self, word: &str) -> String {
        self.home.as_ref().map_or_else(String::new, |home| format!(" {word} dimension `{home}`"))
    }

    /// What it does, after a colon.
    pub(super) fn said(&self) -> String {
        if self.summary.is_empty() { String::new() } else { format!(": {}", self.summary) }
    }
}

/// All parts of a model, in the file's order.
pub(super) fn things(model: &Model) -> Vec<Thing> {
    let words = Words { model };
    let mut things = vec![words.model()];
    things.extend(model.lists.iter().map(list));
    for dimension in &model.dimensions {
        things.push(self::dimension(dimension));
        let home = Some(dimension.name.value.clone());
        things.extend(dimension.rules.iter().map(|rule| words.rule(rule, Subject::Rule, home.clone(), None)));
    }
    things.extend(model.grades.as_ref().map(grades));
    things.extend(model.tiers.iter().map(|tier| self::tier(tier, Subject::Tier, Importance::Tiers)));
    if let Some(accounts) = &model.accounts {
        let only = Some(Importance::Accounts);
        things.push(words.accounts(accounts));
        things.extend(accounts.rules.iter().map(|rule| words.rule(rule, Subject::AccountRule, None, only)));
        let tiers = accounts.tiers.iter();
        things.extend(tiers.map(|tier| self::tier(tier, Subject::AccountTier, Importance::Accounts)));
    }
    things
}

/// So much of a version tells two trained models apart for people.
const SHORT_VERSION: usize = "sha256:".len() + 12;

struct Words<'m> {
    model: &'m Model,
}

impl Words<'_> {
    fn model(&self) -> Thing {
        let Model { id, title, kind, applies, range, .. } = self.model;
        let text = |name, text: &Option<Spanned<String>>| {
            text.as_ref().map(|text| Facet::of_text(name, format!("`{}`", text.value), Importance::Words))
        };
        let facets = [
            applies.map(|id| self.expression("applies", id, Importance::Score)),
            range_facet(range.as_ref(), Importance::Score),
            text("id", id),
            text("title", title),
            text("kind", kind),
        ];
        thing(Subject::Model, String::new(), facets.into_iter().flatten().collect(), Importance::Score)
    }

    fn accounts(&self, accounts: &Accounts) -> Thing {
        let combine = accounts.combine.as_ref().map(|combine| {
            let text = match combine.value {
                Combine::Top(count) => format!("sum of the best {count}"),
                Combine::Max => "best".to_owned(),
                Combine::Mean => "mean".to_owned(),
                Combine::Sum => "sum".to_owned(),
            };
            Facet::of_text("combine", text, Importance::Accounts)
        });
        let key = accounts.key.map(|id| self.expression("key", id, Importance::Accounts));
        let range = range_facet(accounts.range.as_ref(), Importance::Accounts);
        let facets = [combine, key, range].into_iter().flatten().collect();
        thing(Subject::Accounts, String::new(), facets, Importance::Accounts)
    }

    /// `only` overrides how much the rule's properties matter.
    fn rule(
        &self,
        rule: &Rule,
        subject: fn(String) -> Subject,
        home: Option<String>,
        only: Option<Importance>,
    ) -> Thing {
        let (kind, mut facets) = self.rule_facets(rule);
        facets.extend(rule.cap.as_ref().map(|cap| Facet::of_number("cap", cap.value, Importance::Course)));
        let disqualifies = matches!(rule.worth(), Some(Worth::Disqualify(_)));
        let importance = if disqualifies { Importance::Disqualification } else { Importance::Rules };
        for facet in &mut facets {
            facet.importance = only.unwrap_or(facet.importance);
        }
        let importance = only.unwrap_or(importance);
        let thing = thing(subject(rule.id.value.clone()), describe(self.model, rule), facets, importance);
        Thing { home, kind, ..thing }
    }

    fn rule_facets(&self, rule: &Rule) -> (&'static str, Vec<Facet>) {
        let window = |within: &Option<Spanned<_>>| within.as_ref().map(|within| duration("within", within));
        match &rule.kind {
            RuleKind::Trait { condition, worth } => {
                let condition = self.expression("condition", *condition, Importance::Conditions);
                ("trait", vec![self.worth(worth), condition])
            }
            RuleKind::Value { value, scale } => {
                let mut facets = scale_facets(scale);
                facets.push(self.expression("value", *value, Importance::Conditions));
                ("value", facets)
            }
            RuleKind::Count { event, distinct, within, bands } => {
                let mut facets = band_facets(bands);
                facets.extend(self.matcher("", event));
                facets.extend(self.distinct(*distinct));
                facets.extend(window(within));
                ("count", facets)
            }
            RuleKind::Inactivity { after, event, every, worth } => {
                let mut facets = vec![self.worth(worth), duration("inactive", after)];
                facets.extend(event.iter().flat_map(|event| self.matcher("", event)));
                facets.extend(every.as_ref().map(|every| duration("every", every)));
                ("inactivity", facets)
            }
            RuleKind::Predict(Prediction { file, points, trained }) => {
                let (low, high) = points.value;
                let version = trained.as_ref().map_or("", |trained| trained.version.as_str());
                let short = version.get(..SHORT_VERSION).unwrap_or(version);
                let mut model = Facet::of_text("model", version, Importance::Points);
                model.shown = format!("`{}` ({short})", file.value);
                let points = Facet::of_text("points", format!("[{low}, {high}]"), Importance::Points);
                ("predict", vec![model, points])
            }
            RuleKind::Event(rule) => self.event_rule(rule),
        }
    }

    fn event_rule(&self, rule: &EventRule) -> (&'static str, Vec<Facet>) {
        let mut facets = vec![self.worth(&rule.worth)];
        let (kind, within) = match &rule.hit {
            Hit::Each { event } => {
                facets.extend(self.matcher("", event));
                ("event", None)
            }
            Hit::Times { event, times, within } => {
                facets.extend(self.matcher("", event));
                facets.push(Facet::of_number("times", times.value.into(), Importance::Course));
                ("times", within.as_ref())
            }
            Hit::People { event, people, within } => {
                facets.extend(self.matcher("", event));
                facets.push(Facet::of_number("people", people.value.into(), Importance::Course));
                ("people", within.as_ref())
            }
            Hit::Unless { event, unless, within } => {
                facets.extend(self.matcher("", event));
                facets.extend(self.matcher("unless ", unless));
                ("unless", Some(within))
            }
            Hit::Sequence { steps, within } => {
                facets.push(self.steps(steps));
                ("sequence", within.as_ref())
            }
        };
        facets.extend(within.map(|within| duration("within", within)));
        facets.extend(self.distinct(rule.distinct));
        facets.extend(
            rule.limit
                .as_ref()
                .map(|limit| Facet::of_text("limit", times_at_most(limit.value), Importance::Course)),
        );
        facets.extend(
            rule.decay
                .as_ref()
                .map(|decay| Facet::of_text("decay", decay_clause(&decay.value), Importance::Course)),
        );
        (kind, facets)
    }

    fn worth(&self, worth: &Worth) -> Facet {
        match worth {
            Worth::Points(points) => Facet::of_number("points", points.value, Importance::Points),
            Worth::Formula(id) => self.expression("points", *id, Importance::Points),
            Worth::Disqualify(_) => Facet::of_text("points", "disqualifies", Importance::Disqualification),
        }
    }

    fn matcher(&self, prefix: &str, matcher: &Matcher) -> Vec<Facet> {
        let mut facets =
            vec![Facet::of_text(format!("{prefix}event"), names(matcher), Importance::Conditions)];
        let name = format!("{prefix}condition");
        facets.extend(matcher.condition.map(|id| self.expression(name, id, Importance::Conditions)));
        facets
    }

    fn steps(&self, steps: &[Matcher]) -> Facet {
        let condition = |step: &Matcher| step.condition.map_or("", |id| self.model.text(id)).to_owned();
        let meaning = |step: &Matcher| {
            Meaning::Parts(vec![Meaning::Text(names(step)), Meaning::Expression(condition(step))])
        };
        let shown = |step: &Matcher| match step.condition {
            Some(id) => format!("{} where {}", names(step), on_one_line(self.model.text(id))),
            None => names(step),
        };
        Facet {
            name: "sequence".to_owned(),
            value: Meaning::Parts(steps.iter().map(meaning).collect()),
            shown: steps.iter().map(shown).collect::<Vec<_>>().join(", then "),
            importance: Importance::Conditions,
        }
    }

    fn distinct(&self, id: Option<ExpressionId>) -> Option<Facet> {
        id.map(|id| self.expression("distinct", id, Importance::Conditions))
    }

    fn expression(&self, name: impl Into<String>, id: ExpressionId, importance: Importance) -> Facet {
        let text = self.model.text(id);
        Facet {
            name: name.into(),
            value: Meaning::Expression(text.to_owned()),
            shown: on_one_line(text),
            importance,
        }
    }
}

fn thing(subject: Subject, summary: String, facets: Vec<Facet>, importance: Importance) -> Thing {
    Thing { subject, home: None, kind: "", summary, facets, importance }
}

fn dimension(dimension: &Dimension) -> Thing {
    let weight = dimension.weight.as_ref().map_or(1.0, |weight| weight.value);
    let mut facets = vec![Facet::of_number("weight", weight, Importance::Score)];
    facets.extend(range_facet(dimension.range.as_ref(), Importance::Score));
    thing(Subject::Dimension(dimension.name.value.clone()), String::new(), facets, Importance::Score)
}

fn list(list: &List) -> Thing {
    let members = list.values.iter().map(|value| constant(&value.value));
    let facets = members.map(|member| Facet::of_text(member, "", Importance::Lists)).collect();
    thing(Subject::List(list.name.value.clone()), String::new(), facets, Importance::Lists)
}

fn grades(grades: &Grades) -> Thing {
    let mut facets = vec![Facet::of_text("of", format!("`{}`", grades.of.value), Importance::Grades)];
    let bounds = grades.bounds.iter();
    facets.extend(bounds.map(|(letter, bound)| {
        Facet::of_number(format!("bound of `{}`", letter.value), bound.value, Importance::Grades)
    }));
    thing(Subject::Grades, String::new(), facets, Importance::Grades)
}

fn tier(tier: &Tier, subject: fn(String) -> Subject, importance: Importance) -> Thing {
    let mut facets = vec![Facet::of_number("from", tier.from.value, importance)];
    let needs = tier.needs.iter();
    facets.extend(
        needs.map(|(name, value)| {
            Facet::of_number(format!("needs `{}`", name.value), value.value, importance)
        }),
    );
    let needs = tier.needs.iter().map(|(name, value)| format!(", needs `{}` {}", name.value, value.value));
    let summary = format!("from {}{}", tier.from.value, needs.collect::<String>());
    thing(subject(tier.name.value.clone()), summary, facets, importance)
}

fn range_facet(range: Option<&Spanned<(f64, f64)>>, importance: Importance) -> Option<Facet> {
    range.map(|range| Facet::of_text("range", format!("[{}, {}]", range.value.0, range.value.1), importance))
}

fn duration(name: &str, duration: &Spanned<kelvin_kernel::Duration>) -> Facet {
    Facet::of_text(name, duration.value.to_string(), Importance::Course)
}

fn scale_facets(scale: &Scale) -> Vec<Facet> {
    match scale {
        Scale::Bands(rows) => band_facets(rows),
        Scale::Table { rows, otherwise } => {
            let row = |row: &Row<_>| {
                Facet::of_number(
                    format!("points for {}", constant(&row.key.value)),
                    row.number.value,
                    Importance::Points,
                )
            };
            let other = otherwise
                .as_ref()
                .map(|points| Facet::of_number("points for any other", points.value, Importance::Points));
            rows.iter().map(row).chain(other).collect()
        }
    }
}

fn band_facets(rows: &[Row<f64>]) -> Vec<Facet> {
    let row = |row: &Row<f64>| {
        Facet::of_number(format!("points from {}", row.key.value), row.number.value, Importance::Points)
    };
    rows.iter().map(row).collect()
}

/// The names of events, in one order.
fn names(matcher: &Matcher) -> String {
    let mut names: Vec<String> = matcher.names.iter().map(|name| format!("`{}`", name.value)).collect();
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}
