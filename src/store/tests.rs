use super::super::{DeleteToken, Store};
use super::*;

const NOW: i64 = 1_800_000_000;

fn record(body: &[u8]) -> (Record, DeleteToken) {
    let token = DeleteToken::random().unwrap();
    let record = Record {
        id: Id::random().unwrap(),
        token_hash: token.hash(),
        created_at: NOW,
        expires_at: NOW + 3600,
        state: Some("observed".to_owned()),
        body: body.to_vec(),
    };
    (record, token)
}

async fn in_memory() -> Store {
    Store::open("memory:").await.unwrap()
}

/// Bytes that do not compress away, so that they can be looked for.
fn noise() -> Vec<u8> {
    let mut bytes = vec![0; 4096];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

#[tokio::test]
async fn what_is_put_is_got() {
    let store = in_memory().await;
    let (record, _) = record(b"kind: Service\n");
    store.put(record.clone()).await.unwrap();
    assert_eq!(store.get(record.id, NOW).await.unwrap(), Lookup::Found(Box::new(record)));
    let other = Id::random().unwrap();
    assert_eq!(store.get(other, NOW).await.unwrap(), Lookup::Unknown);
    store.ready().await.unwrap();
}

#[tokio::test]
async fn an_id_is_put_once() {
    let store = in_memory().await;
    let (record, _) = record(b"");
    store.put(record.clone()).await.unwrap();
    assert!(store.put(record).await.is_err());
}

#[tokio::test]
async fn a_file_outlives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("a/b/podwire.db").display());
    let (record, _) = record(&noise());
    let store = Store::open(&url).await.unwrap();
    store.put(record.clone()).await.unwrap();
    store.close().await;
    let store = Store::open(&url).await.unwrap();
    assert_eq!(store.get(record.id, NOW).await.unwrap(), Lookup::Found(Box::new(record)));
}

#[tokio::test]
async fn an_expired_diagram_is_gone_and_stays_gone() {
    let store = in_memory().await;
    let (record, token) = record(b"x");
    store.put(record.clone()).await.unwrap();
    let last = record.expires_at - 1;
    assert!(matches!(store.get(record.id, last).await.unwrap(), Lookup::Found(_)));
    assert_eq!(store.get(record.id, record.expires_at).await.unwrap(), Lookup::Gone);
    // Even for a clock that was set back: the body is no longer there.
    assert_eq!(store.get(record.id, NOW).await.unwrap(), Lookup::Gone);
    assert_eq!(store.delete(record.id, &token.full(), NOW).await.unwrap(), Deletion::Gone);
}

#[tokio::test]
async fn only_its_own_token_deletes_a_diagram() {
    let store = in_memory().await;
    let (record, token) = record(b"x");
    store.put(record.clone()).await.unwrap();
    let other = DeleteToken::random().unwrap().full();
    for wrong in ["", "x", other.as_str()] {
        assert_eq!(store.delete(record.id, wrong, NOW).await.unwrap(), Deletion::WrongToken);
    }
    assert!(matches!(store.get(record.id, NOW).await.unwrap(), Lookup::Found(_)));
    assert_eq!(store.delete(record.id, &token.full(), NOW).await.unwrap(), Deletion::Deleted);
    assert_eq!(store.delete(record.id, &token.full(), NOW).await.unwrap(), Deletion::Gone);
    assert_eq!(store.get(record.id, NOW).await.unwrap(), Lookup::Gone);
    let unknown = Id::random().unwrap();
    assert_eq!(store.delete(unknown, &token.full(), NOW).await.unwrap(), Deletion::Unknown);
}

#[tokio::test]
async fn a_purge_wipes_what_expired_and_nothing_else() {
    let store = in_memory().await;
    let (old, _) = record(b"old");
    let (mut new, _) = record(b"new");
    new.expires_at += 1;
    store.put(old.clone()).await.unwrap();
    store.put(new.clone()).await.unwrap();
    assert_eq!(store.purge(old.expires_at).await.unwrap(), 1);
    assert_eq!(store.purge(old.expires_at).await.unwrap(), 0);
    assert_eq!(store.get(old.id, NOW).await.unwrap(), Lookup::Gone);
    assert!(matches!(store.get(new.id, NOW).await.unwrap(), Lookup::Found(_)));
}

#[tokio::test]
async fn wiped_bytes_are_in_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("podwire.db");
    let store = Store::open(&format!("sqlite:{}", path.display())).await.unwrap();
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
        records.push((record, token));
    }
    let (expired, _) = &records[0];
    store.get(expired.id, expired.expires_at).await.unwrap();
    let (deleted, token) = &records[1];
    store.delete(deleted.id, &token.full(), NOW).await.unwrap();
    assert_eq!(bodies.each_ref().map(|body| present(body)), [false, false, true]);
    store.purge(NOW + 3600).await.unwrap();
    assert!(!present(&bodies[2]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_write_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("podwire.db").display())).await.unwrap();
    let writers = (0..64u8).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            let (record, token) = record(&[n; 1000]);
            store.put(record.clone()).await.unwrap();
            let found = store.get(record.id, NOW).await.unwrap();
            assert_eq!(found, Lookup::Found(Box::new(record.clone())));
            if n % 2 == 0 {
                let deletion = store.delete(record.id, &token.full(), NOW).await.unwrap();
                assert_eq!(deletion, Deletion::Deleted);
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(store.purge(NOW + 3600).await.unwrap(), 32);
}

#[tokio::test]
async fn what_cannot_be_opened_is_said_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "not a database, though it is long enough to be looked at").unwrap();
    for (url, words) in [
        ("postgres://me:secret@db/x".to_owned(), "does not speak PostgreSQL yet"),
        ("mysql://me:secret@db/x".to_owned(), "\"mysql://…\" is not a store"),
        ("sqlite:".to_owned(), "is not a store"),
        (format!("sqlite:{}/x/podwire.db", file.display()), "cannot make the data folder"),
        (format!("sqlite:{}", file.display()), "cannot open the database"),
    ] {
        let error = Store::open(&url).await.unwrap_err().to_string();
        assert!(error.contains(words) && !error.contains("secret"), "{error}");
    }
}
