//! What every store does alike, in memory, in a file and in `PostgreSQL`; and what only a file has to do.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

#[path = "store/files.rs"]
mod files;
#[path = "common/postgres.rs"]
mod postgres;
#[path = "common/quickest.rs"]
mod quickest;
#[path = "common/skipped.rs"]
mod skipped;
#[path = "store/versions.rs"]
mod versions;

use std::path::Path;

use podwire::store::{DeleteToken, Deletion, Gone, Id, Lookup, Put, Record, Retry, Store};
use sqlx::Connection as _;
use tempfile::TempDir;

const NOW: i64 = 1_800_000_000;

/// A store that is empty when a test begins, and gone when it ends.
struct Place {
    store: Store,
    url: String,
    rest: Rest,
}

/// What is left to take away.
enum Rest {
    Nothing,
    Folder(TempDir),
    Database(Box<postgres::Database>),
}

impl Place {
    async fn in_memory() -> Option<Self> {
        Some(Self::open("memory:".to_owned(), Rest::Nothing).await)
    }

    async fn in_a_file() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        Some(Self::open(url_of(&folder.path().join("a/b/podwire.db")), Rest::Folder(folder)).await)
    }

    async fn in_postgres() -> Option<Self> {
        let database = postgres::Database::create().await?;
        Some(Self::open(database.url(), Rest::Database(Box::new(database))).await)
    }

    async fn open(url: String, rest: Rest) -> Self {
        Self { store: Store::open(&url).await.unwrap(), url, rest }
    }

    async fn remove(self) {
        self.store.close().await;
        match self.rest {
            Rest::Nothing => {}
            Rest::Folder(folder) => folder.close().unwrap(),
            Rest::Database(database) => database.remove().await,
        }
    }
}

/// Runs each function on each store, as a test of its own.
macro_rules! on_every_store {
    (@$name:ident $place:ident $($test:ident)*) => {
        mod $name {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    if let Some(place) = super::Place::$place().await {
                        super::$test(&place).await;
                        place.remove().await;
                    }
                }
            )*
        }
    };
    ($($test:ident)*) => {
        on_every_store! { @memory in_memory $($test)* }
        on_every_store! { @file in_a_file $($test)* }
        on_every_store! { @postgresql in_postgres $($test)* }
    };
}

on_every_store! {
    what_is_put_is_got
    an_id_is_put_once
    an_expired_diagram_is_gone_and_stays_gone
    a_diagram_without_an_expiry_stays_until_it_is_deleted
    only_its_own_token_deletes_a_diagram
    a_purge_wipes_what_expired_and_nothing_else
    a_large_purge_ends
    many_write_at_once
    of_many_that_delete_at_once_one_does
    what_is_put_again_is_kept_once
    a_retry_is_known_for_a_day_or_as_long_as_its_diagram
    of_many_that_put_the_same_at_once_one_does
    a_closed_store_says_so
}

fn url_of(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

fn record(body: &[u8]) -> (Record, DeleteToken) {
    let token = DeleteToken::random().unwrap();
    let record = Record {
        id: Id::random().unwrap(),
        token_hash: token.hash(),
        created_at: NOW,
        expires_at: Some(NOW + 3600),
        state: Some("observed".to_owned()),
        body: body.to_vec(),
    };
    (record, token)
}

/// Bytes that do not compress away, so that they can be looked for.
fn noise() -> Vec<u8> {
    let mut bytes = vec![0; 4096];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

async fn get(store: &Store, id: Id, now: i64) -> Lookup {
    let found = store.get(id, now).await.unwrap();
    let is_there = store.life(id).await.unwrap().is_there(now);
    assert_eq!(is_there, matches!(found, Lookup::Found(_)), "the two say the same");
    found
}

async fn delete(store: &Store, id: Id, token: DeleteToken) -> Deletion {
    store.delete(id, &token.full(), NOW).await.unwrap()
}

async fn what_is_put_is_got(Place { store, .. }: &Place) {
    let (with, _) = record(b"kind: Service\n");
    let (mut without, _) = record(&noise());
    without.state = None;
    for record in [with, without] {
        store.put(record.clone()).await.unwrap();
        assert_eq!(get(store, record.id, NOW).await, Lookup::Found(Box::new(record)));
    }
    assert_eq!(get(store, Id::random().unwrap(), NOW).await, Lookup::Unknown);
    store.ready().await.unwrap();
}

async fn an_id_is_put_once(Place { store, .. }: &Place) {
    let (record, _) = record(b"");
    store.put(record.clone()).await.unwrap();
    assert!(store.put(record).await.is_err());
}

async fn an_expired_diagram_is_gone_and_stays_gone(Place { store, .. }: &Place) {
    let (record, token) = record(b"x");
    store.put(record.clone()).await.unwrap();
    assert!(matches!(get(store, record.id, NOW + 3599).await, Lookup::Found(_)));
    let expired = Gone::Expired(NOW + 3600);
    for late in [NOW + 3600, NOW + 7200] {
        assert_eq!(get(store, record.id, late).await, Lookup::Gone(expired));
        let deleting = store.delete(record.id, &token.full(), late).await.unwrap();
        assert_eq!(deleting, Deletion::Gone(expired), "who has the token is told the same");
    }
    // Even for a clock that was set back, or another server's that is behind: the body is no longer there.
    assert_eq!(get(store, record.id, NOW).await, Lookup::Gone(expired));
    assert_eq!(delete(store, record.id, token).await, Deletion::Gone(expired));
}

async fn a_diagram_without_an_expiry_stays_until_it_is_deleted(Place { store, .. }: &Place) {
    let (mut record, token) = record(b"x");
    record.expires_at = None;
    store.put(record.clone()).await.unwrap();
    assert_eq!(store.purge(i64::MAX).await.unwrap(), 0);
    let id = record.id;
    assert_eq!(get(store, id, i64::MAX).await, Lookup::Found(Box::new(record)));
    assert_eq!(delete(store, id, token).await, Deletion::Deleted);
    assert_eq!(get(store, id, NOW).await, Lookup::Gone(Gone::Deleted));
}

async fn only_its_own_token_deletes_a_diagram(Place { store, .. }: &Place) {
    let (record, token) = record(b"x");
    store.put(record.clone()).await.unwrap();
    let other = DeleteToken::random().unwrap().full();
    for wrong in ["", "x", "\0", other.as_str()] {
        assert_eq!(store.delete(record.id, wrong, NOW).await.unwrap(), Deletion::WrongToken);
    }
    assert!(matches!(get(store, record.id, NOW).await, Lookup::Found(_)));
    assert_eq!(delete(store, record.id, token).await, Deletion::Deleted);
    assert_eq!(delete(store, record.id, token).await, Deletion::Gone(Gone::Deleted));
    // It stays deleted after it would have expired.
    for now in [NOW, NOW + 7200] {
        assert_eq!(get(store, record.id, now).await, Lookup::Gone(Gone::Deleted));
    }
    assert_eq!(delete(store, Id::random().unwrap(), token).await, Deletion::Unknown);
}

async fn a_purge_wipes_what_expired_and_nothing_else(Place { store, .. }: &Place) {
    let (old, _) = record(b"old");
    let (mut new, _) = record(b"new");
    new.expires_at = Some(NOW + 3601);
    store.put(old.clone()).await.unwrap();
    store.put(new.clone()).await.unwrap();
    assert_eq!(store.purge(NOW + 3600).await.unwrap(), 1);
    assert_eq!(store.purge(NOW + 3600).await.unwrap(), 0);
    for now in [NOW, NOW + 3601] {
        assert_eq!(get(store, old.id, now).await, Lookup::Gone(Gone::Expired(NOW + 3600)));
    }
    assert!(matches!(get(store, new.id, NOW).await, Lookup::Found(_)));
}

/// More than are wiped at once.
async fn a_large_purge_ends(Place { store, .. }: &Place) {
    for _ in 0..510 {
        store.put(record(b"x").0).await.unwrap();
    }
    assert_eq!(store.purge(NOW + 3600).await.unwrap(), 510);
    assert_eq!(store.purge(NOW + 3600).await.unwrap(), 0);
}

async fn many_write_at_once(Place { store, .. }: &Place) {
    let writers = (0..64u8).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            let (record, token) = record(&[n; 1000]);
            store.put(record.clone()).await.unwrap();
            assert_eq!(get(&store, record.id, NOW).await, Lookup::Found(Box::new(record.clone())));
            if n % 2 == 0 {
                assert_eq!(delete(&store, record.id, token).await, Deletion::Deleted);
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(store.purge(NOW + 3600).await.unwrap(), 32);
}

async fn of_many_that_delete_at_once_one_does(Place { store, .. }: &Place) {
    let (record, token) = record(&noise());
    let id = record.id;
    store.put(record).await.unwrap();
    let deleting = (0..8).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { delete(&store, id, token).await })
    });
    let mut deleted = 0;
    for each in deleting.collect::<Vec<_>>() {
        match each.await.unwrap() {
            Deletion::Deleted => deleted += 1,
            other => assert_eq!(other, Deletion::Gone(Gone::Deleted)),
        }
    }
    assert_eq!(deleted, 1);
}

async fn put_once(store: &Store, retry: Retry, now: i64) -> (Record, DeleteToken, Put) {
    let (record, token) = record(b"x");
    let put = store.put_once(record.clone(), retry, now).await.unwrap();
    let kept = matches!(get(store, record.id, NOW).await, Lookup::Found(_));
    assert_eq!(put == Put::New, kept);
    (record, token, put)
}

async fn what_is_put_again_is_kept_once(Place { store, .. }: &Place) {
    let retry = Retry::new("key", &[b"upload"]);
    let (first, _, put) = put_once(store, retry, NOW).await;
    assert_eq!(put, Put::New);
    let (_, _, again) = put_once(store, retry, NOW + 1).await;
    let Put::Again(earlier) = again else { panic!("{again:?}") };
    assert_eq!((earlier.id, earlier.created_at, earlier.expires_at), (first.id, NOW, first.expires_at));
    assert_eq!(put_once(store, Retry::new("key", &[b"up", b"load"]), NOW).await.2, Put::Other);
    assert_eq!(put_once(store, Retry::new("other", &[b"upload"]), NOW).await.2, Put::New);
}

async fn a_retry_is_known_for_a_day_or_as_long_as_its_diagram(Place { store, .. }: &Place) {
    const DAY: i64 = 86_400;
    let retry = |key: &str| Retry::new(key, &[]);
    // Records live for an hour.
    put_once(store, retry("expires"), NOW).await;
    assert!(matches!(put_once(store, retry("expires"), NOW + 3599).await.2, Put::Again(_)));
    assert_eq!(put_once(store, retry("expires"), NOW + 3600).await.2, Put::New);
    let (deleted, token, _) = put_once(store, retry("deleted"), NOW).await;
    assert_eq!(delete(store, deleted.id, token).await, Deletion::Deleted);
    assert_eq!(put_once(store, retry("deleted"), NOW).await.2, Put::New);
    for by_purge in [false, true] {
        let key = if by_purge { "purged" } else { "old" };
        let (mut lasting, _) = record(b"x");
        lasting.expires_at = None;
        assert_eq!(store.put_once(lasting.clone(), retry(key), NOW).await.unwrap(), Put::New);
        assert!(matches!(put_once(store, retry(key), NOW + DAY - 1).await.2, Put::Again(_)));
        if by_purge {
            store.purge(NOW + DAY).await.unwrap();
        }
        let now = if by_purge { NOW } else { NOW + DAY };
        let (next, _) = record(b"x");
        assert_eq!(store.put_once(next, retry(key), now).await.unwrap(), Put::New, "{key}");
        assert!(matches!(get(store, lasting.id, NOW).await, Lookup::Found(_)), "the diagram itself stays");
    }
}

async fn of_many_that_put_the_same_at_once_one_does(Place { store, .. }: &Place) {
    let retry = Retry::new("key", &[b"upload"]);
    let putting = (0..16).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { put_once(&store, retry, NOW).await })
    });
    let (mut new, mut again) = (Vec::new(), Vec::new());
    for each in putting.collect::<Vec<_>>() {
        match each.await.unwrap() {
            (record, _, Put::New) => new.push(record.id),
            (_, _, Put::Again(earlier)) => again.push(earlier.id),
            (_, _, Put::Other) => panic!("it was the same"),
        }
    }
    assert_eq!((new.len(), again.len()), (1, 15));
    assert!(again.iter().all(|id| *id == new[0]));
}

async fn a_closed_store_says_so(Place { store, .. }: &Place) {
    let (record, token) = record(b"x");
    store.close().await;
    assert!(store.get(record.id, NOW).await.is_err());
    assert!(store.delete(record.id, &token.full(), NOW).await.is_err());
    assert!(store.put(record).await.is_err());
    assert!(store.purge(NOW).await.is_err());
    assert!(store.ready().await.is_err());
}

/// What two stores of one URL see of each other: one after the other, or at once.
async fn another_sees_the_same(place: &Place) {
    let (record, token) = record(&noise());
    place.store.put(record.clone()).await.unwrap();
    let other = Store::open(&place.url).await.unwrap();
    let id = record.id;
    assert_eq!(get(&other, id, NOW).await, Lookup::Found(Box::new(record)));
    assert_eq!(delete(&other, id, token).await, Deletion::Deleted);
    assert_eq!(get(&place.store, id, NOW).await, Lookup::Gone(Gone::Deleted));
    other.close().await;
}

#[tokio::test]
async fn two_servers_see_one_file() {
    let place = Place::in_a_file().await.unwrap();
    another_sees_the_same(&place).await;
    place.remove().await;
}

#[tokio::test]
async fn two_servers_see_one_database() {
    let Some(place) = Place::in_postgres().await else { return };
    another_sees_the_same(&place).await;
    place.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_servers_may_start_at_once() {
    let folder = tempfile::tempdir().unwrap();
    // What they do to each other depends on the moment, so it is tried often.
    for round in 0..40 {
        Box::pin(all_open(&url_of(&folder.path().join(format!("{round}.db"))))).await;
    }
    let Some(database) = postgres::Database::create().await else { return };
    Box::pin(all_open(&database.url())).await;
    database.remove().await;
}

async fn all_open(url: &str) {
    let open = || Store::open(url);
    let (one, two, three, four) = tokio::join!(open(), open(), open(), open());
    for opened in [one, two, three, four] {
        let store = opened.unwrap();
        store.ready().await.unwrap();
        store.close().await;
    }
}

#[tokio::test]
async fn one_server_purges_at_a_time() {
    let Some(database) = postgres::Database::create().await else { return };
    let store = Store::open(&database.url()).await.unwrap();
    store.put(record(b"x").0).await.unwrap();
    // Another server is at it: it holds the lock that src/store/postgres.rs names.
    let mut other = database.connect().await;
    let lock = |verb: &str| sqlx::AssertSqlSafe(format!("SELECT {verb}(8101804718695802161)"));
    sqlx::query(lock("pg_advisory_lock")).execute(&mut other).await.unwrap();
    assert_eq!(store.purge(NOW + 3600).await.unwrap(), 0);
    sqlx::query(lock("pg_advisory_unlock")).execute(&mut other).await.unwrap();
    assert_eq!(store.purge(NOW + 3600).await.unwrap(), 1);
    store.close().await;
    other.close().await.unwrap();
    database.remove().await;
}
