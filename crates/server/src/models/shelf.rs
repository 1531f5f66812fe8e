//! The models that are loaded, as all threads see them.

use std::sync::{Arc, PoisonError, RwLock};

use kelvin_store::View;

use super::key;
use crate::{Error, Model};

/// The models that are loaded: those that serve, those that are coming, those that have gone of late.
#[derive(Debug, Default)]
pub(crate) struct Shelf(RwLock<Arc<Vec<Model>>>);

impl Shelf {
    /// All that are loaded.
    pub(crate) fn all(&self) -> Arc<Vec<Model>> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts others in their place.
    pub(crate) fn put(&self, models: Vec<Model>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(models);
    }

    /// The models that serve in what a view shows, by id: the same that made the scores there.
    pub(crate) fn serving(&self, view: &dyn View) -> Result<Vec<Model>, Error> {
        let switches = view.in_service()?;
        let models = self.all();
        let of_switch = |switch| {
            let key = key(switch);
            models.iter().find(|model| model.key() == key).cloned()
        };
        Ok(switches.iter().filter_map(of_switch).collect())
    }
}
