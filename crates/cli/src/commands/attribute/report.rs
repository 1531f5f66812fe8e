//! What is told of journeys: as text, JSON and CSV.

use kelvin_batch::write::csv::push_cell;
use kelvin_learn::attribution::{Attributed, Channel, Credit, Path, Paths, Spread};
use serde_json::{Map, Value as Json, json};

use super::{Counted, names::Names, table::table};
use crate::{
    render::text::{Style, counted, grouped, harmless},
    terminal::Terminal,
};

/// Journeys and what the methods say of them.
pub(super) struct Report<'a> {
    names: &'a Names,
    paths: &'a Paths,
    methods: Vec<Attributed>,
    /// The channels, those with the most credit first.
    channels: Vec<Channel>,
    top: Vec<Path>,
}

impl<'a> Report<'a> {
    pub(super) fn new(counted: &'a Counted, top: usize) -> Self {
        let Counted { attribution, names, .. } = counted;
        let (methods, paths) = (attribution.attributed(), attribution.paths());
        let mut channels: Vec<Channel> = names.all().filter(|channel| paths.has(*channel)).collect();
        let sum = |channel: &Channel| -> f64 {
            methods.iter().map(|method| of(&method.credit, *channel).conversions).sum()
        };
        channels.sort_by(|a, b| sum(b).total_cmp(&sum(a)).then_with(|| names.name(*a).cmp(names.name(*b))));
        Self { names, paths, methods, channels, top: paths.top(top) }
    }

    /// For people.
    pub(super) fn text(&self, terminal: &Terminal) -> String {
        let mut text = self.summary();
        if self.methods.is_empty() || self.paths.total().conversions <= 0.0 {
            text.push_str("There is no conversion, so there is no credit to give.\n");
            return text;
        }
        if self.paths.touched().conversions <= 0.0 {
            text.push_str(
                "No conversion has a touchpoint within --lookback, so there is no credit to give.\n",
            );
            return text;
        }
        let heading = |title: &str| format!("\n{}\n", terminal.paint(Style::Bold, title));
        text.push_str(&heading("Conversions"));
        text.push_str(&self.credits(|credit| credit.conversions, terminal));
        if self.paths.total().value > 0.0 {
            text.push_str(&heading("Value"));
            text.push_str(&self.credits(|credit| credit.value, terminal));
        }
        if !self.top.is_empty() {
            text.push_str(&heading("Paths with the most conversions"));
            text.push_str(&self.top(terminal));
        }
        text.push('\n');
        text.push_str(&spread("Touchpoints to a conversion", &self.paths.lengths()));
        text.push_str(&spread("Days from the first touchpoint to a conversion", &self.paths.days()));
        text.push_str(&self.cautions());
        text
    }

    fn summary(&self) -> String {
        let total = self.paths.total();
        let worth = if total.value > 0.0 { format!(" worth {}", short(total.value)) } else { String::new() };
        let lone = total.conversions - self.paths.touched().conversions;
        let lone = match lone > 0.0 {
            true => format!("; {} without a touchpoint, which nobody is credited with", short(lone)),
            false => String::new(),
        };
        let journeys = several(self.paths.journeys(), "journey");
        format!("{journeys}, {}{worth}{lone}\n", several(total.conversions, "conversion"))
    }

    fn credits(&self, of_credit: impl Fn(Credit) -> f64, terminal: &Terminal) -> String {
        let methods = self.methods.iter().map(|method| method.method.to_string());
        let titles: Vec<String> = [String::new()].into_iter().chain(methods).collect();
        let row = |channel: &Channel| -> Vec<String> {
            let name = harmless(self.names.name(*channel));
            let credit = |method: &Attributed| short(of_credit(of(&method.credit, *channel)));
            [name].into_iter().chain(self.methods.iter().map(credit)).collect()
        };
        let rows: Vec<_> = self.channels.iter().map(row).collect();
        table(&titles, &rows, terminal)
    }

    fn top(&self, terminal: &Terminal) -> String {
        let has_values = self.paths.total().value != 0.0;
        let told = |[first, conversions, value, rate]: [String; 4]| -> Vec<String> {
            if has_values { vec![first, conversions, value, rate] } else { vec![first, conversions, rate] }
        };
        let mut rows = Vec::new();
        for path in &self.top {
            let rate = 100.0 * path.brought.conversions / path.journeys.max(1.0);
            let path_told = self.path(path, terminal.pick(" › ", " > "));
            let (conversions, value) = (short(path.brought.conversions), short(path.brought.value));
            rows.push(told([path_told, conversions, value, format!("{rate:.1} %")]));
        }
        table(&told(["", "conversions", "value", "of journeys"].map(str::to_owned)), &rows, terminal)
    }

    /// A path's channels; one that follows itself is told once, with how often.
    fn path(&self, path: &Path, between: &str) -> String {
        let runs = path.channels.chunk_by(|a, b| a == b);
        let run = |run: &[Channel]| {
            let name = run.first().map_or(String::new(), |channel| harmless(self.names.name(*channel)));
            if run.len() > 1 { format!("{name} ×{}", run.len()) } else { name }
        };
        runs.map(run).collect::<Vec<_>>().join(between)
    }

    /// What must be known to read the numbers right.
    fn cautions(&self) -> String {
        let mut text = String::new();
        let conversions = self.paths.touched().conversions;
        if conversions < FEW {
            let told = counted(whole(conversions), "conversion");
            text.push_str(&format!(
                "note: {told} with touchpoints are few: methods that compare channels (`markov`, `shapley-rate`) say little\n"
            ));
        }
        for shares in self.methods.iter().filter_map(|method| method.shares.as_ref()) {
            if let Some(pairs) = shares.drawn {
                let largest = shares.shares.iter().map(|share| share.error.conversions).fold(0.0, f64::max);
                text.push_str(&format!(
                    "note: `shapley-rate` is drawn from {} pairs of orders: its rates are off by {largest:.6} at most, usually\n",
                    grouped(pairs as u64)
                ));
            }
        }
        text
    }

    /// All numbers.
    pub(super) fn json(&self) -> Json {
        let total = self.paths.total();
        let touched = self.paths.touched();
        json!({
            "journeys": self.paths.journeys(),
            "conversions": total.conversions,
            "value": total.value,
            "without_touchpoint": credit_json(Credit {
                conversions: total.conversions - touched.conversions,
                value: total.value - touched.value,
            }),
            "methods": self.methods.iter().map(|method| method.method.to_string()).collect::<Vec<_>>(),
            "channels": self.channels.iter().map(|channel| self.channel_json(*channel)).collect::<Vec<_>>(),
            "paths": self.top.iter().map(|path| self.path_json(path)).collect::<Vec<_>>(),
            "touchpoints": spread_json(&self.paths.lengths()),
            "days": spread_json(&self.paths.days()),
        })
    }

    fn channel_json(&self, channel: Channel) -> Json {
        let mut credit = Map::new();
        for method in &self.methods {
            let mut told = credit_json(of(&method.credit, channel));
            if let Some(effects) = &method.effects {
                told["removal_effect"] = credit_json(of(&effects.removal, channel));
            }
            let share = method.shares.as_ref().and_then(|shares| shares.shares.get(channel.place()));
            if let Some(share) = share {
                told["adds"] = credit_json(share.adds);
                told["standard_error"] = credit_json(share.error);
            }
            credit.insert(method.method.to_string(), told);
        }
        let assisted = credit_json(of(self.paths.assisted(), channel));
        json!({"channel": self.names.name(channel), "credit": credit, "assisted": assisted})
    }

    fn path_json(&self, path: &Path) -> Json {
        let names: Vec<_> = path.channels.iter().map(|channel| self.names.name(*channel)).collect();
        json!({
            "path": names,
            "conversions": path.brought.conversions,
            "value": path.brought.value,
            "journeys": path.journeys,
        })
    }

    /// A line for each channel and method.
    pub(super) fn csv(&self) -> Vec<u8> {
        let mut text = b"channel,method,conversions,value\n".to_vec();
        for channel in &self.channels {
            for method in &self.methods {
                let Credit { conversions, value } = of(&method.credit, *channel);
                push_cell(&mut text, self.names.name(*channel));
                text.extend(format!(",{},{conversions},{value}\n", method.method).into_bytes());
            }
        }
        text
    }
}

/// With fewer conversions than this, what tells channels apart is mostly chance.
const FEW: f64 = 100.0;

fn of(credits: &[Credit], channel: Channel) -> Credit {
    credits.get(channel.place()).copied().unwrap_or_default()
}

fn credit_json(credit: Credit) -> Json {
    json!({"conversions": credit.conversions, "value": credit.value})
}

fn spread(title: &str, spread: &Spread) -> String {
    match (spread.median, spread.ninth_tenth, spread.mean) {
        (Some(median), Some(ninth), Some(mean)) => {
            format!("{title}: {median} in the median, {mean:.1} on average, at most {ninth} for 9 of 10\n")
        }
        _ => String::new(),
    }
}

fn spread_json(spread: &Spread) -> Json {
    let count = |(number, credit): &(i64, Credit)| json!({"number": number, "conversions": credit.conversions, "value": credit.value});
    json!({
        "median": spread.median,
        "mean": spread.mean,
        "ninth_tenth": spread.ninth_tenth,
        "counts": spread.counts.iter().map(count).collect::<Vec<_>>(),
    })
}

/// As a person reads it: a decimal below 100 where it is not whole, thousands set apart.
fn short(number: f64) -> String {
    let is_whole = (number - number.round()).abs() < 0.005;
    let sign = if number <= -0.05 { "-" } else { "" };
    let size = number.abs();
    if is_whole || size >= 99.95 {
        return format!("{sign}{}", grouped(whole(size)));
    }
    format!("{sign}{size:.1}")
}

/// As many of a thing, which of a table may be parts of one.
fn several(number: f64, thing: &str) -> String {
    let told = short(number);
    let ending = if told == "1" { "" } else { "s" };
    format!("{told} {thing}{ending}")
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and sums of money are small"
)]
fn whole(number: f64) -> u64 {
    number.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_a_person_wants_them() {
        let numbers = [0.0, 7.0, 7.25, -3.26, 99.96, 1234.4, 0.001].map(short);
        assert_eq!(numbers, ["0", "7", "7.2", "-3.3", "100", "1,234", "0"]);
    }
}
