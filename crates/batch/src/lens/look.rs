//! A look: what each set of rules sees of a row.

use kelvin_kernel::{
    plan::{CaptureId, MatcherId, NameId},
    sighting::{Captured, Sighting},
};

use crate::{
    models::Models,
    store::codec::{Damaged, Taker, put_bytes, put_number},
};

/// A sighting for each set of rules, in their order; an empty one for the sets that are deferred.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Look(pub(crate) Box<[Sighting]>);

/// What a set of rules sees of all rows of a look.
#[derive(Debug)]
pub(crate) struct Glance {
    pub(crate) sighting: Sighting,
    /// The rules that look at it: found once, as there are many rows and few looks.
    pub(crate) touched: Box<[usize]>,
}

const NOTHING: u64 = 0;
const KEY: u64 = 1;
const POINTS: u64 = 2;

impl Look {
    /// Whether it can change any score.
    pub(crate) fn matters(&self, models: &Models<'_>) -> bool {
        let sets = models.sets().iter().zip(&self.0);
        sets.into_iter()
            .any(|(set, sighting)| !sighting.matched().is_empty() || set.needs_every_event && !set.deferred)
    }

    /// What each set of rules sees, with the rules that look at it.
    pub(crate) fn glances(self, models: &Models<'_>) -> Box<[Glance]> {
        let glance = |(set, sighting)| {
            let mut touched = Vec::new();
            models.rules(set).each_touched(&sighting, |rule| touched.push(rule));
            Glance { sighting, touched: touched.into() }
        };
        models.sets().iter().zip(self.0).map(glance).collect()
    }
}

/// Appends a look.
pub(crate) fn put_look(out: &mut Vec<u8>, look: &Look) {
    look.0.iter().for_each(|sighting| put_sighting(out, sighting));
}

/// Takes a look of as many sightings.
pub(crate) fn take_look(taker: &mut Taker<'_>, sets: usize) -> Result<Look, Damaged> {
    (0..sets).map(|_| take_sighting(taker)).collect::<Result<_, _>>().map(Look)
}

/// Appends a sighting.
pub(crate) fn put_sighting(out: &mut Vec<u8>, sighting: &Sighting) {
    put_number(out, u64::from(sighting.is_identify()));
    put_number(out, sighting.matched().len() as u64);
    for matcher in sighting.matched() {
        put_number(out, u64::from(matcher.0));
    }
    put_number(out, sighting.captured().len() as u64);
    for (capture, captured) in sighting.captured() {
        put_number(out, u64::from(capture.0));
        match captured {
            Captured::Nothing => put_number(out, NOTHING),
            Captured::Key(key) => {
                put_number(out, KEY);
                put_bytes(out, key);
            }
            Captured::Points(bits) => {
                put_number(out, POINTS);
                put_number(out, *bits);
            }
        }
    }
}

/// Takes a sighting.
pub(crate) fn take_sighting(taker: &mut Taker<'_>) -> Result<Sighting, Damaged> {
    let name = if taker.number()? == 1 { NameId::IDENTIFY } else { NameId::OTHER };
    let mut sighting = Sighting::unmatched(name);
    let id = |taker: &mut Taker<'_>| u16::try_from(taker.number()?).map_err(|_| Damaged);
    for _ in 0..taker.size()? {
        sighting.add_match(MatcherId(id(taker)?));
    }
    for _ in 0..taker.size()? {
        let capture = CaptureId(id(taker)?);
        let captured = match taker.number()? {
            NOTHING => Captured::Nothing,
            KEY => Captured::Key(taker.sized()?.into()),
            POINTS => Captured::Points(taker.number()?),
            _ => return Err(Damaged),
        };
        sighting.add_capture(capture, captured);
    }
    Ok(sighting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sighting_comes_back_from_its_bytes() {
        let mut sighting = Sighting::unmatched(NameId::IDENTIFY);
        sighting.add_match(MatcherId(3));
        sighting.add_capture(CaptureId(1), Captured::Nothing);
        sighting.add_match(MatcherId(700));
        sighting.add_capture(CaptureId(2), Captured::Key(b"k".as_slice().into()));
        sighting.add_capture(CaptureId(3), Captured::Points(1.5_f64.to_bits()));
        let look = Look(vec![sighting, Sighting::unmatched(NameId::OTHER)].into());
        let mut out = Vec::new();
        put_look(&mut out, &look);
        let mut taker = Taker(&out);
        assert_eq!(take_look(&mut taker, 2), Ok(look));
        assert!(taker.is_empty());
        assert_eq!(take_look(&mut Taker(&out[..out.len() - 1]), 2), Err(Damaged));
    }
}
