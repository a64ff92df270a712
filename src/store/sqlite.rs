//! The store in one `SQLite` database: a file, or memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::Connection as _;
use sqlx::query::Query;
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::engine::{
    Answer, Columns, Engine, FIND_RETRY, FORGET_RETRIES, FORGET_RETRY, INSERT, LIFE, READY, Retried, Row,
    SELECT, WIPE, WIPE_EXPIRED, migrator, outdated,
};
use super::reserve::Reserve;
use super::{Error, Id, files};

/// A pool of connections to one database whose tables are up to date.
#[derive(Debug)]
pub(super) struct Sqlite {
    pool: SqlitePool,
    /// What a file has besides; memory has none of it.
    file: Option<Arc<DatabaseFile>>,
    /// Held by whoever writes. `SQLite` lets one write and has the others try again now and then, in no order, each on a
    /// connection that somebody who reads would have.
    writing: Arc<Semaphore>,
}

#[derive(Debug)]
struct DatabaseFile {
    path: PathBuf,
    /// The one connection that empties the write-ahead log, and waits for nobody who still reads it.
    emptying: SqlitePool,
    reserve: Reserve,
}

const MIGRATIONS: [(&str, &str); 4] = [
    ("diagrams", include_str!("../../migrations/sqlite/0001_diagrams.sql")),
    ("never", include_str!("../../migrations/sqlite/0002_never.sql")),
    ("retries", include_str!("../../migrations/sqlite/0003_retries.sql")),
    ("ends", include_str!("../../migrations/sqlite/0004_ends.sql")),
];

/// How long a statement waits for another that writes, be it another program's.
const BUSY: Duration = Duration::from_secs(5);

/// How long emptying the write-ahead log waits for whoever reads it, since nobody can write meanwhile.
const LOG_BUSY: Duration = Duration::from_millis(100);

/// The most connections to a file.
const CONNECTIONS: u32 = 8;

/// `SQLite`'s own codes; an extended code has the plain one in its lowest byte.
const SQLITE_BUSY: i32 = 5;
const SQLITE_READONLY: i32 = 8;
const SQLITE_FULL: i32 = 13;
/// What a full disk is for the index of the log, and a used-up quota for any file.
const SQLITE_IOERR_SHMSIZE: i32 = 4874;
const SQLITE_IOERR_WRITE: i32 = 778;

/// After how many pages of the write-ahead log they are put to their places: so much of the reserve is needed for that.
const LOG_PAGES: &str = "256";

/// How many times fewer are wiped at once where there is no room for so many.
const FEWER: i64 = 20;

/// How long after the database was found locked at the start it is tried again.
const AGAIN: Duration = Duration::from_millis(20);

impl Sqlite {
    /// Opens the database in a file; the file and its folder are made where they are absent.
    pub(super) async fn open(path: &Path) -> Result<Self, Error> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            files::make_folder(folder).map_err(|cause| Error::Folder { path: folder.to_owned(), cause })?;
        }
        files::make_file(path);
        files::close_to_others(path);
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .pragma("wal_autocheckpoint", LOG_PAGES)
            // A link that was given away must not be lost with the power.
            .synchronous(SqliteSynchronous::Full);
        let reserve = Reserve::of(path);
        let name = format!("\"{}\"", path.display());
        let start = || {
            let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS);
            Self::start(pool, options.clone(), name.clone())
        };
        let mut started = start().await;
        if started.as_ref().is_err_and(is_full) && reserve.give_up().await {
            started = start().await;
        }
        let mut store = started?;
        let emptying = SqlitePoolOptions::new().max_connections(1).acquire_timeout(BUSY);
        let emptying = emptying.connect_lazy_with(options.create_if_missing(false).busy_timeout(LOG_BUSY));
        // Nobody waits for it at the start.
        tokio::spawn({
            let reserve = reserve.clone();
            async move { reserve.keep().await }
        });
        store.file = Some(Arc::new(DatabaseFile { path: path.to_owned(), emptying, reserve }));
        Ok(store)
    }

    /// A database that ends with the process.
    pub(super) async fn in_memory() -> Result<Self, Error> {
        // Each connection to memory is a database of its own, so there is one and it never closes.
        let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        Self::start(pool, SqliteConnectOptions::new().in_memory(true), "memory:".to_owned()).await
    }

    async fn start(
        pool: SqlitePoolOptions,
        options: SqliteConnectOptions,
        name: String,
    ) -> Result<Self, Error> {
        let options = options.busy_timeout(BUSY).pragma("secure_delete", "ON");
        let pool = pool.acquire_timeout(BUSY);
        let until = Instant::now() + BUSY;
        loop {
            match Self::try_start(pool.clone(), options.clone()).await {
                // SQLite says so without waiting where another server is just making the file, or has just left it.
                Err(cause) if is_busy(&*cause) && Instant::now() < until => tokio::time::sleep(AGAIN).await,
                done => return done.map_err(|cause| Error::Open { name, cause }),
            }
        }
    }

    async fn try_start(
        pool: SqlitePoolOptions,
        options: SqliteConnectOptions,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let pool = pool.connect_with(options.clone()).await?;
        // Where the file was moved away, a connection that comes later must not make another.
        pool.set_connect_options(options.create_if_missing(false));
        let mut connection = pool.acquire().await?;
        // One transaction around all steps: of two servers that start at once, the second finds them done.
        let mut steps = connection.begin_with("BEGIN IMMEDIATE").await?;
        migrator(&MIGRATIONS).run(&mut *steps).await.map_err(outdated)?;
        steps.commit().await?;
        drop(connection);
        Ok(Self { pool, file: None, writing: Arc::new(Semaphore::new(1)) })
    }

    /// Runs a statement that writes: how many rows it changed.
    async fn write<'q>(
        &self,
        query: impl Fn() -> Query<'q, sqlx::Sqlite, SqliteArguments>,
    ) -> Result<u64, Error> {
        let _turn = self.turn().await?;
        let done = execute(&self.pool, &query).await?;
        self.is_there()?;
        Ok(done)
    }

    /// Whoever moves a file away takes along what is written or wiped in it: nothing of that may be acknowledged.
    fn is_there(&self) -> Result<(), Error> {
        let gone = self.file.iter().find(|file| matches!(file.path.try_exists(), Ok(false)));
        gone.map_or(Ok(()), |file| Err(Error::Gone { path: file.path.clone() }))
    }

    /// Runs a statement that wipes, which has room where nothing else has, and forgets what was wiped: to the end, even where
    /// whoever asked for it is gone.
    async fn wipe_with(
        &self,
        query: impl Fn() -> Query<'static, sqlx::Sqlite, SqliteArguments> + Send + Sync + 'static,
    ) -> Result<u64, Error> {
        let Some(file) = self.file.clone() else { return self.write(query).await };
        let (turn, pool) = (self.turn().await?, self.pool.clone());
        let wiped = tokio::spawn(async move {
            let _turn = turn;
            let mut done = execute(&pool, &query).await;
            if done.as_ref().is_err_and(is_full) && file.reserve.give_up().await {
                done = execute(&pool, &query).await;
            }
            file.forget_log().await;
            file.reserve.keep().await;
            done
        });
        let done = wiped.await.map_err(std::io::Error::other)??;
        self.is_there()?;
        Ok(done)
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, Error> {
        let turn = tokio::time::timeout(BUSY, Arc::clone(&self.writing).acquire_owned()).await;
        // The semaphore is never closed.
        Ok(turn.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?)
    }
}

async fn execute<'q>(
    pool: &SqlitePool,
    query: &impl Fn() -> Query<'q, sqlx::Sqlite, SqliteArguments>,
) -> Result<u64, Error> {
    let mut tries = CONNECTIONS;
    loop {
        let mut connection = pool.acquire().await?;
        let done = query().execute(&mut *connection).await;
        tries -= 1;
        match done {
            // A connection that was made while nothing could be written never writes; the next one may.
            Err(cause) if has_code(&cause, SQLITE_READONLY) => {
                connection.close_on_drop();
                if tries == 0 {
                    return Err(cause.into());
                }
            }
            done => return Ok(done?.rows_affected()),
        }
    }
}

impl DatabaseFile {
    /// Empties the write-ahead log: until then it still holds the bytes that were wiped from the database.
    async fn forget_log(&self) {
        let mut emptied = self.empty_log().await;
        if emptied.as_ref().is_err_and(is_full) && self.reserve.give_up().await {
            emptied = self.empty_log().await;
        }
        let cause = match emptied {
            Ok(true) => return,
            Ok(false) => "somebody reads it".to_owned(),
            Err(cause) => cause.to_string(),
        };
        tracing::warn!(cause, "the write-ahead log was not emptied; the next purge tries again");
    }

    /// Whether it is empty now.
    async fn empty_log(&self) -> Result<bool, Error> {
        let query = sqlx::query_as::<_, (i64, i64, i64)>("PRAGMA wal_checkpoint(TRUNCATE)");
        let (busy, ..) = query.fetch_one(&self.emptying).await?;
        Ok(busy == 0)
    }
}

impl Engine for Sqlite {
    fn insert<'a>(&'a self, row: &'a Row) -> Answer<'a, bool> {
        Box::pin(async move {
            let retry = row.retry.as_ref();
            let query = || {
                let query = sqlx::query(INSERT).bind(row.id.full()).bind(row.token_hash.as_deref());
                let query = query.bind(row.created_at).bind(row.expires_at).bind(row.state.as_deref());
                let query = query.bind(row.format).bind(row.body.as_deref());
                query.bind(retry.map(|retry| &retry.key[..])).bind(retry.map(|retry| &retry.print[..]))
            };
            Ok(self.write(query).await? > 0)
        })
    }

    fn find(&self, id: Id) -> Answer<'_, Option<Row>> {
        Box::pin(async move {
            let query = sqlx::query_as::<_, Columns>(SELECT).bind(id.full());
            let found = query.fetch_optional(&self.pool).await?;
            Ok(found.map(|columns| Row::read(id, columns)))
        })
    }

    fn life(&self, id: Id) -> Answer<'_, Option<(Option<i64>,)>> {
        Box::pin(async move {
            let query = sqlx::query_as(LIFE).bind(id.full());
            Ok(query.fetch_optional(&self.pool).await?)
        })
    }

    fn wipe(&self, id: Id, deleted: bool) -> Answer<'_, bool> {
        Box::pin(async move {
            Ok(self.wipe_with(move || sqlx::query(WIPE).bind(id.full()).bind(deleted)).await? > 0)
        })
    }

    fn wipe_expired(&self, now: i64, most: i64) -> Answer<'_, u64> {
        Box::pin(async move {
            let mut most = most;
            loop {
                match self.wipe_with(move || sqlx::query(WIPE_EXPIRED).bind(now).bind(most)).await {
                    // Fewer at once take less room.
                    Err(cause) if is_full(&cause) && most > 1 => most = (most / FEWER).max(1),
                    done => return done,
                }
            }
        })
    }

    fn find_retry(&self, key: [u8; 32]) -> Answer<'_, Option<Retried>> {
        Box::pin(async move {
            let query = sqlx::query_as(FIND_RETRY).bind(key.to_vec());
            Ok(query.fetch_optional(&self.pool).await?)
        })
    }

    fn forget_retries(&self, before: i64, key: Option<[u8; 32]>) -> Answer<'_, ()> {
        Box::pin(async move {
            let query = || match key {
                Some(key) => sqlx::query(FORGET_RETRY).bind(before).bind(key.to_vec()),
                None => sqlx::query(FORGET_RETRIES).bind(before),
            };
            self.write(query).await?;
            Ok(())
        })
    }

    fn ready(&self) -> Answer<'_, ()> {
        Box::pin(async move {
            sqlx::query(READY).fetch_one(&self.pool).await?;
            self.is_there()
        })
    }

    fn close(&self) -> Answer<'_, ()> {
        Box::pin(async move {
            // What is being wiped is wiped to its end.
            let _turn = self.turn().await?;
            if let Some(file) = &self.file {
                file.emptying.close().await;
            }
            self.pool.close().await;
            Ok(())
        })
    }
}

/// Whether somebody else has the database locked, by `SQLite`'s own code for it.
fn is_busy(cause: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    code(cause).is_some_and(|code| code & 0xff == SQLITE_BUSY)
}

/// Whether there is no room on the disk.
fn is_full(cause: &Error) -> bool {
    code(cause).is_some_and(|code| {
        code & 0xff == SQLITE_FULL || matches!(code, SQLITE_IOERR_SHMSIZE | SQLITE_IOERR_WRITE)
    })
}

/// `SQLite`'s own code, wherever it is among the causes.
fn code(cause: &(dyn std::error::Error + 'static)) -> Option<i32> {
    let mut causes = std::iter::successors(Some(cause), |cause| cause.source());
    causes.find_map(|cause| cause.downcast_ref::<sqlx::Error>().and_then(code_of))
}

fn code_of(cause: &sqlx::Error) -> Option<i32> {
    cause.as_database_error()?.code()?.parse().ok()
}

fn has_code(cause: &sqlx::Error, wanted: i32) -> bool {
    code_of(cause).is_some_and(|code| code & 0xff == wanted)
}
