//! Data: the loaded sets, and how many images each class has.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::super::action::Action;
use super::super::format::{bytes, count, fit, line_bar, width_of};
use super::super::keys::Key;
use super::super::panel::{empty, footnote, highlight, lines, panel, paragraph, window};
use super::super::theme::Theme;
use super::Pane;
use crate::state::facts::DatasetSummary;
use crate::state::{Lab, Message, PaneId, Part, PickerKind};

pub struct DataPane;

impl Pane for DataPane {
    fn id(&self) -> PaneId {
        PaneId::Data
    }

    fn title(&self) -> &'static str {
        "Data"
    }

    fn about(&self) -> &'static str {
        "the loaded sets, their classes and counts"
    }

    fn actions(&self, lab: &Lab) -> Vec<Action> {
        let (enter, help) = match lab.part() {
            Part::Classes => ("show images", "show the class's images on the View pane"),
            _ => ("choose", "choose the set that the whole program follows"),
        };
        let loaded = lab.chosen_set().is_some();
        vec![
            Action::new(
                Key::char('o'),
                "open a set",
                "load another set: a known name or a path",
                Message::Pick(PickerKind::Data),
            )
            .blocked_by(
                lab.opening
                    .as_ref()
                    .map(|_| "a set is being loaded already".to_owned()),
            ),
            Action::new(Key::code(KeyCode::Enter), enter, help, Message::Enter)
                .blocked_unless(loaded, "no data is loaded"),
            Action::moves("↑↓", "move", "go through the list"),
            Action::new(
                Key::code(KeyCode::Tab),
                "sets/classes",
                "move the focus between sets and classes",
                Message::NextPart,
            ),
        ]
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        if lab.zoomed {
            return match lab.part() {
                Part::Classes => draw_classes(lab, area, buffer, theme),
                _ => draw_sets(lab, area, buffer, theme),
            };
        }
        let [sets, classes] =
            Layout::horizontal([Constraint::Percentage(42), Constraint::Fill(1)]).areas(area);
        draw_sets(lab, sets, buffer, theme);
        draw_classes(lab, classes, buffer, theme);
    }
}

fn draw_sets(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let inner = panel("Sets", lab.has_focus(Part::Sets), area, buffer, theme);
    if lab.sets.is_empty() {
        return match &lab.opening {
            Some(_) => empty(
                "Loading the data …",
                "The full Fashion-MNIST where it is on this machine, else the starter set.",
                inner,
                buffer,
                theme,
            ),
            None => empty("No data", "Press o to open a set.", inner, buffer, theme),
        };
    }
    let list_rows = lab.sets.len().min(usize::from(inner.height / 3).max(1));
    let shown = window(lab.cursors.set, lab.sets.len(), list_rows);
    for (position, y) in shown.zip(inner.y..) {
        let set = &lab.sets[position];
        let chosen = lab.chosen == Some(position);
        let size = format!("{} + {}", count(set.train_len()), count(set.test_len()));
        // The sizes stand below too; a whole name is worth more here.
        let width = usize::from(inner.width);
        let size = if width_of(&set.name) + size.len() + 4 <= width {
            size
        } else {
            String::new()
        };
        let room = width.saturating_sub(size.len() + 3);
        let line = Line::from(vec![
            Span::styled(if chosen { "● " } else { "  " }, theme.good),
            Span::styled(
                format!("{:<room$} ", fit(&set.name, room)),
                if chosen { theme.title } else { theme.text },
            ),
            Span::styled(size, theme.dim),
        ]);
        buffer.set_line(inner.x, y, &line, inner.width);
        if position == lab.cursors.set && lab.has_focus(Part::Sets) {
            let row = Rect::new(inner.x, y, inner.width, 1);
            highlight(row, buffer, theme.selected);
        }
    }
    let taken = list_rows as u16;
    let mut below = Rect {
        y: inner.y + taken + 1,
        height: inner.height.saturating_sub(taken + 1),
        ..inner
    };
    if let Some(choice) = &lab.opening {
        let name = if choice.is_empty() {
            "the data"
        } else {
            choice
        };
        let text = format!("loading {name} …");
        let line = Line::styled(fit(&text, usize::from(inner.width)), theme.accent);
        let rows = lines([line, Line::default()], below, buffer);
        below.y += rows;
        below.height -= rows;
    }
    if let Some(set) = lab.sets.get(lab.cursors.set) {
        draw_facts(set, below, buffer, theme);
    }
}

fn draw_facts(set: &DatasetSummary, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let facts = [
        ("images", set.shape.to_string()),
        ("train", format!("{} images", count(set.train_len()))),
        ("test", format!("{} images", count(set.test_len()))),
        ("classes", set.class_names.len().to_string()),
        ("memory", bytes(set.memory)),
    ];
    let mut text: Vec<Line> = facts
        .into_iter()
        .map(|(name, value)| fact(name, value, theme))
        .collect();
    let room = usize::from(area.width).saturating_sub(9);
    for (row, line) in super::super::format::wrap(&set.source, room)
        .into_iter()
        .enumerate()
    {
        text.push(fact(if row == 0 { "source" } else { "" }, line, theme));
    }
    text.push(Line::default());
    let taken = lines(text, area, buffer);
    let below = Rect {
        y: area.y + taken,
        height: area.height - taken,
        ..area
    };
    paragraph(&set.note, theme.text, below, buffer);
}

fn fact(name: &str, value: String, theme: &Theme) -> Line<'static> {
    Line::from(vec![
        Span::styled(format!("{name:<9}"), theme.dim),
        Span::styled(value, theme.text),
    ])
}

fn draw_classes(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let focused = lab.has_focus(Part::Classes);
    let Some(set) = lab.chosen_set() else {
        panel("Classes", focused, area, buffer, theme);
        return;
    };
    let title = format!("Classes of {}", set.name);
    let inner = panel(&title, focused, area, buffer, theme);
    if inner.height < 2 || inner.width < 20 {
        return;
    }
    let most = set.train_counts.iter().chain(&set.test_counts).max();
    let most = most.copied().unwrap_or(0).max(1) as f64;
    let names = set.class_names.iter().map(|name| name.chars().count());
    let width = usize::from(inner.width);
    let name_width = names.max().unwrap_or(0).clamp(5, width / 3);
    let bar_width = width.saturating_sub(name_width + 5 + 2 * 8);
    let header = format!(
        "{:>3}  {:<name_width$} {:bar_width$}{:>7} {:>7}",
        "", "class", "", "train", "test"
    );
    buffer.set_line(
        inner.x,
        inner.y,
        &Line::styled(header, theme.dim),
        inner.width,
    );
    let rows = usize::from(inner.height) - 1;
    // With room to spare every second row stays free.
    let step = if rows >= 2 * set.class_names.len() {
        2
    } else {
        1
    };
    let shown = window(lab.cursors.class, set.class_names.len(), rows / step);
    if shown.len() < set.class_names.len() {
        let text = format!(
            "{}–{} of {}",
            shown.start,
            shown.end - 1,
            set.class_names.len()
        );
        footnote(&text, area, buffer, theme.dim);
    }
    for (class, y) in shown.zip((inner.y + 1..).step_by(step)) {
        let (train, test) = (set.train_counts[class], set.test_counts[class]);
        let name = fit(&set.class_names[class], name_width);
        let line = Line::from(vec![
            Span::styled(format!("{class:>3}  "), theme.dim),
            Span::styled(format!("{name:<name_width$} "), theme.text),
            Span::styled(
                format!(
                    "{:<bar_width$}",
                    line_bar(train as f64 / most, bar_width.saturating_sub(1))
                ),
                theme.train,
            ),
            Span::styled(format!("{:>7}", count(train)), theme.text),
            Span::styled(format!(" {:>7}", count(test)), theme.dim),
        ]);
        buffer.set_line(inner.x, y, &line, inner.width);
        if focused && class == lab.cursors.class {
            let row = Rect::new(inner.x, y, inner.width, 1);
            highlight(row, buffer, theme.selected);
        }
    }
}
