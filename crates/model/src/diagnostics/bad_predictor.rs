//! `bad-predictor`: the file of a trained model cannot be used. `unknown-input`: it asks what no plan can know.
//! `doubtful-predictor`: what its own card warns of, and rules that are not what it learned from.

use super::{Diagnostic, did_you_mean};
use crate::{predictor::TrainedError, span::Span};

/// The file is not at hand, for a reason.
pub(crate) fn no_predictor(file: &str, why: &str, span: Span) -> Diagnostic {
    Diagnostic::error("bad-predictor", format!("cannot read `{file}`: {why}"), span)
        .help("name a file that `kelvin train --out` wrote, as seen from the folder of the model file")
}

/// The file holds no trained model, or one that cannot be used.
pub(crate) fn bad_predictor(file: &str, cause: &TrainedError, span: Span) -> Diagnostic {
    Diagnostic::error("bad-predictor", format!("cannot use `{file}`: {cause}"), span)
        .help("`kelvin train --out` writes such files")
}

/// A trained model asks for something that is not known of a lead at an instant.
pub(crate) fn unknown_input(file: &str, input: &str, known: &[&str], span: Span) -> Diagnostic {
    let help = did_you_mean(input, known.iter().copied());
    let help = help.map(|help| format!("{help} ")).unwrap_or_default();
    Diagnostic::error(
        "unknown-input",
        format!("`{file}` asks for `{input}`, which a model cannot know"),
        span,
    )
    .help(format!("{help}train it without this column: `--ignore` leaves attributes out"))
}

/// Why a model does not know what a rule is worth.
pub(crate) enum UnknownRule {
    /// It is a rule of another model.
    OfModel {
        /// That model.
        of: String,
        /// This one.
        here: String,
    },
    /// There is no such rule.
    NotThere {
        /// Those that there are.
        known: Vec<String>,
    },
    /// It is foretold itself.
    Foretold,
}

/// A trained model asks what a rule is worth that the model does not know.
pub(crate) fn unknown_rule(file: &str, input: &str, why: &UnknownRule, span: Span) -> Diagnostic {
    let id = input.split_once('/').map_or(input, |(_, id)| id);
    let (why, help) = match why {
        UnknownRule::OfModel { of, here } => (
            format!("a rule of the model `{of}`, and this is `{here}`"),
            format!("make it a dimension of `{of}`, or train it without that model"),
        ),
        UnknownRule::NotThere { known } => {
            let near = did_you_mean(id, known.iter().map(String::as_str));
            let near = near.map(|near| format!("{near} ")).unwrap_or_default();
            let help = format!("{near}bring the rule back, or train again with the rules as they are");
            ("a rule that is not there".to_owned(), help)
        }
        UnknownRule::Foretold => {
            let help = "train again: `kelvin train --model` leaves out what is foretold".to_owned();
            ("which is foretold itself".to_owned(), help)
        }
    };
    Diagnostic::error("unknown-input", format!("`{file}` asks for `{input}`, {why}"), span).help(help)
}

/// A rule is not what it was when a trained model learned from it.
pub(crate) fn changed_rule(file: &str, rule: &str, span: Span) -> Diagnostic {
    let message = format!("`{file}` learned from the rule `{rule}` as it was before it changed");
    Diagnostic::warning("doubtful-predictor", message, span).help("train it again with the rules as they are")
}

/// The card of a trained model warns.
pub(crate) fn doubtful_predictor(file: &str, warning: &str, span: Span) -> Diagnostic {
    Diagnostic::warning("doubtful-predictor", format!("the card of `{file}` warns: {warning}"), span)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_beside_file, trained};

    const USED: &str = "{predict: t.json, points: [0, 100]}";

    #[test]
    fn a_file_that_is_not_there_is_told() {
        check_beside_file(
            "",
            "{predict: other.json, points: [0, 100]}",
            &expect![[r#"
            error[bad-predictor]: cannot read `other.json`: it is not there
             --> m.yaml:4:21
              |
            4 |   chance: {predict: other.json, points: [0, 100]}
              |                     ^^^^^^^^^^
              |
              = help: name a file that `kelvin train --out` wrote, as seen from the folder of the model file
        "#]],
        );
    }

    #[test]
    fn a_file_that_holds_no_trained_model_is_told() {
        check_beside_file(
            "{}",
            USED,
            &expect![[r#"
            error[bad-predictor]: cannot use `t.json`: not a trained model: missing field `kelvin_predictor` at line 1 column 2
             --> m.yaml:4:21
              |
            4 |   chance: {predict: t.json, points: [0, 100]}
              |                     ^^^^^^
              |
              = help: `kelvin train --out` writes such files
        "#]],
        );
        check_beside_file(
            "{\"kelvin_predictor\": 2}",
            USED,
            &expect![[r#"
            error[bad-predictor]: cannot use `t.json`: a trained model of format 2, and this version of kelvin reads up to format 1: use a newer one
             --> m.yaml:4:21
              |
            4 |   chance: {predict: t.json, points: [0, 100]}
              |                     ^^^^^^
              |
              = help: `kelvin train --out` writes such files
        "#]],
        );
        let changed = trained(&["lead.employees"], &[]).replace("0.5", "0.75");
        check_beside_file(
            &changed,
            USED,
            &expect![[r#"
            error[bad-predictor]: cannot use `t.json`: the trained model was changed since its training: it holds sha256:a15827d8b779044e55b19eb4b7e35e7a9665607952db2b86d6d34a78f183676b, and says sha256:a1cf54424b3565ea40cf9836bda7392a57eb8e401d3eca10147359ae6a2ddcf4; train it again
             --> m.yaml:4:21
              |
            4 |   chance: {predict: t.json, points: [0, 100]}
              |                     ^^^^^^
              |
              = help: `kelvin train --out` writes such files
        "#]],
        );
    }

    #[test]
    fn what_no_model_can_know_is_told() {
        let known =
            trained(&["lead.employees", "count(page, 30d)", "daysSince(lead.born)", "active days"], &[]);
        check_beside_file(&known, USED, &expect![[""]]);
        let unknown = trained(&["shoe size", "emailKind(lead.email)"], &[]);
        check_beside_file(
            &unknown,
            USED,
            &expect![[r#"
                error[unknown-input]: `t.json` asks for `shoe size`, which a model cannot know
                 --> m.yaml:4:21
                  |
                4 |   chance: {predict: t.json, points: [0, 100]}
                  |                     ^^^^^^
                  |
                  = help: train it without this column: `--ignore` leaves attributes out

                error[unknown-input]: `t.json` asks for `emailKind(lead.email)`, which a model cannot know
                 --> m.yaml:4:21
                  |
                4 |   chance: {predict: t.json, points: [0, 100]}
                  |                     ^^^^^^
                  |
                  = help: train it without this column: `--ignore` leaves attributes out
            "#]],
        );
    }

    #[test]
    fn a_model_knows_only_its_own_rules() {
        let unknown = trained(&["old-model/demo", "m/demos", "m/chance"], &[]);
        let rules = "{rules: [{id: demo, event: Demo, points: 5}]}";
        check_beside_file(
            &unknown,
            &format!("{USED}\n  own: {rules}"),
            &expect![[r#"
                error[unknown-input]: `t.json` asks for `old-model/demo`, a rule of the model `old-model`, and this is `m`
                 --> m.yaml:4:21
                  |
                4 |   chance: {predict: t.json, points: [0, 100]}
                  |                     ^^^^^^
                  |
                  = help: make it a dimension of `old-model`, or train it without that model

                error[unknown-input]: `t.json` asks for `m/demos`, a rule that is not there
                 --> m.yaml:4:21
                  |
                4 |   chance: {predict: t.json, points: [0, 100]}
                  |                     ^^^^^^
                  |
                  = help: did you mean `demo`? bring the rule back, or train again with the rules as they are

                error[unknown-input]: `t.json` asks for `m/chance`, which is foretold itself
                 --> m.yaml:4:21
                  |
                4 |   chance: {predict: t.json, points: [0, 100]}
                  |                     ^^^^^^
                  |
                  = help: train again: `kelvin train --model` leaves out what is foretold
            "#]],
        );
        let known = trained(&["m/demo"], &[]);
        check_beside_file(&known, &format!("{USED}\n  own: {rules}"), &expect![[""]]);
    }

    #[test]
    fn what_the_card_warns_of_is_passed_on() {
        check_beside_file(
            &trained(&["lead.x"], &["few leads bought"]),
            USED,
            &expect![[r#"
            warning[doubtful-predictor]: the card of `t.json` warns: few leads bought
             --> m.yaml:4:21
              |
            4 |   chance: {predict: t.json, points: [0, 100]}
              |                     ^^^^^^
        "#]],
        );
    }

    #[test]
    fn a_dimension_has_rules_or_a_trained_model() {
        let file = trained(&["lead.x"], &[]);
        check_beside_file(
            &file,
            "{predict: t.json}",
            &expect![[r#"
            error[missing-key]: missing key `points` in a dimension
             --> m.yaml:4:12
              |
            4 |   chance: {predict: t.json}
              |            ^^^^^^^
              |
              = help: for example `points: [0, 100]` (the points of a probability of 0, and of 1)
        "#]],
        );
        check_beside_file(
            &file,
            "{points: [0, 100]}",
            &expect![[r#"
            error[missing-key]: missing key `predict` in a dimension
             --> m.yaml:4:12
              |
            4 |   chance: {points: [0, 100]}
              |            ^^^^^^
              |
              = help: for example `predict: model.kelvin.json` (a trained model in place of rules: a file that `kelvin train --out` wrote)
        "#]],
        );
        check_beside_file(
            &file,
            "{predict: t.json, points: [0, 100], rules: []}",
            &expect![[r#"
            error[contradictory-keys]: `rules` makes no sense beside `predict`
             --> m.yaml:4:47
              |
            4 |   chance: {predict: t.json, points: [0, 100], rules: []}
              |            -------                            ^^^^^
              |            |
              |            this makes it a dimension that a trained model makes
              |
              = help: what is foretold is a dimension of its own: put the rules into another one
        "#]],
        );
        check_beside_file(
            &file,
            "{points: [0, 1], rules: [{id: a, if: lead.x == 1, points: 5}]}",
            &expect![[r#"
                error[contradictory-keys]: `points` makes no sense beside `rules`
                 --> m.yaml:4:12
                  |
                4 |   chance: {points: [0, 1], rules: [{id: a, if: lead.x == 1, points: 5}]}
                  |            ^^^^^^          ----- this makes it a dimension of rules
                  |
                  = help: each rule has points of its own
            "#]],
        );
    }

    #[test]
    fn a_dimension_has_something_and_its_points_ascend() {
        let file = trained(&["lead.x"], &[]);
        check_beside_file(
            &file,
            "{predict: t.json, points: [100, 0]}",
            &expect![[r#"
            error[inverted-range]: the range is empty: `100` is above `0`
             --> m.yaml:4:37
              |
            4 |   chance: {predict: t.json, points: [100, 0]}
              |                                     ^^^^^^^^
              |
              = help: the least value comes first: `[0, 100]`
        "#]],
        );
        check_beside_file(
            &file,
            "{weight: 2}",
            &expect![[r#"
            error[missing-key]: missing key `rules` in a dimension
             --> m.yaml:4:12
              |
            4 |   chance: {weight: 2}
              |            ^^^^^^
              |
              = help: for example `rules: [{id: demo, event: Demo Requested, points: 30}]` (what gives or takes points)
        "#]],
        );
    }
}
