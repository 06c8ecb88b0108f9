//! How the form of a sweep looks.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::{Line, Span};

use super::{Planned, Row, Vary};
use crate::lab::Lab;
use crate::ui::format::{count, seconds};
use crate::ui::panel::{dialog, lines, sentences, tail, typed, window};
use crate::ui::theme::Theme;
use crate::wording::counted;

/// Columns of the names.
const NAMES: usize = 11;
const WIDTH: u16 = 76;
/// Rows for the meaning of a row, the number of trials, and what is to be known.
const ABOUT: u16 = 10;

pub(super) fn draw(form: &Vary, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let rows = form.rows();
    let height = (rows.len() as u16 + ABOUT + 3).min(area.height);
    let title = format!("Sweep of {} on {}", form.base.preset.name, form.base.data);
    let inner = dialog(&title, (WIDTH, height), area, buffer, theme);
    let [list, _, about] = Layout::vertical([Fill(1), Length(1), Length(ABOUT)]).areas(inner);
    let shown = window(form.cursor, rows.len(), usize::from(list.height));
    for (at, place) in shown.clone().zip(list.rows()) {
        lab.spots.place(place, move |form: &mut Vary, _, _| {
            form.complete();
            form.cursor = at.min(form.rows().len() - 1);
        });
    }
    let drawn = shown.map(|at| line(form, rows[at], at == form.cursor, list.width.into(), theme));
    lines(drawn, list, buffer);
    lines(text(form, lab, about.width.into(), theme), about, buffer);
}

fn line(form: &Vary, row: Row, is_here: bool, width: usize, theme: &Theme) -> Line<'static> {
    let name = match row {
        Row::Setting(0) => "vary",
        Row::Setting(_) => "and",
        Row::Values(_) => "  values",
        Row::Seeds => "seeds",
        Row::Sampler => "sampler",
    };
    let input = form.input(row);
    let room = width.saturating_sub(NAMES + 4);
    let style = if is_here { theme.accent } else { theme.text };
    let mut spans = vec![
        Span::styled(if is_here { "▸ " } else { "  " }, theme.accent),
        Span::styled(
            format!("{name:<NAMES$}"),
            if is_here { theme.text } else { theme.dim },
        ),
    ];
    let empty = match row {
        Row::Setting(_) => "another setting: ← → or a part of its name",
        Row::Values(_) => "values with commas, or {range: [from, to], steps: 3}",
        Row::Seeds => "the preset's own",
        Row::Sampler => "grid, or random and a number",
    };
    match is_here {
        true => spans.extend(typed(input, room, style)),
        false => spans.push(Span::styled(tail(input.text(), room), style)),
    }
    if input.text().is_empty() {
        spans.push(Span::styled(format!(" {empty}"), theme.dim));
    }
    Line::from(spans)
}

fn text(form: &Vary, lab: &Lab, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let about = match form.row() {
        Row::Setting(number) | Row::Values(number) => {
            let path = form.factors[number][0].text();
            let known = form.known(path);
            known.map_or_else(
                || "A setting of the training or of a layer, by its path.".to_owned(),
                |known| {
                    let field = known.field;
                    format!("{}: {}; now {}.", field.help, field.kind, known.value)
                },
            )
        }
        Row::Seeds => {
            "The seeds that every combination is trained with, such as 1..3 or 1, 5, 7: only \
                       several seeds show what is chance."
                .to_owned()
        }
        Row::Sampler => {
            "grid: every combination; random 20: so many different ones, drawn at random."
                .to_owned()
        }
    };
    let (plan, style) = match form.planned() {
        _ if form.start.is_waiting() => ("Starting …".to_owned(), theme.accent),
        Some(Err(problem)) => (problem, theme.error),
        Some(Ok(planned)) => (plan(form, planned, lab), theme.text),
        None => ("Counting the trials …".to_owned(), theme.dim),
    };
    let failed = form.start.failure();
    let failed = failed.map(|why| (format!("It did not start: {why}."), theme.error));
    let shared = lab.is_training().then(|| {
        let text = match form.is_warned {
            false => "A run is training here: both would share the processors.",
            true => "A run is training here: both share the processors. Enter again starts it.",
        };
        (text.to_owned(), theme.warning)
    });
    let apart = "A process of its own trains the trials, from initial weights: closing the lab does not end it.";
    let told = [(about, theme.dim), (plan, style)]
        .into_iter()
        .chain(failed);
    let told = told.chain(shared).chain([(apart.to_owned(), theme.dim)]);
    sentences(told, width)
}

/// How many trials, and how long they take.
fn plan(form: &Vary, planned: Planned, lab: &Lab) -> String {
    let trials = counted(planned.trials, "trial");
    let epochs = counted(planned.epochs, "epoch");
    let skipped = match planned.skipped {
        0 => String::new(),
        skipped => format!("; {} cannot be trained", count(skipped)),
    };
    // That of a run in the table is not measured.
    let epoch = lab.epoch_seconds.filter(|_| form.base.corrected.is_some());
    let time = epoch.map_or_else(String::new, |epoch| {
        format!(
            ", about {} one after the other",
            seconds(epoch * planned.like_base)
        )
    });
    format!("{trials}, {epochs} in all{time}{skipped}.")
}
