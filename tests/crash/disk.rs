//! The operations of the machine's disk.

use std::io::{self, Read};
use std::path::{Component, Path};
use std::sync::MutexGuard;
use std::time::{Duration, SystemTime};

use backlings::progress::{Disk, Item, Lock, Stat};

use super::machine::{Change, Fault, Inner, Machine, Names, Node, ROOT};

fn error(kind: io::ErrorKind) -> io::Error {
    kind.into()
}

impl Machine {
    /// Counts an operation; an error if it is the one to fail. `bytes`: what it would write.
    /// On failure, gives how much of it is to be done all the same.
    fn step(&self, write: Option<usize>, grows: bool) -> Result<MutexGuard<'_, Inner>, Failed<'_>> {
        let mut inner = self.inner();
        let number = inner.operations;
        inner.operations += 1;
        inner.writes.push(write.is_some());
        let crashed = || io::Error::other("the machine is down");
        if inner.down {
            return Err(Failed(inner, 0, crashed()));
        }
        let len = write.unwrap_or(0);
        match inner.fault {
            Some(Fault::Crash { at, torn }) if at == number => {
                inner.down = true;
                Err(Failed(inner, torn.of(len), crashed()))
            }
            Some(Fault::Error { at }) if at == number => {
                Err(Failed(inner, 0, io::Error::other("a bad sector")))
            }
            Some(Fault::Full { from, torn }) if grows && number >= from => {
                let error = error(io::ErrorKind::StorageFull);
                Err(Failed(inner, torn.of(len), error))
            }
            _ => Ok(inner),
        }
    }

    fn plain(&self) -> io::Result<MutexGuard<'_, Inner>> {
        self.step(None, false).map_err(|failed| failed.2)
    }

    fn growing(&self) -> io::Result<MutexGuard<'_, Inner>> {
        self.step(None, true).map_err(|failed| failed.2)
    }
}

struct Failed<'a>(MutexGuard<'a, Inner>, usize, io::Error);

impl Inner {
    fn find(&self, path: &Path) -> io::Result<usize> {
        let mut node = ROOT;
        for part in path.components() {
            let Component::Normal(name) = part else {
                continue;
            };
            let Node::Folder { live, .. } = &self.nodes[node] else {
                return Err(error(io::ErrorKind::NotADirectory));
            };
            let name = name.to_str().unwrap();
            node = *live
                .get(name)
                .ok_or_else(|| error(io::ErrorKind::NotFound))?;
        }
        Ok(node)
    }

    /// The folder of a path and the name in it.
    fn place(&self, path: &Path) -> io::Result<(usize, String)> {
        let folder = self.find(path.parent().unwrap())?;
        self.names(folder)?;
        let name = path.file_name().unwrap().to_str().unwrap();
        Ok((folder, name.to_string()))
    }

    fn names(&self, folder: usize) -> io::Result<&Names> {
        match &self.nodes[folder] {
            Node::Folder { live, .. } => Ok(live),
            Node::File { .. } => Err(error(io::ErrorKind::NotADirectory)),
        }
    }

    fn content(&self, file: usize) -> io::Result<&Vec<u8>> {
        match &self.nodes[file] {
            Node::File { live, .. } => Ok(live),
            Node::Folder { .. } => Err(error(io::ErrorKind::IsADirectory)),
        }
    }

    fn add(&mut self, path: &Path, node: Node) -> io::Result<()> {
        let (folder, name) = self.place(path)?;
        if self.names(folder)?.contains_key(&name) {
            return Err(error(io::ErrorKind::AlreadyExists));
        }
        self.nodes.push(node);
        self.versions.push(0);
        let node = self.nodes.len() - 1;
        self.change(folder, vec![(name, Some(node))]);
        Ok(())
    }

    fn add_file(&mut self, path: &Path) -> io::Result<()> {
        let (live, synced) = (Vec::new(), Vec::new());
        self.add(path, Node::File { live, synced })
    }

    fn change(&mut self, folder: usize, entries: Vec<(String, Option<usize>)>) {
        let change = Change { folder, entries };
        if let Node::Folder { live, .. } = &mut self.nodes[folder] {
            change.apply(live);
        }
        self.pending.push(change);
    }

    fn append(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        if self.find(path).is_err() {
            self.add_file(path)?;
        }
        let file = self.find(path)?;
        self.content(file)?;
        self.versions[file] += 1;
        if let Node::File { live, .. } = &mut self.nodes[file] {
            live.extend(bytes);
        }
        Ok(())
    }
}

impl Disk for Machine {
    fn stat(&self, path: &Path) -> io::Result<Stat> {
        let inner = self.plain()?;
        let node = inner.find(path)?;
        let len = inner.content(node).map_or(0, Vec::len);
        Ok(Stat {
            folder: matches!(inner.nodes[node], Node::Folder { .. }),
            len: len as u64,
            modified: Some(SystemTime::UNIX_EPOCH + Duration::from_millis(inner.versions[node])),
            id: node as u64,
        })
    }

    fn reader(&self, path: &Path, from: u64) -> io::Result<Box<dyn Read + '_>> {
        let inner = self.plain()?;
        let file = inner.find(path)?;
        let content = inner.content(file)?;
        let from = usize::try_from(from).unwrap().min(content.len());
        Ok(Box::new(io::Cursor::new(content[from..].to_vec())))
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Item>> {
        let inner = self.plain()?;
        let names = inner.names(inner.find(dir)?)?;
        let items = names.iter().map(|(name, node)| Item {
            name: name.into(),
            folder: matches!(inner.nodes[*node], Node::Folder { .. }),
        });
        Ok(items.collect())
    }

    fn create(&self, path: &Path) -> io::Result<()> {
        self.growing()?.add_file(path)
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        match self.step(Some(bytes.len()), true) {
            Ok(mut inner) => inner.append(path, bytes),
            Err(Failed(mut inner, torn, error)) => {
                if torn > 0 {
                    inner.append(path, &bytes[..torn])?;
                }
                Err(error)
            }
        }
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        let mut inner = self.plain()?;
        let file = inner.find(path)?;
        match &mut inner.nodes[file] {
            Node::File { live, synced } => synced.clone_from(live),
            Node::Folder { .. } => return Err(error(io::ErrorKind::IsADirectory)),
        }
        Ok(())
    }

    fn copy_mode(&self, from: &Path, to: &Path) -> io::Result<()> {
        let inner = self.plain()?;
        inner.find(from).and(inner.find(to)).map(drop)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut inner = self.plain()?;
        let (folder, old) = inner.place(from)?;
        let (target, new) = inner.place(to)?;
        assert_eq!(
            folder, target,
            "a rename across folders is not atomic everywhere"
        );
        let node = inner.find(from)?;
        if let Ok(there) = inner.find(to) {
            let folders = [node, there].map(|node| inner.names(node).is_ok());
            match folders {
                [false, true] => return Err(error(io::ErrorKind::IsADirectory)),
                [true, false] => return Err(error(io::ErrorKind::NotADirectory)),
                [true, true] if !inner.names(there)?.is_empty() => {
                    return Err(error(io::ErrorKind::DirectoryNotEmpty));
                }
                _ => {}
            }
        }
        inner.change(folder, vec![(old, None), (new, Some(node))]);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut inner = self.plain()?;
        let (folder, name) = inner.place(path)?;
        inner.content(inner.find(path)?)?;
        inner.change(folder, vec![(name, None)]);
        Ok(())
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        let (live, synced) = (Names::new(), Names::new());
        let node = Node::Folder { live, synced };
        let mut inner = match self.growing() {
            // A folder that is there already is said to be there even on a full disk.
            Err(full) if full.kind() == io::ErrorKind::StorageFull => {
                return match self.inner().find(path) {
                    Ok(_) => Err(error(io::ErrorKind::AlreadyExists)),
                    Err(_) => Err(full),
                };
            }
            inner => inner?,
        };
        inner.add(path, node)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        let mut inner = self.plain()?;
        let (folder, name) = inner.place(path)?;
        if !inner.names(inner.find(path)?)?.is_empty() {
            return Err(error(io::ErrorKind::DirectoryNotEmpty));
        }
        inner.change(folder, vec![(name, None)]);
        Ok(())
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        let mut inner = self.plain()?;
        let folder = inner.find(path)?;
        inner.names(folder)?;
        let pending = std::mem::take(&mut inner.pending);
        let (done, rest): (Vec<_>, Vec<_>) = pending
            .into_iter()
            .partition(|change| change.folder == folder);
        inner.pending = rest;
        if let Node::Folder { synced, .. } = &mut inner.nodes[folder] {
            done.iter().for_each(|change| change.apply(synced));
        }
        Ok(())
    }

    fn try_lock(&self, path: &Path) -> io::Result<Option<Lock>> {
        let mut inner = self.plain()?;
        if inner.find(path).is_err() {
            inner.add_file(path)?;
        }
        Ok(Some(Lock::none()))
    }
}
