//! `unreachable-grade`: a grade that no lead can get. `grade-f`: `F` is what lies below all bounds.

use super::{View, reach, shown};
use crate::diagnostics::Diagnostic;

/// Grades above what their dimension can be.
pub(super) fn grades(view: &View<'_>) -> Vec<Diagnostic> {
    let Some(grades) = &view.model.grades else { return Vec::new() };
    let Some(dimension) = view.model.dimensions.iter().find(|d| d.name.value == grades.of.value) else {
        return Vec::new();
    };
    let most = reach::dimension(view, dimension).most;
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
    let f = grades.bounds.iter().filter(|(letter, _)| letter.value == "F").map(|(letter, _)| {
        Diagnostic::warning("grade-f", "`F` needs no bound", letter.span)
            .help("a lead below all bounds has the grade `F` already")
    });
    unreachable.chain(f).collect()
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
