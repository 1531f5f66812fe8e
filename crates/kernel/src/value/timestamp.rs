//! CEL timestamps: nanoseconds since the epoch, years 1 to 9999.

use std::fmt;

use super::{Civil, Span};
use crate::instant::{Instant, civil};

/// A CEL timestamp: a point in time between the years 1 and 9999, to the nanosecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanos: u32,
}

impl Timestamp {
    /// 0001-01-01T00:00:00Z.
    pub const MIN: Self = Self { seconds: -62_135_596_800, nanos: 0 };
    /// The last nanosecond of the year 9999.
    pub const MAX: Self = Self { seconds: 253_402_300_799, nanos: 999_999_999 };

    /// The timestamp `seconds` and `nanos` after the epoch, if it is in range.
    pub fn new(seconds: i64, nanos: u32) -> Option<Self> {
        let at = Self { seconds, nanos };
        (nanos < 1_000_000_000 && (Self::MIN..=Self::MAX).contains(&at)).then_some(at)
    }

    /// The timestamp `millis` after the epoch, if it is in range.
    pub fn from_millis(millis: i64) -> Option<Self> {
        Self::new(millis.div_euclid(1_000), millis.rem_euclid(1_000) as u32 * 1_000_000)
    }

    /// The timestamp of an instant; one beyond the years 1 to 9999 is moved to their edge.
    pub fn saturating(at: Instant) -> Self {
        let edge = if at.as_millis() < 0 { Self::MIN } else { Self::MAX };
        Self::from_millis(at.as_millis()).unwrap_or(edge)
    }

    /// The instant: finer digits than milliseconds are cut off.
    pub fn instant(self) -> Instant {
        Instant::from_millis(self.seconds * 1_000 + i64::from(self.nanos / 1_000_000))
    }

    /// Whole seconds since the epoch.
    pub fn seconds(self) -> i64 {
        self.seconds
    }

    /// Nanoseconds after [`Self::seconds`].
    pub fn nanos(self) -> u32 {
        self.nanos
    }

    /// What calendar and clock show `offset` seconds east of UTC.
    pub fn civil(self, offset: i32) -> Civil {
        Civil::at(self.seconds + i64::from(offset))
    }

    /// The timestamp a duration later, if it is in range.
    pub fn plus(self, span: Span) -> Option<Self> {
        Self::from_total_nanos(self.total_nanos() + span.nanos())
    }

    /// The timestamp a duration earlier, if it is in range.
    pub fn minus(self, span: Span) -> Option<Self> {
        Self::from_total_nanos(self.total_nanos() - span.nanos())
    }

    /// How much later it is than `other`.
    pub fn since(self, other: Self) -> Option<Span> {
        Span::from_nanos(self.total_nanos() - other.total_nanos())
    }

    fn total_nanos(self) -> i128 {
        i128::from(self.seconds) * 1_000_000_000 + i128::from(self.nanos)
    }

    fn from_total_nanos(nanos: i128) -> Option<Self> {
        let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
        Self::new(seconds, nanos.rem_euclid(1_000_000_000) as u32)
    }

    /// RFC 3339 text as a timestamp: an offset is required, digits finer than nanoseconds are cut off.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = parse_date(text.as_bytes())?;
        let rest = rest
            .strip_prefix(b"T")
            .or_else(|| rest.strip_prefix(b"t"))
            .or_else(|| rest.strip_prefix(b" "))?;
        let (hour, rest) = two_digits(rest)?;
        let (minute, rest) = two_digits(rest.strip_prefix(b":")?)?;
        let (second, rest) = two_digits(rest.strip_prefix(b":")?)?;
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let (nanos, rest) = fraction(rest)?;
        let offset = offset(rest)?;
        let clock = i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
        Self::new(date * 86_400 + clock - i64::from(offset), nanos)
    }
}

/// Prints RFC 3339 with `Z`, and only the digits of the second that are needed.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Civil { year, month, day, hour, minute, second, .. } = self.civil(0);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.nanos != 0 {
            write!(f, ".{}", format!("{:09}", self.nanos).trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

/// Seconds east of UTC that `Z`, `+hh:mm` or `-hh:mm` stand for.
pub(crate) fn offset(text: &[u8]) -> Option<i32> {
    if matches!(text, b"Z" | b"z") {
        return Some(0);
    }
    let (sign, rest) = match text {
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = two_digits(rest)?;
    let (minutes, []) = two_digits(rest.strip_prefix(b":")?)? else { return None };
    (hours < 24 && minutes < 60).then_some(sign * (i32::from(hours) * 3_600 + i32::from(minutes) * 60))
}

/// The days since the epoch of `YYYY-MM-DD`, and what follows it.
fn parse_date(text: &[u8]) -> Option<(i64, &[u8])> {
    let (century, rest) = two_digits(text)?;
    let (year, rest) = two_digits(rest)?;
    let year = i64::from(century) * 100 + i64::from(year);
    let (month, rest) = two_digits(rest.strip_prefix(b"-")?)?;
    let (day, rest) = two_digits(rest.strip_prefix(b"-")?)?;
    let (month, day) = (i64::from(month), i64::from(day));
    let valid =
        year > 0 && (1..=12).contains(&month) && (1..=civil::days_in_month(year, month)).contains(&day);
    valid.then(|| (civil::days(year, month, day), rest))
}

fn two_digits(text: &[u8]) -> Option<(u8, &[u8])> {
    match text {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9', rest @ ..] => {
            Some(((tens - b'0') * 10 + (ones - b'0'), rest))
        }
        _ => None,
    }
}

/// Nanoseconds of an optional `.digits`, and what follows it.
fn fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let Some(digits) = text.strip_prefix(b".") else { return Some((0, text)) };
    let count = digits.iter().take_while(|digit| digit.is_ascii_digit()).count();
    let nanos = (0..9)
        .fold(0, |nanos, place| nanos * 10 + if place < count { u32::from(digits[place] - b'0') } else { 0 });
    (count > 0).then(|| (nanos, &digits[count..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_3339_text_is_read_and_printed() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(Timestamp::parse(text).map(|at| at.to_string()).as_deref(), expect, "{text}");
        };
        check("2009-02-13T23:31:30Z", Some("2009-02-13T23:31:30Z"));
        check("2009-02-13T23:31:30.5+01:30", Some("2009-02-13T22:01:30.5Z"));
        check("2009-02-13t23:31:30.123456789z", Some("2009-02-13T23:31:30.123456789Z"));
        check("2009-02-13 23:31:30.1234567891234-00:00", Some("2009-02-13T23:31:30.123456789Z"));
        check("2024-02-29T00:00:00.000010Z", Some("2024-02-29T00:00:00.00001Z"));
        check("9999-12-31T23:59:59.999999999Z", Some("9999-12-31T23:59:59.999999999Z"));
        for wrong in [
            "",
            "2009-02-13",
            "2009-02-13T23:31:30",
            "2009-02-13T23:31Z",
            "2009-13-13T23:31:30Z",
            "2023-02-29T00:00:00Z",
            "2009-02-13T24:00:00Z",
            "2009-02-13T23:31:30.Z",
            "2009-02-13T23:31:30+1:00",
            "2009-02-13T23:31:30Z ",
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
            "२००९-02-13T23:31:30Z",
        ] {
            check(wrong, None);
        }
    }

    #[test]
    fn an_instant_is_a_timestamp_cut_to_milliseconds() {
        let millis = |text| Timestamp::parse(text).map(|at| at.instant().as_millis());
        assert_eq!(millis("1970-01-01T00:00:00.0019Z"), Some(1));
        assert_eq!(millis("1969-12-31T23:59:59.9999Z"), Some(-1));
        assert_eq!(Timestamp::saturating(Instant::MIN), Timestamp::MIN);
    }
}
