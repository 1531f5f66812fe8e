//! `unreachable-grade`: a grade that no lead can get. `grade-f`: `F` is what lies below all bounds.

use super::{View, reach, shown};
use crate::diagnostics::Diagnostic;

/// Grades above what their dimension can be.
pub(super) fn grades(view: &View<'_>) -> Vec<Diagnostic> {
    let Some(grades) = &view.model.grades else { return Vec::new() };
    let Some(dimension) = view.model.dimensions.iter().find(|d| d.name.value == grades.of.value) else {
        return Vec::new();
    };
    let reach = reach::dimension(view, dimension);
    let most = reach.most;
    let unreachable = grades.bounds.iter().filter(|(_, bound)| bound.value > most).map(|(letter, bound)| {
        let message = format!(
            "no lead can get the grade `{}`: `{}` is at most {}",
            letter.value,
            grades.of.value,
            shown(most)
        );
        let mut diagnostic = Diagnostic::warning("unreachable-grade", message, bound.span);
        if let Some(range) = dimension.range.as_ref().filter(|range| range.value.1 == most) {
            diagnostic = diagnostic.and(range.span, "clamped here");
        }
        diagnostic
    });
    // The grade that a lead has at the very least.
    let sure = grades.bounds.iter().filter(|(_, bound)| bound.value <= reach.least);
    let sure = sure.max_by(|(_, a), (_, b)| a.value.total_cmp(&b.value));
    let below = sure.into_iter().flat_map(|(least, floor)| {
        let below =
            grades.bounds.iter().filter(|(letter, bound)| bound.value < floor.value && letter.value != "F");
        below.map(|(letter, bound)| {
            let message = format!(
                "no lead can get the grade `{}`: `{}` is at least {}, so that all have `{}` or better",
                letter.value,
                grades.of.value,
                shown(reach.least),
                least.value,
            );
            Diagnostic::warning("unreachable-grade", message, bound.span)
        })
    });
    let f = grades.bounds.iter().filter(|(letter, _)| letter.value == "F").map(|(letter, _)| {
        Diagnostic::warning("grade-f", "`F` needs no bound", letter.span)
            .help("a lead below all bounds has the grade `F` already")
    });
    unreachable.chain(below).chain(f).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn a_grade_out_of_reach_is_told() {
        check(
            "
                kelvin: 1
                model: m
                dimensions:
                  fit:
                    range: [0, 20]
                    rules:
                      - {id: a, event: page, points: 5}
                  web:
                    rules:
                      - {id: b, if: lead.x == 1, points: 5}
                grades: {of: fit, A: 30, B: 20, F: -5}
            ",
            &expect![[r#"
                warning[unreachable-grade]: no lead can get the grade `A`: `fit` is at most 20
                  --> m.yaml:11:22
                   |
                 5 |     range: [0, 20]
                   |            ------- clamped here
                ...
                11 | grades: {of: fit, A: 30, B: 20, F: -5}
                   |                      ^^

                warning[grade-f]: `F` needs no bound
                  --> m.yaml:11:33
                   |
                11 | grades: {of: fit, A: 30, B: 20, F: -5}
                   |                                 ^
                   |
                   = help: a lead below all bounds has the grade `F` already
            "#]],
        );
    }

    #[test]
    fn a_grade_below_all_that_a_dimension_can_be_is_told() {
        check(
            "
                kelvin: 1
                model: m
                dimensions:
                  fit:
                    range: [0, 20]
                    rules: [{id: a, event: page, points: 5}]
                grades: {of: fit, A: 10, B: -5, C: -10}
            ",
            &expect![[r#"
                warning[unreachable-grade]: no lead can get the grade `C`: `fit` is at least 0, so that all have `B` or better
                 --> m.yaml:7:36
                  |
                7 | grades: {of: fit, A: 10, B: -5, C: -10}
                  |                                    ^^^
            "#]],
        );
    }

    #[test]
    fn what_no_range_clamps_is_summed_up() {
        check(
            "
                kelvin: 1
                model: m
                dimensions:
                  fit:
                    rules:
                      - {id: a, if: lead.x == 1, points: 5}
                      - {id: b, value: lead.x, bands: {1: 10, 5: 15}}
                      - {id: c, value: lead.y, table: {a: 3}, else: 7}
                      - {id: d, event: page, points: -5}
                      - {id: e, event: page, points: 10, limit: 2, cap: 15}
                grades: {of: fit, A: 43, B: 42}
            ",
            &expect![[r#"
                warning[unreachable-grade]: no lead can get the grade `A`: `fit` is at most 42
                  --> m.yaml:11:22
                   |
                11 | grades: {of: fit, A: 43, B: 42}
                   |                      ^^
            "#]],
        );
    }
}
