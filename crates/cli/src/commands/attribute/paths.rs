//! Journeys from a table of paths.

use std::path::Path;

use kelvin_batch::read::{LeadChunk, Leads, Reject, Rejects, Wanted};
use kelvin_kernel::{Value, plan::Usage};
use kelvin_learn::attribution::{Channel, Journey};

use super::{Arguments, Counted};
use crate::{
    failure::{Failure, Outcome},
    inputs::input,
    rejects::Teller,
    terminal::tell,
};

/// The columns of a table: the path, and its numbers.
const FIELDS: [&str; 4] = ["path", "conversions", "value", "misses"];

/// Reads all tables.
pub(super) fn read(arguments: &Arguments) -> Outcome<Counted> {
    let mut counted = arguments.counted()?;
    let ((wanted, slots), mut options) = (wanted(), arguments.layout.options()?);
    let nothing = |cause| Failure::new(format!("cannot number the lines: {cause}"));
    options.mapping.add("lead_id=@line").map_err(nothing)?;
    let teller = Teller::new(None, false)?;
    for path in &arguments.paths {
        let leads = Leads::open(vec![input(path)], &wanted, &options)?;
        let rejects = Rejects::new(|reject: &Reject| teller.tell(reject, |line| tell(line)));
        let mut worker = leads.worker();
        while let Some(chunk) = worker.next(&rejects)? {
            take(&mut counted, &chunk, &slots, (path, &arguments.separator))?;
        }
    }
    counted.rejected = teller.finish()?;
    Ok(counted)
}

/// What is read, and the slots of the fields.
fn wanted() -> (Wanted, [usize; 4]) {
    let mut wanted = Wanted::default();
    let slots = FIELDS.map(|name| wanted.schema.lead.intern(name));
    for (slot, name) in slots.into_iter().zip(FIELDS) {
        wanted.schema.lead.note(slot, if name == "path" { Usage::Text } else { Usage::Number });
    }
    (wanted, slots)
}

fn take(
    counted: &mut Counted,
    chunk: &LeadChunk,
    slots: &[usize; 4],
    (file, separator): (&Path, &str),
) -> Outcome<()> {
    let mut channels: Vec<Channel> = Vec::new();
    for row in 0..chunk.len() {
        let wrong = |why: String| {
            let place = format!("`{}`, line {}", file.display(), chunk.lead_ids.text(row));
            Failure::new(format!("{place}: {why}"))
        };
        let path = chunk.attributes[slots[0]].value(row).and_then(|value| value.as_name());
        let Some(path) = path else {
            return Err(wrong("there is no `path`".to_owned())
                .help("--map 'path=COLUMN' tells which column has the channels"));
        };
        channels.clear();
        for name in path.split(separator).map(str::trim).filter(|name| !name.is_empty()) {
            channels.push(counted.names.channel(name)?);
        }
        let number = |place: usize| {
            let value = chunk.attributes[slots[place]].value(row);
            count(value.as_ref()).ok_or_else(|| wrong(format!("`{}` is no number from 0 on", FIELDS[place])))
        };
        let [conversions, value, misses] = [number(1)?, number(2)?, number(3)?];
        // A table without counts has a line for each conversion.
        let conversions = conversions.or(misses.is_none().then_some(1.0)).unwrap_or(0.0);
        let (value, misses) = (value.unwrap_or(0.0), misses.unwrap_or(0.0));
        counted.attribution.add(&Journey { channels: &channels, ages_ms: &[], conversions, value, misses });
    }
    Ok(())
}

/// A number of a table; `Some(None)` where there is none, `None` where there is something else.
fn count(value: Option<&Value>) -> Option<Option<f64>> {
    match value {
        None | Some(Value::Null) => Some(None),
        Some(value) => value.number().filter(|number| *number >= 0.0 && number.is_finite()).map(Some),
    }
}
