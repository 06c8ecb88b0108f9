//! Results: which classes the network takes for which.

mod calibration;
mod gallery;
mod kept;
mod pad;
mod suspects;
mod words;

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::super::action::Action;
use super::super::format::fit;
use super::super::keys::Key;
use super::super::panel::{empty, footnote, highlight, lines, panel, window};
use super::super::theme::Theme;
use super::super::widgets::{CellText, ConfusionGrid};
use super::Pane;
use crate::state::facts::ConfusionTable;
use crate::state::{Lab, Message, Part, Run};
pub use pad::pixel_at as pad_pixel;
pub use suspects::grid_room as suspects_room;

pub struct ResultsPane;

impl Pane for ResultsPane {
    fn title(&self) -> &'static str {
        "Results"
    }

    fn about(&self) -> &'static str {
        "which classes the network takes for which"
    }

    fn actions(&self, lab: &Lab) -> Vec<Action> {
        if lab.pad.is_open {
            return pad::actions(lab);
        }
        if lab.gallery.open.is_some() {
            return gallery::actions(lab);
        }
        let blocked = table(lab)
            .is_none()
            .then(|| "there is no confusion table before the first epoch is done".to_owned());
        let mut actions = vec![
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
                "show the cell's test images, the most confident first, or a class's on the View pane",
                Message::Enter,
            )
            .blocked_by(blocked.clone()),
            pad::open_action(lab),
            Action::new(
                Key::char('o'),
                "order",
                "the classes by their numbers, or those with the most errors first",
                Message::ToggleOrder,
            )
            .blocked_by(blocked.clone()),
            Action::new(
                Key::char('b'),
                "calibration",
                "the bars of calibration in place of the words: how often the network is right when it is so sure",
                Message::ToggleCalibration,
            )
            .blocked_unless(
                lab.gallery.figures.is_some(),
                "the figures come when the training has ended",
            ),
            Action::new(
                Key::code(KeyCode::Tab),
                "table/classes",
                "move the focus between the table and the figures of the classes",
                Message::NextPart,
            ),
        ];
        actions.extend(gallery::open_actions(lab));
        actions
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        if lab.pad.is_open {
            return pad::draw(lab, area, buffer, theme);
        }
        if lab.gallery.open.is_some() {
            return gallery::draw(lab, area, buffer, theme);
        }
        let Some((run, epoch, table)) = table(lab) else {
            return draw_empty(lab, area, buffer, theme);
        };
        let shown = Shown {
            lab,
            run,
            epoch,
            table,
            theme,
        };
        if lab.zoomed && lab.part() == Part::PerClass {
            return shown.draw_classes(None, area, buffer);
        }
        if lab.zoomed {
            shown.draw_table(area, buffer);
            return;
        }
        let bars = lab
            .gallery
            .figures
            .as_ref()
            .map(|shown| &shown.figures.calibration);
        let has_bars_beside = bars.is_some() && area.width >= 140;
        let beside = if has_bars_beside { BARS_WIDTH } else { 0 };
        let words = shown.words(area.width.saturating_sub(beside + 4));
        let words_height = match lab.shows_calibration {
            true if area.height >= 30 => 10,
            _ => words.len() as u16 + 2,
        };
        let words_height = words_height.min(area.height / 2);
        let [upper, lower] =
            Layout::vertical([Constraint::Fill(1), Constraint::Length(words_height)]).areas(area);
        let classes_width = if area.width >= 110 { 47 } else { 24 };
        let [table_area, classes_area] =
            Layout::horizontal([Constraint::Fill(1), Constraint::Length(classes_width)])
                .areas(upper);
        let rows = shown.draw_table(table_area, buffer);
        shown.draw_classes(rows, classes_area, buffer);
        let (words_area, bars_area) = match bars {
            None => (Some(lower), None),
            Some(_) if has_bars_beside => {
                let [words, bars] =
                    Layout::horizontal([Constraint::Fill(1), Constraint::Length(BARS_WIDTH)])
                        .areas(lower);
                (Some(words), Some(bars))
            }
            Some(_) if lab.shows_calibration => (None, Some(lower)),
            Some(_) => (Some(lower), None),
        };
        if let Some(area) = words_area {
            let inner = panel("In words", false, area, buffer, theme);
            lines(words, inner, buffer);
        }
        if let (Some(bars), Some(area)) = (bars, bars_area) {
            calibration::draw(bars, area, buffer, theme);
        }
    }
}

/// Columns of the bars of calibration beside the words.
const BARS_WIDTH: u16 = 66;

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

/// A confusion table and what is needed to show it.
struct Shown<'a> {
    lab: &'a Lab,
    run: &'a Run,
    /// The epoch after which the table was made.
    epoch: usize,
    table: &'a ConfusionTable,
    theme: &'a Theme,
}

impl Shown<'_> {
    /// Draws the table and says on which line each class stands, if all are in sight.
    fn draw_table(&self, area: Rect, buffer: &mut Buffer) -> Option<Vec<u16>> {
        let unit = if self.lab.percent {
            "% of true class"
        } else {
            "images"
        };
        let title = format!("Confusion · true ↓ predicted → · {unit}");
        let focused = self.lab.has_focus(Part::Confusion);
        let inner = panel(&title, focused, area, buffer, self.theme);
        let classes = self.table.classes();
        let counts: Vec<u32> = (0..classes)
            .flat_map(|truth| (0..classes).map(move |predicted| self.table.count(truth, predicted)))
            .collect();
        let mut names: Vec<String> = (0..classes).map(|class| self.class_name(class)).collect();
        // Names that are the numbers again say nothing.
        if names
            .iter()
            .enumerate()
            .all(|(class, name)| *name == class.to_string())
        {
            names.iter_mut().for_each(String::clear);
        }
        let order = self.lab.class_order();
        let position = |class: usize| order.iter().position(|one| *one == class).unwrap_or(0);
        let (truth, predicted) = self.lab.cursors.confusion;
        let grid = ConfusionGrid::new(&counts, &names, self.theme)
            .text(if self.lab.percent {
                CellText::RowPercent
            } else {
                CellText::Counts
            })
            .order(order.iter().copied())
            .cursor(Some((position(truth), position(predicted))));
        let rows = row_positions(&grid, classes, inner);
        grid.render(inner, buffer);
        let dataset = &self.run.measured_on.dataset;
        let chosen = self.lab.chosen_set().map(|set| &set.name);
        if chosen.is_some_and(|chosen| chosen != dataset) {
            // The line below names the chosen set.
            let note = format!("measured on {dataset}");
            footnote(&note, area, buffer, self.theme.accent);
        }
        rows
    }

    /// The figures of each class, on the lines of the table where it says them.
    fn draw_classes(&self, rows: Option<Vec<u16>>, area: Rect, buffer: &mut Buffer) {
        let (table, theme) = (self.table, self.theme);
        let focused = self.lab.has_focus(Part::PerClass);
        let inner = panel("Per class", focused, area, buffer, theme);
        if inner.height < 2 {
            return;
        }
        let width = usize::from(inner.width);
        let (name_width, heading) = if width >= 38 {
            (width - 25, ["precision", "recall", "F1"])
        } else {
            (2, ["prec", "rec", "F1"])
        };
        let [first, second, third] = if width >= 38 { [10, 8, 7] } else { [6, 6, 6] };
        let line = |name: &str, [precision, recall, f1]: [&str; 3]| {
            format!("{name:<name_width$}{precision:>first$}{recall:>second$}{f1:>third$}")
        };
        let order = self.lab.class_order();
        let cursor = self.lab.cursors.confusion.0;
        let room = usize::from(inner.height) - 1;
        let places: Vec<(usize, u16)> = match rows {
            Some(rows) => order.iter().copied().zip(rows).collect(),
            None => {
                let at = order.iter().position(|class| *class == cursor).unwrap_or(0);
                window(at, order.len(), room)
                    .map(|position| order[position])
                    .zip(inner.y + 1..)
                    .collect()
            }
        };
        let Some(top) = places.first().map(|(_, y)| y.saturating_sub(1)) else {
            return;
        };
        let heading = Line::styled(line("", heading), theme.dim);
        buffer.set_line(inner.x, top.max(inner.y), &heading, inner.width);
        for (class, y) in places {
            let figures = [table.precision(class), table.recall(class), table.f1(class)]
                .map(|value| value.map_or("–".to_owned(), |value| format!("{value:.2}")));
            let name = if name_width > 2 {
                let name = self.class_name(class);
                let name = if name == class.to_string() {
                    String::new()
                } else {
                    name
                };
                fit(&format!("{class} {name}"), name_width)
            } else {
                class.to_string()
            };
            let style = match table.f1(class) {
                Some(f1) if f1 < 0.5 => theme.error,
                _ => theme.text,
            };
            let text = line(&name, figures.each_ref().map(String::as_str));
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

    fn class_name(&self, class: usize) -> String {
        self.run.measured_on.class_name(class)
    }
}

/// On which line of the screen the table shows each class; nothing where some class is out of sight.
fn row_positions(grid: &ConfusionGrid, classes: usize, area: Rect) -> Option<Vec<u16>> {
    let mut rows = vec![None; classes];
    for position in area.positions() {
        if let Some((truth, _)) = grid.cell_at(area, position)
            && let Some(row @ None) = rows.get_mut(truth)
        {
            *row = Some(position.y);
        }
    }
    rows.into_iter().collect()
}
