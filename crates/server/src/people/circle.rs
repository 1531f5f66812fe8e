//! All ids that any links reach from one: what can matter for the leads among them.

use std::collections::BTreeMap;

use kelvin_store::{Change, Id, IdKind, Link, LinkKind};

use crate::Error;

/// An id that more than so many others share stands for nobody: a test address, a screen in a lobby. It links nothing.
pub(super) const MOST_SHARED: usize = 100;

/// A user has as many anonymous ids as browsers and cleared cookies. One with more is `guest`, or `undefined`.
const MOST_BROWSERS: usize = 1000;

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

/// Ids that have too many links, with those that count nevertheless.
pub(super) type Full = BTreeMap<Id, Vec<Link>>;

impl Circle {
    /// The ids that links reach from one. What was found to have too many links is not counted again.
    pub(super) fn around(change: &dyn Change, first: &Id, full: &mut Full) -> Result<Self, Error> {
        let mut circle = Self::default();
        let mut places = BTreeMap::from([(first.clone(), 0)]);
        let mut found = vec![first.clone()];
        let mut links = Vec::new();
        let mut next = 0;
        while let Some(id) = found.get(next).cloned() {
            next += 1;
            let is_user = change.known_id(&id)?.is_some_and(|known| known.is_user);
            circle.ids.push((id.clone(), is_user));
            for link in links_at(change, &id, full)? {
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

/// The links of an id, less those that it cannot hold because they are too many.
fn links_at(change: &dyn Change, id: &Id, full: &mut Full) -> Result<Vec<Link>, Error> {
    if let Some(links) = full.get(id) {
        return Ok(links.clone());
    }
    let (mut all, mut is_full) = (Vec::new(), false);
    for (mut links, most) in sides(change, id, 0)? {
        if count(&links) > most {
            is_full = true;
            links.retain(|link| link.kind == LinkKind::ByHand);
        }
        all.append(&mut links);
    }
    if is_full {
        full.insert(id.clone(), all.clone());
    }
    Ok(all)
}

/// What an id held together until so many links came that it has too many.
pub(super) fn let_go(change: &dyn Change, id: &Id, fresh: usize) -> Result<Vec<Id>, Error> {
    let is_over = |links: &[Link], most: usize| (most + 1..=most + fresh).contains(&count(links));
    let over = sides(change, id, fresh)?.into_iter().filter(|(links, most)| is_over(links, *most));
    let links = over.flat_map(|(links, _)| links);
    Ok(links.map(|link| if link.from == *id { link.to } else { link.from }).collect())
}

/// The links that begin at an id and those that end at it, each with how many it can hold. As many are read as show
/// that they are too many, and were before so many that are fresh.
fn sides(change: &dyn Change, id: &Id, fresh: usize) -> Result<[(Vec<Link>, usize); 2], Error> {
    let most = if id.kind == IdKind::Profile { MOST_BROWSERS } else { MOST_SHARED };
    let enough = |most: usize| 2 * most + 2 + fresh;
    let begin = change.links_from(id, enough(MOST_SHARED))?;
    let end = change.links_to(id, enough(most))?;
    Ok([(begin, MOST_SHARED), (end, most)])
}

fn count(links: &[Link]) -> usize {
    links.iter().filter(|link| link.kind != LinkKind::ByHand).count()
}
