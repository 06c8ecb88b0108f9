use std::time::{Duration, Instant};

use super::*;
use crate::picture::png::tests::decoded;
use crate::picture::svg::tests::check_xml;
use crate::picture::{Shape, to_png, to_svg};

const WHITE: Rgb = [250; 3];
const BLACK: Rgb = [10; 3];

fn screen(lines: &[&str]) -> Screen {
    let columns = lines[0].chars().count();
    let characters = lines.iter().flat_map(|line| line.chars());
    let cells = characters.map(|character| Cell::new(character, WHITE, BLACK));
    Screen::new(columns as u16, cells.collect())
}

/// Numbers that look random.
fn noise() -> impl FnMut() -> u8 {
    let mut state = 12_345u32;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    }
}

/// An image in half blocks, two different colours a cell.
fn full_color(columns: u16, rows: u16) -> Screen {
    let mut noise = noise();
    let mut color = || [noise(), noise(), noise()];
    let cells =
        (0..usize::from(columns) * usize::from(rows)).map(|_| Cell::new('▀', color(), color()));
    Screen::new(columns, cells.collect())
}

fn texts(picture: &Picture) -> Vec<(String, [f32; 2])> {
    let text = |shape: &Shape| match shape {
        Shape::Text(text) => Some((text.text.clone(), text.place)),
        _ => None,
    };
    picture.shapes().iter().filter_map(text).collect()
}

#[test]
fn half_blocks_are_exact_pixels() {
    let screen = full_color(7, 5);
    for scale in 1..=3u8 {
        let image = decoded(&to_png(&screen.picture(), scale).unwrap());
        let s = u32::from(scale);
        assert_eq!(image.dimensions(), (7 * 8 * s, 5 * 16 * s));
        for (x, y, pixel) in image.enumerate_pixels() {
            let cell = screen.cells[(y / (16 * s) * 7 + x / (8 * s)) as usize];
            let expected = match y / (8 * s) % 2 {
                0 => cell.foreground,
                _ => cell.background,
            };
            assert_eq!(pixel.0[..3], expected, "{x} {y}");
        }
    }
}

#[test]
fn a_frame_is_closed_and_merged() {
    let screen = screen(&["┌────┐", "│    │", "│    │", "└────┘"]);
    let picture = screen.picture();
    assert!(picture.shapes().len() <= 8, "{:?}", picture.shapes());
    let image = decoded(&to_png(&picture, 1).unwrap());
    let is_ink = |x: u32, y: u32| image.get_pixel(x, y).0[..3] == WHITE;
    for x in 3..=43 {
        assert!(is_ink(x, 7) && is_ink(x, 55), "{x}");
    }
    for y in 7..=55 {
        assert!(is_ink(3, y) && is_ink(43, y), "{y}");
    }
    let ink = image.pixels().filter(|pixel| pixel.0[..3] == WHITE).count();
    assert_eq!(ink, 2 * 41 + 2 * 49 - 4);
}

#[test]
fn equal_cells_are_one_rectangle() {
    let mut cells = vec![Cell::new(' ', WHITE, BLACK); 200 * 60];
    for row in 10..20 {
        for column in 30..60 {
            cells[row * 200 + column].background = [40, 50, 60];
        }
    }
    let picture = Screen::new(200, cells).picture();
    assert_eq!(picture.background(), Some(BLACK));
    let expected = Rectangle {
        corner: [240.0, 160.0],
        size: [240.0, 160.0],
        color: [40, 50, 60],
    };
    assert_eq!(picture.shapes(), [Shape::Rectangle(expected)]);
}

#[test]
fn words_are_texts_where_their_cells_are() {
    let mut screen = screen(&["  loss 0.25    │x✓", "長 a ▄ b          "]);
    screen.cells[7].is_bold = true;
    let picture = screen.picture();
    let expected = [
        ("loss", 2, 0),
        ("0", 7, 0),
        (".25", 8, 0),
        ("x✓", 16, 0),
        ("長", 0, 1),
        ("a", 2, 1),
        ("b", 6, 1),
    ];
    let expected = expected.map(|(text, column, row)| {
        let place = [8.0 * column as f32, 16.0 * row as f32 + BASELINE];
        (text.to_owned(), place)
    });
    assert_eq!(texts(&picture), expected);
    check_xml(&to_svg(&picture));
}

#[test]
fn dim_and_underlined_cells_look_so() {
    let mut screen = screen(&["█▒█"]);
    screen.cells[0].is_dim = true;
    screen.cells[2] = Cell {
        is_underlined: true,
        ..Cell::new(' ', WHITE, BLACK)
    };
    let image = decoded(&to_png(&screen.picture(), 1).unwrap());
    assert_eq!(image.get_pixel(3, 3).0[..3], [130; 3]);
    assert_eq!(image.get_pixel(11, 3).0[..3], [130; 3]);
    assert_eq!(image.get_pixel(20, 14).0[..3], WHITE);
    assert_eq!(image.get_pixel(20, 13).0[..3], BLACK);
}

#[test]
fn a_full_color_screen_is_written_in_bounded_time_and_size() {
    let started = Instant::now();
    let picture = full_color(200, 60).picture();
    let svg = to_svg(&picture);
    assert!(svg.len() < 1_000_000, "{} bytes", svg.len());
    assert!(check_xml(&svg) > 20_000);
    let png = to_png(&picture, 1).unwrap();
    assert_eq!(decoded(&png).dimensions(), (1600, 960));
    let seconds = started.elapsed();
    assert!(seconds < Duration::from_secs(20), "{seconds:?}");
}

#[test]
fn any_character_can_be_drawn() {
    let characters = [
        '\0',
        '\u{7f}',
        '\u{300}',
        '\u{fffd}',
        '長',
        '\u{10ffff}',
        '⣿',
        '\u{1fb3b}',
    ];
    let cells = characters.map(|character| Cell {
        is_bold: true,
        ..Cell::new(character, WHITE, BLACK)
    });
    let picture = Screen::new(3, cells.to_vec()).picture();
    assert_eq!(picture.size(), [24.0, 48.0]);
    check_xml(&to_svg(&picture));
    assert!(to_png(&picture, 1).is_ok());
    let empty = Screen::new(0, Vec::new()).picture();
    check_xml(&to_svg(&empty));
    assert!(to_png(&empty, 1).is_ok());
}

#[test]
fn a_page_of_text_is_an_image_in_bounded_time() {
    let mut noise = noise();
    let letters: Vec<char> = ('!'..='~').collect();
    let cells = (0..200 * 60).map(|at| {
        let letter = letters[usize::from(noise()) % letters.len()];
        // Words of one colour each.
        let shade = 100 + (at / 8 % 15) as u8 * 10;
        Cell::new(letter, [shade, 250, shade], BLACK)
    });
    let picture = Screen::new(200, cells.collect()).picture();
    let started = Instant::now();
    let png = to_png(&picture, 2).unwrap();
    let seconds = started.elapsed();
    assert_eq!(decoded(&png).dimensions(), (3200, 1920));
    assert!(seconds < Duration::from_secs(20), "{seconds:?}");
}
