//! How many images each class of the chosen set has.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::lab::{Lab, Part};
use crate::ui::format::{count, fit, line_bar};
use crate::ui::panel::{footnote, highlight, panel, window};
use crate::ui::theme::Theme;

pub(super) fn draw(cursor: usize, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
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
    let shown = window(cursor, set.class_names.len(), rows / step);
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
        if focused && class == cursor {
            let row = Rect::new(inner.x, y, inner.width, 1);
            highlight(row, buffer, theme.selected);
        }
    }
}
