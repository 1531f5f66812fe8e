//! `kelvin user`: who may log in, in the store of a service that does not run.

use std::io::{Write, stdout};

use clap::{Args, Subcommand, ValueEnum};
use kelvin_server::Role;

use super::store::Store;
use crate::{
    failure::{Exit, Failure, Outcome},
    terminal::tell,
};

/// Invite, list and keep out the people who use the live service
///
/// Works on the store while the service is stopped; while it runs, its API does the same.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin user invite --admin ada@acme.example      also for a forgotten password
  kelvin user invite --role sales bob@acme.example
  kelvin user list
  kelvin user disable bob@acme.example

Exit status: 0 done; 2 the store is in use or cannot be written, or there is no such user.")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Print a link by which a password can be set, once and within a day; older links end
    Invite {
        /// The e-mail address
        email: String,
        /// What the user may do
        #[arg(long, value_name = "ROLE", required_unless_present = "admin")]
        role: Option<Post>,
        /// The same as `--role admin`
        #[arg(long, conflicts_with = "role")]
        admin: bool,
        #[command(flatten)]
        store: Store,
    },
    /// List the users
    List {
        #[command(flatten)]
        store: Store,
    },
    /// Keep a user out; sessions end at once
    Disable {
        /// The e-mail address
        email: String,
        #[command(flatten)]
        store: Store,
    },
    /// Let a user in again, by the password they had
    Enable {
        /// The e-mail address
        email: String,
        #[command(flatten)]
        store: Store,
    },
}

/// What a user may do.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Post {
    /// Everything
    Admin,
    /// What concerns leads, models and messages
    Marketer,
    /// Look, and move tasks on
    Sales,
    /// Look
    Viewer,
}

pub(crate) fn run(arguments: Arguments) -> Outcome {
    match arguments.act {
        Act::Invite { email, role, store, .. } => {
            invite(&email, role.map_or(Role::Admin, Role::from), &store)
        }
        Act::List { store } => list(&store),
        Act::Disable { email, store } => disable(&email, true, &store),
        Act::Enable { email, store } => disable(&email, false, &store),
    }
}

fn invite(email: &str, role: Role, store: &Store) -> Outcome {
    let path = store.open()?.invite(email, role)?;
    writeln!(stdout(), "{path}")?;
    tell(format_args!("`{email}` sets a password there, on the service, within a day"));
    Ok(Exit::Done)
}

fn list(store: &Store) -> Outcome {
    for user in store.open()?.users()? {
        let state = match (user.is_disabled, &user.password) {
            (true, _) => "disabled",
            (false, None) => "invited",
            (false, Some(_)) => "active",
        };
        let (role, email) = (user.role.name(), user.email.as_deref().unwrap_or("(first administrator)"));
        writeln!(stdout(), "{:>4}  {role:<8} {state:<8} {}  {email}", user.id, user.made)?;
    }
    Ok(Exit::Done)
}

fn disable(email: &str, is_disabled: bool, store: &Store) -> Outcome {
    let none = || Failure::new(format!("there is no user `{email}`")).help("`kelvin user list` shows all");
    store.open()?.disable(email, is_disabled)?.ok_or_else(none)?;
    let now = if is_disabled { "is kept out" } else { "may come in" };
    tell(format_args!("`{email}` {now}"));
    Ok(Exit::Done)
}

impl From<Post> for Role {
    fn from(post: Post) -> Self {
        match post {
            Post::Admin => Self::Admin,
            Post::Marketer => Self::Marketer,
            Post::Sales => Self::Sales,
            Post::Viewer => Self::Viewer,
        }
    }
}
