//! Tests of the model language as its users see it: whole files in, whole messages out.

mod conformance;
mod errors;
mod schema;
mod shared;
mod support;
