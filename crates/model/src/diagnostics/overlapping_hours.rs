//! `overlapping-hours`: business hours of one day that have minutes in common.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "overlapping-hours";

/// Two stretches of `day` overlap.
pub(crate) fn overlapping_hours(day: &str, first: Span, second: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(CODE, format!("the hours of `{day}` overlap"), second);
    // `mon-fri` and `fri` may share an anchor, and so a place.
    let diagnostic = if first == second { diagnostic } else { diagnostic.and(first, "with these") };
    diagnostic.help("give each day its hours once: `{mon-thu: \"09:00-17:30\", fri: \"09:00-15:00\"}`")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_playbook;

    #[test]
    fn a_day_has_its_hours_once() {
        check_playbook(
            r##"
                hours: {mon-fri: "09:00-17:00", fri: ["09:00-12:00", "12:00-15:00"], sat: ["09:00-12:00", "11:00-13:00"]}
            "##,
            &expect![[r#"
                error[overlapping-hours]: the hours of `fri` overlap
                 --> p.yaml:3:39
                  |
                3 | hours: {mon-fri: "09:00-17:00", fri: ["09:00-12:00", "12:00-15:00"], sat: ["09:00-12:00", "11:00-13:00"]}
                  |                  -------------        ^^^^^^^^^^^^^
                  |                  |
                  |                  with these
                  |
                  = help: give each day its hours once: `{mon-thu: "09:00-17:30", fri: "09:00-15:00"}`

                error[overlapping-hours]: the hours of `fri` overlap
                 --> p.yaml:3:54
                  |
                3 | hours: {mon-fri: "09:00-17:00", fri: ["09:00-12:00", "12:00-15:00"], sat: ["09:00-12:00", "11:00-13:00"]}
                  |                  ------------- with these            ^^^^^^^^^^^^^
                  |
                  = help: give each day its hours once: `{mon-thu: "09:00-17:30", fri: "09:00-15:00"}`

                error[overlapping-hours]: the hours of `sat` overlap
                 --> p.yaml:3:91
                  |
                3 | hours: {mon-fri: "09:00-17:00", fri: ["09:00-12:00", "12:00-15:00"], sat: ["09:00-12:00", "11:00-13:00"]}
                  |                                                                            -------------  ^^^^^^^^^^^^^
                  |                                                                            |
                  |                                                                            with these
                  |
                  = help: give each day its hours once: `{mon-thu: "09:00-17:30", fri: "09:00-15:00"}`
            "#]],
        );
    }
}
