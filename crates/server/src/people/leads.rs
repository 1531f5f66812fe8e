//! Divides the ids of a circle into leads. The same links give the same leads, in whatever order they came.

use kelvin_store::{IdKind, Link, LinkKind};

use super::circle::Circle;

/// A lead: places of ids, and the id by which it goes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lead {
    /// The user id that comes first in the order of texts, else the anonymous one; `None` where no profile is left.
    pub(super) name: Option<String>,
    pub(super) members: Vec<usize>,
}

/// How ids stand together while links are taken one by one.
struct Groups<'c> {
    circle: &'c Circle,
    /// By place of an id: its group.
    of: Vec<usize>,
    /// By group: its ids.
    members: Vec<Vec<usize>>,
}

/// Takes links one by one: first what people say, then what users say of themselves, then what is said of anonymous
/// ids, each in the order of time. A link that would bring together ids that are kept apart is left out; so is one of
/// an anonymous id that would bring together two who are known in the same way: browsers are shared.
pub(super) fn divide(circle: &Circle) -> Vec<Lead> {
    let mut groups = Groups::new(circle);
    let mut links: Vec<_> = circle.links.iter().collect();
    links.sort_by_cached_key(|(from, to, link)| {
        let ids = (&circle.ids[*from].0, &circle.ids[*to].0);
        (strength(circle, *from, link), link.time, link.source.clone(), ids, link.kind)
    });
    for (from, to, link) in links {
        let is_weak = strength(circle, *from, link) == Strength::Anonymous;
        groups.join(*from, *to, is_weak);
    }
    let filled = groups.members.iter().filter(|members| !members.is_empty());
    filled.map(|members| Lead { name: name(circle, members), members: members.clone() }).collect()
}

/// How much a link counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    ByHand,
    User,
    Anonymous,
}

fn strength(circle: &Circle, from: usize, link: &Link) -> Strength {
    match link.kind {
        LinkKind::ByHand => Strength::ByHand,
        LinkKind::Together => Strength::Anonymous,
        LinkKind::Alias | LinkKind::Email | LinkKind::External if circle.ids[from].1 => Strength::User,
        LinkKind::Alias | LinkKind::Email | LinkKind::External => Strength::Anonymous,
    }
}

impl<'c> Groups<'c> {
    fn new(circle: &'c Circle) -> Self {
        let places = 0..circle.ids.len();
        Self { circle, of: places.clone().collect(), members: places.map(|place| vec![place]).collect() }
    }

    fn join(&mut self, one: usize, other: usize, is_weak: bool) {
        let (one, other) = (self.of[one], self.of[other]);
        let is_shared = || self.ways(one).iter().any(|way| self.ways(other).contains(way));
        if one == other || self.are_apart(one, other) || (is_weak && is_shared()) {
            return;
        }
        let moving = std::mem::take(&mut self.members[other]);
        moving.iter().for_each(|place| self.of[*place] = one);
        self.members[one].extend(moving);
    }

    fn are_apart(&self, one: usize, other: usize) -> bool {
        self.circle.apart.iter().any(|(a, b)| {
            let pair = (self.of[*a], self.of[*b]);
            pair == (one, other) || pair == (other, one)
        })
    }

    /// The ways in which somebody is known: as a user, by e-mail, by another system.
    fn ways(&self, group: usize) -> Vec<IdKind> {
        let ids = self.members[group].iter().map(|place| &self.circle.ids[*place]);
        ids.filter(|(id, is_user)| *is_user || id.kind != IdKind::Profile).map(|(id, _)| id.kind).collect()
    }
}

fn name(circle: &Circle, members: &[usize]) -> Option<String> {
    let profiles =
        members.iter().map(|place| &circle.ids[*place]).filter(|(id, _)| id.kind == IdKind::Profile);
    let first = profiles.map(|(id, is_user)| (!is_user, id.text.as_str())).min();
    first.map(|(_, text)| text.to_owned())
}
