//! Whether two expressions are the same but for white space, brackets and the notation of texts.

use cel::{
    IdedExpr,
    common::ast::{EntryExpr, Expr, IdedEntryExpr},
};

use super::{parse::with_tree, tokens::Tokens};

/// Whether two texts are the same expression; texts that do not parse are the same only if they are equal.
pub fn is_same(a: &str, b: &str) -> bool {
    let both =
        || with_tree(a, &Tokens::of(a), |a| with_tree(b, &Tokens::of(b), |b| Ok(same(&a.root, &b.root))));
    a == b || both().unwrap_or(false)
}

fn same(a: &IdedExpr, b: &IdedExpr) -> bool {
    match (&a.expr, &b.expr) {
        (Expr::Call(a), Expr::Call(b)) => {
            let targets = match (&a.target, &b.target) {
                (Some(a), Some(b)) => same(a, b),
                (a, b) => a.is_none() && b.is_none(),
            };
            targets && a.func_name == b.func_name && all_same(&a.args, &b.args)
        }
        (Expr::List(a), Expr::List(b)) => {
            a.optional_indices == b.optional_indices && all_same(&a.elements, &b.elements)
        }
        (Expr::Map(a), Expr::Map(b)) => {
            a.entries.len() == b.entries.len()
                && a.entries.iter().zip(&b.entries).all(|(a, b)| same_entry(a, b))
        }
        (Expr::Select(a), Expr::Select(b)) => {
            a.test == b.test && a.field == b.field && same(&a.operand, &b.operand)
        }
        (a, b) => a == b,
    }
}

fn all_same(a: &[IdedExpr], b: &[IdedExpr]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}

fn same_entry(a: &IdedEntryExpr, b: &IdedEntryExpr) -> bool {
    match (&a.expr, &b.expr) {
        (EntryExpr::MapEntry(a), EntryExpr::MapEntry(b)) => {
            a.optional == b.optional && same(&a.key, &b.key) && same(&a.value, &b.value)
        }
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(a: &str, b: &str, expect: bool) {
        assert_eq!(is_same(a, b), expect, "{a} and {b}");
    }

    #[test]
    fn notation_makes_no_difference() {
        check("a==1&&b", "(a == 1)\n  && (b)", true);
        check("lead.x == 'a'", "lead.x == \"a\"", true);
        check("{'a': [1, x.y()]}.a", "{\"a\":[1,x.y()]}.a", true);
        check("has(lead.x) ? 1 : 2", "(has(lead.x)) ? 1 : (2)", true);
        check("lead.xs.exists(x, x > 1)", "lead.xs.exists(x, (x > 1))", true);
    }

    #[test]
    fn anything_else_does() {
        check("a && b", "b && a", false);
        check("a + (b + c)", "a + b + c", false);
        check("lead.x == 1", "lead.x == 1.0", false);
        check("lead.x == 'A'", "lead.x == 'a'", false);
        check("has(lead.x)", "lead.x", false);
        check("a.f(1)", "a.f(1, 2)", false);
        check("a &&", "a  &&", false);
        check("a &&", "a &&", true);
    }
}
