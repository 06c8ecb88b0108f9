//! A chart as shapes.

use super::super::font::wrapped;
use super::super::scene::{Anchor, Line, Picture, Point, Rgb, Text};
use super::Chart;
use super::curves;
use super::frame::{
    ASCENT, BOLD, FIGURE, Frame, LABEL, LEADING, MARGIN, Mark, REGULAR, SPACE, TICK, TITLE,
};
use super::legend::Legend;

pub(super) fn draw(chart: &Chart) -> Picture {
    let frame = Frame::new(chart);
    let legend = Legend::new(chart, &frame);
    let [width, height] = frame.size;
    let size = [width, height + legend.height()];
    let mut picture = Picture::new(size, chart.ground.background());
    add_grid(&mut picture, chart, &frame);
    curves::add(&mut picture, chart, &frame);
    add_axes(&mut picture, chart, &frame);
    add_texts(&mut picture, chart, &frame);
    if let Some(sentence) = chart.why_empty() {
        add_sentence(&mut picture, chart, &frame, sentence);
    }
    legend.add(&mut picture, chart, height - MARGIN + SPACE);
    picture
}

fn line(points: [Point; 2], color: Rgb, width: f32) -> Line {
    Line {
        points: points.to_vec(),
        color,
        width,
        dashes: &[],
        opacity: 1.0,
    }
}

/// Lines from the ticks of the y axis.
fn add_grid(picture: &mut Picture, chart: &Chart, frame: &Frame) {
    for Mark { place: y, .. } in &frame.y_ticks {
        let points = [[frame.left, *y], [frame.right, *y]];
        picture.add(line(points, chart.ground.grid(), 0.6));
    }
}

fn add_axes(picture: &mut Picture, chart: &Chart, frame: &Frame) {
    let ink = chart.ground.ink();
    let &Frame {
        left,
        right,
        top,
        bottom,
        ..
    } = frame;
    picture.add(Line {
        points: vec![[left, top], [left, bottom], [right, bottom]],
        ..line([[0.0; 2]; 2], ink, 0.8)
    });
    for Mark { place: x, .. } in &frame.x_ticks {
        picture.add(line([[*x, bottom], [*x, bottom + TICK]], ink, 0.8));
    }
    for Mark { place: y, .. } in &frame.y_ticks {
        picture.add(line([[left - TICK, *y], [left, *y]], ink, 0.8));
    }
}

fn add_texts(picture: &mut Picture, chart: &Chart, frame: &Frame) {
    let ink = chart.ground.ink();
    let below = frame.bottom + TICK + 2.0;
    for Mark { place: x, text, .. } in &frame.x_ticks {
        let place = [*x, below + ASCENT * FIGURE];
        picture.add(Text::new(place, text, FIGURE, ink).anchored(Anchor::Middle));
    }
    for Mark { place: y, text, .. } in &frame.y_ticks {
        let place = [frame.left - TICK - 3.0, y + 0.36 * FIGURE];
        picture.add(Text::new(place, text, FIGURE, ink).anchored(Anchor::End));
    }
    let across = 0.5 * (frame.left + frame.right);
    // Centred on the plot, unless it would leave the picture.
    let within = |text: Text| {
        let half = 0.5 * text.width();
        let [x, y] = text.place;
        let x = x.max(MARGIN + half).min(frame.size[0] - MARGIN - half);
        Text {
            place: [x, y],
            ..text
        }
    };
    for (row, title) in frame.title.iter().enumerate() {
        let baseline = MARGIN + (row as f32 * LEADING + ASCENT) * TITLE;
        let text = Text::new([across, baseline], title, TITLE, ink);
        picture.add(within(text.anchored(Anchor::Middle).weighing(BOLD.1)));
    }
    for (row, label) in frame.x_label.iter().enumerate() {
        let top = below + LEADING * FIGURE + SPACE;
        let baseline = top + (row as f32 * LEADING + ASCENT) * LABEL;
        let text = Text::new([across, baseline], label, LABEL, ink);
        picture.add(within(text.anchored(Anchor::Middle)));
    }
    for (row, label) in frame.y_label.iter().enumerate() {
        let x = MARGIN + (row as f32 * LEADING + ASCENT) * LABEL;
        let middle = 0.5 * (frame.top + frame.bottom);
        let text = Text::new([x, middle], label, LABEL, ink);
        picture.add(text.anchored(Anchor::Middle).turned());
    }
}

/// Why the plot is empty, in its middle.
fn add_sentence(picture: &mut Picture, chart: &Chart, frame: &Frame, sentence: &str) {
    let room = frame.right - frame.left - 8.0;
    let lines = wrapped(sentence, REGULAR, LABEL, room, 3);
    let middle = [
        0.5 * (frame.left + frame.right),
        0.5 * (frame.top + frame.bottom),
    ];
    let first = middle[1] - 0.5 * (lines.len() as f32 - 1.0) * LEADING * LABEL;
    for (row, line) in lines.iter().enumerate() {
        let baseline = first + row as f32 * LEADING * LABEL;
        let text = Text::new([middle[0], baseline], line, LABEL, chart.ground.ink());
        picture.add(text.anchored(Anchor::Middle));
    }
}
