//! The Rust toolchain that judges.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;

use super::Environment;

/// Where the compiler and its companions are.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// The compiler itself, not rustup's proxy, which costs 10 ms at each call.
    pub rustc: PathBuf,
    /// cargo, for building dependency groups.
    pub cargo: PathBuf,
    /// clippy, for advice after a pass.
    pub clippy: Option<PathBuf>,
    /// Differs between any two compilers.
    pub id: String,
}

impl Toolchain {
    /// Finds the toolchain that `rustc` means in a folder.
    ///
    /// # Errors
    /// When there is none, or it does not run, with how to get one.
    pub fn find(dir: &Path) -> Result<Self, Environment> {
        let proxy = which::which("rustc").map_err(|_| {
            Environment::new(
                "there is no Rust compiler (rustc) on the PATH",
                "install Rust from https://rustup.rs, then try again",
            )
        })?;
        let output = Command::new(&proxy)
            .args(["--print", "sysroot"])
            .current_dir(dir)
            .output()
            .map_err(|error| {
                Environment::new(
                    format!("{} does not start: {error}", proxy.display()),
                    "reinstall Rust from https://rustup.rs",
                )
            })?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_string();
            return Err(Environment::new(
                format!("`rustc --print sysroot` failed: {said}"),
                "run `rustc -vV` in this folder and mend what it says; a rust-toolchain.toml above it may name a missing toolchain",
            ));
        }
        let bin = Path::new(String::from_utf8_lossy(&output.stdout).trim()).join("bin");
        let beside = |name: &str| Some(bin.join(exe(name))).filter(|path| path.is_file());
        let rustc = beside("rustc").unwrap_or(proxy);
        let cargo = match beside("cargo") {
            Some(cargo) => cargo,
            None => which::which("cargo").map_err(|_| {
                Environment::new(
                    "there is no cargo beside rustc or on the PATH",
                    "install Rust from https://rustup.rs",
                )
            })?,
        };
        let id = identify(&rustc);
        Ok(Self {
            rustc,
            cargo,
            clippy: beside("clippy-driver"),
            id,
        })
    }
}

fn exe(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}

/// Path, size and time of the compiler: asking it for its version would take 11 ms.
fn identify(rustc: &Path) -> String {
    let found = std::fs::metadata(rustc).ok();
    let size = found.as_ref().map_or(0, std::fs::Metadata::len);
    let changed = found
        .and_then(|found| found.modified().ok())
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .map_or(0, |since| since.as_nanos());
    format!("{} {size} {changed}", rustc.display())
}

/// The variables that would make our compiler behave otherwise than the learner's cargo, removed.
pub fn clean_env() -> Vec<(OsString, Option<OsString>)> {
    const FOREIGN: [&str; 10] = [
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
        "CARGO_BUILD_TARGET",
        "RUSTC_BOOTSTRAP",
        "CARGO_INCREMENTAL",
        "RUST_TEST_THREADS",
        "RUST_TEST_NOCAPTURE",
        "CARGO_TARGET_DIR",
    ];
    FOREIGN
        .iter()
        .map(|name| (OsString::from(name), None))
        .collect()
}

/// `name=value` on top of [`clean_env`].
pub(super) fn set(
    env: &mut Vec<(OsString, Option<OsString>)>,
    name: &str,
    value: impl AsRef<OsStr>,
) {
    env.retain(|(known, _)| known != name);
    env.push((name.into(), Some(value.as_ref().into())));
}
