//! Instants from text: RFC 3339, a bare date, or epoch milliseconds.

use std::{fmt, str::FromStr};

use super::{DAY, HOUR, Instant, civil};

/// Why a text is no instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstantError {
    /// It is a date and a time, but says nothing of the offset from UTC.
    NoOffset,
    /// The form is right, but there is no such date or time (a 30 February, an hour 25).
    NoSuchTime,
    /// It is something else altogether.
    Unreadable,
}

impl fmt::Display for InstantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoOffset => "a time needs an offset from UTC, as in `2026-03-01T10:00:00Z`",
            Self::NoSuchTime => "there is no such date or time",
            Self::Unreadable => {
                "expected a time such as `2026-03-01T10:00:00Z`, a date, or milliseconds since 1970"
            }
        })
    }
}

impl std::error::Error for InstantError {}

impl FromStr for Instant {
    type Err = InstantError;

    fn from_str(text: &str) -> Result<Self, InstantError> {
        Self::parse(text)
    }
}

impl Instant {
    /// Reads RFC 3339 (digits finer than milliseconds are cut off), a bare date (midnight UTC) or a bare
    /// integer (epoch milliseconds). As spreadsheets and databases write them, a time may lack its seconds, and an
    /// offset its colon or its minutes (`+0200`, `+02`), may be `UTC`, and may stand apart.
    ///
    /// # Errors
    /// A text of another form, a date or time that does not exist, a time without offset.
    pub fn parse(text: &str) -> Result<Self, InstantError> {
        Self::read(text.as_bytes(), None)
    }

    /// As [`Instant::parse`], but a time without offset is taken to be `offset` milliseconds ahead of UTC.
    ///
    /// # Errors
    /// A text of another form, a date or time that does not exist.
    pub fn parse_at_offset(text: &str, offset_millis: i64) -> Result<Self, InstantError> {
        Self::read(text.as_bytes(), Some(offset_millis))
    }

    fn read(text: &[u8], assumed_offset: Option<i64>) -> Result<Self, InstantError> {
        match usual(text) {
            Some(instant) => Ok(instant),
            None => Self::read_by_steps(text, assumed_offset),
        }
    }

    fn read_by_steps(text: &[u8], assumed_offset: Option<i64>) -> Result<Self, InstantError> {
        if is_integer(text) {
            return integer(text).ok_or(InstantError::NoSuchTime);
        }
        let (midnight, rest) = date(text)?;
        let Some((separator, rest)) = rest.split_first() else {
            return in_range(midnight - assumed_offset.unwrap_or(0)).ok_or(InstantError::NoSuchTime);
        };
        if !matches!(separator, b'T' | b't' | b' ') {
            return Err(InstantError::Unreadable);
        }
        let (of_day, rest) = time_of_day(rest)?;
        let rest = rest.strip_prefix(b" ").filter(|offset| !offset.is_empty()).unwrap_or(rest);
        let offset = match rest {
            [] => assumed_offset.ok_or(InstantError::NoOffset)?,
            _ => offset(rest)?,
        };
        in_range(midnight + of_day - offset).ok_or(InstantError::NoSuchTime)
    }
}

/// The forms that nearly all files have, `2026-03-01T10:20:30.123Z` and `2026-03-01 10:20:30.12+00` with up to three
/// digits of a second or none, without a step by step account of what is wrong with others.
fn usual(text: &[u8]) -> Option<Instant> {
    let (fixed, rest) = text.split_first_chunk::<19>()?;
    let mut all_digits = true;
    let mut two = |tens: u8, ones: u8| {
        let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
        all_digits &= tens <= 9 && ones <= 9;
        i64::from(tens) * 10 + i64::from(ones)
    };
    let [y, e, a, r, b'-', mo, nth, b'-', d, ay, b'T' | b' ', h, our, b':', mi, nute, b':', s, ec] = *fixed
    else {
        return None;
    };
    let year = two(y, e) * 100 + two(a, r);
    let (month, day) = (two(mo, nth), two(d, ay));
    let (hour, minute, second) = (two(h, our), two(mi, nute), two(s, ec));
    let (millis, offset) = match rest {
        [b'.', tenth, b'0'..=b'9', b'0'..=b'9', offset @ ..] => {
            (two(b'0', *tenth) * 100 + two(rest[2], rest[3]), offset)
        }
        [b'.', tenth, b'0'..=b'9', offset @ ..] => (two(*tenth, rest[2]) * 10, offset),
        [b'.', tenth, offset @ ..] => (two(b'0', *tenth) * 100, offset),
        offset => (0, offset),
    };
    let is_utc = matches!(offset, b"Z" | b"+00" | b"+00:00");
    let is_date = (1..=12).contains(&month) && (1..=civil::days_in_month(year, month)).contains(&day);
    (is_utc && all_digits && is_date && hour <= 23 && minute <= 59 && second <= 59).then(|| {
        let of_day = hour * HOUR + minute * 60_000 + second * 1000 + millis;
        Instant(civil::days(year, month, day) * DAY + of_day)
    })
}

fn is_integer(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

fn integer(text: &[u8]) -> Option<Instant> {
    let millis: i64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    in_range(millis)
}

fn in_range(millis: i64) -> Option<Instant> {
    (Instant::MIN.0..=Instant::MAX.0).contains(&millis).then_some(Instant(millis))
}

/// A number of exactly `N` digits at the start.
fn digits<const N: usize>(text: &[u8]) -> Result<(i64, &[u8]), InstantError> {
    let (head, rest) = text.split_first_chunk::<N>().ok_or(InstantError::Unreadable)?;
    let mut number = 0;
    for byte in head {
        if !byte.is_ascii_digit() {
            return Err(InstantError::Unreadable);
        }
        number = number * 10 + i64::from(byte - b'0');
    }
    Ok((number, rest))
}

fn mark(text: &[u8], expected: u8) -> Result<&[u8], InstantError> {
    match text.split_first() {
        Some((byte, rest)) if *byte == expected => Ok(rest),
        _ => Err(InstantError::Unreadable),
    }
}

fn date(text: &[u8]) -> Result<(i64, &[u8]), InstantError> {
    let (year, rest) = digits::<4>(text)?;
    let (month, rest) = digits::<2>(mark(rest, b'-')?)?;
    let (day, rest) = digits::<2>(mark(rest, b'-')?)?;
    if !(1..=12).contains(&month) || !(1..=civil::days_in_month(year, month)).contains(&day) {
        return Err(InstantError::NoSuchTime);
    }
    Ok((civil::days(year, month, day) * DAY, rest))
}

/// Milliseconds since midnight. A leap second is read as the second after.
fn time_of_day(text: &[u8]) -> Result<(i64, &[u8]), InstantError> {
    let (hour, rest) = digits::<2>(text)?;
    let (minute, rest) = digits::<2>(mark(rest, b':')?)?;
    let (second, mut rest) = match mark(rest, b':') {
        Ok(rest) => digits::<2>(rest)?,
        Err(_) => (0, rest),
    };
    if hour > 23 || minute > 59 || second > 60 {
        return Err(InstantError::NoSuchTime);
    }
    let mut millis = 0;
    let has_seconds = text.get(5) == Some(&b':');
    if let Some((b'.', fraction)) = rest.split_first().filter(|_| has_seconds) {
        let length = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if length == 0 {
            return Err(InstantError::Unreadable);
        }
        for place in 0..3 {
            let digit = fraction.get(place).filter(|_| place < length).map_or(0, |byte| byte - b'0');
            millis = millis * 10 + i64::from(digit);
        }
        rest = &fraction[length..];
    }
    Ok((hour * HOUR + minute * 60_000 + second * 1000 + millis, rest))
}

fn offset(text: &[u8]) -> Result<i64, InstantError> {
    let (sign, rest) = match text.split_first() {
        Some((b'Z' | b'z', []) | (b'U', b"TC")) => return Ok(0),
        Some((b'+', rest)) => (1, rest),
        Some((b'-', rest)) => (-1, rest),
        _ => return Err(InstantError::Unreadable),
    };
    let (hour, rest) = digits::<2>(rest)?;
    let (minute, rest) = match rest {
        [] => (0, rest),
        _ => digits::<2>(rest.strip_prefix(b":").unwrap_or(rest))?,
    };
    if !rest.is_empty() {
        return Err(InstantError::Unreadable);
    }
    if hour > 23 || minute > 59 {
        return Err(InstantError::NoSuchTime);
    }
    Ok(sign * (hour * HOUR + minute * 60_000))
}

#[cfg(test)]
mod tests {
    use super::{Instant, InstantError};

    fn check(text: &str, expect: Result<&str, InstantError>) {
        assert_eq!(
            Instant::parse(text).map(|instant| instant.to_string()),
            expect.map(str::to_owned),
            "{text}"
        );
    }

    #[test]
    fn an_instant_is_read_in_any_of_its_forms_and_printed_in_one() {
        check("2026-03-01T00:00:00Z", Ok("2026-03-01T00:00:00Z"));
        check("2026-03-01", Ok("2026-03-01T00:00:00Z"));
        check("2026-03-01t10:20:30.5z", Ok("2026-03-01T10:20:30.500Z"));
        check("2026-03-01 10:20:30.1239999Z", Ok("2026-03-01T10:20:30.123Z"));
        check("2026-03-01T00:30:00+01:00", Ok("2026-02-28T23:30:00Z"));
        check("2024-02-29T23:59:59.999-00:30", Ok("2024-03-01T00:29:59.999Z"));
        check("1764675127819", Ok("2025-12-02T11:32:07.819Z"));
        check("-1", Ok("1969-12-31T23:59:59.999Z"));
        check("0", Ok("1970-01-01T00:00:00Z"));
        check("2016-12-31T23:59:60Z", Ok("2017-01-01T00:00:00Z"));
    }

    #[test]
    fn the_usual_forms_are_read_as_they_would_be_step_by_step() {
        let mut read = 0;
        for fraction in ["", ".1", ".12", ".123", ".1234", "."] {
            for offset in ["Z", "+00", "+00:00", "+01", "-00", "", " Z"] {
                let usual = format!("2024-02-29T23:59:59{fraction}{offset}");
                for place in 0..usual.len() {
                    for byte in b"0123456789-:.TZ /+" {
                        let mut text = usual.clone().into_bytes();
                        text[place] = *byte;
                        if let Some(instant) = super::usual(&text) {
                            read += 1;
                            let text = String::from_utf8_lossy(&text);
                            assert_eq!(Instant::read_by_steps(text.as_bytes(), None), Ok(instant), "{text}");
                        }
                    }
                }
            }
        }
        assert!(read > 500, "{read}");
    }

    #[test]
    fn seconds_may_be_left_out_and_offsets_are_read_as_databases_write_them() {
        check("2026-03-01 10:20Z", Ok("2026-03-01T10:20:00Z"));
        check("2026-03-01T10:20+0100", Ok("2026-03-01T09:20:00Z"));
        check("2026-03-01 10:20:30.5+01", Ok("2026-03-01T09:20:30.500Z"));
        check("2026-03-01 10:20:30 -0130", Ok("2026-03-01T11:50:30Z"));
        check("2026-03-01 10:20:30 UTC", Ok("2026-03-01T10:20:30Z"));
    }

    #[test]
    fn what_is_no_instant_says_why() {
        check("2026-03-01T10:20:30", Err(InstantError::NoOffset));
        check("2026-03-01 10:20", Err(InstantError::NoOffset));
        check("2026-03-01 10:60", Err(InstantError::NoSuchTime));
        check("2026-03-01 10:20+0160", Err(InstantError::NoSuchTime));
        check("2026-02-30", Err(InstantError::NoSuchTime));
        check("2023-02-29T00:00:00Z", Err(InstantError::NoSuchTime));
        check("2026-03-01T24:00:00Z", Err(InstantError::NoSuchTime));
        check("0000-01-01T00:00:00+01:00", Err(InstantError::NoSuchTime));
        check("99999999999999999999", Err(InstantError::NoSuchTime));
        for text in [
            "",
            "-",
            "yesterday",
            "2026-3-1",
            "2026-03-01T10Z",
            "2026-03-01T10:20:Z",
            "2026-03-01T10:20.5Z",
            "2026-03-01T10:20:30.Z",
            "2026-03-01T10:20:30 ",
            "2026-03-01T10:20:30+01:",
            "2026-03-01T10:20:30+010",
            "2026-03-01T10:20:30+01000",
            "2026-03-01T10:20:30 PST",
            "2026-03-01Z",
            "２０２６-03-01",
        ] {
            check(text, Err(InstantError::Unreadable));
        }
    }

    #[test]
    fn a_time_without_offset_is_read_where_one_is_assumed() {
        let read = |text| Instant::parse_at_offset(text, 2 * 3_600_000).map(|instant| instant.to_string());
        assert_eq!(read("2024-03-13 10:21:14"), Ok("2024-03-13T08:21:14Z".to_owned()));
        assert_eq!(read("2024-03-13 10:21"), Ok("2024-03-13T08:21:00Z".to_owned()));
        assert_eq!(read("2024-03-13T10:21:14Z"), Ok("2024-03-13T10:21:14Z".to_owned()));
        assert_eq!(read("2024-03-13"), Ok("2024-03-12T22:00:00Z".to_owned()));
    }
}
