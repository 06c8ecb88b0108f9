//! Labelled horizontal bars, and the class probabilities of several panes.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use super::blocks::{across, eighths};
use super::text::fitted;
use crate::ui::format::width_of;
use crate::ui::theme::Theme;

/// One line: a label, a bar, and its value in words.
#[derive(Clone, Debug)]
pub struct Bar<'a> {
    pub label: Cow<'a, str>,
    /// In [0, 1]; negative values and NaN draw nothing.
    pub value: f64,
    /// Text after the bar, such as `92.4 %`.
    pub text: Cow<'a, str>,
    pub style: Style,
}

/// One line per bar, from the top; those without room are not drawn.
#[derive(Clone, Debug)]
pub struct Bars<'a> {
    bars: &'a [Bar<'a>],
    theme: &'a Theme,
}

impl<'a> Bars<'a> {
    pub const fn new(bars: &'a [Bar<'a>], theme: &'a Theme) -> Self {
        Self { bars, theme }
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
        let labels = widest(|bar| width_of(&bar.label)).min(area.width * 2 / 5);
        let values = widest(|bar| width_of(&bar.text));
        let has_values = area.width >= labels + values + 5;
        let values = if has_values { values } else { 0 };
        let gaps = u16::from(labels > 0) + u16::from(values > 0);
        let length = area.width.saturating_sub(labels + values + gaps);
        for (row, bar) in area.rows().zip(self.bars) {
            let label = fitted(&bar.label, labels.into());
            buffer.set_string(row.x, row.y, label, self.theme.text);
            let start = row.x + labels + u16::from(labels > 0);
            let filled = eighths(bar.value, length);
            for cell in 0..length {
                if let Some(block) = across(filled, cell) {
                    buffer[(start + cell, row.y)]
                        .set_symbol(block)
                        .set_style(bar.style);
                }
            }
            let text = fitted(&bar.text, values.into());
            let left = row.right() - width_of(&text) as u16;
            buffer.set_string(left, row.y, text, self.theme.text);
        }
    }
}

/// Draws the most probable classes, as many as have room, in the order of their numbers. With a known `truth`, the prediction is
/// styled as right or wrong.
pub fn draw_probabilities(
    probabilities: &[f32],
    truth: Option<usize>,
    name: impl Fn(usize) -> String,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let mut ranked: Vec<usize> = (0..probabilities.len()).collect();
    ranked.sort_by(|one, other| probabilities[*other].total_cmp(&probabilities[*one]));
    let best = ranked.first().copied();
    ranked.truncate(usize::from(area.height));
    ranked.sort_unstable();
    let bars: Vec<Bar> = ranked
        .iter()
        .map(|class| Bar {
            label: name(*class).into(),
            value: f64::from(probabilities[*class]),
            text: format!("{:5.1} %", 100.0 * probabilities[*class]).into(),
            style: match (truth, Some(*class) == best) {
                (Some(truth), _) if truth == *class => theme.good,
                (Some(_), true) => theme.error,
                (None, true) => theme.accent,
                _ => theme.dim,
            },
        })
        .collect();
    Bars::new(&bars, theme).render(area, buffer);
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
        let widget = Bars::new(&bars, &theme);
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
            stays_inside(Bars::new(&bars, &theme), area)?;
        }
    }
}
