//! What is to be done at a start, before anything comes.

use std::{sync::Arc, time::Duration};

use super::Desk;
use crate::{
    Error, Model,
    models::{
        MAKER,
        ask::{self, Offered},
    },
};

impl Desk {
    /// Publishes the models that the service was started with, where they are new or have changed, and those that
    /// another version of Kelvin has scored. Nobody waits for their scores, unless there is nothing to score.
    pub(super) fn bring_up_to_date(&mut self) -> Result<(), Error> {
        self.learn_ids()?;
        let offered = Arc::clone(&self.models);
        let now = (self.clock)();
        let (is_empty, told) = self.store.change(|change| -> Result<_, Error> {
            let mut told = Vec::new();
            for model in offered.iter() {
                let before = ask::serving(change, model.id())?.map(|switch| switch.version);
                // Of a model of which a version is under way, the other is published at the next start.
                let offered = ask::offer(change, model, now)?.ok();
                told.extend(offered.and_then(|offered| tale(model, &offered, before)));
            }
            ask::renew(change, MAKER, now)?;
            Ok((change.log_end()? == 0, told))
        })?;
        told.iter().for_each(|line| (self.say)(line));
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

/// What the log is told of a file at a start, where another version serves.
fn tale(model: &Model, offered: &Offered, before: Option<u64>) -> Option<String> {
    let (id, file) = (model.id(), model.name());
    match (offered, before) {
        (Offered::Published(asked), Some(before)) => {
            let version = asked.version;
            Some(format!(
                "`{file}` has changed: version {version} of `{id}` takes the place of version {before}"
            ))
        }
        (Offered::Overruled, Some(before)) => Some(format!(
            "version {before} of `{id}` goes on serving: `{file}` is what it was at an earlier start; `kelvin publish` has it serve"
        )),
        (Offered::Overruled, None) => Some(format!(
            "`{id}` was withdrawn, and `{file}` is what it was at an earlier start; `kelvin publish` has it serve"
        )),
        (Offered::Published(_), None) | (Offered::Known, _) => None,
    }
}

impl Model {
    /// The name of the file that it comes from.
    fn name(&self) -> &str {
        self.file().unwrap_or_else(|| self.id())
    }
}
