use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

mod exploring;
mod scripts;
mod subjects;

pub(crate) fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// The message of the panic that `f` ends with.
pub(crate) fn panic_of(f: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(f)).expect_err("it should have been caught");
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => (*panic.downcast::<&str>().expect("a panic has a message")).into(),
    }
}
