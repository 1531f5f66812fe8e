//! What is to be done at a start, before anything comes.

use std::{sync::Arc, time::Duration};

use super::Desk;
use crate::{
    Error, Model,
    models::{Asking, MAKER, ask},
};

/// Who publishes what stands on the command line.
const OPERATOR: &str = "operator";

impl Desk {
    /// Publishes the models that the service was started with, where they are new or have changed, and those that
    /// another version of Kelvin has scored. Nobody waits for their scores, unless there is nothing to score.
    pub(super) fn bring_up_to_date(&mut self) -> Result<(), Error> {
        self.learn_ids()?;
        let offered = Arc::clone(&self.models);
        let now = (self.clock)();
        let is_empty = self.store.change(|change| -> Result<_, Error> {
            for model in offered.iter() {
                let (author, note) = (OPERATOR.to_owned(), format!("from `{}` at start", model.name()));
                // Of a model of which a version is under way, the other is published at the next start.
                let _declined = ask::publish(change, model, &Asking { author, note }, now)?;
            }
            ask::renew(change, MAKER, now)?;
            Ok(change.log_end()? == 0)
        })?;
        self.load()?;
        self.let_new_rules_rest()?;
        if self.models.is_empty() && !self.publishing.is_busy() {
            (self.say)("no model is in service: `kelvin publish MODEL` has one serve");
        }
        while is_empty && self.publish_on() < super::TICK {
            std::thread::sleep(Duration::from_millis(1));
        }
        self.put_new_rules_in_force()?;
        self.tell_of_idle_challengers()
    }
}

impl Model {
    /// The name of the file that it comes from.
    fn name(&self) -> &str {
        self.file().unwrap_or_else(|| self.id())
    }
}
