//! Where shared diagrams are kept. A body is opaque here: masked text and findings, serialised by whoever calls.
//!
//! A diagram that expired or was deleted leaves a tombstone (its id and its times), so that its link can say which;
//! its body is wiped at once. The time is given by the caller. What a database has to do for this is [`engine::Engine`].

mod engine;
mod files;
mod id;
mod postgres;
mod reserve;
mod retry;
mod sqlite;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use subtle::ConstantTimeEq as _;

use crate::metrics::METRICS;
use engine::{Answer, Engine, Row};
pub use id::{DeleteToken, Id, NotAnId};
use retry::KNOWN_FOR;
pub use retry::{Earlier, Put, Retry};

/// A shared diagram as it is kept. Times are Unix seconds.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// What its link ends with.
    pub id: Id,
    /// The SHA-256 of its delete token.
    pub token_hash: [u8; 32],
    /// When it was put.
    pub created_at: i64,
    /// The first second at which it is gone; `None` where it stays until it is deleted.
    pub expires_at: Option<i64>,
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
    /// It was there once.
    Gone(Gone),
    /// It never was.
    Unknown,
}

/// How a diagram went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// It expired at this second.
    Expired(i64),
    /// Whoever has its token deleted it.
    Deleted,
}

/// What [`Store::life`] knows of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// The diagram is there, until this second where it is to expire.
    Until(Option<i64>),
    /// It is not, or not any more.
    Gone,
}

impl Life {
    /// Whether the diagram is there at this second.
    pub fn is_there(self, now: i64) -> bool {
        matches!(self, Self::Until(end) if end.is_none_or(|end| now < end))
    }
}

/// What came of [`Store::delete`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    /// The body is wiped.
    Deleted,
    /// The token is another diagram's, or nobody's; nothing changed.
    WrongToken,
    /// It had expired or been deleted before.
    Gone(Gone),
    /// It never was.
    Unknown,
}

/// A store of shared diagrams, opened by its URL.
#[derive(Debug, Clone)]
pub struct Store {
    engine: Arc<dyn Engine>,
}

/// Why the store did not do as asked, worded for whoever runs the server.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The URL of no store.
    #[error(
        "\"{0}\" is not a store: use `sqlite:PATH`, `postgres://USER:PASSWORD@HOST/DATABASE` or `memory:`"
    )]
    UnknownUrl(String),
    /// What stands behind `sqlite:` is no path.
    #[error("{0}")]
    SqlitePath(&'static str),
    /// A `PostgreSQL` URL that cannot be read.
    #[error("the PostgreSQL URL cannot be read: {0}; it is like postgres://USER:PASSWORD@HOST:5432/DATABASE")]
    PostgresUrl(String),
    /// The folder for the database cannot be made.
    #[error("cannot make the data folder \"{}\": {cause}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The database cannot be opened or brought up to date.
    #[error("cannot open the database {name}: {cause}")]
    Open {
        /// Which one: a file in quotes, `memory:`, or a name with its user and server.
        name: String,
        /// What the database says.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The database did not do as asked.
    #[error("the database did not answer: {}", postgres::words(.0))]
    Database(#[from] sqlx::Error),
    /// The database takes too long.
    #[error("the database did not answer within {} seconds", LONGEST.as_secs())]
    Slow,
    /// The file of the database was taken away while the server runs.
    #[error("the database \"{}\" is no longer there: put it back, or start the server again", path.display())]
    Gone {
        /// Where it was.
        path: PathBuf,
    },
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

/// How long one request to the database may take.
const LONGEST: Duration = Duration::from_secs(10);

/// How often a key is tried that others come and go with at the same time.
const TRIES: u32 = 10;

/// How many diagrams are wiped at once, so that nobody waits long for a purge.
const BATCH: u32 = 500;

impl Store {
    /// Opens `sqlite:PATH` (its folder is made where it is absent), `postgres://…` or `memory:`, and brings its
    /// tables up to date.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let engine: Arc<dyn Engine> = if url == "memory:" {
            Arc::new(sqlite::Sqlite::in_memory().await?)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Arc::new(postgres::Postgres::open(url).await?)
        } else {
            let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
            let path = path.filter(|path| !path.is_empty());
            let path = path.ok_or_else(|| Error::UnknownUrl(without_password(url)))?;
            no_path(path).map_or(Ok(()), |why| Err(Error::SqlitePath(why)))?;
            Arc::new(sqlite::Sqlite::open(path.as_ref()).await?)
        };
        Ok(Self { engine })
    }

    /// Keeps a new diagram.
    pub async fn put(&self, record: Record) -> Result<(), Error> {
        within("put", self.engine.insert(&Row::pack(record, None).await?)).await?;
        Ok(())
    }

    /// Keeps a new diagram, unless the same upload came under the same key within a day and its diagram is still there.
    pub async fn put_once(&self, record: Record, retry: Retry, now: i64) -> Result<Put, Error> {
        let row = Row::pack(record, Some(retry)).await?;
        for _ in 0..TRIES {
            if within("put", self.engine.insert(&row)).await? {
                return Ok(Put::New);
            }
            // Whoever has the key may lose it meanwhile.
            let Some((id, print, created_at, expires_at)) =
                within("get", self.engine.find_retry(retry.key)).await?
            else {
                continue;
            };
            if created_at <= now - KNOWN_FOR || expires_at.is_some_and(|end| end <= now) {
                within("forget", self.engine.forget_retries(created_at, Some(retry.key))).await?;
                continue;
            }
            if print.as_deref() != Some(&retry.print[..]) {
                return Ok(Put::Other);
            }
            let id = id.parse().map_err(|_| std::io::Error::other("an id has 22 letters and digits"))?;
            return Ok(Put::Again(Earlier { id, created_at, expires_at }));
        }
        Err(Error::Slow)
    }

    /// Looks a diagram up; one that has expired by `now` is wiped.
    pub async fn get(&self, id: Id, now: i64) -> Result<Lookup, Error> {
        let Some(row) = within("get", self.engine.find(id)).await? else {
            return Ok(Lookup::Unknown);
        };
        if let Some(gone) = row.gone(now) {
            self.wipe_late(&row).await;
            return Ok(Lookup::Gone(gone));
        }
        Ok(Lookup::Found(Box::new(row.unpack().await?)))
    }

    /// Whether a diagram is there, without its body.
    pub async fn life(&self, id: Id) -> Result<Life, Error> {
        let found = within("life", self.engine.life(id)).await?;
        Ok(found.map_or(Life::Gone, |(expires_at,)| Life::Until(expires_at)))
    }

    /// Wipes a diagram if `token` is the one it was made with.
    pub async fn delete(&self, id: Id, token: &str, now: i64) -> Result<Deletion, Error> {
        let Some(row) = within("get", self.engine.find(id)).await? else {
            return Ok(Deletion::Unknown);
        };
        if let Some(gone) = row.gone(now) {
            self.wipe_late(&row).await;
            return Ok(Deletion::Gone(gone));
        }
        let hash = row.token_hash.unwrap_or_default();
        if !bool::from(id::hash(token).as_slice().ct_eq(&hash)) {
            return Ok(Deletion::WrongToken);
        }
        // Of two that delete at once, one does.
        let wiped = within("wipe", self.engine.wipe(id, true)).await?;
        Ok(if wiped { Deletion::Deleted } else { Deletion::Gone(Gone::Deleted) })
    }

    /// Wipes every diagram that has expired by `now`, and says how many; none where another server is at it.
    pub async fn purge(&self, now: i64) -> Result<u64, Error> {
        within("forget", self.engine.forget_retries(now - KNOWN_FOR, None)).await?;
        let mut wiped = 0;
        loop {
            let batch = within("purge", self.engine.wipe_expired(now, i64::from(BATCH))).await?;
            wiped += batch;
            if batch == 0 {
                return Ok(wiped);
            }
        }
    }

    /// Whether the store answers.
    pub async fn ready(&self) -> Result<(), Error> {
        within("ready", self.engine.ready()).await
    }

    /// Finishes what is being written; the store is not used after.
    pub async fn close(&self) {
        if let Err(cause) = within("close", self.engine.close()).await {
            tracing::warn!(%cause, "the store was not closed");
        }
    }

    /// Wipes what the purge has yet to meet. That it is gone is true even where this fails.
    async fn wipe_late(&self, row: &Row) {
        if row.body.is_none() {
            return;
        }
        if let Err(cause) = within("wipe", self.engine.wipe(row.id, false)).await {
            tracing::warn!(id = %row.id, %cause, "an expired diagram was not wiped; the next purge tries again");
        }
    }
}

async fn within<T>(operation: &'static str, answer: Answer<'_, T>) -> Result<T, Error> {
    let start = Instant::now();
    let done = tokio::time::timeout(LONGEST, answer).await.unwrap_or(Err(Error::Slow));
    METRICS.stored(operation, done.is_ok(), start);
    done
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

/// Why a text behind `sqlite:` is not taken for a path, though a file may have such a name: it means something elsewhere.
fn no_path(text: &str) -> Option<&'static str> {
    if text.contains(":memory:") {
        return Some(
            "a store in memory is written `memory:`, without sqlite; it is for demonstrations, as a restart forgets it",
        );
    }
    if text.contains('?') || text.starts_with("file:") {
        return Some(
            "a store in a file is written `sqlite:PATH`, with nothing but the path: no file: before it, no ? and parameters behind it",
        );
    }
    text.starts_with('~').then_some(
        "the ~ in `sqlite:~` is no home folder, as no shell sees it: write the whole path, or \"sqlite:$HOME/…\"",
    )
}

/// The URL's scheme alone where it may hold a password, well written or not.
fn without_password(url: &str) -> String {
    if !url.contains(['@', '?']) {
        return url.to_owned();
    }
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    let scheme = scheme.filter(|scheme| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    scheme.map_or_else(|| "…".to_owned(), |scheme| format!("{scheme}://…"))
}
