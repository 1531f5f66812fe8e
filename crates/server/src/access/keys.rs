//! Making and withdrawing the keys of programs.

use kelvin_kernel::Instant;
use kelvin_store::{Change, Key, Scope};

use super::{
    Act, Caller, note,
    secret::{KEY, Secret},
};
use crate::Error;

/// Makes a key; returns it with its secret, which nobody sees again.
pub(crate) fn make(
    change: &mut dyn Change,
    caller: &Caller,
    now: Instant,
    name: &str,
    scope: Scope,
) -> Result<(Key, String), Error> {
    let secret = Secret::new(KEY)?;
    let key = change.add_key(name, scope, (&secret.digest(), secret.hint()), now)?;
    note(change, caller, now, Act::new("key.make", &subject(&key)).after(&in_short(&key)))?;
    Ok((key, secret.shown().to_owned()))
}

/// Withdraws a key, if it is there.
pub(crate) fn withdraw(
    change: &mut dyn Change,
    caller: &Caller,
    now: Instant,
    id: u64,
) -> Result<Option<Key>, Error> {
    let Some(key) = change.keys()?.into_iter().find(|key| key.id == id) else { return Ok(None) };
    change.drop_key(id)?;
    note(change, caller, now, Act::new("key.withdraw", &subject(&key)).before(&in_short(&key)))?;
    Ok(Some(key))
}

fn subject(key: &Key) -> String {
    format!("key {}", key.id)
}

fn in_short(key: &Key) -> String {
    format!("{}: {}", key.scope.name(), key.name)
}
