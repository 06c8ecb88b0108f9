//! What the fuzz targets share: bytes become files in a folder, and a set is read from there.

mod inputs;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use convscope::data::{Limits, Located};
use tempfile::TempDir;

use self::inputs::TARGETS;

/// The folder of this process.
static FOLDER: LazyLock<TempDir> =
    LazyLock::new(|| TempDir::new().expect("there is room for files"));

/// Reads the set that `bytes` are for the target of this name, in a folder that holds only its files. It may be refused, but neither panic nor
/// take more than a few megabytes.
pub fn read(target: &str, bytes: &[u8]) {
    let folder = FOLDER.path();
    let target = TARGETS.iter().find(|known| known.name == target);
    let target = target.expect("each target is in the list");
    let input = (target.input)(bytes);
    for (name, bytes) in &input.files {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap_or(folder)).expect("there is room for folders");
        fs::write(file, bytes).expect("there is room for files");
    }
    let limits = Limits {
        decompressed_bytes: 1 << 22,
    };
    let set = Located::At(target.format, folder.join(input.path)).load(&limits);
    if let Err(error) = &set {
        assert!(!error.to_string().is_empty());
    }
    drop(set);
    for (name, _) in &input.files {
        fs::remove_file(folder.join(name)).expect("it was just written");
    }
    let folders = input
        .files
        .iter()
        .flat_map(|(name, _)| Path::new(name).ancestors().skip(1));
    for inner in folders.filter(|inner| *inner != Path::new("")) {
        // One with another file goes with that.
        let _ = fs::remove_dir(folder.join(inner));
    }
}
