//! Scores as Parquet: the columns of CSV, with lists where CSV has cells of several parts.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, DictionaryArray, Float64Array, Int32Array, Int64Array, StringArray, TimestampMillisecondArray,
    builder::{
        ArrayBuilder, Float64Builder, Int32Builder, Int64Builder, ListBuilder, StringBuilder, StructBuilder,
        TimestampMillisecondBuilder,
    },
    types::Int32Type,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use kelvin_kernel::{
    Instant, Micropoints,
    plan::Plan,
    score::{AccountScore, Reason, Score, Standing},
};
use parquet::errors::ParquetError;

use super::columns::{
    ACCOUNT, DimensionColumns, LEAD, REASONS, ReasonNames, Shown, in_parquet, reason_names, rule_ids,
};

/// The columns of leads.
#[derive(Debug)]
pub(crate) struct LeadTable {
    models: Vec<ModelNames>,
    dimensions: DimensionColumns,
    at: Instant,
    explain: bool,
    texts: Texts,
    /// Which of all columns are written, in their order.
    shown: Vec<usize>,
}

/// What one model calls things; texts are places in [`Texts`].
#[derive(Debug)]
struct ModelNames {
    name: i32,
    tiers: Vec<i32>,
    /// The last is `F`, or none where the model has no grades.
    grades: Vec<Option<i32>>,
    /// By column.
    dimensions: Vec<Option<usize>>,
    rules: Vec<Box<str>>,
    /// Of reasons.
    reasons: ReasonNames<Box<str>>,
    /// By rule.
    dimension_names: Vec<Box<str>>,
}

/// Texts that occur in many rows.
#[derive(Debug, Default)]
struct Texts(Vec<String>);

const DISQUALIFIED: &str = "disqualified";

/// Rows of leads being gathered into columns.
#[derive(Debug)]
pub(crate) struct LeadColumns<'t> {
    table: &'t LeadTable,
    ids: Ids,
    models: Vec<i32>,
    scores: Vec<f64>,
    tiers: Int32Builder,
    grades: Int32Builder,
    disqualified: ListBuilder<StringBuilder>,
    until: TimestampMillisecondBuilder,
    values: Vec<Points>,
    sums: Vec<Points>,
    reasons: ListBuilder<StructBuilder>,
}

impl LeadTable {
    /// The table of these models.
    pub(crate) fn new<'p>(plans: impl Iterator<Item = &'p Plan> + Clone, at: Instant, shown: &Shown) -> Self {
        let all = in_parquet(plans.clone(), shown.explain);
        let place = |name: &String| all.iter().position(|known| known == name);
        let places = shown.of(all.clone()).iter().filter_map(place).collect();
        let dimensions = DimensionColumns::new(plans.clone());
        let mut texts = Texts::default();
        texts.place(DISQUALIFIED);
        let models = plans.map(|plan| ModelNames::new(plan, &dimensions, &mut texts)).collect();
        Self { models, dimensions, at, explain: shown.explain, texts, shown: places }
    }

    /// Names and types of the columns.
    pub(crate) fn schema(&self) -> SchemaRef {
        let text = |name: &str, optional| Field::new(name, dictionary(), optional);
        let [id, model, as_of, score, tier, grade, disqualified, until] = LEAD;
        let mut fields = vec![
            Field::new(id, DataType::Utf8, false),
            text(model, false),
            Field::new(as_of, timestamp(), false),
            Field::new(score, DataType::Float64, false),
            text(tier, true),
            text(grade, true),
            Field::new(disqualified, list(DataType::Utf8), false),
            Field::new(until, timestamp(), true),
        ];
        let number = |name: String| Field::new(name, DataType::Float64, true);
        fields.extend(self.dimensions.names().map(|name| number(name.to_owned())));
        fields.extend(self.dimensions.sums().map(number));
        if self.explain {
            fields.push(Field::new(REASONS, list(DataType::Struct(reason_fields(true))), false));
        }
        Arc::new(Schema::new(self.shown(&fields)))
    }

    /// Of all columns those that are written.
    fn shown<T: Clone>(&self, all: &[T]) -> Vec<T> {
        self.shown.iter().filter_map(|place| all.get(*place)).cloned().collect()
    }

    /// No rows yet.
    pub(crate) fn columns(&self) -> LeadColumns<'_> {
        let points = || self.dimensions.names().map(|_| Points::default()).collect();
        LeadColumns {
            table: self,
            ids: Ids::default(),
            models: Vec::new(),
            scores: Vec::new(),
            tiers: Int32Builder::new(),
            grades: Int32Builder::new(),
            disqualified: ListBuilder::new(StringBuilder::new()).with_field(item(DataType::Utf8)),
            until: TimestampMillisecondBuilder::new(),
            values: points(),
            sums: points(),
            reasons: reasons(true),
        }
    }
}

impl ModelNames {
    fn new(plan: &Plan, columns: &DimensionColumns, texts: &mut Texts) -> Self {
        let letters = plan.grades.iter().flat_map(|grades| &grades.bounds);
        let mut grades: Vec<_> = letters.map(|(letter, _)| Some(texts.place(letter))).collect();
        grades.push(plan.grades.as_ref().map(|_| texts.place("F")));
        let dimension =
            |dimension: usize| plan.dimensions.get(dimension).map_or("", |known| &known.id).into();
        Self {
            name: texts.place(&plan.model),
            tiers: plan.tiers.iter().map(|tier| texts.place(&tier.name)).collect(),
            grades,
            dimensions: columns.places(plan),
            rules: rule_ids(&plan.rules),
            reasons: reason_names(&plan.rules),
            dimension_names: plan.rules.rules.iter().map(|rule| dimension(rule.dimension)).collect(),
        }
    }
}

impl Texts {
    fn place(&mut self, text: &str) -> i32 {
        let known = self.0.iter().position(|known| known == text);
        known.unwrap_or_else(|| {
            self.0.push(text.to_owned());
            self.0.len() - 1
        }) as i32
    }

    fn column(&self, places: Int32Array) -> Result<ArrayRef, ParquetError> {
        let values = Arc::new(StringArray::from_iter_values(&self.0));
        Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(places, values)?))
    }
}

/// Ids, one after the other; whether they are text is checked once for all.
#[derive(Debug)]
struct Ids {
    bytes: Vec<u8>,
    /// Where each begins, and where the last one ends.
    offsets: Vec<i32>,
}

impl Default for Ids {
    fn default() -> Self {
        Self { bytes: Vec::new(), offsets: vec![0] }
    }
}

impl Ids {
    fn push(&mut self, id: &[u8]) -> Result<(), ParquetError> {
        self.bytes.extend_from_slice(id);
        let end = i32::try_from(self.bytes.len());
        self.offsets.push(end.map_err(|_| ArrowError::OffsetOverflowError(self.bytes.len()))?);
        Ok(())
    }

    fn finish(self) -> Result<StringArray, ParquetError> {
        let offsets = OffsetBuffer::new(self.offsets.into());
        Ok(StringArray::try_new(offsets, self.bytes.into(), None)?)
    }
}

/// Points of a dimension that the models of few rows lack.
#[derive(Debug, Default)]
struct Points {
    values: Vec<f64>,
    /// The rows that have none.
    absent: Vec<usize>,
}

impl Points {
    fn push(&mut self, points: Option<Micropoints>) {
        if points.is_none() {
            self.absent.push(self.values.len());
        }
        self.values.push(points.map_or(0.0, Micropoints::as_points));
    }

    fn finish(self) -> Float64Array {
        let present = (!self.absent.is_empty()).then(|| {
            let mut present = vec![true; self.values.len()];
            self.absent.iter().for_each(|row| present[*row] = false);
            NullBuffer::from(present)
        });
        Float64Array::new(self.values.into(), present)
    }
}

impl LeadColumns<'_> {
    /// Adds a row.
    pub(crate) fn push(&mut self, lead: &[u8], model: usize, score: &Score) -> Result<(), ParquetError> {
        let names = &self.table.models[model];
        self.ids.push(lead)?;
        self.models.push(names.name);
        self.scores.push(score.score.as_points());
        self.tiers.append_option(match score.standing {
            Standing::None => None,
            Standing::Disqualified => Some(0),
            Standing::Tier(tier) => names.tiers.get(tier).copied(),
        });
        let grade = score.grade.unwrap_or(names.grades.len() - 1);
        self.grades.append_option(names.grades.get(grade).copied().flatten());
        for rule in &score.disqualified {
            self.disqualified.values().append_value(&names.rules[*rule]);
        }
        self.disqualified.append(true);
        self.until.append_option(score.until.map(Instant::as_millis));
        for (place, (value, sum)) in names.dimensions.iter().zip(self.values.iter_mut().zip(&mut self.sums)) {
            let dimension = place.and_then(|place| score.dimensions.get(place));
            value.push(dimension.map(|dimension| dimension.value));
            sum.push(dimension.map(|dimension| dimension.sum));
        }
        if self.table.explain {
            for reason in &score.reasons {
                let dimension = &*names.dimension_names[reason.rule];
                push_reason(self.reasons.values(), reason, names.reasons.of(reason), Some(dimension));
            }
            self.reasons.append(true);
        }
        Ok(())
    }

    /// The columns, in the order of [`LeadTable::schema`].
    pub(crate) fn finish(mut self) -> Result<Vec<ArrayRef>, ParquetError> {
        let rows = self.models.len();
        let texts = &self.table.texts;
        let at = vec![self.table.at.as_millis(); rows];
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.ids.finish()?),
            texts.column(self.models.into())?,
            Arc::new(TimestampMillisecondArray::from(at).with_timezone_utc()),
            Arc::new(Float64Array::from(self.scores)),
            texts.column(self.tiers.finish())?,
            texts.column(self.grades.finish())?,
            Arc::new(self.disqualified.finish()),
            Arc::new(self.until.finish().with_timezone_utc()),
        ];
        let points = self.values.into_iter().chain(self.sums);
        columns.extend(points.map(|points| Arc::new(points.finish()) as ArrayRef));
        if self.table.explain {
            columns.push(Arc::new(self.reasons.finish()));
        }
        Ok(self.table.shown(&columns))
    }
}

/// The columns of accounts.
#[derive(Debug)]
pub(crate) struct AccountTable {
    models: Vec<AccountNames>,
    at: Instant,
    texts: Texts,
}

#[derive(Debug)]
struct AccountNames {
    name: i32,
    tiers: Vec<i32>,
    reasons: ReasonNames<Box<str>>,
}

/// Rows of accounts being gathered into columns.
#[derive(Debug)]
pub(crate) struct AccountColumns<'t> {
    table: &'t AccountTable,
    ids: Ids,
    models: Vec<i32>,
    scores: Vec<f64>,
    tiers: Int32Builder,
    members: Vec<i64>,
    reasons: ListBuilder<StructBuilder>,
}

impl AccountTable {
    /// The table of these models.
    pub(crate) fn new<'p>(plans: impl Iterator<Item = &'p Plan>, at: Instant) -> Self {
        let mut texts = Texts::default();
        let names = |plan: &Plan| {
            let accounts = plan.accounts.as_ref();
            let tiers = accounts.iter().flat_map(|accounts| &accounts.tiers);
            AccountNames {
                name: texts.place(&plan.model),
                tiers: tiers.map(|tier| texts.place(&tier.name)).collect(),
                reasons: accounts.map_or_else(ReasonNames::default, |accounts| reason_names(&accounts.rules)),
            }
        };
        let models = plans.map(names).collect();
        Self { models, at, texts }
    }

    /// Names and types of the columns.
    pub(crate) fn schema(&self) -> SchemaRef {
        let [id, model, as_of, score, tier, members, reasons] = ACCOUNT;
        Arc::new(Schema::new(vec![
            Field::new(id, DataType::Utf8, false),
            Field::new(model, dictionary(), false),
            Field::new(as_of, timestamp(), false),
            Field::new(score, DataType::Float64, false),
            Field::new(tier, dictionary(), true),
            Field::new(members, DataType::Int64, false),
            Field::new(reasons, list(DataType::Struct(reason_fields(false))), false),
        ]))
    }

    /// No rows yet.
    pub(crate) fn columns(&self) -> AccountColumns<'_> {
        AccountColumns {
            table: self,
            ids: Ids::default(),
            models: Vec::new(),
            scores: Vec::new(),
            tiers: Int32Builder::new(),
            members: Vec::new(),
            reasons: reasons(false),
        }
    }
}

impl AccountColumns<'_> {
    /// Adds a row.
    pub(crate) fn push(
        &mut self,
        account: &[u8],
        model: usize,
        score: &AccountScore,
    ) -> Result<(), ParquetError> {
        let names = &self.table.models[model];
        self.ids.push(account)?;
        self.models.push(names.name);
        self.scores.push(score.score.as_points());
        self.tiers.append_option(score.tier.and_then(|tier| names.tiers.get(tier).copied()));
        self.members.push(score.members as i64);
        for reason in &score.reasons {
            push_reason(self.reasons.values(), reason, names.reasons.of(reason), None);
        }
        self.reasons.append(true);
        Ok(())
    }

    /// The columns, in the order of [`AccountTable::schema`].
    pub(crate) fn finish(mut self) -> Result<Vec<ArrayRef>, ParquetError> {
        let at = vec![self.table.at.as_millis(); self.models.len()];
        Ok(vec![
            Arc::new(self.ids.finish()?),
            self.table.texts.column(self.models.into())?,
            Arc::new(TimestampMillisecondArray::from(at).with_timezone_utc()),
            Arc::new(Float64Array::from(self.scores)),
            self.table.texts.column(self.tiers.finish())?,
            Arc::new(Int64Array::from(self.members)),
            Arc::new(self.reasons.finish()),
        ])
    }
}

fn timestamp() -> DataType {
    DataType::Timestamp(TimeUnit::Millisecond, Some("+00:00".into()))
}

fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

fn item(kind: DataType) -> Field {
    Field::new("item", kind, false)
}

fn list(kind: DataType) -> DataType {
    DataType::List(Arc::new(item(kind)))
}

/// The parts of a reason; those of leads tell the dimension.
fn reason_fields(of_leads: bool) -> Fields {
    let mut fields = vec![Field::new("rule", DataType::Utf8, false)];
    if of_leads {
        fields.push(Field::new("dimension", DataType::Utf8, false));
    }
    fields.push(Field::new("points", DataType::Float64, false));
    fields.push(Field::new("awards", DataType::Int64, false));
    fields.push(Field::new("last", timestamp(), true));
    fields.into()
}

fn reasons(of_leads: bool) -> ListBuilder<StructBuilder> {
    let fields = reason_fields(of_leads);
    let mut builders: Vec<Box<dyn ArrayBuilder>> = vec![Box::new(StringBuilder::new())];
    if of_leads {
        builders.push(Box::new(StringBuilder::new()));
    }
    builders.push(Box::new(Float64Builder::new()));
    builders.push(Box::new(Int64Builder::new()));
    builders.push(Box::new(TimestampMillisecondBuilder::new().with_data_type(timestamp())));
    ListBuilder::new(StructBuilder::new(fields.clone(), builders)).with_field(item(DataType::Struct(fields)))
}

fn push_reason(to: &mut StructBuilder, reason: &Reason, rule: &str, dimension: Option<&str>) {
    let mut place = 0;
    let mut next = || {
        place += 1;
        place - 1
    };
    // Each builder is of the kind that `reasons` made; one that were not would stay empty and fail the writer.
    for text in [Some(rule), dimension].into_iter().flatten() {
        if let Some(texts) = to.field_builder::<StringBuilder>(next()) {
            texts.append_value(text);
        }
    }
    if let Some(points) = to.field_builder::<Float64Builder>(next()) {
        points.append_value(reason.points.as_points());
    }
    if let Some(awards) = to.field_builder::<Int64Builder>(next()) {
        awards.append_value(reason.awards as i64);
    }
    if let Some(last) = to.field_builder::<TimestampMillisecondBuilder>(next()) {
        last.append_option(reason.last.map(Instant::as_millis));
    }
    to.append(true);
}
