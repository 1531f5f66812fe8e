//! A partition's scores: each lead's rows folded, lead by lead in the order of their ids.

use kelvin_kernel::{
    Instant, Value,
    account::{AccountEvent, account_of},
    expr::Env,
    ledger::Ledger,
    plan::Schema,
    program::Program,
    score::{Detail, Score, Scorer},
    sighting::Sighting,
    worth::Subject,
};

use super::{
    familiar::FamiliarTexts,
    gather::{Entry, Gathered, LeadRows},
    lead_rows::read_cells,
    payload::{Payload, Values},
};
use crate::{
    accounts::{AccountAttributes, AccountCells},
    lens::{Glance, INLINE},
    models::{Models, project},
    store::{
        buckets::{Block, Blocks},
        codec::{Damaged, first_bytes},
    },
};

/// All rows of some leads.
#[derive(Debug, Default)]
pub(crate) struct Partition {
    /// By worker: event rows at which it looked.
    events: Vec<Blocks>,
    /// By worker: lead rows.
    leads: Vec<Blocks>,
    /// Positions of event rows that are duplicates, ascending.
    pub(crate) dropped: Vec<u64>,
}

/// What all partitions of a run have in common.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run<'a> {
    pub(crate) models: &'a Models<'a>,
    /// The looks of all workers, one after the other.
    pub(crate) looks: &'a [Box<[Glance]>],
    /// Where each worker's looks begin.
    pub(crate) bases: &'a [u32],
    pub(crate) accounts: &'a AccountAttributes,
    pub(crate) at: Instant,
    pub(crate) detail: Detail,
}

/// What a run finds for one lead and one model.
#[derive(Debug)]
pub(crate) struct Scored<'s> {
    /// The lead's id, as UTF-8: who needs a text checks it.
    pub(crate) lead: &'s [u8],
    pub(crate) model: usize,
    /// Absent where the model does not apply.
    pub(crate) score: Option<Score>,
    /// The lead's account and what its rules see of the lead's events, where accounts are scored.
    pub(crate) member: Option<(String, &'s [AccountEvent])>,
}

/// Scores all leads of a partition, in the order of their ids and then of the models.
pub(crate) fn score_partition<E: From<Damaged>>(
    run: Run<'_>,
    partition: &Partition,
    mut take: impl FnMut(Scored<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let gathered = Gathered::new(partition, run.bases)?;
    // Most ids differ in their first bytes, which are compared without looking at the ids.
    let mut order: Vec<(u128, usize)> =
        (0..gathered.leads.len()).map(|lead| (first_bytes(gathered.leads.get(lead)), lead)).collect();
    let id = |lead: usize| gathered.leads.get(lead);
    order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| id(a.1).cmp(id(b.1))));
    let mut fold = Fold::new(run);
    for (_, lead) in order {
        let rows = gathered.rows(lead);
        fold.lead(&rows)?;
        for model in 0..run.models.programs().len() {
            take(fold.scored(rows.id, model))?;
        }
    }
    Ok(())
}

/// What the rows of a partition's leads tell of their accounts, by model.
pub(crate) fn account_cells(run: Run<'_>, partition: &Partition) -> Result<Vec<AccountCells>, Damaged> {
    let gathered = Gathered::new(partition, run.bases)?;
    let mut fold = Fold::new(run);
    let mut found: Vec<_> = run.models.programs().iter().map(|_| AccountCells::default()).collect();
    for lead in 0..gathered.leads.len() {
        let rows = gathered.rows(lead);
        fold.lead(&rows)?;
        for cells in rows.cells {
            fold.account.fill(None);
            read_cells(cells.bytes, &mut fold.familiar, &mut fold.attributes, &mut fold.account)?;
            for (known, found) in fold.by_model.iter().zip(&mut found) {
                if let Some(account) = &known.account_id {
                    found.put(account, cells.position, &fold.account);
                }
            }
        }
    }
    Ok(found)
}

impl Partition {
    /// A partition of what each worker has read.
    pub(crate) fn new(events: Vec<Blocks>, leads: Vec<Blocks>, mut dropped: Vec<u64>) -> Self {
        dropped.sort_unstable();
        Self { events, leads, dropped }
    }

    /// The memory of its rows.
    pub(crate) fn into_pages(self) -> impl Iterator<Item = Vec<u8>> {
        self.events.into_iter().chain(self.leads).flat_map(Blocks::into_pages)
    }

    /// The blocks of event rows in the order of arrival, each with the worker that looked at them.
    pub(crate) fn events(&self) -> Result<Vec<(usize, Block<'_>)>, Damaged> {
        in_order(&self.events)
    }

    /// The blocks of lead rows in the order of the input, each with its worker.
    pub(crate) fn leads(&self) -> Result<Vec<(usize, Block<'_>)>, Damaged> {
        in_order(&self.leads)
    }
}

fn in_order(workers: &[Blocks]) -> Result<Vec<(usize, Block<'_>)>, Damaged> {
    let mut all = Vec::new();
    for (worker, blocks) in workers.iter().enumerate() {
        blocks.each(|block| {
            all.push((worker, block));
            Ok::<_, Damaged>(())
        })?;
    }
    all.sort_by_key(|(_, block)| block.first);
    Ok(all)
}

/// One lead at a time; what is allocated is used again for the next.
struct Fold<'a> {
    run: Run<'a>,
    /// Attributes of the lead and (as far as its own rows tell) of its account, by wanted slot.
    attributes: Vec<Option<Value>>,
    account: Vec<Option<Value>>,
    by_model: Vec<ByModel>,
    /// For each set of rules of leads, what they hold.
    ledgers: Vec<Ledger>,
    /// For each set of rules of accounts, what they see.
    events: Vec<Vec<AccountEvent>>,
    /// By model.
    scorers: Vec<Scorer<'a>>,
    /// Texts of attributes, by wanted slot.
    familiar: Vec<FamiliarTexts>,
    /// A ledger of no rules, for those who only look at attributes.
    nothing: Ledger,
}

/// What is known of the lead in the slots of one model.
#[derive(Default)]
struct ByModel {
    attributes: Vec<Option<Value>>,
    account: Vec<Option<Value>>,
    account_id: Option<String>,
}

impl<'a> Fold<'a> {
    fn new(run: Run<'a>) -> Self {
        let sets = run.models.sets();
        let [lead, ..] = run.models.widths();
        let by_model = |model| ByModel {
            attributes: vec![None; run.models.places(model).lead.len()],
            ..ByModel::default()
        };
        Self {
            run,
            attributes: Vec::new(),
            account: Vec::new(),
            by_model: (0..run.models.programs().len()).map(by_model).collect(),
            ledgers: sets.iter().map(|set| Ledger::new(run.models.rules(set))).collect(),
            events: sets.iter().map(|_| Vec::new()).collect(),
            scorers: run.models.programs().iter().map(Scorer::new).collect(),
            familiar: std::iter::repeat_with(FamiliarTexts::default).take(lead).collect(),
            nothing: Ledger::default(),
        }
    }

    /// Folds the rows of the next lead.
    fn lead(&mut self, rows: &LeadRows<'_, '_>) -> Result<(), Damaged> {
        let models = self.run.models;
        let [lead, account, _, _] = models.widths();
        for (values, width) in [(&mut self.attributes, lead), (&mut self.account, account)] {
            values.clear();
            values.resize(width, None);
        }
        for cells in rows.cells {
            read_cells(cells.bytes, &mut self.familiar, &mut self.attributes, &mut self.account)?;
        }
        self.ledgers.iter_mut().for_each(Ledger::clear);
        self.events.iter_mut().for_each(Vec::clear);
        let has_payload = |entry: &Entry| rows.more(entry).is_some_and(|more| !more.payload.is_empty());
        if rows.have_more() && rows.entries.iter().any(has_payload) {
            self.fold_with_payloads(rows)?;
        } else {
            self.hand_over_attributes();
            self.know_account();
            self.fold_numbered(rows);
        }
        for (set, ledger) in models.sets().iter().zip(&mut self.ledgers) {
            ledger.settle(models.rules(set), self.run.at);
        }
        Ok(())
    }

    /// The score of the lead that was folded last.
    fn scored<'s>(&'s mut self, lead: &'s [u8], model: usize) -> Scored<'s> {
        let sets = self.run.models.sets();
        let place =
            |of_accounts| sets.iter().position(|set| set.model == model && set.of_accounts == of_accounts);
        let known = &self.by_model[model];
        let subject = place(false).map(|place| Subject {
            ledger: &self.ledgers[place],
            lead: &known.attributes,
            account: &known.account,
            at: self.run.at,
        });
        let scorer = &mut self.scorers[model];
        let score = subject.and_then(|subject| scorer.score(&subject, self.run.detail));
        let member =
            place(true).and_then(|place| Some((known.account_id.clone()?, self.events[place].as_slice())));
        Scored { lead, model, score, member }
    }

    /// Folds events of which all is said by the numbers of their looks, set by set.
    fn fold_numbered(&mut self, rows: &LeadRows<'_, '_>) {
        let run = self.run;
        for (place, set) in run.models.sets().iter().enumerate().filter(|(_, set)| !set.deferred) {
            let glance = |entry: &Entry| run.looks[entry.look as usize].get(place);
            let seen = rows.entries.iter().filter_map(|entry| Some((entry, glance(entry)?)));
            if set.of_accounts {
                seen.for_each(|(entry, glance)| self.apply_to(place, rows, entry, &glance.sighting));
            } else {
                let (rules, ledger) = (run.models.rules(set), &mut self.ledgers[place]);
                seen.for_each(|(entry, glance)| {
                    ledger.apply_to(rules, &glance.touched, (entry.instant(), 0), &glance.sighting);
                });
            }
        }
    }

    /// Takes in an event as it was seen when it was read.
    fn apply<'s>(
        &mut self,
        rows: &LeadRows<'_, '_>,
        entry: &Entry,
        look: impl Iterator<Item = &'s Sighting>,
    ) {
        for (place, sighting) in look.enumerate() {
            if !self.run.models.sets()[place].deferred {
                self.apply_to(place, rows, entry, sighting);
            }
        }
    }

    fn apply_to(&mut self, place: usize, rows: &LeadRows<'_, '_>, entry: &Entry, sighting: &Sighting) {
        let set = &self.run.models.sets()[place];
        if sighting.matched().is_empty() && !set.needs_every_event {
            return;
        }
        if !set.of_accounts {
            return self.ledgers[place].apply(self.run.models.rules(set), entry.instant(), 0, sighting);
        }
        if let Some(more) = rows.more(entry) {
            let (time, id) = (entry.instant(), more.event_id());
            self.events[place].push(AccountEvent { time, id, who: 0, sighting: sighting.clone() });
        }
    }

    /// Folds events of which some write attributes or must be looked at here.
    fn fold_with_payloads(&mut self, rows: &LeadRows<'_, '_>) -> Result<(), Damaged> {
        let payload = |entry: &Entry| match rows.more(entry) {
            Some(more) if !more.payload.is_empty() => Payload::read(more.payload, self.run.models),
            _ => Ok(Payload::default()),
        };
        let payloads: Vec<Payload> = rows.entries.iter().map(payload).collect::<Result<_, _>>()?;
        // Whose account it is depends on the attributes as of the end.
        let before = self.attributes.clone();
        payloads.iter().for_each(|payload| self.write(payload));
        self.project_attributes();
        self.know_account();
        self.attributes = before;
        // The first events must not see what only later ones write.
        self.project_attributes();
        let looks = self.run.looks;
        let mut done = 0;
        // What is written at an instant holds for all events of the instant.
        for simultaneous in rows.entries.chunk_by(|a, b| a.time == b.time) {
            let payloads = &payloads[done..done + simultaneous.len()];
            done += simultaneous.len();
            payloads.iter().for_each(|payload| self.write(payload));
            if payloads.iter().any(|payload| !payload.writes.is_empty()) {
                self.project_attributes();
            }
            for (entry, payload) in simultaneous.iter().zip(payloads) {
                match &payload.look {
                    Some(look) => self.apply(rows, entry, look.0.iter()),
                    None if entry.look != INLINE => {
                        let look = looks[entry.look as usize].iter();
                        self.apply(rows, entry, look.map(|glance| &glance.sighting));
                    }
                    None => {}
                }
                if let Some(values) = &payload.values {
                    self.apply_deferred(rows, entry, values);
                }
            }
        }
        self.project_attributes();
        Ok(())
    }

    /// Lets the rules that look at the lead look at an event.
    fn apply_deferred(&mut self, rows: &LeadRows<'_, '_>, entry: &Entry, values: &Values) {
        let models = self.run.models;
        let (mut event, mut context) = (Vec::new(), Vec::new());
        for (place, set) in models.sets().iter().enumerate().filter(|(_, set)| set.deferred) {
            let places = models.places(set.model);
            project(&values.properties, &places.event, &mut event);
            project(&values.context, &places.context, &mut context);
            let known = &self.by_model[set.model];
            let env = Env {
                lead: &known.attributes,
                account: &known.account,
                event: &event,
                context: &context,
                now: None,
            };
            let name = models.name(set.model, values.name);
            let sighting = Sighting::of(models.rules(set), name, &env);
            self.apply_to(place, rows, entry, &sighting);
        }
    }

    fn write(&mut self, payload: &Payload) {
        for (slot, value) in &payload.writes {
            if let Some(attribute) = self.attributes.get_mut(*slot) {
                attribute.clone_from(value);
            }
        }
    }

    /// Finds out the lead's account, and its attributes.
    fn know_account(&mut self) {
        let run = self.run;
        if !run.models.keeps_account_attributes() {
            return;
        }
        for (model, known) in self.by_model.iter_mut().enumerate() {
            let program = &run.models.programs()[model];
            let subject =
                Subject { ledger: &self.nothing, lead: &known.attributes, account: &[], at: run.at };
            known.account_id = lead_account(program, &subject);
            let account = known.account_id.as_ref().and_then(|id| run.accounts.of(model, id));
            let attributes = account.unwrap_or(&self.account);
            project(attributes, &run.models.places(model).account, &mut known.account);
        }
    }

    /// Gives each model the attributes in its own slots, where they are not needed any more.
    fn hand_over_attributes(&mut self) {
        match self.by_model.as_mut_slice() {
            // A single model's slots are the wanted ones.
            [known] => std::mem::swap(&mut self.attributes, &mut known.attributes),
            _ => self.project_attributes(),
        }
    }

    fn project_attributes(&mut self) {
        for (model, known) in self.by_model.iter_mut().enumerate() {
            project(&self.attributes, &self.run.models.places(model).lead, &mut known.attributes);
        }
    }
}

/// The account of a lead. Where the model says nothing on accounts, its `account_id`.
pub(crate) fn lead_account(program: &Program, lead: &Subject<'_>) -> Option<String> {
    if program.plan().accounts.is_some() {
        return account_of(program, lead);
    }
    lead.lead.get(Schema::ACCOUNT_ID)?.as_ref()?.as_name()
}
