//! The figures of each class.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::Shown;
use crate::lab::Part;
use crate::ui::format::fit;
use crate::ui::panel::{panel, window};

impl Shown<'_> {
    /// Draws them, on the lines of the table where it says them.
    pub(super) fn draw_classes(&self, rows: Option<Vec<u16>>, area: Rect, buffer: &mut Buffer) {
        let (table, theme) = (self.table.table, self.theme);
        let focused = self.lab.has_focus(Part::PerClass);
        let inner = panel("Per class", focused, area, buffer, theme);
        if inner.height < 2 {
            return;
        }
        let width = usize::from(inner.width);
        let (name_width, heading, [first, second, third]) = match width >= 38 {
            true => (width - 25, ["precision", "recall", "F1"], [10, 8, 7]),
            false => (2, ["prec", "rec", "F1"], [6, 6, 6]),
        };
        let line = |name: &str, [precision, recall, f1]: [&str; 3]| {
            format!("{name:<name_width$}{precision:>first$}{recall:>second$}{f1:>third$}")
        };
        let order = self.pane.class_order(self.lab);
        let cursor = self.pane.cell.0;
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
            let number = class.to_string();
            let name = match self.class_name(class) {
                _ if name_width <= 2 => number,
                // The number again says nothing.
                name if name == number => format!("{class} "),
                name => fit(&format!("{class} {name}"), name_width),
            };
            let style = match table.f1(class) {
                Some(f1) if f1 < 0.5 => theme.error,
                _ => theme.text,
            };
            let text = line(&name, figures.each_ref().map(String::as_str));
            buffer.set_line(inner.x, y, &Line::styled(text, style), inner.width);
            if class == cursor {
                let mark = match focused {
                    true => theme.selected,
                    false => theme.accent,
                };
                buffer.set_style(Rect::new(inner.x, y, inner.width, 1), mark);
            }
        }
    }
}
