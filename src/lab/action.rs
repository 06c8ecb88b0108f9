//! The actions of the user: key line, help, palette, key handling, tests and documentation all use lists of these.

use std::rc::Rc;

use super::{Lab, Motion};
use crate::ui::Key;
use crate::ui::keys::{CURSOR_HELP, CURSOR_KEYS};

/// The effect of an action on its owner (a pane, an overlay) and on the state that all panes share.
type Do<T> = Rc<dyn Fn(&mut T, &mut Lab)>;

/// Something that the user does by a key or by name; `T` is the owner's type.
pub struct Action<T: ?Sized> {
    pub label: Label,
    bindings: Vec<(Key, Do<T>)>,
}

/// The description of an action, without its effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Such as `train.pause`: the name of the action in tests, palette, key bindings and documentation.
    pub id: &'static str,
    /// The keys as shown in the key line.
    pub keys: String,
    /// Every key, in the order of its bindings.
    pub all_keys: Vec<Key>,
    /// Two or three words, for key line and palette.
    pub name: String,
    pub help: String,
    /// Why the action is not available now.
    pub blocked: Option<String>,
    pub worth: Worth,
    /// Whether all its keys do the same, so that it can be run by name.
    pub is_one: bool,
}

/// The priority of a key in the key line, which is filled in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worth {
    /// Always shown, at the end of the line: help, quit, and the key that leaves the current place.
    Always,
    /// The most likely actions here.
    First,
    Usual,
    /// Shown if there is room left.
    Spare,
    /// Never in the line: it is shown elsewhere on the screen, or it works everywhere.
    Elsewhere,
}

impl Label {
    /// Its position in the key line: blocked actions follow available ones of the same worth.
    pub fn rank(&self) -> usize {
        self.worth as usize + usize::from(self.blocked.is_some())
    }

    pub fn help_keys(&self) -> String {
        match self.is_one {
            true => {
                let keys = self.all_keys.iter().map(Key::to_string);
                keys.collect::<Vec<_>>().join(" ")
            }
            false => self.keys.clone(),
        }
    }
}

impl<T: ?Sized + 'static> Action<T> {
    /// An action with its key and its name in key line and palette; add [`help`](Self::help) and [`does`](Self::does).
    pub fn of(id: &'static str, key: impl Into<Key>, name: impl Into<String>) -> Self {
        let key = key.into();
        let mut action = Self::without_key(id, key.to_string(), name);
        if key == Key::ESCAPE {
            action.label.worth = Worth::Always;
        }
        action.bind(key, Rc::new(|_, _| {}))
    }

    fn without_key(id: &'static str, keys: String, name: impl Into<String>) -> Self {
        let label = Label {
            id,
            keys,
            all_keys: Vec::new(),
            name: name.into(),
            help: String::new(),
            blocked: None,
            worth: Worth::Usual,
            is_one: true,
        };
        let bindings = Vec::new();
        Self { label, bindings }
    }

    /// [`of`](Self::of), [`help`](Self::help) and [`does`](Self::does) in one.
    pub fn new(
        id: &'static str,
        key: impl Into<Key>,
        name: &str,
        help: &str,
        does: impl Fn(&mut T, &mut Lab) + 'static,
    ) -> Self {
        Self::of(id, key, name).help(help).does(does)
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.label.help = help.into();
        self
    }

    /// Sets what all its keys do.
    pub fn does(mut self, does: impl Fn(&mut T, &mut Lab) + 'static) -> Self {
        let does: Do<T> = Rc::new(does);
        for (_, bound) in &mut self.bindings {
            *bound = Rc::clone(&does);
        }
        self
    }

    /// Adds another key for the same, which only the help shows.
    pub fn or(self, key: impl Into<Key>) -> Self {
        let does = Rc::clone(&self.bindings[0].1);
        self.bind(key.into(), does)
    }

    /// An action with the given cursor keys and their motions; the key line shows them as `keys`.
    pub fn along(
        id: &'static str,
        (keys, motions): (&str, impl IntoIterator<Item = (Key, Motion)>),
        name: &str,
        go: impl Fn(&mut T, &mut Lab, Motion) + 'static,
    ) -> Self {
        let go = Rc::new(go);
        let mut action = Self::without_key(id, keys.to_owned(), name);
        action.label.is_one = false;
        for (key, motion) in motions {
            let go = Rc::clone(&go);
            action = action.bind(key, Rc::new(move |it, lab| go(it, lab, motion)));
        }
        action
    }

    /// An action with all cursor keys; the key line shows them as `keys`.
    pub fn cursor(
        id: &'static str,
        keys: &str,
        name: &str,
        help: &str,
        go: impl Fn(&mut T, &mut Lab, Motion) + 'static,
    ) -> Self {
        Self::along(id, (keys, CURSOR_KEYS), name, go).help(format!("{help} {CURSOR_HELP}"))
    }

    /// Blocks the action if there is a reason.
    pub fn blocked_by(mut self, reason: Option<String>) -> Self {
        self.label.blocked = reason;
        self
    }

    pub fn blocked_unless(self, possible: bool, reason: &str) -> Self {
        self.blocked_by((!possible).then(|| reason.to_owned()))
    }

    pub fn worth(mut self, worth: Worth) -> Self {
        self.label.worth = worth;
        self
    }

    /// Puts it among the first of the key line.
    pub fn first(self) -> Self {
        self.worth(Worth::First)
    }

    /// Shows it in the key line only if there is room left.
    pub fn quiet(self) -> Self {
        self.worth(Worth::Spare)
    }

    fn bind(mut self, key: Key, does: Do<T>) -> Self {
        self.label.all_keys.push(key);
        self.bindings.push((key, does));
        self
    }
}

/// Selects an action of a list.
#[derive(Clone, Copy, Debug)]
pub enum Wish<'a> {
    Key(Key),
    Id(&'a str),
}

/// Runs the selected action, or shows why it is blocked; returns whether the list has it.
pub fn act<'a, T: ?Sized + 'static>(
    actions: impl IntoIterator<Item = &'a Action<T>>,
    wish: Wish<'_>,
    it: &mut T,
    lab: &mut Lab,
) -> bool {
    for Action { label, bindings } in actions {
        let found = bindings.iter().find(|(key, _)| match wish {
            Wish::Key(wanted) => *key == wanted,
            Wish::Id(id) => label.is_one && label.id == id,
        });
        let Some((key, does)) = found else { continue };
        match &label.blocked {
            Some(reason) => lab.refuse(format!("{key} ({}): {reason}", label.name)),
            None => does(it, lab),
        }
        return true;
    }
    false
}
