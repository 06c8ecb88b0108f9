//! What is known of the set under the cursor, and how many images each class of the chosen set has.

use std::iter::repeat;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::lab::{Lab, Part};
use crate::panes::data::DataPane;
use crate::ui::format::{bytes, count, fit, line_bar, wrap};
use crate::ui::panel::{fact, footnote, lines, panel, window, wrapped};
use crate::ui::theme::Theme;

/// Columns of the names.
const NAMES: usize = 9;

pub(super) fn draw_set(cursor: usize, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let set = lab.sets.get(cursor);
    let title = set.map_or("About", |set| set.name.as_str());
    let inner = panel(title, false, area, buffer, theme);
    let Some(set) = set else { return };
    let room = usize::from(inner.width).saturating_sub(NAMES);
    let fact = |name, value| fact(name, NAMES, value, theme);
    let marked = lab.corrections_in_words(&set.name).unwrap_or_default();
    let mut text = vec![
        fact("images", set.shape.to_string()),
        fact("train", format!("{} images", count(set.train_len()))),
    ];
    text.extend(wrap(&marked, room).into_iter().map(|line| fact("", line)));
    text.extend([
        fact("test", format!("{} images", count(set.test_len()))),
        fact("classes", set.class_names.len().to_string()),
        fact("memory", bytes(set.memory)),
    ]);
    let names = ["source"].into_iter().chain(repeat(""));
    let source = wrap(&set.source, room).into_iter().zip(names);
    text.extend(source.map(|(line, name)| fact(name, line)));
    text.push(Line::default());
    text.extend(wrapped(&set.note, inner.width.into(), theme.text));
    lines(text, inner, buffer);
}

pub(super) fn draw_classes(
    cursor: usize,
    lab: &Lab,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    lab.spots.focus(area, Part::Classes);
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
    lines([Line::styled(header, theme.dim)], inner, buffer);
    let rows = usize::from(inner.height) - 1;
    // With room to spare every second row stays free.
    let count_of_classes = set.class_names.len();
    let step = if rows >= 2 * count_of_classes { 2 } else { 1 };
    let shown = window(cursor, count_of_classes, rows / step);
    if shown.len() < count_of_classes {
        let text = format!("{}–{} of {count_of_classes}", shown.start, shown.end - 1);
        footnote(&text, area, buffer, theme.dim);
    }
    let row = |y| Rect::new(inner.x, y, inner.width, 1);
    let rows = shown.zip((inner.y + 1..).step_by(step));
    let places = rows.clone().map(|(class, y)| (class, row(y)));
    lab.spots
        .cursor(places, |pane: &mut DataPane, _, class| pane.class = class);
    for (class, y) in rows {
        let (train, test) = (set.train_counts[class], set.test_counts[class]);
        let name = fit(&set.class_names[class], name_width);
        let bar = line_bar(train as f64 / most, bar_width.saturating_sub(1));
        let line = Line::from(vec![
            Span::styled(format!("{class:>3}  "), theme.dim),
            Span::styled(format!("{name:<name_width$} "), theme.text),
            Span::styled(format!("{bar:<bar_width$}"), theme.train),
            Span::styled(format!("{:>7}", count(train)), theme.text),
            Span::styled(format!(" {:>7}", count(test)), theme.dim),
        ]);
        buffer.set_line(inner.x, y, &line, inner.width);
        if focused && class == cursor {
            buffer.set_style(row(y), theme.selected);
        }
    }
}
