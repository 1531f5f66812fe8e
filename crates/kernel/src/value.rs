//! Values of attributes, properties and expressions: the value universe of CEL.

use std::sync::Arc;

/// A CEL value.
#[derive(Debug, Clone)]
pub enum Value {
    /// `null`
    Null,
    /// `bool`
    Bool(bool),
    /// `int`
    Int(i64),
    /// `double`
    Double(f64),
    /// `string`
    String(Arc<str>),
}
