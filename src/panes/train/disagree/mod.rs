//! Two runs on the same test images: the images that they classify differently, their confusion matrices as a difference, and the figures of
//! each class.

mod draw;
mod question;

use std::path::PathBuf;

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub use question::{CompareImages, ComparedImages};

use crate::lab::{Action, HasActions, Lab, Overlay};
use crate::ui::keys::{CURSOR_KEYS, PAGE};
use crate::ui::theme::Theme;
use crate::ui::{Key, Motion, around};
use crate::worker::Asked;

/// Two runs on the same test images.
pub struct Disagree {
    question: CompareImages,
    titles: [String; 2],
    shows: Shows,
    /// The image under the cursor, or the first row in sight.
    at: usize,
    compared: Asked<CompareImages>,
}

/// What is shown of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shows {
    #[default]
    Images,
    Confusion,
    Classes,
}

impl Shows {
    const ALL: [Self; 3] = [Self::Images, Self::Confusion, Self::Classes];

    fn title(self) -> &'static str {
        match self {
            Self::Images => "Classified differently",
            Self::Confusion => "Confusion",
            Self::Classes => "Classes",
        }
    }
}

impl Disagree {
    /// Of the runs in these folders, with their titles.
    pub fn new(runs: [(PathBuf, String); 2]) -> Self {
        let [one, other] = runs;
        Self {
            question: CompareImages {
                folders: [one.0, other.0],
            },
            titles: [one.1, other.1],
            shows: Shows::default(),
            at: 0,
            compared: Asked::default(),
        }
    }

    fn answer(&self) -> Option<&ComparedImages> {
        self.compared.answer().map(AsRef::as_ref)
    }

    /// Images, or rows of the table.
    fn count(&self) -> usize {
        self.answer().map_or(0, |compared| match self.shows {
            Shows::Images => compared.pixels.len(),
            Shows::Confusion | Shows::Classes => compared.found.classes.len(),
        })
    }

    fn go(&mut self, lab: &Lab, motion: Motion) {
        let columns = match (self.shows, self.answer()) {
            (Shows::Images, Some(compared)) => draw::columns(lab, compared.shape),
            _ => 1,
        };
        self.at = motion.in_grid(self.at, columns, self.count(), PAGE.max(columns));
    }

    fn step(&mut self, steps: isize) {
        let at = Shows::ALL.iter().position(|shows| *shows == self.shows);
        self.shows = Shows::ALL[around(at.unwrap_or(0), steps, Shows::ALL.len())];
        self.at = 0;
    }
}

impl HasActions for Disagree {
    fn actions(&self, _lab: &Lab) -> Vec<Action<Self>> {
        let name = match self.shows {
            Shows::Images => "image",
            Shows::Confusion | Shows::Classes => "scroll",
        };
        vec![
            Action::of("differ.next", KeyCode::Tab, "next view")
                .help("show the next of: images, confusion matrices as a difference, figures of each class")
                .does(|page: &mut Self, _| page.step(1))
                .first(),
            Action::of("differ.previous", KeyCode::BackTab, "previous view")
                .help("show the previous view")
                .does(|page: &mut Self, _| page.step(-1))
                .quiet(),
            Action::along("differ.move", ("←→↑↓", CURSOR_KEYS), name, |page: &mut Self, lab, motion| {
                page.go(lab, motion);
            })
            .help("move from image to image, or scroll (arrows or hjkl, g G, PgUp PgDn)"),
            Action::of("differ.back", Key::ESCAPE, "runs")
                .help("go back to the runs")
                .does(|_, lab| lab.close()),
        ]
    }
}

impl Overlay for Disagree {
    fn typed(&mut self, key: Key, lab: &mut Lab) {
        lab.refuse(format!("{key} does nothing here; ? lists the keys."));
    }

    fn ask(&mut self, lab: &mut Lab) {
        self.compared
            .want(Some(self.question.clone()), &mut lab.out);
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        draw::draw(self, lab, area, buffer, theme);
    }
}
