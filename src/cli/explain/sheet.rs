//! Pictures for the terminal and as PNG files, enlarged by a whole factor.

use std::io::Cursor;
use std::path::Path;

use color_eyre::eyre::eyre;
use image::{ImageFormat, RgbImage};

use super::super::failure::Failure;
use super::super::output::{line, write_file};
use super::super::pictures::Picture;
use crate::analysis::explain::Explanation;
use crate::shape::Shape;
use crate::ui::inline::Inline;
use crate::ui::theme::ColorMap;
use crate::ui::widgets::Tile;

/// The longer side of a picture is at least this many pixels.
const SIDE: usize = 280;
/// Pixels between the images of a sheet, and their level.
const GAP: usize = 1;
const GAP_LEVEL: u8 = 64;

/// Images `[height, width, 1 or 3]` of one shape, 0–255, each with its caption in the terminal.
pub struct Sheet {
    pub shape: Shape,
    pub images: Vec<(Vec<u8>, String)>,
    /// The colour map of single-channel images in the terminal.
    pub map: ColorMap,
}

impl Sheet {
    /// Draws them if stdout is a terminal.
    pub fn draw(&self) -> Result<(), Failure> {
        let Some(terminal) = Inline::of_stdout() else {
            return Ok(());
        };
        let tiles = self.images.iter();
        let tiles: Vec<Tile> = tiles
            .map(|(pixels, label)| Tile::new(pixels, label))
            .collect();
        let (text, shown) = terminal.images(&tiles, self.shape, self.map);
        line(&text)?;
        match tiles.len() - shown {
            0 => Ok(()),
            rest => line(&format!("… and {rest} more; --out writes all of them")),
        }
    }

    /// Writes them in a grid that is close to a square; whole or not at all.
    pub fn save(&self, path: &Path) -> Result<(), Failure> {
        let [height, width, channels] = self.shape.into();
        let count = self.images.len();
        let columns = (1..).find(|side| side * side >= count).unwrap_or(1);
        let rows = count.div_ceil(columns).max(1);
        let whole = Shape::new(
            rows * (height + GAP) - GAP,
            columns * (width + GAP) - GAP,
            channels,
        );
        let mut pixels = vec![GAP_LEVEL; whole.len()];
        for (number, (image, _)) in self.images.iter().enumerate() {
            let top = number / columns * (height + GAP);
            let left = number % columns * (width + GAP);
            for (row, line) in image.chunks_exact(width * channels).enumerate() {
                let start = ((top + row) * whole.width + left) * channels;
                pixels[start..start + line.len()].copy_from_slice(line);
            }
        }
        save(&pixels, whole, path)
    }

    /// Adds a picture before the others, which are in colour.
    pub fn beside(mut self, picture: &Picture) -> Self {
        let channels = picture.pixels.len() / (self.shape.height * self.shape.width);
        let times = self.shape.channels / channels;
        let levels = picture.pixels.iter();
        let pixels = levels.flat_map(|level| std::iter::repeat_n(*level, times));
        self.images
            .insert(0, (pixels.collect(), picture.name.clone()));
        self
    }

    /// Draws them if stdout is a terminal, and writes them if a file is given.
    pub fn show(&self, out: Option<&Path>) -> Result<(), Failure> {
        out.map_or(Ok(()), |out| self.save(out))?;
        self.draw()
    }
}

/// Refuses to make a picture that is neither shown nor written.
pub fn check_seen(out: Option<&Path>) -> Result<(), Failure> {
    match out.is_some() || Inline::of_stdout().is_some() {
        true => Ok(()),
        false => Err(Failure::Input(eyre!(
            "--out: expected a PNG file to write, for example --out why.png; only a terminal can show pictures"
        ))),
    }
}

/// The legend below an overlay.
pub fn legend(explanation: &Explanation) -> String {
    let orange = explanation.method.kind().orange;
    match Inline::of_stdout().is_some_and(|terminal| terminal.has_colors()) {
        true if explanation.has_against() => format!("orange {orange}, blue against"),
        true => format!("orange: {orange} the class"),
        false => "for and against differ in colour only".to_owned(),
    }
}

/// ` → why.png`, if a file is written.
pub fn arrow(out: Option<&Path>) -> String {
    out.map_or_else(String::new, |out| format!(" → {}", out.display()))
}

/// Writes `[height, width, 1 or 3]` as a PNG, whole or not at all.
fn save(pixels: &[u8], shape: Shape, path: &Path) -> Result<(), Failure> {
    let times = SIDE.div_ceil(shape.height.max(shape.width).max(1));
    let (width, height) = ((shape.width * times) as u32, (shape.height * times) as u32);
    let image = RgbImage::from_fn(width, height, |x, y| {
        let (row, column) = (y as usize / times, x as usize / times);
        let at = (row * shape.width + column) * shape.channels;
        match pixels[at..at + shape.channels] {
            [red, green, blue] => image::Rgb([red, green, blue]),
            _ => image::Rgb([pixels[at]; 3]),
        }
    });
    let mut bytes = Vec::new();
    image
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .map_err(Failure::failed)?;
    write_file(path, &bytes)
}
