//! What an event row carries beyond a number: attributes that it writes, values for conditions that look at the
//! lead, and what is seen of it where the table of looks is full.

use kelvin_kernel::{Value, plan::NameId};

use crate::{
    lens::{Look, put_look, take_look},
    models::Models,
    read::{EventChunk, RowWrite},
    store::codec::{Damaged, Taker, put_number, put_value},
};

const WRITES: u8 = 1;
const VALUES: u8 = 2;
const LOOK: u8 = 4;

/// A payload, decoded.
#[derive(Debug, Default)]
pub(crate) struct Payload {
    /// Attributes that the event writes, by wanted slot.
    pub(crate) writes: Vec<(usize, Option<Value>)>,
    /// What conditions that look at the lead must be tried on.
    pub(crate) values: Option<Values>,
    /// What is seen of the event, if it was not numbered.
    pub(crate) look: Option<Look>,
}

/// An event by wanted slots.
#[derive(Debug)]
pub(crate) struct Values {
    pub(crate) name: NameId,
    pub(crate) properties: Vec<Option<Value>>,
    pub(crate) context: Vec<Option<Value>>,
}

/// Appends the payload of a row.
pub(crate) fn put_payload(
    out: &mut Vec<u8>,
    writes: &[RowWrite],
    values: Option<(&EventChunk, usize)>,
    look: Option<&Look>,
) {
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    out.push(flag(!writes.is_empty(), WRITES) | flag(values.is_some(), VALUES) | flag(look.is_some(), LOOK));
    if !writes.is_empty() {
        put_number(out, writes.len() as u64);
        for write in writes {
            put_number(out, write.slot as u64);
            put_value(out, write.value.as_ref());
        }
    }
    if let Some((chunk, row)) = values {
        put_number(out, u64::from(chunk.names[row].0));
        for column in chunk.properties.iter().chain(&chunk.context) {
            put_value(out, column.value(row).as_ref());
        }
    }
    if let Some(look) = look {
        put_look(out, look);
    }
}

impl Payload {
    /// Reads a payload that is not empty.
    pub(crate) fn read(bytes: &[u8], models: &Models<'_>) -> Result<Self, Damaged> {
        let mut taker = Taker(bytes);
        let mut payload = Self::default();
        let flags = taker.byte()?;
        if flags & WRITES != 0 {
            for _ in 0..taker.size()? {
                payload.writes.push((taker.size()?, taker.value()?));
            }
        }
        if flags & VALUES != 0 {
            let name = NameId(u16::try_from(taker.number()?).map_err(|_| Damaged)?);
            let [_, _, event, context] = models.widths();
            let mut values = |count| (0..count).map(|_| taker.value()).collect::<Result<_, _>>();
            payload.values = Some(Values { name, properties: values(event)?, context: values(context)? });
        }
        if flags & LOOK != 0 {
            payload.look = Some(take_look(&mut taker, models.sets().len())?);
        }
        Ok(payload)
    }
}
