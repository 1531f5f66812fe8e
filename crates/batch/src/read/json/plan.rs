//! What is picked from each line, and what it stands for.

use kelvin_kernel::{Value, plan::Field};

use super::{
    pick::{Pick, Picked, Picks},
    value::members,
};
use crate::read::{
    cells::Cell,
    mapping::Kind,
    want::{Root, Want},
};

/// What is picked from each line, and what it stands for.
#[derive(Debug)]
pub(crate) struct JsonPlan {
    pub(super) picks: Picks,
    pub(super) lead_id: Place,
    pub(super) time: Place,
    pub(super) event: Place,
    pub(super) id: Place,
    pub(super) calls: CallPicks,
    /// By name of [`Want::own`], for each shape of a row.
    own: [Vec<Place>; SHAPES],
    /// The place of [`Field::WHOLE`] in [`Want::own`].
    own_whole: Option<usize>,
    /// By name of [`Want::side`].
    pub(super) side: Vec<Place>,
    /// By name of [`Want::lead`] and of [`Want::account`], in `traits`.
    pub(super) lead_traits: Vec<Place>,
    pub(super) account_traits: Vec<Place>,
}

/// Where a field's value may lie: the first of these that a row has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place(pub(super) [Option<Pick>; 3]);

/// What only Segment calls have.
#[derive(Debug)]
pub(super) struct CallPicks {
    pub(super) kind: Pick,
    pub(super) own_lead_id: Pick,
    /// `userId`, `anonymousId`
    pub(super) lead_id: Place,
    /// `timestamp`, `originalTimestamp`, `sentAt`
    pub(super) time: Place,
    pub(super) message_id: Place,
    pub(super) group_id: Pick,
}

/// How a row carries its own fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// As keys of the row.
    Row,
    /// As keys of the row; `traits` are writes.
    Identify,
    /// In `properties`, beside which are `name` and `category`: `page` and `screen`.
    Named,
    /// In `properties`: `track`.
    Track,
    /// Not at all: the other calls.
    Bare,
}

const SHAPES: usize = 5;

/// Keys of a row that are no attributes, and no properties.
const NO_ATTRIBUTES: [&str; 2] = ["lead_id", "account"];
const NO_PROPERTIES: [&str; 5] = ["lead_id", "time", "event", "id", "context"];

impl JsonPlan {
    pub(crate) fn new(want: &Want) -> Self {
        let mut picks = Picks::default();
        let mut one = |field: &str| Place::of(&mut picks, want, field, [field]);
        let (lead_id, time, event, id) = (one("lead_id"), one("time"), one("event"), one("id"));
        let side = match want.kind {
            Kind::Leads => "account",
            Kind::Events => "context",
        };
        let own_whole = want.own.names.iter().position(|name| **name == *Field::WHOLE);
        if own_whole.is_some() {
            picks.add_rows();
        }
        Self {
            lead_id,
            time,
            event,
            id,
            calls: CallPicks::new(&mut picks),
            own: own_places(&mut picks, want),
            own_whole,
            side: side_places(&mut picks, side, want),
            lead_traits: inner(&mut picks, "traits", &want.lead),
            account_traits: inner(&mut picks, "traits", &want.account),
            picks,
        }
    }

    /// Where a row of some shape has its own fields, by name of [`Want::own`].
    pub(super) fn own(&self, shape: Shape) -> &[Place] {
        &self.own[shape as usize]
    }

    /// The place of [`Field::WHOLE`] in [`Want::own`].
    pub(super) fn own_whole(&self) -> Option<usize> {
        self.own_whole
    }
}

impl Place {
    fn one(pick: Pick) -> Self {
        Self([Some(pick), None, None])
    }

    /// Where a field lies in a row: under the mapped key or path, and under its own name.
    fn of<'k>(picks: &mut Picks, want: &Want, field: &str, own: impl IntoIterator<Item = &'k str>) -> Self {
        match want.mapped(field) {
            None => Self::one(picks.add(own)),
            Some(column) => {
                let path = column.contains('.').then(|| picks.add(column.split('.')));
                Self([Some(picks.add([column])), path, Some(picks.add(own))])
            }
        }
    }

    /// Without its own name, for a field that is mapped.
    pub(super) fn only_mapped(self) -> Self {
        Self([self.0[0], self.0[1], None])
    }

    /// The text of the value in a row; null only if there is no other.
    #[inline]
    pub(super) fn raw<'t>(&self, text: &'t str, picked: &Picked) -> Option<&'t str> {
        let mut null = None;
        for pick in self.0.iter().flatten() {
            match picked.raw(text, *pick) {
                Some("null") => null = Some("null"),
                Some(raw) => return Some(raw),
                None => {}
            }
        }
        null
    }

    /// The text of an id in a row: an empty one, as some libraries send it, only if there is no other.
    #[inline]
    pub(super) fn raw_id<'t>(&self, text: &'t str, picked: &Picked) -> Option<&'t str> {
        let found = || self.0.iter().flatten().filter_map(|pick| picked.raw(text, *pick));
        found().find(|raw| !matches!(*raw, "null" | "\"\"")).or_else(|| found().next())
    }
}

impl CallPicks {
    fn new(picks: &mut Picks) -> Self {
        let mut any = |keys: [&str; 3]| Place(keys.map(|key| (!key.is_empty()).then(|| picks.add([key]))));
        Self {
            lead_id: any(["userId", "anonymousId", ""]),
            time: any(["timestamp", "originalTimestamp", "sentAt"]),
            message_id: any(["messageId", "", ""]),
            kind: picks.add(["type"]),
            own_lead_id: picks.add(["lead_id"]),
            group_id: picks.add(["groupId"]),
        }
    }
}

/// Where rows of each shape have their own fields.
fn own_places(picks: &mut Picks, want: &Want) -> [Vec<Place>; SHAPES] {
    let mut own: [Vec<Place>; SHAPES] = Default::default();
    let taken: &[&str] = match want.kind {
        Kind::Leads => &NO_ATTRIBUTES,
        Kind::Events => &NO_PROPERTIES,
    };
    for name in &want.own.names {
        let mapped = want.mapped(name).is_some();
        let row = if mapped || !taken.contains(&&**name) {
            Place::of(picks, want, name, [&**name])
        } else {
            Place::default()
        };
        let property = Place::of(picks, want, name, ["properties", name]);
        let named = match &**name {
            "name" | "category" if !mapped => Place([property.0[0], Some(picks.add([&**name])), None]),
            _ => property,
        };
        own[Shape::Row as usize].push(row);
        own[Shape::Identify as usize].push(if &**name == "traits" { Place::default() } else { row });
        own[Shape::Named as usize].push(named);
        own[Shape::Track as usize].push(property);
        own[Shape::Bare as usize].push(if mapped { row.only_mapped() } else { Place::default() });
    }
    own
}

/// Where rows have the fields of the account or the context.
fn side_places(picks: &mut Picks, outer: &str, want: &Want) -> Vec<Place> {
    let place = |name: &str| match name {
        Field::WHOLE => Place::one(picks.add([outer])),
        name => Place::of(picks, want, &format!("{outer}.{name}"), [outer, name]),
    };
    want.side.names.iter().map(|name| &**name).map(place).collect()
}

/// Where the fields of a root lie within an object; the whole is the object.
fn inner(picks: &mut Picks, outer: &str, root: &Root) -> Vec<Place> {
    let pick =
        |name: &str| if *name == *Field::WHOLE { picks.add([outer]) } else { picks.add([outer, name]) };
    root.names.iter().map(|name| &**name).map(pick).map(Place::one).collect()
}

/// All of a row's own fields as one map, from the row's text.
pub(super) fn whole<'t>(raw: &'t str, shape: Shape, want: &Want) -> Cell<'t> {
    let mut entries = members(raw);
    entries.retain(|(_, value)| !matches!(value, Value::Null));
    if matches!(shape, Shape::Row | Shape::Identify) {
        let taken: &[&str] = if want.kind == Kind::Leads { &NO_ATTRIBUTES } else { &NO_PROPERTIES };
        let traits = (shape == Shape::Identify).then_some("traits");
        entries.retain(|(key, _)| !taken.contains(&key.as_str()) && traits != Some(key));
        return Cell::Value(Value::map(entries));
    }
    let named = shape == Shape::Named;
    let mut fields = Vec::new();
    for (key, value) in entries {
        match (key.as_str(), value) {
            ("name" | "category", value) if named => fields.insert(0, (key.into(), value)),
            ("properties", Value::Map(map)) if shape != Shape::Bare => fields.extend(
                map.entries()
                    .iter()
                    .filter_map(|(key, value)| Some((key.value().as_str()?.into(), value.clone()))),
            ),
            _ => {}
        }
    }
    Cell::Value(Value::map::<std::sync::Arc<str>>(fields))
}
