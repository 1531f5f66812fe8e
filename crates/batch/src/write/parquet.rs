//! Scores as Parquet: the columns of CSV, with lists where CSV has cells of several parts.

use std::{io::Write, sync::Arc};

use arrow_array::{
    ArrayRef, DictionaryArray, Float64Array, Int32Array, Int64Array, StringArray, TimestampMillisecondArray,
    builder::{
        ArrayBuilder, Float64Builder, Int64Builder, ListBuilder, StringBuilder, StructBuilder,
        TimestampMillisecondBuilder,
    },
    types::Int32Type,
};
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use kelvin_kernel::{
    Instant,
    plan::Plan,
    score::{AccountScore, Reason, Score, Standing},
};
use parquet::{
    arrow::{
        ArrowWriter,
        arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, ArrowWriterOptions, compute_leaves},
    },
    basic::{Compression, ZstdLevel},
    errors::ParquetError,
    file::{properties::WriterProperties, writer::SerializedFileWriter},
};

use super::columns::{ACCOUNT, DimensionColumns, LEAD, REASONS, rule_ids};

/// The file being written.
pub(crate) struct ParquetFile<W: Write + Send> {
    writer: SerializedFileWriter<W>,
}

/// What makes row groups, in any thread.
#[derive(Debug)]
pub(crate) struct RowGroups {
    schema: SchemaRef,
    factory: ArrowRowGroupWriterFactory,
}

/// Starts a file of these columns.
pub(crate) fn start<W: Write + Send>(
    out: W,
    schema: SchemaRef,
) -> Result<(ParquetFile<W>, RowGroups), ParquetError> {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_created_by(concat!("kelvin ", env!("CARGO_PKG_VERSION")).to_owned());
    for field in schema.fields().iter().filter(|field| differs_in_most_rows(field)) {
        properties = properties.set_column_dictionary_enabled(field.name().as_str().into(), false);
    }
    let properties = properties.build();
    // Readers need no hint on how the columns lay in memory here.
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let writer = ArrowWriter::try_new_with_options(out, schema.clone(), options)?;
    let (writer, factory) = writer.into_serialized_writer()?;
    Ok((ParquetFile { writer }, RowGroups { schema, factory }))
}

/// Whether a dictionary of a column's values would be nearly as long as the column.
fn differs_in_most_rows(field: &Field) -> bool {
    let is_id = field.name() == LEAD[0] || field.name() == ACCOUNT[0];
    is_id || *field.data_type() == DataType::Float64
}

impl<W: Write + Send> ParquetFile<W> {
    /// Appends a row group.
    pub(crate) fn put(&mut self, columns: Vec<ArrowColumnChunk>) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for column in columns {
            column.append_to_row_group(&mut group)?;
        }
        group.close()?;
        Ok(())
    }

    /// Writes what stands at the end of the file.
    pub(crate) fn finish(self) -> Result<(), ParquetError> {
        self.writer.close().map(drop)
    }
}

impl RowGroups {
    /// Encodes the columns of a row group.
    pub(crate) fn encode(
        &self,
        place: usize,
        columns: &[ArrayRef],
    ) -> Result<Vec<ArrowColumnChunk>, ParquetError> {
        let mut writers = self.factory.create_column_writers(place)?.into_iter();
        let mut chunks = Vec::new();
        for (field, column) in self.schema.fields().iter().zip(columns) {
            for (leaf, mut writer) in compute_leaves(field, column)?.iter().zip(writers.by_ref()) {
                writer.write(leaf)?;
                chunks.push(writer.close()?);
            }
        }
        Ok(chunks)
    }
}

/// The columns of leads.
#[derive(Debug)]
pub(crate) struct LeadTable {
    models: Vec<ModelNames>,
    dimensions: DimensionColumns,
    at: Instant,
    explain: bool,
    texts: Texts,
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
    ids: StringBuilder,
    models: Vec<i32>,
    scores: Vec<f64>,
    tiers: Vec<Option<i32>>,
    grades: Vec<Option<i32>>,
    disqualified: ListBuilder<StringBuilder>,
    until: Vec<Option<i64>>,
    values: Vec<Vec<Option<f64>>>,
    sums: Vec<Vec<Option<f64>>>,
    reasons: ListBuilder<StructBuilder>,
}

impl LeadTable {
    /// The table of these models.
    pub(crate) fn new<'p>(plans: impl Iterator<Item = &'p Plan> + Clone, at: Instant, explain: bool) -> Self {
        let dimensions = DimensionColumns::new(plans.clone());
        let mut texts = Texts::default();
        texts.place(DISQUALIFIED);
        let models = plans.map(|plan| ModelNames::new(plan, &dimensions, &mut texts)).collect();
        Self { models, dimensions, at, explain, texts }
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
        fields.extend(self.dimensions.names().map(|name| number(format!("{name}_sum"))));
        if self.explain {
            fields.push(Field::new(REASONS, list(DataType::Struct(reason_fields(true))), false));
        }
        Arc::new(Schema::new(fields))
    }

    /// No rows yet.
    pub(crate) fn columns(&self) -> LeadColumns<'_> {
        let numbers = || vec![Vec::new(); self.dimensions.names().len()];
        LeadColumns {
            table: self,
            ids: StringBuilder::new(),
            models: Vec::new(),
            scores: Vec::new(),
            tiers: Vec::new(),
            grades: Vec::new(),
            disqualified: ListBuilder::new(StringBuilder::new()).with_field(item(DataType::Utf8)),
            until: Vec::new(),
            values: numbers(),
            sums: numbers(),
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

    fn column(&self, places: Vec<Option<i32>>) -> Result<ArrayRef, ParquetError> {
        let values = Arc::new(StringArray::from_iter_values(&self.0));
        Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(Int32Array::from(places), values)?))
    }
}

impl LeadColumns<'_> {
    /// Adds a row.
    pub(crate) fn push(&mut self, lead: &str, model: usize, score: &Score) {
        let names = &self.table.models[model];
        self.ids.append_value(lead);
        self.models.push(names.name);
        self.scores.push(score.score.as_points());
        self.tiers.push(match score.standing {
            Standing::None => None,
            Standing::Disqualified => Some(0),
            Standing::Tier(tier) => names.tiers.get(tier).copied(),
        });
        let grade = score.grade.unwrap_or(names.grades.len() - 1);
        self.grades.push(names.grades.get(grade).copied().flatten());
        for rule in &score.disqualified {
            self.disqualified.values().append_value(&names.rules[*rule]);
        }
        self.disqualified.append(true);
        self.until.push(score.until.map(Instant::as_millis));
        for (column, place) in names.dimensions.iter().enumerate() {
            let dimension = place.and_then(|place| score.dimensions.get(place));
            self.values[column].push(dimension.map(|dimension| dimension.value.as_points()));
            self.sums[column].push(dimension.map(|dimension| dimension.sum.as_points()));
        }
        if self.table.explain {
            for reason in &score.reasons {
                let dimension = &*names.dimension_names[reason.rule];
                push_reason(self.reasons.values(), reason, &names.rules[reason.rule], Some(dimension));
            }
            self.reasons.append(true);
        }
    }

    /// The columns, in the order of [`LeadTable::schema`].
    pub(crate) fn finish(mut self) -> Result<Vec<ArrayRef>, ParquetError> {
        let rows = self.models.len();
        let texts = &self.table.texts;
        let at = vec![self.table.at.as_millis(); rows];
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.ids.finish()),
            texts.column(self.models.into_iter().map(Some).collect())?,
            Arc::new(TimestampMillisecondArray::from(at).with_timezone_utc()),
            Arc::new(Float64Array::from(self.scores)),
            texts.column(self.tiers)?,
            texts.column(self.grades)?,
            Arc::new(self.disqualified.finish()),
            Arc::new(TimestampMillisecondArray::from(self.until).with_timezone_utc()),
        ];
        let numbers = self.values.into_iter().chain(self.sums);
        columns.extend(numbers.map(|numbers| Arc::new(Float64Array::from(numbers)) as ArrayRef));
        if self.table.explain {
            columns.push(Arc::new(self.reasons.finish()));
        }
        Ok(columns)
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
    rules: Vec<Box<str>>,
}

/// Rows of accounts being gathered into columns.
#[derive(Debug)]
pub(crate) struct AccountColumns<'t> {
    table: &'t AccountTable,
    ids: StringBuilder,
    models: Vec<Option<i32>>,
    scores: Vec<f64>,
    tiers: Vec<Option<i32>>,
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
                rules: accounts.map_or_else(Vec::new, |accounts| rule_ids(&accounts.rules)),
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
            ids: StringBuilder::new(),
            models: Vec::new(),
            scores: Vec::new(),
            tiers: Vec::new(),
            members: Vec::new(),
            reasons: reasons(false),
        }
    }
}

impl AccountColumns<'_> {
    /// Adds a row.
    pub(crate) fn push(&mut self, account: &str, model: usize, score: &AccountScore) {
        let names = &self.table.models[model];
        self.ids.append_value(account);
        self.models.push(Some(names.name));
        self.scores.push(score.score.as_points());
        self.tiers.push(score.tier.and_then(|tier| names.tiers.get(tier).copied()));
        self.members.push(score.members as i64);
        for reason in &score.reasons {
            push_reason(self.reasons.values(), reason, &names.rules[reason.rule], None);
        }
        self.reasons.append(true);
    }

    /// The columns, in the order of [`AccountTable::schema`].
    pub(crate) fn finish(mut self) -> Result<Vec<ArrayRef>, ParquetError> {
        let at = vec![self.table.at.as_millis(); self.models.len()];
        Ok(vec![
            Arc::new(self.ids.finish()),
            self.table.texts.column(self.models)?,
            Arc::new(TimestampMillisecondArray::from(at).with_timezone_utc()),
            Arc::new(Float64Array::from(self.scores)),
            self.table.texts.column(self.tiers)?,
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
