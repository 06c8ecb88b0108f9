//! The state of the run in one line, for the tab bar and the Train pane.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::lab::{Lab, Phase, Run};
use crate::ui::format::bar;
use crate::ui::theme::Theme;
use crate::worker::{Outcome, Reading};

/// Cells of the progress bar.
const BAR: usize = 6;

/// The longest state line that fits into `width` columns; `None` if none does.
pub fn line(lab: &Lab, width: usize, theme: &Theme) -> Option<Line<'static>> {
    let candidates = match &lab.run {
        _ if lab.reading.is_some() => lab
            .reading
            .iter()
            .flat_map(|it| reading(it, theme))
            .collect(),
        _ if lab.is_starting() => vec![Line::styled("starting …", theme.accent)],
        None => vec![
            Line::styled("not trained yet", theme.dim),
            Line::styled("no run", theme.dim),
        ],
        Some(run) if run.is_active() || run.trained_by.is_some() => active(run, theme),
        Some(run) => ended(run, lab, theme),
    };
    candidates.into_iter().find(|line| line.width() <= width)
}

fn reading(reading: &Reading, theme: &Theme) -> [Line<'static>; 2] {
    let percent = format!("{:.0} %", 100.0 * reading.share);
    [
        format!("reading {} {percent}", reading.name),
        format!("reading {percent}"),
    ]
    .map(|text| Line::styled(text, theme.accent))
}

/// A mark and a word for the phase of the run.
pub(super) fn phase(run: &Run, theme: &Theme) -> (&'static str, String, Style) {
    if let Some(by) = &run.trained_by {
        return ("▶", format!("training, {by}"), theme.accent);
    }
    let (mark, word, style) = match &run.phase {
        Phase::Training => ("▶", "training", theme.good),
        Phase::Pausing => ("‖", "pausing", theme.warning),
        Phase::Paused => ("‖", "paused", theme.warning),
        Phase::Stopping => ("■", "stopping", theme.warning),
        Phase::Ended(Outcome::Completed | Outcome::StoppedEarly { .. }) => {
            ("✓", "finished", theme.good)
        }
        Phase::Ended(Outcome::Stopped { .. }) => ("■", "stopped", theme.warning),
        Phase::Ended(Outcome::Failed { .. }) => ("✗", "failed", theme.error),
    };
    (mark, word.to_owned(), style)
}

fn active(run: &Run, theme: &Theme) -> Vec<Line<'static>> {
    let (mark, word, style) = phase(run, theme);
    let epoch = format!("{}/{}", run.epoch(), run.facts.epochs);
    let bar = format!("▕{:<BAR$}▏", bar(run.share(), BAR));
    let percent = format!("{:3.0} %", run.share() * 100.0);
    let mark = || Span::styled(mark, style);
    let text = |text: String| Span::styled(text, theme.text);
    let bar = || Span::styled(bar.clone(), theme.train);
    let word = || Span::styled(format!(" {word} "), style);
    let mut lines = vec![
        Line::from(vec![
            mark(),
            word(),
            text(format!("{} epoch {epoch} ", run.facts.name)),
            bar(),
            text(percent.clone()),
        ]),
        Line::from(vec![mark(), text(format!(" epoch {epoch} ")), bar()]),
        Line::from(vec![mark(), text(format!(" {epoch} ")), bar()]),
        Line::from(vec![mark(), text(format!(" {epoch}{percent}"))]),
    ];
    if run.trained_by.is_some() {
        // Which process trains it matters more than its progress.
        lines.insert(1, Line::from(vec![mark(), word(), text(epoch)]));
    }
    lines
}

fn ended(run: &Run, lab: &Lab, theme: &Theme) -> Vec<Line<'static>> {
    let (mark, word, style) = phase(run, theme);
    let best = run
        .best()
        .map(|best| format!("best {:.4}", best.val_accuracy));
    let line = |text: String| Line::from(vec![Span::styled(mark, style), Span::raw(text)]);
    let set = &run.measured_on.dataset;
    let is_of_another = lab.chosen_set().is_some_and(|chosen| chosen.name != *set);
    match best {
        // The figure would be read as that of the set on the screen.
        Some(best) if is_of_another => vec![
            line(format!(" {} {word}, {best} on {set}", run.facts.name)),
            line(format!(" {best} on {set}")),
            line(format!(" {word}")),
        ],
        Some(best) => vec![
            line(format!(" {} {word}, {best}", run.facts.name)),
            line(format!(" {best}")),
        ],
        None => vec![
            line(format!(" {} {word}", run.facts.name)),
            line(format!(" {word}")),
        ],
    }
}
