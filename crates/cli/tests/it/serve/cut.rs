//! What is left in PostgreSQL when, under load, connections are cut, servers are killed and others take their place.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use super::{
    crash::{MODEL, PLAYBOOK, SERVE, Sender, check},
    lines::Dice,
    process::Process,
};
use crate::{
    cluster::{Database, cluster},
    run::Folder,
};

const SENDERS: usize = 3;

/// Ends the sending, also when a test fails.
struct Enough<'a>(&'a AtomicBool);

impl Drop for Enough<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A store in PostgreSQL, and those who send to whoever serves it.
struct Scene {
    folder: Folder,
    database: Database,
    serve: String,
    senders: Vec<Sender>,
    dice: Dice,
}

impl Scene {
    fn new(seed: u64) -> Self {
        let folder = Folder::new(&[("model.yaml", MODEL), ("playbook.yaml", PLAYBOOK)]);
        let database = cluster().database();
        let serve = format!("-m model.yaml --store {} {SERVE}", database.url);
        let senders = (0..SENDERS).map(Sender::new).collect();
        Self { folder, database, serve, senders, dice: Dice(seed) }
    }

    fn start(&self) -> Process {
        Process::start(&self.folder, &self.serve)
    }

    fn standby(&self) -> Process {
        Process::begin(self.folder.command(&format!("serve --listen 127.0.0.1:0 {}", self.serve)))
    }

    /// Has something happen so many times, each time in the middle of what is sent.
    fn under_load(&mut self, to: &[SocketAddr], times: usize, mut happens: impl FnMut(&Database)) {
        let (progress, is_enough) = (&AtomicUsize::new(0), &AtomicBool::new(false));
        let (database, dice) = (&self.database, &mut self.dice);
        thread::scope(|scope| {
            for sender in &mut self.senders {
                scope.spawn(move || {
                    while !is_enough.load(Ordering::Relaxed) {
                        to.iter().for_each(|address| sender.send(*address, progress, is_enough));
                    }
                });
            }
            let _enough = Enough(is_enough);
            for _ in 0..times {
                wait_for(progress, progress.load(Ordering::Relaxed) + 1 + dice.roll(5));
                thread::sleep(Duration::from_micros(dice.roll(30_000) as u64));
                happens(database);
            }
            wait_for(progress, progress.load(Ordering::Relaxed) + 1);
        });
    }

    /// Compares what is there with what was acknowledged.
    fn check(&self) {
        let outbox = || -> BTreeSet<String> {
            let mut client = cluster().client(&self.database.name);
            let rows = client.query("SELECT id FROM kelvin.outbox", &[]).unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        };
        let handed_off = check(&self.folder, &self.serve, &self.senders, outbox);
        let acknowledged: usize = self.senders.iter().map(|sender| sender.acknowledged.len()).sum();
        assert!(acknowledged > 100 && handed_off > 0, "{acknowledged} events, {handed_off} hand-offs");
    }
}

/// Waits until so many batches were acknowledged.
fn wait_for(progress: &AtomicUsize, batches: usize) {
    for _ in 0..60_000 {
        if progress.load(Ordering::Relaxed) >= batches {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
    panic!("nothing is acknowledged any more");
}

#[test]
fn connections_that_are_cut_under_load_lose_nothing_and_double_nothing() {
    let mut scene = Scene::new(3);
    let service = scene.start();
    scene.under_load(&[service.address()], 25, |database| cluster().cut(database));
    service.kill();
    scene.check();
}

#[test]
fn servers_that_take_each_others_place_lose_nothing_and_hand_nobody_off_twice() {
    let mut scene = Scene::new(4);
    let mut first = scene.start();
    for round in 0..6 {
        let second = scene.standby();
        let mut ending = Some(first);
        scene.under_load(&[ending.as_ref().unwrap().address(), second.address()], 1, |database| {
            let first = ending.take().unwrap();
            if round % 2 == 0 {
                first.kill();
            } else {
                // It is told that another one has taken its place, and ends.
                cluster().cut_writer(database);
                assert_eq!(first.end(), Some(2));
            }
        });
        second.get_ready();
        first = second;
    }
    first.kill();
    scene.check();
}
