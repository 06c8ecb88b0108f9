//! What can be done on the View pane.

use crossterm::event::KeyCode;

use super::layout::size_limits;
use super::{Mode, ViewPane, pickers};
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
            (Mode::Grid, Some(_)) => Some(("all classes", "show the images of all classes again")),
            (_, _) => Some(("back", "back to the images")),
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

/// Why some things cannot be done now.
struct Blocked {
    no_data: Option<String>,
    no_image: Option<String>,
}

impl Blocked {
    fn of(pane: &ViewPane, lab: &Lab) -> Self {
        let is_empty = pane.current().is_none();
        let no_image = || is_empty.then(|| "there is no image here".to_owned());
        Self {
            no_data: lab.no_set(),
            no_image: lab.no_set().or_else(no_image),
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
            ("train/test", "switch between training and test images"),
            |pane, _| pane.toggle_split(),
        )
    }

    fn set(&self) -> Action<ViewPane> {
        self.action(
            "view.set",
            'd',
            (
                "set",
                "choose one of the loaded sets; the whole program follows it",
            ),
            |_, lab| pickers::sets(lab),
        )
    }

    fn activations(&self) -> Action<ViewPane> {
        self.on_image(
            "view.activations",
            'a',
            (
                "activations",
                "what the network makes of the image under the cursor",
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
                "the image under the cursor beside what augmentation makes of it",
            ),
            |pane, _| pane.open(Mode::Preview),
        )
    }

    /// From image to image without leaving.
    fn neighbours(&self) -> [Action<ViewPane>; 2] {
        [
            self.on_image(
                "view.next_image",
                'n',
                (
                    "next",
                    "the next image; after the last one of the page, the next page",
                ),
                |pane, lab| pane.step_image(lab, true),
            ),
            self.on_image(
                "view.previous_image",
                'p',
                ("previous", "the image before"),
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
            "no training image of {} is marked: s on the Results pane shows suspects",
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
                ("random", "a new random page"),
                ViewPane::random_page,
            )
            .first(),
        blocked.action(
            "view.class",
            '/',
            ("class", "show the images of one class only"),
            |pane, lab| pickers::classes(pane, lab),
        ),
        blocked.split(),
        blocked
            .on_image(
                "view.enter",
                KeyCode::Enter,
                (
                    "enlarge",
                    "one image with its pixel values and histogram; Esc leads back",
                ),
                ViewPane::enter,
            )
            .first(),
        blocked.action(
            "view.statistics",
            'm',
            (
                "stats",
                "mean image and spread of each class, class balance, images that are there twice",
            ),
            |pane, _| pane.open(Mode::Statistics),
        ),
        blocked.preview(),
        blocked.action(
            "view.next_page",
            'n',
            ("next", "the next page, in the order of the set"),
            |pane, lab| pane.step_page(lab, true),
        ),
        blocked.action(
            "view.previous_page",
            'p',
            ("previous", "the page before, in the order of the set"),
            |pane, lab| pane.step_page(lab, false),
        ),
        blocked.action(
            "view.number",
            '#',
            (
                "how many",
                "show a certain number of images, 1, 4, 9 … 400, or as many as fit",
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
                    "the training images that are left out of trainings or relabelled, and which of them to look at",
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
                ("larger", "fewer and larger images"),
                |pane, lab| pane.resize_images(lab, true),
            )
            .or('=')
            .blocked_by(larger)
            .quiet(),
        blocked
            .action(
                "view.smaller",
                '-',
                ("smaller", "more and smaller images"),
                |pane, lab| pane.resize_images(lab, false),
            )
            .blocked_by(smaller)
            .quiet(),
        blocked.activations().first(),
        moves(
            "←↓↑→",
            "move",
            "go from image to image; a page is a page of images in order",
        )
        .quiet(),
    ]
}

fn enlarged(blocked: &Blocked) -> Vec<Action<ViewPane>> {
    let [next, previous] = blocked.neighbours();
    vec![
        moves("←↓↑→", "pixel", "go from pixel to pixel, ten rows a page"),
        next,
        previous,
        blocked.action(
            "view.logarithm",
            'y',
            (
                "logarithm",
                "the histogram's counts, or their logarithms, which show small counts too",
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
                ("random", "a new random page"),
                ViewPane::random_page,
            )
            .quiet(),
    ]
}

fn statistics(blocked: &Blocked) -> Vec<Action<ViewPane>> {
    vec![
        moves("↓↑", "class", "go from class to class"),
        blocked.action(
            "view.face",
            'v',
            (
                "view",
                "the table of classes, the mean image of every class, or its spread",
            ),
            |pane, _| pane.next_face(),
        ),
        blocked.split(),
        blocked.action(
            "view.images",
            'm',
            ("images", "back to the images"),
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
            ("edit", "change the settings; the versions follow at once"),
            ViewPane::edit_augmentation,
        ),
        blocked.on_image(
            "view.versions",
            'r',
            (
                "other versions",
                "what the next epochs of the training would make of the image",
            ),
            |pane, _| pane.new_versions(),
        ),
        blocked.on_image(
            "view.enter",
            KeyCode::Enter,
            (
                "take",
                "let the training change its images with these settings",
            ),
            ViewPane::enter,
        ),
        next,
        previous,
        blocked.split(),
        blocked.colors(),
        moves("←→", "image", "the image before and after").quiet(),
    ]
}

/// The cursor's keys, of which the key line shows `keys`.
fn moves(keys: &str, name: &str, help: &str) -> Action<ViewPane> {
    Action::cursor("view.move", keys, name, help, ViewPane::go)
}
