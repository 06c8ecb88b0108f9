//! What can be done on the Activations pane.

use crossterm::event::KeyCode;

use super::{ActivationsPane, Depth, health, look};
use crate::lab::{Action, HasActions, Lab, Worth};

impl HasActions for ActivationsPane {
    fn actions(&self, lab: &Lab) -> Vec<Action<Self>> {
        if self.health.is_open {
            return health::open_actions();
        }
        let blocked = lab.look_blocked();
        let mut actions = self.of_depth(blocked.as_ref());
        actions.extend(self.of_image(lab, blocked.as_ref()));
        actions
    }
}

/// What an action does to the pane.
type Does = fn(&mut ActivationsPane, &mut Lab);

fn action(
    id: &'static str,
    key: char,
    (name, help): (&str, &str),
    does: Does,
) -> Action<ActivationsPane> {
    Action::new(id, key, name, help, does)
}

pub(super) fn enter(name: &str, help: &str) -> Action<ActivationsPane> {
    let id = "activations.enter";
    Action::new(id, KeyCode::Enter, name, help, ActivationsPane::enter).first()
}

pub(super) fn back(help: &str) -> Action<ActivationsPane> {
    let does = |pane: &mut ActivationsPane, _: &mut Lab| pane.back();
    Action::new("activations.back", KeyCode::Esc, "back", help, does)
}

/// The cursor's keys, of which the key line shows `keys`.
pub(super) fn moves(
    id: &'static str,
    keys: &str,
    name: &str,
    help: &str,
) -> Action<ActivationsPane> {
    Action::cursor(id, keys, name, help, ActivationsPane::go)
}

impl ActivationsPane {
    fn back(&mut self) {
        if std::mem::take(&mut self.health.is_open) {
            return;
        }
        self.depth = match self.depth {
            Depth::Maps | Depth::Map => Depth::Maps,
            Depth::Exciting | Depth::Products => Depth::Map,
        };
    }

    pub(super) fn toggle_health(&mut self, lab: &mut Lab) {
        self.health.is_open = !self.health.is_open;
        self.health.layer = self.layer;
        lab.zoomed = false;
    }

    fn toggle_range(&mut self, lab: &mut Lab) {
        self.by_layer_range = !self.by_layer_range;
        lab.inform(match self.by_layer_range {
            true => "All maps of the layer by one range: they can be compared.",
            false => "Each map by its own mean and deviation: faint ones show too.",
        });
    }

    /// What the keys do at the present depth.
    fn of_depth(&self, blocked: Option<&String>) -> Vec<Action<Self>> {
        let back = back("one step out");
        let moves = |keys, name, help| moves("activations.move", keys, name, help);
        match self.depth {
            Depth::Maps => vec![
                moves(
                    "←→",
                    "layer",
                    "left and right go through the layers, up and down through the maps of one, page by page with PgUp and PgDn",
                )
                .blocked_by(blocked.cloned()),
                enter(
                    "enlarge",
                    "the map under the cursor, large, beside the weights of its filter",
                )
                .blocked_by(blocked.cloned()),
            ],
            Depth::Map => vec![
                moves("←↓↑→", "value", "go from value to value of the map"),
                enter(
                    "its sum",
                    "the arithmetic of the value under the cursor: its window, weights, products, sum and bias",
                ),
                action(
                    "activations.excite",
                    'x',
                    (
                        "excites",
                        "what excites the map's filter most: images of the set, and one made for it by gradient ascent",
                    ),
                    |pane, _| pane.depth = Depth::Exciting,
                )
                .blocked_by(blocked.cloned())
                .first(),
                back,
            ],
            Depth::Exciting => vec![
                moves("←→", "filter", "the filter before and the next"),
                back,
            ],
            Depth::Products => vec![
                moves("↑↓", "products", "go through the input channels"),
                back,
            ],
        }
    }

    /// What the keys do with the image, its explanation and the weights.
    fn of_image(&self, lab: &Lab, blocked: Option<&String>) -> Vec<Action<Self>> {
        let no_set = || lab.no_set().or_else(|| lab.misfit());
        let class = |id, key, words, does: Does| {
            action(id, key, words, does).blocked_unless(
                self.why.method.is_some(),
                "press w first: it explains a class",
            )
        };
        let map = |id, key, words, does: Does| {
            let action = action(id, key, words, does);
            action.blocked_by(blocked.cloned()).quiet()
        };
        let is_pinned = lab.looked.pin.is_some();
        let method = self.why.current();
        let past = match look::kept_epochs(lab).is_empty() {
            true => Worth::Spare,
            false => Worth::First,
        };
        vec![
            // From map to map, at every depth.
            map(
                "activations.next_map",
                'L',
                ("next map", "put the cursor on the next map"),
                |pane, lab| pane.step_map(lab, true),
            ),
            map(
                "activations.previous_map",
                'H',
                ("previous map", "put the cursor on the map before"),
                |pane, lab| pane.step_map(lab, false),
            ),
            action(
                "activations.pin",
                'p',
                (
                    if is_pinned { "unpin" } else { "pin" },
                    "hold the image, whatever pane, set or training comes, or let it go",
                ),
                |_, lab| lab.pin_or_unpin(),
            )
            .blocked_by(no_set().filter(|_| !is_pinned)),
            action(
                "activations.why",
                'w',
                (
                    "why",
                    "lay over the image what speaks for a class (orange) and against it (blue); each press takes the next method",
                ),
                |pane, lab| pane.why.next_method(lab),
            )
            .blocked_by(blocked.cloned())
            .first(),
            action(
                "activations.health",
                'i',
                (
                    "health",
                    "how the network is: dead ReLUs, weights, values and gradients of each layer over the epochs",
                ),
                Self::toggle_health,
            )
            .blocked_by(lab.misfit()),
            action(
                "activations.earlier",
                '<',
                ("earlier", "the weights of an earlier epoch of the run"),
                |pane, lab| pane.step_epoch(lab, false),
            )
            .or(',')
            .worth(past),
            action(
                "activations.later",
                '>',
                (
                    "later",
                    "the weights of a later epoch, up to the latest",
                ),
                |pane, lab| pane.step_epoch(lab, true),
            )
            .or('.')
            .worth(past),
            action(
                "activations.random",
                'r',
                ("random image", "look at another image"),
                |_, lab| lab.look_at_random(),
            )
            .blocked_by(no_set()),
            action(
                "activations.split",
                't',
                (
                    "train/test",
                    "take the image from the training or the test images",
                ),
                |_, lab| lab.look_at_other_split(),
            )
            .blocked_by(no_set()),
            action(
                "activations.settings",
                'e',
                ("settings", "the settings of the method that explains"),
                |pane, lab| pane.why.open_settings(lab),
            )
            .blocked_unless(
                method.is_some_and(|method| !method.values().is_empty()),
                "press w until a method with settings explains the image",
            )
            .first(),
            class(
                "activations.next_class",
                'n',
                (
                    "next class",
                    "explain the score of the next class instead of the most probable one",
                ),
                |pane, lab| pane.why.step_class(lab, true),
            )
            .first(),
            class(
                "activations.previous_class",
                'N',
                ("previous class", "explain the score of the class before"),
                |pane, lab| pane.why.step_class(lab, false),
            )
            .quiet(),
            action(
                "activations.range",
                'v',
                (
                    "range",
                    "colour each map by its own values, or all by the range of their layer, to compare them",
                ),
                Self::toggle_range,
            )
            .quiet(),
            action(
                "activations.colors",
                'c',
                (
                    "colours",
                    "the next colour map of maps and weights: viridis, grey, cividis",
                ),
                |_, lab| lab.next_map_colors(),
            )
            .quiet(),
            action(
                "activations.image_colors",
                'C',
                (
                    "image colours",
                    "the next colour map of images: grey, cividis, viridis",
                ),
                |_, lab| lab.next_image_colors(),
            )
            .quiet(),
        ]
    }
}
