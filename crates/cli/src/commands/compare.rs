//! `kelvin compare`: which of two models tells better what becomes of leads.

use std::path::{Path, PathBuf};

use clap::Args;
use kelvin_kernel::program::Program;
use kelvin_learn::{
    Artifact,
    comparison::{Comparison, Side},
    measure::Resampling,
};

use super::predict;
use crate::{
    failure::{Exit, Failure, Outcome},
    learning::{ExampleOptions, Examples, ModelScores, check_rules_asked},
    machine, models,
    output::{Output, ReportFormat},
    render::comparison,
    terminal::{Colour, Terminal},
};

/// Tell which of two models tells better what becomes of leads
///
/// Scores the same leads with both, as they were at their moments of decision, and compares that with what became of them: which
/// order of scores tells them apart better, which catches more of the outcomes with the same effort, who changes tier, and whom
/// each misses. What chance explains is told as no difference.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin compare model.yaml new.yaml -l leads.csv --outcome 'lead.won == true'
  kelvin compare model.yaml new.yaml -l leads.csv -e events.jsonl --outcome-event 'Deal Won' --horizon 60d
  kelvin compare model.yaml trained.kelvin.json -l leads.csv --outcome 'lead.won == true' --format json

Exit status: 0 done; 1 some rows were rejected; 2 the command, a model or a file is unusable.")]
pub(crate) struct Arguments {
    /// The model that is there: a model file, or a model of `kelvin train`
    #[arg(value_name = "A")]
    a: PathBuf,

    /// The model that may take its place
    #[arg(value_name = "B")]
    b: PathBuf,

    #[command(flatten)]
    pub(super) examples: ExampleOptions,

    /// Write to a file; it appears only when it is complete
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// For people, or all of it as JSON
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: ReportFormat,

    /// What chance starts from where intervals are drawn: the same seed and data give the same report
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Output")]
    seed: u64,
}

/// A model of either kind.
enum Model {
    Points(Box<Program>),
    Trained(Box<Artifact>),
}

/// What a model makes of examples.
struct Scores {
    scores: Vec<Option<f64>>,
    tiers: Vec<Option<String>>,
    best: Option<String>,
}

pub(crate) fn run(mut arguments: Arguments, colour: Colour) -> Outcome {
    let terminal = Terminal::of_errors(colour);
    let (a, b) = (Model::read(&arguments.a, &terminal)?, Model::read(&arguments.b, &terminal)?);
    for model in [&a, &b] {
        if let Model::Trained(artifact) = model {
            arguments.examples.ask(&artifact.predictor);
        }
    }
    let programs: Vec<Program> = [&a, &b].into_iter().filter_map(Model::program).collect();
    for (model, path) in [(&a, &arguments.a), (&b, &arguments.b)] {
        if let Model::Trained(artifact) = model {
            let help = "compare it with the model that it is a rule of, or make it a dimension of that model";
            check_rules_asked(path, &artifact.predictor, &programs, help)?;
        }
    }
    let mut examples = arguments.examples.examples(&programs, &terminal)?;
    for (model, path) in [(&a, &arguments.a), (&b, &arguments.b)] {
        if model.learnt_from(&arguments.examples) {
            examples.notes.push(format!(
                "`{}` learnt from these very leads, and so seems better than it is: compare on leads that came later",
                path.display()
            ));
        }
    }
    arguments.examples.tell_notes(&examples.notes);
    let mut of_programs = examples.models.iter();
    let (of_a, of_b) = (a.scores(&mut of_programs, &examples)?, b.scores(&mut of_programs, &examples)?);
    let threads = machine::resources(None, None).threads;
    let how = Resampling { seed: arguments.seed, threads, ..Resampling::default() };
    let compared = Comparison::new(&examples.dataset, of_a.side(), of_b.side(), &how)
        .map_err(|cause| Failure::new(format!("cannot compare the models: {cause}")))?;
    if compared.examples == 0 {
        return Err(Failure::new("there is no lead to which both models apply"));
    }
    let names = [&arguments.a, &arguments.b].map(|path| path.display().to_string());
    let text = match arguments.format {
        ReportFormat::Text => {
            let terminal = Terminal::of_target(colour, arguments.output.as_deref());
            comparison::text(&examples.about, &names, &compared, &terminal)
        }
        ReportFormat::Json => comparison::json((&examples.about, &examples.notes), &names, &compared)?,
    };
    Output::write_text(arguments.output.as_deref(), &text)?;
    Ok(if examples.rejected > 0 { Exit::Findings } else { Exit::Done })
}

impl Model {
    fn read(path: &Path, terminal: &Terminal) -> Outcome<Self> {
        if path.extension().is_some_and(|extension| extension == "json") {
            Ok(Self::Trained(Box::new(predict::read(path)?)))
        } else {
            Ok(Self::Points(Box::new(models::one(path, terminal)?)))
        }
    }

    fn program(&self) -> Option<Program> {
        match self {
            Self::Points(program) => Some((**program).clone()),
            Self::Trained(_) => None,
        }
    }

    /// Whether it was trained on the files of these examples.
    fn learnt_from(&self, examples: &ExampleOptions) -> bool {
        matches!(self, Self::Trained(artifact) if artifact.card.about.data == examples.card().data)
    }

    /// What it makes of examples; `of_programs` has that of programs, in their order.
    fn scores<'e>(
        &self,
        of_programs: &mut impl Iterator<Item = &'e ModelScores>,
        examples: &Examples,
    ) -> Outcome<Scores> {
        Ok(match self {
            Self::Points(program) => {
                let (scores, tiers) = of_programs
                    .next()
                    .map(|model| (model.scores.clone(), model.tiers.clone()))
                    .unwrap_or_default();
                let best = program.plan().tiers.iter().max_by_key(|tier| tier.from);
                Scores { scores, tiers, best: best.map(|tier| tier.name.to_string()) }
            }
            Self::Trained(artifact) => {
                let table = examples.table_for(&artifact.predictor)?;
                let probabilities = kelvin_learn::probabilities(&artifact.predictor, &table);
                let tiers = vec![None; probabilities.len()];
                Scores { scores: probabilities.into_iter().map(Some).collect(), tiers, best: None }
            }
        })
    }
}

impl Scores {
    fn side(&self) -> Side<'_> {
        Side { scores: &self.scores, tiers: &self.tiers, best: self.best.as_deref() }
    }
}
