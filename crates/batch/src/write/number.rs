//! Numbers and instants as text: exact, without needless digits, never with an exponent.

use kelvin_kernel::{Instant, Micropoints};

const PER_POINT: u64 = 1_000_000;
const MILLIS_PER_DAY: i64 = 86_400_000;
const PAIRS: &[u8; 200] = b"0001020304050607080910111213141516171819\
2021222324252627282930313233343536373839\
4041424344454647484950515253545556575859\
6061626364656667686970717273747576777879\
8081828384858687888990919293949596979899";

/// Appends points: `61.25`, `20`, `-0.000001`.
pub fn push_points(buf: &mut Vec<u8>, points: Micropoints) {
    let millionths = points.0.unsigned_abs();
    if points.0 < 0 {
        buf.push(b'-');
    }
    push_unsigned(buf, millionths / PER_POINT);
    let mut rest = millionths % PER_POINT;
    if rest == 0 {
        return;
    }
    let mut digits = [b'0'; 7];
    digits[0] = b'.';
    for digit in digits[1..].iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let end = digits.iter().rposition(|&digit| digit != b'0').map_or(0, |last| last + 1);
    buf.extend_from_slice(&digits[..end]);
}

/// Appends a whole number.
pub fn push_unsigned(buf: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    while number >= 100 {
        at -= 2;
        let pair = (number % 100) as usize * 2;
        digits[at..at + 2].copy_from_slice(&PAIRS[pair..pair + 2]);
        number /= 100;
    }
    if number >= 10 {
        at -= 2;
        let pair = number as usize * 2;
        digits[at..at + 2].copy_from_slice(&PAIRS[pair..pair + 2]);
    } else {
        at -= 1;
        digits[at] = b'0' + number as u8;
    }
    buf.extend_from_slice(&digits[at..]);
}

/// Appends an instant as RFC 3339 with `Z`, and with milliseconds only when they are not 0.
///
/// Years outside 0000–9999, which RFC 3339 does not have, get the sign and the digits that they need (ISO 8601).
pub fn push_instant(buf: &mut Vec<u8>, instant: Instant) {
    let days = instant.as_millis().div_euclid(MILLIS_PER_DAY);
    let millis = instant.as_millis().rem_euclid(MILLIS_PER_DAY) as u64;
    let (year, month, day) = civil(days);
    push_year(buf, year);
    buf.push(b'-');
    push_pair(buf, month);
    buf.push(b'-');
    push_pair(buf, day);
    buf.push(b'T');
    push_pair(buf, millis / 3_600_000);
    buf.push(b':');
    push_pair(buf, millis / 60_000 % 60);
    buf.push(b':');
    push_pair(buf, millis / 1000 % 60);
    let millis = millis % 1000;
    if millis != 0 {
        buf.push(b'.');
        buf.push(b'0' + (millis / 100) as u8);
        push_pair(buf, millis % 100);
    }
    buf.push(b'Z');
}

/// The points as text; see [`push_points`].
pub fn points_text(points: Micropoints) -> String {
    text(|buf| push_points(buf, points))
}

/// The instant as text; see [`push_instant`].
pub fn instant_text(instant: Instant) -> String {
    text(|buf| push_instant(buf, instant))
}

fn text(push: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut buf = Vec::with_capacity(24);
    push(&mut buf);
    String::from_utf8_lossy(&buf).into_owned()
}

fn push_year(buf: &mut Vec<u8>, year: i64) {
    if (0..=9999).contains(&year) {
        push_pair(buf, year as u64 / 100);
        push_pair(buf, year as u64 % 100);
        return;
    }
    buf.push(if year < 0 { b'-' } else { b'+' });
    let digits = year.unsigned_abs();
    if digits < 1000 {
        push_pair(buf, digits / 100);
        push_pair(buf, digits % 100);
    } else {
        push_unsigned(buf, digits);
    }
}

fn push_pair(buf: &mut Vec<u8>, number: u64) {
    let pair = (number % 100) as usize * 2;
    buf.extend_from_slice(&PAIRS[pair..pair + 2]);
}

/// Year, month and day of a number of days since 1970-01-01 (proleptic Gregorian; Hinnant's algorithm).
fn civil(days: i64) -> (i64, u64, u64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097) as u64;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era as i64 + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_printed_exactly_and_without_needless_digits() {
        let check = |millionths, expect: &str| assert_eq!(points_text(Micropoints(millionths)), expect);
        check(0, "0");
        check(61_250_000, "61.25");
        check(20_000_000, "20");
        check(100_000_000, "100");
        check(1, "0.000001");
        check(-1, "-0.000001");
        check(-25_000_000, "-25");
        check(-500_000, "-0.5");
        check(1_234_567, "1.234567");
        check(1_000_010, "1.00001");
        check(i64::MAX, "9223372036854.775807");
        check(i64::MIN, "-9223372036854.775808");
    }

    #[test]
    fn instants_have_milliseconds_only_when_they_are_not_0() {
        let check = |millis, expect: &str| assert_eq!(instant_text(Instant::from_millis(millis)), expect);
        check(0, "1970-01-01T00:00:00Z");
        check(1, "1970-01-01T00:00:00.001Z");
        check(-1, "1969-12-31T23:59:59.999Z");
        check(1_772_323_200_000, "2026-03-01T00:00:00Z");
        check(1_773_040_364_101, "2026-03-09T07:12:44.101Z");
        check(951_782_400_000, "2000-02-29T00:00:00Z");
        check(253_402_300_799_999, "9999-12-31T23:59:59.999Z");
        check(253_402_300_800_000, "+10000-01-01T00:00:00Z");
        check(-62_167_219_200_000, "0000-01-01T00:00:00Z");
        check(-62_167_219_200_001, "-0001-12-31T23:59:59.999Z");
        check(i64::MAX, "+292278994-08-17T07:12:55.807Z");
        check(i64::MIN, "-292275055-05-16T16:47:04.192Z");
    }

    #[test]
    fn whole_numbers_of_every_length_keep_their_digits() {
        for number in [0, 9, 10, 99, 100, 101, 999, 1000, 12_345, 1_000_000_007, u64::MAX] {
            let mut buf = Vec::new();
            push_unsigned(&mut buf, number);
            assert_eq!(String::from_utf8_lossy(&buf), number.to_string());
        }
    }
}
