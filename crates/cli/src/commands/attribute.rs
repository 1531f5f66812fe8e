//! `kelvin attribute`: which touchpoints get the credit for conversions.

mod conversions;
mod names;
mod paths;
mod report;
mod suggest;
mod table;
mod visits;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use kelvin_kernel::Duration;
use kelvin_learn::attribution::{Attribution, Channel, Lifts, Method, Repeats, Rule, Settings};

use crate::{
    drawn::FromStore,
    failure::{Exit, Outcome},
    inputs::Layout,
    machine,
    output::Output,
    terminal::{Colour, Terminal},
};
use names::Names;

/// Tell which touchpoints get the credit for conversions
///
/// A touchpoint is an event that tells where its visit came from: campaign parameters (`utm_source` …, as properties, in
/// `context.campaign` or in the `url`), a click id, or a `referrer` of another site. A journey is all touchpoints of a lead up to
/// a conversion; several methods give each of its touchpoints a part of the credit, side by side. A conversion is an event, an
/// outcome of a playbook, or that a lead came to be qualified: that it first reached a tier of a model. Or journeys come as a table
/// of paths, already counted.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin attribute -e events.jsonl --won 'Deal Won' --value event.amount
  kelvin attribute -e events.csv --won Signup --by campaign --lookback 30d --methods first,last,markov
  kelvin attribute -e events.csv --won Signup --channel 'has(event.partner) ? event.partner : \"\"'
  kelvin attribute -e events.csv -l leads.csv --model model.yaml --reached MQL
  kelvin attribute -e events.csv --playbook playbook.yaml --outcome won
  kelvin attribute --store kelvin.db --outcome won
  kelvin attribute --paths paths.csv --map 'conversions=total_conversions,value=total_conversion_value,misses=total_null'
  kelvin attribute -e events.jsonl --won 'Deal Won' --format json | jq .channels
  kelvin attribute -e events.csv --won 'Deal Won' --by campaign --suggest -o campaigns.yaml

Exit status: 0 done; 1 some rows were rejected, the rest is counted; 2 the command or a file is unusable.")]
pub(crate) struct Arguments {
    /// Events: CSV, JSON Lines (also Segment calls) or Parquet, by extension; `-` is standard input; may be repeated
    #[arg(short, long, value_name = "FILE", help_heading = "Input", group = "happenings", required_unless_present_any = ["paths", "happenings"])]
    events: Vec<PathBuf>,

    #[command(flatten)]
    store: FromStore,

    /// Journeys as a table: `path`, and how many of them ended in `conversions`, with which `value`, and in `misses`; formats as
    /// for events
    #[arg(long, value_name = "FILE", help_heading = "Input", conflicts_with = "happenings")]
    paths: Vec<PathBuf>,

    /// What stands between the channels of a path
    #[arg(long, value_name = "TEXT", default_value = ">", help_heading = "Input")]
    separator: String,

    #[command(flatten)]
    layout: Layout,

    #[command(flatten)]
    conversions: conversions::Conversions,

    /// What gets the credit
    #[arg(long, value_name = "WHAT", default_value = "channel", help_heading = "Touchpoints")]
    by: By,

    /// A CEL expression over `event` and `context` that names the channel; an event for which it yields no text is no touchpoint
    #[arg(long, value_name = "EXPR", conflicts_with_all = ["by", "paths"], help_heading = "Touchpoints")]
    channel: Option<String>,

    /// What is no touchpoint any more when a journey ends
    #[arg(long, value_name = "DURATION", default_value = "90d", help_heading = "Touchpoints")]
    lookback: Duration,

    /// The methods, in the order of their columns: `first`, `last`, `last-non-direct`, `linear`, `u-shaped`, `w-shaped`,
    /// `decay-place`, `decay-time`, `markov`, `markov-2` to `markov-4`, `shapley`, `shapley-rate`
    #[arg(long, value_name = "METHOD,…", value_delimiter = ',', help_heading = "Credit")]
    methods: Vec<Method>,

    /// `decay-time`: after how much time a half of the credit is left
    #[arg(long, value_name = "DURATION", default_value = "7d", help_heading = "Credit")]
    half_life: Duration,

    /// `decay-place`: after how many touchpoints a half of the credit is left
    #[arg(long, value_name = "N", default_value = "1", value_parser = positive, help_heading = "Credit")]
    half_life_touchpoints: f64,

    /// `last-non-direct`: the channel that stands for visits without a source
    #[arg(long, value_name = "NAME", default_value = "Direct", help_heading = "Credit")]
    direct: String,

    /// `markov`: count a channel that follows itself once
    #[arg(long, help_heading = "Credit")]
    collapse: bool,

    /// `shapley-rate` with more than 15 channels: how many pairs of orders are drawn
    #[arg(long, value_name = "N", default_value = "2000", help_heading = "Credit")]
    draws: usize,

    /// The seed of what is drawn
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Credit")]
    seed: u64,

    /// A table for people, one JSON object, or CSV with a line for each channel and method
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: Format,

    /// Write to a file; it appears only when it is complete
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// Write a points model instead: a rule for each campaign, piece of content or value of --channel, where journeys with it convert more
    /// or less often than those without, and it is no chance
    #[arg(long, conflicts_with_all = ["paths", "format"], help_heading = "Output")]
    suggest: bool,

    /// `--suggest`: the points that double odds are worth
    #[arg(long, value_name = "N", default_value = "10", value_parser = positive, help_heading = "Output")]
    per_doubling: f64,

    /// `--suggest`: the name of the events that are touchpoints
    #[arg(long, value_name = "EVENT", default_value = "page", help_heading = "Output")]
    touch_event: String,

    /// How many paths are told
    #[arg(long, value_name = "N", default_value = "10", help_heading = "Output")]
    top: usize,
}

/// What gets the credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    Channel,
    Source,
    Campaign,
    Content,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Csv,
}

/// Journeys, counted, with what their channels are called.
struct Counted {
    attribution: Attribution,
    lifts: Lifts,
    names: Names,
    rejected: u64,
}

pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Outcome {
    let counted = if arguments.paths.is_empty() {
        visits::read(arguments, &Terminal::of_errors(colour))?
    } else {
        paths::read(arguments)?
    };
    let terminal = Terminal::of_target(colour, arguments.output.as_deref());
    let report = || report::Report::new(&counted, arguments.top);
    let told = match arguments.format {
        _ if arguments.suggest => suggest::model(arguments, &counted)?.into_bytes(),
        Format::Text => report().text(&terminal).into_bytes(),
        Format::Json => format!("{:#}\n", report().json()).into_bytes(),
        Format::Csv => report().csv(),
    };
    Output::write_bytes(arguments.output.as_deref(), &told)?;
    Ok(if counted.rejected > 0 { Exit::Findings } else { Exit::Done })
}

impl Arguments {
    /// Draws from the store that the command line names, if it does: its events, and its outcomes where they are conversions.
    pub(crate) fn draw(&mut self, terminal: &Terminal) -> Outcome<()> {
        let definitions = self.conversions.definitions(terminal)?;
        let outcomes = self.store.draw(&mut self.events, definitions.as_ref())?;
        self.conversions.take_told(outcomes);
        Ok(())
    }

    /// No journeys yet; what is direct has its number already.
    fn counted(&self) -> Outcome<Counted> {
        let mut names = Names::default();
        let direct: Channel = names.channel(&self.direct)?;
        let repeats = if self.collapse { Repeats::Collapsed } else { Repeats::Kept };
        let threads = machine::resources(None, None).threads;
        let settings =
            Settings { direct: Some(direct), repeats, pairs: self.draws, seed: self.seed, threads };
        Ok(Counted {
            attribution: Attribution::new(&self.methods(), settings),
            lifts: Lifts::default(),
            names,
            rejected: 0,
        })
    }

    fn methods(&self) -> Vec<Method> {
        let (places, millis) = (self.half_life_touchpoints, millis(self.half_life));
        let decay = match self.paths.is_empty() {
            true => Rule::DecayByTime { half_life_ms: millis },
            false => Rule::DecayByPlace { half_life: places },
        };
        let usual = [Rule::First, Rule::Last, Rule::Linear, Rule::UShaped, decay].map(Method::Rule);
        let usual = usual.into_iter().chain([Method::Markov { order: 1 }, Method::Shapley]);
        let asked = self.methods.iter().map(|method| method.with_half_lives(places, millis));
        if self.methods.is_empty() { usual.collect() } else { asked.collect() }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a float holds all milliseconds of 285,000 years")]
fn millis(duration: Duration) -> f64 {
    (duration.as_millis() as f64).max(1.0)
}

fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| *number > 0.0 && number.is_finite());
    number.ok_or_else(|| "expected a number above 0".to_owned())
}
