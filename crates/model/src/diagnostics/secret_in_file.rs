//! `secret-in-file`: a secret that whoever reads the file can use.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "secret-in-file";

/// `key` of the target `id` holds its secret in clear.
pub(crate) fn secret_in_file(key: &str, id: &str, span: Span) -> Diagnostic {
    let what = if key == "slack" {
        "whoever has this address can post to the channel"
    } else {
        "whoever has this secret can sign requests"
    };
    let suffix = if key == "slack" { "SLACK_URL" } else { "SECRET" };
    let name: String = id.chars().map(|c| if c == '-' { '_' } else { c.to_ascii_uppercase() }).collect();
    let name = if name.starts_with(|c: char| c.is_ascii_uppercase()) {
        format!("{name}_{suffix}")
    } else {
        suffix.to_owned()
    };
    Diagnostic::warning(CODE, format!("a secret in the file: {what}"), span)
        .help(format!("keep it in the environment: `{key}: \"${{{name}}}\"`"))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_playbook;

    #[test]
    fn a_secret_belongs_into_the_environment() {
        check_playbook(
            r##"
                owners: {ada: {email: ada@acme.example}}
                targets:
                  sales-channel: {slack: https://hooks.slack.com/services/T000/B000/XXXX}
                  crm: {webhook: https://crm.acme.example/hooks, secret: open sesame}
                hand_offs: [{id: sales, tier: sql, assign: ada, notify: [sales-channel, crm]}]
            "##,
            &expect![[r#"
                warning[secret-in-file]: a secret in the file: whoever has this address can post to the channel
                 --> p.yaml:5:26
                  |
                5 |   sales-channel: {slack: https://hooks.slack.com/services/T000/B000/XXXX}
                  |                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                  |
                  = help: keep it in the environment: `slack: "${SALES_CHANNEL_SLACK_URL}"`

                warning[secret-in-file]: a secret in the file: whoever has this secret can sign requests
                 --> p.yaml:6:58
                  |
                6 |   crm: {webhook: https://crm.acme.example/hooks, secret: open sesame}
                  |                                                          ^^^^^^^^^^^
                  |
                  = help: keep it in the environment: `secret: "${CRM_SECRET}"`
            "#]],
        );
    }
}
