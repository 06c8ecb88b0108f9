//! Large terminals are used, and small ones cut no sentence.

use convscope::ui::theme::ColorDepth;
use convscope::worker::Event;
use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;

use super::scene::{Scene, summary};

/// What a person would put something into: so many blank columns and rows together. Gaps between words, lines and pictures are smaller.
const GAP: (u16, u16) = (16, 4);

/// Whether each cell of the pane is blank: neither a sign nor a colour behind it.
fn blank(buffer: &Buffer, body: Rect) -> Vec<Vec<bool>> {
    let is_blank = |x, y| {
        let cell = &buffer[(x, y)];
        cell.symbol().trim().is_empty() && cell.bg == Color::Reset
    };
    let row = |y| {
        (body.left()..body.right())
            .map(|x| is_blank(x, y))
            .collect()
    };
    (body.top()..body.bottom()).map(row).collect()
}

/// What draws a chart: ticks and corners of its axes, and bars, lying and upright.
const CHART: &str = "┤└┬▏▎▍▌▋▊▉█▇▆▅▄▃▂▁━╸";

/// The share of a pane that is empty: of its cells, those that lie in a blank rectangle of at least [`GAP`]. What a chart leaves free
/// belongs to it: between two frames, a row that holds a tick or a bar is full.
fn empty_share(buffer: &Buffer, body: Rect) -> f64 {
    let mut blank = blank(buffer, body);
    for (row, y) in blank.iter_mut().zip(body.top()..) {
        let symbols: Vec<&str> = (body.left()..body.right())
            .map(|x| buffer[(x, y)].symbol())
            .collect();
        let mut first = 0;
        for part in symbols.split(|symbol| *symbol == "│") {
            if part.iter().any(|symbol| CHART.contains(symbol)) {
                row[first..first + part.len()].fill(false);
            }
            first += part.len() + 1;
        }
    }
    let (width, height) = (usize::from(GAP.0), usize::from(GAP.1));
    let (rows, columns) = (usize::from(body.height), usize::from(body.width));
    let mut empty = vec![vec![false; columns]; rows];
    for top in 0..(rows + 1).saturating_sub(height) {
        for left in 0..(columns + 1).saturating_sub(width) {
            let mut rows = blank[top..top + height].iter();
            if rows.all(|row| row[left..left + width].iter().all(|cell| *cell)) {
                for row in &mut empty[top..top + height] {
                    row[left..left + width].fill(true);
                }
            }
        }
    }
    let cells = empty.iter().flatten().filter(|cell| **cell).count();
    cells as f64 / (rows * columns) as f64
}

fn body(columns: u16, rows: u16) -> Rect {
    Rect::new(0, 1, columns, rows - 3)
}

/// The screens of a first walk, and the keys to each, but for the curves, which are a chart and nothing else.
const WALK: [(&str, &str); 14] = [
    ("data", "1"),
    ("view", "2"),
    ("network", "3"),
    ("results", "5"),
    ("cell", "5\n"),
    ("pad", "5d lll "),
    ("activations", "6"),
    ("pooled maps", "6ll"),
    ("units", "6llll"),
    ("map", "6\n"),
    ("products", "6\n\n"),
    ("pooled map", "6ll\n"),
    ("effects", "4O\n"),
    ("trials", "4O\n\t"),
];

fn at(keys: &str, columns: u16, rows: u16) -> Scene {
    let mut scene = Scene::walked(columns, rows);
    for key in keys.chars() {
        match key {
            '\n' => scene.key(KeyCode::Enter),
            '\t' => scene.key(KeyCode::Tab),
            key => scene.keys(&key.to_string()),
        }
        scene.answer();
    }
    // What the last key said lies over the pane.
    scene.interface.lab.status = None;
    scene
}

#[test]
fn no_pane_leaves_more_than_a_third_of_a_large_terminal_empty() {
    let mut wasted = Vec::new();
    for (columns, rows) in [(100, 30), (160, 50), (200, 60)] {
        // Of the smallest of them only the pad has room that it did not use.
        let walk = WALK
            .into_iter()
            .filter(|(name, _)| columns >= 160 || *name == "pad");
        for (name, keys) in walk {
            let scene = at(keys, columns, rows);
            let buffer = scene.buffer(ColorDepth::TrueColor);
            let share = empty_share(&buffer, body(columns, rows));
            if share > 1.0 / 3.0 {
                wasted.push(format!(
                    "{columns}×{rows} {name}: {:.0} %\n{}",
                    100.0 * share,
                    scene.text()
                ));
            }
        }
    }
    assert!(wasted.is_empty(), "{}", wasted.join("\n"));
}

#[test]
fn statistics_use_the_room_that_few_classes_leave() {
    for (columns, rows) in [(100, 30), (160, 50), (200, 60)] {
        for classes in [2, 3, 5, 10] {
            let mut scene = Scene::start(columns, rows);
            let mut few = summary();
            few.class_names.truncate(classes);
            few.train_counts.truncate(classes);
            few.test_counts.truncate(classes);
            let seconds = 0.1;
            scene.tell(Event::DataLoaded {
                summary: few,
                seconds,
            });
            scene.keys("2m");
            scene.answer();
            let text = scene.text();
            assert!(
                text.contains("mean image") && text.contains("spread, max"),
                "{text}"
            );
            let buffer = scene.buffer(ColorDepth::TrueColor);
            let share = empty_share(&buffer, body(columns, rows));
            assert!(
                share <= 1.0 / 3.0,
                "{columns}×{rows}, {classes} classes: {:.0} %\n{text}",
                100.0 * share
            );
        }
    }
}

/// The measure itself: an empty panel is empty, one with a picture or with lines of text is not.
#[test]
fn emptiness_is_what_has_room_for_something() {
    let area = Rect::new(0, 0, 40, 20);
    let mut buffer = Buffer::empty(area);
    assert_eq!(empty_share(&buffer, area), 1.0);
    for y in area.rows().map(|row| row.y).step_by(4) {
        buffer.set_string(
            0,
            y,
            "a line of text in every fourth row, whole",
            ratatui::style::Style::new(),
        );
    }
    assert_eq!(empty_share(&buffer, area), 0.0);
    let mut half = Buffer::empty(area);
    half.set_style(
        Rect::new(0, 0, 40, 10),
        ratatui::style::Style::new().bg(Color::Blue),
    );
    assert_eq!(empty_share(&half, area), 0.5);
}

/// The text inside each frame of the screen: its rows up to the first gap.
fn panels(buffer: &Buffer) -> Vec<Vec<String>> {
    let area = buffer.area;
    let symbol = |x: u16, y: u16| buffer[(x, y)].symbol();
    let mut panels = Vec::new();
    for corner in area.positions().filter(|at| symbol(at.x, at.y) == "╭") {
        let right = (corner.x + 1..area.right()).find(|x| symbol(*x, corner.y) == "╮");
        let bottom = (corner.y + 1..area.bottom()).find(|y| symbol(corner.x, *y) == "╰");
        let (Some(right), Some(bottom)) = (right, bottom) else {
            continue;
        };
        // What something else lies over is no whole panel.
        if symbol(right, bottom) != "╯" {
            continue;
        }
        let row = |y| -> String { (corner.x + 1..right).map(|x| symbol(x, y)).collect() };
        // What stands beside text, behind a gap, is something else.
        let text = |row: String| {
            row.trim()
                .split("   ")
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        let rows = (corner.y + 1..bottom).map(|y| text(row(y)));
        panels.push(rows.collect());
    }
    panels
}

/// The sentences in running text, from the first word or the one after a full stop to a full stop.
fn sentences(panels: &[Vec<String>]) -> Vec<String> {
    let mut found = Vec::new();
    for rows in panels {
        let is_text = |row: &String| row.contains(' ');
        for paragraph in rows.split(|row| !is_text(row)) {
            let text = paragraph.join(" ");
            for sentence in text.split_inclusive(". ") {
                let sentence = sentence.trim();
                // A frame within it is that of something over the panel.
                let is_whole = sentence.ends_with('.') && !sentence.contains('│');
                if is_whole && sentence.split(' ').count() > 3 {
                    found.push(sentence.to_owned());
                }
            }
        }
    }
    found
}

/// A sentence that begins on a small screen ends there: those that the same screen shows where it has more room are the ones to look for.
#[test]
fn no_sentence_ends_in_its_middle_on_a_small_terminal() {
    let screens = [
        "1",
        "1\t",
        "1m",
        "1m\n",
        "1f",
        "1o",
        "2",
        "2\n",
        "2m",
        "2v",
        "3",
        "3e",
        "3a",
        "3p",
        "3s",
        "4",
        "4e",
        "4w",
        "4o",
        "4c",
        "4v",
        "4V",
        "4O",
        "4O\n",
        "4O\n\t",
        "4O\n\t\t",
        "4O\n\t\t\t",
        "5",
        "5b",
        "5\n",
        "5d",
        "5d lll ",
        "5s",
        "6",
        "6\n",
        "6\n\n",
        "6w",
        "6i",
        "6G",
        "6G\n",
        "6n",
        "?",
        "q",
    ];
    let mut cut = Vec::new();
    let mut seen = 0;
    for keys in screens {
        let small = panels(&at(keys, 80, 24).buffer(ColorDepth::TrueColor));
        let small: Vec<String> = small.iter().map(|rows| rows.join(" ")).collect();
        for (columns, rows) in [(80, 120), (240, 120)] {
            let large = panels(&at(keys, columns, rows).buffer(ColorDepth::TrueColor));
            for sentence in sentences(&large) {
                let beginning: Vec<&str> = sentence.split(' ').take(3).collect();
                let beginning = beginning.join(" ");
                let begun = small.iter().filter(|text| text.contains(&beginning));
                let begun: Vec<&String> = begun.collect();
                seen += begun.len();
                if !begun.is_empty() && !begun.iter().any(|text| text.contains(&sentence)) {
                    cut.push(format!("{keys:?}: {sentence}"));
                }
            }
        }
    }
    assert!(seen > 30, "only {seen} sentences");
    assert!(cut.is_empty(), "{cut:#?}");
}
