//! Passwords: hashed slowly with argon2id, so that who gets hold of the store still has to guess each at great cost.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

use crate::Error;

/// The shortest password, in bytes.
pub(crate) const SHORTEST: usize = 12;

/// The longest password, in bytes.
pub(crate) const LONGEST: usize = 1024;

/// The hash of a password, with its salt and what it was made with. Takes tens of milliseconds and 19 MiB.
pub(crate) fn hashed(password: &str) -> Result<String, Error> {
    let hash: PasswordHash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|cause| Error::Random(cause.to_string()))?;
    Ok(hash.to_string())
}

/// Whether a password is the one of a hash. Takes as long where there is no hash: the time does not tell who is a user.
pub(crate) fn is_right(password: &str, hash: Option<&str>) -> bool {
    match hash.and_then(|hash| PasswordHash::new(hash).ok()) {
        Some(hash) => Argon2::default().verify_password(password.as_bytes(), &hash).is_ok(),
        None => {
            let _as_long = hashed(password);
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_alone() {
        let hash = hashed("correct horse battery").expect("a hash");
        assert!(hash.starts_with("$argon2id$v=19$"), "{hash}");
        assert_ne!(hash, hashed("correct horse battery").expect("a hash"));
        assert!(is_right("correct horse battery", Some(&hash)));
        assert!(!is_right("correct horse", Some(&hash)));
        assert!(!is_right("", Some("damaged")));
        assert!(!is_right("anything", None));
    }
}
