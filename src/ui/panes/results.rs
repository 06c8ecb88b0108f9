//! Results: which classes the network takes for which.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::super::action::Action;
use super::super::format::{count, fit, wrap};
use super::super::keys::Key;
use super::super::panel::{empty, highlight, lines, panel, window};
use super::super::theme::Theme;
use super::super::widgets::{CellText, ConfusionGrid};
use super::Pane;
use crate::analysis::ConfusionTable;
use crate::state::{Lab, Message, PaneId, Part, Run};

pub struct ResultsPane;

impl Pane for ResultsPane {
    fn id(&self) -> PaneId {
        PaneId::Results
    }

    fn title(&self) -> &'static str {
        "Results"
    }

    fn about(&self) -> &'static str {
        "which classes the network takes for which"
    }

    fn actions(&self, lab: &Lab) -> Vec<Action> {
        let blocked = table(lab)
            .is_none()
            .then(|| "there is no confusion table before the first epoch is done".to_owned());
        vec![
            Action::moves("←↓↑→", "move", "go from cell to cell").blocked_by(blocked.clone()),
            Action::new(
                Key::char('v'),
                "counts/shares",
                "show counts of images or shares of the true class",
                Message::TogglePercent,
            )
            .blocked_by(blocked.clone()),
            Action::new(
                Key::code(KeyCode::Enter),
                "show images",
                "show the test images of the true class on the View pane",
                Message::Enter,
            )
            .blocked_by(blocked),
            Action::new(
                Key::code(KeyCode::Tab),
                "table/classes",
                "move the focus between the table and the figures of the classes",
                Message::NextPart,
            ),
        ]
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        let Some((run, epoch, table)) = table(lab) else {
            return draw_empty(lab, area, buffer, theme);
        };
        if lab.zoomed {
            return match lab.part() {
                Part::PerClass => draw_classes(lab, run, table, area, buffer, theme),
                _ => draw_table(lab, run, table, area, buffer, theme),
            };
        }
        let words = words(lab, run, epoch, table, area.width.saturating_sub(4), theme);
        let words_height = (words.len() as u16 + 2).min(area.height / 2);
        let [upper, lower] =
            Layout::vertical([Constraint::Fill(1), Constraint::Length(words_height)]).areas(area);
        let classes_width = if area.width >= 110 { 46 } else { 24 };
        let [table_area, classes_area] =
            Layout::horizontal([Constraint::Fill(1), Constraint::Length(classes_width)])
                .areas(upper);
        draw_table(lab, run, table, table_area, buffer, theme);
        draw_classes(lab, run, table, classes_area, buffer, theme);
        let inner = panel("In words", false, lower, buffer, theme);
        lines(words, inner, buffer);
    }
}

/// The latest confusion table, with its run and its epoch.
fn table(lab: &Lab) -> Option<(&Run, usize, &ConfusionTable)> {
    let run = lab.run.as_ref()?;
    let (epoch, table) = run.confusion.as_ref()?;
    Some((run, *epoch, table))
}

fn draw_empty(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let inner = panel("Confusion table", true, area, buffer, theme);
    let (headline, advice) = if lab.is_training() {
        (
            "The first epoch is under way",
            "The table comes when its validation is done, and follows every epoch.",
        )
    } else {
        (
            "No results yet",
            "Train a network: press 4, then Space. The table comes after the first epoch and follows every one.",
        )
    };
    empty(headline, advice, inner, buffer, theme);
}

fn draw_table(
    lab: &Lab,
    run: &Run,
    table: &ConfusionTable,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let unit = if lab.percent {
        "% of the true class"
    } else {
        "images"
    };
    let title = format!("Confusion · true ↓ predicted → · {unit}");
    let inner = panel(&title, lab.has_focus(Part::Confusion), area, buffer, theme);
    let classes = table.classes();
    let counts: Vec<u32> = (0..classes)
        .flat_map(|truth| (0..classes).map(move |predicted| table.count(truth, predicted)))
        .collect();
    let names: Vec<String> = (0..classes).map(|class| class_name(run, class)).collect();
    ConfusionGrid::new(&counts, &names, theme)
        .text(if lab.percent {
            CellText::RowPercent
        } else {
            CellText::Counts
        })
        .cursor(Some(lab.cursors.confusion))
        .render(inner, buffer);
}

fn draw_classes(
    lab: &Lab,
    run: &Run,
    table: &ConfusionTable,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let focused = lab.has_focus(Part::PerClass);
    let inner = panel("Per class", focused, area, buffer, theme);
    if inner.height < 2 {
        return;
    }
    let width = usize::from(inner.width);
    let name_width = if width >= 36 { width - 24 } else { 3 };
    let name = |class: usize| match name_width {
        3 => class.to_string(),
        _ => format!("{class} {}", class_name(run, class)),
    };
    let heading = if name_width > 3 {
        format!(
            "{:<name_width$}{:>8}{:>8}{:>8}",
            "", "precision", "recall", "F1"
        )
    } else {
        format!("{:<name_width$}{:>5}{:>6}{:>6}", "", "prec", "rec", "F1")
    };
    buffer.set_line(
        inner.x,
        inner.y,
        &Line::styled(heading, theme.dim),
        inner.width,
    );
    let rows = usize::from(inner.height) - 1;
    let cursor = lab.cursors.confusion.0;
    for (class, y) in window(cursor, table.classes(), rows).zip(inner.y + 1..) {
        let figure =
            |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.2}"));
        let figures = [table.precision(class), table.recall(class), table.f1(class)].map(figure);
        let [precision, recall, f1] = figures;
        let text = if name_width > 3 {
            format!(
                "{:<name_width$}{precision:>8}{recall:>8}{f1:>8}",
                fit(&name(class), name_width)
            )
        } else {
            format!(
                "{:<name_width$}{precision:>5}{recall:>6}{f1:>6}",
                name(class)
            )
        };
        let style = match table.f1(class) {
            Some(f1) if f1 < 0.5 => theme.error,
            _ => theme.text,
        };
        buffer.set_line(inner.x, y, &Line::styled(text, style), inner.width);
        if class == cursor {
            let mark = if focused {
                theme.selected
            } else {
                theme.accent
            };
            highlight(Rect::new(inner.x, y, inner.width, 1), buffer, mark);
        }
    }
}

fn class_name(run: &Run, class: usize) -> String {
    run.facts
        .class_names
        .get(class)
        .cloned()
        .unwrap_or_else(|| class.to_string())
}

/// The cell under the cursor, the accuracy, and the most frequent confusions, in sentences.
fn words(
    lab: &Lab,
    run: &Run,
    epoch: usize,
    table: &ConfusionTable,
    width: u16,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let (truth, predicted) = lab.cursors.confusion;
    let width = usize::from(width);
    let mut text = Vec::new();
    if truth < table.classes() && predicted < table.classes() {
        let (cell, row) = (table.count(truth, predicted), table.row_total(truth));
        let share = 100.0 * f64::from(cell) / f64::from(row.max(1));
        text.push(Line::from(vec![
            Span::styled("true ", theme.dim),
            Span::styled(class_name(run, truth), theme.title),
            Span::styled(", predicted ", theme.dim),
            Span::styled(class_name(run, predicted), theme.title),
            Span::raw(format!(
                ": {} of {} ({share:.1} %)",
                count(cell),
                count(row)
            )),
        ]));
    }
    if let Some(accuracy) = table.accuracy() {
        let right = (accuracy * f64::from(table.total())).round() as u64;
        text.push(Line::from(vec![
            Span::styled(format!("accuracy {accuracy:.4}"), theme.accent),
            Span::raw(format!(
                ": {} of {} right",
                count(right),
                count(table.total())
            )),
            Span::styled(
                format!(
                    " · {} after epoch {epoch} on {}",
                    run.facts.name, run.facts.dataset
                ),
                theme.dim,
            ),
        ]));
    }
    let confusions = most_confused(table)
        .into_iter()
        .map(|(truth, predicted, images)| {
            format!(
                "{} → {} {images}",
                class_name(run, truth),
                class_name(run, predicted)
            )
        })
        .collect::<Vec<_>>()
        .join(" · ");
    if !confusions.is_empty() {
        let sentence = format!("most often confused: {confusions}");
        text.extend(
            wrap(&sentence, width)
                .into_iter()
                .take(2)
                .map(|line| Line::styled(line, theme.dim)),
        );
    }
    text
}

/// The three most frequent errors: true class, predicted class, images.
fn most_confused(table: &ConfusionTable) -> Vec<(usize, usize, u32)> {
    let mut errors: Vec<_> = (0..table.classes())
        .flat_map(|truth| (0..table.classes()).map(move |predicted| (truth, predicted)))
        .filter(|(truth, predicted)| truth != predicted)
        .map(|(truth, predicted)| (truth, predicted, table.count(truth, predicted)))
        .filter(|(_, _, images)| *images > 0)
        .collect();
    errors
        .sort_by_key(|(truth, predicted, images)| (std::cmp::Reverse(*images), *truth, *predicted));
    errors.truncate(3);
    errors
}
