//! Opening what other versions left, and what cannot be opened.

use podwire::store::{Deletion, Gone, Id, Lookup, Store};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::{NOW, get, postgres, record, url_of};

const EARLIER: &str = include_str!("version-1.sql");
const EARLIER_ID: &str = "2evwkULlBS47ygxUNf7zXl";
const EARLIER_TOKEN: &str = "4Bzp2unb0MwqxcktYMa4uf";

#[tokio::test]
async fn a_database_of_the_first_version_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("podwire.db");
    let mut file =
        SqliteConnectOptions::new().filename(&path).create_if_missing(true).connect().await.unwrap();
    sqlx::raw_sql(EARLIER).execute(&mut file).await.unwrap();
    file.close().await.unwrap();
    let store = Store::open(&url_of(&path)).await.unwrap();
    read_the_earlier_diagram(&store).await;
    store.close().await;
}

#[tokio::test]
async fn a_row_of_the_first_version_is_read_from_postgresql() {
    let Some(database) = postgres::Database::create().await else { return };
    let store = Store::open(&database.url()).await.unwrap();
    let mut connection = database.connect().await;
    for line in EARLIER.split(";\n").filter(|line| line.contains("INSERT INTO \"diagrams\"")) {
        let line = line.replace("X'", "'\\x");
        sqlx::raw_sql(sqlx::AssertSqlSafe(line)).execute(&mut connection).await.unwrap();
    }
    // The steps that came after the rows are taken anew.
    sqlx::raw_sql("DELETE FROM _sqlx_migrations WHERE description = 'ends'")
        .execute(&mut connection)
        .await
        .unwrap();
    store.close().await;
    let store = Store::open(&database.url()).await.unwrap();
    read_the_earlier_diagram(&store).await;
    store.close().await;
    connection.close().await.unwrap();
    database.remove().await;
}

/// As a person sees it: its page in text, its tombstone, and its token.
async fn read_the_earlier_diagram(store: &Store) {
    let config = podwire::config::Config::default();
    let app = podwire::web::AppState::new(config, store.clone());
    let id: Id = EARLIER_ID.parse().unwrap();
    let stored = app.stored(id).await.unwrap();
    let analysis = &stored.analysis;
    assert_eq!((stored.created_at, stored.expires_at), (1_795_444_814, Some(4_949_044_814)));
    assert_eq!((analysis.documents, analysis.cluster.services.len()), (3, 1));
    let said: Vec<_> = analysis.findings.iter().map(|f| (f.rule, analysis.place(f.span).line)).collect();
    for finding in [("target-port-name-missing", 7), ("yaml-syntax", 22)] {
        assert!(said.contains(&finding), "{finding:?} in {said:?}");
    }
    let (expired, deleted) = ("7N42dgm5tFLK9N8MT7fHC7".parse(), "5Qd0Ry8wLx3VtPz7Ks1NcB".parse());
    for (tombstone, gone) in [(expired, Gone::Expired(1_795_447_600)), (deleted, Gone::Deleted)] {
        let tombstone = tombstone.unwrap();
        for now in [1_795_444_001, NOW, i64::MAX] {
            assert_eq!(get(store, tombstone, now).await, Lookup::Gone(gone));
        }
    }
    assert_eq!(store.delete(id, EARLIER_TOKEN, NOW).await.unwrap(), Deletion::Deleted);
}

#[tokio::test]
async fn what_a_newer_version_left_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("podwire.db");
    let (record, _) = record(b"x");
    let store = Store::open(&url_of(&path)).await.unwrap();
    store.put(record.clone()).await.unwrap();
    let mut file = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    sqlx::raw_sql("UPDATE diagrams SET format = 99").execute(&mut file).await.unwrap();
    let error = store.get(record.id, NOW).await.unwrap_err().to_string();
    assert_eq!(error, "a stored diagram has format 99, which this version does not know");
    store.close().await;
    sqlx::raw_sql("UPDATE _sqlx_migrations SET version = 99 WHERE version = 2")
        .execute(&mut file)
        .await
        .unwrap();
    let error = Store::open(&url_of(&path)).await.unwrap_err().to_string();
    assert!(error.contains("a newer version of Podwire made its tables"), "{error}");
}

#[tokio::test]
async fn what_postgresql_says_is_said_without_a_line_of_its_source() {
    let Some(database) = postgres::Database::create().await else { return };
    let store = Store::open(&database.url()).await.unwrap();
    let mut connection = database.connect().await;
    sqlx::raw_sql("DROP TABLE diagrams").execute(&mut connection).await.unwrap();
    let error = store.ready().await.unwrap_err().to_string();
    assert_eq!(error, "the database did not answer: relation \"diagrams\" does not exist");
    let nowhere = database.options().database("podwire_nowhere").to_url_lossy().to_string();
    let error = Store::open(&nowhere).await.unwrap_err().to_string();
    assert!(error.ends_with(": database \"podwire_nowhere\" does not exist"), "{error}");
    store.close().await;
    connection.close().await.unwrap();
    database.remove().await;
}

#[tokio::test]
async fn what_cannot_be_opened_is_said_in_words_and_without_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "not a database, though it is long enough to be looked at").unwrap();
    for (url, words) in [
        ("mysql://me:secret@db/x".to_owned(), "\"mysql://…\" is not a store"),
        ("postgres:/me:secret@db/x".to_owned(), "\"…\" is not a store"),
        ("me:secret@db/x".to_owned(), "\"…\" is not a store"),
        ("me:secret@db://x".to_owned(), "\"…\" is not a store"),
        ("postgres:/db/x?password=secret".to_owned(), "\"…\" is not a store"),
        ("sqlite:".to_owned(), "is not a store"),
        ("podwire.db".to_owned(), "is not a store"),
        ("sqlite::memory:".to_owned(), "is written `memory:`"),
        ("sqlite://:memory:?cache=shared".to_owned(), "is written `memory:`"),
        ("sqlite:x.db?mode=ro&key=secret".to_owned(), "no ? and parameters"),
        ("sqlite:file:x.db".to_owned(), "no file: before it"),
        ("sqlite:~/x.db".to_owned(), "write the whole path"),
        (format!("sqlite:{}/x/podwire.db", file.display()), "cannot make the data folder"),
        (format!("sqlite:{}", file.display()), "cannot open the database"),
        ("postgres://me:secret@db:port/x".to_owned(), "invalid port number"),
        ("postgres://me:a/secret@db/x".to_owned(), "must be written as %2F"),
        ("postgres://me:a@secret@db/x".to_owned(), "must be written as %2F"),
        ("postgres://me:1#secret@db/x".to_owned(), "must be written as %2F"),
        ("postgres://me@db/x?pasword=secret".to_owned(), "the parameter \"pasword\" is not one of sslmode,"),
        ("postgres://me@db/x?sslmode=sure&password=secret".to_owned(), "unknown value \"sure\""),
        (
            "postgresql://me:secret@127.0.0.1:1/x".to_owned(),
            "cannot open the database \"x\" at 127.0.0.1:1 as user \"me\": ",
        ),
    ] {
        let error = Store::open(&url).await.unwrap_err();
        let words_and_more = format!("{error} {error:?}");
        assert!(error.to_string().contains(words), "{error}");
        assert!(!words_and_more.contains("secret"), "{words_and_more}");
    }
}
