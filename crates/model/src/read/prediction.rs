//! Dimensions that a trained model makes: `predict` and `points` in place of rules.

use std::sync::Arc;

use super::{Reader, field};
use crate::{
    diagnostics,
    grammar::{self, DIMENSION},
    predictor::Trained,
    span::Spanned,
    syntax::Node,
    tree::{Prediction, Rule, RuleKind},
};

impl Reader<'_> {
    /// What stands under `predict`, as the one rule of its dimension; and whether all of it could be read.
    pub(super) fn prediction(&mut self, name: &Spanned<String>, node: &Node) -> (Vec<Rule>, bool) {
        self.ids.push(name.clone());
        let file = node.get("predict").and_then(field::name);
        let points = node.get("points").and_then(field::range);
        let (Some(file), Some(points)) = (file, points) else {
            self.model.unread_rules.push(node.span);
            return (Vec::new(), false);
        };
        let trained = self.trained(&file);
        let kind = RuleKind::Predict(Prediction { file, points, trained });
        (vec![Rule { id: name.clone(), span: node.span, kind, cap: None }], true)
    }

    /// Reads a file that was named.
    fn trained(&mut self, file: &Spanned<String>) -> Option<Arc<Trained>> {
        let (name, span) = (&file.value, file.span);
        let text = match (self.files)(name) {
            Ok(text) => text,
            Err(why) => {
                self.diagnostics.push(diagnostics::no_predictor(name, &why, span));
                return None;
            }
        };
        match Trained::read(&text) {
            Ok(trained) => {
                let doubts = trained.warnings().map(|text| diagnostics::doubtful_predictor(name, text, span));
                self.diagnostics.extend(doubts);
                self.read_files.insert(name.clone(), text);
                Some(Arc::new(trained))
            }
            Err(cause) => {
                self.diagnostics.push(diagnostics::bad_predictor(name, &cause, span));
                None
            }
        }
    }

    /// A dimension has rules, or `predict` with `points`.
    pub(super) fn dimension_is_clear(&mut self, node: &Node) {
        let Some(entries) = node.entries() else { return };
        let key = |name: &str| {
            let entry = entries.iter().find(|entry| entry.key.text() == Some(name))?;
            Some(Spanned::new(entry.key.text()?, entry.key.span))
        };
        let keys: Vec<_> = DIMENSION.keys.iter().collect();
        let mut missing = |name: &str| {
            let key = DIMENSION.key(name).filter(|_| !grammar::has(entries, name, &keys));
            let problem = key.map(|key| diagnostics::missing_key(key, DIMENSION.title, grammar::head(node)));
            self.diagnostics.extend(problem);
        };
        match (key("rules"), key("predict"), key("points")) {
            (None, None, None) if !grammar::has(entries, "predict", &keys) => missing("rules"),
            (None, None, Some(_)) => missing("predict"),
            (None, Some(_), None) => missing("points"),
            (Some(rules), Some(mark), _) => {
                let help = "what is foretold is a dimension of its own: put the rules into another one";
                let title = "a dimension that a trained model makes";
                self.diagnostics.push(diagnostics::contradictory_keys(rules, title, Some(mark), Some(help)));
            }
            (Some(mark), None, Some(points)) => {
                let help = "each rule has points of its own";
                let title = "a dimension of rules";
                self.diagnostics.push(diagnostics::contradictory_keys(points, title, Some(mark), Some(help)));
            }
            _ => {}
        }
    }
}
