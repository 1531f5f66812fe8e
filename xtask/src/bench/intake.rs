//! The live service under load: events a second through `/v1/batch` and one by one, what the lists take meanwhile, and how far
//! all this is from parsing the same requests and throwing them away.

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, anyhow};

use crate::{
    random::Random,
    service::{Connection, Service},
    shell::{cargo, program, root, run, target},
};

/// The model, with every kind of rule.
pub(super) const MODEL: &str = "benches/counts.yaml";

/// Events in a request.
pub(super) const BATCH: u64 = 100;

/// Connections that send batches at once.
const SENDERS: u64 = 12;

/// Connections that send single events at once.
const SINGLES: u64 = 64;

/// How often each read is asked for.
const READS: u64 = 200;

/// Ticks in a second of processor time, as Linux tells it.
const TICKS: f64 = 100.0;

/// A client library's event, less what differs: near 400 bytes, as they come from a site.
const CONTEXT: &str = r#""context":{"library":{"name":"analytics.js","version":"2.11.1"},"locale":"en-GB","userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"}"#;

/// What requests of one kind took.
#[derive(Default)]
pub(super) struct Times {
    millis: Vec<f64>,
    seconds: f64,
}

/// Makes the events of one sender.
pub(super) struct Sender {
    pub(super) random: Random,
    pub(super) leads: u64,
}

/// `intake [SECONDS] [LEADS] [STORE]`: how long each load lasts, how many leads are known before it begins, and a database that is
/// empty, where it is not to be a file.
pub(crate) fn command(args: &[&str]) -> Result<()> {
    let number = |place: usize, default: u64| {
        args.get(place).map_or(Ok(default), |text| text.parse()).context("a number")
    };
    let (seconds, leads) = (number(0, 20)?, number(1, 1_000_000)?);
    let store = args.get(2).unwrap_or(&"intake.db");
    run(&mut cargo(&[
        "build",
        "--quiet",
        "--release",
        "--package",
        "kelvin",
        "--package",
        "kelvin-benches",
    ])?)?;
    let release = target()?.join("release");
    let folder = target()?.join("bench-data/intake");
    fs::create_dir_all(&folder)?;

    let ceiling = Service::start(&mut program(release.join("ceiling"), &[]))?;
    let most = load(&ceiling, SENDERS, seconds, |_, sender| ("POST /v1/batch", sender.batch(BATCH)), leads)?;
    most.tell("parsed and thrown away", BATCH);
    drop(ceiling);

    let model = root().join(MODEL);
    let service = Service::kelvin(&release.join("kelvin"), &folder, &model.to_string_lossy(), store)?;
    fill(&service, leads)?.tell(&format!("{leads} leads made known"), BATCH);
    let (before, used) = (memory(&service)?, processor(&service)?);
    let kept = load(&service, SENDERS, seconds, |_, sender| ("POST /v1/batch", sender.batch(BATCH)), leads)?;
    kept.tell("batches, kept and scored", BATCH);
    let micros = (processor(&service)? - used) * 1e6 / (kept.millis.len() as u64 * BATCH) as f64;
    println!("{:<32} {micros:>9.1} µs for each of these events", "the service's processor time");
    println!("{:<32} {before:>9.0} MB before, {:.0} MB after", "memory", memory(&service)?);
    let single = load(&service, SINGLES, seconds, |_, sender| ("POST /v1/track", sender.track()), leads)?;
    single.tell("single events, kept and scored", 1);
    reads(&service, "GET /api/v1/leads?limit=50", |_| String::new())?.tell("the top 50", 1);
    reads(&service, "GET /api/v1/leads/lead-", |random| random.between(0, leads - 1).to_string())?
        .tell("one lead with its reasons", 1);
    println!("batches against the ceiling: {:.2}", kept.rate() / most.rate());
    Ok(())
}

/// Makes all leads known, each with its attributes, from several connections.
pub(super) fn fill(service: &Service, leads: u64) -> Result<Times> {
    let next = AtomicU64::new(0);
    let work = |_, connection: &mut Connection, times: &mut Times| loop {
        let first = next.fetch_add(BATCH, Ordering::Relaxed);
        if first >= leads {
            return Ok(());
        }
        let calls: Vec<_> = (first..leads.min(first + BATCH)).map(identify).collect();
        times.ask(connection, "POST /v1/batch", &format!(r#"{{"batch":[{}]}}"#, calls.join(",")))?;
    };
    together(service, SENDERS, work)
}

/// Sends as much as is taken, for some seconds.
fn load(
    service: &Service,
    senders: u64,
    seconds: u64,
    make: impl Fn(u64, &mut Sender) -> (&'static str, String) + Sync,
    leads: u64,
) -> Result<Times> {
    let end = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_secs(seconds));
            end.store(true, Ordering::Relaxed);
        });
        together(service, senders, |number, connection, times| {
            let mut sender = Sender { random: Random::new(now()? + number), leads };
            while !end.load(Ordering::Relaxed) {
                let (request, body) = make(number, &mut sender);
                times.ask(connection, request, &body)?;
            }
            Ok(())
        })
    })
}

/// Asks for something again and again.
fn reads(service: &Service, request: &str, rest: impl Fn(&mut Random) -> String) -> Result<Times> {
    let mut connection = service.connect()?;
    let (mut times, mut random, start) = (Times::default(), Random::new(1), Instant::now());
    for _ in 0..READS {
        times.ask(&mut connection, &format!("{request}{}", rest(&mut random)), "")?;
    }
    times.seconds = start.elapsed().as_secs_f64();
    Ok(times)
}

/// Does the same from several connections at once.
fn together(
    service: &Service,
    senders: u64,
    work: impl Fn(u64, &mut Connection, &mut Times) -> Result<()> + Sync,
) -> Result<Times> {
    let start = Instant::now();
    let one = |number| -> Result<Times> {
        let mut times = Times::default();
        work(number, &mut service.connect()?, &mut times)?;
        Ok(times)
    };
    let one = &one;
    let all: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..senders).map(|number| scope.spawn(move || one(number))).collect();
        let joined =
            threads.into_iter().map(|thread| thread.join().map_err(|_| anyhow!("a sender failed"))?);
        joined.collect::<Result<_>>()
    })?;
    let millis = all.into_iter().flat_map(|times| times.millis).collect();
    Ok(Times { millis, seconds: start.elapsed().as_secs_f64() })
}

fn identify(lead: u64) -> String {
    let country = ["US", "DE", "BR", "FR", "IN"][lead as usize % 5];
    let industry = ["Software", "Finance", "Retail"][lead as usize % 3];
    format!(
        r#"{{"type":"identify","messageId":"known-{lead}","userId":"lead-{lead}","traits":{{"name":"Lead {lead}","country":"{country}","industry":"{industry}","employees":{}}}}}"#,
        lead % 3000
    )
}

impl Sender {
    pub(super) fn batch(&mut self, events: u64) -> String {
        let calls: Vec<_> = (0..events).map(|_| self.track()).collect();
        format!(r#"{{"batch":[{}]}}"#, calls.join(","))
    }

    fn track(&mut self) -> String {
        let random = &mut self.random;
        let (lead, id) = (random.between(0, self.leads - 1), (random.next(), random.next()));
        let number = random.between(0, 11);
        let (name, properties) = match random.between(0, 9) {
            0..=5 => (
                "page",
                format!(r#""path":"{}","seconds":{}"#, PATHS[number as usize % PATHS.len()], number * 25),
            ),
            6 | 7 => ("Email Opened", String::new()),
            8 => ("Asset Downloaded", format!(r#""asset":{number}"#)),
            _ => ("Quote Requested", format!(r#""seats":{}"#, number * 15)),
        };
        format!(
            r#"{{"type":"track","messageId":"ajs-next-{:016x}{:016x}","userId":"lead-{lead}","event":"{name}","properties":{{{properties}}},{CONTEXT}}}"#,
            id.0, id.1
        )
    }
}

const PATHS: [&str; 7] =
    ["/", "/pricing", "/pricing/enterprise", "/docs/api", "/docs/start", "/blog/a", "/about"];

impl Times {
    fn ask(&mut self, connection: &mut Connection, request: &str, body: &str) -> Result<()> {
        let start = Instant::now();
        connection.ask(request, body)?;
        self.millis.push(start.elapsed().as_secs_f64() * 1000.0);
        Ok(())
    }

    /// Requests a second.
    fn rate(&self) -> f64 {
        self.millis.len() as f64 / self.seconds
    }

    pub(super) fn tell(&self, what: &str, events: u64) {
        let mut sorted = self.millis.clone();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| sorted.get((sorted.len() as f64 * share) as usize).copied().unwrap_or(f64::NAN);
        let rate = self.rate() * events as f64;
        println!(
            "{what:<32} {rate:>9.0} a second, {:.1} ms half of them, {:.1} ms 99 of 100",
            at(0.5),
            at(0.99)
        );
    }
}

/// What a service holds, in megabytes.
pub(super) fn memory(service: &Service) -> Result<f64> {
    let status = fs::read_to_string(Path::new("/proc").join(service.process().to_string()).join("status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes / 1024.0)
}

/// The processor time that a service has used, in seconds: less dependent than others on what else goes on.
fn processor(service: &Service) -> Result<f64> {
    let stat = fs::read_to_string(Path::new("/proc").join(service.process().to_string()).join("stat"))?;
    let (_, fields) = stat.rsplit_once(')').context("no stat")?;
    let ticks = fields.split_whitespace().skip(11).take(2).map(|field| Ok(field.parse::<f64>()?));
    Ok(ticks.sum::<Result<f64>>()? / TICKS)
}

/// So that no run sends what one before it sent.
pub(super) fn now() -> Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros() as u64)
}
