//! Embeds the official track: every file as it is, in a sorted table, so that starting costs nothing.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let mut files = vec!["guide.toml".to_string(), "info.toml".to_string()];
    for part in ["exercises", "solutions", "kit"] {
        println!("cargo:rerun-if-changed={part}");
        walk(&root.join(part), part, &mut files);
    }
    println!("cargo:rerun-if-changed=guide.toml");
    println!("cargo:rerun-if-changed=info.toml");
    println!("cargo:rerun-if-changed=build.rs");
    files.sort();

    let mut table = String::from(
        "/// The official track, sorted by path.\nstatic OFFICIAL: &[(&str, &[u8])] = &[\n",
    );
    for file in &files {
        let path = root.join(file);
        table.push_str(&format!("    ({file:?}, include_bytes!({path:?})),\n"));
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo"));
    fs::write(out.join("official.rs"), table).expect("OUT_DIR can be written");
}

fn walk(dir: &Path, shown: &str, files: &mut Vec<String>) {
    let entries =
        fs::read_dir(dir).unwrap_or_else(|error| panic!("cannot read {}: {error}", dir.display()));
    for entry in entries {
        let entry = entry.expect("a folder's entry can be read");
        let name = entry
            .file_name()
            .into_string()
            .expect("names in the track are UTF-8");
        let path = format!("{shown}/{name}");
        if entry
            .file_type()
            .expect("a file's type can be read")
            .is_dir()
        {
            if name != "target" && !name.starts_with('.') {
                walk(&entry.path(), &path, files);
            }
        } else {
            files.push(path);
        }
    }
}
