//! The store, in whichever of the places that there are.

use crate::{Change, Error, Location, Result, View, postgres, sqlite};

/// The one way to change a store.
#[derive(Debug)]
pub struct Writer(Kind<sqlite::Writer, postgres::Writer>);

/// A way to look at a store; there may be many.
#[derive(Debug)]
pub struct Reader(Kind<sqlite::Reader, postgres::Reader>);

/// What keeps a store: it makes durable what was done.
#[derive(Debug, Clone)]
pub struct Disk(Kind<sqlite::Disk, ()>);

#[derive(Debug, Clone)]
enum Kind<S, P> {
    Sqlite(S),
    Postgres(P),
}

impl Writer {
    /// Opens a store, which is made if it is not there, and brings it to the present version.
    ///
    /// # Errors
    /// What is there is no store, is one of a later version, is in use by another server, or cannot be written.
    pub fn open(location: impl Into<Location>) -> Result<Self> {
        Ok(Self(match location.into() {
            Location::File(path) => Kind::Sqlite(sqlite::Writer::open(&path)?),
            Location::Postgres(address) => Kind::Postgres(postgres::Writer::open(&address)?),
        }))
    }

    /// Has a store in a file bring together so many changes before they are put in their place. Many in order cost less
    /// than each by itself; until then they take memory.
    #[must_use]
    pub fn gathering(self, changes: usize) -> Self {
        Self(match self.0 {
            Kind::Sqlite(store) => Kind::Sqlite(store.gathering(changes)),
            Kind::Postgres(store) => Kind::Postgres(store),
        })
    }

    /// A way to look at the same store.
    ///
    /// # Errors
    /// It cannot be opened once more.
    pub fn reader(&self) -> Result<Reader> {
        Ok(Reader(match &self.0 {
            Kind::Sqlite(store) => Kind::Sqlite(store.reader()?),
            Kind::Postgres(store) => Kind::Postgres(store.reader()?),
        }))
    }

    /// Does all of some work, or, if it fails, nothing of it. When this returns, what was done is durable.
    ///
    /// # Errors
    /// Those of the work, and of the store. Where the disk fails or the connection breaks, it may be done all the same.
    pub fn change<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&mut dyn Change) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let done = self.change_ahead(work)?;
        self.disk().sync()?;
        Ok(done)
    }

    /// Does all of some work, or, if it fails, nothing of it. It can be seen when this returns, and is durable once the
    /// [disk](Self::disk) has been synced.
    ///
    /// # Errors
    /// Those of the work, and of the store.
    pub fn change_ahead<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&mut dyn Change) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        match &mut self.0 {
            Kind::Sqlite(store) => store.change_ahead(work),
            Kind::Postgres(store) => store.change(work),
        }
    }

    /// What makes changes durable that were done ahead of that, also while another is under way.
    pub fn disk(&self) -> Disk {
        Disk(match &self.0 {
            Kind::Sqlite(store) => Kind::Sqlite(store.disk()),
            Kind::Postgres(_) => Kind::Postgres(()),
        })
    }

    /// Whether this is still the one that changes the store: once a connection to a database was cut, another may be.
    ///
    /// # Errors
    /// It is not.
    pub fn check_place(&self) -> Result<()> {
        match &self.0 {
            Kind::Sqlite(_) => Ok(()),
            Kind::Postgres(store) => store.check_place(),
        }
    }

    /// Writes the store anew without what was removed from it, which is still among its bytes until then.
    ///
    /// # Errors
    /// The disk is full, or somebody looks at an old state for so long that its bytes must stay.
    pub fn scrub(&mut self) -> Result<()> {
        match &mut self.0 {
            Kind::Sqlite(store) => store.scrub(),
            Kind::Postgres(store) => store.scrub(),
        }
    }
}

impl Disk {
    /// Makes durable what was done before this was called.
    ///
    /// # Errors
    /// The disk fails. Nothing that was done since it last succeeded may be acknowledged, and all of it may be there.
    pub fn sync(&self) -> Result<()> {
        match &self.0 {
            Kind::Sqlite(disk) => disk.sync(),
            // A database has done that with each change.
            Kind::Postgres(()) => Ok(()),
        }
    }
}

impl Reader {
    /// Looks at one state of the store, whatever is written meanwhile.
    ///
    /// # Errors
    /// Those of the look, and of the store.
    pub fn look<T, E: From<Error>>(
        &mut self,
        look: impl FnOnce(&dyn View) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        match &mut self.0 {
            Kind::Sqlite(store) => store.look(look),
            Kind::Postgres(store) => store.look(look),
        }
    }
}

/// Looks at one state of a store as it is now, also while a server uses it, for as long as it takes.
///
/// # Errors
/// What is there is no store, or is one of another version; those of the look.
pub fn look_into<T, E: From<Error>>(
    location: impl Into<Location>,
    look: impl FnOnce(&dyn View) -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    match location.into() {
        Location::File(path) => sqlite::look_into(&path, look),
        Location::Postgres(address) => postgres::Reader::at(&address)?.look(look),
    }
}
