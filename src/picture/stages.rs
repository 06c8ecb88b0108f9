//! A network as a column of boxes: what goes through it, from the image to the classes.

use super::chart::Ground;
use super::font::{Face, Weight, shortened};
use super::scene::{Anchor, Line, Picture, Polygon, Rectangle, Rgb, Text};

/// Boxes from top to bottom, joined by arrows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stages {
    /// The first is at the top.
    pub stages: Vec<Stage>,
    /// What it is drawn on.
    pub ground: Ground,
}

/// A box with what stands beside it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stage {
    /// What it is, in bold: `conv2d`.
    pub name: String,
    /// What follows it: `filters 16, kernel 3`.
    pub settings: String,
    /// The line below: what else happens in it, and how many parameters it has.
    pub remark: String,
    /// Written in the box, or beside it if that is too small: `28×28×16`.
    pub size: String,
    /// How wide the box is, from 0 to 1.
    pub width: f32,
    /// How high the box is, from 0 to 1.
    pub height: f32,
    /// The number of its colour: [`Ground::color`].
    pub color: usize,
}

/// The width of the picture, and of the widest box.
const WIDTH: f32 = 400.0;
const WIDEST: f32 = 130.0;
const NARROWEST: f32 = 10.0;
/// The heights of boxes.
const HIGHEST: f32 = 30.0;
const LOWEST: f32 = 8.0;
/// The space that a stage has at least, and between two boxes.
const ROW: f32 = 26.0;
const GAP: f32 = 13.0;
const MARGIN: f32 = 8.0;
/// Where the texts begin.
const TEXT: f32 = MARGIN + WIDEST + 16.0;
const NAME: f32 = 9.5;
/// Settings that have less are left out.
const LEAST_ROOM: f32 = 24.0;
const SMALL: f32 = 8.5;
const REGULAR: (Face, Weight) = (Face::Sans, Weight::Regular);

impl Stages {
    /// The column as a picture.
    pub fn picture(&self) -> Picture {
        let heights: Vec<f32> = self.stages.iter().map(room).collect();
        let gaps = self.stages.len().saturating_sub(1) as f32 * GAP;
        let height = heights.iter().sum::<f32>() + gaps + 2.0 * MARGIN;
        let mut picture = Picture::new([WIDTH, height], self.ground.background());
        let mut top = MARGIN;
        for (index, (stage, room)) in self.stages.iter().zip(&heights).enumerate() {
            if index > 0 {
                let before = &self.stages[index - 1];
                let from = top - GAP - 0.5 * (heights[index - 1] - before.drawn_height());
                let to = top + 0.5 * (room - stage.drawn_height());
                self.add_arrow(&mut picture, from, to);
            }
            self.add(&mut picture, stage, top, *room);
            top += room + GAP;
        }
        picture
    }

    fn add(&self, picture: &mut Picture, stage: &Stage, top: f32, room: f32) {
        let (width, height) = (stage.drawn_width(), stage.drawn_height());
        let middle = MARGIN + 0.5 * WIDEST;
        let centre = top + 0.5 * room;
        picture.add(Rectangle {
            corner: [middle - 0.5 * width, centre - 0.5 * height],
            size: [width, height],
            color: self.pale(stage.color),
        });
        let [left, right] = [middle - 0.5 * width, middle + 0.5 * width];
        let [upper, lower] = [centre - 0.5 * height, centre + 0.5 * height];
        picture.add(Line {
            points: vec![
                [left, upper],
                [right, upper],
                [right, lower],
                [left, lower],
                [left, upper],
            ],
            color: self.ground.color(stage.color),
            width: 1.0,
            dashes: &[],
            opacity: 1.0,
        });
        let ink = self.ground.ink();
        let size = Text::new(
            [middle, centre + 0.36 * SMALL],
            stage.size.as_str(),
            SMALL,
            ink,
        );
        let fits = size.width() + 4.0 <= width && SMALL + 1.0 <= height;
        if fits {
            picture.add(size.anchored(Anchor::Middle));
        }
        let bold = (Face::Sans, Weight::Bold);
        let name = shortened(&stage.name, bold, NAME, WIDTH - MARGIN - TEXT);
        let name = Text::new([TEXT, centre - 2.0], name, NAME, ink).weighing(Weight::Bold);
        let after = TEXT + name.width() + 5.0;
        picture.add(name);
        let room = WIDTH - MARGIN - after;
        if room > LEAST_ROOM {
            let settings = shortened(&stage.settings, REGULAR, NAME, room);
            picture.add(Text::new([after, centre - 2.0], settings, NAME, ink));
        }
        let mut below = stage.remark.clone();
        if !fits {
            let space = if below.is_empty() { "" } else { " · " };
            below = format!("{}{space}{below}", stage.size);
        }
        let below = shortened(&below, REGULAR, SMALL, WIDTH - MARGIN - TEXT);
        picture.add(Text::new([TEXT, centre + 9.5], below, SMALL, ink));
    }

    fn add_arrow(&self, picture: &mut Picture, from: f32, to: f32) {
        let x = MARGIN + 0.5 * WIDEST;
        let color = self.ground.ink();
        picture.add(Line {
            points: vec![[x, from + 1.5], [x, to - 4.0]],
            color,
            width: 0.8,
            dashes: &[],
            opacity: 1.0,
        });
        picture.add(Polygon {
            points: vec![[x - 2.5, to - 5.5], [x + 2.5, to - 5.5], [x, to - 1.0]],
            color,
            opacity: 1.0,
        });
    }

    /// A colour that text can stand on.
    fn pale(&self, number: usize) -> Rgb {
        let behind = self.ground.background().unwrap_or([255; 3]);
        let color = self.ground.color(number);
        [0, 1, 2].map(|at| {
            let [color, behind] = [color[at], behind[at]].map(f32::from);
            (behind + 0.22 * (color - behind)).round() as u8
        })
    }
}

impl Stage {
    fn drawn_width(&self) -> f32 {
        NARROWEST + (WIDEST - NARROWEST) * self.width.clamp(0.0, 1.0)
    }

    fn drawn_height(&self) -> f32 {
        LOWEST + (HIGHEST - LOWEST) * self.height.clamp(0.0, 1.0)
    }
}

/// The height of a stage with its texts.
fn room(stage: &Stage) -> f32 {
    stage.drawn_height().max(ROW)
}
