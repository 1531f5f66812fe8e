//! `kelvin import`: history from files, into the store of the live service.

use std::path::{Path, PathBuf};

use clap::Args;
use kelvin_batch::read::{Events, Leads, ReadOptions, Reject, Rejects};
use kelvin_kernel::plan::Plan;
use kelvin_model::Loaded;
use kelvin_server::{AtRest, Import, Playbook, Settings};
use serde_json::Value as Json;

use super::store::Store;
use crate::{
    failure::{Exit, Failure, Outcome},
    import::{Layout, event_call, lead_call, outcomes},
    inputs::{Rows, input},
    models, playbooks,
    progress::{Progress, during},
    rejects::Teller,
    render::text::{counted, harmless},
    terminal::{Colour, Terminal, tell},
};

/// Calls in one transaction.
const CALLS: usize = 10_000;

/// Bring leads and events from files into the store of the live service
///
/// Reads what `kelvin score` reads, and takes it in as if it had come over HTTP: ids are joined, what is known already is left
/// out, machines are found out, leads are scored. Times are those of the files. The service must not run meanwhile. An import that
/// broke off is run again: what is there already stays as it is.
///
/// Nobody is told of what is long past: leads that are in the tier of a hand-off afterwards count as handed off. With `--act` the
/// playbook is carried out as for events that come.
#[derive(Debug, Args)]
#[command(mut_arg("leads", |leads| leads.required_unless_present("outcomes")))]
#[command(after_help = "\
Examples:
  kelvin import -e events.jsonl -l crm.csv --map leads:lead_id=Email
  kelvin import -m model.yaml -e events.csv          cells are read as the model uses them
  kelvin import -e export/events.jsonl --store /var/lib/kelvin/kelvin.db
  kelvin import --outcomes deals.csv --map id=Deal,lead_id=Contact,at='Close Date'

Exit status: 0 done; 1 some rows were rejected, the rest is there (--strict stops at the first);
2 the command, a file or the store is unusable, or the store is in use.")]
pub(crate) struct Arguments {
    /// A model file, or a folder of them, by which cells of CSV are read, beside the models in service; may be repeated
    #[arg(short, long = "model", value_name = "FILE|FOLDER", help_heading = "Input")]
    models: Vec<PathBuf>,

    #[command(flatten)]
    rows: Rows,

    /// Outcomes: a row for each, with `id`, `lead_id`, `kind`, `at` and what more is known, as the API takes them; may be repeated
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    outcomes: Vec<PathBuf>,

    #[command(flatten)]
    store: Store,

    /// Hand off leads and send alerts as if everything came now
    #[arg(long, requires = "playbook", help_heading = "Running")]
    act: bool,

    /// The playbook that is carried out with --act
    #[arg(short, long, value_name = "FILE", env = "KELVIN_PLAYBOOK", help_heading = "Running")]
    playbook: Option<PathBuf>,

    /// The address under which people reach the service, for links in messages
    #[arg(long, value_name = "URL", value_parser = playbooks::public_url, env = "KELVIN_PUBLIC_URL", help_heading = "Running")]
    public_url: Option<String>,

    /// Stop at the first row that is rejected
    #[arg(long, help_heading = "Running")]
    strict: bool,

    /// Write every rejected row to this file, as JSON Lines with file, line and reason
    #[arg(long, value_name = "FILE", help_heading = "Running")]
    rejects: Option<PathBuf>,

    /// No progress bar and no summary
    #[arg(short, long, help_heading = "Running")]
    quiet: bool,
}

/// The files that are read, each by itself.
struct Sources {
    leads: Vec<(String, Leads)>,
    events: Vec<(String, Events)>,
    outcomes: Vec<(String, Leads)>,
}

/// An import under way.
struct Run<'r> {
    import: Import,
    waiting: Vec<(String, Json)>,
    counts: Counts,
    strict: bool,
    say: &'r (dyn Fn(&str) + Sync),
}

/// What came of it so far.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    events: usize,
    outcomes: usize,
    /// What was there already.
    known: usize,
    refused: u64,
}

pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Outcome {
    let terminal = Terminal::of_errors(colour);
    let store = arguments.store.open()?;
    let known = loaded(&arguments.models, &store, &terminal)?;
    let plans: Vec<&Plan> = known.iter().filter_map(|loaded| loaded.plan.as_ref()).collect();
    let options = arguments.rows.options()?;
    let layout = Layout::new(&plans, options.mapping.clone())?;
    let options = ReadOptions { mapping: layout.mapping.clone(), ..options };
    let sources = Sources::open(arguments, &layout, &options)?;
    let playbook = arguments.playbook(&known, &terminal)?;
    let import = store.import(playbook)?;
    let teller = Teller::new(arguments.rejects.as_ref(), arguments.strict)?;
    let progress = Progress { total: sources.bytes_total(), read: &|| sources.bytes_read() };
    let strict = arguments.strict;
    let done = during(&progress, !arguments.quiet, &terminal, |say| {
        let rejects = Rejects::new(|reject: &Reject| teller.tell(reject, say));
        let mut run = Run { import, waiting: Vec::new(), counts: Counts::default(), strict, say };
        sources.read(&layout, &rejects, &mut run).map(|()| run.counts)
    });
    let rejected = teller.finish()?;
    let counts = done?;
    if !arguments.quiet {
        tell(counts.in_short(!arguments.outcomes.is_empty()));
    }
    Ok(if rejected + counts.refused > 0 { Exit::Findings } else { Exit::Done })
}

/// The models by which rows are read: those of the command line, and those in service.
fn loaded(paths: &[PathBuf], store: &AtRest, terminal: &Terminal) -> Outcome<Vec<Loaded>> {
    let mut all = Vec::new();
    for path in models::files(paths)? {
        all.push(models::load(&path)?);
    }
    if let Some(broken) = all.iter().position(Loaded::has_errors) {
        return Err(models::unusable(all.swap_remove(broken), terminal));
    }
    let serving = store.models()?.into_iter();
    all.extend(serving.map(|(id, text)| kelvin_model::load(&id, &text)));
    Ok(all)
}

impl Arguments {
    /// The playbook, if it is to be carried out.
    fn playbook(&self, models: &[Loaded], terminal: &Terminal) -> Outcome<Option<Playbook>> {
        let Some(path) = self.playbook.as_deref().filter(|_| self.act) else { return Ok(None) };
        let settings = Settings { public_url: self.public_url.clone(), ..Settings::default() };
        let models: Vec<_> = models.iter().collect();
        playbooks::ready(path, (&models, None), settings, terminal).map(Some)
    }
}

impl Sources {
    fn open(arguments: &Arguments, layout: &Layout, options: &ReadOptions) -> Outcome<Self> {
        let Arguments { rows, outcomes, .. } = arguments;
        let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let leads =
            |path: &PathBuf| Ok((name(path), Leads::open(vec![input(path)], &layout.wanted, options)?));
        let events =
            |path: &PathBuf| Ok((name(path), Events::open(vec![input(path)], &layout.wanted, options)?));
        let wanted = outcomes::wanted();
        let told = |path: &PathBuf| Ok((name(path), Leads::open(vec![input(path)], &wanted, options)?));
        Ok(Self {
            leads: rows.leads.iter().map(leads).collect::<Outcome<_>>()?,
            events: rows.events.iter().map(events).collect::<Outcome<_>>()?,
            outcomes: outcomes.iter().map(told).collect::<Outcome<_>>()?,
        })
    }

    fn bytes_total(&self) -> Option<u64> {
        let leads = self.leads.iter().chain(&self.outcomes).map(|(_, reader)| reader.bytes_total());
        leads.chain(self.events.iter().map(|(_, reader)| reader.bytes_total())).sum()
    }

    fn bytes_read(&self) -> u64 {
        let leads = self.leads.iter().chain(&self.outcomes).map(|(_, reader)| reader.bytes_read());
        leads.chain(self.events.iter().map(|(_, reader)| reader.bytes_read())).sum()
    }

    /// Reads everything, leads first: events are then those of somebody.
    fn read(&self, layout: &Layout, rejects: &Rejects<'_>, run: &mut Run<'_>) -> Outcome<()> {
        for (file, reader) in &self.leads {
            let mut worker = reader.worker();
            while let Some(chunk) = worker.next(rejects).map_err(stopped)? {
                let calls = (0..chunk.len()).flat_map(|row| lead_call(layout, file, &chunk, row));
                calls.into_iter().try_for_each(|call| run.take(file, call))?;
            }
        }
        for (file, reader) in &self.events {
            let mut worker = reader.worker();
            while let Some(chunk) = worker.next(rejects).map_err(stopped)? {
                (0..chunk.len()).try_for_each(|row| run.take(file, event_call(layout, file, &chunk, row)))?;
            }
        }
        run.commit()?;
        let wanted = outcomes::wanted();
        for (file, reader) in &self.outcomes {
            let mut worker = reader.worker();
            while let Some(chunk) = worker.next(rejects).map_err(stopped)? {
                let told = (0..chunk.len()).filter_map(|row| outcomes::outcome(&wanted, &chunk, row));
                run.tell(file, told.collect())?;
            }
        }
        Ok(())
    }
}

impl Counts {
    /// What came of the import, in a line.
    fn in_short(&self, has_outcomes: bool) -> String {
        let Self { events, outcomes, known, .. } = self;
        let outcomes = has_outcomes.then(|| format!(", {}", counted(*outcomes as u64, "outcome")));
        let known = (*known > 0).then(|| format!(", {known} known already"));
        let parts = [outcomes, known].map(Option::unwrap_or_default).concat();
        format!("imported {}{parts}", counted(*events as u64, "event"))
    }
}

impl Run<'_> {
    fn take(&mut self, file: &str, call: Json) -> Outcome<()> {
        self.waiting.push((file.to_owned(), call));
        if self.waiting.len() < CALLS { Ok(()) } else { self.commit() }
    }

    /// Makes durable what waits.
    fn commit(&mut self) -> Outcome<()> {
        let (files, calls): (Vec<String>, Vec<Json>) = std::mem::take(&mut self.waiting).into_iter().unzip();
        let named = |call: &Json| format!("{} at {}", call["userId"], call["timestamp"]);
        let names: Vec<String> = calls.iter().map(named).collect();
        let imported = self.import.take(calls)?;
        self.counts.events += imported.accepted;
        self.counts.known += imported.duplicates;
        let mut refused = imported.refused.into_iter();
        refused.try_for_each(|(place, reason)| self.refuse(&files[place], &names[place], &reason))
    }

    /// Makes durable what is told of leads.
    fn tell(&mut self, file: &str, told: Vec<Json>) -> Outcome<()> {
        let ids: Vec<String> = told.iter().map(|outcome| format!("outcome {}", outcome["id"])).collect();
        let heard = self.import.tell(told)?;
        self.counts.outcomes += heard.noted;
        self.counts.known += heard.same;
        let mut refused = heard.refused.into_iter();
        refused.try_for_each(|(place, reason)| self.refuse(file, &ids[place], &reason))
    }

    fn refuse(&mut self, file: &str, name: &str, reason: &str) -> Outcome<()> {
        self.counts.refused += 1;
        (self.say)(&format!("rejected: {file}: {}: {}", harmless(name), harmless(reason)));
        if self.strict { Err(stopped(kelvin_batch::Error::Stopped)) } else { Ok(()) }
    }
}

fn stopped(error: kelvin_batch::Error) -> Failure {
    match error {
        kelvin_batch::Error::Stopped => {
            Failure::new("stopped at a rejected row: what was read before it may be there already")
                .help("run it again when the row is mended: what is there is not brought in twice")
        }
        error => error.into(),
    }
}
