//! A PNG or JPEG file: decoded, composed on white or black where it is transparent, and read as grey levels or colours.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Seek};
use std::path::Path;

use image::error::UnsupportedErrorKind;
use image::imageops::FilterType;
use image::{
    DynamicImage, GrayAlphaImage, GrayImage, ImageError, ImageReader, RgbImage, RgbaImage,
};

use crate::wording::reason_of;

const BLACK: u8 = 0;
const WHITE: u8 = 255;

/// An opaque picture from a file.
#[derive(Clone)]
pub struct ImageFile {
    image: DynamicImage,
}

impl ImageFile {
    /// Reads the picture in a file; its format is recognized by the first bytes, not by the name.
    ///
    /// # Errors
    /// The reason in words where the file cannot be read or is not a picture.
    pub fn open(path: &Path) -> Result<Self, String> {
        let file = File::open(path).map(BufReader::new);
        let reader = file.and_then(|file| ImageReader::new(file).with_guessed_format());
        Self::decode(reader.map_err(|error| reason_of(&error))?)
    }

    /// Decodes the picture of a reader with a known format.
    ///
    /// # Errors
    /// The reason in words where it is not a picture.
    pub fn decode(reader: ImageReader<impl BufRead + Seek>) -> Result<Self, String> {
        let image = on_paper(reader.decode().map_err(words)?);
        Ok(Self { image })
    }

    /// Height and width in pixels.
    pub fn size(&self) -> (usize, usize) {
        (self.image.height() as usize, self.image.width() as usize)
    }

    /// Whether any pixel is not grey.
    pub fn has_color(&self) -> bool {
        self.image.color().has_color()
    }

    /// The same picture scaled to this size, stretched where the aspect ratio differs.
    pub fn resized(self, (height, width): (usize, usize)) -> Self {
        if self.size() == (height, width) {
            return self;
        }
        let image = self
            .image
            .resize_exact(width as u32, height as u32, FilterType::Triangle);
        Self { image }
    }

    /// `[height, width, channels]`, 0–255: grey levels for one channel, red, green and blue for three; `None` for another number.
    pub fn into_pixels(self, channels: usize) -> Option<Vec<u8>> {
        match channels {
            1 => Some(self.image.into_luma8().into_raw()),
            3 => Some(self.image.into_rgb8().into_raw()),
            _ => None,
        }
    }
}

/// Why a picture cannot be decoded.
fn words(error: ImageError) -> String {
    let words = match error {
        ImageError::IoError(error) if error.kind() != ErrorKind::UnexpectedEof => {
            return reason_of(&error);
        }
        ImageError::Unsupported(error) => match error.kind() {
            UnsupportedErrorKind::Format(_) => "not a PNG or JPEG image",
            _ => "an image of a kind that is not supported",
        },
        ImageError::Limits(_) => "the image is too large",
        _ => "the image is damaged",
    };
    words.to_owned()
}

/// A transparent picture composed on paper: on white where its ink is dark, on black where it is light, since on paper of its own
/// level it would be invisible.
fn on_paper(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return image;
    }
    let inks = image.to_luma_alpha8();
    let paper = paper_under(&inks);
    let laid = |level: u8, alpha: u8| {
        let (level, alpha) = (u32::from(level), u32::from(alpha));
        let sum = level * alpha + u32::from(paper) * (255 - alpha);
        ((sum + 127) / 255) as u8
    };
    let (width, height) = (image.width(), image.height());
    if image.color().has_color() {
        let colors: RgbaImage = image.into_rgba8();
        let pixels = colors.pixels();
        let laid = pixels.flat_map(|pixel| {
            let [red, green, blue, alpha] = pixel.0;
            [red, green, blue].map(|level| laid(level, alpha))
        });
        RgbImage::from_raw(width, height, laid.collect()).map(DynamicImage::from)
    } else {
        let laid = inks.pixels().map(|pixel| laid(pixel.0[0], pixel.0[1]));
        GrayImage::from_raw(width, height, laid.collect()).map(DynamicImage::from)
    }
    .expect("as many pixels as before")
}

fn paper_under(inks: &GrayAlphaImage) -> u8 {
    let (mut covered, mut light) = (0_u64, 0_u64);
    for pixel in inks.pixels() {
        let [level, alpha] = pixel.0.map(u64::from);
        covered += alpha;
        light += level * alpha;
    }
    if 2 * light < covered * u64::from(WHITE) {
        WHITE
    } else {
        BLACK
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayAlphaImage, LumaA, Rgba};

    fn grey(picture: ImageFile) -> Vec<u8> {
        picture.into_pixels(1).expect("one channel")
    }

    fn laid(pixels: [[u8; 2]; 3]) -> Vec<u8> {
        let image = GrayAlphaImage::from_fn(3, 1, |x, _| LumaA(pixels[x as usize]));
        let image = on_paper(DynamicImage::from(image));
        grey(ImageFile { image })
    }

    #[test]
    fn dark_ink_lies_on_white_and_light_ink_on_black() {
        assert_eq!(laid([[0, 255], [0, 0], [0, 51]]), [0, 255, 204]);
        assert_eq!(laid([[255, 255], [255, 0], [255, 51]]), [255, 0, 51]);
        assert_eq!(laid([[10, 255], [200, 255], [90, 255]]), [10, 200, 90]);
    }

    #[test]
    fn colours_stay_colours() {
        let image = RgbaImage::from_fn(2, 1, |x, _| Rgba([200, 0, 10, 255 * (1 - x as u8)]));
        let picture = ImageFile {
            image: on_paper(DynamicImage::from(image)),
        };
        assert!(picture.has_color());
        let pixels = picture.into_pixels(3).expect("three channels");
        assert_eq!(pixels, [200, 0, 10, 255, 255, 255]);
    }

    #[test]
    fn a_picture_has_one_or_three_channels() {
        let image = DynamicImage::from(GrayImage::new(2, 2));
        assert_eq!(ImageFile { image }.into_pixels(2), None);
    }
}
