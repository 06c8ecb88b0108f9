//! Estimates with their intervals around zero, one below the other.

use super::chart::Ground;
use super::font::{Face, Weight, shortened};
use super::scene::{Anchor, Line, Picture, Polygon, Rgb, Text};
use crate::axis::Axis;

/// Estimates over a common axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Intervals {
    /// From top to bottom.
    pub rows: Vec<IntervalRow>,
    /// Below the axis: what is estimated, with its unit.
    pub x_label: String,
    /// What it is drawn on.
    pub ground: Ground,
}

/// An estimate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IntervalRow {
    /// Beside it.
    pub label: String,
    /// Its value.
    pub value: f64,
    /// Its lower and upper end; `None` if it is not known how sure it is.
    pub interval: Option<[f64; 2]>,
    /// Whether it stands out.
    pub is_bold: bool,
}

const WIDTH: f32 = 440.0;
const MARGIN: f32 = 8.0;
/// Where labels end and the plot begins.
const LEFT: f32 = 190.0;
const ROW: f32 = 16.0;
const SIZE: f32 = 9.0;
const GAP: f32 = 8.0;
/// Half the width of a mark.
const MARK: f32 = 2.6;
/// The most intervals between ticks.
const TICKS: usize = 5;

impl Intervals {
    /// The estimates as a picture.
    pub fn picture(&self) -> Picture {
        let bottom = MARGIN + self.rows.len() as f32 * ROW + 2.0;
        let height = bottom + 5.0 + 2.0 * 1.3 * SIZE + 4.0 + MARGIN;
        let mut picture = Picture::new([WIDTH, height], self.ground.background());
        let right = WIDTH - MARGIN - 12.0;
        let values = self.rows.iter().flat_map(|row| {
            let ends = row.interval.into_iter().flatten();
            ends.chain([row.value])
        });
        let limits = [f64::NEG_INFINITY, f64::INFINITY];
        let (axis, ticks) = Axis::around_all(values.chain([0.0]), TICKS, limits);
        let place = |value: f64| {
            let place = axis.position(value).unwrap_or(0.0).clamp(0.0, 1.0) as f32;
            LEFT + place * (right - LEFT)
        };
        let ink = self.ground.ink();
        for tick in &ticks {
            let x = place(tick.value);
            let color = self.ground.grid();
            picture.add(line([[x, MARGIN], [x, bottom]], color, 0.6));
            let label = tick.label.replace('-', "−");
            let text = Text::new([x, bottom + 4.0 + SIZE], label, SIZE, ink);
            picture.add(text.anchored(Anchor::Middle));
        }
        let zero = place(0.0);
        picture.add(line([[zero, MARGIN], [zero, bottom]], ink, 0.8));
        picture.add(line([[LEFT, bottom], [right, bottom]], ink, 0.8));
        for (row, number) in self.rows.iter().zip(0u16..) {
            let y = MARGIN + (f32::from(number) + 0.5) * ROW;
            self.add(&mut picture, row, y, &place);
        }
        let middle = [0.5 * (LEFT + right), height - MARGIN];
        let label = Text::new(middle, self.x_label.as_str(), SIZE, ink);
        picture.add(label.anchored(Anchor::Middle));
        picture
    }

    fn add(&self, picture: &mut Picture, row: &IntervalRow, y: f32, place: &impl Fn(f64) -> f32) {
        let weight = match row.is_bold {
            true => Weight::Bold,
            false => Weight::Regular,
        };
        let label = shortened(&row.label, (Face::Sans, weight), SIZE, LEFT - GAP - MARGIN);
        let at = [LEFT - GAP, y + 0.36 * SIZE];
        let text = Text::new(at, label, SIZE, self.ground.ink());
        picture.add(text.anchored(Anchor::End).weighing(weight));
        let color = self.ground.color(if row.is_bold { 0 } else { 6 });
        if let Some([low, high]) = row.interval.map(|ends| ends.map(place)) {
            picture.add(line([[low, y], [high, y]], color, 1.4));
            for end in [low, high] {
                picture.add(line([[end, y - MARK], [end, y + MARK]], color, 1.0));
            }
        }
        let x = place(row.value);
        picture.add(Polygon {
            points: vec![[x - MARK, y], [x, y - MARK], [x + MARK, y], [x, y + MARK]],
            color,
            opacity: 1.0,
        });
    }
}

fn line(points: [[f32; 2]; 2], color: Rgb, width: f32) -> Line {
    Line {
        points: points.to_vec(),
        color,
        width,
        dashes: &[],
        opacity: 1.0,
    }
}
