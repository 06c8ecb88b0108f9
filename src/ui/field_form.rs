//! How forms of described fields look, and the keys that all of them have.

use crossterm::event::KeyCode;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::action::Action;
use super::keys::Key;
use super::theme::Theme;
use crate::lab::{self, Lab};
use crate::state::{FieldRow, Message};

/// A field's name and text, with the cursor in it where it has the keys; names take so many columns.
pub fn field_line(row: &FieldRow, is_here: bool, names: usize, theme: &Theme) -> Line<'static> {
    let style = match (row.problem.is_some(), is_here) {
        (true, _) => theme.error,
        (false, true) => theme.accent,
        (false, false) => theme.text,
    };
    let mut spans = vec![
        Span::styled(if is_here { "▸ " } else { "  " }, theme.accent),
        Span::styled(
            format!("{:<names$}", row.field.name),
            if is_here { theme.text } else { theme.dim },
        ),
    ];
    if is_here {
        let (before, after) = row.input.halves();
        let mut rest = after.chars();
        let at_cursor = rest.next().unwrap_or(' ').to_string();
        spans.extend([
            Span::styled(before.to_owned(), style),
            Span::styled(at_cursor, style.add_modifier(Modifier::REVERSED)),
            Span::styled(rest.collect::<String>(), style),
        ]);
    } else {
        spans.push(Span::styled(row.input.text().to_owned(), style));
    }
    Line::from(spans)
}

/// The keys that go from field to field (`step_field`) and through their usual values (`step_value`, upwards where it is true).
pub fn field_actions(
    step_field: impl Fn(isize) -> Message,
    step_value: impl Fn(bool) -> Message,
) -> [Action; 2] {
    let mut values = Action::new(
        Key::code(KeyCode::Left),
        "other values",
        "the next smaller and larger of the usual values, or the next choice; any legal value can be typed",
        step_value(false),
    );
    values.keys = "←→".to_owned();
    values
        .bindings
        .push((Key::code(KeyCode::Right), step_value(true)));
    let mut fields = Action::new(
        Key::code(KeyCode::Up),
        "field",
        "go from field to field",
        step_field(-1),
    );
    fields.keys = "↑↓".to_owned();
    fields.bindings.extend([
        (Key::code(KeyCode::Down), step_field(1)),
        (Key::code(KeyCode::BackTab), step_field(-1)),
        (Key::code(KeyCode::Tab), step_field(1)),
    ]);
    [values, fields]
}

/// The actions of a form's keys that go from field to field and through their usual values, upwards where it is true.
pub fn field_moves<T: 'static>(
    step_field: fn(&mut T, isize),
    step_value: fn(&mut T, bool),
) -> [lab::Action<T>; 2] {
    let values = lab::Action::new(
        "form.smaller",
        Key::code(KeyCode::Left),
        "other values",
        "the next smaller and larger of the usual values, or the next choice; any legal value can be typed",
        move |form: &mut T, _: &mut Lab| step_value(form, false),
    )
    .and("←→", Key::code(KeyCode::Right), move |form, _| step_value(form, true));
    let fields = lab::Action::new(
        "form.previous",
        Key::code(KeyCode::Up),
        "field",
        "go from field to field",
        move |form: &mut T, _: &mut Lab| step_field(form, -1),
    )
    .and("↑↓", Key::code(KeyCode::Down), move |form, _| {
        step_field(form, 1)
    })
    .and("↑↓", Key::code(KeyCode::BackTab), move |form, _| {
        step_field(form, -1)
    })
    .and("↑↓", Key::code(KeyCode::Tab), move |form, _| {
        step_field(form, 1)
    });
    [values, fields]
}
