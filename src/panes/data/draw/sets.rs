//! The loaded sets, a row each, and what is being loaded or made.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::data::DatasetSummary;
use crate::lab::{Lab, Part};
use crate::panes::data::{DataPane, Job};
use crate::ui::format::{bytes, count, fit, seconds, width_of};
use crate::ui::panel::{below, empty, footnote, lines, list, panel};
use crate::ui::theme::Theme;
use crate::ui::widgets::Progress;

/// Rows that everything takes with its frame.
pub(super) fn rows(pane: &DataPane, lab: &Lab) -> u16 {
    // What stands in place of a list takes a few rows more than one set does.
    let sets = match lab.sets.len() {
        0 => 3,
        sets => sets as u16,
    };
    sets + pane.jobs.len() as u16 + 3
}

pub(super) fn draw(pane: &DataPane, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let focused = lab.has_focus(Part::Sets);
    lab.spots.focus(area, Part::Sets);
    let inner = panel("Sets", focused, area, buffer, theme);
    let jobs = (pane.jobs.len() as u16).min(inner.height.saturating_sub(2));
    let [rows, below_rows] = Layout::vertical([Fill(1), Length(jobs)]).areas(inner);
    for (job, row) in pane.jobs.iter().zip(below_rows.rows()) {
        let text = job_text(job);
        Progress::new(job.share().unwrap_or(0.0), &text, theme).render(row, buffer);
    }
    if lab.sets.is_empty() {
        let (headline, advice) = match lab.opening() {
            Some(_) => (
                "Loading the data …",
                "The full Fashion-MNIST where it is on this machine, else the starter set.",
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
    if shown.len() < count {
        let text = format!("{}–{} of {count}", shown.start + 1, shown.end);
        footnote(&text, area, buffer, theme.dim);
    }
}

struct Columns([usize; 6]);

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
        let figures = shape + train + test + memory + 5 * 2;
        let left = width.saturating_sub(figures);
        let name = widest(&|set| set.name.clone(), 8) + 2;
        // A whole name is worth more than the source, which stands below too.
        let name = name.min(left.saturating_sub(8)).max(10);
        Self([name, shape, train, test, memory, left.saturating_sub(name)])
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
        let [a, b, c, d, e, f] = self.0;
        let (name, source) = (fit(name, a), fit(source, f));
        format!("{name:<a$}  {shape:<b$}  {train:>c$}  {test:>d$}  {memory:>e$}  {source}")
    }
}

/// What goes on, how far it is, how long it still takes.
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
