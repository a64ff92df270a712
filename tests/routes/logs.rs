use std::io;
use std::sync::{Arc, LazyLock, Mutex};

use tracing::Dispatch;
use tracing_subscriber::fmt::MakeWriter;

use crate::*;

/// Listens for as long as the tests run. With one subscriber alone, tracing has the thread that comes to a line first say whether
/// anybody listens, and goes by that for all threads; those of the tests beside have nobody.
static BESIDE: LazyLock<Dispatch> =
    LazyLock::new(|| Dispatch::new(tracing_subscriber::fmt().with_writer(io::sink).finish()));

/// What is logged.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    pub(crate) fn subscriber(&self) -> impl tracing::Subscriber + use<> {
        LazyLock::force(&BESIDE);
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(self.clone())
            .finish()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

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
    let guard = tracing::subscriber::set_default(lines.subscriber());
    for path in ["/d/AAAAAAhiddenhiddenhidd?at=hidden.example.com", "/hidden", "/panic"] {
        ask(at(path)).await;
    }
    ask(Request::builder().method("HIDDEN").uri("/hidden").body(Body::empty()).unwrap()).await;
    drop(guard);
    let log = lines.text().to_lowercase();
    assert!(log.contains("/d/{id}") && log.contains("method=other") && log.contains("status=410"), "{log}");
    assert!(!log.contains("hidden") && !log.contains("words of an upload"), "{log}");
}
