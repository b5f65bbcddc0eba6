//! The official track passes the gate.

use std::process::Command;

#[test]
fn the_official_track_has_nothing_to_mend() {
    let output = Command::new(env!("CARGO_BIN_EXE_backlings"))
        .args(["--track", env!("CARGO_MANIFEST_DIR"), "dev", "check"])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
