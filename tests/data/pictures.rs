//! Picture files of every kind that is read: whole, cut, turned, hostile, and grey ones saved in colour.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use convscope::data::{ImageFile, ImageOptions};
use convscope::shape::Shape;
use image::{DynamicImage, GrayImage, ImageBuffer, ImageFormat, Luma, Rgb, RgbImage};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::images::{grey, load, load_with, other_notes};

/// Files that the image crate does not write, made with Pillow: 16×16 pixels, red on the left and blue on the right.
fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/pictures")
        .join(name)
}

/// Endings with the format that is written for them.
const FORMATS: &[(&str, ImageFormat)] = &[
    ("png", ImageFormat::Png),
    ("bmp", ImageFormat::Bmp),
    ("gif", ImageFormat::Gif),
    ("tif", ImageFormat::Tiff),
    ("TIFF", ImageFormat::Tiff),
    ("webp", ImageFormat::WebP),
    ("ppm", ImageFormat::Pnm),
    ("pnm", ImageFormat::Pnm),
    ("jpeg", ImageFormat::Jpeg),
    ("jfif", ImageFormat::Jpeg),
];

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Red on the left, blue on the right.
fn flag() -> RgbImage {
    RgbImage::from_fn(16, 16, |x, _| {
        if x < 8 {
            Rgb([200, 40, 40])
        } else {
            Rgb([20, 60, 220])
        }
    })
}

/// Noise, which no format stores in a few bytes.
fn noise(side: u32) -> DynamicImage {
    let mut state = 1_u32;
    let mut level = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    RgbImage::from_fn(side, side, |_, _| Rgb([level(), level(), level()])).into()
}

fn assert_is_flag(pixels: &[u8], noise: u8, what: &str) {
    let expected = flag().into_raw();
    assert_eq!(pixels.len(), expected.len(), "{what}");
    // JPEG and WebP blur the edge.
    let away = |at: usize| !(6..10).contains(&(at / 3 % 16));
    for (at, (found, level)) in pixels.iter().zip(&expected).enumerate() {
        assert!(
            !away(at) || found.abs_diff(*level) <= noise,
            "{what} at {at}: {found}, not {level}"
        );
    }
}

#[test]
fn every_format_is_read_whatever_its_name() {
    for (ending, format) in FORMATS {
        let folder = TempDir::new().unwrap();
        for class in ["cat", "dog"] {
            for image in 0..5 {
                let path = folder.path().join(format!("{class}/{image}.{ending}"));
                write(&path, &encoded(&flag().into(), *format));
            }
        }
        let set = load(folder.path()).unwrap();
        assert_eq!(set.shape(), Shape::new(16, 16, 3), "{ending}");
        assert_eq!((set.train().len(), set.test().len()), (8, 2), "{ending}");
        let noise = if *format == ImageFormat::Jpeg { 12 } else { 0 };
        assert_is_flag(&set.train().image_u8(0), noise, ending);
        assert_eq!(other_notes(&set), "");
        // The content tells, not the name.
        let path = folder.path().join("named.jpg");
        write(&path, &encoded(&flag().into(), *format));
        let pixels = ImageFile::open(&path).unwrap().into_pixels(3).unwrap();
        assert_is_flag(&pixels, noise, ending);
    }
}

#[test]
fn grey_maps_bitmaps_and_their_largest_levels() {
    for (text, expected) in [
        (&b"P2 3 1 15\n0 5 15\n"[..], [0, 85, 255]),
        (b"P5 3 1 255\n\x00\x55\xff", [0, 85, 255]),
        (b"P5 3 1 65535\n\x00\x00\x55\x55\xff\xff", [0, 85, 255]),
        (b"P1 3 1\n1 0 0\n", [0, 255, 255]),
    ] {
        let image = ImageFile::read(Cursor::new(text)).unwrap();
        assert!(!image.has_color_channels());
        assert_eq!(image.into_pixels(1).unwrap(), expected);
    }
}

#[test]
fn rarer_kinds_are_read_and_of_several_pictures_the_first() {
    for (name, noise) in [
        ("progressive.jpg", 12),
        ("cmyk.jpg", 30),
        ("lossy.webp", 20),
        ("palette.png", 0),
        ("two-pages.tif", 0),
        ("animated.gif", 0),
    ] {
        let image = ImageFile::open(&kept(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(image.has_color(), "{name}");
        assert_is_flag(&image.into_pixels(3).unwrap(), noise, name);
    }
    let deep: ImageBuffer<Luma<u16>, Vec<u16>> =
        ImageBuffer::from_raw(3, 1, vec![0, 0x5555, 0xffff]).unwrap();
    for format in [ImageFormat::Png, ImageFormat::Tiff] {
        let bytes = encoded(&deep.clone().into(), format);
        let image = ImageFile::read(Cursor::new(bytes)).unwrap();
        assert_eq!(image.into_pixels(1).unwrap(), [0, 85, 255]);
    }
    let floats: ImageBuffer<Rgb<f32>, Vec<f32>> = ImageBuffer::from_pixel(2, 2, Rgb([90.0; 3]));
    let bytes = encoded(&floats.into(), ImageFormat::Tiff);
    let reason = ImageFile::read(Cursor::new(bytes)).err().unwrap();
    assert_eq!(
        reason,
        "its pixels are floating-point numbers; save it with 8 or 16 bits"
    );
}

#[test]
fn a_picture_that_ends_early_is_skipped_and_named() {
    for (ending, format) in FORMATS {
        let whole = encoded(&noise(64), *format);
        for cut in [
            &whole[..whole.len() / 2],
            &whole[..whole.len() * 9 / 10],
            &[],
        ] {
            let folder = TempDir::new().unwrap();
            for class in ["cat", "dog"] {
                for image in 0..4 {
                    write(
                        &folder.path().join(format!("{class}/{image}.{ending}")),
                        &whole,
                    );
                }
            }
            write(&folder.path().join(format!("dog/1.{ending}")), cut);
            let set = load(folder.path()).unwrap();
            assert_eq!(
                set.train().len() + set.test().len(),
                7,
                "{ending} of {} bytes",
                cut.len()
            );
            let note = other_notes(&set);
            let start = format!("skipped 1 file that cannot be read as an image: dog/1.{ending} (");
            assert!(note.starts_with(&start), "{note}");
            assert!(note.ends_with(')') && !note.contains('\n'), "{note}");
            assert!(
                !cut.is_empty() || note.ends_with("(the file is empty)"),
                "{note}"
            );
        }
    }
}

#[test]
fn a_jpeg_is_whole_only_with_its_end() {
    let of = |bytes: &[u8]| ImageFile::read(Cursor::new(bytes)).map(|image| image.size());
    let early = Err("the image ends too early".to_owned());
    for whole in [
        encoded(&noise(64), ImageFormat::Jpeg),
        fs::read(kept("progressive.jpg")).unwrap(),
        fs::read(kept("cmyk.jpg")).unwrap(),
    ] {
        assert!(of(&whole).is_ok());
        for cut in [
            whole.len() / 2,
            whole.len() - 20,
            whole.len() - 2,
            whole.len() - 1,
        ] {
            assert_eq!(of(&whole[..cut]), early, "{cut} of {}", whole.len());
        }
        // The end of a preview is not the end of the picture.
        let preview = turned(&whole, 1, b"\xff\xd8 preview \xff\xd9");
        assert!(of(&preview).is_ok());
        assert_eq!(of(&preview[..preview.len() - 20]), early);
        // What follows the end is another matter: phones add a second picture.
        assert!(of(&[&whole[..], &whole[..30]].concat()).is_ok());
    }
}

/// The JPEG with an Exif segment (CIPA DC-008, 4.6) of this orientation, followed by other bytes.
fn turned(jpeg: &[u8], orientation: u8, rest: &[u8]) -> Vec<u8> {
    let tag = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
    let tiff = [&b"MM\0\x2a\0\0\0\x08\0\x01"[..], &tag, &[0; 4], rest].concat();
    let exif = [&b"Exif\0\0"[..], &tiff].concat();
    let length = (exif.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}

#[test]
fn pictures_stand_as_the_camera_was_held() {
    // Dark at the top, bright at the bottom left, half at the bottom right.
    let upright = GrayImage::from_fn(32, 16, |x, y| {
        Luma([if y < 8 {
            20
        } else if x < 16 {
            240
        } else {
            130
        }])
    });
    let image = DynamicImage::from(upright.clone());
    // What undoes each orientation of the standard.
    let stored = [
        image.clone(),
        image.fliph(),
        image.rotate180(),
        image.flipv(),
        image.rotate90().fliph(),
        image.rotate270(),
        image.rotate270().fliph(),
        image.rotate90(),
    ];
    let folder = TempDir::new().unwrap();
    for (orientation, stored) in (1..).zip(&stored) {
        let jpeg = turned(&encoded(stored, ImageFormat::Jpeg), orientation, &[]);
        for class in ["train/cat", "train/dog", "test/cat", "test/dog"] {
            write(
                &folder.path().join(format!("{class}/{orientation}.jpg")),
                &jpeg,
            );
        }
        let path = folder.path().join(format!("train/cat/{orientation}.jpg"));
        assert_eq!(ImageFile::size_of(&path), Ok((16, 32)));
        let opened = ImageFile::open(&path).unwrap();
        assert_eq!(opened.size(), (16, 32), "orientation {orientation}");
        let pixels = opened.into_pixels(1).unwrap();
        for (at, (found, level)) in pixels.iter().zip(upright.as_raw()).enumerate() {
            assert!(
                found.abs_diff(*level) < 12,
                "orientation {orientation} at {at}: {found}, not {level}"
            );
        }
    }
    let set = load(folder.path()).unwrap();
    assert_eq!(set.shape(), Shape::new(16, 32, 1));
    let bottom_left = 15 * 32;
    for image in 0..set.train().len() {
        let levels = set.train().image_u8(image);
        assert!(levels[0] < 40 && levels[bottom_left] > 220, "image {image}");
    }
}

/// Two classes of five pictures each.
fn folder_of(image: &DynamicImage, format: ImageFormat, ending: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    for class in ["cat", "dog"] {
        for number in 0..5 {
            let path = folder.path().join(format!("{class}/{number}.{ending}"));
            write(&path, &encoded(image, format));
        }
    }
    folder
}

/// Grey noise with this tint.
fn tinted(tint: u8) -> DynamicImage {
    let levels = noise(32).into_luma8();
    RgbImage::from_fn(32, 32, |x, y| {
        let level = levels.get_pixel(x, y).0[0].min(250);
        Rgb([level, level + tint, level])
    })
    .into()
}

#[test]
fn grey_saved_in_colour_is_grey() {
    let note = "saved in colour, but grey: opened with one channel (colors: colour keeps three)";
    let colour = |channels| ImageOptions {
        channels: Some(channels),
        ..ImageOptions::default()
    };
    for (format, ending) in [
        (ImageFormat::Png, "png"),
        (ImageFormat::Bmp, "bmp"),
        (ImageFormat::WebP, "webp"),
        (ImageFormat::Jpeg, "jpg"),
    ] {
        let folder = folder_of(&tinted(0), format, ending);
        let set = load(folder.path()).unwrap();
        assert_eq!(set.shape().channels, 1, "{ending}");
        assert_eq!(other_notes(&set), note);
        if format != ImageFormat::Jpeg {
            assert_eq!(
                set.train().image_u8(0),
                noise(32)
                    .into_luma8()
                    .into_raw()
                    .iter()
                    .map(|level| *level.min(&250))
                    .collect::<Vec<_>>()
            );
        }
        let set = load_with(folder.path(), colour(3)).unwrap();
        assert_eq!((set.shape().channels, other_notes(&set).as_str()), (3, ""));
        let set = load_with(folder.path(), colour(1)).unwrap();
        assert_eq!((set.shape().channels, other_notes(&set).as_str()), (1, ""));
    }
    // Grey files have nothing to tell.
    let folder = folder_of(&tinted(0).into_luma8().into(), ImageFormat::Png, "png");
    assert_eq!(other_notes(&load(folder.path()).unwrap()), "");
}

#[test]
fn a_single_coloured_pixel_is_colour_and_rounding_is_none() {
    for (tint, channels) in [(4, 1), (5, 3)] {
        let folder = folder_of(&tinted(tint), ImageFormat::Png, "png");
        assert_eq!(
            load(folder.path()).unwrap().shape().channels,
            channels,
            "tint {tint}"
        );
    }
    let folder = folder_of(&tinted(0), ImageFormat::Png, "png");
    let mut image = tinted(0).into_rgb8();
    image.put_pixel(31, 31, Rgb([90, 80, 90]));
    image.save(folder.path().join("dog/4.png")).unwrap();
    assert_eq!(load(folder.path()).unwrap().shape().channels, 3);
}

#[test]
fn sizes_are_judged_by_headers_before_anything_is_decoded() {
    let folder = TempDir::new().unwrap();
    let photo = encoded(&GrayImage::new(4000, 3000).into(), ImageFormat::Png);
    for class in ["cat", "dog"] {
        // A header without its pixels.
        for image in 0..3 {
            write(
                &folder.path().join(format!("{class}/{image}.png")),
                &photo[..64],
            );
        }
    }
    let error = load(folder.path()).unwrap_err();
    assert!(
        error.ends_with(
            ".png: is 3000×4000 (height×width), but images have at most 512×512 pixels; scale all to one size with --resize 64x64, \
             or with height and width on the screen"
        ),
        "{error}"
    );

    let folder = TempDir::new().unwrap();
    grey(&folder.path().join("train/cat/0.png"), 3, 4, 0);
    grey(&folder.path().join("train/dog/0.png"), 3, 4, 0);
    write(&folder.path().join("test/dog/0.png"), &photo[..64]);
    let error = load(folder.path()).unwrap_err();
    assert!(
        error.contains("train/cat/0.png is 3×4, but ")
            && error.contains("test/dog/0.png is 3000×4000"),
        "{error}"
    );
    assert!(
        error
            .contains("set one size for all with --resize, or with height and width on the screen"),
        "{error}"
    );
}

#[test]
fn a_header_that_claims_too_much_takes_no_memory() {
    let claim = |format: ImageFormat, edit: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = encoded(&flag().into(), format);
        edit(&mut bytes);
        ImageFile::read(Cursor::new(bytes))
            .err()
            .unwrap_or_default()
    };
    let large = "the image is too large";
    assert_eq!(
        claim(ImageFormat::Gif, &|bytes| bytes[6..10].fill(0xff)),
        large
    );
    assert_eq!(
        claim(ImageFormat::Bmp, &|bytes| bytes[18..26]
            .copy_from_slice(&[0xf0, 0xff, 0, 0, 0xf0, 0xff, 0, 0])),
        large
    );
    let jpeg = |bytes: &mut Vec<u8>| {
        let frame = bytes
            .windows(2)
            .position(|two| two == [0xff, 0xc0])
            .unwrap();
        bytes[frame + 5..frame + 9].fill(0xff);
    };
    assert_eq!(claim(ImageFormat::Jpeg, &jpeg), large);
    for text in [
        "P5 60000 60000 255\n",
        "P6 60000 60000 255\n",
        "P1 60000 60000\n",
        "P4 60000 60000\n",
    ] {
        let reason = ImageFile::read(Cursor::new(text.as_bytes())).err();
        assert_eq!(reason.as_deref(), Some(large), "{text}");
    }
    let mut png = encoded(&flag().into(), ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    let checksum = crc32fast::hash(&png[12..29]).to_be_bytes();
    png[29..33].copy_from_slice(&checksum);
    let reason = ImageFile::read(Cursor::new(png)).err();
    assert_eq!(reason.as_deref(), Some(large));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Damaged files are refused or read, in words of one line, and nothing panics.
    #[test]
    fn hostile_bytes_are_refused_in_words(
        format in 0..FORMATS.len(),
        kept_file in prop::option::of(0..6_usize),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let names = ["progressive.jpg", "cmyk.jpg", "lossy.webp", "palette.png", "two-pages.tif", "animated.gif"];
        let mut bytes = match kept_file {
            Some(file) => fs::read(kept(names[file])).unwrap(),
            None => encoded(&flag().into(), FORMATS[format].1),
        };
        for (at, byte) in edits {
            // Most of what a header claims is at the beginning.
            let end = if byte % 2 == 0 { bytes.len() } else { bytes.len().min(64) };
            let at = at.index(end);
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        match ImageFile::read(Cursor::new(&bytes)) {
            Ok(image) => {
                let (height, width) = image.size();
                prop_assert_eq!(image.into_pixels(1).unwrap().len(), height * width);
            }
            Err(reason) => prop_assert!(!reason.is_empty() && !reason.contains('\n'), "{}", reason),
        }
    }
}
