//! JSON Lines: one object a line, of which only the wanted keys are decoded.

mod pick;
mod plan;
mod segment;
mod value;
mod walk;

use std::borrow::Cow;

use kelvin_kernel::{Value, plan::NameId};

pub(super) use self::plan::JsonPlan;
use self::{
    pick::Picked,
    plan::{Place, Shape, whole},
    segment::Call,
    value::{cell, text},
    walk::Walker,
};
use super::{
    cells::Cell,
    chunk::{AccountWrite, RowWrite},
    findings::{Findings, Notice},
    mapping::{Entry, Kind},
    rows::{Rows, RowsBuilder},
    want::{Root, Want, is_early, missing, quoted, readable},
};

/// Decodes the lines of many chunks, one after the other.
#[derive(Debug)]
pub(super) struct JsonDecoder<'p> {
    plan: &'p JsonPlan,
    want: &'p Want,
    picked: Picked,
    rows: RowsBuilder,
}

/// One line: its chunk's text, where in it the object lies, and the line's number in the file.
#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    text: &'t str,
    object: &'t str,
    number: u64,
}

impl<'p> JsonDecoder<'p> {
    pub(super) fn new(plan: &'p JsonPlan, want: &'p Want) -> Self {
        let rows = RowsBuilder::new(want.own.names.len(), want.side.names.len());
        Self { plan, want, picked: plan.picks.picked(), rows }
    }

    /// Decodes the lines of `text`, the first of which has the number `line`.
    pub(super) fn decode(&mut self, text: &str, mut line: u64, first: u64, findings: &mut Findings) -> Rows {
        self.picked.begin_text();
        let mut walker = Walker::new(text.as_bytes(), 0);
        loop {
            walker.space();
            match walker.peek() {
                None => break,
                Some(b'\n') => {
                    walker.at += 1;
                    line += 1;
                }
                Some(_) => {
                    if let Err(reason) = self.row(text, line, &mut walker, findings) {
                        findings.reject(line, reason);
                        let rest = &text.as_bytes()[walker.at..];
                        walker.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                    }
                }
            }
        }
        self.rows.finish(first, &self.want.own.slots, &self.want.side.slots)
    }

    /// Decodes the object that comes next, and goes on to the end of its line.
    fn row(
        &mut self,
        text: &str,
        number: u64,
        walker: &mut Walker<'_>,
        findings: &mut Findings,
    ) -> Result<(), String> {
        let start = walker.at;
        if walker.peek() != Some(b'{') {
            return Err(no_object(&text[start..]));
        }
        let picked = self.plan.picks.pick(walker, text.as_bytes(), &mut self.picked);
        let end = walker.at;
        let walked = picked.and_then(|()| {
            walker.space();
            if matches!(walker.peek(), None | Some(b'\n')) {
                Ok(())
            } else {
                walker.fault("more text after the object")
            }
        });
        if let Err(fault) = walked {
            let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
            let column = text.get(line_start..fault.at).map_or(0, |before| before.chars().count()) + 1;
            return Err(format!("invalid JSON at column {column}: {fault}"));
        }
        let line = Line { text, object: &text[start..end], number };
        match (self.want.kind, self.call(line)) {
            (Kind::Leads, _) => self.lead(line, findings),
            (Kind::Events, None) => self.event(line, findings).map_err(|reason| self.no_call(line, reason)),
            (Kind::Events, Some(call)) => self.segment(line, call, findings),
        }
    }

    fn lead(&mut self, line: Line<'_>, findings: &mut Findings) -> Result<(), String> {
        let lead_id = self.lead_id(line)?;
        self.rows.begin_lead(&lead_id);
        self.fields(line, Shape::Row, findings);
        Ok(())
    }

    fn event(&mut self, line: Line<'_>, findings: &mut Findings) -> Result<(), String> {
        let lead_id = self.lead_id(line)?;
        let time = self.time(line, "time", self.raw(line, self.plan.time), findings)?;
        let name = self.name(&required("event", self.raw(line, self.plan.event))?, line, findings);
        let id = event_id("id", self.raw(line, self.plan.id))?;
        let shape = if name == NameId::IDENTIFY { Shape::Identify } else { Shape::Row };
        if shape == Shape::Identify {
            self.write_traits(line, findings);
        }
        self.rows.begin_event(&lead_id, time, name, id.as_deref());
        self.fields(line, shape, findings);
        Ok(())
    }

    fn segment(&mut self, line: Line<'_>, call: Call, findings: &mut Findings) -> Result<(), String> {
        let calls = &self.plan.calls;
        let mapped =
            |field, place: Place| self.want.mapped(field).and_then(|_| self.raw(line, place.only_mapped()));
        let lead_id =
            mapped("lead_id", self.plan.lead_id).or_else(|| calls.lead_id.raw_id(line.text, &self.picked));
        let lead_id = readable("userId", required("userId", lead_id)?)?;
        let time = mapped("time", self.plan.time).or_else(|| self.raw(line, calls.time));
        let time = self.time(line, "timestamp", time, findings)?;
        let name = match call.name() {
            Some(name) => Cow::Borrowed(name),
            None => required("event", self.raw(line, self.plan.event))?,
        };
        let id = mapped("id", self.plan.id).or_else(|| self.raw(line, calls.message_id));
        let id = event_id("messageId", id)?;
        match call {
            Call::Identify => self.write_traits(line, findings),
            Call::Group => self.write_account(line, findings),
            _ => {}
        }
        let name = self.name(&name, line, findings);
        self.rows.begin_event(&lead_id, time, name, id.as_deref());
        let shape = match call {
            Call::Track => Shape::Track,
            Call::Page | Call::Screen => Shape::Named,
            Call::Identify | Call::Group | Call::Alias => Shape::Bare,
        };
        self.fields(line, shape, findings);
        Ok(())
    }

    /// Why a line without a lead is rejected: one that looks like a Segment call is told in Segment's words.
    #[cold]
    fn no_call(&self, line: Line<'_>, reason: String) -> String {
        let calls = &self.plan.calls;
        let kind = self.picked.raw(line.text, calls.kind).and_then(text);
        match kind {
            Some(kind) if reason == missing("lead_id") => match Call::of(&kind) {
                Some(_) => "`userId` and `anonymousId` are missing".to_owned(),
                None if self.raw(line, calls.lead_id).is_some() => {
                    format!("`type` {} is none of Segment's calls, and `lead_id` is missing", quoted(&kind))
                }
                None => reason,
            },
            _ => reason,
        }
    }

    /// Which of Segment's calls a line is, if it is one: it says so, and has Segment's ids in place of ours.
    #[inline]
    fn call(&self, line: Line<'_>) -> Option<Call> {
        let calls = &self.plan.calls;
        let kind = Call::of(&text(self.picked.raw(line.text, calls.kind)?)?)?;
        let ours = self.picked.raw(line.text, calls.own_lead_id).is_some();
        (!ours && self.raw(line, calls.lead_id).is_some()).then_some(kind)
    }

    #[inline]
    fn raw<'t>(&self, line: Line<'t>, place: Place) -> Option<&'t str> {
        place.raw(line.text, &self.picked)
    }

    fn lead_id<'t>(&self, line: Line<'t>) -> Result<Cow<'t, str>, String> {
        match self.want.mapped("lead_id") {
            Some(Entry::LINE) => Ok(line.number.to_string().into()),
            _ => readable("lead_id", required("lead_id", self.raw(line, self.plan.lead_id))?),
        }
    }

    fn name(&self, name: &str, line: Line<'_>, findings: &mut Findings) -> NameId {
        let id = self.want.name(name);
        self.want.notice_name(id, name, || line.number, findings);
        id
    }

    fn time(
        &self,
        line: Line<'_>,
        key: &str,
        raw: Option<&str>,
        findings: &mut Findings,
    ) -> Result<i64, String> {
        let raw = raw.filter(|raw| !is_missing(raw)).ok_or_else(|| missing(key))?;
        let text = text(raw).unwrap_or(Cow::Borrowed(raw));
        let time = self.want.time(key, &text)?;
        if is_early(time, &text) {
            findings.notes.add(Notice::EarlyTime, line.number, &text);
        }
        Ok(time)
    }

    /// Adds the fields of the row just begun.
    fn fields(&mut self, line: Line<'_>, shape: Shape, findings: &mut Findings) {
        let (text, picked, want) = (line.text, &self.picked, self.want);
        let whole_at = self.plan.own_whole();
        for (nth, (column, place)) in self.rows.own.iter_mut().zip(self.plan.own(shape)).enumerate() {
            if whole_at == Some(nth) {
                column.push(line.object, |object| whole(object, shape, want));
            } else if want.own.is_time[nth] {
                column.push_option(place.raw(text, picked), |raw| {
                    time_cell(raw, &want.own.names[nth], want, line, findings)
                });
            } else {
                column.push_option(place.raw(text, picked), cell);
            }
        }
        for (nth, (column, place)) in self.rows.side.iter_mut().zip(&self.plan.side).enumerate() {
            if want.side.is_time[nth] {
                column.push_option(place.raw(text, picked), |raw| {
                    time_cell(raw, &want.side.names[nth], want, line, findings)
                });
            } else {
                column.push_option(place.raw(text, picked), cell);
            }
        }
    }

    /// Notes the attributes that `traits` write. A null takes an attribute away.
    fn write_traits(&mut self, line: Line<'_>, findings: &mut Findings) {
        for (nth, place) in self.plan.lead_traits.iter().enumerate() {
            if let Some(raw) = self.raw(line, *place) {
                self.write(nth, self.trait_value(raw, &self.want.lead, nth, line, findings));
            }
        }
    }

    /// The value that a trait writes.
    fn trait_value(
        &self,
        raw: &str,
        root: &Root,
        nth: usize,
        line: Line<'_>,
        findings: &mut Findings,
    ) -> Option<Value> {
        if root.is_time[nth] {
            time_cell(raw, &root.names[nth], self.want, line, findings).value()
        } else {
            cell(raw).value()
        }
    }

    /// Notes the account that a `group` call puts the lead in, and what `traits` say of it.
    fn write_account(&mut self, line: Line<'_>, findings: &mut Findings) {
        let group = self.picked.raw(line.text, self.plan.calls.group_id);
        let Ok(Some(account)) = optional("groupId", group) else {
            return;
        };
        if let Some(nth) = self.want.lead.names.iter().position(|name| &**name == "account_id") {
            self.write(nth, Some(Value::from(&*account)));
        }
        let row = self.rows.rows();
        for (nth, place) in self.plan.account_traits.iter().enumerate() {
            let Some(raw) = self.raw(line, *place) else { continue };
            let value = self.trait_value(raw, &self.want.account, nth, line, findings);
            for slot in self.want.account.slots_of(nth) {
                let value = value.clone();
                self.rows.account_writes.push(AccountWrite { row, account: (&*account).into(), slot, value });
            }
        }
    }

    fn write(&mut self, nth: usize, value: Option<Value>) {
        let row = self.rows.rows();
        let writes = self.want.lead.slots_of(nth).map(|slot| RowWrite { row, slot, value: value.clone() });
        self.rows.writes.extend(writes);
    }
}

/// The value of a field that is taken for a time; one that is none is noticed.
fn time_cell<'t>(
    raw: &'t str,
    field: &str,
    want: &Want,
    line: Line<'_>,
    findings: &mut Findings,
) -> Cell<'t> {
    let (cell, notice) = match cell(raw) {
        Cell::Text(text) => want.time_cell(field, text),
        Cell::Value(Value::String(text)) => {
            let (cell, notice) = want.time_cell(field, &text);
            (cell.value().map_or(Cell::Absent, Cell::Value), notice)
        }
        Cell::Value(value) => {
            let notice = Want::check_time(field, &value);
            (Cell::Value(value), notice)
        }
        Cell::Absent => (Cell::Absent, None),
    };
    if let Some(notice) = notice {
        let told = text(raw);
        findings.notes.add(notice, line.number, told.as_deref().unwrap_or(raw));
    }
    cell
}

fn is_missing(raw: &str) -> bool {
    matches!(raw, "null" | r#""""#)
}

/// A text, or a whole number as text.
#[inline]
fn required<'t>(key: &str, raw: Option<&'t str>) -> Result<Cow<'t, str>, String> {
    optional(key, raw)?.ok_or_else(|| missing(key))
}

#[inline]
fn event_id<'t>(key: &str, raw: Option<&'t str>) -> Result<Option<Cow<'t, str>>, String> {
    optional(key, raw)?.map(|id| readable(key, id)).transpose()
}

/// A text, or a whole number as text, if there is one.
#[inline]
fn optional<'t>(key: &str, raw: Option<&'t str>) -> Result<Option<Cow<'t, str>>, String> {
    let Some(raw) = raw.filter(|raw| !is_missing(raw)) else {
        return Ok(None);
    };
    if let Some(text) = text(raw) {
        return Ok(Some(text));
    }
    let whole = raw.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if whole {
        Ok(Some(raw.into()))
    } else {
        Err(format!("`{key}` is neither text nor a whole number: {}", quoted(raw)))
    }
}

/// Why a line that does not begin with an object is none.
fn no_object(rest: &str) -> String {
    let line = rest.lines().next().unwrap_or_default();
    format!("not a JSON object: {}", quoted(line))
}
