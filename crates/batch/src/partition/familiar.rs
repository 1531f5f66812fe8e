//! Texts that were met before. Most leads share most of theirs: those are not made anew for each lead.

use std::sync::Arc;

use crate::{hash::hash, store::codec::Damaged};

/// Some texts of one attribute, those that came first. An attribute of which all texts differ fills it, and is not looked
/// for for long.
#[derive(Debug, Default)]
pub(crate) struct FamiliarTexts {
    /// Each text is in the first free place from where its hash points.
    places: Vec<Option<Arc<str>>>,
    taken: usize,
}

/// A power of two.
const PLACES: usize = 128;
const MOST_TAKEN: usize = PLACES / 4;

impl FamiliarTexts {
    /// The text of these bytes.
    ///
    /// # Errors
    /// They are no text.
    pub(crate) fn text(&mut self, bytes: &[u8]) -> Result<Arc<str>, Damaged> {
        self.places.resize(PLACES, None);
        let mut place = hash(bytes, 0) as usize % PLACES;
        while let Some(known) = &self.places[place] {
            if known.as_bytes() == bytes {
                return Ok(known.clone());
            }
            place = (place + 1) % PLACES;
        }
        let text: Arc<str> = std::str::from_utf8(bytes).map_err(|_| Damaged)?.into();
        if self.taken < MOST_TAKEN {
            self.taken += 1;
            self.places[place] = Some(text.clone());
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one_as_long_as_there_are_few() {
        let mut familiar = FamiliarTexts::default();
        let texts: Vec<String> = (0..4 * PLACES).map(|number| format!("text {number}")).collect();
        let first: Vec<_> = texts.iter().map(|text| familiar.text(text.as_bytes()).unwrap()).collect();
        for (place, (text, first)) in texts.iter().zip(&first).enumerate() {
            let again = familiar.text(text.as_bytes()).unwrap();
            assert_eq!(*again, **text);
            assert_eq!(Arc::ptr_eq(first, &again), place < MOST_TAKEN);
        }
        assert_eq!(familiar.text(&[0xff]), Err(Damaged));
    }
}
