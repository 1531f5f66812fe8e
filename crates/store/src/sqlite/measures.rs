//! What operators watch of a store in SQLite.

use super::{Session, natural};
use crate::{MeasuresView, Result};

impl MeasuresView for Session<'_> {
    /// All pages, those among them that are yet to be moved from the write-ahead log.
    fn size_bytes(&self) -> Result<u64> {
        let sql = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        Ok(natural(self.sql.prepare_cached(sql)?.query_row([], |row| row.get(0))?))
    }
}
