//! What operators watch, as Prometheus reads it: requests, events, commits, and what waits.

use std::{sync::Arc, time::Duration};

use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry, Result,
    TextEncoder, core::Collector, exponential_buckets,
};

use super::Stopwatch;
use crate::{models::Progress, writer::Receipt};

/// Seconds, from a half of a millisecond to eight of them.
const SHORTEST: f64 = 0.0005;

/// All that is counted and measured.
pub(crate) struct Metrics {
    registry: Registry,
    stopwatch: Stopwatch,
    memory: Memory,
    requests: IntCounterVec,
    request_seconds: HistogramVec,
    accepted: IntCounter,
    duplicate: IntCounter,
    rejected: IntCounterVec,
    dropped: IntCounter,
    commit_seconds: Histogram,
    commit_events: Histogram,
    waiting_requests: IntGauge,
    waiting_bytes: IntGauge,
    outbox_pending: IntGauge,
    outbox_dead: IntGauge,
    outbox_oldest_seconds: IntGauge,
    rescoring_events: IntGauge,
    rescoring_events_read: IntGauge,
    overdue: IntGauge,
    store_bytes: IntGauge,
    resident_bytes: IntGauge,
}

/// How much memory the process takes, in bytes; `None` where the machine does not tell.
pub type Memory = Arc<dyn Fn() -> Option<u64> + Send + Sync>;

/// What is read off when somebody asks.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Reading {
    pub(crate) waiting_requests: usize,
    pub(crate) waiting_bytes: usize,
    /// Scores that are due to be computed again; unknown while the store fails.
    pub(crate) overdue: Option<u64>,
    pub(crate) store_bytes: Option<u64>,
    /// Unknown while the store fails.
    pub(crate) outbox: Option<Waiting>,
    /// How far the version is that is being made ready.
    pub(crate) rescoring: Option<Progress>,
}

/// What is to be sent.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Waiting {
    pub(crate) pending: u64,
    pub(crate) dead: u64,
    /// How long the oldest of the pending messages has waited.
    pub(crate) oldest_seconds: u64,
}

impl Metrics {
    /// Nothing counted yet.
    pub(crate) fn new(stopwatch: Stopwatch, memory: Memory) -> Result<Self> {
        let all = Registry::new();
        let counter = |name, help| keep(&all, IntCounter::new(name, help));
        let gauge = |name, help| keep(&all, IntGauge::new(name, help));
        let counters =
            |name, help, labels: &[&str]| keep(&all, IntCounterVec::new(Opts::new(name, help), labels));
        let histogram = |name, help, buckets| {
            keep(&all, Histogram::with_opts(HistogramOpts::new(name, help).buckets(buckets)))
        };
        let request_opts = HistogramOpts::new(
            "kelvin_http_request_duration_seconds",
            "From a request's head to the head of its answer",
        );
        let seconds = exponential_buckets(SHORTEST, 2.0, 15)?;
        Ok(Self {
            requests: counters(
                "kelvin_http_requests_total",
                "Requests that were answered",
                &["path", "method", "status"],
            )?,
            request_seconds: keep(&all, HistogramVec::new(request_opts.buckets(seconds.clone()), &["path"]))?,
            accepted: counter("kelvin_events_accepted_total", "Events that were new, and are on the disk")?,
            duplicate: counter("kelvin_events_duplicate_total", "Events whose `messageId` was known")?,
            rejected: counters(
                "kelvin_events_rejected_total",
                "Events and requests that could not be used and were kept, by the reason's code",
                &["code"],
            )?,
            dropped: counter(
                "kelvin_rejected_dropped_total",
                "Of what could not be used, the oldest that was dropped so that the latest is kept",
            )?,
            commit_seconds: histogram(
                "kelvin_commit_duration_seconds",
                "From the first event of a transaction to all of it on the disk, scores included",
                seconds,
            )?,
            commit_events: histogram(
                "kelvin_commit_events",
                "Events in one transaction",
                exponential_buckets(1.0, 4.0, 8)?,
            )?,
            waiting_requests: gauge("kelvin_waiting_requests", "Requests that wait to be committed")?,
            waiting_bytes: gauge("kelvin_waiting_bytes", "Bytes of events that wait to be committed")?,
            outbox_pending: gauge(
                "kelvin_outbox_pending",
                "Messages that wait to be delivered, up to 1,000",
            )?,
            outbox_dead: gauge("kelvin_outbox_dead", "Messages that were given up, up to 1,000")?,
            outbox_oldest_seconds: gauge(
                "kelvin_outbox_oldest_seconds",
                "How long the oldest message waits that is to be delivered",
            )?,
            rescoring_events: gauge(
                "kelvin_rescoring_events",
                "Events to be read for the version of a model that is being made ready",
            )?,
            rescoring_events_read: gauge("kelvin_rescoring_events_read", "Of these, those that were read")?,
            overdue: gauge(
                "kelvin_scores_overdue",
                "Scores that are due to be computed again, up to 10,000",
            )?,
            store_bytes: gauge("kelvin_store_bytes", "Room that the store takes")?,
            resident_bytes: gauge("process_resident_memory_bytes", "Memory that the process takes")?,
            registry: all.clone(),
            stopwatch,
            memory,
        })
    }

    /// How far the stopwatch has come.
    pub(crate) fn elapsed(&self) -> Duration {
        (self.stopwatch)()
    }

    /// Counts a request that took from `began` until now; returns how long that is.
    pub(crate) fn answered(&self, path: &str, method: &str, status: &str, began: Duration) -> Duration {
        let took = self.elapsed().saturating_sub(began);
        self.requests.with_label_values(&[path, method, status]).inc();
        self.request_seconds.with_label_values(&[path]).observe(took.as_secs_f64());
        took
    }

    /// Counts what became durable in one transaction.
    pub(crate) fn committed<'c>(
        &self,
        receipts: &[Receipt],
        rejected: impl Iterator<Item = &'c str>,
        began: Duration,
    ) {
        let took = self.elapsed().saturating_sub(began);
        let accepted: usize = receipts.iter().map(|receipt| receipt.accepted).sum();
        let duplicates: usize = receipts.iter().map(|receipt| receipt.duplicates).sum();
        self.accepted.inc_by(accepted as u64);
        self.duplicate.inc_by(duplicates as u64);
        rejected.for_each(|code| self.rejected.with_label_values(&[code]).inc());
        self.commit_seconds.observe(took.as_secs_f64());
        self.commit_events.observe((accepted + duplicates) as f64);
    }

    /// Counts what was dropped of what could not be used.
    pub(crate) fn dropped(&self, count: u64) {
        self.dropped.inc_by(count);
    }

    /// All of it as text.
    pub(crate) fn text(&self, reading: Reading) -> Result<String> {
        let set = |gauge: &IntGauge, value: u64| gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        set(&self.waiting_requests, reading.waiting_requests as u64);
        set(&self.waiting_bytes, reading.waiting_bytes as u64);
        let rescoring = reading.rescoring.unwrap_or(Progress { done: 0, all: 0 });
        set(&self.rescoring_events, rescoring.all);
        set(&self.rescoring_events_read, rescoring.done);
        let known = [
            (&self.outbox_pending, reading.outbox.map(|outbox| outbox.pending)),
            (&self.outbox_dead, reading.outbox.map(|outbox| outbox.dead)),
            (&self.outbox_oldest_seconds, reading.outbox.map(|outbox| outbox.oldest_seconds)),
            (&self.overdue, reading.overdue),
            (&self.store_bytes, reading.store_bytes),
            (&self.resident_bytes, (self.memory)()),
        ];
        known.into_iter().for_each(|(gauge, value)| value.into_iter().for_each(|value| set(gauge, value)));
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }
}

/// Has a metric told with all others.
fn keep<C: Collector + Clone + 'static>(all: &Registry, made: Result<C>) -> Result<C> {
    let metric = made?;
    all.register(Box::new(metric.clone()))?;
    Ok(metric)
}
