//! `bad-duration`: text that is no duration, or a duration of no length.

use kelvin_kernel::instant::DurationError;

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "bad-duration";
const UNITS: &str = "units are `w`, `d`, `h`, `m` (minutes) and `s`, as in `90d` or `1d12h`";

/// `text` is not a duration for the reason given, or it is one of no length.
pub(crate) fn bad_duration(text: &str, reason: Option<DurationError>, span: Span) -> Diagnostic {
    let (message, help) = match reason {
        None => (format!("`{text}` is no time at all"), "a duration is longer than 0".to_owned()),
        Some(DurationError::TooLong) => {
            (format!("`{text}` is too long"), "durations go up to ten thousand years".to_owned())
        }
        Some(DurationError::Unreadable) => (format!("`{text}` is not a duration"), help(text)),
    };
    Diagnostic::error(CODE, message, span).help(help)
}

fn help(text: &str) -> String {
    let number: String = text.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
    let unit = text[number.len()..].trim().to_lowercase();
    let whole: Option<u32> = number.parse().ok();
    let unit = unit.strip_suffix('s').filter(|unit| unit.len() > 1).unwrap_or(&unit);
    match (whole, unit) {
        (None, _) if number.parse::<f64>().is_ok() && !number.is_empty() => {
            format!("write whole numbers: `1d12h` instead of `1.5d`; {UNITS}")
        }
        (Some(n), "") => format!("give it a unit: `{n}d` is {n} days"),
        (Some(n), "d" | "day" | "tag") => format!("did you mean `{n}d`?"),
        (Some(n), "w" | "week" | "wk") => format!("did you mean `{n}w`?"),
        (Some(n), "h" | "hour" | "hr") => format!("did you mean `{n}h`?"),
        (Some(n), "m" | "min" | "minute") => format!("did you mean `{n}m`?"),
        (Some(n), "s" | "sec" | "second") => format!("did you mean `{n}s`?"),
        (Some(n), "mo" | "month" | "mon" | "mth") => {
            format!("months differ in length: write `{}d`", u64::from(n) * 30)
        }
        (Some(n), "y" | "yr" | "year") => format!("years differ in length: write `{}d`", u64::from(n) * 365),
        _ => match spaceless(text) {
            Some(text) => format!("did you mean `{text}`?"),
            None => UNITS.to_owned(),
        },
    }
}

/// `1d 12H` without spaces and in lower case, if that is a duration.
fn spaceless(text: &str) -> Option<String> {
    let text: String = text.to_lowercase().split_whitespace().collect();
    text.parse::<kelvin_kernel::Duration>().is_ok().then_some(text)
}
