//! What the schema accepts and what it refuses.

use super::*;
use crate::{
    grammar::{DOCUMENTS, MODELS, PLAYBOOKS},
    templates::{PLAYBOOK, TEMPLATES},
};

/// The parts of the schema that tests look at, compiled once.
struct Compiled {
    schemas: boon::Schemas,
    compiler: boon::Compiler,
}

impl Compiled {
    fn of(document: &Document) -> Self {
        let mut compiler = boon::Compiler::new();
        compiler.add_resource("kelvin.json", schema(document)).unwrap();
        Self { schemas: boon::Schemas::new(), compiler }
    }

    /// Whether the part of the schema at `place` accepts a value.
    fn accepts(&mut self, place: &str, value: &Value) -> bool {
        let part = self.compiler.compile(&format!("kelvin.json{place}"), &mut self.schemas).unwrap();
        self.schemas.validate(value, part).is_ok()
    }
}

/// Whether the schema accepts a model.
fn accepts(yaml: &str) -> bool {
    thread_local!(static SCHEMA: std::cell::RefCell<Compiled> = std::cell::RefCell::new(Compiled::of(&MODELS)));
    let parsed = syntax::parse(yaml);
    assert!(parsed.problems.is_empty(), "{yaml}: {:?}", parsed.problems);
    let value = to_json(&parsed.root.unwrap());
    SCHEMA.with_borrow_mut(|schema| schema.accepts("", &value))
}

/// A rule that the schema refuses, and the language too.
#[track_caller]
fn refuses(rule: &str) {
    let yaml = with_rule(rule);
    assert!(!accepts(&yaml), "the schema accepts {rule}");
    assert!(crate::load("m.yaml", &yaml).has_errors(), "the language accepts {rule}");
}

fn with_rule(rule: &str) -> String {
    format!("kelvin: 1\nmodel: m\ndimensions: {{web: {{rules: [{rule}]}}}}\n")
}

#[test]
fn every_template_is_accepted() {
    for template in TEMPLATES {
        assert!(accepts(template.text), "{}", template.name);
    }
}

#[test]
fn every_kind_of_rule_is_accepted() {
    for rule in [
        "{id: a, if: has(lead.x), points: 5}",
        "{id: a, if: has(lead.x), disqualify: true}",
        "{id: a, value: lead.n, bands: {-1.5: 0, 1e3: 5}}",
        "{id: a, value: lead.n, table: {1: 0, x: 5, true: 1}, else: -5}",
        "{id: a, event: page, bands: {1: 0}, within: 30d, distinct: event.x, if: event.y}",
        "{id: a, event: [page, 1], points: 'event.n > 1 ? 2 : 3', limit: 3, cap: 5}",
        "{id: a, event: page, points: 1, limit: {times: 1, per: 1d12h}, decay: {steps: {0d: 0.5, 90d: 0}}}",
        "{id: a, event: page, times: 3, within: 7d, points: 1, decay: {lose: 0.25, every: 30d}}",
        "{id: a, event: page, unless: {event: form, if: event.x}, within: 7d, points: -1}",
        "{id: a, sequence: [{event: page}, {event: form}], within: 7d, points: 1}",
        "{id: a, inactive: 90d, event: page, every: 30d, points: -1, cap: 60}",
        "{id: a, event: page, disqualify: true, decay: {expire: 00030d}}",
    ] {
        assert!(accepts(&with_rule(rule)), "{rule}");
        let loaded = crate::load("m.yaml", &with_rule(rule));
        assert!(!loaded.has_errors(), "{}", loaded.render(false));
    }
}

#[test]
fn what_the_language_refuses_by_its_shape_the_schema_refuses() {
    for rule in [
        "{id: a, points: 5}",
        "{if: lead.x == 1, points: 5}",
        "{id: a, if: lead.x == 1}",
        "{id: a, if: lead.x == 1, points: 5, disqualify: true}",
        "{id: a, if: lead.x == 1, points: 5, colour: red}",
        "{id: a, if: lead.x == 1, points: true}",
        "{id: a, if: lead.x == 1, points: 5, decay: {half_life: 14d}}",
        "{id: a, if: lead.x == 1, points: 5, cap: -1}",
        "{id: a, if: lead.x == 1, disqualify: true, cap: 1}",
        "{id: a, if: lead.x == 1, disqualify: yes}",
        "{id: a, value: lead.n}",
        "{id: a, value: lead.n, bands: {1: 2}, table: {a: 1}}",
        "{id: a, value: lead.n, bands: {1: 2}, else: 1}",
        "{id: a, value: lead.n, bands: {one: 2}}",
        "{id: a, value: lead.n, bands: {1: 2}, points: 5}",
        "{id: a, event: page, bands: {1: 2}, limit: 1}",
        "{id: a, event: [], points: 5}",
        "{id: a, event: page, points: 5, within: 3d}",
        "{id: a, event: page, points: 5, limit: {times: 3}}",
        "{id: a, event: page, points: 5, limit: -1}",
        "{id: a, event: page, points: 5, decay: {half_life: 14 days}}",
        "{id: a, event: page, points: 5, decay: {half_life: 0d}}",
        "{id: a, event: page, points: 5, decay: {half_life: 14d, linear: 3d}}",
        "{id: a, event: page, points: 5, decay: {lose: 1.5, every: 3d}}",
        "{id: a, event: page, points: 5, decay: {steps: {7d: 2}}}",
        "{id: a, event: page, disqualify: true, decay: {half_life: 14d}}",
        "{id: a, event: page, times: 0, points: 5}",
        "{id: a, event: page, times: 2.5, points: 5}",
        "{id: a, event: page, people: 3, points: 5}",
        "{id: a, event: page, unless: {event: form}, points: 5}",
        "{id: a, sequence: [{event: page}, {if: event.x}], points: 5}",
        "{id: a, sequence: [{event: a}, {event: b}], event: page, points: 5}",
        "{id: a, inactive: soon, points: 5}",
        "{id: a, inactive: 90d, points: 5, times: 3}",
    ] {
        refuses(rule);
    }
}

#[test]
fn the_rest_of_a_model_is_checked_too() {
    let model = |rest: &str| with_rule("{id: a, if: lead.x == 1, points: 5}") + rest;
    for rest in [
        "kind: other\n",
        "range: [0]\n",
        "lists: {a-b: [x]}\n",
        "lists: {a: x}\n",
        "grades: {A: 5}\n",
        "grades: {of: web, A: high}\n",
        "tiers: [{name: a}]\n",
        "tiers: [{name: a, from: 1, needs: 5}]\n",
        "accounts: {}\n",
        "accounts: {combine: best}\n",
        "accounts: {combine: {top: 0}}\n",
        "accounts: {combine: max, tiers: [{name: a, from: 1, needs: {web: 1}}]}\n",
        "title: [x]\n",
        "colour: red\n",
    ] {
        assert!(!accepts(&model(rest)), "the schema accepts {rest}");
        assert!(crate::load("m.yaml", &model(rest)).has_errors(), "the language accepts {rest}");
    }
    for whole in [
        "kelvin: 2\nmodel: m\ndimensions: {}\n",
        "kelvin: 1\nmodel: M\ndimensions: {}\n",
        "kelvin: 1\nmodel: m\n",
    ] {
        assert!(!accepts(whole), "{whole}");
    }
}

#[test]
fn every_key_has_a_description_and_an_example_that_its_schema_accepts() {
    for document in DOCUMENTS {
        let (schema, mut compiled) = (schema(document), Compiled::of(document));
        for (section, definition) in schema["$defs"].as_object().unwrap() {
            for (key, property) in definition["properties"].as_object().unwrap() {
                assert!(property["description"].is_string(), "{section}.{key}");
                let place = format!("#/$defs/{section}/properties/{key}");
                assert!(compiled.accepts(&place, &property["examples"][0]), "{section}.{key}");
            }
        }
    }
}

#[test]
fn the_schema_of_playbooks_accepts_what_the_language_does() {
    let mut compiled = Compiled::of(&PLAYBOOKS);
    let mut accepts = |yaml: &str| compiled.accepts("", &to_json(&syntax::parse(yaml).root.unwrap()));
    assert!(accepts(PLAYBOOK.text));
    for (good, bad) in [
        ("mon-thu:", "mon-thursday:"),
        ("2027-01-01", "1.1.2027"),
        ("09:00-17:30", "9-17"),
        ("due: 4h", "due: 4 hours"),
        ("digest: weekly", "digest: monthly"),
        ("tier: sql", "teir: sql"),
        ("{log: true}", "{log: true, mail: a@b.example}"),
        ("score_up: 20", "score_up: much"),
    ] {
        let broken = PLAYBOOK.text.replacen(good, bad, 1);
        assert!(broken != PLAYBOOK.text && !accepts(&broken), "the schema accepts {bad}");
        assert!(crate::playbook::load("p.yaml", &broken, &[]).has_errors(), "the language accepts {bad}");
    }
}
