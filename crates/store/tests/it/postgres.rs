//! The PostgreSQL store: the contract, and what is its own.

mod broken;
mod own;
mod tls;

use kelvin_store::{Change, Reader, Result, View, Writer};

use crate::{
    cluster::{Cluster, Database, cluster},
    contract::Store,
};

struct Postgres {
    writer: Writer,
    reader: Reader,
}

impl Store for Postgres {
    fn change<T>(&mut self, work: impl FnOnce(&mut dyn Change) -> Result<T>) -> Result<T> {
        self.writer.change(work)
    }

    fn look<T>(&mut self, look: impl FnOnce(&dyn View) -> Result<T>) -> T {
        self.reader.look(look).unwrap()
    }
}

impl Postgres {
    fn open(database: &Database) -> Result<Self> {
        let writer = Writer::open(database.location())?;
        Ok(Self { reader: writer.reader()?, writer })
    }
}

fn fresh() -> Postgres {
    Postgres::open(&cluster().database()).unwrap()
}

// One test, so that one PostgreSQL serves for all cases also where each test is a process.
#[test]
fn the_contract_holds() {
    crate::contract::cases!(one_by_one: fresh());
}
