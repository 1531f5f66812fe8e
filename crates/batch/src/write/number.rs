//! Numbers and instants as text: exact, without needless digits, never with an exponent.

use kelvin_kernel::{Instant, Micropoints};

const PER_POINT: u64 = 1_000_000;
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
pub fn push_instant(buf: &mut Vec<u8>, instant: Instant) {
    let (year, month, day) = instant.date();
    let millis = instant.time_of_day();
    push_pair(buf, year / 100);
    push_pair(buf, year);
    for (mark, number) in [(b'-', month), (b'-', day), (b'T', millis / 3_600_000)] {
        buf.push(mark);
        push_pair(buf, number);
    }
    for unit in [60_000, 1000] {
        buf.push(b':');
        push_pair(buf, millis / unit % 60);
    }
    let millis = millis % 1000;
    if millis != 0 {
        buf.extend_from_slice(&[b'.', b'0' + (millis / 100) as u8]);
        push_pair(buf, millis);
    }
    buf.push(b'Z');
}

/// Appends the last two digits of a number that is not negative.
fn push_pair(buf: &mut Vec<u8>, number: i64) {
    let pair = number.rem_euclid(100) as usize * 2;
    buf.extend_from_slice(&PAIRS[pair..pair + 2]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_printed_exactly_and_without_needless_digits() {
        let check = |millionths, expect: &str| {
            let mut buf = Vec::new();
            push_points(&mut buf, Micropoints(millionths));
            assert_eq!(String::from_utf8_lossy(&buf), expect);
            assert_eq!(Micropoints(millionths).to_string(), expect);
        };
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
        let check = |millis| {
            let instant = Instant::from_millis(millis);
            let mut buf = Vec::new();
            push_instant(&mut buf, instant);
            assert_eq!(String::from_utf8_lossy(&buf), instant.to_string());
        };
        let mut millis = Instant::MIN.as_millis();
        while millis < Instant::MAX.as_millis() {
            check(millis);
            millis += 1_234_567_891_013;
        }
        for millis in [0, 1, -1, 999, 1000, 951_782_400_000, i64::MIN, i64::MAX] {
            check(millis);
        }
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
