//! What learning costs as leads become more: time and memory at two sizes, on data that is made up.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::timed::{Cost, timed};
use crate::shell::{cargo, output, run, target};

/// Leads of the two tables, in thousands, if none are named.
const SIZES: [u64; 2] = [50, 200];
/// Columns of numbers and of texts.
const NUMBERS: usize = 70;
const TEXTS: usize = 30;
/// Events of each lead; each twentieth of them may be a conversion.
const EVENTS: u64 = 20;

/// A model for `evaluate`.
const MODEL: &str = "\
kelvin: 1
model: four
dimensions:
  fit:
    rules:
      - {id: a, if: lead.n0 > 50, points: 10}
      - {id: b, if: lead.n1 > 50, points: 10}
      - {id: c, value: lead.n2, bands: {0: 0, 30: 5, 60: 10}}
      - {id: d, if: 'lead.t0 == \"v1\"', points: 5}
";

const OUTCOME: [&str; 2] = ["--outcome", "lead.won == 1"];

/// What is run; the data goes at the end.
const JOBS: [(&str, &[&str], &str); 4] = [
    ("train", &["--leads"], "leads.csv"),
    ("suggest", &["--rules", "10", "--leads"], "leads.csv"),
    ("evaluate", &["--model", "model.yaml", "--leads"], "leads.csv"),
    ("attribute", &["--won", "Won", "--value", "event.amount", "--events"], "events.csv"),
];

/// `growth`: each job on both tables; `growth 250 1000` are thousands of leads.
pub(crate) fn command(arguments: &[&str]) -> Result<()> {
    let sizes = match arguments {
        [few, many] => [few.parse()?, many.parse()?],
        _ => SIZES,
    };
    run(&mut cargo(&["build", "--quiet", "--release", "--package", "kelvin"])?)?;
    let kelvin = target()?.join("release/kelvin");
    let folders = sizes.map(|thousands| made(thousands * 1000));
    let [few, many] = folders;
    let (few, many) = (few?, many?);
    println!("{:<10} {:>19} {:>19}", "", thousands(sizes[0]), thousands(sizes[1]));
    for (name, options, data) in JOBS {
        let cost = |folder: &Path| -> Result<Cost> {
            let mut job = timed(Path::new("python3"));
            job.arg(&kelvin).arg(name).current_dir(folder);
            let outcome = if name == "attribute" { &[][..] } else { &OUTCOME[..] };
            job.args(outcome).args(options).arg(data);
            Cost::of(&output(&mut job)?)
        };
        let (less, more) = (cost(&few)?, cost(&many)?);
        println!(
            "{name:<10} {less} {more}   {:.2} times the time, {:.2} times the memory",
            more.seconds / less.seconds,
            more.megabytes / less.megabytes
        );
    }
    Ok(())
}

fn thousands(leads: u64) -> String {
    format!("{leads},000 leads")
}

/// The folder with the files of so many leads, made if it is not there.
fn made(leads: u64) -> Result<PathBuf> {
    let folder = target()?.join("bench-growth").join(leads.to_string());
    if !folder.join("model.yaml").exists() {
        fs::create_dir_all(&folder)?;
        let file = |name: &str| -> Result<_> { Ok(BufWriter::new(File::create(folder.join(name))?)) };
        write_leads(&mut file("leads.csv")?, leads).context("leads.csv")?;
        write_events(&mut file("events.csv")?, leads).context("events.csv")?;
        fs::write(folder.join("model.yaml"), MODEL)?;
    }
    Ok(folder)
}

/// A table in which few columns tell something, and a tenth of the cells is empty; some 2 % of leads are won.
fn write_leads(file: &mut impl Write, leads: u64) -> Result<()> {
    let names = (0..NUMBERS).map(|column| format!("n{column}"));
    let names = names.chain((0..TEXTS).map(|column| format!("t{column}")));
    writeln!(file, "lead_id,{},won", names.collect::<Vec<_>>().join(","))?;
    let mut random = Random(1);
    for lead in 0..leads {
        write!(file, "l{lead}")?;
        let mut chance = 1;
        for column in 0..NUMBERS {
            match random.below(10) {
                0 => write!(file, ",")?,
                _ => {
                    let number = random.below(100);
                    chance += if column < 3 && number > 50 { 15 } else { 0 };
                    write!(file, ",{number}")?;
                }
            }
        }
        for column in 0..TEXTS {
            let text = random.below(3 + column as u64 * 4);
            chance += if column == 0 && text == 1 { 15 } else { 0 };
            write!(file, ",v{text}")?;
        }
        writeln!(file, ",{}", u64::from(random.below(1000) < chance))?;
    }
    Ok(file.flush()?)
}

fn write_events(file: &mut impl Write, leads: u64) -> Result<()> {
    writeln!(file, "lead_id,time,event,utm_source,utm_medium,amount")?;
    let mut random = Random(2);
    let campaigns = ["google,cpc", "google,organic", "linkedin,social", "news,email", "partner,referral"];
    for lead in 0..leads {
        for event in 0..EVENTS {
            let time = 1_760_000_000_000 + (event * 1_000_000 + random.below(900_000)) * 100;
            if event + 1 == EVENTS && random.below(20) == 0 {
                writeln!(file, "l{lead},{time},Won,,,{}", 100 + random.below(900))?;
            } else {
                writeln!(file, "l{lead},{time},page,{},", campaigns[random.below(5) as usize])?;
            }
        }
    }
    Ok(file.flush()?)
}

/// The same numbers each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}
