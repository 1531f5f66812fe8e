//! The service itself: whether it lives, what it counts, this document, the tracker.

use serde_json::json;

use super::{
    operation::{Operation, get},
    schema::{object, one_of, text},
};

pub(super) fn operations() -> Vec<Operation> {
    vec![alive(), ready(), metrics(), tracker(), document()]
}

fn alive() -> Operation {
    get("/healthz", "alive")
        .about("service", "Whether the process answers")
        .answers("It does.", object(json!({"status": one_of(&["alive"])})))
}

fn ready() -> Operation {
    get("/readyz", "ready")
        .about("service", "Whether events are taken")
        .answers("They are.", object(json!({"status": one_of(&["ready"])})))
        .or(&["not-ready", "standby"])
}

fn metrics() -> Operation {
    get("/metrics", "metrics")
        .about("service", "What those who run it watch, for Prometheus")
        .answers_as("text/plain", "The present counts.", text())
        .or(&["store-failed"])
}

fn tracker() -> Operation {
    get("/kelvin.js", "tracker")
        .about("service", "The tracker for web sites")
        .answers_as("text/javascript", "The script.", text())
        .answers_bare(304, "The browser has it.")
        .tells("ETag", text(), "The version of the script.")
}

fn document() -> Operation {
    get("/api/v1/openapi.json", "document")
        .about("service", "This document")
        .answers("The document.", json!({"type": "object"}))
}
