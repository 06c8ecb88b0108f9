//! Whole pictures, compared with those that a person has looked at.
//!
//! `INSTA_UPDATE=always` writes them again.

use std::fs;
use std::path::Path;

use super::png::tests::decoded;
use super::svg::tests::check_xml;
use super::*;

/// The most that a channel may differ: a rounding error, and where there is text.
const EXACT: u8 = 2;
const IN_TEXT: u8 = 40;

fn check(name: &str, picture: &Picture) {
    check_xml(&to_svg(picture));
    let bytes = to_png(picture, 1).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/picture/goldens");
    let path = folder.join(name).with_extension("png");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::create_dir_all(&folder).unwrap();
        fs::write(&path, &bytes).unwrap();
    }
    let (found, expected) = (decoded(&bytes), decoded(&fs::read(&path).unwrap()));
    assert_eq!(found.dimensions(), expected.dimensions(), "{name}");
    let texts: Vec<[f32; 4]> = picture.shapes().iter().filter_map(around_text).collect();
    for (x, y, pixel) in found.enumerate_pixels() {
        let is_text = texts.iter().any(|[left, top, right, bottom]| {
            (*left..*right).contains(&(x as f32)) && (*top..*bottom).contains(&(y as f32))
        });
        let most = if is_text { IN_TEXT } else { EXACT };
        for (found, expected) in pixel.0.iter().zip(expected.get_pixel(x, y).0) {
            assert!(
                found.abs_diff(expected) <= most,
                "{name}: {x} {y}: {found} {expected}"
            );
        }
    }
}

/// Left, top, right and bottom of a text.
fn around_text(shape: &Shape) -> Option<[f32; 4]> {
    let Shape::Text(text) = shape else {
        return None;
    };
    let [x, y] = text.place;
    let (start, width, size) = (text.lead(), text.width(), text.size);
    Some(match text.is_turned {
        true => [
            x - size,
            y + start - width - 1.0,
            x + 0.4 * size,
            y + start + 1.0,
        ],
        false => [
            x - start - 1.0,
            y - size,
            x - start + width + 1.0,
            y + 0.4 * size,
        ],
    })
}

/// No text leaves the picture, and no two texts overlap.
fn check_texts(name: &str, picture: &Picture) {
    let [width, height] = picture.size();
    let boxes: Vec<[f32; 4]> = picture.shapes().iter().filter_map(around_text).collect();
    for (index, [left, top, right, bottom]) in boxes.iter().enumerate() {
        let is_inside =
            *left >= -0.5 && *top >= -0.5 && *right <= width + 0.5 && *bottom <= height + 0.5;
        assert!(
            is_inside,
            "{name}: {:?} of {width} × {height}",
            boxes[index]
        );
        for other in &boxes[..index] {
            // The boxes are a little larger than the letters.
            let is_apart = left + 2.0 >= other[2]
                || other[0] + 2.0 >= *right
                || top + 2.0 >= other[3]
                || other[1] + 2.0 >= *bottom;
            assert!(is_apart, "{name}: {:?} and {other:?}", boxes[index]);
        }
    }
}

fn curve(index: usize, name: &str, y: impl Fn(f64) -> f64) -> Series {
    let points = (1..=20).map(|x| [f64::from(x), y(f64::from(x))]);
    Series::new(index, name, points.collect())
}

/// Three runs with their spread, one of them with gaps.
fn accuracy() -> Chart {
    let rise = |limit: f64, rate: f64| move |x: f64| limit - 0.3 * (-x / rate).exp();
    let names = [
        ("baseline", 0.91, 4.0),
        ("with augmentation", 0.93, 7.0),
        ("50 % dropout & 2×2 pooling", 0.95, 9.0),
    ];
    let mut series: Vec<Series> = names
        .into_iter()
        .enumerate()
        .map(|(index, (name, limit, rate))| curve(index, name, rise(limit, rate)))
        .collect();
    for series in &mut series[..2] {
        let spread = |[x, y]: &[f64; 2]| [*x, y - 0.2 / (x + 4.0), y + 0.15 / (x + 4.0)];
        series.band = series.points.iter().map(spread).collect();
    }
    for hole in [4, 9, 11] {
        series[2].points[hole][1] = f64::NAN;
    }
    Chart {
        title: "Validation accuracy on Fashion-MNIST, means and ranges of five seeds".to_owned(),
        x_label: "epoch".to_owned(),
        y_label: "validation accuracy".to_owned(),
        series,
        y_limits: [0.0, 1.0],
        ..Chart::default()
    }
}

fn losses(ground: Ground) -> Chart {
    let names = [
        "training",
        "validation",
        "training, learning rate 10⁻³",
        "validation, learning rate 10⁻³",
    ];
    let series = names.into_iter().enumerate().map(|(index, name)| {
        let rate = 3.0 + index as f64;
        curve(index, name, move |x| 2.3 * (-x / rate).exp() + 0.003)
    });
    let mut series: Vec<Series> = series.collect();
    series[1].pattern = Pattern::Dashed;
    series[3].pattern = Pattern::DashDotted;
    Chart {
        title: "Loss".to_owned(),
        x_label: "epoch".to_owned(),
        y_label: "cross-entropy (nats)".to_owned(),
        series,
        is_logarithmic: true,
        ground,
        ..Chart::default()
    }
}

fn many(count: usize) -> Chart {
    let series = (0..count).map(|index| {
        let shift = index as f64;
        curve(
            index,
            &format!("filters {} seed {index}", 8 << (index % 3)),
            move |x| (x / 3.0 + shift / 5.0).sin() * (1.0 + shift / 20.0),
        )
    });
    Chart {
        title: "Many curves".to_owned(),
        x_label: "time".to_owned(),
        series: series.collect(),
        ..Chart::default()
    }
}

fn screen() -> Screen {
    let lines = [
        "╭─ Train ── ● running ──────────────────╮",
        "│ loss 0.2513 ↓   accuracy 91.4 %  ✓    │",
        "│ ████████████▌░░░░░░░▒▒▒▒▓▓▓▓  62 %    │",
        "│ ▁▂▃▄▅▆▇█ ▏▎▍▌▋▊▉█ ▖▗▘▙▚▛▜▝▞▟ 🬀🬁🬂🬃🬄🬅🬆  │",
        "│ ⠉⠊⠋⡠⣿⢀⡀⠤⠒⠉ ┌┬┐╔╦╗┏┳┓ ┄┈╌ ╱╲╳ ╒╤╕ é ü  │",
        "│ ⣀⣠⣴⣾⣿⣷⣦⣄⣀  ├┼┤╠╬╣┣╋┫ ┆┊╎ ╭─╮ ╞╪╡ ▲▼   │",
        "│            └┴┘╚╩╝┗┻┛ │┃║ ╰─╯ ╘╧╛ ■□ 長 │",
        "╰───────────────────────────────────────╯",
    ];
    let (ink, ground) = ([220, 223, 228], [24, 26, 33]);
    let columns = lines[0].chars().count();
    let mut cells = Vec::new();
    for (row, line) in lines.iter().enumerate() {
        let characters = line.chars().chain(std::iter::repeat(' ')).take(columns);
        for (column, character) in characters.enumerate() {
            let mut cell = Cell::new(character, ink, ground);
            cell.is_bold = row == 0 && (3..8).contains(&column);
            cell.is_dim = row == 1 && column > 16;
            cell.is_underlined = row == 1 && (2..6).contains(&column);
            if row == 6 && column < 12 && column > 0 {
                let shade = (20 * column) as u8;
                cell = Cell::new('▀', [shade, 90, 200 - shade / 2], [shade / 2, 160, 60]);
            }
            cells.push(cell);
        }
    }
    Screen::new(columns as u16, cells)
}

/// A convolution on an image, and what follows it.
fn network(ground: Ground) -> Stages {
    let stage = |name: &str, settings: &str, size: &str, [width, height]: [f32; 2]| Stage {
        name: name.to_owned(),
        settings: settings.to_owned(),
        remark: "with batch_norm, relu · 4,704 parameters".to_owned(),
        size: size.to_owned(),
        width,
        height,
        color: 0,
    };
    Stages {
        stages: vec![
            Stage {
                color: 6,
                remark: String::new(),
                ..stage("image", "", "28×28×1", [1.0, 0.3])
            },
            stage("conv2d", "filters 16, kernel 3", "28×28×16", [1.0, 0.6]),
            Stage {
                color: 1,
                ..stage("max_pool2d", "size 2", "14×14×16", [0.5, 0.6])
            },
            stage(
                "conv2d",
                "filters 512, kernel 3, stride 2, padding valid, l2 0.0001, activation relu",
                "3×3×512",
                [0.1, 1.0],
            ),
            stage(
                "a_layer_with_a_name_that_is_longer_than_any_other_one_is",
                "units 10",
                "10",
                [0.0, 0.0],
            ),
        ],
        ground,
    }
}

fn effects() -> Intervals {
    let row = |label: &str, value: f64, half: Option<f64>, is_bold| IntervalRow {
        label: label.to_owned(),
        value,
        interval: half.map(|half| [value - half, value + half]),
        is_bold,
    };
    Intervals {
        rows: vec![
            row("dropout 0.5 instead of 0", -0.8, Some(0.2), true),
            row("batch_size 128 instead of 32", 0.1, Some(0.4), false),
            row(
                "training.optimizer.adam.learning_rate 0.001 instead of 0.1",
                1.2,
                None,
                false,
            ),
        ],
        x_label: "difference in points".to_owned(),
        ground: Ground::Light,
    }
}

#[test]
fn pictures_are_as_they_were_seen() {
    let empty = Chart {
        title: "Nothing yet".to_owned(),
        x_label: "epoch".to_owned(),
        ..Chart::default()
    };
    for (name, picture) in [
        ("accuracy", accuracy().picture()),
        ("loss-dark", losses(Ground::Dark).picture()),
        ("loss-transparent", losses(Ground::Transparent).picture()),
        ("many", many(10).picture()),
        ("empty", empty.picture()),
        ("screen", screen().picture()),
        ("table", table::tests::confusion().picture(Ground::Light)),
        (
            "table-dark",
            table::tests::confusion().picture(Ground::Dark),
        ),
        ("effects", effects().picture()),
        ("network", network(Ground::Light).picture()),
        ("network-dark", network(Ground::Dark).picture()),
    ] {
        if name != "screen" {
            check_texts(name, &picture);
        }
        check(name, &picture);
    }
}

#[test]
fn nothing_overlaps_or_is_cut_however_small_or_full_a_chart_is() {
    let long = "a name that is longer than the whole chart is wide, as names of runs with all their settings are, 2026-11-30";
    for size in [
        [200.0, 120.0],
        [245.0, 170.0],
        [420.0, 280.0],
        [900.0, 400.0],
        [0.0, f32::NAN],
    ] {
        for chart in [accuracy(), losses(Ground::Light), many(1), many(200)] {
            let mut chart = Chart { size, ..chart };
            check_texts("as is", &chart.picture());
            chart.title = long.repeat(3);
            chart.x_label = long.to_owned();
            chart.y_label = long.to_owned();
            for series in chart.series.iter_mut().take(3) {
                series.name = long.to_owned();
            }
            let picture = chart.picture();
            check_texts("long", &picture);
            check_xml(&to_svg(&picture));
        }
    }
}

/// The places of all names in the legend are below the plot, where no curve is.
#[test]
fn the_legend_covers_no_curve() {
    for chart in [accuracy(), many(200)] {
        let picture = chart.picture();
        let lines = picture.shapes().iter().filter_map(|shape| match shape {
            Shape::Line(line) if line.points.len() > 3 => Some(line),
            _ => None,
        });
        let lowest = lines
            .flat_map(|line| &line.points)
            .map(|point| point[1])
            .fold(0.0, f32::max);
        for series in &chart.series {
            let name = picture.shapes().iter().find_map(|shape| match shape {
                Shape::Text(text) if text.text == series.name => Some(text),
                _ => None,
            });
            let name = name.unwrap_or_else(|| panic!("{} is not listed", series.name));
            assert!(name.place[1] - name.size > lowest, "{}", series.name);
        }
    }
}
