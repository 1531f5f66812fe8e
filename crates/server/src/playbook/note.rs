//! What is remembered of a lead for a hand-off or an alert, as text in the store.

use kelvin_store::{PlaybookChange, PlaybookView};
use serde::{Serialize, de::DeserializeOwned};

use crate::Error;

/// What a note is for: a hand-off or an alert that speaks of one model, whichever stands in for it. A rule that speaks of
/// another model begins anew.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) lead: &'a str,
    pub(super) model: &'a str,
    pub(super) rule: &'a str,
}

impl Subject<'_> {
    /// The name under which its note is kept.
    pub(super) fn key(&self) -> String {
        format!("{}/{}", self.model, self.rule)
    }
}

/// The note on a lead; `None` where there is none, or one that an earlier version wrote otherwise.
pub(super) fn read<N: DeserializeOwned>(
    view: &dyn PlaybookView,
    subject: Subject<'_>,
) -> Result<Option<N>, Error> {
    Ok(view.note(subject.lead, &subject.key())?.and_then(|text| serde_json::from_str(&text).ok()))
}

/// The notes on a lead for a rule, whichever models it spoke of, each with its model.
pub(super) fn of_rule<N: DeserializeOwned>(
    view: &dyn PlaybookView,
    lead: &str,
    rule: &str,
) -> Result<Vec<(String, N)>, Error> {
    let read = |(key, text): (String, String)| {
        let (model, of) = key.split_once('/')?;
        let note = serde_json::from_str(&text).ok().filter(|_| of == rule)?;
        Some((model.to_owned(), note))
    };
    Ok(view.notes_of(lead)?.into_iter().filter_map(read).collect())
}

/// Puts a note on a lead, unless it is the one that is there.
pub(super) fn write<N: Serialize + PartialEq>(
    change: &mut dyn PlaybookChange,
    subject: Subject<'_>,
    note: &N,
    before: Option<&N>,
) -> Result<(), Error> {
    if before == Some(note) {
        return Ok(());
    }
    Ok(change.put_note(subject.lead, &subject.key(), &text(note)?)?)
}

/// A note as it is kept.
pub(super) fn text(note: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(note).map_err(std::io::Error::from).map_err(Error::Serve)
}

/// Instants in notes, as milliseconds since the epoch.
pub(super) mod millis {
    use kelvin_kernel::Instant;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(
        instant: &Option<Instant>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        instant.map(Instant::as_millis).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Instant>, D::Error> {
        Ok(Option::<i64>::deserialize(deserializer)?.map(Instant::from_millis))
    }
}
