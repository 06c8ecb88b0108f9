//! The curves of the best combinations: the mean of each one's seeds, of the chosen one with the smallest and the largest value.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::{Line, Span};

use super::super::{CURVES, SweepPage, SweepView, TrialView};
use crate::lab::Part;
use crate::panes::train::draw::{Axes, Compared, Curves};
use crate::panes::train::runs::stroke;
use crate::runs::RunSummary;
use crate::ui::format::fit;
use crate::ui::panel::{empty, lines};
use crate::ui::theme::Theme;
use crate::wording::counted;

/// From so many columns on there is room for two charts beside each other.
const TWO_CHARTS_FROM: u16 = 76;

pub(super) fn draw(
    page: &SweepPage,
    sweep: &SweepView,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let groups = page.drawn(sweep);
    if groups.is_empty() {
        let advice = "They are drawn from the first epoch of a trial on.";
        return empty("No curves yet", advice, area, buffer, theme);
    }
    let chosen = page.chosen(sweep).map(|trial| trial.trial.combination);
    let is_chosen = |group: &[&TrialView]| Some(group[0].trial.combination) == chosen;
    let compared: Vec<Compared<'_>> = groups
        .iter()
        .enumerate()
        .map(|(number, group)| Compared {
            runs: histories(page, group),
            style: match is_chosen(group) {
                true => theme.series(number).patch(theme.title),
                false => theme.series(number),
            },
            stroke: stroke(number, theme),
            has_band: is_chosen(group),
        })
        .collect();
    let legend = groups.len() as u16 + 1;
    let [charts, text] = Layout::vertical([Fill(1), Length(legend.min(area.height / 2))])
        .spacing(1)
        .areas(area);
    let axes = Axes {
        view: &page.curves,
        by_time: page.by_time,
        of_training: false,
    };
    let curves = [Part::Accuracy, Part::Loss].map(|part| Curves::new(part, &compared, axes));
    let areas: Vec<Rect> = match charts.width >= TWO_CHARTS_FROM {
        true => Layout::horizontal([Fill(1), Fill(1)])
            .spacing(2)
            .split(charts)
            .to_vec(),
        false => vec![charts],
    };
    for (curves, area) in curves.iter().zip(areas) {
        curves.draw(area, buffer, theme);
    }
    let all = sweep.combinations().len();
    let which = match all > CURVES {
        true => format!("the best {CURVES} of {}", counted(all, "combination")),
        false => counted(all, "combination"),
    };
    let head =
        format!("   accur.  loss    {which}, the mean of each one's seeds; dotted: its range");
    let mut rows = vec![Line::styled(fit(&head, text.width.into()), theme.dim)];
    for (number, group) in groups.iter().enumerate() {
        let value = |part: usize| {
            let value = curves[part].value(number);
            value.map_or_else(|| " ".repeat(6), |value| format!("{value:.4}"))
        };
        let style = if is_chosen(group) {
            theme.selected
        } else {
            theme.text
        };
        rows.push(Line::from(vec![
            Span::styled(
                format!("{} ", stroke(number, theme).sample()),
                theme.series(number),
            ),
            Span::styled(format!("{}  {}  ", value(0), value(1)), theme.text),
            Span::styled(name(sweep, group), style),
        ]));
    }
    lines(rows, text, buffer);
}

fn histories<'a>(page: &'a SweepPage, group: &[&TrialView]) -> Vec<&'a RunSummary> {
    let runs = group.iter().filter_map(|trial| trial.state.run.as_ref());
    runs.filter_map(|run| page.histories.get(run).map(AsRef::as_ref))
        .collect()
}

/// What a combination is: `learning_rate 0.1, filters 16 (3 seeds)`.
fn name(sweep: &SweepView, group: &[&TrialView]) -> String {
    let trial = &group[0].trial;
    let settings = sweep.varied.names().iter().zip(sweep.varied.values(trial));
    let words: Vec<String> = settings
        .filter_map(|(name, value)| Some(format!("{name} {}", value?)))
        .collect();
    let seeds = match group {
        [_] => format!("seed {}", trial.seed),
        several => counted(several.len(), "seed"),
    };
    match words.is_empty() {
        true => seeds,
        false => format!("{} ({seeds})", words.join(", ")),
    }
}
