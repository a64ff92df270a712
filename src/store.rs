//! Where shared diagrams are kept. A body is opaque here: masked text and findings, serialised by whoever calls.
//!
//! A diagram that expired or was deleted leaves a tombstone (its id and its times), so that its link can say so;
//! its body is wiped at once. The time is given by the caller.

mod id;
mod sqlite;

use std::path::PathBuf;

pub use id::{DeleteToken, Id, NotAnId};

/// A shared diagram as it is kept. Times are Unix seconds.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// What its link ends with.
    pub id: Id,
    /// The SHA-256 of its delete token.
    pub token_hash: [u8; 32],
    /// When it was put.
    pub created_at: i64,
    /// The first second at which it is gone.
    pub expires_at: i64,
    /// The `?state=` that it was made with, where one was given.
    pub state: Option<String>,
    /// Masked text and findings, in the caller's own versioned form; kept compressed.
    pub body: Vec<u8>,
}

/// What [`Store::get`] knows of an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// The diagram is there.
    Found(Box<Record>),
    /// It was there once: it expired or was deleted.
    Gone,
    /// It never was.
    Unknown,
}

/// What came of [`Store::delete`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    /// The body is wiped.
    Deleted,
    /// The token is another diagram's, or nobody's; nothing changed.
    WrongToken,
    /// It had expired or been deleted before.
    Gone,
    /// It never was.
    Unknown,
}

/// A store of shared diagrams, opened by its URL.
#[derive(Debug, Clone)]
pub enum Store {
    /// One `SQLite` database, in a file or in memory.
    Sqlite(sqlite::Sqlite),
}

/// Why the store did not do as asked, worded for whoever runs the server.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A `PostgreSQL` URL.
    #[error("this build does not speak PostgreSQL yet: use `sqlite:PATH` or `memory:` as the store")]
    Postgres,
    /// Any other URL.
    #[error("\"{0}\" is not a store: use `sqlite:PATH` or `memory:`")]
    UnknownUrl(String),
    /// The folder for the database cannot be made.
    #[error("cannot make the data folder \"{}\": {cause}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The database cannot be opened or brought up to date.
    #[error("cannot open the database \"{name}\": {cause}")]
    Open {
        /// The file, or `memory:`.
        name: String,
        /// What the database says.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The database did not do as asked.
    #[error("the database did not answer: {0}")]
    Database(#[from] sqlx::Error),
    /// A body cannot be packed or unpacked.
    #[error("a stored diagram cannot be read: {0}")]
    Body(#[from] std::io::Error),
    /// A body was kept by another version of Podwire.
    #[error("a stored diagram has format {0}, which this version does not know")]
    Format(i64),
    /// The system gives no random bytes.
    #[error("the system gives no random bytes: {0}")]
    Random(#[from] getrandom::Error),
}

impl Store {
    /// Opens `sqlite:PATH` (its folder and tables are made where they are absent) or `memory:`.
    pub async fn open(url: &str) -> Result<Self, Error> {
        if url == "memory:" {
            return Ok(Self::Sqlite(sqlite::Sqlite::in_memory().await?));
        }
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return Err(Error::Postgres);
        }
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
        match path.filter(|path| !path.is_empty()) {
            Some(path) => Ok(Self::Sqlite(sqlite::Sqlite::open(path.as_ref()).await?)),
            None => Err(Error::UnknownUrl(without_password(url))),
        }
    }

    /// Keeps a new diagram.
    pub async fn put(&self, record: Record) -> Result<(), Error> {
        match self {
            Self::Sqlite(store) => store.put(record).await,
        }
    }

    /// Looks a diagram up; one that has expired by `now` is wiped.
    pub async fn get(&self, id: Id, now: i64) -> Result<Lookup, Error> {
        match self {
            Self::Sqlite(store) => store.get(id, now).await,
        }
    }

    /// Wipes a diagram if `token` is the one it was made with.
    pub async fn delete(&self, id: Id, token: &str, now: i64) -> Result<Deletion, Error> {
        match self {
            Self::Sqlite(store) => store.delete(id, token, now).await,
        }
    }

    /// Wipes every diagram that has expired by `now`, and says how many.
    pub async fn purge(&self, now: i64) -> Result<u64, Error> {
        match self {
            Self::Sqlite(store) => store.purge(now).await,
        }
    }

    /// Whether the store answers.
    pub async fn ready(&self) -> Result<(), Error> {
        match self {
            Self::Sqlite(store) => store.ready().await,
        }
    }

    /// Finishes what is being written; the store is not used after.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(store) => store.close().await,
        }
    }
}

impl std::fmt::Debug for Record {
    /// Without the body, which is somebody's manifests.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Record")
            .field("id", &self.id)
            .field("created_at", &self.created_at)
            .field("expires_at", &self.expires_at)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The URL's scheme alone where it may hold a password.
fn without_password(url: &str) -> String {
    match url.split_once("://") {
        Some((scheme, rest)) if rest.contains('@') => format!("{scheme}://…"),
        _ => url.to_owned(),
    }
}
