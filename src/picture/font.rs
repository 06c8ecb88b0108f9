//! The built-in typefaces: how wide a text is, where its lines break, and the outline of a character.

use std::sync::LazyLock;

use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::outline::{DrawSettings, OutlineGlyphCollection, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};

/// A family of typefaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Face {
    /// For labels.
    #[default]
    Sans,
    /// All characters have one width.
    Mono,
}

/// How thick a typeface is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// As usual.
    #[default]
    Regular,
    /// For titles.
    Bold,
}

/// The width and height of the box in place of a character that no typeface has, in heights of the typeface.
const MISSING: [f32; 2] = [0.52, 0.7];
/// The space around that box.
const MISSING_SIDE: f32 = 0.04;

struct Typeface {
    characters: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    outlines: OutlineGlyphCollection<'static>,
}

impl Typeface {
    /// With all lengths in heights of the typeface.
    fn new(bytes: &'static [u8]) -> Self {
        let font = FontRef::new(bytes).expect("a test draws the letters of each built-in typeface");
        Self {
            characters: font.charmap(),
            metrics: font.glyph_metrics(Size::new(1.0), LocationRef::default()),
            outlines: font.outline_glyphs(),
        }
    }
}

macro_rules! typefaces {
    ($($constant:ident = $name:literal;)*) => {
        $(static $constant: LazyLock<Typeface> = LazyLock::new(|| {
            Typeface::new(include_bytes!(concat!("../../data/picture-fonts/", $name, ".ttf")))
        });)*
    };
}

// `data/picture-fonts/README.md` lists their licence.
typefaces! {
    SANS = "sans";
    SANS_BOLD = "sans-bold";
    MONO = "mono";
    MONO_BOLD = "mono-bold";
}

/// The typefaces of a face and weight, the best first: the bold ones have fewer characters.
fn typefaces(face: Face, weight: Weight) -> [&'static Typeface; 3] {
    match (face, weight) {
        (Face::Sans, Weight::Regular) => [&SANS, &SANS, &MONO],
        (Face::Sans, Weight::Bold) => [&SANS_BOLD, &SANS, &MONO],
        (Face::Mono, Weight::Regular) => [&MONO, &MONO, &SANS],
        (Face::Mono, Weight::Bold) => [&MONO_BOLD, &MONO, &SANS],
    }
}

fn find(character: char, face: Face, weight: Weight) -> Option<(&'static Typeface, GlyphId)> {
    typefaces(face, weight)
        .into_iter()
        .find_map(|typeface| Some((typeface, typeface.characters.map(character)?)))
}

/// Whether a typeface of this face has the character.
pub(super) fn is_known(character: char, face: Face) -> bool {
    let [own, ..] = typefaces(face, Weight::Regular);
    own.characters.map(character).is_some()
}

/// The width of a character in heights of the typeface.
fn advance(character: char, face: Face, weight: Weight) -> f32 {
    if character.is_control() {
        return 0.0;
    }
    let width = find(character, face, weight)
        .and_then(|(typeface, glyph)| typeface.metrics.advance_width(glyph));
    width.unwrap_or(MISSING[0] + 2.0 * MISSING_SIDE)
}

/// The width of a line of text in points, for a typeface of the height `size`; a character that no typeface has is as wide as the box in
/// its place.
pub fn text_width(text: &str, face: Face, weight: Weight, size: f32) -> f32 {
    let widths = text
        .chars()
        .map(|character| advance(character, face, weight));
    size * widths.sum::<f32>()
}

/// Draws the outlines of a text whose characters are `pitch` apart, or as far as in the typeface: in heights of the typeface, from the
/// beginning of the baseline, with y up.
pub(super) fn outline(
    text: &str,
    (face, weight): (Face, Weight),
    pitch: Option<f32>,
    pen: &mut impl OutlinePen,
) {
    let mut left = 0.0;
    for character in text.chars() {
        match find(character, face, weight) {
            Some((typeface, glyph)) => {
                let settings = DrawSettings::unhinted(Size::new(1.0), LocationRef::default());
                if let Some(outline) = typeface.outlines.get(glyph) {
                    // An outline that cannot be drawn is that of no letter: the typefaces are tested.
                    let _ = outline.draw(settings, &mut Moved { pen, by: left });
                }
            }
            None if character.is_control() || character.is_whitespace() => {}
            None => draw_missing(left + MISSING_SIDE, pen),
        }
        left += pitch.unwrap_or_else(|| advance(character, face, weight));
    }
}

/// The outline of an empty box.
fn draw_missing(left: f32, pen: &mut impl OutlinePen) {
    let [width, height] = MISSING;
    let line = 0.06;
    // The inner edge runs the other way round, which leaves the box empty.
    let (inner, outer) = ([line, width - line], [0.0, width]);
    for ([x0, x1], [y0, y1]) in [
        (outer, [0.0, height]),
        ([inner[1], inner[0]], [line, height - line]),
    ] {
        pen.move_to(left + x0, y0);
        pen.line_to(left + x1, y0);
        pen.line_to(left + x1, y1);
        pen.line_to(left + x0, y1);
        pen.close();
    }
}

/// Draws further to the right.
struct Moved<'a, P> {
    pen: &'a mut P,
    by: f32,
}

impl<P: OutlinePen> OutlinePen for Moved<'_, P> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.pen.move_to(x + self.by, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.pen.line_to(x + self.by, y);
    }

    fn quad_to(&mut self, control_x: f32, control_y: f32, x: f32, y: f32) {
        self.pen
            .quad_to(control_x + self.by, control_y, x + self.by, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.pen
            .curve_to(x1 + self.by, y1, x2 + self.by, y2, x + self.by, y);
    }

    fn close(&mut self) {
        self.pen.close();
    }
}

/// The text, with `…` in place of its middle if it is wider than `room` points.
pub(super) fn shortened(
    text: &str,
    (face, weight): (Face, Weight),
    size: f32,
    room: f32,
) -> String {
    if text_width(text, face, weight, size) <= room {
        return text.to_owned();
    }
    let characters: Vec<char> = text.chars().collect();
    let with = |kept: usize| -> String {
        let (start, end) = (kept - kept / 2, kept / 2);
        let start = characters[..start].iter();
        let end = characters[characters.len() - end..].iter();
        start.chain(&['…']).chain(end).collect()
    };
    // The width grows with what is kept.
    let (mut kept, mut too_many) = (0, characters.len());
    while too_many - kept > 1 {
        let middle = (kept + too_many) / 2;
        match text_width(&with(middle), face, weight, size) <= room {
            true => kept = middle,
            false => too_many = middle,
        }
    }
    with(kept)
}

/// The text in at most `most` lines of at most `room` points, broken between words; the last is shortened if need be.
pub(super) fn wrapped(
    text: &str,
    style: (Face, Weight),
    size: f32,
    room: f32,
    most: usize,
) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut is_new = true;
    for word in text.split_whitespace() {
        let is_last = lines.len() == most;
        match lines.last_mut() {
            Some(line) if !is_new => {
                let longer = format!("{line} {word}");
                if is_last || text_width(&longer, style.0, style.1, size) <= room {
                    *line = longer;
                } else {
                    lines.push(word.to_owned());
                }
            }
            _ => lines.push(word.to_owned()),
        }
        is_new = false;
    }
    let fit = |line: String| shortened(&line, style, size, room);
    lines.into_iter().map(fit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SANS: (Face, Weight) = (Face::Sans, Weight::Regular);

    #[derive(Default)]
    struct Count {
        contours: usize,
        least: f32,
        most: f32,
    }

    impl OutlinePen for Count {
        fn move_to(&mut self, x: f32, _: f32) {
            self.contours += 1;
            self.most = self.most.max(x);
            self.least = self.least.min(x);
        }
        fn line_to(&mut self, x: f32, _: f32) {
            self.most = self.most.max(x);
        }
        fn quad_to(&mut self, _: f32, _: f32, x: f32, _: f32) {
            self.most = self.most.max(x);
        }
        fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, _: f32, _: f32) {}
        fn close(&mut self) {}
    }

    fn drawn(text: &str, face: Face, weight: Weight) -> Count {
        let mut count = Count::default();
        outline(text, (face, weight), None, &mut count);
        count
    }

    #[test]
    fn every_typeface_draws_letters_within_their_width() {
        let latin = ('!'..='~')
            .chain('¡'..='ÿ')
            .filter(|letter| *letter != '\u{ad}');
        for character in latin {
            for face in [Face::Sans, Face::Mono] {
                for weight in [Weight::Regular, Weight::Bold] {
                    let text = character.to_string();
                    let count = drawn(&text, face, weight);
                    let width = text_width(&text, face, weight, 1.0);
                    assert!(count.contours > 0, "{character} {face:?} {weight:?}");
                    assert!(count.most < width + 0.1, "{character} {face:?} {weight:?}");
                }
            }
        }
    }

    #[test]
    fn the_signs_of_the_screen_are_known() {
        for sign in "…–·±×≤≥✓✗▲▼●○■□▶▸▴▾←→↑↓−²⁻αβεΣΔ√∞°❄◆⏎›‹".chars()
        {
            assert!(is_known(sign, Face::Mono), "{sign}");
            assert_eq!(
                text_width(&sign.to_string(), Face::Mono, Weight::Bold, 1.0),
                text_width("m", Face::Mono, Weight::Bold, 1.0),
                "{sign}"
            );
        }
        assert!(!is_known('長', Face::Mono));
    }

    #[test]
    fn a_character_that_no_typeface_has_is_a_box() {
        for text in ["長", "\u{1f600}", "\u{10ffff}"] {
            let count = drawn(text, Face::Sans, Weight::Regular);
            assert_eq!(count.contours, 2, "{text:?}");
            assert!(count.most < text_width(text, Face::Sans, Weight::Regular, 1.0));
        }
        assert_eq!(
            drawn("\u{7}\u{3000}", Face::Sans, Weight::Regular).contours,
            0
        );
    }

    #[test]
    fn a_long_text_keeps_its_ends() {
        let text = "baseline with augmentation, seed 12";
        let short = shortened(text, SANS, 10.0, 100.0);
        assert!(text_width(&short, SANS.0, SANS.1, 10.0) <= 100.0);
        assert!(
            short.starts_with("baseli") && short.ends_with("ed 12") && short.contains('…'),
            "{short}"
        );
        assert_eq!(shortened(text, SANS, 10.0, 1000.0), text);
        assert_eq!(shortened(text, SANS, 10.0, 0.0), "…");
        assert_eq!(shortened("", SANS, 10.0, 0.0), "");
    }

    #[test]
    fn lines_break_between_words() {
        let text = "accuracy of three networks on images that they were not trained on";
        let lines = wrapped(text, SANS, 10.0, 180.0, 3);
        assert_eq!(lines.join(" "), text);
        assert!(lines.len() > 1);
        let lines = wrapped(text, SANS, 10.0, 100.0, 2);
        assert_eq!(lines.len(), 2);
        for line in &lines {
            assert!(text_width(line, SANS.0, SANS.1, 10.0) <= 100.0, "{line}");
        }
        assert!(
            lines[1].contains('…') && lines[1].ends_with("on"),
            "{lines:?}"
        );
        assert!(wrapped(" ", SANS, 10.0, 100.0, 2).is_empty());
    }
}
