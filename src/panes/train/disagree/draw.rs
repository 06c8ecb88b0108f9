//! How two runs on the same test images look.

use std::collections::HashMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::{ComparedImages, Disagree, Shows};
use crate::analysis::{ClassComparison, Differing};
use crate::lab::Lab;
use crate::shape::Shape;
use crate::ui::format::{count, fit, left, width_of};
use crate::ui::panel::{below, dialog, empty, lines, sentences};
use crate::ui::theme::Theme;
use crate::ui::widgets::{ImageGrid, Scale, Tile, abbreviations};
use crate::wording::signed;

/// Columns of the frame, and about how many rows there are around the images.
const FRAME: u16 = 4;
const AROUND: u16 = 15;
/// Images that should have room at once, if they can.
const ENOUGH: usize = 5;
/// Letters of a predicted class below an image.
const LETTERS: usize = 5;
/// Columns of the name of a class, at most.
const NAMES: usize = 18;
/// Columns of a cell.
const CELL: usize = 5;

/// How many columns of images have room.
pub(super) fn columns(lab: &Lab, shape: Shape) -> usize {
    let (scale, area) = scale(lab, shape);
    scale.capacity(shape, area, 1).0.max(1)
}

fn scale(lab: &Lab, shape: Shape) -> (Scale, Rect) {
    let width = lab.columns.saturating_sub(FRAME);
    let area = Rect::new(0, 0, width, lab.rows.saturating_sub(AROUND));
    (Scale::fitting(ENOUGH, shape, area, 1), area)
}

pub(super) fn draw(page: &Disagree, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let title = format!("1: {} · 2: {}", page.titles[0], page.titles[1]);
    let inner = dialog(&title, (area.width, area.height), area, buffer, theme);
    let Some(compared) = page.answer() else {
        let (headline, advice) = match page.compared.failure() {
            Some(why) => ("These runs cannot be compared", why),
            None => (
                "Classifying …",
                "Both runs classify every test image of their set.",
            ),
        };
        return empty(headline, advice, inner, buffer, theme);
    };
    let mut spans = Vec::new();
    for view in Shows::ALL {
        let style = if view == page.shows {
            theme.accent
        } else {
            theme.dim
        };
        spans.push(Span::styled(view.title(), style));
        spans.push(Span::raw("   "));
    }
    let taken = lines([Line::from(spans)], inner, buffer);
    let head = sentences(head(compared, theme), inner.width.into());
    let taken = taken + lines(head, below(inner, taken), buffer);
    let body = below(inner, taken + 1);
    match page.shows {
        Shows::Images => draw_images(page, compared, lab, body, buffer, theme),
        Shows::Confusion => draw_confusion(page, compared, body, buffer, theme),
        Shows::Classes => draw_classes(page, compared, body, buffer, theme),
    }
}

/// Of which images, with which weights, and what the test says.
fn head(compared: &ComparedImages, theme: &Theme) -> Vec<(String, Style)> {
    let caption = format!(
        "the {} test images of {}, with the weights of epochs {} and {}",
        count(compared.found.mcnemar.images),
        compared.data,
        compared.epochs[0],
        compared.epochs[1],
    );
    let verdict = compared.found.verdict().into_iter();
    let remarks = compared
        .remarks
        .iter()
        .map(|remark| (format!("{remark}."), theme.warning));
    [(caption, theme.dim)]
        .into_iter()
        .chain(verdict.map(|line| (line, theme.text)))
        .chain(remarks)
        .collect()
}

fn draw_images(
    page: &Disagree,
    compared: &ComparedImages,
    lab: &Lab,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let images = &compared.found.images;
    let Some(current) = images.get(page.at) else {
        let advice = "Both predict the same class for every image.";
        return empty("No difference", advice, area, buffer, theme);
    };
    let [grid, note] = Layout::vertical([Fill(1), Length(1)]).areas(area);
    let (scale, _) = scale(lab, compared.shape);
    let (columns, rows) = scale.capacity(compared.shape, grid, 1);
    let room = (columns * rows).max(1);
    let first = page.at / room * room;
    let names: Vec<String> = compared
        .found
        .classes
        .iter()
        .map(|class| class.name.clone())
        .collect();
    let letters = abbreviations(&names, LETTERS);
    let short: HashMap<&str, &str> = names
        .iter()
        .map(String::as_str)
        .zip(letters.iter().map(String::as_str))
        .collect();
    let tiles = images.iter().zip(&compared.pixels).skip(first).take(room);
    let tiles: Vec<Tile> = tiles
        .map(|(image, pixels)| Tile::new(pixels.as_slice(), label(image, &short)))
        .collect();
    let grid_of = ImageGrid {
        scale: Some(scale),
        places: room,
        cursor: Some(page.at - first),
        ..ImageGrid::new(&tiles, compared.shape, lab.colors.images, theme)
    };
    let places: Vec<(usize, Rect)> = grid_of.places(grid);
    lab.spots
        .cursor(places, move |page: &mut Disagree, _, place| {
            page.at = first + place
        });
    grid_of.render(grid, buffer);
    let text = format!(
        "{} of {}: test image {}, true class {}: 1 predicts {}, 2 predicts {}",
        count(page.at + 1),
        count(images.len()),
        count(current.image),
        current.label,
        current.predicted[0],
        current.predicted[1],
    );
    lines([Line::styled(text, theme.text)], note, buffer);
}

/// Both predictions, with a mark whether they are right: `✓Coat ✗Shirt`.
fn label(image: &Differing, short: &HashMap<&str, &str>) -> String {
    let of = |predicted: &String| {
        let mark = if *predicted == image.label {
            '✓'
        } else {
            '✗'
        };
        let name = short.get(predicted.as_str()).copied();
        format!("{mark}{}", name.unwrap_or(predicted))
    };
    let [one, other] = &image.predicted;
    format!("{} {}", of(one), of(other))
}

fn draw_confusion(
    page: &Disagree,
    compared: &ComparedImages,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let classes = &compared.found.classes;
    let names = classes.iter().map(|class| width_of(&class.name)).max();
    let names = names.unwrap_or(0).min(NAMES) + 4;
    let told =
        "Predicted by 2 more often than by 1 (+), or less often (−); a row for each true class.";
    let told = sentences([(told.to_owned(), theme.dim)], area.width.into());
    let taken = lines(told, area, buffer);
    let area = below(area, taken);
    let fits = usize::from(area.width).saturating_sub(names) / CELL;
    if fits < classes.len() {
        return draw_changes(page, compared, area, buffer, theme);
    }
    let mut head = vec![Span::raw(" ".repeat(names))];
    head.extend((0..classes.len()).map(|class| Span::styled(format!("{class:>CELL$}"), theme.dim)));
    let rows = classes.iter().zip(&compared.found.confusion_difference);
    let rows = rows.enumerate().skip(page.at).map(|(class, (of, row))| {
        let name = format!("{class:>2} {}", fit(&of.name, NAMES));
        let mut spans = vec![Span::styled(left(&name, names), theme.text)];
        spans.extend(row.iter().enumerate().map(|(column, number)| {
            let text = format!("{:>CELL$}", change_of(*number));
            Span::styled(text, of_change(*number, column == class, theme))
        }));
        Line::from(spans)
    });
    lines(std::iter::once(Line::from(head)).chain(rows), area, buffer);
}

/// The largest changes, where the matrix has no room.
fn draw_changes(
    page: &Disagree,
    compared: &ComparedImages,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let classes = &compared.found.classes;
    let mut changes: Vec<(i64, usize, usize)> = Vec::new();
    for (truth, row) in compared.found.confusion_difference.iter().enumerate() {
        let changed = row.iter().enumerate().filter(|(_, number)| **number != 0);
        changes.extend(changed.map(|(predicted, number)| (*number, truth, predicted)));
    }
    changes.sort_by_key(|(number, ..)| std::cmp::Reverse(number.abs()));
    let rows = changes
        .iter()
        .skip(page.at)
        .map(|(number, truth, predicted)| {
            let style = of_change(*number, truth == predicted, theme);
            Line::from(vec![
                Span::styled(format!("{:>CELL$}  ", change_of(*number)), style),
                Span::raw(format!(
                    "{} predicted as {}",
                    classes[*truth].name, classes[*predicted].name
                )),
            ])
        });
    lines(rows, area, buffer);
}

/// With its sign; nothing is a dot.
fn change_of(number: i64) -> String {
    match number {
        0 => "·".to_owned(),
        number => signed(number as f64, 0),
    }
}

/// More correct predictions are good, and more wrong ones are not.
fn of_change(number: i64, is_correct: bool, theme: &Theme) -> Style {
    match number {
        0 => theme.dim,
        number if (number > 0) == is_correct => theme.good,
        _ => theme.error,
    }
}

fn draw_classes(
    page: &Disagree,
    compared: &ComparedImages,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let classes = &compared.found.classes;
    let names = classes.iter().map(|class| width_of(&class.name)).max();
    let names = names.unwrap_or(0).min(NAMES).max(width_of("class"));
    let head = format!(
        "{:<names$}  images   recall 1  recall 2    2 − 1   precision 1  precision 2",
        "class"
    );
    let figure =
        |figure: Option<f64>| figure.map_or_else(String::new, |figure| format!("{figure:.4}"));
    let row = |class: &ClassComparison| {
        let change = class.recall[0].zip(class.recall[1]);
        let change = change.map(|(one, other)| other - one);
        let style = match change {
            Some(change) if change > 0.0 => theme.good,
            Some(change) if change < 0.0 => theme.error,
            _ => theme.dim,
        };
        let name = left(&class.name, names);
        Line::from(vec![
            Span::raw(format!(
                "{name}  {:>6}   {:>8}  {:>8}  ",
                count(class.images),
                figure(class.recall[0]),
                figure(class.recall[1]),
            )),
            Span::styled(
                format!(
                    "{:>7}",
                    change.map_or_else(String::new, |change| signed(change, 4))
                ),
                style,
            ),
            Span::raw(format!(
                "   {:>11}  {:>11}",
                figure(class.precision[0]),
                figure(class.precision[1])
            )),
        ])
    };
    let rows = classes.iter().skip(page.at).map(row);
    lines(
        std::iter::once(Line::styled(head, theme.dim)).chain(rows),
        area,
        buffer,
    );
}
