//! The journal of what models hold of leads: what changed with each commit, one entry after the other, as bytes. What changed
//! of late is read from the very bytes that were written.

use kelvin_kernel::{Instant, Micropoints};

use crate::{Holding, LeadScore};

/// What an entry says.
const HELD: u8 = 0;
const NOTHING: u8 = 1;
const FORGOTTEN: u8 = 2;

/// Whether a number that may be absent is there.
const ABSENT: u8 = 0;
const PRESENT: u8 = 1;

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry<'a> {
    /// What a model holds of a lead; `None` where it holds nothing any more.
    Lead { model: &'a str, lead: &'a str, held: Option<Held<'a>> },
    /// A model holds nothing of anybody any more.
    Forgotten { model: &'a str },
}

/// What a model holds of a lead, where it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held<'a> {
    pub(super) state: &'a [u8],
    pub(super) due: Option<Instant>,
    pub(super) score: Option<Given<'a>>,
}

/// What a model last gave a lead. A tier that is empty is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Given<'a> {
    pub(super) score: Micropoints,
    pub(super) tier: &'a str,
    pub(super) grade: Option<&'a str>,
    pub(super) until: Option<Instant>,
    pub(super) at: Instant,
}

impl<'a> Entry<'a> {
    /// Adds it to the journal.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match *self {
            Self::Forgotten { model } => {
                out.push(FORGOTTEN);
                put_text(out, model);
            }
            Self::Lead { model, lead, held } => {
                out.push(if held.is_some() { HELD } else { NOTHING });
                put_text(out, model);
                put_text(out, lead);
                held.iter().for_each(|held| held.write(out));
            }
        }
    }

    /// The next entry of a journal, if there is one; `None` too where it is damaged.
    pub(super) fn read(input: &mut &'a [u8]) -> Option<Self> {
        let kind = byte(input)?;
        let model = text(input)?;
        Some(match kind {
            FORGOTTEN => Self::Forgotten { model },
            NOTHING => Self::Lead { model, lead: text(input)?, held: None },
            HELD => Self::Lead { model, lead: text(input)?, held: Some(Held::read(input)?) },
            _ => return None,
        })
    }
}

impl<'a> Held<'a> {
    /// What a holding says.
    pub(super) fn of(holding: &'a Holding) -> Self {
        let given = |score: &'a LeadScore| Given {
            score: score.score,
            tier: score.tier.as_deref().unwrap_or_default(),
            grade: score.grade.as_deref(),
            until: score.until,
            at: score.at,
        };
        Self { state: &holding.state, due: holding.due, score: holding.score.as_ref().map(given) }
    }

    /// The holding of a lead.
    pub(super) fn holding(&self, lead: &str) -> Holding {
        let score = self.score.map(|given| given.score(lead));
        Holding { state: self.state.into(), due: self.due, score }
    }

    fn write(&self, out: &mut Vec<u8>) {
        put_instant(out, self.due);
        out.push(if self.score.is_some() { PRESENT } else { ABSENT });
        if let Some(given) = &self.score {
            put_number(out, given.score.0);
            put_text(out, given.tier);
            out.push(if given.grade.is_some() { PRESENT } else { ABSENT });
            given.grade.iter().for_each(|grade| put_text(out, grade));
            put_instant(out, given.until);
            put_number(out, given.at.as_millis());
        }
        put_bytes(out, self.state);
    }

    fn read(input: &mut &'a [u8]) -> Option<Self> {
        let due = optional(input, instant)?;
        let score = optional(input, Given::read)?;
        Some(Self { state: bytes(input)?, due, score })
    }
}

impl<'a> Given<'a> {
    /// The score of a lead.
    pub(super) fn score(&self, lead: &str) -> LeadScore {
        LeadScore {
            lead: lead.to_owned(),
            score: self.score,
            tier: Some(self.tier).filter(|tier| !tier.is_empty()).map(str::to_owned),
            grade: self.grade.map(str::to_owned),
            until: self.until,
            at: self.at,
        }
    }

    fn read(input: &mut &'a [u8]) -> Option<Self> {
        Some(Self {
            score: Micropoints(number(input)?),
            tier: text(input)?,
            grade: optional(input, text)?,
            until: optional(input, instant)?,
            at: instant(input)?,
        })
    }
}

/// A journal without the entries of a lead; nothing where it is damaged.
pub(super) fn without(mut entries: &[u8], lead: &str) -> Option<Vec<u8>> {
    let mut rest = Vec::new();
    while !entries.is_empty() {
        let entry = Entry::read(&mut entries)?;
        if !matches!(entry, Entry::Lead { lead: of, .. } if of == lead) {
            entry.write(&mut rest);
        }
    }
    Some(rest)
}

fn put_number(out: &mut Vec<u8>, number: i64) {
    out.extend(number.to_le_bytes());
}

fn put_instant(out: &mut Vec<u8>, instant: Option<Instant>) {
    out.push(if instant.is_some() { PRESENT } else { ABSENT });
    instant.iter().for_each(|instant| put_number(out, instant.as_millis()));
}

/// Nothing that is kept by itself is longer than 32 bits tell.
fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend((bytes.len() as u32).to_le_bytes());
    out.extend(bytes);
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_bytes(out, text.as_bytes());
}

fn byte(input: &mut &[u8]) -> Option<u8> {
    let (byte, rest) = input.split_first()?;
    *input = rest;
    Some(*byte)
}

fn number(input: &mut &[u8]) -> Option<i64> {
    let (number, rest) = input.split_first_chunk()?;
    *input = rest;
    Some(i64::from_le_bytes(*number))
}

fn instant(input: &mut &[u8]) -> Option<Instant> {
    number(input).map(Instant::from_millis)
}

fn bytes<'a>(input: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = input.split_first_chunk()?;
    let (bytes, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    *input = rest;
    Some(bytes)
}

fn text<'a>(input: &mut &'a [u8]) -> Option<&'a str> {
    std::str::from_utf8(bytes(input)?).ok()
}

/// What may be absent; `None` where it is damaged.
fn optional<'a, T>(input: &mut &'a [u8], read: impl FnOnce(&mut &'a [u8]) -> Option<T>) -> Option<Option<T>> {
    match byte(input)? {
        ABSENT => Some(None),
        PRESENT => read(input).map(Some),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_as_they_were_written() {
        let at = Instant::from_millis(-5);
        let given = Given { score: Micropoints(-7), tier: "hot", grade: Some("A"), until: Some(at), at };
        let bare = Given { tier: "", grade: None, until: None, ..given };
        let held = |score| Some(Held { state: b"state", due: Some(at), score });
        let entries = [
            Entry::Lead { model: "m", lead: "ada", held: held(Some(given)) },
            Entry::Lead { model: "m", lead: "bob", held: held(Some(bare)) },
            Entry::Forgotten { model: "n" },
            Entry::Lead { model: "", lead: "ö", held: held(None) },
            Entry::Lead { model: "m", lead: "ada", held: None },
        ];
        let mut bytes = Vec::new();
        entries.iter().for_each(|entry| entry.write(&mut bytes));
        let mut input = &*bytes;
        assert_eq!(entries.map(|_| Entry::read(&mut input)), entries.map(Some));
        assert!(input.is_empty());
        let others = without(&bytes, "ada").expect("a sound journal");
        let mut input = &*others;
        assert_eq!(
            [(); 4].map(|()| Entry::read(&mut input)),
            [Some(entries[1]), Some(entries[2]), Some(entries[3]), None]
        );
        let mut cut = &bytes[..20];
        assert_eq!(Entry::read(&mut cut), None);
    }
}
