//! The table of trials, and the curves of the one under the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::{Line, Span};

use super::super::{Order, SweepPage, SweepView, TrialView};
use crate::lab::Lab;
use crate::panes::train::draw::draw_run_summary;
use crate::sweep::Stand;
use crate::ui::format::{left, right, width_of};
use crate::ui::panel::{empty, list};
use crate::ui::theme::Theme;
use crate::wording::decimals;

/// Between two columns.
const GAP: usize = 2;
/// The widest column of a setting.
const WIDEST: usize = 24;
/// Rows from which the curves of a trial have room below the table.
const LEAST_CURVES: u16 = 10;

pub(super) fn draw(
    page: &SweepPage,
    sweep: &SweepView,
    lab: &Lab,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let trials = page.sorted(sweep);
    let Some(chosen) = page.chosen(sweep) else {
        return empty("No trials", "", area, buffer, theme);
    };
    let table = (trials.len() as u16).saturating_add(2);
    let (table, curves) = match area.height >= 2 * LEAST_CURVES {
        true => {
            let rows = table.clamp(5, (area.height - LEAST_CURVES).max(area.height / 2));
            let [table, curves] = Layout::vertical([Length(rows), Fill(1)])
                .spacing(1)
                .areas(area);
            (table, Some(curves))
        }
        false => (area, None),
    };
    draw_table(page, sweep, &trials, lab, table, buffer, theme);
    let run = chosen.state.run.as_ref();
    let run = run.and_then(|run| page.histories.get(run));
    if let (Some(curves), Some(run)) = (curves, run) {
        let title = title(sweep, chosen);
        draw_run_summary(run, &title, curves, buffer, theme);
    }
}

/// What a trial is, and why it failed if it did.
fn title(sweep: &SweepView, trial: &TrialView) -> String {
    let words = format!("trial {}: {}", trial.trial.number, trial.trial.in_words());
    match &trial.state.stand {
        Stand::Failed { reason } => format!("{words} · failed: {reason}"),
        _ => format!("{words} · {}", sweep.images),
    }
}

/// A column: its heading, and a text for each trial.
struct Column {
    name: String,
    is_number: bool,
    texts: Vec<String>,
}

fn draw_table(
    page: &SweepPage,
    sweep: &SweepView,
    trials: &[&TrialView],
    lab: &Lab,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let mut columns = columns(sweep, trials);
    let width = |column: &Column| {
        let texts = column.texts.iter().chain([&column.name]);
        texts
            .map(|text| width_of(text))
            .max()
            .unwrap_or(0)
            .min(WIDEST)
    };
    let widths: Vec<usize> = columns.iter().map(width).collect();
    let ends = widths.iter().scan(0, |end, width| {
        *end += width + GAP;
        Some(*end - GAP)
    });
    let fitting = ends.take_while(|end| *end <= area.width.into()).count();
    columns.truncate(fitting.max(1));
    let cell = |column: &Column, text: &str, width: usize| {
        let text = match column.is_number {
            true => right(text, width),
            false => left(text, width),
        };
        format!("{text}{:GAP$}", "")
    };
    let [head, body, note] = Layout::vertical([Length(1), Fill(1), Length(1)]).areas(area);
    let sorted = match page.order {
        Order::Best => sweep.by.words().to_owned(),
        Order::Number => "number".to_owned(),
        Order::Setting(index) => sweep.varied.names().get(index).cloned().unwrap_or_default(),
    };
    let heading: String = columns
        .iter()
        .zip(&widths)
        .map(|(column, width)| cell(column, &column.name, *width))
        .collect();
    buffer.set_stringn(head.x, head.y, heading, head.width.into(), theme.dim);
    let chosen = page.chosen(sweep).map(|trial| trial.trial.number);
    let at = trials
        .iter()
        .position(|trial| Some(trial.trial.number) == chosen);
    let row = |at: usize| {
        let style = match &trials[at].state.stand {
            Stand::Failed { .. } => theme.error,
            Stand::Waiting => theme.dim,
            Stand::Training => theme.accent,
            Stand::Stopped => theme.warning,
            Stand::Finished => theme.text,
        };
        let texts = columns.iter().zip(&widths);
        let text: String = texts
            .map(|(column, width)| cell(column, &column.texts[at], *width))
            .collect();
        Line::from(Span::styled(text, style))
    };
    let shown = list(
        trials.len(),
        (at.unwrap_or(0), true),
        row,
        body,
        buffer,
        theme,
    );
    let numbers: Vec<usize> = trials.iter().map(|trial| trial.trial.number).collect();
    let places = shown.zip(body.rows());
    lab.spots
        .cursor(places, move |page: &mut SweepPage, _, row| {
            page.trial = numbers[row];
        });
    let note_text = match sweep
        .trial(chosen.unwrap_or(0))
        .map(|trial| &trial.state.stand)
    {
        Some(Stand::Failed { reason }) => Line::styled(reason.clone(), theme.error),
        _ => Line::styled(format!("sorted by {sorted}"), theme.dim),
    };
    crate::ui::panel::lines([note_text], note, buffer);
}

fn columns(sweep: &SweepView, trials: &[&TrialView]) -> Vec<Column> {
    let column = |name: &str, is_number: bool, text: &dyn Fn(&TrialView) -> String| Column {
        name: name.to_owned(),
        is_number,
        texts: trials.iter().map(|trial| text(trial)).collect(),
    };
    let best = |text: fn(crate::training::Best) -> String| {
        move |trial: &TrialView| trial.state.best.map_or_else(String::new, text)
    };
    let figures = [
        column(
            "accuracy",
            true,
            &best(|best| decimals(best.val_accuracy, 4)),
        ),
        column(
            "at",
            true,
            &best(|best| best.val_accuracy_epoch.to_string()),
        ),
        column("loss", true, &best(|best| decimals(best.val_loss, 4))),
        column("at", true, &best(|best| best.val_loss_epoch.to_string())),
    ];
    let mut figures = Vec::from(figures);
    if !sweep.by.is_higher_better() {
        figures.rotate_left(2);
    }
    let other = figures.split_off(2);
    // The most important first: the last ones give way.
    let mut columns = vec![column("trial", true, &|trial| {
        trial.trial.number.to_string()
    })];
    columns.extend(figures);
    for (path, name) in sweep.varied.paths().iter().zip(sweep.varied.names()) {
        columns.push(column(name, true, &|trial| {
            trial.trial.setting(path).unwrap_or("–").to_owned()
        }));
    }
    if sweep.varied.has_seeds {
        columns.push(column("seed", true, &|trial| trial.trial.seed.to_string()));
    }
    columns.push(column("state", false, &|trial| trial.stands.to_owned()));
    columns.push(column("epochs", true, &|trial| {
        format!("{}/{}", trial.state.epochs, trial.trial.epochs)
    }));
    columns.extend(other);
    columns
}
