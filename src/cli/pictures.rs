//! Images given on the command line, in the network's input shape.

use std::cell::{OnceCell, RefCell};
use std::io::{self, Cursor, Read};
use std::path::Path;

use clap::Args;
use color_eyre::eyre::eyre;

use super::failure::Failure;
use super::output::note;
use super::trained::Trained;
use crate::analysis::drawing::{Adjustment, Habit, centred};
use crate::data::{IMAGE_KINDS, ImageFile, Limits, has_ending, npz};
use crate::shape::Shape;
use crate::wording::reason_of;

// How images are adjusted for the network. (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
pub struct PictureArguments {
    /// Adjust images to match the training images: invert dark ink on bright paper, crop to the figure and centre it, whichever the
    /// training images call for
    #[arg(long, conflicts_with_all = ["invert", "centre"])]
    auto: bool,
    /// Invert images, for dark ink on bright paper when the network was trained on bright on dark
    #[arg(long)]
    invert: bool,
    /// Scale and centre the figure as in MNIST
    #[arg(long, alias = "center")]
    centre: bool,
}

/// An image in the network's shape.
pub struct Picture {
    pub name: String,
    /// `[height, width, channels]`, 0–255
    pub pixels: Vec<u8>,
    /// What `--auto` changed.
    pub adjustment: Adjustment,
}

impl Picture {
    /// `[height, width, channels]` in [0, 1].
    pub fn values(&self) -> Vec<f32> {
        let values = self.pixels.iter().map(|value| f32::from(*value) / 255.0);
        values.collect()
    }

    /// `, inverted and centred`, or whatever was done.
    pub fn what_was_done(&self) -> &'static str {
        match (self.adjustment.invert, self.adjustment.centre) {
            (false, false) => "",
            (true, false) => ", inverted",
            (false, true) => ", centred",
            (true, true) => ", inverted and centred",
        }
    }
}

/// Reads images for a network.
pub struct Reader<'a> {
    trained: &'a Trained,
    arguments: &'a PictureArguments,
    /// The polarity and placement of the training images, or why they are not known.
    known: OnceCell<Result<Habit, String>>,
    /// The images that `--auto` would change: the note about the first, and their number.
    notable: RefCell<Option<(String, usize)>>,
}

impl<'a> Reader<'a> {
    pub fn new(trained: &'a Trained, arguments: &'a PictureArguments) -> Self {
        Self {
            trained,
            arguments,
            known: OnceCell::new(),
            notable: RefCell::default(),
        }
    }

    /// The images in `name`: one from an image file of any size, those of an npz file, or either from standard input for `-`.
    ///
    /// # Errors
    /// [`Failure::Input`] if it holds no image, if an npz file has images of another shape than the network's input, or if the training
    /// images that `--auto` needs cannot be loaded.
    pub fn read(&self, name: &str) -> Result<Vec<Picture>, Failure> {
        if name == "-" {
            self.on_stdin()
        } else {
            self.in_file(name)
        }
    }

    /// Prints a note if `--auto` would change images.
    pub fn note_what_would_help(&self) {
        if let Some((first, images)) = self.notable.take() {
            let others = match images {
                1 => String::new(),
                2 => ", and would change 1 more image".to_owned(),
                images => format!(", and would change {} more images", images - 1),
            };
            note(&(first + &others));
        }
    }

    fn in_file(&self, name: &str) -> Result<Vec<Picture>, Failure> {
        let unreadable = |reason: String| {
            Failure::Input(eyre!(
                "{name}: {reason}; expected an image ({IMAGE_KINDS}) or an npz file"
            ))
        };
        let path = Path::new(name);
        if has_ending(path, &["npz"]) {
            return self.in_npz(path, name);
        }
        let image = ImageFile::open(path).map_err(unreadable)?;
        Ok(vec![self.in_shape(name, image)?])
    }

    /// The picture in the network's shape.
    fn in_shape(&self, name: &str, image: ImageFile) -> Result<Picture, Failure> {
        let shape = self.trained.input();
        let no_channels = || {
            Failure::Input(eyre!(
                "the network expects {shape} images, which image files cannot hold; pass them as npz on standard input (`-`)"
            ))
        };
        let (height, width) = image.size();
        let whole = image
            .clone()
            .into_pixels(shape.channels)
            .ok_or_else(no_channels)?;
        let size = Shape::new(height, width, shape.channels);
        let resized = || {
            let resized = image.resized((shape.height, shape.width));
            resized.into_pixels(shape.channels).unwrap_or_default()
        };
        self.prepared(name.to_owned(), (&whole, size), resized)
    }

    /// The picture as the network sees it, from all its pixels and from those in the network's shape.
    fn prepared(
        &self,
        name: String,
        (whole, size): (&[u8], Shape),
        resized: impl FnOnce() -> Vec<u8>,
    ) -> Result<Picture, Failure> {
        let PictureArguments {
            auto,
            invert,
            centre,
        } = *self.arguments;
        let shape = self.trained.input();
        let habit = Habit::of_image(whole, size);
        let adjustment = match invert || centre {
            true => Adjustment::default(),
            false => self.adjustment(habit)?,
        };
        if auto && !adjustment.is_none() {
            let pixels = adjustment.applied(whole, size, shape);
            return Ok(Picture {
                name,
                pixels,
                adjustment,
            });
        }
        if !adjustment.is_none() {
            self.remember(&name, habit, adjustment);
        }
        let mut pixels = resized();
        if invert {
            pixels.iter_mut().for_each(|value| *value = 255 - *value);
        }
        if centre {
            pixels = centred(&pixels, shape);
        }
        Ok(Picture {
            name,
            pixels,
            adjustment: Adjustment::default(),
        })
    }

    /// The adjustment for an image of this habit.
    fn adjustment(&self, habit: Habit) -> Result<Adjustment, Failure> {
        // True of most networks: their data need not be loaded.
        let usual = Habit {
            has_dark_ink: Some(false),
            is_centred: Some(true),
        };
        let is_usual = habit == usual || habit == Habit::default();
        if is_usual && !self.arguments.auto {
            return Ok(Adjustment::default());
        }
        let known = match self.known.get() {
            Some(known) => known,
            None => match self.trained.habit() {
                Err(interrupted @ Failure::Interrupted(..)) => return Err(interrupted),
                found => {
                    let found = found.map_err(|failure| failure.in_words());
                    self.known.get_or_init(|| found)
                }
            },
        };
        match known {
            Ok(known) => Ok(habit.adjustment_to(*known)),
            Err(reason) if self.arguments.auto => Err(Failure::Input(eyre!(
                "--auto: needs the data set that the network was trained on: {reason}"
            ))),
            Err(_) => Ok(Adjustment::default()),
        }
    }

    fn remember(&self, name: &str, habit: Habit, adjustment: Adjustment) {
        let mut notable = self.notable.borrow_mut();
        if let Some((_, images)) = &mut *notable {
            *images += 1;
            return;
        }
        let set = &self.trained.trained_on.name;
        let known = self.known.get().and_then(|known| known.as_ref().ok());
        let known = known.copied().unwrap_or_default();
        let ink = format!(
            "{}, while {set} is {}",
            habit.ink_in_words(),
            known.ink_in_words()
        );
        let place = "not scaled and centred as";
        let (what, would) = match adjustment {
            Adjustment { centre: false, .. } => (ink, "inverts"),
            Adjustment { invert: false, .. } => (format!("{place} in {set}"), "centres"),
            _ => (format!("{ink}; {place} there"), "inverts and centres"),
        };
        *notable = Some((format!("{name}: {what}; --auto {would} it"), 1));
    }

    fn on_stdin(&self) -> Result<Vec<Picture>, Failure> {
        let mut bytes = Vec::new();
        let limit = Limits::default().decompressed_bytes;
        io::stdin()
            .lock()
            .take(limit)
            .read_to_end(&mut bytes)
            .map_err(|error| {
                let reason = reason_of(&error);
                Failure::Failed(eyre!("standard input cannot be read: {reason}"))
            })?;
        // It may also be a single image.
        if ImageFile::begins(&bytes) {
            let image = ImageFile::read(Cursor::new(&bytes))
                .map_err(|reason| Failure::Input(eyre!("standard input: {reason}")))?;
            return Ok(vec![self.in_shape("standard input", image)?]);
        }
        let folder = tempfile::tempdir().map_err(Failure::failed)?;
        let path = folder.path().join("stdin.npz");
        std::fs::write(&path, &bytes).map_err(Failure::failed)?;
        self.in_npz(&path, "standard input")
    }

    /// The images of an npz file, called `name` in messages.
    fn in_npz(&self, path: &Path, name: &str) -> Result<Vec<Picture>, Failure> {
        let split = npz::images(path, &Limits::default()).map_err(|error| {
            let text = error.to_string();
            let text = text.replace(&path.display().to_string(), name);
            Failure::Input(eyre!("{text}"))
        })?;
        let shape = self.trained.input();
        if split.shape() != shape {
            return Err(Failure::Input(eyre!(
                "{name}: has {} images, but the network expects {shape}",
                split.shape()
            )));
        }
        let pictures = (0..split.len()).map(|index| {
            let name = match name {
                "standard input" => format!("image {index}"),
                _ => format!("{name} image {index}"),
            };
            let pixels = split.image_u8(index);
            self.prepared(name, (&pixels, shape), || pixels.clone())
        });
        pictures.collect()
    }
}
