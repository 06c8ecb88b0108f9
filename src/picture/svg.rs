//! Pictures as SVG 1.1: small, and the same in every viewer as far as fonts allow.

use std::fmt::Write;

use super::font::{Face, Weight};
use super::scene::{Anchor, Line, Picture, Point, Polygon, Rectangle, Rgb, Shape, Text};

/// Families whose widths are near those of the built-in typefaces come first.
const SANS: &str = "DejaVu Sans,Verdana,Geneva,sans-serif";
const MONO: &str = "DejaVu Sans Mono,Menlo,Consolas,monospace";

/// So many rectangles in one row are worth a group.
const ROW: usize = 4;

/// The picture as an SVG document.
pub fn to_svg(picture: &Picture) -> String {
    let mut svg = Svg::default();
    let [width, height] = picture.size().map(number);
    svg.push(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"{width}pt\" height=\"{height}pt\" \
         viewBox=\"0 0 {width} {height}\">\n"
    ));
    if let Some(color) = picture.background() {
        let color = hex(color);
        svg.push(format_args!(
            "<rect width=\"{width}\" height=\"{height}\" fill=\"{color}\"/>\n"
        ));
    }
    let mut shapes = picture.shapes();
    while let Some(shape) = shapes.first() {
        let written = match shape {
            Shape::Rectangle(_) => svg.rectangles(shapes),
            Shape::Text(text) => svg.texts(text, shapes),
            Shape::Line(line) => svg.line(line),
            Shape::Polygon(polygon) => svg.polygon(polygon),
        };
        shapes = &shapes[written..];
    }
    svg.text += "</svg>\n";
    svg.text
}

#[derive(Default)]
struct Svg {
    text: String,
}

impl Svg {
    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.text.write_fmt(text);
    }

    /// Writes the rectangles that `shapes` begins with, and returns their number.
    fn rectangles(&mut self, shapes: &[Shape]) -> usize {
        let rectangles: Vec<Rectangle> = shapes
            .iter()
            .map_while(|shape| match shape {
                Shape::Rectangle(rectangle) => Some(*rectangle),
                _ => None,
            })
            .collect();
        // Without smoothing, neighbours have no seam.
        self.text += "<g shape-rendering=\"crispEdges\">\n";
        let mut rest = &rectangles[..];
        while let Some(first) = rest.first() {
            let run = |is_alike: &dyn Fn(&Rectangle) -> bool| {
                rest.iter().take_while(|other| is_alike(other)).count()
            };
            let of_color = run(&|other| other.color == first.color);
            let in_row =
                run(&|other| other.corner[1] == first.corner[1] && other.size[1] == first.size[1]);
            let count = if of_color > 1 && of_color >= in_row {
                self.path(&rest[..of_color]);
                of_color
            } else if in_row >= ROW {
                self.row(&rest[..in_row]);
                in_row
            } else {
                self.path(&rest[..1]);
                1
            };
            rest = &rest[count..];
        }
        self.text += "</g>\n";
        rectangles.len()
    }

    /// Rectangles of one colour as one path.
    fn path(&mut self, rectangles: &[Rectangle]) {
        let color = hex(rectangles[0].color);
        self.push(format_args!("<path fill=\"{color}\" d=\""));
        // Each begins where the one before began and ended; differences of rounded places do not add up errors.
        let mut from = [0.0, 0.0];
        for Rectangle { corner, size, .. } in rectangles {
            let corner = corner.map(rounded);
            let [width, height] = size.map(number);
            let step = joined([corner[0] - from[0], corner[1] - from[1]]);
            let back = number(-size[0]);
            self.push(format_args!("m{step}h{width}v{height}h{back}z"));
            from = corner;
        }
        self.text += "\"/>\n";
    }

    /// Rectangles in one row, as thick lines: the shortest form that SVG has for many colours.
    fn row(&mut self, rectangles: &[Rectangle]) {
        let [_, height] = rectangles[0].size;
        let middle = number(rectangles[0].corner[1] + 0.5 * height);
        let height = number(height);
        self.push(format_args!(
            "<g transform=\"translate(0 {middle})\" stroke-width=\"{height}\">\n"
        ));
        let mut rest = rectangles;
        while let Some(first) = rest.first() {
            let count = rest
                .iter()
                .take_while(|other| other.color == first.color)
                .count();
            let color = hex(first.color);
            self.push(format_args!("<path stroke=\"{color}\" d=\""));
            for Rectangle { corner, size, .. } in &rest[..count] {
                let [left, width] = [corner[0], size[0]].map(number);
                self.push(format_args!("M{left} 0h{width}"));
            }
            self.text += "\"/>\n";
            rest = &rest[count..];
        }
        self.text += "</g>\n";
    }

    fn line(&mut self, line: &Line) -> usize {
        let color = hex(line.color);
        let width = number(line.width);
        self.push(format_args!(
            "<path fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\" stroke-linejoin=\"round\""
        ));
        if !line.dashes.is_empty() {
            let dashes: Vec<String> = line.dashes.iter().map(|length| number(*length)).collect();
            self.push(format_args!(" stroke-dasharray=\"{}\"", dashes.join(" ")));
        }
        if line.opacity < 1.0 {
            let opacity = number(line.opacity);
            self.push(format_args!(" stroke-opacity=\"{opacity}\""));
        }
        self.text += " d=\"";
        self.points(&line.points);
        self.text += "\"/>\n";
        1
    }

    fn polygon(&mut self, polygon: &Polygon) -> usize {
        let color = hex(polygon.color);
        self.push(format_args!("<path fill=\"{color}\""));
        if polygon.opacity < 1.0 {
            let opacity = number(polygon.opacity);
            self.push(format_args!(" fill-opacity=\"{opacity}\""));
        }
        self.text += " d=\"";
        self.points(&polygon.points);
        self.text += "z\"/>\n";
        1
    }

    /// Straight lines from point to point.
    fn points(&mut self, points: &[Point]) {
        let mut from = [0.0, 0.0];
        for (index, point) in points.iter().enumerate() {
            let point = point.map(rounded);
            let step = joined([point[0] - from[0], point[1] - from[1]]);
            // Further points of a relative move are relative lines.
            let sign = match index {
                0 => "m",
                _ if step.starts_with('-') => "",
                _ => " ",
            };
            self.push(format_args!("{sign}{step}"));
            from = point;
        }
    }

    /// Writes the texts of one typeface and size that `shapes` begins with, and returns their number.
    fn texts(&mut self, first: &Text, shapes: &[Shape]) -> usize {
        let family = match first.face {
            Face::Sans => SANS,
            Face::Mono => MONO,
        };
        let size = number(first.size);
        self.push(format_args!(
            "<g font-family=\"{family}\" font-size=\"{size}\">\n"
        ));
        let texts: Vec<&Text> = shapes
            .iter()
            .map_while(|shape| match shape {
                Shape::Text(text) if (text.face, text.size) == (first.face, first.size) => {
                    Some(text)
                }
                _ => None,
            })
            .collect();
        for text in &texts {
            self.one_text(text);
        }
        self.text += "</g>\n";
        texts.len()
    }

    fn one_text(&mut self, text: &Text) {
        let [x, y] = text.place.map(number);
        self.push(format_args!("<text x=\"{x}\" y=\"{y}\""));
        let anchor = match text.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        self.text += anchor;
        if text.weight == Weight::Bold {
            self.text += " font-weight=\"bold\"";
        }
        if text.color != [0; 3] {
            let color = hex(text.color);
            self.push(format_args!(" fill=\"{color}\""));
        }
        if text.pitch.is_some() {
            let width = number(text.width());
            self.push(format_args!(" textLength=\"{width}\""));
        }
        if text.is_turned {
            self.push(format_args!(" transform=\"rotate(-90 {x} {y})\""));
        }
        // Otherwise viewers drop spaces.
        let has_spaces = text.text.starts_with(' ') || text.text.ends_with(' ');
        if has_spaces || text.text.contains("  ") {
            self.text += " xml:space=\"preserve\"";
        }
        self.text.push('>');
        for character in text.text.chars() {
            match character {
                '&' => self.text += "&amp;",
                '<' => self.text += "&lt;",
                '>' => self.text += "&gt;",
                // Tabs and line breaks have no place in a line, and XML forbids the others.
                '\0'..' ' | '\u{fffe}' | '\u{ffff}' => self.text.push('\u{fffd}'),
                character => self.text.push(character),
            }
        }
        self.text += "</text>\n";
    }
}

fn hex([red, green, blue]: Rgb) -> String {
    let long = format!("{red:02x}{green:02x}{blue:02x}");
    let is_double = |value: u8| value >> 4 == value & 15;
    match [red, green, blue].into_iter().all(is_double) {
        true => format!("#{:x}{:x}{:x}", red & 15, green & 15, blue & 15),
        false => format!("#{long}"),
    }
}

/// To the hundredths that are written.
fn rounded(value: f32) -> f64 {
    (f64::from(value) * 100.0).round() / 100.0
}

/// Two decimals, without zeros at their end.
fn number(value: impl Into<f64>) -> String {
    let text = format!("{:.2}", value.into());
    let text = text.trim_end_matches('0').trim_end_matches('.');
    match text {
        "-0" => "0".to_owned(),
        text => text.to_owned(),
    }
}

/// Two numbers; a minus sign separates by itself.
fn joined(values: [f64; 2]) -> String {
    let [x, y] = values.map(number);
    match y.starts_with('-') {
        true => x + &y,
        false => x + " " + &y,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Panics unless the text is well-formed XML as far as SVG writes it: balanced tags, quoted attributes given once, only known
    /// entities. Returns the number of elements.
    pub(in super::super) fn check_xml(text: &str) -> usize {
        let mut open: Vec<&str> = Vec::new();
        let mut rest = text;
        let mut elements = 0;
        loop {
            let (content, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            check_content(content);
            if open.is_empty() {
                assert!(content.trim().is_empty(), "text outside: {content:?}");
            }
            if after.is_empty() {
                break;
            }
            let end = after.find('>').expect("a tag that ends");
            let tag = &after[1..end];
            rest = &after[end + 1..];
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(name));
                continue;
            }
            elements += 1;
            let (tag, is_empty) = match tag.strip_suffix('/') {
                Some(tag) => (tag, true),
                None => (tag, false),
            };
            let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
            assert!(!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            assert!(!(open.is_empty() && elements > 1), "a second root: {tag}");
            let mut seen = Vec::new();
            while !attributes.is_empty() {
                let (key, value) = attributes.split_once("=\"").expect("a quoted value");
                let (value, others) = value.split_once('"').expect("a closing quote");
                assert!(!value.contains('<'), "{tag}");
                check_content(value);
                assert!(!seen.contains(&key), "{key} twice: {tag}");
                seen.push(key);
                attributes = match others.is_empty() {
                    true => others,
                    false => others
                        .strip_prefix(' ')
                        .expect("a space between attributes"),
                };
            }
            if !is_empty {
                open.push(name);
            }
        }
        assert!(open.is_empty(), "not closed: {open:?}");
        elements
    }

    fn check_content(text: &str) {
        assert!(!text.contains('>'), "{text:?}");
        let is_legal =
            |character: char| matches!(character, '\n' | ' '..='\u{fffd}' | '\u{10000}'..);
        assert!(text.chars().all(is_legal), "{text:?}");
        for after in text.split('&').skip(1) {
            let known = ["amp;", "lt;", "gt;", "quot;"];
            assert!(
                known.iter().any(|entity| after.starts_with(entity)),
                "{text:?}"
            );
        }
    }

    fn rectangle(x: f32, y: f32, color: Rgb) -> Rectangle {
        Rectangle {
            corner: [x, y],
            size: [8.0, 4.0],
            color,
        }
    }

    #[test]
    fn a_picture_is_well_formed_and_escaped() {
        let mut picture = Picture::new([100.0, 50.5], Some([255; 3]));
        let text = "a < b & c > \"d\" \u{1}\u{ffff}é 長 ]]>";
        picture.add(Text::new([5.0, 10.0], text, 10.0, [0; 3]).turned());
        picture.add(Line {
            points: vec![[0.0, 0.5], [10.25, -3.0], [9.0, 4.125]],
            color: [1, 2, 3],
            width: 1.5,
            dashes: &[4.0, 2.0],
            opacity: 0.5,
        });
        let svg = to_svg(&picture);
        assert_eq!(check_xml(&svg), 5);
        assert!(
            svg.contains("width=\"100pt\" height=\"50.5pt\" viewBox=\"0 0 100 50.5\""),
            "{svg}"
        );
        assert!(
            svg.contains("<rect width=\"100\" height=\"50.5\" fill=\"#fff\"/>"),
            "{svg}"
        );
        assert!(
            svg.contains(">a &lt; b &amp; c &gt; \"d\" \u{fffd}\u{fffd}é 長 ]]&gt;</text>"),
            "{svg}"
        );
        assert!(
            svg.contains("stroke=\"#010203\" stroke-width=\"1.5\""),
            "{svg}"
        );
        assert!(svg.contains(" d=\"m0 0.5 10.25-3.5-1.25 7.13\""), "{svg}");
    }

    #[test]
    fn a_transparent_picture_has_no_background() {
        let picture = Picture::new([10.0, 10.0], None);
        let svg = to_svg(&picture);
        assert_eq!(check_xml(&svg), 1);
    }

    #[test]
    fn the_check_of_xml_finds_what_is_wrong() {
        for wrong in [
            "<a>",
            "<a></b>",
            "<a>&x</a>",
            "<a b=\"1\" b=\"2\"/>",
            "<a/><b/>",
            "<a b=\"<\"/>",
            "<a>></a>",
            "<a b=1/>",
            "<a>\u{2}</a>",
        ] {
            assert!(
                std::panic::catch_unwind(|| check_xml(wrong)).is_err(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn rectangles_of_a_color_or_of_a_row_are_written_together() {
        let mut picture = Picture::new([100.0, 50.0], None);
        picture.add(rectangle(0.0, 0.0, [1, 1, 1]));
        picture.add(rectangle(16.0, 4.0, [1, 1, 1]));
        for column in 0..4u8 {
            picture.add(rectangle(8.0 * f32::from(column), 20.0, [9, 9, column]));
        }
        let svg = to_svg(&picture);
        check_xml(&svg);
        assert!(
            svg.contains("<path fill=\"#010101\" d=\"m0 0h8v4h-8zm16 4h8v4h-8z\"/>"),
            "{svg}"
        );
        assert!(svg.contains("<g transform=\"translate(0 22)\" stroke-width=\"4\">\n<path stroke=\"#090900\" d=\"M0 0h8\"/>"), "{svg}");
    }

    #[test]
    fn texts_share_their_typeface() {
        let mut picture = Picture::new([100.0, 50.0], None);
        for size in [9.0, 9.0, 12.0] {
            picture.add(Text::new([0.0, 0.0], "a  b", size, [0; 3]));
        }
        let svg = to_svg(&picture);
        assert_eq!(check_xml(&svg), 6);
        assert_eq!(svg.matches("font-size").count(), 2);
        assert_eq!(svg.matches("xml:space=\"preserve\"").count(), 3);
    }
}
