//! Threads with little room, and with much.

use crate::{alloc, counts};

/// Runs `f` on a thread whose stack holds `kib` KiB, and gives its result; a panic in `f` goes on here.
/// What the thread counts and allocates is counted here. (Starting it allocates a little, too: measure
/// inside `f` where that matters.)
///
/// Recursion that is too deep overflows the stack, and that ends the whole process (no panic, no
/// message of ours): keep such a test last in its file.
pub fn small_stack<R: Send>(kib: usize, f: impl FnOnce() -> R + Send) -> R {
    let name = std::thread::current()
        .name()
        .unwrap_or("small stack")
        .to_string();
    let outcome = std::thread::scope(|scope| {
        std::thread::Builder::new()
            .name(name)
            .stack_size(kib * 1024)
            .spawn_scoped(scope, || alloc::measure(|| counts::counts(f)))
            .expect("a thread can be started")
            .join()
    });
    match outcome {
        Ok(((result, counted), allocated)) => {
            counts::add(counted);
            alloc::add(allocated);
            result
        }
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Runs `f` as [`small_stack`] does, on a stack of 256 MiB: recursion through 100,000 nodes fits.
pub fn big_stack<R: Send>(f: impl FnOnce() -> R + Send) -> R {
    small_stack(256 * 1024, f)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Probe, allocations, counts};

    fn depth(n: u32) -> u32 {
        let frame = std::hint::black_box([n; 64]);
        if n == 0 { 0 } else { 1 + depth(frame[0] - 1) }
    }

    #[test]
    fn a_loop_fits_and_its_result_and_counts_come_back() {
        let xs = [2, 1, 3].map(Probe::new);
        let ((max, did), heap) = allocations(|| {
            counts(|| small_stack(64, || (xs.iter().max().copied(), vec![0_u8; 1 << 20].len())))
        });
        assert_eq!(max.0.map(|m| *m.inner()), Some(3));
        assert_eq!(did.comparisons, 2);
        assert!(heap.peak >= 1 << 20, "{heap:?}");
        assert_eq!(small_stack(64, || depth(20)), 20);
    }

    #[test]
    fn deep_recursion_fits_on_a_big_stack() {
        assert_eq!(big_stack(|| depth(100_000)), 100_000);
    }

    #[test]
    #[should_panic(expected = "from inside")]
    fn a_panic_comes_through() {
        small_stack(64, || panic!("from inside"));
    }

    #[cfg(unix)]
    #[test]
    fn catches_deep_recursion() {
        use std::os::unix::process::ExitStatusExt;
        use std::process::{Command, Stdio};
        if std::env::var_os("COUNTED_OVERFLOW").is_some() {
            small_stack(64, || depth(100_000));
        }
        let this = std::env::current_exe().expect("the test binary has a path");
        let status = Command::new(this)
            .args(["--exact", "stack::tests::catches_deep_recursion"])
            .env("COUNTED_OVERFLOW", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("the test binary starts");
        assert!(status.signal().is_some(), "it ended with {status}");
    }
}
