//! That the numbers can be measured at all; what they are is no matter for a test.

#![cfg(unix)]

use std::path::Path;

use backlings::dev::bench::{self, Plan};

#[test]
fn everything_is_measured_once() {
    let program = Path::new(env!("CARGO_BIN_EXE_backlings"));
    let plan = Plan {
        samples: 1,
        verdicts: 4,
        exercises: 12,
    };
    let rows = bench::run(program, &plan, &mut |_| {}).unwrap();
    let row = |start: &str| {
        let found = rows.iter().find(|row| row.name.starts_with(start));
        found.unwrap_or_else(|| panic!("no row \"{start}\" in {rows:#?}"))
    };
    let bare = row("bare rustc and run, a test fails");
    let verdict = row("save to verdict, a test fails");
    let share = row("  of bare, a test fails");
    assert!((share.value - verdict.value / bare.value).abs() < 1e-9);
    for name in [
        "save to verdict, all tests pass",
        "our own share",
        "  next verdicts after 200 MB",
        "first screen of watch, 12 exercises, all done",
        "list, 12 exercises, none done",
        "progress, 12 exercises, all done",
        "check, each of 12 exercises",
    ] {
        assert!(row(name).value.is_finite(), "{:?}", row(name));
        assert!(row(name).holds.is_some() || name.starts_with("save"));
    }
    if cfg!(target_os = "linux") {
        // The one bar that a busy machine does not move.
        let memory = row("memory of the watcher after printing 200 MB");
        assert!(memory.value > 1.0);
        assert_eq!(memory.holds, Some(true), "{memory:?}");
    }
}
