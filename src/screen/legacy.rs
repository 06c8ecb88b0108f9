//! Panes and overlays that still go by messages.

use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::lab::{Action, HasActions, Lab, Label, Pane, PaneId};
use crate::state::update;
use crate::ui::Key;
use crate::ui::theme::Theme;

pub(crate) struct Legacy(pub PaneId);

impl HasActions for Legacy {
    fn actions(&self, lab: &Lab) -> Vec<Action<Self>> {
        let pane = crate::ui::legacy_pane(self.0);
        let actions = pane.actions(lab).into_iter();
        actions
            .map(|action| {
                let label = label_of(action.clone());
                Action::of_parts(
                    label,
                    action.bindings.into_iter().map(|(key, message)| {
                        let does = move |_: &mut Self, lab: &mut Lab| {
                            update::message(lab, message.clone());
                        };
                        (key, Rc::new(does) as _)
                    }),
                )
            })
            .collect()
    }
}

impl Pane for Legacy {
    fn id(&self) -> PaneId {
        self.0
    }

    fn title(&self) -> &'static str {
        crate::ui::legacy_pane(self.0).title()
    }

    fn about(&self) -> &'static str {
        crate::ui::legacy_pane(self.0).about()
    }

    fn paste(&mut self, text: &str, lab: &mut Lab) {
        if let Some(message) = crate::ui::paste(text.to_owned(), lab) {
            update::message(lab, message);
        }
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        crate::ui::legacy_pane(self.0).draw(lab, area, buffer, theme);
    }
}

pub(super) fn draw_overlay(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    crate::ui::draw_overlay(lab, area, buffer, theme);
}

/// The actions of the overlay that is open.
pub(super) fn overlay_labels(lab: &Lab) -> Option<Vec<Label>> {
    let actions = crate::ui::overlay_actions(lab)?.into_iter();
    Some(actions.map(label_of).collect())
}

fn label_of(action: crate::ui::OldAction) -> Label {
    Label {
        id: "",
        keys: action.keys.clone(),
        all_keys: action.bindings.iter().map(|(key, _)| *key).collect(),
        is_one: action.message().is_some(),
        name: action.name,
        help: action.help,
        blocked: action.blocked,
        in_key_line: action.in_key_line,
    }
}

pub(super) fn press(lab: &mut Lab, key: Key) {
    if let Some(message) = crate::ui::overlay_message(key, lab) {
        update::message(lab, message);
    }
}

pub(super) fn paste(lab: &mut Lab, text: String) {
    if let Some(message) = crate::ui::paste(text, lab) {
        update::message(lab, message);
    }
}
