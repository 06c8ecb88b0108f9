//! The one form of settings, whatever they are of: each with the text that is typed into it, the quick values, and what is wrong.

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
    /// What was typed of the choice that is meant.
    sought: String,
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
            input: LineInput::proposed(setting.value.to_string()),
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
            sought: String::new(),
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

    /// The line of each row where the rows stand below each other, each section under its heading.
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

    /// Lets the mouse go to the rows that are drawn as [`form_lines`], from the line `first` on, in `area`.
    pub fn touch_rows(&self, lab: &Lab, area: Rect, first: usize) {
        for (row, line) in self.row_lines().into_iter().enumerate() {
            let place = line
                .checked_sub(first)
                .and_then(|line| area.rows().nth(line));
            self.touch_row(lab, place.unwrap_or_default(), row);
        }
    }

    /// Lets the mouse go to a row that is drawn at this place.
    pub fn touch_row(&self, lab: &Lab, place: Rect, row: usize) {
        lab.spots
            .place(place, move |form: &mut Self, _, _| form.go_to_field(row));
    }

    /// Goes so many rows down, around the end.
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

    /// Takes the next quick value, from the latest legal one; in a text the cursor moves.
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
            Err(problem) => row.problem = Some(problem.to_string()),
        }
    }

    /// The choice that is meant by all that was typed so far, else by the latest letter alone; from `at` on where several are. The same
    /// letter again means the next one.
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
            row.input = LineInput::proposed(value.to_string());
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
