//! How an experiment stands, for people and as JSON.

use std::collections::BTreeMap;

use kelvin_learn::sequential::{Arm, Race, Winner};
use serde_json::{Value, json};

use super::{Counted, Found};
use crate::{
    render::{
        grid::{Align, Grid},
        text::{counted, grouped, harmless, money},
    },
    terminal::Terminal,
};

/// Longer than this nobody waits.
const MOST_WEEKS: f64 = 520.0;

impl Found {
    pub(super) fn json(&self) -> Value {
        let all: Vec<Arm> = self.arms.iter().map(|counted| counted.arm).collect();
        let arm = |counted: &Counted| {
            let Counted { name, arm, values } = counted;
            let [low, high] = arm.rate_interval();
            json!({
                "name": name,
                "share": arm.share,
                "leads": arm.leads,
                "conversions": arm.conversions,
                "rate": arm.rate(),
                "rate_low": low,
                "rate_high": high,
                "values": values,
                "is_astray": arm.astray(&all).is_some(),
            })
        };
        let challenger = |(counted, race): (&Counted, &Race)| {
            let mut told = arm(counted);
            told["against_champion"] = json!(race);
            told["more_weeks"] = json!(self.more_weeks(counted, race));
            told
        };
        let challengers = self.arms.iter().skip(1).zip(&self.races()).map(challenger).collect::<Vec<_>>();
        json!({
            "about": self.about,
            "champion": self.arms.first().map(arm),
            "challengers": challengers,
            "left_out": self.left_out,
            "notes": self.notes,
        })
    }

    pub(super) fn text(&self, terminal: &Terminal) -> String {
        let right = Align::Right;
        let has_values = self.arms.iter().any(|counted| !counted.values.is_empty());
        let mut grid = Grid::new([
            ("arm", Align::Left),
            ("leads", right),
            ("converted", right),
            ("", right),
            (if has_values { "worth" } else { "" }, right),
            ("times the champion's", right),
            ("p", right),
        ]);
        let races = self.races();
        for (counted, race) in self.arms.iter().zip(std::iter::once(None).chain(races.iter().map(Some))) {
            let Counted { name, arm, values } = counted;
            grid.add([
                harmless(name).into(),
                grouped(arm.leads).into(),
                grouped(arm.conversions).into(),
                rate(arm).into(),
                harmless(&worth(values)).into(),
                race.map_or("champion".to_owned(), ratio).into(),
                race.map_or(String::new(), |race| {
                    if race.p < 0.0001 { "< 0.0001".to_owned() } else { format!("{:.4}", race.p) }
                })
                .into(),
            ]);
        }
        let mut text = format!("{}\n\n{}\n", harmless(&self.about), grid.render(0, terminal));
        for (counted, race) in self.arms.iter().skip(1).zip(&races) {
            text += &format!("{}\n", self.verdict(counted, race));
        }
        text
    }

    fn verdict(&self, challenger: &Counted, race: &Race) -> String {
        let champion = harmless(self.arms.first().map_or("", |champion| &champion.name));
        let name = harmless(&challenger.name);
        match (race.winner, race.more) {
            (Some(Winner::Challenger), _) => format!("`{name}` converts better than `{champion}`: decided"),
            (Some(Winner::Champion), _) => format!("`{name}` converts worse than `{champion}`: decided"),
            (None, None) if self.arms.iter().all(|counted| counted.arm.conversions == 0) => {
                format!("`{name}` or `{champion}`: not decided, as nobody has converted yet")
            }
            (None, None) => {
                format!("`{name}` or `{champion}`: not decided, and too even to say when it will be")
            }
            (None, Some(more)) => {
                let when = match self.more_weeks(challenger, race) {
                    Some(weeks) if weeks <= MOST_WEEKS => {
                        format!(", in about {}", counted(weeks.ceil() as u64, "week"))
                    }
                    Some(_) => ", which takes more than ten years".to_owned(),
                    None => String::new(),
                };
                let more = counted(more, "more conversion");
                format!(
                    "`{name}` or `{champion}`: not decided; {more} would decide it, falling as they did{when}"
                )
            }
        }
    }
}

/// Which part converted, with the interval in which it lies in 95 of 100 cases.
fn rate(arm: &Arm) -> String {
    let [low, high] = arm.rate_interval();
    format!("{:.1} % ({:.1} to {:.1})", 100.0 * arm.rate(), 100.0 * low, 100.0 * high)
}

/// What conversions brought, each currency by itself.
fn worth(values: &BTreeMap<String, f64>) -> String {
    let told = values.iter().map(|(currency, value)| {
        let value = money(*value);
        if currency == "none" { value } else { format!("{value} {currency}") }
    });
    told.collect::<Vec<_>>().join(" + ")
}

fn ratio(race: &Race) -> String {
    let value = race.ratio.map_or("?".to_owned(), |ratio| format!("{ratio:.2}"));
    let high = if race.high.is_finite() { format!("{:.2}", race.high) } else { "any".to_owned() };
    format!("{value} ({:.2} to {high})", race.low)
}
