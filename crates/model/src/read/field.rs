//! Single values of the tree, with their places.

use kelvin_kernel::{Duration, plan::Usage};

use super::{Reader, scalars};
use crate::{
    span::{Span, Spanned},
    syntax::{Literal, Node, Places, Style},
    tree::{CutOff, Expression, ExpressionId, Matcher, Sees},
};

/// The number of a node.
pub(crate) fn number(node: &Node) -> Option<Spanned<f64>> {
    let number = scalars::number(&node.scalar()?.literal()).filter(|number| number.is_finite())?;
    Some(Spanned::new(number, node.span))
}

/// The whole number of a node.
pub(crate) fn whole(node: &Node) -> Option<Spanned<u32>> {
    Some(Spanned::new(scalars::whole(&node.scalar()?.literal())?, node.span))
}

/// The duration of a node.
pub(crate) fn duration(node: &Node, zero: bool) -> Option<Spanned<Duration>> {
    Some(Spanned::new(scalars::duration(node.text()?, zero).ok()?, node.span))
}

/// The text of a node, however it is written: `404` is a name too.
pub(crate) fn name(node: &Node) -> Option<Spanned<String>> {
    let text = node.text().filter(|text| !text.trim().is_empty() && !node.is_null())?;
    Some(Spanned::new(text.to_owned(), node.span))
}

/// The range of a node.
pub(super) fn range(node: &Node) -> Option<Spanned<(f64, f64)>> {
    scalars::range(node).map(|range| Spanned::new(range, node.span))
}

/// A name or a list of names.
pub(crate) fn names(node: &Node) -> Option<Vec<Spanned<String>>> {
    match node.items() {
        Some(items) => items.iter().map(name).collect(),
        None => name(node).map(|name| vec![name]),
    }
}

/// The expression of a node. `None` where there is a value of another type.
pub(crate) fn expression(node: &Node, source: &str, sees: Sees, used_as: Usage) -> Option<Expression> {
    let scalar = node.scalar()?;
    // Of the wrong type: that was told before.
    let is_other = match scalar.literal() {
        Literal::Null => true,
        Literal::Int(_) | Literal::Float(_) => used_as == Usage::Bool,
        Literal::Bool(_) => used_as == Usage::Number,
        Literal::Text(text) => text.trim().is_empty(),
    };
    let cut_off = || (scalar.style == Style::Plain).then(|| cut_off(node.span, source)).flatten();
    (!is_other).then(|| Expression {
        text: scalar.text.clone(),
        span: node.span,
        places: Places::of(node, source),
        is_condition: used_as == Usage::Bool,
        used_as,
        sees,
        cut_off: cut_off(),
    })
}

impl Reader<'_> {
    /// Notes an expression. `None` where there is none, or a value of another type.
    pub(super) fn expression(&mut self, node: &Node, sees: Sees, used_as: Usage) -> Option<ExpressionId> {
        self.model.expressions.push(expression(node, self.source, sees, used_as)?);
        Some(ExpressionId(self.model.expressions.len() - 1))
    }

    /// Notes the expression under a key, if the key is there.
    pub(super) fn expression_at(&mut self, map: &Node, key: &str, sees: Sees) -> Option<ExpressionId> {
        let used_as = match key {
            "if" | "applies" => Usage::Bool,
            "key" => Usage::Text,
            _ => Usage::Unknown,
        };
        self.expression(map.get(key)?, sees, used_as)
    }

    /// The events under `event`, with the condition under `if`.
    pub(super) fn matcher(&mut self, map: &Node, sees: Sees) -> Option<Matcher> {
        let condition = self.expression_at(map, "if", sees);
        Some(Matcher { names: names(map.get("event")?)?, condition })
    }

    /// The events under `event`, without a condition.
    pub(super) fn events(map: &Node) -> Option<Matcher> {
        Some(Matcher { names: names(map.get("event")?)?, condition: None })
    }
}

/// Whether something on the line behind a plain value looks like a part of it.
fn cut_off(span: Span, source: &str) -> Option<CutOff> {
    let rest = source.get(span.end..)?;
    let line = rest.lines().next().unwrap_or_default();
    let next = line.trim_start().chars().next()?;
    match next {
        '#' if line.starts_with([' ', '\t']) => Some(CutOff::Comment),
        ',' | '[' | ']' | '{' | '}' => Some(CutOff::Bracket),
        _ => None,
    }
}
