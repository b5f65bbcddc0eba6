//! The few file operations that the state is made of.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::SystemTime;

/// Where the state is kept. One operation is one step at which a machine can fail, so that tests
/// can put another implementation in its place and fail at every one of them.
pub trait Disk: Send + Sync {
    /// What stands at a path; symbolic links are followed.
    fn stat(&self, path: &Path) -> io::Result<Stat>;
    /// Reads a file from a byte on.
    fn reader(&self, path: &Path, from: u64) -> io::Result<Box<dyn Read + '_>>;
    /// The entries of a folder, in no order.
    fn list(&self, dir: &Path) -> io::Result<Vec<Item>>;
    /// Makes an empty file; an error if there is one.
    fn create(&self, path: &Path) -> io::Result<()>;
    /// Writes at the end of a file, in one call where the system allows; makes the file if needed.
    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Makes a file's content durable.
    fn sync(&self, path: &Path) -> io::Result<()>;
    /// Gives one file the permissions of another.
    fn copy_mode(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Renames a file or folder; a file that was there is replaced.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes a folder.
    fn create_dir(&self, path: &Path) -> io::Result<()>;
    /// Removes an empty folder.
    fn remove_dir(&self, path: &Path) -> io::Result<()>;
    /// Makes a folder's entries durable: what was created, renamed and removed in it.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
    /// Takes the lock of a file; `None` while another holds it.
    fn try_lock(&self, path: &Path) -> io::Result<Option<Lock>>;
}

/// What is known of a file without reading it; equal values mean that it is (almost surely) unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// Whether it is a folder.
    pub folder: bool,
    /// In bytes.
    pub len: u64,
    /// When it was written last.
    pub modified: Option<SystemTime>,
    /// The inode, where there are inodes.
    pub id: u64,
}

/// An entry of a folder.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its name in the folder.
    pub name: OsString,
    /// Whether it is itself a folder (a link to one is not).
    pub folder: bool,
}

/// A lock that is held until dropped.
#[derive(Debug)]
pub struct Lock(Option<File>);

impl Lock {
    /// A lock that locks nothing, where there is nothing to lock.
    pub fn none() -> Self {
        Self(None)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(file) = &self.0 {
            // Closing alone is not enough: a child that another thread is just starting holds a
            // copy of the descriptor until it runs its program.
            let _ = file.unlock();
        }
    }
}

/// The file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn stat(&self, path: &Path) -> io::Result<Stat> {
        let meta = fs::metadata(path)?;
        Ok(Stat {
            folder: meta.is_dir(),
            len: meta.len(),
            modified: meta.modified().ok(),
            id: inode(&meta),
        })
    }

    fn reader(&self, path: &Path, from: u64) -> io::Result<Box<dyn Read + '_>> {
        let mut file = File::open(path)?;
        if from > 0 {
            file.seek(SeekFrom::Start(from))?;
        }
        Ok(Box::new(file))
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Item>> {
        let items = fs::read_dir(dir)?.map(|entry| {
            let entry = entry?;
            Ok(Item {
                folder: entry.file_type()?.is_dir(),
                name: entry.file_name(),
            })
        });
        items.collect()
    }

    fn create(&self, path: &Path) -> io::Result<()> {
        File::create_new(path).map(drop)
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        OpenOptions::new()
            .append(true)
            .create(true)
            .open(path)?
            .write_all(bytes)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        // Opened for writing because Windows flushes no other handle.
        let file = OpenOptions::new().append(true).open(path)?;
        match file.sync_all() {
            #[cfg(unix)]
            Err(error) if not_offered(&error) => Ok(rustix::fs::fsync(&file)?),
            done => done,
        }
    }

    fn copy_mode(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::set_permissions(to, fs::metadata(from)?.permissions())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }

    #[cfg(unix)]
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        match File::open(path)?.sync_all() {
            // Some network and FUSE file systems know no such thing; there is nothing more to do.
            Err(error) if not_offered(&error) => Ok(()),
            done => done,
        }
    }

    /// Windows has no such operation.
    #[cfg(not(unix))]
    fn sync_dir(&self, _path: &Path) -> io::Result<()> {
        Ok(())
    }

    fn try_lock(&self, path: &Path) -> io::Result<Option<Lock>> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            // A file system without locks: writes are still atomic, and the history still has all.
            Err(TryLockError::Error(error)) if no_locks(&error) => return Ok(Some(Lock(None))),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // A courtesy to those who wait; on a full disk the lock holds without it.
        let _ = sign(&mut file);
        Ok(Some(Lock(Some(file))))
    }
}

/// Leaves our process number in the lock file, unless it is there already.
fn sign(file: &mut File) -> io::Result<()> {
    let ours = format!("{}\n", std::process::id());
    let mut there = Vec::new();
    (&*file).take(64).read_to_end(&mut there)?;
    if there != ours.as_bytes() {
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(ours.as_bytes())?;
    }
    Ok(())
}

#[cfg(unix)]
fn inode(meta: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(meta)
}

#[cfg(not(unix))]
fn inode(_meta: &fs::Metadata) -> u64 {
    0
}

/// Whether a file system does not offer this kind of flush (`F_FULLFSYNC` on macOS, folders on some).
#[cfg(unix)]
fn not_offered(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput
    )
}

fn no_locks(error: &io::Error) -> bool {
    #[cfg(unix)]
    if error.raw_os_error() == Some(libc::ENOLCK) {
        return true;
    }
    error.kind() == io::ErrorKind::Unsupported
}
