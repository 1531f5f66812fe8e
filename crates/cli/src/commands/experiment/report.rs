//! How an experiment stands, for people and as JSON.

use kelvin_learn::sequential::{Arm, Race, Winner};
use serde_json::{Value, json};

use super::Found;
use crate::{
    render::{
        grid::{Align, Grid},
        text::{counted, grouped, harmless},
    },
    terminal::Terminal,
};

/// Longer than this nobody waits.
const MOST_WEEKS: f64 = 520.0;

impl Found {
    pub(super) fn json(&self) -> Value {
        let arm = |name: &str, arm: &Arm| {
            let rate = rate(arm);
            json!({ "name": name, "share": arm.share, "leads": arm.leads, "conversions": arm.conversions, "rate": rate })
        };
        let challenger = |(name, of, race): &(String, Arm, Race)| {
            let mut told = arm(name, of);
            told["against_champion"] = json!(race);
            told["more_weeks"] = json!(self.weeks(race));
            told
        };
        json!({
            "about": self.about,
            "champion": arm(&self.champion.0, &self.champion.1),
            "challengers": self.challengers.iter().map(challenger).collect::<Vec<_>>(),
        })
    }

    pub(super) fn text(&self, terminal: &Terminal) -> String {
        let right = Align::Right;
        let mut grid = Grid::new([
            ("arm", Align::Left),
            ("leads", right),
            ("converted", right),
            ("", right),
            ("times the champion's", right),
            ("p", right),
        ]);
        let mut add = |name: &str, arm: &Arm, race: Option<&Race>| {
            grid.add([
                harmless(name).into(),
                grouped(arm.leads).into(),
                grouped(arm.conversions).into(),
                format!("{:.1} %", 100.0 * rate(arm)).into(),
                race.map_or("champion".to_owned(), ratio).into(),
                race.map_or(String::new(), |race| {
                    if race.p < 0.0001 { "< 0.0001".to_owned() } else { format!("{:.4}", race.p) }
                })
                .into(),
            ]);
        };
        add(&self.champion.0, &self.champion.1, None);
        self.challengers.iter().for_each(|(name, arm, race)| add(name, arm, Some(race)));
        let mut text = format!("{}\n\n{}\n", harmless(&self.about), grid.render(0, terminal));
        for (name, _, race) in &self.challengers {
            text += &format!("{}\n", self.verdict(&harmless(name), race));
        }
        text
    }

    fn verdict(&self, name: &str, race: &Race) -> String {
        let champion = harmless(&self.champion.0);
        match (race.winner, race.more) {
            (Some(Winner::Challenger), _) => format!("`{name}` converts better than `{champion}`: decided"),
            (Some(Winner::Champion), _) => format!("`{name}` converts worse than `{champion}`: decided"),
            (None, None) => {
                format!("`{name}` or `{champion}`: not decided, and too even to say when it will be")
            }
            (None, Some(more)) => {
                let when = match self.weeks(race) {
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

    /// In how many weeks it will be decided.
    fn weeks(&self, race: &Race) -> Option<f64> {
        Some(race.more? as f64 / self.a_week.filter(|a_week| *a_week > 0.0)?)
    }
}

fn rate(arm: &Arm) -> f64 {
    arm.conversions as f64 / arm.leads.max(1) as f64
}

fn ratio(race: &Race) -> String {
    let value = race.ratio.map_or("?".to_owned(), |ratio| format!("{ratio:.2}"));
    let high = if race.high.is_finite() { format!("{:.2}", race.high) } else { "any".to_owned() };
    format!("{value} ({:.2} to {high})", race.low)
}
