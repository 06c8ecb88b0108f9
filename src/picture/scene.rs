//! What a picture consists of: flat shapes on a background.

use super::font::{Face, Weight, text_width};

/// A colour: red, green, blue.
pub type Rgb = [u8; 3];

/// A place: points to the right of the left edge and below the upper one.
pub type Point = [f32; 2];

/// The longest side of a picture in points.
const LONGEST: f32 = 100_000.0;

/// Shapes in the order in which they are painted; a point is 1/72 inch.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    size: [f32; 2],
    background: Option<Rgb>,
    shapes: Vec<Shape>,
}

/// One shape of a picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A filled rectangle.
    Rectangle(Rectangle),
    /// Straight lines through points.
    Line(Line),
    /// A filled polygon.
    Polygon(Polygon),
    /// A line of text.
    Text(Text),
}

/// An opaque rectangle whose sides are parallel to those of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rectangle {
    /// Its upper left corner.
    pub corner: Point,
    /// Width and height.
    pub size: [f32; 2],
    /// Its colour.
    pub color: Rgb,
}

/// Straight lines from point to point.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Two or more.
    pub points: Vec<Point>,
    /// Its colour.
    pub color: Rgb,
    /// Its width in points.
    pub width: f32,
    /// Lengths of dashes and gaps in turn; none for a solid line.
    pub dashes: &'static [f32],
    /// From 0 to 1.
    pub opacity: f32,
}

/// A filled area; the last point is joined with the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Polygon {
    /// Three or more.
    pub points: Vec<Point>,
    /// Its colour.
    pub color: Rgb,
    /// From 0 to 1.
    pub opacity: f32,
}

/// One line of text.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Where its baseline begins, has its middle or ends.
    pub place: Point,
    /// The text without line breaks.
    pub text: String,
    /// The height of the typeface in points.
    pub size: f32,
    /// Which part of the baseline is at the place.
    pub anchor: Anchor,
    /// Regular or bold.
    pub weight: Weight,
    /// The typeface.
    pub face: Face,
    /// Its colour.
    pub color: Rgb,
    /// The width of every character, if it is not that of the typeface.
    pub pitch: Option<f32>,
    /// Whether it reads upwards.
    pub is_turned: bool,
}

/// Which part of a text is at its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    /// Its beginning.
    #[default]
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

impl Picture {
    /// An empty picture of this width and height in points, from 1 to 100,000; transparent without a background.
    pub fn new(size: [f32; 2], background: Option<Rgb>) -> Self {
        let bounded = |length: f32| match length.is_nan() {
            true => 1.0,
            false => length.clamp(1.0, LONGEST),
        };
        Self {
            size: size.map(bounded),
            background,
            shapes: Vec::new(),
        }
    }

    /// Width and height in points.
    pub const fn size(&self) -> [f32; 2] {
        self.size
    }

    /// The colour behind all shapes; `None` for a transparent picture.
    pub const fn background(&self) -> Option<Rgb> {
        self.background
    }

    /// The shapes in the order in which they are painted.
    pub fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// Adds a shape above the others, unless there is nothing to see of it: a number that is not finite, no extent, no text.
    pub fn add(&mut self, shape: impl Into<Shape>) {
        let shape = shape.into();
        if shape.is_visible() {
            self.shapes.push(shape);
        }
    }
}

impl Shape {
    fn is_visible(&self) -> bool {
        let finite = |points: &[Point]| points.iter().flatten().all(|value| value.is_finite());
        let positive = |value: f32| value.is_finite() && value > 0.0;
        match self {
            Self::Rectangle(Rectangle { corner, size, .. }) => {
                finite(&[*corner]) && size.iter().all(|side| positive(*side))
            }
            Self::Line(line) => {
                line.points.len() > 1
                    && finite(&line.points)
                    && positive(line.width)
                    && positive(line.opacity)
                    && line.dashes.iter().all(|length| positive(*length))
            }
            Self::Polygon(polygon) => {
                polygon.points.len() > 2 && finite(&polygon.points) && positive(polygon.opacity)
            }
            Self::Text(text) => {
                finite(&[text.place])
                    && positive(text.size)
                    && text.pitch.is_none_or(positive)
                    && !text.text.trim().is_empty()
            }
        }
    }
}

impl Text {
    /// A text of the sans typeface that begins at `place`.
    pub fn new(place: Point, text: impl Into<String>, size: f32, color: Rgb) -> Self {
        Self {
            place,
            text: text.into(),
            size,
            anchor: Anchor::Start,
            weight: Weight::Regular,
            face: Face::Sans,
            color,
            pitch: None,
            is_turned: false,
        }
    }

    /// With this part of it at its place.
    pub fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    /// In this weight.
    pub fn weighing(self, weight: Weight) -> Self {
        Self { weight, ..self }
    }

    /// Reading upwards.
    pub fn turned(self) -> Self {
        Self {
            is_turned: true,
            ..self
        }
    }

    /// Its width in points, by the metrics of the built-in typefaces.
    pub fn width(&self) -> f32 {
        match self.pitch {
            Some(pitch) => pitch * self.text.chars().count() as f32,
            None => text_width(&self.text, self.face, self.weight, self.size),
        }
    }

    /// How far its beginning is before its place.
    pub(super) fn lead(&self) -> f32 {
        match self.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => 0.5 * self.width(),
            Anchor::End => self.width(),
        }
    }
}

macro_rules! shapes {
    ($($kind:ident)*) => {
        $(impl From<$kind> for Shape {
            fn from(shape: $kind) -> Self {
                Self::$kind(shape)
            }
        })*
    };
}

shapes!(Rectangle Line Polygon Text);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_not_added() {
        let mut picture = Picture::new([f32::NAN, f32::INFINITY], None);
        assert_eq!(picture.size(), [1.0, LONGEST]);
        let line = |points: Vec<Point>, width| Line {
            points,
            color: [0; 3],
            width,
            dashes: &[],
            opacity: 1.0,
        };
        picture.add(line(vec![[0.0, 0.0], [f32::NAN, 1.0]], 1.0));
        picture.add(line(vec![[0.0, 0.0]], 1.0));
        picture.add(line(vec![[0.0, 0.0], [1.0, 1.0]], 0.0));
        picture.add(Text::new([0.0, 0.0], " ", 10.0, [0; 3]));
        picture.add(Rectangle {
            corner: [0.0, 0.0],
            size: [3.0, -1.0],
            color: [0; 3],
        });
        assert_eq!(picture.shapes(), []);
        picture.add(line(vec![[0.0, 0.0], [1.0, 1.0]], 1.0));
        assert_eq!(picture.shapes().len(), 1);
    }

    #[test]
    fn a_text_knows_where_it_begins() {
        let text = Text::new([50.0, 0.0], "accuracy", 10.0, [0; 3]);
        assert!((35.0..50.0).contains(&text.width()), "{}", text.width());
        let end = text.clone().anchored(Anchor::End);
        assert_eq!(end.lead(), text.width());
        let pitched = Text {
            pitch: Some(8.0),
            ..text
        };
        assert_eq!(pitched.width(), 64.0);
    }
}
