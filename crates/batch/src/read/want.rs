//! What one reader looks for: the wanted fields of its kind of input, resolved for look-ups by name.

use kelvin_kernel::{
    Instant, Value,
    instant::InstantError,
    plan::{EventNames, Field, Fields, NameId, Usage},
    value::Timestamp,
};
use rustc_hash::FxHashMap;

use super::{
    cells::Cell,
    findings::{Findings, Notice},
    mapping::{Entry, Kind, Mapping},
    wanted::Wanted,
    zone::TimeZone,
};

/// Columns that are no attributes, and no properties.
pub(super) const NO_ATTRIBUTES: [&str; 1] = ["lead_id"];
pub(super) const NO_PROPERTIES: [&str; 4] = ["lead_id", "time", "event", "id"];

/// What one reader looks for.
#[derive(Debug)]
pub(super) struct Want {
    pub(super) kind: Kind,
    /// The lead's attributes or the event's properties.
    pub(super) own: Root,
    /// The account's attributes or the event's context.
    pub(super) side: Root,
    /// What events write: attributes of leads and of accounts.
    pub(super) lead: Root,
    pub(super) account: Root,
    pub(super) mapping: Vec<Entry>,
    asides: Vec<Entry>,
    names: FxHashMap<Box<str>, NameId>,
    spelled: Vec<Box<str>>,
    /// A bit for the length of each name, modulo 64.
    lengths: u64,
    time_zone: Option<TimeZone>,
}

/// The wanted fields of one root.
#[derive(Debug, Clone, Default)]
pub(super) struct Root {
    /// The fields, by slot.
    pub(super) fields: Vec<Field>,
    /// The distinct names, [`Field::WHOLE`] among them; one that is read as a time and otherwise too is there twice.
    pub(super) names: Vec<Box<str>>,
    /// For each name, whether it is read as a time.
    pub(super) is_time: Vec<bool>,
    /// For each slot the place of its name in `names`.
    pub(super) slots: Vec<usize>,
}

impl Want {
    pub(super) fn new(kind: Kind, wanted: &Wanted, mapping: &Mapping, time_zone: Option<TimeZone>) -> Self {
        let schema = &wanted.schema;
        let (own, side) = match kind {
            Kind::Leads => (&schema.lead, &schema.account),
            Kind::Events => (&schema.event, &schema.context),
        };
        Self {
            kind,
            own: Root::new(own),
            side: Root::new(side),
            lead: Root::new(&schema.lead),
            account: Root::new(&schema.account),
            mapping: mapping.of(kind).cloned().collect(),
            asides: mapping.asides.clone(),
            names: ids(&wanted.names),
            spelled: wanted.names.iter().map(Into::into).collect(),
            lengths: wanted.names.iter().fold(0, |bits, name| bits | 1 << (name.len() % 64)),
            time_zone,
        }
    }

    /// The column that the mapping gives a field.
    pub(super) fn mapped(&self, field: &str) -> Option<&str> {
        let mut entries = self.mapping.iter().chain(&self.asides);
        entries.find(|entry| entry.field == field).map(|entry| entry.column.as_str())
    }

    /// The columns that are no attributes, or no properties.
    pub(super) fn taken(&self) -> &'static [&'static str] {
        match self.kind {
            Kind::Leads => &NO_ATTRIBUTES,
            Kind::Events => &NO_PROPERTIES,
        }
    }

    /// The key of the object whose fields stand in columns such as `context.ip`.
    pub(super) fn side_name(&self) -> &'static str {
        match self.kind {
            Kind::Leads => "account",
            Kind::Events => "context",
        }
    }

    /// A field of an input as models write it: `event.path` for `path`, but `context.ip` for `context.ip`.
    pub(super) fn written(&self, field: &str) -> String {
        let is_side = field.strip_prefix(self.side_name()).is_some_and(|rest| rest.starts_with('.'));
        let root = if self.kind == Kind::Leads { "lead" } else { "event" };
        if is_side { field.to_owned() } else { format!("{root}.{field}") }
    }

    /// Whether a field is looked for in this kind of input.
    pub(super) fn reads(&self, field: &str) -> bool {
        let side = field.strip_prefix(self.side_name()).and_then(|rest| rest.strip_prefix('.'));
        let has = |names: &[Box<str>], field: &str| names.iter().any(|name| &**name == field);
        self.taken().contains(&field)
            || has(&self.own.names, field)
            || side.is_some_and(|field| has(&self.side.names, field))
    }

    /// What an event is, by its name.
    #[inline]
    pub(super) fn name(&self, name: &str) -> NameId {
        self.names.get(name).copied().unwrap_or(NameId::OTHER)
    }

    /// Notices an event whose name differs in capitals only from one that the model mentions.
    #[inline]
    pub(super) fn notice_name(
        &self,
        id: NameId,
        name: &str,
        line: impl FnOnce() -> u64,
        findings: &mut Findings,
    ) {
        // Most other names are of another length than all wanted ones: rows of them cost next to nothing.
        if id == NameId::OTHER && self.lengths >> (name.len() % 64) & 1 == 1 {
            let meant = self.spelled.iter().find(|wanted| wanted.eq_ignore_ascii_case(name));
            let notice = meant.map(|wanted| Notice::OtherCapitals(wanted.clone()));
            if let Some(notice) = notice.filter(|notice| !findings.notes.has(notice)) {
                findings.notes.add(notice, line(), name);
            }
        }
    }

    /// Epoch milliseconds of an event's time, which stands under `key`, or why there are none.
    #[inline]
    pub(super) fn time(&self, key: &str, text: &str) -> Result<i64, String> {
        self.read_time(text).map(Instant::as_millis).map_err(|error| no_time(key, text, error))
    }

    /// The text of a field that is taken for a time, in a form that every function reads; and what to tell of it.
    pub(super) fn time_cell<'t>(&self, field: &str, text: &'t str) -> (Cell<'t>, Option<Notice>) {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return (Cell::Absent, None);
        }
        if Timestamp::parse(trimmed).is_some() {
            return (Cell::Text(trimmed), None);
        }
        match self.read_time(trimmed) {
            Ok(instant) => {
                let notice = is_early(instant.as_millis(), trimmed).then_some(Notice::EarlyTime);
                (Cell::Value(Value::String(instant.to_string().into())), notice)
            }
            Err(InstantError::NoOffset) => (Cell::Text(text), Some(Notice::NoOffset(field.into()))),
            Err(_) => (Cell::Text(text), Some(Notice::NoTime(field.into()))),
        }
    }

    /// Whether a value of a field that is taken for a time is one; what to tell if it is none.
    pub(super) fn check_time(field: &str, value: &Value) -> Option<Notice> {
        value.as_instant().is_none().then(|| Notice::NoTime(field.into()))
    }

    fn read_time(&self, text: &str) -> Result<Instant, InstantError> {
        let read = |text| match &self.time_zone {
            None => Instant::parse(text),
            Some(zone) => zone.parse(text),
        };
        read(text).or_else(|error| whole(text).map_or(Err(error), read))
    }

    /// Epoch milliseconds of a number of them, or why there are none.
    pub(super) fn time_of_millis(millis: i64) -> Result<i64, String> {
        match Instant::from_millis(millis).as_millis() {
            kept if kept == millis => Ok(millis),
            _ => Err(no_time("time", &millis.to_string(), InstantError::NoSuchTime)),
        }
    }

    /// Where times without an offset were noted, if that is told.
    pub(super) fn time_zone(&self) -> Option<&TimeZone> {
        self.time_zone.as_ref()
    }
}

impl Root {
    fn new(fields: &Fields) -> Self {
        let mut root = Self { fields: fields.fields.clone(), ..Self::default() };
        for field in &fields.fields {
            let is_time = field.usage == Usage::Time;
            let same = |at: &usize| root.names[*at] == field.name && root.is_time[*at] == is_time;
            let place = (0..root.names.len()).find(same).unwrap_or_else(|| {
                root.names.push(field.name.clone());
                root.is_time.push(is_time);
                root.names.len() - 1
            });
            root.slots.push(place);
        }
        root
    }

    /// The slots of the `place`-th name.
    pub(super) fn slots_of(&self, place: usize) -> impl Iterator<Item = usize> {
        self.slots.iter().enumerate().filter(move |(_, name)| **name == place).map(|(slot, _)| slot)
    }
}

fn ids(names: &EventNames) -> FxHashMap<Box<str>, NameId> {
    names.iter().map(|name| (name.into(), names.id(name))).collect()
}

/// Whether a time looks like seconds since 1970 that were taken for milliseconds.
#[inline]
pub(super) fn is_early(time: i64, text: &str) -> bool {
    const SECONDS: std::ops::Range<i64> = 100_000_000..10_000_000_000;
    SECONDS.contains(&time) && whole(text).unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit())
}

/// The whole number that a decimal writes: data frames make `1767225600000.0` of milliseconds in a column with gaps.
fn whole(text: &str) -> Option<&str> {
    let all = |text: &str, is: fn(&u8) -> bool| !text.is_empty() && text.as_bytes().iter().all(is);
    let (whole, fraction) = text.split_once('.')?;
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    (all(digits, u8::is_ascii_digit) && all(fraction, |byte| *byte == b'0')).then_some(whole)
}

/// Why a row without a required field cannot be used.
pub(super) fn missing(key: &str) -> String {
    format!("`{key}` is missing")
}

/// An id, unless a part of it could not be read (half of a surrogate pair, or what other programs put in the place of bytes
/// that they could not read): several leads would be one.
#[inline]
pub(super) fn readable<T: AsRef<str>>(key: &str, id: T) -> Result<T, String> {
    if id.as_ref().is_ascii() || !id.as_ref().contains(char::REPLACEMENT_CHARACTER) {
        Ok(id)
    } else {
        Err(format!("`{key}` holds a character that cannot be read: {}", quoted(id.as_ref())))
    }
}

fn no_time(key: &str, text: &str, error: InstantError) -> String {
    let text = quoted(text);
    match error {
        InstantError::NoOffset => {
            format!("`{key}` {text} has no offset from UTC: `--time-zone UTC` reads such times as UTC")
        }
        InstantError::NoSuchTime => format!("`{key}` {text} does not exist"),
        InstantError::Unreadable => format!("`{key}` {text} is no time: {error}"),
    }
}

/// The user's text in backticks, on one line, shortened where it is long.
pub(super) fn quoted(text: &str) -> String {
    const LONG: usize = 60;
    let flat = |character: char| if character.is_control() { ' ' } else { character };
    let mut short: String = text.chars().take(LONG).map(flat).collect();
    if text.chars().nth(LONG).is_some() {
        short.push('…');
    }
    format!("`{short}`")
}
