//! The values of one row, in the slots of each model.

use kelvin_kernel::{
    Value,
    expr::{Env, Root},
};

use crate::{
    models::{Models, project},
    read::{Column, EventChunk},
};

/// A row's properties and context.
#[derive(Debug)]
pub(super) struct RowValues {
    event: Vec<Option<Value>>,
    context: Vec<Option<Value>>,
    models: Vec<ModelValues>,
    shared: bool,
}

/// The same in the slots of one model.
#[derive(Debug, Clone, Default)]
struct ModelValues {
    event: Vec<Option<Value>>,
    context: Vec<Option<Value>>,
    event_places: Vec<usize>,
    context_places: Vec<usize>,
}

impl RowValues {
    pub(super) fn new(models: &Models<'_>) -> Self {
        let of_model = |model| {
            let places = models.places(model);
            ModelValues {
                event: vec![None; places.event.len()],
                context: vec![None; places.context.len()],
                event_places: places.event.clone(),
                context_places: places.context.clone(),
            }
        };
        let models: Vec<_> = (0..models.programs().len()).map(of_model).collect();
        Self { event: Vec::new(), context: Vec::new(), shared: models.len() == 1, models }
    }

    /// Takes over all values of a row.
    pub(super) fn read(&mut self, chunk: &EventChunk, row: usize) {
        let values = |columns: &[Column], to: &mut Vec<Option<Value>>| {
            to.clear();
            to.extend(columns.iter().map(|column| column.value(row)));
        };
        if self.shared {
            values(&chunk.properties, &mut self.models[0].event);
            values(&chunk.context, &mut self.models[0].context);
            return;
        }
        values(&chunk.properties, &mut self.event);
        values(&chunk.context, &mut self.context);
        for model in &mut self.models {
            project(&self.event, &model.event_places, &mut model.event);
            project(&self.context, &model.context_places, &mut model.context);
        }
    }

    /// Takes over a single value. What else the slots hold does not matter to whoever looks at one field only.
    pub(super) fn set(&mut self, root: Root, wanted: usize, value: Option<&Value>) {
        for model in &mut self.models {
            let (places, values) = match root {
                Root::Context => (&model.context_places, &mut model.context),
                _ => (&model.event_places, &mut model.event),
            };
            values.resize(places.len(), None);
            for (place, slot) in places.iter().zip(values) {
                if *place == wanted {
                    *slot = value.cloned();
                }
            }
        }
    }

    /// What conditions of a model may look at.
    pub(super) fn env(&self, model: usize) -> Env<'_> {
        let values = &self.models[model];
        Env { event: &values.event, context: &values.context, ..Env::default() }
    }
}
