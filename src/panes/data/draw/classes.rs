//! The classes of the chosen set: a block each, with its image counts above as many images as fit.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::next;
use crate::data::{DatasetSummary, SplitName};
use crate::lab::{Lab, Part};
use crate::panes::data::DataPane;
use crate::shape::Shape;
use crate::ui::format::{count, left, line_bar, width_of};
use crate::ui::panel::{below, hint, inside, panel, window};
use crate::ui::theme::Theme;
use crate::ui::widgets::{ImageGrid, Scale, Tile};

/// Rows of text above a block's images.
const WORDS: u16 = 1;
/// Maximum number of images per class: more show nothing new.
const MOST_IMAGES: usize = 12;
/// Columns between the counts of a class and the next class, besides the free one, where there are bars.
const GAP: usize = 2;
/// Least length of a bar.
const LEAST_BAR: usize = 8;

/// How classes share an area: blocks of one size in rows, with images of one scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Blocks {
    area: Rect,
    scale: Scale,
    /// Side by side.
    pub(super) columns: usize,
    /// In sight.
    rows: usize,
    block: Size,
    /// That a block has room for.
    pub(super) images: usize,
}

impl Blocks {
    /// The division that shows most of all classes: images large enough to recognize before smaller ones, then as many as possible.
    /// Where not all classes fit, as many as do.
    pub(super) fn new(classes: usize, shape: Shape, area: Rect) -> Self {
        let classes = classes.max(1);
        let mut scale = Scale::fitting(classes, shape, area, WORDS);
        let mut best: Option<((bool, usize), Self)> = None;
        loop {
            for columns in 1..=classes.min(area.width.into()) {
                let grid = (columns, classes.div_ceil(columns));
                let blocks = Self::of(area, shape, scale, grid);
                let tile = scale.cells(shape);
                let is_clear = usize::from(tile.width) * 2 >= shape.width;
                let shown = blocks.images * usize::from(tile.width * tile.height);
                let worth = (is_clear, shown);
                if shown > 0 && best.is_none_or(|(most, _)| worth > most) {
                    best = Some((worth, blocks));
                }
            }
            let smaller = scale.smaller();
            if shape.is_empty() || smaller.is_too_small(shape) {
                break;
            }
            scale = smaller;
        }
        let scrolled = || {
            let (columns, rows) = scale.capacity(shape, area, WORDS);
            Self::of(area, shape, scale, (columns.max(1), rows.max(1)))
        };
        best.map_or_else(scrolled, |(_, blocks)| blocks)
    }

    fn of(area: Rect, shape: Shape, scale: Scale, (columns, rows): (usize, usize)) -> Self {
        let block = Size::new(area.width / columns as u16, area.height / rows as u16);
        let images = Rect::new(0, 0, block.width, block.height.saturating_sub(WORDS));
        let (across, down) = scale.capacity(shape, images, 0);
        Self {
            area,
            scale,
            columns,
            rows,
            block,
            images: (across * down).min(MOST_IMAGES),
        }
    }

    /// The classes in sight, the one under the cursor among them.
    fn shown(&self, cursor: usize, classes: usize) -> Range<usize> {
        let rows = window(
            cursor / self.columns,
            classes.div_ceil(self.columns),
            self.rows,
        );
        rows.start * self.columns..(rows.end * self.columns).min(classes)
    }

    /// The block at this place, counted along the rows.
    fn place(&self, place: usize) -> Rect {
        let (row, column) = (place / self.columns, place % self.columns);
        let Size { width, height } = self.block;
        Rect::new(
            self.area.x + column as u16 * width,
            self.area.y + row as u16 * height,
            width,
            height,
        )
    }
}

pub(super) fn draw(pane: &DataPane, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    lab.spots.focus(area, Part::Classes);
    let focused = lab.has_focus(Part::Classes);
    let Some(set) = lab.chosen_set() else {
        panel("Classes", focused, area, buffer, theme);
        return;
    };
    let blocks = Blocks::new(set.class_names.len(), set.shape, inside(area));
    let shown = blocks.shown(pane.class, set.class_names.len());
    let inner = panel(&title(pane, lab, set, &shown), focused, area, buffer, theme);
    let room = usize::from(area.width.saturating_sub(4));
    hint(&next::line(lab, room, theme), area, buffer);
    if inner.height < 2 {
        return;
    }
    // One free column between two blocks.
    let words = Words::of(set, usize::from(blocks.block.width).saturating_sub(1));
    let images = pane.images_of(&set.name);
    let places = shown.clone().enumerate();
    let places = places.map(|(place, class)| (class, blocks.place(place)));
    lab.spots
        .cursor(places, |pane: &mut DataPane, _, class| pane.class = class);
    for (place, class) in shown.enumerate() {
        let block = blocks.place(place);
        let pictures = below(block, WORDS);
        let row = Rect::new(block.x, block.y, words.room as u16, WORDS);
        buffer.set_line(row.x, row.y, &words.line(set, class, theme), row.width);
        if focused && class == pane.class {
            buffer.set_style(row, theme.selected);
        }
        let images = images.get(class).into_iter().flatten();
        let tiles = images.take(blocks.images);
        let tiles: Vec<Tile> = tiles
            .map(|image| Tile::new(image.pixels.as_slice(), ""))
            .collect();
        let grid = ImageGrid {
            scale: Some(blocks.scale),
            places: blocks.images,
            ..ImageGrid::new(&tiles, set.shape, lab.colors.images, theme)
        };
        grid.render(pictures, buffer);
    }
}

/// The set, and what the two counts of a class are; with the focus on the blocks, those of the class under the cursor.
fn title(pane: &DataPane, lab: &Lab, set: &DatasetSummary, shown: &Range<usize>) -> String {
    let classes = set.class_names.len();
    let mut title = format!("Classes of {}", set.name);
    if shown.len() < classes {
        title += &format!(" · {}–{} of {classes}", shown.start, shown.end - 1);
    }
    if lab.has_focus(Part::Classes)
        && let Some(name) = set.class_names.get(pane.class)
    {
        let (train, test) = (set.train_counts[pane.class], set.test_counts[pane.class]);
        let validation = set.validation_counts.as_ref().map(|counts| {
            let images = count(counts[pane.class]);
            format!(" + {images} val")
        });
        title += &format!(
            " · {name}: {} train{} + {} test",
            count(train),
            validation.unwrap_or_default(),
            count(test)
        );
    } else {
        title += match &set.validation_counts {
            Some(_) => " · training + validation + test images",
            None => " · training + test images",
        };
    }
    title
}

/// The text of each class: the same parts for all, as many as fit for the longest.
struct Words {
    room: usize,
    /// Label of each class: its number and its name, or only one of them.
    names: Vec<String>,
    /// Columns of the names.
    name: usize,
    /// Columns of the count of each split; none where they do not fit.
    counts: Option<Vec<usize>>,
    /// Columns of the bar.
    bar: usize,
    /// The images of the largest class.
    most: usize,
}

impl Words {
    fn of(set: &DatasetSummary, room: usize) -> Self {
        let counts = set.splits().map(|(_, counts)| {
            let widths = counts.iter().map(|images| count(*images).len());
            widths.max().unwrap_or(1)
        });
        let counts: Vec<usize> = counts.collect();
        let widest = |names: &[String]| names.iter().map(|name| width_of(name)).max();
        let numbered = |(class, name): (usize, &String)| match *name == class.to_string() {
            true => name.clone(),
            false => format!("{class} {name}"),
        };
        let mut names: Vec<String> = set.class_names.iter().enumerate().map(numbered).collect();
        if widest(&names) > Some(room) {
            names.clone_from(&set.class_names);
        }
        let name = widest(&names).unwrap_or(0).min(room);
        let figures = counts.iter().sum::<usize>() + (counts.len() - 1) * " + ".len();
        let left = room.checked_sub(name + 1 + figures);
        Self {
            room,
            names,
            name,
            bar: left
                .and_then(|left| left.checked_sub(1 + GAP))
                .filter(|bar| *bar >= LEAST_BAR)
                .unwrap_or(0),
            counts: left.map(|_| counts),
            most: set.train_counts.iter().copied().max().unwrap_or(0).max(1),
        }
    }

    fn line(&self, set: &DatasetSummary, class: usize, theme: &Theme) -> Line<'static> {
        let name = left(&self.names[class], self.name);
        let mut spans = vec![Span::styled(name + " ", theme.title)];
        if self.bar > 0 {
            let train = set.train_counts[class];
            let bar = line_bar(train as f64 / self.most as f64, self.bar);
            spans.push(Span::styled(left(&bar, self.bar + 1), theme.train));
        }
        let counts = set.splits().zip(self.counts.iter().flatten());
        spans.extend(counts.map(|((split, counts), width)| {
            let images = format!("{:>width$}", count(counts[class]));
            match split {
                SplitName::Train => Span::styled(images, theme.text),
                SplitName::Validation | SplitName::Test => {
                    Span::styled(format!(" + {images}"), theme.dim)
                }
            }
        }));
        Line::from(spans)
    }
}
