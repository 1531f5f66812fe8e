//! `never-answered`: something on a list or in a table that the function whose answers are looked up there never
//! answers: `Acme.com` for `emailDomain`, `ceo` for `seniority`.

use std::collections::BTreeSet;

use kelvin_kernel::expr::{FUNCTIONS, Function};

use super::View;
use crate::{
    cel::never_answers,
    diagnostics::Diagnostic,
    span::Spanned,
    tree::{Constant, RuleKind, Scale},
};

/// Values on lists and in tables that nothing ever equals.
pub(super) fn never_answered(view: &View<'_>) -> Vec<Diagnostic> {
    let mut found = on_lists(view);
    found.extend(in_tables(view));
    found
}

/// Each value of a list once, however often the list is used.
fn on_lists(view: &View<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for (expression, facts) in view.model.expressions.iter().zip(&view.expressions.facts) {
        for (function, name) in &facts.lists {
            let lists = view.model.lists.iter().filter(|list| list.name.value == *name);
            let values = lists.flat_map(|list| &list.values);
            let new = values.filter(|value| seen.insert((value.span, name_of(*function))));
            let told = new.filter_map(|value| wrong(*function, value));
            found.extend(told.map(|told| told.and(expression.span, "looked up here")));
        }
    }
    found
}

fn in_tables<'a>(view: &'a View<'_>) -> impl Iterator<Item = Diagnostic> + 'a {
    view.model.all_rules().flat_map(|rule| {
        let RuleKind::Value { value, scale: Scale::Table { rows, .. } } = &rule.kind else {
            return Vec::new();
        };
        let facts = view.expressions.facts.get(value.0);
        let Some(function) = facts.and_then(|facts| facts.answer_of) else { return Vec::new() };
        rows.iter().filter_map(|row| wrong(function, &row.key)).collect()
    })
}

fn wrong(function: Function, value: &Spanned<Constant>) -> Option<Diagnostic> {
    let Constant::Text(text) = &value.value else { return None };
    let help = never_answers(function, text)?;
    let message = format!("`{}` never answers `{text}`", name_of(function));
    Some(Diagnostic::warning("never-answered", message, value.span).help(help))
}

fn name_of(function: Function) -> &'static str {
    FUNCTIONS.iter().find(|known| known.function == function).map_or("", |known| known.name)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_rules};

    #[test]
    fn what_no_address_has_for_its_domain_is_told_at_its_place_on_the_list() {
        check(
            "
                kelvin: 1
                model: m
                lists:
                  competitors: [Rival.com, www.other.com, 'https://third.com', mail.fourth.com, fifth.com]
                dimensions:
                  fit:
                    rules:
                      - {id: a, if: emailDomain(lead.email) in lists.competitors, disqualify: true}
                      - {id: b, event: page, if: emailDomain(lead.email) in lists.competitors, points: -5}
            ",
            &expect![[r#"
                warning[never-answered]: `emailDomain` never answers `Rival.com`
                 --> m.yaml:4:17
                  |
                4 |   competitors: [Rival.com, www.other.com, 'https://third.com', mail.fourth.com, fifth.com]
                  |                 ^^^^^^^^^
                ...
                8 |       - {id: a, if: emailDomain(lead.email) in lists.competitors, disqualify: true}
                  |                     -------------------------------------------- looked up here
                  |
                  = help: did you mean `rival.com`?

                warning[never-answered]: `emailDomain` never answers `www.other.com`
                 --> m.yaml:4:28
                  |
                4 |   competitors: [Rival.com, www.other.com, 'https://third.com', mail.fourth.com, fifth.com]
                  |                            ^^^^^^^^^^^^^
                ...
                8 |       - {id: a, if: emailDomain(lead.email) in lists.competitors, disqualify: true}
                  |                     -------------------------------------------- looked up here
                  |
                  = help: did you mean `other.com`?

                warning[never-answered]: `emailDomain` never answers `https://third.com`
                 --> m.yaml:4:43
                  |
                4 |   competitors: [Rival.com, www.other.com, 'https://third.com', mail.fourth.com, fifth.com]
                  |                                           ^^^^^^^^^^^^^^^^^^^
                ...
                8 |       - {id: a, if: emailDomain(lead.email) in lists.competitors, disqualify: true}
                  |                     -------------------------------------------- looked up here
                  |
                  = help: did you mean `third.com`?

                warning[never-answered]: `emailDomain` never answers `mail.fourth.com`
                 --> m.yaml:4:64
                  |
                4 |   competitors: [Rival.com, www.other.com, 'https://third.com', mail.fourth.com, fifth.com]
                  |                                                                ^^^^^^^^^^^^^^^
                ...
                8 |       - {id: a, if: emailDomain(lead.email) in lists.competitors, disqualify: true}
                  |                     -------------------------------------------- looked up here
                  |
                  = help: did you mean `fourth.com`?
            "#]],
        );
    }

    #[test]
    fn a_row_for_what_a_function_never_answers_is_told() {
        check_rules(
            "
                - {id: a, value: emailKind(lead.email), table: {wrok: 3, free: -5}}
                - {id: b, value: seniority(lead.title), table: {ceo: 3, c_level: 5}}
                - {id: c, value: lower(lead.industry), table: {Software: 3, finance: 5}}
                - {id: d, value: lead.industry, table: {Software: 3, finance: 5}}
            ",
            &expect![[r#"
                warning[never-answered]: `emailKind` never answers `wrok`
                 --> m.yaml:6:51
                  |
                6 |   - {id: a, value: emailKind(lead.email), table: {wrok: 3, free: -5}}
                  |                                                   ^^^^
                  |
                  = help: did you mean `work`?

                warning[never-answered]: `seniority` never answers `ceo`
                 --> m.yaml:7:51
                  |
                7 |   - {id: b, value: seniority(lead.title), table: {ceo: 3, c_level: 5}}
                  |                                                   ^^^
                  |
                  = help: it is one of c_level, vp, director, head, manager, senior, individual, intern, student, unknown

                warning[never-answered]: `lower` never answers `Software`
                 --> m.yaml:8:50
                  |
                8 |   - {id: c, value: lower(lead.industry), table: {Software: 3, finance: 5}}
                  |                                                  ^^^^^^^^
                  |
                  = help: did you mean `software`?
            "#]],
        );
    }
}
