//! The calendar: days since the epoch to year, month, day and back.

/// A moment read off a calendar and a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    /// Year, 1 to 9999 (0 to 10000 where an offset carries it over).
    pub year: i64,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
    /// Day of the year, 1 to 366.
    pub day_of_year: u16,
    /// Day of the week, Sunday is 0.
    pub weekday: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59.
    pub second: u8,
}

/// What calendar and clock show `seconds` after 1970-01-01T00:00:00 of the same clock.
pub fn civil(seconds: i64) -> Civil {
    let days = seconds.div_euclid(86_400);
    let clock = seconds.rem_euclid(86_400);
    let (year, month, day) = date(days);
    Civil {
        year,
        month,
        day,
        day_of_year: (days - days_from_date(year, 1, 1) + 1) as u16,
        weekday: (days + 4).rem_euclid(7) as u8,
        hour: (clock / 3_600) as u8,
        minute: (clock / 60 % 60) as u8,
        second: (clock % 60) as u8,
    }
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar.
pub(super) fn days_from_date(year: i64, month: u8, day: u8) -> i64 {
    // Years are counted from March, so that the leap day is the last of its year.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (i64::from(month) + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// How many days a month has.
pub(super) fn days_in_month(year: i64, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

fn date(days: i64) -> (i64, u8, u8) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u8;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 } as u8;
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_the_calendar_follows_the_day_before() {
        let mut expect = (0, 12, 31);
        for days in days_from_date(1, 1, 1)..=days_from_date(9999, 12, 31) {
            expect = match expect {
                (year, 12, 31) => (year + 1, 1, 1),
                (year, month, day) if day == days_in_month(year, month) => (year, month + 1, 1),
                (year, month, day) => (year, month, day + 1),
            };
            assert_eq!(date(days), expect);
            assert_eq!(days_from_date(expect.0, expect.1, expect.2), days);
        }
        assert_eq!(expect, (9999, 12, 31));
    }

    #[test]
    fn calendar_and_clock_are_read_off() {
        let moment = civil(1_234_567_890);
        assert_eq!((moment.year, moment.month, moment.day), (2009, 2, 13));
        assert_eq!((moment.hour, moment.minute, moment.second), (23, 31, 30));
        assert_eq!((moment.weekday, moment.day_of_year), (5, 44));
        assert_eq!((civil(-1).year, civil(-1).second, civil(-1).weekday), (1969, 59, 3));
    }
}
