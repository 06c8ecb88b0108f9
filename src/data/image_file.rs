//! A picture in a file: decoded, turned upright, composed on white or black where it is transparent, and read as grey levels or colours.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek};
use std::path::Path;

use image::error::UnsupportedErrorKind;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{
    DynamicImage, GrayAlphaImage, GrayImage, ImageDecoder, ImageError, ImageFormat, ImageReader,
    Limits, RgbImage, RgbaImage,
};

use super::names::has_ending;
use crate::wording::reason_of;

const BLACK: u8 = 0;
const WHITE: u8 = 255;

/// The largest difference between two channels of a pixel, of 255 levels, that is JPEG's rounding and no colour.
pub(super) const CHROMA_NOISE: u8 = 4;

/// What is read, for a sentence.
pub const KINDS: &str = "PNG, JPEG, BMP, GIF, TIFF, WebP or PNM";

/// The extensions of pictures. The last three are named by what is wrong with them.
pub(super) const ENDINGS: &[&str] = &[
    "png", "jpg", "jpeg", "jfif", "bmp", "gif", "tif", "tiff", "webp", "pbm", "pgm", "ppm", "pnm",
    "heic", "heif", "avif",
];

/// Whether it is named like a picture.
pub(super) fn is_image(path: &Path) -> bool {
    has_ending(path, ENDINGS)
}

/// An opaque picture from a file.
#[derive(Clone)]
pub struct ImageFile {
    image: DynamicImage,
}

impl ImageFile {
    /// Reads the picture in a file, the first one where it has several; its format is recognized by the first bytes, not by the name.
    ///
    /// # Errors
    /// The reason in words where the file cannot be read or is not a whole picture.
    pub fn open(path: &Path) -> Result<Self, String> {
        Self::read(opened(path)?)
    }

    /// As [`open`](Self::open), of these bytes.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn read(mut bytes: impl BufRead + Seek) -> Result<Self, String> {
        if format(&mut bytes)? == ImageFormat::Jpeg
            && !is_whole_jpeg(&mut bytes).map_err(|error| reason_of(&error))?
        {
            return Err("the image ends too early".to_owned());
        }
        let mut decoder = decoder(bytes)?;
        let orientation = orientation(&mut decoder);
        let mut image = DynamicImage::from_decoder(decoder).map_err(words)?;
        if matches!(
            image,
            DynamicImage::ImageRgb32F(_) | DynamicImage::ImageRgba32F(_)
        ) {
            return Err(
                "its pixels are floating-point numbers; save it with 8 or 16 bits".to_owned(),
            );
        }
        image.apply_orientation(orientation);
        Ok(Self {
            image: on_paper(image),
        })
    }

    /// Height and width in pixels of the picture in a file, from its header.
    ///
    /// # Errors
    /// As for [`open`](Self::open), where the header already shows it.
    pub fn size_of(path: &Path) -> Result<(usize, usize), String> {
        let mut decoder = decoder(opened(path)?)?;
        let (width, height) = decoder.dimensions();
        let (width, height) = (width as usize, height as usize);
        let lies = matches!(
            orientation(&mut decoder),
            Orientation::Rotate90
                | Orientation::Rotate270
                | Orientation::Rotate90FlipH
                | Orientation::Rotate270FlipH
        );
        Ok(if lies {
            (width, height)
        } else {
            (height, width)
        })
    }

    /// Whether these bytes begin like a picture.
    pub fn begins(bytes: &[u8]) -> bool {
        image::guess_format(bytes).is_ok()
    }

    /// Height and width in pixels.
    pub fn size(&self) -> (usize, usize) {
        (self.image.height() as usize, self.image.width() as usize)
    }

    /// Whether it has channels of colour, even if no pixel has any.
    pub fn has_color_channels(&self) -> bool {
        self.image.color().has_color()
    }

    /// Whether any pixel is not grey.
    pub fn has_color(&self) -> bool {
        self.has_color_channels()
            && self.image.to_rgb8().pixels().any(|pixel| {
                let [red, green, blue] = pixel.0;
                let most = red.max(green).max(blue);
                most - red.min(green).min(blue) > CHROMA_NOISE
            })
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

fn opened(path: &Path) -> Result<BufReader<File>, String> {
    let file = File::open(path).map_err(|error| reason_of(&error))?;
    Ok(BufReader::new(file))
}

fn format(bytes: &mut (impl BufRead + Seek)) -> Result<ImageFormat, String> {
    let mut first = [0; 16];
    let mut taken = bytes.by_ref().take(first.len() as u64);
    let length = io::copy(&mut taken, &mut &mut first[..]);
    let length = length.and_then(|length| bytes.rewind().map(|()| length));
    let first = match length.map_err(|error| reason_of(&error))? {
        0 => return Err("the file is empty".to_owned()),
        length => &first[..length as usize],
    };
    // ISO base media files: `ftyp` and its kind follow a length.
    let kind = first.get(4..).and_then(|rest| rest.strip_prefix(b"ftyp"));
    match image::guess_format(first) {
        _ if kind.is_some() => {
            Err("HEIC and AVIF are not read; convert it to PNG or JPEG".to_owned())
        }
        Ok(format) => Ok(format),
        Err(_) => Err("not an image".to_owned()),
    }
}

/// A decoder that has read the header.
fn decoder<'a>(mut bytes: impl BufRead + Seek + 'a) -> Result<impl ImageDecoder + 'a, String> {
    let format = format(&mut bytes)?;
    let decoder = ImageReader::with_format(bytes, format).into_decoder();
    let mut decoder = decoder.map_err(words)?;
    let mut limits = Limits::default();
    // What the header declares is part of the limit, before memory is taken for it.
    let reserved = limits.reserve(decoder.total_bytes());
    reserved
        .and_then(|()| decoder.set_limits(limits))
        .map_err(words)?;
    Ok(decoder)
}

/// How the camera was held; upright where the file does not tell.
fn orientation(decoder: &mut impl ImageDecoder) -> Orientation {
    let told = decoder.orientation();
    told.unwrap_or(Orientation::NoTransforms)
}

/// Whether a JPEG has its end: a decoder puts grey for whatever is missing. The bytes are rewound.
fn is_whole_jpeg(bytes: &mut (impl BufRead + Seek)) -> io::Result<bool> {
    let is_whole = match skip_jpeg(bytes) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => false,
        skipped => skipped.map(|()| true)?,
    };
    bytes.rewind()?;
    Ok(is_whole)
}

/// Reads up to the marker of the end (ITU-T T.81, B.1.1).
fn skip_jpeg(bytes: &mut (impl BufRead + Seek)) -> io::Result<()> {
    const END: u8 = 0xd9;
    fn byte(bytes: &mut impl Read) -> io::Result<u8> {
        let mut byte = [0];
        bytes.read_exact(&mut byte)?;
        Ok(byte[0])
    }
    loop {
        bytes.skip_until(0xff)?;
        let mut marker = 0xff;
        while marker == 0xff {
            marker = byte(bytes)?;
        }
        match marker {
            END => return Ok(()),
            // A level of 0xff among the pixels, or a marker without data.
            0x00 | 0x01 | 0xd0..=0xd8 => {}
            _ => {
                let length = u16::from_be_bytes([byte(bytes)?, byte(bytes)?]);
                bytes.seek_relative(i64::from(length) - 2)?;
            }
        }
    }
}

/// Why a picture cannot be decoded.
fn words(error: ImageError) -> String {
    let words = match error {
        // Anything else is a decoder's own.
        ImageError::IoError(error) if error.raw_os_error().is_some() => {
            return reason_of(&error);
        }
        ImageError::Unsupported(error) => match error.kind() {
            UnsupportedErrorKind::Format(_) => "an image of a format that is not read",
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
