//! Galleries of images by their predictions; training images with suspect labels are shown with the person's corrections.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::images_of;
use crate::analysis::{Gallery, Judgement};
use crate::data;
use crate::lab::Lab;
use crate::panes::results::{JudgedImage, JudgedPage, ResultsPane};
use crate::shape::Shape;
use crate::training::Portion;
use crate::ui::format::{count, fit, width_of};
use crate::ui::panel::{below, empty, footnote, inside, lines, panel};
use crate::ui::theme::Theme;
use crate::ui::widgets::{
    ImageGrid, Mark, PixelImage, Progress, Scale, Tile, abbreviations, draw_probabilities,
};

/// Columns of the probabilities beside an enlarged image.
const BARS: u16 = 40;
/// Letters of an abbreviated class, at least.
const LEAST_NAME: usize = 3;
/// Rows below training images for details of the one under the cursor.
const DETAIL_ROWS: u16 = 2;

/// The pane and what is needed to draw its images.
struct Images<'a> {
    pane: &'a ResultsPane,
    lab: &'a Lab,
    theme: &'a Theme,
}

/// Columns and rows of images that fit.
pub fn room(pane: &ResultsPane, lab: &Lab, area: Rect) -> (usize, usize) {
    let run = lab.run.as_ref();
    let shape = run.map_or(Shape::new(28, 28, 1), |run| run.facts.network.input);
    let [grid, _] = areas(pane, inside(area));
    let scale = Scale::liked(lab.image_size, shape, grid);
    let (columns, rows) = scale.capacity(shape, grid, 1);
    (columns.max(1), rows.max(1))
}

/// The areas of the images and of the details of the one under the cursor.
fn areas(pane: &ResultsPane, inner: Rect) -> [Rect; 2] {
    let detail = u16::from(pane.gallery.is_of_training()) * DETAIL_ROWS;
    Layout::vertical([Fill(1), Length(detail)]).areas(inner)
}

pub fn draw(pane: &ResultsPane, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let images = Images { pane, lab, theme };
    let inner = panel(&images.title(), true, area, buffer, theme);
    let Some(page) = &pane.gallery.page else {
        return images.draw_progress(inner, buffer);
    };
    let note = match pane.gallery.current() {
        None => {
            let advice = "Esc returns to the matrix.";
            return empty("No images", advice, inner, buffer, theme);
        }
        Some(image) if pane.gallery.is_enlarged => {
            images.draw_enlarged(page, image, inner, buffer);
            let number = count(page.from + pane.gallery.cursor + 1);
            format!("{number} of {}", count(page.matching))
        }
        Some(image) => images.draw_page(page, image, inner, buffer),
    };
    footnote(&note, area, buffer, theme.dim);
}

impl Images<'_> {
    fn title(&self) -> String {
        let images = images_of(match self.pane.gallery.is_of_training() {
            true => Portion::Training,
            false => self.pane.portion(self.lab),
        });
        match self.pane.gallery.open {
            Some(Gallery::Cell { truth, predicted }) => {
                let (truth, predicted) = (self.name(truth), self.name(predicted));
                format!("{images} · true {truth} · predicted {predicted} · most confident first")
            }
            Some(Gallery::ConfidentErrors) => {
                format!("{images} · wrong predictions · most confident first")
            }
            Some(Gallery::HighestLoss) => format!("{images} · highest cross-entropy first"),
            _ => format!("{images} · least certain first"),
        }
    }

    /// Draws the progress of classifying the images.
    fn draw_progress(&self, inner: Rect, buffer: &mut Buffer) {
        if let Some(why) = self.pane.judging_blocked(self.lab) {
            let advice = format!("{why}. Esc returns to the matrix.");
            return empty("No images to show", &advice, inner, buffer, self.theme);
        }
        let portion = self.pane.portion(self.lab).word();
        let advice = match self.pane.gallery.is_of_training() {
            true => "Every training image is classified first; Esc cancels.".to_owned(),
            false => format!("Every {portion} image is classified first."),
        };
        empty("Classifying …", &advice, inner, buffer, self.theme);
        let progress = self.pane.gallery.progress;
        if let Some((done, images)) = progress.filter(|(_, images)| *images > 0) {
            let line = below(inner, inner.height.saturating_sub(1));
            let text = format!("{} of {} images", count(done), count(images));
            Progress::new(done as f64 / images as f64, &text, self.theme).render(line, buffer);
        }
    }

    /// Draws a page with `current` under the cursor; returns the note on its frame.
    fn draw_page(
        &self,
        page: &JudgedPage,
        current: &JudgedImage,
        inner: Rect,
        buffer: &mut Buffer,
    ) -> String {
        let (gallery, lab) = (&self.pane.gallery, self.lab);
        let shown = page.images.iter().take(gallery.room());
        let [grid, detail] = areas(self.pane, inner);
        let scale = Scale::liked(lab.image_size, page.shape, grid);
        let width = usize::from(scale.cells(page.shape).width);
        let tiles: Vec<Tile> = shown.map(|image| self.tile(image, width)).collect();
        let images = ImageGrid {
            scale: Some(scale),
            cursor: Some(gallery.cursor),
            ..ImageGrid::new(&tiles, page.shape, lab.colors.images, self.theme)
        };
        let places = images.places(grid);
        lab.spots
            .cursor(places, |pane: &mut ResultsPane, _, image| {
                pane.gallery.cursor = image;
            });
        images.render(grid, buffer);
        let set = &page.results.set.dataset;
        let mut marks = None;
        if gallery.is_of_training() {
            self.draw_detail(page, &current.judgement, detail, buffer);
            marks = lab.corrections_in_words(set);
        }
        // The table may be of another set.
        let table = self.pane.table(lab);
        let on = match table.is_none_or(|table| table.measured_on.dataset == *set) {
            true => String::new(),
            false => format!(" on {set}"),
        };
        format!(
            "{}–{} of {}{} · after epoch {}{on}",
            count(page.from + 1),
            count(page.from + tiles.len()),
            count(page.matching),
            marks.map_or(String::new(), |marks| format!(" · {marks}")),
            page.results.epochs,
        )
    }

    /// An image with its prediction, and with its label if the two differ; a training image that is corrected with its correction.
    fn tile<'a>(&self, image: &'a JudgedImage, width: usize) -> Tile<'a> {
        let judgement = &image.judgement;
        let is_of_training = self.pane.gallery.is_of_training();
        let (label, mark) = match self.mark(judgement.index).filter(|_| is_of_training) {
            Some((data::Mark::LeftOut, _)) => ("excluded".to_owned(), Mark::Wrong),
            Some((data::Mark::Becomes(_), class)) => (format!("now {class}"), Mark::Right),
            None if is_of_training => (self.confusion(judgement, width), Mark::None),
            None => {
                let share = format!(" {:.0} %", share(judgement));
                let room = width.saturating_sub("✗ ".chars().count() + share.len());
                let mark = match judgement.predicted == judgement.label {
                    true => Mark::Right,
                    false => Mark::Wrong,
                };
                (self.confusion(judgement, room) + &share, mark)
            }
        };
        Tile::new(image.pixels.as_slice(), label).mark(mark)
    }

    /// The label and the prediction, as `Shirt→Coat`, or only one of them if they are equal; abbreviated to the room.
    fn confusion(&self, judgement: &Judgement, room: usize) -> String {
        let classes = [judgement.label, judgement.predicted].map(usize::from);
        if judgement.label == judgement.predicted {
            return fit(&self.name(classes[0]), room);
        }
        let names = classes.map(|class| self.name(class));
        let [truth, predicted] = names.each_ref().map(|name| width_of(name));
        let room = room.saturating_sub("→".chars().count());
        let of_truth = truth.min(room - predicted.min(room / 2));
        let widths = [of_truth, room - of_truth];
        // So few letters would be riddles.
        if widths[0] < LEAST_NAME.min(truth) || widths[1] < LEAST_NAME.min(predicted) {
            return classes.map(|class| class.to_string()).join("→");
        }
        let [truth, predicted] = [0, 1].map(|one| abbreviations(&names, widths[one])[one].clone());
        format!("{truth}→{predicted}")
    }

    /// The name of a class.
    fn name(&self, class: usize) -> String {
        let page = self.pane.gallery.page.as_ref();
        let of_page = page.map(|page| &page.results.set);
        let of_run = || self.lab.run.as_ref().map(|run| &run.in_use.set);
        let set = of_page.or_else(of_run);
        set.map_or_else(|| class.to_string(), |set| set.class_name(class))
    }

    fn draw_enlarged(
        &self,
        page: &JudgedPage,
        image: &JudgedImage,
        inner: Rect,
        buffer: &mut Buffer,
    ) {
        let theme = self.theme;
        let judgement = &image.judgement;
        let width = BARS.min(inner.width / 2);
        let columns = Layout::horizontal([Fill(1), Length(2), Length(width)]);
        let [picture, _, beside] = columns.areas(inner);
        let paint = theme.paint(self.lab.colors.images);
        PixelImage::new(&image.pixels, page.shape, paint).render(picture, buffer);
        let truth = usize::from(judgement.label);
        // Of other images the title says so, and there is no room for more.
        let (labelled, image) = match page.results.portion {
            Portion::Training => ("label ", "image"),
            Portion::HeldOut | Portion::Validation => ("true ", "image"),
            Portion::Test => ("true ", "test image"),
        };
        let (number, loss) = (count(judgement.index), judgement.cross_entropy);
        let mut text = vec![
            Line::from(vec![
                Span::styled(labelled, theme.dim),
                Span::styled(self.name(truth), theme.title),
            ]),
            Line::styled(
                format!("{image} {number}, cross-entropy {loss:.2}"),
                theme.dim,
            ),
        ];
        if self.pane.gallery.is_of_training() {
            let keys = "x excludes it, r relabels it";
            text.push(self.mark_in_words(judgement.index, keys, beside.width));
        }
        let taken = text.len() as u16;
        for (line, row) in text.into_iter().zip(beside.rows()) {
            line.render(row, buffer);
        }
        let name = |class| self.name(class);
        let bars = below(beside, taken + 1);
        draw_probabilities(
            &judgement.probabilities,
            Some(truth),
            name,
            bars,
            buffer,
            theme,
        );
    }

    /// Draws the details of the training image under the cursor, and how to read its loss.
    fn draw_detail(
        &self,
        page: &JudgedPage,
        judgement: &Judgement,
        area: Rect,
        buffer: &mut Buffer,
    ) {
        let theme = self.theme;
        let known = Line::from(vec![
            Span::styled(
                format!("image {} · label ", count(judgement.index)),
                theme.dim,
            ),
            Span::styled(self.name(judgement.label.into()), theme.title),
            Span::styled(" · predicted ", theme.dim),
            Span::styled(self.name(judgement.predicted.into()), theme.title),
            Span::raw(format!(" ({:.1} %)", share(judgement))),
            Span::styled(" · cross-entropy ", theme.dim),
            Span::raw(format!("{:.2}", judgement.cross_entropy)),
        ]);
        let worth = match page.untrained.contains(&judgement.index) {
            true => "Not trained on, which makes its cross-entropy higher.",
            false => "Cross-entropy is lower on training images than on held-out images.",
        };
        let mark = self.mark_in_words(judgement.index, worth, area.width);
        lines([known, mark], area, buffer);
    }

    /// The correction of a training image in words, else `unmarked`.
    fn mark_in_words(&self, image: usize, unmarked: &str, width: u16) -> Line<'static> {
        let (words, style) = match self.mark(image) {
            Some((data::Mark::LeftOut, _)) => {
                ("excluded from the next run".to_owned(), self.theme.error)
            }
            Some((data::Mark::Becomes(_), class)) => {
                (format!("{class} in the next run"), self.theme.good)
            }
            None => (unmarked.to_owned(), self.theme.dim),
        };
        Line::styled(fit(&words, width.into()), style)
    }

    /// The mark of an image, and the name of the chosen class in its set.
    fn mark(&self, image: usize) -> Option<(data::Mark, String)> {
        let page = self.pane.gallery.page.as_ref()?;
        let dataset = &page.results.set.dataset;
        let mark = self.lab.corrections.mark(dataset, image)?;
        let class = match mark {
            data::Mark::LeftOut => String::new(),
            data::Mark::Becomes(class) => self.lab.class_name_in(dataset, class.into()),
        };
        Some((mark, class))
    }
}

/// The confidence of the prediction, in per cent.
fn share(judgement: &Judgement) -> f32 {
    let predicted = usize::from(judgement.predicted);
    let share = judgement.probabilities.get(predicted).copied();
    100.0 * share.unwrap_or(0.0)
}
