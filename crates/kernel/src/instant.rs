//! Instants and durations: whole milliseconds, UTC.

pub(crate) mod civil;
mod parse;
mod span;

use std::fmt;

pub use parse::InstantError;
pub use span::DurationError;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// A length of time in milliseconds, never negative. A day is 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(i64);

impl Instant {
    /// The earliest instant that can be written: the year 0000.
    pub const MIN: Self = Self(-62_167_219_200_000);
    /// The latest instant that can be written: the end of the year 9999.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The instant `millis` after the epoch, kept within [`Instant::MIN`] and [`Instant::MAX`].
    pub const fn from_millis(millis: i64) -> Self {
        if millis < Self::MIN.0 {
            Self::MIN
        } else if millis > Self::MAX.0 {
            Self::MAX
        } else {
            Self(millis)
        }
    }

    /// Milliseconds since the epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This instant cut to the whole hour.
    pub const fn hour(self) -> Self {
        Self(self.0 - self.0.rem_euclid(HOUR))
    }

    /// Year, month and day, UTC.
    pub const fn date(self) -> (i64, i64, i64) {
        civil::date(self.0.div_euclid(DAY))
    }

    /// Milliseconds since midnight, UTC.
    pub const fn time_of_day(self) -> i64 {
        self.0.rem_euclid(DAY)
    }

    /// Milliseconds from `earlier` to this; negative if it is later.
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// The instant `duration` later.
    #[must_use]
    pub const fn after(self, duration: Duration) -> Self {
        Self::from_millis(self.0.saturating_add(duration.0))
    }

    /// The instant `duration` earlier.
    #[must_use]
    pub const fn before(self, duration: Duration) -> Self {
        Self::from_millis(self.0.saturating_sub(duration.0))
    }
}

impl Duration {
    /// One hour.
    pub const HOUR: Self = Self(HOUR);
    /// One day of 24 hours.
    pub const DAY: Self = Self(DAY);

    /// A duration of `millis` milliseconds; 0 if negative.
    pub const fn from_millis(millis: i64) -> Self {
        Self(if millis < 0 { 0 } else { millis })
    }

    /// A duration of whole days.
    pub const fn from_days(days: u32) -> Self {
        Self(days as i64 * DAY)
    }

    /// The length in milliseconds.
    pub const fn as_millis(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        let millis = self.time_of_day();
        let (hour, minute, second) = (millis / HOUR, millis / 60_000 % 60, millis / 1000 % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        match millis % 1000 {
            0 => f.write_str("Z"),
            fraction => write!(f, ".{fraction:03}Z"),
        }
    }
}
