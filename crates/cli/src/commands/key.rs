//! `kelvin key`: the keys of programs, in the store of a service that does not run.

use std::io::{Write, stdout};

use clap::{Args, Subcommand, ValueEnum};
use kelvin_server::Scope;

use super::store::Store;
use crate::{
    failure::{Exit, Failure, Outcome},
    terminal::tell,
};

/// Make, list and withdraw the keys by which programs use the live service
///
/// Works on the store while the service is stopped; while it runs, its API does the same.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin key create --scope write 'Web shop'      a key for sending events
  kelvin key create --scope read Dashboards
  kelvin key list
  kelvin key withdraw 3

Exit status: 0 done; 2 the store is in use or cannot be written, or there is no such key.")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Make a key and print it: it is kept nowhere, and cannot be shown again
    Create {
        /// What the key is for
        name: String,
        /// What it opens
        #[arg(long, value_name = "SCOPE")]
        scope: Opens,
        #[command(flatten)]
        store: Store,
    },
    /// List the keys
    List {
        #[command(flatten)]
        store: Store,
    },
    /// Withdraw a key: from then on it opens nothing
    Withdraw {
        /// Its number in the list
        id: u64,
        #[command(flatten)]
        store: Store,
    },
}

/// What a key opens.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Opens {
    /// Sending events, and nothing else
    Write,
    /// Reading
    Read,
    /// Everything but sending events
    Admin,
}

pub(crate) fn run(arguments: Arguments) -> Outcome {
    match arguments.act {
        Act::Create { name, scope, store } => create(&name, scope, &store),
        Act::List { store } => list(&store),
        Act::Withdraw { id, store } => withdraw(id, &store),
    }
}

fn create(name: &str, scope: Opens, store: &Store) -> Outcome {
    let scope = match scope {
        Opens::Write => Scope::Write,
        Opens::Read => Scope::Read,
        Opens::Admin => Scope::Admin,
    };
    let (key, secret) = store.open()?.make_key(name, scope)?;
    writeln!(stdout(), "{secret}")?;
    tell(format_args!("key {} for `{}`: keep it, it cannot be shown again", key.id, key.name));
    Ok(Exit::Done)
}

fn list(store: &Store) -> Outcome {
    for key in store.open()?.keys()? {
        let (scope, made) = (key.scope.name(), key.made);
        writeln!(stdout(), "{:>4}  {scope:<6} {}…  {made}  {}", key.id, key.hint, key.name)?;
    }
    Ok(Exit::Done)
}

fn withdraw(id: u64, store: &Store) -> Outcome {
    let none = || Failure::new(format!("there is no key {id}")).help("`kelvin key list` shows all");
    let key = store.open()?.withdraw_key(id)?.ok_or_else(none)?;
    tell(format_args!("key {id} for `{}` opens nothing any more", key.name));
    Ok(Exit::Done)
}
