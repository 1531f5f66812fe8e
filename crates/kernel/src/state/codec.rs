//! State as bytes: compact, versioned, and bound to what a plan can see.
//!
//! ```text
//! version u8 · fingerprint u64 · fields (attributes) · fields (account) · count · events · count · other ids
//! event   = time (difference from the one before) · id · name · fields (properties) · fields (context) · traits
//! id      = 0 · position  |  1 · text
//! fields  = count · (slot · value)*          traits = count · (slot · 0 | slot · 1 · value)*
//! ```
//! Whole numbers are LEB128, signed ones zigzag. The ledger is not kept: it follows from the history.

use std::{collections::BTreeSet, fmt};

use super::State;
use crate::{
    history::{Event, EventId},
    instant::Instant,
    plan::{Fields, NameId},
    program::Program,
    value::Value,
};

/// The version that is written. All earlier ones can be read.
pub const STATE_VERSION: u8 = 1;

/// Why bytes are no state of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateError {
    /// They were written by a later version of Kelvin.
    Version(u8),
    /// They belong to a plan that sees other events or fields: fold the history again.
    OtherPlan,
    /// They are damaged.
    Damaged,
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(version) => {
                write!(f, "the state has version {version}, later than {STATE_VERSION}")
            }
            Self::OtherPlan => f.write_str("the state belongs to a model that sees other events or fields"),
            Self::Damaged => f.write_str("the state is damaged"),
        }
    }
}

impl std::error::Error for StateError {}

type Read<T> = Result<T, StateError>;

impl State {
    /// The state as bytes.
    pub fn encode(&self, program: &Program) -> Vec<u8> {
        let mut out = vec![STATE_VERSION];
        out.extend(program.fingerprint().to_le_bytes());
        write_fields(&mut out, &self.history.attributes);
        write_fields(&mut out, &self.history.account);
        let mut events: Vec<&Event> = self.history.events.iter().collect();
        events.sort_by(|a, b| a.key().cmp(&b.key()));
        write_count(&mut out, events.len());
        let mut before = 0;
        for event in &events {
            write_event(&mut out, event, before);
            before = event.time.as_millis();
        }
        let others = self.ids.len() - events.len();
        write_count(&mut out, others);
        if others > 0 {
            let kept: BTreeSet<&EventId> = events.iter().map(|event| &event.id).collect();
            self.ids.iter().filter(|id| !kept.contains(id)).for_each(|id| write_id(&mut out, id));
        }
        out
    }

    /// The state that bytes hold.
    ///
    /// # Errors
    /// Bytes of a later version, of a plan that sees something else, or damaged ones.
    pub fn decode(program: &Program, bytes: &[u8]) -> Result<Self, StateError> {
        let (version, rest) = bytes.split_first().ok_or(StateError::Damaged)?;
        if *version != STATE_VERSION {
            return Err(StateError::Version(*version));
        }
        let (seal, mut rest) = rest.split_first_chunk::<8>().ok_or(StateError::Damaged)?;
        if u64::from_le_bytes(*seal) != program.fingerprint() {
            return Err(StateError::OtherPlan);
        }
        let schema = &program.plan().schema;
        let input = &mut rest;
        let attributes = read_fields(input, &schema.lead)?;
        let mut state = Self::new(attributes, read_fields(input, &schema.account)?);
        let mut before = 0;
        for _ in 0..read_number(input)? {
            let event = read_event(input, program, before)?;
            before = event.time.as_millis();
            state.apply(program, event);
        }
        for _ in 0..read_number(input)? {
            state.ids.insert(read_id(input)?);
        }
        if input.is_empty() { Ok(state) } else { Err(StateError::Damaged) }
    }
}

/// What tells apart plans that see different things: their event names, fields, and whether silence and other events matter.
pub(crate) fn fingerprint(program: &Program) -> u64 {
    let plan = program.plan();
    let schema = [&plan.schema.lead, &plan.schema.account, &plan.schema.event, &plan.schema.context];
    let fields = schema
        .into_iter()
        .flat_map(|fields| std::iter::once("\u{1}").chain(fields.fields.iter().map(|field| &*field.name)));
    let silence = program.lead_rules().needs_every_event()
        || program.account_rules().is_some_and(|rules| rules.needs_every_event());
    let others = program.lead_rules().heeds_other_names();
    let flags = [silence.then_some("\u{2}"), others.then_some("\u{3}")];
    let texts = plan.names.iter().chain(fields).chain(flags.into_iter().flatten());
    // FNV-1a: short, stable, and no secret hangs on it.
    let bytes = texts.flat_map(|text| text.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

pub(super) fn write_event(out: &mut Vec<u8>, event: &Event, before: i64) {
    let difference = event.time.as_millis() - before;
    write_number(out, ((difference << 1) ^ (difference >> 63)) as u64);
    write_id(out, &event.id);
    write_number(out, u64::from(event.name.0));
    write_fields(out, &event.properties);
    write_fields(out, &event.context);
    write_count(out, event.traits.len());
    for (slot, value) in &event.traits {
        write_count(out, *slot);
        out.push(u8::from(value.is_some()));
        value.iter().for_each(|value| value.encode(out));
    }
}

pub(super) fn read_event(input: &mut &[u8], program: &Program, before: i64) -> Read<Event> {
    let schema = &program.plan().schema;
    let zigzag = read_number(input)?;
    let difference = (zigzag >> 1) as i64 ^ -((zigzag & 1) as i64);
    let time = Instant::from_millis(before.saturating_add(difference));
    let id = read_id(input)?;
    let name = NameId(u16::try_from(read_number(input)?).map_err(|_| StateError::Damaged)?);
    let properties = read_fields(input, &schema.event)?.into();
    let context = read_fields(input, &schema.context)?.into();
    let mut traits = Vec::new();
    for _ in 0..read_number(input)? {
        let slot = read_slot(input, &schema.lead)?;
        let value = match read_byte(input)? {
            0 => None,
            _ => Some(read_value(input)?),
        };
        traits.push((slot, value));
    }
    Ok(Event { time, id, name, properties, context, traits: traits.into() })
}

fn write_id(out: &mut Vec<u8>, id: &EventId) {
    match id {
        EventId::Position(position) => {
            out.push(0);
            write_number(out, *position);
        }
        EventId::Text(text) => {
            out.push(1);
            write_count(out, text.len());
            out.extend(text.as_bytes());
        }
    }
}

fn read_id(input: &mut &[u8]) -> Read<EventId> {
    if read_byte(input)? == 0 {
        return Ok(EventId::Position(read_number(input)?));
    }
    let length = usize::try_from(read_number(input)?).map_err(|_| StateError::Damaged)?;
    let (text, rest) = input.split_at_checked(length).ok_or(StateError::Damaged)?;
    *input = rest;
    let text = std::str::from_utf8(text).map_err(|_| StateError::Damaged)?;
    Ok(EventId::Text(text.into()))
}

fn write_fields(out: &mut Vec<u8>, values: &[Option<Value>]) {
    write_count(out, values.iter().flatten().count());
    for (slot, value) in values.iter().enumerate() {
        if let Some(value) = value {
            write_count(out, slot);
            value.encode(out);
        }
    }
}

/// The values by slot; nothing at all where no field is present.
fn read_fields(input: &mut &[u8], fields: &Fields) -> Read<Vec<Option<Value>>> {
    let present = read_number(input)?;
    let mut values = vec![None; if present == 0 { 0 } else { fields.fields.len() }];
    for _ in 0..present {
        let slot = read_slot(input, fields)?;
        values[slot] = Some(read_value(input)?);
    }
    Ok(values)
}

fn read_slot(input: &mut &[u8], fields: &Fields) -> Read<usize> {
    let slot = usize::try_from(read_number(input)?).map_err(|_| StateError::Damaged)?;
    if slot < fields.fields.len() { Ok(slot) } else { Err(StateError::Damaged) }
}

fn read_value(input: &mut &[u8]) -> Read<Value> {
    Value::decode(input).map_err(|_| StateError::Damaged)
}

fn write_count(out: &mut Vec<u8>, count: usize) {
    write_number(out, count as u64);
}

fn write_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn read_number(input: &mut &[u8]) -> Read<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = read_byte(input)?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(StateError::Damaged)
}

fn read_byte(input: &mut &[u8]) -> Read<u8> {
    let (byte, rest) = input.split_first().ok_or(StateError::Damaged)?;
    *input = rest;
    Ok(*byte)
}
