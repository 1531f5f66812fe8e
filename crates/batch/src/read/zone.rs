//! Where times without an offset were noted: so far from UTC, or in a time zone by its name.

use std::fmt;

use jiff::{
    Timestamp,
    tz::{self, Offset, TimeZoneDatabase},
};
use kelvin_kernel::{Instant, instant::InstantError};

use super::suggest::nearest;

/// Where times without an offset were noted.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeZone(Kind);

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    /// So many milliseconds ahead of UTC.
    Offset(i64),
    /// As far from UTC as the clocks of a zone were. The zones are those that are built in, never the machine's.
    Named(tz::TimeZone),
}

/// There is no time zone of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownZone {
    /// The name that may be meant.
    pub meant: Option<String>,
}

impl TimeZone {
    /// So many milliseconds ahead of UTC, all year round.
    pub const fn at_offset(millis: i64) -> Self {
        Self(Kind::Offset(millis))
    }

    /// A zone by its name: `Europe/Berlin`.
    ///
    /// # Errors
    /// There is no such zone.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        let zones = TimeZoneDatabase::bundled();
        if let Ok(zone) = zones.get(name) {
            return Ok(Self(Kind::Named(zone)));
        }
        let names: Vec<String> = zones.available().map(|known| known.to_string()).collect();
        let is_city = |known: &&String| {
            known.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(&name.replace(' ', "_")))
        };
        let city = names.iter().find(is_city).map(String::as_str);
        let meant = city.or_else(|| nearest(name, names.iter().map(String::as_str)));
        Err(UnknownZone { meant: meant.map(str::to_owned) })
    }

    /// Reads a time; one without an offset, and a bare date, are of this zone. What the clocks showed twice is the
    /// earlier of the two; what they passed over lies as far behind where they went on.
    pub(super) fn parse(&self, text: &str) -> Result<Instant, InstantError> {
        const HOUR: i64 = 3_600_000;
        if let Kind::Offset(millis) = self.0 {
            return Instant::parse_at_offset(text, millis);
        }
        let local = Instant::parse_at_offset(text, 0)?;
        if Instant::parse_at_offset(text, HOUR) == Ok(local) {
            // The offset makes no difference to a time that has one of its own.
            return Ok(local);
        }
        let millis = self.millis(local.as_millis()).ok_or(InstantError::NoSuchTime)?;
        let instant = Instant::from_millis(millis);
        if instant.as_millis() == millis { Ok(instant) } else { Err(InstantError::NoSuchTime) }
    }

    /// When the clocks of the zone showed what those in UTC show at `local`, both in milliseconds since the epoch. `None`
    /// beyond the times that can be told.
    pub(super) fn millis(&self, local: i64) -> Option<i64> {
        match &self.0 {
            Kind::Offset(offset) => local.checked_sub(*offset),
            Kind::Named(zone) => {
                let shown = Offset::UTC.to_datetime(Timestamp::from_millisecond(local).ok()?);
                Some(zone.to_timestamp(shown).ok()?.as_millisecond())
            }
        }
    }
}

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown time zone")?;
        self.meant.iter().try_for_each(|meant| write!(f, ": did you mean `{meant}`?"))
    }
}

impl std::error::Error for UnknownZone {}

#[cfg(test)]
mod tests {
    use kelvin_kernel::instant::InstantError;

    use super::TimeZone;

    #[track_caller]
    fn check(text: &str, expect: Result<&str, InstantError>) {
        let zone = TimeZone::named("Europe/Berlin").unwrap();
        let read = zone.parse(text).map(|instant| instant.to_string());
        assert_eq!(read, expect.map(str::to_owned), "{text}");
    }

    #[test]
    fn a_time_is_as_far_from_utc_as_the_clocks_were() {
        check("2026-01-15 12:00", Ok("2026-01-15T11:00:00Z"));
        check("2026-07-15 12:00:00.5", Ok("2026-07-15T10:00:00.500Z"));
        check("2026-07-15", Ok("2026-07-14T22:00:00Z"));
        check("2099-07-15 12:00", Ok("2099-07-15T10:00:00Z"));
        check("2026-07-15T12:00:00Z", Ok("2026-07-15T12:00:00Z"));
        check("2026-07-15T12:00:00+05:00", Ok("2026-07-15T07:00:00Z"));
        check("1767225600000", Ok("2026-01-01T00:00:00Z"));
        check("yesterday", Err(InstantError::Unreadable));
        check("2026-02-30 12:00", Err(InstantError::NoSuchTime));
    }

    #[test]
    fn what_clocks_show_twice_is_the_earlier_and_what_they_pass_over_lies_behind() {
        check("2026-10-25 02:30", Ok("2026-10-25T00:30:00Z"));
        check("2026-10-25 03:00", Ok("2026-10-25T02:00:00Z"));
        check("2026-03-29 01:59", Ok("2026-03-29T00:59:00Z"));
        check("2026-03-29 02:30", Ok("2026-03-29T01:30:00Z"));
        check("2026-03-29 03:00", Ok("2026-03-29T01:00:00Z"));
    }

    #[test]
    fn a_zone_that_does_not_exist_is_told_with_the_one_that_is_meant() {
        let told = |name: &str| TimeZone::named(name).map_err(|error| error.to_string());
        assert_eq!(told("europe/berlin"), told("Europe/Berlin"));
        assert_eq!(told("Europe/Berln"), Err("unknown time zone: did you mean `Europe/Berlin`?".to_owned()));
        assert_eq!(told("new york"), Err("unknown time zone: did you mean `America/New_York`?".to_owned()));
        assert_eq!(told("nowhere"), Err("unknown time zone".to_owned()));
    }
}
