//! Scores as bytes, between a partition and the writer.

use kelvin_kernel::{
    Instant, Micropoints,
    score::{AccountScore, DimensionScore, Reason, Score, Standing},
};

use crate::store::codec::{Damaged, Taker, put_number, put_signed};

const NO_TIER: u64 = 0;
const DISQUALIFIED: u64 = 1;
const FIRST_TIER: u64 = 2;

/// Appends a score.
pub(crate) fn put_score(out: &mut Vec<u8>, score: &Score) {
    put_signed(out, score.score.0);
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
        put_signed(out, dimension.sum.0);
        put_signed(out, dimension.value.0);
    }
    put_number(out, score.disqualified.len() as u64);
    score.disqualified.iter().for_each(|rule| put_number(out, *rule as u64));
    put_reasons(out, &score.reasons);
}

/// Takes a score of a model of so many dimensions.
pub(crate) fn take_score(taker: &mut Taker<'_>, dimensions: usize) -> Result<Score, Damaged> {
    Ok(Score {
        score: Micropoints(taker.signed()?),
        standing: match taker.number()? {
            NO_TIER => Standing::None,
            DISQUALIFIED => Standing::Disqualified,
            tier => Standing::Tier((tier - FIRST_TIER) as usize),
        },
        grade: take_place(taker)?,
        until: take_instant(taker)?,
        dimensions: (0..dimensions)
            .map(|_| {
                let (sum, value) = (Micropoints(taker.signed()?), Micropoints(taker.signed()?));
                Ok(DimensionScore { sum, value })
            })
            .collect::<Result<_, _>>()?,
        disqualified: take_places(taker)?,
        reasons: take_reasons(taker)?,
    })
}

/// Appends the score of an account.
pub(crate) fn put_account_score(out: &mut Vec<u8>, score: &AccountScore) {
    put_signed(out, score.score.0);
    put_place(out, score.tier);
    put_number(out, score.members as u64);
    put_reasons(out, &score.reasons);
}

/// Takes the score of an account.
pub(crate) fn take_account_score(taker: &mut Taker<'_>) -> Result<AccountScore, Damaged> {
    Ok(AccountScore {
        score: Micropoints(taker.signed()?),
        tier: take_place(taker)?,
        members: taker.size()?,
        reasons: take_reasons(taker)?,
    })
}

fn take_places(taker: &mut Taker<'_>) -> Result<Vec<usize>, Damaged> {
    let count = taker.size()?;
    (0..count).map(|_| taker.size()).collect()
}

fn put_reasons(out: &mut Vec<u8>, reasons: &[Reason]) {
    put_number(out, reasons.len() as u64);
    for reason in reasons {
        put_number(out, reason.rule as u64);
        put_signed(out, reason.points.0);
        put_number(out, reason.awards as u64);
        put_instant(out, reason.last);
    }
}

fn take_reasons(taker: &mut Taker<'_>) -> Result<Vec<Reason>, Damaged> {
    let count = taker.size()?;
    let reason = |_| {
        Ok(Reason {
            rule: taker.size()?,
            points: Micropoints(taker.signed()?),
            awards: taker.size()?,
            last: take_instant(taker)?,
        })
    };
    (0..count).map(reason).collect()
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
        put_signed(out, at.as_millis());
    }
}

fn take_instant(taker: &mut Taker<'_>) -> Result<Option<Instant>, Damaged> {
    match taker.byte()? {
        0 => Ok(None),
        _ => Ok(Some(Instant::from_millis(taker.signed()?))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_comes_back_from_its_bytes() {
        let reason = |last| Reason { rule: 3, points: Micropoints(-7), awards: 2, last };
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
            assert_eq!(take_score(&mut Taker(&out), 2), Ok(score));
            assert_eq!(take_score(&mut Taker(&out[..out.len() - 1]), 2), Err(Damaged));
        }
        let account =
            AccountScore { score: Micropoints(9), tier: None, members: 3, reasons: vec![reason(None)] };
        let mut out = Vec::new();
        put_account_score(&mut out, &account);
        assert_eq!(take_account_score(&mut Taker(&out)), Ok(account));
    }
}
