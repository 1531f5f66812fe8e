//! Who may come in: keys of programs; users, with what lets them in for a while.

use kelvin_kernel::Instant;

use crate::{Digest, Key, Pass, Result, Role, Scope, User};

/// Looks at who may come in.
pub trait AccessView {
    /// All keys, in the order in which they were made.
    fn keys(&self) -> Result<Vec<Key>>;

    /// All users, in the order in which they were made.
    fn users(&self) -> Result<Vec<User>>;

    /// The user with an e-mail address.
    fn user_at(&self, email: &str) -> Result<Option<User>>;

    /// The user whom a pass lets in at an instant. One that is disabled is told as any other.
    fn holder(&self, pass: Pass, hash: &Digest, now: Instant) -> Result<Option<User>>;

    /// Whether a user has a pass of a kind that has not ended.
    fn has_pass(&self, pass: Pass, user: u64, now: Instant) -> Result<bool>;
}

/// Changes who may come in.
pub trait AccessChange: AccessView {
    /// Keeps a new key; returns it with its number.
    fn add_key(&mut self, name: &str, scope: Scope, secret: (&Digest, &str), made: Instant) -> Result<Key>;

    /// Forgets a key; whether it was there.
    fn drop_key(&mut self, id: u64) -> Result<bool>;

    /// Keeps a new user without a password.
    fn add_user(&mut self, email: Option<&str>, role: Role, made: Instant) -> Result<User>;

    /// Notes what a user is from now on.
    fn put_user(&mut self, user: &User) -> Result<()>;

    /// Lets a user in until an instant; passes that have ended are forgotten.
    fn give_pass(&mut self, pass: Pass, user: u64, hash: &Digest, now: Instant, ends: Instant) -> Result<()>;

    /// Ends one pass.
    fn end_pass(&mut self, hash: &Digest) -> Result<()>;

    /// Ends the invitations of a user.
    fn end_invitations(&mut self, user: u64) -> Result<()>;

    /// Ends all passes of a user.
    fn end_passes(&mut self, user: u64) -> Result<()>;
}
