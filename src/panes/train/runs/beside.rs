//! The marked runs side by side: their curves in one chart, and what differs between them.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::{Line, Span};

use super::RunTable;
use super::differing::{differing, draw_differences};
use super::marks::{Subject, stroke};
use super::rows::{Row, mean_accuracy, remark, tags};
use crate::lab::Part;
use crate::panes::train::draw::{Axes, Compared, Curves};
use crate::runs::{RunDigest, RunSummary};
use crate::statistics::{Interval, Mean};
use crate::ui::format::{count, fit, seconds};
use crate::ui::panel::{below, fact, lines, sentences};
use crate::ui::theme::Theme;
use crate::wording::counted;

/// From so many columns on there is room for two charts beside each other.
const TWO_CHARTS_FROM: u16 = 76;
/// From so many rows on the charts are above the text.
const TALL_FROM: u16 = 26;
/// From so many columns on the legend has losses and whole names.
const LOSS_FROM: u16 = 50;
/// From so many columns on the differences are beside the legend.
const WIDE_FROM: u16 = 100;
/// Letters of the date at the beginning of a folder's name.
const DATE: usize = 9;

/// A marked run, or the marked runs of a group.
pub(super) struct Beside<'a> {
    name: String,
    pub digest: &'a RunDigest,
    pub number: usize,
    pub is_group: bool,
    /// Of the best accuracies of a group.
    accuracy: Option<Mean>,
    runs: Vec<&'a RunSummary>,
}

impl RunTable {
    fn summary(&self, run: &RunDigest) -> Option<&RunSummary> {
        self.histories.get(&run.folder).map(AsRef::as_ref)
    }

    fn marked(&self) -> Vec<Beside<'_>> {
        let marks = self.marks.iter();
        marks
            .filter_map(|(subject, number)| {
                let runs = self.runs_of(subject);
                let digest = *runs.first()?;
                let is_group = matches!(subject, Subject::Group(_));
                Some(Beside {
                    name: match is_group {
                        true => format!("{}, mean of {}", digest.name, runs.len()),
                        false => digest.title(),
                    },
                    digest,
                    number: *number,
                    is_group,
                    accuracy: is_group
                        .then(|| mean_accuracy(runs.iter().copied()))
                        .flatten(),
                    runs: runs.iter().filter_map(|run| self.summary(run)).collect(),
                })
            })
            .collect()
    }

    /// What is shown if nothing is marked: the row under the cursor as if it were marked, where it is a group.
    fn beside(&self) -> Vec<Beside<'_>> {
        let row = self.row().filter(|_| self.marks.is_empty());
        let Some(Row::Group(group)) = row else {
            return self.marked();
        };
        let runs: Vec<&RunDigest> = group.members.iter().map(|at| &self.runs[*at]).collect();
        vec![Beside {
            name: format!("{}, mean of {}", runs[0].name, runs.len()),
            digest: runs[0],
            number: 0,
            is_group: true,
            accuracy: group.accuracy,
            runs: runs.iter().filter_map(|run| self.summary(run)).collect(),
        }]
    }

    fn axes(&self) -> Axes<'_> {
        Axes {
            view: &self.side.curves,
            by_time: self.side.by_time,
            of_training: self.side.of_training,
        }
    }

    /// The curves of a chart.
    fn curves(&self, part: Part, theme: &Theme) -> Curves<'_> {
        let beside = self.beside();
        let alone = self.run().filter(|_| beside.is_empty());
        if let Some(run) = alone.and_then(|run| self.summary(run)) {
            return Curves::alone(part, run, self.axes());
        }
        let compared: Vec<Compared<'_>> = beside
            .into_iter()
            .map(|one| Compared {
                runs: one.runs,
                style: theme.series(one.number),
                stroke: stroke(one.number, theme),
                has_band: true,
            })
            .collect();
        Curves::new(part, &compared, self.axes())
    }

    fn summaries(&self) -> impl Iterator<Item = &RunSummary> {
        let runs = self.targets().into_iter();
        runs.filter_map(|run| self.summary(run))
    }

    /// The most finished epochs of the shown runs.
    pub(super) fn epochs(&self) -> usize {
        let epochs = self.summaries().map(|run| run.history.len());
        epochs.max().unwrap_or(0)
    }

    /// The most planned epochs of the shown runs.
    pub(super) fn planned(&self) -> usize {
        let epochs = self.summaries();
        let epochs = epochs.map(|run| run.planned_epochs.max(run.history.len()));
        epochs.max().unwrap_or(1)
    }

    /// The number of differences.
    pub(super) fn difference_rows(&self) -> usize {
        differing(&self.beside()).len()
    }
}

/// Draws the part below or beside the table.
pub(super) fn draw_small(table: &RunTable, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let is_tall = area.height >= TALL_FROM;
    let (charts, text) = match is_tall {
        true => {
            let [charts, text] = Layout::vertical([Fill(1), Fill(1)]).spacing(1).areas(area);
            (charts, text)
        }
        false => {
            let [charts, text] = Layout::horizontal([Fill(3), Fill(2)])
                .spacing(2)
                .areas(area);
            (charts, text)
        }
    };
    draw_charts(table, is_tall, charts, buffer, theme);
    draw_text(table, 0, text, buffer, theme);
}

/// Draws the whole screen.
pub(super) fn draw_large(table: &RunTable, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let beside = table.beside();
    let means = beside.iter().filter_map(|one| one.accuracy.as_ref());
    let below: usize = means.map(|mean| mean_in_words(mean, true).len()).sum();
    let (entries, found) = (beside.len() + below, table.difference_rows());
    let rows = match area.width >= WIDE_FROM {
        true => 1 + entries.max(found),
        false => 3 + entries + found,
    };
    let text = (rows as u16).clamp(4.max(area.height / 4), area.height * 3 / 5);
    let [charts, text] = Layout::vertical([Fill(1), Length(text)])
        .spacing(1)
        .areas(area);
    draw_charts(table, false, charts, buffer, theme);
    draw_text(table, table.side.scroll, text, buffer, theme);
}

/// Draws accuracy and, if there is room, loss.
fn draw_charts(table: &RunTable, is_tall: bool, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let areas: Vec<Rect> = match (is_tall, area.width >= TWO_CHARTS_FROM) {
        (true, _) => Layout::vertical([Fill(1), Fill(1)])
            .spacing(1)
            .split(area)
            .to_vec(),
        (false, true) => Layout::horizontal([Fill(1), Fill(1)])
            .spacing(2)
            .split(area)
            .to_vec(),
        (false, false) => vec![area],
    };
    for (part, area) in [Part::Accuracy, Part::Loss].into_iter().zip(areas) {
        table.curves(part, theme).draw(area, buffer, theme);
    }
}

/// Draws the legend with the differences, or the facts of the only run.
fn draw_text(table: &RunTable, scroll: usize, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let beside = table.beside();
    if beside.is_empty() {
        if let Some(run) = table.run() {
            lines(facts(run, usize::from(area.width), theme), area, buffer);
        }
        return;
    }
    let is_wide = area.width >= WIDE_FROM;
    let legend = legend(table, &beside, area.width >= LOSS_FROM, theme);
    let found = differing(&beside);
    if is_wide {
        let widest = legend.iter().map(Line::width).max().unwrap_or(0) as u16;
        let parts = [Length(widest.min(area.width / 2)), Fill(1)];
        let [left, right] = Layout::horizontal(parts).spacing(4).areas(area);
        lines(legend, left, buffer);
        draw_differences(&beside, &found, scroll, right, buffer, theme);
        return;
    }
    let room = area.height.saturating_sub(3).max(1);
    let shown = legend.into_iter().take(room.into());
    let taken = lines(shown, area, buffer);
    draw_differences(
        &beside,
        &found,
        scroll,
        below(area, taken + 1),
        buffer,
        theme,
    );
}

/// Each run with its stroke, its values and its name.
fn legend(
    table: &RunTable,
    beside: &[Beside<'_>],
    has_room: bool,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let charts = [Part::Accuracy, Part::Loss].map(|part| table.curves(part, theme));
    let name = |one: &Beside<'_>| match (has_room, one.is_group) {
        (false, false) => without_date(&one.name).to_owned(),
        _ => one.name.clone(),
    };
    let value = |curves: &Curves<'_>, place: usize| {
        let value = curves.value(place);
        value.map_or_else(|| " ".repeat(6), |value| format!("{value:.4}"))
    };
    let loss = |place| match has_room {
        true => format!("{}  ", value(&charts[1], place)),
        false => String::new(),
    };
    let line = |(place, one): (usize, &Beside<'_>)| {
        let line = Line::from(vec![
            Span::styled(
                format!("{} ", stroke(one.number, theme).sample()),
                theme.series(one.number),
            ),
            Span::styled(
                format!("{}  {}", value(&charts[0], place), loss(place)),
                theme.text,
            ),
            Span::styled(name(one), theme.text),
        ]);
        let below = one.accuracy.iter();
        let below = below.flat_map(|mean| mean_in_words(mean, has_room));
        let below = below.map(|words| Line::styled(format!("   {words}"), theme.dim));
        [line].into_iter().chain(below).collect::<Vec<_>>()
    };
    let head = match has_room {
        true => "   accur.  loss    run",
        false => "   accur.  run",
    };
    let mut legend = vec![Line::styled(head, theme.dim)];
    legend.extend(beside.iter().enumerate().flat_map(line));
    legend
}

/// `best 0.8990 ± 0.0012` and `95 % interval of the mean 0.8975 to 0.9005`, or shorter.
fn mean_in_words(mean: &Mean, has_room: bool) -> Vec<String> {
    let mut best = format!("best {:.4}", mean.mean);
    if let Some(deviation) = mean.deviation {
        best += &format!(" ± {deviation:.4}");
    }
    let of_what = match has_room {
        true => " interval of the mean",
        false => "",
    };
    let interval = mean
        .interval
        .map(|Interval { low, high }| format!("95 %{of_what} {low:.4} to {high:.4}"));
    [best].into_iter().chain(interval).collect()
}

/// The name of a run's folder after its date.
fn without_date(name: &str) -> &str {
    let is_date = |date: &str| {
        date.bytes()
            .all(|letter| letter.is_ascii_digit() || letter == b'-')
    };
    match name.split_at_checked(DATE) {
        Some((date, rest)) if is_date(date) => rest,
        _ => name,
    }
}

/// What is known of one run.
fn facts(run: &RunDigest, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    const NAME: usize = 12;
    let best = |text: fn(crate::training::Best) -> String| run.best.map(text);
    let done = format!(
        "{} of {}",
        count(run.epochs),
        counted(run.planned_epochs, "epoch")
    );
    let facts = [
        ("state", Some(format!("{}, {done}", run.state().word()))),
        ("data", Some(run.data.clone())),
        (
            "accuracy",
            best(|best| format!("{:.4} at {}", best.val_accuracy, best.val_accuracy_epoch)),
        ),
        (
            "loss",
            best(|best| format!("{:.4} at {}", best.val_loss, best.val_loss_epoch)),
        ),
        ("test", run.test.map(|test| format!("{:.4}", test.accuracy))),
        ("time", Some(seconds(run.seconds))),
        ("parameters", run.parameters.map(count)),
        ("seed", Some(run.seed.to_string())),
        ("tags", Some(tags(run))),
    ];
    let mut lines = Vec::new();
    let remark = remark(run);
    if !remark.is_empty() {
        let style = match run.problem {
            Some(_) => theme.warning,
            None => theme.accent,
        };
        lines.extend(sentences([(remark, style)], width));
    }
    for (name, value) in facts {
        let value = value.filter(|value| !value.is_empty());
        let room = width.saturating_sub(NAME);
        lines.extend(value.map(|value| fact(name, NAME, fit(&value, room), theme)));
    }
    lines
}
