//! `kelvin score` end to end, side by side with the same job as SQL; and text formats against a peer's reader.
//!
//! Times are told as ratios to what ran in the same minutes: this machine's seconds mean nothing on another.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::timed::{Cost, timed};
use crate::shell::{cargo, output, program, root, run, target};

/// The workload: a generator of leads and events, a model, and the same job in SQL.
const WORKLOAD: &str = "../shared/bench";
const AS_OF: &str = "2026-01-01T00:00:00Z";
/// What the SQL writes. It does not look for the next change of tier.
const COLUMNS: &str = "lead_id,score,fit,web,engagement,tier";
/// How often each side runs, in turns; the best of each counts.
const ROUNDS: usize = 3;

/// Events as text: how they are made from the Parquet files, and how the peer reads them.
struct Text {
    name: &'static str,
    events: &'static str,
    leads: &'static str,
    options: &'static str,
    rows: &'static str,
    read: &'static str,
}

const TEXTS: [Text; 3] = [
    Text {
        name: "JSON Lines",
        events: "events.jsonl",
        leads: "leads.jsonl",
        options: "format json",
        rows: "select * from 'events.parquet'",
        read: "select max(lead_id), max(\"time\")::varchar, max(event), max(path), max(asset), max(duration) from",
    },
    Text {
        name: "CSV",
        events: "events.csv",
        leads: "leads.csv",
        options: "header",
        rows: "select * from 'events.parquet'",
        read: "select max(lead_id), max(\"time\")::varchar, max(event), max(path), max(asset), max(duration) from",
    },
    // A kilobyte a call, as `analytics.js` sends them, of which the model asks for little.
    Text {
        name: "Segment calls",
        events: "calls.jsonl",
        leads: "leads.jsonl",
        options: "format json",
        rows: include_str!("calls.sql"),
        read: "select max(userId), max(\"timestamp\")::varchar, max(event), max(properties.path), \
               max(properties.asset), max(properties.duration) from",
    },
];

/// Everything that the runs need.
struct Bench {
    workload: PathBuf,
    python: PathBuf,
    kelvin: PathBuf,
}

/// `score [EVENTS…]`: numbers of events in millions, twenty for each lead.
pub(crate) fn command(args: &[&str]) -> Result<()> {
    let millions: Vec<u64> = match args {
        [] => vec![2, 20],
        some => some
            .iter()
            .map(|arg| arg.parse().with_context(|| format!("`{arg}` is no number")))
            .collect::<Result<_>>()?,
    };
    let bench = Bench::prepare()?;
    for millions in &millions {
        bench.against_sql(*millions)?;
    }
    let least = millions.iter().copied().min().unwrap_or(2);
    TEXTS.iter().try_for_each(|text| bench.text(text, least))
}

impl Bench {
    fn prepare() -> Result<Self> {
        let workload = root().join(WORKLOAD);
        if !workload.join("gen.py").exists() {
            bail!("no workload in {}: put gen.py, model.yaml and duckdb_sql.py there", workload.display());
        }
        let venv = target()?.join("bench-python");
        let python = venv.join("bin/python");
        if !python.exists() {
            run(program("python3", &["-m", "venv"]).arg(&venv))?;
            run(&mut program(&python, &["-m", "pip", "install", "--quiet", "duckdb", "pyarrow", "numpy"]))?;
        }
        run(&mut cargo(&["build", "--quiet", "--release", "--package", "kelvin"])?)?;
        Ok(Self { workload, python, kelvin: target()?.join("release/kelvin") })
    }

    /// The folder with the leads and events, made if it is not there.
    fn data(&self, millions: u64) -> Result<PathBuf> {
        let folder = target()?.join(format!("bench-data/{millions}M"));
        if !folder.join("events.parquet").exists() {
            println!("making {millions} million events");
            fs::create_dir_all(&folder)?;
            let (leads, events) = (millions * 50_000, millions * 1_000_000);
            let mut make = program(&self.python, &[]);
            make.arg(self.workload.join("gen.py"))
                .arg(&folder)
                .args([leads, events].map(|count| count.to_string()));
            output(&mut make)?;
        }
        Ok(folder)
    }

    /// Both sides in turns, on two threads.
    fn against_sql(&self, millions: u64) -> Result<()> {
        let data = self.data(millions)?;
        let (mut ours, mut same, mut theirs) = (Cost::NONE, Cost::NONE, Cost::NONE);
        for _ in 0..ROUNDS {
            let mut sql = timed(&self.python);
            sql.arg(&self.python).arg(self.workload.join("duckdb_sql.py")).arg(&data);
            sql.arg(AS_OF).arg(data.join("sql.parquet")).arg("2");
            theirs = theirs.least(Cost::of(&output(&mut sql)?)?);
            let files = ("leads.parquet", "events.parquet");
            same = same.least(self.score(&data, files, "2", &["--columns", COLUMNS])?);
            ours = ours.least(self.score(&data, files, "2", &[])?);
        }
        println!(
            "{millions} million events, {} thousand leads, Parquet to Parquet, two threads",
            millions * 50
        );
        println!("  sql                       {theirs}");
        for (what, cost) in [("the columns of the SQL", same), ("all columns", ours)] {
            println!(
                "  kelvin, {what:<22}  {cost}  {:.1} million events/s, {:.2} times as fast with {:.2} of the memory",
                millions as f64 / cost.seconds,
                theirs.seconds / cost.seconds,
                cost.megabytes / theirs.megabytes
            );
        }
        Ok(())
    }

    /// Events as text, on one thread, against the peer's reader of the same file.
    fn text(&self, text: &Text, millions: u64) -> Result<()> {
        let data = self.data(millions)?;
        let Text { name, events, leads, .. } = text;
        for (file, rows) in [(*events, text.rows), (*leads, Text::ALL_LEADS)] {
            if !data.join(file).exists() {
                let (data, options) = (data.display(), text.options);
                self.sql(&format!(
                    "set file_search_path='{data}'; copy ({rows}) to '{data}/{file}' ({options})"
                ))?;
            }
        }
        let query =
            format!("set threads=1; set file_search_path='{}'; {} '{events}'", data.display(), text.read);
        let (mut ours, mut theirs) = (Cost::NONE, Cost::NONE);
        for _ in 0..ROUNDS {
            theirs = theirs.least(Cost::of(&output(&mut self.timed_sql(&query))?)?);
            ours = ours.least(self.score(&data, (leads, events), "1", &[])?);
        }
        let megabytes = fs::metadata(data.join(events))?.len() as f64 / 1e6;
        println!("events as {name}, {megabytes:.0} MB, one thread");
        println!("  kelvin, scored    {ours}  {:.0} MB/s", megabytes / ours.seconds);
        println!("  peer, only read   {theirs}  {:.0} MB/s", megabytes / theirs.seconds);
        Ok(())
    }

    fn score(
        &self,
        data: &Path,
        (leads, events): (&str, &str),
        threads: &str,
        more: &[&str],
    ) -> Result<Cost> {
        let mut score = timed(&self.python);
        score.arg(&self.kelvin).arg("score").arg("--model").arg(self.workload.join("model.yaml"));
        score.arg("--leads").arg(data.join(leads)).arg("--events").arg(data.join(events));
        score
            .args(["--as-of", AS_OF, "--threads", threads, "-o"])
            .arg(data.join("scores.parquet"))
            .args(more);
        Cost::of(&output(&mut score)?)
    }

    fn timed_sql(&self, query: &str) -> std::process::Command {
        let mut timed = timed(&self.python);
        timed.arg(&self.python).args([
            "-c",
            "import duckdb, sys; duckdb.execute(sys.argv[1]).fetchall()",
            query,
        ]);
        timed
    }

    fn sql(&self, query: &str) -> Result<()> {
        output(&mut self.timed_sql(query)).map(drop)
    }
}

impl Text {
    const ALL_LEADS: &str = "select * from 'leads.parquet'";
}
