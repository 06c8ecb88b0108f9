//! The sets that can be made, and the form of a task on data sets: names and paths, then its other settings, and the result to expect.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::Line;

use super::DataPane;
use crate::data::tasks::{DIGITS, FETCH, SHIFTED, TaskKind, TaskRequest, WARPED};
use crate::data::{DatasetSummary, KnownSet};
use crate::field::{SettingRow, Value, missing, put, rows};
use crate::lab::{Action, Lab};
use crate::overlays::{Arrangement, Draft, Entry, Form, FormRow, List, field_line};
use crate::ui::format::{bytes, count};
use crate::ui::panel::{dialog, inside, lines, sentences, window};
use crate::ui::theme::Theme;

/// The list of sets that can be made.
pub(super) fn making() -> List {
    List::new("Make a data set", |lab| {
        let kinds = [&SHIFTED, &WARPED, &DIGITS].into_iter();
        let entries = kinds.map(|kind| {
            let lacks_set = kind.changes_a_set && lab.chosen_set().is_none();
            Entry::new(kind.title, kind.help, move |lab| ask_for(kind, lab))
                .refused(lacks_set.then(|| "no set is loaded".to_owned()))
        });
        entries.collect()
    })
    .size(100, None)
    .arranged(Arrangement::Words)
}

pub(super) fn ask_for(kind: &'static TaskKind, lab: &mut Lab) {
    if kind.changes_a_set && lab.chosen_set().is_none() {
        return lab.refuse("no set is loaded; open one with o");
    }
    let target = kind.changes_a_set.then(|| {
        let name = lab.chosen_set().map_or("", |set| set.name.as_str());
        format!("{}-augmented.npz", file_name(name))
    });
    form(kind, target, lab);
}

/// Opens the form of a task with its first texts.
pub(super) fn form(
    kind: &'static TaskKind,
    texts: impl IntoIterator<Item = String>,
    lab: &mut Lab,
) {
    let dataset = lab.chosen_set().filter(|_| kind.changes_a_set).cloned();
    open(TaskRequest::new(kind, texts), dataset, None, lab);
}

/// Opens the form for opening a set, with the choices at the end of its name.
pub(super) fn open_set(choice: &str, lab: &mut Lab) {
    open(TaskRequest::open(choice), None, None, lab);
}

/// Opens the form for fetching a known set, with this one chosen.
pub(super) fn fetch(known: Option<&'static KnownSet>, lab: &mut Lab) {
    let mut request = TaskRequest::new(&FETCH, []);
    if let Some(known) = known {
        put(&mut request.task, "set", Value::Choice(known.name));
    }
    open(request, None, None, lab);
}

/// A name that is a valid file name on every system.
fn file_name(name: &str) -> String {
    let letters = name.chars().map(|letter| match letter {
        letter if letter.is_alphanumeric() || "-_.".contains(letter) => letter.to_ascii_lowercase(),
        _ => '-',
    });
    letters.collect()
}

/// Rows of the text below the settings, at least.
const BELOW: usize = 4;
/// Columns of the form, at most.
const WIDTH: u16 = 84;
/// Columns of a setting with its name.
const COLUMN: u16 = 36;

/// A task's settings before it starts.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskDraft {
    pub request: TaskRequest,
    /// The set whose images are changed, if any.
    pub dataset: Option<DatasetSummary>,
}

/// Opens the form of a task, with the reason why it was not done, if it was tried before. The cursor is on the first field likely to
/// change: names already given are the least likely.
pub(super) fn open(
    mut request: TaskRequest,
    dataset: Option<DatasetSummary>,
    problem: Option<String>,
    lab: &mut Lab,
) {
    request.dataset = dataset.as_ref().map(|set| set.name.clone());
    request.replace = false;
    let form = Form::new(TaskDraft { request, dataset });
    let mut form = form.at(|row| !row.is_text() || row.input.text().is_empty());
    form.problem = problem;
    lab.open(form);
}

impl Draft for TaskDraft {
    fn settings(&self) -> Vec<SettingRow> {
        rows(&self.request.task)
    }

    fn put(&mut self, path: &str, value: Value) {
        put(&mut self.request.task, path, value);
    }

    fn actions(&self) -> Vec<Action<Form<Self>>> {
        let verb = self.request.task.kind().verb;
        vec![
            Form::take(verb, &format!("{verb} with these settings")),
            Form::step_fields(),
            Form::step_values(),
            Form::cancel("close without starting"),
        ]
    }

    fn accept(&self, lab: &mut Lab) -> Result<(), String> {
        if let Some(problem) = missing(&self.request.task) {
            return Err(format!("{}: expected {}", problem.field, problem.expected));
        }
        let draft = self.clone();
        lab.then(|pane: &mut DataPane, lab| pane.start_as_said(draft, lab));
        Ok(())
    }

    fn draw(form: &Form<Self>, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        let (texts, others) = form
            .rows
            .split_at(form.rows.iter().take_while(|row| row.is_text()).count());
        let size = (area.width.min(WIDTH), area.height);
        let outcome = outcome(
            form,
            inside(area.centered(Length(size.0), Length(size.1))).width,
            theme,
        );
        // A long problem is told whole: the lines of Python in it are of use only then.
        let needed = outcome.len().max(BELOW) as u16;
        // Two columns where one does not fit.
        let room = area.height.saturating_sub(texts.len() as u16 + needed + 4);
        let columns = if others.len() as u16 > room { 2 } else { 1 };
        let rows = (others.len() as u16).div_ceil(columns).min(room);
        let size = (size.0, texts.len() as u16 + rows + needed + 4);
        let title = match &form.draft.dataset {
            Some(set) => format!("{} · {}", form.draft.request.task.kind().title, set.name),
            None => form.draft.request.task.kind().title.to_owned(),
        };
        let inner = dialog(&title, size, area, buffer, theme);
        let [named, _, described, _, below] = Layout::vertical([
            Length(texts.len() as u16),
            Length(u16::from(!others.is_empty())),
            Length(rows),
            Length(1),
            Fill(1),
        ])
        .areas(inner);
        let names = form.rows.iter().map(|row| row.setting.field.label().len());
        let names = names.max().unwrap_or(0) + 2;
        let line = |position: usize, row: &FormRow| {
            let sizes = (names, usize::from(inner.width));
            field_line(row, position == form.cursor, sizes, theme)
        };
        let all = texts.iter().enumerate();
        lines(
            all.map(|(position, row)| line(position, row)),
            named,
            buffer,
        );

        for (row, place) in named.rows().enumerate() {
            form.touch_row(lab, place, row);
        }

        let first = texts.len();
        let rows = others.len().div_ceil(usize::from(columns)).max(1);
        // Where not even two columns fit, the rows scroll with the cursor.
        let at = form
            .cursor
            .checked_sub(first)
            .map_or(0, |cursor| cursor % rows);
        let shown = window(at, rows, usize::from(described.height));
        for (position, row) in others.iter().enumerate() {
            let (column, place) = (position / rows, position % rows);
            if !shown.contains(&place) {
                continue;
            }
            let x = described.x + column as u16 * COLUMN.max(described.width / columns);
            let y = described.y + (place - shown.start) as u16;
            let line = line(first + position, row);
            let place = Rect::new(x, y, described.right().saturating_sub(x), 1);
            form.touch_row(lab, place, first + position);
            buffer.set_line(x, y, &line, place.width);
        }
        lines(outcome, below, buffer);
    }
}

/// The problem, the meaning of the row under the cursor, and the result to expect, in lines of so many columns.
fn outcome(form: &Form<TaskDraft>, width: u16, theme: &Theme) -> Vec<Line<'static>> {
    let request = &form.draft.request;
    let set = form.draft.dataset.as_ref();
    let problem = form.refusal();
    let size = request.size(set).map(|size| {
        format!(
            "{} training and {} test images, {} of pixels",
            count(size.train_images),
            count(size.test_images),
            bytes(size.file_bytes)
        )
    });
    let warning = set.and_then(|set| request.warning(set));
    let text = [
        (problem, theme.error),
        (
            Some(form.current().map_or_else(String::new, FormRow::about)),
            theme.dim,
        ),
        (size, theme.text),
        (request.about(), theme.text),
        (
            warning.map(|warning| format!("Warning: {warning}.")),
            theme.warning,
        ),
    ];
    let text = text
        .into_iter()
        .filter_map(|(text, style)| Some((text?, style)));
    sentences(text, width.into())
}
