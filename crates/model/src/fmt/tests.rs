//! What the canonical layout looks like, and that it keeps meaning and comments whatever comes in.

use expect_test::{Expect, expect};

use super::{author::Author, *};

fn check(input: &str, expect: &str) {
    let text = format(input).unwrap();
    assert_eq!(text, expect, "the layout of\n{input}");
    assert_eq!(format(&text).unwrap(), text, "laid out twice");
}

#[track_caller]
fn check_problems(input: &str, expect: &Expect) {
    let problems = format(input).unwrap_err();
    expect.assert_eq(&crate::diagnostics::render(&problems, "m.yaml", input, false));
}

#[test]
fn keys_come_in_the_order_of_the_reference() {
    check(
        "
dimensions:
  web:
    rules:
    - points: 15
      decay: {half_life: 14d}
      if: event.path == \"/pricing\"
      event: page
      id: pricing
    weight: 2
    range: [0, 50]
model: m
zeta: unknown keys come last
kelvin: 1
",
        "\
kelvin: 1
model: m

dimensions:
  web:
    range: [0, 50]
    weight: 2
    rules:
      - id: pricing
        event: page
        if: event.path == \"/pricing\"
        points: 15
        decay: {half_life: 14d}

zeta: unknown keys come last
",
    );
}

#[test]
fn a_playbook_has_a_layout_of_its_own() {
    check(
        "
alerts:
- notify: owner
  tier: mql
  id: qualified
- {notify: [log], id: up, within: 1d, score_up: 20}
outcomes:
- {value: event.amount, kind: won, id: won, event: [Deal Won, Renewed]}
hand_offs:
- assign: [account_owner, {to: ada, if: has(lead.x)}]
  sla:
    contact: 1d
    accept: 1h
  id: sales
  task: {due: 4h, title: 'Call {lead.name}'}
  tier: sql
- {id: other, tier: mql, assign: ada}
targets:
  log: {log: true}
owners: {ada: {email: ada@acme.example, name: Ada}}
hours:
  mon-fri: 09:00-17:30
time_zone: Europe/Berlin
playbook: 1
",
        "\
playbook: 1
time_zone: Europe/Berlin
hours: {mon-fri: 09:00-17:30}

owners:
  ada: {name: Ada, email: ada@acme.example}

targets:
  log: {log: true}

hand_offs:
  - id: sales
    tier: sql
    assign: [account_owner, {if: has(lead.x), to: ada}]
    task: {title: 'Call {lead.name}', due: 4h}
    sla: {accept: 1h, contact: 1d}

  - id: other
    tier: mql
    assign: ada

alerts:
  - id: qualified
    tier: mql
    notify: owner
  - {id: up, score_up: 20, within: 1d, notify: [log]}

outcomes:
  - {id: won, kind: won, event: [Deal Won, Renewed], value: event.amount}
",
    );
}

#[test]
fn sections_and_dimensions_are_parted_by_one_blank_line() {
    check(
        "
kelvin: 1

model: m


lists:
  a: [x]


  b: [y]
dimensions:

  fit: {rules: []}
  # what they do
  web: {rules: []}
grades: {of: fit, A: 40}

tiers: [{name: mql, from: 50}]
accounts: {combine: max}",
        "\
kelvin: 1
model: m

lists:
  a: [x]

  b: [y]

dimensions:
  fit:
    rules: []

  # what they do
  web:
    rules: []

grades: {of: fit, A: 40}
tiers:
  - {name: mql, from: 50}

accounts:
  combine: max
",
    );
}

#[test]
fn a_short_rule_stays_between_brackets_and_a_long_one_is_opened() {
    check(
        "dimensions: {fit: {rules: [{points: 5, id: short, if: has(lead.phone)}, {id: industry, value: lower(lead.industry), table: {Software: 15, Finance: 10, Retail: 5}, else: -5}]}}",
        "\
dimensions:
  fit:
    rules:
      - {id: short, if: has(lead.phone), points: 5}
      - id: industry
        value: lower(lead.industry)
        table: {Software: 15, Finance: 10, Retail: 5}
        else: -5
",
    );
}

#[test]
fn small_things_are_closed_and_lists_stay_as_written() {
    check(
        "
lists:
  one:
  - a
  two: [a, b]
dimensions:
  web:
    range:
    - 0
    - 10
    rules:
    - id: x
      event:
      - a
      - b
      limit:
        per: 1d
        times: 3
      sequence: [{event: a}, {if: 'event.x == \"y, z\"', event: b}]
      bands:
        1: 2
        3: 8
",
        "\
lists:
  one:
    - a
  two: [a, b]

dimensions:
  web:
    range: [0, 10]
    rules:
      - id: x
        event: [a, b]
        sequence:
          - {event: a}
          - {event: b, if: 'event.x == \"y, z\"'}
        limit: {times: 3, per: 1d}
        bands:
          1: 2
          3: 8
",
    );
}

#[test]
fn comments_stay_with_what_they_speak_of() {
    check(
        "
# about this file

# about the version
kelvin:   1   # the only one so far
dimensions: # all of them
  fit:
    # above the rules
    rules:
    # above the first rule
    - points: 5   # few
      # about the name
      id: a
      # after the last key of a rule

    # above the second rule
    - {id: b, # why b
       points: 1}
    # - id: c
  # above the next dimension
  web: {rules: []} # to do
# the end
",
        "\
# about this file

# about the version
kelvin: 1  # the only one so far

dimensions:  # all of them
  fit:
    # above the rules
    rules:
      # above the first rule
      # about the name
      - id: a
        points: 5  # few
        # after the last key of a rule

      # above the second rule
      - id: b  # why b
        points: 1
      # - id: c

  # above the next dimension
  web:  # to do
    rules: []
# the end
",
    );
}

#[test]
fn what_editors_look_for_stays_in_the_first_lines() {
    check(
        "# yaml-language-server: $schema=kelvin.json\nmodel: m\nkelvin: 1\n",
        "# yaml-language-server: $schema=kelvin.json\nkelvin: 1\nmodel: m\n",
    );
}

#[test]
fn a_condition_over_several_lines_keeps_them() {
    check(
        "
if: event.path.startsWith(\"/pricing\")
      && event.duration > 30
applies: >
  lead.a == 1 &&

  lead.b == 2
title: |
    one
      two
key: |+
  kept

else: \"a
  b\"
",
        "\
title: |
  one
    two
applies: >
  lead.a == 1 &&

  lead.b == 2
if: >-
  event.path.startsWith(\"/pricing\")
  && event.duration > 30
key: |+
  kept

else: a b
",
    );
}

#[test]
fn anchors_keep_the_order_of_the_file() {
    check(
        "model: &m x\nkelvin: 1\ntitle: *m\nlists: {a: &l [x], b: *l}\n",
        "model: &m x\nkelvin: 1\ntitle: *m\n\nlists:\n  a: &l [x]\n  b: *l\n",
    );
}

#[test]
fn marks_of_other_systems_go() {
    check("\u{feff}kelvin: 1\r\nmodel: m # x\r\n", "kelvin: 1\nmodel: m  # x\n");
    check("---\nkelvin: 1\n...\n", "kelvin: 1\n");
    check("", "");
    check("# only a comment", "# only a comment\n");
    check("kelvin: 1\n\n\n", "kelvin: 1\n");
}

#[test]
fn an_expression_that_only_kelvin_can_read_gets_quotes() {
    check("if: !has(lead.x)  # why\n", "if: '!has(lead.x)'  # why\n");
    check(
        "points: event.n > 1 ? 2 : 1\r\nif: \"a\" in lead.b\n",
        "points: 'event.n > 1 ? 2 : 1'\nif: '\"a\" in lead.b'\n",
    );
}

#[test]
fn a_file_that_cannot_be_read_is_left_alone() {
    check_problems(
        "a: [1, 2",
        &expect![[r#"
        error[yaml-syntax]: this `[` is never closed
         --> m.yaml:1:4
          |
        1 | a: [1, 2
          |    ^^^^^
          |
          = help: between brackets, a value that holds one of `,` `[` `]` `{` `}` or `: ` needs quotes
    "#]],
    );
    check_problems(
        "a: 1\n---\nb: 2\n",
        &expect![[r#"
        error[second-document]: a second document begins here
         --> m.yaml:2:1
          |
        2 | ---
          | ^^^
          |
          = help: a file holds one model: put the second into a file of its own
    "#]],
    );
    check_problems(
        "? [a]\n: b\n",
        &expect![[r#"
        error[cannot-format]: cannot lay out this file: a key must be a text or a number
         --> m.yaml:1:5
          |
        1 | ? [a]
          |     ^
    "#]],
    );
    check_problems(
        "%TAG !e! tag:yaml.org,2002:\n---\na: !e!str c\n",
        &expect![[r#"
        error[cannot-format]: cannot lay out this file: its layout cannot change without a change of meaning
         --> m.yaml:1:1
          |
        1 | %TAG !e! tag:yaml.org,2002:
          | ^
    "#]],
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(400))]

    /// [`format`] itself refuses what would change meaning or lose a comment.
    #[test]
    fn any_file_keeps_its_meaning_and_comments_and_is_laid_out_once(choices in proptest::collection::vec(0_u8..=255, 0..200)) {
        let author = Author::of(choices);
        let text = format(&author.out).map_err(|error| proptest::test_runner::TestCaseError::fail(format!("{error:?}\n{}", author.out)))?;
        proptest::prop_assert_eq!(text.matches("# comment").count(), author.comments);
        let again = format(&text);
        proptest::prop_assert_eq!(again.as_ref(), Ok(&text), "{}\n=>\n{}", author.out, text);
    }

    #[test]
    fn no_text_makes_it_panic(text in "[-a:,#\\[\\]{}|>'\"&*!? \n\t\r%1é]{0,60}") {
        if let Ok(once) = format(&text) {
            let again = format(&once);
            proptest::prop_assert_eq!(again.as_ref(), Ok(&once), "{:?}", text);
        }
    }
}
