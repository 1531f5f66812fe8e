//! `bad-template`: a text with a name in braces that nothing has.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "bad-template";

/// A text cannot be filled in.
pub(crate) fn bad_template(message: String, help: String, span: Span) -> Diagnostic {
    Diagnostic::error(CODE, message, span).help(help)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_playbook;

    #[test]
    fn a_text_names_what_there_is() {
        check_playbook(
            r##"
                owners: {ada: {email: ada@acme.example}}
                hand_offs:
                  - id: sales
                    tier: sql
                    assign: ada
                    task: {title: 'Call {laed.name} at {scroe} {event.path} {lead}'}
                    text: 'open { and close }, }'
            "##,
            &expect![[r#"
                error[bad-template]: unknown name `laed.name`
                 --> p.yaml:8:25
                  |
                8 |     task: {title: 'Call {laed.name} at {scroe} {event.path} {lead}'}
                  |                         ^^^^^^^^^^^
                  |
                  = help: did you mean `lead.name`?

                error[bad-template]: unknown name `scroe`
                 --> p.yaml:8:40
                  |
                8 |     task: {title: 'Call {laed.name} at {scroe} {event.path} {lead}'}
                  |                                        ^^^^^^^
                  |
                  = help: did you mean `score`?

                error[bad-template]: there is no event to speak of
                 --> p.yaml:8:48
                  |
                8 |     task: {title: 'Call {laed.name} at {scroe} {event.path} {lead}'}
                  |                                                ^^^^^^^^^^^^
                  |
                  = help: only alerts with `event` are about one

                error[bad-template]: `lead` names no field
                 --> p.yaml:8:61
                  |
                8 |     task: {title: 'Call {laed.name} at {scroe} {event.path} {lead}'}
                  |                                                             ^^^^^^
                  |
                  = help: for example `{lead.name}`

                error[bad-template]: unknown name `and close`
                 --> p.yaml:9:17
                  |
                9 |     text: 'open { and close }, }'
                  |                 ^^^^^^^^^^^^^
                  |
                  = help: a text may name `lead.…`, `account.…`, `score`, `tier`, `reasons`, `link`, `owner` or `model`

                error[bad-template]: `}` closes nothing
                 --> p.yaml:9:32
                  |
                9 |     text: 'open { and close }, }'
                  |                                ^
                  |
                  = help: braces that are meant as such are doubled: `{{` and `}}`
            "#]],
        );
    }
}
