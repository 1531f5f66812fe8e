//! `mixed-values`: a list or a table that mixes text and numbers, of which only one can be met by a cell of a CSV file.
//!
//! YAML makes a number of `10115` and text of `01067`. A list that has each value both ways is taken to be meant.

use super::View;
use crate::{
    diagnostics::Diagnostic,
    span::Spanned,
    tree::{Constant, RuleKind, Scale},
};

/// Lists and tables of mixed values.
pub(super) fn mixed_values(view: &View<'_>) -> Vec<Diagnostic> {
    let lists = view.model.lists.iter().filter_map(|list| {
        let values: Vec<_> = list.values.iter().collect();
        mixed(&format!("the list `{}`", list.name.value), &values)
    });
    let tables = view.model.all_rules().filter_map(|rule| match &rule.kind {
        RuleKind::Value { scale: Scale::Table { rows, .. }, .. } => {
            let values: Vec<_> = rows.iter().map(|row| &row.key).collect();
            mixed(&format!("the table of `{}`", rule.id.value), &values)
        }
        _ => None,
    });
    lists.chain(tables).collect()
}

fn mixed(what: &str, values: &[&Spanned<Constant>]) -> Option<Diagnostic> {
    let text = |value: &Constant| match value {
        Constant::Text(text) => Some(text.clone()),
        _ => None,
    };
    let plain = |value: &Constant| match value {
        Constant::Int(number) => Some(number.to_string()),
        Constant::Float(number) => Some(number.to_string()),
        _ => None,
    };
    let has_text = |wanted: &str| values.iter().any(|value| text(&value.value).as_deref() == Some(wanted));
    let (first_text, written) = values.iter().find_map(|value| Some((value, text(&value.value)?)))?;
    let alone = |value: &&&Spanned<Constant>| plain(&value.value).is_some_and(|number| !has_text(&number));
    let number = values.iter().find(alone)?;
    let shown = plain(&number.value)?;
    let message = format!("{what} mixes numbers and text: `{shown}` is a number, `{written}` is text");
    let diagnostic = Diagnostic::warning("mixed-values", message, number.span)
        .label("a number")
        .and(first_text.span, "text")
        .help(format!(
            "a CSV cell is read as text then, and no text equals a number: put all into quotes: `\"{shown}\"`"
        ));
    Some(diagnostic)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_rules};

    #[test]
    fn a_list_of_zip_codes_that_yaml_reads_in_two_ways_is_told() {
        check(
            "
                kelvin: 1
                model: m
                lists: {served: [10115, 01067, 80331]}
                dimensions:
                  fit:
                    rules: [{id: a, if: lead.zip in lists.served, points: 5}]
            ",
            &expect![[r#"
                warning[mixed-values]: the list `served` mixes numbers and text: `10115` is a number, `01067` is text
                 --> m.yaml:3:18
                  |
                3 | lists: {served: [10115, 01067, 80331]}
                  |                  ^^^^^  ----- text
                  |                  |
                  |                  a number
                  |
                  = help: a CSV cell is read as text then, and no text equals a number: put all into quotes: `"10115"`
            "#]],
        );
    }

    #[test]
    fn a_table_of_text_and_numbers_is_told() {
        check_rules(
            "- {id: a, value: lead.x, table: {1: 5, A: 3}}",
            &expect![[r#"
            warning[mixed-values]: the table of `a` mixes numbers and text: `1` is a number, `A` is text
             --> m.yaml:6:36
              |
            6 |   - {id: a, value: lead.x, table: {1: 5, A: 3}}
              |                                    ^     - text
              |                                    |
              |                                    a number
              |
              = help: a CSV cell is read as text then, and no text equals a number: put all into quotes: `"1"`
        "#]],
        );
    }

    #[test]
    fn a_list_that_has_each_number_as_text_too_is_meant() {
        check(
            "
                kelvin: 1
                model: m
                lists: {served: [1, '1', 2, '2', 03]}
                dimensions:
                  fit:
                    rules: [{id: a, if: lead.x in lists.served, points: 5}]
            ",
            &expect![""],
        );
    }

    #[test]
    fn a_list_of_numbers_alone_is_one_of_numbers() {
        check(
            "
                kelvin: 1
                model: m
                lists: {served: [10115, 80331], others: ['10115', 01067, A]}
                dimensions:
                  fit:
                    rules: [{id: a, if: lead.x in lists.served || lead.y in lists.others, points: 5}]
            ",
            &expect![""],
        );
    }
}
