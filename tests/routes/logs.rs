use std::io;
use std::sync::{Arc, Mutex};

use crate::*;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn logs_have_the_route_and_neither_the_id_nor_the_query() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone());
    let guard = tracing::subscriber::set_default(subscriber.finish());
    for path in ["/d/AAAAAAhiddenhiddenhidd?at=hidden.example.com", "/hidden", "/panic"] {
        ask(at(path)).await;
    }
    drop(guard);
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("/d/{id}") && log.contains("status=410"), "{log}");
    assert!(!log.contains("hidden") && !log.contains("words of an upload"), "{log}");
}
