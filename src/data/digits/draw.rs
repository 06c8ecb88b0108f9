//! Drawing one handwritten-looking digit: an outline randomly bent, slanted, rotated and inked.

use ab_glyph_rasterizer::{Rasterizer, point};
use rand::{Rng, RngExt};

use super::Style;
use super::glyph::{Glyph, Point, pairs};
use crate::data::augmentation::{add_noise, either_way};

/// Draws digits of one size in one style, reusing its buffers.
pub(super) struct Artist<'a> {
    style: &'a Style,
    height: usize,
    width: usize,
    points: Vec<Vec<Point>>,
    rasterizer: Rasterizer,
    ink: Vec<f32>,
    blurred: Vec<f32>,
}

/// Blank pixels around the image, so that a stroke may leave it.
const MARGIN: usize = 16;

impl<'a> Artist<'a> {
    pub(super) fn new(style: &'a Style, height: usize, width: usize) -> Self {
        Self {
            style,
            height,
            width,
            points: Vec::new(),
            rasterizer: Rasterizer::new(width + 2 * MARGIN, height + 2 * MARGIN),
            ink: vec![0.0; height * width],
            blurred: vec![0.0; height * width],
        }
    }

    /// Draws `glyph` → `out` `[height, width]`, black paper 0 and white ink 255.
    pub(super) fn draw(&mut self, glyph: &Glyph, random: &mut impl Rng, out: &mut [u8]) {
        self.bend(glyph, random);
        self.place(random);
        self.rasterize();
        self.blur(random);
        let style = self.style;
        let ink = 1.0 - random.random::<f32>() * style.ink_loss;
        self.ink.iter_mut().for_each(|value| *value *= ink);
        if style.noise > 0.0 {
            add_noise(random, style.noise, &mut self.ink);
        }
        for (value, out) in self.ink.iter().zip(out) {
            *out = (value * 255.0).round() as u8;
        }
    }

    /// The outline with another stroke width, bent by slow waves, stretched, slanted and rotated.
    fn bend(&mut self, glyph: &Glyph, random: &mut impl Rng) {
        let style = self.style;
        let wanted = random.random_range(style.stroke_least..=style.stroke_most);
        // A stroke that loses more than a third of its width breaks.
        let grow = ((wanted - glyph.stroke) / 2.0).max(-glyph.stroke / 6.0);
        let waves: [Wave; 4] = std::array::from_fn(|wave| Wave::new(random, wave % 2));
        let stretch = 1.0 + either_way(random, style.stretch.into()) as f32;
        let mut angle = |most: f32| either_way(random, most.into()).to_radians();
        let lean = angle(style.slant).tan() as f32;
        let (sin, cos) = angle(style.rotation).sin_cos();
        let (sin, cos) = (sin as f32, cos as f32);
        self.points.resize_with(glyph.contours.len(), Vec::new);
        let outlines = glyph.contours.iter().zip(&glyph.outward);
        for (to, (contour, outward)) in self.points.iter_mut().zip(outlines) {
            to.clear();
            for (&[x, y], &[out_x, out_y]) in contour.iter().zip(outward) {
                let mut place = [x + grow * out_x, y + grow * out_y];
                for wave in &waves {
                    place[wave.axis] += style.elastic * wave.at([x, y]);
                }
                let x = place[0] * stretch - place[1] * lean;
                to.push([cos * x - sin * place[1], sin * x + cos * place[1]]);
            }
        }
    }

    /// The outline in pixels: its larger side of the style's size, its centre of ink near the middle, as in MNIST.
    fn place(&mut self, random: &mut impl Rng) {
        let style = self.style;
        let (mut least, mut most) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        let (mut area, mut centre) = (0.0, [0.0; 2]);
        for contour in &self.points {
            for ([x, y], [next_x, next_y]) in pairs(contour) {
                let cross = x * next_y - next_x * y;
                area += cross;
                centre[0] += cross * (x + next_x);
                centre[1] += cross * (y + next_y);
                least = [least[0].min(x), least[1].min(y)];
                most = [most[0].max(x), most[1].max(y)];
            }
        }
        let side = (most[0] - least[0]).max(most[1] - least[1]).max(1e-3);
        let size = random.random_range(style.size_least..=style.size_most);
        let scale = size * self.height.min(self.width) as f32 / side;
        let middle: [f32; 2] = std::array::from_fn(|axis| {
            // The centre of ink, but for outlines that cross themselves to nothing.
            let ink = if area.abs() > 1e-3 {
                centre[axis] / (3.0 * area)
            } else {
                0.0
            };
            ink.clamp(least[axis], most[axis])
        });
        let shift = style.shift * self.height.min(self.width) as f32;
        let pixels = [self.width, self.height].map(|side| (side + 2 * MARGIN) as f32);
        let target = pixels.map(|side| side / 2.0 + either_way(random, shift.into()) as f32);
        for point in self.points.iter_mut().flatten() {
            for axis in 0..2 {
                let place = (point[axis] - middle[axis]) * scale + target[axis];
                point[axis] = place.clamp(0.5, pixels[axis] - 1.5);
            }
        }
    }

    fn rasterize(&mut self) {
        self.rasterizer.clear();
        for contour in &self.points {
            for ([x, y], [next_x, next_y]) in pairs(contour) {
                self.rasterizer
                    .draw_line(point(x, y), point(next_x, next_y));
            }
        }
        let (height, width, ink) = (self.height, self.width, &mut self.ink);
        self.rasterizer.for_each_pixel_2d(|x, y, coverage| {
            let row = (y as usize).wrapping_sub(MARGIN);
            let column = (x as usize).wrapping_sub(MARGIN);
            if row < height && column < width {
                ink[row * width + column] = coverage.min(1.0);
            }
        });
    }

    /// A pen's soft edge: the mean with the neighbours, randomly weighted.
    fn blur(&mut self, random: &mut impl Rng) {
        let side = random.random::<f32>() * self.style.blur / 3.0;
        if side == 0.0 {
            return;
        }
        let (width, middle) = (self.width, 1.0 - 2.0 * side);
        let rows = self.ink.chunks_exact(width);
        for (row, out) in rows.zip(self.blurred.chunks_exact_mut(width)) {
            for column in 0..width {
                let left = row[column.saturating_sub(1)];
                let right = row[(column + 1).min(width - 1)];
                out[column] = middle * row[column] + side * (left + right);
            }
        }
        for row in 0..self.height {
            let above = row.saturating_sub(1) * width;
            let below = (row + 1).min(self.height - 1) * width;
            for column in 0..width {
                self.ink[row * width + column] = middle * self.blurred[row * width + column]
                    + side * (self.blurred[above + column] + self.blurred[below + column]);
            }
        }
    }
}

/// A slow wave over the plane that moves points along one axis.
struct Wave {
    axis: usize,
    direction: Point,
    phase: f32,
}

impl Wave {
    fn new(random: &mut impl Rng, axis: usize) -> Self {
        // From a half to one and a half waves over a digit.
        let angle = random.random_range(0.0..std::f32::consts::TAU);
        let pace = random.random_range(3.0..9.0);
        Self {
            axis,
            direction: [angle.cos() * pace, angle.sin() * pace],
            phase: random.random_range(0.0..std::f32::consts::TAU),
        }
    }

    fn at(&self, [x, y]: Point) -> f32 {
        (self.direction[0] * x + self.direction[1] * y + self.phase).sin()
    }
}
