//! Files and folders that others have no business in.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::Path;

/// What a database has beside its file, by what its name ends with.
const BESIDE: [&str; 4] = ["", "-wal", "-shm", "-reserve"];

/// Only whoever runs the server may look into a file that is made here; `SQLite` gives those beside it the same mode. Where it
/// cannot be made, `SQLite` says why.
pub(super) fn make_file(path: &Path) {
    let _ = of_its_owner().create_new(true).open(path);
}

/// How a file is made that only whoever runs the server may look into.
pub(super) fn of_its_owner() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true);
    options
}

/// Only whoever runs the server may look into a folder that is made here.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Closes a database that is there already to others, where it is ours to do. Its group keeps what it may: somebody may have
/// given it that, for backups.
pub(super) fn close_to_others(database: &Path) {
    for end in BESIDE {
        let mut name = database.as_os_str().to_owned();
        name.push(end);
        #[cfg(unix)]
        if let Err(cause) = close(name.as_ref()) {
            tracing::warn!(%cause, "others may look into a file of the database");
        }
    }
}

#[cfg(unix)]
fn close(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    let Ok(what) = std::fs::metadata(file) else { return Ok(()) };
    let mode = what.permissions().mode() & 0o7777;
    let closed = mode & !0o007;
    let is_ours = what.uid() == rustix::process::geteuid().as_raw();
    if !is_ours || mode == closed {
        return Ok(());
    }
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(closed))
}
