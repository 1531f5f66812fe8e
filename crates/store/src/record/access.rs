//! Keys, users and what lets them in, as plain data.

use kelvin_kernel::Instant;

/// The hash of a secret: the secret itself is never kept.
pub type Digest = [u8; 32];

/// What a program may do with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Send events, and nothing else.
    Write,
    /// Read.
    Read,
    /// All that an administrator may.
    Admin,
}

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Admin,
    /// What concerns models and leads.
    Marketer,
    /// Their tasks.
    Sales,
    /// Look.
    Viewer,
}

/// A key of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its number.
    pub id: u64,
    /// What tells that a key which is shown is this one.
    pub hash: Digest,
    /// How it begins, so that people can tell keys apart.
    pub hint: String,
    /// What it is for.
    pub name: String,
    /// What it opens.
    pub scope: Scope,
    /// Since when.
    pub made: Instant,
}

/// A person with a password, or one who is invited to set one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its number.
    pub id: u64,
    /// The e-mail address; the first administrator has none until the invitation is taken up.
    pub email: Option<String>,
    /// What the user may do.
    pub role: Role,
    /// The password's hash, with what it was made with.
    pub password: Option<String>,
    /// Whether the user is kept out.
    pub is_disabled: bool,
    /// Since when.
    pub made: Instant,
}

/// What lets a user in for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// A link by which a password can be set, once.
    Invitation,
    /// A login.
    Session,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Write, Self::Read, Self::Admin];

    /// The name, which stays.
    pub fn name(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::Read => "read",
            Self::Admin => "admin",
        }
    }

    /// The scope of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Marketer, Self::Sales, Self::Viewer];

    /// The name, which stays.
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Marketer => "marketer",
            Self::Sales => "sales",
            Self::Viewer => "viewer",
        }
    }

    /// The role of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

impl Pass {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Session => "session",
        }
    }
}
