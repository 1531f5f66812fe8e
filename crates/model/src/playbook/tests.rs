//! What a playbook is told, and what a sound one becomes.

use expect_test::{Expect, expect};

use super::*;
use crate::testing::dedented;

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
