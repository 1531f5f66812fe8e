//! What conditions and texts of a playbook look at: attributes of the lead and of its account, and an event.

use kelvin_kernel::{
    Instant, Value,
    expr::Env,
    plan::{Field, Fields, Schema},
};
use kelvin_model::playbook::template::Root;
use kelvin_store::{Event, Owner, View};
use serde_json::{Map, Value as Json};

use crate::{
    Error,
    segment::{ALL_TRAITS, Call, value},
};

/// What is known of a lead at an instant, and of an event.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    lead: Map<String, Json>,
    account: Map<String, Json>,
    event: Map<String, Json>,
    context: Map<String, Json>,
}

/// The same in the slots of a playbook.
pub(crate) struct Slots {
    lead: Vec<Option<Value>>,
    account: Vec<Option<Value>>,
    event: Vec<Option<Value>>,
    context: Vec<Option<Value>>,
    now: Option<Instant>,
}

impl Facts {
    /// What is known of a lead and its account at an instant.
    pub(crate) fn read(
        view: &dyn View,
        lead: &str,
        account: Option<&str>,
        at: Instant,
    ) -> Result<Self, Error> {
        let account = account.map(|account| attributes(view, Owner::Account(account), at)).transpose()?;
        let lead = attributes(view, Owner::Lead(lead), at)?;
        Ok(Self { lead, account: account.unwrap_or_default(), ..Self::default() })
    }

    /// What was known of the lead of an event, and of its account, at its time: as far as a schema looks at them.
    pub(crate) fn as_of(view: &dyn View, schema: &Schema, event: &Event) -> Result<Self, Error> {
        if schema.lead.fields.is_empty() && schema.account.fields.is_empty() {
            return Ok(Self::default());
        }
        let mut facts = Self::read(view, &event.lead, None, event.time)?;
        if let Some(Json::String(account)) = facts.lead.get("account_id")
            && !schema.account.fields.is_empty()
        {
            facts.account = attributes(view, Owner::Account(account), event.time)?;
        }
        Ok(facts)
    }

    /// The same with an event.
    pub(crate) fn with_event(self, call: &Call) -> Self {
        let context = call.object("context").unwrap_or_default();
        Self { event: call.all_properties(), context, ..self }
    }

    /// In the slots of a playbook; conditions on events have no `now`.
    pub(crate) fn slots(&self, schema: &Schema, now: Option<Instant>) -> Slots {
        Slots {
            lead: slots(&schema.lead, &self.lead),
            account: slots(&schema.account, &self.account),
            event: slots(&schema.event, &self.event),
            context: slots(&schema.context, &self.context),
            now: now.map(Instant::hour),
        }
    }

    /// A field, by the names on the way to it.
    pub(super) fn field(&self, root: Root, path: &[String]) -> Option<&Json> {
        let map = match root {
            Root::Lead => &self.lead,
            Root::Account => &self.account,
            Root::Event => &self.event,
        };
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(map.get(first)?, |value, key| value.get(key))
    }

    /// What a person may call the lead: a name, an e-mail address.
    pub(super) fn name(&self) -> Option<&str> {
        let text = |key: &str| self.lead.get(key)?.as_str().filter(|text| !text.trim().is_empty());
        text("name").or_else(|| text("email"))
    }

    /// The owner that the account says it has.
    pub(super) fn account_owner(&self) -> Option<&str> {
        self.account.get("owner")?.as_str()
    }
}

impl Slots {
    /// What a condition may look at.
    pub(crate) fn env(&self) -> Env<'_> {
        let Self { lead, account, event, context, now } = self;
        Env { lead, account, event, context, now: *now }
    }
}

fn attributes(view: &dyn View, owner: Owner<'_>, at: Instant) -> Result<Map<String, Json>, Error> {
    let known = view.attributes(owner, at)?.into_iter().filter(|(key, _)| key != ALL_TRAITS);
    Ok(known.filter_map(|(key, value)| Some((key, serde_json::from_str(&value).ok()?))).collect())
}

fn slots(fields: &Fields, known: &Map<String, Json>) -> Vec<Option<Value>> {
    let of = |field: &Field| match &*field.name {
        Field::WHOLE => value(&Json::Object(known.clone()), field.usage),
        name => value(known.get(name)?, field.usage),
    };
    fields.fields.iter().map(of).collect()
}

#[cfg(test)]
impl Facts {
    /// What is known of an event alone.
    pub(super) fn of_event(event: Json) -> Self {
        Self { event: event.as_object().cloned().unwrap_or_default(), ..Self::default() }
    }

    /// What is known of a lead and its account alone.
    pub(super) fn of_lead(lead: &Json, account: &Json) -> Self {
        let map = |json: &Json| json.as_object().cloned().unwrap_or_default();
        Self { lead: map(lead), account: map(account), ..Self::default() }
    }
}
