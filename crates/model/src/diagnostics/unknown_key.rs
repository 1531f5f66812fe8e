//! `unknown-key`: a key that the language does not have at this place.

use super::{
    Diagnostic,
    suggest::{all_of, did_you_mean},
};
use crate::{
    grammar::{self, ACCOUNT_RULE, Key, RULE, Section},
    span::Spanned,
};

const CODE: &str = "unknown-key";

/// The key is not one of `keys`, which `section`, or one that may stand in its place, has.
pub(crate) fn unknown_key(key: Spanned<&str>, section: &Section, keys: &[&'static Key]) -> Diagnostic {
    let Spanned { value: written, span } = key;
    let title = section.title;
    let names = || keys.iter().map(|key| key.name);
    let help = merge(written)
        .or_else(|| torn(written))
        .or_else(|| glued(written, section))
        .or_else(|| did_you_mean(written, names()).filter(|_| !belongs_elsewhere(written, section)))
        .or_else(|| elsewhere(written, section))
        .or_else(|| did_you_mean(written, names()))
        .unwrap_or_else(|| format!("{title} has {}", all_of(names())));
    Diagnostic::error(CODE, format!("unknown key `{written}` in {title}"), span).help(help)
}

fn merge(written: &str) -> Option<String> {
    (written == "<<").then(|| "YAML merge keys are not part of the language: write the keys out".to_owned())
}

/// `{if: f(a, b), points: 5}` has the keys `if`, `b)` and `points`.
fn torn(written: &str) -> Option<String> {
    let help = "between brackets, `,` ends a value: put a value that holds one into quotes";
    written.contains(['(', ')', '"', '\'', '=', '<', '>', '&', '|']).then(|| help.to_owned())
}

/// `{half_life:14d}` has one key, `half_life:14d`.
fn glued(written: &str, section: &Section) -> Option<String> {
    let (key, value) = written.split_once(':')?;
    let known = grammar::sections_with(key, section).next().is_some();
    known.then(|| format!("put a space after the colon: `{key}: {value}`"))
}

fn belongs_elsewhere(written: &str, section: &Section) -> bool {
    grammar::sections_with(written, section).next().is_some()
}

fn elsewhere(written: &str, section: &Section) -> Option<String> {
    let mut titles: Vec<&str> =
        grammar::sections_with(written, section).map(|section| section.title).collect();
    titles.dedup();
    // What a rule has, a rule of `accounts` has too.
    titles.retain(|title| *title != ACCOUNT_RULE.title || RULE.key(written).is_none());
    let (last, rest) = titles.split_last()?;
    let place = if rest.is_empty() { (*last).to_owned() } else { format!("{} or {last}", rest.join(", ")) };
    Some(format!("`{written}` is a key of {place}"))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_rest, check_rules};

    #[test]
    fn a_misspelt_key_is_recognised() {
        check_rules(
            "
                - id: a
                  event: page
                  pionts: 5
            ",
            &expect![[r#"
                error[unknown-key]: unknown key `pionts` in a rule
                 --> m.yaml:8:5
                  |
                8 |     pionts: 5
                  |     ^^^^^^
                  |
                  = help: did you mean `points`?
            "#]],
        );
    }

    #[test]
    fn a_key_of_another_style_is_recognised() {
        check_rules(
            "- {id: a, event: page, points: 5, decay: {halfLife: 3d}}",
            &expect![[r#"
            error[unknown-key]: unknown key `halfLife` in `decay`
             --> m.yaml:6:45
              |
            6 |   - {id: a, event: page, points: 5, decay: {halfLife: 3d}}
              |                                             ^^^^^^^^
              |
              = help: did you mean `half_life`?
        "#]],
        );
    }

    #[test]
    fn a_key_of_another_place_is_sent_there() {
        check_rest(
            "
                decay: {half_life: 3d}
                people: 3
            ",
            &expect![[r#"
                error[unknown-key]: unknown key `decay` in a model
                 --> m.yaml:7:1
                  |
                7 | decay: {half_life: 3d}
                  | ^^^^^
                  |
                  = help: `decay` is a key of a rule

                error[unknown-key]: unknown key `people` in a model
                 --> m.yaml:8:1
                  |
                8 | people: 3
                  | ^^^^^^
                  |
                  = help: `people` is a key of a rule of `accounts`
            "#]],
        );
    }

    #[test]
    fn a_key_that_is_like_nothing_is_answered_with_what_there_is() {
        check_rest(
            "
                tiers: [{name: a, from: 1, colour: red}]
            ",
            &expect![[r#"
                error[unknown-key]: unknown key `colour` in a tier
                 --> m.yaml:7:28
                  |
                7 | tiers: [{name: a, from: 1, colour: red}]
                  |                            ^^^^^^
                  |
                  = help: a tier has `name`, `from` and `needs`
            "#]],
        );
    }

    #[test]
    fn a_colon_needs_a_space() {
        check_rules(
            "- {id: a, event: page, points: 5, decay: {half_life:3d}}",
            &expect![[r#"
            error[unknown-key]: unknown key `half_life:3d` in `decay`
             --> m.yaml:6:45
              |
            6 |   - {id: a, event: page, points: 5, decay: {half_life:3d}}
              |                                             ^^^^^^^^^^^^
              |
              = help: put a space after the colon: `half_life: 3d`
        "#]],
        );
    }

    #[test]
    fn merge_keys_are_no_part_of_the_language() {
        check_rest(
            "
                accounts:
                  <<: {combine: max}
                  combine: max
            ",
            &expect![[r#"
                error[unknown-key]: unknown key `<<` in `accounts`
                 --> m.yaml:8:3
                  |
                8 |   <<: {combine: max}
                  |   ^^
                  |
                  = help: YAML merge keys are not part of the language: write the keys out
            "#]],
        );
    }
}
