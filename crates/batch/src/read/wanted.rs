//! What one or several plans want from the inputs: the fields by slot, and the event names.

use kelvin_kernel::plan::{EventNames, Field, Fields, NameId, Plan, Schema, Usage};

/// The fields and event names that readers look for. A field that two plans use in different ways has two slots.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The fields, by root and slot.
    pub schema: Schema,
    /// The event names.
    pub names: EventNames,
}

/// Where one plan's slots and names lie in the [`Wanted`] of several.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// For each slot of the plan's `schema.lead`, the slot wanted.
    pub lead: Vec<usize>,
    /// For each slot of the plan's `schema.account`, the slot wanted.
    pub account: Vec<usize>,
    /// For each slot of the plan's `schema.event`, the slot wanted.
    pub event: Vec<usize>,
    /// For each slot of the plan's `schema.context`, the slot wanted.
    pub context: Vec<usize>,
    /// For each wanted name, the plan's.
    pub names: Vec<NameId>,
}

impl Wanted {
    /// What a single plan wants: its own slots and names.
    pub fn of(plan: &Plan) -> Self {
        Self { schema: plan.input_schema(), names: plan.names.clone() }
    }

    /// What several plans want together, and where each finds its part.
    /// `None` when they mention more event names than there is room for (65,534).
    pub fn of_all(plans: &[&Plan]) -> Option<(Self, Vec<Places>)> {
        let mut wanted = Self::default();
        let mut all = Vec::with_capacity(plans.len());
        for plan in plans {
            for name in plan.names.iter() {
                wanted.names.intern(name)?;
            }
            let schema = plan.input_schema();
            all.push(Places {
                lead: join(&mut wanted.schema.lead, &schema.lead),
                account: join(&mut wanted.schema.account, &schema.account),
                event: join(&mut wanted.schema.event, &schema.event),
                context: join(&mut wanted.schema.context, &schema.context),
                names: Vec::new(),
            });
        }
        for (places, plan) in all.iter_mut().zip(plans) {
            places.names = wanted.names.iter().map(|name| plan.names.id(name)).collect();
        }
        Some((wanted, all))
    }
}

impl Places {
    /// A single plan's own slots and names.
    pub fn of(plan: &Plan) -> Self {
        let all = |fields: &Fields| (0..fields.fields.len()).collect();
        Self {
            lead: all(&plan.schema.lead),
            account: all(&plan.schema.account),
            event: all(&plan.schema.event),
            context: all(&plan.schema.context),
            names: plan.names.iter().map(|name| plan.names.id(name)).collect(),
        }
    }

    /// The plan's id of a wanted name.
    pub fn name(&self, wanted: NameId) -> NameId {
        self.names.get(usize::from(wanted.0)).copied().unwrap_or(NameId::OTHER)
    }
}

fn join(wanted: &mut Fields, fields: &Fields) -> Vec<usize> {
    fields.fields.iter().map(|field| place(wanted, field)).collect()
}

fn place(wanted: &mut Fields, field: &Field) -> usize {
    let same = |known: &Field| known.name == field.name && reading(known.usage) == reading(field.usage);
    wanted.fields.iter().position(same).unwrap_or_else(|| {
        wanted.fields.push(field.clone());
        wanted.fields.len() - 1
    })
}

/// How text is read for a usage; two that read it alike can share a slot.
fn reading(usage: Usage) -> Usage {
    match usage {
        Usage::Unknown | Usage::Text => Usage::Text,
        Usage::Number | Usage::Bool | Usage::Time => usage,
    }
}

#[cfg(test)]
mod tests {
    use kelvin_kernel::plan::{Field, Fields, Usage};

    use super::join;

    #[test]
    fn plans_share_a_slot_where_they_read_a_field_alike() {
        let fields = |fields: &[(&str, Usage)]| Fields {
            fields: fields
                .iter()
                .map(|(name, usage)| Field { name: (*name).into(), usage: *usage })
                .collect(),
        };
        let mut wanted = Fields::default();
        let first = fields(&[("zip", Usage::Text), ("size", Usage::Number)]);
        assert_eq!(join(&mut wanted, &first), [0, 1]);
        let second = fields(&[("size", Usage::Number), ("zip", Usage::Number), ("vip", Usage::Bool)]);
        assert_eq!(join(&mut wanted, &second), [1, 2, 3]);
        let third = fields(&[("zip", Usage::Unknown), ("vip", Usage::Text)]);
        assert_eq!(join(&mut wanted, &third), [0, 4]);
    }
}
