//! The actions of the View pane.

use crossterm::event::KeyCode;

use super::layout::size_limits;
use super::{Mode, ViewPane, pickers};
use crate::data::DatasetSummary;
use crate::lab::{Action, HasActions, Lab};
use crate::ui::Key;

impl HasActions for ViewPane {
    fn actions(&self, lab: &Lab) -> Vec<Action<Self>> {
        let blocked = Blocked::of(self, lab);
        let mut actions = match self.mode {
            Mode::Grid => grid(self, lab, &blocked),
            Mode::Enlarged => enlarged(&blocked),
            Mode::Statistics => statistics(&blocked),
            Mode::Preview => preview(&blocked),
        };
        let out = match (self.mode, self.class) {
            (Mode::Grid, None) => None,
            (Mode::Grid, Some(_)) => Some(("all classes", "show the images of all classes")),
            (_, _) => Some(("back", "return to the images")),
        };
        actions.extend(out.map(|(name, help)| {
            Action::new(
                "view.back",
                Key::ESCAPE,
                name,
                help,
                |pane: &mut Self, _| pane.back(),
            )
        }));
        actions
    }
}

impl ViewPane {
    fn back(&mut self) {
        match self.mode {
            Mode::Grid => {
                self.class = None;
                self.first_page();
            }
            _ => self.mode = Mode::Grid,
        }
    }
}

/// What an action does to the pane.
type Does = fn(&mut ViewPane, &mut Lab);

/// Why some actions are not available now.
struct Blocked {
    no_data: Option<String>,
    no_image: Option<String>,
    /// The splits of the set, in short.
    splits: &'static str,
}

impl Blocked {
    fn of(pane: &ViewPane, lab: &Lab) -> Self {
        let is_empty = pane.current().is_none();
        let no_image = || is_empty.then(|| "no image under the cursor".to_owned());
        Self {
            no_data: lab.no_set(),
            no_image: lab.no_set().or_else(no_image),
            splits: match lab.chosen_set().and_then(DatasetSummary::validation_len) {
                Some(_) => "train/val/test",
                None => "train/test",
            },
        }
    }

    /// An action that needs a set.
    fn action(
        &self,
        id: &'static str,
        key: impl Into<Key>,
        (name, help): (&str, &str),
        does: Does,
    ) -> Action<ViewPane> {
        Action::new(id, key, name, help, does).blocked_by(self.no_data.clone())
    }

    /// An action that needs an image.
    fn on_image(
        &self,
        id: &'static str,
        key: impl Into<Key>,
        (name, help): (&str, &str),
        does: Does,
    ) -> Action<ViewPane> {
        Action::new(id, key, name, help, does).blocked_by(self.no_image.clone())
    }

    fn colors(&self) -> Action<ViewPane> {
        Action::new(
            "view.colors",
            'c',
            "colours",
            "the next colour map of images: grey, cividis, viridis",
            |_, lab| lab.next_image_colors(),
        )
    }

    fn split(&self) -> Action<ViewPane> {
        self.action(
            "view.split",
            't',
            (
                self.splits,
                "switch between training and test images, and the validation images if the set brings some",
            ),
            |pane, lab| pane.next_split(lab),
        )
    }

    fn set(&self) -> Action<ViewPane> {
        self.action(
            "view.set",
            'd',
            ("set", "choose one of the loaded sets for the whole program"),
            |_, lab| pickers::sets(lab),
        )
    }

    fn activations(&self) -> Action<ViewPane> {
        self.on_image(
            "view.activations",
            'a',
            (
                "activations",
                "show the feature maps of every layer for the image under the cursor",
            ),
            ViewPane::show_activations,
        )
    }

    fn preview(&self) -> Action<ViewPane> {
        self.on_image(
            "view.augmentation",
            'v',
            (
                "augment",
                "preview augmented versions of the image under the cursor",
            ),
            |pane, _| pane.open(Mode::Preview),
        )
    }

    /// To the next and the previous image, in the same mode.
    fn neighbours(&self) -> [Action<ViewPane>; 2] {
        [
            self.on_image(
                "view.next_image",
                'n',
                (
                    "next",
                    "show the next image; after the last one, the next page",
                ),
                |pane, lab| pane.step_image(lab, true),
            ),
            self.on_image(
                "view.previous_image",
                'p',
                ("previous", "show the previous image"),
                |pane, lab| pane.step_image(lab, false),
            ),
        ]
    }
}

fn no_marks(lab: &Lab) -> Option<String> {
    let set = lab.chosen_set()?;
    let none = lab.corrections.of(&set.name).is_empty();
    none.then(|| {
        format!(
            "no training image of {} is marked; s on the Results pane lists suspect labels",
            set.name
        )
    })
}

fn grid(pane: &ViewPane, lab: &Lab, blocked: &Blocked) -> Vec<Action<ViewPane>> {
    let (larger, smaller) = size_limits(pane, lab);
    vec![
        blocked
            .action(
                "view.random",
                'r',
                ("random", "show another random page"),
                ViewPane::random_page,
            )
            .first(),
        blocked.action(
            "view.class",
            '/',
            ("class", "show only one class"),
            |pane, lab| pickers::classes(pane, lab),
        ),
        blocked.split(),
        blocked
            .on_image(
                "view.enter",
                KeyCode::Enter,
                (
                    "enlarge",
                    "enlarge the image, with its pixel values and histogram; Esc returns",
                ),
                ViewPane::enter,
            )
            .first(),
        blocked.action(
            "view.statistics",
            'm',
            (
                "stats",
                "show class balance, duplicate images, and the mean image and spread of each class",
            ),
            |pane, _| pane.open(Mode::Statistics),
        ),
        blocked.preview(),
        blocked.action(
            "view.next_page",
            'n',
            ("next", "show the next page, in the order of the set"),
            |pane, lab| pane.step_page(lab, true),
        ),
        blocked.action(
            "view.previous_page",
            'p',
            ("previous", "show the previous page, in the order of the set"),
            |pane, lab| pane.step_page(lab, false),
        ),
        blocked.action(
            "view.number",
            '#',
            (
                "how many",
                "choose the number of images per page: 1, 4, 9 … 400, or as many as fit",
            ),
            |pane, lab| pickers::numbers(pane, lab),
        ),
        blocked.set(),
        blocked
            .action(
                "view.marks",
                'X',
                (
                    "marked",
                    "list the training images that are excluded or relabelled, and show one of them",
                ),
                |_, lab| pickers::marks(lab),
            )
            .blocked_by(blocked.no_data.clone().or_else(|| no_marks(lab)))
            .quiet(),
        blocked.colors(),
        blocked
            .action(
                "view.larger",
                '+',
                ("larger", "show fewer, larger images"),
                |pane, lab| pane.resize_images(lab, true),
            )
            .or('=')
            .blocked_by(larger)
            .quiet(),
        blocked
            .action(
                "view.smaller",
                '-',
                ("smaller", "show more, smaller images"),
                |pane, lab| pane.resize_images(lab, false),
            )
            .blocked_by(smaller)
            .quiet(),
        blocked.activations().first(),
        moves(
            "←↓↑→",
            "move",
            "move between images; PgDn and PgUp turn pages in the order of the set",
        )
        .quiet(),
    ]
}

fn enlarged(blocked: &Blocked) -> Vec<Action<ViewPane>> {
    let [next, previous] = blocked.neighbours();
    vec![
        moves(
            "←↓↑→",
            "pixel",
            "move between pixels; PgDn and PgUp move ten rows",
        ),
        next,
        previous,
        blocked.action(
            "view.logarithm",
            'y',
            (
                "log scale",
                "switch the histogram between linear and logarithmic counts",
            ),
            |pane, _| pane.is_logarithmic = !pane.is_logarithmic,
        ),
        blocked.activations(),
        blocked.colors(),
        blocked.preview(),
        blocked
            .action(
                "view.random",
                'r',
                ("random", "show another random page"),
                ViewPane::random_page,
            )
            .quiet(),
    ]
}

fn statistics(blocked: &Blocked) -> Vec<Action<ViewPane>> {
    vec![
        moves("↓↑", "class", "move between classes"),
        blocked.action(
            "view.face",
            'v',
            (
                "view",
                "switch between class table, mean images and spreads",
            ),
            |pane, _| pane.next_face(),
        ),
        blocked.split(),
        blocked.action(
            "view.images",
            'm',
            ("images", "return to the images"),
            |pane, _| pane.open(Mode::Grid),
        ),
        blocked.action(
            "view.enter",
            KeyCode::Enter,
            (
                "its images",
                "show the images of the class under the cursor",
            ),
            ViewPane::enter,
        ),
        blocked.colors(),
        blocked.set(),
    ]
}

fn preview(blocked: &Blocked) -> Vec<Action<ViewPane>> {
    let [next, previous] = blocked.neighbours();
    vec![
        blocked.on_image(
            "view.edit",
            'e',
            (
                "edit",
                "change the settings; the versions update immediately",
            ),
            ViewPane::edit_augmentation,
        ),
        blocked.on_image(
            "view.versions",
            'r',
            ("other versions", "show the versions of the next epochs"),
            |pane, _| pane.new_versions(),
        ),
        blocked.on_image(
            "view.enter",
            KeyCode::Enter,
            ("apply", "augment training images with these settings"),
            ViewPane::enter,
        ),
        next,
        previous,
        blocked.split(),
        blocked.colors(),
        moves("←→", "image", "show the previous or next image").quiet(),
    ]
}

/// The cursor's keys, of which the key line shows `keys`.
fn moves(keys: &str, name: &str, help: &str) -> Action<ViewPane> {
    Action::cursor("view.move", keys, name, help, ViewPane::go)
}
