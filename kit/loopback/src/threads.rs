//! Which threads a server has left behind.
//!
//! On Linux a thread that was given no name inherits its creator's. So the thread that starts the
//! server takes a name that nobody else has, and every thread of that name is the server's. Threads
//! that the server gives names to are not seen, and other systems show nothing; there only the
//! deadlines of `join` and the port tell.

use std::sync::atomic::{AtomicU32, Ordering};

const OWN_NAME: &str = "/proc/thread-self/comm";

/// A name for threads that no other thread of this process has.
#[derive(Clone)]
pub(crate) struct Mark(u32);

impl Mark {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    pub(crate) fn number(&self) -> u32 {
        self.0
    }

    /// Linux keeps 15 bytes of a thread's name.
    fn name(&self) -> String {
        format!("server-{}", self.0)
    }

    /// Runs `f` under the name: threads that it starts inherit it.
    pub(crate) fn over<R>(&self, f: impl FnOnce() -> R) -> R {
        let before = std::fs::read_to_string(OWN_NAME);
        std::fs::write(OWN_NAME, self.name()).ok();
        let result = f();
        if let Ok(before) = before {
            std::fs::write(OWN_NAME, before.trim_end()).ok();
        }
        result
    }

    /// How many threads have the name now; 0 where the system doesn't tell.
    pub(crate) fn count(&self) -> usize {
        let own = self.name();
        let Ok(tasks) = std::fs::read_dir("/proc/self/task") else {
            return 0;
        };
        tasks
            .flatten()
            .filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok())
            .filter(|name| name.trim_end() == own)
            .count()
    }
}
