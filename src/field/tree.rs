//! Nested settings, listed as one sequence for forms, checks and the command line.

use super::{Field, FieldKind, FieldProblem, Value};

/// The type of a setting: one value, or settings of its own, or both (an optimizer is chosen, and has a learning rate).
pub trait Setting {
    /// The initial value of a setting with this description.
    fn initial(field: &Field) -> Self
    where
        Self: Sized;

    /// Its value; `None` if it only has settings of its own.
    fn value(&self) -> Option<Value>;

    /// Sets a value that the setting's description accepted.
    fn put(&mut self, _value: Value) {}

    /// Its own settings, which may depend on its value.
    fn inner(&self) -> Inner<'_> {
        Vec::new()
    }

    /// As [`inner`](Self::inner).
    fn inner_mut(&mut self) -> InnerMut<'_> {
        Vec::new()
    }
}

/// Settings with their descriptions.
pub type Inner<'a> = Vec<(&'static Field, &'a dyn Setting)>;
/// As [`Inner`].
pub type InnerMut<'a> = Vec<(&'static Field, &'a mut dyn Setting)>;

/// A struct that `settings!` declared.
pub trait Settings: Setting + Default {
    /// The descriptions, in the order of the struct's fields.
    const FIELDS: &'static [Field];

    /// Creates it from one legal value per field, in the order of [`FIELDS`](Self::FIELDS).
    fn from_values(values: &[Value]) -> Self {
        let mut settings = Self::default();
        for ((_, part), value) in settings.inner_mut().into_iter().zip(values) {
            part.put(value.clone());
        }
        settings
    }
}

/// A field of a [`Configured`](super::Configured) kind.
impl Setting for Value {
    fn initial(field: &Field) -> Self {
        field.default()
    }

    fn value(&self) -> Option<Value> {
        Some(self.clone())
    }

    fn put(&mut self, value: Value) {
        *self = value;
    }
}

/// A setting of the whole tree.
#[derive(Clone, Debug, PartialEq)]
pub struct SettingRow {
    /// Its path: `optimizer.learning_rate`.
    pub path: String,
    /// Its description.
    pub field: &'static Field,
    /// Its heading.
    pub section: &'static str,
    /// Whether it can be changed during a run.
    pub is_live: bool,
    /// Whether forms show it.
    pub is_shown: bool,
    /// Its current value.
    pub value: Value,
}

/// Every setting of `part` in its current state.
pub fn rows(part: &dyn Setting) -> Vec<SettingRow> {
    let mut rows = Vec::new();
    let above = Above {
        path: "",
        section: "",
        is_live: false,
        is_shown: true,
    };
    walk(part, above, &mut rows);
    rows
}

/// What settings inherit from the one above them.
#[derive(Clone, Copy)]
struct Above<'a> {
    path: &'a str,
    section: &'static str,
    is_live: bool,
    is_shown: bool,
}

fn walk(part: &dyn Setting, above: Above<'_>, rows: &mut Vec<SettingRow>) {
    for (field, part) in part.inner() {
        let path = match above.path {
            "" => field.name.to_owned(),
            above => format!("{above}.{}", field.name),
        };
        let section = match field.section {
            "" => above.section,
            section => section,
        };
        let is_live = above.is_live || field.is_live;
        if let Some(value) = part.value() {
            rows.push(SettingRow {
                path: path.clone(),
                field,
                section,
                is_live,
                is_shown: above.is_shown,
                value,
            });
        }
        let here = Above {
            path: &path,
            section,
            is_live,
            is_shown: above.is_shown && !field.is_alone,
        };
        walk(part, here, rows);
    }
}

/// Sets the setting at `path` to a value that its description accepted.
///
/// # Panics
/// When there is no such setting.
pub fn put(part: &mut dyn Setting, path: &str, value: Value) {
    let (name, rest) = path
        .split_once('.')
        .map_or((path, None), |(name, rest)| (name, Some(rest)));
    let mut inner = part.inner_mut().into_iter();
    let (_, found) = inner
        .find(|(field, _)| field.name == name)
        .unwrap_or_else(|| panic!("no setting {name}"));
    match rest {
        Some(rest) => put(found, rest, value),
        None => found.put(value),
    }
}

/// The shown settings that a name may refer to: the one with this path, else all whose path ends with it or whose label it is.
pub fn called(part: &dyn Setting, name: &str) -> Vec<SettingRow> {
    let mut rows = rows(part);
    rows.retain(|row| row.is_shown);
    if let Some(whole) = rows.iter().position(|row| row.path == name) {
        return vec![rows.swap_remove(whole)];
    }
    let end = format!(".{name}");
    rows.retain(|row| row.field.label() == name || row.path.ends_with(&end));
    rows
}

/// The first setting whose value its description does not accept: its path, and why.
pub fn problem_of(part: &dyn Setting) -> Option<(String, FieldProblem)> {
    rows(part).into_iter().find_map(|row| {
        let problem = row.field.accept(&row.value).err()?;
        Some((row.path, problem))
    })
}

/// The first required text that is empty.
pub fn missing(part: &dyn Setting) -> Option<FieldProblem> {
    rows(part).into_iter().find_map(|row| {
        let is_blank = matches!(&row.value, Value::Text(text) if text.trim().is_empty());
        let must_be = row.field.kind == FieldKind::Text && row.field.required;
        (is_blank && must_be).then(|| FieldProblem {
            field: row.field.name,
            expected: row.field.help.to_owned(),
            got: "nothing".to_owned(),
        })
    })
}
