//! Drawing the table.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length, Percentage};
use ratatui::layout::{Layout, Rect};
use ratatui::text::{Line, Span};

use super::rows::{Row, remark, tags};
use super::{RunTable, beside};
use crate::lab::Lab;
use crate::runs::{RunDigest, RunState};
use crate::ui::format::{count, left, right, seconds, short};
use crate::ui::panel::{dialog, draw_input, empty, list, paragraph, wrapped};
use crate::ui::theme::Theme;
use crate::wording::counted;

/// From so many columns on the marked runs are beside the table, not below it.
const BESIDE_FROM: u16 = 150;
/// Between two columns.
const GAP: usize = 2;
/// Columns of the mark.
const MARK: usize = 2;

pub(super) fn draw(table: &RunTable, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let title = headline(table);
    let inner = dialog(&title, (area.width, area.height), area, buffer, theme);
    if table.side.is_large {
        return beside::draw_large(table, inner, buffer, theme);
    }
    let inner = draw_query(table, inner, buffer, theme);
    if table.chosen.rows.is_empty() {
        let (headline, advice) = nothing(table, lab);
        return empty(headline, &advice, inner, buffer, theme);
    }
    let [rows, side] = match inner.width >= BESIDE_FROM {
        true => Layout::horizontal([Fill(1), Percentage(42)]).spacing(3),
        false => {
            let half = usize::from(inner.height / 2);
            let rows = table.runs.len().clamp(5, half.max(5)) + 1;
            Layout::vertical([Length(rows as u16), Fill(1)]).spacing(1)
        }
    }
    .areas(inner);
    draw_rows(table, lab, rows, buffer, theme);
    beside::draw_small(table, side, buffer, theme);
}

/// How many runs are shown, and how they are sorted.
fn headline(table: &RunTable) -> String {
    let chosen = &table.chosen;
    let name = match table.shows_deleted {
        true => "Deleted runs",
        false => "Runs",
    };
    if table.list.answer().is_none() {
        return name.to_owned();
    }
    let mut parts = vec![
        name.to_owned(),
        format!("{} of {}", count(chosen.runs), count(table.runs.len())),
        match chosen.is_sorted {
            true => "sorted by the query".to_owned(),
            false => table.filter.order.words().to_owned(),
        },
    ];
    if chosen.archived > 0 {
        parts.push(format!("{} archived", count(chosen.archived)));
    }
    if !table.marks.is_empty() {
        parts.push(format!("{} marked", count(table.marks.len())));
    }
    if table.side.is_large {
        let side = &table.side;
        parts.truncate(1);
        parts.push("side by side".to_owned());
        if side.curves.smoothing() > 0.0 {
            parts.push(format!("smooth {}", side.curves.smoothing()));
        }
    }
    parts.join(" · ")
}

/// Draws the query and what is wrong with it; returns the area below.
fn draw_query(table: &RunTable, area: Rect, buffer: &mut Buffer, theme: &Theme) -> Rect {
    if !table.is_typing && table.input.text().is_empty() {
        return area;
    }
    let problem = table.problem.clone().unwrap_or_default();
    let lines = wrapped(&problem, area.width.into(), theme.warning).count() as u16;
    // All of it: the sentence on an unknown key ends with the known ones.
    let rows = [Length(1), Length(lines), Length(1), Fill(1)];
    let [input, told, _, rest] = Layout::vertical(rows).areas(area);
    match table.is_typing {
        true => {
            let hint = "words, or accuracy>0.9 optimizer:adam tag:final -state:damaged sort:loss";
            draw_input(&table.input, hint, input, buffer, theme);
        }
        false => {
            let line = Line::from(vec![
                Span::styled("/ ", theme.key),
                Span::styled(table.input.text(), theme.text),
            ]);
            buffer.set_line(input.x, input.y, &line, input.width);
        }
    }
    paragraph(&problem, theme.warning, told, buffer);
    rest
}

/// Why the table is empty, and what to do.
fn nothing(table: &RunTable, lab: &Lab) -> (&'static str, String) {
    if let Some(why) = table.list.failure() {
        return ("Reading failed", why.to_owned());
    }
    if table.list.answer().is_none() || table.list.is_waiting() {
        return ("Reading the runs …", String::new());
    }
    match (table.runs.is_empty(), table.shows_deleted) {
        (true, true) => (
            "No deleted runs",
            "Press D to go back to the runs.".to_owned(),
        ),
        (true, false) => {
            let folder = lab.runs_folder.as_deref().unwrap_or(&table.folder);
            (
                "No runs yet",
                format!("Every run is saved in {}.", folder.display()),
            )
        }
        _ if table.problem.is_some() => (
            "Not a valid query",
            "Correct it, or clear it with Esc.".to_owned(),
        ),
        (false, _) if table.filter.query.is_empty() => (
            "All runs are archived",
            "Press A to show archived runs.".to_owned(),
        ),
        (false, _) => (
            "Nothing matches",
            match table.is_typing {
                true => "Esc clears the query.".to_owned(),
                false => "Press / to change the query, then Esc to clear it.".to_owned(),
            },
        ),
    }
}

fn draw_rows(table: &RunTable, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let columns = columns(table, usize::from(area.width));
    let [head, body] = Layout::vertical([Length(1), Fill(1)]).areas(area);
    let mut names = " ".repeat(MARK);
    for (column, width) in &columns {
        names += &padded(column, column.name, *width);
    }
    buffer.set_stringn(head.x, head.y, names, head.width.into(), theme.dim);
    let row = |at: usize| line(table, &table.chosen.rows[at], &columns, theme);
    let count = table.chosen.rows.len();
    let shown = list(count, (table.cursor, true), row, body, buffer, theme);
    let places = shown.zip(body.rows());
    lab.spots
        .cursor(places, |table: &mut RunTable, _, row| table.cursor = row);
}

fn line(table: &RunTable, row: &Row, columns: &[(&Column, usize)], theme: &Theme) -> Line<'static> {
    let Some(run) = row.first(&table.runs) else {
        return Line::default();
    };
    let mark = match table.mark(row) {
        Some(number) => Span::styled("● ", theme.series(number)),
        None => Span::raw(" ".repeat(MARK)),
    };
    let style = match (run.state(), run.notes.archived) {
        (RunState::Damaged, _) | (_, true) => theme.dim,
        _ => theme.text,
    };
    let mut spans = vec![mark];
    for (column, width) in columns {
        let text = padded(column, &(column.text)(row, run), *width);
        spans.push(Span::styled(text, style));
    }
    Line::from(spans)
}

/// A column of the table.
struct Column {
    name: &'static str,
    is_number: bool,
    text: fn(&Row, &RunDigest) -> String,
}

/// The text as the column shows it, and the gap after it.
fn padded(column: &Column, text: &str, width: usize) -> String {
    let text = match column.is_number {
        true => right(text, width),
        false => left(text, width),
    };
    format!("{text}{:GAP$}", "")
}

const RUN: Column = Column {
    name: "run",
    is_number: false,
    text: |row, run| match row {
        Row::Run(_) => run.title(),
        Row::Group(group) => format!("{} × {}", run.name, counted(group.seeds, "seed")),
    },
};

const DATA: Column = Column {
    name: "data",
    is_number: false,
    text: |_, run| run.data.clone(),
};

const EPOCHS: Column = Column {
    name: "epochs",
    is_number: true,
    text: |_, run| format!("{}/{}", run.epochs, run.planned_epochs),
};

const ACCURACY: Column = Column {
    name: "accuracy",
    is_number: false,
    text: |row, run| match (row, run.best) {
        (Row::Group(group), _) => group.accuracy.map_or_else(String::new, |mean| {
            let deviation = mean.deviation.unwrap_or(0.0);
            format!("{:.4}±{deviation:.4}", mean.mean)
        }),
        (Row::Run(_), Some(best)) => {
            format!("{:.4} at {}", best.val_accuracy, best.val_accuracy_epoch)
        }
        (Row::Run(_), None) => String::new(),
    },
};

const LOSS: Column = Column {
    name: "loss",
    is_number: true,
    text: |row, run| match (row, run.best) {
        (Row::Run(_), Some(best)) => format!("{:.4}", best.val_loss),
        _ => String::new(),
    },
};

const TEST: Column = Column {
    name: "test",
    is_number: true,
    text: |row, run| match (row, run.test) {
        (Row::Run(_), Some(test)) => format!("{:.4}", test.accuracy),
        _ => String::new(),
    },
};

const TIME: Column = Column {
    name: "time",
    is_number: true,
    text: |row, run| match row {
        Row::Run(_) => seconds(run.seconds),
        Row::Group(_) => String::new(),
    },
};

const PARAMETERS: Column = Column {
    name: "params",
    is_number: true,
    text: |_, run| {
        let parameters = run.parameters;
        parameters.map_or_else(String::new, |number| short(number as u64))
    },
};

const TAGS: Column = Column {
    name: "tags",
    is_number: false,
    text: |row, run| match row {
        Row::Run(_) => tags(run),
        Row::Group(_) => String::new(),
    },
};

const NOTE: Column = Column {
    name: "note",
    is_number: false,
    text: |row, run| match row {
        Row::Run(_) => remark(run),
        Row::Group(_) => String::new(),
    },
};

/// The columns that have room, with their widths.
fn columns(table: &RunTable, room: usize) -> Vec<(&'static Column, usize)> {
    let widths = table.chosen.widths;
    // The most important first: the fewest columns, those that are enough, and the place in the table. No figure goes without its set: the
    // first four have their fewest columns before any of them has more.
    const FIRST: usize = 4;
    let wanted: [(&'static Column, usize, usize, usize); 10] = [
        (&RUN, widths.run.clamp(12, 29), widths.run.clamp(12, 40), 0),
        (&ACCURACY, 13, 13, 3),
        (&DATA, 10.min(widths.data), widths.data.min(28), 1),
        (&EPOCHS, 6, 7, 2),
        (&NOTE, 12.min(widths.note), widths.note.min(24), 9),
        (&LOSS, 6, 6, 4),
        (&TEST, widths.test, widths.test, 5),
        (&PARAMETERS, 6, 6, 7),
        (&TIME, 8, 8, 6),
        (&TAGS, 6.min(widths.tags), widths.tags.min(24), 8),
    ];
    let first = wanted[..FIRST].iter().map(|(_, least, ..)| least + GAP);
    let mut kept: usize = first.sum();
    let mut left = room.saturating_sub(MARK);
    let mut columns = Vec::new();
    for (number, (column, least, enough, place)) in wanted.into_iter().enumerate() {
        if number < FIRST {
            kept -= least + GAP;
        }
        if least == 0 || left < least {
            continue;
        }
        let width = enough.min(left.saturating_sub(kept)).max(least);
        left = left.saturating_sub(width + GAP);
        columns.push((place, column, width));
    }
    columns.sort_by_key(|(place, ..)| *place);
    if let Some((9, _, width)) = columns.last_mut() {
        *width += left;
    }
    let columns = columns.into_iter();
    columns.map(|(_, column, width)| (column, width)).collect()
}
