//! The drawing pad: shapes whose result is known, and MNIST's own digits.

use convscope::analysis::drawing::{Brush, Canvas, Point, centred};
use convscope::data;
use convscope::shape::Shape;

const PAD: Shape = Shape::new(28, 28, 1);

fn ink(canvas: &Canvas) -> f32 {
    canvas.pixels().iter().map(|v| f32::from(*v) / 255.0).sum()
}

fn at(canvas: &Canvas, row: usize, column: usize) -> u8 {
    canvas.pixels()[row * 28 + column]
}

#[test]
fn a_dot_has_the_area_of_its_circle_wherever_it_lies() {
    for diameter in [2.0f32, 3.0, 4.5, 8.0] {
        for (x, y) in [(14.0, 14.0), (13.5, 14.5), (10.2, 17.7)] {
            let mut canvas = Canvas::new(PAD);
            canvas.line(
                Point::new(x, y),
                Point::new(x, y),
                Brush::ink(diameter, 255),
            );
            let area = std::f32::consts::PI * diameter * diameter / 4.0;
            let error = (ink(&canvas) - area).abs();
            assert!(
                error < 0.06 * area + 0.3,
                "{diameter} at {x} {y}: {}, expected {area}",
                ink(&canvas)
            );
        }
    }
}

#[test]
fn dots_are_symmetric_and_soft_at_the_edge() {
    let mut canvas = Canvas::new(PAD);
    canvas.pen_down(Point::new(14.0, 14.0), Brush::ink(5.0, 200));
    for row in 0..28 {
        for column in 0..28 {
            let value = at(&canvas, row, column);
            assert_eq!(value, at(&canvas, 27 - row, column));
            assert_eq!(value, at(&canvas, column, row));
        }
    }
    // Middle of a pixel beside the centre: wholly covered; 2.55 from it: half a pixel of edge.
    assert_eq!(at(&canvas, 13, 13), 200);
    let edge = at(&canvas, 13, 11);
    assert!(edge > 60 && edge < 140, "{edge}");
    assert_eq!(at(&canvas, 13, 9), 0);
}

#[test]
fn a_line_is_as_wide_as_its_brush_all_along() {
    let mut canvas = Canvas::new(PAD);
    canvas.line(
        Point::new(5.5, 10.0),
        Point::new(20.5, 10.0),
        Brush::ink(3.0, 255),
    );
    for column in 5..=20 {
        let profile: Vec<u8> = (7..13).map(|row| at(&canvas, row, column)).collect();
        assert_eq!(profile, [0, 128, 255, 255, 128, 0], "column {column}");
    }
    assert_eq!(at(&canvas, 10, 2), 0);
    assert_eq!(at(&canvas, 10, 24), 0);
}

#[test]
fn a_line_in_pieces_is_the_line_and_its_edge_stays_soft() {
    let brush = Brush {
        softness: 2.0,
        ..Brush::ink(4.0, 230)
    };
    let mut whole = Canvas::new(PAD);
    whole.line(Point::new(3.0, 4.0), Point::new(23.0, 19.0), brush);
    let mut pieces = Canvas::new(PAD);
    pieces.pen_down(Point::new(3.0, 4.0), brush);
    // There, back and there again: nothing is covered twice.
    for part in [1u8, 2, 1, 3, 4, 0, 4] {
        let part = f32::from(part) / 4.0;
        pieces.pen_to(Point::new(3.0 + 20.0 * part, 4.0 + 15.0 * part));
    }
    pieces.pen_up();
    for (a, b) in whole.pixels().iter().zip(pieces.pixels()) {
        assert!(a.abs_diff(*b) <= 1);
    }
    assert!(ink(&whole) > 60.0);
}

#[test]
fn the_eraser_takes_ink_away_and_grey_ink_lightens_no_further_than_itself() {
    let mut canvas = Canvas::new(PAD);
    canvas.load(&[255; 784]);
    canvas.line(
        Point::new(0.0, 14.0),
        Point::new(28.0, 14.0),
        Brush::ink(4.0, 0),
    );
    for column in 0..28 {
        assert_eq!(at(&canvas, 13, column), 0);
        assert_eq!(at(&canvas, 14, column), 0);
        assert_eq!(at(&canvas, 5, column), 255);
    }
    canvas.line(
        Point::new(0.0, 14.0),
        Point::new(28.0, 14.0),
        Brush::ink(2.0, 90),
    );
    assert_eq!(at(&canvas, 13, 10), 90);
}

#[test]
fn colours_go_to_their_channels() {
    let mut canvas = Canvas::new(Shape::new(6, 5, 3));
    let brush = Brush {
        ink: [250, 120, 7],
        ..Brush::ink(40.0, 0)
    };
    canvas.line(Point::new(2.0, 2.0), Point::new(2.0, 2.0), brush);
    for pixel in canvas.pixels().chunks(3) {
        assert_eq!(pixel, [250, 120, 7]);
    }
}

#[test]
fn fill_stays_inside_its_border() {
    let mut canvas = Canvas::new(PAD);
    let brush = Brush::ink(2.0, 255);
    let corners = [
        (5.0, 5.0),
        (20.0, 5.0),
        (20.0, 20.0),
        (5.0, 20.0),
        (5.0, 5.0),
    ];
    for pair in corners.windows(2) {
        let point = |(x, y)| Point::new(x, y);
        canvas.line(point(pair[0]), point(pair[1]), brush);
    }
    assert_eq!(at(&canvas, 12, 12), 0);
    canvas.fill(12, 12, [99; 3], 0);
    assert_eq!(at(&canvas, 12, 12), 99);
    assert_eq!(at(&canvas, 7, 17), 99);
    assert_eq!(at(&canvas, 2, 2), 0, "outside");
    assert_eq!(at(&canvas, 5, 12), 255, "the border");
    let before = canvas.pixels().to_vec();
    canvas.fill(28, 0, [1; 3], 255);
    assert_eq!(canvas.pixels(), before);
    // A tolerance takes all that is nearly alike.
    canvas.fill(12, 12, [10; 3], 255);
    assert!(canvas.pixels().iter().all(|v| *v == 10));
}

#[test]
fn undo_and_redo_go_step_by_step() {
    let mut canvas = Canvas::new(PAD);
    let mut images = vec![canvas.pixels().to_vec()];
    assert!(!canvas.undo() && !canvas.redo());
    let brush = Brush::ink(3.0, 255);
    canvas.pen_down(Point::new(4.0, 4.0), brush);
    canvas.pen_to(Point::new(9.0, 4.0));
    canvas.pen_to(Point::new(9.0, 12.0));
    assert!(canvas.is_drawing());
    canvas.pen_up();
    images.push(canvas.pixels().to_vec());
    canvas.fill(20, 20, [40; 3], 0);
    images.push(canvas.pixels().to_vec());
    canvas.load(&[7; 784]);
    images.push(canvas.pixels().to_vec());
    canvas.clear();
    images.push(canvas.pixels().to_vec());
    assert!(canvas.is_blank());
    // What changes nothing is no step.
    canvas.clear();
    canvas.line(Point::new(90.0, 90.0), Point::new(99.0, 90.0), brush);
    for image in images.iter().rev().skip(1) {
        assert!(canvas.undo());
        assert_eq!(canvas.pixels(), image);
    }
    assert!(!canvas.undo());
    for image in images.iter().skip(1).take(2) {
        assert!(canvas.redo());
        assert_eq!(canvas.pixels(), image);
    }
    canvas.line(Point::new(4.0, 24.0), Point::new(9.0, 24.0), brush);
    assert!(!canvas.redo(), "drawing ends redo");
    assert!(canvas.undo());
    assert_eq!(canvas.pixels(), images[2]);
    // Undo with the pen down takes the stroke back.
    canvas.pen_down(Point::new(14.0, 14.0), brush);
    assert!(canvas.undo() && !canvas.is_drawing());
    assert_eq!(canvas.pixels(), images[2]);
}

#[test]
fn history_is_bounded() {
    let shape = Shape::new(512, 512, 3);
    let mut canvas = Canvas::new(shape);
    for step in 0..60u8 {
        canvas.load(&vec![step + 1; shape.len()]);
    }
    let steps = std::iter::from_fn(|| canvas.undo().then_some(())).count();
    assert!((10..30).contains(&steps), "{steps}");
    assert_eq!(canvas.pixels()[0], 60 - steps as u8);
}

/// An image with a filled rectangle.
fn rectangle(rows: std::ops::Range<usize>, columns: std::ops::Range<usize>) -> Vec<u8> {
    let inside = |i: usize| rows.contains(&(i / 28)) && columns.contains(&(i % 28));
    (0..784).map(|i| if inside(i) { 255 } else { 0 }).collect()
}

#[test]
fn rectangles_fill_the_box_and_lie_in_the_middle() {
    // Twice as large: 20 high and 10 wide. The middle of the mass, 9.5 rows down, goes to row 14 (half up: 5 to 24).
    assert_eq!(
        centred(&rectangle(0..10, 0..5), PAD),
        rectangle(5..25, 10..20)
    );
}

#[test]
fn the_digits_of_mnist_are_centred_already() {
    let mnist = data::load(Some("mnist-starter")).unwrap();
    let test = mnist.test();
    assert!(test.len() >= 2000);
    for index in 0..test.len() {
        let image = test.image_u8(index);
        assert!(centred(&image, PAD) == image, "test image {index} changes");
    }
}

#[test]
fn moved_digits_come_back() {
    let mnist = data::load(Some("mnist-starter")).unwrap();
    for index in 0..100 {
        let image = mnist.test().image_u8(index);
        for (down, right) in [(3, 2), (4, 0), (0, 3)] {
            let moved: Vec<u8> = (0..784usize)
                .map(|i| {
                    let (row, column) = (i / 28, i % 28);
                    if row < down || column < right {
                        0
                    } else {
                        image[(row - down) * 28 + column - right]
                    }
                })
                .collect();
            let whole = |image: &[u8]| image.iter().map(|v| u32::from(*v)).sum::<u32>();
            if whole(&moved) == whole(&image) {
                assert!(centred(&moved, PAD) == image, "test image {index}");
            }
        }
    }
}

#[test]
fn small_drawings_grow_and_large_ones_shrink() {
    let extent = |image: &[u8]| {
        let rows: Vec<usize> = (0..784).filter(|i| image[*i] > 0).map(|i| i / 28).collect();
        let columns: Vec<usize> = (0..784).filter(|i| image[*i] > 0).map(|i| i % 28).collect();
        let length = |v: &[usize]| v.iter().max().unwrap() - v.iter().min().unwrap() + 1;
        (length(&rows), length(&columns))
    };
    for (top, bottom) in [(1.0, 27.0), (10.0, 17.0)] {
        let mut canvas = Canvas::new(PAD);
        canvas.line(
            Point::new(6.0, top),
            Point::new(9.0, bottom),
            Brush::ink(2.0, 255),
        );
        let image = centred(canvas.pixels(), PAD);
        assert_eq!(extent(&image).0, 20);
        let brightest = *image.iter().max().unwrap();
        assert!(brightest > 200, "a thin line keeps its ink: {brightest}");
        assert_eq!(
            centred(&image, PAD),
            image,
            "centring twice is centring once"
        );
    }
    assert_eq!(centred(&[0; 784], PAD), [0; 784]);
    let mut dot = [0; 784];
    dot[700] = 9;
    assert_eq!(extent(&centred(&dot, PAD)), (20, 20));
}

#[test]
fn other_shapes_keep_the_same_proportions() {
    let shape = Shape::new(56, 56, 3);
    let mut canvas = Canvas::new(shape);
    canvas.line(
        Point::new(5.0, 5.0),
        Point::new(9.0, 9.0),
        Brush::ink(6.0, 255),
    );
    let image = centred(canvas.pixels(), shape);
    let rows: Vec<usize> = (0..56 * 56)
        .filter(|i| image[i * 3] > 0)
        .map(|i| i / 56)
        .collect();
    assert_eq!(rows.last().unwrap() - rows[0] + 1, 40);
}
