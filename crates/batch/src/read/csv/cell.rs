//! Cells of delimited text, which has no types: what they are depends on how the model uses them.

use kelvin_kernel::{Value, plan::Usage};

use crate::read::cells::Cell;

/// A cell as a value. One that is empty or blank is absent.
#[inline]
pub(super) fn cell(text: &str, usage: Usage) -> Cell<'_> {
    let trimmed = trim(text);
    if trimmed.is_empty() {
        return Cell::Absent;
    }
    let typed = match usage {
        Usage::Unknown | Usage::Text | Usage::Time => None,
        Usage::Number => number(trimmed),
        Usage::Bool => truth(trimmed).map(Value::Bool),
    };
    typed.map_or(Cell::Text(text), Cell::Value)
}

/// The text without blanks around it.
#[inline]
pub(super) fn trim(text: &str) -> &str {
    let blank = |byte: Option<&u8>| byte.is_some_and(|byte| *byte <= b' ' || *byte >= 0x80);
    if blank(text.as_bytes().first()) || blank(text.as_bytes().last()) { text.trim() } else { text }
}

/// A plain decimal number: `-1`, `2.50`, `1e6`. Neither `1,000` nor `$5` nor `NaN` is one.
pub(super) fn number(text: &str) -> Option<Value> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'-' | b'+');
    let begins = unsigned.bytes().next().is_some_and(|byte| byte.is_ascii_digit() || byte == b'.');
    if !begins || !unsigned.bytes().all(plain) {
        return None;
    }
    if let Ok(int) = text.parse() {
        return Some(Value::Int(int));
    }
    text.parse().ok().filter(|double: &f64| double.is_finite()).map(Value::Double)
}

/// `true`, `yes`, `y`, `t`, `1` and their opposites, in capitals or not.
fn truth(text: &str) -> Option<bool> {
    let is = |words: [&str; 5]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(["true", "yes", "y", "t", "1"]) {
        Some(true)
    } else if is(["false", "no", "n", "f", "0"]) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use kelvin_kernel::{Value, plan::Usage};

    use super::{Cell, cell};

    fn check(usage: Usage, text: &str, expect: Cell<'_>) {
        assert_eq!(cell(text, usage), expect, "{text:?} as {usage:?}");
    }

    #[test]
    fn text_stays_text_unless_the_model_uses_it_otherwise() {
        for text in ["01067", "+49 30 1234", "007", "true", "1e5", "2024-01-01", " padded "] {
            check(Usage::Text, text, Cell::Text(text));
        }
        for usage in [Usage::Text, Usage::Number, Usage::Bool] {
            check(usage, "", Cell::Absent);
            check(usage, " \u{a0}\t", Cell::Absent);
        }
    }

    #[test]
    fn a_number_is_a_plain_decimal_one() {
        let number = |text, expect| check(Usage::Number, text, Cell::Value(expect));
        number("250", Value::Int(250));
        number(" -3 ", Value::Int(-3));
        number("+7", Value::Int(7));
        number("007", Value::Int(7));
        number("1.5", Value::Double(1.5));
        number(".5", Value::Double(0.5));
        number("1E+05", Value::Double(100_000.0));
        number("9223372036854775808", Value::Double(9_223_372_036_854_775_808.0));
        for text in [
            "1,000", "1.000,50", "$5", "5 %", "ten", "NaN", "inf", "0x10", "1_000", "--1", "1.2.3", "-", ".",
            "1e999",
        ] {
            check(Usage::Number, text, Cell::Text(text));
        }
    }

    #[test]
    fn a_boolean_is_written_in_many_ways() {
        for text in ["true", "TRUE", "Yes", "y", "T", "1", " true "] {
            check(Usage::Bool, text, Cell::Value(Value::Bool(true)));
        }
        for text in ["false", "FALSE", "No", "n", "f", "0"] {
            check(Usage::Bool, text, Cell::Value(Value::Bool(false)));
        }
        for text in ["maybe", "2", "oui"] {
            check(Usage::Bool, text, Cell::Text(text));
        }
    }
}
