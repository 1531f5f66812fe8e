//! What the canonical layout looks like, and that it keeps meaning and comments whatever comes in.

use super::{author::Author, *};

fn check(input: &str, expect: &str) {
    let text = format(input).unwrap();
    assert_eq!(text, expect, "the layout of\n{input}");
    assert_eq!(format(&text).unwrap(), text, "laid out twice");
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
fn a_file_that_cannot_be_read_is_left_alone() {
    for (input, message, offset) in [
        ("a: b: c", "mapping values are not allowed in this context", 4),
        ("a: [1, 2", "unclosed bracket '['", 3),
        ("a: 1\n---\nb: 2", "a model file holds one document", 5),
        ("? [a]\n: b", "a key must be a text or a number", 4),
        ("%TAG !e! tag:x,2020:\n---\na: !e!b c", "cannot lay this file out without a change of meaning", 0),
    ] {
        assert_eq!(format(input), Err(Unreadable { message: message.into(), offset }), "{input}");
    }
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
