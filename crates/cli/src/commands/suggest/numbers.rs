//! Numbers of a model file that are changed where they stand: everything else stays byte for byte.

use std::collections::BTreeMap;

use kelvin_model::{
    span::{Lines, Span, Spanned},
    syntax::{Content, Node, parse},
    tree::{Rule, RuleKind, Scale, Worth},
};

use crate::failure::{Failure, Outcome};

/// A text in which numbers change, with what is to be said of them at the ends of their lines.
pub(super) struct Numbers<'s> {
    source: &'s str,
    lines: Lines,
    changed: BTreeMap<Span, String>,
    /// By line, what is said.
    remarks: BTreeMap<usize, Vec<String>>,
}

/// What begins a remark, so that the next run replaces it.
const REMARK: &str = "# was ";

/// The points that stand in a rule; none in one that disqualifies or computes its points, and in what is foretold.
pub(super) fn points(rule: &Rule) -> Vec<&Spanned<f64>> {
    match &rule.kind {
        RuleKind::Value { scale: Scale::Bands(rows), .. } | RuleKind::Count { bands: rows, .. } => {
            rows.iter().map(|row| &row.number).collect()
        }
        RuleKind::Value { scale: Scale::Table { rows, otherwise }, .. } => {
            rows.iter().map(|row| &row.number).chain(otherwise).collect()
        }
        RuleKind::Trait { .. } | RuleKind::Inactivity { .. } | RuleKind::Event(_) => match rule.worth() {
            Some(Worth::Points(points)) => vec![points],
            _ => Vec::new(),
        },
        RuleKind::Predict(_) => Vec::new(),
    }
}

impl<'s> Numbers<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self { source, lines: Lines::new(source), changed: BTreeMap::new(), remarks: BTreeMap::new() }
    }

    /// Whether a number stands there as itself, so that it can be replaced: not as an alias of another.
    pub(super) fn is_plain(&self, number: &Spanned<f64>) -> bool {
        number.span.text(self.source).parse() == Ok(number.value)
    }

    /// How many decimals a number is written with.
    pub(super) fn decimals(&self, number: &Spanned<f64>) -> u32 {
        let text = number.span.text(self.source);
        let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
        u32::try_from(digits).unwrap_or(0).min(6)
    }

    pub(super) fn change(&mut self, number: &Spanned<f64>, to: f64) {
        self.changed.insert(number.span, to.to_string());
    }

    /// The line of a place.
    pub(super) fn line(&self, at: Span) -> usize {
        self.lines.line(at.start)
    }

    /// Says something at the end of a line.
    pub(super) fn remark(&mut self, line: usize, text: String) {
        self.remarks.entry(line).or_default().push(text);
    }

    /// The text as it is then.
    pub(super) fn into_text(self) -> Outcome<String> {
        let mut text = self.source.to_owned();
        for (span, number) in self.changed.iter().rev() {
            let old = self.source.get(span.start..span.end).unwrap_or_default();
            text.replace_range(span.start..span.end, &old.replacen(old.trim(), number, 1));
        }
        if different(&tree(self.source), &tree(&text)) != self.changed.len() {
            return Err(Failure::new(
                "some points cannot be changed where they stand: they also stand for other numbers",
            )
            .help("write these numbers out in place of aliases (`*name`)"));
        }
        let mut above = Vec::new();
        for (line, remarks) in self.remarks.iter().rev() {
            let remark = format!("{REMARK}{}", remarks.join(" | "));
            match with_remark(&text, *line, &remark) {
                Some(with) => text = with,
                None => above.push(remark),
            }
        }
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let start = text.len() - text.trim_start_matches('\u{feff}').len();
        for remark in above {
            text.insert_str(start, &format!("{remark}{end}"));
        }
        Ok(text)
    }
}

/// The text with a remark at the end of a line; nothing where that would not be a comment.
fn with_remark(text: &str, line: usize, remark: &str) -> Option<String> {
    let span = Lines::new(text).span(line, text);
    let written = text.get(span.start..span.end)?;
    let before = written.find(&format!("  {REMARK}")).map_or(written, |at| &written[..at]);
    let line = format!("{}  {remark}", before.trim_end());
    let mut with = text.to_owned();
    with.replace_range(span.start..span.end, &line);
    (different(&tree(text), &tree(&with)) == 0).then_some(with)
}

fn tree(text: &str) -> Option<Node> {
    parse(text).root
}

/// How many values differ between two texts, wherever they stand; all where their shapes do.
fn different(a: &Option<Node>, b: &Option<Node>) -> usize {
    let both = a.as_ref().zip(b.as_ref());
    both.and_then(|(a, b)| differing(a, b)).unwrap_or(usize::MAX)
}

fn differing(a: &Node, b: &Node) -> Option<usize> {
    match (&a.content, &b.content) {
        (Content::Scalar(a), Content::Scalar(b)) => Some(usize::from(a != b)),
        (Content::List(a), Content::List(b)) if a.len() == b.len() => {
            a.iter().zip(b).map(|(a, b)| differing(a, b)).sum()
        }
        (Content::Map(a), Content::Map(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .map(|(a, b)| Some(differing(&a.key, &b.key)? + differing(&a.value, &b.value)?))
            .sum(),
        (Content::Hole, Content::Hole) => Some(0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text after each rule's points have become others.
    #[track_caller]
    fn check(source: &str, changes: &[(&str, f64)], expected: &str) {
        let loaded = kelvin_model::load("model.yaml", source);
        let mut numbers = Numbers::new(source);
        for (id, to) in changes {
            let rule = loaded.model.rules().find(|rule| rule.id.value == *id).expect("a rule");
            let points = points(rule);
            let old = points[0].value;
            numbers.change(points[0], *to);
            numbers.remark(numbers.line(points[0].span), old.to_string());
        }
        let text = numbers.into_text().unwrap_or_else(|failure| format!("{failure:?}"));
        assert_eq!(text, expected);
        assert!(!kelvin_model::load("model.yaml", &text).has_errors());
    }

    #[test]
    fn lines_and_comments_stay_where_they_were() {
        check(
            "# Ours.\nkelvin: 1\nmodel:  m\ndimensions:\n  a:\n    rules:\n      # why\n      - id: \"x\"\n        'points':   10 # mine\n        if: lead.a == 1\n      - {id: y, points: -5, if: lead.b == 2}\n",
            &[("x", 7.0), ("y", 0.0)],
            "# Ours.\nkelvin: 1\nmodel:  m\ndimensions:\n  a:\n    rules:\n      # why\n      - id: \"x\"\n        'points':   7 # mine  # was 10\n        if: lead.a == 1\n      - {id: y, points: 0, if: lead.b == 2}  # was -5\n",
        );
    }

    #[test]
    fn line_ends_stay_and_an_earlier_remark_gives_way() {
        check(
            "kelvin: 1\r\nmodel: m\r\ndimensions:\r\n  a:\r\n    rules:\r\n      - {id: x, if: lead.a == 1, points: 3}  # was 10\r\n",
            &[("x", 12.0)],
            "kelvin: 1\r\nmodel: m\r\ndimensions:\r\n  a:\r\n    rules:\r\n      - {id: x, if: lead.a == 1, points: 12}  # was 3\r\n",
        );
    }

    #[test]
    fn a_remark_that_would_be_part_of_a_text_stands_above() {
        check(
            "kelvin: 1\nmodel: m\ndimensions:\n  a:\n    rules:\n      - {id: x, points: 3, if: 'lead.a ==\n          1'}\n",
            &[("x", 4.0)],
            "# was 3\nkelvin: 1\nmodel: m\ndimensions:\n  a:\n    rules:\n      - {id: x, points: 4, if: 'lead.a ==\n          1'}\n",
        );
    }
}
