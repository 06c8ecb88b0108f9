//! Pictures of the screen, as it is: for the action that saves one, and for whoever shows the lab without a terminal.

use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

use super::Interface;
use crate::data::{has_ending, replace_file};
use crate::lab::LineInput;
use crate::overlays::NameForm;
use crate::picture::{Cell, Ground, Rgb, Screen, to_png, to_svg};
use crate::ui::theme::{Background, ColorDepth, Theme, appearance};
use crate::wording::reason_of;
use crate::worker::{Beside, Desk, Older, Question, Tell};

/// Pixels per point of a PNG.
const SCALE: u8 = 2;

/// Writes a picture of the screen to a file that does not exist yet.
#[derive(Clone, Debug, PartialEq)]
pub struct SavePicture {
    /// The file as typed; empty for the first free `screen-<pane>-<number>.svg` in the current folder.
    pub file: String,
    /// The title of the pane, in small letters.
    pub pane: String,
    pub screen: Screen,
}

impl Question for SavePicture {
    /// The file.
    type Answer = PathBuf;
    type Lane = Beside;
    const PURPOSE: &'static str = "save the screen";
    const OLDER: Older = Older::Done;

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let path = match self.file.trim() {
            "" => free(&self.pane)?,
            typed => desk.surroundings.places.expand(typed),
        };
        let content = picture_for(&path, &self.screen)?;
        if path.exists() {
            return Err(format!(
                "{}: it already exists; choose another name",
                path.display()
            ));
        }
        let written = replace_file(&path, &content);
        written.map_err(|error| format!("{}: {}", path.display(), reason_of(&error)))?;
        tell.tell(std::path::absolute(&path).unwrap_or(path));
        Ok(())
    }
}

/// The content of a file with a picture of the screen, SVG or PNG by its ending.
pub fn picture_for(path: &Path, screen: &Screen) -> Result<Vec<u8>, String> {
    let picture = screen.picture();
    if has_ending(path, &["svg"]) {
        Ok(to_svg(&picture).into_bytes())
    } else if has_ending(path, &["png"]) {
        to_png(&picture, SCALE).map_err(|error| error.to_string())
    } else {
        Err(format!(
            "{}: expected a name that ends in .svg or .png",
            path.display()
        ))
    }
}

fn free(pane: &str) -> Result<PathBuf, String> {
    let mut names = (1..).map(|number| format!("screen-{pane}-{number}.svg"));
    let name = names.find(|name| !Path::new(name).exists());
    name.map(PathBuf::from)
        .ok_or("no free file name".to_owned())
}

/// Asks for the file.
pub(super) fn form() -> NameForm {
    NameForm {
        title: "Save this screen".to_owned(),
        about: "Saves a picture of the screen: SVG or PNG, by the ending of the name",
        hint: "screen-<pane>-<number>.svg in the current folder",
        input: LineInput::default(),
        problem: None,
        enter: ("save", "save the picture in this file"),
        cancel: "close without saving",
        accept: Box::new(|typed, lab| {
            let path = Path::new(typed.trim());
            if !typed.trim().is_empty() && !has_ending(path, &["svg", "png"]) {
                return Err("Expected a name that ends in .svg or .png.".to_owned());
            }
            lab.picture_wish = Some(typed.to_owned());
            Ok(())
        }),
    }
}

impl Interface {
    /// The screen in 24-bit colour, whatever the terminal shows.
    pub fn picture(&self) -> Screen {
        let background = match self.lab.background {
            Background::Light => Background::Light,
            Background::Dark | Background::Unknown => Background::Dark,
        };
        let theme = Theme::new(ColorDepth::TrueColor, background);
        let area = self.screen();
        let mut buffer = Buffer::empty(area);
        self.draw(area, &mut buffer, &theme);
        let ground = match background {
            Background::Light => Ground::Light,
            _ => Ground::Dark,
        };
        let cells = buffer.content.iter().map(|cell| of_cell(cell, ground));
        Screen::new(area.width, cells.collect())
    }

    /// Saves a picture if the user wants one, and says where it is.
    pub(super) fn save_picture(&mut self) {
        if let Some(file) = self.lab.picture_wish.take() {
            let question = SavePicture {
                file,
                pane: self.lab.pane.title().to_lowercase(),
                screen: self.picture(),
            };
            self.saving.ask(question, &mut self.lab.out);
        }
        while let Some(saved) = self.saving.next(&mut self.lab.out) {
            if let Ok(path) = saved {
                let path = path.clone();
                self.lab.inform(format!("Saved to {}.", path.display()));
                self.lab.leaves("screen", path);
            }
        }
    }
}

fn of_cell(cell: &ratatui::buffer::Cell, ground: Ground) -> Cell {
    let has = |modifier: Modifier| cell.modifier.contains(modifier);
    let or = |color: Color, other: Rgb| appearance(color).unwrap_or(other);
    let behind = ground.background().unwrap_or_default();
    let mut colors = [or(cell.fg, ground.ink()), or(cell.bg, behind)];
    if has(Modifier::REVERSED) {
        colors.reverse();
    }
    let [foreground, background] = colors;
    Cell {
        character: cell.symbol().chars().next().unwrap_or(' '),
        foreground,
        background,
        is_bold: has(Modifier::BOLD),
        is_dim: has(Modifier::DIM),
        is_underlined: has(Modifier::UNDERLINED),
    }
}
