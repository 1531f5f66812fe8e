//! Signatures of webhooks, as Standard Webhooks has them: <https://www.standardwebhooks.com>.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// What webhooks are signed with.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Reads a secret, `whsec_` and its bytes as base64; `None` if it is none, or is too short or too long.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_STANDARD.decode(text.strip_prefix("whsec_").unwrap_or(text)).ok()?;
        (24..=64).contains(&bytes.len()).then_some(Self(bytes))
    }

    /// The signature of a body that is sent as a message at a time, in seconds since 1970.
    pub(crate) fn sign(&self, id: &str, seconds: i64, body: &str) -> String {
        // Keys of any length are taken.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(format!("{id}.{seconds}.{body}").as_bytes());
        format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// Never shown.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// An id as it travels in headers: itself where it is made of letters, digits, `-` and `_`, else a hash of it.
pub(crate) fn wire_id(id: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !id.is_empty() && id.len() <= 64 && id.bytes().all(is_plain) {
        return id.to_owned();
    }
    let hash = Sha256::digest(id.as_bytes());
    hash[..16].iter().fold("msg_".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_example_is_signed_as_published() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret");
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn what_is_no_secret_is_refused_and_none_is_shown() {
        for text in ["", "whsec_", "whsec_c2hvcnQ=", "not base64 at all!", &"A".repeat(100)] {
            assert_eq!(Secret::parse(text), None, "{text}");
        }
        let secret = Secret::parse("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret");
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }

    #[test]
    fn an_id_travels_as_itself_or_as_a_hash_that_stays() {
        assert_eq!(wire_id("hand_off-17"), "hand_off-17");
        let hashed = wire_id("ada@acme.example\r\nx: y");
        assert_eq!((hashed.len(), hashed.starts_with("msg_")), (36, true));
        assert_eq!(hashed, wire_id("ada@acme.example\r\nx: y"));
        assert_ne!(hashed, wire_id("ada@acme.example\r\nx: z"));
    }
}
