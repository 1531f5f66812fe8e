//! Bodies as JSON, also those that are slightly broken: a text that was cut in the middle of a character must not
//! cost the batch that it came in.

use serde_json::Value as Json;

use super::{Written, apart::apart};

/// A character that stands for what cannot be read, as it is escaped.
const UNKNOWN: &str = "\\ufffd";

/// Reads a body, or tells what is wrong with it. Halves of surrogate pairs become U+FFFD, as when files are read. In a batch, an
/// event that cannot be read for another reason (`NaN`, `1e400`, bytes that are not UTF-8) stands as the text that it is.
pub(crate) fn parse(bytes: &[u8]) -> Result<Written, String> {
    let sound = std::str::from_utf8(bytes).ok().and_then(|text| Written::read(text.to_owned()));
    let read = || mended(bytes).or_else(|cause| apart(bytes).ok_or(cause));
    sound.map_or_else(|| read().map(|json| Written::of(&json)), Ok)
}

/// Reads JSON, though there may be halves of surrogate pairs in it; or tells what is wrong with it.
pub(super) fn mended(bytes: &[u8]) -> Result<Json, String> {
    let text = std::str::from_utf8(bytes).map_err(|cause| cause.to_string())?;
    serde_json::from_str(text)
        .or_else(|cause| serde_json::from_str(&without_halves(text)).map_err(|_| cause.to_string()))
}

/// The text without what no text can hold.
fn without_halves(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        mended.push_str(before);
        let length = match (unit(after), after.get(5..).and_then(|next| unit(next.strip_prefix('\\')?))) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 11,
            (Some(0xD800..=0xDFFF), _) => {
                mended.push_str(UNKNOWN);
                rest = after.get(5..).unwrap_or_default();
                continue;
            }
            // An escaped backslash begins no escape.
            _ => after.chars().next().map_or(0, char::len_utf8),
        };
        mended.push('\\');
        let (escape, after) = after.split_at_checked(length).unwrap_or((after, ""));
        mended.push_str(escape);
        rest = after;
    }
    mended.push_str(rest);
    mended
}

/// The code unit of `u0041…`.
fn unit(escape: &str) -> Option<u32> {
    let digits = escape.strip_prefix('u')?.get(..4)?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        assert_eq!(parse(text.as_bytes()).expect(text).root().json(), Json::from(expect), "{text}");
    }

    #[test]
    fn half_a_character_becomes_a_mark() {
        check(r#""cut \ud83e""#, "cut \u{fffd}");
        check(r#""cut \udd80 here""#, "cut \u{fffd} here");
        check(r#""\ud83e\ud83e\udd80""#, "\u{fffd}🦀");
        check(r#""\ud83e\n\u0041""#, "\u{fffd}\nA");
    }

    #[test]
    fn what_stands_beside_it_stays() {
        check(r#""🦀 \ud83e\udd80 \\ud83e \"\ud83e""#, "🦀 🦀 \\ud83e \"\u{fffd}");
    }

    #[test]
    fn bytes_that_are_no_text_are_told() {
        let cause = parse(b"\"M\xfcnchen\"").expect_err("no text");
        assert_eq!(cause, "invalid utf-8 sequence of 1 bytes from index 2");
    }

    #[test]
    fn what_is_no_json_is_told_as_it_came() {
        let cause = parse(br#"{"a": "\ud83e", "b""#).expect_err("no JSON");
        assert!(cause.starts_with("lone leading surrogate") || cause.contains("line 1"), "{cause}");
        for broken in ["\\", "\"\\", "\"\\u", "\"\\ud83", "\"\\ud83e", "\"\\ud83e\\", "\"\\ud83e\\u12"] {
            assert!(parse(broken.as_bytes()).is_err(), "{broken}");
        }
    }
}
