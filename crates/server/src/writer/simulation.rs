//! Schedules with faults, around a real store: writes that are refused halfway, processes that end, clocks that jump, receivers that
//! hang, fail and lie. In the end all is as if nothing had gone wrong. The same seeds each time.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration as Wait,
};

use kelvin_connect::Outcome;
use kelvin_kernel::{program::Program, score::Detail};
use kelvin_model::playbook as playbooks;
use kelvin_store::{Message, MessageState, Reader, View};
use rusqlite::Connection;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::*;
use crate::{
    Backoff, Settings,
    outbox::Schedule,
    segment::{Sending, Written},
};

/// Schedules in a run.
const SCHEDULES: u64 = 250;

/// What happens in one of them before all goes well.
const STEPS: usize = 40;

/// Receivers are patient with each other.
const BACKOFF: Backoff = Backoff { first: Wait::from_secs(1), longest: Wait::from_secs(600), attempts: 1000 };

const LEADS: [&str; 4] = ["ada", "bob", "cem", "eve"];

/// Where a write may be refused: the rows of an event, of what follows from it, of what is to be told.
const TABLES: [&str; 7] =
    ["events", "recent_holdings", "tier_changes", "hand_offs", "outbox", "timers", "notes"];

/// Points that stay make a lead hot, once; those that fade let the clock matter.
const MODEL: &str = "\
kelvin: 1
model: small
dimensions:
  stays:
    rules:
      - {id: demo, event: Demo Requested, points: 10}
  fades:
    weight: 0.001
    rules:
      - {id: visit, event: Visited, points: 40, decay: {linear: 9d}}
tiers:
  - {name: warm, from: 0.05}
  - {name: hot, from: 30, needs: {stays: 30}}
";

const PLAYBOOK: &str = "\
playbook: 1
time_zone: UTC
owners: {ann: {email: ann@acme.example}, ben: {email: ben@acme.example}}
targets: {crm: {webhook: 'https://crm.example/'}, chat: {webhook: 'https://chat.example/'}}
hand_offs:
  - id: sales
    tier: hot
    leave: 0
    assign: {round_robin: [ann, ben]}
    task: {title: Call, due: 2d}
    sla: {accept: 1d, remind: 2h, escalate: chat}
    notify: [crm, chat]
alerts:
  - {id: warm, tier: warm, notify: chat}
";

#[test]
fn whatever_fails_all_is_done_once_and_told_at_least_once() {
    for seed in 0..SCHEDULES {
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            world.step();
        }
        world.settle();
        world.check();
    }
}

/// One schedule: a service without a socket, and the world around it.
struct World {
    seed: u64,
    dice: Dice,
    folder: TempDir,
    now: Arc<AtomicI64>,
    /// `None` while no process runs.
    process: Option<Process>,
    /// The table whose writes are refused.
    fault: Option<&'static str>,
    schedule: Schedule,
    attempts: Vec<Attempt>,
    /// What could not be written down yet of attempts.
    notes: Vec<Note>,
    /// What receivers got, by lane and target: ids as often as they came, in the order in which they came.
    received: BTreeMap<(String, String), Vec<String>>,
    /// Calls that were sent, and those that were not acknowledged.
    sent: Vec<Json>,
    unanswered: Vec<Json>,
}

/// The one who writes, and a way to look at what was written.
struct Process {
    /// Closed before the store is.
    reader: Reader,
    desk: Desk,
}

/// An attempt under way.
struct Attempt {
    message: Message,
    outcome: Outcome,
    /// Whether the receiver will have the message, whatever it answers.
    arrives: bool,
}

/// A stream of numbers, the same for each seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }
}

impl World {
    fn new(seed: u64) -> Self {
        // A disk of memory, where there is one: faults are put in, and a real disk adds but time.
        let memory = PathBuf::from("/dev/shm");
        let made = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
        let begin = Instant::parse("2026-03-02T09:00:00Z").expect("an instant").as_millis();
        let mut world = Self {
            seed,
            dice: Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)),
            folder: made.expect("a folder"),
            now: Arc::new(AtomicI64::new(begin)),
            process: None,
            fault: None,
            schedule: Schedule::new(BACKOFF, seed),
            attempts: Vec::new(),
            notes: Vec::new(),
            received: BTreeMap::new(),
            sent: Vec::new(),
            unanswered: Vec::new(),
        };
        world.process = Some(world.start("kelvin.db"));
        world
    }

    /// Something happens.
    fn step(&mut self) {
        match self.dice.roll(16) {
            0..=4 => self.send(),
            5 => self.send_again(),
            6 | 7 => self.pass(),
            8..=10 => self.attempt(),
            11..=13 => self.finish(),
            14 => self.turn_fault(),
            _ => self.crash(),
        }
        self.work();
    }

    /// From here on all goes well: what is there to be done is done.
    fn settle(&mut self) {
        self.mend();
        self.send_again();
        assert!(self.unanswered.is_empty(), "seed {}: events are refused without a fault", self.seed);
        for _ in 0..2000 {
            self.work();
            self.attempt();
            while !self.attempts.is_empty() {
                self.finish();
            }
            self.write();
            self.now.fetch_add(600_000, Ordering::Relaxed);
            if self.pending().is_empty() {
                return self.work();
            }
        }
        let pending = self.pending();
        panic!("seed {}: messages stay pending: {pending:?}", self.seed);
    }

    /// Some events come; some of them late.
    fn send(&mut self) {
        let calls: Vec<Json> = (0..=self.dice.roll(3)).map(|_| self.call()).collect();
        self.sent.extend(calls.iter().cloned());
        self.unanswered.extend(calls.iter().cloned());
        let is_kept = self.deliver(&calls);
        // Of what is kept, some answers get lost.
        if is_kept && self.dice.roll(4) > 0 {
            self.unanswered.retain(|call| !calls.contains(call));
        }
    }

    fn call(&mut self) -> Json {
        let event = ["Demo Requested", "Visited", "Visited"][self.dice.roll(3)];
        let time = self.now().as_millis() - 3_600_000 * self.dice.roll(200) as i64;
        json!({
            "type": "track", "event": event, "userId": LEADS[self.dice.roll(LEADS.len())],
            "messageId": format!("m-{}", self.sent.len() * 8 + self.dice.roll(8)),
            "timestamp": Instant::from_millis(time).to_string(),
        })
    }

    /// Clients send again what was not acknowledged.
    fn send_again(&mut self) {
        let calls = self.unanswered.clone();
        if self.deliver(&calls) {
            self.unanswered.clear();
        }
    }

    /// Hands calls to the service; whether they are kept.
    fn deliver(&mut self, calls: &[Json]) -> bool {
        let now = self.now();
        let Some(process) = self.process.as_mut() else { return false };
        let calls = calls.iter().map(|call| read(call, now)).collect();
        take(process, Delivery { calls, ..Delivery::default() }, now)
    }

    /// Time goes by: a moment, a day, a week.
    fn pass(&mut self) {
        let hours = [0, 1, 5, 24, 170][self.dice.roll(5)];
        self.now.fetch_add(hours * 3_600_000 + self.dice.roll(1_000_000) as i64, Ordering::Relaxed);
    }

    /// The service does what is due.
    fn work(&mut self) {
        if let Some(process) = self.process.as_mut() {
            while process.desk.refresh() | process.desk.on_time() {}
        }
    }

    /// Begins the attempts that are due.
    fn attempt(&mut self) {
        let now = self.now();
        let Some(process) = self.process.as_mut() else { return };
        let round = process.reader.look(|view| self.schedule.round(view, now)).expect("a round");
        for message in round.start {
            let attempt = self.attempted(message);
            self.attempts.push(attempt);
        }
    }

    /// A receiver takes a message, is down, asks for patience, or has it and says that it failed. Until somebody asks, it hangs.
    fn attempted(&mut self, message: Message) -> Attempt {
        let again = |after| Outcome::TryAgain { after, reason: "500".to_owned() };
        let (outcome, arrives) = match self.dice.roll(8) {
            0 | 1 => (again(None), false),
            2 => (again(Some(Wait::from_secs(self.dice.roll(500) as u64))), false),
            3 => (again(None), true),
            _ => (Outcome::Delivered, true),
        };
        Attempt { message, outcome, arrives }
    }

    /// An attempt ends, whichever, and is written down if the store lets it.
    fn finish(&mut self) {
        if !self.attempts.is_empty() {
            let place = self.dice.roll(self.attempts.len());
            let attempt = self.attempts.swap_remove(place);
            self.receive(&attempt);
            self.notes.push(self.schedule.note(&attempt.message, attempt.outcome, self.now()));
        }
        self.write();
    }

    fn receive(&mut self, attempt: &Attempt) {
        if attempt.arrives {
            let Message { lane, target, id, .. } = &attempt.message;
            self.received.entry((lane.clone(), target.clone())).or_default().push(id.clone());
        }
    }

    fn write(&mut self) {
        let now = self.now();
        let Some(process) = self.process.as_mut().filter(|_| !self.notes.is_empty()) else { return };
        let delivery = Delivery { notes: self.notes.clone(), ..Delivery::default() };
        if take(process, delivery, now) {
            self.notes.drain(..).for_each(|note| self.schedule.release(note.id()));
        }
    }

    /// The store begins to refuse writes to some table, or takes them again.
    fn turn_fault(&mut self) {
        if self.fault.is_some() {
            return self.mend();
        }
        let table = TABLES[self.dice.roll(TABLES.len())];
        self.disk(&format!(
            "CREATE TRIGGER fault BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'full'); END;"
        ));
        self.fault = Some(table);
    }

    fn mend(&mut self) {
        if self.fault.take().is_some() {
            self.disk("DROP TRIGGER fault;");
        }
    }

    fn disk(&self, sql: &str) {
        let disk = Connection::open(self.folder.path().join("kelvin.db")).expect("the store");
        disk.execute_batch(sql).expect("a statement");
    }

    /// The process ends: what came of attempts is not known any more, though receivers may have the messages.
    fn crash(&mut self) {
        self.process = None;
        for attempt in std::mem::take(&mut self.attempts) {
            self.receive(&attempt);
        }
        self.notes.clear();
        self.schedule = Schedule::new(BACKOFF, self.seed);
        // A store that refuses writes may not let a service begin.
        self.mend();
        self.process = Some(self.start("kelvin.db"));
    }

    /// A service on a store.
    fn start(&self, store: &str) -> Process {
        let loaded = kelvin_model::load("model.yaml", MODEL);
        let playbook = playbooks::load("playbook.yaml", PLAYBOOK, &[&loaded.model]).plan.expect("a playbook");
        let now = Arc::clone(&self.now);
        let store = Writer::open(self.folder.path().join(store)).expect("a store");
        let metrics = Metrics::new(Arc::new(|| Wait::ZERO), Arc::new(|| None)).expect("metrics");
        let mut desk = Desk {
            publishing: Publishing::default(),
            store: Books::new(store, Arc::new(|_| {})).expect("a thread"),
            sweep: Sweep::new(Retention::default()),
            stale: Stale::default(),
            models: Arc::new(vec![Model::new(Program::new(loaded.plan.expect("a model")), MODEL)]),
            shelf: Arc::default(),
            playbook: Some(Playbook::new(playbook, Settings::default(), |_| None).expect("a playbook")),
            clock: Arc::new(move || Instant::from_millis(now.load(Ordering::Relaxed))),
            say: Arc::new(|_| {}),
            waiting: Arc::default(),
            metrics: Arc::new(metrics),
        };
        desk.bring_up_to_date().expect("a start");
        Process { reader: desk.store.reader().expect("a reader"), desk }
    }

    fn now(&self) -> Instant {
        Instant::from_millis(self.now.load(Ordering::Relaxed))
    }

    /// Looks at the store.
    fn look<T>(process: &mut Process, look: impl FnOnce(&dyn View) -> kelvin_store::Result<T>) -> T {
        process.reader.look(look).expect("a look")
    }

    fn pending(&mut self) -> Vec<Message> {
        let process = self.process.as_mut().expect("a process");
        Self::look(process, |view| view.messages(MessageState::Pending, None, 1000))
    }

    /// All is as in a service that got the same events at once, and nothing failed.
    fn check(&mut self) {
        let (seed, now) = (self.seed, self.now());
        let mut process = self.process.take().expect("a process");
        let mut sound = self.start("sound.db");
        let calls: Vec<Call> = self.sent.iter().map(|call| read(call, now)).collect();
        assert!(take(&mut sound, Delivery { calls, ..Delivery::default() }, now), "a sound store");
        let [found, expect] = [&mut process, &mut sound].map(|process| {
            while process.desk.refresh() | process.desk.on_time() {}
            let models = Arc::clone(&process.desk.models);
            process.reader.look(|view| standing(view, &models[0], now)).expect("a look")
        });
        assert_eq!(found, expect, "seed {seed}");
        let (told, hand_offs) = Self::look(&mut process, |view| {
            let delivered = view.messages(MessageState::Delivered, None, 10_000)?;
            Ok((delivered, view.hand_offs(None, None, 1000)?))
        });
        for message in &told {
            let came = self.received.get(&(message.lane.clone(), message.target.clone()));
            assert!(came.is_some_and(|ids| ids.contains(&message.id)), "seed {seed}: {} is lost", message.id);
        }
        for hand_off in hand_offs {
            for target in ["crm", "chat"] {
                let id = format!("hand_off:{}:{target}", hand_off.seq);
                assert!(told.iter().any(|message| message.id == id), "seed {seed}: {id} was never told");
            }
        }
        self.check_order(&told);
    }

    /// Of each lane, no message was received for the first time after a later one.
    fn check_order(&self, told: &[Message]) {
        for ids in self.received.values() {
            let place =
                |id: &String| told.iter().find(|message| message.id == *id).map(|message| message.seq);
            let places: Vec<_> = ids.iter().map(place).collect();
            assert!(places.is_sorted(), "seed {}: out of order: {ids:?}", self.seed);
        }
    }
}

/// What there is of leads: the log; each lead's score, and its tier as it is kept; who was handed off, as often as that was.
type Standing = (BTreeSet<String>, usize, Vec<String>, Vec<String>);

fn standing(view: &dyn View, model: &Model, now: Instant) -> Result<Standing, Error> {
    let log = view.events(0, 10_000)?;
    let ids = log.iter().filter_map(|event| event.id.clone()).collect();
    let mut scores = Vec::new();
    for lead in LEADS {
        let Some(mut state) = known_state(view, model, lead)? else { continue };
        let score = model.score(&mut state, view, now, Detail { until: false, reasons: false })?;
        let kept = view.holding(model.key(), lead)?.and_then(|holding| holding.score);
        let tier = kept.and_then(|kept| kept.tier);
        scores.push(format!("{lead} {:?} {tier:?}", score.map(|score| score.score)));
    }
    let mut handed_off: Vec<_> = view.hand_offs(None, None, 1000)?.into_iter().map(|one| one.lead).collect();
    handed_off.sort();
    Ok((ids, log.len(), scores, handed_off))
}

fn read(call: &Json, now: Instant) -> Call {
    let sending = Sending { received: now, sent: None, event_bytes: 32 << 10 };
    Call::read(Written::of(call).root().own(None), None, sending).expect("a call")
}

/// Hands something to the service; whether it says that it is durable.
fn take(process: &mut Process, delivery: Delivery, received: Instant) -> bool {
    let (reply, answer) = oneshot::channel();
    process.desk.waiting.enter(0);
    process.desk.commit(vec![Job { delivery, received, bytes: 0, reply }]);
    answer.blocking_recv().is_ok_and(|answer| answer.is_ok())
}
