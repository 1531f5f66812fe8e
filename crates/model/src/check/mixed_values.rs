//! `mixed-values`: a list or a table that mixes text with numbers or booleans, of which a cell of a CSV file can meet
//! only the text.
//!
//! YAML makes a number of `10115` and text of `01067`. A list that has each value both ways is taken to be meant, and
//! so is a table that gives both the same points.

use kelvin_kernel::Value;

use super::View;
use crate::{
    cel::{mixed, shown},
    diagnostics::Diagnostic,
    lower::value,
    span::Spanned,
    tree::{Constant, Row, RuleKind, Scale},
};

/// Lists and tables of mixed values.
pub(super) fn mixed_values(view: &View<'_>) -> Vec<Diagnostic> {
    let lists = view.model.lists.iter().filter_map(|list| {
        let values: Vec<_> = list.values.iter().collect();
        of_two_types(&format!("the list `{}`", list.name.value), &values)
    });
    let tables = view.model.all_rules().filter_map(|rule| match &rule.kind {
        RuleKind::Value { scale: Scale::Table { rows, .. }, .. } => {
            let values: Vec<_> = rows.iter().map(|row| &row.key).collect();
            let table = format!("the table of `{}`", rule.id.value);
            of_two_types(&table, &values).or_else(|| twice(&table, rows))
        }
        _ => None,
    });
    lists.chain(tables).collect()
}

fn of_two_types(what: &str, constants: &[&Spanned<Constant>]) -> Option<Diagnostic> {
    let values: Vec<Value> = constants.iter().map(|constant| value(&constant.value)).collect();
    let found = mixed(&values)?;
    let message = format!("{what} mixes {}", found.message);
    let diagnostic = Diagnostic::warning("mixed-values", message, constants[found.odd].span)
        .label(found.odd_is)
        .and(constants[found.other].span, found.other_is)
        .help(found.help);
    Some(diagnostic)
}

/// A key that stands in a table as text and otherwise, with different points.
fn twice(table: &str, rows: &[Row<Constant>]) -> Option<Diagnostic> {
    let is_text = |row: &Row<Constant>| matches!(row.key.value, Constant::Text(_));
    let as_text = |row: &Row<Constant>| shown(&value(&row.key.value));
    let (plain, text) = rows.iter().filter(|row| !is_text(row)).find_map(|plain| {
        let same = |row: &&Row<Constant>| is_text(row) && as_text(row) == as_text(plain);
        let differs = |row: &&Row<Constant>| row.number.value != plain.number.value;
        Some((plain, rows.iter().find(|row| same(row) && differs(row))?))
    })?;
    let key = as_text(plain);
    let kind = if matches!(plain.key.value, Constant::Bool(_)) { "a boolean" } else { "a number" };
    let message = format!("{table} has `{key}` as text and as {kind}, with different points");
    let help = "a CSV cell is text there, a value in JSON what it is written as: give both the same points";
    let diagnostic = Diagnostic::warning("mixed-values", message, plain.key.span);
    Some(diagnostic.label(kind).and(text.key.span, "text").help(help))
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
    fn a_table_of_booleans_and_text_is_told() {
        check_rules(
            "- {id: a, value: lead.vip, table: {true: 5, no: 3}}",
            &expect![[r#"
            warning[mixed-values]: the table of `a` mixes booleans and text: `true` is a boolean, `no` is text
             --> m.yaml:6:38
              |
            6 |   - {id: a, value: lead.vip, table: {true: 5, no: 3}}
              |                                      ^^^^     -- text
              |                                      |
              |                                      a boolean
              |
              = help: a CSV cell is read as text then, and no text equals a boolean: put all into quotes: `"true"`
        "#]],
        );
        check_rules(
            "- {id: a, value: lead.vip, table: {1: 5, true: 3}}",
            &expect![[r#"
            warning[mixed-values]: the table of `a` mixes numbers and booleans: `1` is a number, `true` is a boolean
             --> m.yaml:6:38
              |
            6 |   - {id: a, value: lead.vip, table: {1: 5, true: 3}}
              |                                      ^     ---- a boolean
              |                                      |
              |                                      a number
              |
              = help: a CSV cell is read as text then, and no text equals a number: put all into quotes: `"1"`
        "#]],
        );
    }

    #[test]
    fn a_key_that_a_table_has_as_text_and_as_a_number_is_told_where_the_points_differ() {
        check_rules(
            "- {id: a, value: lead.x, table: {'1': 1, 1: 2}}",
            &expect![[r#"
            warning[mixed-values]: the table of `a` has `1` as text and as a number, with different points
             --> m.yaml:6:44
              |
            6 |   - {id: a, value: lead.x, table: {'1': 1, 1: 2}}
              |                                    ---     ^ a number
              |                                    |
              |                                    text
              |
              = help: a CSV cell is text there, a value in JSON what it is written as: give both the same points
        "#]],
        );
        check_rules("- {id: a, value: lead.x, table: {'1': 2, 1: 2, 'true': 3, true: 3}}", &expect![""]);
    }

    #[test]
    fn a_list_that_stands_in_its_condition_is_told_there() {
        check_rules(
            r#"- {id: a, if: 'lead.zip in [10115, "01067"]', points: 5}"#,
            &expect![[r#"
            warning[mixed-values]: this list mixes numbers and text: `10115` is a number, `01067` is text
             --> m.yaml:6:30
              |
            6 |   - {id: a, if: 'lead.zip in [10115, "01067"]', points: 5}
              |                              ^^^^^^^^^^^^^^^^
              |
              = help: a CSV cell is read as text then, and no text equals a number: put all into quotes: `"10115"`
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
