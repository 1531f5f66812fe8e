//! `kelvin evaluate`: how well scores told what became of leads.

mod judged;

use std::path::PathBuf;

use clap::Args;
use kelvin_learn::{
    Column,
    evaluation::{Evaluation, Judged, Segments, segments},
    measure::Resampling,
};

use self::judged::Others;
use crate::{
    failure::{Exit, Failure, Outcome},
    learning::{ExampleOptions, Examples, check_rules_asked, column_called},
    machine, models,
    output::{Output, ReportFormat},
    progress::meanwhile,
    render::evaluation::{self, Report},
    terminal::{Colour, Terminal},
};

/// Tell how well scores told what became of leads
///
/// Scores leads as they were at their moments of decision and compares that with what became of them: how well the order of scores tells
/// them apart, how true probabilities are, how many of each tier and band of scores converted, what each rule does and what the score would
/// be without it, and which leads went another way than their scores, with what they have in common. What is judged are models, files
/// of `kelvin train`, and numbers that leads have.
///
/// Points are made probabilities by what became of other leads. Intervals hold in 95 of 100 cases, and know which examples are moments of one
/// lead; of what is said of rules, common traits and segments, one in twenty may be chance.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin evaluate -m model.yaml -l leads.csv --outcome 'lead.converted == true'
  kelvin evaluate -m model.yaml -l leads.csv -e events.jsonl --outcome-event 'Deal Won' --outcome-value event.amount
  kelvin evaluate -m model.yaml -l leads.csv --outcome 'lead.converted == true' --html report.html
  kelvin evaluate -l leads.csv --outcome 'lead.converted == true' --score crm_score --probability p_buy
  kelvin evaluate -l leads.csv --outcome 'lead.converted == true' --by industry --by 'seniority(lead.title)'
  kelvin evaluate -m model.kelvin.json -l later.csv --outcome 'lead.converted == true' --format json -o report.json

Exit status: 0 done; 1 some rows were rejected; 2 the command, a model or a file is unusable.")]
pub(crate) struct Arguments {
    /// A model file, a folder whose `*.yaml` files are all used, or a `.json` file of `kelvin train`; may be repeated
    #[arg(short, long = "model", value_name = "FILE|FOLDER", help_heading = "Input")]
    models: Vec<PathBuf>,

    /// An attribute that is a score, to be judged as one; may be repeated
    #[arg(long, value_name = "ATTRIBUTE", help_heading = "Input")]
    score: Vec<String>,

    /// An attribute that is a probability of the outcome, from 0 to 1; may be repeated
    #[arg(long, value_name = "ATTRIBUTE", help_heading = "Input")]
    probability: Vec<String>,

    #[command(flatten)]
    pub(super) examples: ExampleOptions,

    /// Tell conversion and value by an attribute, or by any other name of `kelvin features`; may be repeated
    #[arg(long, value_name = "ATTRIBUTE", help_heading = "Output")]
    by: Vec<String>,

    /// Write to a file; it appears only when it is complete
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// For people, or all of it as JSON
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: ReportFormat,

    /// Write a page with plots, too: one file, which needs nothing else
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    html: Option<PathBuf>,

    /// What chance starts from where intervals are drawn: the same seed and data give the same report
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Output")]
    seed: u64,
}

pub(crate) fn run(mut arguments: Arguments, colour: Colour) -> Outcome {
    let terminal = Terminal::of_errors(colour);
    let how = Resampling {
        seed: arguments.seed,
        threads: machine::resources(None, None).threads,
        ..Resampling::default()
    };
    for (_, artifact) in judged::trained(&arguments.models)? {
        arguments.examples.ask(&artifact.predictor);
    }
    // Of leads that went another way, the outcome itself is no explanation.
    arguments.examples.tell_without_leaks();
    let mut by_attributes = Vec::new();
    let examples = arguments.read(&terminal, |examples| {
        by_attributes = arguments.segments(examples, &how)?;
        Ok(())
    })?;
    arguments.examples.tell_notes(&examples.notes);
    let models = meanwhile("judging", &terminal, |_| evaluations(&examples, &how))?;
    let (about, notes) = (&examples.about, &examples.notes);
    let report = Report { about, models, segments: by_attributes, notes };
    if let Some(path) = &arguments.html {
        Output::write_text(Some(path), &evaluation::html(&report))?;
    }
    let text = match arguments.format {
        ReportFormat::Text => {
            evaluation::text(&report, &Terminal::of_target(colour, arguments.output.as_deref()))
        }
        ReportFormat::Json => evaluation::json(&report)?,
    };
    Output::write_text(arguments.output.as_deref(), &text)?;
    Ok(if examples.rejected > 0 { Exit::Findings } else { Exit::Done })
}

impl Arguments {
    /// The examples with what everything that is judged makes of them.
    fn read(&self, terminal: &Terminal, then: impl FnOnce(&Examples) -> Outcome<()>) -> Outcome<Examples> {
        if [&self.score, &self.probability, &self.by].iter().all(|names| names.is_empty())
            && self.models.is_empty()
        {
            return Err(Failure::new("nothing says what is to be judged").help(
                "name a model with --model, an attribute with --score or --probability, or attributes to tell conversion by with --by",
            ));
        }
        let written: Vec<PathBuf> =
            self.models.iter().filter(|path| !judged::is_trained(path)).cloned().collect();
        let programs = models::optional(&written, terminal)?;
        let trained = judged::trained(&self.models)?;
        for (path, artifact) in &trained {
            let help = "judge it beside the model that it is a rule of: give both with --model";
            check_rules_asked(path, &artifact.predictor, &programs, help)?;
        }
        let others = Others { scores: &self.score, probabilities: &self.probability, trained };
        self.examples.examples_and(&programs, terminal, |examples| {
            then(examples)?;
            others.judge(examples)
        })
    }

    fn segments(&self, examples: &Examples, how: &Resampling) -> Outcome<Vec<Segments>> {
        let column = |name: &String| column_called(&examples.dataset.table, name);
        let columns = self.by.iter().map(column).collect::<Outcome<Vec<&Column>>>()?;
        Ok(segments(&examples.dataset, &columns, how))
    }
}

fn evaluations<'e>(examples: &'e Examples, how: &Resampling) -> Outcome<Vec<(&'e str, Evaluation)>> {
    let evaluated = examples.models.iter().map(|model| {
        let judged = Judged {
            scores: &model.scores,
            tiers: &model.tiers,
            rules: &model.rules,
            probabilities: model.probabilities,
        };
        let report = Evaluation::new(&examples.dataset, judged, how)
            .map_err(|cause| Failure::new(format!("cannot evaluate `{}`: {cause}", model.model)))?;
        Ok((model.model.as_str(), report))
    });
    evaluated.collect()
}
