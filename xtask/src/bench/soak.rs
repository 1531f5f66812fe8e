//! The live service under an even load for an hour: whether it holds more and more.

use std::{
    fs,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow};

use super::intake::{BATCH, MODEL, Sender, fill, memory, now};
use crate::{
    random::Random,
    service::Service,
    shell::{cargo, root, run, target},
};

/// Connections that send at once, so that none waits for another's commit.
const SENDERS: u64 = 8;

/// How many times memory is told: each the most within its share of the time.
const TOLD: u32 = 12;

/// How often memory is looked at.
const LOOK: Duration = Duration::from_secs(2);

/// `soak [MINUTES] [LEADS] [RATE]`: how long, how many leads are known before, and how many events a second are sent.
pub(crate) fn command(args: &[&str]) -> Result<()> {
    let number = |place: usize, default: u64| {
        args.get(place).map_or(Ok(default), |text| text.parse()).context("a number")
    };
    let (minutes, leads, rate) = (number(0, 60)?, number(1, 1_000_000)?, number(2, 5_000)?);
    run(&mut cargo(&["build", "--quiet", "--release", "--package", "kelvin"])?)?;
    let folder = target()?.join("bench-data/soak");
    fs::create_dir_all(&folder)?;
    let model = root().join(MODEL);
    let kelvin = target()?.join("release/kelvin");
    let service = Service::kelvin(&kelvin, &folder, &model.to_string_lossy(), "soak.db")?;
    fill(&service, leads)?.tell(&format!("{leads} leads made known"), BATCH);

    let (sent, whole, start) = (AtomicU64::new(0), Duration::from_secs(minutes * 60), Instant::now());
    let send = |number| -> Result<()> {
        let mut sender = Sender { random: Random::new(now()? + number), leads };
        let mut connection = service.connect()?;
        while start.elapsed() < whole {
            let batch = sent.fetch_add(1, Ordering::Relaxed);
            let due = Duration::from_secs_f64((batch * BATCH) as f64 / rate as f64);
            thread::sleep(due.saturating_sub(start.elapsed()));
            connection.ask("POST /v1/batch", &sender.batch(BATCH))?;
        }
        Ok(())
    };
    let send = &send;
    let most: Vec<f64> = thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS).map(|number| scope.spawn(move || send(number))).collect();
        let parts = (1..=TOLD).map(|part| whole * part / TOLD);
        let most: Result<Vec<f64>> = parts.map(|until| most_until(&service, start, until, &sent)).collect();
        senders
            .into_iter()
            .try_for_each(|sender| sender.join().map_err(|_| anyhow!("a sender failed"))?)?;
        most
    })?;
    let third = most.len() / 3;
    let peak = |parts: &[f64]| parts.iter().copied().fold(0.0, f64::max);
    let (first, last) = (peak(&most[..third]), peak(&most[most.len() - third..]));
    println!("memory in the last third of the time against the first: {:.2}", last / first);
    Ok(())
}

/// The most memory that the service holds until some time after the start, which is told.
fn most_until(service: &Service, start: Instant, until: Duration, sent: &AtomicU64) -> Result<f64> {
    let mut most = 0.0_f64;
    while start.elapsed() < until {
        thread::sleep(LOOK.min(until.saturating_sub(start.elapsed())));
        most = most.max(memory(service)?);
    }
    let (minutes, events) = (start.elapsed().as_secs() / 60, sent.load(Ordering::Relaxed) * BATCH);
    println!("{minutes:>5} minutes {events:>12} events {most:>7.0} MB at the most since the line before");
    Ok(most)
}
