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

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_rules;

    #[test]
    fn words_are_no_units() {
        check_rules(
            "- {id: a, event: page, points: 5, decay: {half_life: 14 days}}",
            &expect![[r#"
            error[bad-duration]: `14 days` is not a duration
             --> m.yaml:6:56
              |
            6 |   - {id: a, event: page, points: 5, decay: {half_life: 14 days}}
              |                                                        ^^^^^^^
              |
              = help: did you mean `14d`?
        "#]],
        );
    }

    #[test]
    fn a_number_needs_a_unit() {
        check_rules(
            "- {id: a, inactive: 90, points: 5}",
            &expect![[r#"
            error[bad-duration]: `90` is not a duration
             --> m.yaml:6:23
              |
            6 |   - {id: a, inactive: 90, points: 5}
              |                       ^^
              |
              = help: give it a unit: `90d` is 90 days
        "#]],
        );
    }

    #[test]
    fn months_and_years_differ_in_length() {
        check_rules(
            "- {id: a, inactive: 3 months, points: 5, every: 1y}",
            &expect![[r#"
            error[bad-duration]: `3 months` is not a duration
             --> m.yaml:6:23
              |
            6 |   - {id: a, inactive: 3 months, points: 5, every: 1y}
              |                       ^^^^^^^^
              |
              = help: months differ in length: write `90d`

            error[bad-duration]: `1y` is not a duration
             --> m.yaml:6:51
              |
            6 |   - {id: a, inactive: 3 months, points: 5, every: 1y}
              |                                                   ^^
              |
              = help: years differ in length: write `365d`
        "#]],
        );
    }

    #[test]
    fn durations_are_whole_and_without_spaces() {
        check_rules(
            "- {id: a, inactive: 1.5d, points: 5, every: 1D 12H}",
            &expect![[r#"
            error[bad-duration]: `1.5d` is not a duration
             --> m.yaml:6:23
              |
            6 |   - {id: a, inactive: 1.5d, points: 5, every: 1D 12H}
              |                       ^^^^
              |
              = help: write whole numbers: `1d12h` instead of `1.5d`; units are `w`, `d`, `h`, `m` (minutes) and `s`, as in `90d` or `1d12h`

            error[bad-duration]: `1D 12H` is not a duration
             --> m.yaml:6:47
              |
            6 |   - {id: a, inactive: 1.5d, points: 5, every: 1D 12H}
              |                                               ^^^^^^
              |
              = help: did you mean `1d12h`?
        "#]],
        );
    }

    #[test]
    fn a_duration_is_longer_than_nothing() {
        check_rules(
            "- {id: a, inactive: 0d, points: 5}",
            &expect![[r#"
            error[bad-duration]: `0d` is no time at all
             --> m.yaml:6:23
              |
            6 |   - {id: a, inactive: 0d, points: 5}
              |                       ^^
              |
              = help: a duration is longer than 0
        "#]],
        );
    }

    #[test]
    fn a_duration_has_an_end() {
        check_rules(
            "- {id: a, inactive: 99999999d, points: 5, every: fortnightly}",
            &expect![[r#"
            error[bad-duration]: `99999999d` is too long
             --> m.yaml:6:23
              |
            6 |   - {id: a, inactive: 99999999d, points: 5, every: fortnightly}
              |                       ^^^^^^^^^
              |
              = help: durations go up to ten thousand years

            error[bad-duration]: `fortnightly` is not a duration
             --> m.yaml:6:52
              |
            6 |   - {id: a, inactive: 99999999d, points: 5, every: fortnightly}
              |                                                    ^^^^^^^^^^^
              |
              = help: units are `w`, `d`, `h`, `m` (minutes) and `s`, as in `90d` or `1d12h`
        "#]],
        );
    }
}
