//! What a file with errors is told.

use expect_test::expect;

use crate::support::{check, check_rules};

const MANY_ERRORS: &str = r#"kelvin: 1
model: My Model
rnage: [0, 100]
dimensions:
  fit:
    rules:
      - id: size
        value: lead.employees
        bands: {1: 0, 50: five}
      - id: size
        event: page
        pionts: 15
        decay: {half_life: 14 days}
tiers:
  - {name: mql, from: 50}
  - {name: sql, from: 40, needs: {fti: 20}}
"#;

#[test]
fn all_errors_of_a_file_are_told_at_once() {
    check(
        MANY_ERRORS,
        &expect![[r#"
            error[bad-name]: `My Model` cannot be a model's id
             --> model.yaml:2:8
              |
            2 | model: My Model
              |        ^^^^^^^^
              |
              = help: use lower case, digits and `-`: `my-model`

            error[unknown-key]: unknown key `rnage` in a model
             --> model.yaml:3:1
              |
            3 | rnage: [0, 100]
              | ^^^^^
              |
              = help: did you mean `range`?

            error[wrong-type]: `50` takes a number, not the text `five`
             --> model.yaml:9:27
              |
            9 |         bands: {1: 0, 50: five}
              |                           ^^^^
              |
              = help: for example `{1: 0, 50: 5, 500: 15}`

            error[duplicate-id]: another rule is named `size`
              --> model.yaml:10:13
               |
             7 |       - id: size
               |             ---- first here
            ...
            10 |       - id: size
               |             ^^^^ again here
               |
               = help: give each rule a name of its own

            error[unknown-key]: unknown key `pionts` in a rule
              --> model.yaml:12:9
               |
            12 |         pionts: 15
               |         ^^^^^^
               |
               = help: did you mean `points`?

            error[bad-duration]: `14 days` is not a duration
              --> model.yaml:13:28
               |
            13 |         decay: {half_life: 14 days}
               |                            ^^^^^^^
               |
               = help: did you mean `14d`?

            error[tier-order]: the tier `sql` starts below `mql`, which stands before it
              --> model.yaml:16:23
               |
            15 |   - {name: mql, from: 50}
               |                       -- `mql` starts here
            16 |   - {name: sql, from: 40, needs: {fti: 20}}
               |                       ^^
               |
               = help: list the tiers from the lowest to the highest, each with a `from` of its own

            error[unknown-dimension]: no dimension is named `fti`
              --> model.yaml:16:35
               |
            16 |   - {name: sql, from: 40, needs: {fti: 20}}
               |                                   ^^^
               |
               = help: did you mean `fit`?
        "#]],
    );
}

#[test]
fn a_rule_says_what_it_looks_at() {
    check_rules(
        "- id: x\n  points: 5",
        &expect![[r#"
        error[missing-key]: the rule does not say what it looks at
         --> model.yaml:6:9
          |
        6 |       - id: x
          |         ^^
          |
          = help: give it `if`, `value`, `event`, `sequence` or `inactive`
    "#]],
    );
}
