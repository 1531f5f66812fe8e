//! Playbooks and models for unit tests.

use kelvin_kernel::{Duration, Instant, plan::Plan};
use kelvin_model::playbook::plan::Playbook;

/// A model with three tiers.
const MODEL: &str = "\
kelvin: 1
model: small
dimensions:
  web:
    rules:
      - {id: demo, event: Demo Requested, points: 30}
tiers:
  - {name: warm, from: 30}
  - {name: hot, from: 60}
  - {name: burning, from: 90}
";

/// The tiers of the model of unit tests.
pub(super) fn model() -> Plan {
    kelvin_model::load("model.yaml", MODEL).plan.expect("a model")
}

/// A playbook whose `hours` are those of Berlin, with owners Ada (who takes Germany, at most two a week), Bob and Eve.
pub(super) fn playbook(rules: &str) -> Playbook {
    let text = format!(
        "\
playbook: 1
time_zone: Europe/Berlin
hours: {{mon-fri: '09:00-17:00'}}
owners:
  ada: {{name: Ada Lovelace, email: ada@acme.example, capacity: 2, if: lead.country == 'DE'}}
  bob: {{email: bob@acme.example, weight: 2}}
  eve: {{email: eve@acme.example}}
targets:
  log: {{log: true}}
{rules}"
    );
    let model = kelvin_model::load("model.yaml", MODEL).model;
    let loaded = kelvin_model::playbook::load("playbook.yaml", &text, &[&model]);
    loaded.plan.clone().unwrap_or_else(|| panic!("{}", loaded.render(false)))
}

/// So many days after the beginning of a story, a Monday.
pub(super) fn day(days: u32) -> Instant {
    at("2026-03-02T00:00:00Z").after(Duration::from_days(days))
}

pub(super) fn at(text: &str) -> Instant {
    Instant::parse(text).expect("an instant")
}
