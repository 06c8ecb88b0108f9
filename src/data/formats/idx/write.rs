//! Writing a data set as four IDX files.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::FILES;
use super::classes::mapping_of;
use super::names::{self, Files, IMAGE_KINDS, LABEL_KINDS};
use crate::data::class_names;
use crate::data::dataset::{Dataset, refuse_validation};
use crate::data::error::{DataError, Problem};
use crate::data::split::Split;
use crate::data::whole_file::WholeFile;
use crate::data::written_form::WrittenForm;

/// MNIST's form.
pub const IDX_FORM: WrittenForm = WrittenForm {
    name: "idx",
    help: "a folder of four gzipped IDX files",
    extension: None,
    value_bytes: [1, 1],
    arrays: None,
    save: |dataset, path, _, _| save(dataset, path, true),
};

/// Writes `dataset` into `folder` as four IDX files, gzipped where `packed`, and `classes.txt`.
///
/// Pixels that are not whole bytes are refused, validation images, and a folder where older files would be read instead of the new
/// ones. All files are complete before the first is put in its place.
pub fn save(dataset: &Dataset, folder: &Path, packed: bool) -> Result<(), DataError> {
    refuse_validation(dataset, folder)?;
    let [train, test] = [dataset.train(), dataset.test()];
    let files = [
        images(FILES[0], dataset, train)?,
        labels(FILES[1], dataset, train),
        images(FILES[2], dataset, test)?,
        labels(FILES[3], dataset, test),
    ];
    let ending = if packed { ".gz" } else { "" };
    let names = files
        .each_ref()
        .map(|file| format!("{}{ending}", file.name));
    let others = names::sets(folder);
    let others = others.iter().flat_map(Files::found).cloned();
    // With EMNIST's mapping beside them, images are turned.
    let mapping = mapping_of(&Files {
        folder: folder.to_owned(),
        ..Files::default()
    });
    let mut others = others
        .chain(mapping)
        .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    if let Some(found) = others.find(|other| !names.contains(other)) {
        return Err(Problem::InTheWay(found).at(folder.display()));
    }
    let mut whole = Vec::new();
    for (file, name) in files.iter().zip(names) {
        let mut place = WholeFile::create(&folder.join(name))?;
        let failed = place.failed();
        file.write(place.file(), packed).map_err(failed)?;
        whole.push(place);
    }
    let names = folder.join(class_names::FILE);
    whole.push(class_names::write(&names, dataset.class_names())?);
    whole.into_iter().try_for_each(WholeFile::finish)
}

struct IdxFile<'a> {
    name: String,
    /// The magic number and the dimensions.
    header: Vec<u32>,
    values: Cow<'a, [u8]>,
}

impl IdxFile<'_> {
    fn write(&self, file: impl Write, packed: bool) -> io::Result<()> {
        let header: Vec<u8> = self
            .header
            .iter()
            .flat_map(|number| number.to_be_bytes())
            .collect();
        let mut file = BufWriter::new(file);
        if packed {
            let mut encoder = GzEncoder::new(file, Compression::default());
            encoder.write_all(&header)?;
            encoder.write_all(&self.values)?;
            encoder.finish()?.flush()
        } else {
            file.write_all(&header)?;
            file.write_all(&self.values)?;
            file.flush()
        }
    }
}

fn images<'a>(name: &str, dataset: &Dataset, split: &'a Split) -> Result<IdxFile<'a>, DataError> {
    let shape = split.shape();
    let colour = shape.channels > 1;
    let mut header = vec![0x803 + u32::from(colour), split.len() as u32];
    header.extend([shape.height as u32, shape.width as u32]);
    header.extend(colour.then_some(shape.channels as u32));
    let values = split.whole_levels().map_err(|image| {
        let form = "IDX files";
        Problem::NotBytes { form, image }.at(&dataset.name)
    })?;
    Ok(IdxFile {
        name: name.replace(IMAGE_KINDS[0], IMAGE_KINDS[usize::from(colour)]),
        header,
        values,
    })
}

fn labels(name: &str, dataset: &Dataset, split: &Split) -> IdxFile<'static> {
    let wide = dataset.classes() > 256;
    let bytes = split.labels().iter().map(|label| label.to_be_bytes());
    IdxFile {
        name: name.replace(LABEL_KINDS[0], LABEL_KINDS[usize::from(wide)]),
        header: vec![if wide { 0xb01 } else { 0x801 }, split.len() as u32],
        values: match wide {
            true => bytes.flatten().collect(),
            false => bytes.map(|[_, low]| low).collect(),
        },
    }
}
