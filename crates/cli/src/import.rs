//! Rows of files as calls of Segment's: what they would have been, had they come over HTTP.

mod layout;
pub(crate) mod outcomes;
mod row;

pub(crate) use self::{
    layout::Layout,
    row::{event_call, lead_call},
};
