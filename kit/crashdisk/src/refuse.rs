//! One refused operation after the other.

use std::io;

use crate::Disk;

/// Does the same again and again on a disk that works but for one operation, each time another one, until there is none left.
///
/// `prepare` makes the disk and what works on it. `what` says in the disk's story, and in a failure, what `act` does: it has to
/// return the error. `check` then gets what is left, on a disk that works again.
///
/// # Panics
/// When an operation was refused and `act` returned `Ok`; behind the message stands the story of the disk.
#[track_caller]
pub fn refuse_each<S, T>(
    what: &str,
    prepare: impl Fn() -> (Disk, S),
    act: impl Fn(&Disk, &mut S) -> io::Result<T>,
    check: impl Fn(&Disk, S),
) {
    for step in 1.. {
        let (disk, mut state) = prepare();
        disk.note(what);
        disk.refuse_at(step);
        let result = act(&disk, &mut state);
        if !disk.has_refused() {
            return;
        }
        assert!(
            result.is_err(),
            "the disk refused one operation, and {what} returned Ok:{}",
            disk.story()
        );
        check(&disk, state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::File;
    use std::cell::Cell;
    use std::panic::catch_unwind;

    /// How often an operation was refused.
    fn refused(append: fn(&File) -> io::Result<()>) -> u32 {
        let prepare = || {
            let disk = Disk::new();
            let file = disk.create("a").unwrap();
            (disk, file)
        };
        let refused = Cell::new(0);
        let check = |disk: &Disk, file: File| {
            refused.set(refused.get() + 1);
            assert!(disk.has_refused());
            file.sync().unwrap();
        };
        refuse_each("append", prepare, |_, file| append(file), check);
        refused.get()
    }

    #[test]
    fn each_operation_is_refused_once() {
        let append = |file: &File| {
            file.append(b"1")?;
            file.sync()
        };
        assert_eq!(refused(append), 2, "a write and a sync");
        assert_eq!(refused(|_| Ok(())), 0);
    }

    #[test]
    fn who_drops_the_error_of_a_write_is_caught() {
        let append = |file: &File| {
            let _ = file.append(b"1");
            file.sync()
        };
        let panic = catch_unwind(|| refused(append)).unwrap_err();
        let said = panic.downcast_ref::<String>().unwrap();
        assert!(said.contains("append returned Ok"), "{said}");
        assert!(said.contains("refused, sync(a)"), "{said}");
    }
}
