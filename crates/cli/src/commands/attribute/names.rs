//! The names of channels, each with its number.

use std::collections::BTreeMap;

use kelvin_learn::attribution::Channel;

use crate::failure::{Failure, Outcome};

/// Names in the order in which they first occurred.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: Vec<String>,
    channels: BTreeMap<String, Channel>,
}

impl Names {
    /// The channel of a name, which is new if it did not occur before.
    pub(super) fn channel(&mut self, name: &str) -> Outcome<Channel> {
        if let Some(channel) = self.channels.get(name) {
            return Ok(*channel);
        }
        // The last number stands for nothing: a state of a chain keeps one more than the number in 16 bits.
        let next = u16::try_from(self.names.len()).ok().filter(|next| *next < u16::MAX);
        let channel = Channel(next.ok_or_else(too_many)?);
        self.names.push(name.to_owned());
        self.channels.insert(name.to_owned(), channel);
        Ok(channel)
    }

    /// The name of a channel.
    pub(super) fn name(&self, channel: Channel) -> &str {
        self.names.get(channel.place()).map_or("", String::as_str)
    }

    /// All channels.
    pub(super) fn all(&self) -> impl Iterator<Item = Channel> {
        (0..u16::MAX).take(self.names.len()).map(Channel)
    }
}

fn too_many() -> Failure {
    Failure::new("there are more than 65,535 channels").help("--by channel puts visits together into few")
}
