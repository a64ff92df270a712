//! What only a store in a file has to do.

use std::path::Path;
use std::time::Duration;

use podwire::store::{Deletion, Store};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::quickest::quickest;
use crate::{NOW, delete, get, noise, record, url_of};

#[tokio::test]
async fn wiped_bytes_are_in_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&url_of(&folder.path().join("podwire.db"))).await.unwrap();
    let bodies = [noise(), noise(), noise()];
    let present = |body: &[u8]| {
        std::fs::read_dir(folder.path()).unwrap().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            bytes.windows(64).any(|window| window == &body[1024..1088])
        })
    };
    let mut records = Vec::new();
    for body in &bodies {
        let (record, token) = record(body);
        store.put(record.clone()).await.unwrap();
        assert!(present(body));
        records.push((record.id, token));
    }
    get(&store, records[0].0, NOW + 3600).await;
    delete(&store, records[1].0, records[1].1).await;
    assert_eq!(bodies.each_ref().map(|body| present(body)), [false, false, true]);
    store.purge(NOW + 3600).await.unwrap();
    assert!(!present(&bodies[2]));
}

#[tokio::test]
async fn whoever_reads_the_file_for_long_keeps_nobody_from_writing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("podwire.db");
    let store = Store::open(&url_of(&path)).await.unwrap();
    let options = SqliteConnectOptions::new().filename(&path).read_only(true);
    let mut backup = options.connect().await.unwrap();
    let mut reading = backup.begin().await.unwrap();
    sqlx::query("SELECT count(*) FROM diagrams").execute(&mut *reading).await.unwrap();
    // SQLite itself would wait for five seconds.
    let limit = Duration::from_secs(4);
    let took = quickest(limit, async || {
        let (kept, token) = record(&noise());
        store.put(kept.clone()).await.unwrap();
        assert_eq!(delete(&store, kept.id, token).await, Deletion::Deleted);
        store.put(record(b"another").0).await.unwrap();
    });
    let took = took.await;
    assert!(took < limit, "{took:?}");
    let log = folder.path().join("podwire.db-wal");
    assert!(std::fs::metadata(&log).unwrap().len() > 0, "what was wiped is still in the log");
    reading.rollback().await.unwrap();
    store.purge(NOW).await.unwrap();
    assert_eq!(std::fs::metadata(&log).unwrap().len(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn only_whoever_runs_the_server_may_look_into_what_it_made() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let store = Store::open(&url_of(&data.join("podwire.db"))).await.unwrap();
    store.put(record(b"body").0).await.unwrap();
    let files: Vec<_> = std::fs::read_dir(&data).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() > 1, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
    store.close().await;
    assert_eq!(mode(&data), 0o700);
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_is_there_is_closed_to_others_and_not_to_its_group() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("podwire.db");
    let (kept, _) = record(b"body");
    let first = Store::open(&url_of(&path)).await.unwrap();
    first.put(kept.clone()).await.unwrap();
    let files = ["podwire.db", "podwire.db-wal", "podwire.db-shm"].map(|name| folder.path().join(name));
    for (found, left) in [(0o644, 0o640), (0o606, 0o600), (0o660, 0o660)] {
        for file in &files {
            std::fs::set_permissions(file, std::fs::Permissions::from_mode(found)).unwrap();
        }
        let store = Store::open(&url_of(&path)).await.unwrap();
        assert!(matches!(get(&store, kept.id, NOW).await, podwire::store::Lookup::Found(_)));
        for file in &files {
            let mode = std::fs::metadata(file).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, left, "{} was {found:o}", file.display());
        }
        store.close().await;
    }
}
