//! The loaded sets, a row each, and what is being loaded or made.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::data::DatasetSummary;
use crate::lab::{Lab, Part};
use crate::panes::data::{DataPane, Job};
use crate::ui::format::{bytes, count, fit, seconds, width_of};
use crate::ui::panel::{empty, footnote, highlight, panel, window};
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
    let inner = panel("Sets", focused, area, buffer, theme);
    let jobs = (pane.jobs.len() as u16).min(inner.height.saturating_sub(2));
    let list = Rect {
        height: inner.height - jobs,
        ..inner
    };
    for (job, y) in pane.jobs.iter().zip(list.bottom()..inner.bottom()) {
        let row = Rect::new(inner.x, y, inner.width, 1);
        let text = job_text(job);
        Progress::new(job.share().unwrap_or(0.0), &text, theme).render(row, buffer);
    }
    if lab.sets.is_empty() {
        return match lab.opening() {
            Some(_) => empty(
                "Loading the data …",
                "The full Fashion-MNIST where it is on this machine, else the starter set.",
                list,
                buffer,
                theme,
            ),
            None => empty(
                "No data",
                "o opens a set, f fetches one, m makes one.",
                list,
                buffer,
                theme,
            ),
        };
    }
    let columns = Columns::of(&lab.sets, usize::from(inner.width));
    let header = columns.line(["  set", "images", "train", "test", "memory", "source"]);
    buffer.set_line(
        inner.x,
        inner.y,
        &Line::styled(header, theme.dim),
        inner.width,
    );
    let room = usize::from(list.height.saturating_sub(1));
    let shown = window(pane.set, lab.sets.len(), room);
    if shown.len() < lab.sets.len() {
        let text = format!("{}–{} of {}", shown.start + 1, shown.end, lab.sets.len());
        footnote(&text, area, buffer, theme.dim);
    }
    for (position, y) in shown.zip(inner.y + 1..) {
        let is_chosen = lab.chosen == Some(position);
        draw_set(
            &lab.sets[position],
            is_chosen,
            (inner, y, &columns),
            buffer,
            theme,
        );
        if position == pane.set && focused {
            let row = Rect::new(inner.x, y, inner.width, 1);
            highlight(row, buffer, theme.selected);
        }
    }
}

fn draw_set(
    set: &DatasetSummary,
    is_chosen: bool,
    (area, y, columns): (Rect, u16, &Columns),
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let name = format!("  {}", set.name);
    let text = columns.line([
        &name,
        &set.shape.to_string(),
        &count(set.train_len()),
        &count(set.test_len()),
        &bytes(set.memory),
        &set.source,
    ]);
    let style = if is_chosen { theme.title } else { theme.text };
    buffer.set_line(area.x, y, &Line::styled(text, style), area.width);
    if is_chosen {
        let mark = Line::from(Span::styled("●", theme.good));
        buffer.set_line(area.x, y, &mark, 1);
    }
}

/// Widths of the columns.
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

    fn line(&self, texts: [&str; 6]) -> String {
        let [name, shape, train, test, memory, source] = self.0;
        let [a, b, c, d, e, f] = texts;
        format!(
            "{:<name$}  {:<shape$}  {:>train$}  {:>test$}  {:>memory$}  {}",
            fit(a, name),
            b,
            c,
            d,
            e,
            fit(f, source)
        )
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
