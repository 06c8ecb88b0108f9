//! Images by what the network takes them for.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::{images_of, suspects};
use crate::analysis::Gallery;
use crate::lab::Lab;
use crate::panes::results::{JudgedImage, JudgedPage, ResultsPane};
use crate::shape::Shape;
use crate::training::Portion;
use crate::ui::format::count;
use crate::ui::panel::{empty, footnote, inside, panel};
use crate::ui::theme::Theme;
use crate::ui::widgets::{ImageGrid, Mark, PixelImage, Progress, Tile, draw_probabilities, scale};

/// Columns of the probabilities beside an enlarged image.
const BARS: u16 = 40;

/// Columns and rows of images that find room.
pub fn room(pane: &ResultsPane, lab: &Lab, area: Rect) -> (usize, usize) {
    let run = lab.run.as_ref();
    let shape = run.map_or(Shape::new(28, 28, 1), |run| run.facts.network.input);
    let [grid, _] = areas(pane, inside(area));
    let scale = scale(lab.image_size, shape, grid);
    let (columns, rows) = ImageGrid::capacity(grid, shape, scale, 1);
    (columns.max(1), rows.max(1))
}

/// The images, and the rows for what is known of the one under the cursor.
fn areas(pane: &ResultsPane, inner: Rect) -> [Rect; 2] {
    let detail = match pane.gallery.is_of_training() {
        true => suspects::DETAIL_ROWS,
        false => 0,
    };
    Layout::vertical([Constraint::Fill(1), Constraint::Length(detail)]).areas(inner)
}

pub fn draw(pane: &ResultsPane, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let inner = panel(&title(pane, lab), true, area, buffer, theme);
    let Some(page) = &pane.gallery.page else {
        return draw_progress(pane, lab, inner, buffer, theme);
    };
    if page.images.is_empty() {
        let advice = "Esc leads back to the table.";
        return empty("No image is here", advice, inner, buffer, theme);
    }
    if let Some(image) = pane.gallery.current().filter(|_| pane.gallery.is_enlarged) {
        return draw_enlarged(pane, lab, (page, image), (area, inner), buffer, theme);
    }
    let is_of_training = pane.gallery.is_of_training();
    let tile = |image| match is_of_training {
        true => suspects::tile(pane, lab, image),
        false => tile(pane, lab, image),
    };
    let shown = page.images.iter().take(pane.gallery.room());
    let tiles: Vec<Tile> = shown.map(tile).collect();
    let [grid, detail] = areas(pane, inner);
    ImageGrid::new(&tiles, page.shape, theme)
        .map(lab.colors)
        .scale(scale(lab.image_size, page.shape, grid))
        .cursor(Some(pane.gallery.cursor))
        .render(grid, buffer);
    let mut marks = None;
    if is_of_training {
        suspects::draw_detail(pane, lab, page, detail, buffer, theme);
        marks = lab.corrections_in_words(&page.results.set.dataset);
    }
    let note = format!(
        "{}–{} of {}{} · after epoch {}{}",
        count(page.from + 1),
        count(page.from + tiles.len()),
        count(page.matching),
        marks.map_or(String::new(), |marks| format!(" · {marks}")),
        page.results.epochs,
        on_another_set(pane, lab, page)
    );
    footnote(&note, area, buffer, theme.dim);
}

/// An image with what it is taken for.
fn tile<'a>(pane: &ResultsPane, lab: &Lab, image: &'a JudgedImage) -> Tile<'a> {
    let judgement = &image.judgement;
    let predicted = usize::from(judgement.predicted);
    let share = judgement.probabilities.get(predicted).copied();
    let mark = match judgement.predicted == judgement.label {
        true => Mark::Right,
        false => Mark::Wrong,
    };
    let share = 100.0 * share.unwrap_or(0.0);
    let label = format!("{share:.0} % {}", name(pane, lab, predicted));
    Tile::new(image.pixels.as_slice(), label).mark(mark)
}

/// How far the network is with looking at the images.
fn draw_progress(pane: &ResultsPane, lab: &Lab, inner: Rect, buffer: &mut Buffer, theme: &Theme) {
    let portion = pane.portion(lab).word();
    let advice = match pane.gallery.is_of_training() {
        true => "The network looks at every training image first; Esc stops it.".to_owned(),
        false => format!("The network looks at every {portion} image first."),
    };
    empty("Looking …", &advice, inner, buffer, theme);
    if let Some((done, images)) = pane.gallery.progress.filter(|(_, images)| *images > 0) {
        let line = Rect {
            y: inner.bottom().saturating_sub(1),
            height: 1,
            ..inner
        };
        let text = format!("{} of {} images", count(done), count(images));
        Progress::new(done as f64 / images as f64, &text, theme).render(line, buffer);
    }
}

fn title(pane: &ResultsPane, lab: &Lab) -> String {
    let images = match pane.gallery.is_of_training() {
        true => images_of(Portion::Training),
        false => images_of(pane.portion(lab)),
    };
    match pane.gallery.open {
        Some(Gallery::Cell { truth, predicted }) => format!(
            "{images} · true {} · predicted {} · most confident first",
            name(pane, lab, truth),
            name(pane, lab, predicted)
        ),
        Some(Gallery::ConfidentErrors) => {
            format!("{images} · wrong predictions · most confident first")
        }
        Some(Gallery::HighestLoss) => format!("{images} · highest cross-entropy first"),
        _ => format!("{images} · least certain first"),
    }
}

/// The page's set, where the table is of another one.
fn on_another_set(pane: &ResultsPane, lab: &Lab, page: &JudgedPage) -> String {
    let set = &page.results.set.dataset;
    let table = pane.table(lab);
    match table.is_none_or(|table| table.measured_on.dataset == *set) {
        true => String::new(),
        false => format!(" on {set}"),
    }
}

/// The name of a class.
pub fn name(pane: &ResultsPane, lab: &Lab, class: usize) -> String {
    let of_page = pane.gallery.page.as_ref().map(|page| &page.results.set);
    let of_run = || lab.run.as_ref().map(|run| &run.in_use.set);
    of_page
        .or_else(of_run)
        .map_or_else(|| class.to_string(), |set| set.class_name(class))
}

fn draw_enlarged(
    pane: &ResultsPane,
    lab: &Lab,
    (page, image): (&JudgedPage, &JudgedImage),
    (area, inner): (Rect, Rect),
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let is_of_training = pane.gallery.is_of_training();
    let judgement = &image.judgement;
    let [picture, _, beside] = Layout::horizontal([
        Constraint::Fill(1),
        Constraint::Length(2),
        Constraint::Length(BARS.min(inner.width / 2)),
    ])
    .areas(inner);
    PixelImage::new(&image.pixels, page.shape, theme.paint(lab.colors)).render(picture, buffer);
    let [label, loss, mark, _, bars] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(u16::from(is_of_training)),
        Constraint::Length(1),
        Constraint::Fill(1),
    ])
    .areas(beside);
    let truth = usize::from(judgement.label);
    // Of other images the title says so, and there is no room for more.
    let (labelled, image) = match page.results.portion {
        Portion::Training => ("label ", "image"),
        Portion::Validation => ("true ", "image"),
        Portion::Test => ("true ", "test image"),
    };
    Line::from(vec![
        Span::styled(labelled, theme.dim),
        Span::styled(name(pane, lab, truth), theme.title),
    ])
    .render(label, buffer);
    Line::styled(
        format!(
            "{image} {}, cross-entropy {:.2}",
            count(judgement.index),
            judgement.cross_entropy
        ),
        theme.dim,
    )
    .render(loss, buffer);
    if is_of_training {
        suspects::draw_mark(pane, lab, judgement.index, mark, buffer, theme);
    }
    draw_probabilities(
        &judgement.probabilities,
        Some(truth),
        |class| name(pane, lab, class),
        bars,
        buffer,
        theme,
    );
    let note = format!(
        "{} of {}",
        count(page.from + pane.gallery.cursor + 1),
        count(page.matching)
    );
    footnote(&note, area, buffer, theme.dim);
}
