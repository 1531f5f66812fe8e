//! Short texts that are copied without a look at anything else: maps that share what did not change copy many.

use std::{cmp::Ordering, fmt, hash::Hasher, ops::Deref, sync::Arc};

use rustc_hash::FxHasher;

use super::runs::Key;

/// What fits in without a place of its own: most ids do.
const SHORT: usize = 22;

/// The id of a lead, or the name of a tier.
#[derive(Clone)]
pub(super) enum Name {
    Short(u8, [u8; SHORT]),
    Long(Arc<str>),
}

impl Name {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Short(length, bytes) => &bytes[..usize::from(*length)],
            Self::Long(text) => text.as_bytes(),
        }
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        let mut bytes = [0; SHORT];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(room), Ok(length)) => {
                room.copy_from_slice(text.as_bytes());
                Self::Short(length, bytes)
            }
            _ => Self::Long(text.into()),
        }
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        // They are the bytes of a text.
        std::str::from_utf8(self.bytes()).unwrap_or_default()
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Name {}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes().cmp(other.bytes())
    }
}

impl Key for Name {
    fn hash(&self) -> u64 {
        let mut hasher = FxHasher::default();
        hasher.write(self.bytes());
        hasher.finish()
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_and_are_ordered_as_their_texts() {
        let long = "x".repeat(SHORT);
        let texts =
            ["", "a", "a\0", "ab", "ä", "a-name-that-is-too-long-to-fit-in", &long, &format!("{long}x")];
        for one in texts {
            assert_eq!(&*Name::from(one), one);
            for other in texts {
                assert_eq!(Name::from(one).cmp(&Name::from(other)), one.cmp(other), "{one} {other}");
            }
        }
    }
}
