//! The typefaces that digits are drawn from: those in the program, and those of the system on request.

use std::fs;
use std::path::{Path, PathBuf};

use skrifa::{FontRef, MetadataProvider};

use super::glyph::Glyph;
use crate::data::error::{DataError, unreadable};

/// The ten digits of one typeface.
#[derive(Clone, Debug)]
pub(super) struct Typeface {
    pub digits: [Glyph; 10],
}

impl Typeface {
    /// The digits of the font file in `bytes`; nothing where it is no font or lacks one of them.
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

/// A typeface in the program.
#[derive(Clone, Copy, Debug)]
pub struct Bundled {
    /// The typeface that its digits were cut from.
    pub name: &'static str,
    pub handwritten: bool,
    bytes: &'static [u8],
}

macro_rules! typeface {
    ($name:literal, $handwritten:literal) => {
        Bundled {
            name: $name,
            handwritten: $handwritten,
            bytes: include_bytes!(concat!("../../../data/fonts/", $name, ".ttf")),
        }
    };
}

/// The typefaces in the program; `data/fonts/README.md` lists their licences.
pub const BUNDLED: [Bundled; 38] = [
    typeface!("annie-use-your-telescope", true),
    typeface!("architects-daughter", true),
    typeface!("bad-script", true),
    typeface!("caveat", true),
    typeface!("cedarville-cursive", true),
    typeface!("covered-by-your-grace", true),
    typeface!("delicious-handrawn", true),
    typeface!("gloria-hallelujah", true),
    typeface!("gochi-hand", true),
    typeface!("handlee", true),
    typeface!("homemade-apple", true),
    typeface!("indie-flower", true),
    typeface!("kalam", true),
    typeface!("mansalva", true),
    typeface!("nanum-brush-script", true),
    typeface!("nanum-pen-script", true),
    typeface!("neucha", true),
    typeface!("patrick-hand", true),
    typeface!("permanent-marker", true),
    typeface!("reenie-beanie", true),
    typeface!("rock-salt", true),
    typeface!("schoolbell", true),
    typeface!("shadows-into-light", true),
    typeface!("short-stack", true),
    typeface!("sue-ellen-francisco", true),
    typeface!("swanky-and-moo-moo", true),
    typeface!("the-girl-next-door", true),
    typeface!("zen-kurenaido", true),
    typeface!("comic-neue", false),
    typeface!("courier-prime", false),
    typeface!("eb-garamond", false),
    typeface!("inconsolata", false),
    typeface!("josefin-sans", false),
    typeface!("lato", false),
    typeface!("merriweather", false),
    typeface!("nunito", false),
    typeface!("open-sans", false),
    typeface!("roboto-slab", false),
];

/// The bundled typefaces in their order.
pub(super) fn bundled() -> Vec<Typeface> {
    let parse = |bundled: &Bundled| {
        Typeface::parse(bundled.bytes)
            .expect("a test draws the ten digits of each bundled typeface")
    };
    BUNDLED.iter().map(parse).collect()
}

/// The typefaces in a font file or, at any depth, in a folder; those without digits are passed over.
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
        let font = path.extension().is_some_and(|kind| {
            ["ttf", "otf", "ttc"]
                .iter()
                .any(|font| kind.eq_ignore_ascii_case(font))
        });
        files.extend(font.then(|| path.to_owned()));
    } else if depth < 8 {
        for entry in fs::read_dir(path).map_err(unreadable(path))? {
            // What vanishes or can't be read on the way down is no reason to give up the rest.
            let _ = collect(&entry.map_err(unreadable(path))?.path(), depth + 1, files);
        }
    }
    Ok(())
}
