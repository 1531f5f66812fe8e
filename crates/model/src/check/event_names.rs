//! `similar-event-names`: names of events that differ only in case, spaces or signs, though the match is exact.

use std::collections::BTreeMap;

use super::View;
use crate::{
    diagnostics::Diagnostic,
    span::{Span, Spanned},
};

/// Names that events have by their kind.
const BUILT_IN: &[&str] = &["page", "screen", "identify"];

/// Names that are alike but not the same, unless one rule names both.
pub(super) fn event_names(view: &View<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut by_letters: BTreeMap<String, BTreeMap<&str, Span>> = BTreeMap::new();
    for matcher in view.model.all_rules().flat_map(|rule| rule.matchers()) {
        for name in &matcher.names {
            let group = by_letters.entry(letters(&name.value)).or_default();
            group.entry(&name.value).or_insert(name.span);
        }
    }
    for (letters, group) in &by_letters {
        let built_in = BUILT_IN.iter().find(|name| *letters == **name);
        if let Some(built_in) = built_in {
            found.extend(
                group
                    .iter()
                    .filter(|(name, _)| *name != built_in)
                    .map(|(name, span)| like_built_in(name, built_in, *span)),
            );
            continue;
        }
        let mut names: Vec<Spanned<&str>> =
            group.iter().map(|(name, span)| Spanned::new(*name, *span)).collect();
        names.sort_by_key(|name| name.span.start);
        let [first, rest @ ..] = names.as_slice() else { continue };
        let apart = rest.iter().filter(|name| !together(view, first.value, name.value));
        found.extend(apart.map(|name| alike(first, name)));
    }
    found
}

/// Whether one rule names both: then their author knows of the two spellings.
fn together(view: &View<'_>, one: &str, other: &str) -> bool {
    let matchers = view.model.all_rules().flat_map(|rule| rule.matchers());
    let mut names =
        matchers.map(|matcher| matcher.names.iter().map(|name| name.value.as_str()).collect::<Vec<_>>());
    names.any(|names| names.contains(&one) && names.contains(&other))
}

fn like_built_in(name: &str, built_in: &str, span: Span) -> Diagnostic {
    Diagnostic::warning("similar-event-names", format!("the event `{name}` is not `{built_in}`"), span)
        .help(format!("names match exactly, and a `{built_in}` call is an event named `{built_in}`"))
}

fn alike(first: &Spanned<&str>, second: &Spanned<&str>) -> Diagnostic {
    let message =
        format!("the events `{}` and `{}` differ only in how they are written", first.value, second.value);
    Diagnostic::warning("similar-event-names", message, second.span)
        .and(first.span, "first written like this")
        .help(format!(
            "names match exactly: write one of them, or `event: [{}, {}]` if there are both",
            first.value, second.value
        ))
}

/// The letters and digits of a name, in lower case.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_rules;

    #[test]
    fn a_name_like_page_is_told() {
        check_rules(
            "
                - {id: a, event: Page, points: 5}
                - {id: b, inactive: 9d, event: [page, Screen], points: -5}
            ",
            &expect![[r#"
                warning[similar-event-names]: the event `Page` is not `page`
                 --> m.yaml:6:20
                  |
                6 |   - {id: a, event: Page, points: 5}
                  |                    ^^^^
                  |
                  = help: names match exactly, and a `page` call is an event named `page`

                warning[similar-event-names]: the event `Screen` is not `screen`
                 --> m.yaml:7:41
                  |
                7 |   - {id: b, inactive: 9d, event: [page, Screen], points: -5}
                  |                                         ^^^^^^
                  |
                  = help: names match exactly, and a `screen` call is an event named `screen`
            "#]],
        );
    }

    #[test]
    fn two_spellings_are_told() {
        check_rules(
            "
                - {id: a, event: Demo Requested, points: 5}
                - {id: b, sequence: [{event: page}, {event: demo_requested}], points: 5}
                - {id: c, event: Demo requested, points: -5}
            ",
            &expect![[r#"
                warning[similar-event-names]: the events `Demo Requested` and `demo_requested` differ only in how they are written
                 --> m.yaml:7:47
                  |
                6 |   - {id: a, event: Demo Requested, points: 5}
                  |                    -------------- first written like this
                7 |   - {id: b, sequence: [{event: page}, {event: demo_requested}], points: 5}
                  |                                               ^^^^^^^^^^^^^^
                  |
                  = help: names match exactly: write one of them, or `event: [Demo Requested, demo_requested]` if there are both

                warning[similar-event-names]: the events `Demo Requested` and `Demo requested` differ only in how they are written
                 --> m.yaml:8:20
                  |
                6 |   - {id: a, event: Demo Requested, points: 5}
                  |                    -------------- first written like this
                7 |   - {id: b, sequence: [{event: page}, {event: demo_requested}], points: 5}
                8 |   - {id: c, event: Demo requested, points: -5}
                  |                    ^^^^^^^^^^^^^^
                  |
                  = help: names match exactly: write one of them, or `event: [Demo Requested, Demo requested]` if there are both
            "#]],
        );
    }

    #[test]
    fn two_spellings_in_one_rule_are_meant() {
        check_rules(
            "
                - {id: a, event: [Demo Requested, demo_requested], points: 5}
                - {id: b, event: demo_requested, points: 2}
            ",
            &expect![""],
        );
    }
}
