//! What can be done on the View pane.

use crossterm::event::KeyCode;

use super::layout::size_limits;
use crate::state::{Lab, Message, PickerKind, ViewMessage, ViewMode};
use crate::ui::action::Action;
use crate::ui::keys::Key;

pub fn actions(lab: &Lab) -> Vec<Action> {
    let blocked = Blocked::of(lab);
    match lab.view.mode {
        ViewMode::Grid => grid(lab, &blocked),
        ViewMode::Enlarged => enlarged(&blocked),
        ViewMode::Statistics => statistics(&blocked),
        ViewMode::Preview => preview(&blocked),
    }
}

/// Why some things cannot be done now.
struct Blocked {
    no_data: Option<String>,
    no_image: Option<String>,
}

impl Blocked {
    fn of(lab: &Lab) -> Self {
        let no_data = lab
            .chosen_set()
            .is_none()
            .then(|| "no data is loaded".to_owned());
        let is_empty = lab.view.current().is_none();
        Self {
            no_image: no_data
                .clone()
                .or_else(|| is_empty.then(|| "there is no image here".to_owned())),
            no_data,
        }
    }

    /// An action that needs a set.
    fn action(&self, key: char, name: &str, help: &str, message: Message) -> Action {
        Action::new(Key::char(key), name, help, message).blocked_by(self.no_data.clone())
    }

    /// An action that needs an image.
    fn on_image(&self, key: Key, name: &str, help: &str, message: Message) -> Action {
        Action::new(key, name, help, message).blocked_by(self.no_image.clone())
    }

    fn colors(&self) -> Action {
        Action::new(
            Key::char('c'),
            "colours",
            "the next colour map: viridis, grey, cividis",
            Message::NextColorMap,
        )
    }

    fn split(&self) -> Action {
        self.action(
            't',
            "train/test",
            "switch between training and test images",
            Message::ToggleSplit,
        )
    }

    fn set(&self) -> Action {
        self.action(
            'd',
            "set",
            "choose one of the loaded sets; the whole program follows it",
            Message::Pick(PickerKind::Set),
        )
    }

    fn activations(&self) -> Action {
        self.on_image(
            Key::char('a'),
            "activations",
            "what the network makes of the image under the cursor",
            Message::ShowActivations,
        )
    }

    fn statistics(&self) -> Action {
        self.action(
            'm',
            "stats",
            "mean image and spread of each class, class balance, images that are there twice",
            Message::View(ViewMessage::Open(ViewMode::Statistics)),
        )
    }

    fn preview(&self) -> Action {
        self.on_image(
            Key::char('v'),
            "augment",
            "the image under the cursor beside what augmentation makes of it",
            Message::View(ViewMessage::Open(ViewMode::Preview)),
        )
    }

    /// From image to image without leaving.
    fn neighbours(&self) -> [Action; 2] {
        [
            self.on_image(
                Key::char('n'),
                "next",
                "the next image; after the last one of the page, the next page",
                Message::View(ViewMessage::NextImage),
            ),
            self.on_image(
                Key::char('p'),
                "previous",
                "the image before",
                Message::View(ViewMessage::PreviousImage),
            ),
        ]
    }
}

fn grid(lab: &Lab, blocked: &Blocked) -> Vec<Action> {
    let (larger, smaller) = size_limits(lab);
    vec![
        blocked.action('r', "random", "a new random page", Message::RandomPage),
        blocked.action(
            '/',
            "class",
            "show the images of one class only",
            Message::Pick(PickerKind::Class),
        ),
        blocked.split(),
        blocked.on_image(
            Key::code(KeyCode::Enter),
            "enlarge",
            "one image with its pixel values and histogram; Esc leads back",
            Message::Enter,
        ),
        blocked.statistics(),
        blocked.preview(),
        blocked.action(
            'n',
            "next",
            "the next page, in the order of the set",
            Message::NextPage,
        ),
        blocked.action(
            'p',
            "previous",
            "the page before, in the order of the set",
            Message::PreviousPage,
        ),
        blocked.action(
            '#',
            "how many",
            "show a certain number of images, 1, 4, 9 … 400, or as many as fit",
            Message::Pick(PickerKind::Number),
        ),
        blocked.set(),
        blocked.colors(),
        blocked
            .action(
                '+',
                "larger",
                "fewer and larger images",
                Message::LargerImages,
            )
            .or(Key::char('='))
            .blocked_by(larger)
            .quiet(),
        blocked
            .action(
                '-',
                "smaller",
                "more and smaller images",
                Message::SmallerImages,
            )
            .blocked_by(smaller)
            .quiet(),
        blocked.activations(),
        Action::moves(
            "←↓↑→",
            "move",
            "go from image to image; a page is a page of images in order",
        )
        .quiet(),
    ]
}

fn enlarged(blocked: &Blocked) -> Vec<Action> {
    let [next, previous] = blocked.neighbours();
    vec![
        Action::moves("←↓↑→", "pixel", "go from pixel to pixel, ten rows a page"),
        next,
        previous,
        blocked.action(
            'y',
            "logarithm",
            "the histogram's counts, or their logarithms, which show small counts too",
            Message::View(ViewMessage::ToggleLogarithm),
        ),
        blocked.activations(),
        blocked.colors(),
        blocked.preview(),
        blocked
            .action('r', "random", "a new random page", Message::RandomPage)
            .quiet(),
    ]
}

fn statistics(blocked: &Blocked) -> Vec<Action> {
    vec![
        Action::moves("↓↑", "class", "go from class to class"),
        blocked.action(
            'v',
            "view",
            "the table of classes, the mean image of every class, or its spread",
            Message::View(ViewMessage::NextFace),
        ),
        blocked.split(),
        blocked.action(
            'm',
            "images",
            "back to the images",
            Message::View(ViewMessage::Open(ViewMode::Grid)),
        ),
        blocked.on_image(
            Key::code(KeyCode::Enter),
            "its images",
            "show the images of the class under the cursor",
            Message::Enter,
        ),
        blocked.colors(),
        blocked.set(),
    ]
}

fn preview(blocked: &Blocked) -> Vec<Action> {
    let [next, previous] = blocked.neighbours();
    vec![
        blocked.on_image(
            Key::char('e'),
            "edit",
            "change the settings; the versions follow at once",
            Message::View(ViewMessage::EditAugmentation),
        ),
        blocked.on_image(
            Key::char('r'),
            "other versions",
            "what the next epochs of the training would make of the image",
            Message::View(ViewMessage::NewVersions),
        ),
        blocked.on_image(
            Key::code(KeyCode::Enter),
            "take",
            "let the training change its images with these settings",
            Message::Enter,
        ),
        next,
        previous,
        blocked.split(),
        blocked.colors(),
        Action::moves("←→", "image", "the image before and after").quiet(),
    ]
}
