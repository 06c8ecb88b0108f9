//! What is known of the set under the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::data::DatasetSummary;
use crate::lab::Lab;
use crate::ui::format::{bytes, count, wrap};
use crate::ui::panel::{below, lines, panel, paragraph};
use crate::ui::theme::Theme;

pub(super) fn draw(cursor: usize, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let set = lab.sets.get(cursor);
    let title = set.map_or("About", |set| set.name.as_str());
    let inner = panel(title, false, area, buffer, theme);
    if let Some(set) = set {
        let marked = lab.corrections_in_words(&set.name);
        let text = facts(set, marked, inner.width, theme);
        let taken = lines(text, inner, buffer);
        paragraph(&set.note, theme.text, below(inner, taken), buffer);
    }
}

/// What is known of a set, and what is `marked` in it.
fn facts(
    set: &DatasetSummary,
    marked: Option<String>,
    width: u16,
    theme: &Theme,
) -> Vec<Line<'static>> {
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
    let room = usize::from(width).saturating_sub(9);
    let marked = marked.map_or(Vec::new(), |marked| wrap(&marked, room));
    let marked = marked.into_iter().map(|line| fact("", line, theme));
    text.splice(2..2, marked);
    for (row, line) in wrap(&set.source, room).into_iter().enumerate() {
        text.push(fact(if row == 0 { "source" } else { "" }, line, theme));
    }
    text.push(Line::default());
    text
}

fn fact(name: &str, value: String, theme: &Theme) -> Line<'static> {
    Line::from(vec![
        Span::styled(format!("{name:<9}"), theme.dim),
        Span::styled(value, theme.text),
    ])
}
