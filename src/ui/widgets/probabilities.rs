//! Probabilities of classes as bars, as several panes show them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::super::theme::Theme;
use super::{Bar, Bars};

/// The most probable classes, as many as have room, in the order of their numbers. With `truth` known, a right first choice is
/// good and a wrong one an error.
pub fn probabilities(
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
    Bars::new(&bars, theme).full(1.0).render(area, buffer);
}
