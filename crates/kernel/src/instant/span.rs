//! Durations from text: integers with units `w d h m s`, as in `1d12h`.

use std::{fmt, str::FromStr};

use super::{DAY, Duration, HOUR};

const UNITS: [(u8, i64); 5] = [(b'w', 7 * DAY), (b'd', DAY), (b'h', HOUR), (b'm', 60_000), (b's', 1000)];

/// The longest duration that can be written, about ten thousand years: longer ones are typing errors.
const LONGEST: i64 = 3_660_000 * DAY;

/// Why a text is no duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DurationError {
    /// It is not a series of integers with units.
    Unreadable,
    /// It is longer than ten thousand years.
    TooLong,
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreadable => {
                "expected integers with units `w`, `d`, `h`, `m` or `s`, as in `90d` or `1d12h`"
            }
            Self::TooLong => "longer than ten thousand years",
        })
    }
}

impl std::error::Error for DurationError {}

impl FromStr for Duration {
    type Err = DurationError;

    /// Reads one or more integer and unit pairs, in any order.
    fn from_str(text: &str) -> Result<Self, DurationError> {
        if text.is_empty() {
            return Err(DurationError::Unreadable);
        }
        let mut total = 0_i64;
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(|c: char| !c.is_ascii_digit()).ok_or(DurationError::Unreadable)?;
            let (number, tail) = rest.split_at(end);
            if number.is_empty() {
                return Err(DurationError::Unreadable);
            }
            let unit = UNITS.iter().find(|(unit, _)| tail.as_bytes().first() == Some(unit));
            let (_, millis) = unit.ok_or(DurationError::Unreadable)?;
            let number: i64 = number.parse().map_err(|_| DurationError::TooLong)?;
            let part = number.checked_mul(*millis).ok_or(DurationError::TooLong)?;
            total = total.checked_add(part).filter(|sum| *sum <= LONGEST).ok_or(DurationError::TooLong)?;
            rest = &tail[1..];
        }
        Ok(Self(total))
    }
}

impl fmt::Display for Duration {
    /// In days and less, as in `14d`, `1d12h`: nobody says `12w6d` for `90d`. Milliseconds are cut off.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        if rest < 1000 {
            return f.write_str("0s");
        }
        for (unit, millis) in &UNITS[1..] {
            if rest >= *millis {
                write!(f, "{}{}", rest / millis, char::from(*unit))?;
                rest %= millis;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, DurationError};

    fn check(text: &str, expect: Result<(i64, &str), DurationError>) {
        let got: Result<Duration, _> = text.parse();
        let got = got.map(|duration| (duration.as_millis(), duration.to_string()));
        assert_eq!(got, expect.map(|(millis, shown)| (millis, shown.to_owned())), "{text}");
    }

    #[test]
    fn a_duration_is_read_and_printed() {
        check("90d", Ok((7_776_000_000, "90d")));
        check("1d12h", Ok((129_600_000, "1d12h")));
        check("36h", Ok((129_600_000, "1d12h")));
        check("2w", Ok((1_209_600_000, "14d")));
        check("14d", Ok((1_209_600_000, "14d")));
        check("0d", Ok((0, "0s")));
        check("90m", Ok((5_400_000, "1h30m")));
    }

    #[test]
    fn what_is_no_duration_says_why() {
        for text in ["", "90", "d", "1.5d", "-1d", "1 d", "1D", "1d ", "1month", "9é"] {
            check(text, Err(DurationError::Unreadable));
        }
        check("99999999999999999999d", Err(DurationError::TooLong));
        check("9999999999w", Err(DurationError::TooLong));
    }
}
