//! `bad-text`: a text that is not of the form that its key takes: a date, hours, an address.

use super::Diagnostic;
use crate::{grammar::Fault, span::Span};

/// The code of most forms.
pub(crate) const CODE: &str = "bad-text";

/// The text written has a fault; forms may have a code of their own.
pub(crate) fn bad_text(code: &'static str, written: &str, fault: Fault, span: Span) -> Diagnostic {
    Diagnostic::error(code, format!("`{written}` {}", fault.what), span).help(fault.help)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_playbook;

    #[test]
    fn hours_are_written_in_one_way() {
        check_playbook(
            r##"
                hours: {mon: "9-17", tue: "22:00-06:00", wed: "22:00-00:00", thu: ["09:00-12:00", "13:00 - 25:00"]}
            "##,
            &expect![[r#"
                error[bad-text]: `9-17` are no hours
                 --> p.yaml:3:14
                  |
                3 | hours: {mon: "9-17", tue: "22:00-06:00", wed: "22:00-00:00", thu: ["09:00-12:00", "13:00 - 25:00"]}
                  |              ^^^^^^
                  |
                  = help: hours are written `09:00-17:30`

                error[bad-text]: `22:00-06:00` end before they begin
                 --> p.yaml:3:27
                  |
                3 | hours: {mon: "9-17", tue: "22:00-06:00", wed: "22:00-00:00", thu: ["09:00-12:00", "13:00 - 25:00"]}
                  |                           ^^^^^^^^^^^^^
                  |
                  = help: hours lie within a day: `22:00-24:00`, and `00:00-06:00` on the day after

                error[bad-text]: `22:00-00:00` end before they begin
                 --> p.yaml:3:47
                  |
                3 | hours: {mon: "9-17", tue: "22:00-06:00", wed: "22:00-00:00", thu: ["09:00-12:00", "13:00 - 25:00"]}
                  |                                               ^^^^^^^^^^^^^
                  |
                  = help: the end of a day is `24:00`: `22:00-24:00`

                error[bad-text]: `13:00 - 25:00` are no hours
                 --> p.yaml:3:83
                  |
                3 | hours: {mon: "9-17", tue: "22:00-06:00", wed: "22:00-00:00", thu: ["09:00-12:00", "13:00 - 25:00"]}
                  |                                                                                   ^^^^^^^^^^^^^^^
                  |
                  = help: hours are written `09:00-17:30`
            "#]],
        );
    }

    #[test]
    fn days_have_short_names() {
        check_playbook(
            r##"
                hours: {monday: "09:00-17:00", Tue-Thu: "09:00-17:00", weekdays: "09:00-17:00"}
            "##,
            &expect![[r#"
                error[bad-text]: `monday` is no day of the week
                 --> p.yaml:3:9
                  |
                3 | hours: {monday: "09:00-17:00", Tue-Thu: "09:00-17:00", weekdays: "09:00-17:00"}
                  |         ^^^^^^
                  |
                  = help: did you mean `mon`?

                error[bad-text]: `Tue-Thu` is no day of the week
                 --> p.yaml:3:32
                  |
                3 | hours: {monday: "09:00-17:00", Tue-Thu: "09:00-17:00", weekdays: "09:00-17:00"}
                  |                                ^^^^^^^
                  |
                  = help: did you mean `tue-thu`?

                error[bad-text]: `weekdays` is no day of the week
                 --> p.yaml:3:56
                  |
                3 | hours: {monday: "09:00-17:00", Tue-Thu: "09:00-17:00", weekdays: "09:00-17:00"}
                  |                                                        ^^^^^^^^
                  |
                  = help: days are `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun` and ranges such as `mon-fri`
            "#]],
        );
    }

    #[test]
    fn a_holiday_is_a_date() {
        check_playbook(
            r##"
                holidays: [24.12.2026, 2026-02-30, christmas, 12/24/2026]
            "##,
            &expect![[r#"
                error[bad-text]: `24.12.2026` is not a date
                 --> p.yaml:3:12
                  |
                3 | holidays: [24.12.2026, 2026-02-30, christmas, 12/24/2026]
                  |            ^^^^^^^^^^
                  |
                  = help: did you mean `2026-12-24`?

                error[bad-text]: `2026-02-30` is a day that no calendar has
                 --> p.yaml:3:24
                  |
                3 | holidays: [24.12.2026, 2026-02-30, christmas, 12/24/2026]
                  |                        ^^^^^^^^^^
                  |
                  = help: look up year, month and day

                error[bad-text]: `christmas` is not a date
                 --> p.yaml:3:36
                  |
                3 | holidays: [24.12.2026, 2026-02-30, christmas, 12/24/2026]
                  |                                    ^^^^^^^^^
                  |
                  = help: dates are written `2026-12-24`

                error[bad-text]: `12/24/2026` is not a date
                 --> p.yaml:3:47
                  |
                3 | holidays: [24.12.2026, 2026-02-30, christmas, 12/24/2026]
                  |                                               ^^^^^^^^^^
                  |
                  = help: dates are written `2026-12-24`
            "#]],
        );
    }

    #[test]
    fn a_time_zone_has_a_code_of_its_own() {
        let loaded = crate::playbook::load("p.yaml", "playbook: 1\ntime_zone: new york\n", &[]);
        expect![[r#"
            error[unknown-time-zone]: `new york` is not a time zone
             --> p.yaml:2:12
              |
            2 | time_zone: new york
              |            ^^^^^^^^
              |
              = help: did you mean `America/New_York`?
        "#]]
        .assert_eq(&loaded.render(false));
    }

    #[test]
    fn a_digest_comes_at_a_time_of_day() {
        check_playbook(
            r##"
                targets: {log: {log: true}}
                alerts: [{id: daily, digest: daily, at: 8 am, notify: log}]
            "##,
            &expect![[r#"
                error[bad-text]: `8 am` is not a time of day
                 --> p.yaml:4:41
                  |
                4 | alerts: [{id: daily, digest: daily, at: 8 am, notify: log}]
                  |                                         ^^^^
                  |
                  = help: times are written `08:00`, up to `23:59`
            "#]],
        );
    }

    #[test]
    fn addresses_are_those_of_people_and_of_the_web() {
        check_playbook(
            r##"
                owners: {ada: {email: ada at acme.example}}
                targets:
                  one: {mail: '${MAIL'}
                  two: {slack: $SLACK_URL}
                  three: {webhook: crm.acme.example/hooks}
                  four: {webhook: 'https://crm.acme.example/${hook url}'}
            "##,
            &expect![[r#"
                error[bad-text]: `ada at acme.example` is not an e-mail address
                 --> p.yaml:3:23
                  |
                3 | owners: {ada: {email: ada at acme.example}}
                  |                       ^^^^^^^^^^^^^^^^^^^
                  |
                  = help: for example `ada@acme.example`

                error[bad-text]: `${MAIL` has a `${` that is never closed
                 --> p.yaml:5:15
                  |
                5 |   one: {mail: '${MAIL'}
                  |               ^^^^^^^^
                  |
                  = help: a variable of the environment is written `${NAME}`

                error[bad-text]: `$SLACK_URL` is not a web address
                 --> p.yaml:6:16
                  |
                6 |   two: {slack: $SLACK_URL}
                  |                ^^^^^^^^^^
                  |
                  = help: a variable of the environment is written `${SLACK_URL}`

                error[bad-text]: `crm.acme.example/hooks` is not a web address
                 --> p.yaml:7:20
                  |
                7 |   three: {webhook: crm.acme.example/hooks}
                  |                    ^^^^^^^^^^^^^^^^^^^^^^
                  |
                  = help: it begins with `https://`

                error[bad-text]: `https://crm.acme.example/${hook url}` names no variable
                 --> p.yaml:8:19
                  |
                8 |   four: {webhook: 'https://crm.acme.example/${hook url}'}
                  |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                  |
                  = help: names are of capital letters, digits and `_`, as in `${SLACK_WEBHOOK_URL}`
            "#]],
        );
    }
}
