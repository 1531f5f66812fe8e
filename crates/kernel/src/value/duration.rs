//! CEL durations: as many nanoseconds as an `i64` counts, which is about 292 years either way.

use std::fmt;

/// A CEL duration, to the nanosecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    seconds: i64,
    /// Always counted forwards from `seconds`, so that the derived order is the order of length.
    nanos: u32,
}

const SECOND: i128 = 1_000_000_000;

impl Span {
    /// A duration of `seconds` and `nanos`, if it is in range.
    pub fn new(seconds: i64, nanos: i64) -> Option<Self> {
        Self::from_nanos(i128::from(seconds) * SECOND + i128::from(nanos))
    }

    /// A duration of `nanos` nanoseconds, if it is in range.
    pub fn from_nanos(nanos: i128) -> Option<Self> {
        i64::try_from(nanos).is_ok().then(|| Self {
            seconds: nanos.div_euclid(SECOND) as i64,
            nanos: nanos.rem_euclid(SECOND) as u32,
        })
    }

    /// The length in nanoseconds.
    pub fn nanos(self) -> i128 {
        i128::from(self.seconds) * SECOND + i128::from(self.nanos)
    }

    /// Whole seconds, rounded down, and the nanoseconds from there on.
    pub(super) fn parts(self) -> (i64, u32) {
        (self.seconds, self.nanos)
    }

    /// The sum of two durations, if it is in range.
    pub fn plus(self, other: Self) -> Option<Self> {
        Self::from_nanos(self.nanos() + other.nanos())
    }

    /// The difference of two durations, if it is in range.
    pub fn minus(self, other: Self) -> Option<Self> {
        Self::from_nanos(self.nanos() - other.nanos())
    }

    /// The length in whole units of `nanos` nanoseconds, rounded towards 0.
    pub fn whole(self, nanos: i64) -> i64 {
        self.nanos().checked_div(i128::from(nanos)).and_then(|units| i64::try_from(units).ok()).unwrap_or(0)
    }

    /// The milliseconds after the last whole second.
    pub fn subsecond_millis(self) -> i64 {
        (self.nanos() % SECOND / 1_000_000) as i64
    }

    /// CEL's text for a duration: an optional sign, then integers or decimals with units `h m s ms us ns`.
    pub fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        if unsigned.is_empty() {
            return None;
        }
        let mut nanos = 0i128;
        let mut rest = if unsigned == "0" { "" } else { unsigned };
        while !rest.is_empty() {
            let (length, after) = part(rest)?;
            nanos = nanos.checked_add(length)?;
            rest = after;
        }
        Self::from_nanos(if text.starts_with('-') { -nanos } else { nanos })
    }
}

/// The nanoseconds of the first number with its unit, and what follows.
fn part(text: &str) -> Option<(i128, &str)> {
    let number_end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, rest) = text.split_at(number_end);
    let unit_end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
    let (unit, rest) = rest.split_at(unit_end);
    let unit = match unit {
        "h" => 3_600 * SECOND,
        "m" => 60 * SECOND,
        "s" => SECOND,
        "ms" => 1_000_000,
        "us" | "µs" | "μs" => 1_000,
        "ns" => 1,
        _ => return None,
    };
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && decimals.is_empty() || decimals.contains('.') {
        return None;
    }
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let mut total = whole.checked_mul(unit)?;
    let mut place = unit;
    for digit in decimals.bytes() {
        place /= 10;
        total = total.checked_add(place * i128::from(digit - b'0'))?;
    }
    Some((total, rest))
}

/// Prints seconds, as `string(duration)` does: `1.5s`, `-3600s`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.nanos();
        let sign = if nanos < 0 { "-" } else { "" };
        let (seconds, rest) = (nanos.abs() / SECOND, nanos.abs() % SECOND);
        if rest == 0 {
            write!(f, "{sign}{seconds}s")
        } else {
            let decimals = format!("{rest:09}");
            write!(f, "{sign}{seconds}.{}s", decimals.trim_end_matches('0'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_printed() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(Span::parse(text).map(|span| span.to_string()).as_deref(), expect, "{text}");
        };
        check("1000000s", Some("1000000s"));
        check("1h30m", Some("5400s"));
        check("-1.5h", Some("-5400s"));
        check("1s1ms1us1ns", Some("1.001001001s"));
        check("-1ns", Some("-0.000000001s"));
        check(".5s", Some("0.5s"));
        check("1.s", Some("1s"));
        check("0", Some("0s"));
        check("-0", Some("0s"));
        check("+2m", Some("120s"));
        check("0s0s", Some("0s"));
        check("9223372036.854775807s", Some("9223372036.854775807s"));
        check("-9223372036.854775808s", Some("-9223372036.854775808s"));
        for wrong in
            ["", "-", "+", "1", "s", ".s", "1d", "1.2.3s", "1h ", " 1h", "1hx", "9223372036.854775808s", "١s"]
        {
            check(wrong, None);
        }
        check("99999999999999999999999999999999999999999999s", None);
        check("99999999999999999999999999999999999999h", None);
    }

    #[test]
    fn units_are_counted_towards_zero() {
        let span = Span::new(-3_730, -500_000_000).unwrap_or(Span { seconds: 0, nanos: 0 });
        assert_eq!(span.whole(60_000_000_000), -62);
        assert_eq!(span.subsecond_millis(), -500);
        assert!(span < Span { seconds: -3_730, nanos: 0 });
    }
}
