//! Labelled horizontal bars.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use super::blocks::{across, eighths};
use super::text::{cells, fitted};
use crate::ui::theme::Theme;

/// One line: a label, a bar, and its value in words.
#[derive(Clone, Debug)]
pub struct Bar<'a> {
    pub label: Cow<'a, str>,
    /// Drawn from 0; below it and NaN draw nothing.
    pub value: f64,
    /// What stands behind the bar, such as `92.4 %`.
    pub text: Cow<'a, str>,
    pub style: Style,
}

/// Probabilities or counts: a line for each bar, from the top; those that find no room are not drawn.
#[derive(Clone, Debug)]
pub struct Bars<'a> {
    bars: &'a [Bar<'a>],
    theme: &'a Theme,
    full: Option<f64>,
    cursor: Option<usize>,
}

impl<'a> Bars<'a> {
    pub const fn new(bars: &'a [Bar<'a>], theme: &'a Theme) -> Self {
        Self {
            bars,
            theme,
            full: None,
            cursor: None,
        }
    }

    /// The value of a full bar; otherwise the largest one.
    #[must_use]
    pub const fn full(mut self, value: f64) -> Self {
        self.full = Some(value);
        self
    }

    /// The bar under the cursor.
    #[must_use]
    pub const fn cursor(mut self, index: Option<usize>) -> Self {
        self.cursor = index;
        self
    }
}

impl Widget for Bars<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        let widest = |text: fn(&Bar<'_>) -> usize| {
            let widest = self.bars.iter().map(text).max().unwrap_or(0);
            widest.min(usize::from(u16::MAX) / 2) as u16
        };
        // Labels take up to two fifths, values what they need if a bar of three cells remains.
        let labels = widest(|bar| cells(&bar.label)).min(area.width * 2 / 5);
        let values = widest(|bar| cells(&bar.text));
        let values = if area.width >= labels + values + 5 {
            values
        } else {
            0
        };
        let gaps = u16::from(labels > 0) + u16::from(values > 0);
        let length = area.width.saturating_sub(labels + values + gaps);
        let largest = || self.bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
        let full = self.full.unwrap_or_else(largest);
        for (index, (row, bar)) in area.rows().zip(self.bars).enumerate() {
            let is_selected = self.cursor == Some(index);
            let label = fitted(&bar.label, labels.into());
            let label_style = if is_selected {
                buffer.set_style(Rect::new(row.x, row.y, labels, 1), self.theme.selected);
                Style::new()
            } else {
                self.theme.text
            };
            buffer.set_string(row.x, row.y, label, label_style);
            let start = row.x + labels + u16::from(labels > 0);
            let filled = if full > 0.0 {
                eighths(bar.value / full, length)
            } else {
                0
            };
            for cell in 0..length {
                if let Some(block) = across(filled, cell) {
                    buffer[(start + cell, row.y)]
                        .set_symbol(block)
                        .set_style(bar.style);
                }
            }
            if values > 0 {
                let text = fitted(&bar.text, values.into());
                let left = row.right() - cells(&text) as u16;
                let style = if is_selected {
                    self.theme.accent
                } else {
                    self.theme.text
                };
                buffer.set_string(left, row.y, text, style);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{any_area, drawn, snapshot, stays_inside};
    use super::*;
    use crate::ui::theme::{Background, ColorDepth};
    use proptest::prelude::*;

    fn bars(theme: &Theme) -> Vec<Bar<'static>> {
        [
            ("Ankle boot", 0.924),
            ("Sneaker", 0.07),
            ("Sandal", 0.006),
            ("Bag", 0.0),
        ]
        .into_iter()
        .map(|(label, value)| Bar {
            label: label.into(),
            value,
            text: format!("{:.1} %", 100.0 * value).into(),
            style: theme.train,
        })
        .collect()
    }

    #[test]
    fn probabilities_look_as_before() {
        let theme = Theme::new(ColorDepth::TrueColor, Background::Dark);
        let bars = bars(&theme);
        let widget = Bars::new(&bars, &theme).full(1.0).cursor(Some(0));
        insta::assert_snapshot!("bars", snapshot(&drawn(widget.clone(), 40, 5)));
        insta::assert_snapshot!("bars_narrow", snapshot(&drawn(widget, 14, 3)));
    }

    proptest! {
        #[test]
        fn any_bars_fit_any_area(
            area in any_area(),
            values in prop::collection::vec(any::<f64>(), 0..20),
            label in "\\PC{0,30}",
        ) {
            let theme = Theme::new(ColorDepth::Basic16, Background::Unknown);
            let bars: Vec<Bar> = values
                .iter()
                .map(|&value| Bar {
                    label: label.as_str().into(),
                    value,
                    text: value.to_string().into(),
                    style: theme.good,
                })
                .collect();
            stays_inside(Bars::new(&bars, &theme).cursor(Some(1)), area)?;
        }
    }
}
