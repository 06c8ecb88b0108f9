//! Pages of widgets over real images for viewing, with their time and size.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::time::Instant;

use flate2::read::GzDecoder;
use ratatui::Terminal;
use ratatui::TerminalOptions;
use ratatui::Viewport;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::widgets::Widget;

use super::*;
use crate::ui::inline::ansi;
use crate::ui::theme::{Background, ColorDepth, ColorMap, Theme};

const NAMES: [&str; 10] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];
const SHAPE: Shape = Shape::new(28, 28, 1);

fn unzipped(name: &str) -> Vec<u8> {
    let folder = std::env::var("CONVSCOPE_GALLERY_DATA").expect("a folder of Fashion-MNIST");
    let file = File::open(PathBuf::from(folder).join(name)).unwrap();
    let mut bytes = Vec::new();
    GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    bytes
}

/// The first images of the test set with their class names.
fn images(count: usize) -> Vec<(Vec<u8>, &'static str)> {
    let pixels = unzipped("t10k-images-idx3-ubyte.gz");
    let labels = unzipped("t10k-labels-idx1-ubyte.gz");
    pixels[16..]
        .chunks_exact(784)
        .zip(&labels[8..])
        .map(|(pixels, label)| (pixels.to_vec(), NAMES[usize::from(*label)]))
        .take(count)
        .collect()
}

/// Sixteen maps that a first layer might make: differences with a shifted self.
fn maps(image: &[u8]) -> Vec<f32> {
    (0..784)
        .flat_map(|index| {
            (0..16).map(move |filter| {
                let shift = 1 + filter / 4 * 9 + filter % 4;
                let near = f32::from(image[(index + shift) % 784]);
                let own = f32::from(image[index]);
                (own - near * (filter as f32 / 8.0)).max(0.0) * f32::from(u8::from(filter != 5))
            })
        })
        .collect()
}

fn page(name: &str, area: Rect, draw: impl Fn(&mut Buffer)) {
    let out = std::env::var("CONVSCOPE_GALLERY_OUT").expect("a folder to write to");
    let mut buffer = Buffer::empty(area);
    draw(&mut buffer);
    let started = Instant::now();
    for _ in 0..20 {
        buffer.reset();
        draw(&mut buffer);
    }
    let milliseconds = started.elapsed().as_secs_f64() * 1000.0 / 20.0;
    let mut sent = Vec::new();
    let mut terminal = Terminal::with_options(
        CrosstermBackend::new(&mut sent),
        TerminalOptions {
            viewport: Viewport::Fixed(area),
        },
    )
    .unwrap();
    terminal.draw(|frame| draw(frame.buffer_mut())).unwrap();
    drop(terminal);
    println!("{name}: {milliseconds:.2} ms, {} bytes", sent.len());
    std::fs::write(
        PathBuf::from(out).join(format!("{name}.ansi")),
        ansi(&buffer, area) + "\n",
    )
    .unwrap();
}

#[test]
#[ignore = "writes pages to look at; needs CONVSCOPE_GALLERY_DATA and CONVSCOPE_GALLERY_OUT"]
fn pages() {
    let images = images(400);
    for (suffix, depth, background, width, height) in [
        ("80", ColorDepth::TrueColor, Background::Dark, 80, 21),
        ("160", ColorDepth::TrueColor, Background::Unknown, 160, 47),
        ("256", ColorDepth::Indexed256, Background::Dark, 80, 21),
        ("16", ColorDepth::Basic16, Background::Dark, 80, 21),
        ("none", ColorDepth::None, Background::Unknown, 80, 21),
        ("light", ColorDepth::TrueColor, Background::Light, 80, 21),
    ] {
        let theme = Theme::new(depth, background);
        let area = Rect::new(0, 0, width, height);
        for (name, count, map) in [
            ("ten", 10, ColorMap::Viridis),
            ("forty", 40, ColorMap::Grey),
            ("many", 400, ColorMap::Cividis),
        ] {
            let tiles: Vec<Tile> = images[..count]
                .iter()
                .enumerate()
                .map(|(index, (pixels, label))| {
                    let mark = if index % 7 == 3 {
                        Mark::Wrong
                    } else {
                        Mark::None
                    };
                    Tile::new(pixels, *label).mark(mark)
                })
                .collect();
            page(&format!("{name}-{suffix}"), area, |buffer| {
                let mut grid = ImageGrid::new(&tiles, SHAPE, map, &theme);
                grid.cursor = Some(1);
                grid.render(area, buffer);
            });
        }
        let values = maps(&images[0].0);
        page(&format!("maps-{suffix}"), area, |buffer| {
            let shape = Shape::new(28, 28, 16);
            let mut grid = MapGrid::new(&values, shape, ColorMap::Viridis, &theme);
            grid.cursor = Some(3);
            grid.render(area, buffer);
        });
        let vector: Vec<f32> = (0..128)
            .map(|unit| (unit as f32 * 0.7).sin().max(-0.2) * 6.0 + 1.2)
            .collect();
        page(&format!("vector-{suffix}"), area, |buffer| {
            let shape = Shape::flat(128);
            let mut grid = MapGrid::new(&vector, shape, ColorMap::Viridis, &theme);
            grid.cursor = Some(13);
            grid.render(area, buffer);
        });
        page(&format!("train-{suffix}"), area, |buffer| {
            train(&theme, area, buffer)
        });
        let names = NAMES.map(str::to_owned);
        let counts: Vec<u32> = (0..100)
            .map(|index| match (index / 10, index % 10) {
                (a, b) if a == b => 880 + (a * 13 % 7) as u32 * 19,
                (6, b) | (b, 6) if b < 5 => 30 + 17 * b as u32,
                (2, 4) | (4, 2) => 61,
                (5..=9, 5..=9) => (index % 17) as u32,
                (a, b) => u32::from((a * b) % 5 == 3),
            })
            .collect();
        for (name, map, text) in [
            ("blues", ColorMap::Blues, CellText::Counts),
            ("cividis", ColorMap::Cividis, CellText::RowPercent),
        ] {
            page(&format!("confusion-{name}-{suffix}"), area, |buffer| {
                let grid = ConfusionGrid {
                    map,
                    text,
                    cursor: Some((6, 4)),
                    ..ConfusionGrid::new(&counts, &names, &theme)
                };
                grid.render(area, buffer);
            });
        }
    }
}

fn train(theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let curve = |first: f64, last: f64, pace: f64, wobble: f64| -> Vec<(f64, f64)> {
        (1..=14)
            .map(|epoch| {
                let x = f64::from(epoch);
                let y = last + (first - last) * (-x / pace).exp();
                (x, y + wobble * (x * 2.3).sin())
            })
            .collect()
    };
    let [gauge, losses, charts, bars] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(2),
        Constraint::Fill(2),
        Constraint::Max(6),
    ])
    .areas(area);
    Progress::new(
        0.68,
        "epoch 14 of 20 · batch 318 of 469 · 9,120 images/s",
        theme,
    )
    .render(gauge, buffer);
    let batch_losses: Vec<f32> = (0..600)
        .map(|batch| 0.3 + 1.8 * (-(batch as f32) / 70.0).exp() + 0.05 * (batch as f32 * 1.7).sin())
        .collect();
    Sparkline::new(&batch_losses, theme).render(losses, buffer);
    let [left, right] = Layout::horizontal([Constraint::Fill(1); 2])
        .spacing(2)
        .areas(charts);
    for (place, title, train, validation, best) in [
        (
            left,
            "accuracy",
            curve(0.7, 0.945, 3.0, 0.001),
            curve(0.76, 0.918, 2.5, 0.004),
            11,
        ),
        (
            right,
            "loss",
            curve(0.9, 0.16, 3.0, 0.003),
            curve(0.7, 0.26, 2.5, 0.012),
            8,
        ),
    ] {
        let series = [
            Series {
                name: "training",
                points: &train,
                style: theme.train,
                stroke: Stroke::Solid,
                best: None,
            },
            Series {
                name: "validation",
                points: &validation,
                style: theme.validation,
                stroke: Stroke::Dashed,
                best: Some((validation[best], '◆')),
            },
        ];
        let curves = Curves {
            title,
            x_title: "epoch",
            x_range: Some([1.0, 20.0]),
            ..Curves::new(&series, theme)
        };
        curves.render(place, buffer);
    }
    let probabilities = [0.913, 0.062, 0.018, 0.0004];
    let shown: Vec<Bar> = probabilities
        .iter()
        .zip(["Ankle boot", "Sneaker", "Sandal", "Bag"])
        .map(|(value, label)| Bar {
            label: label.into(),
            value: *value,
            text: format!("{:.1} %", 100.0 * value).into(),
            style: theme.validation,
        })
        .collect();
    Bars::new(&shown, theme).render(bars, buffer);
}
