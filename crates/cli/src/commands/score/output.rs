//! Where and how scores are written.

use std::path::{Path, PathBuf};

use kelvin_batch::{
    Job, Scores,
    write::columns::{self, Shown},
};
use kelvin_kernel::{
    plan::Plan,
    score::{AccountScore, Score, Standing},
};

use super::{Arguments, Format, options::list};
use crate::{
    failure::{Failure, Outcome},
    output::{self, Output},
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
    /// Where accounts go, and in which format, if not behind the leads.
    accounts: Option<(PathBuf, Format)>,
    with_accounts: bool,
    shown: Shown,
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
            (None, Some(path)) => named(path)?,
            (None, None) if terminal.interactive => Format::Table,
            (None, None) => Format::Jsonl,
        };
        if format == Format::Parquet && path.is_none() {
            return Err(Failure::new("Parquet cannot go to standard output").help("-o FILE names a file"));
        }
        let accounts = accounts_file(arguments, format, path)?;
        let accounts_path = accounts.as_ref().map(|(path, _)| path.as_path());
        let inputs = &arguments.inputs;
        let read = inputs.models.iter().chain(&inputs.rows.leads).chain(&inputs.rows.events);
        let read: Vec<_> = read.map(|path| ("input", path.as_path())).collect();
        let written =
            [("leads", path), ("accounts", accounts_path), ("rejected rows", arguments.rejects.as_deref())];
        check_distinct(&read, written)?;
        Ok(Self {
            format,
            path,
            accounts,
            with_accounts: arguments.accounts.is_some(),
            shown: Shown { explain: arguments.explain, columns: arguments.columns.clone() },
            top: arguments.top,
            terminal,
        })
    }

    /// Whether anybody sees when tiers change.
    pub(super) fn shows_until(&self) -> bool {
        self.shown.columns.is_empty() || self.shown.columns.iter().any(|name| name == "until")
    }

    /// Refuses columns that there are not.
    pub(super) fn check_columns<'p>(&self, plans: impl Iterator<Item = &'p Plan>) -> Outcome<()> {
        let Shown { explain, columns } = &self.shown;
        let known = match self.format {
            _ if columns.is_empty() => return Ok(()),
            Format::Csv => columns::in_csv(plans, *explain),
            Format::Parquet => columns::in_parquet(plans, *explain),
            Format::Table | Format::Jsonl => {
                return Err(Failure::new("--columns is for CSV and Parquet")
                    .help("name the output `.csv` or `.parquet`, or give --format csv"));
            }
        };
        let twice = |(nth, name): (usize, &String)| columns[..nth].contains(name);
        if let Some(name) = columns.iter().enumerate().find(|named| twice(*named)).map(|(_, name)| name) {
            return Err(Failure::new(format!("--columns names `{name}` twice")));
        }
        let Some(unknown) = columns.iter().find(|name| !known.contains(name)) else { return Ok(()) };
        let help = match unknown.as_str() {
            columns::REASONS => "--explain adds it".to_owned(),
            _ => format!("there is {}", list(known.iter().map(String::as_str))),
        };
        Err(Failure::new(format!("there is no column `{unknown}`")).help(help))
    }

    /// Writes the scores.
    pub(super) fn write(&self, scores: &Scores<'_>, job: &Job<'_>) -> Outcome<()> {
        let mut output = Output::open(self.path)?;
        self.write_leads(scores, job, &mut output)?;
        match &self.accounts {
            _ if !self.with_accounts => {}
            None => self.write_accounts(scores, job, self.format, &mut output)?,
            Some((path, format)) => {
                let mut output = Output::open(Some(path))?;
                self.write_accounts(scores, job, *format, &mut output)?;
                output.finish()?;
            }
        }
        output.finish()
    }

    fn write_leads(&self, scores: &Scores<'_>, job: &Job<'_>, output: &mut Output) -> Outcome<()> {
        let written = match self.format {
            Format::Table => return output.put(self.lead_table(scores, job)?.as_bytes()),
            Format::Jsonl => scores.write_jsonl(self.shown.explain, output),
            Format::Csv => scores.write_csv(&self.shown, output),
            Format::Parquet => scores.write_parquet(&self.shown, output),
        };
        written.map_err(|error| written_failure(error, output))
    }

    fn write_accounts(
        &self,
        scores: &Scores<'_>,
        job: &Job<'_>,
        format: Format,
        output: &mut Output,
    ) -> Outcome<()> {
        let written = match format {
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

/// The format that a file's extension tells, if it tells any.
fn by_extension(path: &Path) -> Option<Format> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("jsonl" | "ndjson" | "json") => Some(Format::Jsonl),
        Some("csv") => Some(Format::Csv),
        Some("parquet" | "pq") => Some(Format::Parquet),
        Some("txt") => Some(Format::Table),
        _ => None,
    }
}

fn named(path: &Path) -> Outcome<Format> {
    by_extension(path).ok_or_else(|| {
        Failure::new(format!("cannot tell the format from `{}`", path.display()))
            .help("name it `.jsonl`, `.csv`, `.parquet` or `.txt`, or give --format")
    })
}

/// A file of their own for accounts, where one is given or where they cannot stand behind the leads.
fn accounts_file(
    arguments: &Arguments,
    format: Format,
    path: Option<&Path>,
) -> Outcome<Option<(PathBuf, Format)>> {
    let given = arguments.accounts.as_ref().map(Option::as_deref);
    // Two files may be of two formats: each has that of its extension, and --format is for those without.
    let in_file = |file: &Path| match (by_extension(file), arguments.format) {
        (Some(format), _) | (None, Some(format)) => Ok(format),
        (None, None) => named(file),
    };
    match (given, format, path) {
        (Some(Some(file)), _, _) if file != Path::new("-") => Ok(Some((file.to_owned(), in_file(file)?))),
        // Standard output is for people or for a pipe, whatever the file of the leads is.
        (Some(Some(file)), _, Some(_)) => {
            let format = arguments.format.unwrap_or(Format::Jsonl);
            Ok(Some((file.to_owned(), format)))
        }
        (None, _, _) | (_, Format::Table | Format::Jsonl, _) => Ok(None),
        (Some(_), _, Some(path)) => {
            let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
            Ok(Some((path.with_extension(format!("accounts.{extension}")), format)))
        }
        (Some(_), _, None) => Err(Failure::new("leads and accounts cannot share one CSV file")
            .help("--accounts=FILE writes accounts to a file of their own")),
    }
}

/// Refuses one file for two things: the later would replace the earlier.
fn check_distinct(read: &[(&str, &Path)], written: [(&str, Option<&Path>); 3]) -> Outcome<()> {
    let written = written.iter().filter_map(|(what, path)| Some((*what, (*path)?)));
    let files = read.iter().copied().chain(written);
    let files: Vec<_> = files.map(|(what, path)| (what, path, output::place(path))).collect();
    for (nth, (what, path, place)) in files.iter().enumerate().skip(read.len()) {
        // What is no regular file is not replaced: a pipe or `/dev/null` may take both.
        let other = files[..nth].iter().find(|(_, _, other)| other == place);
        if let Some((other, _, _)) = other.filter(|_| place.is_file() || !place.exists()) {
            return Err(Failure::new(format!(
                "`{}` cannot hold both the {other} and the {what}",
                path.display()
            ))
            .help("name two files"));
        }
    }
    Ok(())
}

/// What failed may be our own output.
fn written_failure(error: kelvin_batch::Error, output: &Output) -> Failure {
    match error {
        kelvin_batch::Error::Write(cause) => output.failure(cause),
        error => error.into(),
    }
}
