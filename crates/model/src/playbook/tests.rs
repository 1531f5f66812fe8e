//! What a playbook is told, and what a sound one becomes.

use expect_test::{Expect, expect};

use super::*;
use crate::testing::{check_playbook, dedented};

/// A playbook with a little of everything.
const PLAYBOOK: &str = r#"playbook: 1
time_zone: Europe/Berlin
hours: {mon-fri: "09:00-17:30"}
holidays: [2026-12-25, 2027-01-01]
owners:
  ada: {name: Ada Lovelace, email: ada@acme.example, capacity: 20, if: 'lead.country in ["DE", "AT"]'}
  bob: {email: bob@acme.example, weight: 2}
targets:
  sales-channel: {slack: "${SLACK_WEBHOOK_URL}"}
  inbox: {mail: sales@acme.example}
  crm: {webhook: https://crm.acme.example/hooks/kelvin, secret: "${CRM_HOOK_SECRET}"}
  log: {log: true}
hand_offs:
  - id: sales
    model: acquisition
    tier: sql
    leave: 60
    again_after: 90d
    recycle_after: 30d
    assign:
      - account_owner
      - {if: 'lead.employees > 1000', to: ada}
      - {round_robin: [ada, bob]}
    task: {title: "Call {lead.name}", due: 4h}
    sla: {accept: 1h, contact: 1d, remind: 30m, escalate: sales-channel}
    notify: [sales-channel, crm]
alerts:
  - {id: heating, score_up: 20, within: 1d, notify: sales-channel}
  - {id: pricing, event: page, if: 'event.path.startsWith("/pricing")', tier: mql, notify: owner}
  - {id: cooling, cools_within: 3d, tier: sql, notify: owner}
  - {id: qualified, tier: mql, notify: [inbox, log]}
  - {id: monday, digest: weekly, on: mon, at: "08:00", notify: owner}
"#;

/// Loads a playbook and compares the diagnostics as a user sees them.
#[track_caller]
fn check(yaml: &str, expect: &Expect) {
    let loaded = load("p.yaml", &dedented(yaml), &[]);
    assert_eq!(loaded.plan.is_none(), loaded.has_errors(), "a plan if and only if there are no errors");
    expect.assert_eq(&loaded.render(false));
}

#[test]
fn a_sound_playbook_has_no_problems() {
    check(PLAYBOOK, &expect![""]);
}

#[test]
fn a_playbook_has_a_version_and_a_time_zone() {
    check(
        r##"
            owners: {ada: {email: ada@acme.example}}
        "##,
        &expect![[r#"
            error[missing-key]: missing key `playbook` in a playbook
             --> p.yaml:1:1
              |
            1 | owners: {ada: {email: ada@acme.example}}
              | ^^^^^^
              |
              = help: for example `playbook: 1` (the version of this language)

            error[missing-key]: missing key `time_zone` in a playbook
             --> p.yaml:1:1
              |
            1 | owners: {ada: {email: ada@acme.example}}
              | ^^^^^^
              |
              = help: for example `time_zone: Europe/Berlin` (whose clocks `hours`, `holidays`, `at` and weeks go by)
        "#]],
    );
}

#[test]
fn keys_are_those_of_playbooks() {
    check_playbook(
        r##"
            time_zones: UTC
            tiers: []
            rules: []
            owners: {Ada: {email: ada@acme.example, e-mail: a@b.example}}
            targets: {owner: {log: true}, two: {log: true, mail: a@b.example}}
        "##,
        &expect![[r#"
            error[unknown-key]: unknown key `time_zones` in a playbook
             --> p.yaml:3:1
              |
            3 | time_zones: UTC
              | ^^^^^^^^^^
              |
              = help: did you mean `time_zone`?

            error[unknown-key]: unknown key `tiers` in a playbook
             --> p.yaml:4:1
              |
            4 | tiers: []
              | ^^^^^
              |
              = help: a playbook has `playbook`, `time_zone`, `hours`, `holidays`, `owners`, `targets`, `hand_offs`, `alerts`, `experiments` and `outcomes`

            error[unknown-key]: unknown key `rules` in a playbook
             --> p.yaml:5:1
              |
            5 | rules: []
              | ^^^^^
              |
              = help: a playbook has `playbook`, `time_zone`, `hours`, `holidays`, `owners`, `targets`, `hand_offs`, `alerts`, `experiments` and `outcomes`

            error[bad-name]: `Ada` cannot be an owner's name
             --> p.yaml:6:10
              |
            6 | owners: {Ada: {email: ada@acme.example, e-mail: a@b.example}}
              |          ^^^
              |
              = help: use lower case, digits and `-`: `ada`

            error[unknown-key]: unknown key `e-mail` in an owner
             --> p.yaml:6:41
              |
            6 | owners: {Ada: {email: ada@acme.example, e-mail: a@b.example}}
              |                                         ^^^^^^
              |
              = help: did you mean `email`?

            error[bad-name]: `owner` cannot be a target's name
             --> p.yaml:7:11
              |
            7 | targets: {owner: {log: true}, two: {log: true, mail: a@b.example}}
              |           ^^^^^
              |
              = help: in `notify`, `owner` stands for the lead's owner

            error[contradictory-keys]: `mail` makes no sense beside `log`
             --> p.yaml:7:48
              |
            7 | targets: {owner: {log: true}, two: {log: true, mail: a@b.example}}
              |                                     ---        ^^^^
              |                                     |
              |                                     this makes it a target
              |
              = help: a target is one place: make two targets to have both
        "#]],
    );
}

#[test]
fn an_alert_is_about_one_thing() {
    check_playbook(
        r##"
            targets: {log: {log: true}}
            alerts:
              - {id: a, score_up: 20, within: 1d, digest: daily, notify: log}
              - {id: b, tier: sql, if: lead.x == 1, notify: log}
              - {id: c, notify: log}
              - {id: d, scoreup: 20, within: 1d, notify: log}
              - {id: e, digest: weekly, at: "08:00", notify: log}
              - {id: f, digest: daily, at: "08:00", on: mon, notify: log}
        "##,
        &expect![[r#"
            error[contradictory-keys]: `digest` makes no sense beside `score_up`
             --> p.yaml:5:39
              |
            5 |   - {id: a, score_up: 20, within: 1d, digest: daily, notify: log}
              |             --------                  ^^^^^^
              |             |
              |             this makes it an alert
              |
              = help: an alert is about one thing: make two alerts to do both

            error[missing-key]: missing key `event` in an alert
             --> p.yaml:6:6
              |
            6 |   - {id: b, tier: sql, if: lead.x == 1, notify: log}
              |      ^^
              |
              = help: for example `event: page` (the events: a name or a list of names, exact match)

            error[missing-key]: missing key `tier` in an alert
             --> p.yaml:7:6
              |
            7 |   - {id: c, notify: log}
              |      ^^
              |
              = help: for example `tier: mql` (the tier that a lead enters: this or one above it)

            error[unknown-key]: unknown key `scoreup` in an alert
             --> p.yaml:8:13
              |
            8 |   - {id: d, scoreup: 20, within: 1d, notify: log}
              |             ^^^^^^^
              |
              = help: did you mean `score_up`?

            error[missing-key]: a weekly digest has a day
             --> p.yaml:9:21
              |
            9 |   - {id: e, digest: weekly, at: "08:00", notify: log}
              |                     ^^^^^^
              |
              = help: for example `on: mon`

            error[contradictory-keys]: `on` makes no sense in a daily digest
              --> p.yaml:10:41
               |
            10 |   - {id: f, digest: daily, at: "08:00", on: mon, notify: log}
               |                                         ^^
               |
               = help: a daily digest comes every day: remove it, or make the digest `weekly`
        "#]],
    );
}

#[test]
fn an_assignment_goes_to_somebody() {
    check_playbook(
        r##"
            owners: {ada: {email: ada@acme.example}, bob: {email: bob@acme.example}}
            hand_offs:
              - {id: a, tier: sql}
              - {id: b, tier: sql, assign: {to: ada, round_robin: [ada, bob]}}
              - {id: c, tier: sql, assign: [{if: lead.x == 1}]}
              - {id: d, tier: sql, assign: []}
        "##,
        &expect![[r#"
            error[missing-key]: missing key `assign` in a hand-off
             --> p.yaml:5:6
              |
            5 |   - {id: a, tier: sql}
              |      ^^
              |
              = help: for example `assign: [account_owner, {if: 'lead.employees > 1000', to: ada}, {round_robin: [ada, bob]}]` (to whom: the first of these that finds somebody)

            error[contradictory-keys]: `to` makes no sense beside `round_robin`
             --> p.yaml:6:33
              |
            6 |   - {id: b, tier: sql, assign: {to: ada, round_robin: [ada, bob]}}
              |                                 ^^       ----------- this makes it `assign`
              |
              = help: make two steps: the second is tried where the first finds nobody

            error[missing-key]: missing key `round_robin` in `assign`
             --> p.yaml:7:34
              |
            7 |   - {id: c, tier: sql, assign: [{if: lead.x == 1}]}
              |                                  ^^
              |
              = help: for example `round_robin: [ada, bob]` (one owner after the other, by their weights)

            error[missing-key]: `assign` names nobody
             --> p.yaml:8:32
              |
            8 |   - {id: d, tier: sql, assign: []}
              |                                ^^
              |
              = help: an empty list has no use: name somebody
        "#]],
    );
}

#[test]
fn texts_are_not_empty() {
    check_playbook(
        r##"
            owners: {ada: {email: ada@acme.example, if: ''}}
            hand_offs: [{id: a, tier: sql, leave: '', assign: [''], text: ' '}]
        "##,
        &expect![[r#"
            error[bad-name]: `if` cannot be empty
             --> p.yaml:3:45
              |
            3 | owners: {ada: {email: ada@acme.example, if: ''}}
              |                                             ^^

            error[bad-name]: `leave` cannot be empty
             --> p.yaml:4:39
              |
            4 | hand_offs: [{id: a, tier: sql, leave: '', assign: [''], text: ' '}]
              |                                       ^^

            error[bad-name]: `assign` cannot be empty
             --> p.yaml:4:52
              |
            4 | hand_offs: [{id: a, tier: sql, leave: '', assign: [''], text: ' '}]
              |                                                    ^^

            error[bad-name]: `text` cannot be empty
             --> p.yaml:4:63
              |
            4 | hand_offs: [{id: a, tier: sql, leave: '', assign: [''], text: ' '}]
              |                                                               ^^^
        "#]],
    );
}

#[test]
fn ids_are_unique_over_hand_offs_and_alerts() {
    check_playbook(
        r##"
            owners: {ada: {email: ada@acme.example}}
            hand_offs: [{id: sales, tier: sql, assign: ada}]
            alerts: [{id: sales, tier: mql, notify: owner}]
        "##,
        &expect![[r#"
            error[duplicate-id]: another hand-off, alert or experiment is named `sales`
             --> p.yaml:5:15
              |
            4 | hand_offs: [{id: sales, tier: sql, assign: ada}]
              |                  ----- first here
            5 | alerts: [{id: sales, tier: mql, notify: owner}]
              |               ^^^^^ again here
              |
              = help: give each hand-off, alert or experiment a name of its own
        "#]],
    );
}

#[test]
fn conditions_are_those_of_models() {
    check_playbook(
        r##"
            owners: {ada: {email: ada@acme.example, if: 'event.x == 1'}}
            hand_offs:
              - {id: a, tier: sql, if: 'startWith(lead.x, "a")', assign: [{if: '1 == 1', to: ada}]}
            alerts:
              - {id: b, event: page, if: 'event.path.startsWith("/pricing") && now > lead.x', notify: owner}
              - {id: c, event: page, if: 'event.path in lists.pages', notify: owner}
        "##,
        &expect![[r#"
            error[unknown-variable]: there is no `event` here
             --> p.yaml:3:46
              |
            3 | owners: {ada: {email: ada@acme.example, if: 'event.x == 1'}}
              |                                              ^^^^^
              |
              = help: only alerts with `event` look at events

            error[unknown-function]: unknown function `startWith`
             --> p.yaml:5:29
              |
            5 |   - {id: a, tier: sql, if: 'startWith(lead.x, "a")', assign: [{if: '1 == 1', to: ada}]}
              |                             ^^^^^^^^^
              |
              = help: did you mean `startsWith`?

            warning[always-met]: this condition is always met
             --> p.yaml:5:68
              |
            5 |   - {id: a, tier: sql, if: 'startWith(lead.x, "a")', assign: [{if: '1 == 1', to: ada}]}
              |                                                                    ^^^^^^^^
              |
              = help: leave it out, or write `true` if that is meant

            error[no-now]: there is no `now` here
             --> p.yaml:7:68
              |
            7 |   - {id: b, event: page, if: 'event.path.startsWith("/pricing") && now > lead.x', notify: owner}
              |                                                                    ^^^
              |
              = help: a condition on an event sees things as they were at the event

            error[unknown-list]: unknown list `pages`
             --> p.yaml:8:45
              |
            8 |   - {id: c, event: page, if: 'event.path in lists.pages', notify: owner}
              |                                             ^^^^^^^^^^^
              |
              = help: a playbook has no lists: write the values out, `["a", "b"]`
        "#]],
    );
}

#[test]
fn what_nothing_uses_is_told() {
    check_playbook(
        r##"
            owners: {ada: {email: ada@acme.example}, bob: {email: bob@acme.example}}
            targets: {inbox: {mail: a@b.example}, log: {log: true}}
            hand_offs: [{id: a, tier: sql, assign: ada, notify: log}]
        "##,
        &expect![[r#"
            warning[unused-owner]: no hand-off is ever assigned to `bob`
             --> p.yaml:3:42
              |
            3 | owners: {ada: {email: ada@acme.example}, bob: {email: bob@acme.example}}
              |                                          ^^^
              |
              = help: assign to `bob`, as in `assign: bob`, or remove the owner

            warning[unused-target]: nothing goes to the target `inbox`
             --> p.yaml:4:11
              |
            4 | targets: {inbox: {mail: a@b.example}, log: {log: true}}
              |           ^^^^^
              |
              = help: use it, as in `notify: inbox`, or remove it
        "#]],
    );
}

#[test]
fn anybody_may_own_an_account() {
    check_playbook(
        r##"
            owners: {ada: {email: ada@acme.example}, bob: {email: bob@acme.example}}
            hand_offs: [{id: a, tier: sql, assign: [account_owner, ada]}]
        "##,
        &expect![[""]],
    );
}

#[test]
fn due_times_want_business_hours() {
    check_playbook(
        r##"
            owners: {ada: {email: ada@acme.example}}
            hand_offs: [{id: a, tier: sql, assign: ada, task: {title: Call, due: 4h}, sla: {accept: 1h}}]
        "##,
        &expect![[r#"
            warning[no-business-hours]: due times count nights and weekends: there are no business hours
             --> p.yaml:4:70
              |
            4 | hand_offs: [{id: a, tier: sql, assign: ada, task: {title: Call, due: 4h}, sla: {accept: 1h}}]
              |                                                                      ^^
              |
              = help: give the playbook `hours: {mon-fri: "09:00-17:30"}`, or `mon-sun: "00:00-24:00"` if that is meant
        "#]],
    );
}

#[test]
fn an_sla_sets_a_time() {
    check_playbook(
        r##"
            hours: {mon-fri: "09:00-17:30"}
            owners: {ada: {email: ada@acme.example}}
            hand_offs:
              - {id: a, tier: sql, assign: ada, sla: {remind: 30m, escalate: owner}}
              - {id: b, tier: sql, assign: ada, sla: {accept: soon}}
              - {id: c, tier: sql, assign: ada, task: {title: Call, due: 4h}, sla: {remind: 30m}}
        "##,
        &expect![[r#"
            error[missing-key]: the `sla` sets no time
             --> p.yaml:6:43
              |
            6 |   - {id: a, tier: sql, assign: ada, sla: {remind: 30m, escalate: owner}}
              |                                           ^^^^^^
              |
              = help: give it `accept` or `contact`, or the task `due`

            error[bad-duration]: `soon` is not a duration
             --> p.yaml:7:51
              |
            7 |   - {id: b, tier: sql, assign: ada, sla: {accept: soon}}
              |                                                   ^^^^
              |
              = help: units are `w`, `d`, `h`, `m` (minutes) and `s`, as in `90d` or `1d12h`
        "#]],
    );
}

#[test]
fn beside_several_models_each_part_says_of_which() {
    check_beside_two(
        r##"
            owners: {ada: {email: ada@acme.example}}
            hand_offs:
              - {id: a, tier: sql, assign: ada}
              - {id: b, model: upsell, tier: ready, assign: ada}
            alerts:
              - {id: c, model: upsell, tier: sql, notify: owner}
        "##,
        &expect![[r#"
            error[missing-key]: the hand-off `a` does not say of which model
             --> p.yaml:5:10
              |
            5 |   - {id: a, tier: sql, assign: ada}
              |          ^
              |
              = help: give it `model`: `acquisition` or `upsell`

            error[unknown-tier]: the model `upsell` has no tier `sql`
             --> p.yaml:8:34
              |
            8 |   - {id: c, model: upsell, tier: sql, notify: owner}
              |                                  ^^^
              |
              = help: the only tier is `ready`
        "#]],
    );
}

/// Loads a playbook with these parts beside two models, and compares.
#[track_caller]
fn check_beside_two(parts: &str, expect: &Expect) {
    let model = |id, tier| {
        let rules = "dimensions: {fit: {rules: [{id: a, if: lead.x == 1, points: 90}]}}";
        let text = format!("kelvin: 1\nmodel: {id}\n{rules}\ntiers: [{{name: {tier}, from: 60}}]\n");
        crate::load("m.yaml", &text).model
    };
    let (first, second) = (model("acquisition", "sql"), model("upsell", "ready"));
    let text = format!("playbook: 1\ntime_zone: Europe/Berlin\n{}", dedented(parts));
    expect.assert_eq(&load("p.yaml", &text, &[&first, &second]).render(false));
}
