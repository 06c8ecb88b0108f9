//! The form of settings, for any owner: each setting with its typed text, its usual values, and what is wrong.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::field::{FieldKind, SettingRow, Value};
use crate::lab::{Action, Edit, HasActions, Lab, LineInput, Overlay};
use crate::ui::keys::FIELD_KEYS;
use crate::ui::panel::{tail, typed};
use crate::ui::search::{Closeness, closeness};
use crate::ui::theme::Theme;
use crate::ui::{Motion, around};

/// What a form edits, and how it is applied.
pub trait Draft: Sized + 'static {
    fn settings(&self) -> Vec<SettingRow>;

    /// Sets the setting at `path` to a valid value.
    fn put(&mut self, path: &str, value: Value);

    /// Updates whatever depends on a change; returns which settings conflict, though each is valid.
    fn settle(&mut self) -> Option<String> {
        None
    }

    /// The actions of its form, in the order of the key line.
    fn actions(&self) -> Vec<Action<Form<Self>>>;

    /// Applies the form, which is then closed.
    ///
    /// # Errors
    /// If it cannot be applied: the form shows why and stays open.
    fn accept(&self, lab: &mut Lab) -> Result<(), String>;

    /// Draws the form over the panes, unless its pane draws it beside what it changes.
    fn draw(_form: &Form<Self>, _lab: &Lab, _area: Rect, _buffer: &mut Buffer, _theme: &Theme) {}
}

/// Settings with their typed texts and a cursor.
#[derive(Clone, Debug, PartialEq)]
pub struct Form<D> {
    /// With the latest valid value of each setting.
    pub draft: D,
    pub rows: Vec<FormRow>,
    /// The row under the cursor, which gets the keys.
    pub cursor: usize,
    /// Which settings conflict, or why the form was not accepted.
    pub problem: Option<String>,
    /// The letters typed so far to select a choice.
    sought: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FormRow {
    /// With the latest valid value.
    pub setting: SettingRow,
    pub input: LineInput,
    /// Why the text is not valid.
    pub problem: Option<String>,
}

impl FormRow {
    fn new(setting: SettingRow) -> Self {
        Self {
            input: LineInput::proposed(setting.field.shown(&setting.value)),
            setting,
            problem: None,
        }
    }

    /// Whether it is a text, in which arrow keys move the cursor.
    pub fn is_text(&self) -> bool {
        matches!(
            self.setting.field.kind,
            FieldKind::Text | FieldKind::Written(_)
        )
    }

    /// What the setting means, and its valid values.
    pub fn about(&self) -> String {
        let field = self.setting.field;
        match field.kind {
            // It says itself what an empty text means.
            FieldKind::Text => field.help.to_owned(),
            kind => format!("{}: {kind}", field.help),
        }
    }
}

impl<D: Draft> Form<D> {
    /// With the cursor on the first setting.
    pub fn new(mut draft: D) -> Self {
        Self {
            problem: draft.settle(),
            rows: draft.settings().into_iter().map(FormRow::new).collect(),
            draft,
            cursor: 0,
            sought: String::new(),
        }
    }

    /// With the cursor on the first row that matches, or else on the first.
    pub fn at(mut self, is_it: impl FnMut(&FormRow) -> bool) -> Self {
        self.cursor = self.rows.iter().position(is_it).unwrap_or(0);
        self
    }

    pub fn current(&self) -> Option<&FormRow> {
        self.rows.get(self.cursor)
    }

    /// Why the form cannot be accepted: the first text that is not valid, or which settings conflict.
    pub fn refusal(&self) -> Option<String> {
        let illegal = self.rows.iter().find_map(|row| row.problem.clone());
        illegal.or_else(|| self.problem.clone())
    }

    /// The keys that step through the usual values.
    pub fn step_values() -> Action<Self> {
        let keys = [
            (KeyCode::Left, Motion::Left),
            (KeyCode::Right, Motion::Right),
        ];
        let keys = keys.map(|(key, motion)| (key.into(), motion));
        Action::along(
            "form.values",
            ("←→", keys),
            "change",
            |form: &mut Self, _, motion| form.step_value(motion == Motion::Right),
        )
        .help(
            "step through the usual values or the choices; any valid value can \
            be typed",
        )
    }

    /// The keys that move from setting to setting.
    pub fn step_fields() -> Action<Self> {
        Action::along(
            "form.fields",
            ("↑↓", FIELD_KEYS),
            "field",
            |form: &mut Self, _, motion| form.step_field(if motion == Motion::Up { -1 } else { 1 }),
        )
        .help("move from field to field")
    }

    /// The key that applies the form.
    pub fn take(name: &str, help: &str) -> Action<Self> {
        Action::of("form.accept", KeyCode::Enter, name)
            .help(help)
            .does(|form: &mut Self, lab| {
                form.accept(lab);
            })
    }

    /// The key that closes the form without applying it.
    pub fn cancel(help: &str) -> Action<Self> {
        Action::of("form.cancel", KeyCode::Esc, "cancel")
            .help(help)
            .does(|_, lab| lab.close())
    }

    /// Applies and closes it; returns whether it could be applied.
    pub fn accept(&mut self, lab: &mut Lab) -> bool {
        // The reason why it was not accepted may be gone.
        self.problem = self.draft.settle();
        if let Some(reason) = self.refusal() {
            lab.refuse(reason);
            return false;
        }
        self.problem = self.draft.accept(lab).err();
        if self.problem.is_none() {
            lab.close();
        }
        self.problem.is_none()
    }

    /// The line of each row, with the rows below each other and a heading above each section.
    fn row_lines(&self) -> Vec<usize> {
        let (mut section, mut headings) = ("", 0);
        let rows = self.rows.iter().enumerate();
        rows.map(|(position, row)| {
            headings += usize::from(row.setting.section != section);
            section = row.setting.section;
            position + headings
        })
        .collect()
    }

    /// Makes the rows clickable that are drawn as [`form_lines`], from line `first` on, in `area`.
    pub fn touch_rows(&self, lab: &Lab, area: Rect, first: usize) {
        for (row, line) in self.row_lines().into_iter().enumerate() {
            let place = line
                .checked_sub(first)
                .and_then(|line| area.rows().nth(line));
            self.touch_row(lab, place.unwrap_or_default(), row);
        }
    }

    /// Makes a row clickable at this place.
    pub fn touch_row(&self, lab: &Lab, place: Rect, row: usize) {
        lab.spots
            .place(place, move |form: &mut Self, _, _| form.go_to_field(row));
    }

    /// Moves `steps` rows down, wrapping around.
    pub fn step_field(&mut self, steps: isize) {
        self.go_to_field(around(self.cursor, steps, self.rows.len()));
    }

    fn go_to_field(&mut self, row: usize) {
        self.cursor = row;
        self.sought.clear();
        if let Some(row) = self.rows.get_mut(self.cursor) {
            row.input.propose();
        }
    }

    /// Steps to the next usual value from the latest valid one; in a text, moves the cursor.
    pub fn step_value(&mut self, up: bool) {
        match self.rows.get_mut(self.cursor) {
            Some(row) if row.is_text() => {
                row.input.apply(if up { &Edit::Right } else { &Edit::Left });
            }
            Some(row) => {
                let value = row.setting.field.step(&row.setting.value, up);
                self.sought.clear();
                self.put(value);
            }
            None => {}
        }
    }

    /// Changes the text under the cursor, or the choice.
    pub fn type_in(&mut self, edit: &Edit) {
        let Some(row) = self.rows.get_mut(self.cursor) else {
            return;
        };
        if let FieldKind::Choice { choices, .. } = row.setting.field.kind {
            let current = row.setting.value.clone();
            let mut known = choices.iter();
            let at = known.position(|choice| Value::Choice(choice) == current);
            if let Some(choice) = self.choose(choices, at.unwrap_or(0), edit) {
                self.put(Value::Choice(choice));
            }
            return;
        }
        row.input.apply(edit);
        match row.setting.field.parse(row.input.text()) {
            Ok(value) => self.take_value(value),
            Err(problem) => row.problem = Some(problem.at(row.setting.field.label())),
        }
    }

    /// The choice that matches all letters typed so far, or else the latest one; the first from `at` on if several match. The same
    /// letter again selects the next match.
    fn choose(&mut self, choices: &[&'static str], at: usize, edit: &Edit) -> Option<&'static str> {
        let before = std::mem::take(&mut self.sought);
        let letters = match edit {
            Edit::Insert(letter) => letter.to_string(),
            Edit::Paste(text) => text.trim().to_owned(),
            _ => return None,
        };
        let (goes_on, again) = (before.clone() + &letters, before == letters);
        let meant = |typed: &str, from: usize| {
            let turned = (from..from + choices.len()).map(|at| choices[at % choices.len()]);
            let ranked = turned.map(|choice| (closeness(choice, typed), choice));
            let best = ranked.min_by_key(|(closeness, _)| *closeness)?;
            (best.0 != Closeness::No).then_some(best.1)
        };
        let whole = (!before.is_empty() && !again).then(|| meant(&goes_on, at));
        if let Some(choice) = whole.flatten() {
            self.sought = goes_on;
            return Some(choice);
        }
        let choice = meant(&letters, at + 1);
        self.sought = letters;
        choice
    }

    fn put(&mut self, value: Value) {
        if let Some(row) = self.rows.get_mut(self.cursor) {
            row.input = LineInput::proposed(row.setting.field.shown(&value));
        }
        self.take_value(value);
    }

    fn take_value(&mut self, value: Value) {
        let Some(row) = self.rows.get_mut(self.cursor) else {
            return;
        };
        (row.setting.value, row.problem) = (value.clone(), None);
        let path = row.setting.path.clone();
        self.draft.put(&path, value);
        // Another optimizer, for one, has other settings.
        let now = self.draft.settings();
        let paths = self.rows.iter().map(|row| &row.setting.path);
        if !paths.eq(now.iter().map(|setting| &setting.path)) {
            self.rows = now.into_iter().map(FormRow::new).collect();
        }
        self.problem = self.draft.settle();
    }
}

impl<D: Draft> HasActions for Form<D> {
    fn actions(&self, _lab: &Lab) -> Vec<Action<Self>> {
        self.draft.actions()
    }
}

impl<D: Draft> Overlay for Form<D> {
    fn edit(&mut self, edit: &Edit, _lab: &mut Lab) -> bool {
        self.type_in(edit);
        true
    }

    fn is_typing(&self) -> bool {
        self.current().is_some_and(FormRow::is_text)
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        D::draw(self, lab, area, buffer, theme);
    }
}

/// A setting's name and text, with the cursor if it is the current one; names take `names` of `width` columns. A long name or path is
/// shown around the cursor.
pub fn field_line(
    row: &FormRow,
    is_here: bool,
    (names, width): (usize, usize),
    theme: &Theme,
) -> Line<'static> {
    let style = match (row.problem.is_some(), is_here) {
        (true, _) => theme.error,
        (false, true) => theme.accent,
        (false, false) => theme.text,
    };
    // Only a name or a path may be longer than its room.
    let room = if row.is_text() {
        width.saturating_sub(names + 4)
    } else {
        usize::MAX
    };
    let mut spans = vec![
        Span::styled(if is_here { "▸ " } else { "  " }, theme.accent),
        Span::styled(
            format!("{:<names$}", row.setting.field.label()),
            if is_here { theme.text } else { theme.dim },
        ),
    ];
    match is_here {
        true => spans.extend(typed(&row.input, room, style)),
        false => spans.push(Span::styled(tail(row.input.text(), room), style)),
    }
    Line::from(spans)
}

/// All settings below each other under their headings, and the line of the current one.
pub fn form_lines<D: Draft>(
    form: &Form<D>,
    sizes: (usize, usize),
    theme: &Theme,
) -> (Vec<Line<'static>>, usize) {
    let mut lines = Vec::new();
    let places = form.row_lines();
    for (position, (row, place)) in form.rows.iter().zip(&places).enumerate() {
        if lines.len() < *place {
            lines.push(Line::styled(row.setting.section, theme.title));
        }
        lines.push(field_line(row, position == form.cursor, sizes, theme));
    }
    (lines, places.get(form.cursor).copied().unwrap_or(0))
}
