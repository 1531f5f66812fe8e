//! What became of leads, told by events: a pure function of one event and of what was known of its lead then.

use kelvin_kernel::{
    Value,
    expr::{Condition, Env, Expr},
};

use super::{
    plan::{Outcome, Playbook},
    read::Reader,
};
use crate::{read::field, syntax::Node, tree::Sees};

/// An outcome that an event tells of.
#[derive(Debug, Clone)]
pub struct Found<'o> {
    /// The definition that found it.
    pub outcome: &'o Outcome,
    /// What it is worth, where that is known.
    pub value: Option<f64>,
    /// In which currency, as a code of three capitals.
    pub currency: Option<String>,
    /// Why it came to this.
    pub reason: Option<String>,
    /// The deal that it is about, as others call it.
    pub deal: Option<String>,
}

/// Whether a text is written as the code of a currency: `EUR`.
pub fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether a text may stand for a kind of outcome: lower case, digits and `-`.
pub fn is_kind(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(is_part)
}

impl Playbook {
    /// The outcomes that events of a name may tell of, in the file's order.
    pub fn outcomes_by<'p>(&'p self, event: &'p str) -> impl Iterator<Item = &'p Outcome> {
        self.outcomes.iter().filter(move |outcome| outcome.names.iter().any(|name| name == event))
    }
}

impl Outcome {
    /// The outcome, if an event of one of its names tells of it. `env` has the event, and its lead as it was then.
    pub fn found(&self, env: &Env<'_>) -> Option<Found<'_>> {
        if !self.condition.as_ref().is_none_or(|condition| condition.holds(env)) {
            return None;
        }
        Some(Found {
            outcome: self,
            value: self.value.as_ref().and_then(|value| number(&value.value(env).ok()?)),
            currency: name(self.currency.as_ref(), env).filter(|code| is_currency(code)),
            reason: name(self.reason.as_ref(), env),
            deal: name(self.deal.as_ref(), env),
        })
    }
}

/// A number, also one that a shop or a file of cells has as text.
fn number(value: &Value) -> Option<f64> {
    let text = || value.as_str()?.trim().parse().ok().filter(|number: &f64| number.is_finite());
    value.number().or_else(text)
}

fn name(expr: Option<&Expr>, env: &Env<'_>) -> Option<String> {
    expr?.value(env).ok()?.as_name().filter(|name| !name.is_empty())
}

impl Reader<'_> {
    pub(super) fn outcome(&mut self, node: &Node) -> Option<Outcome> {
        let id = self.id("outcome", node);
        let names = node.get("event").and_then(field::names);
        let condition: Option<Option<Condition>> = self.condition(node, Sees::Event);
        let [value, currency, reason, deal] =
            ["value", "currency", "reason", "deal"].map(|key| self.expression(node, key));
        Some(Outcome {
            id: id?.value,
            kind: field::name(node.get("kind")?)?.value,
            names: names?.into_iter().map(|name| name.value).collect(),
            condition: condition?,
            value: value?,
            currency: currency?,
            reason: reason?,
            deal: deal?,
        })
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use kelvin_kernel::Value;

    use super::*;
    use crate::{playbook, testing::check_playbook};

    /// What one definition finds in an event with a stage and an amount: value, currency, reason and deal.
    fn found(definition: &str, stage: &str, amount: Value) -> Option<(Option<f64>, [Option<String>; 3])> {
        let text = format!(
            "playbook: 1\ntime_zone: UTC\noutcomes:\n  - {{id: a, kind: won, event: Deal, {definition}}}\n"
        );
        let plan = playbook::load("p.yaml", &text, &[]).plan.expect("a plan");
        let fields = &plan.schema.event.fields;
        let of = |name: &str| match name {
            "stage" => Some(Value::String(stage.into())),
            "amount" => Some(amount.clone()),
            _ => None,
        };
        let event: Vec<Option<Value>> = fields.iter().map(|field| of(&field.name)).collect();
        let outcome = plan.outcomes_by("Deal").next().expect("an outcome");
        let found = outcome.found(&Env { event: &event, ..Env::default() })?;
        Some((found.value, [found.currency, found.reason, found.deal]))
    }

    #[test]
    fn an_event_that_meets_the_condition_tells_of_an_outcome() {
        let closed =
            "if: event.stage == 'Closed Won', value: event.amount, currency: EUR, deal: event.deal_id";
        let expect = (Some(1200.5), [Some("EUR".to_owned()), None, None]);
        assert_eq!(found(closed, "Closed Won", Value::Double(1200.5)), Some(expect));
        assert_eq!(found(closed, "Closed Lost", Value::Double(1200.5)), None);
    }

    #[test]
    fn what_an_expression_does_not_yield_is_not_known() {
        let lost = "value: event.amount * 2.0, currency: event.stage, reason: event.stage, deal: event.other";
        let expect = (None, [None, Some("too dear".to_owned()), None]);
        assert_eq!(found(lost, "too dear", Value::String("much".into())), Some(expect));
        let no_number = found("value: event.amount", "", Value::Double(f64::INFINITY));
        assert_eq!(no_number.expect("an outcome").0, None);
    }

    #[test]
    fn a_number_may_come_as_text() {
        let value =
            |text: &str| found("value: event.amount", "", Value::String(text.into())).expect("an outcome").0;
        assert_eq!(
            ["99", " 12.50 ", "1e400", "inf", ""].map(value),
            [Some(99.0), Some(12.5), None, None, None]
        );
    }

    #[test]
    fn a_number_stands_for_itself() {
        assert_eq!(found("value: 500", "", Value::Null).expect("an outcome").0, Some(500.0));
    }

    #[test]
    fn only_events_of_its_names_are_looked_at() {
        let text =
            "playbook: 1\ntime_zone: UTC\noutcomes: [{id: a, kind: won, event: [Deal Won, Renewed]}]\n";
        let plan = playbook::load("p.yaml", text, &[]).plan.expect("a plan");
        let count = |event| plan.outcomes_by(event).count();
        assert_eq!(["Deal Won", "Renewed", "deal won"].map(count), [1, 1, 0]);
    }

    #[test]
    fn all_that_is_wrong_with_outcomes_is_told() {
        check_playbook(
            "
            outcomes:
              - {id: won, kind: Won, event: Deal Won}
              - {id: won, kind: won, if: event.x == 1}
              - {id: lost, kind: lost, event: Deal Lost, value: evnt.amount, currency: euro, resaon: event.why}
            ",
            &expect![[r#"
                error[bad-name]: `Won` cannot be a kind
                 --> p.yaml:4:21
                  |
                4 |   - {id: won, kind: Won, event: Deal Won}
                  |                     ^^^

                error[missing-key]: missing key `event` in an outcome
                 --> p.yaml:5:6
                  |
                5 |   - {id: won, kind: won, if: event.x == 1}
                  |      ^^
                  |
                  = help: for example `event: Deal Won` (the events: a name or a list of names, exact match)

                error[duplicate-id]: another outcome is named `won`
                 --> p.yaml:5:10
                  |
                4 |   - {id: won, kind: Won, event: Deal Won}
                  |          --- first here
                5 |   - {id: won, kind: won, if: event.x == 1}
                  |          ^^^ again here
                  |
                  = help: give each outcome a name of its own

                error[unknown-variable]: unknown variable `evnt`
                 --> p.yaml:6:53
                  |
                6 |   - {id: lost, kind: lost, event: Deal Lost, value: evnt.amount, currency: euro, resaon: event.why}
                  |                                                     ^^^^
                  |
                  = help: did you mean `event`?

                error[unknown-variable]: unknown variable `euro`
                 --> p.yaml:6:76
                  |
                6 |   - {id: lost, kind: lost, event: Deal Lost, value: evnt.amount, currency: euro, resaon: event.why}
                  |                                                                            ^^^^
                  |
                  = help: text is written in quotes: `"euro"`; a field is written `event.euro`

                error[unknown-key]: unknown key `resaon` in an outcome
                 --> p.yaml:6:82
                  |
                6 |   - {id: lost, kind: lost, event: Deal Lost, value: evnt.amount, currency: euro, resaon: event.why}
                  |                                                                                  ^^^^^^
                  |
                  = help: did you mean `reason`?
            "#]],
        );
    }

    #[test]
    fn a_hand_off_and_an_outcome_may_share_a_name() {
        check_playbook(
            "
            outcomes: [{id: sales, kind: won, event: Deal Won}]
            alerts: [{id: sales, tier: mql, notify: log}]
            targets: {log: {log: true}}
            ",
            &expect![""],
        );
    }
}
