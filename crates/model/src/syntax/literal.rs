//! What a scalar stands for: the core schema of YAML 1.2, so that `NO` is text and not a boolean.

use super::node::{Scalar, Style};

/// What a scalar stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number; also `.inf` and `.nan`.
    Float(f64),
    /// Anything else, and everything in quotes.
    Text(String),
}

impl Scalar {
    /// What the scalar stands for. Digits with a leading zero are text: a ZIP code is not a number.
    pub fn literal(&self) -> Literal {
        match self.style {
            Style::Plain => plain(&self.text),
            _ => Literal::Text(self.text.clone()),
        }
    }
}

fn plain(text: &str) -> Literal {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Literal::Null,
        "true" | "True" | "TRUE" => Literal::Bool(true),
        "false" | "False" | "FALSE" => Literal::Bool(false),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Literal::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Literal::Float(f64::NEG_INFINITY),
        ".nan" | ".NaN" | ".NAN" => Literal::Float(f64::NAN),
        _ => number(text).unwrap_or_else(|| Literal::Text(text.into())),
    }
}

fn number(text: &str) -> Option<Literal> {
    let radix = |prefix, radix| Some(i64::from_str_radix(text.strip_prefix(prefix)?, radix));
    if let Some(parsed) = radix("0x", 16).or_else(|| radix("0o", 8)) {
        let has_sign = text.contains(['+', '-']);
        return parsed.ok().filter(|_| !has_sign).map(Literal::Int);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let bytes = unsigned.as_bytes();
    let starts_like_one = matches!(bytes, [b'0'..=b'9', ..]) || matches!(bytes, [b'.', b'0'..=b'9', ..]);
    let only_its_signs =
        bytes.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    let leading_zero = matches!(bytes, [b'0', b'0'..=b'9', ..]);
    if !starts_like_one || !only_its_signs || leading_zero {
        return None;
    }
    if bytes.iter().all(u8::is_ascii_digit) {
        return text.parse().map(Literal::Int).ok().or_else(|| text.parse().map(Literal::Float).ok());
    }
    text.parse().map(Literal::Float).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Literal) {
        assert_eq!(Scalar { text: text.into(), style: Style::Plain }.literal(), expect);
    }

    fn text(text: &str) -> Literal {
        Literal::Text(text.into())
    }

    #[test]
    fn country_codes_and_words_stay_text() {
        for word in ["NO", "no", "off", "Yes", "y", "e5", "-", "1_000", "1,5", "12:30", "2026-01-01", "14d"] {
            check(word, text(word));
        }
    }

    #[test]
    fn digits_with_a_leading_zero_are_text() {
        check("01234", text("01234"));
        check("-007", text("-007"));
        check("0", Literal::Int(0));
        check("0.5", Literal::Float(0.5));
    }

    #[test]
    fn numbers_are_read_as_the_core_schema_has_them() {
        check("12", Literal::Int(12));
        check("+3", Literal::Int(3));
        check("-3", Literal::Int(-3));
        check("0x1F", Literal::Int(31));
        check("0o17", Literal::Int(15));
        check("0x-1", text("0x-1"));
        check("1.5e3", Literal::Float(1500.0));
        check(".5", Literal::Float(0.5));
        check("5.", Literal::Float(5.0));
        check("-.inf", Literal::Float(f64::NEG_INFINITY));
        check("99999999999999999999", Literal::Float(1e20));
        check("1e", text("1e"));
    }

    #[test]
    fn nothing_and_booleans_have_few_spellings() {
        check("", Literal::Null);
        check("~", Literal::Null);
        check("True", Literal::Bool(true));
        check("tRue", text("tRue"));
    }

    #[test]
    fn quotes_make_text() {
        let quoted = Scalar { text: "true".into(), style: Style::Double };
        assert_eq!(quoted.literal(), text("true"));
    }
}
