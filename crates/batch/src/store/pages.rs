//! Memory in pages that the stages pass on to each other.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The size of a page.
pub(crate) const PAGE: usize = 16 * 1024;

/// Pages that are free. Events give back theirs partition by partition, scores take them: left to the allocator, they would lie
/// in between what is still in use, and the system would be asked for new memory, which it clears.
#[derive(Debug, Default)]
pub(crate) struct Pages(Mutex<Vec<Vec<u8>>>);

impl Pages {
    /// An empty page.
    pub(crate) fn take(&self) -> Vec<u8> {
        self.free().pop().unwrap_or_else(|| Vec::with_capacity(PAGE))
    }

    /// Gives back pages; what has another size is freed.
    pub(crate) fn give_back(&self, pages: impl IntoIterator<Item = Vec<u8>>) {
        self.free().extend(pages.into_iter().filter(|page| page.capacity() == PAGE).map(|mut page| {
            page.clear();
            page
        }));
    }

    fn free(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_given_back_is_taken_again_empty() {
        let pages = Pages::default();
        let mut page = pages.take();
        page.push(1);
        let place = page.as_ptr();
        pages.give_back([page, Vec::with_capacity(PAGE / 2)]);
        let (again, another) = (pages.take(), pages.take());
        assert_eq!((again.as_ptr(), again.len(), again.capacity()), (place, 0, PAGE));
        assert_ne!(another.as_ptr(), place);
    }
}
