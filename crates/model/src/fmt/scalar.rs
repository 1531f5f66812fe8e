//! When a YAML scalar needs quotes, and how it is quoted.

use super::tree::Scalar;

/// The scalar as it stands on one line; `flow` between brackets, where commas and brackets need quotes too.
pub(super) fn on_one_line(scalar: &Scalar, flow: bool) -> String {
    let text = &scalar.text;
    if text.is_empty() && !scalar.quoted {
        return if flow { "null".into() } else { String::new() };
    }
    let plain = can_be_plain(text, flow) && !(scalar.quoted && is_typed(text));
    if plain { text.clone() } else { quote(text) }
}

/// Whether YAML, of any version, reads the plain text as something else than a text.
///
/// Wider than YAML 1.2 on purpose: a quoted `"no"` or `"2026-01-01"` keeps its quotes, so that
/// no tool that reads the file can mistake it.
pub(super) fn is_typed(text: &str) -> bool {
    is_word(text) || is_number(text) || is_date(text)
}

fn is_word(text: &str) -> bool {
    const WORDS: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    matches!(text, "" | "~" | "<<" | "=") || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.eq_ignore_ascii_case(".inf") || digits.eq_ignore_ascii_case(".nan") {
        return true;
    }
    let numeric = |c: char| c.is_ascii_digit() || matches!(c, '_' | '.' | ':' | 'e' | 'E' | '+' | '-');
    let radix = |prefix: [&str; 2]| prefix.iter().any(|prefix| digits.starts_with(prefix));
    let starts = digits.trim_start_matches(['.', '_']).starts_with(|c: char| c.is_ascii_digit());
    starts
        && (digits.chars().all(numeric)
            || (radix(["0x", "0X"]) && digits[2..].chars().all(|c| c.is_ascii_hexdigit() || c == '_'))
            || (radix(["0o", "0b"]) && digits[2..].chars().all(|c| c.is_ascii_digit() || c == '_')))
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 8
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4] == b'-'
        && bytes[5..].iter().all(|b| b.is_ascii_digit() || b" \t-+:.TtZz".contains(b))
}

/// Whether the text can stand without quotes.
fn can_be_plain(text: &str, flow: bool) -> bool {
    let mut chars = text.chars();
    let (Some(first), second) = (chars.next(), chars.next()) else { return false };
    let opens = match first {
        '-' | '?' | ':' => second.is_none_or(|c| c == ' ' || (flow && ",[]{}".contains(c))),
        _ => ",[]{}#&*!|>'\"%@`".contains(first),
    };
    !opens
        && !text.starts_with("---")
        && !text.starts_with("...")
        && text.trim() == text
        && !text.ends_with(':')
        && !text.contains(": ")
        && !text.contains(" #")
        && text.chars().all(is_printable)
        && !(flow && text.contains([',', '[', ']', '{', '}']))
}

/// Whether the character can stand in a plain or single-quoted scalar on one line.
fn is_printable(c: char) -> bool {
    !(c.is_control()
        || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'))
}

/// The text in quotes: single ones, as conditions hold double ones; double ones where that reads easier.
pub(super) fn quote(text: &str) -> String {
    let escapes = !text.chars().all(is_printable);
    if escapes || text.is_empty() || (text.contains('\'') && !text.contains(['"', '\\'])) {
        double_quoted(text)
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            c if u32::from(c) <= 0xff => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, quoted: bool, block: &str, flow: &str) {
        let scalar = Scalar { text: text.into(), quoted, block: None };
        assert_eq!(on_one_line(&scalar, false), block, "in block notation: {text:?}");
        assert_eq!(on_one_line(&scalar, true), flow, "in flow notation: {text:?}");
    }

    #[test]
    fn quotes_stay_only_where_they_are_needed() {
        check("Software", true, "Software", "Software");
        check("lead.employees >= 50", true, "lead.employees >= 50", "lead.employees >= 50");
        check("Sales, EMEA", true, "Sales, EMEA", "'Sales, EMEA'");
        check(
            "!(lead.country in lists.served)",
            true,
            "'!(lead.country in lists.served)'",
            "'!(lead.country in lists.served)'",
        );
        check(
            "event.seats >= 100 ? 25 : 10",
            true,
            "'event.seats >= 100 ? 25 : 10'",
            "'event.seats >= 100 ? 25 : 10'",
        );
        check("\"x\" in lead.tags", true, "'\"x\" in lead.tags'", "'\"x\" in lead.tags'");
        check("l'an", true, "l'an", "l'an");
        check("# it's", true, "\"# it's\"", "\"# it's\"");
        check("", true, "\"\"", "\"\"");
        check("two\nlines", true, "\"two\\nlines\"", "\"two\\nlines\"");
        check("a:", true, "'a:'", "'a:'");
        check("-x", false, "-x", "-x");
        check("\u{feff}", true, "\"\\ufeff\"", "\"\\ufeff\"");
    }

    #[test]
    fn a_quoted_text_that_looks_like_something_else_keeps_its_quotes() {
        for text in [
            "1",
            "-0.5",
            "1e3",
            "0x1F",
            "1_000",
            "12:30",
            ".5",
            "no",
            "NO",
            "Off",
            "y",
            "null",
            "~",
            "true",
            "2026-01-01",
        ] {
            check(text, true, &format!("'{text}'"), &format!("'{text}'"));
            check(text, false, text, text);
        }
    }

    #[test]
    fn nothing_is_null_between_brackets() {
        check("", false, "", "null");
    }

    #[test]
    fn durations_and_words_are_not_numbers() {
        for text in ["14d", "1d12h", "e3", "Norway", "none", "1.2.x", "0xyz", "-", "+", "é"] {
            assert!(!is_typed(text), "{text}");
        }
    }
}
