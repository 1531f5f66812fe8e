//! What calendar and clock show at a number of seconds.

use crate::instant::civil;

/// A moment read off a calendar and a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    /// Year, 1 to 9999 (0 to 10000 where an offset carries it over).
    pub year: i64,
    /// Month, 1 to 12.
    pub month: i64,
    /// Day of the month, 1 to 31.
    pub day: i64,
    /// Day of the year, 1 to 366.
    pub day_of_year: i64,
    /// Day of the week, Sunday is 0.
    pub weekday: i64,
    /// Hour, 0 to 23.
    pub hour: i64,
    /// Minute, 0 to 59.
    pub minute: i64,
    /// Second, 0 to 59.
    pub second: i64,
}

impl Civil {
    /// What calendar and clock show `seconds` after 1970-01-01T00:00:00 of the same clock.
    pub fn at(seconds: i64) -> Self {
        let days = seconds.div_euclid(86_400);
        let clock = seconds.rem_euclid(86_400);
        let (year, month, day) = civil::date(days);
        Self {
            year,
            month,
            day,
            day_of_year: days - civil::days(year, 1, 1) + 1,
            weekday: (days + 4).rem_euclid(7),
            hour: clock / 3_600,
            minute: clock / 60 % 60,
            second: clock % 60,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendar_and_clock_are_read_off() {
        let moment = Civil::at(1_234_567_890);
        assert_eq!((moment.year, moment.month, moment.day), (2009, 2, 13));
        assert_eq!((moment.hour, moment.minute, moment.second), (23, 31, 30));
        assert_eq!((moment.weekday, moment.day_of_year), (5, 44));
        assert_eq!((Civil::at(-1).year, Civil::at(-1).second, Civil::at(-1).weekday), (1969, 59, 3));
    }
}
