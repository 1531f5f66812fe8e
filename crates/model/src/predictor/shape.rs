//! Whether a model that was read can be applied: every place that it names is there, and every way ends.

use kelvin_kernel::predict::{Node, Predictor, Split, Term, Test, Tree};

/// What is wrong with a model.
pub(super) fn check(predictor: &Predictor) -> Result<(), String> {
    for (number, tree) in predictor.trees.iter().enumerate() {
        check_tree(tree, predictor).map_err(|problem| format!("tree {number} {problem}"))?;
    }
    let Some(linear) = &predictor.linear else { return Ok(()) };
    if linear.terms.len() != predictor.inputs.len() {
        return Err(format!("{} terms for {} inputs", linear.terms.len(), predictor.inputs.len()));
    }
    let fits = |(term, levels): (&Term, Option<usize>)| match (term, levels) {
        (Term::Number { shape, .. }, None) => shape.low <= shape.high && shape.spread > 0.0,
        (Term::Levels { parts, .. }, Some(levels)) => parts.len() == levels,
        _ => false,
    };
    let levels = predictor.inputs.iter().map(|input| input.levels.as_ref().map(Vec::len));
    match linear.terms.iter().zip(levels).position(|pair| !fits(pair)) {
        None => Ok(()),
        Some(term) => Err(format!("term {term} does not fit input `{}`", predictor.inputs[term].feature)),
    }
}

fn check_tree(tree: &Tree, predictor: &Predictor) -> Result<(), String> {
    if tree.nodes.is_empty() {
        return Err("has no node".into());
    }
    for (place, node) in tree.nodes.iter().enumerate() {
        let Node::Split(split) = node else { continue };
        // Ways only lead on, so each of them ends.
        let leads_on = |next: usize| next > place && next < tree.nodes.len();
        if !leads_on(split.left) || !leads_on(split.right) {
            return Err(format!("leads nowhere from node {place}"));
        }
        check_split(split, predictor).map_err(|problem| format!("node {place} {problem}"))?;
    }
    Ok(())
}

fn check_split(split: &Split, predictor: &Predictor) -> Result<(), String> {
    let Some(input) = predictor.inputs.get(split.column) else {
        return Err(format!("asks for input {}, and there are {}", split.column, predictor.inputs.len()));
    };
    match (&split.test, &input.levels) {
        (Test::AtMost(_), None) => Ok(()),
        (Test::OneOf(places), Some(levels)) => {
            let known = places.iter().all(|place| (*place as usize) < levels.len());
            let sorted = places.is_sorted();
            if known && sorted {
                Ok(())
            } else {
                Err(format!("asks for levels that `{}` has not", input.feature))
            }
        }
        _ => Err(format!("does not fit input `{}`", input.feature)),
    }
}
