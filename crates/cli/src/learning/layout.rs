//! Which fields are read of leads and events for several models, and where each finds its part.

use kelvin_batch::read::{Places, ReadOptions, Wanted};
use kelvin_kernel::{
    Value,
    history::{Event, History},
    plan::{NameId, Plan, Schema},
    program::Program,
};
use serde_json::json;

use super::known::{Deed, Lead};
use crate::{
    failure::{Failure, Outcome},
    models,
    terminal::{Colour, Terminal},
};

/// What is wanted, and for whom.
pub(super) struct Layout<'p> {
    pub(super) wanted: Wanted,
    pub(super) options: ReadOptions,
    /// Those that are asked of whole histories.
    programs: Vec<&'p Program>,
    places: Vec<Places>,
    /// How many of the first slots of events' properties and contexts these programs read.
    kept: [usize; 2],
}

impl<'p> Layout<'p> {
    /// What some programs want, and another schema whose fields are not kept; with where the latter lie.
    pub(super) fn new(
        programs: Vec<&'p Program>,
        aside: &Schema,
        options: &ReadOptions,
    ) -> Outcome<(Self, Places)> {
        let aside = plan(&[], aside.clone())?;
        let plans: Vec<&Plan> = programs.iter().map(|program| program.plan()).chain([&aside]).collect();
        let all = Wanted::of_all(&plans);
        let (wanted, mut places) = all.ok_or_else(|| Failure::new("the models mention too many events"))?;
        let aside = places.pop().unwrap_or_default();
        let end =
            |slots: fn(&Places) -> &[usize]| places.iter().flat_map(slots).max().map_or(0, |last| last + 1);
        let kept = [end(|places| &places.event), end(|places| &places.context)];
        Ok((Self { wanted, options: options.clone(), programs, places, kept }, aside))
    }

    /// Of the values of an event, those that are kept.
    pub(super) fn kept(&self, mut values: [Vec<Option<Value>>; 2]) -> [Box<[Option<Value>]>; 2] {
        for (values, kept) in values.iter_mut().zip(self.kept) {
            values.truncate(kept);
            if values.iter().all(Option::is_none) {
                values.clear();
            }
        }
        values.map(Vec::into_boxed_slice)
    }

    /// Whether some program looks at events of a name.
    pub(super) fn asks_for(&self, name: NameId) -> bool {
        self.programs.iter().zip(&self.places).any(|(program, places)| {
            let rules = program.lead_rules();
            rules.needs_every_event() || !rules.matchers_of(places.name(name)).is_empty()
        })
    }

    /// A lead's history in the slots of the `place`-th program.
    pub(super) fn history(&self, lead: &Lead, place: usize) -> History {
        let places = &self.places[place];
        let rules = self.programs[place].lead_rules();
        let slot = |wanted: usize| places.lead.iter().position(|slot| *slot == wanted);
        let is_seen = |deed: &&Deed| {
            let is_asked_for = || !rules.matchers_of(places.name(deed.name)).is_empty();
            rules.needs_every_event() || !deed.traits().is_empty() || is_asked_for()
        };
        let event = |deed: &Deed| Event {
            time: deed.time,
            id: deed.id.clone(),
            name: places.name(deed.name),
            properties: pick(deed.properties(), &places.event).into(),
            context: pick(deed.context(), &places.context).into(),
            traits: deed
                .traits()
                .iter()
                .filter_map(|(wanted, value)| Some((slot(*wanted)?, value.clone())))
                .collect(),
        };
        History {
            attributes: pick(&lead.attributes, &places.lead),
            account: pick(&lead.account, &places.account),
            events: lead.deeds.iter().filter(is_seen).map(event).collect(),
        }
    }

    /// An attribute of a lead as its file has it, by its name in the `place`-th program.
    pub(super) fn attribute<'l>(&self, lead: &'l Lead, place: usize, name: &str) -> Option<&'l Value> {
        let slot = self.programs[place].plan().schema.lead.slot(name)?;
        lead.attributes.get(self.places[place].lead[slot])?.as_ref()
    }
}

/// The values in some slots.
pub(super) fn pick(values: &[Option<Value>], slots: &[usize]) -> Vec<Option<Value>> {
    slots.iter().map(|slot| values.get(*slot).cloned().flatten()).collect()
}

/// A plan that reads the fields of a schema and heeds events of some names, and does nothing with them.
pub(super) fn plan(names: &[String], schema: Schema) -> Outcome<Plan> {
    let rule = match names {
        [] => json!({"id": "known", "if": "true", "points": 1}),
        names => json!({"id": "known", "event": names, "points": 1, "limit": 1}),
    };
    // JSON is YAML.
    let text = format!("kelvin: 1\nmodel: known\ndimensions: {}\n", json!({"known": {"rules": [rule]}}));
    let program = models::of_text("fields", &text, &Terminal::of_errors(Colour::Never))?;
    Ok(Plan { schema, ..program.plan().clone() })
}
