//! The line above the keys: what everything is about, or the latest sentence.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use crate::lab::{Lab, Notice};
use crate::ui::format::{count, mark, wrap};
use crate::ui::theme::Theme;

/// Rows of a message above the key line, at most.
const STATUS_ROWS: u16 = 5;

/// Which set and which network everything is about, in as many words as have room.
pub(super) fn draw_context(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let (set, sizes) = match (lab.chosen_set(), lab.opening()) {
        (Some(set), _) => (
            set.name.clone(),
            format!(
                "  {} + {} images",
                count(set.train_len()),
                count(set.test_len())
            ),
        ),
        (None, Some(_)) => ("loading the data …".to_owned(), String::new()),
        (None, None) => ("no data".to_owned(), String::new()),
    };
    let mark = mark(lab.is_network_unsaved());
    let parameters = format!("  {} parameters", count(lab.summary.parameters));
    let line = |sizes: &str, parameters: &str| {
        Line::from(vec![
            Span::raw(" "),
            Span::styled(set.clone(), theme.text),
            Span::styled(sizes.to_owned(), theme.dim),
            Span::styled("  ·  ", theme.dim),
            Span::styled(format!("{mark}{}", lab.title()), theme.text),
            Span::styled(parameters.to_owned(), theme.dim),
        ])
    };
    let candidates = [line(&sizes, &parameters), line(&sizes, ""), line("", "")];
    let room = usize::from(area.width);
    let chosen = candidates
        .iter()
        .find(|line| line.width() <= room)
        .unwrap_or(&candidates[2]);
    buffer.set_line(area.x, area.y, chosen, area.width);
}

/// The latest sentence in place of the context; a long one grows upwards over the pane.
pub(super) fn draw_status(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let Some(status) = &lab.status else { return };
    let (mark, style) = match status.notice {
        Notice::Information => ("●", theme.good),
        Notice::Refusal => ("▲", theme.warning),
        Notice::Error => ("✗", theme.error),
    };
    let text = wrap(&status.text, usize::from(area.width.saturating_sub(5)));
    let height = (text.len() as u16).clamp(1, STATUS_ROWS);
    let box_area = Rect {
        y: area.bottom() - height,
        height,
        ..area
    };
    Clear.render(box_area, buffer);
    for (row, line) in text.iter().take(usize::from(height)).enumerate() {
        let mark = if row == 0 { mark } else { " " };
        let is_cut = row + 1 == usize::from(height) && text.len() > usize::from(height);
        let spans = vec![
            Span::styled(format!(" {mark} "), style),
            Span::styled(
                line.clone(),
                if status.notice == Notice::Error {
                    theme.error
                } else {
                    Style::new()
                },
            ),
            Span::styled(if is_cut { " …" } else { "" }, theme.dim),
        ];
        let y = box_area.y + row as u16;
        buffer.set_line(area.x, y, &Line::from(spans), area.width);
    }
}
