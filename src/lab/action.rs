//! What a person can do: key line, help, palette, the keys themselves, tests and documentation all come from lists of these.

use std::rc::Rc;

use super::{Lab, Motion};
use crate::ui::Key;
use crate::ui::keys::{CURSOR_HELP, CURSOR_KEYS};

/// What an action does to what it belongs to (a pane, an overlay) and to what all panes share.
type Do<T> = Rc<dyn Fn(&mut T, &mut Lab)>;

/// Something that a person does with a key or by its name; `T` is what it belongs to.
pub struct Action<T: ?Sized> {
    pub label: Label,
    bindings: Vec<(Key, Do<T>)>,
}

/// An action without what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Such as `train.pause`: by it tests, palette, key bindings and documentation name the action.
    pub id: &'static str,
    /// How the keys are written in the key line.
    pub keys: String,
    /// Every key, in the order of its bindings.
    pub all_keys: Vec<Key>,
    /// In two or three words, for key line and palette.
    pub name: String,
    /// In a sentence, for the help.
    pub help: String,
    /// Why it cannot be done now.
    pub blocked: Option<String>,
    /// Whether the key line shows it.
    pub in_key_line: bool,
    /// Whether all its keys do the same, so that it can be done by its name.
    pub is_one: bool,
}

impl Label {
    /// Every key, for the help.
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
    pub fn new(
        id: &'static str,
        key: impl Into<Key>,
        name: &str,
        help: &str,
        does: impl Fn(&mut T, &mut Lab) + 'static,
    ) -> Self {
        let key = key.into();
        Self {
            label: Label {
                id,
                keys: key.to_string(),
                all_keys: vec![key],
                name: name.to_owned(),
                help: help.to_owned(),
                blocked: None,
                in_key_line: true,
                is_one: true,
            },
            bindings: vec![(key, Rc::new(does))],
        }
    }

    /// Another key for the same, that only the help names.
    pub fn or(mut self, key: impl Into<Key>) -> Self {
        let does = Rc::clone(&self.bindings[0].1);
        self.bind(key.into(), does);
        self
    }

    /// Another key, which does something of its own: the key line shows both as `keys`.
    pub fn and(mut self, keys: &str, key: Key, does: impl Fn(&mut T, &mut Lab) + 'static) -> Self {
        self.bind(key, Rc::new(does));
        self.label.keys = keys.to_owned();
        self.label.is_one = false;
        self
    }

    /// All keys of a cursor; the key line shows them as `keys`.
    pub fn cursor(
        id: &'static str,
        keys: &str,
        name: &str,
        help: &str,
        go: impl Fn(&mut T, &mut Lab, Motion) + 'static,
    ) -> Self {
        let help = format!("{help} {CURSOR_HELP}");
        Self::moves(id, (keys, CURSOR_KEYS), name, &help, go)
    }

    /// Keys of a cursor, each with its motion; the key line shows them as `keys`.
    pub fn moves<const N: usize>(
        id: &'static str,
        (keys, motions): (&str, [(Key, Motion); N]),
        name: &str,
        help: &str,
        go: impl Fn(&mut T, &mut Lab, Motion) + 'static,
    ) -> Self {
        let go = Rc::new(go);
        let bindings = motions.map(|(key, motion)| {
            let go = Rc::clone(&go);
            let does: Do<T> = Rc::new(move |it: &mut T, lab: &mut Lab| go(it, lab, motion));
            (key, does)
        });
        Self {
            label: Label {
                id,
                keys: keys.to_owned(),
                all_keys: motions.iter().map(|(key, _)| *key).collect(),
                name: name.to_owned(),
                help: help.to_owned(),
                blocked: None,
                in_key_line: true,
                is_one: false,
            },
            bindings: bindings.into(),
        }
    }

    /// Cannot be done now, for this reason if there is one.
    pub fn blocked_by(mut self, reason: Option<String>) -> Self {
        self.label.blocked = reason;
        self
    }

    pub fn blocked_unless(self, possible: bool, reason: &str) -> Self {
        self.blocked_by((!possible).then(|| reason.to_owned()))
    }

    /// Leaves it out of the key line.
    pub fn quiet(mut self) -> Self {
        self.label.in_key_line = false;
        self
    }

    fn bind(&mut self, key: Key, does: Do<T>) {
        self.label.all_keys.push(key);
        self.bindings.push((key, does));
    }

    /// Does it, or says why not.
    fn go(&self, key: Key, does: &Do<T>, it: &mut T, lab: &mut Lab) {
        match &self.label.blocked {
            Some(reason) => lab.refuse(format!("{key} ({}): {reason}", self.label.name)),
            None => does(it, lab),
        }
    }
}

/// Which action of a list is meant.
#[derive(Clone, Copy, Debug)]
pub enum Wish<'a> {
    Key(Key),
    Id(&'a str),
}

/// Does what is meant; says whether the list has it.
pub fn act<T: ?Sized + 'static>(
    actions: &[Action<T>],
    wish: Wish<'_>,
    it: &mut T,
    lab: &mut Lab,
) -> bool {
    let found = actions.iter().find_map(|action| {
        let mut bindings = action.bindings.iter();
        let binding = bindings.find(|(bound, _)| match wish {
            Wish::Key(key) => *bound == key,
            Wish::Id(id) => action.label.is_one && action.label.id == id,
        });
        binding.map(|(key, does)| (action, *key, does))
    });
    if let Some((action, key, does)) = found {
        action.go(key, does, it, lab);
    }
    found.is_some()
}
