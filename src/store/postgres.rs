//! The store in a `PostgreSQL` database, which several servers may share.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgDatabaseError, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _};

use super::engine::{
    Answer, Columns, Engine, FIND_RETRY, FORGET_RETRIES, FORGET_RETRY, INSERT, LIFE, READY, Retried, Row,
    SELECT, WIPE, WIPE_EXPIRED, migrator, outdated,
};
use super::{Error, Id};

/// A pool of connections to one database whose tables are up to date.
#[derive(Debug)]
pub(super) struct Postgres {
    pool: PgPool,
}

const MIGRATIONS: [(&str, &str); 3] = [
    ("diagrams", include_str!("../../migrations/postgres/0001_diagrams.sql")),
    ("retries", include_str!("../../migrations/postgres/0002_retries.sql")),
    ("ends", include_str!("../../migrations/postgres/0003_ends.sql")),
];

/// How long the first connection may take.
const START: Duration = Duration::from_secs(5);

/// How long a request waits for a connection while the database does not answer.
const WAIT: Duration = Duration::from_secs(3);

/// Whoever holds this advisory lock purges. The number has no meaning but to be no other program's.
const PURGE: i64 = 0x706f_6477_6972_6531;

/// What may stand behind the `?` of a URL; anything else is refused, since the driver would log it with its value.
const PARAMETERS: [&str; 11] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "host",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "statement-cache-capacity",
];

impl Postgres {
    /// Reaches the database of a URL and brings its tables up to date.
    pub(super) async fn open(url: &str) -> Result<Self, Error> {
        let options = options(url)?;
        let server = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => format!("{}:{}", options.get_host(), options.get_port()),
        };
        let database = options.get_database().unwrap_or(options.get_username());
        let name = format!("\"{database}\" at {server} as user \"{}\"", options.get_username());
        let open = async {
            // A connection of its own, since a pool would try again and again before it says that nobody answers.
            let mut connection = options.connect().await?;
            // Holds a lock meanwhile: of servers that start at once, one does the steps and the others wait.
            migrator(&MIGRATIONS).run(&mut connection).await.map_err(outdated)?;
            connection.close().await?;
            let pool = PgPoolOptions::new().max_connections(10).acquire_timeout(WAIT);
            Ok(Self { pool: pool.connect_lazy_with(options) })
        };
        let opened = tokio::time::timeout(START, open).await;
        let opened = opened.unwrap_or_else(|late| Err(late.into()));
        opened.map_err(|cause: Box<dyn std::error::Error + Send + Sync>| {
            let said = cause.downcast_ref().map(words);
            Error::Open { name, cause: said.map_or(cause, Into::into) }
        })
    }
}

impl Engine for Postgres {
    fn insert<'a>(&'a self, row: &'a Row) -> Answer<'a, bool> {
        Box::pin(async move {
            let retry = row.retry.as_ref();
            let query = sqlx::query(INSERT).bind(row.id.full()).bind(row.token_hash.as_deref());
            let query = query.bind(row.created_at).bind(row.expires_at).bind(row.state.as_deref());
            let query = query.bind(row.format).bind(row.body.as_deref());
            let query =
                query.bind(retry.map(|retry| &retry.key[..])).bind(retry.map(|retry| &retry.print[..]));
            Ok(query.execute(&self.pool).await?.rows_affected() > 0)
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
            let done = sqlx::query(WIPE).bind(id.full()).bind(deleted).execute(&self.pool).await?;
            Ok(done.rows_affected() > 0)
        })
    }

    fn wipe_expired(&self, now: i64, most: i64) -> Answer<'_, u64> {
        Box::pin(async move {
            let mut purge = self.pool.begin().await?;
            // The lock ends with the transaction, even where the server dies in it.
            let lock = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock($1)").bind(PURGE);
            if !lock.fetch_one(&mut *purge).await? {
                return Ok(0);
            }
            let done = sqlx::query(WIPE_EXPIRED).bind(now).bind(most).execute(&mut *purge).await?;
            purge.commit().await?;
            Ok(done.rows_affected())
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
            let query = match key {
                Some(key) => sqlx::query(FORGET_RETRY).bind(before).bind(key.to_vec()),
                None => sqlx::query(FORGET_RETRIES).bind(before),
            };
            query.execute(&self.pool).await?;
            Ok(())
        })
    }

    fn ready(&self) -> Answer<'_, ()> {
        Box::pin(async move {
            sqlx::query(READY).fetch_one(&self.pool).await?;
            Ok(())
        })
    }

    fn close(&self) -> Answer<'_, ()> {
        Box::pin(async move {
            self.pool.close().await;
            Ok(())
        })
    }
}

/// What a URL says; the error has no part of the URL in which a password may stand.
fn options(url: &str) -> Result<PgConnectOptions, Error> {
    let address = url.split_once("://").map_or("", |(_, rest)| rest);
    let (address, rest) = address.split_at(address.find(['/', '?', '#']).unwrap_or(address.len()));
    if rest.contains('@') || address.matches('@').count() > 1 {
        let why = "a / ? # or @ in the user or the password must be written as %2F %3F %23 or %40";
        return Err(Error::PostgresUrl(why.to_owned()));
    }
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    for (name, _) in form_urlencoded::parse(query.as_bytes()) {
        if !PARAMETERS.contains(&name.as_ref()) {
            let name: String = name.chars().filter(char::is_ascii_graphic).take(40).collect();
            return Err(Error::PostgresUrl(format!(
                "the parameter \"{name}\" is not one of {}",
                PARAMETERS.join(", ")
            )));
        }
    }
    let options: PgConnectOptions =
        url.parse().map_err(|cause: sqlx::Error| Error::PostgresUrl(innermost(&cause)))?;
    let named = options.get_application_name().is_some();
    Ok(if named { options } else { options.application_name("podwire") })
}

/// What went wrong, without the sentences around it.
fn innermost(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), innermost)
}

/// What went wrong; of what `PostgreSQL` says, without the line of its own source where it says so.
pub(super) fn words(cause: &sqlx::Error) -> String {
    let said = cause.as_database_error().and_then(|said| said.try_downcast_ref::<PgDatabaseError>());
    said.map_or_else(|| cause.to_string(), |said| said.message().to_owned())
}
