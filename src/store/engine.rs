//! What a database does for the store: rows in, rows out.

use std::fmt;
use std::pin::Pin;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

use super::{Error, Gone, Id, Record, Retry};

/// One database that keeps rows. What the rows mean is [`super::Store`]'s, and the same for all of them.
pub(super) trait Engine: fmt::Debug + Send + Sync {
    /// Keeps a new row, unless its retry key is there already; whether it did. An id that is there already is an error.
    fn insert<'a>(&'a self, row: &'a Row) -> Answer<'a, bool>;

    /// The row of an id.
    fn find(&self, id: Id) -> Answer<'_, Option<Row>>;

    /// When the row of an id expires, unless there is none or a tombstone.
    fn life(&self, id: Id) -> Answer<'_, Option<(Option<i64>,)>>;

    /// Leaves a tombstone of a row, of one that was deleted without an expiry; whether it was none before.
    fn wipe(&self, id: Id, deleted: bool) -> Answer<'_, bool>;

    /// Leaves tombstones of at most so many rows that have expired by `now`, and says of how many.
    /// Where another server is at it, of none.
    fn wipe_expired(&self, now: i64, most: i64) -> Answer<'_, u64>;

    /// The row that has a retry key.
    fn find_retry(&self, key: [u8; 32]) -> Answer<'_, Option<Retried>>;

    /// Forgets the retry keys of rows made by `before`: all of them, or one.
    fn forget_retries(&self, before: i64, key: Option<[u8; 32]>) -> Answer<'_, ()>;

    /// Whether rows can be read.
    fn ready(&self) -> Answer<'_, ()>;

    /// Finishes what is being written; the engine is not used after.
    fn close(&self) -> Answer<'_, ()>;
}

/// What an engine promises.
pub(super) type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// One diagram as the table has it.
pub(super) struct Row {
    pub id: Id,
    pub token_hash: Option<Vec<u8>>,
    pub created_at: i64,
    /// `None` for ever.
    pub expires_at: Option<i64>,
    pub state: Option<String>,
    pub format: i64,
    /// Packed as `format` says; `None` of a tombstone.
    pub body: Option<Vec<u8>>,
    /// Only ever written.
    pub retry: Option<Retry>,
}

/// What is known of the row of a retry key: its id, the print, when it was made and when it expires.
pub(super) type Retried = (String, Option<Vec<u8>>, i64, Option<i64>);

/// The columns that [`SELECT`] asks for.
pub(super) type Columns = (Option<Vec<u8>>, i64, Option<i64>, Option<String>, i64, Option<Vec<u8>>);

// Both databases number what is bound with `$`.
pub(super) const INSERT: &str =
    "INSERT INTO diagrams (id, token_hash, created_at, expires_at, state, format, body, retry_key, retry_print)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (retry_key) WHERE retry_key IS NOT NULL DO NOTHING";
pub(super) const SELECT: &str =
    "SELECT token_hash, created_at, expires_at, state, format, body FROM diagrams WHERE id = $1";
pub(super) const LIFE: &str = "SELECT expires_at FROM diagrams WHERE id = $1 AND body IS NOT NULL";
pub(super) const WIPE: &str = "UPDATE diagrams SET body = NULL, token_hash = NULL, state = NULL,
         retry_key = NULL, retry_print = NULL, expires_at = CASE WHEN $2 THEN NULL ELSE expires_at END
     WHERE id = $1 AND body IS NOT NULL";
pub(super) const WIPE_EXPIRED: &str = "UPDATE diagrams SET body = NULL, token_hash = NULL, state = NULL,
         retry_key = NULL, retry_print = NULL
     WHERE id IN (SELECT id FROM diagrams WHERE expires_at <= $1 AND body IS NOT NULL
                  ORDER BY expires_at LIMIT $2)";
pub(super) const FIND_RETRY: &str =
    "SELECT id, retry_print, created_at, expires_at FROM diagrams WHERE retry_key = $1";
pub(super) const FORGET_RETRIES: &str = "UPDATE diagrams SET retry_key = NULL, retry_print = NULL
     WHERE retry_key IS NOT NULL AND created_at <= $1";
pub(super) const FORGET_RETRY: &str = "UPDATE diagrams SET retry_key = NULL, retry_print = NULL
     WHERE retry_key = $2 AND created_at <= $1";
pub(super) const READY: &str = "SELECT count(*) FROM diagrams WHERE id = ''";

/// How a body is packed: zstd.
const FORMAT: i64 = 1;

/// Manifests repeat themselves: higher levels take far longer for a few bytes less.
const LEVEL: i32 = 6;

impl Row {
    pub(super) fn read(id: Id, columns: Columns) -> Self {
        let (token_hash, created_at, expires_at, state, format, body) = columns;
        Self { id, token_hash, created_at, expires_at, state, format, body, retry: None }
    }

    /// How it went, where there is nothing to see any more.
    pub(super) fn gone(&self, now: i64) -> Option<Gone> {
        match (self.expires_at, &self.body) {
            // What a tombstone says is true, though the clock of whoever left it may be ahead of ours.
            (Some(end), None) => Some(Gone::Expired(end)),
            (None, None) => Some(Gone::Deleted),
            (Some(end), Some(_)) if end <= now => Some(Gone::Expired(end)),
            (_, Some(_)) => None,
        }
    }

    /// The row of a record.
    pub(super) async fn pack(record: Record, retry: Option<Retry>) -> Result<Self, Error> {
        let Record { id, token_hash, created_at, expires_at, state, body } = record;
        let body = blocking(move || zstd::encode_all(body.as_slice(), LEVEL)).await?;
        let token_hash = Some(token_hash.to_vec());
        Ok(Self { id, token_hash, created_at, expires_at, state, format: FORMAT, body: Some(body), retry })
    }

    /// The record of a row that is no tombstone.
    pub(super) async fn unpack(self) -> Result<Record, Error> {
        if self.format != FORMAT {
            return Err(Error::Format(self.format));
        }
        let token_hash = self.token_hash.unwrap_or_default().try_into();
        let body = self.body.unwrap_or_default();
        Ok(Record {
            id: self.id,
            token_hash: token_hash.map_err(|_| std::io::Error::other("a token's hash has 32 bytes"))?,
            created_at: self.created_at,
            expires_at: self.expires_at,
            state: self.state,
            body: blocking(move || zstd::decode_all(body.as_slice())).await?,
        })
    }
}

/// What brings the tables of a database up to date: the name and text of every step, in order.
pub(super) fn migrator(steps: &[(&'static str, &'static str)]) -> Migrator {
    let migration = |(version, (name, sql)): (i64, &(&'static str, &'static str))| {
        Migration::new(version, (*name).into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations((1..).zip(steps).map(migration).collect())
}

/// Why the tables are not up to date, worded for whoever runs the server.
pub(super) fn outdated(cause: MigrateError) -> Box<dyn std::error::Error + Send + Sync> {
    match cause {
        MigrateError::VersionMissing(_) => {
            "a newer version of Podwire made its tables, and this one would not understand them".into()
        }
        other => other.into(),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(std::io::Error::other)??)
}
