//! `never-answered`: something on a list or in a table that the function whose answers are looked up there never
//! answers: `Acme.com` for `emailDomain`, `ceo` for `seniority`.

use kelvin_kernel::expr::{FUNCTIONS, Function};

use super::View;
use crate::{
    cel::never_answers,
    diagnostics::Diagnostic,
    span::{Span, Spanned},
    tree::{Constant, List, RuleKind, Scale},
};

/// Values in tables that nothing ever equals.
pub(super) fn in_tables(view: &View<'_>) -> Vec<Diagnostic> {
    let told = view.model.all_rules().flat_map(|rule| {
        let RuleKind::Value { value, scale: Scale::Table { rows, .. } } = &rule.kind else {
            return Vec::new();
        };
        let facts = view.expressions.facts.get(value.0);
        let Some(function) = facts.and_then(|facts| facts.answer_of) else { return Vec::new() };
        rows.iter().filter_map(|row| wrong(function, &row.key)).collect()
    });
    told.collect()
}

/// Values on lists that nothing ever equals, whatever is looked up there.
pub(super) fn on_lists(view: &View<'_>) -> Vec<Diagnostic> {
    let told = view.model.lists.iter().flat_map(|list| {
        let Some(lookups) = lookups(view, list) else { return Vec::new() };
        list.values.iter().filter_map(|value| never_found(value, &lookups)).collect()
    });
    told.collect()
}

/// The functions whose answers are looked up on a list, and where; none if it is used in any other way, too.
fn lookups(view: &View<'_>, list: &List) -> Option<Vec<(Function, Span)>> {
    let name = &list.name.value;
    let mut lookups = Vec::new();
    for (expression, facts) in view.model.expressions.iter().zip(&view.expressions.facts) {
        let found = facts.lists.iter().filter(|(_, list)| list == name);
        let before = lookups.len();
        lookups.extend(found.map(|(function, _)| (*function, expression.span)));
        if facts.mentions.iter().filter(|mention| *mention == name).count() > lookups.len() - before {
            return None;
        }
    }
    Some(lookups)
}

/// A value that none of the functions answers that are looked up on its list.
fn never_found(value: &Spanned<Constant>, lookups: &[(Function, Span)]) -> Option<Diagnostic> {
    let mut told = None;
    for (function, span) in lookups {
        let one = wrong(*function, value)?;
        told.get_or_insert(one.and(*span, "looked up here"));
    }
    told
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
    fn a_list_that_is_used_in_other_ways_too_may_have_anything_on_it() {
        check(
            "
                kelvin: 1
                model: m
                lists:
                  rivals: [Rival.com, rival gmbh]
                  names: [rival gmbh, Other]
                  levels: [ceo, vp]
                dimensions:
                  fit:
                    rules:
                      - {id: a, if: emailDomain(lead.email) in lists.rivals || lead.company in lists.rivals, points: 1}
                      - {id: b, if: emailDomain(lead.email) in lists.names, points: 2}
                      - {id: c, if: lower(lead.company) in lists.names, points: 3}
                      - {id: d, if: seniority(lead.title) in lists.levels, points: 4}
                      - {id: e, event: page, if: 'lists.levels.exists(level, level == event.level)', points: 5}
            ",
            &expect![[r#"
                warning[never-answered]: `emailDomain` never answers `Other`
                  --> m.yaml:5:23
                   |
                 5 |   names: [rival gmbh, Other]
                   |                       ^^^^^
                ...
                11 |       - {id: b, if: emailDomain(lead.email) in lists.names, points: 2}
                   |                     -------------------------------------- looked up here
                   |
                   = help: it is what someone registered, in lower case: `acme.com`
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
