//! Unpacking the archive that several known sets come in.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use zip::ZipArchive;

use super::{is_whole, put_in_place};
use crate::data::error::{DataError, unreadable, unwritable};
use crate::data::known::{Archive, KnownFile};
use crate::data::progress::Progress;

/// Puts each set of the verified archive at `path` into its own folder in `into`, except for those that are there.
pub(super) fn unpack(
    archive: &Archive,
    path: &Path,
    into: &Path,
    progress: &Progress<'_>,
) -> Result<(), DataError> {
    let failed = |failures: String| DataError::Fetch {
        file: archive.file.name.to_owned(),
        failures,
    };
    let file = File::open(path).map_err(unreadable(path))?;
    let mut zip = ZipArchive::new(file).map_err(|error| failed(error.to_string()))?;
    // The archive's folders are not those of the sets.
    let names: Vec<String> = zip.file_names().flatten().map(Into::into).collect();
    let named = |file: &KnownFile| {
        let is_it = |name: &&String| name.rsplit('/').next() == Some(file.name);
        names.iter().find(is_it)
    };
    let staging = path.parent().unwrap_or(into);
    for (set, files) in archive.sets {
        let target = into.join(set);
        if is_whole(&target, files) {
            continue;
        }
        let folder = staging.join(set);
        fs::create_dir_all(&folder).map_err(unwritable(&folder))?;
        let mut places = Vec::new();
        for file in *files {
            progress.step(archive.file.bytes, archive.file.bytes)?;
            let name = named(file).ok_or_else(|| failed(format!("{} is not in it", file.name)))?;
            let place = folder.join(file.name);
            let mut write = || {
                let mut entry = zip.by_name(name)?;
                let mut out = File::create(&place)?;
                io::copy(&mut entry, &mut out)?;
                out.sync_all()
            };
            write().map_err(unwritable(&place))?;
            places.push(place);
        }
        put_in_place(&folder, &places, &target)?;
    }
    Ok(())
}
