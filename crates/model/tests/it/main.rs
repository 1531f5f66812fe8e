//! Tests of the model language as its users see it: whole files in, whole messages out.

mod conformance;
mod errors;
mod examples;
mod layout;
mod library;
mod oracle;
mod reference;
mod robust;
mod schema;
mod shared;
mod support;
