//! What some deliveries will need of the store, told before they are taken in.

use kelvin_kernel::Instant;
use kelvin_store::Coming;

use crate::{Model, people, segment::Call};

/// What calls may look at and change.
pub(super) fn of_calls<'c>(models: &'c [Model], deliveries: &[(&'c [Call], Instant)]) -> Coming<'c> {
    let calls = || deliveries.iter().flat_map(|(calls, _)| *calls);
    Coming {
        ids: calls().filter_map(|call| call.id.as_deref()).collect(),
        profiles: calls().map(|call| call.profile.as_str()).collect(),
        links: calls().flat_map(people::links).collect(),
        ..of_leads(models, Vec::new())
    }
}

/// What computing scores of leads again may look at and change.
pub(super) fn of_leads<'c>(models: &'c [Model], leads: Vec<&'c str>) -> Coming<'c> {
    let models = models.iter().flat_map(|model| [Some(model.key()), model.before()]).flatten().collect();
    Coming { leads, models, ..Coming::default() }
}
