//! Business time: the hours of a week in a time zone, holidays, and when so much business time has passed.

use std::collections::BTreeSet;

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use kelvin_kernel::{Duration, Instant};

use super::forms::minutes;
use crate::grammar::Fault;

/// How far ahead business hours are looked for.
const MOST_DAYS: usize = 3660;

/// The minutes of a day.
const DAY: u16 = 24 * 60;

/// A part of a day in which there are business hours, in minutes after midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// The first minute.
    pub from: u16,
    /// The minute after the last; 1440 at midnight.
    pub to: u16,
}

/// So much business time: first whole business weeks and days, then hours and less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BusinessTime {
    /// Weeks: each as many business days as a week has.
    pub weeks: u32,
    /// Business days.
    pub days: u32,
    /// Hours and less, in milliseconds.
    pub rest_ms: i64,
}

/// Business hours: when they are, in which time zone.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    /// The stretches of each day from Monday on, in order; `None` where every hour counts.
    week: Option<[Vec<Stretch>; 7]>,
    holidays: BTreeSet<Date>,
}

impl Stretch {
    /// Reads `09:00-17:30`.
    pub(crate) fn parse(text: &str) -> Result<Self, Fault> {
        let fault = |what, help: String| Fault { what, help };
        let ends = text.split_once(['-', '–']);
        let ends = ends.and_then(|(from, to)| Some((minutes(from.trim())?, minutes(to.trim())?)));
        let Some((from, to)) = ends.filter(|(from, _)| *from < DAY) else {
            return Err(fault("are no hours", "hours are written `09:00-17:30`".into()));
        };
        if from < to {
            return Ok(Self { from, to });
        }
        let (first, second) = text.split_once(['-', '–']).unwrap_or_default();
        let help = match to {
            0 => format!("the end of a day is `24:00`: `{}-24:00`", first.trim()),
            _ if from == to => "hours end after they begin".into(),
            _ => format!(
                "hours lie within a day: `{}-24:00`, and `00:00-{}` on the day after",
                first.trim(),
                second.trim()
            ),
        };
        Err(fault("end before they begin", help))
    }

    /// Whether the two have a minute in common.
    pub(crate) const fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }
}

impl BusinessTime {
    /// Reads what the language writes as a duration: `4h`, `1d`. `None` where it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut time = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(|c: char| !c.is_ascii_digit())?;
            let (number, tail) = rest.split_at(end);
            let unit = tail.get(..1)?;
            match unit {
                "w" => time.weeks = time.weeks.checked_add(number.parse().ok()?)?,
                "d" => time.days = time.days.checked_add(number.parse().ok()?)?,
                _ => {
                    let part: Duration = format!("{number}{unit}").parse().ok()?;
                    time.rest_ms = time.rest_ms.checked_add(part.as_millis())?;
                }
            }
            rest = &tail[1..];
        }
        Some(time)
    }
}

impl Calendar {
    /// Business hours in a zone: the stretches of each day from Monday on, `None` where every hour counts.
    pub(crate) fn new(zone: TimeZone, week: Option<[Vec<Stretch>; 7]>, holidays: BTreeSet<Date>) -> Self {
        let sorted = |mut stretches: Vec<Stretch>| {
            stretches.sort_unstable();
            stretches
        };
        Self { zone, week: week.map(|week| week.map(sorted)), holidays }
    }

    /// When so much business time has passed since `start`. Outside of business hours the time starts with the next.
    ///
    /// A business day later is the same time of the next day that has business hours: the next opening where that falls
    /// into a break, the day's last closing where it is later. Where every hour counts, a day is 24 hours.
    ///
    /// `None` where there is not so much business time in the ten years after.
    pub fn due(&self, start: Instant, time: BusinessTime) -> Option<Instant> {
        let Some(week) = &self.week else {
            let days = i64::from(time.weeks) * 7 + i64::from(time.days);
            let millis = days.checked_mul(Duration::DAY.as_millis())?.checked_add(time.rest_ms)?;
            return Some(start.after(Duration::from_millis(millis)));
        };
        let days_a_week = week.iter().filter(|day| !day.is_empty()).count();
        let days = (time.weeks as usize).checked_mul(days_a_week)?.checked_add(time.days as usize)?;
        let opening = self.open(start).next()?.0;
        let at = if days == 0 { opening } else { self.days_later(opening, days)? };
        self.later(at, time.rest_ms)
    }

    /// Midnight of the Monday that an instant's week began with: capacities count from then on.
    pub fn week_start(&self, at: Instant) -> Option<Instant> {
        let date = self.shown(at)?.date();
        let since = i64::from(date.weekday().to_monday_zero_offset());
        self.instant(date.checked_sub(since.days()).ok()?, 0)
    }

    /// The first instant after another at which the clocks show so many minutes after midnight; on a day of the week (0 is
    /// Monday), if one is given.
    pub fn next(&self, after: Instant, weekday: Option<u8>, minute: u16) -> Option<Instant> {
        let is_meant =
            |date: &Date| weekday.is_none_or(|day| date.weekday().to_monday_zero_offset() == day as i8);
        let dates = self.dates(after).take(9).filter(is_meant);
        dates.filter_map(|date| self.instant(date, minute)).find(|instant| *instant > after)
    }

    /// The stretches from an instant on, the first cut to what is left of it.
    fn open(&self, start: Instant) -> impl Iterator<Item = (Instant, Instant)> {
        let stretches = self.dates(start).take(MOST_DAYS).flat_map(|date| self.stretches(date));
        stretches.filter(move |(_, to)| start < *to).map(move |(from, to)| (from.max(start), to))
    }

    /// The same time so many business days later, in business hours. At least one.
    fn days_later(&self, at: Instant, days: usize) -> Option<Instant> {
        let time = self.shown(at)?.time();
        let minute = time.hour() as u16 * 60 + time.minute() as u16;
        let within = i64::from(time.second()) * 1000 + i64::from(time.millisecond());
        let is_open = |date: &Date| !self.stretches(*date).is_empty();
        let date = self.dates(at).take(MOST_DAYS).skip(1).filter(is_open).nth(days - 1)?;
        let same = self.instant(date, minute)?.after(Duration::from_millis(within));
        let stretches = self.stretches(date);
        let next = stretches.iter().find(|(_, to)| same <= *to).map(|(from, _)| same.max(*from));
        next.or_else(|| stretches.last().map(|(_, to)| *to))
    }

    /// When so many milliseconds of business time have passed.
    fn later(&self, at: Instant, millis: i64) -> Option<Instant> {
        if millis == 0 {
            return Some(at);
        }
        let mut rest = millis;
        for (from, to) in self.open(at) {
            let length = to.millis_since(from);
            if rest <= length {
                return Some(from.after(Duration::from_millis(rest)));
            }
            rest -= length;
        }
        None
    }

    /// The business hours of a date.
    fn stretches(&self, date: Date) -> Vec<(Instant, Instant)> {
        let day = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
        let stretches = self.week.as_ref().filter(|_| !self.holidays.contains(&date)).map(|week| &week[day]);
        let ends =
            |stretch: &Stretch| Some((self.instant(date, stretch.from)?, self.instant(date, stretch.to)?));
        let found = stretches.into_iter().flatten().filter_map(ends);
        // Clocks put forward leave nothing of hours that they pass over.
        found.filter(|(from, to)| from < to).collect()
    }

    /// The dates from that of an instant on.
    fn dates(&self, start: Instant) -> impl Iterator<Item = Date> {
        let first = self.shown(start).map(DateTime::date);
        std::iter::successors(first, |date| date.tomorrow().ok())
    }

    /// What the zone's clocks show.
    fn shown(&self, at: Instant) -> Option<DateTime> {
        Some(self.zone.to_datetime(Timestamp::from_millisecond(at.as_millis()).ok()?))
    }

    /// When the zone's clocks show so many minutes after a date's midnight: the earlier instant where they do so twice,
    /// as much later as they jump where they pass over it.
    fn instant(&self, date: Date, minute: u16) -> Option<Instant> {
        let date = if minute < DAY { date } else { date.tomorrow().ok()? };
        let minute = minute % DAY;
        let shown = date.at((minute / 60) as i8, (minute % 60) as i8, 0, 0);
        Some(Instant::from_millis(self.zone.to_timestamp(shown).ok()?.as_millisecond()))
    }
}

#[cfg(test)]
mod tests;
