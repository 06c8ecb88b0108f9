//! Where data is read from and written to, and the bar meanwhile.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use color_eyre::eyre::eyre;
use indicatif::{ProgressBar, ProgressStyle};

use super::super::failure::Failure;
use super::super::interrupt::Interrupt;
use super::super::output::note;
use crate::data::npz::{self, Form, SaveOptions};
use crate::data::tasks::TEST_SHARE;
use crate::data::{Dataset, ImageOptions, Limits, LoadOptions, Progress, formats, idx, locate};

// The data set to read. (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
pub struct LoadArguments {
    #[arg(help = data_help())]
    pub data: String,
    /// Scale every image of a folder of images to this size, as 28x28
    #[arg(long, value_name = "HxW", value_parser = size)]
    pub resize: Option<(usize, usize)>,
    /// The share of each class that becomes the test images of a folder without train/ and test/
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = ImageOptions::default().test_share)]
    pub test_share: f64,
    /// The most that one array may unpack to, in GiB
    #[arg(long, value_name = "GIB", default_value_t = Limits::default().decompressed_bytes >> 30)]
    pub most_memory: u64,
}

impl LoadArguments {
    /// Reads the set, with a bar where that takes long; Ctrl-C ends it.
    pub fn load(&self) -> Result<Dataset, Failure> {
        let options = LoadOptions {
            limits: Limits {
                decompressed_bytes: self.most_memory << 30,
            },
            images: ImageOptions {
                size: self.resize,
                test_share: self.test_share,
                ..ImageOptions::default()
            },
        };
        with_bar("reading", |progress| {
            locate(Some(&self.data))?.load_with(&options, progress)
        })
    }
}

fn data_help() -> String {
    format!(
        "A data set: its name (fashion-mnist, mnist, synthetic-digits, or a name with -starter), {}",
        formats::any()
    )
}

fn share(text: &str) -> Result<f64, String> {
    let value = TEST_SHARE
        .parse(text)
        .map_err(|problem| problem.to_string());
    Ok(value?.number())
}

fn size(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once(['x', '×']);
    parts
        .and_then(|(height, width)| Some((height.parse().ok()?, width.parse().ok()?)))
        .filter(|(height, width)| (1..=512).contains(height) && (1..=512).contains(width))
        .ok_or_else(|| "expected height x width, each 1 to 512, as 28x28".to_owned())
}

/// How a set is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// npz with arr_0 to arr_3 and no other array: float32 pixels from 0 to 1, one-hot labels, as the seed GUI writes it; the classes'
    /// names go into a file beside it, clothes.classes.txt to clothes.npz
    Npz,
    /// npz with x_train to y_test, pixels 0 to 255 where they came so, as Keras writes it; names as for npz
    Keras,
    /// A folder of four gzipped IDX files
    Idx,
}

/// The options of an npz file of this format; `None` for IDX.
pub fn npz_options(format: Format, packed: bool) -> Option<SaveOptions> {
    let form = match format {
        Format::Npz => Form::Seed,
        Format::Keras => Form::Keras,
        Format::Idx => return None,
    };
    Some(SaveOptions { form, packed })
}

/// Writes `dataset` to `path`.
pub fn save(dataset: &Dataset, path: &Path, format: Format, packed: bool) -> Result<(), Failure> {
    with_bar("writing", |progress| match npz_options(format, packed) {
        Some(options) => npz::save(dataset, path, options, progress),
        None => idx::save(dataset, path, true),
    })?;
    note(&format!("written to {}", path.display()));
    Ok(())
}

/// Refuses to write over what is there, unless that was asked for.
pub fn check_free(path: &Path, overwrite: bool) -> Result<(), Failure> {
    if overwrite || !path.exists() {
        return Ok(());
    }
    Err(Failure::Input(eyre!(
        "{}: is there already; name another place, or add --overwrite",
        path.display()
    )))
}

/// Does something long with a bar on stderr, and lets Ctrl-C end it.
pub fn with_bar<T>(
    what: &'static str,
    work: impl FnOnce(&Progress<'_>) -> Result<T, crate::data::DataError>,
) -> Result<T, Failure> {
    let interrupt = Interrupt::listen().map_err(Failure::failed)?;
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{msg} {wide_bar} {percent} %  {eta} left")
        .expect("the template is well-formed");
    bar.set_style(style);
    bar.set_message(what);
    let progress = Progress::new(interrupt.flag(), |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    });
    let done = work(&progress);
    drop(progress);
    bar.finish_and_clear();
    done.map_err(|error| super::failure(error, interrupt.request()))
}

/// `runs` of a path argument with a name of its own: the user's data folder for fetched sets.
pub fn data_folder() -> Result<PathBuf, Failure> {
    crate::data::Places::here().user.ok_or_else(|| {
        Failure::Input(eyre!(
            "this user has no data folder; name one with --into DIR, and say it to the program with --data or $CONVSCOPE_DATA"
        ))
    })
}
