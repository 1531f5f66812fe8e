//! All ids that any links reach from one: what can matter for the leads among them.

use std::collections::BTreeMap;

use kelvin_store::{Change, Id, IdKind, Link, LinkKind};

use crate::Error;

/// An id that more than so many others share stands for nobody: a test address, a screen in a lobby. It links nothing.
pub(super) const MOST_SHARED: usize = 100;

/// Links that are read of an id that many may share: enough to see that there are too many.
const ENOUGH: usize = 2 * MOST_SHARED + 2;

/// Ids with all links among them.
#[derive(Debug, Default)]
pub(super) struct Circle {
    /// The ids, each with whether it is a user's.
    pub(super) ids: Vec<(Id, bool)>,
    /// The links, by the places of their ends.
    pub(super) links: Vec<(usize, usize, Link)>,
    /// Ids that are kept apart, by their places.
    pub(super) apart: Vec<(usize, usize)>,
}

impl Circle {
    /// Whether an id is among them.
    pub(super) fn holds(&self, id: &Id) -> bool {
        self.ids.iter().any(|(known, _)| known == id)
    }

    /// The ids that links reach from one.
    pub(super) fn around(change: &dyn Change, first: &Id) -> Result<Self, Error> {
        let mut circle = Self::default();
        let mut places = BTreeMap::from([(first.clone(), 0)]);
        let mut found = vec![first.clone()];
        let mut links = Vec::new();
        let mut next = 0;
        while let Some(id) = found.get(next).cloned() {
            next += 1;
            let is_user = change.known_id(&id)?.is_some_and(|known| known.is_user);
            circle.ids.push((id.clone(), is_user));
            for link in links_at(change, &id)? {
                for end in [&link.from, &link.to] {
                    places.entry(end.clone()).or_insert_with(|| {
                        found.push(end.clone());
                        found.len() - 1
                    });
                }
                links.push(link);
            }
            for other in change.apart_from(&id)? {
                if let Some(place) = places.get(&other) {
                    circle.apart.push((places[&id], *place));
                }
            }
        }
        // A link counts only if neither end leaves it out.
        let mut ends: BTreeMap<_, (usize, Link)> = BTreeMap::new();
        for link in links {
            let key = (places[&link.from], places[&link.to], link.kind);
            ends.entry(key).or_insert((0, link)).0 += 1;
        }
        let whole = ends.into_iter().filter(|(_, (seen, _))| *seen == 2);
        circle.links = whole.map(|((from, to, _), (_, link))| (from, to, link)).collect();
        Ok(circle)
    }
}

/// The links of an id, less those that it cannot hold because too many share it.
fn links_at(change: &dyn Change, id: &Id) -> Result<Vec<Link>, Error> {
    let mut links = shared(change, id)?;
    if count(&links) > MOST_SHARED {
        links.retain(|link| link.kind == LinkKind::ByHand);
    }
    // A user has as many anonymous ids as browsers and cleared cookies. By hand, anything may be linked.
    links.extend(match id.kind {
        IdKind::Profile => change.links_to(id, usize::MAX)?,
        IdKind::Email | IdKind::External => change.links_from(id, usize::MAX)?,
    });
    Ok(links)
}

/// The links by which an id brings others together: those that begin at a profile, those that end elsewhere.
fn shared(change: &dyn Change, id: &Id) -> Result<Vec<Link>, Error> {
    Ok(match id.kind {
        IdKind::Profile => change.links_from(id, ENOUGH)?,
        IdKind::Email | IdKind::External => change.links_to(id, ENOUGH)?,
    })
}

fn count(links: &[Link]) -> usize {
    links.iter().filter(|link| link.kind != LinkKind::ByHand).count()
}

/// What an id held together until its last link came.
pub(super) fn let_go(change: &dyn Change, id: &Id) -> Result<Vec<Id>, Error> {
    let links = shared(change, id)?;
    if count(&links) != MOST_SHARED + 1 {
        return Ok(Vec::new());
    }
    Ok(links.into_iter().map(|link| if link.from == *id { link.to } else { link.from }).collect())
}
