//! The settings of the method that explains an image.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::action::Action;
use super::super::format::wrap;
use super::super::keys::Key;
use super::super::panel::{dialog, lines};
use super::super::theme::Theme;
use super::draw_input;
use crate::field::Kind;
use crate::state::{Message, MethodForm};

/// Columns of the form and of its fields' names.
const WIDTH: u16 = 60;
const NAMES: u16 = 14;

pub fn actions() -> Vec<Action> {
    let mut values = Action::new(
        Key::code(KeyCode::Left),
        "usual values",
        "the next smaller and larger of the usual values; any legal value can be typed",
        Message::StepSettingValue { up: false },
    );
    values.keys = "←→".to_owned();
    let right = Key::code(KeyCode::Right);
    values
        .bindings
        .push((right, Message::StepSettingValue { up: true }));
    let step = Message::StepSetting;
    let mut fields = Action::new(
        Key::code(KeyCode::Up),
        "setting",
        "go from setting to setting",
        step(-1),
    );
    fields.keys = "↑↓".to_owned();
    fields.bindings.extend([
        (Key::code(KeyCode::Down), step(1)),
        (Key::code(KeyCode::BackTab), step(-1)),
        (Key::code(KeyCode::Tab), step(1)),
    ]);
    vec![
        values,
        fields,
        Action::new(
            Key::code(KeyCode::Enter),
            "explain",
            "explain the image with these settings",
            Message::Accept,
        ),
        Action::new(
            Key::code(KeyCode::Esc),
            "cancel",
            "leave the settings as they were",
            Message::Back,
        ),
    ]
}

pub fn draw(form: &MethodForm, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let kind = form.method.kind();
    let fields = kind.fields();
    let title = format!("Settings of {}", kind.name.replace('_', " "));
    let height = fields.len() as u16 + 8;
    let inner = dialog(&title, (WIDTH, height), area, buffer, theme);
    let width = usize::from(inner.width);
    let mut y = inner.y;
    for (position, (field, input)) in fields.iter().zip(&form.inputs).enumerate() {
        let is_here = position == form.cursor;
        let style = if is_here { theme.accent } else { theme.dim };
        buffer.set_stringn(inner.x, y, field.name, NAMES.into(), style);
        let place = Rect::new(inner.x + NAMES, y, inner.width.saturating_sub(NAMES), 1);
        if is_here {
            draw_input(input, "", place, buffer, theme);
        } else {
            buffer.set_stringn(place.x + 2, y, input.text(), place.width.into(), theme.text);
        }
        y += 1;
    }
    let below = Rect {
        y: y + 1,
        height: inner.bottom().saturating_sub(y + 1),
        ..inner
    };
    let about = match (&form.problem, fields.get(form.cursor)) {
        (Some((_, problem)), _) => Some((problem.clone(), theme.error)),
        (None, Some(field)) => Some((format!("{}: {}", field.help, field.kind), theme.dim)),
        (None, None) => None,
    };
    let text = about.into_iter().flat_map(|(text, style)| {
        wrap(&text, width)
            .into_iter()
            .map(move |line| Line::from(Span::styled(line, style)))
    });
    lines(text, below, buffer);
}
