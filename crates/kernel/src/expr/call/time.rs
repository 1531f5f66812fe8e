//! Parts of timestamps and durations. Time zones come from a table built into the program, never from the machine.

use std::sync::LazyLock;

use jiff::tz::TimeZoneDatabase;

use super::{Called, EvalError, Function, Value};
use crate::value::{Span, Timestamp, offset};

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

pub(super) fn call(function: Function, args: &[&Value]) -> Called {
    let part = match args {
        [Value::Timestamp(at)] => of_timestamp(function, *at, 0),
        [Value::Timestamp(at), Value::String(zone)] => of_timestamp(function, *at, east_of_utc(zone, *at)?),
        [Value::Duration(span)] => of_duration(function, *span),
        _ => None,
    };
    part.map(Value::Int).ok_or(EvalError)
}

/// Whether text names a time zone: `Europe/Berlin`, `UTC`, `+02:00`.
pub fn is_time_zone(zone: &str) -> bool {
    east_of_utc(zone, Timestamp::MIN).is_ok()
}

fn of_timestamp(function: Function, at: Timestamp, offset: i32) -> Option<i64> {
    let civil = at.civil(offset);
    Some(match function {
        Function::GetFullYear => civil.year,
        Function::GetMonth => civil.month - 1,
        Function::GetDate => civil.day,
        Function::GetDayOfMonth => civil.day - 1,
        Function::GetDayOfWeek => civil.weekday,
        Function::GetDayOfYear => civil.day_of_year - 1,
        Function::GetHours => civil.hour,
        Function::GetMinutes => civil.minute,
        Function::GetSeconds => civil.second,
        Function::GetMilliseconds => i64::from(at.nanos() / 1_000_000),
        _ => return None,
    })
}

fn of_duration(function: Function, span: Span) -> Option<i64> {
    Some(match function {
        Function::GetHours => span.whole(3_600_000_000_000),
        Function::GetMinutes => span.whole(60_000_000_000),
        Function::GetSeconds => span.whole(1_000_000_000),
        Function::GetMilliseconds => span.subsecond_millis(),
        _ => return None,
    })
}

/// Seconds east of UTC that a zone's clocks are at.
fn east_of_utc(zone: &str, at: Timestamp) -> Result<i32, EvalError> {
    let signed = if zone.starts_with(|c: char| c.is_ascii_digit()) { &format!("+{zone}") } else { zone };
    if let Some(fixed) = offset(signed.as_bytes()) {
        return Ok(fixed);
    }
    let zone = ZONES.get(zone).map_err(|_| EvalError)?;
    // The library's years end a day earlier than CEL's.
    let seconds = at.seconds().clamp(jiff::Timestamp::MIN.as_second(), jiff::Timestamp::MAX.as_second());
    let at = jiff::Timestamp::from_second(seconds).map_err(|_| EvalError)?;
    Ok(zone.to_offset(at).seconds())
}
