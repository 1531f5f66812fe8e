//! `unknown-owner`, `unknown-target`, `unknown-model`, `unknown-tier`: a playbook names what is not there.

use super::Diagnostic;
use crate::span::Span;

/// No owner has the name written.
pub(crate) fn unknown_owner(written: &str, help: String, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-owner", format!("no owner is named `{written}`"), span).help(help)
}

/// No target has the name written.
pub(crate) fn unknown_target(written: &str, help: String, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-target", format!("no target is named `{written}`"), span).help(help)
}

/// No model that was checked beside the playbook has the id written.
pub(crate) fn unknown_model(written: &str, help: String, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-model", format!("no model is called `{written}`"), span).help(help)
}

/// The model has no tier of the name written.
pub(crate) fn unknown_tier(written: &str, model: &str, help: String, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-tier", format!("the model `{model}` has no tier `{written}`"), span).help(help)
}

/// `key` holds an empty list.
pub(crate) fn nobody(key: &str, span: Span) -> Diagnostic {
    Diagnostic::error("missing-key", format!("`{key}` names nobody"), span)
        .help("an empty list has no use: name somebody")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_beside, check_playbook};

    #[test]
    fn owners_are_known_by_their_short_names() {
        check_playbook(
            r##"
                owners: {ada: {email: ada@acme.example}, bob: {email: bob@acme.example}}
                hand_offs:
                  - {id: a, tier: sql, assign: [adda, account-owner, {to: Carla}]}
                  - {id: b, tier: sql, assign: {round_robin: [ada, bobb, ada]}}
                  - {id: c, tier: sql, assign: {round_robin: []}}
            "##,
            &expect![[r#"
                error[unknown-owner]: no owner is named `adda`
                 --> p.yaml:5:33
                  |
                5 |   - {id: a, tier: sql, assign: [adda, account-owner, {to: Carla}]}
                  |                                 ^^^^
                  |
                  = help: did you mean `ada`?

                error[unknown-owner]: no owner is named `account-owner`
                 --> p.yaml:5:39
                  |
                5 |   - {id: a, tier: sql, assign: [adda, account-owner, {to: Carla}]}
                  |                                       ^^^^^^^^^^^^^
                  |
                  = help: did you mean `account_owner`?

                error[unknown-owner]: no owner is named `Carla`
                 --> p.yaml:5:59
                  |
                5 |   - {id: a, tier: sql, assign: [adda, account-owner, {to: Carla}]}
                  |                                                           ^^^^^
                  |
                  = help: the owners are `ada`, `bob` and `account_owner`

                error[unknown-owner]: no owner is named `bobb`
                 --> p.yaml:6:52
                  |
                6 |   - {id: b, tier: sql, assign: {round_robin: [ada, bobb, ada]}}
                  |                                                    ^^^^
                  |
                  = help: did you mean `bob`?

                error[duplicate-id]: `ada` stands here twice
                 --> p.yaml:6:58
                  |
                6 |   - {id: b, tier: sql, assign: {round_robin: [ada, bobb, ada]}}
                  |                                               ---        ^^^ again here
                  |                                               |
                  |                                               first here
                  |
                  = help: an owner with a larger share has a `weight`

                error[missing-key]: `round_robin` names nobody
                 --> p.yaml:7:46
                  |
                7 |   - {id: c, tier: sql, assign: {round_robin: []}}
                  |                                              ^^
                  |
                  = help: an empty list has no use: name somebody
            "#]],
        );
    }

    #[test]
    fn targets_are_known_by_their_short_names() {
        check_playbook(
            r##"
                owners: {ada: {email: ada@acme.example}}
                targets: {inbox: {mail: sales@acme.example}}
                alerts:
                  - {id: a, tier: sql, notify: inbx}
                  - {id: b, tier: sql, notify: [inbox, ada]}
                  - {id: c, tier: sql, notify: []}
            "##,
            &expect![[r#"
                error[unknown-target]: no target is named `inbx`
                 --> p.yaml:6:32
                  |
                6 |   - {id: a, tier: sql, notify: inbx}
                  |                                ^^^^
                  |
                  = help: did you mean `inbox`?

                error[unknown-target]: no target is named `ada`
                 --> p.yaml:7:40
                  |
                7 |   - {id: b, tier: sql, notify: [inbox, ada]}
                  |                                        ^^^
                  |
                  = help: `ada` is an owner: `owner` stands for the one that the lead has

                error[missing-key]: `notify` names nobody
                 --> p.yaml:8:32
                  |
                8 |   - {id: c, tier: sql, notify: []}
                  |                                ^^
                  |
                  = help: an empty list has no use: name somebody
            "#]],
        );
    }

    #[test]
    fn nobody_owns_leads_where_there_are_no_owners() {
        check_playbook(
            r##"
                alerts: [{id: a, tier: sql, notify: owner}]
            "##,
            &expect![[r#"
                error[unknown-owner]: `owner` is nobody
                 --> p.yaml:3:37
                  |
                3 | alerts: [{id: a, tier: sql, notify: owner}]
                  |                                     ^^^^^
                  |
                  = help: the playbook has no `owners`
            "#]],
        );
    }

    #[test]
    fn models_and_tiers_are_those_of_the_models_beside_it() {
        check_beside(
            r##"
                owners: {ada: {email: ada@acme.example}}
                targets: {log: {log: true}}
                hand_offs:
                  - {id: a, model: aquisition, tier: sql, assign: ada}
                  - {id: b, tier: sqll, assign: ada, leave: mqll}
                  - {id: c, tier: sql, assign: ada, leave: nowhere}
                  - {id: quoted, tier: sql, assign: ada, leave: "30"}
                alerts:
                  - {id: d, tier: customer, notify: log}
                  - {id: e, digest: daily, at: "08:00", notify: log}
            "##,
            &expect![[r#"
                error[unknown-model]: no model is called `aquisition`
                 --> p.yaml:6:20
                  |
                6 |   - {id: a, model: aquisition, tier: sql, assign: ada}
                  |                    ^^^^^^^^^^
                  |
                  = help: did you mean `acquisition`?

                error[unknown-tier]: the model `acquisition` has no tier `sqll`
                 --> p.yaml:7:19
                  |
                7 |   - {id: b, tier: sqll, assign: ada, leave: mqll}
                  |                   ^^^^
                  |
                  = help: did you mean `sql`?

                error[unknown-tier]: the model `acquisition` has no tier `mqll`
                 --> p.yaml:7:45
                  |
                7 |   - {id: b, tier: sqll, assign: ada, leave: mqll}
                  |                                             ^^^^
                  |
                  = help: did you mean `mql`?

                error[unknown-tier]: the model `acquisition` has no tier `nowhere`
                 --> p.yaml:8:44
                  |
                8 |   - {id: c, tier: sql, assign: ada, leave: nowhere}
                  |                                            ^^^^^^^
                  |
                  = help: the tiers are `mql` and `sql`

                error[unknown-tier]: the model `acquisition` has no tier `30`
                 --> p.yaml:9:49
                  |
                9 |   - {id: quoted, tier: sql, assign: ada, leave: "30"}
                  |                                                 ^^^^
                  |
                  = help: the tiers are `mql` and `sql`

                error[unknown-tier]: the model `acquisition` has no tier `customer`
                  --> p.yaml:11:19
                   |
                11 |   - {id: d, tier: customer, notify: log}
                   |                   ^^^^^^^^
                   |
                   = help: the tiers are `mql` and `sql`
            "#]],
        );
    }
}
