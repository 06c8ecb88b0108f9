//! What is known of the set under the cursor.

use std::iter::repeat;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::lab::Lab;
use crate::ui::format::{bytes, count, wrap};
use crate::ui::panel::{fact, lines, panel, wrapped};
use crate::ui::theme::Theme;

/// Columns of the names.
const NAMES: usize = 9;

pub(super) fn draw(cursor: usize, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
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
