//! What people look at: tables, charts, ledgers.

pub(crate) mod accounts;
pub(crate) mod bar;
pub(crate) mod chart;
pub(crate) mod comparison;
pub(crate) mod evaluation;
pub(crate) mod grid;
pub(crate) mod html;
pub(crate) mod leads;
pub(crate) mod predictive;
pub(crate) mod simulation;
pub(crate) mod text;
pub(crate) mod thresholds;
