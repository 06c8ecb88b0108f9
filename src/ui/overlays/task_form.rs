//! The form of a task on data sets: names and paths, then the fields that it describes, and what will come of it.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::super::action::Action;
use super::super::field_form::{field_actions, field_line};
use super::super::format::{bytes, count, wrap};
use super::super::keys::Key;
use super::super::panel::{dialog, lines, window};
use super::super::theme::Theme;
use crate::state::{LineInput, Message, TaskForm, TaskMessage};

/// Rows of what stands below the fields.
const BELOW: u16 = 4;
/// Columns of a field with its name.
const COLUMN: u16 = 36;

pub fn actions() -> Vec<Action> {
    let [values, fields] = field_actions(
        |steps| Message::Task(TaskMessage::StepField(steps)),
        |up| Message::Task(TaskMessage::StepValue { up }),
    );
    vec![
        Action::new(
            Key::code(KeyCode::Enter),
            "start",
            "do it as the form says",
            Message::Accept,
        ),
        fields,
        values,
        Action::new(
            Key::code(KeyCode::Esc),
            "cancel",
            "do nothing",
            Message::Back,
        ),
    ]
}

pub fn draw(form: &TaskForm, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let texts = form.texts.len() as u16;
    let fields = form.fields.rows.len() as u16;
    // Two columns where one has no room.
    let room = area.height.saturating_sub(texts + BELOW + 4);
    let columns = if fields > room { 2 } else { 1 };
    let rows = fields.div_ceil(columns).min(room);
    let size = (area.width.min(84), texts + rows + BELOW + 4);
    let title = match &form.dataset {
        Some(set) => format!("{} · {}", form.kind().title, set.name),
        None => form.kind().title.to_owned(),
    };
    let inner = dialog(&title, size, area, buffer, theme);
    let [named, _, described, _, below] = Layout::vertical([
        Constraint::Length(texts),
        Constraint::Length(u16::from(fields > 0)),
        Constraint::Length(rows),
        Constraint::Length(1),
        Constraint::Fill(1),
    ])
    .areas(inner);
    let names = name_width(form);
    let rows_of_texts = (form.texts.iter().enumerate()).map(|(position, input)| {
        let name = form.kind().texts[position].name;
        text_line((name, names), input, position == form.cursor, inner, theme)
    });
    lines(rows_of_texts, named, buffer);
    draw_fields(form, (columns, names), described, buffer, theme);
    draw_outcome(form, below, buffer, theme);
}

fn name_width(form: &TaskForm) -> usize {
    let texts = form.kind().texts.iter().map(|text| text.name);
    let fields = form.fields.rows.iter().map(|row| row.field.name);
    texts.chain(fields).map(str::len).max().unwrap_or(0) + 2
}

/// A name or path; a long one is shown around the cursor.
fn text_line(
    (name, names): (&str, usize),
    input: &LineInput,
    is_here: bool,
    area: Rect,
    theme: &Theme,
) -> Line<'static> {
    let mark = if is_here { "▸ " } else { "  " };
    let style = if is_here { theme.text } else { theme.dim };
    let mut spans = vec![
        Span::styled(mark, theme.accent),
        Span::styled(format!("{name:<names$}"), style),
    ];
    let room = usize::from(area.width).saturating_sub(names + 4);
    let tail = |text: &str| {
        let hidden = text.chars().count().saturating_sub(room);
        text.chars().skip(hidden).collect::<String>()
    };
    if is_here {
        let (before, after) = input.halves();
        let mut rest = after.chars();
        let at_cursor = rest.next().unwrap_or(' ').to_string();
        spans.extend([
            Span::styled(tail(before), theme.accent),
            Span::styled(at_cursor, theme.accent.add_modifier(Modifier::REVERSED)),
            Span::styled(rest.collect::<String>(), theme.accent),
        ]);
    } else {
        spans.push(Span::styled(tail(input.text()), theme.text));
    }
    Line::from(spans)
}

fn draw_fields(
    form: &TaskForm,
    (columns, names): (u16, usize),
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let cursor = form.cursor.checked_sub(form.texts.len());
    let rows = form.fields.rows.len().div_ceil(usize::from(columns));
    // Where not even two columns have room, the rows scroll with the cursor.
    let at = cursor.map_or(0, |cursor| cursor % rows.max(1));
    let shown = window(at, rows, usize::from(area.height));
    for (position, row) in form.fields.rows.iter().enumerate() {
        let (column, place) = (position / rows, position % rows);
        if !shown.contains(&place) {
            continue;
        }
        let line = field_line(row, cursor == Some(position), names, theme);
        let x = area.x + column as u16 * COLUMN.max(area.width / columns);
        let y = area.y + (place - shown.start) as u16;
        buffer.set_line(x, y, &line, area.right().saturating_sub(x));
    }
}

/// What the row under the cursor means, what is wrong, or what will come of it.
fn draw_outcome(form: &TaskForm, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let width = usize::from(area.width);
    let about = match (form.current_text(), form.fields.current()) {
        (Some(text), _) => {
            let field = &form.kind().texts[text];
            let optional = if field.is_optional {
                "; may be empty"
            } else {
                ""
            };
            format!("{}{optional}", (field.help)())
        }
        (None, Some(row)) => format!("{}: {}", row.field.help, row.field.kind),
        (None, None) => String::new(),
    };
    let request = form.request();
    let (_, illegal) = form.fields.problem().unzip();
    let mut text = Vec::new();
    if let Some(problem) = form.problem.as_deref().or(illegal) {
        text.push((problem.to_owned(), theme.error));
    }
    text.push((about, theme.dim));
    if let Some(size) = request.size(form.dataset.as_ref()) {
        text.push((
            format!(
                "{} training and {} test images, {} of pixels",
                count(size.train_images),
                count(size.test_images),
                bytes(size.file_bytes)
            ),
            theme.text,
        ));
    }
    let set = form.dataset.as_ref();
    if let Some(warning) = set.and_then(|set| request.warning(set)) {
        text.push((format!("Careful: {warning}."), theme.warning));
    }
    let wrapped = text.into_iter().flat_map(|(text, style)| {
        let lines = wrap(&text, width).into_iter();
        lines.map(move |line| Line::styled(line, style))
    });
    lines(wrapped, area, buffer);
}
