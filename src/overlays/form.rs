//! The one form of settings, whatever they are of: each with the text that is typed into it, the quick values, and what is wrong.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::field::{FieldKind, SettingRow, Value};
use crate::lab::{Action, Edit, HasActions, Lab, LineInput, Overlay};
use crate::ui::keys::FIELD_KEYS;
use crate::ui::panel::{tail, typed};
use crate::ui::theme::Theme;
use crate::ui::{Motion, around};

/// What a form changes, and what is done with it.
pub trait Draft: Sized + 'static {
    fn settings(&self) -> Vec<SettingRow>;

    /// Gives the setting at `path` a value that its description accepted.
    fn put(&mut self, path: &str, value: Value);

    /// Sees to what follows from a change; says what does not go together, though each setting is legal.
    fn settle(&mut self) -> Option<String> {
        None
    }

    /// What can be done in its form, in the order of the key line.
    fn actions(&self) -> Vec<Action<Form<Self>>>;

    /// Takes what the form says; the form is closed then.
    ///
    /// # Errors
    /// Why it cannot be taken: the form says so and stays.
    fn accept(&self, lab: &mut Lab) -> Result<(), String>;

    /// Draws the form over the panes, unless its pane draws it beside what it changes.
    fn draw(_form: &Form<Self>, _lab: &Lab, _area: Rect, _buffer: &mut Buffer, _theme: &Theme) {}
}

/// Settings with the text that is typed into them and a cursor over them.
#[derive(Clone, Debug, PartialEq)]
pub struct Form<D> {
    /// With the latest legal value of each setting.
    pub draft: D,
    pub rows: Vec<FormRow>,
    /// The row that gets the keys.
    pub cursor: usize,
    /// What does not go together, or why it was not accepted.
    pub problem: Option<String>,
    /// Whether the next character replaces the row's text.
    is_fresh: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FormRow {
    /// With the latest legal value.
    pub setting: SettingRow,
    pub input: LineInput,
    /// Why the text is not legal.
    pub problem: Option<String>,
}

impl FormRow {
    fn new(setting: SettingRow) -> Self {
        Self {
            input: LineInput::new(setting.value.to_string()),
            setting,
            problem: None,
        }
    }

    /// Whether it is a name or a path, through which arrows move the cursor.
    pub fn is_text(&self) -> bool {
        self.setting.field.kind == FieldKind::Text
    }

    /// What it means and takes.
    pub fn about(&self) -> String {
        let field = self.setting.field;
        match field.kind {
            FieldKind::Text if field.required => field.help.to_owned(),
            FieldKind::Text => format!("{}; may be empty", field.help),
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
            is_fresh: true,
        }
    }

    /// With the cursor on the first setting that is such a one, where there is one.
    pub fn at(mut self, is_it: impl FnMut(&FormRow) -> bool) -> Self {
        self.cursor = self.rows.iter().position(is_it).unwrap_or(0);
        self
    }

    pub fn current(&self) -> Option<&FormRow> {
        self.rows.get(self.cursor)
    }

    /// Why the form cannot be accepted as it is: the first text that is not legal, or what does not go together.
    pub fn refusal(&self) -> Option<String> {
        let illegal = self.rows.iter().find_map(|row| row.problem.clone());
        illegal.or_else(|| self.problem.clone())
    }

    /// The keys that go through the usual values.
    pub fn step_values() -> Action<Self> {
        let keys = [
            (KeyCode::Left, Motion::Left),
            (KeyCode::Right, Motion::Right),
        ];
        let keys = keys.map(|(key, motion)| (key.into(), motion));
        Action::along(
            "form.values",
            ("←→", keys),
            "other values",
            |form: &mut Self, _, motion| form.step_value(motion == Motion::Right),
        )
        .help(
            "the next smaller and larger of the usual values, or the next choice; any legal \
            value can be typed",
        )
    }

    /// The keys that go from setting to setting.
    pub fn step_fields() -> Action<Self> {
        Action::along(
            "form.fields",
            ("↑↓", FIELD_KEYS),
            "field",
            |form: &mut Self, _, motion| form.step_field(if motion == Motion::Up { -1 } else { 1 }),
        )
        .help("go from field to field")
    }

    /// The key that takes what the form says.
    pub fn take(name: &str, help: &str) -> Action<Self> {
        Action::of("form.accept", KeyCode::Enter, name)
            .help(help)
            .does(Self::accept)
    }

    /// The key that leaves the form.
    pub fn cancel(help: &str) -> Action<Self> {
        Action::of("form.cancel", KeyCode::Esc, "cancel")
            .help(help)
            .does(|_, lab| lab.close())
    }

    fn accept(&mut self, lab: &mut Lab) {
        // What it was not accepted for may be over.
        self.problem = self.draft.settle();
        if let Some(reason) = self.refusal() {
            return lab.refuse(reason);
        }
        match self.draft.accept(lab) {
            Ok(()) => lab.close(),
            Err(problem) => self.problem = Some(problem),
        }
    }

    /// Goes so many rows down, around the end.
    pub fn step_field(&mut self, steps: isize) {
        self.cursor = around(self.cursor, steps, self.rows.len());
        self.is_fresh = true;
    }

    /// Takes the next quick value, from the latest legal one; in a text the cursor moves.
    pub fn step_value(&mut self, up: bool) {
        match self.rows.get_mut(self.cursor) {
            Some(row) if row.is_text() => {
                row.input.apply(if up { &Edit::Right } else { &Edit::Left });
            }
            Some(row) => {
                let value = row.setting.field.step(&row.setting.value, up);
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
            // A letter takes the next choice that begins with it.
            if let Edit::Insert(letter) = edit {
                let mut known = choices.iter();
                let at = known.position(|choice| Value::Choice(choice) == row.setting.value);
                let first = at.map_or(0, |at| at + 1);
                let next = (first..first + choices.len())
                    .map(|at| choices[at % choices.len()])
                    .find(|choice| choice.starts_with(*letter));
                if let Some(choice) = next {
                    self.put(Value::Choice(choice));
                }
            }
            return;
        }
        let replaces = self.is_fresh && !row.is_text();
        if replaces && matches!(edit, Edit::Insert(_) | Edit::Paste(_)) {
            row.input = LineInput::default();
        }
        self.is_fresh = false;
        row.input.apply(edit);
        match row.setting.field.parse(row.input.text()) {
            Ok(value) => self.take_value(value),
            Err(problem) => row.problem = Some(problem.to_string()),
        }
    }

    fn put(&mut self, value: Value) {
        if let Some(row) = self.rows.get_mut(self.cursor) {
            row.input = LineInput::new(value.to_string());
        }
        self.is_fresh = true;
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
            self.is_fresh = true;
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

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        D::draw(self, lab, area, buffer, theme);
    }
}

/// A setting's name and text, with the cursor in it where it has the keys; names take so many of `width` columns. A long name or path is
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

/// All settings below each other under their headings, and the line of the one under the cursor.
pub fn form_lines<D: Draft>(
    form: &Form<D>,
    sizes: (usize, usize),
    theme: &Theme,
) -> (Vec<Line<'static>>, usize) {
    let (mut lines, mut section, mut at) = (Vec::new(), "", 0);
    for (position, row) in form.rows.iter().enumerate() {
        if row.setting.section != section {
            section = row.setting.section;
            lines.push(Line::styled(section, theme.title));
        }
        if position == form.cursor {
            at = lines.len();
        }
        lines.push(field_line(row, position == form.cursor, sizes, theme));
    }
    (lines, at)
}
