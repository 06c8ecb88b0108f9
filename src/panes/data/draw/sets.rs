//! The loaded sets, a row each, details of the one under the cursor, running jobs, and the last run.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::data::{DatasetSummary, KnownSet};
use crate::lab::{Lab, Part};
use crate::panes::data::{DataPane, Job};
use crate::ui::format::{bytes, count, fit, seconds, width_of, wrap};
use crate::ui::panel::{below, empty, footnote, hint, lines, list, panel};
use crate::ui::theme::Theme;
use crate::ui::widgets::Progress;
use crate::wording::counted;

/// Maximum rows of details of a set.
const ABOUT: usize = 3;

/// Rows of everything with its frame.
pub(super) fn rows(pane: &DataPane, lab: &Lab, width: u16) -> u16 {
    // The text shown instead of an empty list takes a few rows more than one set does.
    let sets = match lab.sets.len() {
        0 => 3,
        sets => sets,
    };
    let inner = usize::from(width.saturating_sub(4));
    let about = about_lines(pane, lab, inner).len();
    (sets + about + pane.jobs.len() + 3) as u16
}

pub(super) fn draw(pane: &DataPane, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let focused = lab.has_focus(Part::Sets);
    lab.spots.focus(area, Part::Sets);
    let inner = panel("Sets", focused, area, buffer, theme);
    let offer = offer(pane, lab, usize::from(area.width.saturating_sub(4)), theme);
    hint(&offer.unwrap_or_default(), area, buffer);
    let jobs = (pane.jobs.len() as u16).min(inner.height.saturating_sub(2));
    let about = about_lines(pane, lab, inner.width.into());
    let about_rows = (about.len() as u16).min(inner.height.saturating_sub(jobs + 2));
    let [rows, about_rows, below_rows] =
        Layout::vertical([Fill(1), Length(about_rows), Length(jobs)]).areas(inner);
    let about = about.into_iter().map(|line| Line::styled(line, theme.dim));
    lines(about, about_rows, buffer);
    for (job, row) in pane.jobs.iter().zip(below_rows.rows()) {
        let text = job_text(job);
        Progress::new(job.share().unwrap_or(0.0), &text, theme).render(row, buffer);
    }
    if lab.sets.is_empty() {
        let (headline, advice) = match lab.opening() {
            Some(_) => (
                "Loading the data …",
                "The full Fashion-MNIST if it is on this machine, else the starter set.",
            ),
            None => ("No data", "o opens a set, f fetches one, m makes one."),
        };
        return empty(headline, advice, rows, buffer, theme);
    }
    let columns = Columns::of(&lab.sets, usize::from(inner.width));
    let header = columns.line(["  set", "images", "train", "test", "memory", "source"]);
    lines([Line::styled(header, theme.dim)], rows, buffer);
    let count = lab.sets.len();
    let row = |position: usize| {
        let is_chosen = lab.chosen == Some(position);
        columns.row(&lab.sets[position], is_chosen, theme)
    };
    let body = below(rows, 1);
    let shown = list(count, (pane.set, focused), row, body, buffer, theme);
    let places = shown.clone().zip(body.rows());
    lab.spots
        .cursor(places, |pane: &mut DataPane, _, set| pane.set = set);
    if shown.len() < count && pane.offered(lab).is_none() {
        let text = format!("{}–{} of {count}", shown.start + 1, shown.end);
        footnote(&text, area, buffer, theme.dim);
    }
}

struct Columns {
    /// Columns of name, shape, the two counts and memory.
    widths: [usize; 5],
    /// Whether every source fits in full.
    has_source: bool,
}

impl Columns {
    fn of(sets: &[DatasetSummary], width: usize) -> Self {
        let widest = |text: &dyn Fn(&DatasetSummary) -> String, least: usize| {
            let widths = sets.iter().map(|set| width_of(&text(set)));
            widths.max().unwrap_or(0).max(least)
        };
        let shape = widest(&|set| set.shape.to_string(), 7);
        let train = widest(&|set| count(set.train_len()), 6);
        let test = widest(&|set| count(set.test_len()), 6);
        let memory = widest(&|set| bytes(set.memory), 7);
        let left = width.saturating_sub(shape + train + test + memory + 4 * 2);
        let name = widest(&|set| set.name.clone(), 8) + 2;
        let name = name.min(left).max(10);
        let source = widest(&|set| set.source.clone(), 6);
        Self {
            widths: [name, shape, train, test, memory],
            has_source: name + 2 + source <= left,
        }
    }

    fn row(&self, set: &DatasetSummary, is_chosen: bool, theme: &Theme) -> Line<'static> {
        let text = self.line([
            &format!("  {}", set.name),
            &set.shape.to_string(),
            &count(set.train_len()),
            &count(set.test_len()),
            &bytes(set.memory),
            &set.source,
        ]);
        match (is_chosen, text.strip_prefix(' ')) {
            (true, Some(text)) => Line::from(vec![
                Span::styled("●", theme.good),
                Span::styled(text.to_owned(), theme.title),
            ]),
            _ => Line::styled(text, theme.text),
        }
    }

    fn line(&self, [name, shape, train, test, memory, source]: [&str; 6]) -> String {
        let [a, b, c, d, e] = self.widths;
        let name = fit(name, a);
        let source = if self.has_source { source } else { "" };
        format!("{name:<a$}  {shape:<b$}  {train:>c$}  {test:>d$}  {memory:>e$}  {source}")
    }
}

/// Details of the set under the cursor that the table does not show.
fn about_lines(pane: &DataPane, lab: &Lab, width: usize) -> Vec<String> {
    let Some(set) = lab.sets.get(pane.set) else {
        return Vec::new();
    };
    let starter = set.starter_of();
    let is_source_said = starter.is_some() || Columns::of(&lab.sets, width).has_source;
    let parts = [
        (!is_source_said).then(|| format!("from {}", set.source)),
        (set.validation_len())
            .map(|images| format!("{} of its own", counted(images, "validation image"))),
        Some(starter.map_or_else(|| set.note.clone(), |whole| about_starter(set, whole, lab))),
        lab.corrections_in_words(&set.name),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let parts: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    let mut text = wrap(&parts.join(" · "), width);
    text.truncate(ABOUT);
    text
}

/// How much of the set a starter set is, and the key that gets the rest.
fn about_starter(set: &DatasetSummary, whole: &KnownSet, lab: &Lab) -> String {
    let part = format!(
        "starter set: {} of {} training images",
        count(set.train_len()),
        count(whole.train_images)
    );
    let is_loaded = lab.sets.iter().any(|other| other.is_all_of(whole.name));
    let place = lab.known_sets.iter().find(|place| place.name == whole.name);
    match place.filter(|_| !is_loaded) {
        Some(place) if place.is_whole => format!("{part}; o opens all of {}", whole.name),
        Some(_) => format!("{part}; f fetches the rest"),
        None => part,
    }
}

/// The last run while it is offered, and the key that opens it, as long as fits.
fn offer(pane: &DataPane, lab: &Lab, room: usize, theme: &Theme) -> Option<Line<'static>> {
    let run = pane.offered(lab)?;
    let key = match pane.run_to_enter(lab) {
        Some(_) => "Enter",
        None => "4 o",
    };
    let best = run.best();
    let best = best.map_or_else(String::new, |best| format!(", {:.4}", best.val_accuracy));
    let done = counted(run.history.len(), "epoch") + &best;
    let said = [
        format!("{} on {}, {done}", run.title(), run.data),
        format!("{}, {done}", run.title()),
        format!("{}{best}", run.name),
    ];
    let line = |said: &str| {
        Line::from(vec![
            Span::styled(" last run: ", theme.dim),
            Span::styled(said.to_owned(), theme.text),
            Span::styled(": ", theme.dim),
            Span::styled(key, theme.key),
            Span::styled(" opens it ", theme.text),
        ])
    };
    let mut lines = said.iter().map(|said| line(said));
    let fitting = lines.clone().find(|line| line.width() <= room);
    fitting.or_else(|| lines.next_back())
}

/// The job, its progress, and the time left.
fn job_text(job: &Job) -> String {
    let doing = job.doing();
    if job.is_cancelled {
        return format!("stopping: {doing} …");
    }
    let mut text = doing;
    match job.share() {
        Some(share) => text += &format!(" · {:.0} %", share * 100.0),
        None => text += " …",
    }
    if let Some(left) = job.seconds_left().filter(|left| *left >= 1.0) {
        text += &format!(" · {} left", seconds(left));
    }
    text
}
