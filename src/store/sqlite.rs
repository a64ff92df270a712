//! The store in one `SQLite` database: a file, or memory.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{Row as _, SqlSafeStr as _};
use subtle::ConstantTimeEq as _;

use super::{Deletion, Error, Id, Lookup, Record, id};

/// A pool of connections to one database whose tables are up to date.
#[derive(Debug, Clone)]
pub struct Sqlite {
    pool: SqlitePool,
}

const MIGRATIONS: [(i64, &str, &str); 1] =
    [(1, "diagrams", include_str!("../../migrations/0001_diagrams.sql"))];

/// How a body is packed: zstd.
const FORMAT: i64 = 1;

/// Manifests repeat themselves: higher levels take far longer for a few bytes less.
const LEVEL: i32 = 6;

impl Sqlite {
    /// Opens the database in a file; the file and its folder are made where they are absent.
    pub async fn open(path: &Path) -> Result<Self, Error> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            make_folder(folder).map_err(|cause| Error::Folder { path: folder.to_owned(), cause })?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal);
        let pool = SqlitePoolOptions::new().max_connections(8);
        Self::start(pool, options, path.display().to_string()).await
    }

    /// A database that ends with the process.
    pub async fn in_memory() -> Result<Self, Error> {
        // Each connection to memory is a database of its own, so there is one and it never closes.
        let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        Self::start(pool, SqliteConnectOptions::new().in_memory(true), "memory:".to_owned()).await
    }

    async fn start(
        pool: SqlitePoolOptions,
        options: SqliteConnectOptions,
        name: String,
    ) -> Result<Self, Error> {
        let options = options.busy_timeout(Duration::from_secs(5)).pragma("secure_delete", "ON");
        let open = async {
            let pool = pool.acquire_timeout(Duration::from_secs(10)).connect_with(options).await?;
            migrator().run(&pool).await?;
            Ok(Self { pool })
        };
        open.await.map_err(|cause| Error::Open { name, cause })
    }

    pub(super) async fn put(&self, record: Record) -> Result<(), Error> {
        let Record { id, token_hash, created_at, expires_at, state, body } = record;
        let body = blocking(move || zstd::encode_all(body.as_slice(), LEVEL)).await?;
        sqlx::query(
            "INSERT INTO diagrams (id, token_hash, created_at, expires_at, state, format, body)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(id.full())
        .bind(token_hash.to_vec())
        .bind(created_at)
        .bind(expires_at)
        .bind(state)
        .bind(FORMAT)
        .bind(body)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    pub(super) async fn get(&self, id: Id, now: i64) -> Result<Lookup, Error> {
        let row = sqlx::query(
            "SELECT token_hash, created_at, expires_at, state, format, body FROM diagrams WHERE id = ?",
        )
        .bind(id.full())
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else {
            return Ok(Lookup::Unknown);
        };
        let Some(packed) = row.try_get::<Option<Vec<u8>>, _>("body")? else {
            return Ok(Lookup::Gone);
        };
        let expires_at: i64 = row.try_get("expires_at")?;
        if expires_at <= now {
            self.wipe(id).await?;
            return Ok(Lookup::Gone);
        }
        let format: i64 = row.try_get("format")?;
        if format != FORMAT {
            return Err(Error::Format(format));
        }
        let record = Record {
            id,
            token_hash: token_hash(&row)?,
            created_at: row.try_get("created_at")?,
            expires_at,
            state: row.try_get("state")?,
            body: blocking(move || zstd::decode_all(packed.as_slice())).await?,
        };
        Ok(Lookup::Found(Box::new(record)))
    }

    pub(super) async fn delete(&self, id: Id, token: &str, now: i64) -> Result<Deletion, Error> {
        let row =
            sqlx::query("SELECT token_hash, expires_at, body IS NULL AS gone FROM diagrams WHERE id = ?")
                .bind(id.full())
                .fetch_optional(&self.pool)
                .await?;
        let Some(row) = row else {
            return Ok(Deletion::Unknown);
        };
        if row.try_get("gone")? {
            return Ok(Deletion::Gone);
        }
        if row.try_get::<i64, _>("expires_at")? <= now {
            self.wipe(id).await?;
            return Ok(Deletion::Gone);
        }
        if !bool::from(id::hash(token).ct_eq(&token_hash(&row)?)) {
            return Ok(Deletion::WrongToken);
        }
        self.wipe(id).await?;
        Ok(Deletion::Deleted)
    }

    pub(super) async fn purge(&self, now: i64) -> Result<u64, Error> {
        let wiped = sqlx::query(
            "UPDATE diagrams SET body = NULL, token_hash = NULL, state = NULL
             WHERE expires_at <= ? AND body IS NOT NULL",
        )
        .bind(now)
        .execute(&self.pool)
        .await?
        .rows_affected();
        self.forget_log().await;
        Ok(wiped)
    }

    pub(super) async fn ready(&self) -> Result<(), Error> {
        sqlx::query("SELECT count(*) FROM diagrams WHERE id = ''").fetch_one(&self.pool).await?;
        Ok(())
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }

    async fn wipe(&self, id: Id) -> Result<(), Error> {
        sqlx::query("UPDATE diagrams SET body = NULL, token_hash = NULL, state = NULL WHERE id = ?")
            .bind(id.full())
            .execute(&self.pool)
            .await?;
        self.forget_log().await;
        Ok(())
    }

    /// Empties the write-ahead log: until then it still holds the bytes that were wiped from the database.
    async fn forget_log(&self) {
        let done = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.pool).await;
        if let Err(cause) = done {
            tracing::warn!(%cause, "the write-ahead log was not emptied; the next purge tries again");
        }
    }
}

/// Only whoever runs the server may look into a folder that is made here.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

fn migrator() -> Migrator {
    let migration = |(version, name, sql): (i64, &'static str, &'static str)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(MIGRATIONS.into_iter().map(migration).collect())
}

fn token_hash(row: &SqliteRow) -> Result<[u8; 32], sqlx::Error> {
    let bytes: Vec<u8> = row.try_get("token_hash")?;
    bytes.try_into().map_err(|_| sqlx::Error::Decode("a token's hash has 32 bytes".into()))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(std::io::Error::other)??)
}

#[cfg(test)]
mod tests;
