//! What is read of each row: all of it, as the models read it.

use kelvin_batch::read::{LeadChunk, Mapping, Wanted};
use kelvin_kernel::{
    Instant, Value,
    account::account_of,
    ledger::Ledger,
    plan::{Field, Fields, Plan, Usage},
    program::Program,
    worth::Subject,
};

use crate::{
    failure::{Failure, Outcome},
    inputs::{aside, want_aside},
};

/// What readers look for, and where it lies in their chunks.
pub(crate) struct Layout {
    pub(crate) wanted: Wanted,
    pub(crate) mapping: Mapping,
    /// The models that score accounts: they find the account of a row that names none.
    programs: Vec<Program>,
}

/// Columns that make a row a call of Segment's, or the parts of one.
const ASIDES: [&str; 10] = [
    "type",
    "event",
    "lead_id",
    "userId",
    "anonymousId",
    "previousId",
    "groupId",
    "traits",
    "name",
    "category",
];

impl Layout {
    /// All of each row: what the models read as they read it, the rest as it stands.
    pub(crate) fn new(plans: &[&Plan], mut mapping: Mapping) -> Outcome<Self> {
        let all = Wanted::of_all(plans);
        let (mut wanted, _) = all.ok_or_else(|| Failure::new("the models mention too many events"))?;
        let schema = &mut wanted.schema;
        for fields in [&mut schema.lead, &mut schema.account, &mut schema.event, &mut schema.context] {
            *fields = whole_and_typed(fields);
        }
        for column in ASIDES {
            want_aside(&mut schema.event, &mut mapping, column);
        }
        let programs = plans.iter().filter(|plan| plan.accounts.is_some());
        let programs = programs.map(|plan| Program::new((*plan).clone())).collect();
        Ok(Self { wanted, mapping, programs })
    }

    /// The account of a row of leads by the first model that gives it one, as `kelvin score` finds it.
    pub(crate) fn account(&self, chunk: &LeadChunk, row: usize, at: Instant) -> Option<String> {
        let nothing = Ledger::default();
        self.programs.iter().find_map(|program| {
            let lead = self.lead(program.plan(), chunk, row);
            account_of(program, &Subject { ledger: &nothing, lead: &lead, account: &[], at })
        })
    }

    /// A row's attributes in a model's slots.
    fn lead(&self, plan: &Plan, chunk: &LeadChunk, row: usize) -> Vec<Option<Value>> {
        let columns = || self.wanted.schema.lead.fields.iter().zip(&chunk.attributes);
        let named = |name: &str| columns().find(|(field, _)| *field.name == *name)?.1.value(row);
        let whole = named(Field::WHOLE);
        let in_whole = |name: &str| match &whole {
            Some(Value::Map(map)) => map.get(name).cloned(),
            _ => None,
        };
        let fields = plan.schema.lead.fields.iter();
        fields.map(|field| named(&field.name).or_else(|| in_whole(&field.name))).collect()
    }

    /// Where a column lies that makes a row a call.
    pub(crate) fn aside(&self, column: &str) -> Option<usize> {
        let fields = &self.wanted.schema.event.fields;
        fields.iter().position(|field| aside(field) == Some(column))
    }
}

/// The whole first, then the fields that are not text to the models that read them.
fn whole_and_typed(fields: &Fields) -> Fields {
    let is_typed = |usage| matches!(usage, Usage::Number | Usage::Bool | Usage::Time);
    let is_alone =
        |field: &&Field| fields.fields.iter().filter(|other| other.name == field.name).count() == 1;
    let typed = fields.fields.iter().filter(|field| is_typed(field.usage)).filter(is_alone).cloned();
    let whole = Field { name: Field::WHOLE.into(), usage: Usage::Unknown };
    Fields { fields: [whole].into_iter().chain(typed).collect() }
}
