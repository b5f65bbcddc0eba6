//! Waiting for the lock, not for ever.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::disk::{Disk, Lock};
use super::error::StateError;
use super::file;

/// How long a writer waits for another; a write takes milliseconds.
pub(super) const PATIENCE: Duration = Duration::from_secs(3);

/// Takes the lock, or says who holds it after `patience`.
pub(super) fn acquire(
    disk: &dyn Disk,
    path: &Path,
    patience: Duration,
) -> Result<Lock, StateError> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        match disk.try_lock(path) {
            Ok(Some(lock)) => return Ok(lock),
            Ok(None) if start.elapsed() >= patience => {
                return Err(StateError::Busy {
                    path: path.to_path_buf(),
                    holder: holder(disk, path),
                    waited: patience,
                });
            }
            // No system call waits for a file lock with a limit, so this has to ask again.
            Ok(None) => std::thread::sleep(pause),
            Err(_) if file::is_folder(disk, path) => {
                file::set_aside(disk, path).map_err(StateError::io("set aside", path))?;
            }
            Err(source) => return Err(StateError::io("lock", path)(source)),
        }
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

/// The process that wrote its number into the lock file, where it can be read.
fn holder(disk: &dyn Disk, path: &Path) -> Option<u32> {
    let bytes: io::Result<Vec<u8>> = file::read(disk, path, 64);
    std::str::from_utf8(&bytes.ok()?).ok()?.trim().parse().ok()
}
