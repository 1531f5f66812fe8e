//! Business time, by examples and by laws.

use std::collections::BTreeSet;

use jiff::tz::TimeZoneDatabase;
use kelvin_kernel::{Duration, Instant};
use proptest::prelude::*;

use super::*;
use crate::playbook::forms::weekdays;

/// A calendar in Berlin: `mon-fri 09:00-17:30, …`.
fn calendar(hours: &str, holidays: &[&str]) -> Calendar {
    let mut week: [Vec<Stretch>; 7] = Default::default();
    for part in hours.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (days, stretch) = part.split_once(' ').unwrap();
        for day in weekdays(days).unwrap() {
            week[day].push(Stretch::parse(stretch).unwrap());
        }
    }
    let holidays: BTreeSet<Date> = holidays.iter().map(|day| day.parse().unwrap()).collect();
    Calendar::new(TimeZoneDatabase::bundled().get("Europe/Berlin").unwrap(), Some(week), holidays)
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

#[track_caller]
fn check(hours: &str, start: &str, time: &str, expect: &str) {
    let due = calendar(hours, &["2026-12-25"]).due(at(start), BusinessTime::parse(time).unwrap());
    assert_eq!(due.map_or_else(|| "never".to_owned(), |due| due.to_string()), expect, "{start} + {time}");
}

const OFFICE: &str = "mon-fri 09:00-17:30";
const BREAK: &str = "mon-thu 09:00-12:00, mon-thu 13:00-17:00, fri 09:00-15:00";

#[test]
fn hours_count_while_there_are_business_hours() {
    // In winter, Berlin is an hour ahead of UTC. 2026-11-20 is a Friday.
    check(OFFICE, "2026-11-20T15:00:00Z", "4h", "2026-11-23T10:30:00Z");
    check(OFFICE, "2026-11-20T15:00:00Z", "30m", "2026-11-20T15:30:00Z");
    check(OFFICE, "2026-11-21T15:00:00Z", "1h", "2026-11-23T09:00:00Z");
    check(OFFICE, "2026-11-20T05:00:00Z", "1h", "2026-11-20T09:00:00Z");
    check(BREAK, "2026-11-19T10:30:00Z", "1h", "2026-11-19T12:30:00Z");
}

#[test]
fn time_that_ends_with_the_hours_ends_there_and_not_with_the_next() {
    check(OFFICE, "2026-11-20T15:30:00Z", "1h", "2026-11-20T16:30:00Z");
    check(OFFICE, "2026-11-20T16:30:00Z", "1h", "2026-11-23T09:00:00Z");
}

#[test]
fn a_day_is_the_same_time_of_the_next_business_day() {
    check(OFFICE, "2026-11-20T15:00:00Z", "1d", "2026-11-23T15:00:00Z");
    check(OFFICE, "2026-11-20T15:00:00Z", "1w", "2026-11-27T15:00:00Z");
    check(OFFICE, "2026-11-21T15:00:00Z", "1d", "2026-11-24T08:00:00Z");
    check(OFFICE, "2026-11-19T15:00:00Z", "1d2h", "2026-11-23T08:30:00Z");
    // Into a break, and after an earlier closing.
    check(BREAK, "2026-11-18T11:30:00Z", "1d", "2026-11-19T12:00:00Z");
    check(BREAK, "2026-11-19T15:30:00Z", "1d", "2026-11-20T14:00:00Z");
}

#[test]
fn holidays_have_no_business_hours() {
    check(OFFICE, "2026-12-24T15:30:00Z", "2h", "2026-12-28T09:00:00Z");
    check(OFFICE, "2026-12-24T15:30:00Z", "1d", "2026-12-28T15:30:00Z");
}

#[test]
fn the_hours_are_those_of_the_clocks() {
    // Summer time ends on 2026-10-25 and begins on 2026-03-29.
    check(OFFICE, "2026-10-23T15:00:00Z", "1h", "2026-10-26T08:30:00Z");
    check(OFFICE, "2026-03-27T16:00:00Z", "1h", "2026-03-30T07:30:00Z");
    check("sat-sun 00:00-24:00", "2026-10-24T22:00:00Z", "25h", "2026-10-25T23:00:00Z");
    check("sat-sun 00:00-24:00", "2026-03-28T23:00:00Z", "23h", "2026-03-29T22:00:00Z");
    check("sun 02:00-03:00", "2026-03-28T12:00:00Z", "30m", "2026-04-05T00:30:00Z");
}

#[test]
fn without_business_hours_there_is_no_due_time() {
    check("", "2026-11-20T15:00:00Z", "1h", "never");
    check("mon 09:00-09:01", "2026-11-20T15:00:00Z", "100000h", "never");
    check("mon 09:00-09:01", "2026-11-20T15:00:00Z", "100000w", "never");
}

#[test]
fn where_every_hour_counts_a_day_has_24() {
    let zone = TimeZoneDatabase::bundled().get("Europe/Berlin").unwrap();
    let calendar = Calendar::new(zone, None, BTreeSet::new());
    let due = calendar.due(at("2026-10-24T12:00:00Z"), BusinessTime::parse("1w1d1h").unwrap());
    assert_eq!(due, Some(at("2026-11-01T13:00:00Z")));
}

#[test]
fn weeks_begin_on_monday_at_midnight() {
    let calendar = calendar("", &[]);
    assert_eq!(calendar.week_start(at("2026-11-22T22:59:59Z")), Some(at("2026-11-15T23:00:00Z")));
    assert_eq!(calendar.week_start(at("2026-11-22T23:00:00Z")), Some(at("2026-11-22T23:00:00Z")));
}

#[test]
fn the_next_time_of_a_digest_is_after_the_last() {
    let calendar = calendar("", &[]);
    let eight = 8 * 60;
    assert_eq!(calendar.next(at("2026-11-23T06:59:59Z"), Some(0), eight), Some(at("2026-11-23T07:00:00Z")));
    assert_eq!(calendar.next(at("2026-11-23T07:00:00Z"), Some(0), eight), Some(at("2026-11-30T07:00:00Z")));
    assert_eq!(calendar.next(at("2026-11-23T07:00:00Z"), None, eight), Some(at("2026-11-24T07:00:00Z")));
}

#[test]
fn hours_over_midnight_are_refused() {
    let told = |text| Stretch::parse(text).map_err(|fault| format!("{}: {}", fault.what, fault.help));
    let over =
        "end before they begin: hours lie within a day: `22:00-24:00`, and `00:00-06:00` on the day after";
    assert_eq!(told("22:00-06:00"), Err(over.to_owned()));
    assert_eq!(
        told("22:00-00:00"),
        Err("end before they begin: the end of a day is `24:00`: `22:00-24:00`".to_owned())
    );
    assert_eq!(told("9-17"), Err("are no hours: hours are written `09:00-17:30`".to_owned()));
    assert_eq!(told("22:00-24:00"), Ok(Stretch { from: 1320, to: 1440 }));
}

/// Some weeks of business hours, none of them empty.
const WEEKS: [&str; 4] = [
    OFFICE,
    BREAK,
    "sat-sun 00:00-24:00, wed 01:30-03:30",
    "sun 02:00-03:00, sun 03:00-04:00, mon 00:00-00:30, tue 23:30-24:00",
];

fn hours(millis: i64) -> BusinessTime {
    BusinessTime { rest_ms: millis, ..BusinessTime::default() }
}

/// The half hours of business time between two instants, looked at one by one.
fn counted(week: &str, from: Instant, to: Instant) -> i64 {
    let zone = TimeZoneDatabase::bundled().get("Europe/Berlin").unwrap();
    let is_open = |at: &Instant| {
        let shown = zone.to_datetime(Timestamp::from_millisecond(at.as_millis()).unwrap());
        let minute = i64::from(shown.hour()) * 60 + i64::from(shown.minute());
        week.split(',').map(str::trim).any(|part| {
            let (days, stretch) = part.split_once(' ').unwrap();
            let stretch = Stretch::parse(stretch).unwrap();
            let day = usize::try_from(shown.weekday().to_monday_zero_offset()).unwrap();
            let is_within = i64::from(stretch.from) <= minute && minute < i64::from(stretch.to);
            weekdays(days).unwrap().contains(&day) && is_within
        })
    };
    let halves = (0..).map(|n| from.after(Duration::from_millis(n * HALF_HOUR)));
    halves.take_while(|at| *at < to).filter(is_open).count() as i64
}

const HALF_HOUR: i64 = 30 * 60_000;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// In March and in October the clocks change.
    #[test]
    fn so_much_business_time_lies_before_a_due_time(
        week in 0..4_usize, autumn: bool, start in 0..700_i64, length in 1..40_i64
    ) {
        let first = at(if autumn { "2026-10-17T00:00:00Z" } else { "2026-03-21T00:00:00Z" });
        let start = first.after(Duration::from_millis(start * HALF_HOUR));
        let due = calendar(WEEKS[week], &[]).due(start, hours(length * HALF_HOUR)).unwrap();
        prop_assert_eq!(counted(WEEKS[week], start, due), length);
    }

    #[test]
    fn time_may_be_added_in_parts(
        week in 0..4_usize, start in 0..30_000_000_000_i64, a in 0..40_000_000_i64, b in 0..40_000_000_i64
    ) {
        let calendar = calendar(WEEKS[week], &["2026-03-30"]);
        let start = at("2026-01-01T00:00:00Z").after(Duration::from_millis(start));
        let first = calendar.due(start, hours(a)).unwrap();
        prop_assert!(calendar.due(first, hours(b)) == calendar.due(start, hours(a + b)) || b == 0);
    }

    #[test]
    fn who_starts_later_is_not_due_earlier(
        week in 0..4_usize, start in 0..30_000_000_000_i64, later in 0..1_000_000_000_i64, days in 0..4_u32, rest in 0..40_000_000_i64
    ) {
        let calendar = calendar(WEEKS[week], &["2026-03-30"]);
        let start = at("2026-01-01T00:00:00Z").after(Duration::from_millis(start));
        let time = BusinessTime { days, rest_ms: rest, ..BusinessTime::default() };
        let due = calendar.due(start, time).unwrap();
        prop_assert!(due >= start);
        prop_assert!(calendar.due(start.after(Duration::from_millis(later)), time).unwrap() >= due);
    }
}
