//! `times-one`: `times: 1`, which every event is.

use super::View;
use crate::{
    diagnostics::Diagnostic,
    tree::{Hit, RuleKind},
};

/// Rules that wait for one event, or one lead.
pub(super) fn times(view: &View<'_>) -> Vec<Diagnostic> {
    let rules = view.model.all_rules();
    let ones = rules.filter_map(|rule| match &rule.kind {
        RuleKind::Event(event) => match &event.hit {
            Hit::Times { times, .. } if times.value == 1 => Some(("times", times.span)),
            Hit::People { people, .. } if people.value == 1 => Some(("people", people.span)),
            _ => None,
        },
        _ => None,
    });
    let told = ones.map(|(key, span)| {
        let message = format!("`{key}: 1` has no effect: each event is one");
        Diagnostic::warning("times-one", message, span).help(format!("leave out `{key}` and `within`"))
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_rest, check_rules};

    #[test]
    fn once_is_no_number_of_times() {
        check_rules(
            "- {id: a, event: page, times: 1, within: 7d, points: 5}",
            &expect![[r#"
            warning[times-one]: `times: 1` has no effect: each event is one
             --> m.yaml:6:33
              |
            6 |   - {id: a, event: page, times: 1, within: 7d, points: 5}
              |                                 ^
              |
              = help: leave out `times` and `within`
        "#]],
        );
    }

    #[test]
    fn one_is_no_number_of_people() {
        check_rest(
            "
                accounts:
                  combine: max
                  rules: [{id: a, event: page, people: 1, points: 5}]
            ",
            &expect![[r#"
                warning[times-one]: `people: 1` has no effect: each event is one
                 --> m.yaml:9:40
                  |
                9 |   rules: [{id: a, event: page, people: 1, points: 5}]
                  |                                        ^
                  |
                  = help: leave out `people` and `within`
            "#]],
        );
    }
}
