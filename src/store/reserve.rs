//! Room on the disk that is given up where there is no other, so that what was shared can be deleted even then: a database
//! writes before it has less.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::sqlite::of_its_owner;

/// What wiping one diagram takes, unless it is among the largest.
const BYTES: usize = 2 << 20;

/// A file beside the database that has nothing in it.
#[derive(Debug, Clone)]
pub(super) struct Reserve(PathBuf);

impl Reserve {
    /// That of a database.
    pub(super) fn of(database: &Path) -> Self {
        let mut name = database.as_os_str().to_owned();
        name.push("-reserve");
        Self(name.into())
    }

    /// Makes it whole, as far as there is room: what is left of a disk is better in it than taken by another upload.
    pub(super) async fn keep(&self) {
        let path = self.0.clone();
        // Where it cannot be made, the next deletion or purge tries again.
        let _ = tokio::task::spawn_blocking(move || fill(&path)).await;
    }

    /// Gives it up; whether there was any.
    pub(super) async fn give_up(&self) -> bool {
        tokio::fs::remove_file(&self.0).await.is_ok()
    }
}

fn fill(path: &Path) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|file| file.len() >= BYTES as u64) {
        return Ok(());
    }
    let mut file = of_its_owner().create(true).truncate(true).open(path)?;
    file.write_all(&vec![0; BYTES])?;
    file.sync_all()
}
