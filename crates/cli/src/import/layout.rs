//! What is read of each row: all of it, as the models read it.

use kelvin_batch::read::{Entry, Kind, Mapping, Wanted};
use kelvin_kernel::plan::{Field, Fields, Plan, Usage};

use crate::failure::{Failure, Outcome};

/// What readers look for, and where it lies in their chunks.
pub(crate) struct Layout {
    pub(crate) wanted: Wanted,
    pub(crate) mapping: Mapping,
}

/// Columns that make a row a call of Segment's, or the parts of one. Each is looked for under its name after [`MARK`], so that it is
/// not mistaken for a property.
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

/// What no column's name begins with.
const MARK: char = '\u{1}';

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
            let mapped = mapping.column(Kind::Events, column).unwrap_or(column).to_owned();
            let field = format!("{MARK}{column}");
            schema.event.fields.push(Field { name: field.as_str().into(), usage: Usage::Unknown });
            mapping.asides.push(Entry { kind: Some(Kind::Events), field, column: mapped });
        }
        Ok(Self { wanted, mapping })
    }

    /// Where a column lies that makes a row a call.
    pub(crate) fn aside(&self, column: &str) -> Option<usize> {
        let fields = &self.wanted.schema.event.fields;
        fields.iter().position(|field| field.name.strip_prefix(MARK) == Some(column))
    }
}

/// Whether a field is none of the row's own.
pub(super) fn is_aside(field: &Field) -> bool {
    field.name.starts_with(MARK)
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
