//! What a gallery of training images, whose labels may be wrong, shows beside the images: the person's decisions on them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::gallery::name;
use crate::data::Mark;
use crate::lab::Lab;
use crate::panes::results::{JudgedImage, JudgedPage, ResultsPane};
use crate::ui::format::{count, fit};
use crate::ui::theme::Theme;
use crate::ui::widgets::{Mark as TileMark, Tile};

/// Rows below the images: what is known of the one under the cursor.
pub const DETAIL_ROWS: u16 = 2;

/// An image with its label and what it is taken for, or what the person decided.
pub fn tile<'a>(pane: &ResultsPane, lab: &Lab, image: &'a JudgedImage) -> Tile<'a> {
    let judgement = &image.judgement;
    let (label, mark) = match mark(pane, lab, judgement.index) {
        Some((Mark::LeftOut, _)) => ("left out".to_owned(), TileMark::Wrong),
        Some((Mark::Becomes(_), class)) => (format!("now {class}"), TileMark::Right),
        None => {
            let truth = name(pane, lab, judgement.label.into());
            let taken = name(pane, lab, judgement.predicted.into());
            (format!("{truth}→{taken}"), TileMark::None)
        }
    };
    Tile::new(image.pixels.as_slice(), label).mark(mark)
}

/// What is known of the image under the cursor, and what its loss is worth.
pub fn draw_detail(
    pane: &ResultsPane,
    lab: &Lab,
    page: &JudgedPage,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let Some(image) = pane.gallery.current() else {
        return;
    };
    let judgement = &image.judgement;
    let predicted = usize::from(judgement.predicted);
    let share = judgement.probabilities.get(predicted).copied();
    let line = vec![
        Span::styled(format!("{}  ", count(judgement.index)), theme.dim),
        Span::styled(name(pane, lab, judgement.label.into()), theme.title),
        Span::styled(", taken for ", theme.dim),
        Span::styled(name(pane, lab, predicted), theme.title),
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
    let (words, style) = mark_in_words(pane, lab, judgement.index, theme)
        .unwrap_or_else(|| (worth.to_owned(), theme.dim));
    let line = Line::styled(fit(&words, area.width.into()), style);
    buffer.set_line(area.x, area.y + 1, &line, area.width);
}

/// The mark of an image, in a line.
pub fn draw_mark(
    pane: &ResultsPane,
    lab: &Lab,
    image: usize,
    line: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let (words, style) = mark_in_words(pane, lab, image, theme)
        .unwrap_or_else(|| ("x leaves it out, r relabels it".to_owned(), theme.dim));
    Line::styled(words, style).render(line, buffer);
}

fn mark_in_words(
    pane: &ResultsPane,
    lab: &Lab,
    image: usize,
    theme: &Theme,
) -> Option<(String, Style)> {
    Some(match mark(pane, lab, image)? {
        (Mark::LeftOut, _) => ("left out of the next training".to_owned(), theme.error),
        (Mark::Becomes(_), class) => (format!("{class} in the next training"), theme.good),
    })
}

/// The mark of an image, and the class that the person chose as the set names it.
fn mark(pane: &ResultsPane, lab: &Lab, image: usize) -> Option<(Mark, String)> {
    let dataset = &pane.gallery.page.as_ref()?.results.set.dataset;
    let mark = lab.corrections.mark(dataset, image)?;
    let class = match mark {
        Mark::LeftOut => String::new(),
        Mark::Becomes(class) => lab.class_name_in(dataset, class.into()),
    };
    Some((mark, class))
}
