//! `unused-list`: a list that no expression mentions.

use super::View;
use crate::diagnostics::Diagnostic;

/// Lists that are never used.
pub(super) fn unused_list(view: &View<'_>) -> Vec<Diagnostic> {
    let texts: Vec<&str> = view.model.expressions.iter().map(|expression| expression.text.as_str()).collect();
    let is_used = |name: &str| texts.iter().any(|text| mentions(text, name));
    let unused = view.model.lists.iter().filter(|list| !is_used(&list.name.value));
    let told = unused.map(|list| {
        let name = &list.name.value;
        Diagnostic::warning("unused-list", format!("the list `{name}` is never used"), list.name.span)
            .help(format!("use it, as in `lead.country in lists.{name}`, or remove it"))
    });
    told.collect()
}

/// Whether an expression mentions a list by name, or looks at `lists` in a way that may reach any.
pub(crate) fn mentions(text: &str, name: &str) -> bool {
    text.match_indices("lists").any(|(at, found)| {
        let rest = text[at + found.len()..].trim_start();
        match rest.strip_prefix('.') {
            Some(field) => {
                let field = field.trim_start();
                let end = field.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(field.len());
                &field[..end] == name
            }
            None => true,
        }
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn a_list_that_nothing_mentions_is_told() {
        check(
            "
                kelvin: 1
                model: m
                lists: {served: [DE], serve: [NO], other: [x]}
                dimensions:
                  fit:
                    rules: [{id: a, if: 'lead.country in lists.served', points: 5}]
                accounts: {key: 'lists.other[0]', combine: max}
            ",
            &expect![[r#"
                warning[unused-list]: the list `serve` is never used
                 --> m.yaml:3:23
                  |
                3 | lists: {served: [DE], serve: [NO], other: [x]}
                  |                       ^^^^^
                  |
                  = help: use it, as in `lead.country in lists.serve`, or remove it
            "#]],
        );
    }
}
