//! Where and how scores are written.

use std::path::{Path, PathBuf};

use kelvin_batch::{Job, Scores};
use kelvin_kernel::{
    plan::Plan,
    score::{AccountScore, Score, Standing},
};

use super::{Arguments, Format};
use crate::{
    failure::{Failure, Outcome},
    output::Output,
    render::{
        accounts, leads,
        text::{counted, harmless},
    },
    terminal::{Colour, Terminal},
};

/// Leads of each model that a table shows where nobody says how many.
const ROWS: usize = 50;

/// Where scores go, and in which format.
pub(super) struct Target<'a> {
    pub(super) format: Format,
    path: Option<&'a Path>,
    /// Where accounts go, if not behind the leads.
    accounts: Option<PathBuf>,
    with_accounts: bool,
    explain: bool,
    top: Option<usize>,
    terminal: Terminal,
}

impl<'a> Target<'a> {
    /// What the command line asks for.
    pub(super) fn new(arguments: &'a Arguments, colour: Colour) -> Outcome<Self> {
        let path = arguments.output.as_deref().filter(|path| *path != Path::new("-"));
        let terminal = Terminal::of_target(colour, path);
        let format = match (arguments.format, path) {
            (Some(format), _) => format,
            (None, Some(path)) => by_extension(path)?,
            (None, None) if terminal.interactive => Format::Table,
            (None, None) => Format::Jsonl,
        };
        if format == Format::Parquet && path.is_none() {
            return Err(Failure::new("Parquet cannot go to standard output").help("-o FILE names a file"));
        }
        Ok(Self {
            format,
            path,
            accounts: accounts_path(arguments, format, path)?,
            with_accounts: arguments.accounts.is_some(),
            explain: arguments.explain,
            top: arguments.top,
            terminal,
        })
    }

    /// Writes the scores.
    pub(super) fn write(&self, scores: &Scores<'_>, job: &Job<'_>) -> Outcome<()> {
        let mut output = Output::open(self.path)?;
        self.write_leads(scores, job, &mut output)?;
        match &self.accounts {
            _ if !self.with_accounts => {}
            None => self.write_accounts(scores, job, &mut output)?,
            Some(path) => {
                let mut output = Output::open(Some(path))?;
                self.write_accounts(scores, job, &mut output)?;
                output.finish()?;
            }
        }
        output.finish()
    }

    fn write_leads(&self, scores: &Scores<'_>, job: &Job<'_>, output: &mut Output) -> Outcome<()> {
        let written = match self.format {
            Format::Table => return output.put(self.lead_table(scores, job)?.as_bytes()),
            Format::Jsonl => scores.write_jsonl(self.explain, output),
            Format::Csv => scores.write_csv(self.explain, output),
            Format::Parquet => scores.write_parquet(self.explain, output),
        };
        written.map_err(|error| written_failure(error, output))
    }

    fn write_accounts(&self, scores: &Scores<'_>, job: &Job<'_>, output: &mut Output) -> Outcome<()> {
        let written = match self.format {
            Format::Table => return output.put(self.account_table(scores, job)?.as_bytes()),
            Format::Jsonl => scores.write_accounts_jsonl(output),
            Format::Csv => scores.write_accounts_csv(output),
            Format::Parquet => scores.write_accounts_parquet(output),
        };
        written.map_err(|error| written_failure(error, output))
    }

    fn lead_table(&self, scores: &Scores<'_>, job: &Job<'_>) -> Outcome<String> {
        let shown = self.top.unwrap_or(ROWS);
        let mut tables: Vec<Table<Score>> = job.models.programs().iter().map(|_| Table::default()).collect();
        scores.each_lead(|lead, model, score| {
            let table = &mut tables[model];
            table.count(score.standing);
            if table.rows.len() < shown {
                table.rows.push((lead.to_owned(), score));
            }
            Ok(())
        })?;
        let mut text = String::new();
        for (program, table) in job.models.programs().iter().zip(&tables) {
            let plan = program.plan();
            self.title(&mut text, plan, tables.len());
            text.push_str(&leads::table(plan, &table.rows, &self.terminal));
            text.push_str(&format!("{}\n", table.summary(plan, "lead")));
        }
        Ok(text)
    }

    fn account_table(&self, scores: &Scores<'_>, job: &Job<'_>) -> Outcome<String> {
        let shown = self.top.unwrap_or(ROWS);
        let mut tables: Vec<Table<AccountScore>> =
            job.models.programs().iter().map(|_| Table::default()).collect();
        scores.each_account(|account, model, score| {
            let table = &mut tables[model];
            table.total += 1;
            if table.rows.len() < shown {
                table.rows.push((account.to_owned(), score));
            }
            Ok(())
        })?;
        let mut text = String::new();
        for (program, table) in job.models.programs().iter().zip(&tables) {
            let plan = program.plan();
            if let Some(accounts) = &plan.accounts {
                text.push('\n');
                self.title(&mut text, plan, tables.len());
                text.push_str(&accounts::table(accounts, &table.rows, &self.terminal));
                text.push_str(&format!("{}\n", table.more("account")));
            }
        }
        Ok(text)
    }

    /// The model's name over its table, where there are several.
    fn title(&self, text: &mut String, plan: &Plan, models: usize) {
        if models > 1 {
            let separator = if text.is_empty() || text.ends_with("\n\n") { "" } else { "\n" };
            text.push_str(&format!("{separator}{}\n", harmless(&plan.model)));
        }
    }
}

/// The rows of a table, and what is not shown.
struct Table<S> {
    rows: Vec<(String, S)>,
    total: u64,
    /// By tier; then those without, then the disqualified.
    by_standing: std::collections::BTreeMap<(u8, usize), u64>,
}

impl<S> Default for Table<S> {
    fn default() -> Self {
        Self { rows: Vec::new(), total: 0, by_standing: Default::default() }
    }
}

impl<S> Table<S> {
    fn count(&mut self, standing: Standing) {
        self.total += 1;
        let key = match standing {
            Standing::Tier(tier) => (0, usize::MAX - tier),
            Standing::None => (1, 0),
            Standing::Disqualified => (2, 0),
        };
        *self.by_standing.entry(key).or_default() += 1;
    }

    /// How many leads there are, and where they stand.
    fn summary(&self, plan: &Plan, noun: &str) -> String {
        let parts = self.by_standing.iter().map(|((kind, tier), number)| match kind {
            0 => format!("{number} {}", plan.tiers.get(usize::MAX - tier).map_or("", |tier| &*tier.name)),
            1 => format!("{number} in no tier"),
            _ => format!("{number} disqualified"),
        });
        let parts: Vec<_> = parts.collect();
        let tiers =
            if plan.tiers.is_empty() { String::new() } else { format!(": {}", harmless(&parts.join(", "))) };
        format!("{}{tiers}", self.more(noun))
    }

    /// How many there are, and how many of them are shown.
    fn more(&self, noun: &str) -> String {
        let shown = self.rows.len() as u64;
        let total = counted(self.total, noun);
        if shown < self.total {
            format!("{total}, the first {shown} shown (--top N shows more)")
        } else {
            total
        }
    }
}

fn by_extension(path: &Path) -> Outcome<Format> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("jsonl" | "ndjson" | "json") => Ok(Format::Jsonl),
        Some("csv") => Ok(Format::Csv),
        Some("parquet" | "pq") => Ok(Format::Parquet),
        Some("txt") => Ok(Format::Table),
        _ => Err(Failure::new(format!("cannot tell the format from `{}`", path.display()))
            .help("name it `.jsonl`, `.csv`, `.parquet` or `.txt`, or give --format")),
    }
}

/// A file of their own for accounts, where one is given or where they cannot stand behind the leads.
fn accounts_path(arguments: &Arguments, format: Format, path: Option<&Path>) -> Outcome<Option<PathBuf>> {
    match (&arguments.accounts, format, path) {
        (Some(Some(file)), _, _) => Ok(Some(file.clone())),
        (None, _, _) | (_, Format::Table | Format::Jsonl, _) => Ok(None),
        (Some(None), _, Some(path)) => {
            let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
            Ok(Some(path.with_extension(format!("accounts.{extension}"))))
        }
        (Some(None), _, None) => Err(Failure::new("leads and accounts cannot share one CSV file")
            .help("--accounts=FILE writes accounts to a file of their own")),
    }
}

/// What failed may be our own output.
fn written_failure(error: kelvin_batch::Error, output: &Output) -> Failure {
    match error {
        kelvin_batch::Error::Write(cause) => output.failure(cause),
        error => error.into(),
    }
}
