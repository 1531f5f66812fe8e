//! Text to syntax tree, by the `cel` library.

use std::thread;

use cel::{Env, IdedExpr, common::ast::SourceInfo};

use super::{Problem, explain, tokens::Tokens};

/// The longest text that is parsed.
const MAX_BYTES: usize = 1 << 16;
/// The most words.
const MAX_TOKENS: usize = 1 << 13;
/// How deep brackets may be nested.
const MAX_DEPTH: usize = 64;
/// Enough for the deepest tree that the limits above allow: the library needs up to 20 kB a bracket, 2 kB a word.
const STACK_BYTES: usize = 1 << 26;

/// A parsed expression.
pub(super) struct Tree {
    pub(super) root: IdedExpr,
    /// Where its nodes stand in the text.
    pub(super) places: SourceInfo,
}

/// Parses a text and hands the tree to `then`.
///
/// Both run on a stack of their own, large enough for what the limits let through, because the library parses, and
/// drops its trees, recursively.
pub(super) fn with_tree<T: Send>(
    text: &str,
    tokens: &Tokens,
    then: impl FnOnce(&Tree) -> Result<T, Vec<Problem>> + Send,
) -> Result<T, Vec<Problem>> {
    let whole = 0..text.len();
    if tokens.depth > MAX_DEPTH {
        return Err(vec![too_deep(text)]);
    }
    if text.len() > MAX_BYTES || tokens.len() > MAX_TOKENS {
        let help = if text.contains(',') {
            "put long lists of values under `lists`"
        } else {
            "split it over several rules"
        };
        return Err(vec![Problem::new("too-complex", whole, "the expression is too long").help(help)]);
    }
    let work = || match parse(text) {
        Ok(tree) => then(&tree),
        Err(errors) => Err(vec![explain::explain(text, tokens, &errors)]),
    };
    let done = thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        worker.ok().and_then(|worker| worker.join().ok())
    });
    done.unwrap_or_else(|| Err(vec![Problem::new("syntax", whole, "the expression cannot be parsed")]))
}

pub(super) fn too_deep(text: &str) -> Problem {
    let problem = Problem::new("too-complex", 0..text.len(), "the expression is nested too deeply");
    problem.help("split it over several rules")
}

fn parse(text: &str) -> Result<Tree, cel::ParseErrors> {
    // An environment without macros: they are kept as calls, and their problems told in our words.
    let parser = Env::default().parser().enable_optional_syntax(true).enable_ident_escape_syntax(true);
    let (root, places) = parser.parse_with_source_info(text)?;
    Ok(Tree { root, places })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use kelvin_kernel::plan::Schema;

    use crate::cel::{Roots, Scope, compile_condition};

    #[test]
    fn what_is_too_much_says_what_to_do() {
        let (deep, long) = ("the expression is nested too deeply", "the expression is too long");
        let (split, list) = ("split it over several rules", "put long lists of values under `lists`");
        check(&format!("{}lead.x{}", "(".repeat(5000), ")".repeat(5000)), deep, split);
        check(&format!("{}lead.x", "!".repeat(100_000)), long, split);
        check(&format!("lead.x in [{}1]", "1, ".repeat(5000)), long, list);
    }

    #[track_caller]
    fn check(text: &str, message: &str, help: &str) {
        let (no_lists, mut schema) = (BTreeMap::new(), Schema::default());
        let mut scope = Scope::new(Roots::STANDING, &no_lists, &mut schema);
        let problems = compile_condition(text, &mut scope).err().unwrap_or_default();
        let told: Vec<_> = problems.iter().map(|problem| (problem.code, problem.message.as_str())).collect();
        assert_eq!(told, [("too-complex", message)]);
        assert_eq!(problems[0].help.as_deref(), Some(help));
    }
}
