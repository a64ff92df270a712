//! Room on the disk that is given up where there is no other, so that what was shared can be deleted even then: a database
//! writes before it has less.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::files::of_its_owner;

/// What it takes to wipe a diagram and to empty the write-ahead log, several times over.
const BYTES: usize = 8 << 20;

/// How much of it is written at once.
const PIECE: usize = 16 << 10;

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

    /// Makes it whole. Once there is one, as far as there is room: what is left of a disk is better in it than taken by
    /// another upload. A disk that never had room for it is left to the uploads.
    pub(super) async fn keep(&self) {
        let path = self.0.clone();
        // Where it cannot be made, the next deletion or purge tries again.
        let _ = tokio::task::spawn_blocking(move || fill(&path)).await;
    }

    /// Gives it up; whether there was any.
    pub(super) async fn give_up(&self) -> bool {
        let path = self.0.clone();
        tokio::task::spawn_blocking(move || empty(&path)).await.is_ok_and(io::Result::unwrap_or_default)
    }
}

fn fill(path: &Path) -> io::Result<()> {
    let before = fs::metadata(path).map(|file| file.len());
    if before.as_ref().is_ok_and(|&length| length >= BYTES as u64) {
        return Ok(());
    }
    // Of zeros some file systems keep nothing.
    let mut piece = [0; PIECE];
    getrandom::fill(&mut piece).map_err(io::Error::other)?;
    let mut file = of_its_owner().create(true).truncate(true).open(path)?;
    let filled = (0..BYTES / PIECE).try_for_each(|_| file.write_all(&piece)).and_then(|()| file.sync_all());
    if filled.is_err() && before.is_err() {
        fs::remove_file(path)?;
    }
    filled
}

fn empty(path: &Path) -> io::Result<bool> {
    let file = of_its_owner().open(path)?;
    let had_any = file.metadata()?.len() > 0;
    file.set_len(0)?;
    Ok(had_any)
}
