//! `no-rules`: a dimension without rules is always worth 0. `no-values`: a list with nothing on it.

use super::View;
use crate::diagnostics::Diagnostic;

/// Dimensions and lists that hold nothing.
pub(super) fn empty(view: &View<'_>) -> Vec<Diagnostic> {
    let dimensions = view.model.dimensions.iter().filter(|dimension| dimension.rules.is_empty());
    let dimensions = dimensions.map(|dimension| {
        let message = format!("the dimension `{}` has no rules", dimension.name.value);
        Diagnostic::warning("no-rules", message, dimension.name.span)
            .help("add a rule, or remove the dimension")
    });
    let lists = view.model.lists.iter().filter(|list| list.values.is_empty());
    let lists = lists.map(|list| {
        let message = format!("the list `{}` has nothing on it", list.name.value);
        Diagnostic::warning("no-values", message, list.name.span)
            .help("nothing is ever `in` it: add a value, or remove the list")
    });
    dimensions.chain(lists).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn dimensions_and_lists_that_hold_nothing_are_told() {
        check(
            "
                kelvin: 1
                model: m
                lists: {served: []}
                dimensions:
                  fit: {rules: []}
                  web: {rules: [{id: a, if: 'lead.x in lists.served || lead.y == 1', points: 5}]}
            ",
            &expect![[r#"
                warning[no-values]: the list `served` has nothing on it
                 --> m.yaml:3:9
                  |
                3 | lists: {served: []}
                  |         ^^^^^^
                  |
                  = help: nothing is ever `in` it: add a value, or remove the list

                warning[no-rules]: the dimension `fit` has no rules
                 --> m.yaml:5:3
                  |
                5 |   fit: {rules: []}
                  |   ^^^
                  |
                  = help: add a rule, or remove the dimension
            "#]],
        );
    }
}
