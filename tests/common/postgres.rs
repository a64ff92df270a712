//! A `PostgreSQL` database for one test, where `PODWIRE_TEST_POSTGRES` says how to reach a server.

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};

use crate::skipped::skipped;

pub(crate) fn skip(why: &str) {
    skipped(format_args!("it needs PostgreSQL and {why}; tests/with-postgres runs it"));
}

/// A database of its own; the user of the server's URL must be allowed to make it.
pub(crate) struct Database {
    server: PgConnectOptions,
    name: String,
}

impl Database {
    /// A new, empty one; `None`, said aloud, where there is no server.
    pub(crate) async fn create() -> Option<Self> {
        let Ok(url) = std::env::var("PODWIRE_TEST_POSTGRES") else {
            skip("PODWIRE_TEST_POSTGRES has no URL of a server");
            return None;
        };
        let server: PgConnectOptions = url.parse().expect("PODWIRE_TEST_POSTGRES is a URL");
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).expect("random bytes");
        let name = format!("podwire_test_{:016x}", u64::from_ne_bytes(bytes));
        let database = Self { server, name };
        database.execute(format!("CREATE DATABASE {}", database.name)).await;
        Some(database)
    }

    /// How to reach it.
    pub(crate) fn url(&self) -> String {
        self.options().to_url_lossy().to_string()
    }

    /// How to reach it at another address.
    pub(crate) fn options(&self) -> PgConnectOptions {
        self.server.clone().database(&self.name)
    }

    /// A connection of the test's own.
    pub(crate) async fn connect(&self) -> PgConnection {
        self.options().connect().await.expect("a connection")
    }

    /// Away with it, whoever is still connected.
    pub(crate) async fn remove(self) {
        self.execute(format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }

    async fn execute(&self, sql: String) {
        let mut connection = self.server.connect().await.expect("the server answers");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.expect("the server does as asked");
        connection.close().await.expect("the connection ends");
    }
}
