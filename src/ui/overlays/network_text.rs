//! The preset as text in a text area, checked with every key.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::Widget;
use tui_textarea::{CursorMove, TextArea};

use super::super::action::Action;
use super::super::format::{bytes, count, mark, short};
use super::super::keys::Key;
use super::super::panel::{dialog, paragraph};
use super::super::theme::Theme;
use crate::state::{BuilderMessage, Lab, Message, NetworkText};

/// Rows below the text.
const VERDICT_ROWS: u16 = 2;

pub fn actions(text: &NetworkText) -> Vec<Action> {
    let fault = text.reading.as_ref().err();
    vec![
        Action::new(
            Key::ctrl('s'),
            "apply and leave",
            "take the network as the text says",
            Message::Accept,
        )
        .or(Key::code(KeyCode::F(2)))
        .blocked_by(fault.map(|fault| fault.reason.clone())),
        Action::new(
            Key::code(KeyCode::Esc),
            "leave the network alone",
            "leave the text; asks first where it was changed",
            Message::Back,
        ),
        Action::new(
            Key::ctrl('u'),
            "undo",
            "take back the last change to the text",
            Message::Builder(BuilderMessage::UndoText),
        ),
        Action::new(
            Key::ctrl('r'),
            "redo",
            "do the change to the text again",
            Message::Builder(BuilderMessage::RedoText),
        ),
    ]
}

/// What a key does to the text. The facts hold lines and cursor; a text area is made of them for each key.
pub fn typed(text: &NetworkText, key: Key) -> Message {
    changed(text, |area| {
        if key == Key::code(KeyCode::Enter) {
            // A new line begins below the one before.
            let line = &text.lines[text.cursor.0.min(text.lines.len() - 1)];
            let indent: String = line.chars().take_while(|letter| *letter == ' ').collect();
            area.insert_newline();
            area.insert_str(indent);
        } else {
            area.input(key.event());
        }
    })
}

/// Puts pasted text where the cursor is.
pub fn paste_into(text: &NetworkText, pasted: &str) -> Message {
    let pasted = pasted.replace("\r\n", "\n").replace('\r', "\n");
    changed(text, |area| {
        area.insert_str(pasted);
    })
}

fn changed(text: &NetworkText, change: impl FnOnce(&mut TextArea)) -> Message {
    let mut area = area_of(text);
    change(&mut area);
    let cursor = area.cursor();
    Message::Builder(BuilderMessage::TextTyped {
        cursor: (cursor.0, cursor.1),
        lines: area.into_lines(),
    })
}

fn area_of(text: &NetworkText) -> TextArea<'static> {
    let mut area = TextArea::new(text.lines.clone());
    area.set_tab_length(2);
    let place = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
    area.move_cursor(CursorMove::Jump(place(text.cursor.0), place(text.cursor.1)));
    area
}

pub fn draw(text: &NetworkText, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let title = format!("{}{} as text", mark(text.is_changed()), lab.title());
    let size = (area.width.min(100), area.height);
    let inner = dialog(&title, size, area, buffer, theme);
    let [top, _, below] = Layout::vertical([
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(VERDICT_ROWS),
    ])
    .areas(inner);

    let mut editor = area_of(text);
    editor.set_style(theme.text);
    editor.set_line_number_style(theme.dim);
    editor.set_cursor_line_style(Style::new());
    editor.set_cursor_style(theme.text.add_modifier(Modifier::REVERSED));
    editor.render(top, buffer);

    let (line, verdict, style) = match &text.reading {
        Err(fault) => (fault.line, fault.reason.clone(), theme.error),
        Ok(reading) => match &reading.summary.problem {
            Some(problem) => (reading.misfit_line, problem.clone(), theme.warning),
            None => {
                let summary = &reading.summary;
                let verdict = format!(
                    "It fits: {} layers, {} parameters, {} mult-adds an image, {} for a batch of {}",
                    summary.layers.len(),
                    count(summary.parameters),
                    short(summary.multiply_accumulates),
                    bytes(lab.step_memory(summary)),
                    lab.preset.training.batch_size,
                );
                (None, verdict, theme.good)
            }
        },
    };
    if let Some(line) = line {
        // Text that begins with the first visible line: the area scrolls no further than its cursor needs.
        let first = (text.cursor.0 + 1).saturating_sub(usize::from(top.height));
        if (first..first + usize::from(top.height)).contains(&line) {
            let y = top.y + (line - first) as u16;
            buffer.set_style(Rect::new(top.x, y, top.width, 1), style);
            let mark = Line::styled("▸", style);
            buffer.set_line(top.x, y, &mark, 1);
        }
    }
    paragraph(&verdict, style, below, buffer);
}
