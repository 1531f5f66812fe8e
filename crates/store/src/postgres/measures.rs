//! What operators watch of a store in PostgreSQL.

use super::{row::Columns, session::Session};
use crate::{MeasuresView, Result};

impl MeasuresView for Session<'_> {
    /// The whole database, what others keep in it among that.
    fn size_bytes(&self) -> Result<u64> {
        let sql = "SELECT pg_database_size(current_database())";
        Ok(self.row(sql, &[], |row| row.natural(0))?.unwrap_or(0))
    }
}
