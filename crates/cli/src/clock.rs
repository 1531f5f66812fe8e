//! Instants on the command line, relative to the one clock that is read.

use std::time::{SystemTime, UNIX_EPOCH};

use kelvin_batch::read::TimeZone;
use kelvin_kernel::{Duration, Instant, InstantError};

/// The present.
pub(crate) fn now() -> Instant {
    let now = SystemTime::now();
    let millis = now
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
    Instant::from_millis(millis)
}

/// Tells the time since it was made, whatever happens to the clock.
pub(crate) fn stopwatch() -> impl Fn() -> std::time::Duration {
    let started = std::time::Instant::now();
    move || started.elapsed()
}

/// Reads an instant: `now`, `now-30d`, `now+1d12h`, or as anywhere else.
pub(crate) fn instant(text: &str) -> Result<Instant, String> {
    instant_at(text, now)
}

fn instant_at(text: &str, now: impl Fn() -> Instant) -> Result<Instant, String> {
    let Some(rest) = text.strip_prefix("now") else {
        return text.parse().map_err(|cause| match cause {
            InstantError::Unreadable => format!("{cause}; or `now`, `now-30d`, `now+7d`"),
            _ => cause.to_string(),
        });
    };
    let duration = |text: &str| text.parse().map_err(|cause: kelvin_kernel::DurationError| cause.to_string());
    match rest.chars().next() {
        None => Ok(now()),
        Some('+') => Ok(now().after(duration(&rest[1..])?)),
        Some('-') => Ok(now().before(duration(&rest[1..])?)),
        Some(_) => Err("expected `now`, `now-30d` or `now+7d`".to_owned()),
    }
}

/// Reads where times were noted: an offset from UTC, or a time zone by its name.
pub(crate) fn zone(text: &str) -> Result<TimeZone, String> {
    if let Some(millis) = offset(text) {
        return Ok(TimeZone::at_offset(millis));
    }
    TimeZone::named(text).map_err(|unknown| match unknown.meant {
        Some(_) => unknown.to_string(),
        None => {
            "expected an offset from UTC, as in `+02:00`, or a time zone, as in `Europe/Berlin`".to_owned()
        }
    })
}

/// Reads an offset from UTC, `+02:00` or `UTC`, as milliseconds.
fn offset(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("utc") || text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    // The offset of a time is read by the kernel; any day will do.
    let shifted = Instant::parse(&format!("2000-01-01T00:00:00{text}"));
    let midnight = Instant::parse("2000-01-01");
    match (shifted, midnight) {
        (Ok(shifted), Ok(midnight)) if text.starts_with(['+', '-']) => Some(midnight.millis_since(shifted)),
        _ => None,
    }
}

/// A duration of the command line, for people: `8d7h`.
pub(crate) fn roughly(duration: Duration) -> String {
    const UNITS: [(i64, &str); 4] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")];
    let millis = duration.as_millis();
    let Some(largest) = UNITS.iter().position(|(unit, _)| millis >= *unit) else {
        return format!("{millis}ms");
    };
    let (unit, name) = UNITS[largest];
    let next = UNITS.get(largest + 1).filter(|(next, _)| millis % unit >= *next);
    let rest = next.map_or(String::new(), |(next, name)| format!("{}{name}", millis % unit / next));
    format!("{}{name}{rest}", millis / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_may_be_relative_to_now() {
        let now = || Instant::from_millis(1_772_323_200_000);
        let check = |text, expect: Result<&str, &str>| {
            let got = instant_at(text, now).map(|instant| instant.to_string());
            assert_eq!(got, expect.map(str::to_owned).map_err(str::to_owned), "{text}");
        };
        check("now", Ok("2026-03-01T00:00:00Z"));
        check("now+1d12h", Ok("2026-03-02T12:00:00Z"));
        check("now-30d", Ok("2026-01-30T00:00:00Z"));
        check("2026-03-09", Ok("2026-03-09T00:00:00Z"));
        check("0", Ok("1970-01-01T00:00:00Z"));
        check("now+", Err("expected integers with units `w`, `d`, `h`, `m` or `s`, as in `90d` or `1d12h`"));
        check("nowé", Err("expected `now`, `now-30d` or `now+7d`"));
        check(
            "yesterday",
            Err(
                "expected a time such as `2026-03-01T10:00:00Z`, a date, or milliseconds since 1970; or `now`, `now-30d`, `now+7d`",
            ),
        );
        check("2026-03-09T10:00:00", Err("a time needs an offset from UTC, as in `2026-03-01T10:00:00Z`"));
    }

    #[test]
    fn an_offset_is_read_as_that_of_a_time() {
        let check = |text, expect: Option<i64>| assert_eq!(offset(text), expect, "{text}");
        check("UTC", Some(0));
        check("z", Some(0));
        check("+02:00", Some(7_200_000));
        check("-03:30", Some(-12_600_000));
        check("2", None);
        check("", None);
        check("+25:00", None);
        check("Europe/Berlin", None);
        check(".5Z", None);
    }

    #[test]
    fn durations_are_told_in_their_two_largest_units() {
        let check = |text: &str, expect: &str| {
            let duration: Duration = text.parse().unwrap();
            assert_eq!(roughly(duration), expect);
        };
        check("90d", "90d");
        check("8d7h12m", "8d7h");
        check("61s", "1m1s");
        check("1d59m", "1d");
        assert_eq!(roughly(Duration::from_millis(999)), "999ms");
    }
}
