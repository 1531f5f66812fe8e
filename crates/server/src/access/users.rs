//! Users: inviting them, their first password, their role.

use kelvin_kernel::{Duration, Instant};
use kelvin_store::{Change, Pass, Role, User};

use super::{Act, Caller, note, secret::Secret};
use crate::Error;

/// How an invitation begins.
const INVITATION: &str = "kvi_";

/// How long an invitation can be taken up.
const LENGTH: Duration = Duration::from_millis(86_400_000);

/// Where an invitation is taken up.
pub(crate) fn path(token: &str) -> String {
    format!("/api/v1/invitations/{token}")
}

/// Invites somebody, or gives a user a new link by which to set a password; older links end. Returns the token of the link.
pub(crate) fn invite(
    change: &mut dyn Change,
    caller: &Caller,
    now: Instant,
    email: &str,
    role: Role,
) -> Result<(User, String), Error> {
    let user = match change.user_at(email)? {
        Some(mut user) => {
            reassign(change, caller, now, &mut user, role)?;
            user
        }
        None => change.add_user(Some(email), role, now)?,
    };
    let token = renew(change, caller, now, &user)?;
    Ok((user, token))
}

/// Invites the first administrator, where nobody could come in otherwise.
pub(crate) fn invite_first(change: &mut dyn Change, now: Instant) -> Result<Option<String>, Error> {
    for user in change.users()? {
        if user.password.is_some() || change.has_pass(Pass::Invitation, user.id, now)? {
            return Ok(None);
        }
    }
    let nameless = change.users()?.into_iter().find(|user| user.email.is_none());
    let user = match nameless {
        Some(user) => user,
        None => change.add_user(None, Role::Admin, now)?,
    };
    renew(change, &Caller::Service, now, &user).map(Some)
}

/// Takes an invitation up: from now on the user comes in by a password. All earlier sessions and links end.
pub(crate) fn accept(
    change: &mut dyn Change,
    now: Instant,
    mut user: User,
    email: Option<String>,
    password: String,
) -> Result<User, Error> {
    user.email = user.email.or(email);
    user.password = Some(password);
    change.put_user(&user)?;
    change.end_passes(user.id)?;
    let whose = Caller::User(user.clone(), [0; 32]);
    note(change, &whose, now, Act::new("user.password", &subject(&user)))?;
    Ok(user)
}

/// Gives a user another role.
pub(crate) fn reassign(
    change: &mut dyn Change,
    caller: &Caller,
    now: Instant,
    user: &mut User,
    role: Role,
) -> Result<(), Error> {
    let before = std::mem::replace(&mut user.role, role);
    if before == role {
        return Ok(());
    }
    change.put_user(user)?;
    let subject = subject(user);
    let act = Act::new("user.role", &subject).before(before.name()).after(role.name());
    Ok(note(change, caller, now, act)?)
}

/// Keeps a user out, at once, or lets them in again.
pub(crate) fn disable(
    change: &mut dyn Change,
    caller: &Caller,
    now: Instant,
    user: &mut User,
    is_disabled: bool,
) -> Result<(), Error> {
    if std::mem::replace(&mut user.is_disabled, is_disabled) == is_disabled {
        return Ok(());
    }
    change.put_user(user)?;
    change.end_passes(user.id)?;
    let what = if is_disabled { "user.disable" } else { "user.enable" };
    Ok(note(change, caller, now, Act::new(what, &subject(user)))?)
}

/// Whether somebody is left who can let others in.
pub(crate) fn has_admin(users: &[User]) -> bool {
    users.iter().any(|user| user.role == Role::Admin && !user.is_disabled && user.password.is_some())
}

/// An e-mail address as it is kept and compared; none, if it cannot be one.
pub(crate) fn address(text: &str) -> Option<String> {
    let address = text.trim().to_lowercase();
    let is_one = address.len() <= 254
        && address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        && !address.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    is_one.then_some(address)
}

fn renew(change: &mut dyn Change, caller: &Caller, now: Instant, user: &User) -> Result<String, Error> {
    let token = Secret::new(INVITATION)?;
    change.end_invitations(user.id)?;
    change.give_pass(Pass::Invitation, user.id, &token.digest(), now, now.after(LENGTH))?;
    note(change, caller, now, Act::new("user.invite", &subject(user)).after(user.role.name()))?;
    Ok(token.shown().to_owned())
}

fn subject(user: &User) -> String {
    user.email.clone().unwrap_or_else(|| format!("user {}", user.id))
}
