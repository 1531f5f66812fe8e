//! Scores as bytes, between a partition and the writer.

use kelvin_kernel::{
    Instant, Micropoints,
    score::{AccountScore, DimensionScore, Reason, ReasonPart, Score, Standing},
};

use crate::store::codec::{Damaged, Taker, put_long, put_number, put_signed};

const NO_TIER: u64 = 0;
const DISQUALIFIED: u64 = 1;
const FIRST_TIER: u64 = 2;

/// A score to read others into.
pub(crate) const BLANK: Score = Score {
    score: Micropoints(0),
    standing: Standing::None,
    grade: None,
    disqualified: Vec::new(),
    until: None,
    dimensions: Vec::new(),
    reasons: Vec::new(),
};

/// Appends a score.
pub(crate) fn put_score(out: &mut Vec<u8>, score: &Score) {
    put_long(out, score.score.0);
    put_number(
        out,
        match score.standing {
            Standing::None => NO_TIER,
            Standing::Disqualified => DISQUALIFIED,
            Standing::Tier(tier) => FIRST_TIER + tier as u64,
        },
    );
    put_place(out, score.grade);
    put_instant(out, score.until);
    for dimension in &score.dimensions {
        // Few sums lie outside the range: the difference is nearly always 0, which takes one byte.
        put_long(out, dimension.sum.0);
        put_signed(out, dimension.value.0.wrapping_sub(dimension.sum.0));
    }
    put_number(out, score.disqualified.len() as u64);
    score.disqualified.iter().for_each(|rule| put_number(out, *rule as u64));
    put_reasons(out, &score.reasons);
}

/// Takes a score of a model of so many dimensions into one whose lists are used again.
pub(crate) fn take_score(taker: &mut Taker<'_>, dimensions: usize, into: &mut Score) -> Result<(), Damaged> {
    into.score = Micropoints(taker.long()?);
    into.standing = match taker.number()? {
        NO_TIER => Standing::None,
        DISQUALIFIED => Standing::Disqualified,
        tier => Standing::Tier((tier - FIRST_TIER) as usize),
    };
    into.grade = take_place(taker)?;
    into.until = take_instant(taker)?;
    into.dimensions.clear();
    for _ in 0..dimensions {
        let sum = taker.long()?;
        let value = sum.wrapping_add(taker.signed()?);
        into.dimensions.push(DimensionScore { sum: Micropoints(sum), value: Micropoints(value) });
    }
    into.disqualified.clear();
    for _ in 0..taker.size()? {
        into.disqualified.push(taker.size()?);
    }
    take_reasons(taker, &mut into.reasons)
}

/// Appends the score of an account.
pub(crate) fn put_account_score(out: &mut Vec<u8>, score: &AccountScore) {
    put_long(out, score.score.0);
    put_place(out, score.tier);
    put_number(out, score.members as u64);
    put_reasons(out, &score.reasons);
}

/// Takes the score of an account.
pub(crate) fn take_account_score(taker: &mut Taker<'_>) -> Result<AccountScore, Damaged> {
    let mut score = AccountScore {
        score: Micropoints(taker.long()?),
        tier: take_place(taker)?,
        members: taker.size()?,
        reasons: Vec::new(),
    };
    take_reasons(taker, &mut score.reasons)?;
    Ok(score)
}

fn put_reasons(out: &mut Vec<u8>, reasons: &[Reason]) {
    put_number(out, reasons.len() as u64);
    for reason in reasons {
        put_number(out, reason.rule as u64);
        put_number(out, reason.part.code() as u64);
        put_long(out, reason.points.0);
        put_number(out, reason.awards as u64);
        put_instant(out, reason.last);
    }
}

fn take_reasons(taker: &mut Taker<'_>, into: &mut Vec<Reason>) -> Result<(), Damaged> {
    into.clear();
    for _ in 0..taker.size()? {
        into.push(Reason {
            rule: taker.size()?,
            part: ReasonPart::of_code(taker.size()?),
            points: Micropoints(taker.long()?),
            awards: taker.size()?,
            last: take_instant(taker)?,
        });
    }
    Ok(())
}

fn put_place(out: &mut Vec<u8>, place: Option<usize>) {
    put_number(out, place.map_or(0, |place| place as u64 + 1));
}

fn take_place(taker: &mut Taker<'_>) -> Result<Option<usize>, Damaged> {
    Ok(taker.size()?.checked_sub(1))
}

fn put_instant(out: &mut Vec<u8>, at: Option<Instant>) {
    out.push(u8::from(at.is_some()));
    if let Some(at) = at {
        put_long(out, at.as_millis());
    }
}

fn take_instant(taker: &mut Taker<'_>) -> Result<Option<Instant>, Damaged> {
    match taker.byte()? {
        0 => Ok(None),
        _ => Ok(Some(Instant::from_millis(taker.long()?))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_comes_back_from_its_bytes() {
        let reason =
            |last| Reason { rule: 3, part: ReasonPart::Input(5), points: Micropoints(-7), awards: 2, last };
        let dimension = DimensionScore { sum: Micropoints(i64::MIN), value: Micropoints(5) };
        let score = Score {
            score: Micropoints(-1),
            standing: Standing::Tier(2),
            grade: Some(0),
            disqualified: vec![4, 1],
            until: Some(Instant::from_millis(-5)),
            dimensions: vec![dimension, dimension],
            reasons: vec![reason(None), reason(Some(Instant::MAX))],
        };
        for standing in [Standing::None, Standing::Disqualified, Standing::Tier(0)] {
            let score = Score { standing, ..score.clone() };
            let mut out = Vec::new();
            put_score(&mut out, &score);
            // What the lists held before is gone.
            let mut taken = score.clone();
            taken.reasons.reverse();
            assert_eq!(take_score(&mut Taker(&out), 2, &mut taken), Ok(()));
            assert_eq!(taken, score);
            assert_eq!(take_score(&mut Taker(&out[..out.len() - 1]), 2, &mut taken), Err(Damaged));
        }
        let account =
            AccountScore { score: Micropoints(9), tier: None, members: 3, reasons: vec![reason(None)] };
        let mut out = Vec::new();
        put_account_score(&mut out, &account);
        assert_eq!(take_account_score(&mut Taker(&out)), Ok(account));
    }
}
