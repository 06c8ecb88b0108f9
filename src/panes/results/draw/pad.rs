//! The drawing pad: the drawing, the network's input and prediction, and the kept drawings.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect, Size};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::lab::{Lab, Run};
use crate::panes::results::{JudgedImage, Pad, Prediction, ResultsPane};
use crate::ui::format::mark;
use crate::ui::panel::{empty, footnote, lines, panel, paragraph};
use crate::ui::theme::{ColorMap, Theme};
use crate::ui::widgets::{BrailleImage, ImageGrid, Mark, PixelImage, Tile, draw_probabilities};
use crate::wording::counted;

/// Rows below the drawing: pen and tools.
const TOOLS: u16 = 3;
/// Columns that the predictions need beside the drawing.
const BESIDE: u16 = 40;

/// The pad and what is needed to draw it.
struct Shown<'a> {
    pad: &'a Pad,
    lab: &'a Lab,
    theme: &'a Theme,
}

/// The size of the drawing, and the areas of the drawing with its tools and of the prediction.
fn places(pad: &Pad, area: Rect) -> (Size, [Rect; 2]) {
    let most = Size::new(
        area.width.saturating_sub(BESIDE + 4),
        area.height.saturating_sub(2 + TOOLS),
    );
    let size = BrailleImage::size(pad.canvas.shape(), most);
    let sides = Layout::horizontal([Length(size.width.max(24) + 4), Fill(1)]);
    (size, sides.areas(area))
}

pub fn draw(pad: &Pad, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let shown = Shown { pad, lab, theme };
    let (size, [left, right]) = places(pad, area);
    shown.draw_canvas(size, left, buffer);
    let classes = lab.preset.classes.min(10) as u16;
    let [bars, below] = Layout::vertical([Length(classes + 2), Fill(1)]).areas(right);
    shown.draw_prediction(bars, buffer);
    let seen_width = (below.width * 2 / 5).max(18).min(below.width);
    let [seen, near] = Layout::horizontal([Length(seen_width), Fill(1)]).areas(below);
    shown.draw_seen(seen, buffer);
    match pad.shows_kept {
        true => shown.draw_kept(near, buffer),
        false => shown.draw_neighbours(near, buffer),
    }
}

impl Shown<'_> {
    fn draw_canvas(&self, size: Size, area: Rect, buffer: &mut Buffer) {
        let (pad, theme) = (self.pad, self.theme);
        let title = format!("{}Drawing pad", mark(pad.is_unsaved()));
        let inner = panel(&title, true, area, buffer, theme);
        let [picture, _, tools] =
            Layout::vertical([Length(size.height), Length(1), Fill(1)]).areas(inner);
        self.lab
            .spots
            .drawing(picture, move |pane: &mut ResultsPane, _, touch| {
                pane.pad.touch(touch, picture);
            });
        let (row, column) = pad.cursor;
        let (mark, pen) = match pad.is_pen_down() {
            true => (theme.good, Span::styled("pen down", theme.good)),
            false => (theme.accent, Span::styled("pen up", theme.dim)),
        };
        let paint = theme.paint(ColorMap::Grey);
        let mut image = BrailleImage::new(pad.canvas.pixels(), pad.canvas.shape(), paint);
        image.cursor = Some((pad.cursor, mark));
        image.render(picture, buffer);
        let pen = pad.line_from.map_or(pen, |(row, column)| {
            Span::styled(format!("line from {row}, {column}"), theme.good)
        });
        let color = pad.tools.color().filter(|_| !pad.tools.is_erasing);
        let ink = match color {
            _ if pad.tools.is_erasing => "eraser".to_owned(),
            Some((name, _)) => format!("{name} {}", pad.tools.level()),
            None => format!("ink {}", pad.tools.level()),
        };
        let key = |keys: &'static str| Span::styled(keys, theme.key);
        let dim = |text: &'static str| Span::styled(text, theme.dim);
        let mut inks = vec![pen, dim(" · "), Span::raw(ink)];
        if let Some(color) = color.and_then(|(_, ink)| paint.rgb(ink)) {
            inks.push(Span::styled(" ██", Style::new().fg(color)));
        }
        let brush = format!("brush {:.1} px", pad.tools.diameter());
        let brushes = vec![Span::styled(brush, theme.dim), key("   - +")];
        let mut levels = vec![key("< >"), dim(" ink")];
        if pad.tools.color().is_some() {
            levels.extend([key("   p"), dim(" colour")]);
        }
        levels.extend([key("   w"), dim(" PNG")]);
        lines([inks, brushes, levels].map(Line::from), tools, buffer);
        let note = format!("row {row}, column {column}");
        footnote(&note, area, buffer, theme.dim);
    }

    fn draw_prediction(&self, area: Rect, buffer: &mut Buffer) {
        let (lab, theme) = (self.lab, self.theme);
        let Some(shown) = self.pad.shown() else {
            let inner = panel("Prediction", false, area, buffer, theme);
            let advice = match lab.mouse {
                true => "Draw with the mouse, or with Space and the arrow keys; o loads an image.",
                false => "Draw with Space and the arrow keys; o loads an image.",
            };
            return empty("Draw something", advice, inner, buffer, theme);
        };
        let inner = panel(&self.title(shown), false, area, buffer, theme);
        let name = |class| lab.network_class_name(class);
        draw_probabilities(&shown.probabilities, None, name, inner, buffer, theme);
        let (weights, style) = match shown.trained_epochs {
            0 if lab.run_of_network().is_some_and(Run::is_active) => {
                ("in its first epoch".to_owned(), theme.warning)
            }
            0 => {
                let text = "untrained, only guesses; press 4 to train";
                (text.to_owned(), theme.warning)
            }
            epochs => (format!("after {}", counted(epochs, "epoch")), theme.dim),
        };
        footnote(&weights, area, buffer, style);
    }

    /// The most probable class.
    fn title(&self, shown: &Prediction) -> String {
        let Some(class) = shown.most_probable() else {
            return "Prediction".to_owned();
        };
        let name = self.lab.network_class_name(class);
        format!("{name} · {:.1} %", 100.0 * shown.probabilities[class])
    }

    /// Draws the network's input; above it, if there is room, the drawing that it was made from.
    fn draw_seen(&self, area: Rect, buffer: &mut Buffer) {
        let (pad, theme) = (self.pad, self.theme);
        let shape = pad.canvas.shape();
        let inner = panel("Network input", false, area, buffer, theme);
        let is_centred = pad.is_centred(self.lab);
        let note = if is_centred { "centred" } else { "as drawn" };
        footnote(note, area, buffer, theme.dim);
        let shown = pad.shown();
        let Some(shown) = shown.filter(|shown| shown.seen.len() == shape.len()) else {
            return;
        };
        let paint = theme.paint(self.lab.colors.images);
        let seen = PixelImage::new(&shown.seen, shape, paint);
        if !is_centred || inner.height < 16 {
            return seen.render(inner, buffer);
        }
        let rows = Layout::vertical([Length(1), Fill(1), Length(1), Fill(1)]);
        let [before_title, before, after_title, after] = rows.areas(inner);
        paragraph("drawn", theme.dim, before_title, buffer);
        PixelImage::new(pad.canvas.pixels(), shape, paint).render(before, buffer);
        paragraph("centred", theme.dim, after_title, buffer);
        seen.render(after, buffer);
    }

    fn draw_neighbours(&self, area: Rect, buffer: &mut Buffer) {
        let (pad, lab, theme) = (self.pad, self.lab, self.theme);
        let title = match area.width {
            ..28 => "Nearest images",
            _ => "Nearest training images",
        };
        let inner = panel(title, false, area, buffer, theme);
        if pad.shown().is_none() {
            return;
        }
        let shape = pad.canvas.shape();
        // Two if only small images fit; more if all of them are large enough to see.
        let count = if inner.height >= 14 { 6 } else { 2 };
        let images = pad.neighbours.iter();
        let images = images.filter(|image| image.pixels.len() == shape.len());
        let tiles = images.take(count).map(|image| {
            let name = lab.class_name(usize::from(image.label));
            Tile::new(image.pixels.as_slice(), name)
        });
        let tiles: Vec<Tile> = tiles.collect();
        if tiles.is_empty() {
            let advice = "Choose a set whose images have the network's input shape.";
            return empty("None", advice, inner, buffer, theme);
        }
        ImageGrid::new(&tiles, shape, lab.colors.images, theme).render(inner, buffer);
    }

    /// Draws the kept drawings with their predictions.
    fn draw_kept(&self, area: Rect, buffer: &mut Buffer) {
        let (lab, theme) = (self.lab, self.theme);
        let Some(kept) = self.pad.kept.answer() else {
            let inner = panel("Yours", false, area, buffer, theme);
            let advice = "The network classifies your drawings.";
            return empty("Classifying …", advice, inner, buffer, theme);
        };
        let is_right = |image: &&JudgedImage| image.judgement.predicted == image.judgement.label;
        let right = kept.images.iter().filter(is_right).count();
        let title = match kept.images.len() {
            0 => "Yours".to_owned(),
            all => format!("Yours: {right} of {all} right"),
        };
        let inner = panel(&title, false, area, buffer, theme);
        if kept.images.is_empty() {
            let advice = "t keeps a drawing with its class.";
            return empty("None kept yet", advice, inner, buffer, theme);
        }
        // The wrong ones first: they matter most.
        let mut images: Vec<_> = kept.images.iter().collect();
        images.sort_by_key(is_right);
        let tiles = images.into_iter().map(|image| {
            let judgement = &image.judgement;
            let truth = lab.network_class_name(judgement.label.into());
            let taken = lab.network_class_name(judgement.predicted.into());
            let (mark, label) = match is_right(&image) {
                true => (Mark::Right, truth),
                false => (Mark::Wrong, format!("{truth}→{taken}")),
            };
            Tile::new(image.pixels.as_slice(), label).mark(mark)
        });
        let tiles: Vec<Tile> = tiles.collect();
        ImageGrid::new(&tiles, kept.shape, lab.colors.images, theme).render(inner, buffer);
        footnote("v: nearest images", area, buffer, theme.dim);
    }
}
