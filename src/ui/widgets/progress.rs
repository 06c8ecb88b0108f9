//! A progress bar of one line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;

use super::blocks::{across, eighths};
use super::text::fitted;
use crate::ui::format::width_of;
use crate::ui::theme::{Theme, readable_on};

/// A one-line gauge with text on it; only the first line of a higher area is used.
///
/// Ratatui's own has no line for the rest, and no text on the filled part without colours.
#[derive(Clone, Debug)]
pub struct Progress<'a> {
    share: f64,
    text: &'a str,
    theme: &'a Theme,
}

impl<'a> Progress<'a> {
    /// A gauge that is full at a share of 1.
    pub const fn new(share: f64, text: &'a str, theme: &'a Theme) -> Self {
        Self { share, text, theme }
    }
}

impl Widget for Progress<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        let Some(row) = area.rows().next() else {
            return;
        };
        let filled = eighths(self.share, row.width);
        let ink = self.theme.accent.remove_modifier(Modifier::BOLD);
        let on_ink = match ink.fg {
            Some(color) => Style::new().bg(color).fg(readable_on(color)),
            None => Style::new().add_modifier(Modifier::REVERSED),
        };
        for (index, position) in (0..).zip(row.positions()) {
            let cell = &mut buffer[position];
            match across(filled, index) {
                Some(block) => cell.set_symbol(block).set_style(ink),
                None => cell.set_symbol("─").set_style(self.theme.border),
            };
        }
        let text = fitted(self.text, usize::from(row.width).saturating_sub(2));
        if text.is_empty() {
            return;
        }
        let width = width_of(&text) as u16 + 2;
        let left = row.x + (row.width - width) / 2;
        buffer.set_string(left, row.y, format!(" {text} "), Style::new());
        for column in left..left + width {
            // A partly filled cell below a letter is rounded to filled or empty.
            let is_filled = filled >= 8 * usize::from(column - row.x) + 4;
            let style = if is_filled { on_ink } else { self.theme.text };
            let cell = &mut buffer[(column, row.y)];
            cell.set_style(Style::reset()).set_style(style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{any_area, drawn, snapshot, stays_inside};
    use super::*;
    use crate::ui::theme::{Background, ColorDepth};
    use proptest::prelude::*;

    #[test]
    fn gauges_look_as_before() {
        for (name, depth) in [
            ("progress", ColorDepth::TrueColor),
            ("progress_without_colour", ColorDepth::None),
        ] {
            let theme = Theme::new(depth, Background::Dark);
            let gauge = Progress::new(0.46, "epoch 5 of 10 · 46 %", &theme);
            insta::assert_snapshot!(name, snapshot(&drawn(gauge, 40, 1)));
        }
    }

    proptest! {
        #[test]
        fn any_gauge_fits_any_area(area in any_area(), share in any::<f64>(), text in "\\PC{0,60}") {
            let theme = Theme::new(ColorDepth::TrueColor, Background::Light);
            stays_inside(Progress::new(share, &text, &theme), area)?;
        }
    }
}
