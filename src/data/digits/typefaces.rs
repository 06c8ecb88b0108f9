//! The typefaces of synthetic digits: those in the program, and others on request.

use std::fs;
use std::path::{Path, PathBuf};

use skrifa::{FontRef, MetadataProvider};

use super::glyph::Glyph;
use crate::data::error::{DataError, unreadable};
use crate::data::names::has_ending;

#[derive(Clone, Debug)]
pub(super) struct Typeface {
    pub digits: [Glyph; 10],
}

impl Typeface {
    /// The digits of the font file in `bytes`; `None` where it is not a font or lacks a digit.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let font = FontRef::from_index(bytes, 0).ok()?;
        let (characters, outlines) = (font.charmap(), font.outline_glyphs());
        // A font of symbols has pictures in the digits' places.
        if characters.is_symbol() {
            return None;
        }
        let digits: Vec<Glyph> = ('0'..='9')
            .map_while(|digit| Glyph::new(&outlines.get(characters.map(digit)?)?))
            .collect();
        Some(Self {
            digits: digits.try_into().ok()?,
        })
    }
}

macro_rules! fonts {
    ($($name:literal,)*) => {
        &[$(include_bytes!(concat!("../../../data/fonts/", $name, ".ttf")) as &[u8]),*]
    };
}

/// The fonts in the program that look handwritten; `data/fonts/README.md` lists their licences.
pub(super) const HANDWRITTEN: &[&[u8]] = fonts![
    "annie-use-your-telescope",
    "architects-daughter",
    "bad-script",
    "caveat",
    "cedarville-cursive",
    "covered-by-your-grace",
    "delicious-handrawn",
    "gloria-hallelujah",
    "gochi-hand",
    "handlee",
    "homemade-apple",
    "indie-flower",
    "kalam",
    "mansalva",
    "nanum-brush-script",
    "nanum-pen-script",
    "neucha",
    "patrick-hand",
    "permanent-marker",
    "reenie-beanie",
    "rock-salt",
    "schoolbell",
    "shadows-into-light",
    "short-stack",
    "sue-ellen-francisco",
    "swanky-and-moo-moo",
    "the-girl-next-door",
    "zen-kurenaido",
];
/// The other fonts in the program.
pub(super) const PRINTED: &[&[u8]] = fonts![
    "comic-neue",
    "courier-prime",
    "eb-garamond",
    "inconsolata",
    "josefin-sans",
    "lato",
    "merriweather",
    "nunito",
    "open-sans",
    "roboto-slab",
];

/// The built-in typefaces in their order.
pub(super) fn bundled() -> Vec<Typeface> {
    let fonts = HANDWRITTEN.iter().chain(PRINTED);
    let parse = |font: &&[u8]| {
        Typeface::parse(font).expect("a test draws the ten digits of each bundled typeface")
    };
    fonts.map(parse).collect()
}

/// The typefaces in a font file or, at any depth, in a folder; those without digits are skipped.
pub(super) fn in_path(path: &Path) -> Result<Vec<Typeface>, DataError> {
    let mut files = Vec::new();
    collect(path, 0, &mut files)?;
    files.sort();
    let typefaces = files
        .iter()
        .filter_map(|file| Typeface::parse(&fs::read(file).ok()?));
    Ok(typefaces.collect())
}

fn collect(path: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), DataError> {
    if fs::metadata(path).map_err(unreadable(path))?.is_file() {
        let is_font = has_ending(path, &["ttf", "otf", "ttc"]);
        files.extend(is_font.then(|| path.to_owned()));
    } else if depth < 8 {
        for entry in fs::read_dir(path).map_err(unreadable(path))? {
            // Files that vanish or cannot be read on the way down are skipped.
            let _ = collect(&entry.map_err(unreadable(path))?.path(), depth + 1, files);
        }
    }
    Ok(())
}
