//! Training images whose labels may be wrong, and what the person decides of them.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::super::super::action::Action;
use super::super::super::format::{count, fit};
use super::super::super::keys::Key;
use super::super::super::panel::{empty, footnote, inside};
use super::super::super::theme::Theme;
use super::super::super::widgets::{ImageGrid, Mark as TileMark, Progress, Tile, scale};

use super::gallery::{name, on_another_set};
use crate::state::facts::{Gallery, JudgedPage, Mark, SplitName};
use crate::state::{CorrectionMessage, Lab, Message};

/// Rows below the images: what is known of the one under the cursor.
const DETAIL_ROWS: u16 = 2;

/// The room for images, out of that for the gallery that is open.
pub fn grid_room(lab: &Lab, inner: Rect) -> Rect {
    let is_open = lab.is_in_gallery();
    let gallery = lab.gallery.open.filter(|_| is_open);
    match gallery.map(Gallery::split) {
        Some(SplitName::Train) => parts(inner)[0],
        _ => inner,
    }
}

fn parts(inner: Rect) -> [Rect; 2] {
    Layout::vertical([Constraint::Fill(1), Constraint::Length(DETAIL_ROWS)]).areas(inner)
}

/// The keys that mark the image under the cursor.
pub fn actions(lab: &Lab) -> Vec<Action> {
    let mark = lab
        .suspect()
        .map(|(dataset, image)| lab.corrections.mark(&dataset, image));
    let blocked = match &mark {
        None => Some("there is no image here".to_owned()),
        Some(_) => lab.gallery.page.as_ref().and_then(|page| {
            let dataset = &page.set.dataset;
            let is_loaded = lab.sets.iter().any(|set| set.name == *dataset);
            (!is_loaded)
                .then(|| format!("{dataset} is not loaded any more: open it on the Data pane"))
        }),
    };
    let (out, class) = match mark.flatten() {
        Some(Mark::LeftOut) => ("take back", "relabel"),
        Some(Mark::Becomes(_)) => ("leave out", "take back"),
        None => ("leave out", "relabel"),
    };
    vec![
        Action::new(
            Key::char('x'),
            out,
            "leave the image under the cursor out of the next trainings; again takes that back",
            Message::Correct(CorrectionMessage::LeaveOut),
        )
        .blocked_by(blocked.clone()),
        Action::new(
            Key::char('r'),
            class,
            "give the image under the cursor its right class for the next trainings; again takes that back",
            Message::Correct(CorrectionMessage::AskClass),
        )
        .blocked_by(blocked),
    ]
}

/// How far the network is with looking at the images.
pub fn draw_progress(lab: &Lab, inner: Rect, buffer: &mut Buffer, theme: &Theme) {
    let (done, images) = lab.gallery.progress.unwrap_or((0, 0));
    let advice = "The network looks at every training image first; Esc stops it.";
    empty("Looking …", advice, inner, buffer, theme);
    if images > 0 {
        let line = Rect {
            y: inner.bottom().saturating_sub(1),
            height: 1,
            ..inner
        };
        let text = format!("{} of {} images", count(done), count(images));
        Progress::new(done as f64 / images as f64, &text, theme).render(line, buffer);
    }
}

/// The images of a page within the frame `area`.
pub fn draw(lab: &Lab, page: &JudgedPage, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let inner = inside(area);
    let [grid, detail] = parts(inner);
    let room = (lab.fits.images.0 * lab.fits.images.1).max(1);
    let tiles: Vec<Tile> = page
        .images
        .iter()
        .take(room)
        .map(|image| {
            let judgement = &image.judgement;
            let (label, mark) = match mark(lab, judgement.index) {
                Some(Mark::LeftOut) => ("left out".to_owned(), TileMark::Wrong),
                Some(Mark::Becomes(class)) => {
                    let class = class_in(lab, class);
                    (format!("now {class}"), TileMark::Right)
                }
                None => {
                    let truth = name(lab, judgement.label.into());
                    let taken = name(lab, judgement.predicted.into());
                    (format!("{truth}→{taken}"), TileMark::None)
                }
            };
            Tile::new(image.pixels.as_slice(), label).mark(mark)
        })
        .collect();
    ImageGrid::new(&tiles, page.shape, theme)
        .map(lab.colors.map())
        .scale(scale(lab.image_size, page.shape, grid))
        .cursor(Some(lab.gallery.cursor))
        .render(grid, buffer);
    draw_detail(lab, page, detail, buffer, theme);
    let marks = lab.corrections_in_words(&page.set.dataset);
    let note = format!(
        "{}–{} of {}{} · after epoch {}{}",
        count(page.from + 1),
        count(page.from + tiles.len()),
        count(page.matching),
        marks.map_or(String::new(), |marks| format!(" · {marks}")),
        page.epochs,
        on_another_set(lab, page)
    );
    footnote(&note, area, buffer, theme.dim);
}

/// What is known of the image under the cursor, and what its loss is worth.
fn draw_detail(lab: &Lab, page: &JudgedPage, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let Some(image) = lab.gallery.current() else {
        return;
    };
    let judgement = &image.judgement;
    let predicted = usize::from(judgement.predicted);
    let share = judgement.probabilities.get(predicted).copied();
    let line = vec![
        Span::styled(format!("{}  ", count(judgement.index)), theme.dim),
        Span::styled(name(lab, judgement.label.into()), theme.title),
        Span::styled(", taken for ", theme.dim),
        Span::styled(name(lab, predicted), theme.title),
        Span::raw(format!(
            " {:.1} %, cross-entropy {:.2}",
            100.0 * share.unwrap_or(0.0),
            judgement.cross_entropy
        )),
    ];
    buffer.set_line(area.x, area.y, &Line::from(line), area.width);
    let worth = match page.untrained.contains(&judgement.index) {
        true => "Not trained on: its cross-entropy is higher than if it had been.",
        false => "Trained on these, it has a lower cross-entropy than on held-out images.",
    };
    let (words, style) =
        mark_in_words(lab, judgement.index, theme).unwrap_or_else(|| (worth.to_owned(), theme.dim));
    let line = Line::styled(fit(&words, area.width.into()), style);
    buffer.set_line(area.x, area.y + 1, &line, area.width);
}

/// The mark of an image, in a line.
pub fn draw_mark(lab: &Lab, image: usize, line: Rect, buffer: &mut Buffer, theme: &Theme) {
    let (words, style) = mark_in_words(lab, image, theme)
        .unwrap_or_else(|| ("x leaves it out, r relabels it".to_owned(), theme.dim));
    Line::styled(words, style).render(line, buffer);
}

fn mark_in_words(
    lab: &Lab,
    image: usize,
    theme: &Theme,
) -> Option<(String, ratatui::style::Style)> {
    Some(match mark(lab, image)? {
        Mark::LeftOut => ("left out of the next training".to_owned(), theme.error),
        Mark::Becomes(class) => {
            let name = class_in(lab, class);
            (format!("{name} in the next training"), theme.good)
        }
    })
}

fn mark(lab: &Lab, image: usize) -> Option<Mark> {
    let page = lab.gallery.page.as_ref()?;
    lab.corrections.mark(&page.set.dataset, image)
}

/// A class that the person chose, as the set names it.
fn class_in(lab: &Lab, class: u16) -> String {
    let page = lab.gallery.page.as_ref();
    page.map_or_else(String::new, |page| {
        lab.class_name_in(&page.set.dataset, class.into())
    })
}
