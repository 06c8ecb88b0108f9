//! Pictures as PNG.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use skrifa::outline::OutlinePen;
use thiserror::Error;
use tiny_skia::{
    FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, StrokeDash,
    Transform,
};

use super::font::outline;
use super::scene::{Line, Picture, Point, Polygon, Rectangle, Rgb, Shape, Text};

/// The most pixels of an image: 400 MB while it is drawn.
const MOST_PIXELS: f64 = 1e8;

/// Why a picture cannot be an image.
#[derive(Debug, Error, PartialEq)]
pub enum PngError {
    /// It would not fit into memory.
    #[error(
        "the picture is too large for PNG: {width} × {height} points at scale {scale} are more than 100 million pixels; use a smaller scale or SVG"
    )]
    TooLarge {
        /// Points from left to right.
        width: f32,
        /// Points from top to bottom.
        height: f32,
        /// Pixels per point.
        scale: u8,
    },
    /// No pixels for a point.
    #[error("the scale of a picture is 0; expected 1 or more pixels per point, such as 2")]
    NoScale,
    /// The encoder failed.
    #[error("the picture cannot be encoded as PNG: {0}")]
    Encoding(String),
}

/// The picture as a PNG image with `scale` pixels per point; it has an alpha channel only without a background.
///
/// # Errors
/// If the scale is 0 or the image would have more than 100 million pixels.
pub fn to_png(picture: &Picture, scale: u8) -> Result<Vec<u8>, PngError> {
    let pixels = paint(picture, scale)?;
    let (width, height) = (pixels.width(), pixels.height());
    let failed = |error: image::ImageError| PngError::Encoding(error.to_string());
    let mut bytes = Vec::new();
    let encoder =
        PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive);
    let mut values = pixels.take_demultiplied();
    let kind = match picture.background() {
        None => ExtendedColorType::Rgba8,
        Some(_) => {
            let mut opaque = Vec::with_capacity(values.len() / 4 * 3);
            for pixel in values.chunks_exact(4) {
                opaque.extend_from_slice(&pixel[..3]);
            }
            values = opaque;
            ExtendedColorType::Rgb8
        }
    };
    encoder
        .write_image(&values, width, height, kind)
        .map_err(failed)?;
    Ok(bytes)
}

/// The pixels of the picture.
fn paint(picture: &Picture, scale: u8) -> Result<Pixmap, PngError> {
    if scale == 0 {
        return Err(PngError::NoScale);
    }
    let [width, height] = picture.size();
    let too_large = PngError::TooLarge {
        width,
        height,
        scale,
    };
    let [columns, rows] = [width, height].map(|side| (side * f32::from(scale)).ceil());
    if f64::from(columns) * f64::from(rows) > MOST_PIXELS {
        return Err(too_large);
    }
    let mut canvas = Canvas {
        pixels: Pixmap::new(columns as u32, rows as u32).ok_or(too_large)?,
        scale: Transform::from_scale(f32::from(scale), f32::from(scale)),
    };
    if let Some([red, green, blue]) = picture.background() {
        let color = tiny_skia::Color::from_rgba8(red, green, blue, 255);
        canvas.pixels.fill(color);
    }
    for shape in picture.shapes() {
        canvas.paint(shape);
    }
    Ok(canvas.pixels)
}

struct Canvas {
    pixels: Pixmap,
    scale: Transform,
}

impl Canvas {
    fn paint(&mut self, shape: &Shape) {
        match shape {
            Shape::Rectangle(rectangle) => self.rectangle(rectangle),
            Shape::Line(line) => self.line(line),
            Shape::Polygon(polygon) => self.polygon(polygon),
            Shape::Text(text) => self.text(text),
        }
    }

    fn rectangle(&mut self, rectangle: &Rectangle) {
        let Rectangle {
            corner: [x, y],
            size: [width, height],
            color,
        } = *rectangle;
        if let Some(area) = Rect::from_xywh(x, y, width, height) {
            let paint = solid(color, 1.0);
            self.pixels.fill_rect(area, &paint, self.scale, None);
        }
    }

    fn line(&mut self, line: &Line) {
        let mut stroke = Stroke {
            width: line.width,
            line_cap: LineCap::Butt,
            line_join: LineJoin::Round,
            ..Stroke::default()
        };
        if !line.dashes.is_empty() {
            // Dashes repeat in pairs, as in SVG.
            let times = 1 + line.dashes.len() % 2;
            stroke.dash = StrokeDash::new(line.dashes.repeat(times), 0.0);
        }
        if let Some(path) = path(&line.points, false) {
            let paint = solid(line.color, line.opacity);
            self.pixels
                .stroke_path(&path, &paint, &stroke, self.scale, None);
        }
    }

    fn polygon(&mut self, polygon: &Polygon) {
        if let Some(path) = path(&polygon.points, true) {
            let paint = solid(polygon.color, polygon.opacity);
            self.pixels
                .fill_path(&path, &paint, FillRule::Winding, self.scale, None);
        }
    }

    fn text(&mut self, text: &Text) {
        let mut pen = Pen::default();
        // In heights of the typeface.
        let pitch = text.pitch.map(|pitch| pitch / text.size);
        outline(&text.text, (text.face, text.weight), pitch, &mut pen);
        let Some(path) = pen.path.finish() else {
            return;
        };
        let [x, y] = text.place;
        let turn = match text.is_turned {
            true => Transform::from_rotate(-90.0),
            false => Transform::identity(),
        };
        let place = Transform::from_scale(text.size, -text.size)
            .post_translate(-text.lead(), 0.0)
            .post_concat(turn)
            .post_translate(x, y)
            .post_concat(self.scale);
        let paint = solid(text.color, 1.0);
        self.pixels
            .fill_path(&path, &paint, FillRule::Winding, place, None);
    }
}

fn solid([red, green, blue]: Rgb, opacity: f32) -> Paint<'static> {
    let mut paint = Paint::default();
    let alpha = (opacity.clamp(0.0, 1.0) * 255.0).round() as u8;
    paint.set_color_rgba8(red, green, blue, alpha);
    paint
}

fn path(points: &[Point], is_closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    let (&[x, y], rest) = points.split_first()?;
    path.move_to(x, y);
    for &[x, y] in rest {
        path.line_to(x, y);
    }
    if is_closed {
        path.close();
    }
    path.finish()
}

/// Takes outlines from a typeface.
#[derive(Default)]
struct Pen {
    path: PathBuilder,
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, control_x: f32, control_y: f32, x: f32, y: f32) {
        self.path.quad_to(control_x, control_y, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::scene::Anchor;
    use super::*;

    /// The image in PNG bytes: width, height and its pixels as red, green, blue, alpha.
    pub(in super::super) fn decoded(bytes: &[u8]) -> image::RgbaImage {
        let format = image::ImageFormat::Png;
        image::load_from_memory_with_format(bytes, format)
            .unwrap()
            .to_rgba8()
    }

    fn rectangle(corner: Point, size: [f32; 2], color: Rgb) -> Rectangle {
        Rectangle {
            corner,
            size,
            color,
        }
    }

    #[test]
    fn an_image_has_so_many_pixels_per_point() {
        let mut picture = Picture::new([20.0, 10.5], Some([250, 240, 230]));
        picture.add(rectangle([2.0, 3.0], [4.0, 5.0], [10, 20, 30]));
        for scale in 1..=3u8 {
            let image = decoded(&to_png(&picture, scale).unwrap());
            let s = u32::from(scale);
            assert_eq!(image.dimensions(), (20 * s, (21 * s).div_ceil(2)));
            for (x, y, pixel) in image.enumerate_pixels() {
                let is_inside = (2 * s..6 * s).contains(&x) && (3 * s..8 * s).contains(&y);
                let expected = match is_inside {
                    true => [10, 20, 30, 255],
                    false => [250, 240, 230, 255],
                };
                assert_eq!(pixel.0, expected, "{x} {y} at {scale}");
            }
        }
    }

    #[test]
    fn without_a_background_an_image_is_transparent() {
        let mut picture = Picture::new([4.0, 4.0], None);
        picture.add(Polygon {
            points: vec![[0.0, 0.0], [2.0, 0.0], [2.0, 4.0], [0.0, 4.0]],
            color: [200, 100, 0],
            opacity: 0.5,
        });
        let image = decoded(&to_png(&picture, 1).unwrap());
        assert_eq!(image.get_pixel(3, 3).0, [0, 0, 0, 0]);
        let [red, green, blue, alpha] = image.get_pixel(1, 1).0;
        assert_eq!(alpha, 128);
        assert!(red.abs_diff(200) < 2 && green.abs_diff(100) < 2 && blue == 0);
    }

    #[test]
    fn lines_have_their_width_and_dashes() {
        let mut picture = Picture::new([20.0, 6.0], Some([255; 3]));
        picture.add(Line {
            points: vec![[0.0, 3.0], [20.0, 3.0]],
            color: [0; 3],
            width: 2.0,
            dashes: &[4.0, 2.0],
            opacity: 1.0,
        });
        let image = decoded(&to_png(&picture, 1).unwrap());
        for (x, y, pixel) in image.enumerate_pixels() {
            let is_ink = (2..4).contains(&y) && x % 6 < 4;
            assert_eq!(pixel.0[0], if is_ink { 0 } else { 255 }, "{x} {y}");
        }
    }

    /// Left, top, right and bottom of the pixels that are not white.
    fn ink(image: &image::RgbaImage) -> [u32; 4] {
        let inked = image
            .enumerate_pixels()
            .filter(|(_, _, pixel)| pixel.0[0] < 200);
        inked.fold([u32::MAX, u32::MAX, 0, 0], |[l, t, r, b], (x, y, _)| {
            [l.min(x), t.min(y), r.max(x), b.max(y)]
        })
    }

    #[test]
    fn text_is_where_its_anchor_says() {
        let drawn = |text: Text| {
            let mut picture = Picture::new([100.0, 100.0], Some([255; 3]));
            picture.add(text);
            ink(&decoded(&to_png(&picture, 2).unwrap()))
        };
        let text = Text::new([50.0, 60.0], "HxH", 20.0, [0; 3]);
        let width = 2.0 * text.width();
        let is_near = |found: u32, expected: f32| (found as f32 - expected).abs() < 6.0;
        let [left, top, right, bottom] = drawn(text.clone());
        assert!(is_near(left, 100.0) && is_near(right, 100.0 + width));
        assert!(
            is_near(bottom, 120.0) && is_near(top, 120.0 - 29.0),
            "{top} {bottom}"
        );
        let [left, _, right, _] = drawn(text.clone().anchored(Anchor::Middle));
        assert!(is_near(left, 100.0 - width / 2.0) && is_near(right, 100.0 + width / 2.0));
        let [left, _, right, _] = drawn(text.clone().anchored(Anchor::End));
        assert!(is_near(left, 100.0 - width) && is_near(right, 100.0));
        let [left, top, right, bottom] = drawn(text.turned());
        assert!(
            is_near(right, 100.0) && is_near(left, 71.0),
            "{left} {right}"
        );
        assert!(
            is_near(bottom, 120.0) && is_near(top, 120.0 - width),
            "{top} {bottom}"
        );
    }

    #[test]
    fn a_character_that_no_typeface_has_is_an_empty_box() {
        let mut picture = Picture::new([30.0, 30.0], Some([255; 3]));
        picture.add(Text::new([5.0, 25.0], "\u{1f600}", 20.0, [0; 3]));
        let image = decoded(&to_png(&picture, 3).unwrap());
        let [left, top, right, bottom] = ink(&image);
        assert!(right - left > 20 && bottom - top > 30, "{:?}", ink(&image));
        let middle = image.get_pixel(left.midpoint(right), top.midpoint(bottom));
        assert_eq!(middle.0, [255; 4]);
    }

    #[test]
    fn an_image_without_pixels_or_with_too_many_is_an_error() {
        let picture = Picture::new([5000.0, 6000.0], None);
        assert_eq!(to_png(&picture, 0), Err(PngError::NoScale));
        let error = to_png(&picture, 3).unwrap_err();
        assert!(
            error.to_string().contains("5000 × 6000 points at scale 3"),
            "{error}"
        );
    }
}
