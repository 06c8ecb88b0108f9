//! Frames and lines that all panes share.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::Length;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Padding, Widget};

use super::LineInput;
use super::format::{beginning, fit, width_of, wrap};
use super::theme::Theme;

/// Draws the frame of a part of a pane; returns the area inside, with an empty column at either side.
pub fn panel(title: &str, focused: bool, area: Rect, buffer: &mut Buffer, theme: &Theme) -> Rect {
    let room = usize::from(area.width.saturating_sub(6));
    let (border, title_style) = if focused {
        (theme.focused_border, theme.accent)
    } else {
        (theme.border, theme.title)
    };
    let block = frame()
        .border_type(BorderType::Rounded)
        .border_style(border)
        .title(Span::styled(format!(" {} ", fit(title, room)), title_style));
    let inner = block.inner(area);
    block.render(area, buffer);
    inner
}

pub fn inside(area: Rect) -> Rect {
    frame().inner(area)
}

fn frame<'a>() -> Block<'a> {
    Block::bordered().padding(Padding::horizontal(1))
}

/// Draws a note on the lower right of a panel's frame.
pub fn footnote(text: &str, area: Rect, buffer: &mut Buffer, style: Style) {
    let room = usize::from(area.width.saturating_sub(6));
    if text.is_empty() || room < 8 || area.height < 2 {
        return;
    }
    let text = format!(" {} ", fit(text, room));
    hint(&Line::styled(text, style), area, buffer);
}

/// Draws a line on the lower right of a panel's frame, truncated to the room.
pub fn hint(line: &Line<'_>, area: Rect, buffer: &mut Buffer) {
    let width = (line.width() as u16).min(area.width.saturating_sub(4));
    if area.height < 2 || width == 0 {
        return;
    }
    let x = area.right() - width - 2;
    buffer.set_line(x, area.bottom() - 1, &cut(line.clone(), width), width);
}

/// Draws a centred box over the panes; returns the area inside.
pub fn dialog(
    title: &str,
    (width, height): (u16, u16),
    screen: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) -> Rect {
    let size = (
        Length(width.min(screen.width)),
        Length(height.min(screen.height)),
    );
    let area = screen.centered(size.0, size.1);
    Clear.render(area, buffer);
    panel(title, true, area, buffer, theme)
}

/// A line in at most `width` columns, truncated with `…` if its text is longer.
fn cut(line: Line<'_>, width: u16) -> Line<'_> {
    let width = usize::from(width);
    let text: String = line.spans.iter().map(|span| &*span.content).collect();
    if line.width() <= width || width_of(text.trim_end()) <= width {
        return line;
    }
    let mut room = width.saturating_sub(1);
    let mut spans = Vec::with_capacity(line.spans.len() + 1);
    for span in line.spans {
        let columns = span.width();
        if columns > room {
            let text = format!("{}…", beginning(&span.content, room));
            spans.push(Span::styled(text, span.style));
            break;
        }
        room -= columns;
        spans.push(span);
    }
    Line { spans, ..line }
}

/// Draws lines of text from the top of an area, as many as fit, long ones truncated with `…`; returns their number.
pub fn lines<'a>(
    lines: impl IntoIterator<Item = Line<'a>>,
    area: Rect,
    buffer: &mut Buffer,
) -> u16 {
    let mut taken = 0;
    for line in lines {
        if taken >= area.height {
            break;
        }
        buffer.set_line(area.x, area.y + taken, &cut(line, area.width), area.width);
        taken += 1;
    }
    taken
}

/// The area below the first `rows` rows.
pub fn below(area: Rect, rows: u16) -> Rect {
    Rect {
        y: area.y + rows,
        height: area.height.saturating_sub(rows),
        ..area
    }
}

/// Text wrapped into lines of at most `width` columns, in one style.
pub fn wrapped(
    text: &str,
    width: usize,
    style: Style,
) -> impl Iterator<Item = Line<'static>> + use<> {
    let lines = wrap(text, width).into_iter();
    lines.map(move |line| Line::styled(line, style))
}

/// Wrapped texts below each other, each in its style.
pub fn sentences(
    text: impl IntoIterator<Item = (String, Style)>,
    width: usize,
) -> Vec<Line<'static>> {
    let text = text.into_iter();
    text.flat_map(|(text, style)| wrapped(&text, width, style))
        .collect()
}

/// A dim name of `columns` columns, followed by its value.
pub fn fact(name: &str, columns: usize, value: String, theme: &Theme) -> Line<'static> {
    Line::from(vec![
        Span::styled(format!("{name:<columns$}"), theme.dim),
        Span::styled(value, theme.text),
    ])
}

/// Draws wrapped text as [`lines`] does.
pub fn paragraph(text: &str, style: Style, area: Rect, buffer: &mut Buffer) -> u16 {
    lines(wrapped(text, area.width.into(), style), area, buffer)
}

/// Draws a message in the middle of an empty part: a plain headline, and dim advice below it.
pub fn empty(headline: &str, advice: &str, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let width = usize::from(area.width.min(56));
    let headline = wrapped(headline, width, theme.title);
    let advice = wrapped(advice, width, theme.dim);
    let text = headline.chain([Line::default()]).chain(advice);
    let text: Vec<Line> = text.map(Line::centered).collect();
    let height = (text.len() as u16).min(area.height);
    let top = area.y + (area.height - height) / 2;
    for (line, y) in text.iter().zip(top..top + height) {
        let row = Rect::new(area.x, y, area.width, 1);
        line.render(row, buffer);
    }
}

/// Draws a line of text with its cursor; a long one is shown around the cursor.
pub fn draw_input(input: &LineInput, hint: &str, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let mut spans = vec![Span::styled("› ", theme.accent)];
    spans.extend(typed(
        input,
        area.width.saturating_sub(3).into(),
        theme.text,
    ));
    if input.text().is_empty() {
        spans.push(Span::styled(format!(" {hint}"), theme.dim));
    }
    buffer.set_line(area.x, area.y, &Line::from(spans), area.width);
}

/// A text with its cursor, highlighted as a whole if the next letter replaces it; scrolled so that the cursor is visible.
pub fn typed(input: &LineInput, room: usize, style: Style) -> [Span<'static>; 3] {
    let (before, after) = input.halves();
    let mut after = after.chars();
    let at_cursor = after.next().unwrap_or(' ').to_string();
    let text_style = match input.is_proposed() {
        true => style.add_modifier(Modifier::REVERSED),
        false => style,
    };
    [
        Span::styled(tail(before, room), text_style),
        Span::styled(at_cursor, style.add_modifier(Modifier::REVERSED)),
        Span::styled(after.collect::<String>(), style),
    ]
}

/// The end of a text that fits `room` columns.
pub fn tail(text: &str, room: usize) -> String {
    let hidden = text.chars().count().saturating_sub(room);
    text.chars().skip(hidden).collect()
}

/// The range of entries of a list to show in `rows` rows so that `cursor` is visible.
pub fn window(cursor: usize, count: usize, rows: usize) -> std::ops::Range<usize> {
    let first = cursor
        .saturating_sub(rows / 2)
        .min(count.saturating_sub(rows));
    first..(first + rows).min(count)
}

/// Draws the rows of a list that have room, with the cursor's row highlighted if that is wanted; returns their range.
pub fn list<'a>(
    count: usize,
    (cursor, is_seen): (usize, bool),
    mut row: impl FnMut(usize) -> Line<'a>,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) -> std::ops::Range<usize> {
    let shown = window(cursor, count, usize::from(area.height));
    for (position, place) in shown.clone().zip(area.rows()) {
        buffer.set_line(
            place.x,
            place.y,
            &cut(row(position), place.width),
            place.width,
        );
        if is_seen && position == cursor {
            buffer.set_style(place, theme.selected);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_ends_in_an_ellipsis() {
        let line = || Line::from(vec![Span::raw("trained "), Span::raw("for 40 epochs  ")]);
        let text = |width| cut(line(), width).to_string();
        assert_eq!(text(21), line().to_string(), "only spaces are cut");
        assert_eq!(text(20), "trained for 40 epoc…");
        assert_eq!(text(9), "trained …");
        assert_eq!(text(5), "trai…");
        assert_eq!(text(0), "…");
    }

    #[test]
    fn the_cursor_is_always_in_the_window() {
        for count in 0..30 {
            for rows in 1..12 {
                for cursor in 0..count {
                    let window = window(cursor, count, rows);
                    assert!(window.contains(&cursor));
                    assert_eq!(window.len(), rows.min(count));
                }
            }
        }
    }
}
