//! `unreachable-band`: a band that no number of events falls into.

use super::{View, shown};
use crate::{
    diagnostics::Diagnostic,
    tree::{Row, RuleKind},
};

/// Bands of count rules between which no whole number lies.
pub(super) fn count_bands(view: &View<'_>) -> Vec<Diagnostic> {
    let rules = view.model.all_rules();
    let bands = rules.filter_map(|rule| match &rule.kind {
        RuleKind::Count { bands, .. } => Some(bands),
        _ => None,
    });
    bands.flat_map(|bands| bands.windows(2).filter_map(pair)).collect()
}

fn pair(rows: &[Row<f64>]) -> Option<Diagnostic> {
    let [band, next] = rows else { return None };
    let first_count = band.key.value.ceil().max(0.0);
    (first_count >= next.key.value).then(|| {
        let message = format!(
            "no number of events falls into the band from {}: the next begins at {}",
            shown(band.key.value),
            shown(next.key.value)
        );
        Diagnostic::warning("unreachable-band", message, band.key.span)
            .and(next.key.span, "the next band")
            .help("bands count events: give them whole numbers from 1 up")
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_rules;

    #[test]
    fn bands_without_a_whole_number_between_are_told() {
        check_rules(
            "- {id: a, event: page, bands: {1.2: 5, 1.8: 10, 3: 20}}",
            &expect![[r#"
            warning[unreachable-band]: no number of events falls into the band from 1.2: the next begins at 1.8
             --> m.yaml:6:34
              |
            6 |   - {id: a, event: page, bands: {1.2: 5, 1.8: 10, 3: 20}}
              |                                  ^^^     --- the next band
              |
              = help: bands count events: give them whole numbers from 1 up
        "#]],
        );
    }

    #[test]
    fn bands_below_nothing_are_told() {
        check_rules(
            "- {id: a, event: page, bands: {-5: 1, 0: 5, 1: 10}}",
            &expect![[r#"
            warning[unreachable-band]: no number of events falls into the band from -5: the next begins at 0
             --> m.yaml:6:34
              |
            6 |   - {id: a, event: page, bands: {-5: 1, 0: 5, 1: 10}}
              |                                  ^^     - the next band
              |
              = help: bands count events: give them whole numbers from 1 up
        "#]],
        );
    }

    #[test]
    fn bands_of_values_may_start_anywhere() {
        check_rules("- {id: a, value: lead.x, bands: {-5: 1, 0.5: 5, 0.7: 10}}", &expect![""]);
    }
}
