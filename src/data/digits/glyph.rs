//! The outline of one digit as closed lines, scaled to one size.

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::pen::PathStyle;
use skrifa::outline::{DrawSettings, OutlineGlyph, OutlinePen};

/// Straight pieces that a curve becomes, and the longest piece of a straight line, as a share of the digit's size: short enough
/// that bending the pieces bends the line.
const CURVE_PIECES: usize = 8;
const LONGEST_LINE: f32 = 0.08;

pub(super) type Point = [f32; 2];

/// A digit whose larger side is 1, with its middle at the origin and y down.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    pub contours: Vec<Vec<Point>>,
    /// For each point, the outward direction, of length 1.
    pub outward: Vec<Vec<Point>>,
    /// Mean width of the strokes.
    pub stroke: f32,
}

impl Glyph {
    /// The glyph of a font's outline; `None` where it is empty or damaged.
    pub(super) fn new(outline: &OutlineGlyph<'_>) -> Option<Self> {
        // Where a line begins decides how its sums are rounded, so the style is part of what a seed draws.
        let as_designed = DrawSettings::unhinted(Size::unscaled(), LocationRef::default())
            .with_path_style(PathStyle::HarfBuzz);
        let mut pen = Pen::default();
        outline.draw(as_designed, &mut pen).ok()?;
        pen.close();
        let ends = |axis: usize| {
            let places = pen.contours.iter().flatten().map(|point| point[axis]);
            let none = (f32::INFINITY, f32::NEG_INFINITY);
            places.fold(none, |(least, most), place| {
                (least.min(place), most.max(place))
            })
        };
        let ((left, right), (bottom, top)) = (ends(0), ends(1));
        let size = (right - left).max(top - bottom);
        if !size.is_finite() || size <= 0.0 {
            return None;
        }
        let contours: Vec<Vec<Point>> = pen
            .contours
            .iter()
            .map(|contour| {
                let contour = contour.iter().map(|&[x, y]| {
                    [
                        (x - (left + right) / 2.0) / size,
                        ((bottom + top) / 2.0 - y) / size,
                    ]
                });
                split(&contour.collect::<Vec<_>>())
            })
            .collect();
        let area: f32 = contours.iter().map(|contour| area(contour)).sum();
        let around: f32 = contours.iter().map(|contour| length(contour)).sum();
        // Whichever way round a typeface draws, the whole has the sign of what is inked.
        let sign = area.signum();
        let outward = contours
            .iter()
            .map(|contour| outward(contour, sign))
            .collect();
        Some(Self {
            contours,
            outward,
            stroke: 2.0 * area.abs() / around,
        })
    }
}

/// Twice the signed area is the sum of these; positive where the contour turns clockwise on the screen.
fn area(contour: &[Point]) -> f32 {
    pairs(contour)
        .map(|([x, y], [next_x, next_y])| x * next_y - next_x * y)
        .sum::<f32>()
        / 2.0
}

fn length(contour: &[Point]) -> f32 {
    pairs(contour)
        .map(|([x, y], [next_x, next_y])| (next_x - x).hypot(next_y - y))
        .sum()
}

/// Each point with the next one, the last with the first.
pub(super) fn pairs(contour: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    let next = contour.iter().cycle().skip(1);
    contour.iter().copied().zip(next.copied())
}

/// The contour with its long lines in pieces.
fn split(contour: &[Point]) -> Vec<Point> {
    let mut points = Vec::with_capacity(2 * contour.len());
    for ([x, y], [next_x, next_y]) in pairs(contour) {
        let length = (next_x - x).hypot(next_y - y);
        if length < 1e-5 {
            continue;
        }
        let pieces = (length / LONGEST_LINE).ceil();
        for piece in 0..pieces as usize {
            let share = piece as f32 / pieces;
            points.push([x + share * (next_x - x), y + share * (next_y - y)]);
        }
    }
    points
}

fn outward(contour: &[Point], sign: f32) -> Vec<Point> {
    let count = contour.len();
    (0..count)
        .map(|place| {
            let before = contour[(place + count - 1) % count];
            let after = contour[(place + 1) % count];
            let (x, y) = (after[0] - before[0], after[1] - before[1]);
            let length = x.hypot(y).max(1e-6);
            [sign * y / length, -sign * x / length]
        })
        .collect()
}

/// Flattens an outline.
#[derive(Default)]
struct Pen {
    contours: Vec<Vec<Point>>,
    current: Vec<Point>,
}

impl Pen {
    fn last(&self) -> Point {
        self.current.last().copied().unwrap_or([0.0, 0.0])
    }

    fn curve(&mut self, at: impl Fn(f32) -> Point) {
        let pieces = (1..=CURVE_PIECES).map(|piece| at(piece as f32 / CURVE_PIECES as f32));
        self.current.extend(pieces);
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.close();
        self.current.push([x, y]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.current.push([x, y]);
    }

    fn quad_to(&mut self, control_x: f32, control_y: f32, x: f32, y: f32) {
        let from = self.last();
        self.curve(|t| {
            let (a, b, c) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
            [
                a * from[0] + b * control_x + c * x,
                a * from[1] + b * control_y + c * y,
            ]
        });
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let from = self.last();
        self.curve(|t| {
            let s = 1.0 - t;
            let (a, b, c, d) = (s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t);
            [
                a * from[0] + b * x1 + c * x2 + d * x,
                a * from[1] + b * y1 + c * y2 + d * y,
            ]
        });
    }

    fn close(&mut self) {
        let contour = std::mem::take(&mut self.current);
        if contour.len() > 2 {
            self.contours.push(contour);
        }
    }
}
