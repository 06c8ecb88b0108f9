//! The key line: what can be done here and now.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::Panes;
use crate::lab::{Acts, Lab, Label};
use crate::ui::format::width_of;
use crate::ui::theme::Theme;

pub(super) fn draw(lab: &Lab, panes: &Panes, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    for (action, place) in key_hints(lab, panes, area) {
        let blocked = action.blocked.is_some();
        let key = if blocked { theme.dim } else { theme.key };
        let line = Line::from(vec![
            Span::styled(action.keys.clone(), key),
            Span::styled(format!(" {}", action.name), theme.dim),
        ]);
        buffer.set_line(place.x, place.y, &line, place.width);
    }
}

/// The keys that work here and now with their places, as many as have room; help and quit always.
fn key_hints(lab: &Lab, panes: &Panes, area: Rect) -> Vec<(Label, Rect)> {
    let (here, always) = match &lab.overlay {
        Some(overlay) => (overlay.labels(lab), Vec::new()),
        None => (panes.shown(lab).labels(lab), panes.labels(lab)),
    };
    let place = |action: &Label, x: u16| {
        let width = width_of(&action.keys) + 1 + width_of(&action.name);
        Rect::new(x, area.y, width as u16, 1)
    };
    let shown = |action: &Label| action.in_key_line;
    let mut hints = Vec::new();
    let mut right = area.right().saturating_sub(1);
    for action in always.into_iter().filter(shown).rev() {
        let width = place(&action, 0).width;
        right = right.saturating_sub(width);
        let at = place(&action, right);
        hints.push((action, at));
        right = right.saturating_sub(3);
    }
    let mut x = area.x + 1;
    for action in here.into_iter().filter(shown) {
        let place = place(&action, x);
        if place.right() > right {
            break;
        }
        x = place.right() + 3;
        hints.push((action, place));
    }
    hints
}

/// The action at this position.
pub(super) fn clicked(lab: &Lab, panes: &Panes, area: Rect, at: Position) -> Option<&'static str> {
    let mut hints = key_hints(lab, panes, area).into_iter();
    let (label, _) = hints.find(|(_, place)| place.contains(at))?;
    label.is_one.then_some(label.id)
}
