//! Secrets that we make up: shown once, kept as a hash.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kelvin_store::Digest;
use sha2::{Digest as _, Sha256};

use crate::Error;

/// How every key begins, so that people and scanners of repositories know one when they see it.
pub(crate) const KEY: &str = "kv_";

/// How much of a secret is kept in clear.
const HINT: usize = 7;

/// A secret of 256 random bits, as text.
pub(crate) struct Secret(String);

impl Secret {
    /// A new one, which begins as given.
    pub(crate) fn new(prefix: &str) -> Result<Self, Error> {
        Ok(Self(format!("{prefix}{}", BASE64_URL_SAFE_NO_PAD.encode(random()?))))
    }

    /// The secret, to be shown once.
    pub(crate) fn shown(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub(crate) fn digest(&self) -> Digest {
        digest(&self.0)
    }

    /// How it begins.
    pub(crate) fn hint(&self) -> &str {
        &self.0[..HINT.min(self.0.len())]
    }
}

/// The hash of a secret. A slow hash, as passwords need one, would gain nothing: nobody guesses 256 random bits. Nor does a
/// look-up by the hash tell anything by its time: who does not know the secret cannot choose its hash.
pub(crate) fn digest(secret: &str) -> Digest {
    Sha256::digest(secret.as_bytes()).into()
}

/// Random bytes of the operating system.
pub(crate) fn random() -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|cause| Error::Random(cause.to_string()))?;
    Ok(bytes)
}
